"""Write to many tickets with one request, with a result for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from tix.api import problems, requests
from tix.api.tickets import Answer, Call
from tix.api.verbs import BULK, DELETE, Verb
from tix.desk.queue import select
from tix.desk.queue.filters import Filters
from tix.desk.tickets import bulk as many
from tix.desk.tickets import read
from tix.domain.tickets.references import Reference, parse_references
from tix.errors import InvalidValue
from tix.render.records import show

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tix.desk.context import Desk

# Some tickets failed, or all: each has its own result.
PARTIAL = 207


def write(call: Call) -> Answer:
    """Do a verb to each ticket that is named or found."""
    asked: requests.Bulk = call.body
    verb = BULK.get(asked.verb)
    if verb is None:
        raise InvalidValue("the verb is not one of bulk writes", hint="use one of " + ", ".join(BULK))
    try:
        body = msgspec.convert(asked.body, verb.body)
    except msgspec.ValidationError as error:
        raise problems.invalid(str(error).replace("`$", "`$.body")) from error
    desk = call.desk
    _check_wanted(asked)
    action = verb.act(desk, body, ())
    if asked.dry_run or asked.atomic:
        return _at_once(call, verb, action)
    results: list[many.Result] = []
    if call.keyed is None:
        parts = many.in_parts(desk, _wanted(call), action)
    else:
        parts = many.resumed(desk, call.keyed, lambda: _wanted(call), action)
        results += next(parts)
    is_repeated = bool(results)
    for part in parts:
        results += part
    records = {} if verb is DELETE else _records(desk, many.outcomes(results))
    return _answer(results, records)._replace(is_repeated=is_repeated)


def _at_once(call: Call, verb: Verb, action: Any) -> Answer:
    """All tickets or none; or as a dry run."""
    desk, asked = call.desk, call.body
    if call.keyed is not None and asked.dry_run:
        raise InvalidValue("a dry run writes nothing, so it takes no Idempotency-Key")

    def look(outcomes: list[Any]) -> dict[str, Any]:
        return {} if verb is DELETE else _records(desk, outcomes)

    if call.keyed is None:
        results, records = many.at_once(desk, _wanted(call), action, look, rehearsal=asked.dry_run)
        return _answer(results, records if asked.dry_run else _kept(desk, results, records))
    return _atomic_once(call, verb, action)


def _atomic_once(call: Call, verb: Verb, action: Any) -> Answer:
    """All tickets or none, once for a key: repeated, they are answered as they are."""
    from tix.desk import idempotency

    assert call.keyed is not None
    desk = call.desk
    found: list[many.Result] = []
    records: dict[str, Any] = {}
    with desk.store.together() as whole:
        first = idempotency.kept(desk, call.keyed)
        if first is None:
            found, records = many.at_once(
                desk,
                _wanted(call),
                action,
                lambda outcomes: {} if verb is DELETE else _records(desk, outcomes),
                rehearsal=False,
            )
            if any(one.state == "failed" for one in found):
                whole.take_back()
            else:
                idempotency.keep(desk, call.keyed, [[one.ref, one.state] for one in found])
    if first is None:
        return _answer(found, _kept(desk, found, records))
    results = [many.Result(ref, state, many.as_it_is(desk, ref)) for ref, state in first]
    records = {} if verb is DELETE else _records(desk, many.outcomes(results))
    return _answer(results, records)._replace(is_repeated=True)


def _kept(desk: Desk, results: Sequence[many.Result], records: dict[str, Any]) -> dict[str, Any]:
    """The tickets as they are once all is written, or as they still are where one failed and all were taken back."""
    if all(one.state != "failed" for one in results):
        return records
    there = [many.as_it_is(desk, one.ref) for one in results if one.ref in records]
    return _records(desk, [one for one in there if one is not None])


def _check_wanted(asked: requests.Bulk) -> None:
    """Check which tickets a request is about, before any of them is looked for. Raises InvalidValue.

    Filters that are all empty would find every open ticket: nobody means that by saying nothing.
    """
    if bool(asked.tickets) == bool(asked.filters):
        raise InvalidValue("a bulk write needs either tickets or filters")
    if asked.tickets:
        _check_count(sum(str(word).count(",") + 1 for word in asked.tickets))
        return
    said = _filters(asked.filters)._replace(sort=None)
    chosen = {name: value for name, value in said._asdict().items() if value not in ("", [])}
    words = any(word.strip(' "') for word in _words(asked.filters))
    if not words and Filters(**chosen) == Filters():
        raise InvalidValue(
            "the filters of a bulk write are empty", hint='for all that are open: {"filters": {"open": true}}'
        )


def _check_count(count: int) -> None:
    if count > requests.MOST_WRITTEN:
        raise InvalidValue(
            f"a bulk write is for at most {requests.MOST_WRITTEN:,} tickets", hint="write in several requests"
        )


def _wanted(call: Call) -> Sequence[Reference]:
    """Return the tickets that a request names, or those its filters find. Raises InvalidValue."""
    desk, asked = call.desk, call.body
    if asked.tickets:
        wanted: Sequence[Reference] = many.expand(
            desk, parse_references([str(word) for word in asked.tickets])
        )
    else:
        chosen = select.queue(desk, _filters(asked.filters), _words(asked.filters))
        some = chosen._replace(limit=requests.MOST_WRITTEN + 1)
        wanted = [Reference(row.ticket.prefix, row.ticket.number) for row in select.page(desk, some)]
    _check_count(len(wanted))
    return wanted


def _filters(said: dict[str, Any]) -> Filters:
    try:
        asked = msgspec.convert(said, requests.BulkFilters)
    except msgspec.ValidationError as error:
        raise problems.invalid(str(error).replace("`$", "`$.filters")) from error
    return Filters(**{name: getattr(asked, name) for name, *_ in requests.FILTERS})


def _words(said: dict[str, Any]) -> list[str]:
    return [said["q"]] if said.get("q") else []


def _records(desk: Desk, outcomes: list[Any]) -> dict[str, Any]:
    """The tickets as they are now, by reference."""
    return {one.ticket.ref: show.record(desk, read.of(desk, one.ticket, desk.scope)) for one in outcomes}


def _answer(results: Sequence[many.Result], records: dict[str, Any]) -> Answer:
    told = [
        {
            "ref": one.ref,
            "state": one.state,
            "ticket": records.get(one.ref),
            "error": None if one.error is None else problems.problem(one.error),
        }
        for one in results
    ]
    return Answer(told, status=PARTIAL if any(one.error is not None for one in results) else 200)
