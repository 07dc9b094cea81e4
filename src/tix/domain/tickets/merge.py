"""Merging two tickets: what may be merged into what, and what that changes on both.

Pure. Afterwards entries, files and time of the source belong to the target; they stay items of the timeline they were
written on, so each ticket's row is still the fold of its own.
"""

from collections.abc import Collection

from tix.domain.json_columns import dumps
from tix.domain.tickets import lifecycle
from tix.domain.tickets.ticket import FIELDS, Ticket, fold, play
from tix.domain.tickets.timeline import UNDONE, Author, Item, event
from tix.errors import Merged, Refused
from tix.typing import TYPE_CHECKING, Any, NamedTuple
from tix.words.sentence import Said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tix.domain.tickets.policy import TicketPolicy
    from tix.domain.workflows.workflow import Status, Workflow

# The reason of the status change; by it, undoing the merge knows which status to restore.
REASON = "merged"
# The columns that belong to a status.
_OF_STATUS = (
    "status phase answered resolved_at closed_at closed_by lapses_at lapses_to reopened paused_at overdue_at due_at "
    "due_by_hand response_due_at resolution_met clock_at pauses"
).split()
# The columns that restoring the earlier state never touches.
_KEPT = frozenset({"id", "version", "updated_at", "due_key"})


class Standing(NamedTuple):
    """The columns of a row that depend on its thread: counts, and who wrote last."""

    entries: int
    notes: int
    attachments: int
    internal_attachments: int
    last_replier: str | None
    last_activity_at: int
    answered: int


def alike(one: Ticket, other: Ticket) -> bool:
    """Return whether readers of one ticket may read the other: the same requester, or the same client."""
    return one.requester == other.requester or (one.client is not None and one.client == other.client)


def parted(said: "Sequence[Item]", *, hidden: bool) -> tuple[list[Item], list[Item]]:
    """Return what somebody writes on a merged ticket without seeing its target, in two parts.

    The entries stay with the ticket they were written on. The events that follow (a reopening) happen on the target,
    without a name if its readers must not know who wrote (``hidden``).
    """
    words = [item._replace(sets=None) for item in said if item.kind != "event"]
    events = [item for item in said if item.kind == "event" and item.type != "followed"]
    if hidden:
        events = [item._replace(by=None, via=None, side="system") for item in events]
    return words, events


def received(target: Ticket, source: Ticket, author: Author, now: dict[str, Any], *, hidden: bool) -> Item:
    """Return the event on the target, for staff, when entries reach it through a merged ticket.

    ``now`` is what has changed of its thread. Entries that its requester cannot read need an answer, too.
    """
    sets = dict(now)
    if hidden:
        sets |= _changed(target, {"answered": 0})
    return event("field-changed", author, field="entries", new=source.ref, sets=sets)


def disclosure(source: Ticket, target: Ticket) -> str:
    """Return what the requesters of tickets that are not ``alike`` will see of each other after a merge."""
    return (
        f"{source.ref} has the requester {source.requester} and {target.ref} has {target.requester}: each still sees "
        f"only their own entries, {source.requester} on {source.ref}, {target.requester} on {target.ref}; "
        f"replies on {target.ref} reach only {target.requester}"
    )


def refuse(source: Ticket, target: Ticket, rules: "TicketPolicy") -> None:
    """Raise Refused unless ``source`` can be merged into ``target``; ``rules`` are the target's."""
    if source.number == target.number:
        raise Refused(Said("{ref} cannot be merged into itself", ref=source.ref))
    if source.merged_into is not None:
        raise Merged(
            Said(
                "{ref} is already merged into {merged_into}", ref=source.ref, merged_into=source.merged_into
            ),
            hint=Said("undo the merge: tix unmerge {number}", number=source.number),
        )
    if target.merged_into is not None:
        where = "itself" if target.merged_into == source.ref else target.merged_into
        raise Merged(
            f"{target.ref} is merged into {where}"
            if where != "itself"
            else f"{target.ref} is merged into {source.ref}; the merge would make a circle",
            hint=Said(
                "undo that merge: tix unmerge {number}; or merge into {merged_into}",
                number=target.number,
                merged_into=target.merged_into,
            ),
        )
    lifecycle.refuse_final(target, rules)


def refuse_merged(ticket: Ticket, *, seen: bool, staff: bool) -> None:
    """Raise Merged for a ticket that is merged into another one.

    ``seen``: whether the actor may see that one; if not, it is not named. The way out is shown to ``staff`` only.
    """
    if ticket.merged_into is not None:
        hints = [f"use {ticket.merged_into}"] if seen else []
        hints += [f"undo the merge: tix unmerge {ticket.number}"] if staff else []
        place = ticket.merged_into if seen else "another ticket"
        raise Merged(
            Said("{ref} is merged into {place}", ref=ticket.ref, place=place), hint="; ".join(hints) or None
        )


def refuse_reply(source: Ticket, target: Ticket, *, seen: bool) -> None:
    """Raise Merged if a reply on a merged ticket would go to somebody else's requester."""
    if alike(source, target):
        return
    way_back = f"undo the merge to answer {source.requester}: tix unmerge {source.number}"
    if not seen:
        raise Merged(
            Said("{ref} is merged into another ticket; a reply would go there", ref=source.ref), hint=way_back
        )
    raise Merged(
        Said(
            "{ref} is merged into {ref2}; a reply would go to {requester}",
            ref=source.ref,
            ref2=target.ref,
            requester=target.requester,
        ),
        hint=Said(
            "answer {requester}: tix reply {number}; {way_back}",
            requester=target.requester,
            number=target.number,
            way_back=way_back,
        ),
    )


def over(workflow: "Workflow") -> "Status":
    """Return the status of a merged ticket: where closing leads, else a closed status, else a resolved one."""
    closed = [status for status in workflow.statuses if status.phase == "closed"]
    targets = workflow.targets("close")
    resolved = [status for status in workflow.statuses if status.phase == "resolved"]
    ways = [status for status in closed if status.name in targets]
    return (ways or closed or resolved or list(workflow.statuses))[0]


def closing(source: Ticket, rules: "TicketPolicy", author: Author) -> list[Item]:
    """Return the status change of a merged ticket, whatever its workflow permits people.

    Empty if it is already finished.
    """
    target = over(rules.workflow)
    if source.phase == "closed" or source.status == target.name:
        return []
    return [lifecycle.move(source, rules, target, author, REASON)]


def travelling(source: Ticket, staff: Collection[str], *, together: bool) -> list[str]:
    """Return the followers who move to the target: all if both tickets have the same readers, else staff only."""
    return [who for who in source.watcher_list() if together or who in staff]


def merged_away(
    source: Ticket, target: Ticket, author: Author, gone: Collection[str], own: dict[str, Any]
) -> Item:
    """Return the event on the source; ``gone`` are the followers that moved, ``own`` the counts of its own entries."""
    sets: dict[str, Any] = {"merged_into": target.ref, **own}
    if gone:
        sets["watchers"] = dumps([who for who in source.watcher_list() if who not in gone])
    sets |= _changed(source, {"time_seconds": 0, "unbilled_seconds": 0})
    return event("merged", author, field="merged_into", new=target.ref, sets=sets)


def merged_in(
    target: Ticket, source: Ticket, author: Author, come: "Sequence[str]", now: dict[str, Any]
) -> Item:
    """Return the event on the target; ``come`` are the followers that moved, ``now`` what has changed of its thread."""
    sets = dict(now)
    watchers = [*target.watcher_list(), *(who for who in come if who not in target.watcher_list())]
    sets |= _changed(
        target,
        {
            "watchers": dumps(watchers),
            "time_seconds": target.time_seconds + source.time_seconds,
            "unbilled_seconds": target.unbilled_seconds + source.unbilled_seconds,
        },
    )
    return event("merged", author, field="merged", old=source.ref, sets=sets)


def difference(before: Standing, after: Standing) -> dict[str, Any]:
    """Return the columns that differ."""
    return {name: value for name, value in after._asdict().items() if getattr(before, name) != value}


def _changed(ticket: Ticket, wanted: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in wanted.items() if getattr(ticket, name) != value}


# --------------------------------------------------------------------------------------- undoing a merge


def taken_out(
    source: Ticket, rules: "TicketPolicy", written: "Sequence[Item]", author: Author, time: tuple[int, int]
) -> list[Item]:
    """Return the events that restore the source when its merge is undone; ``written`` is its own timeline, in order.

    The end of the merge and, before it, the change of the status if that changes.

    ``time`` is the time that returns, in seconds: all of it, and what is unbilled, since an invoice may have been
    created meanwhile. What time has done to the ticket since is in the event: a date that passed meanwhile has
    passed.
    """
    place = _merge(written, new=source.merged_into)
    first = _start(written, place)
    before = fold(source.number, source.prefix, source.uid, written[:first])
    after = play(before, written[first : place + 1])
    restored = source._replace(
        **{
            name: getattr(before, name)
            for name in FIELDS
            if name not in _KEPT and getattr(before, name) != getattr(after, name)
        }
    )
    restored = restored._replace(time_seconds=time[0], unbilled_seconds=time[1])
    since = written[place + 1 :]
    restored = _with_what_came(restored, source, after, since)
    lived = lifecycle.settled(_placed(restored, rules.workflow), author.at)
    if any(item.kind == "message" for item in since):
        # Somebody has written on it meanwhile: it gets the status that this would have led to.
        rule = rules.workflow.rule("requester-replied", lived.status, "requester")
        if rule is not None and rule.target != lived.status:
            back = rules.workflow.status(rule.target)
            lived = play(lived, [lifecycle.move(lived, rules, back, author)])
    sets = {
        name: getattr(lived, name)
        for name in FIELDS
        if name not in _KEPT and getattr(lived, name) != getattr(source, name)
    }
    if "phase" in sets:
        sets |= {"clock_at": lived.clock_at, "pauses": lived.pauses}
    items = []
    if lived.status != source.status:
        moved = {name: sets.pop(name) for name in _OF_STATUS if name in sets}
        items = [
            event(
                "status-changed",
                author,
                field="status",
                old=source.status,
                new=lived.status,
                reason=UNDONE,
                sets=moved,
            )
        ]
        sets.pop("last_activity_at", None)  # a status change is activity
    return [*items, event("unmerged", author, field="merged_into", old=source.merged_into, sets=sets)]


_COUNTS = ("entries", "notes", "attachments", "internal_attachments")


def _with_what_came(restored: Ticket, source: Ticket, merged: Ticket, since: "Sequence[Item]") -> Ticket:
    """Return ``restored`` with what was written on it during the merge; ``merged`` is the ticket after the merge."""
    counts = {
        name: getattr(restored, name) + getattr(source, name) - getattr(merged, name)
        for name in _COUNTS
        if getattr(restored, name) != getattr(source, name)
    }
    times = [item.at for item in since if item.kind != "event" and not item.internal]
    watchers = restored.watcher_list()
    joined = [who for who in source.watcher_list() if who not in (*watchers, *merged.watcher_list())]
    return restored._replace(
        **counts,
        last_activity_at=max([restored.last_activity_at, *times]),
        watchers=dumps([*watchers, *joined]),
    )


def items_of(written: "Sequence[Item]", source: Ticket) -> list[int]:
    """Return the ids of the events of the merge of ``source``, in its own timeline or the target's."""
    place = max(
        place
        for place, item in enumerate(written)
        if item.type == "merged" and (item.old == source.ref or item.new == source.merged_into)
    )
    return [item.id for item in written[_start(written, place) : place + 1] if item.id is not None]


def _start(written: "Sequence[Item]", place: int) -> int:
    """Return where the merge at ``place`` begins: with the change of the status, if there was one."""
    before = written[place - 1] if place else None
    return place - 1 if before and (before.type, before.reason) == ("status-changed", REASON) else place


def _placed(ticket: Ticket, workflow: "Workflow") -> Ticket:
    """Return the ticket in a status of its workflow, which may have been replaced meanwhile."""
    if any(status.name == ticket.status for status in workflow.statuses):
        return ticket
    alike = [status for status in workflow.statuses if status.phase == ticket.phase]
    status = (alike or [workflow.first])[0]
    return ticket._replace(
        status=status.name, phase=status.phase, lapses_at=None, lapses_to=None, paused_at=None
    )


def gone_out(
    target: Ticket,
    source: Ticket,
    written: "Sequence[Item]",
    author: Author,
    now: dict[str, Any],
    time: tuple[int, int],
) -> Item:
    """Return the event on the target when ``source`` is taken out of it; ``written`` is the target's own timeline.

    ``time`` is the time that leaves, in seconds: all of it, and what is unbilled. Raises Refused if a sum would
    become negative.
    """
    place = _merge(written, old=source.ref)
    before = fold(target.number, target.prefix, target.uid, written[:place])
    brought = set(play(before, [written[place]]).watcher_list()) - set(before.watcher_list())
    brought -= {item.new for item in written[place:] if item.type == "followed"}
    sets = dict(now)
    worked, unbilled = target.time_seconds - time[0], target.unbilled_seconds - time[1]
    wanted = {
        "watchers": dumps([who for who in target.watcher_list() if who not in brought]),
        "time_seconds": worked,
        "unbilled_seconds": unbilled,
    }
    if worked < 0 or unbilled < 0:
        raise Refused(
            Said(
                "{ref} would have negative time: time of {ref2} was removed after the merge",
                ref=target.ref,
                ref2=source.ref,
            ),
            hint=Said("see its time entries: tix time list {number}", number=target.number),
        )
    sets |= _changed(target, wanted)
    return event("unmerged", author, field="merged", new=source.ref, sets=sets)


def _merge(written: "Sequence[Item]", *, old: str | None = None, new: str | None = None) -> int:
    """Return the place of the last merge with that ticket."""
    return max(
        place
        for place, item in enumerate(written)
        if item.type == "merged" and (item.old, item.new) == (old, new)
    )
