"""Every report says what counting the tickets one by one says, whoever asks, wherever, of whichever time."""

import os
import random
from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from tests.factories import HOUR, T0, ticket, world
from tests.laws import naive_reports
from tix.desk import doctor
from tix.desk.context import Desk
from tix.desk.reports import reports, stats
from tix.domain import times
from tix.domain.json_columns import dumps
from tix.domain.people import Actor
from tix.domain.tickets.ticket import NEVER
from tix.store import people
from tix.store import reports as store_reports
from tix.store.compiled import sqlite as compiled
from tix.store.search import counts as search_counts
from tix.store.search import facets

pytestmark = pytest.mark.long

SEEDS = range(60 if os.environ.get("TIX_SOAK") else 3)
DAY = 24 * HOUR
MIDNIGHT = T0 - T0 % DAY  # UTC
NOVEMBER, OCTOBER = MIDNIGHT - 19 * DAY, MIDNIGHT - 50 * DAY
PLANS = (None, None, "gold", "Night: 24x7")  # a name may hold what separates the parts of a count
DEPARTMENTS = (None, "Support", "Billing", "Network")
# Who looks: everything, a part by department, by team, next to nothing.
STAFF = {
    "root": (None, None),
    "ann": (None, None),
    "ben": (("Support", "Billing"), None),
    "cid": (("Network",), ("Night",)),
    "dora": ((), None),
}
STATUSES = {
    "open": ("open", "in-progress", "on-hold"),
    "resolved": ("resolved",),
    "closed": ("closed",),
}


def _row(chance, number):
    """A ticket as it may stand in the store, with the lapses and dates that nobody has recorded."""
    created = T0 - chance.choice([0, 1, HOUR, DAY, 2 * DAY, 6 * DAY, 27 * DAY, 28 * DAY, 90 * DAY, 400 * DAY])
    created -= chance.randrange(DAY) * chance.randrange(3)
    if chance.randrange(5) == 0:  # around the beginning of a month, which is at another time in every zone
        created = chance.choice([NOVEMBER, OCTOBER]) + chance.randrange(-14 * HOUR, 14 * HOUR)
    phase = chance.choice(["open", "open", "resolved", "closed"])
    span = lambda: chance.choice([0, 1, 2, 3, 63, 64, 65, chance.randrange(2**22), 2 ** chance.randrange(23)])  # noqa: E731
    due_at = chance.choice([None, None, T0 - 1, T0, T0 + 1, T0 - chance.randrange(DAY)])
    resolved = phase == "resolved"
    row = ticket(
        number=number,
        uid=f"uid-{number}",
        status=chance.choice(STATUSES[phase]),
        phase=phase,
        paused_at=chance.choice([None, None, T0 - 5]),
        priority=chance.choice(["low", "medium"]),
        created_at=created,
        updated_at=created,
        last_activity_at=created + span(),
        requester=chance.choice(["rita", "rolf", "ben"]),
        creator=chance.choice(["rita", "cid", "root"]),
        assignee=chance.choice([None, "ann", "ben", "cid", "dora"]),
        department=chance.choice(DEPARTMENTS),
        team=chance.choice([None, None, "Night"]),
        sla=chance.choice(PLANS),
        due_at=due_at,
        due_key=NEVER if due_at is None else due_at,
        overdue_at=chance.choice([None, due_at]),
        answered=chance.randrange(2),
        first_response_at=chance.choice([None, created + span()]),
        resolved_at=None if phase == "open" else created + span(),
        lapses_at=chance.choice([None, T0 - 1, T0, T0 + 1]) if resolved else None,
        lapses_to="closed" if resolved else None,
        response_met=chance.choice([None, 0, 1]),
        resolution_met=None if phase == "open" else chance.choice([None, 0, 1]),
        rating=chance.choice([None, None, 1, 4, 5]),
        reopened=chance.choice([0, 0, 1, 3]),
        watchers=dumps(chance.choice([[], [], ["dora"], ["ben", "rita"]])),
    )
    # Whoever resolves a ticket is active on it.
    active = max(row.last_activity_at, row.resolved_at or 0)
    return row._replace(lapses_to="closed" if resolved else None, last_activity_at=active)


def fill(desk, seed, many=120):
    """A desk of random rows, and time worked on some of them."""
    chance = random.Random(seed)
    store = desk.store
    for login in ("cid", "dora"):
        store.execute(
            "INSERT INTO person (login, name, role, created_at) VALUES (?, ?, 'agent', 0)", (login, login)
        )
    for login, (departments, teams) in STAFF.items():
        told = None if departments is None else dumps(departments) or "[]"
        store.execute(
            "UPDATE person SET departments = ?, teams = ? WHERE login = ?", (told, dumps(teams), login)
        )
    rows = [_row(chance, number) for number in range(1, many + 1)]
    for row in rows[: many // 2]:
        store.run("ticket_add", **row._asdict())
        facets.add(store, row)
        search_counts.changed(store, None, row)
    for row in rows[many // 2 :]:
        store.run("ticket_add", **row._asdict())
        facets.add(store, row)
    search_counts.add(store, rows[many // 2 :])
    for id in range(1, many):
        store.execute(
            "INSERT INTO item (id, ticket_id, origin_id, at, kind, by, side, internal, type) "
            "VALUES (?, ?, ?, ?, 'event', 'ann', 'staff', 1, 'time-added')",
            (id, *[chance.randint(1, many)] * 2, T0),
        )
        who, at = chance.choice(["ann", "ben"]), T0 - chance.randrange(90) * DAY
        store.run(
            "work_add",
            id=id,
            by=who,
            at=at,
            seconds=chance.randint(60, 9000) * chance.choice([1, 1, -1]),
            billable=chance.randrange(2),
            invoice=None,
        )


# Without ends, of whole days in UTC, from and to seconds of a day, within one day, and of no ticket.
WINDOWS = (
    (None, None),
    (MIDNIGHT - 28 * DAY, MIDNIGHT - 1),
    (T0 - 90 * DAY, T0 - DAY),
    (None, T0 - 2 * DAY - 1),
    (T0 - HOUR, T0),
    (T0 + DAY, T0 + 2 * DAY),
)
# On both sides of Greenwich, of which one is half a day ahead, and one 45 minutes off the hour.
ZONES = ("UTC", "America/New_York", "Pacific/Auckland", "Asia/Kathmandu")


def reader(desk, login, zone):
    """The desk as somebody meets it who is in that zone."""
    me = people.by_login(desk.store, login)
    return Desk(desk.store, Actor(me), desk.now, lambda: ZoneInfo(zone))


def compare(desk, staff=tuple(STAFF), turn=0):
    """The reports and numbers of every window, for some people; how many rows and tickets they were about.

    The zones take turns, so that each is that of every person in some window; ``turn`` says who begins.
    """
    told = 0
    for place, login in enumerate(staff, turn):
        known = naive_reports.seen(desk.desk(login))
        for step, window in enumerate(WINDOWS, place):
            zone = ZONES[step % len(ZONES)]
            here = reader(desk, login, zone)
            right = naive_reports.everything(here, *window, known)
            for name in reports.REPORTS:
                rows = reports.report(here, name, *window)
                assert (login, zone, window, name, rows) == (login, zone, window, name, right[name])
                told += len(rows)
            numbers = stats.stats(here, *window)
            compared = {key: numbers[key] for key in right["stats"]}
            assert numbers.keys() - compared.keys() == {"now", "since", "until"}
            assert (login, zone, window, compared) == (login, zone, window, right["stats"])
            told += numbers["tickets"]
    return told


@pytest.fixture
def desk(tmp_path):
    with world(tmp_path) as made:
        yield made


@pytest.mark.parametrize("seed", SEEDS)
def test_every_report_is_what_counting_gives(desk, seed, monkeypatch):
    """For those who see everything and those who see a part, from and to any second, in days of any zone.

    Those of a part are found by whose they are, or among all: each seed has one way.
    """
    fill(desk, seed)
    monkeypatch.setattr(store_reports, "WALKED_MEANWHILE", (0.1, 10**9)[seed % 2])
    assert compare(desk, turn=seed) > 900
    desk.now += 7 * DAY  # nobody recorded anything meanwhile
    assert compare(desk, turn=seed + 2) > 900
    found = {one.name: one.detail for one in doctor.examine(desk.desk("root"))}
    assert found["tallies"] == "Counts match the tickets."


def test_a_desk_without_tickets(desk):
    fill(desk, 0, 0)
    assert compare(desk) == len(STAFF) * len(WINDOWS) * 6  # the bands of age


def test_where_a_class_begins():
    """The search in SQL among where classes begin finds what the logarithm finds, on both sides of each."""
    begins = search_counts.first_seconds()
    assert len(begins) > 140
    known = dict(begins)
    for second, number in begins:
        assert search_counts.class_of(second) == number
        assert search_counts.class_of(second - 1) == max([n for s, n in begins if s < second], default=0)
    assert set(range(12, max(known.values()))) <= set(known.values())


# ------------------------------------------------------------------------------------------ planted faults


@pytest.mark.parametrize("name", sorted(compiled.TALLIES))
def test_a_count_that_is_too_high_is_seen(desk, name):
    """Control: each of the counters is looked at."""
    fill(desk, 0, 60)
    desk.store.execute(
        "UPDATE tally SET count = count + 99 WHERE name = :name "
        "AND value = (SELECT min(value) FROM tally WHERE name = :name)",
        {"name": name},
    )
    with pytest.raises(AssertionError):
        compare(desk)


@pytest.mark.parametrize("name", sorted(compiled.TALLIES))
def test_a_count_of_a_part_that_lacks_some_is_seen(desk, name, monkeypatch):
    """Control: so is each that is counted for somebody who sees a part."""
    fill(desk, 0, 60)
    monkeypatch.setitem(compiled.TALLIES, name, compiled.TALLIES[name].replace("count(*)", "count(*) - 1"))
    with pytest.raises(AssertionError):
        compare(desk)


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("lapsed_counted", "<= :now", "< :now"),
        ("overdue_counted", "<= :now", "< :now"),
        ("overdue_counted", "paused_at IS NULL", "paused_at IS NOT NULL"),
        ("open_by_age", ">= :band_3", "> :band_3 + 86400"),
        ("open_by_age", "answered = 0", "answered = 1"),
        ("open_of_instant", "ORDER BY ticket.number", "ORDER BY ticket.number DESC"),
        ("raised_counted", "'$[1]')", "'$[1]') - 3600"),
        ("work_totals", "<= :until", "< :until"),
        ("work_totals_seen", "work.billable = 1 AND work.invoice", "work.invoice"),
    ],
)
def test_a_statement_that_is_a_little_wrong_is_seen(desk, name, right, wrong, monkeypatch):
    """Control: at the instants that count."""
    fill(desk, 0)
    assert right in compiled.SQL[name]
    monkeypatch.setitem(compiled.SQL, name, compiled.SQL[name].replace(right, wrong))
    with pytest.raises(AssertionError):
        compare(desk)


def test_arms_that_overlap_are_seen(desk, monkeypatch):
    """Control: a ticket that somebody sees for two reasons counts once."""
    fill(desk, 0)
    monkeypatch.setattr(store_reports, "WALKED_MEANWHILE", 0.1)
    monkeypatch.setattr(store_reports.plan, "apart", lambda arms: arms)
    with pytest.raises(AssertionError):
        compare(desk)


def _without_shared_days(months):
    return {start // DAY: number for start, number in months.items()}


@pytest.mark.parametrize(
    ("where", "name", "wrong"),
    [
        (store_reports.ReportWindow, "edges", ()),
        (store_reports, "_days", _without_shared_days),
        (stats, "day_start", lambda day, zone: times.day_start(day, UTC)),
        (store_reports, "month_start", lambda number, zone: times.month_start(number, UTC)),
    ],
)
def test_a_day_that_is_not_the_reader_s_is_seen(desk, where, name, wrong, monkeypatch):
    """Control: at what is left of a window without its whole days, and where days and months begin."""
    fill(desk, 0)
    monkeypatch.setattr(where, name, wrong)
    with pytest.raises(AssertionError):
        compare(desk, ["root"])
