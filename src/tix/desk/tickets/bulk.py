"""One action on many tickets: some at a time, or all of them in one transaction, kept or only tried.

Some share a transaction, so that a disk need not be waited for a thousand times; each is a part of it that may
fail alone. Nothing here prints: whoever calls says what came of each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeVar

from tix.errors import StorageFailure, StoreBusy, StoreUnusable, TixError

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.desk.tickets.outcome import Action, Outcome
    from tix.domain.tickets.references import Parsed, Reference

T = TypeVar("T")

# Tickets in one transaction: enough that syncing does not matter, few enough that nobody waits long.
TOGETHER = 50

State = Literal["done", "already", "failed", "rehearsed", "taken-back"]


class Result(NamedTuple):
    """What came of one ticket: ``outcome``, or the ``error`` it failed with (state ``failed``).

    ``ref`` is what the ticket is called. ``rehearsed`` and ``taken-back`` were done and not kept: because it was
    a rehearsal, or because another ticket of the same command failed. ``already``: there was nothing to do.
    """

    ref: str
    state: State
    outcome: Outcome | None = None
    error: TixError | None = None


def in_parts(desk: Desk, wanted: Sequence[Reference], action: Action) -> Iterator[list[Result]]:
    """Does ``action`` to each ticket, ``TOGETHER`` of them a transaction; the results of each that is on disk.

    Raises what concerns all of them (``concerns_one``): the transaction it came in is taken back, those yielded
    before stay.
    """
    if len(wanted) == 1:
        yield _done(desk, wanted, action)
        return
    for start in range(0, len(wanted), TOGETHER):
        with desk.store.together():
            results = _done(desk, wanted[start : start + TOGETHER], action)
        yield results


def at_once(
    desk: Desk,
    wanted: Sequence[Reference],
    action: Action,
    look: Callable[[list[Outcome]], T],
    *,
    rehearsal: bool = False,
) -> tuple[list[Result], T]:
    """Does ``action`` to all of them in one transaction: none is kept if one fails, or if it is a rehearsal.

    ``look`` reads what came of them while it is there, inside the transaction. Raises as ``in_parts`` does.
    """
    with desk.store.together() as whole:
        results = _done(desk, wanted, action)
        seen = look(outcomes(results))
        failed = any(one.state == "failed" for one in results)
        if rehearsal or failed:
            whole.take_back()
    if rehearsal or failed:
        unkept: State = "rehearsed" if rehearsal else "taken-back"
        results = [one._replace(state=unkept) if one.state == "done" else one for one in results]
    return results, seen


def outcomes(results: Sequence[Result]) -> list[Outcome]:
    """Of those that did not fail."""
    return [one.outcome for one in results if one.outcome is not None]


def concerns_one(error: TixError) -> bool:
    """Whether the others can go on: not where the store is what failed."""
    return not isinstance(error, (StoreBusy, StorageFailure, StoreUnusable))


def _done(desk: Desk, wanted: Sequence[Reference], action: Action) -> list[Result]:
    return [_one(desk, reference, action) for reference in wanted]


def _one(desk: Desk, reference: Reference, action: Action) -> Result:
    try:
        outcome = action(desk, reference)
    except TixError as error:
        if not concerns_one(error):
            raise
        return Result(error.ref or called(desk, reference), "failed", error=error)
    return Result(outcome.ticket.ref, "already" if outcome.already else "done", outcome)


# ------------------------------------------------------------------------------------------- which tickets


def called(desk: Desk, reference: Reference) -> str:
    """How a ticket that somebody named is called, there or not: ``TIX-12`` for ``12``."""
    from tix.store.tickets import tickets

    found = None if reference.prefix else tickets.get(desk.store, reference.number, desk.scope)
    prefix = reference.prefix or (desk.settings.text("prefix") if found is None else found.prefix)
    return f"{prefix}{reference.number}"


def expand(desk: Desk, parsed: Parsed) -> list[Reference]:
    """The references, each ticket once; from a range only the tickets that are there and visible."""
    ranged = [reference.number for reference in parsed.references if reference.ranged]
    there: set[int] = set()
    if ranged:
        from tix.store.tickets import tickets

        visible = tickets.numbers(desk.store, min(ranged), max(ranged), desk.scope)
        there = {number for number, _ in visible}
    found: dict[int, Reference] = {}
    for reference in parsed.references:
        if not reference.ranged or reference.number in there:
            found.setdefault(reference.number, reference)
    return list(found.values())
