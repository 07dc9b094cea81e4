"""SMTP: mail handed to a relay in single steps, within limits."""
