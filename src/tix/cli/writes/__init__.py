"""What writes have in common: what they say they did, how they are tried, repeated and batched."""
