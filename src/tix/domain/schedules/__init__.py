"""Recurring tickets and recurrence rules. Pure."""
