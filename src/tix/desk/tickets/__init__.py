"""Use cases of tickets: one function for each thing somebody does."""
