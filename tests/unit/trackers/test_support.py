"""Tickets of other help desks: people, times, threads, status changes, places and links."""

from pathlib import Path

import pytest

from tests.unit.trackers.samples import HOUR, TEN, as_json, as_lines, said, told, turned
from tests.unit.trackers.support import (
    FRESHDESK,
    FRESHDESK_EXPORT,
    ITFLOW,
    ITFLOW_REPLIES,
    THREAD,
    USERS,
    ZENDESK,
    ZENDESK_LISTS,
)
from tix.errors import InvalidValue
from tix.importers.assembly import companions
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
    (tmp_path / "comments.json").write_bytes(b"[{")
    with pytest.raises(InvalidValue, match=r"'comments\.json' beside it"):
        told(tmp_path, as_json({"tickets": [ZENDESK]}), "tickets.json")


@pytest.mark.parametrize(
    "data", [as_json([FRESHDESK]), as_json({"results": [FRESHDESK]}), as_json({"ticket": FRESHDESK})]
)
def test_a_ticket_of_freshdesk(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "agents.json").write_bytes(
        as_json([{"id": 2, "contact": {"name": "Bob Ray", "email": "bob@help.example"}}])
    )
    notice, found = told(tmp_path, data, "tickets.json")
    assert notice.one == "also read agents.json"
    assert (found.key, found.about) == ("freshdesk/7", "freshdesk:7")
    assert (found.subject, found.body, found.type, found.tags) == (
        "Printer on fire",
        "It burns.",
        "incident",
        ("hot",),
    )
    assert (found.author, found.requester, found.assignee) == (ANN, ANN, BOB)
    assert (found.created_at, found.due_at, found.priority) == (TEN, TEN + 14 * HOUR, "urgent")
    assert (found.status, found.status_word) == ("resolved", "Resolved")
    assert turned(found) == [(5, None, "resolved")]
    assert dict(found.places) == {"client": "Acme"}
    assert said(found) == [
        (0, None, "Level: Gold", True),
        (1, "Bob Ray", "Water?\n\nAttached: how.pdf (12 bytes) https://fd.example/how.pdf", False),
        (2, "Bob Ray", "Between us", True),
    ]


def test_a_ticket_of_an_export_of_freshdesk(tmp_path: Path) -> None:
    found, notice = told(tmp_path, as_json([FRESHDESK_EXPORT]))
    assert "1 person has only a number" in notice.one
    assert (found.subject, found.body, found.status) == ("Printer on fire", "It burns.", "open")
    assert (found.requester, found.assignee) == (
        ImportedAuthor(None, "Ann Lee"),
        ImportedAuthor(None, "Bob Ray"),
    )
    assert (found.created_at, found.priority) == (TEN, "Urgent")
    assert said(found) == [(0, None, "Level 1: Gold", True), (1, "freshdesk-2", "Water?", True)]


@pytest.mark.parametrize("word", ["4", 4, "Resolved"])
def test_a_ticket_of_itflow_with_what_lies_beside(tmp_path: Path, word: object) -> None:
    replies = {"success": "True", "count": 3, "data": ITFLOW_REPLIES}
    (tmp_path / "ticket_replies.json").write_bytes(as_json(replies))
    client = [{"client_id": "4", "client_name": "Acme"}]
    contact = [
        {
            "contact_id": "1",
            "contact_name": "Ann Lee",
            "contact_email": "ann@acme.example",
            "contact_phone": "1",
        }
    ]
    (tmp_path / "clients.json").write_bytes(as_json({"success": "True", "data": client}))
    (tmp_path / "contacts.json").write_bytes(as_json({"success": "True", "data": contact}))
    data = as_json({"success": "True", "count": 1, "data": [{**ITFLOW, "ticket_status": word}]})
    *notices, found = told(tmp_path, data, "tickets.json")
    assert [one.one for one in notices] == [
        "also read ticket_replies.json",
        "also read clients.json",
        "also read contacts.json",
    ]
    assert (found.key, found.about) == ("itflow/31", "itflow:TCK-7")
    assert (found.subject, found.body) == ("Printer on fire", "It burns.\n- tray 1")
    assert (found.author, found.requester) == (ImportedAuthor("itflow-user-2"), ANN)
    assert (found.created_at, found.due_at, found.priority) == (TEN, TEN + 14 * HOUR, "High")
    assert (found.status, found.status_word, turned(found)) == (
        "resolved",
        "Resolved",
        [(5, None, "resolved")],
    )
    assert (dict(found.places), found.assets, found.phone) == ({"client": "Acme"}, ("ITFlow asset 5",), "1")
    assert said(found) == [
        (0, None, "Source: Email\nBillable: yes", True),
        (1, "Bob Ray", "Water?", False),
        (2, "itflow-user-2", "Between us", True),
        (3, "Ann Lee", "Yes & soon", False),
    ]


@pytest.mark.parametrize(
    ("folder", "lies"),
    [("/dev/fd", False), ("/dev", False), ("/proc/7/fd", False), ("/devel/x", True), ("/dev/shm/x", True)],
)
def test_nothing_lies_beside_a_descriptor(folder: str, lies: bool) -> None:
    assert companions.holds_descriptors(Path(folder)) is not lies


@pytest.mark.parametrize("name", ["users", "groups", "comments"])
@pytest.mark.parametrize("data", [b"[{", b'[{"id": "\xff"}]', b'[{"ticket_id": 7, "x": ' + b"[" * 5000])
def test_what_lies_beside_may_be_broken_too(name: str, data: bytes, tmp_path: Path) -> None:
    (tmp_path / f"{name}.json").write_bytes(data)
    with pytest.raises(InvalidValue, match=rf"'{name}\.json' beside it"):
        told(tmp_path, as_json({"tickets": [ZENDESK]}), "tickets.json")


def test_who_writes_in_freshdesk_has_the_name_that_the_ticket_gives(tmp_path: Path) -> None:
    old = {
        "display_id": 7,
        "subject": "Printer on fire",
        "requester_id": 1,
        "requester_name": "Ann Lee",
        "responder_id": 2,
        "responder_name": "Bob Ray",
        "source": 3,
        "impact": 2,
        "cc_emails": [],
        "created_at": "2026-01-05T10:00:00Z",
        "notes": [
            {"note": {"body": "On it.", "user_id": 2, "created_at": "2026-01-05T11:00:00Z", "private": False}}
        ],
    }
    found, *_ = told(tmp_path, as_json({"helpdesk_ticket": old}))
    assert isinstance(found, ImportedTicket)
    assert found.source == "phone"
    assert said(found) == [(0, None, "Impact: 2", True), (1, "Bob Ray", "On it.", False)]
