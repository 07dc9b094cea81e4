"""It never matters when, or whether, ``tick`` ran; and reading changes nothing."""

import hashlib
import os
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories import HOUR, ref, world
from tests.laws.stories import FIRST, WINDOW, Player, rows, snapshot, stories
from tix.desk import settle, tick
from tix.desk.completion import tickets
from tix.desk.tickets import outcome, read, reply
from tix.desk.transfer import export as transfer_export
from tix.domain.search import parse_query
from tix.domain.tickets import lifecycle
from tix.domain.tickets.ticket import play
from tix.domain.workflows.shipped import SHIPPED
from tix.store.search import fulltext
from tix.store.search.queue import Selection
from tix.store.tickets import tickets as repository

pytestmark = pytest.mark.long

SOAK = bool(os.environ.get("TIX_SOAK"))
EXAMPLES = 400 if SOAK else 25
TICKS = st.lists(st.sampled_from((0.0, 0.3, 0.5, 0.99, 1.0)), max_size=2).map(tuple)


def ends(story, workflow, ticks=None):
    """Plays a story, ticking before step n as ``ticks[n]`` says; what is seen, said and, settled, stored."""
    with tempfile.TemporaryDirectory() as folder, world(Path(folder), workflow) as desk:
        player = Player(desk)
        said = []
        for place, (gap, action) in enumerate(story):
            mine = () if ticks is None else ticks[place % len(ticks)]
            said.append(player.step(gap, action, mine))
        desk.now += HOUR
        seen = snapshot(desk)
        recorded = player.recorded + tick.tick(desk.desk("root"))
        again = tick.tick(desk.desk("root"))
        assert sum(again.values()) == 0, "a second tick found something to do"
        assert snapshot(desk) == seen, "a tick changed what is seen"
        return seen, said, rows(desk), recorded


def check(story, workflow, ticks):
    """The same story with and without ticks ends the same; what time did in it."""
    plain = ends(story, workflow)
    ticked = ends(story, workflow, ticks)
    assert plain[1] == ticked[1], "an action went otherwise"
    for name, value in plain[0].items():
        assert (name, value) == (name, ticked[0].get(name))
    assert set(plain[0]) == set(ticked[0])
    assert plain[2] == ticked[2], "the rows differ"
    return ticked


@pytest.mark.parametrize("workflow", ["standard", "itflow", "osticket"])
def test_ticks_change_nothing(workflow):
    """Any story with ticks sprinkled anywhere gives the same tickets, entries and events as without."""
    seen = Counter()

    @settings(max_examples=EXAMPLES, derandomize=not SOAK)
    @given(stories(), st.lists(TICKS, min_size=1, max_size=6))
    def story(steps, ticks):
        _, said, _, recorded = check(steps, workflow, ticks)
        seen.update(recorded)
        seen.update(said)

    story()
    assert seen["overdue"] > 0
    assert seen["woken"] > 0
    assert seen["done"] > 100
    if workflow != "osticket":
        assert seen["status-changed"] > 0


AWAY = [FIRST, (60, ("snooze", "ann", 0, 24 * HOUR))]
RESOLVED = [FIRST, (60, ("pull", "ann", "resolve", 0, None, None))]
LATE = [FIRST, (2 * HOUR, ("note", "ann", 0, False))]
EDGES = {
    "a note after the lapse": [*RESOLVED, (WINDOW + 1, ("note", "ann", 0, False))],
    "a requester's reply at the very end": [*RESOLVED, (WINDOW, ("reply", "rita", 0, False))],
    "a rating after the lapse": [*RESOLVED, (WINDOW + 1, ("rate", 0, 5))],
    "a new window after the lapse": [*RESOLVED, (WINDOW + 1, ("window", "0"))],
    "a shorter window": [*RESOLVED, (25 * HOUR, ("window", "24h")), (1, ("note", "ann", 0, False))],
    "another workflow after the lapse": [*RESOLVED, (WINDOW + 1, ("workflow", "osticket"))],
    "the default again": [*RESOLVED, (1, ("window", "24h")), (WINDOW, ("window", None))],
    "overdue, then held": [*LATE, (1, ("pull", "ann", "hold", 0, None, None))],
    "overdue, then due later": [*LATE, (1, ("due", "ann", 0, HOUR)), (2 * HOUR, ("note", "ann", 0, False))],
    "an edit after the lapse": [*RESOLVED, (WINDOW + 1, ("subject", "ann", 0, "Scanner"))],
    "a note long after the lapse": [*RESOLVED, (3 * WINDOW, ("note", "ann", 0, False))],
    "a reply long after the lapse": [*RESOLVED, (3 * WINDOW, ("reply", "rita", 0, False))],
    "a note long after the due date": [FIRST, (WINDOW, ("note", "ann", 0, False))],
    "a note after the snooze": [*AWAY, (24 * HOUR + 1, ("note", "ann", 0, False))],
    "a message at the very end of the snooze": [*AWAY, (24 * HOUR, ("reply", "rita", 0, False))],
    "a message just before it": [*AWAY, (24 * HOUR - 1, ("reply", "rita", 0, False))],
    "woken by hand after it": [*AWAY, (25 * HOUR, ("snooze", "ben", 0, None))],
    "snoozed anew after it": [*AWAY, (25 * HOUR, ("snooze", "ben", 0, HOUR))],
    "another workflow after it": [*AWAY, (25 * HOUR, ("workflow", "osticket"))],
    "resolved, and reopened while it is away": [
        *AWAY,
        (HOUR, ("pull", "ann", "resolve", 0, None, None)),
        (HOUR, ("pull", "rita", "reopen", 0, None, None)),
    ],
    "already so after the lapse": [*RESOLVED, (WINDOW + 1, ("pull", "ann", "close", 0, None, None))],
}


@pytest.mark.parametrize("edge", EDGES)
@pytest.mark.parametrize("ticks", [(1.0,), (0.5, 1.0), (0.0,)], ids=str)
def test_a_tick_before_each_step_changes_nothing(edge, ticks):
    """The edges one would think of, with a tick at, before or between the steps."""
    check(EDGES[edge], "standard", [ticks])


@pytest.mark.parametrize(
    "story",
    [
        [FIRST, (2 * HOUR, ("delete", 0))],
        [*RESOLVED, (WINDOW + 1, ("delete", 0))],
    ],
    ids=["overdue", "lapsed"],
)
def test_a_tick_before_a_delete_changes_nothing(story):
    """What is left of a deleted ticket (kinds, times, actors) does not depend on ticks either."""
    check(story, "standard", [(1.0,)])


def test_reads_change_no_byte(tmp_path):
    """Show, list, search, log, export and suggestions leave the file as it is, whatever has fallen due."""
    story = [*RESOLVED, (0, ("new", "rolf", HOUR, True)), (0, ("new", "ben", HOUR, False))]
    with world(tmp_path) as desk:
        player = Player(desk)
        for gap, action in story:
            player.step(gap, action)
        digest = hashlib.sha256(desk.path.read_bytes()).digest()
        before = rows(desk)
        tries = 0
        for _ in range(5):
            desk.now += 24 * HOUR
            for login in ("root", "ann", "rita"):
                me = desk.desk(login)
                for number in player.numbers:
                    if login != "rita" or desk.stored(number).requester == "rita":
                        read.whole(me, ref(number))
                list(read.log(me, None, None, -1))
                list(tickets.tickets(me, "", "any"))
                fulltext.search(desk.store, me.scope, parse_query(["smokes"]), Selection({}), desk.now)
                with transfer_export.taken(me, Selection({}, "number"), files=True) as export:
                    tries += len(list(export.parts()))
                snapshot(desk)
        assert tries > 0
        assert before == rows(desk)
        assert digest == hashlib.sha256(desk.path.read_bytes()).digest()
        assert read.whole(desk.desk("ann"), ref(player.numbers[0])).ticket.status == "resolved"
        assert lifecycle.settled(desk.stored(player.numbers[0]), desk.now).status == "closed"


def test_already_so_writes_nothing(tmp_path):
    """A command that finds it so already leaves the file as it is, also after something has fallen due."""
    with world(tmp_path) as desk:
        player = Player(desk)
        for gap, action in RESOLVED:
            player.step(gap, action)
        desk.now += WINDOW + 1
        digest = hashlib.sha256(desk.path.read_bytes()).digest()
        assert player.act(("pull", "ann", "close", 0, None, None)) == "already"
        assert digest == hashlib.sha256(desk.path.read_bytes()).digest()


# ------------------------------------------------------------------------------------------ planted faults

_settle = lifecycle.settle


def _unsettled_change(desk, reference, verb, decide, **_):
    """A use case that forgets to settle first."""
    with desk.store.writing():
        stored = read.find(desk, reference)
        items = decide(stored)
        if not items:
            return outcome.Outcome(stored, already=True)
        ticket = play(stored, items)
        repository.save(desk.store, stored, ticket, items)
    return outcome.Outcome(ticket, tuple(items))


def _dated_now(found, now):
    """Events dated when somebody looked, not when they fell due."""
    return [item._replace(at=now) for item in _settle(found, now)]


def _raising_version(found, now):
    """Time that counts as somebody's change."""
    return [item._replace(side="staff") for item in _settle(found, now)]


def _never_woken(found, now):
    """A write that does not know of snoozes; a tick still does."""
    return [item for item in _settle(found, now) if item.type != "woken"]


@pytest.mark.parametrize(
    ("where", "name", "faulty", "edge"),
    [
        (reply, "change", _unsettled_change, "a reply long after the lapse"),
        (lifecycle, "settle", _dated_now, "a note long after the due date"),
        (lifecycle, "settle", _raising_version, "a note long after the lapse"),
        (read, "settle", lambda found, now: [], "already so after the lapse"),
        (lifecycle, "settle", _never_woken, "a note after the snooze"),
        (settle, "settle", _dated_now, "overdue, then due later"),
    ],
    ids=[
        "no settling before a write",
        "dated now",
        "raises the version",
        "unseen by reads",
        "woken when ticked only",
        "tick dates now",
    ],
)
def test_a_planted_fault_is_seen(where, name, faulty, edge, monkeypatch):
    """Control: ticks do matter on a faulty desk."""
    check(EDGES[edge], "standard", [(0.99,)])
    monkeypatch.setattr(where, name, faulty)
    with pytest.raises(AssertionError):
        check(EDGES[edge], "standard", [(0.99,)])


def test_a_planted_write_in_a_read_is_seen(tmp_path):
    """Control: a read that records what has fallen due changes the file."""
    with world(tmp_path) as desk:
        player = Player(desk)
        for gap, action in RESOLVED:
            player.step(gap, action)
        desk.now += WINDOW
        digest = hashlib.sha256(desk.path.read_bytes()).digest()
        tick.tick(desk.desk("root"))
        assert digest != hashlib.sha256(desk.path.read_bytes()).digest()


def test_the_shipped_workflows_are_all_played():
    """The walk of the domain covers the six; the desk plays those whose time does something, and one more."""
    assert {name for name, table in SHIPPED.items() if any(r.trigger == "elapsed" for r in table.rules)} == {
        "standard",
        "itflow",
    }
