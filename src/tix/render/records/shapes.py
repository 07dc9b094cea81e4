"""The shapes of records as JSON Schema (2020-12): what ``tix schema``, ``tix mcp`` and the OpenAPI document say of them.

The one description of what a record holds, beside the code that makes it. A row of ``RECORDS`` is a text: a word for
each field, ``name:type``, in the order of the record. The types are those of ``_TYPES``, or the name of another record;
``[]`` behind one is a list of it, ``?`` says that it can be null, and ``*`` that the key can be missing. Every JSON
that the tests see is compared with these shapes (``tests/contract.py``).

Never loaded by a command that prints records.
"""

from __future__ import annotations

from tix.domain.tickets import fields
from tix.render.records.effects import EFFECT_FIELDS
from tix.typing import Any

Schema = dict[str, Any]

INSTANT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"
REFERENCE = r"^[A-Z][A-Z0-9]{0,9}-[0-9]{1,16}$"

# Keys whose words people outside the desk may have written: data, never instructions to whoever reads them.
UNTRUSTED = frozenset(
    "subject body requester_name requester_email by_name email phone about fields snippet rating_comment text from".split()
)

# What answers a question of a topic.
_ANSWER: Schema = {"type": ["string", "number", "boolean", "null"]}
_TYPES: dict[str, Schema] = {
    "text": {"type": "string"},
    "int": {"type": "integer"},
    "count": {"type": "integer", "minimum": 0},
    "number": {"type": "number"},
    "flag": {"type": "boolean"},
    "at": {"type": "string", "format": "date-time", "pattern": INSTANT},
    "ref": {"type": "string", "pattern": REFERENCE},
    "money": {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"},
    "object": {"type": "object"},
    "counts": {"type": "object", "additionalProperties": {"type": "integer"}},
    "answers": {"type": "object", "additionalProperties": _ANSWER},
    "any": {},
    "place": {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2},
    "role": {"enum": ["requester", "agent", "admin"]},
    "phase": {"enum": ["open", "resolved", "closed"]},
    "side": {"enum": ["requester", "staff", "system"]},
    "entry": {"enum": ["message", "reply", "note", "event"]},
    "effect": {
        "enum": "created updated deleted unchanged would_create would_update would_delete".split(),
        "description": "What the write did, or what a dry run would have done.",
    },
    "scope": {"enum": ["read", "write"]},
    "check": {"enum": ["ok", "failed", "info"]},
}
# The types of a ticket's fields, by the kinds of ``domain.tickets.fields``.
_KINDS = {
    **dict.fromkeys(("text", "word", "person", "place"), "text?"),
    "count": "count",
    "number": "int?",
    "flag": "flag?",
    "instant": "at?",
    "tags": "text[]",
    "names": "text[]",
    "links": "Link[]",
    "answers": "answers",
    "thread": "Item[]",
}
# Those that say more than their kind.
_CLOSER = {
    "ref": "ref",
    "phase": "phase",
    "merged_into": "ref?",
    **dict.fromkeys("subject status priority requester prefix uid".split(), "text"),
    **dict.fromkeys("created_at updated_at last_activity_at".split(), "at"),
    **dict.fromkeys("overdue answered".split(), "flag"),
}


def _of_ticket(chosen: tuple[fields.TicketField, ...], **closer: str) -> str:
    types = {**_CLOSER, **closer}
    return " ".join(f"{one.name}:{types.get(one.name, _KINDS[one.kind])}" for one in chosen)


_FILE = "id:int name:text size:count mime:text sha256:text"
_ITEM = (
    "id:int? at:at kind:entry by:text? by_name:text? via:text? side:side body:text? internal:flag attachments:File[] "
    "event:Event? origin:ref? untrusted:flag"
)
_LISTED = _of_ticket(fields.LISTED)
_EXPORTED = f"{_of_ticket(fields.FIELDS, thread='ExportedItem[]')} body:text* row:object* desk:object*"
_PERSON = (
    "login:text name:text email:text? phone:text? role:role active:flag client:text? contact:text[] manager:text? "
    "departments:text[] teams:text[] away_until:at? merged_into:text?"
)
_CLIENT = "name:text domains:text[] rate:text? currency:text? notes:text? active:flag"
_DEPARTMENT = (
    "name:text members:text[] sla:text? calendar:text? workflow:text? mapping:text[] email:text? active:flag"
)
_TEAM = "name:text members:text[] active:flag"
_TOPIC = (
    "name:text department:text? assignee:text? team:text? priority:text? sla:text? status:text? active:flag"
)
_PLAN = "name:text grace_seconds:count? response_seconds:count? calendar:text? overrides:text[] active:flag"
_CALENDAR = "name:text hours:text zone:text? country:text? active:flag"
_ASSET = "name:text client:text? kind:text? serial:text? notes:text? active:flag"
_TYPE = "name:text active:flag"
_PRIORITY = "name:text rank:int aliases:text[] active:flag"
_SCHEDULE = "name:text every:text next_at:at? last_at:at? paused:flag subject:text"
_API_KEY = (
    "name:text user:text scope:scope created_at:at created_by:text expires_at:at? used_at:at? rate:count?"
)
_ACCOUNT = "account:text user:text name:text reads:flag granted_at:at granted_by:text"
_MAIL = (
    "id:int from:text? subject:text? outcome:text reason:text? ref:ref? at:at channel:text message_id:text?"
)
_WORKFLOW = "name:text current:flag title:text"
_TICKETS = "open_tickets:count tickets:count"
_CHECK = "name:text status:check detail:text"

# By its name: a word for each field.
RECORDS: dict[str, str] = {
    # ------------------------------------------------------------------------------------------ tickets
    "Ticket": _of_ticket(fields.FIELDS),
    "ListedTicket": _LISTED,
    "FoundTicket": f"{_LISTED} snippet:text? matches:place[] score:number",
    "ExportedTicket": _EXPORTED,
    "ExportedDesk": "desk:object",  # of a desk without tickets
    "Link": "relation:text ref:ref",
    "File": _FILE,
    "Event": "type:text field:text? old:text? new:text? reason:text? due_at:at?*",
    "Item": _ITEM,
    "LoggedItem": f"ref:ref {_ITEM}",
    "ExportedItem": _ITEM.replace("File[]", "ExportedFile[]") + " sets:object?* work:object* apart:ref*",
    "ExportedFile": f"{_FILE} kind:text* data:text*",
    "Change": "field:text old:any new:any",
    "CommandRun": "id:int at:at verb:text tickets:ref[] undone:flag obstacle:text?",
    "Attachment": f"{_FILE} by:text? at:at internal:flag",
    "SavedFile": "path:text name:text size:count sha256:text",
    "Inbox": "tickets:ListedTicket[] notifications:Notification[]",
    "DueDate": (
        "ref:ref due_at:at? overdue:flag source:text? plan:text? calendar:text? clock_at:at grace_seconds:count? "
        "running_seconds:count paused_seconds:count outside_hours_seconds:count holiday_seconds:count segments:Segment[]"
    ),
    "Segment": "kind:text from:at to:at seconds:count why:text?",
    # ------------------------------------------------------------------------------- time and figures
    "TimeEntry": "id:int ref:ref at:at by:text worked_seconds:int billable:flag invoice:int? text:text?",
    "Timer": "ref:ref by:text started_at:at running_seconds:count",
    "Invoice": (
        "number:int client:text currency:text lines:InvoiceLine[] total:money subtotal:money tax:money tax_percent:money "
        "tax_name:text created_at:at created_by:text? voided_at:at? voided_by:text?"
    ),
    "InvoiceLine": (
        "ref:text subject:text? worked_seconds:int billed_seconds:int hours:money rate:money amount:money"
    ),
    "Stats": (
        "now:at since:at? until:at? tickets:count open:count resolved:count closed:count unassigned:count mine:count "
        "overdue:count by_status:counts by_assignee:counts by_department:counts by_priority:counts by_age:counts "
        "raised_by_day:counts first_response:Times resolution:Times sla:counts ratings:Ratings"
    ),
    "Times": "count:count median_seconds:count? p90_seconds:count?",
    "Ratings": "count:count average:number? 1:count 2:count 3:count 4:count 5:count",
    "SummaryRow": (
        "month:text raised:count open:count resolved:count closed:count reopened:count median_response_seconds:count? "
        "median_resolution_seconds:count?"
    ),
    "SlaRow": (
        "plan:text tickets:count response_met:count response_missed:count response_percent:number? resolution_met:count "
        "resolution_missed:count resolution_percent:number? overdue:count"
    ),
    "AgentRow": (
        "assignee:text open:count overdue:count over:count median_response_seconds:count? "
        "median_resolution_seconds:count? rating:number?"
    ),
    "WeekRow": "week:text created:count solved:count backlog:count",
    "AgeRow": "age:text open:count unassigned:count unanswered:count overdue:count oldest:text?",
    "RatingRow": "assignee:text count:count average:number? 1:count 2:count 3:count 4:count 5:count",
    "TimeRow": "by:text entries:count seconds:int billable_seconds:int unbilled_seconds:int",
    # ------------------------------------------------------------------------------- people and setup
    "Person": _PERSON,
    "WholePerson": f"{_PERSON} reports:text[] {_TICKETS}",
    "Session": "login:text created_at:at seen_at:at ends_at:at source:text? agent:text?",
    "Me": "login:text name:text? email:text? role:role? via:text? os_user:text store:text",
    "Permission": "verb:text requester:text contact:text agent:text admin:text you:text",
    "Client": _CLIENT,
    "WholeClient": f"{_CLIENT} contacts:text[] open_tickets:count tickets:text[]",
    "Department": _DEPARTMENT,
    "WholeDepartment": f"{_DEPARTMENT} {_TICKETS}",
    "Team": _TEAM,
    "WholeTeam": f"{_TEAM} {_TICKETS}",
    "CannedReply": "name:text body:text active:flag",
    "View": "name:text shared:flag owner:text? filters:text columns:text[]? sort:text? limit:count?",
    "Topic": _TOPIC,
    "WholeTopic": f"{_TOPIC} fields:TopicField[] {_TICKETS}",
    "TopicField": (
        "key:text topic:text label:text kind:text choices:text[] required:flag required_to_close:flag staff_only:flag "
        "default:text?"
    ),
    "Plan": _PLAN,
    "WholePlan": f"{_PLAN} {_TICKETS}",
    "Calendar": _CALENDAR,
    "WholeCalendar": f"{_CALENDAR} holidays:text[]",
    "Asset": _ASSET,
    "WholeAsset": f"{_ASSET} {_TICKETS}",
    "Type": _TYPE,
    "WholeType": f"{_TYPE} {_TICKETS}",
    "Priority": _PRIORITY,
    "WholePriority": f"{_PRIORITY} {_TICKETS}",
    "Schedule": _SCHEDULE,
    "WholeSchedule": (
        f"{_SCHEDULE} start_at:at zone:text owner:text? requester:text? topic:text? type:text? category:text? "
        "priority:text? client:text? department:text? team:text? assignee:text? sla:text? due:text? email:text? "
        "phone:text? notify_email:text? about:text? assets:text[] tags:text[] fields:answers body:text next:at[]"
    ),
    "Occurrence": "at:at local:text",
    "Workflow": f"{_WORKFLOW} statuses:text[]",
    "WholeWorkflow": (
        f"{_WORKFLOW} statuses:Status[] rules:Rule[] rated_in:text[] auto_close_after_seconds:count? claims:flag?"
    ),
    "Status": "name:text phase:phase label:text aliases:text[] pauses:flag final:flag",
    "Rule": "on:text from:text[] to:text? by:text?",
    "Token": _API_KEY,
    "NewToken": f"{_API_KEY} key:text?",
    "Account": _ACCOUNT,
    "ChangedAccount": f"{_ACCOUNT} statements:text[]",
    "Setting": "name:text value:text? default:text? source:text summary:text",
    # -------------------------------------------------------------------------- notifications and mail
    "Notification": "id:int at:at ref:ref subject:text? reason:text by:text? read:flag",
    "Muted": "muted:text[]",
    "NotificationRule": "reason:text what:text who:text[] mailed:flag",
    "MailStatus": (
        "sends_through:text? fetches_from:text? from_address:text? takes_mail:flag outbox:counts received:counts "
        "last_fetch:text? last_send:text?"
    ),
    "TakenMail": "outcome:text reason:text? ref:ref? id:int? from:text? subject:text?",
    "MailRun": "sent:count later:count failed:count uncertain:count cancelled:count",
    "OutgoingMail": (
        "id:int to:text subject:text state:text attempts:count error:text? ref:ref? rule:text? login:text? created_at:at "
        "next_at:at? done_at:at? message_id:text?"
    ),
    "KeptMail": _MAIL,
    "WholeMail": f"{_MAIL} text:text? files:text[] flags:text[]",
    "MailText": "name:text body:text own:flag",
    "Trial": "what:text works:flag words:text details:text[] hint:text?",
    # ------------------------------------------------------------------------------------- the store
    "Moment": "use:text at:at? seconds:int? words:text",
    "Imported": (
        "imported:count skipped:count failed:count entries:count people:count updated:count links:count files:count "
        "differing:count new_people:NewPerson[] updated_tickets:ref[] differing_tickets:ref[] kept:text[] "
        "translated:LeftOut[] left_out:LeftOut[] unknown_words:WordLeft[]"
    ),
    "NewPerson": "login:text name:text email:text?",
    "WordLeft": "field:text word:text records:count used:text? flag:text examples:text[]",
    "LeftOut": "reason:text records:count examples:text[]",
    "InspectedFile": (
        "format:text title:text likeness:count? encoding:text? delimiter:text? rows:count? tickets:count? entries:count? "
        "people:count? first_at:at? last_at:at? columns:InspectedColumn[] words:InspectedWord[] broken:count "
        "faults:object[] notices:text[] mapping:text? readings:InspectedReading[] reason:text?"
    ),
    "InspectedReading": "encoding:text word:text",
    "InspectedColumn": "column:text field:text? known:flag guess:text? filled:count sample:text?",
    "InspectedWord": "field:text word:text count:count here:text?",
    "Tick": "closed:count overdue:count woken:count scheduled:count sent:count",
    "Alias": "name:text command:text",
    "Desk": "path:text workflow:text prefix:text admin:text group:text?",
    "Check": f"{_CHECK} hint:text?",
    "Draft": "name:text at:at command:text[]? store:text? body:text path:text",
    "StoreInfo": "path:text bytes:count format:int sqlite:text? postgresql:text? journal_mode:text? tickets:count people:count",
    "Backup": "path:text bytes:count",
    "Restored": "path:text kept:text?",
    "CopiedTable": "table:text rows:count digest:text? ok:flag? effect:effect",
}
# What a write says it did, behind the fields of what it wrote.
_EFFECTS = "effect:effect changes:Change[] undo:text[]?"
# Before the name of a record: the same with what a write did.
_WRITTEN = "Written"
# Of these, the answers of topics can be keys, too.
_WITH_ANSWERS = frozenset({"Ticket", "ListedTicket", "FoundTicket", "ExportedTicket", "WrittenTicket"})


def _names(words: str) -> tuple[str, ...]:
    """The fields that are always there, in order."""
    return tuple(word.partition(":")[0] for word in words.split() if not word.endswith("*"))


def name_of(chosen: tuple[str, ...]) -> str:
    """Return the name of the record with these fields; ``Written…`` where they say what a write did. Raises KeyError."""
    if chosen[-len(EFFECT_FIELDS) :] == EFFECT_FIELDS:
        return _WRITTEN + _BY_FIELDS[chosen[: -len(EFFECT_FIELDS)]]
    return _BY_FIELDS[chosen]


# Of records with the same fields the first.
_BY_FIELDS = {_names(words): name for name, words in reversed(RECORDS.items())}


def _is_record(name: str) -> bool:
    return name in RECORDS or name.removeprefix(_WRITTEN) in RECORDS


def record(name: str, prefix: str) -> Schema:
    """Return the schema of a record by its name; the records in it are at ``prefix`` and their name."""
    words = RECORDS[name] if name in RECORDS else f"{RECORDS[name.removeprefix(_WRITTEN)]} {_EFFECTS}"
    schema: Schema = {"type": "object", "properties": {}, "required": []}
    for word in words.split():
        field, _, type_ = word.partition(":")
        if not type_.endswith("*"):
            schema["required"].append(field)
        schema["properties"][field] = _typed(type_.removesuffix("*"), prefix)
        if field in UNTRUSTED and type_.startswith(("text", "answers")):
            schema["properties"][field]["x-untrusted"] = True
    if name in _WITH_ANSWERS:
        schema["patternProperties"] = {"^field\\.": _ANSWER}
    return schema


def _typed(type_: str, prefix: str) -> Schema:
    if type_.endswith("?"):
        return _or_null(_typed(type_[:-1], prefix))
    if type_.endswith("[]"):
        return {"type": "array", "items": _typed(type_[:-2], prefix)}
    return {"$ref": prefix + type_} if type_ in RECORDS else dict(_TYPES[type_])


def _or_null(schema: Schema) -> Schema:
    if isinstance(schema.get("type"), str):
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def below(schema: Any, prefix: str) -> dict[str, Schema]:
    """Return the records that schemas name, and those they name, by name."""
    found: dict[str, Schema] = {}
    waiting = [schema]
    while waiting:
        for name in sorted(_named(waiting.pop(), prefix) - found.keys()):
            found[name] = record(name, prefix)
            waiting.append(found[name])
    return dict(sorted(found.items()))


def _named(value: Any, prefix: str) -> set[str]:
    """The records that a schema refers to itself."""
    if isinstance(value, list):
        return set().union(*(_named(one, prefix) for one in value))
    if not isinstance(value, dict):
        return set()
    found = set().union(*(_named(one, prefix) for one in value.values()))
    reference = value.get("$ref")
    if isinstance(reference, str) and reference.startswith(prefix):
        found.add(reference.removeprefix(prefix))
    return set(filter(_is_record, found))
