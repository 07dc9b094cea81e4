"""Mail in the store: the outbox, received mails, what is kept to take each mail once."""
