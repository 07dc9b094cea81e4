"""Suggestions for shell completion."""
