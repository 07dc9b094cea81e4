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
from tix.render.words import local, relative, stars
from tix.typing import Any, NamedTuple
from tix.words.sentence import Said, shown, shown_name

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
        near = shown(relative(epoch, self.now, self.zone))
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
        Span(shown_name("status", safe_line(status)), theme.status_style(phase, status)),
        Span(
            shown(
                Said("{priority} priority", priority=Said.named("priority", safe_line(record["priority"])))
            ),
            theme.priority_style(record["priority"]),
        ),
    ]
    if record["type"]:
        spans.append(Span(shown_name("type", safe_line(record["type"]))))
    holder, team = record["assignee"], record["team"]
    if holder:
        spans.append(Span(shown(Said("assigned to {who}", who=safe_line(holder)))))
    elif team:
        spans.append(Span(shown(Said("assigned to team {team}", team=safe_line(team))), theme.QUIET))
    else:
        spans.append(Span(shown(Said("unassigned")), theme.QUIET))
    if record["overdue"]:
        spans.append(Span(f"{theme.OVERDUE_MARK} {shown(Said('overdue'))}", theme.OVERDUE))
    if phase == "open" and not record["answered"]:
        spans.append(Span(f"{theme.UNANSWERED_MARK} {shown(Said('unanswered'))}", theme.UNANSWERED))
    return joined(spans, page.cells)


def _details(record: Record, page: Page) -> list[Text]:
    """What is set, as labels and values."""
    pairs = [(label, shown(value)) for label, value in _pairs(record, page) if value]
    indent = min(max(width(label) for label, _ in pairs) + 2, page.cells // 2)
    due = _label("Due")
    lines = []
    for label, value in pairs:
        head = padded(shorten(label, indent - 1), indent)
        style = theme.OVERDUE if label == due and record["overdue"] else ""
        for piece in wrapped(value, page.cells - indent):
            lines.append(theme.line(Span(head, theme.QUIET), Span(piece, style)))
            head = " " * indent
    return lines


def _label(name: str) -> str:
    return shown_name("label", name)


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
    fields = record["fields"] or {}
    return [
        (_label("Requester"), _requester(record)),
        (_label("E-mail"), "" if email == text("requester_email") else email),
        (_label("Phone"), text("phone")),
        (_label("Client"), text("client")),
        (_label("Topic"), text("topic")),
        (_label("Department"), text("department")),
        (_label("Team"), text("team")),
        (_label("Category"), text("category")),
        (_label("About"), text("about")),
        (_label("Assets"), text("assets")),
        (_label("Tags"), text("tags")),
        *[(safe_line(page.labels.get(key, key)), safe_line(text_of(value))) for key, value in fields.items()],
        (_label("Created"), _created(record, moment)),
        (_label("Due"), _due(record, moment, page)),
        (_label("SLA plan"), text("sla") if not page.due_words else ""),
        (_label("First response"), _response(record, moment)),
        (_label("Resolution"), _in_time(record)),
        (_label("Snoozed until"), moment("snoozed_until")),
        (_label("Reopened"), _times(record["reopened"])),
        (_label("Resolved"), moment("resolved_at") if record["phase"] == "resolved" else ""),
        (_label("Closes automatically"), moment("lapses_at")),
        (_label("Closed"), _closed(record, moment)),
        (_label("Rating"), _rating(record)),
        (_label("Merged into"), text("merged_into")),
        (_label("Links"), _links(record["links"])),
        (_label("Followers"), text("watchers")),
        (_label("Notifies"), text("notify_email")),
        (_label("Time spent"), worked("time_seconds")),
        (_label("Not yet billed"), worked("unbilled_seconds")),
    ]


def _due(record: Record, moment: Callable[[str], str], page: Page) -> str:
    if not record["due_at"]:
        return ""
    at = moment("due_at")
    if record["overdue"]:
        at = shown(Said("{at}: overdue", at=at))
    return f"{at}  ({shown(page.due_words, safe_line)})" if page.due_words else at


def _closed(record: Record, moment: Callable[[str], str]) -> str:
    if not record["closed_at"]:
        return ""
    if not record["closed_by"]:
        return moment("closed_at")
    return Said("{at} by {who}", at=moment("closed_at"), who=safe_line(record["closed_by"]))


def _response(record: Record, moment: Callable[[str], str]) -> str:
    """Until when staff owe a first answer, and whether it came in time."""
    if record["response_met"] is not None:
        return Said("in time") if record["response_met"] else Said("late")
    return Said("due {at}", at=moment("response_due_at")) if record["response_due_at"] else ""


def _in_time(record: Record) -> str:
    """Whether it was resolved in time, once it was."""
    if record["resolution_met"] is None:
        return ""
    return Said("in time") if record["resolution_met"] else Said("late")


def _requester(record: Record) -> str:
    login, name, email = record["requester"], record["requester_name"], record["requester_email"]
    who = named(login, name)
    return f"{who} <{safe_line(email)}>" if email and email != login else who


def _created(record: Record, moment: Callable[[str], str]) -> str:
    """When, by whom if that is somebody else, and how it came in."""
    whole = moment("created_at")
    if record["creator"] != record["requester"]:
        whole = Said("{at}, by {who}", at=whole, who=safe_line(record["creator"]))
    if record["source"] in (None, "cli"):
        return whole
    return Said("{at}, via {source}", at=whole, source=safe_line(record["source"]))


def _times(number: int) -> str:
    return Said.counted("{n} time", "{n} times", number) if number else ""


def _rating(record: Record) -> str:
    if record["rating"] is None:
        return ""
    given = Said("{stars} {rating} of 5", stars=stars(record["rating"]), rating=record["rating"])
    if not record["rating_comment"]:
        return given
    return Said("{rating}: {comment}", rating=given, comment=safe_line(record["rating_comment"]))


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
    return " ".join([shown_name("relation", WORDS.get(relation, relation)), *others])


def named(login: str, name: str | None) -> str:
    """``Maria Gómez (maria)``. A name that uses the signs of a header is quoted, so as not to pass for one."""
    if not name or name == login:
        return safe_line(login)
    shown = shorten(safe_line(name), 40)
    if set(shown) & set("()<>,·│┃├└┣┗"):
        shown = f"“{shown}”"
    return f"{shown} ({safe_line(login)})"
