"""The API keys of the desk, without the keys themselves."""

from __future__ import annotations

from tix.domain.tokens import Token
from tix.store.connection import Store


def everything(store: Store) -> list[Token]:
    """Return all API keys, by name."""
    return [Token(*row) for row in store.run("tokens").fetchall()]


def by_digest(store: Store, digest: str) -> Token | None:
    """Return the API key with that digest, or None."""
    row = store.row("token_of_digest", digest=digest)
    return None if row is None else Token(*row)


def add(store: Store, token: Token) -> None:
    """Store a new API key."""
    store.run("token_add", **token._asdict())


def drop(store: Store, name: str) -> None:
    """Remove an API key."""
    store.run("token_drop", key=name)


def used(store: Store, digest: str, now: int, before: int) -> bool:
    """Record a use at ``now`` unless one later than ``before`` is recorded; return whether it was."""
    return store.run("token_used", key=digest, now=now, before=before).rowcount > 0
