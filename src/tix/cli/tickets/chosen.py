"""The tickets that a command line chooses without their numbers: ``@last``, ``@view:NAME`` and ``--where FILTERS``."""

from __future__ import annotations

import sys

from tix.errors import InvalidValue, UsageError
from tix.typing import TYPE_CHECKING, Any
from tix.words.sentence import Said

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tix.cli.session import Session

LAST = "@last"
VIEW = "@view:"


def has_none(session: Session, values: dict[str, Any], where: str | None) -> bool:
    """Replace what chooses tickets in the values of a command; return whether they choose none at all.

    Raises UsageError where a command has no tickets, InvalidValue, UnknownName.
    """
    if "reference" in values:
        values["reference"] = _one(session, values["reference"])
        return False
    words: list[str] = values.get("references") or []
    if where is None and not words:
        name = session.command
        raise UsageError(
            Said("no tickets given"), hint=Said("for example: tix {name} 12, or --where '--mine'", name=name)
        )
    chosen = [] if where is None else _filtered(session, where)
    other: list[str] = []
    for word in words:
        if word == LAST:
            chosen += _last(session)
        elif word.startswith(VIEW):
            chosen += _of_view(session, word.removeprefix(VIEW))
        else:
            other.append(word)
    values["references"] = [*chosen, *other]
    if chosen or (where is None and len(other) == len(words)):
        return False
    if other and session.command != "assign":  # its last word is no ticket
        return False
    session.say(Said("No tickets to change."))
    if _prints_array(session):
        sys.stdout.write("[]\n")
    return True


def _prints_array(session: Session) -> bool:
    given = session.given
    return given.get("output.json") is not None or given.get("output.output") == "json"


def _one(session: Session, word: str) -> str:
    """Return the one ticket that is meant. Raises InvalidValue for several."""
    if word != LAST:
        return word
    found = _last(session)
    if len(found) != 1:
        raise InvalidValue(Said("your last command was about {n} tickets; name one", n=len(found)))
    return found[0].partition("-")[0]


def _ranges(numbers: Iterable[int]) -> list[str]:
    """Return numbers as words; each a range of one, because what is chosen is a list whatever its length."""
    return [f"{number}-{number}" for number in dict.fromkeys(numbers)]


def _last(session: Session) -> list[str]:
    """Return the tickets of my last command that wrote to some. Raises InvalidValue where there is none."""
    if session.remote is not None:
        session.remote.refuse(LAST, LAST)
    from tix.desk.tickets import bulk

    found = bulk.last(session.reader())
    if not found:
        raise InvalidValue(Said("there is no last command of yours that @last could mean"), hint="tix log")
    return _ranges(found)


def _of_view(session: Session, name: str) -> list[str]:
    from tix.cli.filter_options import FilterOptions
    from tix.cli.options import Output
    from tix.cli.tickets import view_options

    filters, _ = view_options.shown(session.records.saved(name), FilterOptions(), Output())
    listing = session.records.listing(filters, [], name)
    return _ranges(one["number"] for one in listing.records(filters.limit or -1, answers=False))


def _filtered(session: Session, text: str) -> list[str]:
    """Return the tickets that ``tix list`` finds with these words. Raises UsageError."""
    import shlex

    from tix.cli import parser
    from tix.cli.filter_options import FilterOptions

    try:
        words = shlex.split(text)
    except ValueError as error:
        raise UsageError(Said("--where has an open quote: {text}", text=text)) from error
    given = parser.read_options("list", words)
    strange = {name for name in given or () if not name.startswith("filters.") and name != "words"}
    if given is None or strange or not words or given.get("filters.only_count"):
        raise UsageError(
            Said("'{text}' are no filters of tix list", text=text),
            hint=Said("for example --where '--mine --overdue'"),
        )
    of_set = {name.partition(".")[2]: value for name, value in given.items() if name != "words"}
    listing = session.records.listing(FilterOptions()._replace(**of_set), given.get("words", []))
    most = of_set.get("limit") or -1
    return _ranges(one["number"] for one in listing.records(most, answers=False))
