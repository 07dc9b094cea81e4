"""What can be completed: a function for each kind of value, for the tables in ``choices``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from tix.desk.completion.suggestion import Suggestion, Wanted, Which
from tix.typing import TYPE_CHECKING, Any, NamedTuple

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

    def wanted(self, kind: str, **more: Any) -> Iterator[Suggestion]:
        """What the desk has of a kind (``desk.completion.kinds``); ``more`` are fields of ``Wanted``."""
        return self.session.records.complete(Wanted(kind, **{"typed": self.typed, **more}))


Kind = Callable[[CompletionRequest], Iterable[Suggestion | str]]


# ---------------------------------------------------------------------------------------------- of the desk

# Which tickets a verb can do something for; the others take any.
_WHICH: dict[str, Which] = {
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
    return asked.wanted("ticket", which=which, without=named)


def people(asked: CompletionRequest) -> Iterator[Suggestion]:
    """All people, by login."""
    return asked.wanted("person")


def staff(asked: CompletionRequest) -> Iterator[Suggestion]:
    """Staff, by login."""
    return asked.wanted("staff")


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
        for one in asked.wanted("team", typed=typed):
            yield Suggestion(_TEAM + one.value, "a team")


def tickets_then_who(asked: CompletionRequest) -> Iterator[Suggestion]:
    """``tix assign``: a ticket at least, then more of them or the person, who is the last word."""
    if asked.line.words and "," not in asked.line.typed:
        yield from holders_and_teams(asked)
    if asked.typed or not asked.line.words:
        yield from tickets(asked)


def notifications(asked: CompletionRequest) -> Iterator[Suggestion]:
    """Unread notifications, by number."""
    return asked.wanted("notification")


def times(asked: CompletionRequest) -> Iterator[Suggestion]:
    """Unbilled time entries by number, newest first."""
    return asked.wanted("time")


def invoices(asked: CompletionRequest) -> Iterator[Suggestion]:
    """Invoices, by number; for ``void`` those that count."""
    return asked.wanted("invoice", every=asked.line.path[-1] != "void")


def of_desk(kind: str) -> Kind:
    """What the desk has of a kind."""
    return lambda asked: asked.wanted(kind)


def named(noun: str, *more: str, every: bool = False) -> Kind:
    """The names of a resource, then special words allowed in their place."""

    def kind(asked: CompletionRequest) -> Iterator[Suggestion]:
        yield from asked.wanted(noun, every=every)
        yield from map(Suggestion, more)

    return kind


def workflows(asked: CompletionRequest) -> Iterator[Suggestion]:
    """Workflows: those there are where the command works."""
    if asked.line.path[:1] == ("init",):  # the desk that is made has none of its own
        from tix.desk.completion import values

        return values.workflows()
    return asked.wanted("workflow")


def views(asked: CompletionRequest) -> Iterator[Suggestion]:
    """One's own views, then the shared ones, with their filters."""
    return asked.wanted("view")


def tokens(asked: CompletionRequest) -> Iterator[Suggestion]:
    """The API keys one may remove, with their users."""
    return asked.wanted("token")


def answer(asked: CompletionRequest) -> Iterator[Suggestion]:
    """``--field``: the key of a question with its ``=``, then what can be answered."""
    line = asked.line
    of: dict[str, Any] = {}
    of["topic"] = line.given.get("topic") if line.path[0] in ("new", "edit", "schedule") else None
    if of["topic"] is None and line.path[0] == "edit" and line.words:
        from tix.domain.tickets.references import looks_like_reference, parse_reference

        if looks_like_reference(line.words[0]):
            of["ticket"] = parse_reference(line.words[0]).number
    key, equals, _ = asked.typed.partition("=")
    if equals:
        return (one._replace(value=f"{key}={one.value}") for one in asked.wanted("question", key=key, **of))
    return (one._replace(value=f"{one.value}=") for one in asked.wanted("question", **of))


# -------------------------------------------------------------------------------------------- of the program


def answer_columns(asked: CompletionRequest, sign: str = "") -> Iterator[Suggestion]:
    """What topics ask, as columns."""
    for one in asked.wanted("question"):
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
    if asked.line.path[0] == "topic":
        yield from asked.wanted("topic-question", topic=asked.line.words[0])
        return

    from tix.desk.completion import values

    yield from values.settings()


def setting_values(asked: CompletionRequest) -> Iterable[Suggestion | str]:
    """What the setting that is named can be."""
    key = asked.line.words[0]
    return [FILES] if key.endswith("store") else asked.wanted("setting", key=key)


def files(_: CompletionRequest) -> list[str]:
    """A path, which is left to the shell."""
    return [FILES]


class OneOf:
    """Fixed words, each with what it is; ``closed``: no other word is accepted."""

    def __init__(self, about: dict[str, str], *, closed: bool) -> None:
        self._about = about
        self.closed = closed

    def __call__(self, _: CompletionRequest) -> Iterator[Suggestion]:
        return (Suggestion(word, text) for word, text in self._about.items())

    @property
    def words(self) -> tuple[str, ...]:
        """The words alone."""
        return tuple(self._about)


def one_of(about: dict[str, str], *, closed: bool = True) -> OneOf:
    """Fixed words, each with what it is; ``closed``: no other word is accepted."""
    return OneOf(about, closed=closed)
