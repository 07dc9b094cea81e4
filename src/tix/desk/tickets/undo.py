"""Undo the last command that changed tickets, with events that reverse it: all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tix.desk import notifications
from tix.desk.context import Desk
from tix.desk.lost_names import refuse_missing
from tix.desk.tickets.outcome import Outcome
from tix.desk.tickets.read import find
from tix.domain.durations import parse_duration
from tix.domain.mail.outbox import QueuedMail, departure, is_held
from tix.domain.permissions import Scope, require
from tix.domain.tickets import due_dates, lifecycle, overlap, own_words, workflow_change
from tix.domain.tickets import undo as ticket_undo
from tix.domain.tickets.references import Reference
from tix.domain.tickets.ticket import Ticket, opened, play
from tix.domain.tickets.timeline import REDONE, UNDONE, Item, Work
from tix.domain.tickets.undo import UndoStep
from tix.domain.times import instant
from tix.errors import NotFound, Refused, WordsStay
from tix.store import billing
from tix.store import notifications as notices
from tix.store.mail import outbox
from tix.store.setup import settings
from tix.store.tickets import tickets, timeline
from tix.typing import NamedTuple
from tix.words.sentence import Said

_EVERYTHING = Scope("all", "", True)
# Timelines read at once.
_BATCH = 200
# Greater than the id of any command; and so many commands at most are passed over.
NEWEST = 2**62
_MOST_PASSED = 50


class Undone(NamedTuple):
    """An undone command: its verb, its time (UTC seconds), and its tickets as they are now.

    ``passed`` says why later commands were passed over: what they wrote stays.
    """

    verb: str
    at: int
    outcomes: list[Outcome]
    passed: tuple[str, ...] = ()


class How(NamedTuple):
    """How a command is reversed: whether to redo it, whether the desk was set up since, and ``own`` of ``undo``."""

    is_redo: bool = False
    is_set_up: bool = False
    own: bool = False

    @property
    def verb(self) -> str:
        return "redo" if self.is_redo else "undo"


class Only(NamedTuple):
    """The one command to undo: the ticket that it alone has changed, and its time (UTC seconds)."""

    ticket: Reference
    at: int


def undo(
    desk: Desk,
    *,
    dry_run: bool = False,
    only: Only | None = None,
    own: bool = False,
    past: bool = True,
    told: Callable[[Undone], None] = lambda undone: None,
) -> Undone:
    """Undo the actor's last command. One run with ``--as`` is undone by the same person with the same ``--as``.

    A command whose words stay (a sent reply) is passed over, unless ``past`` is False or ``only`` names one.
    ``own``: a reply was found to be one that the actor may take back, whether or not its mails are held.
    With ``dry_run`` nothing is saved. Another command than ``only`` is refused. ``told`` is called with the result before it is committed or rolled back.
    Raises NotAllowed; Refused with the reason where there is nothing to undo or it cannot be undone.
    """
    desk.begin()
    with desk.store.together() as whole:
        require(desk.actor, "undo")
        undone = last_undone(desk, own=own, past=past and only is None and not own)
        if only is not None:
            _refuse_other(undone, only)
        told(undone)
        if dry_run:
            whole.take_back()
    desk.forget_settings()
    desk.begin()
    return undone


def _refuse_other(undone: Undone, only: Only) -> None:
    """Raise Refused unless the command is the one that is meant."""
    named = [(one.ticket.number, one.ticket.prefix) for one in undone.outcomes]
    prefix = only.ticket.prefix or (named[0][1] if named else "")
    if named != [(only.ticket.number, prefix)] or undone.at != only.at:
        raise Refused(
            Said("your last command was a different one, run elsewhere"),
            hint=Said("to see it: tix undo --dry-run"),
        )


def last_undone(desk: Desk, *, own: bool = False, past: bool = True) -> Undone:
    """Undo the actor's last command inside the caller's transaction; see ``undo``."""
    store = desk.store
    first: Refused | None = None
    passed: list[str] = []
    before = NEWEST
    while True:
        row = store.row("deed_newest", login=desk.actor.login, via=desk.actor.via_login, before=before)
        if row is None or len(passed) > _MOST_PASSED:
            raise first or Refused(Said("you have no command to undo"), hint="tix log")
        try:
            with store.writing():
                return undo_one(desk, row, own=own)._replace(passed=tuple(passed))
        except WordsStay as error:
            if not past:
                raise
            first = first or error
            passed.append(f"your {ticket_undo.in_words(row[1])} on {error.ref} stays: {error.why}")
            before = row[0]
        except Refused as error:
            raise first or error from None


def undo_one(desk: Desk, command: tuple[int, str, int], *, own: bool = False) -> Undone:
    """Undo one command (id, verb, time) inside the caller's transaction; ``own`` as in ``undo``."""
    store = desk.store
    deed, verb, at = command
    ticket_undo.refuse_whole(verb)
    if verb == "merge":
        outcomes = _taken_apart(desk, deed)
    else:
        if (workflow := ticket_undo.workflow_before(verb)) is not None:
            _switch_back(desk, deed, workflow)
        outcomes = reverse(desk, deed, How(own=own))
    store.run("deed_undo", key=deed, undone_by=desk.deed("undo"))
    return Undone(ticket_undo.in_words(verb), at, outcomes)


def reverse(desk: Desk, deed: int, how: How) -> list[Outcome]:
    """Reverse a command on each of its tickets, inside the caller's transaction. Raises Refused with the reason."""
    touched = _touched(desk, deed)
    how = how._replace(is_set_up=desk.store.row("deed_of_set_up_since", deed=deed) is not None)
    outcomes: list[Outcome] = []
    ids = list(touched)
    for start in range(0, len(ids), _BATCH):
        some = ids[start : start + _BATCH]
        lines = timeline.timelines(desk.store, some, _EVERYTHING)
        outcomes += [_one(desk, id, lines.get(id, []), (deed, touched[id]), how) for id in some]
    return outcomes


def _touched(desk: Desk, deed: int) -> dict[int, list[int]]:
    """Return the items of a command, by ticket."""
    touched: dict[int, list[int]] = {}
    for item_id, ticket_id in desk.store.run("deed_items", deed=deed).fetchall():
        touched.setdefault(ticket_id, []).append(item_id)
    return touched


def _switch_back(desk: Desk, deed: int, name: str) -> None:
    """Return the desk to its workflow before; its tickets follow. Raises NotAllowed; Refused where one has changed since."""
    from tix.desk.settle import settle_desk

    require(desk.actor, "workflow change")
    row = desk.store.row("item_after_deed", deed=deed)
    if row is not None:
        kind, type, by, at, id = row
        found = tickets.by_id(desk.store, id)
        raise Refused(
            f"{'a ticket' if found is None else found.ref} was changed since: {type or kind} by {by} at {instant(at)}",
            hint=Said("to switch back anyway: tix workflow use {name}", name=name),
        )
    desk.workflow(name)
    settle_desk(desk)
    settings.put_setting(desk.store, "workflow", name)
    desk.forget_settings()


def _taken_apart(desk: Desk, deed: int) -> list[Outcome]:
    """Undo a merge, with ``merge.unmerge``."""
    from tix.desk.tickets import merge

    sources = []
    way_out = "to undo the merge anyway: tix unmerge (what came since stays where it was written)"
    for id, mine in _touched(desk, deed).items():
        ticket = _there(desk, id)
        for item in timeline.timelines(desk.store, [id], _EVERYTHING)[id]:
            if item.id in mine and item.type == "merged" and item.field == "merged_into":
                sources.append(ticket)
            elif item.id in mine and item.kind != "event":
                ticket_undo.refuse_item(item, ticket.ref, opening=False, work=None)
        _refuse_changed(desk, ticket, deed, max(mine), way_out, own=False)
    outcomes = [
        merge.unmerge(desk, Reference(ticket.prefix, ticket.number), verb="undo")
        for ticket in reversed(sources)
    ]
    return outcomes[::-1]


def _one(desk: Desk, id: int, lines: Sequence[Item], deed: tuple[int, Sequence[int]], how: How) -> Outcome:
    """Reverse a command on one of its tickets; ``deed``: its id, and those of its items there."""
    _, mine = deed
    stored = _there(desk, id)
    desk.after(stored)
    passed = lifecycle.settle(stored, desk.now)
    ticket = play(stored, passed)
    works = _works(desk, lines, mine)
    replies = [] if how.is_redo else _replies(desk, lines, mine)
    _refuse_items(desk, ticket, lines, mine, works, replies, how)
    kept_ids = _refuse_changed(desk, ticket, deed[0], max(mine))
    apart = overlap.columns(ticket, lines, mine) if kept_ids else None
    if apart is not None and overlap.meets(apart, overlap.columns(ticket, lines, kept_ids)):
        _refuse_changed(desk, ticket, deed[0], max(mine), own=False)
    if replies:
        start, lines = ticket_undo.hidden(stored, lines, [item.id or 0 for item in replies])
        ticket = play(start, passed)
    steps, after = _steps(ticket, lines, frozenset(mine))
    if apart is not None:
        steps = [step._replace(before=overlap.only(ticket, step.before, apart)) for step in steps]
        wanted = steps[0].before
    else:
        wanted = _wanted(desk, ticket, steps[0].before, after, is_set_up=how.is_set_up)
    refuse_missing(desk, ticket, wanted)
    reason = REDONE if how.is_redo else UNDONE
    items = ticket_undo.taken_back(ticket, steps, wanted, desk.author("staff"), works, reason)
    if not items:
        return Outcome(ticket, already=True)
    tickets.hide(desk.store, id, replies)
    _withdraw_notes(desk, lines, mine)
    new = play(ticket, items)
    kept = tickets.save(desk.store, stored, new, [*passed, *items], desk.deed(how.verb))
    if passed:
        notifications.of_change(desk, stored, play(stored, passed), kept[: len(passed)])
    # Of a reply that was taken back, and of all that came with it, only staff can know.
    audience = (lambda person: person.is_staff) if replies else (lambda person: True)
    notifications.of_change(desk, ticket, new, kept[len(passed) :], _undone(lines, mine, new), audience)
    return Outcome(new, tuple(kept[len(passed) :]), before=ticket)


def _refuse_items(
    desk: Desk,
    ticket: Ticket,
    lines: Sequence[Item],
    mine: Sequence[int],
    works: Mapping[int, Work],
    replies: Sequence[Item],
    how: How,
) -> None:
    """Raise Refused for the first item of the command that cannot be reversed."""
    id = ticket.id or 0
    mails = outbox.about(desk.store, id, [item.id or 0 for item in replies]) if replies else []
    for place, item in enumerate(lines):
        if item.id not in mine:
            continue
        if how.is_redo:
            ticket_undo.refuse_redo(item, ticket.ref)
            continue
        ticket_undo.refuse_item(
            item,
            ticket.ref,
            opening=place == 0,
            work=works.get(item.id or 0),
            unsent=_unsent(desk, id, mine) if item.kind in ("message", "reply") else (),
            held=how.own or is_held(mails),
            seen=_seen(desk, id, item, mails) if item in replies and not how.own else None,
            own=item.kind == "note" and _is_own(desk, item, lines, ticket.ref),
        )


def _wanted(desk: Desk, ticket: Ticket, before: Ticket, after: Ticket, *, is_set_up: bool) -> Ticket:
    """Return what a ticket is to become: as it was before the command, by the rules there are now."""
    rules = desk.rules_for(before.department, before.sla, before.topic)
    wanted = ticket_undo.goal(ticket, rules, before, after, desk.now)
    if is_set_up:
        # The desk was reconfigured since: the old values have to follow the new rules.
        for item in (
            workflow_change.rewait(wanted, rules, desk.author()) if wanted.phase == "resolved" else ()
        ):
            wanted = wanted._replace(**(item.sets or {}))
        if rules.plan is not None:
            wanted = wanted._replace(**due_dates.planned(wanted, rules))
    return wanted


def _withdraw_notes(desk: Desk, lines: Sequence[Item], mine: Sequence[int]) -> None:
    for item in lines:
        if item.id in mine and item.kind == "note":
            tickets.rewrite(desk.store, item, own_words.WITHDRAWN)


def _is_own(desk: Desk, item: Item, lines: Sequence[Item], ref: str) -> bool:
    """Return whether a note is one that the actor may still take back."""
    window = parse_duration(desk.settings.text("undo.text_window"))
    try:
        own_words.refuse(item, lines, ref=ref, now=desk.now, window=window, left=None)
    except Refused:
        return False
    return not item.files


def _unsent(desk: Desk, id: int, mine: Sequence[int]) -> Sequence[int]:
    """Return the mails about these items that wait to be sent; none where no server sends them."""
    sends = desk.settings.name("mail.smtp.host") is not None
    return outbox.unsent(desk.store, id, mine) if sends else ()


def _replies(desk: Desk, lines: Sequence[Item], mine: Sequence[int]) -> list[Item]:
    """Return the replies of the command; none where it was written through a merged ticket to another one."""
    own = [item for item in lines if item.id in mine]
    elsewhere = any(item.field == "entries" for item in own)
    return [] if elsewhere else [item for item in own if item.kind == "reply" and not item.internal]


def _seen(desk: Desk, id: int, item: Item, mails: Sequence[QueuedMail]) -> str | None:
    """Return why a requester may have seen a reply, or None."""
    reader = notices.read_by(desk.store, id, [item.id or 0])
    return departure(mails) if reader is None else f"{reader} has read it"


def _undone(lines: Sequence[Item], mine: Sequence[int], new: Ticket) -> list[int]:
    """Return the ids of undone items: the command's own, and the overdue events they caused."""
    overdue = [item.id or 0 for item in lines if item.type == "overdue" and (item.id or 0) > min(mine)]
    return [*mine, *(overdue if new.overdue_at is None else ())]


def _there(desk: Desk, id: int) -> Ticket:
    """Return the ticket. Raises Refused where it is deleted, or no longer visible to the actor."""
    found = tickets.by_id(desk.store, id)
    if found is None:
        why, hint = ticket_undo.STAYS["deleted"]
        raise Refused(f"cannot undo the command: one of its tickets is deleted, and {why}", hint=hint)
    try:
        return find(desk, Reference(found.prefix, found.number))
    except NotFound:
        raise Refused(
            Said("cannot undo the command: you can no longer see {ref}", ref=found.ref),
            hint=Said("ask somebody who can see it to change it back"),
            ref=found.ref,
        ) from None


def _works(desk: Desk, lines: Sequence[Item], mine: Sequence[int]) -> dict[int, Work]:
    """Return the time entries of the command that still exist, by item id."""
    found = {}
    for item in lines:
        if item.type == "time-added" and item.id in mine:
            entry = billing.entry(desk.store, desk.scope, item.id or 0)
            if entry is not None:
                found[entry.id] = entry.work
    return found


def _refuse_changed(
    desk: Desk, ticket: Ticket, deed: int, last: int, way_out: str | None = None, *, own: bool = True
) -> list[int]:
    """Raise Refused where somebody has changed the ticket since the command, by its id and that of its last item.

    With ``own``, what the actor did does not count, unless it moved entries: its items are returned.
    """
    who = {"login": desk.actor.login, "via": desk.actor.via_login}
    rows = desk.store.run("items_since", ticket_id=ticket.id, deed=deed, last=last, **who).fetchall()
    for _, kind, type, by, at, is_own in rows:
        if own and is_own and overlap.stays_apart(kind, type):
            continue
        what = "an event" if type is None and kind == "event" else (type or kind)
        raise Refused(
            f"{ticket.ref} was changed since: {what} by {by} at {instant(at)}",
            hint=way_out or f"see tix log {ticket.number}, then change it back by hand",
            ref=ticket.ref,
        )
    return [row[0] for row in rows]


def _steps(ticket: Ticket, lines: Sequence[Item], mine: frozenset[int]) -> tuple[list[UndoStep], Ticket]:
    """Return the command's items with the ticket before each, and the ticket after the last."""
    state = opened(ticket.number, ticket.prefix, ticket.uid, lines[0])
    steps: list[UndoStep] = []
    after = state
    for item in lines[1:]:
        if item.id in mine:
            steps.append(UndoStep(item, state))
        state = play(state, (item,))
        if item.id in mine:
            after = state
    return steps, after
