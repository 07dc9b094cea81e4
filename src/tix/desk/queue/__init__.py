"""Select the tickets of a list: filters, names, saved views."""
