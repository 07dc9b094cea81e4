"""Tickets of other help desks: people, times, threads, status changes, places and links."""

from pathlib import Path

import pytest

from tests.unit.trackers.samples import HOUR, TEN, as_json, as_lines, said, told, turned
from tests.unit.trackers.support import THREAD, USERS, ZENDESK, ZENDESK_LISTS
from tix.importers.record import ImportedAuthor, ImportedTicket

ANN = ImportedAuthor(None, "Ann Lee", "ann@acme.example")
BOB = ImportedAuthor(None, "Bob Ray", "bob@help.example")


def test_a_ticket_of_zendesk_with_its_lists(tmp_path: Path) -> None:
    found, notice = told(tmp_path, as_json(ZENDESK_LISTS))
    assert isinstance(found, ImportedTicket)
    assert "1 person has only a number" in notice.one
    assert (found.key, found.about) == ("acme.zendesk.com/zendesk/7", "zendesk:acme.zendesk.com#7")
    assert (found.subject, found.body, found.type, found.tags) == (
        "Printer on fire",
        "It burns.",
        "problem",
        ("hot",),
    )
    assert (found.author, found.requester, found.assignee) == (BOB, ANN, BOB)
    assert (found.created_at, found.due_at, found.priority) == (TEN, TEN + 14 * HOUR, "urgent")
    assert (found.status, turned(found)) == ("resolved", [(5, None, "resolved")])
    assert dict(found.places) == {"client": "Acme", "team": "Front desk"}
    note = "Level: Gold\nSatisfaction: good: Fast.\nFollowers: zendesk-3\nAttached: fire.jpg (1,234 bytes) "
    assert said(found) == [
        (0, None, f"{note}https://acme.example/fire.jpg", True),
        (1, "Bob Ray", "Water?", False),
        (2, "Bob Ray", "Between us\n\nAttached: log.txt", True),
    ]
    assert found.links == (("relates", "acme.zendesk.com/zendesk/6"),)


@pytest.mark.parametrize(
    "comments",
    [
        as_json(THREAD),
        as_lines(*THREAD),
        as_json({"comments": THREAD}),
        as_json({"7": THREAD}),
        as_json({"7": {"comments": THREAD}}),
        as_json([{"ticket_id": 7, "comments": THREAD}]),
    ],
)
def test_comments_and_people_of_zendesk_beside(tmp_path: Path, comments: bytes) -> None:
    (tmp_path / "comments.json").write_bytes(comments)
    (tmp_path / "users.json").write_bytes(as_json({"users": USERS}))
    first, second, found, *_ = told(tmp_path, as_json({"tickets": [ZENDESK]}), "tickets.json")
    assert [first.one, second.one] == ["also read comments.json", "also read users.json"]
    assert [one[2] for one in said(found)[1:]] == ["Water?", "Between us\n\nAttached: log.txt"]
    assert found.requester == ANN


def test_the_audits_of_zendesk_tell_its_thread_and_its_statuses(tmp_path: Path) -> None:
    audits = [
        {
            "created_at": f"2026-01-05T1{place}:00:00Z",
            "author_id": 2,
            "events": [
                {"type": "Comment", "body": body, "public": True},
                {"type": "Change", "field_name": "status", "value": status},
            ],
        }
        for place, (body, status) in enumerate(
            [("It burns.", "open"), ("Water?", "pending"), ("Wet.", "solved")]
        )
    ]
    data = as_lines({**ZENDESK, "requester": USERS[0], "assignee": USERS[1], "audits": audits})
    found = told(tmp_path, data)[0]
    assert [(at, body) for at, _, body, _ in said(found)[1:]] == [(1, "Water?"), (2, "Wet.")]
    assert turned(found) == [(1, "Bob Ray", "on-hold"), (2, "Bob Ray", "resolved")]


def test_a_broken_file_beside_is_named(tmp_path: Path) -> None:
    from tix.errors import InvalidValue

    (tmp_path / "comments.json").write_bytes(b"[{")
    with pytest.raises(InvalidValue, match=r"'comments\.json' beside it"):
        told(tmp_path, as_json({"tickets": [ZENDESK]}), "tickets.json")
