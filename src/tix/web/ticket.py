"""A ticket on the page: its thread, what is known of it, and a form for each thing the visitor may do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tix.desk import people
from tix.desk.mail.quoted import folds
from tix.desk.resources import resource
from tix.desk.resources.organisation import TEAM
from tix.desk.tickets import read
from tix.desk.tickets.possible import possible
from tix.domain.topics import text_of
from tix.render.records import show
from tix.web import files, once
from tix.web.phrases import phrase
from tix.web.visit import Html

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tix.desk.tickets.read import FullTicket
    from tix.web.problems import Fault
    from tix.web.visit import Visit


class Line(NamedTuple):
    """One line of a thread: an entry with its ``body`` and the ``quoted`` rest of a mail, or what ``happened``.

    ``side`` is ``requester`` or ``staff``; ``internal`` is for staff alone.
    """

    id: int | None
    side: str
    internal: bool
    who: str | None
    at: str
    body: str = ""
    quoted: str = ""
    files: Sequence[Mapping[str, Any]] = ()
    happened: str | None = None
    origin: str | None = None


def page(visit: Visit, faults: Sequence[Fault] = (), status: int = 200) -> Html:
    """Show the ticket that the path names, with the form that has failed as it was. Raises NotFound."""
    desk = visit.desk
    whole = read.whole(desk, visit.reference)
    record = show.record(desk, whole)
    labels = _labels(visit, whole)
    may = possible(desk, whole)
    return Html(
        "ticket.html",
        {
            "ticket": record,
            "thread": _thread(visit, whole, record, labels),
            "facts": _facts(visit, record, labels),
            "may": may,
            "merged": whole.merged,
            "limits": files.limits(desk, visit.words),
            "assignees": _assignees(visit) if may.assign else [],
            "given": visit.form.values,
            "once": once.text(visit),
            "faults": faults,
        },
        status,
    )


def _labels(visit: Visit, whole: FullTicket) -> dict[str, str]:
    topic = whole.ticket.topic
    return {} if topic is None else {field.key: field.label for field in visit.desk.asked(topic)}


def _thread(
    visit: Visit, whole: FullTicket, record: Mapping[str, Any], labels: Mapping[str, str]
) -> list[Line]:
    quoted = folds(visit.desk, whole)
    return [_line(visit, one, quoted.get(one["id"]), labels) for one in record["thread"]]


def _line(visit: Visit, one: Mapping[str, Any], fold: int | None, labels: Mapping[str, str]) -> Line:
    who = one["by_name"] or one["by"]
    line = Line(one["id"], one["side"], one["internal"], who, one["at"], origin=one["origin"])
    attached = one["attachments"]
    if one["event"] is not None:
        said = phrase(one["event"], visit.words, visit.zone, labels)
        return line._replace(happened=said, files=attached)
    body = one["body"] or ""
    end = len(body) if fold is None else fold
    return line._replace(body=body[:end].rstrip("\n"), quoted=body[end:].strip("\n"), files=attached)


class Fact(NamedTuple):
    """Something known of a ticket: its label, and a value or a moment."""

    label: str
    value: str
    is_moment: bool = False


def _initial(text: str) -> str:
    return text[:1].upper() + text[1:]


def _facts(visit: Visit, record: Mapping[str, Any], labels: Mapping[str, str]) -> list[Fact]:
    words = visit.words
    plain = {
        "priority": _initial(words.name("priority", record["priority"])),
        "type": _initial(words.name("type", record["type"] or "")),
        "topic": record["topic"],
        "department": record["department"],
        "assignee": record["assignee"],
        "team": record["team"],
        "requester": record["requester_name"] or record["requester"],
        "creator": record["creator"] if record["creator"] != record["requester"] else None,
        "email": record["email"],
        "phone": record["phone"],
        "client": record["client"],
        "assets": ", ".join(record["assets"]),
        "tags": ", ".join(record["tags"]),
        "merged-into": record["merged_into"],
    }
    moments = {
        "created-at": record["created_at"],
        "due-at": record["due_at"] if record["phase"] == "open" else None,
        "resolved-at": record["resolved_at"],
        "closed-at": record["closed_at"],
        "lapses-at": record["lapses_at"],
    }
    asked = [Fact(labels.get(key, key), text_of(value)) for key, value in record["fields"].items()]
    return [
        *(Fact(words(f"field.{name}"), value) for name, value in plain.items() if value),
        *asked,
        *(Fact(words(f"field.{name}"), value, is_moment=True) for name, value in moments.items() if value),
    ]


def _assignees(visit: Visit) -> list[tuple[str, str]]:
    """Return who and which teams can be assigned tickets: the word for it, and the name to show."""
    desk = visit.desk
    staff = [(one.login, one.name) for one in people.holders(desk) if not one.is_away(desk.now)]
    teams = [(f"team:{team.name}", team.name) for team in resource.listed(desk, TEAM) if team.active]
    return staff + teams
