"""Hash and verify passwords with Argon2id: 2 passes, 19 MiB, one lane, as OWASP's cheat sheet on password storage asks.

A hash takes about 40 ms and 19 MiB, and other threads run meanwhile. So that memory stays bounded, at most two run at a
time in a process.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tix.errors import Overloaded, Refused
from tix.typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher

TIME_COST, MEMORY_KIB, LANES = 2, 19_456, 1
AT_ONCE, MOST_WAITING = 2, 20
# The hash of 32 random bytes that nobody knows, with the parameters above: what is verified where there is none.
NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$ACEOoS+07o4/8RAuOWr0Eg$+ve4akWLOMy5Vq2aZHQr3OVIICiSOBcdhl7hx1kE1is"

_turns = threading.BoundedSemaphore(AT_ONCE)
_waiting = threading.BoundedSemaphore(AT_ONCE + MOST_WAITING)


def make(password: str) -> str:
    """Return the hash of a prepared password. Raises Refused where argon2-cffi is missing, Overloaded."""
    hasher = _hasher()
    with _turn():
        return hasher.hash(password)


def matches(hash: str | None, password: str) -> bool:
    """Return whether a prepared password has this hash; None, for nobody's, takes as long and is False.

    Raises Refused where argon2-cffi is missing, Overloaded.
    """
    hasher = _hasher()
    from argon2.exceptions import InvalidHashError, VerificationError

    with _turn():
        try:
            hasher.verify(hash or NOBODY, password)
            return hash is not None
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(hash: str) -> bool:
    """Return whether a hash was made with other parameters than today's."""
    return _hasher().check_needs_rehash(hash)


def _hasher() -> PasswordHasher:
    try:
        from argon2 import PasswordHasher
    except ModuleNotFoundError as error:
        raise Refused(
            "passwords need argon2-cffi, which is not installed", hint="pip install 'tix-desk[api]'"
        ) from error
    return PasswordHasher(time_cost=TIME_COST, memory_cost=MEMORY_KIB, parallelism=LANES)


@contextmanager
def _turn() -> Iterator[None]:
    if not _waiting.acquire(blocking=False):
        raise Overloaded("too many people are signing in at the same time", hint="try again in a few seconds")
    try:
        with _turns:
            yield
    finally:
        _waiting.release()
