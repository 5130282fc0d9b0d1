"""Files in (paths, streams -> documents) and out (atomic, the same format back)."""
