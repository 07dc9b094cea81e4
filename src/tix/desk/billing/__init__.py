"""Use cases of time entries and invoices."""
