"""IMAP: a folder of a server, read within limits."""
