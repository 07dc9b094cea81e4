"""Small files of other trackers, written after the shape of real ones, and how they are read.

Each sample is the format it is of and its bytes.
"""

from __future__ import annotations

import json
from pathlib import Path

from tix.importers.detect import HEAD_BYTES, Fault, ImportedTicket, Notice, detect, stories

NOW = 1_790_000_000
TEN = 1767607200  # 2026-01-05T10:00:00Z
HOUR = 3600


def as_json(value: object) -> bytes:
    return json.dumps(value).encode()


def as_lines(*values: object) -> bytes:
    return b"\n".join(map(as_json, values)) + b"\n"


def told(
    folder: Path, data: bytes, name: str = "file.json", **options: str
) -> list[ImportedTicket | Fault | Notice]:
    """What the file tells, read as the format its content is recognised as."""
    path = folder / name
    path.write_bytes(data)
    return list(stories(path, detect(data[:HEAD_BYTES], name), now=NOW, **options))


def tickets(folder: Path, data: bytes, name: str = "file.json", **options: str) -> list[ImportedTicket]:
    """The tickets of a file that has nothing else to tell."""
    found = told(folder, data, name, **options)
    assert all(isinstance(one, ImportedTicket) for one in found), found
    return found  # type: ignore[return-value]


def ticket(folder: Path, data: bytes, name: str = "file.json", **options: str) -> ImportedTicket:
    """The only ticket of a file."""
    [found] = tickets(folder, data, name, **options)
    return found


def said(story: ImportedTicket) -> list[tuple[int, str | None, str, bool]]:
    """Its entries: hours since TEN, who by name or login, the text, whether internal."""
    return [
        (
            (one.at - TEN) // HOUR,
            one.by and (one.by.name or one.by.login or one.by.email),
            one.body,
            one.internal,
        )
        for one in story.remarks
    ]


def turned(story: ImportedTicket) -> list[tuple[int, str | None, str | None]]:
    """Its status changes: hours since TEN, who, and where to."""
    return [
        (
            (one.at - TEN) // HOUR,
            one.by and (one.by.name or one.by.login),
            one.status or ("resolved" if one.resolved else "closed" if one.closed else None),
        )
        for one in story.turns
    ]


JIRA_ANN = {"name": "ann", "displayName": "Ann Lee", "emailAddress": "ann@acme.example"}
JIRA_BOB = {"accountId": "557058:f1", "displayName": "Bob Ray"}
JIRA = {
    "id": "10001",
    "self": "https://acme.atlassian.net/rest/api/3/issue/10001",
    "key": "SUP-7",
    "fields": {
        "summary": "Printer on fire",
        "description": {
            "type": "doc",
            "version": 1,
            "content": [
                {
                    "type": "paragraph",
                    "content": [
                        {"type": "text", "text": "It "},
                        {"type": "text", "text": "burns", "marks": [{"type": "strong"}]},
                        {"type": "text", "text": "."},
                    ],
                },
                {
                    "type": "bulletList",
                    "content": [
                        {
                            "type": "listItem",
                            "content": [
                                {"type": "paragraph", "content": [{"type": "text", "text": "tray 1"}]}
                            ],
                        }
                    ],
                },
            ],
        },
        "status": {"name": "Shipped", "statusCategory": {"key": "done", "name": "Done"}},
        "resolution": {"name": "Done"},
        "resolutiondate": "2026-01-05T15:00:00.000+0000",
        "priority": {"name": "Highest"},
        "issuetype": {"name": "Service Request"},
        "reporter": JIRA_ANN,
        "creator": JIRA_BOB,
        "assignee": JIRA_BOB,
        "created": "2026-01-05T11:00:00.000+0100",
        "updated": "2026-01-05T16:00:00.000+0000",
        "duedate": "2026-01-06",
        "labels": ["hot"],
        "components": [{"name": "Printers"}, {"name": "Office"}],
        "customfield_10020": [{"id": 1, "name": "Sprint 4"}],
        "customfield_10021": {"value": "Gold"},
        "customfield_10019": "0|i0001:",
        "issuelinks": [
            {
                "type": {"inward": "is blocked by", "outward": "blocks"},
                "outwardIssue": {"key": "SUP-8"},
            }
        ],
        "parent": {"key": "SUP-1"},
        "attachment": [{"filename": "fire.jpg", "size": 1234, "content": "https://acme.example/fire.jpg"}],
        "comment": {
            "total": 3,
            "comments": [
                {"author": JIRA_ANN, "body": "Water?", "created": "2026-01-05T12:00:00.000+0000"},
                {
                    "author": JIRA_BOB,
                    "body": "Between us",
                    "created": "2026-01-05T13:00:00.000+0000",
                    "jsdPublic": False,
                },
            ],
        },
        "worklog": {
            "worklogs": [
                {
                    "author": JIRA_BOB,
                    "timeSpent": "2h",
                    "started": "2026-01-05T14:00:00.000+0000",
                    "comment": "Pouring",
                }
            ]
        },
    },
    "changelog": {
        "histories": [
            {
                "author": JIRA_BOB,
                "created": "2026-01-05T15:00:00.000+0000",
                "items": [
                    {"field": "resolution", "to": "1", "toString": "Done"},
                    {"field": "status", "fromString": "In Progress", "toString": "Shipped"},
                ],
            },
            {
                "author": JIRA_BOB,
                "created": "2026-01-05T11:30:00.000+0000",
                "items": [{"field": "status", "fromString": "Open", "toString": "In Progress"}],
            },
        ]
    },
}
JIRA_SEARCH = {"expand": "names", "issues": [JIRA], "names": {"customfield_10021": "Support level"}}

SAMPLES: list[tuple[str, bytes]] = [
    ("github", as_json([{"number": 1, "title": "a", "createdAt": "2026-01-05T10:00:00Z"}])),
    ("beads", as_lines({"id": "bd-1", "title": "a", "created_at": "2026-01-05T10:00:00Z"})),
    ("ietf", as_json({"magic": "E!", "repo": "a/b", "issues": [], "pulls": []})),
    ("jira-rest", as_json(JIRA_SEARCH)),
    ("jira-rest", as_json(JIRA)),
    ("jira-rest", as_json([JIRA, JIRA])),
    ("jira-rest", as_lines(JIRA, JIRA)),
]
GITHUB = {
    "data": {
        "repository": {
            "pullRequests": {
                "totalCount": 1,
                "nodes": [
                    {
                        "number": 7,
                        "title": "Printer on fire",
                        "url": "https://github.com/o/r/pull/7",
                        "body": "It burns.",
                        "state": "MERGED",
                        "createdAt": "2026-01-05T10:00:00Z",
                        "mergedAt": "2026-01-05T15:00:00Z",
                        "author": {"login": "ann"},
                        "labels": {"nodes": [{"name": "hot"}]},
                        "assignees": {"edges": [{"node": {"login": "bob"}}]},
                        "comments": {
                            "totalCount": 1,
                            "nodes": [
                                {
                                    "author": {"login": "ann"},
                                    "body": "Water?",
                                    "createdAt": "2026-01-05T11:00:00Z",
                                }
                            ],
                        },
                        "reviews": {
                            "nodes": [
                                {
                                    "author": {"login": "bob"},
                                    "state": "APPROVED",
                                    "body": "",
                                    "submittedAt": "2026-01-05T12:00:00Z",
                                    "comments": {"nodes": [{"body": "a line", "createdAt": None}]},
                                }
                            ]
                        },
                        "timelineItems": {
                            "nodes": [
                                {
                                    "__typename": "ClosedEvent",
                                    "createdAt": "2026-01-05T13:00:00Z",
                                    "actor": {"login": "bob"},
                                },
                                {
                                    "__typename": "ReopenedEvent",
                                    "createdAt": "2026-01-05T14:00:00Z",
                                    "actor": {"login": "ann"},
                                },
                                {
                                    "__typename": "ClosedEvent",
                                    "createdAt": "2026-01-05T15:00:00Z",
                                    "actor": {"login": "bob"},
                                },
                            ]
                        },
                    }
                ],
            }
        }
    }
}

SAMPLES += [
    ("github", as_json(GITHUB)),
    ("github", as_lines(*([{"number": 1, "title": "a", "createdAt": "2026-01-05T10:00:00Z"}] * 2))),
    (
        "github",
        as_json({"total_count": 1, "items": [{"number": 1, "title": "a", "created_at": "2026-01-05"}]}),
    ),
]
SAMPLES += [
    (
        "beads",
        as_json([{"id": "bd-1", "title": "a", "issue_type": "bug", "created_at": "2026-01-05T10:00:00Z"}]),
    ),
]
