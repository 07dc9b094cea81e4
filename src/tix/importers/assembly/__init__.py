"""What the readers of ``trackers`` share: the parts of which an imported ticket is put together."""
