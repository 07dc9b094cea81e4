"""Count tries to sign in and mails asked for, and refuse those that come too often.

A try is counted before its password is verified, so that many at the same time cannot pass together.
"""

from __future__ import annotations

from tix.domain.accounts import throttle
from tix.domain.accounts.throttle import Limit
from tix.errors import Throttled
from tix.store import accounts as rows
from tix.store.connection import Store
from tix.store.mail import state

Counted = list[tuple[Limit, str]]


def keys(store: Store, *counted: tuple[Limit, str | None]) -> Counted:
    """Return what these limits count, by keyed hashes; None counts nothing."""
    secret = state.secret(store)
    return [(limit, throttle.digest(secret, limit, key)) for limit, key in counted if key is not None]


def wait(store: Store, counted: Counted, now: int) -> int:
    """Return how many seconds the next try has to wait."""
    return max(
        (throttle.wait(limit, rows.attempts(store, key, now - limit.window), now) for limit, key in counted),
        default=0,
    )


def take(store: Store, counted: Counted, now: int) -> list[int]:
    """Count a try and return its ids. Raises Throttled, and then nothing is counted."""
    refuse(store, counted, now)  # without the lock: a flood of tries must not hold up others
    with store.writing():
        refuse(store, counted, now)
        return [rows.add_attempt(store, key, now) for _, key in counted]


def refuse(store: Store, counted: Counted, now: int) -> None:
    """Raise Throttled if a try has to wait."""
    seconds = wait(store, counted, now)
    if seconds:
        raise Throttled("there were too many tries", seconds)


def give_back(store: Store, ids: list[int]) -> None:
    """Count a try no longer."""
    with store.writing():
        for id in ids:
            rows.drop_attempt(store, id)
