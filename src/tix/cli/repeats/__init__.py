"""Running a command again that the server of its desk broke off."""
