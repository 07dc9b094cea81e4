"""The head of a ticket: subject, state, and what is set on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import tzinfo
from types import MappingProxyType

from tix.domain.tickets.links import WORDS
from tix.domain.times import format_work, parse_instant
from tix.render.records.formats import text_of
from tix.render.safe import safe_line, shorten, width
from tix.render.terminal import theme
from tix.render.terminal.console import Span, Text
from tix.render.terminal.layout import padded, wrapped
from tix.render.terminal.targets import Targets
from tix.render.terminal.theme import joined
from tix.render.words import counted, local, relative, stars
from tix.typing import Any, NamedTuple

Record = Mapping[str, Any]


class Page(NamedTuple):
    """How a ticket is to be drawn: ``cells`` wide, ``number`` for the commands it mentions.

    ``due_words`` say where the due date comes from, ``labels`` what the topic calls its fields. ``raised_for`` is who
    raised it and for whom, where those are two people. ``folds``: where the quoted rest of an entry begins, by its id.
    ``ids``: entries have their numbers; ``links``: addresses are short links, and ``targets`` says
    where tickets and files lead; ``markdown``: texts are Markdown.
    """

    now: int
    zone: tzinfo
    cells: int
    full: bool
    number: int
    due_words: str = ""
    labels: Mapping[str, str] = MappingProxyType({})
    raised_for: tuple[str, str] | None = None
    folds: Mapping[int, int] = MappingProxyType({})
    ids: bool = False
    links: bool = False
    markdown: bool = False
    targets: Targets = Targets()
    ref: str = ""

    def moment(self, at: str) -> str:
        """``2026-11-22 10:00, 2h ago``; the day alone where it is far."""
        epoch = parse_instant(at)
        near = relative(epoch, self.now, self.zone)
        said = local(epoch, self.zone)
        return f"{said}, {near}" if abs(epoch - self.now) < 604_800 else said


def head(record: Record, page: Page) -> list[Text]:
    """Everything that stands above the thread."""
    return [*_title(record, page), *_state(record, page), Text(), *_details(record, page)]


def _title(record: Record, page: Page) -> list[Text]:
    """The reference and the subject, which hangs beside it where there is room."""
    ref, subject = safe_line(record["ref"]), safe_line(record["subject"])
    indent = width(ref) + 2
    if page.cells - indent < 20:
        pieces = wrapped(f"{ref}  {subject}", page.cells)
        return [theme.line(Span(piece, theme.STRONG)) for piece in pieces]
    pieces = wrapped(subject, page.cells - indent)
    lead = Span(ref, theme.QUIET, page.targets.of_ticket(record["ref"]))
    heads = [[lead, Span("  ")], *[[Span(" " * indent)]] * (len(pieces) - 1)]
    return [theme.line(*head, Span(piece, theme.STRONG)) for head, piece in zip(heads, pieces, strict=True)]


def _state(record: Record, page: Page) -> list[Text]:
    """Status, priority, type, who has it; and the marks of the queue in words."""
    phase, status = record["phase"], record["status"]
    spans = [
        Span(safe_line(status), theme.status_style(phase, status)),
        Span(f"{safe_line(record['priority'])} priority", theme.priority_style(record["priority"])),
    ]
    if record["type"]:
        spans.append(Span(safe_line(record["type"])))
    holder, team = record["assignee"], record["team"]
    if holder:
        spans.append(Span(f"assigned to {safe_line(holder)}"))
    else:
        spans.append(Span(f"assigned to team {safe_line(team)}" if team else "unassigned", theme.QUIET))
    if record["overdue"]:
        spans.append(Span(f"{theme.OVERDUE_MARK} overdue", theme.OVERDUE))
    if phase == "open" and not record["answered"]:
        spans.append(Span(f"{theme.UNANSWERED_MARK} unanswered", theme.UNANSWERED))
    return joined(spans, page.cells)


def _details(record: Record, page: Page) -> list[Text]:
    """What is set, as labels and values."""
    pairs = [(label, value) for label, value in _pairs(record, page) if value]
    indent = min(max(width(label) for label, _ in pairs) + 2, page.cells // 2)
    lines = []
    for label, value in pairs:
        head = padded(shorten(label, indent - 1), indent)
        style = theme.OVERDUE if label == "Due" and record["overdue"] else ""
        for piece in wrapped(value, page.cells - indent):
            lines.append(theme.line(Span(head, theme.QUIET), Span(piece, style)))
            head = " " * indent
    return lines


def _pairs(record: Record, page: Page) -> list[tuple[str, str]]:
    """Labels and values in reading order; an empty value is one that is not set."""

    def text(field: str) -> str:
        value = record[field] or ""
        return safe_line(", ".join(map(text_of, value)) if isinstance(value, list) else text_of(value))

    def moment(field: str) -> str:
        return page.moment(record[field]) if record[field] else ""

    def worked(field: str) -> str:
        return format_work(record[field]) if record[field] else ""

    email = text("email")
    late = ": overdue" if record["overdue"] else ""
    closer = f" by {text('closed_by')}" if record["closed_by"] else ""
    fields = record["fields"] or {}
    return [
        ("Requester", _requester(record)),
        ("E-mail", "" if email == text("requester_email") else email),
        ("Phone", text("phone")),
        ("Client", text("client")),
        ("Topic", text("topic")),
        ("Department", text("department")),
        ("Team", text("team")),
        ("Category", text("category")),
        ("About", text("about")),
        ("Assets", text("assets")),
        ("Tags", text("tags")),
        *[(safe_line(page.labels.get(key, key)), safe_line(text_of(value))) for key, value in fields.items()],
        ("Created", moment("created_at") + _raised(record)),
        ("Due", moment("due_at") + late + _because(page) if record["due_at"] else ""),
        ("SLA plan", text("sla") if not page.due_words else ""),
        ("First response", _response(record, moment)),
        ("Resolution", _in_time(record)),
        ("Snoozed until", moment("snoozed_until")),
        ("Reopened", counted(record["reopened"], "time") if record["reopened"] else ""),
        ("Resolved", moment("resolved_at") if record["phase"] == "resolved" else ""),
        ("Closes automatically", moment("lapses_at")),
        ("Closed", moment("closed_at") + closer if record["closed_at"] else ""),
        ("Rating", _rating(record)),
        ("Merged into", text("merged_into")),
        ("Links", _links(record["links"])),
        ("Followers", text("watchers")),
        ("Notifies", text("notify_email")),
        ("Time spent", worked("time_seconds")),
        ("Not yet billed", worked("unbilled_seconds")),
    ]


def _because(page: Page) -> str:
    return f"  ({safe_line(page.due_words)})" if page.due_words else ""


def _response(record: Record, moment: Callable[[str], str]) -> str:
    """Until when staff owe a first answer, and whether it came in time."""
    if record["response_met"] is not None:
        return "in time" if record["response_met"] else "late"
    return f"due {moment('response_due_at')}" if record["response_due_at"] else ""


def _in_time(record: Record) -> str:
    """Whether it was resolved in time, once it was."""
    if record["resolution_met"] is None:
        return ""
    return "in time" if record["resolution_met"] else "late"


def _requester(record: Record) -> str:
    login, name, email = record["requester"], record["requester_name"], record["requester_email"]
    who = named(login, name)
    return f"{who} <{safe_line(email)}>" if email and email != login else who


def _raised(record: Record) -> str:
    by = "" if record["creator"] == record["requester"] else f", by {safe_line(record['creator'])}"
    how = "" if record["source"] in (None, "cli") else f", via {safe_line(record['source'])}"
    return by + how


def _rating(record: Record) -> str:
    if record["rating"] is None:
        return ""
    comment = f": {safe_line(record['rating_comment'])}" if record["rating_comment"] else ""
    return f"{stars(record['rating'])} {record['rating']} of 5{comment}"


def _links(links: object) -> str:
    """Links in words, whatever their shape: text, or a list of texts or of relation and reference."""
    if not isinstance(links, list):
        return safe_line(text_of(links))
    return ", ".join(safe_line(_link(link)) for link in links)


def _link(link: object) -> str:
    """``is blocked by TIX-2``."""
    if not isinstance(link, dict):
        return text_of(link)
    relation, *others = map(text_of, link.values())
    return " ".join([WORDS.get(relation, relation), *others])


def named(login: str, name: str | None) -> str:
    """``Maria Gómez (maria)``. A name that uses the signs of a header is quoted, so as not to pass for one."""
    if not name or name == login:
        return safe_line(login)
    shown = shorten(safe_line(name), 40)
    if set(shown) & set("()<>,·│┃├└┣┗"):
        shown = f"“{shown}”"
    return f"{shown} ({safe_line(login)})"
