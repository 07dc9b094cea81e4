"""Use cases of accounts: passwords, sessions, signing in, links in mails."""
