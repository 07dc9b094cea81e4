"""A newer file never loses what people did here, takes what nobody touched, and says everything once.

A source is a few records that grow. It is imported, people work on its tickets, the source changes, and the newer file
is taken; all of it by chance.
"""

import json
import os
import tempfile
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.laws.inprocess import Desk

pytestmark = pytest.mark.long

EXAMPLES = 200 if os.environ.get("TIX_SOAK") else 15
WORDS = st.sampled_from(("Printer", "Door", "VPN", "x", "Ünïcode", "=1+1"))
PEOPLE = ("lan", "bo", "sam")
LABELS = ("paper", "hot", "later")
STARTED = 1_767_225_600  # 2026-01-01

Issue = dict[str, Any]


def _time(hours: int) -> str:
    return f"2026-01-{1 + hours // 24:02}T{hours % 24:02}:00:00Z"


@st.composite
def issues(draw: Any, number: int) -> Issue:
    hours = draw(st.lists(st.integers(1, 90), max_size=3).map(sorted))
    return {
        "number": number,
        "url": f"https://github.com/acme/shop/issues/{number}",
        "title": draw(WORDS),
        "body": draw(WORDS),
        "state": "OPEN",
        "createdAt": _time(0),
        "author": {"login": draw(st.sampled_from(PEOPLE))},
        "labels": [{"name": name} for name in sorted(draw(st.sets(st.sampled_from(LABELS))))],
        "assignees": [],
        "comments": [_comment(draw, at) for at in hours],
    }


def _comment(draw: Any, hour: int) -> dict[str, Any]:
    return {
        "author": {"login": draw(st.sampled_from(PEOPLE))},
        "body": draw(WORDS),
        "createdAt": _time(hour),
    }


@st.composite
def changes(draw: Any, issue: Issue, hour: int) -> Issue:
    """The same issue some time later."""
    newer = deepcopy(issue)
    for what in draw(
        st.sets(st.sampled_from(("title", "body", "labels", "state", "assignee", "comment", "edit")))
    ):
        if what in ("title", "body"):
            newer[what] = draw(WORDS)
        elif what == "labels":
            newer["labels"] = [{"name": name} for name in sorted(draw(st.sets(st.sampled_from(LABELS))))]
        elif what == "state":
            closed = newer["state"] == "OPEN"
            newer["state"] = "CLOSED" if closed else "OPEN"
            newer["closedAt"] = _time(hour) if closed else None
        elif what == "assignee":
            newer["assignees"] = [{"login": "sam"}] if not newer["assignees"] else []
        elif what == "comment":
            newer["comments"].append(_comment(draw, hour))
        elif newer["comments"]:
            draw(st.sampled_from(newer["comments"]))["body"] = draw(WORDS)
    newer["updatedAt"] = _time(hour)
    return newer


# What people here do; of these fields, what they change is theirs from then on.
FIELDS = ("subject", "priority", "assignee", "status")
DEEDS = {
    "subject": ("edit", "{}", "--subject", "Ours"),
    "priority": ("edit", "{}", "--priority", "high"),
    "tag": ("edit", "{}", "--tag", "hot"),
    "untag": ("edit", "{}", "--remove-tag", "paper"),
    "assign": ("assign", "{}", "sam"),
    "reply": ("reply", "{}", "-m", "We look."),
    "note": ("note", "{}", "-m", "Inside."),
    "close": ("close", "{}"),
    "hold": ("hold", "{}"),
}
TEXTS = {"reply": "We look.", "note": "Inside."}


@st.composite
def lives(draw: Any) -> tuple[list[Issue], list[tuple[list[tuple[int, str]], list[Issue]]]]:
    """A first file, and what follows: deeds here, and the next file."""
    first = [draw(issues(number)) for number in (1, 2)]
    rounds = []
    last = first
    for turn in range(draw(st.integers(1, 3))):
        deeds = draw(st.lists(st.tuples(st.integers(1, 2), st.sampled_from(sorted(DEEDS))), max_size=3))
        last = [draw(changes(issue, 100 + 24 * turn)) for issue in last]
        rounds.append((deeds, last))
    return first, rounds


def _import(desk: Desk, issues: list[Issue], *options: str, store: Path | None = None) -> Any:
    return desk.tix("import", "-", "--json", "--yes", *options, stdin=json.dumps(issues), store=store).json


def _shown(desk: Desk, number: int) -> dict[str, Any]:
    found: dict[str, Any] = desk.tix("show", number, "--json").json
    return found


def _texts(ticket: dict[str, Any]) -> list[str]:
    return sorted(item["body"] for item in ticket["thread"] if item["kind"] != "event")


@given(lives())
@settings(max_examples=EXAMPLES, deadline=None)
def test_a_newer_file_keeps_what_people_did(life: Any):
    first, rounds = life
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        desk.tix("user", "add", "sam", "--role", "agent")
        _import(desk, first)
        own: dict[int, dict[str, Any]] = {1: {}, 2: {}}
        said: dict[int, list[str]] = {1: [], 2: []}
        tags: dict[int, set[str]] = {1: set(), 2: set()}
        for deeds, newer in rounds:
            for number, name in deeds:
                before = _shown(desk, number)
                done = desk.tix(*(word.format(number) for word in DEEDS[name]), as_="sam", check=None)
                after = _shown(desk, number)
                # What a deed has not changed is not theirs: the reply that leaves a status, the tag that was there.
                own[number] |= {field: after[field] for field in FIELDS if after[field] != before[field]}
                tags[number] |= set(before["tags"]) ^ set(after["tags"])
                if name in TEXTS and done.code == 0:
                    said[number].append(TEXTS[name])
            _import(desk, newer, "--update")
            _check(desk, newer, own, said, tags)
            before = desk.tix("export").raw_out
            again = _import(desk, newer, "--update")
            assert (again["imported"], again["updated"], again["entries"]) == (0, 0, 0)
            assert desk.tix("export").raw_out == before
        assert desk.tix("doctor").code == 0
        moved = desk.folder / "moved.db"
        desk.tix("import", "-", "--yes", stdin=desk.tix("export").raw_out, store=moved)
        assert _import(desk, rounds[-1][1], "--update", store=moved)["updated"] == 0


def _check(
    desk: Desk,
    newer: list[Issue],
    own: dict[int, dict[str, Any]],
    said: dict[int, list[str]],
    tags: dict[int, set[str]],
) -> None:
    for issue in newer:
        number = issue["number"]
        found = _shown(desk, number)
        wanted = {
            "subject": issue["title"],
            "priority": "medium",
            "assignee": issue["assignees"][0]["login"] if issue["assignees"] else None,
            "status": "closed" if issue["state"] == "CLOSED" else "open",
        } | own[number]
        assert {name: found[name] for name in wanted} == wanted
        texts = [issue["body"], *(comment["body"] for comment in issue["comments"]), *said[number]]
        assert _texts(found) == sorted(texts)
        labels = {label["name"] for label in issue["labels"]}
        assert set(found["tags"]) - tags[number] == labels - tags[number]
