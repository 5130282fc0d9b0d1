"""What a run tells: counts, evidence, the signature line."""
