"""GitHub's issues, in the spelling of its CLI, of its API, and of the IETF's archives."""

import io
import json

import pytest

from tix.errors import InvalidValue
from tix.importers import github, ietf
from tix.importers.record import (
    Fault,
    ImportedAuthor,
    ImportedChange,
    ImportedComment,
    ImportedTicket,
    Notice,
)

CLI_ISSUE = {
    "number": 12,
    "title": "Printer on fire",
    "body": "It burns.\r\nStill.",
    "url": "https://github.com/Acme/Desk/issues/12",
    "state": "CLOSED",
    "stateReason": "COMPLETED",
    "author": {"login": "lan", "name": "Lan Nguyen", "is_bot": False},
    "assignees": [{"login": "bob"}],
    "labels": [{"name": "bug", "color": "red"}],
    "createdAt": "2026-01-05T10:00:00Z",
    "updatedAt": "2026-01-05T12:00:00Z",
    "closedAt": "2026-01-05T11:00:00Z",
    "comments": [
        {"author": {"login": "lan"}, "body": "Thanks", "createdAt": "2026-01-05T11:30:00Z"},
        {"author": None, "body": "Water?", "createdAt": "2026-01-05T10:30:00Z"},
    ],
}
API_ISSUE = {
    "number": 12,
    "title": "Printer on fire",
    "body": None,
    "url": "https://api.github.com/repos/acme/desk/issues/12",
    "repository_url": "https://api.github.com/repos/acme/desk",
    "html_url": "https://github.com/acme/desk/issues/12",
    "state": "open",
    "state_reason": None,
    "user": None,
    "assignee": {"login": "bob"},
    "assignees": [{"login": "bob"}],
    "labels": ["bug"],
    "created_at": "2026-01-05T10:00:00Z",
    "closed_at": None,
    "comments": 3,
}
TEN = 1767607200  # 2026-01-05T10:00:00Z


def read(*issues: object) -> list[ImportedTicket | Fault]:
    return list(github.stories(io.BytesIO(json.dumps(issues).encode())))


def story(**changes: object) -> ImportedTicket:
    [told] = read({**CLI_ISSUE, **changes})
    assert isinstance(told, ImportedTicket), told
    return told


def fault(**changes: object) -> Fault:
    [told] = read({**CLI_ISSUE, **changes})
    assert isinstance(told, Fault), told
    return told


def test_an_issue_of_the_cli_becomes_a_story() -> None:
    assert story() == ImportedTicket(
        key="github.com/acme/desk/12",
        about="github:acme/desk#12",
        subject="Printer on fire",
        body="It burns.\r\nStill.",
        author=ImportedAuthor("lan", "Lan Nguyen"),
        created_at=TEN,
        remarks=(
            ImportedComment(TEN + 1800, None, "Water?"),
            ImportedComment(TEN + 5400, ImportedAuthor("lan"), "Thanks"),
        ),
        turns=(ImportedChange(TEN + 3600, None, closed=True),),
        status="closed",
        type="issue",
        assignee=ImportedAuthor("bob"),
        tags=("bug",),
        updated_at=TEN + 7200,
    )


def test_an_issue_of_the_api_becomes_the_same_story() -> None:
    """A count of comments is no comment, a null body is empty, a ghost is nobody, the key is the CLI's."""
    assert [one for one in read(API_ISSUE) if isinstance(one, ImportedTicket)] == [
        ImportedTicket(
            key="github.com/acme/desk/12",
            about="github:acme/desk#12",
            subject="Printer on fire",
            body="",
            author=None,
            created_at=TEN,
            status="open",
            type="issue",
            assignee=ImportedAuthor("bob"),
            tags=("bug",),
        )
    ]


@pytest.mark.parametrize(
    ("key", "changes"),
    [
        ("ghe.acme.example/x/y/12", {"url": "https://ghe.acme.example/api/v3/repos/X/y/issues/12"}),
        ("github.com/x/y/12", {"url": None, "repository": {"nameWithOwner": "X/Y"}}),
        ("github.com/node/I_kw1", {"url": None, "id": "I_kw1"}),
        (f"github.com/?/12/{TEN}", {"url": None}),
    ],
)
def test_the_key_is_the_best_identity_the_record_has(key: str, changes: dict[str, object]) -> None:
    assert story(**changes).key == key


def test_pages_of_the_api_and_a_single_issue_are_read_too() -> None:
    raw = read([API_ISSUE], [CLI_ISSUE, CLI_ISSUE])
    assert len([one for one in raw if isinstance(one, ImportedTicket)]) == 3
    assert len(list(github.stories(io.BytesIO(json.dumps(CLI_ISSUE).encode())))) == 1


def test_a_merged_pull_request_is_closed_by_whoever_merged_it() -> None:
    pull = story(
        url="https://github.com/acme/desk/pull/12",
        state="MERGED",
        mergedAt="2026-01-05T11:00:00Z",
        mergedBy={"login": "amy"},
        isDraft=True,
    )
    assert pull.turns == (ImportedChange(TEN + 3600, ImportedAuthor("amy"), closed=True),)
    assert pull.type == "pull-request"
    assert pull.tags == ("bug", "merged", "draft")


def test_reviews_and_their_comments_are_remarks_and_an_empty_envelope_is_none() -> None:
    at = "2026-01-05T10:10:00Z"
    sub = {"body": "Typo", "createdAt": at}
    reviews = [
        {"author": {"login": "amy"}, "state": "APPROVED", "body": "", "submittedAt": at},
        {"author": {"login": "amy"}, "state": "COMMENTED", "body": "", "submittedAt": at, "comments": [sub]},
        {"author": {"login": "bob"}, "state": "CHANGES_REQUESTED", "body": "No.", "submittedAt": at},
    ]
    assert story(comments=[], reviews=reviews).remarks == (
        ImportedComment(TEN + 600, ImportedAuthor("amy"), "Approved."),
        ImportedComment(TEN + 600, ImportedAuthor("amy"), "Typo"),
        ImportedComment(TEN + 600, ImportedAuthor("bob"), "Changes requested.\n\nNo."),
    )


def test_what_has_no_field_is_one_internal_remark() -> None:
    told = story(comments=[], assignees=[{"login": "bob"}, {"login": "amy"}], milestone={"title": "v2"})
    assert told.remarks == (ImportedComment(TEN, None, "Also assigned: amy\nMilestone: v2", internal=True),)


def test_a_reason_other_than_completed_is_a_tag() -> None:
    assert story(stateReason="NOT_PLANNED").tags == ("bug", "not-planned")


def test_a_timeline_gives_every_turn_and_the_state_has_the_last_word() -> None:
    timeline = [
        {"event": "reopened", "created_at": "2026-01-05T10:20:00Z", "actor": {"login": "lan"}},
        {"event": "closed", "created_at": "2026-01-05T10:10:00Z", "actor": {"login": "bob"}},
        {"event": "labeled", "created_at": "2026-01-05T10:15:00Z"},
    ]
    assert story(timeline=timeline).turns == (
        ImportedChange(TEN + 600, ImportedAuthor("bob"), closed=True),
        ImportedChange(TEN + 1200, ImportedAuthor("lan"), closed=False),
        ImportedChange(TEN + 3600, None, closed=True),
    )
    assert not story(timeline=timeline, state="OPEN", closedAt=None).turns[-1].closed


def test_a_closing_is_never_before_the_beginning() -> None:
    assert story(closedAt="2025-01-01T00:00:00Z").turns == (ImportedChange(TEN, None, closed=True),)


@pytest.mark.parametrize(
    ("subject", "title"), [("(no subject)", " "), ("a b", "a\r\nb\n"), ("x" * 700, "x" * 700)]
)
def test_a_subject_is_one_line_and_never_empty(subject: str, title: str) -> None:
    assert story(title=title).subject == subject


def test_what_no_store_can_hold_is_gone_from_every_text() -> None:
    """U+0000 is removed, half a surrogate pair becomes U+FFFD, a whole pair is the character it means."""
    raw = rb'[{"number": 1, "title": "a\u0000b", "body": "\ud83d \ud83d\ude00", "createdAt": "2026-01-05"}]'
    [told] = github.stories(io.BytesIO(raw))
    assert isinstance(told, ImportedTicket)
    assert (told.subject, told.body) == ("ab", "\ufffd 😀")


@pytest.mark.parametrize(
    ("words", "changes"),
    [
        ("'title' is missing", {"title": None}),
        ("'title' is not text", {"title": 5}),
        ("'createdAt' is missing", {"createdAt": None}),
        ("'yesterday' is not a date", {"closedAt": "yesterday"}),
        ("'number' is missing", {"number": None, "url": None}),
        ("'comments' is not a list", {"comments": "many"}),
        ("'labels' is not a list", {"labels": {"bug": 1}}),
    ],
)
def test_a_broken_record_is_a_fault_that_says_which_and_why(words: str, changes: dict[str, object]) -> None:
    assert words in fault(**changes).message
    assert fault(**changes).message.startswith("record 1")


def test_a_fault_does_not_stop_the_next_record() -> None:
    assert [type(told) for told in read(5, CLI_ISSUE)] == [Fault, ImportedTicket]


# ----------------------------------------------------------------------------------------------- ietf

ARCHIVE = {
    "magic": "E!vIA5L86J2I",
    "repo": "ExampleWG/draft",
    "issues": [
        {
            "number": 5,
            "title": "Nonce?",
            "state": "OPEN",
            "author": "lan",
            "assignees": ["bob"],
            "labels": ["design"],
            "body": None,
            "createdAt": "2026-01-05T10:00:00Z",
            "closedAt": None,
            "comments": [{"author": "bob", "body": "Yes", "createdAt": "2026-01-05T10:01:00Z"}],
        }
    ],
    "pulls": [
        {
            "number": 6,
            "title": "Add nonce",
            "state": "MERGED",
            "author": "bob",
            "body": "Closes #5",
            "createdAt": "2026-01-05T10:00:00Z",
            "mergedAt": "2026-01-05T11:00:00Z",
            "closedAt": "2026-01-05T11:00:00Z",
            "mergedBy": "amy",
            "comments": [],
            "reviews": [
                {
                    "author": "amy",
                    "state": "COMMENTED",
                    "body": "",
                    "createdAt": "2026-01-05T10:30:00Z",
                    "comments": [{"body": "Typo", "createdAt": "2026-01-05T10:31:00Z"}],
                }
            ],
        }
    ],
}


def archive(value: object) -> list[ImportedTicket | Fault]:
    return list(ietf.stories(io.BytesIO(json.dumps(value).encode())))


def test_an_archive_tells_its_issues_then_its_pulls() -> None:
    assert archive(ARCHIVE) == [
        ImportedTicket(
            key="github.com/examplewg/draft/5",
            about="github:examplewg/draft#5",
            subject="Nonce?",
            body="",
            author=ImportedAuthor("lan"),
            created_at=TEN,
            remarks=(ImportedComment(TEN + 60, ImportedAuthor("bob"), "Yes"),),
            status="open",
            type="issue",
            assignee=ImportedAuthor("bob"),
            tags=("design",),
        ),
        ImportedTicket(
            key="github.com/examplewg/draft/6",
            about="github:examplewg/draft#6",
            subject="Add nonce",
            body="Closes #5",
            author=ImportedAuthor("bob"),
            created_at=TEN,
            remarks=(ImportedComment(TEN + 1860, ImportedAuthor("amy"), "Typo"),),
            turns=(ImportedChange(TEN + 3600, ImportedAuthor("amy"), closed=True),),
            status="closed",
            type="pull-request",
            tags=("merged",),
        ),
    ]


def test_something_else_is_not_an_archive() -> None:
    with pytest.raises(InvalidValue, match="neither 'issues' nor 'pulls'"):
        archive({"repo": "a/b"})


def _stories(text: str, now: int | None = None, source: str | None = None) -> list[ImportedTicket]:
    told = github.stories(io.BytesIO(text.encode()), now, source)
    return [one for one in told if isinstance(one, ImportedTicket)]


def test_pages_lines_and_a_page_of_a_search_are_read() -> None:
    one, other = json.dumps(CLI_ISSUE), json.dumps({**CLI_ISSUE, "url": None, "number": 13})
    for text in (
        f"[{one}]\n[{other}]",
        f"[{one}][{other}]",
        f"{one}\n{other}\n",
        f'{{"items": [{one}, {other}]}}',
    ):
        assert len(_stories(text)) == 2, text


def test_comments_that_are_elsewhere_are_counted() -> None:
    [notice] = [one for one in read({**API_ISSUE, "comments": 5}) if isinstance(one, Notice)]
    assert notice.records == 5
    assert "gh issue list" in notice.many


def test_a_record_without_a_time_of_creation_has_the_earliest_it_names() -> None:
    bare = {"number": 1, "title": "A", "body": "b", "state": "CLOSED", "closedAt": "2026-01-05T10:00:00Z"}
    raw = io.BytesIO(json.dumps([bare, {"number": 2, "title": "B"}]).encode())
    closed, plain, notice = github.stories(raw, TEN + 999)
    assert isinstance(closed, ImportedTicket)
    assert isinstance(plain, ImportedTicket)
    assert isinstance(notice, Notice)
    assert (closed.created_at, plain.created_at, notice.records) == (TEN, TEN + 999, 2)
    assert (plain.key, plain.is_unmistakable) == ("github.com/?/2", False)


def test_a_named_source_is_the_repository_of_a_file_that_has_none() -> None:
    [told] = _stories(json.dumps({**CLI_ISSUE, "url": None}), source="Acme/Desk")
    assert (told.key, told.about, told.is_unmistakable) == (
        "github.com/acme/desk/12",
        "github:acme/desk#12",
        True,
    )
