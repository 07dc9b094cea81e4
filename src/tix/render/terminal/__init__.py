"""What a terminal shows, drawn with Rich. For the shell alone."""
