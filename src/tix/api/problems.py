"""Failures as problem documents (RFC 9457), with the codes that the command line uses."""

from __future__ import annotations

import logging
from http import HTTPStatus

import msgspec
from msgspec import UNSET, Struct, UnsetType
from starlette.responses import Response

from tix.errors import (
    InvalidCursor,
    InvalidValue,
    LinkExpired,
    Overloaded,
    StaleVersion,
    StorageFailure,
    StoreBusy,
    StoreUnusable,
    Throttled,
    TixError,
    Unauthorized,
    VersionRequired,
)
from tix.words.sentence import as_text

MEDIA_TYPE = "application/problem+json"
# Of every answer with a record, or with a problem.
HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}

_encode = msgspec.json.Encoder(enc_hook=as_text).encode

# The HTTP status of a failure, by the exit status of the command line (interface page, section 4).
_STATUSES = {1: 500, 2: 422, 3: 404, 4: 403, 5: 409, 6: 503, 7: 507, 8: 503}
# Failures that HTTP has a status of its own for.
_OWN: dict[type[TixError], int] = {
    Unauthorized: 401,
    StaleVersion: 412,
    VersionRequired: 428,
    LinkExpired: 410,
    Throttled: 429,
    Overloaded: 503,
    InvalidCursor: 400,
}


class Problem(Struct):
    """A failure: what the command line prints with ``--json``, and the HTTP status; ``ref`` is there where it is about a ticket."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    hint: str | None
    exit: int
    ref: str | UnsetType = UNSET


# Failures whose words name files of the server, and what clients read instead.
_UNSAID: dict[type[TixError], str] = {
    StoreBusy: "the desk is busy",
    StorageFailure: "the desk cannot save or send this: no room, or a failure of its disk",
    StoreUnusable: "the desk's store cannot be used at the moment",
}

_log = logging.getLogger("uvicorn.error")


def told(error: TixError) -> TixError:
    """Return a failure as clients may read it; the words that are not for them go to the server's log."""
    for kind, words in _UNSAID.items():
        if isinstance(error, kind):
            _log.error("%s: %s", error.code, error.message)
            return type(error)(words, hint="try again later")
    return error


def status_of(error: TixError) -> int:
    """Return the HTTP status of a failure."""
    for kind, status in _OWN.items():
        if isinstance(error, kind):
            return status
    return _STATUSES.get(error.exit_status, 500)


def problem(error: TixError, status: int | None = None) -> Problem:
    """Return the problem document of a failure."""
    status, error = status or status_of(error), told(error)
    title = HTTPStatus(status).phrase
    return Problem(
        "about:blank",
        title,
        status,
        error.code,
        error.message,
        error.hint,
        error.exit_status,
        UNSET if error.ref is None else error.ref,
    )


def invalid(message: str) -> InvalidValue:
    """Return what msgspec says of a malformed value as a failure; it names the field and the rule, at most a short word of the value."""
    is_word = message[:1].isupper() and not message[1:2].isupper()
    said = message[:1].lower() + message[1:] if is_word else message
    return InvalidValue(f"the request is not valid: {said}")


def refused(error: TixError, status: int | None = None) -> Response:
    """Return the problem document of a failure."""
    found = problem(error, status)
    headers = dict(HEADERS)
    if found.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, Throttled):
        headers["Retry-After"] = str(error.retry_after)
    elif found.status == 503:
        headers["Retry-After"] = "1"
    return Response(_encode(found), found.status, headers, MEDIA_TYPE)
