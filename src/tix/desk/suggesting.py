"""What the desk can offer for a word that is being typed: tickets, people, and the names it is set up with.

Everything goes through the scope of the acting person: completion is a second door to the same data.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import chain, islice
from typing import Literal, NamedTuple

from tix.desk.context import Desk
from tix.domain.permissions import require
from tix.domain.settings import SETTINGS
from tix.domain.tickets.lifecycle import settled
from tix.domain.tickets.ticket import Ticket
from tix.errors import InvalidValue
from tix.store import people as directory
from tix.store.search import queue
from tix.store.setup import repository as setup_repository
from tix.store.setup import settings as setup_settings
from tix.store.tickets import tickets as repository

# What a person still reads; a longer list helps nobody.
MOST = 50
# How many tickets are looked at to find them: a bound on the work, not on the answer.
_MOST_LOOKED_AT = 200
_FIRST_STRETCH = 1000

Which = Literal["any", "open", "over", "unclaimed", "rateable"]


class Suggestion(NamedTuple):
    """A value that may stand there, and what it is. Both as they are stored: not fit for a terminal yet."""

    value: str
    about: str = ""


# ------------------------------------------------------------------------------------------------ tickets


def tickets(desk: Desk, typed: str, which: Which, without: Collection[int] = ()) -> Iterator[Suggestion]:
    """References that go on from ``typed`` (``12``, ``#1``, ``TIX-``, ``tix-1``), with their subjects.

    The queue in its order, then what else is open, then the others, newest activity first; by number where
    ``typed`` has digits. ``without`` are numbers that need not be offered again.
    """
    require(desk.actor, "completion")
    digits = typed.removeprefix("#").rpartition("-")[2]
    found = _numbered(desk, digits) if digits.isascii() and digits.isdigit() else _urgent(desk, which)
    chosen = (
        Suggestion(reference, ticket.subject)
        for ticket in found
        if ticket.number not in without and _fits(desk, ticket, which)
        if (reference := _continued(ticket, typed)) is not None
    )
    return islice(chosen, MOST)


def _continued(ticket: Ticket, typed: str) -> str | None:
    """The reference of ``ticket`` in the spelling that ``typed`` began, or None."""
    bare = typed.removeprefix("#")
    whole = str(ticket.number) if typed.startswith("#") or bare.isdigit() else ticket.ref
    return typed + whole[len(bare) :] if whole.lower().startswith(bare.lower()) else None


def _fits(desk: Desk, ticket: Ticket, which: Which) -> bool:
    match which:
        case "any":
            return True
        case "open":
            return ticket.phase == "open"
        case "over":
            return ticket.phase != "open"
        case "unclaimed":
            return ticket.phase == "open" and ticket.assignee is None
        case "rateable":
            over = ticket.phase in desk.rules_of(ticket).workflow.rated_in
            return over and ticket.rating is None and ticket.requester == desk.actor.login


def _urgent(desk: Desk, which: Which) -> Iterator[Ticket]:
    """Tickets as somebody would look for them, each once; read only as far as they are asked for."""
    still_open = [queue.Selection({name: None}) for name in dict.fromkeys((desk.queue, "open"))]
    others = [queue.Selection({"closed": None}, "-last_activity_at")]
    selections = {"any": still_open + others, "over": others, "rateable": others}.get(which, still_open)
    seen = set()
    for selection in selections:
        if which == "unclaimed":
            selection = queue.Selection({**selection.filters, "unassigned": None})  # noqa: PLW2901  # narrower
        for row in queue.page(desk.store, desk.scope, selection._replace(limit=_MOST_LOOKED_AT), desk.now):
            if row.ticket.number not in seen:
                seen.add(row.ticket.number)
                yield settled(row.ticket, desk.now)


def _numbered(desk: Desk, digits: str) -> Iterator[Ticket]:
    """Tickets whose number begins with ``digits``, smallest first."""
    for number in islice(_numbers(desk, digits), _MOST_LOOKED_AT):
        ticket = repository.get(desk.store, number, desk.scope)
        if ticket is not None:
            yield settled(ticket, desk.now)


def _numbers(desk: Desk, digits: str) -> Iterator[int]:
    """The numbers: 12, then 120–129, then 1200–1299 …, in stretches that grow where little is found."""
    last = setup_settings.last_number(desk.store)
    if digits.startswith("0") or len(digits) > len(str(last)):
        return
    low = high = int(digits)
    while low <= last:
        first, stretch = low, _FIRST_STRETCH
        while first <= min(high, last):
            end = min(high, last, first + stretch - 1)
            for number, _ in repository.numbers(desk.store, first, end, desk.scope):
                yield number
            first, stretch = end + 1, stretch * 10
        low, high = low * 10, high * 10 + 9


# ------------------------------------------------------------------------------------------------- people


def people(desk: Desk, typed: str, *, staff: bool = False) -> Iterator[Suggestion]:
    """Whose login begins with ``typed``: active people, with their names; ``staff`` only who holds tickets.

    A requester may not list people: they are offered themselves and who is named on the tickets they see.
    """
    me = desk.actor.person
    known: Iterable[Suggestion]
    if desk.actor.is_staff:
        if staff:  # they are few, among many others
            found = [person for person in directory.some(desk.store, "staff") if person.active]
        else:
            found = directory.beginning(desk.store, typed, MOST)
        known = (Suggestion(person.login, person.name) for person in found)
    else:
        seen = islice(_urgent(desk, "any"), MOST)
        named = {login for ticket in seen for login in (ticket.assignee, ticket.requester) if login}
        known = [Suggestion(me.login, me.name), *map(Suggestion, sorted(named - {me.login}))]
    everybody = chain([Suggestion("@me", me.name)], known)
    return islice((one for one in everybody if one.value.startswith(typed)), MOST)


# --------------------------------------------------------------------------------- what the desk is set up with


def statuses(desk: Desk) -> Iterator[Suggestion]:
    """The statuses of the workflows in use, with their labels."""
    found = {
        status.name: status.label for workflow in desk.workflows_in_use() for status in workflow.statuses
    }
    return (Suggestion(name, label) for name, label in found.items())


def priorities(desk: Desk) -> Iterator[Suggestion]:
    """The priorities in use, highest first, with what else they are called."""
    known = reversed(setup_repository.PRIORITIES.all(desk.store))
    return (Suggestion(one.name, ", ".join(one.aliases)) for one in known if one.active)


def types(desk: Desk) -> Iterator[Suggestion]:
    """The ticket types in use."""
    return (Suggestion(kind.name) for kind in setup_repository.TYPES.all(desk.store) if kind.active)


def tags(desk: Desk) -> Iterator[Suggestion]:
    """The tags of the most urgent tickets; a requester reads none."""
    if not desk.scope.staff:
        return iter(())
    found = chain.from_iterable(ticket.tag_list() for ticket in islice(_urgent(desk, "any"), 4 * MOST))
    return (Suggestion(tag) for tag in sorted(set(found)))


def workflows(desk: Desk | None = None) -> Iterator[Suggestion]:
    """The workflows there are, with their titles: those that are shipped, then the desk's own."""
    from tix.domain.workflows.shipped import SHIPPED

    yield from (Suggestion(workflow.name, workflow.title) for workflow in SHIPPED.values())
    if desk is not None:
        from tix.store.setup import workflows as own

        yield from (Suggestion(workflow.name, workflow.title) for workflow in own.SHELF.all(desk.store))


def settings() -> Iterator[Suggestion]:
    """The desk's settings, with what they are for."""
    return (Suggestion(setting.key, setting.summary) for setting in SETTINGS.values())


def setting_values(desk: Desk, key: str) -> Iterator[Suggestion]:
    """The values of a setting that has a list of them, the default marked."""
    if key == "workflow":
        return workflows(desk)
    if key in ("default_department", "default_sla", "default_topic"):
        from tix.desk.offering import named

        return chain(named(desk, key.removeprefix("default_"), ""), [Suggestion("none")])
    if key == "default_priority":
        return priorities(desk)
    if key not in SETTINGS:
        return iter(())
    default = SETTINGS[key].default
    return (Suggestion(word, "default" if word == default else "") for word in _choices(key))


def _choices(key: str) -> list[str]:
    """What a setting takes, from the hint of its refusal: the one place where that is written."""
    try:
        SETTINGS[key].parse("\0")
    except InvalidValue as refusal:
        hint = refusal.hint or ""
        return hint.removeprefix("one of ").split(", ") if hint.startswith("one of ") else []
    return []


def notifications(desk: Desk) -> Iterator[Suggestion]:
    """The unread ones, newest first."""
    from tix.desk import notices

    for one in notices.listed(desk, limit=MOST):
        yield Suggestion(str(one.id), f"{one.ref} {one.reason}: {one.subject}")
