"""Write to many tickets with one request, with a result for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from tix.api import problems, requests
from tix.api.tickets import Answer, Call
from tix.api.verbs import BULK, DELETE, Verb
from tix.api.writes import results
from tix.desk.queue import select
from tix.desk.queue.filters import Filters
from tix.desk.tickets import bulk as many
from tix.desk.tickets import read, unchanged
from tix.domain.tickets.references import Reference, parse_references
from tix.errors import InvalidValue
from tix.render.records import show
from tix.render.records.effects import effects

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tix.desk.context import Desk
    from tix.desk.idempotency import Keyed
    from tix.desk.tickets.outcome import Action, Outcome

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
    if call.uploads and not verb.takes_files:
        raise InvalidValue(f"the verb {verb.name} takes no files")
    bulk = _Bulk(call, verb, verb.act(desk, body, call.uploads))
    if asked.dry_run or asked.atomic:
        return bulk.at_once()
    action = bulk.action
    found: list[many.Result] = []
    if call.keyed is None:
        parts = many.in_parts(desk, _wanted(call), action)
    else:
        parts = many.resumed(desk, call.keyed, lambda: _wanted(call), action)
        found += next(parts)
    is_repeated = bool(found)
    for part in parts:
        found += part
    return bulk.answer(found)._replace(is_repeated=is_repeated)


class _Bulk:
    """One bulk write: its action, and the records of the tickets it has written to.

    A ticket that is deleted is told as it was.
    """

    def __init__(self, call: Call, verb: Verb, action: Action) -> None:
        self._call, self._desk, self._verb, self._do = call, call.desk, verb, action
        self._was: dict[str, Any] = {}

    def action(self, desk: Desk, reference: Reference) -> Outcome:
        """Write to one ticket, if it is at the version that was asked for, and has no newer entry."""
        seen = self._call.body.seen
        if seen is not None:
            return unchanged.since(desk, reference, seen, self._at_version)
        return self._at_version(desk, reference)

    def _at_version(self, desk: Desk, reference: Reference) -> Outcome:
        version = self._call.body.version
        if version is not None:
            return unchanged.at_version(desk, reference, version, self._written)
        return self._written(desk, reference)

    def _written(self, desk: Desk, reference: Reference) -> Outcome:
        if self._verb is not DELETE:
            return self._do(desk, reference)
        with desk.store.writing():
            record = show.record(desk, read.whole(desk, reference))
            outcome = self._do(desk, reference)
        self._was[outcome.ticket.ref] = record | effects(outcome, rehearsed=self._call.body.dry_run)
        return outcome

    def at_once(self) -> Answer:
        """All tickets or none; or as a dry run."""
        call, asked = self._call, self._call.body
        if call.keyed is not None and asked.dry_run:
            raise InvalidValue("a dry run writes nothing, so it takes no Idempotency-Key")
        if call.keyed is not None:
            return self._atomic_once(call.keyed)
        found, records = many.at_once(
            self._desk, _wanted(call), self.action, self._records, rehearsal=asked.dry_run
        )
        return self.answer(found, records if asked.dry_run else self._kept(found, records))

    def _atomic_once(self, keyed: Keyed) -> Answer:
        """All tickets or none, once for a key: repeated, they are answered as they are."""
        from tix.desk import idempotency

        desk = self._desk
        found: list[many.Result] = []
        records: dict[str, Any] = {}
        with desk.store.together() as whole:
            first = idempotency.kept(desk, keyed)
            if first is None:
                found, records = many.at_once(
                    desk, _wanted(self._call), self.action, self._records, rehearsal=False
                )
                if any(one.state == "failed" for one in found):
                    whole.take_back()
                else:
                    idempotency.keep(desk, keyed, [[one.ref, one.state, one.items] for one in found])
        if first is None:
            return self.answer(found, self._kept(found, records))
        return self.answer([many.done_before(desk, *row) for row in first])._replace(is_repeated=True)

    def _records(self, outcomes: list[Outcome]) -> dict[str, Any]:
        """The tickets as they are now, by reference."""
        desk = self._desk
        if self._verb is DELETE:
            return dict(self._was)
        rehearsed = self._call.body.dry_run
        return {one.ticket.ref: show.written(desk, one, rehearsed=rehearsed) for one in outcomes}

    def _kept(self, found: Sequence[many.Result], records: dict[str, Any]) -> dict[str, Any]:
        """The tickets as they are once all is written, or as they still are where one failed and all were taken back."""
        if all(one.state != "failed" for one in found):
            return records
        there = (many.as_it_is(self._desk, one.ref) for one in found if one.ref in records)
        desk = self._desk
        return {one.ticket.ref: show.written(desk, one) for one in there if one is not None}

    def answer(self, found: Sequence[many.Result], records: dict[str, Any] | None = None) -> Answer:
        """Answer with the results, and with the tickets as they are now or as ``records`` say."""
        if records is None:
            records = self._records(many.outcomes(found))
        told = [results.record(one, records.get(one.ref)) for one in found]
        return Answer(told, status=PARTIAL if any(one.error is not None for one in found) else 200)


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
