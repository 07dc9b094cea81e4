"""Small files of help desks: Zendesk, Freshdesk, ITFlow."""

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

FRESHDESK = {
    "id": 7,
    "subject": "Printer on fire",
    "description": "<div>It <b>burns</b>.</div>",
    "description_text": "It burns.",
    "status": 4,
    "priority": 4,
    "source": 1,
    "type": "Incident",
    "requester_id": 1,
    "responder_id": 2,
    "requester": {"id": 1, "name": "Ann Lee", "email": "ann@acme.example"},
    "company": {"id": 4, "name": "Acme"},
    "due_by": "2026-01-06T00:00:00Z",
    "fr_due_by": "2026-01-05T14:00:00Z",
    "created_at": "2026-01-05T10:00:00Z",
    "updated_at": "2026-01-05T16:00:00Z",
    "cc_emails": ["cy@acme.example"],
    "tags": ["hot"],
    "spam": False,
    "custom_fields": {"cf_level": "Gold", "cf_none": None},
    "stats": {"resolved_at": "2026-01-05T15:00:00Z", "closed_at": None},
    "conversations": [
        {
            "body": "<p>Water?</p>",
            "body_text": "Water?",
            "private": False,
            "incoming": False,
            "user_id": 2,
            "created_at": "2026-01-05T11:00:00Z",
            "attachments": [{"name": "how.pdf", "size": 12, "attachment_url": "https://fd.example/how.pdf"}],
        },
        {"body": "Between <i>us</i>", "private": True, "user_id": 2, "created_at": "2026-01-05T12:00:00Z"},
    ],
}
FRESHDESK_EXPORT = {
    "helpdesk_ticket": {
        "display_id": 7,
        "subject": "Printer on fire",
        "description": "It burns.",
        "description_html": "<div>It burns.</div>",
        "status": 2,
        "status_name": "Open",
        "priority_name": "Urgent",
        "requester_name": "Ann Lee",
        "responder_name": "Bob Ray",
        "created_at": "2026-01-05T15:30:00+05:30",
        "updated_at": "2026-01-05T16:00:00Z",
        "custom_field": {"level_1": "Gold"},
        "notes": [
            {"note": {"body": "Water?", "user_id": 2, "private": True, "created_at": "2026-01-05T11:00:00Z"}}
        ],
    }
}
ITFLOW = {
    "ticket_id": "31",
    "ticket_prefix": "TCK-",
    "ticket_number": "7",
    "ticket_source": "Email",
    "ticket_category": None,
    "ticket_subject": "Printer on fire",
    "ticket_details": "<p>It <b>burns</b>.</p><ul><li>tray 1</li></ul>",
    "ticket_priority": "High",
    "ticket_status": "4",
    "ticket_billable": "1",
    "ticket_schedule": None,
    "ticket_onsite": "0",
    "ticket_vendor_ticket_number": None,
    "ticket_created_at": "2026-01-05 10:00:00",
    "ticket_updated_at": "2026-01-05 16:00:00",
    "ticket_due_at": "2026-01-06 00:00:00",
    "ticket_resolved_at": "2026-01-05 15:00:00",
    "ticket_archived_at": None,
    "ticket_closed_at": "0000-00-00 00:00:00",
    "ticket_created_by": "2",
    "ticket_assigned_to": "2",
    "ticket_closed_by": "0",
    "ticket_client_id": "4",
    "ticket_contact_id": "1",
    "ticket_asset_id": "5",
}
ITFLOW_REPLIES = [
    {
        "ticket_reply_id": "1",
        "ticket_reply": "<p>Water?</p>",
        "ticket_reply_type": "Public",
        "ticket_reply_time_worked": "00:15:00",
        "ticket_reply_created_at": "2026-01-05 11:00:00",
        "ticket_reply_by": "2",
        "ticket_reply_by_name": "Bob Ray",
        "ticket_reply_ticket_id": "31",
    },
    {
        "ticket_reply_id": "2",
        "ticket_reply": "Between us",
        "ticket_reply_type": "Internal",
        "ticket_reply_time_worked": None,
        "ticket_reply_created_at": "2026-01-05 12:00:00",
        "ticket_reply_by": "2",
        "ticket_reply_ticket_id": "31",
    },
    {
        "ticket_reply_id": "3",
        "ticket_reply": "Yes &amp; soon",
        "ticket_reply_type": "Client",
        "ticket_reply_time_worked": "00:00:00",
        "ticket_reply_created_at": "2026-01-05 13:00:00",
        "ticket_reply_by": "1",
        "ticket_reply_ticket_id": "31",
    },
]

SAMPLES += [
    ("freshdesk", as_json([FRESHDESK])),
    ("freshdesk", as_json(FRESHDESK)),
    ("freshdesk", as_lines(FRESHDESK, FRESHDESK)),
    ("freshdesk", as_json([FRESHDESK_EXPORT])),
    ("freshdesk", as_json({"results": [FRESHDESK], "total": 1})),
    ("itflow", as_json({"success": "True", "count": 1, "data": [ITFLOW]})),
    ("itflow", as_json([{**ITFLOW, "replies": ITFLOW_REPLIES}])),
]
