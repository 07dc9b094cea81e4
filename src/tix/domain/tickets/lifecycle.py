"""The lifecycle of a ticket: creating, replying, moving between statuses, rating, and what time does.

Every function takes the ticket as it is and returns the items that follow; nothing is stored here. An empty list
means that nothing changes. A write first settles, then decides on ``play(ticket, settled)``: so it never matters
when, or whether, anything else recorded the passing of time.
"""

from __future__ import annotations

from tix.domain.tickets import due_dates
from tix.domain.tickets.policy import TicketPolicy
from tix.domain.tickets.ticket import Ticket, play
from tix.domain.tickets.timeline import Author, File, Item, entry, event, system
from tix.errors import AlreadyRated, FinalStatus, IllegalTransition, InvalidValue, NotAllowed, Refused
from tix.typing import TYPE_CHECKING, Any
from tix.words.sentence import Said

if TYPE_CHECKING:
    from collections.abc import Callable

    from tix.domain.workflows.workflow import Status, Trigger, Who, Workflow

# The trigger that a status set by staff stands for, by the phase of that status.
_TRIGGER_INTO: dict[str, Trigger] = {"open": "reopen", "resolved": "resolve", "closed": "close"}


# ---------------------------------------------------------------------------------------------- time


def settle(ticket: Ticket, now: int) -> list[Item]:
    """Return what time alone has done to ``ticket`` by ``now`` that is not recorded yet, in order.

    At exactly the instant something is due it has happened.
    """
    items = []
    if ticket.snoozed_until is not None and ticket.snoozed_until <= now:
        items.append(event("woken", system(ticket.snoozed_until), sets={"snoozed_until": None}))
    if ticket.overdue_at is None and ticket.is_overdue(now):
        since = overdue_since(ticket)
        items.append(event("overdue", system(since), sets={"overdue_at": since}))
    if ticket.phase == "resolved" and ticket.lapses_at is not None and ticket.lapses_at <= now:
        items.append(_lapse(ticket, ticket.lapses_at))
    items.sort(key=lambda item: item.at)
    return items


def overdue_since(ticket: Ticket) -> int:
    """Return when an overdue ticket became overdue: its due date, or the end of the pause in which that date passed."""
    assert ticket.due_at is not None
    return max([ticket.due_at, *(end for _, end in ticket.pause_list())])


def settled(ticket: Ticket, now: int) -> Ticket:
    """Return ``ticket`` as it is at ``now``, whether or not that is recorded."""
    if ticket.due_at is None and ticket.lapses_at is None and ticket.snoozed_until is None:
        return ticket  # nothing can be due: most rows of a long list
    items = settle(ticket, now)
    return play(ticket, items) if items else ticket


def _lapse(ticket: Ticket, at: int) -> Item:
    return event(
        "status-changed",
        system(at),
        field="status",
        old=ticket.status,
        new=ticket.lapses_to,
        reason="elapsed",
        sets={
            "status": ticket.lapses_to,
            "phase": "closed",
            "closed_at": at,
            "closed_by": None,
            "lapses_at": None,
            "lapses_to": None,
        },
    )


# ------------------------------------------------------------------------------------- moving between statuses


def move(
    ticket: Ticket, rules: TicketPolicy, target: Status, author: Author, reason: str | None = None
) -> Item:
    """Return the event that moves ``ticket`` to ``target``, with every date that follows from it."""
    sets: dict[str, Any] = {"status": target.name, "phase": target.phase}
    if ticket.paused_at is not None and not target.pauses:
        sets["paused_at"] = None
        sets.update(due_dates.unpaused(ticket, rules, author.at))
    elif target.pauses and ticket.paused_at is None:
        sets["paused_at"] = author.at
    if target.phase != "open":
        sets["resolved_at"] = ticket.resolved_at if ticket.phase != "open" else author.at
        sets["closed_at"] = author.at if target.phase == "closed" else None
        sets["closed_by"] = author.by if target.phase == "closed" else None
        if ticket.phase == "open":
            due_at = sets.get("due_at", ticket.due_at)
            sets["resolution_met"] = due_dates.resolution_met(due_at, author.at)
    elif ticket.phase != "open":
        sets.update(_reopened(ticket), **due_dates.restarted(ticket, rules, author.at))
        reason = reason or "reopened"
    lapses_to = rules.workflow.lapse(target.name)
    waits = lapses_to is not None and rules.window_seconds > 0
    sets["lapses_at"] = author.at + rules.window_seconds if waits else None
    sets["lapses_to"] = lapses_to if waits else None
    changed = {name: value for name, value in sets.items() if getattr(ticket, name) != value}
    return event(
        "status-changed",
        author,
        field="status",
        old=ticket.status,
        new=target.name,
        reason=reason,
        sets=changed,
    )


def _reopened(ticket: Ticket) -> dict[str, Any]:
    """Return the columns a reopening clears; the count and the rating stay."""
    return {
        "resolved_at": None,
        "closed_at": None,
        "closed_by": None,
        "answered": 0,
        "reopened": ticket.reopened + 1,
    }


def pull(ticket: Ticket, rules: TicketPolicy, trigger: Trigger, author: Author, who: Who) -> list[Item]:
    """Return the events of ``trigger`` fired by hand. Empty if the ticket already has the resulting status.

    Raises NotAllowed if only others may, IllegalTransition if nobody can from here.
    """
    workflow = rules.workflow
    if workflow.targets(trigger) and not workflow.open_to(trigger, who):
        raise NotAllowed(
            Said(
                "only staff may {trigger} a ticket in the workflow {name}",
                trigger=trigger,
                name=workflow.name,
            )
        )
    if trigger == "reopen" and ticket.phase == "open":
        return []
    rule = workflow.rule(trigger, ticket.status, who)
    if rule is not None:
        if rule.target == ticket.status:
            return []
        target = workflow.status(rule.target)
        _refuse_unfinished(ticket, rules, target, author)
        return [move(ticket, rules, target, author)]
    if ticket.status in workflow.targets(trigger) and workflow.open_to(trigger, who):
        return []
    raise _refusal(ticket, workflow, trigger, who)


def set_status(ticket: Ticket, rules: TicketPolicy, target: Status, author: Author) -> list[Item]:
    """Return the events that set a status by name (staff): the corresponding trigger, with its checks and dates.

    Between two statuses of the open phase staff always may. Raises IllegalTransition otherwise.
    """
    if target.name == ticket.status:
        return []
    workflow = rules.workflow
    if not _leads_to(ticket, workflow, target):
        raise _refusal(ticket, workflow, _TRIGGER_INTO[target.phase], "staff")
    _refuse_unfinished(ticket, rules, target, author)
    return [move(ticket, rules, target, author)]


def settable(ticket: Ticket, workflow: Workflow) -> tuple[Status, ...]:
    """Return the other statuses that staff can set by name, as far as the workflow decides."""
    others = (status for status in workflow.statuses if status.name != ticket.status)
    return tuple(status for status in others if _leads_to(ticket, workflow, status))


def _leads_to(ticket: Ticket, workflow: Workflow, target: Status) -> bool:
    if ticket.phase == "open" and target.phase == "open":
        return True
    rule = workflow.rule(_TRIGGER_INTO[target.phase], ticket.status, "staff")
    return rule is not None and workflow.status(rule.target).phase == target.phase


def _refuse_unfinished(ticket: Ticket, rules: TicketPolicy, target: Status, author: Author) -> None:
    """Raise Refused if staff end a ticket before the required custom fields have values; requesters may."""
    if rules.fields and ticket.phase == "open" and target.phase != "open" and author.side == "staff":
        from tix.domain.topics import refuse_unfinished

        refuse_unfinished(rules.fields, ticket.field_values(), ticket.ref)


def _refusal(ticket: Ticket, workflow: Workflow, trigger: Trigger, who: Who) -> Refused:
    status = workflow.status(ticket.status)
    name = Said.named("status", status.name)
    if status.final:
        return FinalStatus(
            Said("{ref} is {name} and cannot be reopened", ref=ticket.ref, name=name),
            hint=Said("create a related ticket: tix new --about ticket:{number}", number=ticket.number),
        )
    possible = workflow.possible(ticket.status, who)
    instead = dict(workflow.hints).get(trigger)
    if instead is not None and instead in possible:
        hint = Said("on this desk, use: {command}", command=f"tix {instead} {ticket.number}")
    elif possible:
        hint = Said("possible now: {verbs}", verbs=", ".join(possible))
    else:
        hint = Said("only replies and notes are possible now")
    if trigger in ("start", "hold", "resolve") and not workflow.targets(trigger):
        lacking = Said(
            "the workflow {workflow} has no way to {act}",
            workflow=workflow.name,
            act=_ACTS[trigger]("a ticket"),
        )
        more = Said("{hint}; see other workflows: {command}", hint=hint, command="tix workflow list")
        return IllegalTransition(lacking, hint=more)
    act = _ACTS[trigger](ticket.ref) if trigger in _ACTS else f"{trigger} {ticket.ref}"
    return IllegalTransition(Said("cannot {act}: it is {name}", act=act, name=name), hint=hint)


_ACTS: dict[str, Callable[[str], str]] = {
    "start": lambda ref: Said("start {ref}", ref=_ref(ref)),
    "hold": lambda ref: Said("put {ref} on hold", ref=_ref(ref)),
    "resolve": lambda ref: Said("resolve {ref}", ref=_ref(ref)),
    "close": lambda ref: Said("close {ref}", ref=_ref(ref)),
    "reopen": lambda ref: Said("reopen {ref}", ref=_ref(ref)),
}


def _ref(ref: str) -> str:
    return Said("a ticket") if ref == "a ticket" else ref


def refuse_final(ticket: Ticket, rules: TicketPolicy) -> None:
    """Raise FinalStatus if nothing may be added to the ticket any more."""
    if rules.workflow.status(ticket.status).final:
        raise _refusal(ticket, rules.workflow, "reopen", "staff")


# ----------------------------------------------------------------------------------- replies and notes


def open_ticket(author: Author, body: str, values: dict[str, Any], files: tuple[File, ...] = ()) -> Item:
    """Return the opening message: always a ``message`` of the requester's side, whoever typed it.

    ``values`` are the ticket's first columns; those that are None or the default can be left out.
    """
    return entry("message", body, author._replace(side="requester"), files, sets=values)


def speak(
    ticket: Ticket, rules: TicketPolicy, author: Author, body: str, files: tuple[File, ...] = ()
) -> Item:
    """Return a public entry: a ``reply`` from the staff's side, a ``message`` from the requester's.

    On a resolved ticket it is new activity and the wait starts again. Raises FinalStatus.
    """
    refuse_final(ticket, rules)
    sets = due_dates.response_met(ticket, author.at) if author.side == "staff" else {}
    if ticket.lapses_at is not None:
        sets["lapses_at"] = author.at + rules.window_seconds
    return entry("reply" if author.side == "staff" else "message", body, author, files, sets or None)


def reply(
    ticket: Ticket, rules: TicketPolicy, author: Author, body: str, files: tuple[File, ...] = ()
) -> list[Item]:
    """Return a public entry and the changes the workflow makes because of it. Raises FinalStatus."""
    said = speak(ticket, rules, author, body, files)
    items = [said]
    workflow = rules.workflow
    trigger: Trigger = "staff-replied" if author.side == "staff" else "requester-replied"
    rule = workflow.rule(trigger, ticket.status, author.side)
    if rule is not None and rule.target != ticket.status:
        target = workflow.status(rule.target)
        reason = None
        if ticket.phase == "resolved" and target.phase == "open" and author.side == "requester":
            reason = "solution-not-accepted"
        items.append(move(play(ticket, items), rules, target, author, reason))
    return items + claim_by_reply(ticket, rules, author)


def claim_by_reply(ticket: Ticket, rules: TicketPolicy, author: Author) -> list[Item]:
    """Return the assignment that the first staff reply makes on an unassigned ticket, if the desk is set up so."""
    first = author.side == "staff" and ticket.first_response_at is None
    if rules.claims and first and ticket.assignee is None and author.by is not None:
        return [assigned(ticket, author.by, author)]
    return []


def note(
    ticket: Ticket, rules: TicketPolicy, author: Author, body: str, files: tuple[File, ...] = ()
) -> Item:
    """Return an internal note, which only staff read. Raises FinalStatus."""
    refuse_final(ticket, rules)
    return entry("note", body, author, files)


def assigned(ticket: Ticket, login: str | None, author: Author) -> Item:
    """Return the event that assigns the ticket to ``login``, or unassigns it."""
    return event(
        "assigned",
        author,
        field="assignee",
        old=ticket.assignee,
        new=login,
        sets={"assignee": login},
    )


def rate(ticket: Ticket, rules: TicketPolicy, author: Author, stars: int, comment: str | None) -> Item:
    """Return the requester's rating, 1 to 5, given once.

    Raises AlreadyRated, or Refused while the ticket is not finished.
    """
    if ticket.rating is not None:
        raise AlreadyRated(
            Said("{ref} already has a rating ({rating} of 5)", ref=ticket.ref, rating=ticket.rating)
        )
    if ticket.phase not in rules.workflow.rated_in:
        if not rules.workflow.rated_in:
            raise Refused(Said("{ref} cannot be rated: this workflow has no ratings", ref=ticket.ref))
        first, *others = [Said.named("phase", phase) for phase in rules.workflow.rated_in]
        when = Said("{first} or {last}", first=first, last=others[0]) if others else first
        raise Refused(
            Said(
                "{ref} is {status}; a ticket can be rated once it is {when}",
                ref=ticket.ref,
                status=Said.named("status", ticket.status),
                when=when,
            )
        )
    return event(
        "rated",
        author,
        field="rating",
        new=str(stars),
        sets={"rating": stars, "rating_comment": comment, "rated_at": author.at},
    )


def parse_stars(text: str) -> int:
    """Return ``text`` as a rating. Raises InvalidValue unless it is 1, 2, 3, 4 or 5."""
    if text in ("1", "2", "3", "4", "5"):
        return int(text)
    raise InvalidValue(
        Said("'{text}' is not a rating", text=text), hint=Said("use 1, 2, 3, 4 or 5; 5 is best")
    )
