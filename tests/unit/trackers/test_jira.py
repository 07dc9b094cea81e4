"""Issues as Jira's REST API gives them."""

from pathlib import Path

import pytest

from tests.unit.trackers.samples import (
    JIRA,
    JIRA_SEARCH,
    NOW,
    TEN,
    as_json,
    as_lines,
    said,
    ticket,
    told,
    turned,
)
from tix.importers.markup import adf
from tix.importers.record import Fault, ImportedAuthor, ImportedTicket, Notice


def test_a_search_gives_an_issue_with_its_people_thread_times_and_links(tmp_path: Path) -> None:
    found, notice = told(tmp_path, as_json(JIRA_SEARCH))
    assert notice == Notice(notice.one, notice.many, 1)
    assert "comment" in notice.one
    assert isinstance(found, ImportedTicket)
    assert (found.key, found.about) == ("acme.atlassian.net/jira/SUP-7", "jira:acme.atlassian.net#SUP-7")
    assert found.subject == "Printer on fire"
    assert found.body == "It **burns**.\n\n- tray 1"
    assert found.author == ImportedAuthor(None, "Bob Ray")
    assert found.requester == ImportedAuthor("ann", "Ann Lee", "ann@acme.example")
    assert found.assignee == ImportedAuthor(None, "Bob Ray")
    assert (found.created_at, found.due_at) == (TEN, TEN + 38 * 3600 - 1)
    assert (found.status, found.status_word) == ("closed", "Shipped")
    assert (found.priority, found.type, found.category, found.tags) == (
        "Highest",
        "service-request",
        "Printers",
        ("hot",),
    )
    assert turned(found) == [(1, "Bob Ray", "in-progress"), (5, "Bob Ray", "closed")]
    assert said(found) == [
        (
            0,
            None,
            (
                "Resolution: Done\nComponents: Office\ncustomfield_10020: Sprint 4\nSupport level: Gold\n"
                "Attached: fire.jpg (1,234 bytes) https://acme.example/fire.jpg"
            ),
            True,
        ),
        (2, "Ann Lee", "Water?", False),
        (3, "Bob Ray", "Between us", True),
        (4, "Bob Ray", "Worked: 2h\nPouring", True),
    ]
    assert found.links == (
        ("blocks", "acme.atlassian.net/jira/SUP-8"),
        ("child", "acme.atlassian.net/jira/SUP-1"),
    )
    assert found.is_unmistakable


@pytest.mark.parametrize("data", [as_json(JIRA), as_json([JIRA]), as_lines(JIRA)])
def test_an_issue_alone_or_in_a_list_is_the_same(tmp_path: Path, data: bytes) -> None:
    found, _ = told(tmp_path, data)
    assert isinstance(found, ImportedTicket)
    assert found.about == "jira:acme.atlassian.net#SUP-7"
    assert found.turns == told(tmp_path, as_json(JIRA_SEARCH))[0].turns


def test_an_issue_with_few_fields_is_read_and_its_host_is_named_by_the_source(tmp_path: Path) -> None:
    data = as_json({"issues": [{"key": "A-1", "fields": {"summary": "x"}}]})
    found, notice = told(tmp_path, data)
    assert isinstance(found, ImportedTicket)
    assert (found.subject, found.created_at, found.about) == ("x", NOW, "jira:A-1")
    assert "creation date" in notice.one
    named, _ = told(tmp_path, data, source="acme.atlassian.net")
    assert (named.key, named.about) == ("acme.atlassian.net/jira/A-1", "jira:acme.atlassian.net#A-1")


def test_the_category_of_a_status_decides_where_its_word_does_not(tmp_path: Path) -> None:
    def status(word: str, category: str) -> str | None:
        fields = {
            "summary": "x",
            "created": "2026-01-05T10:00:00.000+0000",
            "status": {"name": word, "statusCategory": {"key": category}},
        }
        return ticket(tmp_path, as_json([{"key": "A-1", "fields": fields}])).status

    assert status("Gegenlesen", "indeterminate") == "in-progress"
    assert status("Waiting", "indeterminate") == "on-hold"
    assert status("Resolved", "done") == "resolved"
    assert status("Ausgeliefert", "done") == "closed"
    assert status("Closed", "new") == "open"


def test_a_broken_issue_is_a_fault_with_its_key(tmp_path: Path) -> None:
    [found] = told(tmp_path, as_json([{"key": "A-1", "fields": {"summary": 7, "created": "2026-01-05"}}]))
    assert found == Fault(None, "record 1 (A-1): 'summary' is not text")


def paragraph(*words: object) -> dict[str, object]:
    texts = [word if isinstance(word, dict) else {"type": "text", "text": word} for word in words]
    return {"type": "paragraph", "content": texts}


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (
            paragraph(
                {"type": "text", "text": "here", "marks": [{"type": "link", "attrs": {"href": "http://x"}}]}
            ),
            "here (http://x)",
        ),
        (paragraph("a", {"type": "hardBreak"}, "b"), "a\nb"),
        (paragraph({"type": "mention", "attrs": {"id": "1", "text": "@Ann"}}, " look"), "@Ann look"),
        (
            {"type": "heading", "attrs": {"level": 2}, "content": [{"type": "text", "text": "Steps"}]},
            "## Steps",
        ),
        (
            {
                "type": "codeBlock",
                "attrs": {"language": "sh"},
                "content": [{"type": "text", "text": "ls\n\ncd"}],
            },
            "```sh\nls\n\ncd\n```",
        ),
        ({"type": "blockquote", "content": [paragraph("a"), paragraph("b")]}, "> a\n>\n> b"),
        (
            {
                "type": "orderedList",
                "content": [
                    {"type": "listItem", "content": [paragraph("a")]},
                    {
                        "type": "listItem",
                        "content": [
                            paragraph("b"),
                            {
                                "type": "bulletList",
                                "content": [{"type": "listItem", "content": [paragraph("c")]}],
                            },
                        ],
                    },
                ],
            },
            "1. a\n2. b\n   - c",
        ),
        (
            {
                "type": "table",
                "content": [
                    {
                        "type": "tableRow",
                        "content": [
                            {"type": "tableHeader", "content": [paragraph("a|b")]},
                            {"type": "tableCell", "content": [paragraph("c")]},
                        ],
                    }
                ],
            },
            "| a\\|b | c |",
        ),
        (
            {"type": "mediaSingle", "content": [{"type": "media", "attrs": {"alt": "fire.jpg"}}]},
            "[file: fire.jpg]",
        ),
        (paragraph({"type": "date", "attrs": {"timestamp": "1767607200000"}}), "2026-01-05"),
        ({"type": "somethingNew", "content": [paragraph("kept")]}, "kept"),
    ],
)
def test_a_document_becomes_text(node: dict[str, object], text: str) -> None:
    assert adf.text({"type": "doc", "content": [node]}) == text
