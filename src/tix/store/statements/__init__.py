"""The statements, in SQLAlchemy, and their compiler. Never imported at run time."""
