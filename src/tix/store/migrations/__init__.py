"""Migrate an older format of the store to the present one, one module per step, with Alembic's operations.

A step is frozen: it spells out the tables it knew and imports nothing of ours that can change. Nothing here is
loaded except for a store with an older format (docs/decisions/0011-migrations.md).
"""
