"""The cookies of the page: the session, the forms of who has not signed in, and the reader's choices.

Behind TLS the names of the first two begin with ``__Host-``, so that no other site of the domain can set them
(RFC 6265bis, 4.1.3.2).
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tix.domain.accounts import sessions
from tix.web.zones import time_zones
from tix.words.catalogue import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from starlette.requests import Request
    from starlette.responses import Response

    from tix.web.visit import Visitor

YEAR_SECONDS = 31_536_000
_SESSION, _FORM = "tix", "tix-form"


def _secure(name: str) -> str:
    return f"__Host-{name}"


def choices(request: Request) -> dict[str, str]:
    """Return the language and the time zone that the reader has chosen; empty where they have not."""
    language, zone = (request.cookies.get(f"tix-{name}", "") for name in ("language", "zone"))
    return {
        "language": language if language in LANGUAGES else "",
        "zone": zone if zone in time_zones() else "",
    }


def zone(request: Request) -> tzinfo | None:
    """Return the time zone that the reader has chosen."""
    name = choices(request)["zone"]
    return ZoneInfo(name) if name else None


class Jar:
    """The cookies of one request that are secret.

    ``is_secure``: they are for TLS alone. A new session is kept for ``seconds``; the desk decides when it ends.
    """

    def __init__(self, request: Request, *, is_secure: bool, seconds: int) -> None:
        self._request, self._is_secure, self._seconds = request, is_secure, seconds
        form = self._value(_FORM)
        self._form = (
            form if form and sessions.is_whole(form) else sessions.make(os.urandom(sessions.SECRET_BYTES))
        )

    @property
    def key(self) -> str | None:
        """The key of the session; whether it is anybody's is for the desk to say."""
        return self._value(_SESSION)

    def token(self, visitor: Visitor | None) -> str:
        """Return the token for each form: that of the session, else one that belongs to a cookie of its own."""
        return sessions.csrf(self._form if visitor is None else visitor.key)

    def is_token(self, visitor: Visitor | None, given: str) -> bool:
        """Return whether a form has carried its token."""
        return sessions.is_csrf(self._form if visitor is None else visitor.key, given)

    def keep(self, answer: Response, key: str | None, choices: Mapping[str, str]) -> None:
        """Set the cookies of an answer: a new session, or with an empty ``key`` none any longer; and choices."""
        if key is not None:
            self._set(answer, self._name(_SESSION), key, self._seconds if key else 0)
        for name, value in choices.items():
            self._set(answer, f"tix-{name}", value, YEAR_SECONDS if value else 0)

    def keep_form(self, answer: Response) -> None:
        """Set the cookie that the forms of who has not signed in belong to, until the browser is closed."""
        self._set(answer, self._name(_FORM), self._form, None)

    def _name(self, name: str) -> str:
        return _secure(name) if self._is_secure else name

    def _value(self, name: str) -> str | None:
        return self._request.cookies.get(self._name(name)) or None

    def _set(self, answer: Response, name: str, value: str, age: int | None) -> None:
        answer.set_cookie(name, value, age, path="/", secure=self._is_secure, httponly=True, samesite="lax")
