"""What a word of the command line can be, by the option or argument it belongs to: for ``tix __complete``.

Options are known by their long name, else options and arguments by what the help calls them (``ID``, ``WHO``,
``FILE``): a new command that uses these words is completed without a line here.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from tix.desk import suggesting
from tix.desk.suggesting import Suggestion

if TYPE_CHECKING:
    from tix.cli.session import Session
    from tix.cli.unfinished import Line

# What stands in the place of suggestions where the shell is to complete a path.
FILES = ":files"


class Asked(NamedTuple):
    """What is being typed: the desk by way of ``session``, the line, and the part that needs a value."""

    session: Session
    line: Line
    typed: str


Kind = Callable[[Asked], Iterable[Suggestion | str]]


def offered(
    kind: Kind | None, session: Session, line: Line, before: str, typed: str, *, comma: bool
) -> Iterator[Suggestion | str]:
    """What ``kind`` has for ``typed`` (with ``comma``: for what follows the last one), as whole words."""
    if kind is None:
        return
    head, separator, tail = typed.rpartition(",") if comma else ("", "", typed)
    taken = head.split(",")
    for one in kind(Asked(session, line, tail)):
        if isinstance(one, str):
            yield one
        elif one.value.startswith(tail) and one.value not in taken:
            yield one._replace(value=f"{before}{head}{separator}{one.value}")


# ---------------------------------------------------------------------------------------------- of the desk

# Which tickets a verb can do something for; the others take any.
_WHICH: dict[str, suggesting.Which] = {
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


def tickets(asked: Asked) -> Iterator[Suggestion]:
    """References of tickets that the verb can do something for and the line does not name yet."""
    from tix.domain.references import looks_like_reference, parse_reference

    line = asked.line
    words = ",".join((*line.words, line.typed.rpartition(",")[0])).split(",")
    ranged = [word for word in words if word[:1].isdigit() and "-" in word]
    named = {
        parse_reference(word).number for word in words if looks_like_reference(word) and word not in ranged
    }
    which = _WHICH.get(line.path[0] if line.path else "show", "any")
    return suggesting.tickets(asked.session.reader(), asked.typed, which, named)


def _people(asked: Asked) -> Iterator[Suggestion]:
    return suggesting.people(asked.session.reader(), asked.typed)


def _holders(asked: Asked) -> Iterator[Suggestion]:
    yield from suggesting.people(asked.session.reader(), asked.typed, staff=True)
    yield Suggestion("none", "nobody")


def _tickets_then_who(asked: Asked) -> Iterator[Suggestion]:
    """``tix assign``: a ticket at least, then more of them or the person, who is the last word."""
    if asked.line.words and "," not in asked.line.typed:
        yield from _holders(asked)
    if asked.typed or not asked.line.words:
        yield from tickets(asked)


def _notifications(asked: Asked) -> Iterator[Suggestion]:
    return suggesting.notifications(asked.session.reader())


def _of_desk(name: str) -> Kind:
    """What ``desk.suggesting`` knows by that name."""

    def kind(asked: Asked) -> Iterable[Suggestion]:
        found: Iterable[Suggestion] = getattr(suggesting, name)(asked.session.reader())
        return found

    return kind


# -------------------------------------------------------------------------------------------- of the program


def _columns(asked: Asked) -> Iterator[Suggestion]:
    """The fields of what the command prints, from the constants of its module."""
    from tix.cli import showing
    from tix.cli.commands import COMMANDS

    verb, *rest = asked.line.path
    sub = rest[0] if rest else "list"
    found: Any = showing.KIND
    if (verb, sub) not in (("attach", "add"), ("attach", "rm")):
        module = sys.modules[COMMANDS[verb][0]]
        other = {"show": "SHOWN", "use": "SHOWN", "save": "SAVED"}.get(sub, "")
        names = (sub.upper(), other, "KIND", "FIELDS")
        found = next((getattr(module, name) for name in names if hasattr(module, name)), found)
    return map(Suggestion, getattr(found, "fields", found))


def _sort_keys(asked: Asked) -> Iterator[Suggestion]:
    from tix.store.compiled import SORT_KEYS

    sign = "-" if asked.typed.startswith("-") else ""
    return (Suggestion(sign + key, "descending" if sign else "") for key in sorted(SORT_KEYS))


def _keys(_: Asked) -> Iterator[Suggestion]:
    from tix.cli import personal

    yield from suggesting.settings()
    yield from (Suggestion(key, about) for key, about in personal.KEYS.items())


def _setting_values(asked: Asked) -> Iterable[Suggestion | str]:
    key = asked.line.words[0]
    return [FILES] if key == "store" else suggesting.setting_values(asked.session.reader(), key)


def _workflows(_: Asked) -> Iterator[Suggestion]:
    return suggesting.workflows()


def _files(_: Asked) -> list[str]:
    return [FILES]


def _one_of(about: dict[str, str]) -> Kind:
    return lambda _: (Suggestion(word, text) for word, text in about.items())


# --------------------------------------------------------------------------------------------- the tables

_FORMATS = {
    "table": "for people",
    "plain": "tab separated, for scripts",
    "json": "one value",
    "jsonl": "an object a line",
    "csv": "for spreadsheets",
    "ids": "references alone",
}
_ROLES = {"requester": "raises tickets", "agent": "works on tickets", "admin": "and runs the desk"}
_STARS = {"5": "the best", "4": "", "3": "", "2": "", "1": "the worst"}

_OPTIONS: dict[str, Kind] = {
    "--assign": _holders,
    "--assignee": _holders,
    "--color": _one_of({"auto": "on a terminal", "always": "everywhere", "never": "nowhere"}),
    "--columns": _columns,
    "--dir": _files,
    "--in": _one_of({"subject": "in subjects alone"}),
    "--output": _one_of(_FORMATS),
    "--priority": _of_desk("priorities"),
    "--remove-tag": _of_desk("tags"),
    "--role": _one_of(_ROLES),
    "--sort": _sort_keys,
    "--source": _one_of(dict.fromkeys(("cli", "phone", "email", "web", "api", "other"), "")),
    "--status": _of_desk("statuses"),
    "--tag": _of_desk("tags"),
    "--type": _of_desk("types"),
    "--workflow": _workflows,
}
_METAVARS: dict[str, Kind] = {
    "FILE": _files,
    "ID": tickets,
    "KEY": _keys,
    "LOGIN": _people,
    "PATH": _files,
    "SHELL": _one_of(dict.fromkeys(("bash", "zsh", "fish"), "")),
    "STARS": _one_of(_STARS),
    "VALUE": _setting_values,
    "WHO": _people,
}
# What a noun calls NAME.
_NAMES: dict[str, Kind] = {
    "priority": _of_desk("priorities"),
    "type": _of_desk("types"),
    "workflow": _workflows,
}


def of_option(option: Any) -> Kind | None:
    """The kind of an option's value."""
    return _OPTIONS.get(max(option.opts, key=len)) or _METAVARS.get(_bare(option.metavar))


def of_argument(line: Line, argument: Any) -> Kind | None:
    """The kind of an argument."""
    bare = _bare(argument.metavar)
    noun, verb = line.path[0], line.path[-1]
    if line.path == ("assign",):
        return _tickets_then_who
    if noun == "notification":
        return _notifications
    if verb == "add" and bare in ("LOGIN", "NAME"):
        return None  # a new one
    if noun == "attach" and verb != "add" and bare == "FILE":
        return None  # attachments of the ticket, not files of the machine
    return _NAMES.get(noun) if bare == "NAME" else _METAVARS.get(bare)


def _bare(metavar: str | None) -> str:
    """``ID`` for ``[ID]…``, ``WHO`` for ``WHO,…``."""
    return (metavar or "").strip("[]…").partition(",")[0]
