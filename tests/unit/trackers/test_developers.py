"""Issues of GitLab, Redmine and Bugzilla: people, times, threads, status changes and links."""

from pathlib import Path

import pytest

from tests.unit.trackers.developers import BUGZILLA, GITLAB, GITLAB_PROJECT, REDMINE
from tests.unit.trackers.samples import HOUR, TEN, as_json, as_lines, said, ticket, tickets, told, turned
from tix.importers.record import ImportedAuthor, ImportedTicket

ANN, BOB = ImportedAuthor(None, "Ann Lee"), ImportedAuthor(None, "Bob Ray")


@pytest.mark.parametrize("data", [as_json([GITLAB]), as_json(GITLAB), as_lines(GITLAB)])
def test_an_issue_of_gitlab(tmp_path: Path, data: bytes) -> None:
    found = ticket(tmp_path, data)
    assert (found.key, found.about) == (
        "gitlab.example/acme/shop/gitlab/7",
        "gitlab:gitlab.example/acme/shop#7",
    )
    assert (found.subject, found.body, found.type, found.tags) == (
        "Printer on fire",
        "It burns.",
        "issue",
        ("hot",),
    )
    assert (found.author, found.assignee) == (
        ImportedAuthor("ann", "Ann Lee"),
        ImportedAuthor("bob", "Bob Ray"),
    )
    assert (found.created_at, found.due_at) == (TEN, TEN + 38 * HOUR - 1)
    assert turned(found) == [(2, "Bob Ray", "closed"), (3, "Ann Lee", "open"), (5, "Bob Ray", "closed")]
    assert said(found) == [
        (0, None, "Also assigned: Ann Lee\nMilestone: May\nTime spent: 2h", True),
        (1, "Ann Lee", "Water?", False),
        (4, "Bob Ray", "Between us", True),
    ]
    assert found.links == (("blocked-by", "gitlab.example/acme/shop/gitlab/8"),)


def test_a_project_of_gitlab_has_issues_and_merge_requests_of_the_same_number(tmp_path: Path) -> None:
    issue, request = tickets(tmp_path, as_json(GITLAB_PROJECT))
    assert (issue.about, issue.type, issue.tags, issue.status) == ("gitlab:7", "issue", ("hot",), "open")
    assert said(issue) == [(1, "Ann Lee", "Water?", False)]
    assert (issue.author, issue.assignee) == (ImportedAuthor("gitlab-4"), ImportedAuthor("gitlab-9"))
    assert (request.about, request.type, request.status) == ("gitlab:!7", "merge-request", "closed")


def test_notes_of_gitlab_beside_belong_to_their_issue(tmp_path: Path) -> None:
    notes = [{**note, "noteable_iid": 7} for note in GITLAB["notes"]]
    (tmp_path / "notes.json").write_bytes(as_json(notes))
    without = {name: value for name, value in GITLAB.items() if name != "notes"}
    _, found = told(tmp_path, as_json([without]), "issues.json")
    assert isinstance(found, ImportedTicket)
    assert [one.body for one in found.remarks if one.by] == ["Water?", "Between us"]
    assert len(found.turns) == 3
    *_, elsewhere = told(tmp_path, as_json([{**without, "iid": 8}]), "issues.json")
    assert "1 note is not in this file" in elsewhere.one


@pytest.mark.parametrize(
    "data",
    [as_json({"issues": [REDMINE]}), as_json({"issue": REDMINE}), as_json([REDMINE]), as_lines(REDMINE)],
)
def test_an_issue_of_redmine(tmp_path: Path, data: bytes) -> None:
    found = ticket(tmp_path, data)
    assert (found.key, found.about) == ("redmine/12", "redmine:12")
    assert (found.subject, found.body, found.type) == ("Printer on fire", "It burns.", "support")
    assert (found.author, found.assignee, found.category) == (ANN, BOB, "Printers")
    assert (found.created_at, found.due_at, found.priority) == (TEN, TEN + 38 * HOUR - 1, "Urgent")
    assert (found.status, found.status_word) == ("closed", "Erledigt")
    assert turned(found) == [(1, "Bob Ray", "in-progress"), (5, "Bob Ray", "closed")]
    lines = "Project: Office\nStart date: 2026-01-05\nDone: 50%\nSpent hours: 1.5\nLevel: Gold\n"
    assert said(found) == [
        (
            0,
            None,
            f"{lines}Attached: fire.jpg (1,234 bytes) https://redmine.example/attachments/1/fire.jpg",
            True,
        ),
        (2, "Ann Lee", "Water?", False),
        (3, "Bob Ray", "Between us", True),
        (5, "Bob Ray", "Wet.", False),
    ]
    assert found.links == tuple(
        (relation, f"redmine/{number}")
        for relation, number in (("child", 3), ("blocks", 13), ("duplicated-by", 14))
    )


@pytest.mark.parametrize("data", [as_json({"bugs": [BUGZILLA]}), as_json([BUGZILLA]), as_lines(BUGZILLA)])
def test_a_bug_of_bugzilla(tmp_path: Path, data: bytes) -> None:
    found = ticket(tmp_path, data)
    assert (found.key, found.about) == ("bugzilla/7", "bugzilla:7")
    assert (found.subject, found.body, found.category) == ("Printer on fire", "It burns.", "Printers")
    assert (found.author, found.assignee) == (
        ImportedAuthor(None, "Ann Lee", "ann@acme.example"),
        ImportedAuthor("bob", "Bob Ray"),
    )
    assert (found.priority, found.tags, found.status) == ("critical", ("hot", "wontfix"), "closed")
    assert turned(found) == [(3, "bob", "in-progress"), (4, "bob", "resolved"), (5, None, "closed")]
    note = "Resolution: WONTFIX\nProduct: Office\nSeverity: critical\nWhiteboard: [fire]\nColor: red"
    assert said(found) == [
        (0, None, note, True),
        (1, "ann@acme.example", "Water?", False),
        (2, "bob", "Between us", True),
    ]
    assert found.links == (("blocked-by", "bugzilla/8"), ("blocks", "bugzilla/9"))


def test_comments_and_history_of_bugzilla_beside_belong_to_their_bug(tmp_path: Path) -> None:
    bare = {name: value for name, value in BUGZILLA.items() if name not in ("comments", "history")}
    whole = ticket(tmp_path, as_json([BUGZILLA]), "whole.x")
    (tmp_path / "comments.json").write_bytes(
        as_json({"bugs": {"7": {"comments": BUGZILLA["comments"]}}, "comments": {}})
    )
    (tmp_path / "history.json").write_bytes(as_json({"bugs": [{"id": 7, "history": BUGZILLA["history"]}]}))
    *notices, found = told(tmp_path, as_json({"bugs": [bare]}), "bugs.json")
    assert [one.one for one in notices] == ["also read comments.json", "also read history.json"]
    assert found == whole


def test_a_bug_without_comments_says_what_is_missing(tmp_path: Path) -> None:
    found, notice = told(tmp_path, as_json({"bugs": [{**BUGZILLA, "comments": []}]}))
    assert found.body == ""
    assert "1 bug has no comments" in notice.one
