"""Requests with an Idempotency-Key: written once, and answered again from the desk as it is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import msgspec

from tix.api import tickets
from tix.api.requests import NewTicket
from tix.api.tickets import Answer, Call
from tix.desk import idempotency
from tix.desk.idempotency import Keyed
from tix.desk.tickets import request

if TYPE_CHECKING:
    from tix.api.routes import Route
    from tix.desk.tickets.files import Upload

_encode = msgspec.json.Encoder(order="sorted").encode
# Parameters that say how an answer is sent, and not what is asked for.
_FORM = frozenset({"fields", "limit", "cursor"})


def text_of(route: Route, path: str, query: Any, login: str, without: Collection[str] = _FORM) -> bytes:
    """Return what a request asks for, always in the same words: what a cursor belongs to."""
    said = {name: value for name, value in msgspec.structs.asdict(query).items() if name not in without}
    return _encode([route.name, path, login, said])


def keyed(text: bytes, body: Any, uploads: Sequence[Upload], key: str | None) -> Keyed | None:
    """Return the key of a request with the digest of what it asks for. Raises InvalidValue for a malformed key."""
    if key is None:
        return None
    if isinstance(body, NewTicket):
        # As the command line has it.
        sent = [one.file for one in uploads]
        digest = request.digest_of(body.words(), body.subject, body.message, sent)
        return Keyed(idempotency.parse_key(key), digest, fresh=True)
    files = [[one.file.name, one.file.sha256] for one in uploads]
    digest = sha256(b"\n".join([text, _encode(body), _encode(files)])).hexdigest()
    return Keyed(idempotency.parse_key(key), digest)


def answered(route: Route, call: Call) -> Answer:
    """Do what a request asks for; with a key once, in one transaction with the key."""
    if call.keyed is None or route.is_key_its_own:
        return route.run(call)
    first: list[Answer] = []

    def write() -> Any:
        first.append(route.run(call))
        return list(first[0].about) if first[0].kept is None else first[0].kept

    kept, is_repeated = idempotency.once(call.desk, call.keyed, write)
    if not is_repeated:
        return first[0]
    if route.again is not None:
        answer = route.again(call, kept)
    elif route.answers is None:
        answer = Answer(None)
    else:
        answer = tickets.again(call, kept)
    return answer._replace(is_repeated=True)
