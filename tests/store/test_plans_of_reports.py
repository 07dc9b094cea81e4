"""How reports read: counters by their key, and tickets along indexes that hold all that is asked of them."""

import json
import re
from zoneinfo import ZoneInfo

import pytest

from tests.factories import HOUR, T0, person, ticket, world
from tix.desk.context import Desk
from tix.desk.reports import reports, stats
from tix.domain.people import Actor
from tix.domain.permissions import scope_of
from tix.store import reports as store_reports
from tix.store.compiled import sqlite as compiled
from tix.store.search import counts

LIMITED = scope_of(Actor(person("ann", departments=("Billing", "Network"), teams=("Night",))))
COVERING = {"open_queue", "lapsing", "work_by", "by_created"}
DAY = 24 * HOUR
NAMES = [name for name in (*reports.REPORTS, "stats") if name != "weeks"]


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """An empty desk: nothing is analysed, as on every desk. Ann sees a part, root everything."""
    with world(tmp_path_factory.mktemp("plans")) as made:
        made.store.execute("UPDATE person SET departments = '[\"Billing\"]' WHERE login = 'ann'")
        yield made


@pytest.fixture(scope="module")
def november(tmp_path_factory):
    """A desk with one ticket, of this month."""
    with world(tmp_path_factory.mktemp("november")) as made:
        row = ticket(created_at=T0 - 10 * DAY)
        made.store.run("ticket_add", **row._asdict())
        counts.changed(made.store, None, row)
        yield made


def plan(desk, sql, values):
    """The plan of a statement, a step a line."""
    return [row[3] for row in desk.store.execute(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()]


def questions(desk, login, name, monkeypatch, zone="UTC", window=(None, None)):
    """Everything one report asks: the text and its values."""
    asked = []
    store = desk.store
    execute = type(store).execute

    def watched(self, sql, values=()):
        if sql.startswith(("SELECT", "WITH")):
            asked.append((sql, values))
        return execute(self, sql, values)

    here = Desk(store, desk.desk(login).actor, T0, lambda: ZoneInfo(zone))
    assert here.scope.kind == ("all" if login == "root" else "desk")
    with monkeypatch.context() as patch:
        patch.setattr(type(store), "execute", watched)
        if name == "stats":
            stats.stats(here, *window)
        else:
            reports.report(here, name, *window)
    assert asked
    return asked


def reads(steps):
    """The steps that read a table that grows, and the index each reads by."""
    found = []
    for step in steps:
        if match := re.match(r"(SCAN|SEARCH) (ticket|tally|item|work)\b(.*)", step):
            index = re.search(r"INDEX (\w+)", match[3])
            found.append((match[1], match[2], index[1] if index else ""))
    return found


def reads_rows(desk, sql, values, table="ticket"):
    """Whether a column of the table itself is read: of a partial index the plan does not say that it covers."""
    (root,) = desk.store.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    program = desk.store.execute(f"EXPLAIN {sql}", values).fetchall()
    cursors = {step[2] for step in program if step[1] == "OpenRead" and step[3] == root}
    return any(step[1] == "Column" and step[2] in cursors for step in program)


@pytest.mark.parametrize("name", NAMES)
def test_who_sees_everything_reads_no_tickets(desk, name, monkeypatch):
    """Counters by the beginning of their key; else indexes alone, those of what is open, lapsed or worked."""
    for sql, values in questions(desk, "root", name, monkeypatch):
        assert not reads_rows(desk, sql, values), sql
        for verb, table, index in reads(plan(desk, sql, values)):
            assert verb == "SEARCH" if table == "tally" else index in COVERING, sql


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Kathmandu"])
@pytest.mark.parametrize("name", NAMES)
def test_away_from_greenwich_tickets_are_read_by_the_day(november, name, zone, monkeypatch):
    """Of a window that is no whole days in UTC: those raised in what is left of it, and on days of two months."""
    desk, window = november, (T0 - 50 * DAY, T0)
    ranges = 0
    for sql, values in questions(desk, "root", name, monkeypatch, zone, window):
        for verb, table, index in reads(plan(desk, sql, values)):
            assert verb == "SEARCH" if table == "tally" else index in COVERING, sql
            if table == "ticket" and "at" not in values and reads_rows(desk, sql, values):
                assert (verb, index) == ("SEARCH", "by_created"), sql
                days = json.loads(values["ranges"])
                assert len(days) == (3 if name == "summary" else 2)
                assert all(end - begin <= DAY for begin, end in days)
                ranges += 1
    assert ranges == (0 if name in ("aging", "time") else 1)


@pytest.mark.parametrize("name", NAMES)
def test_who_sees_a_part_reads_theirs_alone(desk, name, monkeypatch):
    """Of the desk only what is open is walked, in its index; the rest is found by whose it is."""
    for sql, values in questions(desk, "ann", name, monkeypatch):
        for verb, _, index in reads(plan(desk, sql, values)):
            assert verb == "SEARCH" or (index in COVERING and not reads_rows(desk, sql, values)), sql


def test_sums_are_not_sorted(desk):
    """As many values as there are agents times classes: in the order of the key."""
    values = {"name": "response_of", "first": 0, "last": 1}
    steps = plan(desk, compiled.SQL["tally_summed"], values)
    assert not any("TEMP B-TREE" in step for step in steps), steps


def test_each_ticket_of_a_part_is_read_once(desk):
    """However much is counted of it: one pass, kept aside."""
    asked = store_reports.ReportWindow(desk.store, LIMITED, T0)
    sql, values = store_reports.counting(asked, list(compiled.TALLIES), {T0 - DAY: 1, T0: 2})
    steps = plan(desk, sql, values)
    assert "MATERIALIZE seen" in steps, steps
    assert len([step for step in steps if "by_department" in step]) == 3, steps


@pytest.mark.parametrize(
    ("begin", "step"), [(0, "SCAN ticket"), (T0, "SEARCH ticket USING INDEX by_created")]
)
def test_who_sees_much_reads_what_was_raised(november, begin, step):
    """In the order it was raised, of the time that is asked for."""
    asked = store_reports.ReportWindow(november.store, LIMITED, T0, begin)
    sql, values = store_reports.counting(asked, ["status"])
    steps = plan(november, sql, values)
    assert len([one for one in steps if one.startswith(step)]) == 1, steps
    assert len(reads(steps)) == 1, steps


@pytest.mark.parametrize(
    ("name", "index"), [("overdue_counted", "open_queue"), ("lapsed_counted", "lapsing")]
)
def test_a_column_less_is_seen(desk, name, index):
    """Control: an index that does not hold everything is no longer enough."""
    asked = store_reports.ReportWindow(desk.store, desk.desk("root").scope, T0)
    sql = compiled.SQL[name].replace("<<visible>>", "true")
    sql = sql.replace("FROM ticket WHERE", f"FROM ticket INDEXED BY {index} WHERE")
    assert not reads_rows(desk, sql, asked.values)
    assert reads_rows(desk, sql.replace("count(*)", "sum(ticket.version)"), asked.values)


@pytest.mark.parametrize("login", ["root", "ann"])
def test_weeks_are_counted_from_what_was_active_since(desk, november, login, monkeypatch):
    """Everybody's: created by the time of creation, solved by the last activity, which is not before it."""
    for sql, values in questions(november if login == "root" else desk, login, "weeks", monkeypatch):
        for verb, table, index in reads(plan(desk, sql, values)):
            assert verb == "SEARCH" or index in COVERING, sql
            if "resolved_at >= :begin" in sql and table == "ticket":
                assert index == "by_activity", sql
