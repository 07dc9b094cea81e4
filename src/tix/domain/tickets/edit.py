"""What staff do with a ticket besides answering: assign, claim, edit."""

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

from tix.domain.json_columns import dumps, loads
from tix.domain.organisation import Priority
from tix.domain.people import Person
from tix.domain.tickets import due_dates
from tix.domain.tickets.lifecycle import assigned, refuse_final, set_status
from tix.domain.tickets.policy import TicketPolicy
from tix.domain.tickets.ticket import Ticket, play, tags_text
from tix.domain.tickets.timeline import Author, Item, event, system
from tix.domain.times import instant
from tix.domain.workflows.workflow import Status
from tix.errors import AlreadyClaimed, Refused, StaleVersion
from tix.typing import TYPE_CHECKING, Any, NamedTuple
from tix.words.sentence import Said

if TYPE_CHECKING:
    from tix.domain.moments import When
    from tix.domain.topics import Value


class Edit(NamedTuple):
    """The fields somebody wants to change: each a wanted value, or absent.

    ``fields`` holds plain text columns (None clears). ``due_at`` (an instant or a day) and ``sla`` are 1-tuples
    so that "none" can be told from "not given"; ``plan`` is the plan that a new topic or department brings if
    nobody chose one. ``values`` are values of custom fields, None to remove one; ``internal`` says which of them
    only staff may read. ``after`` are the rules that apply after the change, ``place`` the status in them if they
    have another workflow.
    """

    fields: Mapping[str, str | None] = MappingProxyType({})
    priority: Priority | None = None
    status: Status | None = None
    due_at: "tuple[When | None] | None" = None
    tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    sla: tuple[str | None] | None = None
    plan: tuple[str | None] | None = None
    assets: tuple[str, ...] = ()
    remove_assets: tuple[str, ...] = ()
    values: "Mapping[str, Value | None]" = MappingProxyType({})
    internal: frozenset[str] = frozenset()
    after: TicketPolicy | None = None
    place: Status | None = None


def assign(ticket: Ticket, rules: TicketPolicy, author: Author, who: Person | None) -> list[Item]:
    """Return the events that assign the ticket to ``who``, or with None to nobody, and no team either.

    Empty if nothing changes. Raises FinalStatus, and Refused for somebody who cannot be assigned tickets.
    """
    refuse_final(ticket, rules)
    login = None if who is None else who.login
    items = []
    if login != ticket.assignee:
        if who is not None:
            refuse_unassignable(who, author.at)
        items.append(assigned(ticket, login, author))
    if who is None and ticket.team is not None:
        items.append(_to_team(ticket, None, author))
    return items


def assign_team(
    ticket: Ticket, rules: TicketPolicy, author: Author, team: str, members: Collection[str]
) -> list[Item]:
    """Return the events that assign the ticket to a team; an assignee who is not a member is removed.

    Empty if nothing changes. Raises FinalStatus, and Refused for a team without members.
    """
    refuse_final(ticket, rules)
    if not members:
        raise Refused(
            Said("the team {team} has no members", team=team),
            hint=Said("add one: tix team edit {team} --member LOGIN", team=team),
        )
    items = [] if ticket.team == team else [_to_team(ticket, team, author)]
    if ticket.assignee is not None and ticket.assignee not in members:
        items.append(assigned(ticket, None, author))
    return items


def _to_team(ticket: Ticket, team: str | None, author: Author) -> Item:
    return event("assigned", author, field="team", old=ticket.team, new=team, sets={"team": team})


def refuse_unassignable(who: Person, now: int) -> None:
    """Raise Refused for somebody who is inactive, away or not staff."""
    if not who.active:
        raise Refused(
            Said("{login} is inactive and cannot be assigned tickets", login=who.login),
            hint=Said("see agents: tix user list"),
        )
    if not who.is_staff:
        raise Refused(
            Said("{login} is a requester; only agents and admins can be assigned tickets", login=who.login),
            hint=Said("see agents: tix user list"),
        )
    if who.is_away(now):
        assert who.away_until is not None
        raise Refused(
            f"{who.login} is away until {instant(who.away_until)} and cannot be assigned tickets",
            hint=Said("when they are back: tix user edit {login} --away-until none", login=who.login),
        )


def claim(ticket: Ticket, rules: TicketPolicy, author: Author) -> list[Item]:
    """Return the event that assigns an unassigned ticket.

    Raises AlreadyClaimed naming the assignee, and FinalStatus.
    """
    refuse_final(ticket, rules)
    if ticket.assignee == author.by:
        return []
    if ticket.assignee is not None:
        raise AlreadyClaimed(
            Said("{ref} is assigned to {assignee}", ref=ticket.ref, assignee=ticket.assignee),
            hint=Said("to take it over: tix assign {number} @me", number=ticket.number),
        )
    return [assigned(ticket, author.by, author)]


def check_version(ticket: Ticket, version: int | None) -> None:
    """Raise StaleVersion if somebody changed the ticket since ``version`` was read."""
    if version is not None and version != ticket.version:
        raise StaleVersion(
            Said(
                "{ref} has changed: it is at version {version}, not {version2}",
                ref=ticket.ref,
                version=ticket.version,
                version2=version,
            ),
            hint=Said("read it again: tix show {number}", number=ticket.number),
        )


def edit(ticket: Ticket, rules: TicketPolicy, author: Author, wanted: Edit) -> list[Item]:
    """Return one event for each field that really changes. Raises FinalStatus, IllegalTransition."""
    refuse_final(ticket, rules)
    after = wanted.after or rules
    items: list[Item] = []
    for field, value in wanted.fields.items():
        old = getattr(ticket, field)
        if value != old:
            items.append(_field_changed(author, field, old, value, {field: value}))
    if wanted.priority is not None and wanted.priority.name != ticket.priority:
        new = wanted.priority
        sets: dict[str, Any] = {"priority": new.name, "rank": new.rank}
        items.append(_field_changed(author, "priority", ticket.priority, new.name, sets))
    if wanted.sla is not None and wanted.sla[0] != ticket.sla:
        (plan,) = wanted.sla
        items.append(_field_changed(author, "sla", ticket.sla, plan, {"sla": plan, "sla_by_hand": 1}))
    items.extend(_answers(ticket, author, wanted))
    items = _redated(ticket, items, after, author, wanted)
    if wanted.due_at is not None:
        items.extend(
            _due(play(ticket, items), after, author, due_dates.by_hand(wanted.due_at[0], after, author.at))
        )
    items.extend(_tags(ticket, author, wanted.tags, wanted.remove_tags))
    items.extend(_assets(ticket, author, wanted.assets, wanted.remove_assets))
    return [*items, *_moved(play(ticket, items), rules, after, author, wanted)]


def _moved(
    ticket: Ticket, rules: TicketPolicy, after: TicketPolicy, author: Author, wanted: Edit
) -> list[Item]:
    """Return the change to the wanted status, or to the one that another workflow brings."""
    if after.workflow.name == rules.workflow.name:
        return [] if wanted.status is None else set_status(ticket, after, wanted.status, author)
    from tix.domain.tickets.workflow_change import adopt

    assert wanted.place is not None
    return adopt(ticket, after, wanted.place, author)


# The fields on which a plan depends.
_CLOCKED = frozenset({"topic", "department", "sla", "priority"})


def _redated(
    ticket: Ticket, items: list[Item], rules: TicketPolicy, author: Author, wanted: Edit
) -> list[Item]:
    """Return ``items`` with the dates that follow, as part of the last event that causes them."""
    place = max((number for number, item in enumerate(items) if item.field in _CLOCKED), default=None)
    if place is None:
        return items
    cause = items[place]
    sets = dict(cause.sets or {})
    if (
        wanted.plan is not None
        and not ticket.sla_by_hand
        and wanted.sla is None
        and wanted.plan[0] != ticket.sla
    ):
        sets["sla"] = wanted.plan[0]
    after = play(ticket, [*items[:place], cause._replace(sets=sets), *items[place + 1 :]])
    sets |= due_dates.planned(after, rules)
    items = [*items[:place], cause._replace(sets=sets), *items[place + 1 :]]
    return [*items, *_late(play(ticket, items), author.at)]


def _late(ticket: Ticket, at: int) -> list[Item]:
    """Return the overdue event of a ticket whose new date had already passed."""
    return [overdue_already(at)] if ticket.overdue_at is None and ticket.is_overdue(at) else []


def redated(ticket: Ticket, rules: TicketPolicy, author: Author, reason: str) -> list[Item]:
    """Return what a change of a plan or a calendar does to a ticket: its new date, with the ``reason``."""
    sets = due_dates.planned(ticket, rules)
    if not sets:
        return []
    old = None if ticket.due_at is None else instant(ticket.due_at)
    due_at = sets.get("due_at", ticket.due_at)
    new = None if due_at is None else instant(due_at)
    field = "due_at" if "due_at" in sets else "response_due_at"
    changed = event("field-changed", author, field=field, old=old, new=new, reason=reason, sets=sets)
    return [changed, *_late(play(ticket, [changed]), author.at)]


def _field_changed(
    author: Author, field: str, old: str | None, new: str | None, sets: dict[str, Any]
) -> Item:
    return event("field-changed", author, field=field, old=old, new=new, sets=sets)


def _due(ticket: Ticket, rules: TicketPolicy, author: Author, due_at: int | None) -> list[Item]:
    """Return the change to a due date by hand, or back to the plan's.

    A past date makes the ticket overdue from now on.
    """
    sets: dict[str, Any] = {"due_at": due_at, "due_by_hand": int(due_at is not None), "overdue_at": None}
    if due_at is None:
        # Also for a finished ticket: the date it would have.
        by_plan = due_dates.planned(ticket._replace(due_by_hand=0, phase="open"), rules)
        sets["due_at"] = by_plan.get("due_at", ticket.due_at)
    if (sets["due_at"], sets["due_by_hand"]) == (ticket.due_at, ticket.due_by_hand):
        return []
    if sets["due_at"] == ticket.due_at:
        sets["overdue_at"] = ticket.overdue_at
    old = None if ticket.due_at is None else instant(ticket.due_at)
    new = None if sets["due_at"] is None else instant(sets["due_at"])
    items = [_field_changed(author, "due_at", old, new, sets)]
    return [*items, *_late(play(ticket, items), author.at)]


def overdue_already(at: int) -> Item:
    """Return the overdue event of a due date that had already passed when it was set."""
    return event("overdue", system(at), sets={"overdue_at": at})


def _tags(ticket: Ticket, author: Author, add: Iterable[str], remove: Iterable[str]) -> list[Item]:
    items = []
    tags = set(ticket.tag_list())
    for tag in dict.fromkeys(add):
        if tag not in tags:
            tags.add(tag)
            items.append(event("tag-added", author, field="tags", new=tag, sets={"tags": tags_text(tags)}))
    for tag in dict.fromkeys(remove):
        if tag in tags:
            tags.discard(tag)
            items.append(event("tag-removed", author, field="tags", old=tag, sets={"tags": tags_text(tags)}))
    return items


def _assets(ticket: Ticket, author: Author, add: Iterable[str], remove: Iterable[str]) -> list[Item]:
    items = []
    assets = ticket.asset_list()
    for name in dict.fromkeys(add):
        if name not in assets:
            assets.append(name)
            items.append(
                event("asset-added", author, field="assets", new=name, sets={"assets": dumps(assets)})
            )
    for name in dict.fromkeys(remove):
        if name in assets:
            assets.remove(name)
            items.append(
                event("asset-removed", author, field="assets", old=name, sets={"assets": dumps(assets)})
            )
    return items


def _answers(ticket: Ticket, author: Author, wanted: Edit) -> list[Item]:
    """Return one event for each custom field that changes; ``field`` is ``field.KEY``."""
    if not wanted.values:
        return []
    from tix.domain.topics import text_of

    items = []
    columns = {
        "fields": ticket.field_values(staff=False),
        "internal_fields": {} if ticket.internal_fields is None else dict(loads(ticket.internal_fields)),
    }
    for key, value in wanted.values.items():
        column = "internal_fields" if key in wanted.internal else "fields"
        held = columns[column]
        old = held.get(key)
        if old == value and type(old) is type(value):
            continue
        if value is None:
            del held[key]
        else:
            held[key] = value
        items.append(
            _field_changed(
                author,
                f"field.{key}",
                None if old is None else text_of(old),
                None if value is None else text_of(value),
                {column: dumps(held)},
            )
        )
    return items
