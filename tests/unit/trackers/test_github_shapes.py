"""GitHub's issues in every shape in which `gh` and the APIs print them."""

import json
from pathlib import Path

import pytest

from tests.unit.trackers.samples import GITHUB, as_json, as_lines, said, ticket, told, turned
from tix.importers.detect import detect
from tix.importers.record import ImportedAuthor, ImportedTicket, Notice

REST = {
    "number": 7,
    "title": "Printer on fire",
    "body": "It burns.",
    "state": "open",
    "user": {"login": "ann"},
    "created_at": "2026-01-05T10:00:00Z",
    "html_url": "https://github.com/o/r/issues/7",
    "comments": 2,
}


@pytest.mark.parametrize(
    "data",
    [
        as_json([REST]),
        as_json(REST),
        as_lines(REST),
        as_json([REST]) + as_json([]),
        as_json([[REST], []]),
        as_json({"total_count": 1, "incomplete_results": False, "items": [REST]}),
        as_json([{"total_count": 1, "items": [REST]}]),
        as_json(
            {
                "data": {
                    "repository": {"nameWithOwner": "o/r", "issues": {"nodes": [{**REST, "html_url": None}]}}
                }
            }
        ),
        as_json(
            {"data": {"search": {"edges": [{"node": {**REST, "repository": {"nameWithOwner": "o/r"}}}]}}}
        ),
        as_json([{"data": {"repository": {"issue": REST}}}]),
    ],
)
def test_a_page_a_search_an_answer_and_a_line_give_the_same_issue(tmp_path: Path, data: bytes) -> None:
    found, notice = told(tmp_path, data)
    assert isinstance(found, ImportedTicket)
    assert (found.key, found.about, found.author) == (
        "github.com/o/r/7",
        "github:o/r#7",
        ImportedAuthor("ann"),
    )
    assert isinstance(notice, Notice)
    assert notice.records == 2


def test_connections_of_graphql_are_lists(tmp_path: Path) -> None:
    found = ticket(tmp_path, as_json(GITHUB))
    assert said(found) == [
        (1, "ann", "Water?", False),
        (2, "bob", "Approved.", False),
        (2, "bob", "a line", False),
    ]
    assert turned(found) == [(3, "bob", "closed"), (4, "ann", None), (5, "bob", "closed")]
    assert (found.type, found.tags, found.assignee) == (
        "pull-request",
        ("hot", "merged"),
        ImportedAuthor("bob"),
    )
    assert found.key == "github.com/o/r/7"


def test_a_search_of_the_cli_says_what_is_a_pull_request_and_how_many_comments_are_elsewhere(
    tmp_path: Path,
) -> None:
    one = {
        "author": {
            "id": "U1",
            "is_bot": False,
            "login": "ann",
            "type": "User",
            "url": "https://github.com/ann",
        },
        "commentsCount": 3,
        "createdAt": "2026-01-05T10:00:00Z",
        "isPullRequest": True,
        "labels": [],
        "number": 7,
        "repository": {"name": "r", "nameWithOwner": "o/r"},
        "state": "open",
        "title": "x",
    }
    found, notice = told(tmp_path, as_json([one]))
    assert (found.about, found.type, notice.records) == ("github:o/r#7", "pull-request", 3)


def test_a_number_that_was_not_asked_for_is_in_the_address(tmp_path: Path) -> None:
    found = ticket(
        tmp_path,
        as_json(
            [
                {
                    "title": "x",
                    "url": "https://github.com/o/r/pull/8",
                    "createdAt": "2026-01-05T10:00:00Z",
                    "body": "",
                }
            ]
        ),
    )
    assert (found.about, found.type) == ("github:o/r#8", "pull-request")


def test_a_long_text_before_the_number_hides_nothing() -> None:
    """The keys of `gh` are sorted: the number comes after the texts."""
    whole = {"assignees": [], "author": {"login": "ann"}, "body": "x" * 200_000, "number": 1, "title": "a"}
    assert detect(json.dumps([whole]).encode()[: 1 << 16], "x") == "github"


def test_comments_in_a_file_beside_are_read(tmp_path: Path) -> None:
    comments = [
        {
            "issue_url": "https://api.github.com/repos/O/r/issues/7",
            "user": {"login": "bob"},
            "created_at": "2026-01-05T11:00:00Z",
            "body": body,
        }
        for body in ("one", "two")
    ]
    (tmp_path / "comments.json").write_bytes(as_json(comments[:1]) + as_json(comments[1:]))
    notice, found = told(tmp_path, as_json([REST]), "issues.json")
    assert notice == Notice("also read comments.json", "also read comments.json")
    assert said(found) == [(1, "bob", "one", False), (1, "bob", "two", False)]
