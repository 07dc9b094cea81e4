"""The description of the API for programs (OpenAPI 3.1)."""
