"""Canned replies: texts with placeholders, which are looked up in a fixed table and never evaluated.

Only values that a requester may read have a placeholder, so none can disclose more. Inserted values are plain
text: braces in a subject stay braces.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from tix.domain.people import Person
from tix.domain.tickets.ticket import Ticket
from tix.domain.times import instant
from tix.errors import InvalidValue

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


def checked(body: str) -> str:
    """Return ``body`` if all its placeholders are known.

    Raises InvalidValue naming the known ones, or for a text that is too long.
    """
    if len(body) > LONGEST:
        raise InvalidValue(
            f"the canned reply has {len(body):,} characters; the limit is {LONGEST:,}",
            hint="send longer text as an attachment: tix reply ID --attach FILE",
        )
    for _, written, _ in _placeholders(body):
        if written.strip() not in PLACEHOLDERS:
            named = " ".join(written.split())[:_LONGEST_NAMED]
            raise InvalidValue(
                f"'{{{{ {named} }}}}' is not a placeholder", hint="use one of " + ", ".join(PLACEHOLDERS)
            )
    return body


def rendered(body: str, facts: Facts) -> str:
    """Return the text for one ticket; a placeholder unknown to this version stays as it is."""
    pieces, done = [], 0
    for start, written, end in _placeholders(body):
        value = PLACEHOLDERS.get(written.strip())
        if value is not None:
            pieces += [body[done:start], value(facts)]
            done = end
    return "".join(pieces) + body[done:]


def _placeholders(body: str) -> Iterator[tuple[int, str, int]]:
    """Yield each ``{{ … }}``: its start, its content, its end. In one pass, whatever the text."""
    at = 0
    while (start := body.find("{{", at)) >= 0 and (end := body.find("}}", start + 2)) >= 0:
        at = end + 2
        yield start, body[start + 2 : end], at
