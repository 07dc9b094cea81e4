"""What can happen to a ticket: its lifecycle, its timeline, and the rules of every verb. Pure."""
