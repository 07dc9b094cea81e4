"""What the shell offers while somebody types."""
