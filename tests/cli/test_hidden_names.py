"""Nobody is told of people or tickets they may not see: not by a link, a refusal or an address."""

from collections.abc import Iterator

import pytest

from tests.factories import ref, world
from tests.harness import Shell
from tix.desk.tickets import links, new, read
from tix.desk.tickets.followers import copied
from tix.desk.tickets.request import TicketRequest
from tix.domain.people import Contact
from tix.errors import NotAllowed, Refused
from tix.store import people


@pytest.fixture
def shell(tmp_path) -> Iterator[Shell]:
    """A folder in which commands are typed."""
    made = Shell(tmp_path)
    yield made
    made.close()


@pytest.fixture
def desk(tmp_path):
    """``ben`` works in IT alone; ``rolf`` is rita's report; ``gone`` is inactive, and was rita's report, too."""
    with world(tmp_path) as made:
        with made.store.writing():
            made.store.run("setting_put", key="default_department", value="none")
            ben = people.by_login(made.store, "ben")
            people.save(made.store, ben._replace(departments=("IT",)))
            rolf = people.by_login(made.store, "rolf")
            people.save(made.store, rolf._replace(manager="rita"))
            gone = rolf._replace(
                login="gone", name="Gone", email="gone@x.example", manager="rita", active=False
            )
            people.add(made.store, gone, made.now)
        yield made


def departments(desk, numbers):
    """Puts tickets where ben does not see them."""
    with desk.store.writing():
        for number in numbers:
            desk.store.execute(
                "UPDATE ticket SET department = 'HR' WHERE number = :number", {"number": number}
            )


def test_links_to_tickets_that_are_not_seen_are_left_out(desk):
    """In the record, in the events, in the log; whoever sees them sees the links."""
    one, two, three = (desk.new() for _ in range(3))
    links.link(desk.desk("ann"), ref(one), "blocks", ref(two))
    links.link(desk.desk("ann"), ref(one), "relates", ref(three))
    departments(desk, [two])
    whole = read.whole(desk.desk("ben"), ref(one))
    assert whole.ticket.link_list() == [("relates", f"TIX-{three}")]
    assert [line.item.new for line in whole.lines if line.item.type == "linked"] == [None, f"TIX-{three}"]
    logged = [line.item.new for line in read.log(desk.desk("ben"), None, None, -1)]
    assert f"TIX-{two}" not in logged
    seen = read.whole(desk.desk("ann"), ref(one)).ticket.link_list()
    assert seen == [("blocks", f"TIX-{two}"), ("relates", f"TIX-{three}")]


def test_a_link_is_not_refused_for_what_is_not_seen(desk):
    """A circle through a hidden ticket is none to who does not see that; to who does it is refused."""
    one, two, three = (desk.new() for _ in range(3))
    links.link(desk.desk("ann"), ref(one), "blocks", ref(two))
    links.link(desk.desk("ann"), ref(two), "blocks", ref(three))
    departments(desk, [two])
    with pytest.raises(Refused, match="circle"):
        links.link(desk.desk("ann"), ref(three), "blocks", ref(one))
    assert not links.link(desk.desk("ben"), ref(three), "blocks", ref(one)).already


def test_an_inactive_person_s_address_is_like_one_nobody_has(desk):
    """To a requester: no name, no list of logins; it is followed as an address."""
    rita = desk.desk("rita")
    assert copied(rita, ["gone@x.example", "nobody@x.example", "ann@x.example"]) == [
        "gone@x.example",
        "nobody@x.example",
        "ann",
    ]


def test_a_manager_learns_nothing_by_whom_a_ticket_is_for(desk):
    """Somebody inactive, somebody of others' and nobody at all: one answer; their own people they may name."""
    said = set()
    asked = TicketRequest(subject="Printer", body="It smokes.")
    for contact in ("gone", "gone@x.example", "nobody", "nobody@x.example", "ben"):
        whom = Contact(None, contact, None) if "@" in contact else Contact(contact, None, None)
        with pytest.raises(NotAllowed) as refused:
            new.open_ticket(desk.desk("rita"), asked._replace(requester=whom))
        said.add((refused.value.message, refused.value.hint))
    assert len(said) == 1
    made = new.open_ticket(desk.desk("rita"), asked._replace(requester=Contact("rolf", None, None)))
    assert made.ticket.requester == "rolf"


def test_the_shell_says_the_same(shell: Shell):
    """``--for`` and ``--cc``, word for word."""
    shell.tix("init")
    for login, more in (("boss", ()), ("gone", ("--manager", "boss")), ("lan", ("--manager", "boss"))):
        shell.tix("user", "add", login, "--role", "requester", "--email", f"{login}@x.example", *more)
    shell.tix("user", "edit", "gone", "--inactive")
    asked = [
        shell.tix("new", "Screen", "-m", "Dark.", "--for", who, as_="boss", check=4).err.replace(who, "WHO")
        for who in ("gone", "gone@x.example", "nobody", "nobody@x.example")
    ]
    assert len(set(asked)) == 1
    for cc in ("gone@x.example", "nobody@x.example"):
        made = shell.tix("new", "Screen", "-m", "Dark.", "--cc", cc, as_="lan")
        assert (len(made.refs), made.err) == (1, "")
        said = shell.tix("reply", made.refs[0], "-m", "More.", "--cc", cc, as_="lan")
        assert (said.refs, said.err) == (made.refs, "")
