"""Apply an action to many tickets: in batches, or all in one transaction, or as a dry run.

A batch shares a transaction, so that a thousand tickets do not wait for the disk a thousand times; each ticket can
fail without the others. Nothing here prints: the caller reports each result.
"""

from collections.abc import Callable, Iterator, Sequence

from tix.errors import StorageFailure, StoreBusy, StoreUnusable, TixError
from tix.typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.desk.idempotency import Keyed
    from tix.desk.tickets.outcome import Action, Outcome
    from tix.domain.tickets.references import Parsed, Reference

T = TypeVar("T")

# Tickets per transaction: enough to make syncing cheap, few enough that nobody waits long.
TOGETHER = 50

State = Literal["done", "already", "failed", "rehearsed", "taken-back"]


class Result(NamedTuple):
    """The result for one ticket: its ``outcome``, or the ``error`` it failed with (state ``failed``).

    ``ref`` is the ticket's reference. ``rehearsed`` and ``taken-back`` were rolled back: after a dry run, or because
    another ticket of the same command failed. ``already``: nothing to change. ``items`` are the ids of what was added.
    """

    ref: str
    state: State
    outcome: "Outcome | None" = None
    error: TixError | None = None
    items: tuple[int, ...] = ()


def in_parts(
    desk: "Desk",
    wanted: "Sequence[Reference]",
    action: "Action",
    kept: "Callable[[list[Result]], None] | None" = None,
) -> Iterator[list[Result]]:
    """Apply ``action`` to each ticket, ``TOGETHER`` per transaction; yield the results of each committed one.

    ``kept`` is called with the results inside their transaction. Raises an error that concerns all tickets (see ``concerns_one``): its transaction is rolled back, those yielded
    before are kept.
    """
    if len(wanted) == 1 and kept is None:
        yield _done(desk, wanted, action)
        return
    for start in range(0, len(wanted), TOGETHER):
        with desk.store.together():
            results = _done(desk, wanted[start : start + TOGETHER], action)
            if kept is not None:
                kept(results)
        yield results


def at_once(
    desk: "Desk",
    wanted: "Sequence[Reference]",
    action: "Action",
    look: "Callable[[list[Outcome]], T]",
    *,
    rehearsal: bool,
) -> tuple[list[Result], T]:
    """Apply ``action`` to all tickets in one transaction, rolled back if one fails or for a dry run.

    ``look`` reads the outcomes inside the transaction, before a rollback. Raises as ``in_parts`` does.
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


def resumed(
    desk: "Desk", keyed: "Keyed", find: "Callable[[], Sequence[Reference]]", action: "Action"
) -> Iterator[list[Result]]:
    """Apply ``action`` as ``in_parts`` does, once for a key: repeated, it goes on where it stopped.

    ``find`` returns the tickets, and is asked the first time only: afterwards filters find others. Tickets that
    failed are tried again, because nothing was written to them. Raises KeyReused.
    """
    from tix.desk import idempotency
    from tix.domain.tickets.references import Reference

    known = idempotency.kept(desk, keyed)
    # Prefix, number, reference, state and new items of each ticket; no state yet for one that has not been written to.
    rows: list[list[Any]] = (
        [[one.prefix, one.number, None, None, []] for one in find()] if known is None else known
    )
    left = [row for row in rows if row[3] is None]
    waiting = iter(left)

    def keep(results: list[Result]) -> None:
        for one, row in zip(results, waiting, strict=False):
            if one.outcome is not None:
                row[2:] = [one.ref, one.state, one.items]
        idempotency.keep(desk, keyed, rows)

    yield [done_before(desk, *row[2:]) for row in rows if row[3] is not None]
    yield from in_parts(desk, [Reference(row[0], row[1]) for row in left], action, keep)


def in_parts_for_key(
    desk: "Desk", keyed: "Keyed | None", wanted: "Sequence[Reference]", action: "Action"
) -> Iterator[list[Result]]:
    """Apply ``action`` as ``in_parts`` does, or with a key as ``resumed`` does."""
    if keyed is None:
        return in_parts(desk, wanted, action)
    return resumed(desk, keyed, lambda: wanted, action)


def at_once_for_key(
    desk: "Desk",
    keyed: "Keyed | None",
    wanted: "Sequence[Reference]",
    action: "Action",
    look: "Callable[[list[Outcome]], T]",
    *,
    rehearsal: bool,
) -> tuple[list[Result], T]:
    """Apply ``action`` as ``at_once`` does, with a key once: repeated, it returns the tickets as they are.

    What a rehearsal or a failure takes back leaves the key free. Raises KeyReused.
    """
    if keyed is None:
        return at_once(desk, wanted, action, look, rehearsal=rehearsal)
    from tix.desk import idempotency

    with desk.store.writing():
        known = idempotency.kept(desk, keyed)
        if known is not None:
            before = [done_before(desk, *row[2:]) for row in known if row[3] is not None]
            return before, look(outcomes(before))
        results, seen = at_once(desk, wanted, action, look, rehearsal=rehearsal)
        if all(one.state in ("done", "already") for one in results):
            rows = [
                [one.prefix, one.number, result.ref, result.state, result.items]
                for one, result in zip(wanted, results, strict=True)
            ]
            idempotency.keep(desk, keyed, rows)
    return results, seen


def done_before(desk: "Desk", ref: str, state: State, items: "Sequence[int]" = ()) -> Result:
    """Return the result of a write that has happened before, with its ticket as it is."""
    return Result(ref, state, as_it_is(desk, ref), items=tuple(items))


def as_it_is(desk: "Desk", ref: str) -> "Outcome | None":
    """Return a ticket that was written to before, as it is; None where it is gone or out of sight."""
    from tix.desk.tickets.outcome import Outcome
    from tix.domain.tickets.references import parse_reference
    from tix.store.tickets import tickets

    found = tickets.get(desk.store, parse_reference(ref).number, desk.scope)
    return None if found is None else Outcome(found, already=True, repeated=True)


def outcomes(results: Sequence[Result]) -> "list[Outcome]":
    """Return the outcomes of those that did not fail."""
    return [one.outcome for one in results if one.outcome is not None]


def concerns_one(error: TixError) -> bool:
    """Return whether an error concerns one ticket only, not the store."""
    return not isinstance(error, (StoreBusy, StorageFailure, StoreUnusable))


def _done(desk: "Desk", wanted: "Sequence[Reference]", action: "Action") -> list[Result]:
    return [_one(desk, reference, action) for reference in wanted]


def _one(desk: "Desk", reference: "Reference", action: "Action") -> Result:
    try:
        outcome = action(desk, reference)
    except TixError as error:
        if not concerns_one(error):
            raise
        return Result(error.ref or called(desk, reference), "failed", error=error)
    added = tuple(item.id for item in outcome.items if item.id is not None)
    return Result(outcome.ticket.ref, "already" if outcome.already else "done", outcome, items=added)


# ------------------------------------------------------------------------------------------- which tickets


def called(desk: "Desk", reference: "Reference") -> str:
    """Return the reference of a named ticket, whether or not it exists: ``TIX-12`` for ``12``."""
    from tix.store.tickets import tickets

    found = None if reference.prefix else tickets.get(desk.store, reference.number, desk.scope)
    prefix = reference.prefix or (desk.settings.text("prefix") if found is None else found.prefix)
    return f"{prefix}{reference.number}"


def expand(desk: "Desk", parsed: "Parsed") -> "list[Reference]":
    """Return the references, each ticket once; of a range only existing and visible tickets."""
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


def last(desk: "Desk") -> list[int]:
    """Return the numbers of the tickets that the actor's last command wrote to, as far as the actor sees them."""
    from tix.desk.tickets.undo import NEWEST
    from tix.store.tickets import tickets

    who = {"login": desk.actor.login, "via": desk.actor.via_login}
    row = desk.store.row("deed_newest", before=NEWEST, **who)
    if row is None:
        return []
    touched = dict.fromkeys(ticket for _, ticket in desk.store.run("deed_items", deed=row[0]).fetchall())
    there = (tickets.by_id(desk.store, id) for id in touched)
    seen = (one and tickets.get(desk.store, one.number, desk.scope) for one in there)
    return [one.number for one in seen if one is not None]
