"""Which tickets a list shows, and to whom: filters, names, saved views."""
