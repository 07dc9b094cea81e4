"""Idempotency keys: a write under a key happens once, however often it is asked for.

A key belongs to the person who writes. It is stored in the transaction of its write, so that a crash leaves both or
neither, and kept for 30 days. What is stored is which tickets the write was about, never what it said: the answer is
made anew from the desk as it is, as far as the person may see it then.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from tix.errors import InvalidValue, KeyReused
from tix.store import idempotency as rows
from tix.typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.store.connection import Store

# How long a key is kept.
KEY_SECONDS = 30 * 86400


class Keyed(NamedTuple):
    """A ``key``, and the digest of what is asked for under it: the verb, its tickets and values, but no secret.

    ``fresh``: the verb creates a ticket, which the key may have done without a result, or without a digest either.
    """

    key: str
    digest: str
    fresh: bool = False


def parse_key(text: str) -> str:
    """Return an idempotency key. Raises InvalidValue."""
    key = text.strip()
    if not key or len(key) > 255 or not key.isprintable():
        raise InvalidValue(
            "the idempotency key is empty, longer than 255 characters, or has control characters"
        )
    return key


def created(desk: Desk, key: str, digest: str | None) -> int | None:
    """Return the id of the ticket that the actor created under the key, or None.

    Raises KeyReused for another write, and for another ``digest`` where both are known: keys stored before format 6
    have none.
    """
    found = rows.get(desk.store, desk.actor.login, key, _since(desk))
    if found is None:
        return None
    if found.ticket_id is None or (None not in (digest, found.digest) and digest != found.digest):
        raise _reused()
    return found.ticket_id


def keep_created(desk: Desk, key: str, digest: str | None, ticket_id: int | None, at: int) -> None:
    """Store, in the transaction of a new ticket, that the key has created it."""
    rows.expire(desk.store, _since(desk))
    rows.put(desk.store, desk.actor.login, key, rows.KeyedWrite(ticket_id, digest), at)


def once(desk: Desk, keyed: Keyed, write: Callable[[], Any]) -> tuple[Any, bool]:
    """Return what ``write`` returns, or what it returned first; and whether this is a repetition.

    ``write`` returns values of JSON, small and without anybody's words. It runs in the transaction that stores its
    result; where it raises, nothing is stored, and the key is free. Raises KeyReused where the key belongs to a write
    with another digest.
    """
    with desk.store.writing():
        found = kept(desk, keyed)
        if found is not None:
            return found, True
        result = write()
        keep(desk, keyed, result)
    return result, False


def kept(desk: Desk, keyed: Keyed) -> Any:
    """Return the result that is stored under the key, or None. Raises KeyReused."""
    found = rows.get(desk.store, desk.actor.login, keyed.key, _since(desk))
    if found is None or (keyed.fresh and found.result is None and found.digest in (None, keyed.digest)):
        return None
    if found.digest != keyed.digest or found.result is None:
        raise _reused()
    return json.loads(found.result)


def keep(desk: Desk, keyed: Keyed, result: Any) -> None:
    """Store a result under the key, in the transaction of its write; a later one replaces it."""
    rows.expire(desk.store, _since(desk))
    text = json.dumps(result, separators=(",", ":"))
    rows.put(desk.store, desk.actor.login, keyed.key, rows.KeyedWrite(None, keyed.digest, text), desk.now)


def sweep(store: Store, now: int) -> None:
    """Forget the keys that have expired."""
    if rows.has_expired(store, now - KEY_SECONDS):
        with store.writing():
            rows.expire(store, now - KEY_SECONDS)


def _since(desk: Desk) -> int:
    return desk.now - KEY_SECONDS


def _reused() -> KeyReused:
    return KeyReused(
        "the idempotency key belongs to another request", hint="use a new key for each new request"
    )
