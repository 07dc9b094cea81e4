"""A ticket's dates are what counting its minutes gives, whatever happened to it.

Random stories go through the domain's own functions: held, started, answered, resolved, reopened, given another
priority, another plan, a date by hand, none again. Beside them a model keeps a list of what matters and counts.
"""

import random
from collections import Counter
from dataclasses import dataclass, field

import pytest

from tests.factories import author, person
from tests.laws.minutes import DAY, HOUR, WINDOWS, Oracle, some_calendar, walls
from tix.domain.organisation import Priority
from tix.domain.sla.plans import Override, Plan
from tix.domain.tickets import due_dates, edit, lifecycle
from tix.domain.tickets.edit import Edit
from tix.domain.tickets.policy import TicketPolicy
from tix.domain.tickets.ticket import Ticket, opened, play
from tix.domain.workflows.shipped import SHIPPED

pytestmark = pytest.mark.long

STORIES = 120  # of each window
LONGEST = 9
PRIORITIES = (Priority("low", 10), Priority("medium", 20), Priority("high", 30))
WORKFLOW = SHIPPED["standard"]


@dataclass
class Model:
    """What somebody would write on paper: since when it counts, when it stood still, what is promised."""

    oracle: Oracle
    plan: Plan | None
    start: int
    priority: str = "medium"
    pauses: list[tuple[int, int]] = field(default_factory=list)
    paused_since: int | None = None
    by_hand: int | None = None
    answered_at: int | None = None
    response_met: bool | None = None
    resolution_met: bool | None = None
    ended: bool = False

    def grace(self) -> int:
        assert self.plan is not None
        for one in self.plan.overrides:
            if one.priority == self.priority and one.grace_seconds is not None:
                return one.grace_seconds
        return self.plan.grace_seconds

    def response(self) -> int | None:
        assert self.plan is not None
        for one in self.plan.overrides:
            if one.priority == self.priority and one.response_seconds is not None:
                return one.response_seconds
        return self.plan.response_seconds

    def count(self, seconds: int) -> int:
        paused = sum(self.oracle.working(since, until) for since, until in self.pauses)
        return self.oracle.after(self.start, seconds + paused)

    def due_at(self) -> int | None:
        if self.by_hand is not None:
            return self.by_hand
        return None if self.plan is None else self.count(self.grace())

    def response_due_at(self) -> int | None:
        if self.plan is None or self.response() is None:
            return None
        return self.count(self.response())

    def unpause(self, now: int) -> None:
        """What a plan promised moves; a date set by hand stands."""
        if self.paused_since is not None:
            self.pauses.append((self.paused_since, now))
            self.paused_since = None


class Story:
    """One ticket and its model, told step by step."""

    def __init__(self, draw: random.Random, oracle: Oracle) -> None:
        self.draw = draw
        self.oracle = oracle
        self.now = oracle.wall.start + 20 * DAY + draw.randrange(0, 3 * DAY, 60)
        self.plan = self.some_plan()
        dates = due_dates.first_dates(self.plan, oracle.calendar, "medium", self.now)
        first = WORKFLOW.first
        values = {
            "subject": "x",
            "status": first.name,
            "phase": first.phase,
            "priority": "medium",
            "rank": 20,
            "sla": None if self.plan is None else self.plan.name,
            **{name: value for name, value in dates.items() if value is not None},
        }
        opening = lifecycle.open_ticket(author("rita", "requester", self.now), "x", values)
        self.ticket: Ticket = opened(1, "TIX-", "uid", opening)._replace(id=1)
        self.model = Model(oracle, self.plan, self.now)
        self.overdue_at: int | None = None

    def some_plan(self) -> Plan | None:
        if self.draw.random() < 0.2:
            return None
        grace = self.draw.choice((1, 2, 4, 8, 24)) * HOUR + self.draw.randrange(0, HOUR, 60)
        response = self.draw.choice((None, grace // 4, grace // 2))
        overrides = (Override("high", grace // 2, response),) if self.draw.random() < 0.5 else ()
        return Plan(f"p{self.draw.randrange(10**6)}", grace, response, overrides=overrides)

    @property
    def rules(self) -> TicketPolicy:
        return TicketPolicy(
            WORKFLOW, WORKFLOW.window_seconds, claims=False, plan=self.plan, calendar=self.oracle.calendar
        )

    def step(self) -> str:
        self.now += self.draw.randrange(0, self.draw.choice((1, 6, 30)) * HOUR, 60)
        self.ticket = play(self.ticket, lifecycle.settle(self.ticket, self.now))
        if self.ticket.phase == "closed":
            self.model.ended = True
        acts = [
            self.hold,
            self.start,
            self.answer,
            self.end,
            self.reopen,
            self.urgency,
            self.replan,
            self.by_hand,
        ]
        act = self.draw.choice(acts)
        act()
        return act.__name__

    def pull(self, trigger: str) -> bool:
        before = self.ticket
        try:
            items = lifecycle.pull(before, self.rules, trigger, author(at=self.now), "staff")  # type: ignore[arg-type]
        except lifecycle.Refused:
            return False
        self.ticket = play(before, items)
        return bool(items)

    def hold(self) -> None:
        if self.pull("hold"):
            self.model.paused_since = self.now

    def start(self) -> None:
        if self.pull("start"):
            self.model.unpause(self.now)

    def answer(self) -> None:
        model = self.model
        if model.answered_at is None:
            target = model.response_due_at()
            if model.ended:  # the promise as it stood when it ended
                target = self.ticket.response_due_at
            stands = self.now if model.paused_since is None else model.paused_since
            model.response_met = None if target is None else stands < target
            model.answered_at = self.now
        # An answer moves an open ticket to answered; a held one stays.
        self.ticket = play(self.ticket, lifecycle.reply(self.ticket, self.rules, author(at=self.now), "x"))

    def end(self) -> None:
        if self.model.ended:
            return
        due_at = self.model.due_at()
        if (
            due_at is not None
            and due_at > self.now
            and self.model.paused_since is None
            and self.draw.random() < 0.2
        ):
            self.now = due_at  # the very instant is late
            self.ticket = play(self.ticket, lifecycle.settle(self.ticket, self.now))
        if self.pull(self.draw.choice(("resolve", "close"))):
            self.model.unpause(self.now)
            due_at = self.model.due_at()
            self.model.resolution_met = None if due_at is None else self.now < due_at
            self.model.ended = True

    def reopen(self) -> None:
        if self.model.ended and self.pull("reopen"):
            model = self.model
            model.start, model.pauses, model.by_hand = self.now, [], None
            model.resolution_met, model.ended = None, False

    def urgency(self) -> None:
        wanted = self.draw.choice(PRIORITIES)
        self.ticket = play(
            self.ticket, edit.edit(self.ticket, self.rules, author(at=self.now), Edit(priority=wanted))
        )
        self.model.priority = wanted.name

    def replan(self) -> None:
        old, self.plan = self.rules, self.some_plan()
        name = None if self.plan is None else self.plan.name
        wanted = Edit(sla=(name,), after=self.rules)
        if name == self.ticket.sla:
            return
        self.ticket = play(self.ticket, edit.edit(self.ticket, old, author(at=self.now), wanted))
        self.model.plan = self.plan

    def by_hand(self) -> None:
        if self.model.ended:
            return
        due_at = None if self.draw.random() < 0.4 else self.now + self.draw.randrange(-HOUR, 3 * DAY, 60)
        wanted = Edit(due_at=(due_at,))
        self.ticket = play(self.ticket, edit.edit(self.ticket, self.rules, author(at=self.now), wanted))
        self.model.by_hand = due_at


def told(name: str, stories: int = STORIES) -> Counter[str]:
    """Stories of one window; after each step ticket and model agree. What was done."""
    draw = random.Random(f"due {name}")
    wall = walls(name)
    done: Counter[str] = Counter()
    for number in range(stories):
        if number % 12 == 0:
            oracle = Oracle(wall, some_calendar(draw, wall))
        story = Story(draw, oracle)
        for _ in range(LONGEST):
            if story.now > wall.start + 45 * DAY:
                break
            act = story.step()
            done[act] += 1
            compare(story)
            done["overdue"] += story.ticket.is_overdue(story.now)
    return done


def compare(story: Story) -> None:
    ticket, model = story.ticket, story.model
    if not model.ended:  # what has ended has no date that matters; reopening counts anew
        assert ticket.due_at == model.due_at(), (model, ticket)
        if model.answered_at is None:
            assert ticket.response_due_at == model.response_due_at(), (model, ticket)
    assert (ticket.paused_at is None) == (model.paused_since is None)
    assert ticket.resolution_met == (None if model.resolution_met is None else int(model.resolution_met))
    assert ticket.response_met == (None if model.response_met is None else int(model.response_met))
    assert ticket.counts_from == model.start
    assert ticket.pause_list() == model.pauses
    before, story.overdue_at = story.overdue_at, ticket.overdue_at
    if ticket.overdue_at is not None and ticket.overdue_at != before:
        # Overdue since the date passed, or since whatever brought that about: a date in the past, the end of a pause.
        assert ticket.due_at is not None
        assert ticket.due_at <= ticket.overdue_at <= story.now
        stood = [end for start, end in model.pauses if start < ticket.due_at < end]
        assert all(end <= ticket.overdue_at for end in stood), (model, ticket)


@pytest.mark.parametrize("name", WINDOWS)
def test_dates_are_those_of_counting(name):
    """Every window, every act done often enough."""
    done = told(name)
    assert (
        min(done[act] for act in ("hold", "start", "answer", "end", "reopen", "urgency", "replan", "by_hand"))
        > 30
    )
    assert done["overdue"] > 30


FAULTS = {
    "a pause moves nothing": (due_dates, "unpaused", lambda ticket, rules, now: {}),
    "a pause moves a date set by hand": (
        due_dates,
        "unpaused",
        lambda ticket, rules, now, right=due_dates.unpaused: right(
            ticket._replace(due_by_hand=0), rules, now
        ),
    ),
    "an overdue mark is dated before the end of the pause": (
        lifecycle,
        "overdue_since",
        lambda ticket: ticket.due_at,
    ),
    "a reopening keeps the date": (due_dates, "restarted", lambda ticket, rules, now: {}),
    "an edit recomputes nothing": (due_dates, "planned", lambda ticket, rules: {}),
    "late is in time at the very instant": (
        due_dates,
        "resolution_met",
        lambda due_at, now: None if due_at is None else int(now <= due_at),
    ),
    "every answer is in time": (due_dates, "response_met", lambda ticket, now: {}),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_caught(fault, monkeypatch):
    """Each of these, planted, makes ticket and model disagree in one window at least."""
    module, name, wrong = FAULTS[fault]
    monkeypatch.setattr(module, name, wrong)
    with pytest.raises(AssertionError):
        told("Berlin, an hour back", 400)


def test_somebody_away_is_not_given_tickets():
    """Until the very instant they are back."""
    away = person("ann")._replace(away_until=100)
    assert away.is_away(99)
    assert not away.is_away(100)
