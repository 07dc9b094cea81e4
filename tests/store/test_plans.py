"""How SQLite reads: no hot statement walks a table that grows, and the queue never sorts the desk."""

import re

import pytest

from tests.factories import T0, person, world
from tix.domain.people import Actor
from tix.domain.permissions import Scope, scope_of
from tix.store.compiled import sqlite as compiled
from tix.store.search import queue
from tix.store.search.queue import Selection

STAFF = scope_of(Actor(person("ann")))
OWN = scope_of(Actor(person("rita", "requester")))
# Agents who see a part of the desk, managers and contacts.
DESK = scope_of(Actor(person("sue", departments=("Support", "Billing"), teams=("Network",))))
NONE = scope_of(Actor(person("nan", departments=())))
THEIRS = scope_of(Actor(person("pia", "requester", client="Acme", contact=("primary",), manages=True)))
GROWING = (
    "ticket item attachment person blob keyed_write tombstone work invoice invoice_line timer deed notice tally"
).split()
# How a plan names a walk over all rows; json_each and the page itself are as long as what was asked for.
WALK = re.compile(rf"^SCAN ({'|'.join(GROWING)})\b(?P<rest>.*)")


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """An empty desk: nothing is analysed, as on every desk (the plan must not depend on statistics)."""
    with world(tmp_path_factory.mktemp("plans")) as made:
        yield made


def plan(desk, sql, values=None):
    """The plan of a statement, a step a line."""
    names = set(re.findall(r"(?<![:\w]):(\w+)", sql))
    given = dict.fromkeys(names, 1) | {name: "[1]" for name in names if name in _LISTS} | (values or {})
    rows = desk.store.execute(f"EXPLAIN QUERY PLAN {sql}", given).fetchall()
    return [row[3] for row in rows]


_LISTS = frozenset(
    "ids uids numbers logins status open_status assignee requester creator user type about tag rank lapsed_to "
    "departments teams elsewhere values".split()
)


def walks(steps):
    """The steps that walk a growing table, but along an index in the order asked for."""
    return [step for step in steps if WALK.match(step)]


def scoped(name, scope):
    """A statement with its scope and months in place, as `Store.scoped` and `store.reports` run it."""
    sql = compiled.SQL[name].replace("<<visible>>", compiled.SCOPES[scope.kind])
    place = "ticket.resolved_at" if name == "solved_counted" else "tally.day"
    return sql.replace("<<month>>", f"CASE WHEN {place} < 20000 THEN 0 ELSE 1 END")


# Statements that look at everything because that is what they are for; none is run by a hot verb but as noted.
WHOLE = {
    "blob_digests": "doctor",
    "export_items": "by a list of tickets",
    "highest_number": "one step into an index",
    "people": "user list",
    "admins": "user edit",
    "staff": "assign to a team: as many as there are staff, in an index of them alone",
    "people_whole": "export and doctor",
    "person_count": "the first command on a desk; as many as there are people",
    "person_drop": "user rm: who is named anywhere stays (foreign keys)",
    "person_uses": "user rm",
    "priority_uses": "priority rm",
    "sla_uses": "sla rm",
    "team_uses": "team rm",
    "department_uses": "department rm",
    "open_tickets_of_plan": "sla edit: all tickets of a plan get new dates",
    "statuses_in_use": "workflow use",
    "tickets_in_status": "workflow use",
    "ticket_count": "home",
    "ticket_ids": "doctor",
    "documents_of_entries": "doctor",
    "tombstones": "export",
    "tombstone_count": "doctor",
    "lapsing_reset": "config set auto_close_after",
    "idempotent_expire": "new with a key: reported",
    "idempotent_forget": "delete: reported",
    "item_last_id": "import",
    "attachment_last_id": "import",
    "works_summed": "doctor",
    "invoices": "invoice list",
    "invoices_whole": "export and doctor",
    "tallies": "doctor",
    "work_totals": "report time: along an index that holds all it adds up (test_plans_of_reports)",
    "timers": "as many as there are people at work",
    "timers_whole": "export",
    "moved_pairs": "doctor",
    "moved_any": "search: one step into the index of what merges have moved",
    "moved_holders": "search for a common word: the index of what merges have moved",
    "moved_documents": "search, after two thousand questions about a common word: the same",
    "log": "by item_at, newest first, until there are enough",
}


@pytest.mark.parametrize("name", sorted(set(compiled.SQL) - set(WHOLE)))
def test_no_statement_walks_a_table(desk, name):
    """Every compiled statement finds its rows by an index, whoever asks."""
    for scope in (STAFF, OWN, DESK, NONE, THEIRS):
        steps = plan(desk, scoped(name, scope))
        assert walks(steps) == [], steps


def test_the_exceptions_are_still_there():
    """The list of statements that look at everything names no statement that is gone."""
    assert set(WHOLE) - set(compiled.SQL) - {"tombstone_count", "attachment_last_id", "item_last_id"} == set()


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("ticket_get", "number=?"),
        ("ticket_by_id", "INTEGER PRIMARY KEY (rowid=?)"),
        ("numbers_visible", "number>? AND number<?"),
        ("thread", "INDEX item_thread (ticket_id=?"),
        ("thread_files", "INDEX item_thread (ticket_id=?"),
        ("items_of_many", "INDEX item_thread (ticket_id=?"),
        ("person_by_login", "login=?"),
        ("person_by_email", "email=?"),
        ("idempotent", "login=? AND key=?"),
        ("blob_get", "sha256=?"),
        ("tickets_of_person", "requester=?"),
        ("schedules_due", "COVERING INDEX schedule_due (next_at"),
        ("people_of_client", "client=?"),
        ("reports_of", "manager=?"),
        ("facet_tickets", "name=? AND value=?"),
        ("notices", "login=?"),
        ("notices_unread", "login=?"),
        ("notices_counted", "login=?"),
        ("notice_of", "INTEGER PRIMARY KEY"),
        ("open_tickets_of_department", "department=?"),
        ("statuses_of_department", "department=?"),
    ],
)
def test_a_hot_statement_uses_its_index(desk, name, index):
    """By name: the index this statement is meant to use."""
    steps = plan(desk, scoped(name, STAFF))
    assert [step for step in steps if index in step] != [], steps


@pytest.mark.parametrize("name", ["due_now", "unrecorded"])
def test_what_is_due_is_found_by_three_small_indexes(desk, name):
    """Time's work is looked up: lapsing, waking, falling_due; never the whole desk."""
    steps = plan(desk, scoped(name, STAFF))
    assert walks(steps) == [], steps
    assert any("lapsing" in step for step in steps), steps
    assert any("falling_due" in step for step in steps), steps


def test_the_log_goes_backwards_in_time(desk):
    """The desk's log is read newest first along the index, with no sort of everything."""
    steps = plan(desk, scoped("log", STAFF))
    assert not any("TEMP B-TREE FOR ORDER BY" in step for step in steps), steps
    assert any("item_at" in step for step in steps), steps


@pytest.mark.parametrize("scope", [OWN, THEIRS], ids=["requester", "manager and contact"])
def test_a_requesters_log_starts_from_their_tickets(desk, scope):
    """Not from the desk's items: theirs are few."""
    steps = plan(desk, scoped("log_own", scope))
    assert any("by_requester" in step and "requester=?" in step for step in steps), steps
    assert walks(steps) == [], steps


# ------------------------------------------------------------------------------------------------ the queue


def ids_plan(desk, scope, selection):
    """The plan of finding a page's ids alone."""
    sql, values = queue.assemble(desk.store.texts, scope, selection, T0)
    return plan(desk, sql, values)


ACTIVITY = "-last_activity_at"


@pytest.mark.parametrize(
    ("filters", "sort"),
    [
        ({"queue": None}, None),
        ({"open": None}, None),
        ({"open_status": ["open"]}, None),
        ({"queue": None, "mine": None}, None),
        ({"queue": None, "unassigned": None}, None),
        ({"queue": None, "overdue": None}, None),
        ({"queue": None, "type": ["issue"]}, None),
        ({"queue": None, "not_tag": ["vip"]}, None),
        ({"queue": None, "not_rank": [3], "no_client": None}, None),
        ({"queue": None, "due_since": 1, "due_until": 9}, None),
        ({"queue": None, "not_due": [[1, 9], [-2, -2]]}, None),
        ({"open": None, "topic": ["Hardware", "Hardware/Printers"]}, None),
        ({"open": None, "created_since": 1}, None),
        (
            {"open": None, "not_asset": ["PC 1"], "nofield_0": ["north"], "nofield_0_name": "field.brand"},
            None,
        ),
    ],
)
def test_the_queue_is_one_ordered_walk_of_the_open_tickets(desk, filters, sort):
    """Along open_queue, in its order, without a sort: the walk ends where the page is full."""
    steps = ids_plan(desk, STAFF, Selection(filters, sort, 50))
    assert [step for step in steps if "open_queue" in step] != [], steps
    assert not any("TEMP B-TREE" in step for step in steps), steps


@pytest.mark.parametrize(
    ("filters", "index"),
    [
        ({"assignee": ["ann"]}, "by_assignee"),
        ({"requester": ["rita"]}, "by_requester"),
        ({"creator": ["rita"]}, "by_creator"),
        ({"type": ["issue"]}, "by_type"),
        ({"status": ["closed"]}, "by_status"),
        ({"about": ["campaign:42"]}, "by_about"),
        ({}, "by_activity"),
        ({"closed": None}, "by_activity"),
        ({"unanswered": None}, "by_activity"),
        # Several values, each along its own part of the index.
        ({"topic": ["Hardware", "Hardware/Printers"]}, "by_topic"),
        ({"client": ["Acme", "Globex"]}, "by_client"),
        ({"assignee": ["ann", "sam"]}, "by_assignee"),
        ({"rank": [1, 2]}, "by_rank"),
        ({"no_type": None}, "by_type"),
        # What is left out, and what is empty: most of the desk, newest first.
        ({"not_status": ["closed"]}, "by_activity"),
        ({"not_topic": ["Hardware"], "has_client": None}, "by_activity"),
        ({"assignee_or_none": ["ann"]}, "by_activity"),
        ({"due": [[1, 9], [-1, -1]]}, "by_activity"),
        ({"created_since": 1, "created_until": 9}, "by_activity"),
    ],
    ids=str,
)
def test_newest_activity_first_goes_along_an_index(desk, filters, index):
    """--all and --closed, with each common filter: the index that gives rows in order; nothing is walked."""
    steps = ids_plan(desk, STAFF, Selection(filters, ACTIVITY, 50))
    assert any(index in step for step in steps), steps
    unindexed = [step for step in walks(steps) if "USING" not in step]
    assert unindexed == [], steps


@pytest.mark.parametrize("filters", [{}, {"open": None}, {"closed": None}, {"status": ["closed"]}], ids=str)
@pytest.mark.parametrize("sort", [None, ACTIVITY, "number"])
def test_a_requester_reads_their_own_tickets_alone(desk, filters, sort):
    """Whatever they ask, by an index of requesters."""
    steps = ids_plan(desk, OWN, Selection(filters, sort, 50))
    assert [step for step in walks(steps) if "USING" not in step] == [], steps
    assert any(re.search("(by|open)_requester", step) for step in steps), steps


def test_rows_are_read_by_their_ids(desk):
    """The page comes first, then each row and its requester by a key."""
    steps = plan(desk, desk.store.texts.HEADS["tickets"], {"ids": "[1, 2, 3]"})
    assert any(re.match(r"SEARCH ticket USING INTEGER PRIMARY KEY", step) for step in steps), steps
    assert any(re.match(r"SEARCH requester_person USING INDEX", step) for step in steps), steps


# --------------------------------------------------------------------------------------------- the control


@pytest.mark.parametrize("scope", [STAFF, OWN], ids=["staff", "requester"])
def test_an_answer_to_sort_by_is_looked_up_by_its_ticket(desk, scope):
    """Each ticket's own facets, never all tickets that have the answer."""
    steps = ids_plan(desk, scope, Selection({"open": None}, "field.brand", 50))
    assert any("SEARCH facet USING" in step and "ticket_id=?" in step for step in steps), steps


def test_a_walk_is_seen(desk):
    """Control: a statement without an index, and a queue without its order, are noticed."""
    assert walks(plan(desk, "SELECT id FROM ticket WHERE subject = 'x'")) != []
    assert walks(plan(desk, "SELECT id FROM item WHERE body = 'x'")) != []
    assert walks(plan(desk, "SELECT data FROM blob")) != []
    assert walks(plan(desk, scoped("ticket_get", Scope("all", "", True)))) == []
    sorted_ = plan(desk, "SELECT id FROM ticket WHERE phase = 'open' ORDER BY subject LIMIT 5")
    assert any("TEMP B-TREE FOR ORDER BY" in step for step in sorted_)
