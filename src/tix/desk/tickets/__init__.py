"""Use cases for tickets: one function per action."""
