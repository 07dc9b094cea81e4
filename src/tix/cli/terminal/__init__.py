"""The terminal around a command: colors, the pager, progress, and the variables that say how they are wanted."""
