"""Redo the last command that was undone, and list what ``tix undo`` would take back."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tix.desk.context import Desk
from tix.desk.tickets import undo
from tix.desk.tickets.undo import How, Undone
from tix.domain.permissions import require
from tix.domain.tickets import undo as ticket_undo
from tix.errors import Refused
from tix.typing import NamedTuple


class PastCommand(NamedTuple):
    """A command of the actor's: its id, time (UTC seconds), verb, its tickets, and what keeps it from being undone.

    ``obstacle`` is None for a command that the next runs of ``tix undo`` take back, and for one that is ``undone``.
    """

    id: int
    at: int
    verb: str
    tickets: list[str]
    undone: bool
    obstacle: str | None


def redo(
    desk: Desk, *, dry_run: bool = False, told: Callable[[Undone], None] = lambda undone: None
) -> Undone:
    """Do the actor's last undone command again, on all of its tickets or none.

    With ``dry_run`` nothing is saved. ``told`` is called with the result before it is committed or rolled back. Raises
    NotAllowed; Refused with the reason, also where the actor has run another command since the undo.
    """
    desk.begin()
    with desk.store.together() as whole:
        require(desk.actor, "undo")
        redone = _redo(desk)
        told(redone)
        if dry_run:
            whole.take_back()
    desk.begin()
    return redone


def _redo(desk: Desk) -> Undone:
    store = desk.store
    who = {"login": desk.actor.login, "via": desk.actor.via_login}
    row = store.row("deed_last_undo", **who)
    if row is None:
        raise Refused("you have no undone command to redo", hint="tix undo --list")
    key, at = row
    since = store.row("deed_since", after=key, **who)
    if since is not None:
        raise Refused(
            f"nothing to redo: you have run {ticket_undo.in_words(since[0])} since the last undo",
            hint="run the command again that you want back",
        )
    partner = store.row("deed_undone_by", login=desk.actor.login, undo=key)
    verb = "undo" if partner is None else partner[1]
    if ticket_undo.workflow_before(verb) is not None:
        raise Refused("a change of workflow cannot be redone", hint="switch again: tix workflow use NAME")
    outcomes = undo.reverse(desk, key, How(is_redo=True))
    store.run("deed_undo", key=key, undone_by=desk.deed("redo"))
    if partner is not None:
        store.run("deed_undo", key=partner[0], undone_by=None)
    return Undone(verb, at if partner is None else partner[2], outcomes)


def past_commands(desk: Desk, limit: int) -> list[PastCommand]:
    """Return the actor's last commands that changed tickets, newest first; at most ``limit``.

    Each is undone in turn, and then all of it is rolled back. Raises NotAllowed.
    """
    desk.begin()
    with desk.store.together() as whole:
        require(desk.actor, "undo")
        found = list(_tried(desk, limit))
        whole.take_back()
    desk.forget_settings()
    desk.begin()
    return found


def _tried(desk: Desk, limit: int) -> Iterator[PastCommand]:
    who = {"login": desk.actor.login, "via": desk.actor.via_login}
    for id, verb, at, undone_by in desk.store.run("deeds_of", limit=limit, **who).fetchall():
        refs = [f"{prefix}{number}" for prefix, number in desk.store.run("deed_tickets", deed=id)]
        obstacle = None if undone_by is not None else _obstacle(desk, (id, verb, at))
        yield PastCommand(id, at, ticket_undo.in_words(verb), refs, undone_by is not None, obstacle)


def _obstacle(desk: Desk, deed: tuple[int, str, int]) -> str | None:
    """Undo a command if that is possible; else return what is in the way."""
    try:
        with desk.store.writing():
            undo.undo_one(desk, deed)
    except Refused as error:
        return error.message
    return None
