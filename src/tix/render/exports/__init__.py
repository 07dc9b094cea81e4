"""Tickets as the files of other programs: one module a format, each a stream of text from the records of ``show``."""
