"""Thousands of commands by six people, against a model of the rules small enough to be read in one go.

The model is the lifecycle page in a hundred lines and knows nothing of the program; the program is the whole
command line. After each command they agree on its exit code and on what the ticket has become, now and then on
what each person sees; in the end ``tix doctor`` finds nothing.
"""

import os
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.laws.inprocess import Desk
from tix.domain.tickets import edit as ticket_edit
from tix.domain.tickets import lifecycle
from tix.domain.workflows import shipped
from tix.store.compiled import sqlite as compiled

pytestmark = pytest.mark.long

SOAK = bool(os.environ.get("TIX_SOAK"))
STORIES = 30 if SOAK else 6
STEPS = 500 if SOAK else 120

HOUR = 3600
WINDOW = 72 * HOUR
START = 1_795_000_000
STAFF = ("root", "ann", "lim")
PEOPLE = (*STAFF, "rita", "mona", "rolf")
ACTIVE = ("open", "answered", "in-progress", "on-hold")


# ---------------------------------------------------------------------------------------------- the model


@dataclass
class Ticket:
    requester: str
    creator: str
    department: str | None
    status: str = "open"
    assignee: str | None = None
    priority: str = "medium"
    entries: int = 1
    rating: int | None = None
    reopened: int = 0
    answered: bool = False
    time_seconds: int = 0
    tags: set[str] = field(default_factory=set)
    watchers: list[str] = field(default_factory=list)
    lapses_at: int | None = None
    snoozed_until: int | None = None

    @property
    def is_open(self) -> bool:
        return self.status in ACTIVE


class Model:
    """What the page says happens. Every act answers with an exit code."""

    def __init__(self) -> None:
        self.tickets: dict[int, Ticket] = {}
        self.now = START

    def sees(self, who: str, ticket: Ticket) -> bool:
        if who in ("root", "ann"):
            return True
        if who in ticket.watchers or who == ticket.requester:
            return True
        if who == "lim":
            mine = who in (ticket.creator, ticket.assignee)
            return mine or ticket.department in (None, "alpha")
        return who == "mona" and ticket.requester == "rita"

    def settle(self) -> None:
        for ticket in self.tickets.values():
            if ticket.status == "resolved" and ticket.lapses_at is not None and ticket.lapses_at <= self.now:
                ticket.status, ticket.lapses_at = "closed", None
            if ticket.snoozed_until is not None and ticket.snoozed_until <= self.now:
                ticket.snoozed_until = None

    def barred(self, who: str, ticket: Ticket | None, *, staff: bool) -> int:
        if ticket is None or not self.sees(who, ticket):
            return 3
        return 4 if staff and who not in STAFF else 0

    def move(self, ticket: Ticket, status: str) -> None:
        if status == ticket.status:
            return
        if not ticket.is_open and status in ACTIVE:
            ticket.reopened += 1
            ticket.answered = False
            ticket.snoozed_until = None  # what is open again is to be seen
        ticket.status = status
        ticket.lapses_at = self.now + WINDOW if status == "resolved" else None

    def new(self, who: str, for_: str | None, department: str | None) -> int:
        ticket = Ticket(for_ or who, who, department)
        self.tickets[len(self.tickets) + 1] = ticket
        return 0

    def reply(self, who: str, ticket: Ticket) -> int:
        answers = who in STAFF and who != ticket.requester
        ticket.entries += 1
        ticket.answered = answers
        if ticket.lapses_at is not None:
            ticket.lapses_at = self.now + WINDOW
        if answers:
            if ticket.status == "open":
                self.move(ticket, "answered")
            return 0
        ticket.snoozed_until = None
        if ticket.status != "open":
            self.move(ticket, "open")
        return 0

    def note(self, who: str, ticket: Ticket) -> int:
        ticket.entries += 1
        return 0

    def assign(self, who: str, ticket: Ticket, whom: str | None) -> int:
        ticket.assignee = whom
        return 0

    def claim(self, who: str, ticket: Ticket) -> int:
        if ticket.assignee not in (None, who):
            return 5
        ticket.assignee = who
        return 0

    def edit(self, who: str, ticket: Ticket, name: str, value: Any) -> int:
        if name == "tag":
            ticket.tags.add(value)
        else:
            setattr(ticket, name, value)
        return 0

    def pull(self, who: str, ticket: Ticket, verb: str) -> int:
        target = {"start": "in-progress", "hold": "on-hold", "resolve": "resolved", "close": "closed"}.get(
            verb
        )
        if verb == "reopen":
            if not ticket.is_open:
                self.move(ticket, "open")
            return 0
        assert target is not None
        if ticket.status == target:
            return 0
        if verb != "close" and not ticket.is_open:
            return 5
        self.move(ticket, target)
        return 0

    def rate(self, who: str, ticket: Ticket, stars: int) -> int:
        if who != ticket.requester:
            return 4
        if ticket.is_open or ticket.rating is not None:
            return 5
        ticket.rating = stars
        return 0

    def time(self, who: str, ticket: Ticket, minutes: int) -> int:
        ticket.time_seconds += 60 * minutes
        return 0

    def snooze(self, who: str, ticket: Ticket, hours: int) -> int:
        ticket.snoozed_until = self.now + hours * HOUR
        return 0


# ---------------------------------------------------------------------------------------------- the steps


@dataclass
class Story:
    """One desk, its model, and a hand that draws what happens next."""

    draw: random.Random
    desk: Desk
    model: Model
    done: Counter[str]

    def step(self) -> None:
        model, draw = self.model, self.draw
        model.now += draw.randrange(60, draw.choice((1, 1, 8, 80)) * HOUR)
        model.settle()
        who = draw.choice(PEOPLE)
        if not model.tickets or draw.random() < 0.08:
            self.raised(who)
            return
        number = draw.randrange(1, len(model.tickets) + 2)  # one beyond the last is nobody's
        acts = (self.say, self.note, self.assign, self.claim, self.edit, self.pull, self.rate, self.time)
        draw.choice((*acts, self.pull, self.say, self.snooze))(who, number)

    def run(self, who: str, number: int, words: tuple[Any, ...], act: Any, *, staff: bool) -> None:
        """One command: the program's exit code is the model's, and so is the ticket afterwards."""
        ticket = self.model.tickets.get(number)
        code = self.model.barred(who, ticket, staff=staff) or act(ticket)
        result = self.desk.tix(*words, as_=who, now=instant(self.model.now), check=None)
        assert result.code == code, f"the model says {code}\n{result}"
        self.done[f"{words[0]} {code}"] += 1
        if ticket is not None:
            self.compare(number, ticket)

    def raised(self, who: str) -> None:
        department = self.draw.choice((None, "alpha", "beta"))
        for_ = self.draw.choice((None, "rita", "rolf")) if who in STAFF else None
        words: list[Any] = ["new", "Printer", "-m", "smoke"]
        words += ["--department", department] if department else []
        words += ["--for", for_] if for_ else []
        assert self.model.new(who, for_, department) == 0
        self.desk.tix(*words, as_=who, now=instant(self.model.now))
        self.done["new 0"] += 1
        self.compare(len(self.model.tickets), self.model.tickets[len(self.model.tickets)])

    def say(self, who: str, number: int) -> None:
        self.run(
            who, number, ("reply", number, "-m", "words"), lambda t: self.model.reply(who, t), staff=False
        )

    def note(self, who: str, number: int) -> None:
        self.run(
            who, number, ("note", number, "-m", "among us"), lambda t: self.model.note(who, t), staff=True
        )

    def assign(self, who: str, number: int) -> None:
        whom = self.draw.choice((None, *STAFF))
        words = ("assign", number, whom or "none")
        self.run(who, number, words, lambda t: self.model.assign(who, t, whom), staff=True)

    def claim(self, who: str, number: int) -> None:
        self.run(who, number, ("claim", number), lambda t: self.model.claim(who, t), staff=True)

    def edit(self, who: str, number: int) -> None:
        name, value = self.draw.choice(
            (
                ("priority", "high"),
                ("priority", "low"),
                ("tag", "red"),
                ("department", "beta"),
                ("department", "alpha"),
            )
        )
        words = ("edit", number, f"--{name}", value)
        self.run(who, number, words, lambda t: self.model.edit(who, t, name, value), staff=True)

    def pull(self, who: str, number: int) -> None:
        verb = self.draw.choice(("start", "hold", "resolve", "resolve", "close", "reopen"))
        staff = verb in ("start", "hold", "resolve")
        self.run(who, number, (verb, number), lambda t: self.model.pull(who, t, verb), staff=staff)

    def rate(self, who: str, number: int) -> None:
        over = [n for n, ticket in self.model.tickets.items() if not ticket.is_open]
        if over and self.draw.random() < 0.6:  # by who may, where it may be
            number = self.draw.choice(over)
            who = self.model.tickets[number].requester
        stars = self.draw.randrange(1, 6)
        self.run(who, number, ("rate", number, stars), lambda t: self.model.rate(who, t, stars), staff=False)

    def time(self, who: str, number: int) -> None:
        minutes = self.draw.randrange(1, 90)
        words = ("time", "add", number, f"{minutes}m")
        self.run(who, number, words, lambda t: self.model.time(who, t, minutes), staff=True)

    def snooze(self, who: str, number: int) -> None:
        hours = self.draw.randrange(1, 200)
        words = ("snooze", number, "--until", f"+{hours}h")
        self.run(who, number, words, lambda t: self.model.snooze(who, t, hours), staff=True)

    def compare(self, number: int, ticket: Ticket) -> None:
        """The ticket as the admin reads it, against the model's."""
        shown = self.desk.tix("show", number, "--json", as_="root", now=instant(self.model.now)).json
        expected = {
            "requester": ticket.requester,
            "creator": ticket.creator,
            "department": ticket.department,
            "status": ticket.status,
            "assignee": ticket.assignee,
            "priority": ticket.priority,
            "entries": ticket.entries,
            "rating": ticket.rating,
            "reopened": ticket.reopened,
            "answered": ticket.answered,
            "time_seconds": ticket.time_seconds,
            "tags": sorted(ticket.tags),
            "watchers": ticket.watchers,
            "lapses_at": None if ticket.lapses_at is None else instant(ticket.lapses_at),
            "snoozed_until": None if ticket.snoozed_until is None else instant(ticket.snoozed_until),
        }
        assert {name: shown[name] for name in expected} == expected

    def compare_sights(self) -> None:
        """What each person's list has, and what the queue has."""
        now = instant(self.model.now)
        for who in PEOPLE:
            seen = [(n, t) for n, t in self.model.tickets.items() if self.model.sees(who, t)]
            listed = self.desk.tix("list", "--all", "-o", "ids", as_=who, now=now).lines
            assert sorted(filter(None, listed)) == sorted(f"TIX-{n}" for n, _ in seen), who
            queue = self.desk.tix("list", "--count", as_=who, now=now).out.strip()
            # Being put away is the staff's business: for a requester the ticket stays where it is.
            away = sum(t.is_open and t.snoozed_until is not None for _, t in seen) if who in STAFF else 0
            assert queue == str(sum(t.is_open for _, t in seen) - away), who


def instant(at: int) -> str:
    from datetime import UTC, datetime

    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}"


def told(folder: Any, seed: int, steps: int) -> Counter[str]:
    """One story; how often each command ended with which code."""
    desk = Desk(folder)
    first = instant(START)
    desk.tix("init", now=first)
    me = desk.tix("whoami", "--json", now=first).json["login"]
    if me != "root":
        desk.tix("user", "add", "root", "--role", "admin", now=first)
    for name in ("alpha", "beta"):
        desk.tix("department", "add", name, now=first)
    for login, *words in (
        ("ann", "--role", "agent"),
        ("lim", "--role", "agent", "--departments", "alpha"),
        ("mona",),
        ("rita", "--manager", "mona"),
        ("rolf",),
    ):
        desk.tix("user", "add", login, *words, now=first)
    story = Story(random.Random(seed), desk, Model(), Counter())
    for number in range(steps):
        story.step()
        if number % 40 == 39:
            story.compare_sights()
    story.compare_sights()
    assert " failed" not in desk.tix("doctor", now=instant(story.model.now)).out
    return story.done


@pytest.mark.parametrize("seed", range(STORIES))
def test_program_and_model_agree(seed, tmp_path):
    """At every step, and at the end doctor finds nothing."""
    done = told(tmp_path, seed, STEPS)
    assert sum(done.values()) == STEPS
    assert len({name.rpartition(" ")[0] for name in done}) >= 12
    assert {name.rpartition(" ")[2] for name in done} >= {"0", "3", "4"}


def _any_claim(ticket, rules, author):
    return [lifecycle.assigned(ticket, author.by, author)]


def _rate_again(ticket, rules, author, stars, comment):
    return _rate(ticket._replace(rating=None), rules, author, stars, comment)


def _no_reopening_count(ticket):
    return {name: value for name, value in _reopened(ticket).items() if name != "reopened"}


_rate, _reopened = lifecycle.rate, lifecycle._reopened

FAULTS = {
    "anybody claims": (ticket_edit, "claim", _any_claim),
    "rated twice": (lifecycle, "rate", _rate_again),
    "a reopening is not counted": (lifecycle, "_reopened", _no_reopening_count),
    "time does nothing": (lifecycle, "settle", lambda ticket, now: []),
    "a limited agent sees all": (compiled, "SCOPES", {**compiled.SCOPES, "desk": "(1)"}),
    "a manager sees only their own": (
        compiled,
        "SCOPES",
        {**compiled.SCOPES, "theirs": compiled.SCOPES["own"]},
    ),
    "a hold can be put on what is closed": (
        shipped,
        "SHIPPED",
        {
            **shipped.SHIPPED,
            "standard": shipped.STANDARD._replace(
                rules=tuple(
                    rule._replace(sources=(*ACTIVE, "closed")) if rule.trigger == "hold" else rule
                    for rule in shipped.STANDARD.rules
                )
            ),
        },
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(fault, tmp_path, monkeypatch):
    """Control: with this in the program the two part."""
    module, name, wrong = FAULTS[fault]
    monkeypatch.setattr(module, name, wrong)
    with pytest.raises(AssertionError):
        told(tmp_path, 1, 400)
