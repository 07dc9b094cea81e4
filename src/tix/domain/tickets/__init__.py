"""What can happen to a ticket: its life, its timeline, and the rules of every verb. Pure."""
