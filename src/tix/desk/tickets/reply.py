"""What happens to one ticket: answered, noted, moved, rated, assigned, edited."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tix.desk.context import Desk
from tix.desk.tickets.assign import assign, assign_team
from tix.desk.tickets.change import change, refuse
from tix.desk.tickets.files import Upload, keep
from tix.desk.tickets.outcome import Outcome
from tix.desk.tickets.parties import speaker
from tix.domain.names import is_none
from tix.domain.permissions import NO, YES, permission, rank_of, require
from tix.domain.tickets import lifecycle
from tix.domain.tickets.followers import follow
from tix.domain.tickets.references import Reference
from tix.domain.tickets.ticket import Ticket, play
from tix.domain.tickets.timeline import Item, Work
from tix.errors import NotAllowed

# -------------------------------------------------------------------------------------------- changing


Action = Callable[[Desk, Reference], Outcome]


def refusal(desk: Desk, verb: str) -> Action | None:
    """What answers whoever may not ``verb``, before any name is looked up (``refuse``); None for whoever may."""
    if permission(verb, rank_of(desk.actor.person)) != NO:
        return None
    return lambda desk, reference: refuse(desk, reference, verb)


def reply(
    desk: Desk,
    reference: Reference,
    body: str,
    uploads: Sequence[Upload] = (),
    status: str | None = None,
    verb: str = "reply",
    *,
    notify: bool = True,
    work: Work | None = None,
    watchers: Sequence[str] = (),
) -> Outcome:
    """A public answer, or a message; with ``status`` in the same transaction, and then that alone decides.

    ``work`` is the time that went into it (staff), ``watchers`` are brought in.
    """
    if status is not None:
        desk.find_statuses(status)

    def decide(ticket: Ticket) -> list[Item]:
        if work is not None:
            require(desk.actor, "time")
        rules = desk.rules_of(ticket)
        target = None if status is None else rules.workflow.find_status(status)
        if target is not None and permission("edit", desk.actor.person.role) != YES:
            raise NotAllowed(
                f"{desk.actor.login} may not set a status by name: that takes an agent or an admin"
            )
        author = speaker(desk, ticket)
        files = keep(desk, uploads)
        if target is None:
            answered = lifecycle.reply(ticket, rules, author, body, files)
            return _worked(desk, ticket, [*answered, *follow(ticket, watchers, desk.author())], work)
        if ticket.phase != "open" and target.phase == "open":
            # As `reopen -m` does it: the words stand on the open ticket, and answer it.
            items = lifecycle.set_status(ticket, rules, target, desk.author())
            items.append(lifecycle.speak(play(ticket, items), rules, author, body, files))
        else:
            items = [lifecycle.speak(ticket, rules, author, body, files)]
            items += lifecycle.set_status(play(ticket, items), rules, target, desk.author())
        items += lifecycle.claim_by_reply(ticket, rules, author)
        items += follow(ticket, watchers, desk.author())
        return _worked(desk, ticket, items, work)

    return change(desk, reference, verb, decide, notify=notify)


def note(
    desk: Desk, reference: Reference, body: str, uploads: Sequence[Upload] = (), work: Work | None = None
) -> Outcome:
    """An internal note; ``work`` is the time that went into it."""

    def decide(ticket: Ticket) -> list[Item]:
        said = lifecycle.note(ticket, desk.rules_of(ticket), desk.author(), body, keep(desk, uploads))
        return _worked(desk, ticket, [said], work)

    return change(desk, reference, "note", decide)


def _worked(desk: Desk, ticket: Ticket, items: list[Item], work: Work | None) -> list[Item]:
    """``items`` and the time that went into them: before a status that takes none."""
    if work is None:
        return items
    from tix.desk.tickets.work import put_down

    return [items[0], put_down(desk, ticket, work), *items[1:]]


def assignment(desk: Desk, who: str, internal: str | None = None) -> Action:
    """What gives a ticket to ``who``: a login, ``@me``, ``team:NAME`` or ``none``. Raises UnknownName to staff."""
    refused = refusal(desk, "assign")
    if refused is not None:
        return refused
    if who.startswith("team:"):
        from tix.desk.resources.registry import spelled

        team = spelled(desk, "team", who.removeprefix("team:"))
        return lambda desk, reference: assign_team(desk, reference, team, internal)
    person = None if is_none(who) else desk.person(who)
    return lambda desk, reference: assign(desk, reference, person, internal)
