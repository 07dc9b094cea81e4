"""What an administrator sets up: resources, workflows, schedules, settings."""
