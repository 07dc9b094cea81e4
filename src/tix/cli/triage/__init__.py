"""The triage loop: one ticket after another."""
