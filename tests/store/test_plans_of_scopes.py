"""How the queue is read for those who see a part of the desk, and by departments, clients and answers."""

import itertools
import re

import pytest

from tests.factories import T0, person, world
from tix.domain.people import Actor
from tix.domain.permissions import Scope, scope_of
from tix.store.compiled import sqlite as compiled
from tix.store.search import fulltext, queue
from tix.store.search import plan as search_plan
from tix.store.search.queue import Selection

STAFF = scope_of(Actor(person("ann")))
LIMITED = scope_of(Actor(person("ann", departments=("Billing", "Network"), teams=("Night",))))
TEAMED = scope_of(Actor(person("ann", teams=("Night", "Day"))))
OWN = scope_of(Actor(person("rita", "requester")))
MANAGER = scope_of(Actor(person("rita", "requester", manages=True)))
CONTACT = scope_of(Actor(person("rita", "requester", client="Acme", contact=("technical",))))
ALL_SCOPES = [STAFF, LIMITED, TEAMED, OWN, MANAGER, CONTACT]
NAMES = ["staff", "limited", "teamed", "own", "manager", "contact"]
ACTIVITY = "-last_activity_at"


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """An empty desk: nothing is analysed, as on every desk."""
    with world(tmp_path_factory.mktemp("plans")) as made:
        yield made


def plan(desk, sql, values):
    """The plan of a statement, a step a line."""
    return [row[3] for row in desk.store.execute(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()]


def ids_plan(desk, scope, filters, sort=None, limit=50):
    """How the ids of a page are found."""
    return plan(desk, *queue.assemble(desk.store.texts, scope, Selection(filters, sort, limit), T0))


def count_plan(desk, scope, filters):
    """How a selection is counted."""
    return plan(desk, *queue.counting(desk.store.texts, scope, filters, T0))


def reads(steps):
    """The steps that read tickets, without what they are looked up by."""
    return [step for step in steps if re.match(r"(SCAN|SEARCH) ticket\b", step)]


def indexes(steps):
    """The indexes that tickets are read by."""
    return {match[1] for step in reads(steps) if (match := re.search(r"INDEX (\w+)", step))}


# --------------------------------------------------------------------------------------- the scope is first


@pytest.mark.parametrize("scope", ALL_SCOPES, ids=NAMES)
@pytest.mark.parametrize(
    "filters",
    [
        {},
        {"queue": None},
        {"department": ["Billing"]},
        {"mine_or_team": None},
        {"status": ["closed", "open"]},
    ],
    ids=str,
)
def test_the_scope_is_the_first_clause_of_every_stream(scope, filters):
    """Page and count: each place where tickets are read begins with the clause of who reads."""
    for sort, limit in itertools.product((None, ACTIVITY, "created_at"), (-1, 50)):
        sql, _ = queue.assemble(compiled, scope, Selection(filters, sort, limit), T0)
        _scoped_everywhere(sql, scope)
    _scoped_everywhere(queue.counting(compiled, scope, filters, T0)[0], scope)


def _scoped_everywhere(sql, scope):
    places = re.findall(r"FROM ticket(?: INDEXED BY \w+| NOT INDEXED)? WHERE (.*?)(?= FROM ticket|$)", sql)
    assert places != []
    assert len(places) == len(re.findall(r"\bFROM ticket\b", sql))
    for place in places:
        assert place.startswith(compiled.SCOPES[scope.kind]), place


@pytest.mark.parametrize(("scope", "kind"), [(LIMITED, "desk"), (CONTACT, "theirs")], ids=["desk", "theirs"])
def test_every_part_of_a_scope_has_an_arm(scope, kind):
    """Control of the arms: what a scope lets somebody see and no arm looks for would be missing from a page."""
    arms, _ = search_plan.arms(compiled, scope, {})
    parts = compiled.SCOPES[kind].strip("()").split(" OR ")
    looked_for = {re.search(r"ticket\.(\w+) (?:=|IN|IS)", arm.clause)[0] for arm in arms}
    wanted = {re.search(r"ticket\.(\w+) (?:=|IN|IS)", part)[0] for part in parts}
    # One value at a time of what a scope has several of.
    assert {one.replace(" IN", " =") for one in wanted} == {one.replace(" IN", " =") for one in looked_for}


# -------------------------------------------------------------------------------------- one part of the desk


@pytest.mark.parametrize(
    ("scope", "found_by"),
    [
        (OWN, {"open_requester"}),
        (MANAGER, {"open_requester"}),
        (CONTACT, {"open_requester", "open_client"}),
        (LIMITED, {"open_queue"}),
        (TEAMED, {"open_queue"}),
    ],
    ids=["own", "manager", "contact", "limited", "teamed"],
)
def test_the_open_tickets_of_a_part(desk, scope, found_by):
    """The queue of each reader, and its count: by the open tickets of theirs; an agent's along the queue."""
    for filters in ({"queue": None}, {"open": None}, {"queue": None, "overdue": None}):
        assert found_by == indexes(ids_plan(desk, scope, filters))
        assert found_by == indexes(count_plan(desk, scope, filters))


def test_the_queue_of_an_agent_is_not_sorted(desk):
    """Along open_queue, in its order, for two departments, for a team's, for one department of the desk."""
    for scope, filters in (
        (LIMITED, {"queue": None}),
        (TEAMED, {"queue": None, "mine_or_team": None}),
        (STAFF, {"queue": None, "department": ["Billing"]}),
        (STAFF, {"queue": None, "department": ["Billing"], "overdue": None}),
        (STAFF, {"queue": None, "client": ["Acme"]}),
        (STAFF, {"queue": None, "field_0": ["north"], "field_0_name": "field.brand"}),
    ):
        steps = ids_plan(desk, scope, filters)
        assert {"open_queue"} == indexes(steps)
        assert not any("TEMP B-TREE" in step for step in steps), steps


@pytest.mark.parametrize(
    ("scope", "found_by"),
    [
        (OWN, {"by_requester"}),
        (MANAGER, {"by_requester"}),
        (CONTACT, {"by_requester", "by_client", "lapsing"}),
        (
            LIMITED,
            {"by_department", "by_team", "by_assignee", "by_requester", "by_creator", "lapsing"},
        ),
    ],
    ids=["own", "manager", "contact", "limited"],
)
@pytest.mark.parametrize("filters", [{}, {"closed": None}, {"status": ["closed"]}, {"tag": ["x"]}], ids=str)
def test_newest_first_of_a_part(desk, scope, found_by, filters):
    """--all and --closed: from the indexes of what they see; nobody's desk is walked for them."""
    steps = ids_plan(desk, scope, filters, ACTIVITY)
    assert found_by == indexes(steps)
    assert [step for step in reads(steps) if step.startswith("SCAN")] == [], steps


def test_a_manager_sees_what_has_lapsed_without_its_row(desk):
    """by_requester holds the lapse: five thousand tickets of reports are told apart in the index."""
    index = next(sql for sql in compiled.SCHEMA if "INDEX by_requester " in sql)
    assert index.endswith("(requester, last_activity_at, number, lapses_at)")


@pytest.mark.parametrize("sort", ["created_at", "-created_at", "due_at", "subject"])
@pytest.mark.parametrize("scope", [OWN, MANAGER, CONTACT], ids=["own", "manager", "contact"])
def test_any_other_order_of_a_part(desk, scope, sort):
    """Their tickets are found, then sorted; the desk is not walked in that order."""
    steps = ids_plan(desk, scope, {}, sort)
    assert [step for step in reads(steps) if step.startswith("SCAN")] == [], steps


@pytest.mark.parametrize(
    "scope", [OWN, MANAGER, CONTACT, LIMITED], ids=["own", "manager", "contact", "limited"]
)
def test_all_of_a_part_is_counted_in_its_indexes(desk, scope):
    """With --all --count."""
    for filters in ({}, {"status": ["closed"]}, {"since": T0}):
        steps = count_plan(desk, scope, filters)
        assert [step for step in reads(steps) if step.startswith("SCAN")] == [], steps


# -------------------------------------------------------------------------------------------------- filters


@pytest.mark.parametrize(
    ("filters", "index"),
    [
        ({"department": ["Billing"]}, "by_department"),
        ({"no_department": None}, "by_department"),
        ({"client": ["Acme"]}, "by_client"),
        ({"client": ["Acme"], "department": ["Billing"]}, "by_client"),
        ({"team": ["Night"]}, "by_team"),
        ({"topic": ["Returns"]}, "by_topic"),
        ({"mine": None}, "by_assignee"),
    ],
    ids=str,
)
def test_newest_first_goes_along_the_index_of_a_filter(desk, filters, index):
    """--all with one noun: rows come in order, without a sort; counted in the same index."""
    steps = ids_plan(desk, STAFF, filters, ACTIVITY)
    assert indexes(steps) <= {index, "lapsing"}
    assert index in indexes(steps)
    assert {index} == indexes(count_plan(desk, STAFF, filters))


def test_a_department_of_mine_is_read_by_it_alone(desk):
    """What a limited agent sees anyway need not be put together from parts; another department has to be."""
    mine = indexes(ids_plan(desk, LIMITED, {"department": ["Billing"]}, ACTIVITY))
    assert {"by_department", "lapsing"} == mine
    other = indexes(ids_plan(desk, LIMITED, {"department": ["Sales"]}, ACTIVITY))
    assert {"by_assignee", "by_requester", "by_creator"} < other


def test_what_is_mine_or_my_teams(desk):
    """With --all --mine, for an agent with teams."""
    steps = ids_plan(desk, TEAMED, {"mine_or_team": None}, ACTIVITY)
    assert {"by_assignee", "by_team", "lapsing"} == indexes(steps)


def test_an_answer_is_looked_up_for_each_ticket(desk):
    """Where many have it: the facet is asked about the ticket at hand, by its key, never read whole."""
    steps = ids_plan(desk, STAFF, {"field_0": ["north"], "field_0_name": "field.brand"}, ACTIVITY)
    asked = [step for step in steps if re.match(r"S\w+ facet\b", step)]
    assert asked != []
    assert all("ticket_id=?" in step for step in asked), asked


def test_few_answers_are_where_to_begin(desk):
    """Where few have it, those tickets are read by their ids."""
    number = desk.new("rita")
    with desk.store.writing():
        desk.store.run("facet_add", name="field.brand", value="north", ticket_id=desk.stored(number).id)
    wanted = Selection({"field_0": ["north"], "field_0_name": "field.brand", "open": None}, None, 50)
    narrowed = queue.narrowed(desk.store, wanted)
    assert {"open": None, "ids": [desk.stored(number).id]} == narrowed.filters
    steps = plan(desk, *queue.assemble(desk.store.texts, STAFF, narrowed, T0))
    assert any("INTEGER PRIMARY KEY" in step for step in steps), steps


def test_keys_of_answers_are_found_a_step_each(desk):
    """Not by reading every answer of the desk."""
    steps = plan(desk, compiled.SQL["facet_keys"], {})
    assert [step for step in steps if re.match(r"SCAN facet\b", step)] == [], steps


# --------------------------------------------------------------------------------------------------- search


def test_a_reader_of_few_is_told_theirs_beforehand(desk, monkeypatch):
    """Up to a bound; beyond it the scope picks from what is found, and the answer is the same."""
    for who in ("rita", "rolf", "rita"):
        desk.new(who, "Zebra")
    query = fulltext.parse_query(["zebra"])
    scope = desk.desk("rita").scope
    few = fulltext.matching(desk.store, scope, query, desk.now)
    assert len(few) == 2
    monkeypatch.setattr(fulltext, "_MOST_SEEN", 1)
    assert queue.seen(desk.store, scope, 1) is None
    assert sorted(few) == sorted(fulltext.matching(desk.store, scope, query, desk.now))
    hits = fulltext.search(desk.store, scope, query, Selection({}, None, 20), desk.now)
    assert sorted(few) == sorted(hit.row.ticket.id for hit in hits)


def test_ids_and_words_are_both_asked_for(desk):
    """With search WORDS --title WORDS: what the filter has found stays a filter."""
    one, other = desk.new("rita", "Yak one"), desk.new("rita", "Yak other")
    wanted = desk.stored(one).id
    query = fulltext.parse_query(["yak"])
    for sort in (None, "number"):
        hits = fulltext.search(desk.store, STAFF, query, Selection({"ids": [wanted]}, sort), desk.now)
        assert [wanted] == [hit.row.ticket.id for hit in hits]
    assert desk.stored(other).id != wanted


# --------------------------------------------------------------------------------------------- the control


def test_a_walk_for_somebody_who_sees_little_is_seen(desk):
    """Control: the same page without its parts walks the desk, and a stream without its scope is noticed."""
    clause = compiled.SCOPES["desk"]
    _, values = queue.assemble(desk.store.texts, LIMITED, Selection({}, ACTIVITY, 50), T0)
    sql = f"SELECT id FROM ticket NOT INDEXED WHERE {clause} ORDER BY last_activity_at DESC LIMIT :limit"
    assert [step for step in reads(plan(desk, sql, values)) if step.startswith("SCAN")] != []
    with pytest.raises(AssertionError):
        _scoped_everywhere("SELECT id FROM ticket WHERE 1", Scope("own", "rita", False))
    with pytest.raises(AssertionError):
        _scoped_everywhere(
            f"SELECT id FROM ticket WHERE {clause} UNION SELECT id FROM ticket WHERE 1", LIMITED
        )
