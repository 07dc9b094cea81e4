"""A write to tickets on a server: its requests, and what became of each ticket."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from tix.desk.tickets.bulk import Result
from tix.errors import NotFound, Unchanged
from tix.typing import TYPE_CHECKING, Any, NamedTuple, cast

if TYPE_CHECKING:
    from tix.cli.remote.connection import Upload
    from tix.cli.remote.desk import Record, Remote
    from tix.desk.tickets.outcome import Outcome
    from tix.domain.tickets.references import Reference
    from tix.domain.tickets.ticket import Ticket

Look = Callable[["list[Outcome]"], "list[dict[str, Any]]"]

# Tickets of one request.
_MOST = 1000


class Told(NamedTuple):
    """A ticket as far as a command says something of it, by the names of ``domain.tickets.ticket.Ticket``."""

    ref: str
    number: int
    status: str
    phase: str
    assignee: str | None
    team: str | None
    merged_into: str | None
    rating: int | None
    snoozed_until: int | None
    time_seconds: int
    unbilled_seconds: int
    attachments: int
    internal_attachments: int  # a server counts them among the others
    links: tuple[tuple[str, str], ...] | None


class Added(NamedTuple):
    """An item that a write has added, by the names of ``domain.tickets.timeline.Item``."""

    type: str | None
    reason: str | None
    new: str | None


class Written(NamedTuple):
    """What a write has made of a ticket, by the names of ``desk.tickets.outcome.Outcome``, and its record."""

    ticket: Told
    items: tuple[Added, ...]
    already: bool
    merged: str | None
    place: str | None
    record: Record
    ended: bool
    repeated: bool = False


def told(record: Record) -> Ticket:
    """Return a record as a ticket to say something of."""
    from tix.domain.times import parse_instant

    until = record["snoozed_until"]
    return cast(
        "Ticket",
        Told(
            record["ref"],
            record["number"],
            record["status"],
            record["phase"],
            record["assignee"],
            record["team"],
            record["merged_into"],
            record["rating"],
            None if until is None else parse_instant(until),
            record["time_seconds"] or 0,
            record["unbilled_seconds"] or 0,
            record["attachments"],
            0,
            tuple((one["relation"], one["ref"]) for one in record["links"]) or None,
        ),
    )


def rehearsed(
    remote: Remote, wanted: Sequence[Reference], verb: str, body: Mapping[str, Any] = MappingProxyType({})
) -> list[Result]:
    """Return what a write would make of each ticket; nothing is written."""
    results: list[Result] = []
    for start in range(0, len(wanted), _MOST):
        some = OfServer(remote, wanted[start : start + _MOST], verb, body)
        results += some.at_once(lambda _: [], rehearsal=True)[0]
    return results


def written(remote: Remote, found: Any) -> tuple[Outcome, Record]:
    """Return the ticket that a write has answered with, as its outcome and as a record."""
    from tix.cli.remote import checked

    record = checked.one(found, checked.TICKET, "the ticket", remote.connection.malformed)
    outcome = Written(told(record), (), already=False, merged=None, place=None, record=record, ended=False)  # type: ignore[arg-type]
    return cast("Outcome", outcome), record


class OfServer:
    """The tickets of one write: those of ``cli.tickets.bulk.Tickets`` that a server has."""

    def __init__(
        self,
        remote: Remote,
        wanted: Sequence[Reference],
        verb: str,
        body: Mapping[str, Any] = MappingProxyType({}),
        files: Sequence[Upload] = (),
        version: int | None = None,
        noted: Callable[[str, list[Record]], None] | None = None,
        *,
        key: str | None = None,
        already: Callable[[Ticket], str] | None = None,
    ) -> None:
        self._remote, self._wanted, self._noted = remote, wanted, noted
        self._verb, self._body, self._files, self._version = verb, body, files, version
        self._key, self._requests = key, 0
        self._already = already  # what says that a ticket is so already, where that is a failure
        self.count = len(wanted)

    def in_parts(self) -> Iterator[list[Result]]:
        """Write to each, so many a request; the results of each request."""
        for start in range(0, len(self._wanted), _MOST):
            yield self._sent(self._wanted[start : start + _MOST])

    def at_once(self, look: Look, *, rehearsal: bool) -> tuple[list[Result], list[Record]]:
        """Write to all or to none. Raises InvalidValue for more than fit into a request."""
        how = {"dry_run": True} if rehearsal else {"atomic": True}
        results = self._sent(self._wanted, **how) if self._wanted else []
        return results, look([one.outcome for one in results if one.outcome is not None])

    def records(
        self, outcomes: list[Outcome], *, rehearsed: bool = False
    ) -> Iterator[Record]:  # the server knows
        """The tickets as they now are."""
        return (cast("Written", one).record for one in outcomes)

    def can_undo(self, outcome: Outcome) -> bool:
        """Whether an undo takes a write back."""
        return cast("Written", outcome).record.get("undo") is not None

    def _next_key(self) -> str | None:
        """The key of a request: each of several has its own."""
        self._requests += 1
        if self._key is None or self._requests == 1:
            return self._key
        return f"{self._key}/{self._requests}"

    def blockers(self, ticket: Ticket) -> Iterable[tuple[str, str]]:
        """The open tickets that block a ticket, and their status; for staff."""
        from tix.domain.tickets.references import parse_reference

        links = cast("Told", ticket).links
        for relation, ref in links if links and self._remote.is_staff else ():
            if relation == "blocked-by":
                try:
                    found = self._remote.whole(parse_reference(ref))
                except NotFound:
                    continue
                if found is not None and found.record["phase"] == "open":
                    yield ref, found.record["status"]

    def _sent(self, wanted: Sequence[Reference], **how: Any) -> list[Result]:
        if self._version is not None:
            how["version"] = self._version
        words, body = list(_words(wanted)), dict(self._body)
        key = self._next_key()
        results = self._remote.write(self._verb, words, body, list(self._files), key=key, **how)
        named = {one.number for one in wanted if not one.ranged}
        if not len(named) <= len(results) <= len(wanted):
            raise self._remote.connection.malformed("the number of results")
        made = [result(self._remote, one) for one in results]
        for one, found in zip(made, results, strict=True):
            if self._noted is not None and one.error is None:
                self._noted(one.ref, found["items"])
        return made if self._already is None else [_strict(one, self._already) for one in made]


def _strict(one: Result, already: Callable[[Ticket], str]) -> Result:
    """The result, a failure where there was nothing to change."""
    if one.outcome is None or not one.outcome.already:
        return one
    return Result(
        one.ref, "failed", error=Unchanged(already(one.outcome.ticket).removesuffix("."), ref=one.ref)
    )


def result(remote: Remote, found: Record) -> Result:
    """Return a result of a server as one of ``desk.tickets.bulk``."""
    if found["error"] is not None:
        return Result(found["ref"], "failed", error=remote.error_of(found))
    record = found["ticket"]
    if record is None:
        raise remote.connection.malformed("a result")
    items = [item for item in found["items"] if item["event"] is not None]
    written = Written(
        told(record),  # type: ignore[arg-type]
        tuple(Added(*(item["event"][name] for name in ("type", "reason", "new"))) for item in items),
        found["state"] == "already",
        found["merged"],
        found["written_to"],
        record,
        found["ended"],
    )
    return Result(record["ref"], found["state"], cast("Outcome", written))


def _words(wanted: Sequence[Reference]) -> Iterator[str]:
    """References as words, those of a range as ranges."""
    at = 0
    while at < len(wanted):
        first, after = wanted[at], at + 1
        if not first.ranged:
            yield first.text
        else:
            while (
                after < len(wanted)
                and wanted[after].ranged
                and wanted[after].number == wanted[after - 1].number + 1
            ):
                after += 1
            yield f"{first.number}-{wanted[after - 1].number}"
        at = after
