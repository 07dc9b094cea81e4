"""Rules of passwords, sessions, and tries to sign in."""
