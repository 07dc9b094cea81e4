"""What only staff set of a new ticket is refused by the use case itself, whatever it was called by."""

import pytest

from tests.factories import ref, world
from tix.desk import people
from tix.desk.resources import resource, topics
from tix.desk.resources.organisation import CLIENT, DEPARTMENT, TEAM
from tix.desk.resources.topics import TOPIC, FieldChange
from tix.desk.tickets import edit, new, reply
from tix.desk.tickets.request import TicketRequest
from tix.desk.tickets.routing import Route
from tix.domain.people import Contact
from tix.errors import NotAllowed, NotFound, UnknownName


@pytest.fixture
def desk(tmp_path):
    """A desk with a client, a team, and a topic that has a holder, a plan and a question for staff."""
    with world(tmp_path) as made:
        root = made.desk("root")
        resource.add(root, CLIENT, "Acme", {})
        resource.add(root, DEPARTMENT, "IT", {})
        resource.add(root, TEAM, "net", {"member": ["ann"]})
        resource.add(root, TOPIC, "Network", {"department": "IT", "team": "net", "sla": "sev-b"})
        topics.add_field(root, "Network", "secret", FieldChange("Secret?", "text", staff_only=True))
        topics.add_field(root, "Network", "place", FieldChange("Where?", "text"))
        yield made


PRINTER = TicketRequest(subject="Printer", body="It smokes.")
STAFF_SAY = {
    "category": {"values": {"category": "red"}},
    "client": {"values": {"client": "Acme"}},
    "due_at": {"values": {"due_at": 1_900_000_000}},
    "source": {"values": {"source": "phone"}},
    "notify_email": {"values": {"notify_email": "x@y.example"}},
    "a column nobody names": {"values": {"rating": 5}},
    "requester": {"requester": Contact("rolf", None, None)},
    "requester nobody has": {"requester": Contact(None, "nobody@y.example", "Nobody")},
    "tags": {"tags": ("vip",)},
    "nobody": {"nobody": True},
    "team in words": {"team": "net"},
    "plan in words": {"sla": "sev-a"},
    "no plan in words": {"sla": "none"},
    "no category": {"values": {"category": None}},
    "answer in words": {"topic": "Network", "answers": {"secret": "yes"}},
    "notify": {"notify": False},
    "plan": {"route": Route(sla="sev-a", sla_by_hand=True)},
    "plan as by default": {"route": Route(sla="sev-a")},
    "team": {"route": Route(team="net")},
    "status": {"route": Route(status="on-hold")},
    "answer": {"route": Route("Network", "IT", "net", sla="sev-b"), "answers": {"secret": "yes"}},
}


@pytest.mark.parametrize("field", STAFF_SAY)
def test_a_requester_sets_no_field_of_the_staff_s(desk, field):
    """Called as a requester, each is refused and nothing is written; staff may."""
    said = dict(STAFF_SAY[field])
    route = said.pop("route", None)
    asked = PRINTER._replace(**said)
    with pytest.raises(NotAllowed):
        new.open_ticket(desk.desk("rita"), asked, route)
    assert desk.store.execute("SELECT count(*) FROM ticket").fetchone() == (0,)
    if "nobody" not in field:
        assert new.open_ticket(desk.desk("ann"), asked, route).ticket.number == 1


WHO_SEES_OTHERS = {
    "their manager": ("rolf", {"manager": "rita"}),
    "a contact of their client": ("rita", {"client": "Acme", "contact": "primary"}),
}


@pytest.mark.parametrize("why", WHO_SEES_OTHERS)
def test_who_sees_others_tickets_raises_theirs_and_their_own(desk, why):
    """For themselves as every requester does; for their people; for nobody else, and with no field of the staff's."""
    people.edit(desk.desk("root"), *WHO_SEES_OTHERS[why])
    if "client" in why:
        people.edit(desk.desk("root"), "rolf", {"client": "Acme"})
    assert new.open_ticket(desk.desk("rita"), PRINTER).ticket.requester == "rita"
    theirs = PRINTER._replace(requester=Contact("rolf", None, None))
    assert new.open_ticket(desk.desk("rita"), theirs).ticket.requester == "rolf"
    for asked in (PRINTER._replace(tags=("vip",)), theirs._replace(tags=("vip",))):
        with pytest.raises(NotAllowed, match="tags"):
            new.open_ticket(desk.desk("rita"), asked)
    with pytest.raises(NotAllowed, match="only for their reports and their client's people"):
        new.open_ticket(desk.desk("rita"), PRINTER._replace(requester=Contact("ann", None, None)))


def test_who_sees_nobody_else_s_tickets_raises_none_of_theirs(desk):
    """They are told that it takes staff, not that it takes reports."""
    with pytest.raises(NotAllowed, match="requester"):
        new.open_ticket(desk.desk("rita"), PRINTER._replace(requester=Contact("rolf", None, None)))


def test_a_requester_assigns_nobody(desk):
    """Neither by what they ask for nor by the route."""
    ann = desk.desk().person("ann")
    for asked, route in ((PRINTER._replace(assignee=ann), None), (PRINTER, Route(assignee=ann))):
        with pytest.raises(NotAllowed, match="only agents and admins can set the assignee"):
            new.open_ticket(desk.desk("rita"), asked, route)


def test_what_the_topic_says_of_a_requester_s_ticket_holds(desk):
    """Its team and its plan come along, and what concerns the requester is theirs to say."""
    rita = desk.desk("rita")
    values = {
        "type": "issue",
        "priority": rita.priority("high"),
        "phone": "12",
        "email": None,
        "about": "a:1",
    }
    asked = PRINTER._replace(
        values=values, topic="Network", answers={"place": "here"}, watchers=("x@y.example",)
    )
    ticket = new.open_ticket(rita, asked).ticket
    assert (ticket.team, ticket.sla, ticket.department) == ("net", "sev-b", "IT")


def test_who_may_not_edit_or_assign_learns_no_names(desk):
    """A ticket that is not there is not found, one that is is not theirs to change; no name is looked up before."""
    number = desk.new("rita")
    rita = desk.desk("rita")
    for there, error in ((ref(number), NotAllowed), (ref(99), NotFound)):
        for who in ("ann", "nobody-at-all", "team:net", "team:nothing"):
            with pytest.raises(error):
                reply.assignment(rita, who)(rita, there)
        for words in (
            {"department": "nowhere"},
            {"client": "Acme"},
            {"assets": ("none such",)},
            {"for_": "nobody"},
        ):
            with pytest.raises(error):
                edit.prepared(rita, edit.Names(**words))(rita, there)
    ann = desk.desk("ann")
    with pytest.raises(UnknownName):
        reply.assignment(ann, "nobody-at-all")
    with pytest.raises(UnknownName):
        edit.prepared(ann, edit.Names(department="nowhere"))
    assert edit.prepared(ann, edit.Names(department="it"))(ann, ref(number)).ticket.department == "IT"
    assert reply.assignment(ann, "team:net")(ann, ref(number)).ticket.team == "net"
