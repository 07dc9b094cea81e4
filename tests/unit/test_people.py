"""People: roles and what follows from them, and what may be a login, an address, a person."""

import pytest

from tests.factories import T0, person
from tix.domain.people import (
    Actor,
    Contact,
    login_from_os_name,
    newcomer,
    parse_contact,
    parse_email,
    parse_login,
)
from tix.errors import InvalidValue

# ---------------------------------------------------------------------------------------------------- roles


@pytest.mark.parametrize(
    ("role", "staff", "admin"),
    [("admin", True, True), ("agent", True, False), ("requester", False, False)],
)
def test_who_is_staff(role, staff, admin):
    one = Actor(person("x", role))
    assert (one.person.is_staff, one.is_staff, one.is_admin) == (staff, staff, admin)


def test_who_acts_and_who_typed_it():
    assert (Actor(person("ann")).login, Actor(person("ann")).via_login) == ("ann", None)
    other = Actor(person("ann"), person("root", "admin"))
    assert (other.login, other.via_login) == ("ann", "root")


@pytest.mark.parametrize(("until", "away"), [(None, False), (T0 - 1, False), (T0, False), (T0 + 1, True)])
def test_who_is_away(until, away):
    """At the end of it they are back."""
    assert person(away_until=until).is_away(T0) is away


@pytest.mark.parametrize(
    ("role", "values", "client"),
    [
        ("requester", {"contact": ("primary",), "client": "Acme"}, "Acme"),
        ("requester", {"contact": ("billing", "technical"), "client": "Acme"}, "Acme"),
        ("requester", {"contact": ("billing",), "client": "Acme"}, None),
        ("requester", {"client": "Acme"}, None),
        ("requester", {"contact": ("primary",)}, None),
        ("agent", {"contact": ("primary",), "client": "Acme"}, None),
    ],
)
def test_who_sees_their_clients_tickets(role, values, client):
    assert person("x", role, **values).client_seen == client
    assert person("x", role, **values).sees_others is (client is not None)


def test_a_manager_sees_others_tickets():
    assert person("x", "requester", manages=True).sees_others
    assert not person("x", "requester").sees_others


@pytest.mark.parametrize(
    ("role", "values", "other", "answers"),
    [
        ("requester", {}, {"manager": "x"}, True),
        ("requester", {}, {"manager": "y"}, False),
        ("requester", {}, {}, False),
        ("agent", {}, {"manager": "x"}, False),
        ("requester", {"contact": ("primary",), "client": "Acme"}, {"client": "Acme"}, True),
        ("requester", {"contact": ("primary",), "client": "Acme"}, {"client": "Other"}, False),
        ("requester", {"contact": ("primary",), "client": "Acme"}, {}, False),
        ("requester", {"contact": ("billing",), "client": "Acme"}, {"client": "Acme"}, False),
        ("requester", {"contact": ("primary",)}, {}, False),
    ],
)
def test_whom_somebody_answers_for(role, values, other, answers):
    assert person("x", role, **values).answers_for(person("lan", "requester", **other)) is answers


def test_a_newcomer():
    one = newcomer("lan")
    assert (one.id, one.login, one.name, one.email, one.phone, one.role, one.active) == (
        0,
        "lan",
        "lan",
        None,
        None,
        "requester",
        True,
    )
    one = newcomer("lan", "Lan Nguyen", "lan@x.example", "agent")
    assert (one.name, one.email, one.role) == ("Lan Nguyen", "lan@x.example", "agent")
    assert (one.client, one.departments, one.away_until, one.manages) == (None, None, None, False)


# --------------------------------------------------------------------------------------------------- logins


@pytest.mark.parametrize(
    ("text", "login"),
    [
        ("lan", "lan"),
        (" Lan ", "lan"),
        ("a", "a"),
        ("9a", "9a"),
        ("o.b_r+i@e-n", "o.b_r+i@e-n"),
        ("tix-12a", "tix-12a"),
        ("uid-1234", "uid-1234"),  # what an id without a name becomes
        ("meat", "meat"),
    ],
)
def test_what_is_a_login(text, login):
    assert parse_login(text) == login


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is not a login"),
        ("a b", "is not a login"),
        ("o'brien", "is not a login"),
        ("ünal", "is not a login"),
        ("a/b", "is not a login"),
        *[(word, "is a reserved word") for word in ("me", "none", "all", "auto", "system", " ALL ")],
        ("12", "looks like a ticket reference"),
        ("12-18", "looks like a ticket reference"),
        ("tix-12", "looks like a ticket reference"),
        ("TIX-12", "looks like a ticket reference"),
        ("abcdefghij-1", "looks like a ticket reference"),
        ("1.2", "has no letter"),
        ("-", "has no letter"),
    ],
)
def test_what_is_no_login(text, words):
    with pytest.raises(InvalidValue, match=words):
        parse_login(text)


@pytest.mark.parametrize(
    ("name", "login"),
    [("lan", "lan"), ("Lan Nguyen", "lan-nguyen"), ("DOM\\ünal", "dom--nal"), ("a.b", "a.b")],
)
def test_a_name_of_the_system_as_a_login(name, login):
    assert login_from_os_name(name) == login


# ------------------------------------------------------------------------------------------------ addresses

# 254 characters: as many as fit.
LONGEST = "lana@" + ".".join(["y" * 49] * 5)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("lan@x.example", "lan@x.example"),
        (" Lan@X.Example ", "lan@x.example"),
        ("o'brien+x@a-b.c.example", "o'brien+x@a-b.c.example"),
        (LONGEST, LONGEST),
    ],
)
def test_what_is_an_address(text, address):
    assert parse_email(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "", "lan", "lan@", "@x.example", "lan@localhost", "lan@x..example", "lan@-x.example", "a b@x.example",
        "lan@x.example.", "x" + LONGEST, "lan@" + "y" * 64 + ".example",
    ],
)  # fmt: skip
def test_what_is_no_address(text):
    with pytest.raises(InvalidValue, match="is not an e-mail address"):
        parse_email(text)


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("lan", Contact("lan", None, None)),
        (" LAN ", Contact("lan", None, None)),
        ("Lan@x.example", Contact(None, "lan@x.example", None)),
        ("Lan Nguyen <lan@x.example>", Contact(None, "lan@x.example", "Lan Nguyen")),
        ('"Nguyen, Lan" <Lan@x.example>', Contact(None, "lan@x.example", "Nguyen, Lan")),
        (" O'Brien  < lan@x.example > ", Contact(None, "lan@x.example", "O'Brien")),
        ("<lan@x.example>", Contact(None, "lan@x.example", None)),
        ('"" <lan@x.example>', Contact(None, "lan@x.example", None)),
    ],
)
def test_who_is_meant(text, contact):
    assert parse_contact(text) == contact


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Lan <lan@x.example", "is not a person"),
        ("Lan lan@x.example>", "is not a person"),
        ("Lan <a@x.example> <b@x.example>", "is not a person"),
        ('La"n <lan@x.example>', "is not a person"),
        ("Lan <lan>", "is not an e-mail address"),
        ("lan@x", "is not an e-mail address"),
        ("me", "reserved"),
        ("", "is not a login"),
    ],
)
def test_who_is_nobody(text, words):
    with pytest.raises(InvalidValue, match=words):
        parse_contact(text)
