"""API keys as records; never with the key itself."""

from __future__ import annotations

from tix.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tix.domain.tokens import Token

FIELDS = ("name", "user", "scope", "created_at", "created_by", "expires_at", "used_at", "rate")


def record(token: Token) -> dict[str, Any]:
    """Return an API key as a record."""
    from tix.domain.times import instant

    return {
        "name": token.name,
        "user": token.login,
        "scope": token.scope,
        "created_at": instant(token.created_at),
        "created_by": token.created_by,
        "expires_at": None if token.expires_at is None else instant(token.expires_at),
        "used_at": None if token.used_at is None else instant(token.used_at),
        "rate": token.rate,
    }
