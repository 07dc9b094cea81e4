"""What a form for a new ticket asks, over HTTP."""

from typing import Any

import pytest

from tests.api.site import Site, served
from tests.harness import Shell

QUESTIONS = (
    "topic add crm --assignee sam",
    "topic field add crm brand --label Brand --kind choice --choices North,South --required",
    "topic field add crm seats --kind number --default 1",
    "topic field add crm margin --staff-only",
)


@pytest.fixture
def crm(site: Site) -> Site:
    for line in QUESTIONS:
        site.shell.tix(*line.split())
    return site


def keys(record: Any) -> list[str]:
    return [one["key"] for one in record["questions"]]


def test_what_is_asked_for_a_ticket(crm: Site):
    found = crm.record("form")
    assert (found["topic"], found["topics"], found["default_topic"], found["questions"]) == (
        None,
        ["crm"],
        None,
        [],
    )
    assert (found["priority"], found["left_out"], found["message_required"]) == ("medium", None, True)
    assert found["priorities"] == [one["name"] for one in crm.record("priorities")]
    assert found["files"]["max_total"] == 30_000_000
    brand, *others = crm.record("form?topic=CRM")["questions"]
    assert brand == {
        "key": "brand",
        "label": "Brand",
        "kind": "choice",
        "choices": ["North", "South"],
        "required": True,
        "default": None,
    }
    assert [one["key"] for one in others] == ["seats", "margin"]
    assert keys(crm.record("form?topic=crm&answers=brand=North&answers=seats=2")) == ["margin"]


def test_a_requester_is_asked_what_concerns_them(crm: Site):
    assert keys(crm.record("form?topic=crm", by="lan")) == ["brand", "seats"]
    assert crm.problem("GET", "form?assignee=sam", by="lan") == (403, "not-allowed")
    assert crm.problem("GET", "form?requester=bob", by="lan") == (403, "not-allowed")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("topic=nope", (422, "unknown-name")),
        ("priority=colour", (422, "invalid-value")),
        ("due_at=colour", (422, "invalid-value")),
        ("topic=crm&answers=brand", (422, "invalid-value")),
        ("topic=crm&answers=brand=East", (422, "invalid-value")),
        ("colour=red", (422, "invalid-value")),
        ("subject=x", (422, "invalid-value")),
    ],
)
def test_what_is_refused_before_anything_is_asked(crm: Site, query: str, expected: tuple[int, str]):
    assert crm.problem("GET", f"form?{query}") == expected


def test_who_a_topic_names_and_cannot_take_tickets(crm: Site):
    crm.shell.tix("user", "edit", "sam", "--inactive")
    assert crm.record("form?topic=crm")["left_out"] == "sam"
    assert crm.record("form?topic=crm&assignee=ada")["left_out"] is None


def test_a_desk_that_cannot_be_used_names_no_path(desk: Shell):
    """Who has no key learns nothing of the machine either."""
    desk.tix("init")
    for file in desk.folder.glob("desk.db*"):
        file.unlink()
    desk.store.write_bytes(b"this is no desk at all" * 400)
    with served(desk, {"ada-write": "tix_" + "a" * 49}) as site:
        for by in ("ada", None):
            reply = site.ask("GET", "tickets", by=by)
            assert str(desk.folder) not in str(reply)
        ready = site.ask("GET", "/readyz", by=None)
    assert (ready.status, ready.body["exit"]) == (503, 8)
    assert ready.body["detail"] == "the desk's store cannot be used at the moment"
