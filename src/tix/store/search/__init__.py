"""Which tickets: the queue, full-text search, and counts."""
