"""The tickets a command line names: references, ranges, lists, and ``-`` for those on stdin."""

from __future__ import annotations

from collections.abc import Callable

from tix.cli.app import Command
from tix.cli.session import Session
from tix.domain.tickets.references import Parsed, parse_references
from tix.errors import InvalidValue
from tix.typing import Any
from tix.words.sentence import Said

_STDIN_LIMIT = 10_000_000


def parse(words: list[str]) -> Parsed:
    """What the words name; ``-`` reads more of them from stdin. Raises InvalidValue."""
    if "-" not in words:
        return parse_references(words)
    expanded = spread(words)
    parsed = parse_references(expanded) if expanded else Parsed((), False)
    return parsed._replace(single=False)


def spread(words: list[str]) -> list[str]:
    """The words, with those on stdin in the place of ``-``. Raises InvalidValue."""
    spread_out: list[str] = []
    for word in words:
        spread_out += _from_stdin() if word == "-" else [word]
    return spread_out


def _from_stdin() -> list[str]:
    from tix.cli.repeats import stdin

    data = stdin.read(_STDIN_LIMIT + 1)
    if len(data) > _STDIN_LIMIT:
        raise InvalidValue(Said("too many references on stdin"), hint=Said("at most 10 MB"))
    try:
        return data.decode().split()
    except UnicodeDecodeError as error:
        raise InvalidValue(Said("the references on stdin are not valid UTF-8")) from error


class Verb(Command):
    """A command whose ``references``, or ``reference``, are those of tickets."""

    def call(self, session: Session, name: str, values: dict[str, Any]) -> Any:
        """Call the function, with the tickets that are chosen; with none there is nothing to do."""
        if "-" in (values.get("references") or ()):
            from tix.cli.input.silence import tell_if_silent

            tell_if_silent(session, "references")
        if self._chooses(values):
            from tix.cli.tickets import chosen

            bulk = values.get("bulk")
            if chosen.has_none(session, values, None if bulk is None else bulk.where):
                return 0
        return super().call(session, name, values)

    def _chooses(self, values: dict[str, Any]) -> bool:
        """Whether tickets are chosen by something else than their references, or not at all."""
        if "reference" in values:
            return bool(values["reference"].startswith("@"))
        bulk = values.get("bulk")
        if bulk is not None and bulk.where is not None:
            return True
        references = values.get("references")
        return not references or "@last" in references or any(one.startswith("@view:") for one in references)


def verb(function: Callable[..., Any]) -> Verb:
    """Return ``function(session, references, …)`` as a command."""
    return Verb(function)


def reading_verb(function: Callable[..., Any]) -> Verb:
    """Return the same, for a command that only reads (``cli.app.reading``)."""
    return Verb(function, pages=True)
