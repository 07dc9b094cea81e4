"""Use cases of mail: intake, outbox, quarantine, texts."""
