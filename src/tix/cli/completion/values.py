"""What can be completed: a function for each kind of value, for the tables in ``choices``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from tix.desk.completion import names as completion_names
from tix.desk.completion import tickets as completion_tickets
from tix.desk.completion import values
from tix.desk.completion.suggestion import Suggestion
from tix.namedtuples import NamedTuple

if TYPE_CHECKING:
    from tix.cli.completion.line import CommandLine
    from tix.cli.session import Session

# What stands in the place of suggestions where the shell is to complete a path.
FILES = ":files"


class CompletionRequest(NamedTuple):
    """What is being typed: the desk by way of ``session``, the line, and the part that needs a value."""

    session: Session
    line: CommandLine
    typed: str


MOST_TIMES = 50

Kind = Callable[[CompletionRequest], Iterable[Suggestion | str]]


# ---------------------------------------------------------------------------------------------- of the desk

# Which tickets a verb can do something for; the others take any.
_WHICH: dict[str, completion_tickets.Which] = {
    "start": "open",
    "hold": "open",
    "resolve": "open",
    "close": "open",
    "assign": "open",
    "snooze": "open",
    "claim": "unclaimed",
    "reopen": "over",
    "rate": "rateable",
}


def tickets(asked: CompletionRequest) -> Iterator[Suggestion]:
    """References of tickets that the verb can do something for and the line does not name yet."""
    from tix.domain.tickets.references import looks_like_reference, parse_reference

    line = asked.line
    words = ",".join((*line.words, line.typed.rpartition(",")[0])).split(",")
    ranged = [word for word in words if word[:1].isdigit() and "-" in word]
    named = {
        parse_reference(word).number for word in words if looks_like_reference(word) and word not in ranged
    }
    which = _WHICH.get(line.path[0] if line.path else "show", "any")
    return completion_tickets.tickets(asked.session.reader(), asked.typed, which, named)


def people(asked: CompletionRequest) -> Iterator[Suggestion]:
    """All people, by login."""
    return values.people(asked.session.reader(), asked.typed)


def staff(asked: CompletionRequest) -> Iterator[Suggestion]:
    """Staff, by login."""
    return values.people(asked.session.reader(), asked.typed, staff=True)


def holders(asked: CompletionRequest) -> Iterator[Suggestion]:
    """Staff, and ``none`` for unassigned."""
    yield from staff(asked)
    yield Suggestion("none", "unassigned")


_TEAM = "team:"


def holders_and_teams(asked: CompletionRequest) -> Iterator[Suggestion]:
    """WHO a ticket can be given to: the teams once their word has begun, or where there is room for all."""
    yield from holders(asked)
    if asked.typed.startswith(_TEAM[: max(1, len(asked.typed))]) or not asked.typed:
        typed = asked.typed[len(_TEAM) :]
        for one in completion_names.named(asked.session.reader(), "team", typed):
            yield Suggestion(_TEAM + one.value, "a team")


def tickets_then_who(asked: CompletionRequest) -> Iterator[Suggestion]:
    """``tix assign``: a ticket at least, then more of them or the person, who is the last word."""
    if asked.line.words and "," not in asked.line.typed:
        yield from holders_and_teams(asked)
    if asked.typed or not asked.line.words:
        yield from tickets(asked)


def notifications(asked: CompletionRequest) -> Iterator[Suggestion]:
    """Unread notifications, by number."""
    return values.notifications(asked.session.reader())


def times(asked: CompletionRequest) -> Iterator[Suggestion]:
    """Unbilled time entries by number, newest first."""
    desk = asked.session.reader()
    if desk.actor.is_staff:
        from tix.desk.billing import time_entries
        from tix.domain.times import format_work

        for one in time_entries.listed(desk, None, limit=MOST_TIMES):
            if one.work.invoice is None:
                text = f": {one.text}" if one.text else ""
                about = f"{format_work(one.work.seconds)} on {one.ref}, {one.by}{text}"
                yield Suggestion(str(one.id), about)


def invoices(asked: CompletionRequest) -> Iterator[Suggestion]:
    """Invoices, by number; for ``void`` those that count."""
    desk = asked.session.reader()
    if desk.actor.is_staff:
        from tix.desk.billing import invoices as billing_invoices

        for one in billing_invoices.listed(desk):
            if one.voided_at is None or asked.line.path[-1] != "void":
                void = "void, " if one.voided_at is not None else ""
                yield Suggestion(str(one.number), f"{void}{one.client}, {one.total} {one.currency}")


def of_desk(name: str) -> Kind:
    """What ``desk.completion.values`` knows by that name."""

    def kind(asked: CompletionRequest) -> Iterable[Suggestion]:
        found: Iterable[Suggestion] = getattr(values, name)(asked.session.reader())
        return found

    return kind


def named(noun: str, *more: str, every: bool = False) -> Kind:
    """The names of a resource, then special words allowed in their place."""

    def kind(asked: CompletionRequest) -> Iterator[Suggestion]:
        yield from completion_names.named(asked.session.reader(), noun, asked.typed, every=every)
        yield from map(Suggestion, more)

    return kind


def workflows(asked: CompletionRequest) -> Iterator[Suggestion]:
    """Workflows: those there are where the command works."""
    making = asked.line.path[:1] == ("init",)  # the desk that is made has none of its own
    return values.workflows(None if making else asked.session.reader())


def views(asked: CompletionRequest) -> Iterator[Suggestion]:
    """One's own views, then the shared ones, with their filters."""
    return completion_names.views(asked.session.reader(), asked.typed)


def tokens(asked: CompletionRequest) -> Iterator[Suggestion]:
    """The API keys one may remove, with their users."""
    return completion_names.tokens(asked.session.reader(), asked.typed)


def answer(asked: CompletionRequest) -> Iterator[Suggestion]:
    """``--field``: the key of a question with its ``=``, then what can be answered."""
    desk, line = asked.session.reader(), asked.line
    topic = line.given.get("topic") if line.path[0] in ("new", "edit", "schedule") else None
    if topic is None and line.path[0] == "edit" and line.words:
        from tix.domain.tickets.references import looks_like_reference, parse_reference

        if looks_like_reference(line.words[0]):
            topic = completion_names.topic_of(desk, parse_reference(line.words[0]).number)
    key, equals, _ = asked.typed.partition("=")
    if equals:
        return (
            one._replace(value=f"{key}={one.value}") for one in completion_names.answers(desk, key, topic)
        )
    return (one._replace(value=f"{one.value}=") for one in completion_names.questions(desk, topic))


# -------------------------------------------------------------------------------------------- of the program


def answer_columns(asked: CompletionRequest, sign: str = "") -> Iterator[Suggestion]:
    """What topics ask, as columns."""
    for one in completion_names.questions(asked.session.reader()):
        yield Suggestion(f"{sign}field.{one.value}", one.about)


def sort_keys(asked: CompletionRequest) -> Iterator[Suggestion]:
    """What tickets can be sorted by, either way."""
    from tix.desk.queue import select

    sign = "-" if asked.typed.startswith("-") else ""
    for key in select.sort_keys():
        yield Suggestion(sign + key, "descending" if sign else "")
    yield from answer_columns(asked, sign)


def keys(asked: CompletionRequest) -> Iterator[Suggestion]:
    """The keys of settings; of ``topic field`` those of the topic."""
    from tix.cli import user_config

    if asked.line.path[0] == "topic":
        yield from completion_names.own_questions(asked.session.reader(), asked.line.words[0])
        return
    yield from values.settings()
    yield from (Suggestion(key, about) for key, about in user_config.KEYS.items())


def setting_values(asked: CompletionRequest) -> Iterable[Suggestion | str]:
    """What the setting that is named can be."""
    key = asked.line.words[0]
    return [FILES] if key == "store" else values.setting_values(asked.session.reader(), key)


def files(_: CompletionRequest) -> list[str]:
    """A path, which is left to the shell."""
    return [FILES]


def one_of(about: dict[str, str]) -> Kind:
    """Fixed words, each with what it is."""
    return lambda _: (Suggestion(word, text) for word, text in about.items())
