"""Writes that have a result for each ticket."""
