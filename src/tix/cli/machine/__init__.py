"""What the machine knows of the person who types."""
