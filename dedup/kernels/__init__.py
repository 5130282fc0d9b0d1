"""Numbers only, compiled: folding, rolling hashes, matches; each kernel has a slow oracle in the tests."""
