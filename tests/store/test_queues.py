"""The queue against brute force over the same tickets: filters, orders, limits, counts."""

import itertools
import json
import random
from functools import lru_cache

import pytest

from tests.factories import HOUR, T0, ref, world
from tix.desk.tickets import assign, edit, reply, status
from tix.desk.tickets.routing import Route
from tix.domain.organisation import Asset
from tix.domain.permissions import Scope
from tix.domain.tickets.edit import Edit
from tix.domain.tickets.lifecycle import settled
from tix.domain.tickets.ticket import NEVER, Ticket
from tix.errors import TixError
from tix.store.search import queue
from tix.store.search.queue import Selection
from tix.store.setup import repository as setup_repository
from tix.store.tickets import tickets as repository


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """Forty tickets of all kinds, seen when some have lapsed and some are late and nobody has recorded it."""
    with world(tmp_path_factory.mktemp("queues")) as made:
        chance = random.Random(7)
        with made.store.writing():
            made.store.execute("UPDATE person SET manager = 'rita' WHERE login = 'rolf'")
            for asset in ("press", "lamp"):
                setup_repository.ASSETS.add(made.store, Asset(asset))
        for place in range(40):
            who = chance.choice(("rita", "rolf", "ann"))
            values = {
                "type": chance.choice((None, "issue", "request")),
                "about": chance.choice((None, "x:1", "y:2")),
                "client": chance.choice((None, "Acme", "Bolt")),
            }
            route = Route(
                department=chance.choice((None, "Billing", "Network", "Sales")),
                team=chance.choice((None, "Night", "Day")),
                topic=chance.choice((None, "Returns")),
            )
            assets = chance.choice(((), ("press",), ("press", "lamp")))
            due = {} if who != "ann" else {"due_at": made.now + chance.choice((HOUR, 300 * HOUR))}
            number = made.new(
                who,
                f"Printer {place % 7}",
                values=values | due,
                tags=("red",) if place % 3 == 0 else (),
                route=route,
                assets=assets,
            )
            made.now += chance.choice((0, 60, HOUR))
            for _ in range(chance.randint(0, 3)):
                _change(made, ref(number), chance)
                made.now += chance.choice((0, 60, HOUR))
        made.now += 72 * HOUR - 20 * HOUR
        yield made


def _change(desk, number, chance):
    me = desk.desk(chance.choice(("ann", "ben")))
    try:
        match chance.choice(("reply", "resolve", "close", "hold", "assign", "priority", "due")):
            case "reply":
                reply.reply(me, number, "x")
            case "assign":
                assign.assign(me, number, me.actor.person)
            case "priority":
                edit.edit(me, number, Edit(priority=me.priority(chance.choice(("low", "high", "urgent")))))
            case "due":
                edit.edit(me, number, Edit(due_at=(desk.now + chance.choice((1, HOUR, 500 * HOUR)),)))
            case trigger:
                status.pull(me, number, trigger)
    except TixError:
        pass


REPORTED = {"rita": ("rolf",)}  # whose tickets rita sees as their manager


def seers():
    """Every way to see a part of the desk: its scope, and what it means, said again in Python."""
    own = Scope("own", "rita", False)
    manager = Scope("theirs", "rita", False)
    contact = Scope("theirs", "rita", False, client="Acme")
    limited = Scope("desk", "ann", True, ("Billing", "Sales"), ("Night",))
    homeless = Scope("desk", "ben", True)
    teamed = Scope("all", "ann", True, teams=("Night", "Day"))

    def requested(one, scope):
        return one.requester == scope.me

    def theirs(one, scope):
        reported = one.requester in REPORTED[scope.me]
        return requested(one, scope) or reported or (scope.client is not None and one.client == scope.client)

    def desk(one, scope):
        # Without departments only what is theirs is left, not even what has none.
        nowhere = one.department is None and scope.departments != ()
        placed = nowhere or one.department in scope.departments or one.team in scope.teams
        return placed or scope.me in (one.requester, one.creator, one.assignee)

    return {
        "own": (own, requested),
        "manager": (manager, theirs),
        "contact": (contact, theirs),
        "limited": (limited, desk),
        "homeless": (homeless, desk),
        "teamed": (teamed, lambda one, scope: True),
        "all": (Scope("all", "ann", True), lambda one, scope: True),
    }


def everything(desk):
    """All tickets as they are now, whether or not that is recorded."""
    return _everything(desk.store, desk.now, desk.store.connection.total_changes)


@lru_cache(maxsize=1)
def _everything(store, now, changes):
    rows = [Ticket(*row) for row in store.execute("SELECT * FROM ticket").fetchall()]
    return [settled(row, now) for row in rows]


# Each filter with its values and what it means, said again in Python over settled tickets.
FILTERS = {
    "open": (None, lambda t, now, who: t.phase == "open"),
    "queue": (None, lambda t, now, who: t.phase == "open"),
    "closed": (None, lambda t, now, who: t.phase != "open"),
    "status": (["closed", "resolved"], lambda t, now, who: t.status in ("closed", "resolved")),
    "open_status": (["answered"], lambda t, now, who: t.status == "answered"),
    "mine": (None, lambda t, now, who: t.assignee == who.me),
    "mine_or_team": (None, lambda t, now, who: t.assignee == who.me or t.team in who.teams),
    "department": (["Billing"], lambda t, now, who: t.department == "Billing"),
    "no_department": (None, lambda t, now, who: t.department is None),
    "client": (["Acme"], lambda t, now, who: t.client == "Acme"),
    "team": (["Night", "Day"], lambda t, now, who: t.team in ("Night", "Day")),
    "topic": (["Returns"], lambda t, now, who: t.topic == "Returns"),
    "asset": (["press"], lambda t, now, who: "press" in t.asset_list()),
    "unassigned": (None, lambda t, now, who: t.assignee is None),
    "assignee": (["ben", "ann"], lambda t, now, who: t.assignee in ("ben", "ann")),
    "requester": (["rita"], lambda t, now, who: t.requester == "rita"),
    "creator": (["ann", "rolf"], lambda t, now, who: t.creator in ("ann", "rolf")),
    "user": (["ann"], lambda t, now, who: "ann" in (t.requester, t.assignee)),
    "type": (["issue"], lambda t, now, who: t.type == "issue"),
    "about": (["x:1"], lambda t, now, who: t.about == "x:1"),
    "tag": (["red", "blue"], lambda t, now, who: "red" in t.tag_list()),
    "overdue": (None, lambda t, now, who: t.is_overdue(now)),
    "answered": (None, lambda t, now, who: bool(t.answered)),
    "unanswered": (None, lambda t, now, who: not t.answered),
    "since": (T0 + 20 * HOUR, lambda t, now, who: t.last_activity_at >= T0 + 20 * HOUR),
    "until": (T0 + 20 * HOUR, lambda t, now, who: t.last_activity_at <= T0 + 20 * HOUR),
}


def by_activity(one):
    return (-one.last_activity_at, one.number)


def by_number(one):
    return -one.number


def in_queue(one):
    return (-one.rank, NEVER if one.due_at is None else one.due_at, one.number)


PAIRS = [*((name,) for name in FILTERS), *itertools.combinations(FILTERS, 2)]


@pytest.mark.parametrize("names", PAIRS, ids="+".join)
def test_filters_combine_by_and(desk, names):
    """Each filter alone and any two: the same tickets as in Python, in queue order and by activity, and counted."""
    for scope, sees in (seers()[name] for name in ("all", "own")):
        _same_as_in_python(desk, scope, sees, names)


@pytest.mark.parametrize("seer", [name for name in seers() if name not in ("all", "own")])
def test_who_sees_a_part_sees_that_part(desk, seer):
    """No filter, each filter and any two, for whoever sees a part of the desk, or is in teams."""
    scope, sees = seers()[seer]
    for names in ((), *PAIRS):
        _same_as_in_python(desk, scope, sees, names)


def _same_as_in_python(desk, scope, sees, names):
    if ("mine" in names and not scope.staff) or (
        "mine_or_team" in names and not (scope.staff and scope.teams)
    ):
        return
    chosen = {}
    for name in names:
        chosen |= {name: FILTERS[name][0]} | ({"field_0_name": "field.brand"} if name == "field_0" else {})
    wanted = [
        one
        for one in everything(desk)
        if sees(one, scope) and all(FILTERS[name][1](one, desk.now, scope) for name in names)
    ]
    for sort, key in ((None, in_queue), ("-last_activity_at", by_activity), ("-number", by_number)):
        numbers = [one.number for one in sorted(wanted, key=key)]
        for limit in (-1, 3):
            page = queue.page(desk.store, scope, Selection(chosen, sort, limit), desk.now)
            assert numbers[: None if limit < 0 else limit] == [row.ticket.number for row in page], chosen
    assert len(wanted) == queue.count(desk.store, scope, Selection(chosen), desk.now), chosen


@pytest.mark.parametrize("few", [0, 2, 100])
def test_few_or_many_have_a_facet(desk, few, monkeypatch):
    """Whether those tickets are where to begin or are asked one by one: the answer is the same."""
    monkeypatch.setattr(queue, "_FEW", few)
    for scope, sees in seers().values():
        for names in (("asset",), ("asset", "open"), ("asset", "since"), ("asset", "user")):
            _same_as_in_python(desk, scope, sees, names)


def test_all_that_somebody_sees(desk):
    """The ids, where they are no more than a bound."""
    for scope, sees in seers().values():
        wanted = {one.id for one in everything(desk) if sees(one, scope)}
        assert queue.seen(desk.store, scope, 40) == (None if scope.kind == "all" else wanted), scope
        assert queue.seen(desk.store, scope, len(wanted) - 1) is None


def test_the_tickets_are_of_all_kinds(desk):
    """So that the law above says something: each filter leaves some and takes some."""
    for name, (_, fits) in FILTERS.items():
        kept = sum(fits(one, desk.now, seers()["limited"][0]) for one in everything(desk))
        assert 0 < kept < 40, name
    for name, (scope, sees) in seers().items():
        assert scope.kind == "all" or 0 < sum(sees(one, scope) for one in everything(desk)) < 40, name
    recorded = [Ticket(*row) for row in desk.store.execute("SELECT * FROM ticket").fetchall()]
    lapsed = [one for one in recorded if settled(one, desk.now).phase != one.phase]
    assert lapsed != []


SORTS = {
    "number": lambda t, now: t.number,
    "subject": lambda t, now: t.subject,
    "status": lambda t, now: t.status,
    "priority": lambda t, now: t.rank,
    "type": lambda t, now: t.type,
    "assignee": lambda t, now: t.assignee,
    "requester": lambda t, now: t.requester,
    "due_at": lambda t, now: t.due_at,
    "created_at": lambda t, now: t.created_at,
    "last_activity_at": lambda t, now: t.last_activity_at,
    "closed_at": lambda t, now: t.closed_at,
    "closed_by": lambda t, now: t.closed_by,
    "resolved_at": lambda t, now: t.resolved_at,
    "last_replier": lambda t, now: t.last_replier,
    "overdue": lambda t, now: int(t.is_overdue(now)),
    "updated_at": lambda t, now: t.updated_at,
    "answered": lambda t, now: t.answered,
    "version": lambda t, now: t.version,
}


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("sign", ["", "-"])
def test_absent_values_come_last_either_way(desk, sort, sign):
    """Ties go by number."""
    key = SORTS[sort]
    found = everything(desk)
    there = sorted((one for one in found if key(one, desk.now) is not None), key=lambda one: one.number)
    there.sort(key=lambda one: key(one, desk.now), reverse=sign == "-")
    absent = sorted(one.number for one in found if key(one, desk.now) is None)
    page = queue.page(desk.store, desk.desk("ann").scope, Selection({}, f"{sign}{sort}"), desk.now)
    assert [*(one.number for one in there), *absent] == [row.ticket.number for row in page]


def test_every_sort_key_has_its_order(desk):
    """Any key there is can be sorted by, either way, by staff and by a requester."""
    from tix.store.compiled.sqlite import SORT_KEYS

    for name, sign, login in itertools.product(SORT_KEYS, ("", "-"), ("ann", "rita")):
        scope = desk.desk(login).scope
        rows = list(queue.page(desk.store, scope, Selection({}, f"{sign}{name}"), desk.now))
        assert len(rows) == queue.count(desk.store, scope, Selection({}), desk.now) > 0


def test_a_lapsed_ticket_is_as_recorded(desk, tmp_path):
    """The list says the status, phase and dates that `tick` will record."""
    from tix.render.records.tickets import ticket_record

    records = [
        ticket_record(row.ticket, row.requester_name, row.requester_email, True, desk.now)
        for row in queue.page(desk.store, desk.desk("ann").scope, Selection({"status": ["closed"]}), desk.now)
    ]
    assert {record["status"] for record in records} == {"closed"}
    assert None in {record["closed_by"] for record in records}


@pytest.mark.parametrize("scope", ["ann", "rita"])
@pytest.mark.parametrize("sort", [None, "-last_activity_at", "subject", "-number"])
def test_the_order_of_a_page_is_asked_for(desk, scope, sort):
    """It is the same where SQLite is told to read whatever has no order backwards."""
    selection, scope = Selection({}, sort), desk.desk(scope).scope

    def numbers():
        return [row.ticket.number for row in queue.page(desk.store, scope, selection, desk.now)]

    before = numbers()
    desk.store.connection.execute("PRAGMA reverse_unordered_selects=ON")
    try:
        assert numbers() == before
    finally:
        desk.store.connection.execute("PRAGMA reverse_unordered_selects=OFF")
    assert len(before) > 1


def test_names_and_subjects_are_sorted_whatever_their_case(tmp_path):
    """As names are compared: the case of ASCII letters does not count."""
    with world(tmp_path) as desk:
        for text in ("cherry", "Banana", "apple", "Apple"):
            desk.new(subject=text, values={"about": f"x:{text}"})
        scope = desk.desk("ann").scope
        for sort, wanted in (("subject", [3, 4, 2, 1]), ("-subject", [1, 2, 3, 4]), ("about", [3, 4, 2, 1])):
            page = queue.page(desk.store, scope, Selection({}, sort), desk.now)
            assert [row.ticket.number for row in page] == wanted, sort


@pytest.mark.parametrize("login", ["ann", "rita"])
def test_numbers_are_sorted_by_value(tmp_path, login):
    """Answers that are numbers come by value, before those that are texts; texts whatever their case."""
    answers = [10, 9, -2.5, 100, "b", "A", True]
    with world(tmp_path) as desk:
        for answer in answers:
            number = desk.new()
            one = desk.stored(number)
            with desk.store.writing():
                repository.save(desk.store, one, one._replace(fields=json.dumps({"size": answer})), [], None)
        desk.new()
        scope = desk.desk(login).scope
        for sort, wanted in (
            ("field.size", [3, 2, 1, 4, 6, 5, 7, 8]),
            ("-field.size", [7, 5, 6, 4, 1, 2, 3, 8]),
        ):
            page = queue.page(desk.store, scope, Selection({}, sort), desk.now)
            assert [row.ticket.number for row in page] == wanted
