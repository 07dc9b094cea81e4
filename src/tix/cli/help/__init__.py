"""The help that a command line prints: its layout, its guides, and what people call things."""
