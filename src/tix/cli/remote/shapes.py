"""What the records of a server's nouns have to look like; see ``checked``."""

from __future__ import annotations

import re

from tix.cli.remote import checked
from tix.cli.remote.checked import (
    Check,
    Kinds,
    are_answers,
    fits,
    is_count,
    is_flag,
    is_instant,
    is_list,
    is_number,
    is_reference,
    is_text,
    is_word,
    plain,
)
from tix.render.records.people import FIELDS as _PERSON
from tix.render.records.schedules import SHOWN as _WHOLE_SCHEDULE
from tix.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tix.desk.resources.resource import Resource


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool)


def each(kinds: Kinds, *, least: int = 0) -> Check:
    """Return the check of a list of such records, ``least`` of them."""
    return lambda value: (
        isinstance(value, list) and len(value) >= least and all(fits(one, kinds) for one in value)
    )


def _is_count_or_none(value: Any) -> bool:
    return value is None or is_count(value)


PERSON: dict[str, Check] = {
    **plain(_PERSON),
    "login": is_word,
    "role": is_word,
    "active": _is_bool,
    **dict.fromkeys(("contact", "departments", "teams"), is_list),
}
WHOLE_PERSON: dict[str, Check] = {
    **PERSON,
    "reports": is_list,
    "open_tickets": is_count,
    "tickets": is_count,
}
CANNED: dict[str, Check] = {"name": is_word, "body": is_word, "active": is_flag}
TOPIC_FIELD: dict[str, Check] = {
    **plain("key topic label kind required required_to_close staff_only default".split()),
    "choices": is_list,
}
VIEW: dict[str, Check] = {
    "name": is_word,
    "shared": _is_bool,
    "owner": is_text,
    "filters": is_word,
    "columns": lambda value: value is None or is_list(value),
    "sort": is_text,
    "limit": lambda value: _is_count_or_none(value) and (value is None or value >= 0),
}
WORKFLOW: dict[str, Check] = {"name": is_word, "current": _is_bool, "title": is_word, "statuses": is_list}
_STATUS: dict[str, Check] = {
    **dict.fromkeys(("name", "phase", "label"), is_word),
    "aliases": is_list,
    **dict.fromkeys(("pauses", "final"), _is_bool),
}
_RULE: dict[str, Check] = {**dict.fromkeys(("on", "to", "by"), is_text), "from": is_list}
WHOLE_WORKFLOW: dict[str, Check] = {
    **WORKFLOW,
    "statuses": each(_STATUS, least=1),
    "rules": each(_RULE, least=1),
    "rated_in": is_list,
    "auto_close_after_seconds": _is_count_or_none,
    "claims": is_flag,
}


def _are_counts(value: Any) -> bool:
    return isinstance(value, dict) and all(map(is_count, value.values()))


_TIMES: dict[str, Check] = {
    "count": is_count,
    **dict.fromkeys(("median_seconds", "p90_seconds"), _is_count_or_none),
}
_PROMISES = ("response_met", "response_missed", "resolution_met", "resolution_missed")
_RATINGS: dict[str, Check] = {"count": is_count, "average": is_number, **dict.fromkeys("12345", is_count)}
STATS: dict[str, Check] = {
    "now": is_instant,
    "since": is_instant,
    "until": is_instant,
    **dict.fromkeys("tickets open resolved closed unassigned mine overdue".split(), is_count),
    **dict.fromkeys(
        "by_status by_assignee by_department by_priority by_age raised_by_day".split(), _are_counts
    ),
    "first_response": lambda value: fits(value, _TIMES),
    "resolution": lambda value: fits(value, _TIMES),
    "sla": lambda value: fits(value, dict.fromkeys(_PROMISES, is_count)),
    "ratings": lambda value: fits(value, _RATINGS) and (value["count"] == 0 or value["average"] is not None),
}

_AT = checked.ITEM["at"]
ENTRY: dict[str, Check] = {
    "id": is_count,
    "ref": is_reference,
    "at": _AT,
    "by": is_text,
    "worked_seconds": is_count,
    "billable": _is_bool,
    "invoice": _is_count_or_none,
    "text": is_text,
}
TIMER: dict[str, Check] = {"ref": is_reference, "by": is_text, "started_at": _AT, "running_seconds": is_count}
_MONEY = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,10})?")


def _is_money(value: Any) -> bool:
    return isinstance(value, str) and _MONEY.fullmatch(value) is not None


_LINE: dict[str, Check] = {
    "ref": is_word,
    "subject": is_text,
    **dict.fromkeys(("worked_seconds", "billed_seconds"), is_count),
    **dict.fromkeys(("hours", "rate", "amount"), _is_money),
}
INVOICE: dict[str, Check] = {
    "number": is_count,
    **dict.fromkeys(("client", "currency", "tax_name"), is_word),
    "lines": each(_LINE),
    **dict.fromkeys(("total", "subtotal", "tax", "tax_percent"), _is_money),
    "created_at": _AT,
    "voided_at": is_instant,
    **dict.fromkeys(("created_by", "voided_by"), is_text),
}
SCHEDULE: dict[str, Check] = {
    **dict.fromkeys(("name", "every", "subject"), is_word),
    **dict.fromkeys(("next_at", "last_at"), is_instant),
    "paused": _is_bool,
}
WHOLE_SCHEDULE: dict[str, Check] = {
    **plain(_WHOLE_SCHEDULE.fields),
    **SCHEDULE,
    "start_at": _AT,
    **dict.fromkeys(("zone", "body"), is_word),
    **dict.fromkeys(("assets", "tags"), is_list),
    "fields": are_answers,
    "next": lambda value: isinstance(value, list) and all(map(_AT, value)),
}
SETTING: dict[str, Check] = dict.fromkeys(("name", "value", "default", "source", "summary"), is_text)


def report(columns: Sequence[str]) -> dict[str, Check]:
    """Return the checks of a row of a report."""
    return {name: _is_count_or_none if name.endswith("seconds") else plain([name])[name] for name in columns}


def resource(noun: Resource[Any]) -> dict[str, Check]:
    """Return the checks of one of a resource, as ``show`` prints it."""
    kinds = plain((*noun.fields, *noun.shown))
    if noun.name == "topic":
        kinds["fields"] = each(TOPIC_FIELD)
    if noun.tickets is not None:
        kinds |= {"open_tickets": is_count, "tickets": is_list if noun.names_tickets else is_count}
    return {**kinds, "name": is_word}
