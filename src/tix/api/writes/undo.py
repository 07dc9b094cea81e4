"""Undo or redo the last command of the key's owner, whichever way it came: over HTTP, at the shell, on the page or by mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tix.api.tickets import Answer, Call
from tix.api.writes import results
from tix.desk import redo
from tix.desk.tickets import bulk as many
from tix.desk.tickets import undo
from tix.domain.tickets.references import parse_reference
from tix.domain.times import instant, parse_instant
from tix.errors import InvalidValue
from tix.render.records import show

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.desk.tickets.outcome import Outcome


def write(call: Call) -> Answer:
    """Undo it, or say what would be undone; answer with the command, and a result for each of its tickets."""
    asked = call.body
    if call.keyed is not None and asked.dry_run:
        raise InvalidValue("a dry run writes nothing, so it takes no Idempotency-Key")
    if (asked.ticket is None) != (asked.at is None):
        raise InvalidValue("name both ticket and at, or neither")
    only = None if asked.ticket is None else undo.Only(parse_reference(asked.ticket), parse_instant(asked.at))
    told: list[Answer] = []
    undo.undo(
        call.desk,
        dry_run=asked.dry_run,
        only=only,
        told=lambda undone: told.append(_answer(call.desk, undone, rehearsed=asked.dry_run)),
    )
    return told[0]


def rewrite(call: Call) -> Answer:
    """Redo what was undone last, or say what would be redone; answer as ``write`` does."""
    asked = call.body
    if call.keyed is not None and asked.dry_run:
        raise InvalidValue("a dry run writes nothing, so it takes no Idempotency-Key")
    told: list[Answer] = []
    redo.redo(
        call.desk,
        dry_run=asked.dry_run,
        told=lambda redone: told.append(_answer(call.desk, redone, rehearsed=asked.dry_run)),
    )
    return told[0]


def again(call: Call, kept: dict[str, Any]) -> Answer:
    """Answer an undo that has happened before: with its tickets as they are now."""
    found = [many.done_before(call.desk, *row) for row in kept["results"]]
    records = [
        results.record(one, None if one.outcome is None else _record(call.desk, one.outcome)) for one in found
    ]
    return Answer({**kept, "results": records})


def _answer(desk: Desk, undone: undo.Undone, *, rehearsed: bool) -> Answer:
    found = [_result(one, rehearsed=rehearsed) for one in undone.outcomes]
    records = [
        results.record(one, _record(desk, one.outcome, rehearsed=rehearsed))
        for one in found
        if one.outcome is not None
    ]
    head: dict[str, Any] = {"verb": undone.verb, "at": instant(undone.at)}
    head["passed"] = list(undone.passed)
    kept = {**head, "results": [[one.ref, one.state, one.items] for one in found]}
    return Answer({**head, "results": records}, kept=kept)


def _result(outcome: Outcome, *, rehearsed: bool) -> many.Result:
    items = tuple(item.id for item in outcome.items if item.id is not None)
    state: many.State = "already" if outcome.already else "rehearsed" if rehearsed else "done"
    return many.Result(outcome.ticket.ref, state, outcome, items=items)


def _record(desk: Desk, outcome: Outcome, *, rehearsed: bool = False) -> dict[str, Any]:
    return show.written(desk, outcome, rehearsed=rehearsed)
