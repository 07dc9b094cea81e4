"""Attachments and file types. Pure."""
