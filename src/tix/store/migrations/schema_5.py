"""From format 4 to 5: the table of API keys.

Frozen: this is format 5 as it was introduced, whatever the tables are now.
"""

from __future__ import annotations

from alembic.operations import Operations
from sqlalchemy import Column, Connection, ForeignKey, Integer, Text


def _person(name: str) -> Column[str]:
    return Column(name, Text, ForeignKey("person.login", onupdate="CASCADE"), nullable=False)


def upgrade(op: Operations, _: Connection) -> None:
    """Add the table; nothing that exists changes."""
    op.create_table(
        "token",
        Column("name", Text, primary_key=True, nullable=False),
        _person("login"),
        Column("scope", Text, nullable=False),
        Column("created_at", Integer, nullable=False),
        _person("created_by"),
        Column("expires_at", Integer, nullable=True),
        Column("used_at", Integer, nullable=True),
        Column("digest", Text, nullable=False, unique=True),
    )
