"""Requests as they come in: their key, path, query, headers and body, read and checked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.exceptions import HTTPException

from tix.api import json_lines, once, problems
from tix.api.tickets import Call
from tix.domain.tickets.references import parse_reference
from tix.errors import InvalidValue, NotFound, Unauthorized, VersionRequired

if TYPE_CHECKING:
    from starlette.requests import Request

    from tix.api.routes import Route
    from tix.desk.context import Desk
    from tix.desk.tickets import files
    from tix.domain.tickets.references import Reference

# The longest JSON body; files are longer, and are not sent as JSON.
BODY_BYTES = 10_500_000
# What is read of a body before it is known whose it is.
UNKNOWN_BYTES = 65_536


def call_of(route: Route, request: Request, body: bytes, desk: Desk, found: Sequence[files.Upload]) -> Call:
    """Parse a request. Raises InvalidValue; NotFound for what cannot be a ticket."""
    try:
        query = msgspec.convert(_parameters(route, request), route.query, strict=False)
        parsed = None if route.body is None else msgspec.json.decode(body or b"{}", type=route.body)
    except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise problems.invalid(str(error)) from error
    reference = reference_of(request) if "id" in request.path_params else None
    version, key = _version(route, request), _idempotency_key(route, request)
    is_needed = key is not None or "cursor" in route.query.__struct_fields__
    text = once.text_of(route, request.scope["path"], query, desk.actor.login) if is_needed else b""
    keyed = once.keyed(text, parsed, found, key)
    params = request.path_params
    file_id, entry, name = params.get("file"), params.get("entry"), params.get("name", "")
    return Call(desk, reference, query, parsed, version, key, file_id, found, keyed, text, entry, name)


def wants_lines(request: Request) -> bool:
    """Return whether a request asks for JSON Lines."""
    return json_lines.MEDIA_TYPE in request.headers.get("accept", "")


def reference_of(request: Request) -> Reference:
    """Return the ticket that the path names. Raises NotFound for what cannot be one."""
    word = request.path_params["id"]
    try:
        return parse_reference(word)
    except InvalidValue as error:
        raise NotFound(f"no ticket {word}") from error


def _parameters(route: Route, request: Request) -> dict[str, Any]:
    """Return the query as a dictionary: a list for each parameter that may be repeated."""
    several = _repeated(route.query)
    found: dict[str, Any] = {}
    for name, value in request.query_params.multi_items():
        if name in several:
            found.setdefault(name, []).append(value)
        elif name in found:
            raise InvalidValue(f"the parameter {name} is given twice")
        else:
            found[name] = value
    return found


@cache
def _repeated(query: type[msgspec.Struct]) -> frozenset[str]:
    """Return the parameters that may be repeated; msgspec evaluates the annotations anew each time it is asked."""
    return frozenset(one.name for one in msgspec.structs.fields(query) if "list" in str(one.type))


def key_of(request: Request) -> str:
    """Return the API key of a request. Raises Unauthorized where it has none, or several."""
    given = request.headers.getlist("authorization")
    kind, _, key = given[0].partition(" ") if len(given) == 1 else ("", "", "")
    if kind.lower() != "bearer":
        raise Unauthorized(
            "the API key is missing or not valid", hint="send it as: Authorization: Bearer KEY"
        )
    return key.strip()


def _version(route: Route, request: Request) -> int | None:
    """Return the version of If-Match. Raises InvalidValue for what is not one of our ETags, VersionRequired."""
    given = request.headers.get("if-match")
    if given is None and route.needs_version:
        raise VersionRequired(
            "the header If-Match with the version of the ticket is missing",
            hint="read the ticket, and send its ETag back as If-Match",
        )
    if given is None or not route.writes:
        return None
    if not route.heeds_version:
        raise InvalidValue("this request takes no If-Match")
    # A proxy that compresses answers makes their ETags weak.
    digits = given.strip().removeprefix("W/").removeprefix('"').removesuffix('"')
    if not (digits.isascii() and digits.isdigit() and len(digits) < 16):
        raise InvalidValue("If-Match is not the ETag of a ticket", hint='for example If-Match: "3"')
    return int(digits)


def _idempotency_key(route: Route, request: Request) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is not None and not route.is_keyed:
        raise InvalidValue("this request takes no Idempotency-Key")
    return key


async def body_of(route: Route, request: Request, admit: Callable[[], Awaitable[None]]) -> bytes:
    """Return the body of a request; of a longer one the rest is read after ``admit``, which raises for nobody's.

    Raises HTTPException for another type than JSON, and for a long one.
    """
    if route.body is None:
        return b""
    body = b""
    is_admitted = False
    async for chunk in request.stream():
        body += chunk
        if len(body) > UNKNOWN_BYTES and not is_admitted:
            await admit()
            is_admitted = True
        if len(body) > BODY_BYTES:
            raise HTTPException(413)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if body and kind != "application/json":
        raise HTTPException(415)
    return body
