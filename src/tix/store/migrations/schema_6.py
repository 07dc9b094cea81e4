"""From format 5 to 6: the tables of accounts, and the rate of API keys; an idempotency key belongs to any write, no longer only to a new ticket.

Frozen: this is format 6 as it was introduced, whatever the tables are now.
"""

from __future__ import annotations

from alembic.operations import Operations
from sqlalchemy import Column, Connection, ForeignKey, Integer, Text, text


def upgrade(op: Operations, connection: Connection) -> None:
    """Add the tables of accounts, and replace the one of keys; what it has stays valid."""
    _keys(op, connection)
    _accounts(op)
    op.add_column("token", Column("rate", Integer, nullable=True))


def _keys(op: Operations, connection: Connection) -> None:
    op.create_table(
        "keyed_write",
        Column(
            "login", Text, ForeignKey("person.login", onupdate="CASCADE"), primary_key=True, nullable=False
        ),
        Column("key", Text, primary_key=True, nullable=False),
        Column("ticket_id", Integer, nullable=True),
        Column("created_at", Integer, nullable=False),
        Column("digest", Text, nullable=True),
        Column("result", Text, nullable=True),
    )
    columns = "login, key, ticket_id, created_at"
    connection.execute(text(f"INSERT INTO keyed_write ({columns}) SELECT {columns} FROM idempotency"))
    op.drop_table("idempotency")
    op.create_index("key_expiry", "keyed_write", ["created_at"])
    op.create_index("key_ticket", "keyed_write", ["ticket_id"])


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
