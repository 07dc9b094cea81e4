"""Invoices as text, HTML and PDF, for every channel."""
