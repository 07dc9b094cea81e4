"""The lifecycle against the hand-written oracle: every cell of the six tables, and long random walks."""

import itertools
import os
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories import HOUR, T0, actor, author, person, rules, ticket
from tests.laws import oracle
from tests.laws.oracle import CELLS, Oracle
from tix.domain import permissions
from tix.domain.tickets import due_dates, edit, lifecycle, workflow_change
from tix.domain.tickets.edit import Edit
from tix.domain.tickets.ticket import play
from tix.domain.workflows import shipped as workflow_shipped
from tix.domain.workflows.workflow import Transition
from tix.errors import TixError

pytestmark = pytest.mark.long

SOAK = bool(os.environ.get("TIX_SOAK"))
WALKS = 300 if SOAK else 40
STEPS = 120
WHO = {oracle.STAFF: ("ann", "agent"), oracle.REQUESTER: ("rita", "requester")}
VERBS = ("start", "hold", "resolve", "close", "reopen")


class Walker:
    """One ticket in the domain, moved as the desk moves it: settle, ask the table of permissions, decide."""

    def __init__(self, workflow, window=oracle.WINDOW, claims=None, status=None):
        self.rules = rules(workflow, window, claims=claims)
        self.ticket = ticket(workflow) if status is None else self._in(workflow, status)

    def _in(self, workflow, status):
        """A ticket that has come to ``status`` by hand at T0."""
        new = ticket(workflow)
        if status == new.status:
            return new
        target = self.rules.workflow.status(status)
        return play(new, [lifecycle.move(new, self.rules, target, author(at=T0))])

    def decide(self, now, function):
        """The cell-like word for what happened."""
        passed = lifecycle.settle(self.ticket, now)
        before = play(self.ticket, passed)
        try:
            items = function(before)
        except TixError as error:
            return str(error.exit_status)
        if not items:
            return "already"
        self.ticket = play(before, items)
        return self.ticket.status if self.ticket.status != before.status else "stays"

    def pull(self, side, trigger, now):
        login, role = WHO[side]

        def decision(before):
            permissions.require(actor(login, role), trigger)
            return lifecycle.pull(before, self.rules, trigger, author(login, side, now), side)

        return self.decide(now, decision)

    def reply(self, side, now):
        login, _ = WHO[side]
        return self.decide(
            now, lambda before: lifecycle.reply(before, self.rules, author(login, side, now), "text")
        )

    def note(self, now):
        return self.decide(now, lambda before: [lifecycle.note(before, self.rules, author(at=now), "text")])

    def set_status(self, word, now):
        target = self.rules.workflow.find_status(word)
        wanted = Edit(status=target)
        return self.decide(now, lambda before: edit.edit(before, self.rules, author(at=now), wanted))

    def due(self, due_at, now):
        wanted = Edit(due_at=(due_at,))
        return self.decide(now, lambda before: edit.edit(before, self.rules, author(at=now), wanted))

    def rate(self, stars, now):
        by = author("rita", "requester", now)
        return self.decide(now, lambda before: [lifecycle.rate(before, self.rules, by, stars, None)])

    def new_window(self, window, now):
        """What ``config set auto_close_after`` does to every resolved ticket."""
        self.ticket = lifecycle.settled(self.ticket, now)
        if window == self.rules.window_seconds:
            return
        self.rules = self.rules._replace(window_seconds=window)
        if self.ticket.phase == "resolved":
            self.ticket = play(self.ticket, workflow_change.rewait(self.ticket, self.rules, author(at=now)))


def compare(walker, expected, now):
    """Every promised field, as anybody would read it at ``now``."""
    expected.passes(now)
    seen = lifecycle.settled(walker.ticket, now)
    assert (seen.status, seen.phase) == (expected.status, expected.phase)
    for name in ("resolved_at", "closed_at", "closed_by", "lapses_at", "reopened", "last_activity_at"):
        assert (name, getattr(expected, name)) == (name, getattr(seen, name))
    for name in ("last_replier", "due_at", "assignee", "rating"):
        assert (name, getattr(expected, name)) == (name, getattr(seen, name))
    assert ("answered", expected.answered) == ("answered", bool(seen.answered))
    assert ("overdue", expected.overdue(now)) == ("overdue", seen.is_overdue(now))


# ------------------------------------------------------------------------------------------------ the tables


def cells():
    """Every cell of the six tables, as parameters."""
    for cell in CELLS:
        yield pytest.param(cell, id=":".join(cell))


@pytest.mark.parametrize("cell", list(cells()))
def test_a_trigger_does_what_the_page_says(cell):
    """For each workflow, status, side and trigger: the status it leads to, already so, or its refusal."""
    workflow, status, side, trigger = cell
    walker = Walker(workflow, status=status)
    later = T0 + HOUR
    got = walker.reply(side, later) if trigger == "reply" else walker.pull(side, trigger, later)
    assert CELLS[cell] == got


def test_the_tables_are_whole():
    """Six workflows, each status with six triggers from two sides."""
    statuses = sum(len(found) for found in oracle.STATUSES.values())
    assert statuses * 6 * 2 == len(CELLS)
    assert set(oracle.STATUSES) == set(workflow_shipped.SHIPPED)
    for name, found in oracle.STATUSES.items():
        shipped = workflow_shipped.SHIPPED[name]
        assert list(found) == [status.name for status in shipped.statuses]
        assert [
            (oracle.phase(name, word), oracle.paused(name, word), oracle.final(name, word)) for word in found
        ] == [(status.phase, status.pauses, status.final) for status in shipped.statuses]
        assert (oracle.RATED_IN[name], name in oracle.CLAIMS) == (set(shipped.rated_in), shipped.claims)
        assert {
            word: shipped.lapse(word) for word in found if shipped.lapse(word) is not None
        } == oracle.LAPSES.get(name, {})


@pytest.mark.parametrize("workflow", oracle.STATUSES)
def test_setting_a_status_by_name_is_its_trigger(workflow):
    """Between open statuses staff always may; otherwise the guards of resolve, close and reopen hold."""
    tried = 0
    for status, target in itertools.product(oracle.STATUSES[workflow], repeat=2):
        expected = Oracle(workflow, status, "rita", T0, resolved_at=T0)
        cell = expected.set_status(target, "ann", T0 + HOUR)
        assert cell == Walker(workflow, status=status).set_status(target, T0 + HOUR), (status, target)
        tried += 1
    assert tried >= 4


@pytest.mark.parametrize("workflow", oracle.STATUSES)
def test_every_move_sets_the_dates_of_the_page(workflow):
    """resolved_at, closed_at, closed_by, lapses_at, reopened, answered after each cell that moves."""
    moved = 0
    for (name, status, side, trigger), cell in CELLS.items():
        if name != workflow or cell in ("4", "5"):
            continue
        walker, expected = Walker(name), Oracle(name, next(iter(oracle.STATUSES[name])), "rita", T0)
        expected.claims = workflow in oracle.CLAIMS
        if status != expected.status:
            target = walker.rules.workflow.status(status)
            walker.ticket = play(
                walker.ticket, [lifecycle.move(walker.ticket, walker.rules, target, author(at=T0 + 10))]
            )
            expected._goes(status, "ann", T0 + 10)
        compare(walker, expected, T0 + 20)
        login = WHO[side][0]
        if trigger == "reply":
            got, wanted = walker.reply(side, T0 + 30), expected.reply(side, login, T0 + 30)
        else:
            got, wanted = walker.pull(side, trigger, T0 + 30), expected.pull(side, trigger, login, T0 + 30)
        assert wanted == got
        compare(walker, expected, T0 + 40)
        moved += got not in ("stays", "already")
    assert moved > 0


@pytest.mark.parametrize(
    ("workflow", "word", "status"),
    [(name, word, status) for name, words in oracle.ALIASES.items() for word, status in words.items()],
)
def test_an_alias_is_its_status(workflow, word, status):
    """The aliases of the page name the status they stand beside."""
    assert workflow_shipped.SHIPPED[workflow].find_status(word).name == status


@pytest.mark.parametrize("workflow", ["standard", "itflow"])
@pytest.mark.parametrize("window", [HOUR, 24 * HOUR, oracle.WINDOW])
@pytest.mark.parametrize("offset", [-1, 0, 1])
def test_the_window_neither_overlaps_nor_leaves_a_gap(workflow, window, offset):
    """Until a second before the end it may be reopened; at exactly the end it has closed."""
    walker = Walker(workflow, window)
    assert walker.pull("staff", "resolve", T0) == "resolved"
    moment = T0 + window + offset
    seen = lifecycle.settled(walker.ticket, moment)
    assert ("resolved" if offset < 0 else "closed") == seen.status
    if offset >= 0:
        assert (T0 + window, None, T0) == (seen.closed_at, seen.closed_by, seen.resolved_at)
    wanted = "open" if offset < 0 or workflow == "standard" else "5"
    assert wanted == walker.pull("requester", "reopen", moment)


# ------------------------------------------------------------------------------------------------- walks

WINDOWS = (0, 24 * HOUR, oracle.WINDOW)
GAPS = st.sampled_from(
    [
        0,
        1,
        60,
        HOUR,
        24 * HOUR - 1,
        24 * HOUR,
        24 * HOUR + 1,
        oracle.WINDOW - 1,
        oracle.WINDOW,
        oracle.WINDOW + 1,
        10 * 24 * HOUR,
    ]
)
SIDES = st.sampled_from((oracle.STAFF, oracle.REQUESTER))
ACTIONS = st.one_of(
    st.tuples(st.just("reply"), SIDES),
    st.tuples(st.just("pull"), SIDES, st.sampled_from(VERBS)),
    st.tuples(st.just("pull"), st.just("staff"), st.sampled_from(("resolve", "hold", "reopen"))),
    st.just(("pull", "staff", "resolve")),
    st.tuples(st.just("status"), st.integers(0, 5)),
    st.tuples(st.just("note")),
    st.tuples(st.just("due"), st.sampled_from((None, 1, HOUR, 24 * HOUR, oracle.WINDOW))),
    st.tuples(st.just("rate"), st.integers(1, 5)),
    st.tuples(st.just("window"), st.sampled_from(WINDOWS)),
)
STORIES = st.lists(st.tuples(GAPS, ACTIONS), min_size=20, max_size=STEPS)


def perform(walker, expected, action, now):
    """One action on both; what each says of it."""
    match action:
        case ("reply", side):
            return walker.reply(side, now), expected.reply(side, WHO[side][0], now)
        case ("pull", side, trigger):
            return walker.pull(side, trigger, now), expected.pull(side, trigger, WHO[side][0], now)
        case ("status", place):
            names = list(oracle.STATUSES[expected.workflow])
            target = names[place % len(names)]
            return walker.set_status(target, now), expected.set_status(target, "ann", now)
        case ("note",):
            return walker.note(now), expected.note(now)
        case ("due", offset):
            due_at = None if offset is None else now + offset
            return walker.due(due_at, now), expected.due(due_at, now)
        case ("rate", stars):
            return walker.rate(stars, now), expected.rate(stars, now)
        case ("window", window):
            return walker.new_window(window, now), expected.new_window(window, now)
    raise AssertionError(action)


def walk(workflow, window, claims, story, seen=None):
    """Plays a story on the domain and on the oracle; they agree at every step."""
    walker = Walker(workflow, window, claims)
    expected = Oracle(workflow, walker.ticket.status, "rita", T0, window=window, claims=claims)
    now = T0
    for gap, action in story:
        now += gap
        compare(walker, expected, now)
        got, wanted = perform(walker, expected, action, now)
        assert (action, wanted) == (action, got)
        compare(walker, expected, now)
        if seen is not None:
            seen[wanted] += 1
            seen["reopened"] += expected.reopened > 0
            seen["lapsed"] += expected.phase == "closed" and expected.closed_by is None
            seen["overdue"] += expected.overdue(now)
            seen["paused"] += expected.paused_since is not None


@pytest.mark.parametrize("workflow", oracle.STATUSES)
def test_the_domain_walks_with_the_oracle(workflow):
    """Whatever happens, in whatever order, around the edges of the window: the same ticket at every step."""
    seen = Counter()

    @settings(max_examples=WALKS, derandomize=not SOAK)
    @given(st.sampled_from(WINDOWS), st.booleans(), STORIES)
    def story(window, claims, steps):
        walk(workflow, window, claims, steps, seen)

    story()
    assert seen["already"] > 0
    assert seen["reopened"] > 0
    assert seen["overdue"] > 0
    if workflow in oracle.LAPSES:
        assert seen["lapsed"] > 0
        assert seen["paused"] > 0


# ------------------------------------------------------------------------------------------ planted faults

# Each story is the shortest that shows its fault.
RESOLVE = ("pull", "staff", "resolve")
LAPSE = [(0, RESOLVE), (oracle.WINDOW, ("note",))]
BACK = [(0, ("reply", "staff")), (1, RESOLVE), (1, ("pull", "requester", "reopen"))]
PAUSE = [(0, ("due", HOUR)), (1, ("pull", "staff", "hold")), (60, ("pull", "staff", "start"))]
TALK = [(0, RESOLVE), (HOUR, ("reply", "staff")), (1, ("note",))]

_settle, _move, _reopened = lifecycle.settle, lifecycle.move, lifecycle._reopened
_speak, _lapse = lifecycle.speak, lifecycle._lapse


def _late(found, now):
    """Off by one: at exactly the due instant it has not happened yet."""
    return _settle(found, now - 1)


def _blamed(found, at):
    """Somebody closed it by letting it lapse."""
    lapse = _lapse(found, at)
    return lapse._replace(sets={**lapse.sets, "closed_by": "ann"})


def _kept(name):
    """A reopening forgets to clear a column."""

    def faulty(found):
        return {key: value for key, value in _reopened(found).items() if key != name}

    return faulty


def _speaks_without_waiting(found, desk_rules, by, body, files=()):
    said = _speak(found, desk_rules, by, body, files)
    return said._replace(sets=None)


def _resolved_again(found, desk_rules, target, by, reason=None):
    """A close of a resolved ticket sets ``resolved_at`` anew."""
    moved = _move(found, desk_rules, target, by, reason)
    extra = {"resolved_at": by.at} if target.phase == "closed" else {}
    return moved._replace(sets={**moved.sets, **extra})


FAULTS = {
    "the end of the window is a second late": ("settle", _late, LAPSE),
    "a lapse names somebody": ("_lapse", _blamed, LAPSE),
    "reopening leaves it answered": ("_reopened", _kept("answered"), BACK),
    "reopening is not counted": ("_reopened", _kept("reopened"), BACK),
    "reopening keeps resolved_at": ("_reopened", _kept("resolved_at"), BACK),
    "reopening keeps the due date": ("restarted", lambda *_: {}, [(0, ("due", HOUR)), *BACK]),
    "a pause moves a date set by hand": (
        "unpaused",
        lambda found, desk_rules, now, right=due_dates.unpaused: right(
            found._replace(due_by_hand=0), desk_rules, now
        ),
        PAUSE,
    ),
    "a reply does not begin the wait again": ("speak", _speaks_without_waiting, TALK),
    "closing sets resolved_at anew": (
        "move",
        _resolved_again,
        [(0, RESOLVE), (HOUR, ("pull", "staff", "close"))],
    ),
    "the requester's reply goes unnoticed": (
        "reply",
        lambda found, desk_rules, by, body: [lifecycle.speak(found, desk_rules, by, body)],
        [(0, RESOLVE), (1, ("reply", "requester"))],
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_seen(fault, monkeypatch):
    """Control: the same story passes on the real domain and fails on the faulty one."""
    name, faulty, story = FAULTS[fault]
    walk("standard", oracle.WINDOW, False, story)
    monkeypatch.setattr(lifecycle if hasattr(lifecycle, name) else due_dates, name, faulty)
    with pytest.raises(AssertionError):
        walk("standard", oracle.WINDOW, False, story)


TABLE_FAULTS = {
    "a rule too many": lambda table: (*table, Transition("resolve", ("closed",), "resolved")),
    "a rule missing": lambda table: table[1:],
    "a requester may reopen": lambda table: tuple(
        rule._replace(by="anyone") if rule.trigger == "reopen" and rule.by == "staff" else rule
        for rule in table
    ),
    "another target": lambda table: tuple(
        rule._replace(target="closed") if rule.trigger == "requester-replied" else rule for rule in table
    ),
}


@pytest.mark.parametrize(
    ("fault", "workflow"),
    [
        ("a rule too many", "standard"),
        ("a rule missing", "osticket"),
        ("a requester may reopen", "dphish"),
        ("another target", "backoffice"),
    ],
)
def test_a_fault_in_a_table_is_seen(fault, workflow, monkeypatch):
    """Control: a changed rule makes a cell differ that did not differ before."""
    real = workflow_shipped.SHIPPED[workflow]

    def wrong():
        found = set()
        for cell in CELLS:
            if cell[0] == workflow:
                walker = Walker(workflow, status=cell[1])
                _, _, side, trigger = cell
                got = walker.reply(side, T0 + 1) if trigger == "reply" else walker.pull(side, trigger, T0 + 1)
                found |= {cell} if got != CELLS[cell] else set()
        return found

    before = wrong()
    monkeypatch.setitem(
        workflow_shipped.SHIPPED, workflow, real._replace(rules=TABLE_FAULTS[fault](real.rules))
    )
    assert wrong() - before != set()


def test_an_inactive_person_takes_no_tickets():
    """Assigning is for active staff alone (the lifecycle page's verbs of staff)."""
    by = author()
    for who in (person("ben", active=False), person("rita", "requester")):
        with pytest.raises(TixError) as refused:
            edit.assign(ticket(), rules(), by, who)
        assert refused.value.exit_status == 5
