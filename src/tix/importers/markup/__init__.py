"""Texts that other programs write in a markup of their own, as plain text."""
