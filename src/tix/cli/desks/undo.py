"""The last command of the person who acts, undone or redone; and the list of those that can be."""

from __future__ import annotations

from tix.domain.tickets.timeline import REDONE, UNDONE
from tix.typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from tix.cli.remote.desk import Remote
    from tix.cli.session import Session
    from tix.desk.tickets.outcome import Outcome

Record = dict[str, Any]


class Undone(NamedTuple):
    """An undone command: its verb, its time (UTC seconds), and its tickets as they are now.

    ``items`` are, for each of them, what undoes the command; ``records`` are the tickets, where they are asked for.
    ``passed`` says why later commands were passed over.
    """

    verb: str
    at: int
    outcomes: list[Outcome]
    items: list[list[Record]]
    records: list[Record]
    passed: list[str]


def undo(
    session: Session,
    *,
    dry_run: bool = False,
    records: bool = False,
    only: tuple[str, int] | None = None,
    again: bool = False,
) -> Undone:
    """Undo the person's last command, or say what would be undone.

    With ``only`` it has to have changed the ticket of that reference alone, at that moment (UTC seconds); with
    ``again`` the last undone command is redone. Raises NotAllowed; Refused with the reason where there is nothing to
    undo or redo, or it cannot be.
    """
    remote = session.remote
    if remote is not None:
        return _there(remote, "redo" if again else "undo", dry_run=dry_run, only=only)
    from tix.cli.tickets.bulk import records_of
    from tix.desk.tickets import undo
    from tix.domain.tickets.references import parse_reference
    from tix.render.records.tickets import item_record

    desk = session.writer()
    found: list[Record] = []

    def told(undone: undo.Undone) -> None:
        if records:
            found.extend(records_of(desk, undone.outcomes, rehearsed=dry_run))

    wanted = None if only is None else undo.Only(parse_reference(only[0]), only[1])
    if again:
        from tix.desk import redo

        undone = redo.redo(desk, dry_run=dry_run, told=told)
    else:
        undone = undo.undo(desk, dry_run=dry_run, only=wanted, told=told)
    items = [[item_record(one, None) for one in outcome.items] for outcome in undone.outcomes]
    verb, at, outcomes, passed = undone
    return Undone(verb, at, outcomes, list(map(_undoing, items)), found, list(passed))


def commands(session: Session, limit: int) -> list[Record]:
    """Return the person's last commands that changed tickets, newest first, with what keeps each from being undone."""
    from tix.render.records.commands import record

    if session.remote is not None:
        session.remote.refuse("--list", True)
    from tix.desk import redo

    return [record(one) for one in redo.past_commands(session.writer(), limit)]


def _there(remote: Remote, verb: str, *, dry_run: bool, only: tuple[str, int] | None) -> Undone:
    from tix.cli.remote import checked
    from tix.cli.tickets.on_server import result
    from tix.domain.times import instant, parse_instant

    body: Record = {} if only is None else {"ticket": only[0], "at": instant(only[1])}
    malformed = remote.connection.malformed
    found = checked.one(
        remote.send("POST", verb, {**body, "dry_run": dry_run}, is_kept=not dry_run),
        checked.UNDONE,
        "what was undone",
        malformed,
    )
    rows = checked.several(found["results"], checked.RESULT, "a result", malformed)
    outcomes = [one.outcome for one in (result(remote, row) for row in rows) if one.outcome is not None]
    if len(outcomes) != len(rows):
        raise malformed("a result")
    return Undone(
        found["verb"],
        parse_instant(found["at"]),
        outcomes,
        [_undoing(row["items"]) for row in rows],
        [row["ticket"] for row in rows],
        found["passed"],
    )


def _undoing(items: list[Record]) -> list[Record]:
    """Those that undo something, without the reason that says so."""
    return [
        {**one, "event": {**one["event"], "reason": None}}
        for one in items
        if one["event"] is not None and one["event"]["reason"] in (UNDONE, REDONE)
    ]
