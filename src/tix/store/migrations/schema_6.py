"""From format 5 to 6: the tables of accounts.

Frozen: this is format 6 as it was introduced, whatever the tables are now.
"""

from __future__ import annotations

from alembic.operations import Operations
from sqlalchemy import Column, Connection, ForeignKey, Integer, Text


def upgrade(op: Operations, _: Connection) -> None:
    """Add the tables; nothing that exists changes."""
    _accounts(op)


def _accounts(op: Operations) -> None:
    op.create_table(
        "password",
        _owner(primary_key=True),
        Column("hash", Text, nullable=False),
        Column("set_at", Integer, nullable=False),
    )
    op.create_table(
        "session",
        Column("digest", Text, primary_key=True, nullable=False),
        _owner(),
        Column("created_at", Integer, nullable=False),
        Column("seen_at", Integer, nullable=False),
        Column("source", Text, nullable=True),
        Column("agent", Text, nullable=True),
    )
    op.create_index("ix_session_login", "session", ["login"])
    op.create_table(
        "attempt",
        Column("id", Integer, primary_key=True, nullable=False),
        Column("key", Text, nullable=False),
        Column("at", Integer, nullable=False),
    )
    op.create_index("attempt_key", "attempt", ["key", "at"])
    op.create_index("ix_attempt_at", "attempt", ["at"])
    op.create_table(
        "one_time_link",
        Column("digest", Text, primary_key=True, nullable=False),
        Column("kind", Text, nullable=False),
        _owner(),
        Column("ticket_id", Integer, nullable=True),
        Column("created_at", Integer, nullable=False),
        Column("expires_at", Integer, nullable=False),
    )
    op.create_index("ix_one_time_link_expires_at", "one_time_link", ["expires_at"])
    op.create_index("ix_one_time_link_login", "one_time_link", ["login"])


def _owner(*, primary_key: bool = False) -> Column[str]:
    return Column(
        "login",
        Text,
        ForeignKey("person.login", onupdate="CASCADE", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=False,
    )
