"""Texts with placeholders, for canned replies and mail: looked up in a fixed table, never evaluated.

Only values that a requester may read have a placeholder, so none can disclose more. Inserted values are plain
text: braces in a subject stay braces.
"""

from collections.abc import Callable, Collection, Iterator, Mapping

from tix.domain.people import Person
from tix.domain.tickets.ticket import Ticket
from tix.domain.times import instant
from tix.errors import InvalidValue
from tix.typing import NamedTuple

_LONGEST_NAMED = 40
LONGEST = 20_000  # characters


class Canned(NamedTuple):
    """A canned reply; one that is not ``active`` is kept but not offered."""

    name: str
    body: str
    active: bool = True


class Facts(NamedTuple):
    """The values a text is filled in from: the ticket, its requester, the author, and the time (UTC seconds)."""

    ticket: Ticket
    requester: Person | None
    author: Person
    now: int


def first_name(name: str) -> str:
    """Return the first name for a greeting: ``Pat`` of "Pat Doe", "Doe, Pat" and "Dr. Pat Doe, PhD".

    Titles before a name and degrees after it are left out. If nothing else remains, the whole name is returned.
    """
    parts = [words for part in name.split(",") if (words := _names(part))]
    if not parts:
        return name.strip()
    # "Doe, Pat": the surname comes before the comma.
    return parts[1 if len(parts) > 1 else 0][0]


def _names(part: str) -> list[str]:
    """Return the words of one part of a name between commas, without leading titles; none if all are degrees."""
    words = part.split()
    while words and _key(words[0]) in _TITLES:
        words = words[1:]
    return [] if all(_key(word) in _DEGREES for word in words) else words


def _key(word: str) -> str:
    return word.casefold().removesuffix(".")


_TITLES = frozenset(
    "dr prof professor mr mrs ms mx miss sir dame rev herr frau mme mlle dipl-ing dipl.-ing dott".split()
)
_DEGREES = frozenset(
    "phd ph.d md m.d mba m.b.a msc m.sc bsc b.sc m.a b.a dds rn cpa esq jr sr ii iii iv".split()
)


def _moment(at: int | None) -> str:
    return "" if at is None else instant(at)


def _requester(facts: Facts, part: Callable[[Person], str | None]) -> str:
    return "" if facts.requester is None else part(facts.requester) or ""


PLACEHOLDERS: Mapping[str, Callable[[Facts], str]] = {
    "ticket.ref": lambda facts: facts.ticket.ref,
    "ticket.subject": lambda facts: facts.ticket.subject,
    "ticket.status": lambda facts: facts.ticket.status,
    "ticket.priority": lambda facts: facts.ticket.priority,
    "ticket.type": lambda facts: facts.ticket.type or "",
    "ticket.topic": lambda facts: facts.ticket.topic or "",
    "ticket.department": lambda facts: facts.ticket.department or "",
    "ticket.client": lambda facts: facts.ticket.client or "",
    "ticket.assignee": lambda facts: facts.ticket.assignee or "",
    "ticket.about": lambda facts: facts.ticket.about or "",
    "ticket.created_at": lambda facts: _moment(facts.ticket.created_at),
    "ticket.due_at": lambda facts: _moment(facts.ticket.due_at),
    "requester.name": lambda facts: _requester(facts, lambda one: one.name),
    "requester.first_name": lambda facts: _requester(facts, lambda one: first_name(one.name)),
    "requester.login": lambda facts: facts.ticket.requester,
    "requester.email": lambda facts: _requester(facts, lambda one: one.email),
    "agent.name": lambda facts: facts.author.name,
    "agent.login": lambda facts: facts.author.login,
    "today": lambda facts: instant(facts.now)[:10],
}


def checked(body: str, names: Collection[str] = PLACEHOLDERS) -> str:
    """Return ``body`` if its placeholders are all among ``names`` and every section is closed.

    Raises InvalidValue naming the known ones, for a section that is not closed, or for a text that is too long.
    """
    if len(body) > LONGEST:
        raise InvalidValue(
            f"the text has {len(body):,} characters; the limit is {LONGEST:,}",
            hint="send longer text as an attachment: tix reply ID --attach FILE",
        )
    sections: list[str] = []
    for _, written, _ in _placeholders(body):
        mark, name = _mark(written)
        if name not in names:
            named = " ".join(written.split())[:_LONGEST_NAMED]
            raise InvalidValue(
                f"'{{{{ {named} }}}}' is not a placeholder", hint="use one of " + ", ".join(names)
            )
        if mark in ("#", "^"):
            sections.append(name)
        elif mark == "/" and (not sections or sections.pop() != name):
            raise InvalidValue(f"'{{{{/{name}}}}}' closes nothing", hint=f"open it first: {{{{#{name}}}}}")
    if sections:
        raise InvalidValue(
            f"the section '{{{{#{sections[-1]}}}}}' is not closed", hint=f"close it: {{{{/{sections[-1]}}}}}"
        )
    return body


def rendered(body: str, facts: Facts) -> str:
    """Return the text for one ticket; a placeholder unknown to this version stays as it is."""
    return filled(body, values_of(facts))


def values_of(facts: Facts) -> dict[str, str]:
    """Return the values of all placeholders."""
    return {name: value(facts) for name, value in PLACEHOLDERS.items()}


def filled(body: str, values: Mapping[str, str]) -> str:
    """Return the text with its placeholders replaced: once each, in one pass, and nothing of a value is read again.

    ``{{#name}} … {{/name}}`` stays where the value is not empty, ``{{^name}} … {{/name}}`` where it is. The line of
    a section's mark that stands alone goes with it, as in Mustache. What is not known stays as it is.
    """
    pieces: list[str] = []
    shown = [True]
    done = 0
    for start, written, end in _placeholders(body):
        mark, name = _mark(written)
        if name not in values or (mark == "/" and len(shown) == 1):
            continue
        if shown[-1]:
            pieces.append(body[done:start])
        done = end
        if mark == "":
            pieces.append(values[name] if shown[-1] else "")
            continue
        if mark == "/":
            shown.pop()
        else:
            shown.append(shown[-1] and bool(values[name].strip()) == (mark == "#"))
        if body.startswith("\n", end) and (start == 0 or body[start - 1] == "\n"):
            done += 1
    if shown[-1]:
        pieces.append(body[done:])
    return "".join(pieces)


def _mark(written: str) -> tuple[str, str]:
    """Return what stands between the braces as a mark (``#``, ``^``, ``/`` or none) and a name."""
    words = written.strip()
    return (words[0], words[1:].strip()) if words[:1] in ("#", "^", "/") else ("", words)


def _placeholders(body: str) -> Iterator[tuple[int, str, int]]:
    """Yield each ``{{ … }}``: its start, its content, its end. In one pass, whatever the text."""
    at = 0
    while (start := body.find("{{", at)) >= 0 and (end := body.find("}}", start + 2)) >= 0:
        at = end + 2
        yield start, body[start + 2 : end], at
