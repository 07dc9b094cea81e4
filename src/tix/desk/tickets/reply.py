"""Reply to a ticket and add notes to it; actions that commands apply to many tickets."""

from __future__ import annotations

from collections.abc import Sequence

from tix.desk.context import Desk
from tix.desk.tickets.change import change, refuse
from tix.desk.tickets.files import Upload, keep
from tix.desk.tickets.followers import added
from tix.desk.tickets.outcome import Action, Outcome
from tix.desk.tickets.parties import speaker
from tix.domain.names import is_none
from tix.domain.permissions import NO, YES, permission, rank_of, require, you_are
from tix.domain.tickets import lifecycle
from tix.domain.tickets.references import Reference
from tix.domain.tickets.ticket import Ticket, play
from tix.domain.tickets.timeline import Item, Work
from tix.errors import NotAllowed
from tix.words.sentence import Said

# -------------------------------------------------------------------------------------------- changing


def refusal(desk: Desk, verb: str) -> Action | None:
    """Return the action that refuses ``verb`` before any name is looked up; None where the actor may do it."""
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
    """Add a public reply, or a requester's message; with ``status``, set exactly that in the same transaction.

    ``work`` is the time spent (staff only); ``watchers`` become followers.
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
                Said("only agents and admins can set a status by name ({you})", you=you_are(desk.actor))
            )
        author = speaker(desk, ticket)
        files = keep(desk, uploads)
        if target is None:
            answered = lifecycle.reply(ticket, rules, author, body, files)
            return _worked(desk, ticket, [*answered, *added(desk, ticket, watchers)], work)
        if ticket.phase != "open" and target.phase == "open":
            # As with `reopen -m`: reopen first, so that the reply answers the open ticket.
            items = lifecycle.set_status(ticket, rules, target, desk.author())
            items.append(lifecycle.speak(play(ticket, items), rules, author, body, files))
        else:
            items = [lifecycle.speak(ticket, rules, author, body, files)]
            items += lifecycle.set_status(play(ticket, items), rules, target, desk.author())
        items += lifecycle.claim_by_reply(ticket, rules, author)
        items += added(desk, ticket, watchers)
        return _worked(desk, ticket, items, work)

    return change(desk, reference, verb, decide, notify=notify)


def note(
    desk: Desk,
    reference: Reference,
    body: str,
    uploads: Sequence[Upload] = (),
    work: Work | None = None,
    *,
    notify: bool = True,
) -> Outcome:
    """Add an internal note; ``work`` is the time spent."""

    def decide(ticket: Ticket) -> list[Item]:
        said = lifecycle.note(ticket, desk.rules_of(ticket), desk.author(), body, keep(desk, uploads))
        return _worked(desk, ticket, [said], work)

    return change(desk, reference, "note", decide, notify=notify)


def _worked(desk: Desk, ticket: Ticket, items: list[Item], work: Work | None) -> list[Item]:
    """Return ``items`` with the time entry second, before a status that allows no time."""
    if work is None:
        return items
    from tix.desk.tickets.work import put_down

    return [items[0], put_down(desk, ticket, work), *items[1:]]


def assignment(desk: Desk, who: str, internal: str | None = None) -> Action:
    """Return the action that assigns a ticket to a login, ``@me``, ``team:NAME`` or ``none``. Raises UnknownName to staff."""
    refused = refusal(desk, "assign")
    if refused is not None:
        return refused
    from tix.desk.tickets.assign import assign, assign_team

    if who.startswith("team:"):
        from tix.desk.resources.registry import spelled

        team = spelled(desk, "team", who.removeprefix("team:"))
        return lambda desk, reference: assign_team(desk, reference, team, internal)
    person = None if is_none(who) else desk.person(who)
    return lambda desk, reference: assign(desk, reference, person, internal)
