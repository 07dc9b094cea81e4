"""Use cases of recurring tickets."""
