"""From format 3 to 4: the tables of mail.

Frozen: this is format 4 as it was introduced, whatever the tables are now.
"""

from __future__ import annotations

from typing import Any

from alembic.operations import Operations
from sqlalchemy import Column, Connection, Integer, LargeBinary, Text, text


def _text(name: str, **options: Any) -> Column[str]:
    return Column(name, Text, **{"nullable": False, **options})


def _integer(name: str, **options: Any) -> Column[int]:
    return Column(name, Integer, **{"nullable": False, **options})


def _bytes(name: str) -> Column[bytes]:
    return Column(name, LargeBinary, nullable=True)


def upgrade(op: Operations, _: Connection) -> None:
    """Add the tables and their indexes; nothing that exists changes."""
    op.create_table(
        "outbox",
        _integer("id", primary_key=True),
        *(_integer(name, nullable=True) for name in ("ticket_id", "item_id", "mail_id")),
        _text("rule"),
        _text("login", nullable=True),
        *map(_text, ("address", "subject", "state")),
        *map(_integer, ("at", "next_at")),
        _integer("attempts", server_default=text("0")),
        _integer("uncertain", server_default=text("0")),
        _text("phase", nullable=True),
        _text("lease", nullable=True),
        _integer("lease_until", nullable=True),
        _text("message_id", nullable=True),
        _text("relay_id", nullable=True),
        _bytes("raw"),
        _text("error", nullable=True),
        _integer("done_at", nullable=True),
    )
    op.create_index(
        "outbox_due", "outbox", ["next_at"], sqlite_where=text("state = 'queued' OR state = 'sending'")
    )
    op.create_index("outbox_ticket", "outbox", ["ticket_id"])
    op.create_index(
        "outbox_answers",
        "outbox",
        ["at", "address"],
        sqlite_where=text("rule = 'created' OR rule = 'declined'"),
    )
    op.create_table(
        "mail",
        _integer("id", primary_key=True),
        _text("sha256", unique=True),
        _text("message_id", nullable=True),
        _text("sender", nullable=True),
        _text("subject"),
        _integer("at"),
        *map(_text, ("channel", "outcome", "reason")),
        *(_integer(name, nullable=True) for name in ("ticket_id", "item_id", "folded_at")),
        _text("text_sha256", nullable=True),
        _bytes("raw"),
    )
    op.create_index("mail_id", "mail", ["message_id"])
    op.create_index("mail_ticket", "mail", ["ticket_id"])
    op.create_index("mail_item", "mail", ["item_id"])
    op.create_index("mail_sender", "mail", ["sender", "at"])
    op.create_index(
        "mail_waiting", "mail", ["id"], sqlite_where=text("outcome = 'ignored' OR outcome = 'quarantined'")
    )
    op.create_table(
        "mail_seen",
        _text("folder", primary_key=True),
        _integer("validity", primary_key=True, autoincrement=False),
        _text("uid", primary_key=True),
        *map(_integer, ("waits", "at")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "mail_muted",
        _text("login", primary_key=True),
        _text("rule", primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_table("mail_text", _text("name", primary_key=True), _text("body"))
    op.create_table("mail_state", _text("name", primary_key=True), _text("value"))
