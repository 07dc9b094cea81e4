"""A ticket somebody asks for, by whatever way: their words parsed, judged by who they are, and raised."""

import pytest

from tests.factories import world
from tix.desk.resources import resource, topics
from tix.desk.resources.catalog import ASSET
from tix.desk.resources.organisation import CLIENT, DEPARTMENT, TEAM
from tix.desk.resources.topics import TOPIC, FieldChange
from tix.desk.tickets import new, request
from tix.desk.tickets.request import TicketRequest
from tix.domain.people import Contact
from tix.errors import InvalidValue, NotAllowed, Refused, UnknownName


@pytest.fixture
def desk(tmp_path):
    """A desk with a topic that sends what is raised under it somewhere, and asks where."""
    with world(tmp_path) as made:
        root = made.desk("root")
        resource.add(root, CLIENT, "Acme", {})
        resource.add(root, DEPARTMENT, "IT", {})
        resource.add(root, DEPARTMENT, "Sales", {})
        resource.add(root, TEAM, "net", {"member": ["ann"]})
        resource.add(root, ASSET, "LT-1", {})
        resource.add(root, TOPIC, "Network", {"department": "IT", "team": "net", "sla": "sev-b"})
        topics.add_field(root, "Network", "place", FieldChange("Where?", "text", required=True))
        yield made


def asked(desk, login="ann", **words):
    """What ``login`` asks for in words."""
    return request.parse(desk.desk(login), words)._replace(subject="Printer", body="It smokes.")


@pytest.mark.parametrize("login", ["root", "ann", "rita"])
def test_the_topic_says_where_it_goes_whoever_asks(desk, login):
    """The same request, as each role: nothing else is needed to raise a ticket."""
    made = asked(desk, login, topic="network", answers={"place": "2nd floor"}, phone="12", priority="high")
    ticket = new.open_ticket(desk.desk(login), made).ticket
    assert (ticket.topic, ticket.department, ticket.team, ticket.sla) == ("Network", "IT", "net", "sev-b")
    assert (ticket.requester, ticket.priority, ticket.phone) == (login, "high", "12")
    assert ticket.field_values() == {"place": "2nd floor"}


STAFFS = {
    "for somebody": ({"requester": "rolf"}, ("requester", "rolf")),
    "assigned": ({"assignee": "ann"}, ("assignee", "ann")),
    "to a team": ({"assignee": "team:net"}, ("team", "net")),
    "another plan": ({"sla": "sev-a"}, ("sla", "sev-a")),
    "no plan": ({"sla": "none"}, ("sla", None)),
    "tags": ({"tags": ["vip,new"]}, ("tag_list", ("new", "vip"))),
    "source": ({"source": "phone"}, ("source", "phone")),
    "client": ({"client": "acme"}, ("client", "Acme")),
    "category": ({"category": "red"}, ("category", "red")),
}


@pytest.mark.parametrize("case", STAFFS)
def test_what_only_staff_ask_for(desk, case):
    """Staff get it; a requester is refused by the use case, and nothing is written."""
    words, (name, value) = STAFFS[case]
    made = asked(desk, "ann", **words)
    with pytest.raises(NotAllowed):
        new.open_ticket(desk.desk("rita"), made)
    assert desk.store.execute("SELECT count(*) FROM ticket").fetchone() == (0,)
    ticket = new.open_ticket(desk.desk("ann"), made).ticket
    found = sorted(ticket.tag_list()) if name == "tag_list" else getattr(ticket, name)
    assert found == (list(value) if name == "tag_list" else value)


def test_words_win_over_the_topic(desk):
    """A department, a team, a plan that is said; nobody in place of its team."""
    place = {"topic": "Network", "answers": {"place": "x"}}
    ticket = new.open_ticket(desk.desk(), asked(desk, department="sales", sla="none", **place)).ticket
    assert (ticket.department, ticket.team, ticket.sla, ticket.sla_by_hand) == ("Sales", "net", None, 1)
    ticket = new.open_ticket(desk.desk(), asked(desk, assignee="none", **place)).ticket
    assert (ticket.team, ticket.assignee) == (None, None)


def test_what_the_topic_asks_has_to_be_answered(desk):
    """And nothing else is; where it was looked at already, that counts."""
    for answers in ({}, {"place": "x", "colour": "red"}):
        with pytest.raises(InvalidValue):
            new.open_ticket(desk.desk(), asked(desk, topic="Network", answers=answers))
    made = asked(desk, topic="Network")
    assert new.open_ticket(desk.desk(), made, answers={"place": "here"}).ticket.field_values() == {
        "place": "here"
    }


def test_words_that_are_wrong(desk):
    """Each by its own name, for whoever asks: no flag is needed to know which."""
    for words in ({"priority": "very"}, {"colour": "red"}, {"source": "pigeon"}, {"idempotency_key": " "}):
        with pytest.raises(InvalidValue):
            asked(desk, **words)
    for words in ({"assignee": "nobody"}, {"client": "Initech"}, {"assets": ["none such"]}):
        with pytest.raises(UnknownName):
            asked(desk, **words)


def test_none_was_not_said(desk):
    """A word that is None is as if it were not there."""
    names = "topic type category priority requester assignee sla due_at tags assets answers watchers notify"
    assert request.parse(desk.desk(), dict.fromkeys(names.split())) == TicketRequest()


def test_who_takes_no_tickets_gets_none(desk):
    """Before anybody writes a text, and at the end."""
    made = asked(desk, assignee="rolf")
    for act in (new.refuse, new.open_ticket):
        with pytest.raises(Refused):
            act(desk.desk(), made)


def test_a_requester_names_themselves(desk):
    """By login or address; that is nobody else."""
    for word in ("@me", "rita", "rita@x.example"):
        assert asked(desk, "rita", requester=word).requester is None
    itself = TicketRequest(subject="x", body="x", requester=Contact(None, "rita@x.example", None))
    assert new.open_ticket(desk.desk("rita"), itself).ticket.requester == "rita"
