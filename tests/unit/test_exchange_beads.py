"""Issues of beads: whatever somebody wrote is in the story."""

import io
import json

import pytest

from tix.importers import beads
from tix.importers.record import (
    Ending,
    Fault,
    ImportedAuthor,
    ImportedChange,
    ImportedComment,
    ImportedTicket,
)

ISSUE = {
    "id": "bd-a1b2",
    "title": "Sync hangs",
    "description": "It hangs.",
    "status": "open",
    "priority": 2,
    "issue_type": "bug",
    "created_at": "2026-01-05T02:00:00.123456789-08:00",
    "updated_at": "2026-01-05T03:00:00-08:00",
}
TEN = 1767607200  # 2026-01-05T10:00:00Z


def read(*lines: str) -> list[ImportedTicket | Fault]:
    return list(beads.stories(io.BytesIO("\n".join(lines).encode())))


def story(**changes: object) -> ImportedTicket:
    [told] = read(json.dumps({**ISSUE, **changes}))
    assert isinstance(told, ImportedTicket), told
    return told


def test_an_issue_becomes_a_story_with_its_instants_in_utc() -> None:
    told = story(created_by="beads/crew/emma", assignee="max", labels=["ui", "ui"], due_at="2026-01-06")
    assert told == ImportedTicket(
        key="beads/bd-a1b2",
        about="beads:bd-a1b2",
        subject="Sync hangs",
        body="It hangs.",
        author=ImportedAuthor("beads/crew/emma"),
        created_at=TEN,
        status="open",
        priority="medium",
        type="bug",
        assignee=ImportedAuthor("max"),
        tags=("ui",),
        due_at=TEN + 14 * 3600,
        updated_at=TEN + 3600,
        status_word="open",
        ending=Ending(None, None, TEN + 3600),
        is_unmistakable=False,
    )


def test_every_text_and_every_key_without_a_field_stands_in_the_body() -> None:
    told = story(
        design="Use a lock.",
        acceptance_criteria="1. No hang",
        notes="Seen twice",
        status="hooked",
        priority=4,
        created_by="emma",
        owner="steve@x.example",
        external_ref="gh-7",
        estimated_minutes=30,
        retrospective="One\nTwo",
        metadata={"k": [1]},
        empty="",
        dependencies=[
            {"depends_on_id": "bd-1", "type": "blocks", "created_at": "2026-01-05", "created_by": "max"},
            {"depends_on_id": "bd-2", "type": "until"},
        ],
    )
    assert told.body == (
        "It hangs.\n\n## Design\n\nUse a lock.\n\n## Acceptance criteria\n\n1. No hang\n\n## Notes\n\nSeen twice"
        "\n\n## Retrospective\n\nOne\nTwo"
        "\n\nStatus: hooked\nPriority: 4 (backlog)\nOwner: steve@x.example\nExternal ref: gh-7"
        '\nEstimated minutes: 30\nMetadata: {"k": [1]}'
        "\nBlocked by bd-1 (2026-01-05, max)\nDepends (until) on bd-2"
    )
    assert (told.status, told.priority) == ("in-progress", "low")


def test_the_owner_speaks_where_nobody_created_it() -> None:
    told = story(owner="steve@x.example")
    assert (told.author, told.body) == (ImportedAuthor(None, email="steve@x.example"), "It hangs.")


@pytest.mark.parametrize(
    ("ours", "theirs"), [("in-progress", "in_progress"), ("on-hold", "blocked"), (None, "odd")]
)
def test_a_status_of_theirs_is_one_of_ours_or_none_and_its_word_is_kept(
    ours: str | None, theirs: str
) -> None:
    told = story(status=theirs)
    assert (told.status, told.turns) == (ours, ())
    assert ("Status: " in told.body) == (theirs in {"blocked", "odd"})


def test_priorities_from_0_to_4_fold_into_ours() -> None:
    assert [story(priority=p).priority for p in range(5)] == ["urgent", "high", "medium", "low", "low"]


def test_the_reason_of_closing_is_a_remark_at_that_time() -> None:
    told = story(
        status="closed",
        closed_at="2026-01-05T11:00:00Z",
        close_reason="Fixed",
        comments=[{"id": 1, "author": "emma", "text": "Hm", "created_at": "2026-01-05T10:30:00Z"}],
    )
    assert told.remarks == (
        ImportedComment(TEN + 1800, ImportedAuthor("emma"), "Hm"),
        ImportedComment(TEN + 3600, None, "Close reason: Fixed"),
    )
    assert told.turns == (ImportedChange(TEN + 3600, None, closed=True),)


def test_a_tombstone_is_closed_when_it_was_deleted_and_keeps_its_first_type() -> None:
    told = story(
        status="tombstone",
        issue_type="task",
        original_type="message",
        deleted_at="2026-01-05T11:00:00Z",
        deleted_by="daemon",
        delete_reason="old",
    )
    assert told.remarks == (ImportedComment(TEN + 3600, None, "Deleted by daemon: old", internal=True),)
    assert (told.status, told.turns) == ("closed", (ImportedChange(TEN + 3600, None, closed=True),))
    assert (told.type, told.body) == ("message", "It hangs.")


def test_the_zero_time_of_go_is_no_time() -> None:
    assert story(due_at="0001-01-01T00:00:00Z").due_at is None


def test_a_broken_line_is_a_fault_with_its_number_and_the_others_are_told() -> None:
    whole = json.dumps(ISSUE)
    told = read(whole, "", "{nonsense", json.dumps({**ISSUE, "title": None}), "[1]", "[" * 10**5, whole)
    assert [(type(t), t.line if isinstance(t, Fault) else None) for t in told] == [
        (ImportedTicket, None),
        (Fault, 3),
        (Fault, 4),
        (Fault, 5),
        (Fault, 6),
        (ImportedTicket, None),
    ]


@pytest.mark.parametrize("changes", [{"id": ""}, {"created_at": "soon"}, {"priority": 9}, {"status": 4}])
def test_a_value_that_is_not_what_its_name_says_is_a_fault(changes: dict[str, object]) -> None:
    [told] = read(json.dumps({**ISSUE, **changes}))
    assert isinstance(told, Fault)


def test_an_array_as_bd_prints_it_is_read_with_its_dependencies() -> None:
    other = {"id": "bd-9", "title": "First", "dependency_type": "blocks"}
    line = {**ISSUE, "dependencies": [other], "dependency_count": 1}
    [told] = list(beads.stories(io.BytesIO(json.dumps([line], indent=2).encode())))
    assert isinstance(told, ImportedTicket)
    assert told.links == (("blocked-by", "beads/bd-9"),)
    assert "Blocked by bd-9" in told.body
