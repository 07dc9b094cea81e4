"""Use cases for time entries and invoices."""
