"""The cookies of the page: the session, the form of who has not signed in, and the reader's choices.

Behind TLS their names begin with ``__Host-``, so that no other site of the domain can set them (RFC 6265bis, 4.1.3.2).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tix.web.catalog import LANGUAGES
from tix.web.choices import zones

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from starlette.requests import Request
    from starlette.responses import Response

    from tix.web.visit import Visitor

YEAR_SECONDS = 31_536_000
_LONGEST_KEY = 200


class Jar:
    """The cookies of one request. ``is_secure``: the browser came by TLS."""

    def __init__(self, request: Request, *, is_secure: bool) -> None:
        self._request, self._is_secure = request, is_secure
        self._form = self._value("tix-form") or secrets.token_urlsafe(32)

    @property
    def key(self) -> str | None:
        """The key of the session; whether it is anybody's is for the desk to say."""
        return self._value("tix")

    def choices(self) -> dict[str, str]:
        """Return the language and the time zone that the reader has chosen; empty where they have not."""
        language, zone = self._value("tix-language") or "", self._value("tix-zone") or ""
        return {
            "language": language if language in LANGUAGES else "",
            "zone": zone if zone in zones() else "",
        }

    def zone(self) -> tzinfo | None:
        """Return the time zone that the reader has chosen."""
        name = self.choices()["zone"]
        return ZoneInfo(name) if name else None

    def token(self, visitor: Visitor | None) -> str:
        """Return the token of each form: that of the session, else one that belongs to a cookie of its own."""
        return visitor.token if visitor else hashlib.sha256(b"tix form " + self._form.encode()).hexdigest()

    def is_token(self, visitor: Visitor | None, given: str) -> bool:
        """Return whether a form has carried its token."""
        return hmac.compare_digest(self.token(visitor).encode(), given.encode("utf-8", "replace"))

    def keep(self, answer: Response, key: str | None, choices: Mapping[str, str]) -> None:
        """Set the cookies of an answer: a new session, or with an empty ``key`` none any more; and choices."""
        if key:
            self._set(answer, "tix", key, YEAR_SECONDS)
        elif key is not None:
            self._set(answer, "tix", "", 0)
        for name, value in choices.items():
            self._set(answer, f"tix-{name}", value, YEAR_SECONDS if value else 0)

    def keep_form(self, answer: Response) -> None:
        """Set the cookie that the forms of who has not signed in belong to, until the browser is closed."""
        self._set(answer, "tix-form", self._form, None)

    def _name(self, name: str) -> str:
        return f"__Host-{name}" if self._is_secure else name

    def _value(self, name: str) -> str | None:
        value = self._request.cookies.get(self._name(name), "")
        return value if 0 < len(value) <= _LONGEST_KEY and value.isascii() else None

    def _set(self, answer: Response, name: str, value: str, age: int | None) -> None:
        answer.set_cookie(
            self._name(name), value, age, path="/", secure=self._is_secure, httponly=True, samesite="lax"
        )
