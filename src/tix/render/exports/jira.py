"""A CSV file for Jira's *External system import*, with the column names of Jira's own exports.

A column of which an issue can have several (label, link, attachment, comment) is repeated as often as the ticket with most
needs it: the tickets are read twice. A comment is ``TIME;AUTHOR;TEXT``, an attachment ``TIME;AUTHOR;NAME;ADDRESS``. People are
e-mail addresses, or logins. All times are ``yyyy-MM-dd'T'HH:mm:ssX``, which is what the import is told. Internal notes are left
out, because Jira makes every comment of a file public.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from urllib.parse import quote

from tix.importers import vocabulary
from tix.render.exports.format import Format, row
from tix.render.exports.tickets import Entry, ExportedTicket, Person, Tickets, linked, with_files
from tix.typing import Any

_PRIORITIES = {"low": "Low", "medium": "Medium", "high": "High", "urgent": "Highest"}
# Links are written on one side only.
_LINKS = {"blocks": "Blocks", "duplicates": "Duplicate", "relates": "Relates"}

_SINGLE: dict[str, Callable[[ExportedTicket], str | None]] = {
    "Summary": lambda t: t.fields["subject"],
    "Issue key": lambda t: t.fields["ref"],
    "Issue id": lambda t: str(t.fields["number"]),
    "Parent id": lambda t: next((_number(ref) for ref in linked(t.fields, "child")), None),
    "Issue Type": lambda t: _title(t.fields["type"]),
    "Status": lambda t: _title(t.fields["status"]),
    "Priority": lambda t: _priority(t.fields["priority"]),
    "Resolution": lambda t: None if t.is_open else "Duplicate" if t.fields["merged_into"] else "Done",
    "Assignee": lambda t: _person(t.assignee),
    "Reporter": lambda t: _person(t.requester),
    "Creator": lambda t: _person(t.creator),
    "Created": lambda t: t.fields["created_at"],
    "Updated": lambda t: t.fields["updated_at"],
    "Resolved": lambda t: t.ended_at,
    "Due date": lambda t: t.fields["due_at"],
    "Component/s": lambda t: t.fields["topic"],
    "Organization": lambda t: t.fields["client"],
    "Department": lambda t: t.fields["department"],
    "Description": lambda t: None if t.opening is None else _text(t.opening),
}
_SEVERAL: dict[str, Callable[[ExportedTicket], list[str]]] = {
    "Labels": lambda t: list(t.fields["tags"]),
    **{
        f"Outward issue link ({name})": lambda t, relation=relation: list(linked(t.fields, relation))  # type: ignore[misc]
        for relation, name in _LINKS.items()
    },
    "Attachment": lambda t: [cell for entry in t.entries for cell in _attachments(entry)],
    "Comment": lambda t: [_comment(entry) for entry in t.replies if _text(entry)],
}


def pieces(tickets: Tickets) -> Iterator[str]:
    """Yield the header, then a row for each ticket."""
    most: Counter[str] = Counter()
    keys: dict[str, None] = {}
    for ticket in tickets:
        keys.update(dict.fromkeys(ticket.fields["fields"]))
        for name, cells in _SEVERAL.items():
            most[name] = max(most[name], len(cells(ticket)))
    head = [*_SINGLE, *keys]
    for name in _SEVERAL:
        head += [name] * most[name]
    yield row(head)
    for ticket in tickets:
        cells_ = [cell(ticket) or "" for cell in _SINGLE.values()]
        cells_ += [_answer(ticket.fields["fields"].get(key)) for key in keys]
        for name, several in _SEVERAL.items():
            found = several(ticket)
            cells_ += found + [""] * (most[name] - len(found))
        yield row(cells_)


def _text(entry: Entry) -> str:
    """Return the text of an entry, which names the files that are not beside."""
    if any(file.path is not None for file in entry.files):
        return entry.body
    return with_files(entry, lambda file: file.name)


def _comment(entry: Entry) -> str:
    return f"{entry.at};{_person(entry.by)};{_text(entry)}"


def _attachments(entry: Entry) -> Iterator[str]:
    for file in entry.files:
        if file.path is not None:
            yield f"{entry.at};{_person(entry.by)};{file.name.replace(';', '_')};file://{quote(file.path)}"


def _person(person: Person | None) -> str:
    return "" if person is None else person.address.replace(";", "_")


def _number(ref: str) -> str:
    """Return the number of a reference, which is the id of the issue."""
    return ref[len(ref.rstrip("0123456789")) :]


def _title(word: str | None) -> str | None:
    """Return ``in-progress`` as ``In Progress``."""
    return None if word is None else " ".join(part[:1].upper() + part[1:] for part in word.split("-"))


def _priority(word: str) -> str | None:
    return _PRIORITIES.get(vocabulary.priority(word) or "") or _title(word)


def _answer(value: Any) -> str:
    return "" if value is None else str(value)


FORMAT = Format("jira", "Jira's CSV import", "csv", keeps_notes=False, pieces=pieces)
