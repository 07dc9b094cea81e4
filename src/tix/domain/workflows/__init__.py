"""Workflows: tables of statuses and rules, both shipped and user-defined as TOML. Pure."""
