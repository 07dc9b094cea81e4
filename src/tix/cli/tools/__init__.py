"""Commands as tools for AI agents: made of the schema, run as the shell would run them."""
