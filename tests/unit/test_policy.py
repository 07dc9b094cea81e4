"""Who may do what, against the lifecycle page's table, written again by hand."""

import re

import pytest

from tests.factories import actor, person
from tix.domain.people import Actor
from tix.domain.permissions import PERMISSIONS, Scope, permission, rank_of, requester_scope, require, scope_of
from tix.errors import NotAllowed

# verb: requester; manager, primary or technical contact; agent; admin. "workflow": as the workflow says; "own": theirs
# alone; "theirs": their own and their people's.
TABLE = """
new                  own       theirs    yes  yes
show                 own       theirs    yes  yes
reply                own       theirs    yes  yes
attach add           own       theirs    yes  yes
list                 own       theirs    yes  yes
search               own       theirs    yes  yes
log                  own       theirs    yes  yes
export               own       theirs    yes  yes
inbox                own       theirs    yes  yes
completion           own       theirs    yes  yes
attach list          own       theirs    yes  yes
attach save          own       theirs    yes  yes
whoami               yes       yes       yes  yes
config get           yes       yes       yes  yes
config list          yes       yes       yes  yes
config internal      no        no        yes  yes
notification list    own       own       own  own
notification read    own       own       own  own
notification rules   yes       yes       yes  yes
notification mute    own       own       own  own
mail                 no        no        yes  yes
mail change          no        no        no   yes
type list            yes       yes       yes  yes
priority list        yes       yes       yes  yes
workflow list        yes       yes       yes  yes
workflow check       yes       yes       yes  yes
department list      yes       yes       yes  yes
topic list           yes       yes       yes  yes
asset list           theirs    theirs    yes  yes
client list          no        no        yes  yes
team list            no        no        yes  yes
sla list             no        no        yes  yes
calendar list        no        no        yes  yes
user list            no        no        yes  yes
why                  no        no        yes  yes
time                 no        no        yes  yes
invoice list         no        no        yes  yes
note                 no        no        yes  yes
assign               no        no        yes  yes
claim                no        no        yes  yes
snooze               no        no        yes  yes
schedule list        no        no        yes  yes
schedule change      no        no        no   yes
edit                 no        no        yes  yes
merge                no        no        yes  yes
unmerge              no        no        yes  yes
split                no        no        yes  yes
link                 no        no        yes  yes
unlink               no        no        yes  yes
follow               yes       yes       yes  yes
follow others        no        no        yes  yes
start                no        no        yes  yes
hold                 no        no        yes  yes
resolve              no        no        yes  yes
undo                 no        no        yes  yes
stats                no        no        yes  yes
import               no        no        yes  yes
tick                 no        no        yes  yes
doctor               no        no        yes  yes
doctor fix           no        no        no   yes
db backup            no        no        yes  yes
db check             no        no        yes  yes
db info              no        no        yes  yes
attach rm            no        no        yes  yes
close                workflow  workflow  yes  yes
reopen               workflow  workflow  yes  yes
rate                 own       own       own  own
delete               no        no        no   yes
invoice change       no        no        no   yes
user change          no        no        no   yes
type change          no        no        no   yes
priority change      no        no        no   yes
workflow change      no        no        no   yes
department change    no        no        no   yes
topic change         no        no        no   yes
asset change         no        no        no   yes
client change        no        no        no   yes
team change          no        no        no   yes
sla change           no        no        no   yes
calendar change      no        no        no   yes
view list            own       theirs    yes  yes
token list           own       own       own  yes
token change         own       own       own  yes
password change      own       own       own  yes
session list         own       own       own  yes
session end          own       own       own  yes
view change          own       own       own  own
view share           no        no        no   yes
canned list          no        no        yes  yes
canned change        no        no        yes  yes
triage               no        no        yes  yes
config set           no        no        no   yes
db restore           no        no        no   yes
db migrate           no        no        no   yes
db grant             no        no        no   yes
serve                no        no        no   yes
as                   no        no        no   yes
"""
ROWS = [(line[:21].strip(), *line[21:].split()) for line in TABLE.strip().split("\n")]
RANKS = ("requester", "contact", "agent", "admin")


def acting(rank):
    """Somebody of that column."""
    if rank == "contact":
        return Actor(person("x", "requester", manages=True))
    return actor("x", rank)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_the_table_is_the_pages(row):
    """Each cell, and what `require` makes of it."""
    verb, *cells = row
    assert cells == [permission(verb, role) for role in RANKS]
    for role, cell in zip(RANKS, cells, strict=True):
        if cell == "no":
            with pytest.raises(NotAllowed) as refused:
                require(acting(role), verb)
            assert refused.value.exit_status == 4
            assert f"can {verb} (" not in refused.value.message  # in words, not as the table writes it
        else:
            require(acting(role), verb)


def test_a_verb_that_is_not_in_the_table_is_denied():
    """To everybody, admins too."""
    for role in RANKS:
        assert permission("fly", role) == "no"
        with pytest.raises(NotAllowed):
            require(acting(role), "fly")


def test_the_table_has_no_other_row():
    """Every row is above, by hand."""
    assert {row[0] for row in ROWS} == set(PERMISSIONS)


def test_more_is_never_allowed_to_less():
    """What an agent may an admin may; what a requester may a manager may, and staff."""
    order = {"no": 0, "workflow": 1, "own": 1, "theirs": 2, "yes": 3}
    for verb, row in PERMISSIONS.items():
        cells = [order[cell] for cell in row]
        assert cells == sorted(cells), verb


def test_who_stands_in_which_column():
    """A manager or a contact who sees more than their own tickets stands beside the requester."""
    for rank in RANKS:
        assert rank_of(acting(rank).person) == rank
    for contact, rank in (("primary", "contact"), ("technical", "contact"), ("billing", "requester")):
        one = person("x", "requester", client="Acme", contact=(contact,))
        assert rank_of(one) == rank
    assert rank_of(person("x", "requester", contact=("primary",))) == "requester"  # of no client
    assert rank_of(person("x", "agent", manages=True)) == "agent"


@pytest.mark.parametrize(
    ("given", "scope"),
    [
        ({"role": "admin"}, Scope("all", "x", True)),
        ({"role": "admin", "departments": ("A",), "teams": ("t",)}, Scope("all", "x", True, teams=("t",))),
        ({"role": "agent"}, Scope("all", "x", True)),
        ({"role": "agent", "departments": ("A", "B")}, Scope("desk", "x", True, ("A", "B"))),
        ({"role": "agent", "departments": (), "teams": ("t",)}, Scope("desk", "x", True, (), ("t",))),
        ({"role": "requester"}, Scope("own", "x", False)),
        ({"role": "requester", "client": "Acme"}, Scope("own", "x", False)),
        ({"role": "requester", "client": "Acme", "contact": ("billing",)}, Scope("own", "x", False)),
        ({"role": "requester", "manages": True}, Scope("theirs", "x", False)),
        (
            {"role": "requester", "client": "Acme", "contact": ("technical",)},
            Scope("theirs", "x", False, client="Acme"),
        ),
        ({"role": "requester", "client": "Acme", "manages": True}, Scope("theirs", "x", False)),
    ],
)
def test_whose_tickets_somebody_sees(given, scope):
    """By role, departments, reports and contact; a manager of a client does not see the client's."""
    assert scope == scope_of(Actor(person("x", **given)))


def test_the_glasses_of_a_requester():
    """What `show --as-requester` looks through."""
    assert requester_scope("rita") == Scope("own", "rita", False)


def test_whom_somebody_answers_for():
    """A manager for direct reports, a primary or technical contact for the client's people; staff by other rules."""
    report = person("rex", "requester", manager="x")
    colleague = person("carl", "requester", client="Acme")
    assert person("x", "requester", manages=True).answers_for(report)
    assert not person("x", "agent").answers_for(report)
    assert not person("x", "requester", client="Acme").answers_for(colleague)
    assert person("x", "requester", client="Acme", contact=("primary",)).answers_for(colleague)
    assert not person("x", "requester", contact=("primary",)).answers_for(person("carl", "requester"))


@pytest.mark.parametrize(
    ("verb", "role", "words"),
    [
        ("note", "requester", "only agents and admins can write notes (you are x, a requester)"),
        ("stats", "requester", "only agents and admins can see statistics (you are x, a requester)"),
        ("delete", "agent", "only admins can delete tickets (you are x, an agent)"),
        ("user change", "requester", "only admins can change people (you are x, a requester)"),
        ("fly", "admin", "only admins can fly (you are x, an admin)"),
    ],
)
def test_a_refusal_says_who_may(verb, role, words):
    with pytest.raises(NotAllowed, match=re.escape(words)):
        require(acting(role), verb)
