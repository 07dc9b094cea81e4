"""The tables of mail: what goes out, what came in, and what is kept to take each mail once."""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from tix.store.schema.tickets import integer, string


class OutboxRow(SQLModel, table=True):
    """A mail to one recipient, written in the transaction of its cause.

    ``login`` is None for an address without an account. ``rule`` is the notification rule,
    ``mail_id`` the received mail it answers. ``raw`` is the mail as bytes, made once, before the first attempt; until then it is NULL. ``lease`` names the
    process that sends it until ``lease_until``; ``phase`` is how far the attempt in progress is.
    """

    __tablename__ = "outbox"

    id: int = integer(primary_key=True)
    ticket_id: int | None = integer(nullable=True)
    item_id: int | None = integer(nullable=True)
    mail_id: int | None = integer(nullable=True)
    rule: str = string()
    login: str | None = string(nullable=True)
    address: str = string()
    subject: str = string()
    state: str = string()
    at: int = integer()
    next_at: int = integer()
    attempts: int = integer(server_default=text("0"))
    uncertain: int = integer(server_default=text("0"))
    phase: str | None = string(nullable=True)
    lease: str | None = string(nullable=True)
    lease_until: int | None = integer(nullable=True)
    message_id: str | None = string(nullable=True)
    relay_id: str | None = string(nullable=True)
    raw: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    error: str | None = string(nullable=True)
    done_at: int | None = integer(nullable=True)


_o = OutboxRow.__table__.c  # type: ignore[attr-defined]  # SQLModel does not type __table__
Index(
    "outbox_due",
    _o.next_at,
    sqlite_where=text("state = 'queued' OR state = 'sending'"),
    postgresql_where=text("state = 'queued' OR state = 'sending'"),
)
Index("outbox_ticket", _o.ticket_id)
# Automatic answers, counted against the caps: to one address, and to all of a domain.
Index(
    "outbox_answers",
    _o.at,
    _o.address,
    sqlite_where=text("rule = 'created' OR rule = 'declined'"),
    postgresql_where=text("rule = 'created' OR rule = 'declined'"),
)


class MailRow(SQLModel, table=True):
    """A received mail and what became of it; ``raw`` is compressed, and NULL once it is deleted.

    ``text_sha256`` is that of its text without blanks, for mails that come twice by different ways. ``folded_at`` is
    where the quoted rest of the text begins, in characters of the entry.
    """

    __tablename__ = "mail"

    id: int = integer(primary_key=True)
    sha256: str = string(unique=True)
    message_id: str | None = string(nullable=True)
    sender: str | None = string(nullable=True)
    subject: str = string()
    at: int = integer()
    channel: str = string()
    outcome: str = string()
    reason: str = string()
    ticket_id: int | None = integer(nullable=True)
    item_id: int | None = integer(nullable=True)
    folded_at: int | None = integer(nullable=True)
    text_sha256: str | None = string(nullable=True)
    raw: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))


_m = MailRow.__table__.c  # type: ignore[attr-defined]  # as above
Index("mail_id", _m.message_id)
Index("mail_ticket", _m.ticket_id)
Index("mail_item", _m.item_id)
Index("mail_sender", _m.sender, _m.at)
Index(
    "mail_waiting",
    _m.id,
    sqlite_where=text("outcome = 'ignored' OR outcome = 'quarantined'"),
    postgresql_where=text("outcome = 'ignored' OR outcome = 'quarantined'"),
)


class MailSeenRow(SQLModel, table=True):
    """A message of a mailbox that was taken: the folder, its UIDVALIDITY, and the UID or file name.

    ``waits``: it is in quarantine.
    """

    __tablename__ = "mail_seen"
    __table_args__ = {"sqlite_with_rowid": False}

    folder: str = string(primary_key=True)
    validity: int = integer(primary_key=True, autoincrement=False)
    uid: str = string(primary_key=True)
    waits: int = integer()
    at: int = integer()


class MailMutedRow(SQLModel, table=True):
    """A notification rule of which a person gets no mail; ``all`` is every rule."""

    __tablename__ = "mail_muted"
    __table_args__ = {"sqlite_with_rowid": False}

    login: str = string(primary_key=True)
    rule: str = string(primary_key=True)


class MailTextRow(SQLModel, table=True):
    """The desk's own text of a kind of mail."""

    __tablename__ = "mail_text"

    name: str = string(primary_key=True)
    body: str = string()


class MailStateRow(SQLModel, table=True):
    """What mail keeps for itself: the key that signs our ids, and what the last run of a command did."""

    __tablename__ = "mail_state"

    name: str = string(primary_key=True)
    value: str = string()
