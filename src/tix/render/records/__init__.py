"""Records: JSON keys and machine formats, for every channel."""
