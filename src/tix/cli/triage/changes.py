"""What triage does to one ticket, as changes for a file and for a server: by a key or by a decision of a program."""

from __future__ import annotations

from tix.cli.tickets.bulk import Change
from tix.typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tix.cli.session import Session
    from tix.desk.tickets.outcome import Action
    from tix.domain.tickets.references import Reference
    from tix.domain.workflows.workflow import Trigger


def reply(body: str) -> Change:
    """A public answer."""
    from tix.desk.tickets import reply

    return Change(lambda: lambda desk, ticket: reply.reply(desk, ticket, body), "replies", {"message": body})


def canned(session: Session, name: str) -> Change:
    """A canned reply."""
    from tix.cli.tickets import canned
    from tix.desk.tickets import reply

    def action() -> Action:
        ready = canned.ready_made(session.writer(), name)
        return lambda desk, ticket: reply.reply(desk, ticket, canned.whole(desk, ticket, ready, ""))

    return Change(action, "replies", {"canned": name})


def note(body: str) -> Change:
    """An internal note."""
    from tix.desk.tickets import reply

    return Change(lambda: lambda desk, ticket: reply.note(desk, ticket, body), "notes", {"message": body})


def assign(session: Session, who: str) -> Change:
    """Assign it: to a login, ``@me``, ``team:NAME``, or ``none``."""
    from tix.desk.tickets.reply import assignment

    return Change(lambda: assignment(session.writer(), who), "assign", {"assignee": who})


def priority(session: Session, word: str) -> Change:
    """Set the priority."""
    from tix.desk.tickets import edit
    from tix.domain.tickets.edit import Edit

    def action() -> Action:
        wanted = Edit({}, session.writer().priority(word))
        return lambda desk, ticket: edit.edit(desk, ticket, wanted)

    return Change(action, "edit", {"priority": word})


def status(word: str) -> Change:
    """Set the status by its name."""
    from tix.desk.tickets import edit
    from tix.domain.tickets.edit import Edit

    moves = edit.NewPlaces(status=word)
    return Change(
        lambda: lambda desk, ticket: edit.edit(desk, ticket, Edit({}), moves), "edit", {"status": word}
    )


def pull(trigger: Trigger, message: str | None = None, note: str | None = None) -> Change:
    """Resolve, close or reopen it, as its workflow says; with a public message or a note where there is one."""
    from tix.desk.tickets import status

    return Change(
        lambda: lambda desk, ticket: status.pull(desk, ticket, trigger, message, note),
        trigger,
        {"message": message, "note": note},
    )


def snooze(session: Session, word: str) -> Change:
    """Take it out of the queue until then."""
    from tix.desk.tickets import status

    def action() -> Action:
        until = status.parse_until(session.writer(), word)
        return lambda desk, ticket: status.snooze(desk, ticket, until)

    remote = session.remote
    return Change(action, "snooze", {"until": word if remote is None else remote.until(word)})


def tags(session: Session, added: Sequence[str], removed: Sequence[str] = ()) -> Change:
    """Add tags and remove others."""
    from tix.desk.tickets import edit

    words = {"tags": list(added) or None, "remove_tags": list(removed) or None}

    def action() -> Action:
        wanted = edit.parse(session.writer(), words)
        return lambda desk, ticket: edit.edit(desk, ticket, wanted)

    return Change(action, "edit", {"add_tags": words["tags"], "remove_tags": words["remove_tags"]})


def merge(target: Reference, *, agreed: bool) -> Change:
    """Merge it into another; ``agreed`` where their requesters differ and that is known."""
    from tix.desk.tickets import merge

    return Change(
        lambda: merge.into(target, None, agreed=agreed),
        "merge",
        {"into": target.text, "note": None, "yes": agreed},
    )
