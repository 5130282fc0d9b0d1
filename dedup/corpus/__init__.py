"""Across articles: sketches -> exact | near -> verified pairs -> keep; an index that outlives a run."""
