"""What is measured, and its budget relative to the floor."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import desks
import furniture

# Budgets, as multiples of the floor.
READ, NARROW, DRAWN, WRITE = 1.3, 1.6, 2.3, 1.6
# Budgets of the hot commands, as multiples of the bare floor.
BARE_READ, BARE_WRITE, BARE_DRAWN, BARE_START = 1.8, 2.2, 2.2, 1.3
# 0.3 s if the floor takes 138 ms, and 2 s from a million tickets on.
REPORT, REPORT_OF_A_MILLION = 2.2, 14.5
# For a part of the desk the tickets themselves are read: here a sixth of the desk.
PART, PART_OF_A_MILLION = 5.0, 30.0
FIRST_NEW, HELP, IDLE_TICK, PROMPT, NOUN, COMMON_SEARCH, LONG_SHOW = 1.8, 1.1, 1.3, 4.0, 8.0, 2.0, 3.0

AN_AGENT, ANOTHER_AGENT, A_REQUESTER = "agent07", "agent08", "user000007"
MANAGER, CONTACT, LIMITED, TEAMED = furniture.MANAGER, furniture.CONTACT, furniture.LIMITED, furniture.TEAMED
ANY_DEPARTMENT, ANY_BRAND = furniture.DEPARTMENTS[3], furniture.BRANDS[0]


class Facts(NamedTuple):
    """What the works need to know about a desk: the people and tickets to name."""

    store: Path
    copy: Path
    nowhere: Path
    one: str
    long: str
    furnished: str
    waiting: tuple[str, ...]
    over: tuple[tuple[str, str], ...]


_Words = Callable[[Facts, int], tuple[str, ...]]


class Work(NamedTuple):
    """One row of the table. `words` makes the command line of a round from the facts.

    `large` is the budget on a desk of a million tickets, if it differs; `bare` is the budget relative to the bare floor.
    """

    name: str
    budget: float
    words: _Words
    as_: Callable[[Facts, int], str | None] = lambda _facts, _round: None
    on: Callable[[Facts, int], Path] = lambda facts, _round: facts.store
    drawn: bool = False
    until: bytes | None = None
    flat: bool = False
    large: float | None = None
    bare: float | None = None

    def budget_at(self, count: int) -> float:
        """Return the budget on a desk of so many tickets."""
        return self.budget if self.large is None or count < 1_000_000 else self.large


def facts(store: Path, copy: Path, nowhere: Path, count: int, rounds: int) -> Facts:
    """Look up what the works will name. `nowhere` is a folder for desks that do not exist yet."""
    waiting = _some(store, rounds, "--open")
    over = _some(store, rounds, "--closed")
    return Facts(
        store=store,
        copy=copy,
        nowhere=nowhere,
        one=waiting[-1][0],
        long=_of_issue(store, count),
        furnished=_some(store, 0, "--open", "--field", f"brand={ANY_BRAND}", "--sort", "due_at")[0][0],
        waiting=tuple(ref for ref, _ in waiting),
        over=tuple(over),
    )


def works() -> list[Work]:
    """Return the table of budgets, one row per command."""
    return [*_reads(), *_narrow(), *_parts(), *_drawn(), *_reports(), *_writes(), *_others()]


def _reads() -> list[Work]:
    rows = [
        ("list --limit 50", lambda f, n: ("list", "--limit", "50")),
        ("list --all --sort -created_at", _fixed("list", "--all", "--sort", "-created_at", "--limit", "50")),
        ("show", lambda f, n: ("show", f.one)),
        ("search --limit 20", _fixed("search", desks.MIDDLING_WORD, "--limit", "20")),
        ("log of one ticket", lambda f, n: ("log", f.one)),
        ("show of a topic and plan", lambda f, n: ("show", f.furnished)),
        ("list --department", _fixed("list", "--department", ANY_DEPARTMENT, "--limit", "50")),
        ("list --all --department", _fixed("list", "--all", "--department", ANY_DEPARTMENT, "--limit", "50")),
        ("list --client", _fixed("list", "--client", furniture.LARGE_CLIENT, "--limit", "50")),
        ("list --all --client", _fixed("list", "--all", "--client", furniture.LARGE_CLIENT, "--limit", "50")),
        ("list --field", _fixed("list", "--field", f"brand={ANY_BRAND}", "--limit", "50")),
        ("list --all --field", _fixed("list", "--all", "--field", f"brand={ANY_BRAND}", "--limit", "50")),
    ]
    hot = {"list --limit 50", "show", "search --limit 20", "log of one ticket"}
    as_text = [
        Work(name, READ, words, flat=True, bare=BARE_READ if name in hot else None) for name, words in rows
    ]
    as_json = [
        work._replace(name=f"{work.name} --json", words=_with(work.words, "--json")) for work in as_text
    ]
    complete = ("__complete", "--")
    return [
        *as_text,
        *as_json,
        Work("completion of a ticket", READ, _fixed(*complete, "show", ""), flat=True, bare=BARE_READ),
        Work("completion of an option", READ, _fixed(*complete, "list", "--"), flat=True, bare=BARE_START),
    ]


def _narrow() -> list[Work]:
    agent, requester = _always(AN_AGENT), _always(A_REQUESTER)
    return [
        Work("list --overdue: few", NARROW, _fixed("list", "--overdue")),
        Work(
            "list --department --overdue: few",
            NARROW,
            _fixed("list", "--department", ANY_DEPARTMENT, "--overdue"),
        ),
        Work("list --asset: three", NARROW, _fixed("list", "--all", "--asset", furniture.RARE_ASSET)),
        Work(
            "list --field: three", NARROW, _fixed("list", "--all", "--field", f"brand={furniture.RARE_BRAND}")
        ),
        Work("list --tag: three", NARROW, _fixed("list", "--all", "--tag", desks.RARE_LABEL)),
        Work("list --title: three", NARROW, _fixed("list", "--all", desks.RARE_WORD)),
        Work(
            "list --mine --priority urgent: none",
            NARROW,
            _fixed("list", "--mine", "--priority", "urgent"),
            as_=agent,
        ),
        Work("list of a requester", NARROW, _fixed("list"), as_=requester),
        Work("list --all of a requester", NARROW, _fixed("list", "--all"), as_=requester),
        Work("search of a requester", NARROW, _fixed("search", desks.RARE_WORD), as_=requester),
        Work("search: three", NARROW, _fixed("search", desks.RARE_WORD)),
        Work("search: none", NARROW, _fixed("search", "nowhere")),
        Work("list --count", NARROW, _fixed("list", "--count")),
        Work("list --count of an agent", NARROW, _fixed("list", "--count"), as_=agent),
        Work("list --mine --count", NARROW, _fixed("list", "--mine", "--count"), as_=agent),
    ]


def _parts() -> list[Work]:
    """Return the rows for readers who see a part of the desk."""
    fifty = ("--limit", "50")
    found = []
    for who, login in (("a manager of 500", MANAGER), ("a contact of 20,000", CONTACT)):
        found += [
            Work(f"list --mine of {who}", NARROW, _fixed("list", "--mine", *fifty), as_=_always(login)),
            Work(f"list --all of {who}", NARROW, _fixed("list", "--all", *fifty), as_=_always(login)),
        ]
    found += [
        Work("list --count of a contact", NARROW, _fixed("list", "--count"), as_=_always(CONTACT)),
        Work("list of a limited agent", READ, _fixed("list", *fifty), as_=_always(LIMITED), flat=True),
        Work("list --all of a limited agent", NARROW, _fixed("list", "--all", *fifty), as_=_always(LIMITED)),
        Work("list --count of a limited agent", NARROW, _fixed("list", "--count"), as_=_always(LIMITED)),
        Work("list --mine of two teams", NARROW, _fixed("list", "--mine", *fifty), as_=_always(TEAMED)),
        Work(
            "list --all --mine of two teams",
            NARROW,
            _fixed("list", "--all", "--mine", *fifty),
            as_=_always(TEAMED),
        ),
    ]
    for login in (MANAGER, CONTACT, LIMITED, TEAMED):
        words = _fixed("search", desks.MIDDLING_WORD, "--limit", "20")
        found.append(Work(f"search --limit 20 of the {login}", NARROW, words, as_=_always(login)))
    return found


def _reports() -> list[Work]:
    """Return the reports on the whole desk, on half a year, and on the part of an agent of two departments."""
    names = ("summary", "sla", "agents", "aging", "ratings", "time")
    words = {"stats": ("stats",)} | {f"report {name}": ("report", name) for name in names}
    half = ("--since", "2026-04-01", "--until", "2026-09-30")
    found = []
    for name, given in words.items():
        found += [
            Work(name, REPORT, _fixed(*given, "--json"), large=REPORT_OF_A_MILLION),
            Work(
                f"{name} of half a year", REPORT, _fixed(*given, *half, "--json"), large=REPORT_OF_A_MILLION
            ),
            Work(
                f"{name} of a limited agent",
                PART,
                _fixed(*given, "--json"),
                as_=_always(LIMITED),
                large=PART_OF_A_MILLION,
            ),
        ]
    return found


def _drawn() -> list[Work]:
    return [
        Work("list on a terminal", DRAWN, _fixed("list"), drawn=True, bare=BARE_DRAWN),
        Work("show on a terminal", DRAWN, lambda f, n: ("show", f.one), drawn=True, bare=BARE_DRAWN),
        Work("search on a terminal", DRAWN, _fixed("search", desks.MIDDLING_WORD), drawn=True),
    ]


def _writes() -> list[Work]:
    agent = _always(AN_AGENT)
    return [
        _hot("new", lambda f, n: ("new", f"Broken {n}", "-m", "It does not work")),
        _changing(
            "new with a topic and plan",
            WRITE,
            lambda f, n: ("new", f"Bent {n}", "-m", "It is", "--topic", furniture.TOPIC),
        ),
        _hot("reply", lambda f, n: ("reply", f.waiting[n], "-m", "Is it on?"), as_=agent),
        _hot("note", lambda f, n: ("note", f.waiting[n], "-m", "Again"), as_=agent),
        _hot(
            "assign",
            lambda f, n: ("assign", f.waiting[0], AN_AGENT if n % 2 else ANOTHER_AGENT),
        ),
        _changing(
            "edit",
            WRITE,
            lambda f, n: ("edit", f.waiting[0], "--priority", "high" if n % 2 else "low"),
        ),
        _changing(
            "edit --department",
            WRITE,
            lambda f, n: ("edit", f.waiting[0], "--department", furniture.DEPARTMENTS[n % 2]),
        ),
        _changing("start", WRITE, lambda f, n: ("start", f.waiting[n]), as_=agent),
        _changing("resolve", WRITE, lambda f, n: ("resolve", f.waiting[n]), as_=agent),
        _hot("close", lambda f, n: ("close", f.waiting[n]), as_=agent),
        _changing("reopen", WRITE, lambda f, n: ("reopen", f.waiting[n]), as_=agent),
        _hot("rate", lambda f, n: ("rate", f.over[n][0], "4"), as_=lambda f, n: f.over[n][1]),
    ]


def _others() -> list[Work]:
    return [
        Work("first new", FIRST_NEW, _fixed("new", "Broken", "-m", "It does"), on=_fresh),
        Work("--help", HELP, _fixed("--help")),
        Work("list --help", HELP, _fixed("list", "--help")),
        Work("--version", HELP, _fixed("--version"), bare=BARE_START),
        _changing("tick with nothing due", IDLE_TICK, _fixed("tick")),
        _changing("first question of new", PROMPT, _fixed("new"), drawn=True, until=b"Returns"),
        Work("department list", READ, _fixed("department", "list")),
        Work("topic list", READ, _fixed("topic", "list")),
        Work("sla list", READ, _fixed("sla", "list")),
        _changing("department add", NOUN, lambda f, n: ("department", "add", f"Late {n}")),
        _changing("user add", NOUN, lambda f, n: ("user", "add", f"late{n}", "--role", "agent")),
        _changing("user edit", NOUN, lambda f, n: ("user", "edit", AN_AGENT, "--name", f"Agent {n}")),
        Work(
            "search for a word in 40 %", COMMON_SEARCH, _fixed("search", desks.COMMON_WORD, "--limit", "20")
        ),
        Work("show of 5,000 entries", LONG_SHOW, lambda f, n: ("show", f.long)),
    ]


def _changing(name: str, budget: float, words: _Words, **others: Any) -> Work:
    """Return a row whose command writes, so that it runs on the copy of the desk."""
    return Work(name, budget, words, on=lambda facts, _round: facts.copy, **others)


def _hot(name: str, words: _Words, **others: Any) -> Work:
    """Return a row of a write that people make all day."""
    return _changing(name, WRITE, words, bare=BARE_WRITE, **others)


def _fixed(*words: str) -> _Words:
    return lambda _facts, _round: words


def _with(words: _Words, flag: str) -> _Words:
    return lambda facts, number: (*words(facts, number), flag)


def _always(login: str) -> Callable[[Facts, int], str | None]:
    return lambda _facts, _round: login


def _fresh(facts: Facts, number: int) -> Path:
    """Return a store that does not exist yet; the one of the previous round is deleted."""
    for old in facts.nowhere.iterdir():
        old.unlink()
    return facts.nowhere / f"desk-{number}.db"


def _some(store: Path, rounds: int, *filters: str) -> list[tuple[str, str]]:
    """Return enough tickets for one per round, including the warm-up: reference and requester."""
    found = json.loads(desks.tix(store, "list", *filters, "--limit", str(rounds + 1), "--json"))
    if len(found) <= rounds:
        raise SystemExit(f"bench: only {len(found)} tickets for {rounds} rounds; measure fewer")
    return [(ticket["ref"], ticket["requester"]) for ticket in found]


def _of_issue(store: Path, number: int) -> str:
    return desks.tix(store, "list", "--all", "--about", f"github:example/desk#{number}", "-o", "ids").strip()
