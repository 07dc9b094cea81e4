"""Hidden ``tix __complete -- WORD…``: what may stand where the last word stands, for the shells' scripts.

The words are those typed after ``tix``, without their quoting; the last is the one being completed and may be
empty. The answer is one line a suggestion, ``value TAB description``: text that has passed the gate, one line
each, in the order to show. A value continues the word as it was typed, case and spelling included (``tix-1``
→ ``tix-12``, ``open,ans`` → ``open,answered``, ``--status=o`` → ``--status=open``). A value that a terminal
would obey or hide is left out, since what would be completed is not what is stored.

A first line that begins with a colon is no suggestion but tells the script what to do; there is one:
``:files`` says that a path stands here and the shell's own completion of files is to do it (behind the ``=``
where the word has the form ``--option=PATH``). No value begins with a colon.

The program that prints this is part of a key press: it says nothing on stderr, exits 0 whatever happens,
creates no store, and gives up after two seconds. The scripts never evaluate a byte of it.
"""

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from tix.cli.unfinished import Line, options, read

if TYPE_CHECKING:
    from tix.cli.session import Session
    from tix.desk.suggesting import Suggestion

FILES = ":files"
# A locked store would hold the keyboard for the thirty seconds that SQLite waits.
PATIENCE_SECONDS = 2.0
# Nothing longer fits on a screen.
_WIDEST = 200


def command(
    ctx: typer.Context, words: Annotated[Optional[list[str]], typer.Argument(metavar="WORD…")] = None
) -> None:
    """What may stand next."""
    asking = [True]
    _give_up_later(asking)
    try:
        text = "".join(_printed(_suggestions(ctx, words or [""])))
    except Exception:  # noqa: BLE001  # a key press is no place for a message: no suggestion is one, too
        text = ""
    finally:
        asking.clear()
    sys.stdout.write(text)


# Words are anything: no option is known here, not even --help.
command.context_settings = {  # type: ignore[attr-defined]  # a function's own
    "ignore_unknown_options": True,
    "allow_interspersed_args": False,
    "help_option_names": [],
}


def _give_up_later(asking: list[bool]) -> None:
    import _thread

    def give_up() -> None:
        time.sleep(PATIENCE_SECONDS)
        if asking:
            os._exit(0)

    _thread.start_new_thread(give_up, ())


def _printed(suggestions: "Iterable[Suggestion | str]") -> Iterator[str]:
    from tix.render.safe import safe_line, shorten

    for one in suggestions:
        if isinstance(one, str):
            yield f"{one}\n"
        elif one.value == safe_line(one.value) and not one.value.startswith(":"):
            yield f"{one.value}\t{shorten(safe_line(one.about), _WIDEST)}\n"


def _suggestions(ctx: Any, words: list[str]) -> "Iterator[Suggestion | str]":
    from tix.cli.arguments import Globals
    from tix.cli.session import Session

    line = read(ctx, words)
    globals_ = {name: value for name, value in line.given.items() if name in Globals._fields}
    session = Session(ctx.obj, Globals(**{**ctx.obj.given, **globals_, "color": None, "quiet": True}))
    try:
        here = line.here()
        if here is not None:
            name = max(here.option.opts, key=len)
            kind = _OPTIONS.get(name) or _METAVARS.get(_bare(here.option.metavar))
            comma = here.option.multiple and kind not in (None, _files)
            yield from _completed(kind, session, line, here.before, here.value, comma=comma)
        elif line.typed.startswith("-") and not line.options_over:
            yield from _option_names(line)
        elif line.is_group:
            yield from _command_names(session, line)
        elif (argument := line.argument()) is not None:
            kind = _argument_kind(line, argument)
            yield from _completed(kind, session, line, "", line.typed, comma=kind is _tickets)
    finally:
        session.close()


Kind = Callable[["Session", Line, str], "Iterable[Suggestion | str]"]


def _completed(
    kind: Kind | None, session: "Session", line: Line, before: str, typed: str, *, comma: bool
) -> "Iterator[Suggestion | str]":
    """What a kind of value has for ``typed``, or for its part after the last comma, each time a whole word."""
    if kind is None:
        return
    head, separator, tail = typed.rpartition(",") if comma else ("", "", typed)
    for one in kind(session, line, tail):
        if isinstance(one, str):
            yield one
        elif one.value.startswith(tail) and (not separator or one.value not in head.split(",")):
            yield one._replace(value=f"{before}{head}{separator}{one.value}")


# ------------------------------------------------------------------------------------ commands and options


def _command_names(session: "Session", line: Line) -> "Iterator[Suggestion | str]":
    """Commands; and since ``tix 12`` shows a ticket, references where none fits."""
    from tix.desk.suggesting import Suggestion

    names = [name for name in line.command.list_commands(None) if name.startswith(line.typed)]
    for name in names:
        if line.path:
            about = (line.command.functions[name].__doc__ or "").strip().split("\n")[0]
        else:
            about = line.command.table[name][1]
        yield Suggestion(name, about)
    if not names and not line.path:
        yield from _completed(_tickets, session, line, "", line.typed, comma=True)


def _option_names(line: Line) -> "Iterator[Suggestion]":
    """Names of options: long ones, and a short one once it is typed; those that cannot be repeated once."""
    from tix.desk.suggesting import Suggestion

    for name, option in options(line.command).items():
        wanted = name.startswith(line.typed) and (name.startswith("--") or line.typed != "-")
        if wanted and not option.hidden and (option.multiple or option not in line.used):
            yield Suggestion(name, option.help or "")
    if "--help".startswith(line.typed):
        yield Suggestion("--help", "Show this command's help.")


# ------------------------------------------------------------------------------------------ kinds of values

# Which tickets a verb can do something for; the others take any.
_WHICH = {
    **dict.fromkeys(("start", "hold", "resolve", "close", "assign", "snooze"), "open"),
    "claim": "unclaimed",
    "reopen": "over",
    "rate": "rateable",
}


def _tickets(session: "Session", line: Line, typed: str) -> "Iterable[Suggestion]":
    from tix.desk import suggesting
    from tix.domain.references import looks_like_reference, parse_reference

    words = [item for word in (*line.words, line.typed.rpartition(",")[0]) for item in word.split(",")]
    named = {
        parse_reference(word).number for word in words if looks_like_reference(word) and word.count("-") < 2
    }
    which: Any = _WHICH.get(line.path[0] if line.path else "show", "any")
    return suggesting.tickets(session.reader(), typed, which, named)


def _holders(session: "Session", line: Line, typed: str) -> "Iterator[Suggestion]":
    """Who can hold a ticket, or nobody."""
    from tix.desk import suggesting

    yield from suggesting.people(session.reader(), staff=True)
    yield suggesting.Suggestion("none", "nobody")


def _tickets_or_who(session: "Session", line: Line, typed: str) -> "Iterator[Suggestion]":
    """``tix assign``: one ticket at least, then more of them or the person, who is the last word."""
    if line.words and "," not in line.typed:
        yield from _holders(session, line, typed)
    if typed or not line.words:
        yield from _tickets(session, line, typed)


def _of_desk(name: str) -> Kind:
    """What ``desk.suggesting`` knows by that name, for this desk."""

    def kind(session: "Session", line: Line, typed: str) -> "Iterable[Suggestion]":  # noqa: ARG001  # a Kind
        from tix.desk import suggesting

        found: Iterable[Suggestion] = getattr(suggesting, name)(session.reader())
        return found

    return kind


def _words(**about: str) -> Kind:
    """A fixed list of words and what they mean; ``_`` stands for a dash."""

    def kind(session: "Session", line: Line, typed: str) -> "Iterator[Suggestion]":  # noqa: ARG001  # a Kind
        from tix.desk.suggesting import Suggestion

        return (Suggestion(word.replace("_", "-"), text) for word, text in about.items())

    return kind


def _columns(session: "Session", line: Line, typed: str) -> "Iterator[Suggestion]":
    """The fields of what the command prints, from the constants of its module."""
    from tix.cli import showing
    from tix.cli.main import COMMANDS
    from tix.desk.suggesting import Suggestion

    verb, *rest = line.path
    sub = rest[0] if rest else "list"
    module = sys.modules[COMMANDS[verb][0]]
    found: Any = showing.KIND
    if (verb, sub) not in (("attach", "add"), ("attach", "rm")):
        names = (sub.upper(), {"show": "SHOWN", "use": "SHOWN", "save": "SAVED"}.get(sub, ""), "KIND", "FIELDS")
        found = next((getattr(module, name) for name in names if hasattr(module, name)), found)
    return (Suggestion(name) for name in getattr(found, "fields", found))


def _sort_keys(session: "Session", line: Line, typed: str) -> "Iterator[Suggestion]":
    from tix.desk.suggesting import Suggestion
    from tix.store.compiled import SORT_KEYS

    sign = "-" if typed.startswith("-") else ""
    return (Suggestion(sign + key, "descending" if sign else "") for key in sorted(SORT_KEYS))


def _workflows(session: "Session", line: Line, typed: str) -> "Iterator[Suggestion]":
    from tix.desk import suggesting

    return suggesting.workflows()


def _keys(session: "Session", line: Line, typed: str) -> "Iterator[Suggestion]":
    from tix.cli import personal
    from tix.desk import suggesting

    yield from suggesting.settings()
    yield from (suggesting.Suggestion(key, about) for key, about in personal.KEYS.items())


def _setting_values(session: "Session", line: Line, typed: str) -> "Iterable[Suggestion | str]":
    from tix.desk import suggesting

    key = line.words[0]
    return [FILES] if key == "store" else suggesting.setting_values(session.reader(), key)


def _files(session: "Session", line: Line, typed: str) -> list[str]:
    return [FILES]


_people = _of_desk("people")
_statuses = _of_desk("statuses")
_tags = _of_desk("tags")
_types = _of_desk("types")
_priorities = _of_desk("priorities")

# By the long name of an option.
_OPTIONS: dict[str, Kind] = {
    "--assign": _holders,
    "--assignee": _holders,
    "--color": _words(auto="on a terminal", always="everywhere", never="nowhere"),
    "--columns": _columns,
    "--dir": _files,
    "--in": _words(subject="in subjects alone"),
    "--output": _words(
        table="for people",
        plain="tab separated, for scripts",
        json="one value",
        jsonl="an object a line",
        csv="for spreadsheets",
        ids="references alone",
    ),
    "--priority": _priorities,
    "--remove-tag": _tags,
    "--role": _words(requester="raises tickets", agent="works on tickets", admin="and runs the desk"),
    "--sort": _sort_keys,
    "--source": _words(cli="", phone="", email="", web="", api="", other=""),
    "--status": _statuses,
    "--tag": _tags,
    "--type": _types,
    "--workflow": _workflows,
}
# By what an option or an argument is called in the help; a noun's NAME is in the table below.
_METAVARS: dict[str, Kind] = {
    "FILE": _files,
    "ID": _tickets,
    "KEY": _keys,
    "LOGIN": _people,
    "PATH": _files,
    "SHELL": _words(bash="", zsh="", fish=""),
    "STARS": _words(**{"5": "the best", "4": "", "3": "", "2": "", "1": "the worst"}),
    "VALUE": _setting_values,
    "WHO": _people,
}
_NAMES: dict[str, Kind] = {"type": _types, "priority": _priorities, "workflow": _workflows}


def _argument_kind(line: Line, argument: Any) -> Kind | None:
    bare = _bare(argument.metavar)
    if line.path[-1] == "add" and bare in ("LOGIN", "NAME"):
        return None  # a new one
    if line.path == ("assign",):
        return _tickets_or_who
    if line.path[0] == "attach" and line.path[-1] != "add" and bare == "FILE":
        return None  # attachments of the ticket, not files of the machine
    return _NAMES.get(line.path[0]) if bare == "NAME" else _METAVARS.get(bare)


def _bare(metavar: str | None) -> str:
    """``ID`` for ``[ID]…``."""
    return (metavar or "").strip("[]…").partition(",")[0]
