"""Canned replies: every placeholder, what is put in, and what is never evaluated."""

import pytest

from tests.factories import T0, person, ticket
from tix.domain.canned import PLACEHOLDERS, Canned, Facts, checked, rendered
from tix.errors import InvalidValue

FULL = Facts(
    ticket(
        number=12, subject="Out of {paper}", type="issue", topic="Printer", department="IT", client="Acme",
        assignee="ben", about="campaign:42", due_at=T0 + 3600,
    ),
    person("rita", "requester", name="Rita Rossi", email="rita@x.example"),
    person("ann", name="Ann Berg"),
    T0,
)  # fmt: skip
BARE = Facts(ticket(), None, person("ann"), T0)

# Of each placeholder what stands for it where everything is known, and where hardly anything is.
TABLE = {
    "ticket.ref": ("TIX-12", "TIX-1"),
    "ticket.subject": ("Out of {paper}", "Printer"),
    "ticket.status": ("open", "open"),
    "ticket.priority": ("medium", "medium"),
    "ticket.type": ("issue", ""),
    "ticket.topic": ("Printer", ""),
    "ticket.department": ("IT", ""),
    "ticket.client": ("Acme", ""),
    "ticket.assignee": ("ben", ""),
    "ticket.about": ("campaign:42", ""),
    "ticket.created_at": ("2026-11-20T09:00:00Z", "2026-11-20T09:00:00Z"),
    "ticket.due_at": ("2026-11-20T10:00:00Z", ""),
    "requester.name": ("Rita Rossi", ""),
    "requester.first_name": ("Rita", ""),
    "requester.login": ("rita", "rita"),
    "requester.email": ("rita@x.example", ""),
    "agent.name": ("Ann Berg", "Ann"),
    "agent.login": ("ann", "ann"),
    "today": ("2026-11-20", "2026-11-20"),
}


@pytest.mark.parametrize("name", TABLE)
def test_what_stands_for_a_placeholder(name):
    full, bare = TABLE[name]
    assert rendered(f"<{{{{ {name} }}}}>", FULL) == f"<{full}>"
    assert rendered(f"<{{{{{name}}}}}>", BARE) == f"<{bare}>"


def test_there_are_no_other_placeholders():
    """Only what a requester may read has a name."""
    assert set(PLACEHOLDERS) == set(TABLE)


@pytest.mark.parametrize(("name", "first"), [("Rita", "Rita"), ("", ""), ("  Rita  Maria Rossi", "Rita")])
def test_the_first_name(name, first):
    facts = FULL._replace(requester=person("rita", "requester", name=name))
    assert rendered("{{requester.first_name}}", facts) == first


def test_somebody_without_an_address():
    facts = FULL._replace(requester=person("rita", "requester", email=None))
    assert rendered("{{requester.email}}", facts) == ""


def test_texts_with_several_placeholders():
    text = "Dear {{requester.first_name}},\n{{ ticket.ref }} {ticket.ref} {{\nticket.status\n}}{{ today}}"
    assert checked(text) == text
    assert rendered(text, FULL) == "Dear Rita,\nTIX-12 {ticket.ref} open2026-11-20"


def test_what_is_put_in_is_no_text_to_fill_in():
    facts = FULL._replace(ticket=ticket(subject="{{agent.login}}"))
    assert rendered("{{ticket.subject}}", facts) == "{{agent.login}}"


def test_a_placeholder_of_another_version_stays_as_it_stands():
    assert rendered("{{ ticket.mood }}, {{}}", FULL) == "{{ ticket.mood }}, {{}}"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("{{ ticket.mood }}", "'{{ ticket.mood }}'"),
        ("{{today}} {{}}", "'{{  }}'"),
        ("{{ a\n b }}", "'{{ a b }}'"),
        ("{{" + "x" * 41 + "}}", "'{{ " + "x" * 40 + " }}'"),
        ("{{ Today }}", "'{{ Today }}'"),
    ],
)
def test_an_unknown_placeholder_is_refused(text, named):
    with pytest.raises(InvalidValue) as refused:
        checked(text)
    assert named in refused.value.message
    assert all(name in refused.value.hint for name in TABLE)


@pytest.mark.parametrize("text", ["", "no braces", "{ today }", "{{ today", "today }}"])
def test_what_has_no_placeholder(text):
    assert checked(text) == rendered(text, FULL) == text


def test_a_canned_reply_is_offered_unless_somebody_says_otherwise():
    assert Canned("hello", "Hello.").active is True
