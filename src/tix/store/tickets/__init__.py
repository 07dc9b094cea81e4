"""Tickets and their timelines: read, saved, merged, loaded in bulk."""
