"""The tables of accounts: passwords, sessions, tries to sign in, links in mails. None of them is exported."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Text
from sqlmodel import Field, SQLModel

from tix.store.schema.tickets import integer, string


def _owner(**options: Any) -> Any:
    """Return a column with the login of whom a row belongs to, and with whom it goes."""
    key = ForeignKey("person.login", onupdate="CASCADE", ondelete="CASCADE")
    return Field(sa_column=Column(Text, key, nullable=False, **options))


class PasswordRow(SQLModel, table=True):
    """A person's password, as Argon2 hashes it."""

    __tablename__ = "password"

    login: str = _owner(primary_key=True)
    hash: str = string()
    set_at: int = integer()


class SessionRow(SQLModel, table=True):
    """A session, in the order of ``domain.accounts.sessions.Session``: the digest of its key, never the key itself."""

    __tablename__ = "session"

    digest: str = string(primary_key=True)
    login: str = _owner(index=True)
    created_at: int = integer()
    seen_at: int = integer()
    source: str | None = string(nullable=True)
    agent: str | None = string(nullable=True)


class AttemptRow(SQLModel, table=True):
    """A try that counts against a limit (``domain.accounts.throttle``); ``key`` is a keyed hash of whose it is."""

    __tablename__ = "attempt"

    id: int = integer(primary_key=True)
    key: str = string()
    at: int = integer(index=True)


_a = AttemptRow.__table__.c  # type: ignore[attr-defined]  # SQLModel does not type __table__
Index("attempt_key", _a.key, _a.at)


class LinkRow(SQLModel, table=True):
    """A link that was mailed and not used yet, in the order of ``domain.accounts.links.Link``."""

    __tablename__ = "one_time_link"

    digest: str = string(primary_key=True)
    kind: str = string()
    login: str = _owner(index=True)
    ticket_id: int | None = integer(nullable=True)
    created_at: int = integer()
    expires_at: int = integer(index=True)
