"""Who hears of what: the table against one written by hand, and what nobody may ever hear."""

from typing import NamedTuple

import pytest

from tests.factories import T0, author, person, rules, ticket
from tix.domain.json_columns import loads
from tix.domain.notifications import RULES, notices
from tix.domain.organisation import Priority
from tix.domain.tickets import edit as ticket_edit
from tix.domain.tickets import lifecycle
from tix.domain.tickets.ticket import play
from tix.domain.tickets.timeline import DECLINED, Item, event, system

ANN = author("ann")
RITA = author("rita", "requester")
HELD = {"assignee": "ben"}
TEAM = {"team": "net"}

# reason: what happened, who hears of it.
TABLE = {
    "assigned": ("a ticket is assigned to them", ["assignee else team"]),
    "released": ("a ticket is no longer assigned to them", ["former assignee"]),
    "overdue": ("a ticket becomes overdue", ["assignee else team else department"]),
    "message": ("the requester's side sends a message", ["assignee else team", "requester", "watchers"]),
    "answered": ("staff reply", ["requester", "assignee", "watchers"]),
    "noted": ("staff add an internal note", ["assignee"]),
    "merged": ("the ticket is merged into one that they may see", ["requester", "assignee", "watchers"]),
    "reopened": ("the ticket is reopened", ["requester", "assignee else team", "watchers"]),
    "resolved": ("the ticket is resolved", ["requester", "assignee", "watchers"]),
    "closed": ("the ticket is closed", ["requester", "assignee", "watchers"]),
    "rated": ("the requester rates the ticket", ["assignee"]),
    "mail-declined": (
        "a mail for a ticket that is closed for good is declined",
        ["assignee else team else department else agents"],
    ),
    "taken-back": ("a change they were notified of is undone", ["people already notified"]),
    "changed": ("a field, a file or the status changes", ["assignee"]),
}


class Company:
    """Who there is: ann, ben and kim are agents; kim and max are the team net, and eva is named for IT."""

    def __init__(self, *, inactive=(), blind=(), requesters=("rita", "rolf", "boss"), far=()):
        self.people = {
            login: person(
                login, "requester" if login in requesters else "agent", active=login not in inactive
            )
            for login in ("ann", "ben", "kim", "max", "eva", "root", "rita", "rolf", "boss")
        }
        self.groups = {
            ("team", "net"): ("kim", "max"),
            ("department", "IT"): ("eva",),
            ("agents", ""): ("ben", "kim", "max", "eva"),
            ("told", "TIX-1"): ("kim",),
        }
        self.blind = blind
        self.far = far
        self.asked = []

    def find(self, kind, name):
        """Those of a kind and a name."""
        self.asked.append((kind, name))
        if kind == "watchers":
            return [self.people[login] for login in loads(name) if login in self.people]
        return [self.people[login] for login in self.groups.get((kind, name), (name,))]

    def sees(self, somebody):
        """Whether they see the ticket."""
        return somebody.login not in self.blind

    def sees_target(self, somebody):
        """Whether they see the ticket that it is merged into."""
        return somebody.login not in self.far


def told(old, items, company=None, **given):
    """Who hears of it, by login; whoever has none by address."""
    company = company or Company()
    new = old if old is None else play(old, items)
    found = notices(
        old,
        given.pop("new", new),
        items,
        company.find,
        company.sees,
        sees_target=company.sees_target,
        **given,
    )
    assert all((notice.login is None) != (notice.address is None) for notice in found)
    assert len(found) == len({notice.login or notice.address for notice in found})
    return {notice.login or notice.address: notice.reason for notice in found}


def open_(**values):
    """A ticket of rita's."""
    return ticket(**values)


def reply(old, by=ANN):
    return lifecycle.reply(old, rules(), by, "Words.")


def pull(old, trigger, by=ANN):
    return lifecycle.pull(old, rules(), trigger, by, "staff" if by.side == "staff" else "requester")


def note(old, by=ANN):
    return [lifecycle.note(old, rules(), by, "Words.")]


def assign(old, who, by=ANN):
    return ticket_edit.assign(old, rules(), by, None if who is None else person(who))


def edit(old, by=ANN, **fields):
    return ticket_edit.edit(old, rules(), by, ticket_edit.Edit(**fields))


def declined():
    return [event("mailed", ANN, new="rita@x.example: Again", reason=DECLINED)]


def overdue():
    return [event("overdue", system(T0), sets={"overdue_at": T0})]


class Case(NamedTuple):
    """A ticket, what is written on it, and who hears of it for which reason."""

    old: object
    items: object
    expected: dict


def merged(old):
    """It is closed and merged into TIX-2."""
    gone = event("merged", ANN, field="merged_into", new="TIX-2", sets={"merged_into": "TIX-2"})
    return [*pull(old, "close"), gone]


WATCHED = {"watchers": '["eva","rolf","out@x.example"]'}

CASES = {
    "a message on one that is followed": Case(
        open_(**WATCHED),
        lambda t: lifecycle.reply(t, rules(), RITA, "Words."),
        {"eva": "message", "rolf": "message", "out@x.example": "message"},
    ),
    "an answer on one that is followed": Case(
        open_(**WATCHED),
        reply,
        {"rita": "answered", "eva": "answered", "rolf": "answered", "out@x.example": "answered"},
    ),
    "one that is followed is resolved": Case(
        open_(**WATCHED),
        lambda t: pull(t, "resolve"),
        {"rita": "resolved", "eva": "resolved", "rolf": "resolved", "out@x.example": "resolved"},
    ),
    "one that is followed is closed": Case(
        open_(**WATCHED),
        lambda t: pull(t, "close"),
        {"rita": "closed", "eva": "closed", "rolf": "closed", "out@x.example": "closed"},
    ),
    "one that is followed is opened again": Case(
        open_(status="closed", **WATCHED),
        lambda t: pull(t, "reopen"),
        {"rita": "reopened", "eva": "reopened", "rolf": "reopened", "out@x.example": "reopened"},
    ),
    "what somebody was told of is taken back": Case(
        open_(**TEAM),
        lambda t: [event("assigned", ANN, field="team", old="net", reason="undone", sets={"team": None})],
        {"kim": "taken-back"},
    ),
    "a note on one that is followed": Case(open_(**WATCHED), note, {}),
    "what is for the staff alone, on one that is followed": Case(
        open_(**WATCHED, **HELD),
        lambda t: [lifecycle.reply(t, rules(), RITA, "Words.")[0]._replace(internal=True)],
        {"ben": "message"},
    ),
    "assigned to ben": Case(open_(), lambda t: assign(t, "ben"), {"ben": "assigned"}),
    "assigned to a team": Case(
        open_(),
        lambda t: ticket_edit.assign_team(t, rules(), ANN, "net", {"kim", "max"}),
        {"kim": "assigned", "max": "assigned"},
    ),
    "assigned to a team that kim of it holds": Case(
        open_(assignee="kim"),
        lambda t: ticket_edit.assign_team(t, rules(), ANN, "net", {"kim", "max"}),
        {"kim": "assigned"},
    ),
    "taken from ben, given to kim": Case(
        open_(**HELD), lambda t: assign(t, "kim"), {"kim": "assigned", "ben": "released"}
    ),
    "taken from ben, given to nobody": Case(open_(**HELD), lambda t: assign(t, None), {"ben": "released"}),
    "overdue, held": Case(open_(**HELD, **TEAM), lambda t: overdue(), {"ben": "overdue"}),
    "overdue, a team's": Case(
        open_(**TEAM, department="IT"), lambda t: overdue(), {"kim": "overdue", "max": "overdue"}
    ),
    "overdue, a department's": Case(open_(department="IT"), lambda t: overdue(), {"eva": "overdue"}),
    "a message, held": Case(open_(**HELD, **TEAM), lambda t: reply(t, RITA), {"ben": "message"}),
    "a message, a team's": Case(
        open_(**TEAM), lambda t: reply(t, RITA), {"kim": "message", "max": "message"}
    ),
    "a message of the manager's": Case(
        open_(**HELD), lambda t: reply(t, author("boss", "requester")), {"ben": "message", "rita": "message"}
    ),
    "an answer of another agent's": Case(open_(**HELD), reply, {"rita": "answered", "ben": "answered"}),
    "an answer of the holder's": Case(open_(**HELD), lambda t: reply(t, author("ben")), {"rita": "answered"}),
    "an answer with a status": Case(
        open_(), lambda t: [*reply(t), *pull(play(t, reply(t)), "resolve")], {"rita": "answered"}
    ),
    "a note": Case(open_(**HELD), note, {"ben": "noted"}),
    "assigned with a note": Case(open_(), lambda t: [*assign(t, "ben"), *note(t)], {"ben": "assigned"}),
    "resolved": Case(open_(**HELD), lambda t: pull(t, "resolve"), {"rita": "resolved", "ben": "resolved"}),
    "closed": Case(open_(**HELD), lambda t: pull(t, "close"), {"rita": "closed", "ben": "closed"}),
    "closed by the requester": Case(open_(**HELD), lambda t: pull(t, "close", RITA), {"ben": "closed"}),
    "merged": Case(
        open_(**HELD, **WATCHED),
        merged,
        dict.fromkeys(("rita", "ben", "eva", "rolf"), "merged") | {"out@x.example": "closed"},
    ),
    "merged when it was over": Case(open_(status="closed"), lambda t: merged(t)[-1:], {"rita": "merged"}),
    "reopened": Case(
        open_(status="resolved", **HELD), lambda t: pull(t, "reopen"), {"rita": "reopened", "ben": "reopened"}
    ),
    "reopened by the requester, a team's": Case(
        open_(status="closed", **TEAM),
        lambda t: pull(t, "reopen", RITA),
        {"kim": "reopened", "max": "reopened"},
    ),
    "reopened by words": Case(open_(status="resolved", **HELD), lambda t: reply(t, RITA), {"ben": "message"}),
    "rated": Case(
        open_(status="resolved", **HELD),
        lambda t: [lifecycle.rate(t, rules(), RITA, 4, None)],
        {"ben": "rated"},
    ),
    "a priority": Case(open_(**HELD), lambda t: edit(t, priority=Priority("high", 30)), {"ben": "changed"}),
    "a tag": Case(open_(**HELD), lambda t: edit(t, tags=("red",)), {"ben": "changed"}),
    "started": Case(open_(**HELD), lambda t: pull(t, "start"), {"ben": "changed"}),
    "a mail for it is declined, held": Case(
        open_(**HELD, **TEAM), lambda t: declined(), {"ben": "mail-declined"}
    ),
    "a mail for it is declined, a team's": Case(
        open_(**TEAM, department="IT"),
        lambda t: declined(),
        {"kim": "mail-declined", "max": "mail-declined"},
    ),
    "a mail for it is declined, a department's": Case(
        open_(department="IT"), lambda t: declined(), {"eva": "mail-declined"}
    ),
    "a mail for it is declined, nobody's": Case(
        open_(), lambda t: declined(), dict.fromkeys(("ben", "kim", "max", "eva"), "mail-declined")
    ),
    "an answer on an unheld one with an address to be told at": Case(
        open_(notify_email="desk@x.example"), reply, {"rita": "answered", "desk@x.example": "answered"}
    ),
    "a due date that has passed": Case(
        open_(**HELD), lambda t: edit(t, due_at=(T0 - 60,)), {"ben": "overdue"}
    ),
}

# What looks like it and is told nobody.
OPPOSITES = {
    "assigned to oneself": Case(open_(), lambda t: assign(t, "ann"), {}),
    "claimed": Case(open_(), lambda t: ticket_edit.claim(t, rules(), ANN), {}),
    "given to nobody by its holder": Case(open_(assignee="ann"), lambda t: assign(t, None), {}),
    "overdue, nobody's": Case(open_(), lambda t: overdue(), {}),
    "a message, nobody's": Case(open_(), lambda t: reply(t, RITA), {}),
    "an answer of its requester, who is staff and holds it": Case(
        open_(requester="ann", assignee="ann"), lambda t: reply(t, author("ann", "requester")), {}
    ),
    "a note on nobody's": Case(open_(), note, {}),
    "a note on a team's": Case(open_(**TEAM), note, {}),
    "a note of the holder's": Case(open_(assignee="ann", **TEAM), note, {}),
    "closed by time alone": Case(
        open_(status="resolved", lapses_at=T0, lapses_to="closed", **HELD),
        lambda t: lifecycle.settle(t, T0),
        {},
    ),
    "awake again by time alone": Case(open_(snoozed_until=T0, **HELD), lambda t: lifecycle.settle(t, T0), {}),
    "closed by its requester, nobody's": Case(open_(), lambda t: pull(t, "close", RITA), {}),
    "an automatic mail": Case(
        open_(**HELD, **WATCHED),
        lambda t: [event("mailed", ANN, new="x: Out of office", reason="it says so")],
        {},
    ),
    "a note on an unheld one with an address to be told at": Case(
        open_(notify_email="desk@x.example"), note, {}
    ),
    "a field of nobody's": Case(open_(**TEAM), lambda t: edit(t, fields={"subject": "Other"}), {}),
    "a field, by the holder": Case(
        open_(assignee="ann", **TEAM), lambda t: edit(t, fields={"subject": "Other"}), {}
    ),
}


def test_the_table_says_what_is_written_here():
    """The rules, their words and who hears, by hand."""
    assert {rule.reason: (rule.what, [" else ".join(chain) for chain in rule.who]) for rule in RULES} == TABLE


@pytest.mark.parametrize("name", [*CASES, *OPPOSITES])
def test_who_hears(name):
    case = (CASES | OPPOSITES)[name]
    items = case.items(case.old)
    assert items
    assert case.expected == told(case.old, items)


def test_every_rule_has_a_case_that_needs_it():
    """Control: without a rule of the table some case above comes out otherwise."""
    for rule in RULES:
        rest = [one for one in RULES if one is not rule]
        assert any(
            told(case.old, case.items(case.old), rules=rest) != case.expected for case in CASES.values()
        ), rule.reason


def test_every_role_has_a_case_that_needs_it():
    """Control: the same for each who of each rule, and each link of a chain."""
    for place, rule in enumerate(RULES):
        for at, chain in enumerate(rule.who):
            for link in range(len(chain)):
                left = chain[:link] + chain[link + 1 :]
                who = (*rule.who[:at], *([left] if left else []), *rule.who[at + 1 :])
                table = [*RULES[:place], rule._replace(who=who), *RULES[place + 1 :]]
                assert any(
                    told(case.old, case.items(case.old), rules=table) != case.expected
                    for case in CASES.values()
                ), (rule.reason, chain[link])


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"assignee": "ben"}, {"ben": "assigned"}),
        ({"assignee": "ben", "team": "net"}, {"ben": "assigned"}),
        ({"team": "net"}, {"kim": "assigned", "max": "assigned"}),
        ({"assignee": "ann"}, {}),
        ({"department": "IT"}, {}),
        ({}, {}),
    ],
)
def test_a_new_ticket(values, expected):
    """The one it is given to, else the team; never who raised it, and not its requester."""
    opening = lifecycle.open_ticket(ANN._replace(side="requester"), "Words.", {})
    assert expected == told(None, [opening], new=open_(**values))


# ------------------------------------------------------------------------------------------------- never


def _every():
    return [(name, case) for name, case in CASES.items() if case.expected]


def _logins(case):
    """Those who have an account and hear of it."""
    return {who for who in case.expected if "@" not in who}


@pytest.mark.parametrize(("name", "case"), _every())
def test_nobody_hears_who_did_or_typed_it(name, case):
    """Neither ``by`` nor ``via``."""
    for login in _logins(case):
        for field in ("by", "via"):
            items = [item._replace(**{field: login}) for item in case.items(case.old)]
            assert login not in told(case.old, items), (name, field)


@pytest.mark.parametrize(("name", "case"), _every())
def test_nobody_hears_who_is_inactive_or_does_not_see_it(name, case):
    for login in _logins(case):
        assert login not in told(case.old, case.items(case.old), Company(inactive=(login,))), name
        assert login not in told(case.old, case.items(case.old), Company(blind=(login,))), name


@pytest.mark.parametrize("far", ["rita", "ben", "eva", "rolf"])
def test_who_may_not_see_the_target_hears_that_it_is_closed(far):
    """Of the ticket it is merged into not a word, to nobody else's loss."""
    case = CASES["merged"]
    company = Company(far=(far,))
    assert told(case.old, case.items(case.old), company) == case.expected | {far: "closed"}
    over = CASES["merged when it was over"]
    assert told(over.old, over.items(over.old), Company(far=("rita",))) == {}


def test_where_the_holder_cannot_hear_the_team_does():
    """An assignee who is inactive is nobody."""
    old = open_(**HELD, **TEAM)
    heard = {"kim": "message", "max": "message"}
    assert heard == told(old, reply(old, RITA), Company(inactive=("ben",)))
    assert heard == told(old, reply(old, RITA), Company(blind=("ben",)))


@pytest.mark.parametrize(("name", "case"), _every())
def test_a_requester_hears_nothing_internal(name, case):
    """Whatever role brings them there: who holds it may have been staff once."""
    everybody = Company(requesters=("rita", "rolf", "boss", "ben", "kim", "max", "eva"))
    items: list[Item] = case.items(case.old)
    found = notices(case.old, play(case.old, items), items, everybody.find, everybody.sees)
    assert [notice for notice in found if notice.item.internal] == [], name
    hidden = [item._replace(internal=True) for item in items]
    assert told(case.old, hidden, everybody) == {}
    others = {
        "rita",
        *case.expected.keys() - _logins(case),
        *([] if case.old is None else case.old.watcher_list()),
    }
    assert told(case.old, hidden) == {who: why for who, why in case.expected.items() if who not in others}


def test_a_follower_by_address_who_has_an_account_hears_once():
    """Somebody who followed by address before they had an account is not an address without one."""
    company = Company()
    company.people["out@x.example"] = person("out@x.example", "requester", active=False)
    old = open_(**WATCHED)
    assert told(old, reply(old), company) == dict.fromkeys(("rita", "eva", "rolf"), "answered")


def test_time_alone_tells_a_requester_nothing():
    """Whether anybody has recorded the passing of time must not show."""
    for phase in ("open", "resolved"):
        old = open_(status=phase, due_at=T0, lapses_at=T0, lapses_to="closed", snoozed_until=T0, **HELD)
        items = lifecycle.settle(old, T0)
        assert len(items) == 2
        assert "rita" not in told(old, items)


def test_of_one_write_somebody_hears_once():
    """Of several rules the first, of several items the first that fits."""
    old = open_(**HELD)
    items = [*reply(old), *note(old), *edit(old, tags=("red",)), *pull(old, "close")]
    found = notices(old, play(old, items), items, Company().find, Company().sees)
    assert [(notice.login, notice.reason, notice.item.kind) for notice in found] == [
        ("rita", "answered", "reply"),
        ("ben", "answered", "reply"),
    ]


def test_a_lone_agent_costs_no_look_up():
    """Who writes on what they hold, for nobody else, is not looked for."""
    company = Company()
    old = open_(requester="ann", assignee="ann")
    told(old, [*note(old), *edit(old, tags=("red",)), *pull(old, "resolve")], company)
    assert company.asked == []


def test_what_is_raised_and_given_at_once():
    """A new ticket had no holder before."""
    opening = lifecycle.open_ticket(ANN._replace(side="requester"), "Words.", {})
    items = [opening, *assign(open_(), "ben")]
    assert told(None, items, new=open_(assignee="ben")) == {"ben": "assigned"}


def test_who_lets_go_hears_of_that_and_not_of_the_team():
    """Of what a team takes over, the former holder's item is the one with their name in it."""
    old = open_(**HELD)
    items = ticket_edit.assign_team(old, rules(), ANN, "net", {"kim", "max"})
    found = notices(old, play(old, items), items, Company().find, Company().sees)
    assert [(notice.login, notice.reason, notice.item.field) for notice in found] == [
        ("kim", "assigned", "team"),
        ("max", "assigned", "team"),
        ("ben", "released", "assignee"),
    ]
