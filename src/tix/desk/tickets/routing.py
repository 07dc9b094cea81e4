"""Route a new ticket: by the given values, then its topic, its department, the desk's defaults."""

from __future__ import annotations

from collections.abc import Mapping

from tix.desk.context import Desk
from tix.desk.resources import registry
from tix.domain.names import is_none
from tix.domain.organisation import Priority
from tix.domain.people import Person
from tix.domain.topics import Field, Topic, Value, completed, inherited, parse_values
from tix.errors import InvalidValue
from tix.store import people as directory
from tix.store.setup import repository
from tix.store.setup import topics as topic_rows
from tix.typing import TYPE_CHECKING, NamedTuple
from tix.words.sentence import Said

if TYPE_CHECKING:
    from tix.desk.tickets.request import TicketRequest


class Route(NamedTuple):
    """The routing of a ticket. ``sla_by_hand``: the SLA plan, or none, was chosen by hand.

    ``left_out`` is the topic's assignee where they cannot take tickets now.
    """

    topic: str | None = None
    department: str | None = None
    team: str | None = None
    assignee: Person | None = None
    priority: Priority | None = None
    sla: str | None = None
    sla_by_hand: bool = False
    status: str | None = None
    left_out: Person | None = None


def topics(desk: Desk) -> list[Topic]:
    """Return the topics a new ticket can have."""
    return [topic for topic in topic_rows.TOPICS.all(desk.store) if topic.active]


def topic_of(desk: Desk, word: str | None) -> Topic | None:
    """Return the named topic, by default the desk's. Raises UnknownName with the known ones."""
    name = desk.settings.name("default_topic") if word is None else word.strip()
    if name is None or is_none(name):
        return None
    topic: Topic = registry.named(desk, "topic", name)
    return topic


def routed(desk: Desk, request: TicketRequest) -> Route:
    """Return the routing of a new ticket. Raises UnknownName for a name the desk does not have."""
    topic = topic_of(desk, request.topic)
    whole = Topic("") if topic is None else topic
    if topic is not None and topic.parents:
        whole = inherited(topic, topic_rows.TOPICS.all(desk.store))
    department = _named(desk, "department", request.department)
    if request.department is None:
        department = whole.department or desk.settings.name("default_department")
    team, assignee, left_out = _named(desk, "team", request.team), None, None
    if request.team is None and request.assignee is None and not request.nobody:
        team = whole.team
        if whole.assignee is not None:
            assignee = directory.by_login(desk.store, whole.assignee)
    if assignee is not None and (not assignee.active or not assignee.is_staff or assignee.is_away(desk.now)):
        assignee, left_out = None, assignee
    sla = _named(desk, "sla", request.sla)
    if request.sla is None:
        sla = default_plan(desk, whole, department)
    priority = None if whole.priority is None else desk.priority(whole.priority)
    return Route(
        None if topic is None else topic.name,
        department,
        team,
        assignee,
        priority,
        sla,
        request.sla is not None,
        whole.status,
        left_out,
    )


def default_plan(desk: Desk, topic: Topic | None, department: str | None) -> str | None:
    """Return the default SLA plan of a ticket: its topic's, its department's, else the desk's."""
    if topic is not None and topic.sla is not None:
        return topic.sla
    place = None if department is None else repository.DEPARTMENTS.get(desk.store, department)
    if place is not None and place.sla is not None:
        return place.sla
    return desk.settings.name("default_sla")


def _named(desk: Desk, name: str, word: str | None) -> str | None:
    """Return the name an option gives, as the desk spells it; None for ``none`` or no option. Raises UnknownName."""
    if word is None or is_none(word):
        return None
    return registry.spelled(desk, name, word)


def answered(desk: Desk, topic: str | None, given: Mapping[str, str]) -> dict[str, Value]:
    """Return the custom field values of a new ticket: the given ones and the defaults.

    Raises InvalidValue for a field the topic does not have, an invalid value and a missing required field.
    """
    if topic is None:
        if given:
            raise InvalidValue(
                Said("the ticket has no topic, so it has no field {names}", names=", ".join(given)),
                hint=Said("add --topic NAME; tix topic list"),
            )
        return {}
    fields = desk.asked(topic)
    asked = [field for field in fields if desk.actor.is_staff or not field.staff_only]
    values = parse_values(asked, given)
    return completed(fields, values, staff=desk.actor.is_staff)


def unanswered(
    desk: Desk, topic: str | None, given: Mapping[str, str], *, required: bool = True
) -> list[Field]:
    """Return the topic's fields without a value in ``given``; with ``required`` only the required ones."""
    fields = [] if topic is None else desk.asked(topic)
    return [
        field
        for field in fields
        if field.key not in given
        and (desk.actor.is_staff or not field.staff_only)
        and (not required or (field.required and field.default is None))
    ]


def asset_of(desk: Desk, word: str) -> str:
    """Return the name of an asset, as the desk spells it. Raises UnknownName; requesters see only their client's."""
    return registry.spelled(desk, "asset", word)


def client_of_assets(desk: Desk, assets: tuple[str, ...]) -> str | None:
    """Return the client whose assets these are, None where they are nobody's: so that the work on them is billed."""
    for name in assets:
        asset = repository.ASSETS.get(desk.store, name)
        owner: str | None = None if asset is None else asset.client
        if owner is not None:
            return owner
    return None


def refuse_foreign(desk: Desk, client: str | None, requester: Person, assets: tuple[str, ...] = ()) -> None:
    """Raise InvalidValue where the requester or an asset belongs to another client."""
    if client is None:
        return
    if requester.client is not None and requester.client != client:
        raise InvalidValue(
            Said(
                "{login} belongs to client {client}, not {client2}",
                login=requester.login,
                client=requester.client,
                client2=client,
            ),
            hint=f"tix client show '{client}'",
        )
    for name in assets:
        asset = repository.ASSETS.get(desk.store, name)
        if asset is not None and asset.client is not None and asset.client != client:
            raise InvalidValue(
                Said(
                    "asset {name} belongs to client {client}, not {client2}",
                    name=name,
                    client=asset.client,
                    client2=client,
                )
            )
