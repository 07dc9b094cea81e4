"""What is counted is what counting gives, after every step of any story; and doctor sees where it is not."""

import math
import os
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories import HOUR, ref, world
from tests.laws.stories import FIRST, WINDOW, Player, stories
from tix.desk import doctor
from tix.desk.reports import reports, stats
from tix.desk.tickets import reply
from tix.desk.tickets.routing import Route
from tix.store.search import counts

pytestmark = pytest.mark.long

SOAK = bool(os.environ.get("TIX_SOAK"))
EXAMPLES = 400 if SOAK else 25


def counted(desk):
    """The same numbers by SQL over raw rows, once everything is on record."""

    def rows(what, where="1"):
        sql = f"SELECT {what}, count(*) FROM ticket WHERE {where} GROUP BY 1"
        return dict(desk.store.execute(sql).fetchall())

    spans = desk.store.execute(
        "SELECT resolved_at - created_at FROM ticket WHERE resolved_at IS NOT NULL ORDER BY 1"
    ).fetchall()
    return {
        "by_status": rows("status"),
        "by_assignee": rows("coalesce(assignee, 'none')", "phase = 'open'"),
        "by_priority": rows("priority", "phase = 'open'"),
        "overdue": rows("1", f"phase = 'open' AND paused_at IS NULL AND due_at <= {desk.now}").get(1, 0),
        "tickets": rows("1").get(1, 0),
        "rated": rows("1", "rating IS NOT NULL").get(1, 0),
        "spans": [span for (span,) in spans],
    }


def follow(story, workflow="standard"):
    """Plays a story; after every step what is counted is what counting gives. What happened."""
    happened = Counter()
    with tempfile.TemporaryDirectory() as folder, world(Path(folder), workflow) as desk:
        player = Player(desk)
        for gap, action in story:
            happened[player.step(gap, action)] += 1
            findings = {finding.name: finding.detail for finding in doctor.examine(desk.desk("root"))}
            assert findings["tallies"] == "Counts match the tickets."
            told = stats.stats(desk.desk("root"))  # before time's part is on record
            player.step(0, ("claims", "auto"), ticks=(1.0,))
            raw = counted(desk)
            for name in ("by_status", "by_assignee", "by_priority", "overdue", "tickets"):
                assert (action, name, raw[name]) == (action, name, told[name])
            assert raw["rated"] == told["ratings"]["count"]
            assert sum(told["by_age"].values()) == told["open"]
            near(raw["spans"], told["resolution"])
            limited = stats.stats(desk.desk("ann"))
            assert limited == {**told, "mine": limited["mine"]}
    return happened


def near(spans, told):
    """The median and the p90 are those of the times themselves, at most 9 % off."""
    assert len(spans) == told["count"]
    for percent, name in ((50, "median_seconds"), (90, "p90_seconds")):
        if spans:
            exact = spans[math.ceil(len(spans) * percent / 100) - 1]
            assert exact * 0.91 - 1 <= told[name] <= exact * 1.095 + 1


ONE_OF_EACH = [
    FIRST,
    (1, ("new", "rita", None, False)),
    (HOUR, ("reply", "ann", 0, False)),
    (1, ("priority", "ann", 0, "urgent")),
    (1, ("assign", "root", 1, "ben")),
    (24 * HOUR, ("pull", "ann", "resolve", 0, None, None)),
    (1, ("rate", 0, 5)),
    (WINDOW, ("keyed", "rita", "k1")),
    (1, ("pull", "rita", "reopen", 0, None, None)),
    (1, ("delete", 1)),
]


@pytest.mark.parametrize("workflow", ["standard", "osticket"])
def test_what_is_counted_is_what_counting_gives(workflow):
    """Also of what time has done and nobody has recorded."""
    follow(ONE_OF_EACH, workflow)

    @settings(max_examples=EXAMPLES, derandomize=not SOAK, deadline=None)
    @given(stories(14))
    def story(steps):
        follow(steps, workflow)

    story()


@given(st.integers(0, 10**9))
def test_a_class_stands_for_its_times(seconds):
    """What is read is at most 9 % off what was counted."""
    stands = counts.seconds_of(counts.class_of(seconds))
    assert abs(stands - seconds) <= max(1, seconds * 0.0906 + 1)


def test_a_limited_agent_counts_what_they_see(tmp_path):
    """Theirs are scoped queries, and say the same of what everybody sees."""
    with world(tmp_path) as desk:
        desk.new(login="root", route=Route(department="Support"))
        desk.new()
        desk.store.execute("UPDATE person SET departments = '[\"Billing\"]' WHERE login = 'ann'")
        whole, part = stats.stats(desk.desk("ben")), stats.stats(desk.desk("ann"))
        assert (whole["tickets"], part["tickets"]) == (2, 1)
        assert part["by_department"] == {"none": 1}
        assert reports.report(desk.desk("ann"), "agents", None, None)[0]["open"] == 1


# ------------------------------------------------------------------------------------------ planted faults


@pytest.mark.parametrize(
    "sql", ["UPDATE tally SET count = count + 1", "DELETE FROM tally", "UPDATE ticket SET priority = 'low'"]
)
def test_a_wrong_count_is_seen(sql, tmp_path):
    """Control: doctor notices counts that are not the tickets'."""
    with world(tmp_path) as desk:
        reply.reply(desk.desk("ann"), ref(desk.new()), "An answer.")
        desk.store.execute(sql)
        findings = {finding.name: finding.status for finding in doctor.examine(desk.desk("root"))}
        assert findings["tallies"] == "failed"


def test_a_repository_that_does_not_count_is_seen(monkeypatch):
    """Control: the law fails where a change is not counted."""
    monkeypatch.setattr(counts, "changed", lambda store, old, new: None)
    with pytest.raises(AssertionError):
        follow(ONE_OF_EACH)
