"""Choose fields of records, filter them, or write them by a template."""
