"""From an older format of the store to this one, a step a module, by Alembic's operations.

A step is frozen: it spells the tables it knew and imports nothing of ours that can change. Nothing here is
loaded but for a store whose format is older (docs/decisions/0011-migrations.md).
"""
