"""What a person has set for themselves: the config file, its aliases, the theme."""
