"""API keys: their text, their checksum, and what a key may do.

A key is ``tix_``, 43 digits of base 62 for 256 random bits, and 6 digits of base 62 for the CRC-32 of what precedes
them: the layout of GitHub's tokens
(https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/). The prefix and
the checksum let a secret scanner find a key that was published. A double-click selects all of it.
"""

from __future__ import annotations

import math

from tix.errors import InvalidValue, Throttled
from tix.typing import NamedTuple

PREFIX = "tix_"
SECRET_BYTES = 32
# Digits that hold any value of 256 and of 32 bits: 62**43 > 2**256, 62**6 > 2**32.
_SECRET_DIGITS, _CHECK_DIGITS = 43, 6
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

READ, WRITE = "read", "write"
SCOPES = (READ, WRITE)
# The time of the last use is written at most once in so many seconds, so that reading does not become writing.
USE_SECONDS = 600
MOST_A_MINUTE = 1_000_000


class Token(NamedTuple):
    """An API key as the desk knows it; the key itself is stored nowhere.

    It acts as ``login``. ``created_by`` is who made it. Times are UTC seconds; without ``expires_at`` it does not
    expire, and ``used_at`` is None before its first use. ``digest`` is that of the key (see ``digest``). ``rate`` is the
    most requests a minute, None for any number.
    """

    name: str
    login: str
    scope: str
    created_at: int
    created_by: str
    expires_at: int | None
    used_at: int | None
    digest: str
    rate: int | None = None

    @property
    def may_write(self) -> bool:
        """Whether requests with this key may change anything."""
        return self.scope == WRITE

    def is_expired(self, now: int) -> bool:
        """Whether it no longer works at ``now`` (UTC seconds); at ``expires_at`` it does not."""
        return self.expires_at is not None and now >= self.expires_at

    def is_use_due(self, now: int) -> bool:
        """Whether a use at ``now`` (UTC seconds) has to be recorded."""
        return self.used_at is None or now - self.used_at >= USE_SECONDS


class Allowance(NamedTuple):
    """How many requests a key has left at a moment, in seconds of any clock that does not go back."""

    left: float
    at: float


def spend(before: Allowance | None, rate: int, at: float) -> Allowance:
    """Return what is left after a request at ``at``; ``before`` is None for the first one.

    The allowance is a minute's requests and fills up evenly (a token bucket, RFC 3290, A.1). Raises Throttled where
    nothing is left.
    """
    left = rate if before is None else min(rate, before.left + (at - before.at) * rate / 60)
    if left < 1:
        wait = math.ceil((1 - left) * 60 / rate)
        raise Throttled(f"this API key is for {rate} requests a minute", retry_after=wait)
    return Allowance(left - 1, at)


def parse_rate(number: int) -> int:
    """Return a number of requests a minute. Raises InvalidValue."""
    if not 1 <= number <= MOST_A_MINUTE:
        raise InvalidValue(
            f"{number} is not a number of requests a minute", hint=f"use 1 to {MOST_A_MINUTE:,}"
        )
    return number


def make(secret: bytes) -> str:
    """Return the key for 32 random bytes. Raises ValueError for another number of bytes."""
    if len(secret) != SECRET_BYTES:
        raise ValueError(f"a key is made of {SECRET_BYTES} bytes, not {len(secret)}")
    body = PREFIX + _base62(int.from_bytes(secret), _SECRET_DIGITS)
    return body + _check(body)


def is_whole(key: str) -> bool:
    """Return whether a text has the shape of a key and its checksum fits: it was not mistyped or cut off."""
    body, check = key[:-_CHECK_DIGITS], key[-_CHECK_DIGITS:]
    secret = body.removeprefix(PREFIX)
    fits = body.startswith(PREFIX) and len(secret) == _SECRET_DIGITS and not secret.strip(_DIGITS)
    return fits and check == _check(body)


def digest(key: str) -> str:
    """Return the SHA-256 of a key in hexadecimal: what is stored of it, and what it is found by.

    A fast hash is enough, because nobody can try all values of 256 random bits.
    """
    from hashlib import sha256

    return sha256(key.encode()).hexdigest()


def parse_scope(text: str) -> str:
    """Return a scope by name. Raises InvalidValue with the valid ones."""
    scope = text.strip().lower()
    if scope not in SCOPES:
        raise InvalidValue(f"'{text}' is not a scope", hint="use one of " + ", ".join(SCOPES))
    return scope


def _check(body: str) -> str:
    from zlib import crc32

    return _base62(crc32(body.encode()), _CHECK_DIGITS)


def _base62(value: int, width: int) -> str:
    digits = []
    for _ in range(width):
        value, digit = divmod(value, len(_DIGITS))
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits))
