"""Cards of Trello and tasks of Taskwarrior: people, times, threads, status changes and links."""

import shlex
from pathlib import Path

import pytest

from tests.harness import Shell
from tests.unit.trackers.boards import CARD, PATTERN, TASK, TRELLO
from tests.unit.trackers.samples import HOUR, TEN, as_json, as_lines, said, ticket, tickets, told, turned
from tix.importers.record import ImportedAuthor, Notice


def test_a_card_of_trello(tmp_path: Path) -> None:
    found, archived = tickets(tmp_path, as_json(TRELLO))
    assert (found.key, found.about) == (f"trello/{CARD['id']}", "trello:AbCd")
    assert found.subject == "Printer on fire"
    assert found.body == "It burns.\n\n## Steps\n\n- [x] pour\n- [ ] dry"
    assert (found.author, found.assignee) == (
        ImportedAuthor("ann", "Ann Lee"),
        ImportedAuthor("bob", "Bob Ray"),
    )
    assert (found.created_at, found.due_at, found.tags) == (TEN, TEN + 14 * HOUR, ("hot", "blue"))
    assert (found.status, found.status_word) == ("closed", "Done")
    assert turned(found) == [(1, "Bob Ray", "in-progress"), (5, "Bob Ray", "closed")]
    assert said(found) == [
        (
            0,
            None,
            (
                "List: Done\nAlso assigned: Ann Lee\nLevel: Gold\nSize: Big\n"
                "Attached: fire.jpg (1,234 bytes) https://trello.example/fire.jpg"
            ),
            True,
        ),
        (2, "Ann Lee", "Water?", False),
    ]
    assert (archived.status, archived.created_at) == ("closed", 0x695B8AE0)


def test_a_card_that_is_complete_is_resolved_whatever_its_list(tmp_path: Path) -> None:
    card = {**CARD, "dueComplete": True, "idList": "l1"}
    found = ticket(tmp_path, as_json({**TRELLO, "cards": [card], "actions": []}))
    assert (found.status, found.status_word) == ("resolved", None)


@pytest.mark.parametrize(
    "data", [as_json([TASK]), as_lines(TASK), as_json([{**TASK, "depends": TASK["depends"][0]}])]
)
def test_a_task_of_taskwarrior(tmp_path: Path, data: bytes) -> None:
    found = ticket(tmp_path, data)
    assert (found.key, found.about) == (f"taskwarrior/{TASK['uuid']}", f"taskwarrior:{TASK['uuid']}")
    assert (found.subject, found.category, found.tags, found.priority) == (
        "Printer on fire",
        "office.printers",
        ("hot",),
        "high",
    )
    assert (found.created_at, found.due_at, found.status) == (TEN, TEN + 14 * HOUR, "closed")
    assert turned(found) == [(1, None, "in-progress"), (5, None, "closed")]
    assert said(found) == [(0, None, "Size: big", True), (2, None, "Water?", True)]
    assert found.links == (("blocked-by", "taskwarrior/14bf5430-7684-4c31-9a97-78f8781a2bc0"),)


@pytest.mark.parametrize(
    ("changes", "status", "tags"),
    [
        ({"status": "pending", "start": None, "end": None}, "open", ("hot",)),
        ({"status": "pending", "end": None}, "in-progress", ("hot",)),
        ({"status": "waiting", "start": None, "end": None}, "on-hold", ("hot",)),
        ({"status": "pending", "start": None, "wait": "20270101T000000Z"}, "on-hold", ("hot",)),
        ({"status": "deleted", "start": None}, "closed", ("hot", "deleted")),
    ],
)
def test_the_status_of_a_task(
    changes: dict[str, object], status: str, tags: tuple[str, ...], tmp_path: Path
) -> None:
    found = ticket(tmp_path, as_json([{**TASK, **changes}]))
    assert (found.status, found.tags) == (status, tags)


@pytest.mark.parametrize(
    ("recur", "rule"),
    [
        ("weekly", "FREQ=WEEKLY"),
        ("2weeks", "FREQ=WEEKLY;INTERVAL=2"),
        ("3d", "FREQ=DAILY;INTERVAL=3"),
        ("P1M", "FREQ=MONTHLY"),
        ("quarterly", "FREQ=MONTHLY;INTERVAL=3"),
        ("weekdays", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
    ],
)
def test_a_recurring_task_is_offered_as_a_schedule_that_can_be_typed(
    desk: Shell, recur: str, rule: str
) -> None:
    desk.now = "2026-01-06T09:00:00Z"
    desk.tix("init")
    [notice] = told(desk.folder, as_json([{**PATTERN, "recur": recur}]))
    assert isinstance(notice, Notice)
    words = shlex.split(notice.one.partition("to go on with it: ")[2])
    assert words[:4] == ["tix", "schedule", "add", "water-plants"]
    assert f"{rule};UNTIL=20270101T000000Z" in words
    desk.tix(*words[1:])
    assert "Water plants" in desk.tix("schedule", "show", "water-plants", "--json").out


def test_a_period_that_is_no_rule_says_so(tmp_path: Path) -> None:
    [notice] = told(tmp_path, as_json([{**PATTERN, "recur": "hourly"}]))
    assert "(hourly), which is no rule of tix" in notice.one
