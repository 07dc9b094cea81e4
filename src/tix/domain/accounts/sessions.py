"""Sessions: the key that a browser keeps, when a session ends, and the token that each of its forms carries.

A key is 256 random bits in base64url (43 characters). It is stored as its SHA-256 and nowhere else; a fast hash is
enough, because nobody can try all values of 256 random bits.
"""

from __future__ import annotations

from tix.typing import NamedTuple

SECRET_BYTES = 32
_LENGTH = 43
_DIGITS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
# The time of the last request is written at most once in so many seconds, so that reading does not become writing.
SEEN_SECONDS = 600
LONGEST_AGENT = 200  # characters


class Session(NamedTuple):
    """Somebody signed in with a browser. Times are UTC seconds.

    ``digest`` is that of the key; ``source`` is the address and ``agent`` the browser they signed in from, if known.
    """

    digest: str
    login: str
    created_at: int
    seen_at: int
    source: str | None
    agent: str | None

    def ends_at(self, lifetime: Lifetime) -> int:
        """Return when it ends unless it is used again (UTC seconds)."""
        return min(self.created_at + lifetime.longest, self.seen_at + lifetime.idle)

    def is_seen_due(self, now: int) -> bool:
        """Whether a request at ``now`` (UTC seconds) has to be recorded."""
        return now - self.seen_at >= SEEN_SECONDS


class Lifetime(NamedTuple):
    """For how many seconds a session lasts: without a request, and in all."""

    idle: int
    longest: int


def make(secret: bytes) -> str:
    """Return the key for 32 random bytes. Raises ValueError for another number of bytes."""
    from base64 import urlsafe_b64encode

    if len(secret) != SECRET_BYTES:
        raise ValueError(f"a key is made of {SECRET_BYTES} bytes, not {len(secret)}")
    return urlsafe_b64encode(secret).decode().rstrip("=")


def is_whole(key: str) -> bool:
    """Return whether a text has the shape of a key."""
    return len(key) == _LENGTH and _DIGITS.issuperset(key)


def digest(key: str) -> str:
    """Return the SHA-256 of a key in hexadecimal: what is stored of it, and what it is found by."""
    from hashlib import sha256

    return sha256(key.encode()).hexdigest()


def csrf(key: str) -> str:
    """Return the token for the forms of a session, which another site cannot know (cross-site request forgery).

    It follows from the session's key, so that it changes with it and is stored nowhere; the key does not follow from it.
    """
    import hmac

    return hmac.new(key.encode(errors="replace"), b"tix csrf", "sha256").hexdigest()


def is_csrf(key: str, token: str) -> bool:
    """Return whether a form carries the token of the session with this key, in constant time."""
    import hmac

    return hmac.compare_digest(csrf(key).encode(), token.encode(errors="replace"))


def clean_agent(text: str | None) -> str | None:
    """Return what a browser calls itself: printable, at most 200 characters; None for nothing."""
    if text is None:
        return None
    return "".join(char for char in text[:LONGEST_AGENT] if char.isprintable()).strip() or None
