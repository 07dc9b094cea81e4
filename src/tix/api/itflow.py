"""Endpoints for scripts written against ITFlow: read, create and resolve tickets, with and without ``.php``.

Requests and answers are those of ITFlow's api/v1/tickets/*.php (August 2026). Its own words say what is wrong there, so
that scripts which look at them go on working; what this desk refuses, it says in its words.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Protocol

import msgspec
from starlette.responses import Response

from tix.api import problems
from tix.desk import idempotency, itflow
from tix.desk.tickets import new, read, request, status
from tix.domain.values import parse_body, parse_subject
from tix.errors import Refused, Throttled, TixError, Unauthorized
from tix.render.records import show
from tix.words.sentence import as_text

if TYPE_CHECKING:
    from starlette.requests import Request

    from tix.desk.context import Desk
    from tix.desk.tickets.read import FullTicket

# ITFlow's default, and the most that is answered at once.
LIMIT, MOST = 50, 1000
BODY_BYTES = 10_500_000
# The longest body that is read to find the key in it.
UNKNOWN_BYTES = 1_000_000

_NOTHING = "No resource (for this client and company) with the specified parameter(s)."
_UNAUTHORIZED = "Authentication failed. API key is invalid or has expired."

_encode = msgspec.json.Encoder(order="sorted").encode

Record = dict[str, Any]
# An answer, and whether its Idempotency-Key has written it before.
Done = tuple[Record, bool]
Endpoint = Callable[["Request"], Awaitable[Response]]


class Admit(Protocol):
    """Raises for a key that nobody has, or that may not do it."""

    async def __call__(self, request: Request, key: str, *, writes: bool) -> None: ...


class Caller(Protocol):
    """Does some work on the desk as the owner of a key."""

    async def __call__(
        self, request: Request, key: str, work: Callable[[Desk], Done], *, writes: bool
    ) -> Done: ...


def endpoints(call: Caller, admit: Admit) -> dict[str, Endpoint]:
    """Return the endpoints by the ends of their paths."""
    return {
        "read": _endpoint(call, admit, "GET", _read),
        "create": _endpoint(call, admit, "POST", _create),
        "resolve": _endpoint(call, admit, "POST", _resolve),
    }


def _endpoint(
    call: Caller, admit: Admit, method: str, run: Callable[[Desk, Mapping[str, Any]], Record]
) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        if request.method not in (method, "HEAD" if method == "GET" else method):
            refused = _failed(f"Can only send {method} requests to this endpoint.")
            return _sent(refused, 405, {"Allow": "GET, HEAD" if method == "GET" else method})
        try:
            most = UNKNOWN_BYTES
            if known := request.query_params.get("api_key"):
                await admit(request, known, writes=method == "POST")
                most = BODY_BYTES
            given = await _given(request, most)
            if given is None:
                return _sent(_failed("The body of the request is too long."), 413)
            key = str(given.get("api_key") or "")
            if not key:
                raise Unauthorized(_UNAUTHORIZED)
            again = request.headers.get("idempotency-key") if method == "POST" else None
            answer, is_repeated = await call(
                request, key, lambda desk: _answer(run, desk, given, again), writes=method == "POST"
            )
        except TixError as error:
            if isinstance(error, Unauthorized):
                return _sent(_failed(_UNAUTHORIZED), 401)
            wait = {"Retry-After": str(error.retry_after)} if isinstance(error, Throttled) else None
            return _sent(_failed(_words(error)), problems.status_of(error), wait)
        return _sent(answer, headers={"Idempotency-Replayed": "true"} if is_repeated else None)

    return endpoint


def _answer(
    run: Callable[[Desk, Mapping[str, Any]], Record], desk: Desk, given: Mapping[str, Any], again: str | None
) -> Done:
    """Return what is answered with 200: also a refusal of what was asked, which ITFlow tells in its envelope alone.

    ``again`` is an idempotency key: under it the request is carried out once.
    """
    try:
        if again is None:
            return run(desk, given), False
        said = {name: value for name, value in given.items() if name != "api_key"}
        digest = sha256(_encode([run.__name__, said])).hexdigest()
        keyed = idempotency.Keyed(idempotency.parse_key(again), digest)
        # The answer to a write has a number of the database at most, and nobody's words.
        return idempotency.once(desk, keyed, lambda: run(desk, given))
    except TixError as error:
        if error.exit_status in (2, 3, 5):
            return _failed(_words(error)), False
        raise


def _words(error: TixError) -> str:
    message = str(problems.told(error).message)
    return message[:1].upper() + message[1:] + "."


def _failed(message: str) -> Record:
    return {"success": "False", "message": message}


def _sent(record: Record, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    more = {**problems.HEADERS, **(headers or {})}
    if status == 503:
        more["Retry-After"] = "1"
    return Response(msgspec.json.encode(record, enc_hook=as_text), status, more, "application/json")


async def _given(request: Request, most: int) -> dict[str, Any] | None:
    """Return the query and the JSON body as one: what stands in the body counts. Another body says nothing, as there.

    None is a body of more than ``most`` bytes.

    The type of the body is not asked for: Invoke-RestMethod sends JSON as a form unless it is told otherwise.
    """
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            return None
    try:
        text = body.decode()
    except UnicodeDecodeError:  # Windows PowerShell sends Latin-1
        text = body.decode("latin-1")
    try:
        found = msgspec.json.decode(text) if text else {}
    except (msgspec.DecodeError, RecursionError):
        found = {}
    return {**request.query_params, **(found if isinstance(found, dict) else {})}


def _number(given: Mapping[str, Any], name: str, default: int = 0) -> int:
    """Return a parameter as PHP's intval reads it: the digits it begins with, else 0."""
    value = given.get(name)
    if value is None:
        return default
    match = re.match(r"\s*([+-]?[0-9]{1,15})", str(value))
    return int(match[1]) if match else 0


def _text(given: Mapping[str, Any], name: str) -> str | None:
    """Return a parameter as text; None where it is missing, empty or 0, which says none."""
    value = given.get(name)
    return None if value is None or str(value).strip() in ("", "0") else str(value)


def _read(desk: Desk, given: Mapping[str, Any]) -> Record:
    """One ticket, or a page of those that the key's owner may see."""
    if "ticket_id" in given:
        wanted = itflow.reference(desk, _number(given, "ticket_id"))
        found = [read.whole(desk, wanted)]
    else:
        limit = min(max(0, _number(given, "limit", LIMIT)), MOST)
        offset = min(max(0, _number(given, "offset")), 2**31)
        found = list(itflow.listed(desk, limit, offset)) if limit else []
    if not found:
        return _failed(_NOTHING)
    rows = [_row(desk, one) for one in found]
    if _text(given, "indexed") is not None:
        rows = [_indexed(row) for row in rows]
    return {"success": "True", "count": len(rows), "data": rows}


def _row(desk: Desk, whole: FullTicket) -> Record:
    record = show.record(desk, whole)
    state = itflow.state(desk, whole.ticket)
    details = next((one["body"] for one in record["thread"] if one["kind"] == "message"), None)
    return {
        "ticket_id": str(whole.ticket.id),
        "ticket_prefix": record["prefix"],
        "ticket_number": str(record["number"]),
        "ticket_category": record["category"],
        "ticket_subject": record["subject"],
        "ticket_details": details,
        "ticket_priority": record["priority"].capitalize(),
        "ticket_status": str(state.number),
        "ticket_created_at": _moment(record["created_at"]),
        "ticket_updated_at": _moment(record["updated_at"]),
        "ticket_closed_at": _moment(record["closed_at"]),
        "ticket_created_by": record["creator"],
        "ticket_assigned_to": record["assignee"],
        "ticket_client_id": record["client"],
        "ticket_contact_id": record["requester"],
        "ticket_asset_id": record["assets"][0] if record["assets"] else None,
        # Joined to the row as in ITFlow: the name of the status beside its number.
        "ticket_status_id": str(state.number),
        "ticket_status_name": state.name,
    }


def _moment(text: str | None) -> str | None:
    """Return an instant as MySQL writes it, in UTC."""
    return None if text is None else text[:19].replace("T", " ")


def _indexed(row: Record) -> Record:
    """Return a row in which each value also has its place as a key, as older versions answered it."""
    found: Record = {}
    for place, (name, value) in enumerate(row.items()):
        found[str(place)] = value
        found[name] = value
    return found


def _create(desk: Desk, given: Mapping[str, Any]) -> Record:
    """Create a ticket; its subject is required."""
    subject = parse_subject(str(given.get("ticket_subject") or ""))
    words = {
        "priority": _text(given, "ticket_priority"),
        "category": _text(given, "ticket_category"),
        "requester": _text(given, "ticket_contact_id"),
        "client": _text(given, "ticket_client_id") or _text(given, "client_id"),
        "assignee": _text(given, "ticket_assigned_to"),
        "assets": [asset] if (asset := _text(given, "ticket_asset_id")) else [],
    }
    asked = request.parse(desk, words)
    text = _text(given, "ticket_details")
    body = parse_body(text, "ticket_details") if text else subject
    outcome = new.open_ticket(desk, asked._replace(subject=subject, body=body, channel="api"))
    return {"success": "True", "count": 1, "data": [{"insert_id": outcome.ticket.id}]}


def _resolve(desk: Desk, given: Mapping[str, Any]) -> Record:
    """Resolve a ticket; one that is resolved or closed already is a failure, as there."""
    outcome = status.pull(desk, itflow.reference(desk, _number(given, "ticket_id")), "resolve")
    if outcome.already:
        raise Refused(f"{outcome.ticket.ref} is resolved already")
    return {"success": "True", "count": 1}
