"""What several ticket commands share."""
