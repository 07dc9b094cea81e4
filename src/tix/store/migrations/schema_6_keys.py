"""From format 5 to 6: an idempotency key belongs to any write, no longer only to a new ticket.

Frozen: this is format 6 as it was introduced, whatever the tables are now.
"""

from __future__ import annotations

from alembic.operations import Operations
from sqlalchemy import Column, Connection, ForeignKey, Integer, Text, text


def upgrade(op: Operations, connection: Connection) -> None:
    """Replace the table of keys; what it has stays valid."""
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
