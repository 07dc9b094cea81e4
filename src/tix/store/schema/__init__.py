"""The tables, as SQLModel classes. Never imported at run time."""
