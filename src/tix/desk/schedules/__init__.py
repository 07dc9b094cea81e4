"""Use cases for recurring tickets."""
