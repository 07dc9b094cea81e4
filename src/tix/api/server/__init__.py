"""The processes that serve: the protocol with its limits, the lanes of work, the log, and what is done every minute."""
