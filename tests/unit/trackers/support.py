"""Small files of help desks: Zendesk."""

from tests.unit.trackers.samples import as_json, as_lines

ZENDESK = {
    "url": "https://acme.zendesk.com/api/v2/tickets/7.json",
    "id": 7,
    "external_id": None,
    "created_at": "2026-01-05T10:00:00Z",
    "updated_at": "2026-01-05T16:00:00Z",
    "type": "problem",
    "subject": "Printer on fire",
    "raw_subject": "Printer on fire",
    "description": "It burns.",
    "priority": "urgent",
    "status": "solved",
    "requester_id": 1,
    "submitter_id": 2,
    "assignee_id": 2,
    "organization_id": 4,
    "group_id": 5,
    "collaborator_ids": [3],
    "problem_id": 6,
    "tags": ["hot"],
    "due_at": "2026-01-06T00:00:00Z",
    "custom_fields": [{"id": 77, "value": "Gold"}, {"id": 78, "value": None}],
    "satisfaction_rating": {"score": "good", "comment": "Fast."},
    "metric_set": {"solved_at": "2026-01-05T15:00:00Z"},
}
THREAD = [
    {
        "ticket_id": 7,
        "id": 100,
        "author_id": 1,
        "public": True,
        "plain_body": "It burns.",
        "created_at": "2026-01-05T10:00:00Z",
        "attachments": [
            {"file_name": "fire.jpg", "size": 1234, "content_url": "https://acme.example/fire.jpg"}
        ],
    },
    {
        "ticket_id": 7,
        "id": 101,
        "author_id": 2,
        "public": True,
        "html_body": "<p>Water?</p>",
        "created_at": "2026-01-05T11:00:00Z",
    },
    {
        "ticket_id": 7,
        "id": 102,
        "author_id": 2,
        "public": False,
        "body": "Between us",
        "created_at": "2026-01-05T12:00:00Z",
        "attachments": [{"file_name": "log.txt"}],
    },
]
USERS = [
    {"id": 1, "name": "Ann Lee", "email": "ann@acme.example", "role": "end-user"},
    {"id": 2, "name": "Bob Ray", "email": "bob@help.example", "role": "agent"},
]
ZENDESK_LISTS = {
    "tickets": [ZENDESK],
    "users": USERS,
    "comments": THREAD,
    "groups": [{"id": 5, "name": "Front desk"}],
    "organizations": [{"id": 4, "name": "Acme"}],
    "ticket_fields": [{"id": 77, "title": "Level"}],
    "count": 1,
    "next_page": None,
}

SAMPLES = [
    ("zendesk", as_json(ZENDESK_LISTS)),
    ("zendesk", as_json([ZENDESK])),
    ("zendesk", as_lines({**ZENDESK, "comments": THREAD}, {**ZENDESK, "id": 8})),
    ("zendesk", as_json({"ticket": ZENDESK})),
    ("zendesk", as_json({"results": [{**ZENDESK, "result_type": "ticket"}], "count": 1})),
]
