"""What a help desk is. Pure: no I/O, no clock, no randomness; values in, values out."""
