"""Idempotency keys: what each person wrote under which key."""

from __future__ import annotations

from tix.store.connection import Store
from tix.typing import NamedTuple


class KeyedWrite(NamedTuple):
    """A write under a key: the ``ticket_id`` it created; the ``digest`` of what was asked; its ``result`` as JSON."""

    ticket_id: int | None = None
    digest: str | None = None
    result: str | None = None


def get(store: Store, login: str, key: str, since: int) -> KeyedWrite | None:
    """Return what ``login`` wrote under ``key`` later than ``since`` (UTC seconds), or None."""
    row = store.row("idempotent", login=login, key=key, since=since)
    return None if row is None else KeyedWrite(*row)


def put(store: Store, login: str, key: str, write: KeyedWrite, at: int) -> None:
    """Store what ``login`` wrote under ``key``; where that is stored, its digest and result are replaced."""
    store.run("idempotent_put", login=login, key=key, created_at=at, **write._asdict())


def has_expired(store: Store, since: int) -> bool:
    """Return whether there are keys from before ``since`` (UTC seconds)."""
    return store.value("idempotent_expired", since=since) is not None


def expire(store: Store, since: int) -> None:
    """Forget the keys from before ``since`` (UTC seconds)."""
    store.run("idempotent_expire", since=since)
