"""Locks beside the store: they go with the process that holds them, however it ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from tix.domain.databases import is_database


@contextmanager
def only_one(place: str, what: str) -> Iterator[bool]:
    """Whether this process is the only one that does ``what`` on the desk at a path or an address; until the block ends."""
    if is_database(place):
        from tix.store.postgresql.open import alone

        with alone(place, what) as is_alone:
            yield is_alone
        return
    descriptor = os.open(f"{place}.{what}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)
