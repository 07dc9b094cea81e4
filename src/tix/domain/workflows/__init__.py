"""Statuses and transitions as tables, the shipped ones and one's own as TOML. Pure."""
