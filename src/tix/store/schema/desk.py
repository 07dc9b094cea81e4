"""The tables besides tickets and resources: files, settings, counters, keys, API keys, what remains of deleted tickets."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Text
from sqlmodel import Field, SQLModel

from tix.store.schema.tickets import integer, person, string


class BlobRow(SQLModel, table=True):
    """The bytes of a file, stored once, whatever its names and wherever it is attached."""

    __tablename__ = "blob"

    sha256: str = string(primary_key=True)
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class AttachmentRow(SQLModel, table=True):
    """A file attached to an item, under the name it was given."""

    __tablename__ = "attachment"

    id: int = integer(primary_key=True)
    item_id: int = Field(
        sa_column=Column(Integer, ForeignKey("item.id", ondelete="CASCADE"), nullable=False, index=True)
    )
    name: str = string()
    size: int = integer()
    mime: str = string()
    kind: str = string()
    sha256: str = Field(sa_column=Column(Text, ForeignKey("blob.sha256"), nullable=False, index=True))


class SettingRow(SQLModel, table=True):
    """A desk-wide setting that is not at its default."""

    __tablename__ = "setting"

    key: str = string(primary_key=True)
    value: str = string()


class CounterRow(SQLModel, table=True):
    """A counter for numbers that are handed out once."""

    __tablename__ = "counter"

    name: str = string(primary_key=True)
    value: int = integer()


class KeyedWriteRow(SQLModel, table=True):
    """A write that a person made under an idempotency key.

    ``ticket_id`` is the ticket it created, if it did. ``digest`` is that of what was asked for, and ``result`` what
    it takes to answer again, as JSON; both null where only the ticket is known.
    """

    __tablename__ = "keyed_write"

    login: str = Field(
        sa_column=Column(
            Text, ForeignKey("person.login", onupdate="CASCADE"), primary_key=True, nullable=False
        )
    )
    key: str = string(primary_key=True)
    ticket_id: int | None = integer(nullable=True)
    created_at: int = integer()
    digest: str | None = string(nullable=True)
    result: str | None = string(nullable=True)


_k = KeyedWriteRow.__table__.c  # type: ignore[attr-defined]  # as above
Index("key_expiry", _k.created_at)
Index("key_ticket", _k.ticket_id)


class TokenRow(SQLModel, table=True):
    """An API key, in the order of ``domain.tokens.Token``: its digest, never the key itself."""

    __tablename__ = "token"

    name: str = string(primary_key=True)
    login: str = person(nullable=False)
    scope: str = string()
    created_at: int = integer()
    created_by: str = person(nullable=False)
    expires_at: int | None = integer(nullable=True)
    used_at: int | None = integer(nullable=True)
    digest: str = string(unique=True)
    rate: int | None = integer(nullable=True)


class TombstoneRow(SQLModel, table=True):
    """What remains of a deleted ticket: its number, its times, who deleted it."""

    __tablename__ = "tombstone"

    ticket_id: int = integer(primary_key=True)
    uid: str = string(unique=True)
    prefix: str = string()
    number: int = integer(unique=True)
    created_at: int = integer()
    deleted_at: int = integer()
    deleted_by: str | None = person()
    via: str | None = person()


class DeedRow(SQLModel, table=True):
    """The audit entry of a command that changed tickets: who, typed by whom, which verb.

    ``undone_by`` is the audit entry of the command that undid it.
    """

    __tablename__ = "deed"

    id: int = integer(primary_key=True)
    login: str = person(nullable=False)
    via: str | None = person()
    verb: str = string()
    at: int = integer()
    undone_by: int | None = integer(nullable=True)


_d = DeedRow.__table__.c  # type: ignore[attr-defined]  # as above
Index("deed_of", _d.login, _d.id)


class TallyRow(SQLModel, table=True):
    """A daily count: how many tickets of a day have a value (``store.search.counts``); never 0.

    The day is the last part of the key, because queries sum over days for each value.
    """

    __tablename__ = "tally"
    __table_args__ = {"sqlite_with_rowid": False}

    name: str = string(primary_key=True)
    value: str = string(primary_key=True)
    day: int = integer(primary_key=True, autoincrement=False)
    count: int = integer()
