"""Time entries and invoices. Pure."""
