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

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence

from tix.cli.app import Words
from tix.cli.completion.line import CommandLine, read
from tix.cli.session import Invocation
from tix.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tix.cli.completion.values import CompletionRequest
    from tix.cli.session import Session
    from tix.desk.completion.suggestion import Suggestion

# A locked store would hold the keyboard for the thirty seconds that SQLite waits.
PATIENCE_SECONDS = 2.0
# Nothing longer fits on a screen.
_WIDEST = 200


def complete(early: Invocation, words: Sequence[str]) -> None:
    """Complete a command line."""
    asking = [True]
    _give_up_later(asking)
    try:
        text = "".join(_printed(_suggestions(early, words or [""])))
    except Exception:  # noqa: BLE001  # a key press is no place for a message: no suggestion is one, too
        text = ""
    finally:
        asking.clear()
    sys.stdout.write(text)


command = Words(complete)


def _give_up_later(asking: list[bool]) -> None:
    import _thread

    def give_up() -> None:
        time.sleep(PATIENCE_SECONDS)
        if asking:
            os._exit(0)

    _thread.start_new_thread(give_up, ())


def _printed(suggestions: Iterable[Suggestion | str]) -> Iterator[str]:
    from tix.render.safe import safe_line, shorten

    for one in suggestions:
        if isinstance(one, str):
            yield f"{one}\n"
        elif one.value == safe_line(one.value) and not one.value.startswith(":"):
            yield f"{one.value}\t{shorten(safe_line(one.about), _WIDEST)}\n"


def _suggestions(early: Invocation, words: Sequence[str]) -> Iterator[Suggestion | str]:
    from tix.cli.options import Globals
    from tix.cli.session import Session

    try:
        line = read(words)
    except LookupError:
        line = read(_unaliased(words))
    globals_ = {name: value for name, value in line.given.items() if name in Globals._fields}
    session = Session(early, Globals(**{**early.given, **globals_, "color": None, "quiet": True}))
    session.may_migrate = False  # that takes longer than a key press
    try:
        yield from _offered(session, line)
    finally:
        session.close()


def _unaliased(words: Sequence[str]) -> list[str]:
    """The line with its alias expanded. Raises LookupError where there is none, or it is one for the shell."""
    from tix.cli.personal import aliases

    expanded = aliases.expand(words[:-1])
    if expanded is None or expanded.shell is not None:
        raise LookupError(words)
    return [*expanded.argv, words[-1]]


def _offered(session: Session, line: CommandLine) -> Iterator[Suggestion | str]:
    here = line.here()
    if here is not None:
        from tix.cli.completion import table

        names_fields = "--columns" in here.option.names or "--json" in here.option.names
        kind = _columns if names_fields else table.of_option(here.option)
        comma = names_fields or table.takes_commas(here.option)
        yield from table.offered(kind, session, line, here.before, here.value, comma=comma)
    elif line.typed.startswith("-") and not line.options_over:
        yield from _option_names(line)
    elif line.is_group:
        yield from _command_names(session, line)
    elif (argument := line.argument()) is not None:
        from tix.cli.completion import table

        kind = table.of_argument(line, argument)
        yield from table.offered(kind, session, line, "", line.typed, comma=argument.is_many)


# ------------------------------------------------------------------------------------ commands and options


def _command_names(session: Session, line: CommandLine) -> Iterator[Suggestion | str]:
    """Commands; and since ``tix 12`` shows a ticket, references where none fits."""
    from tix.desk.completion.suggestion import Suggestion

    names = [name for name in line.commands if name.startswith(line.typed)]
    for name in names:
        yield Suggestion(name, line.commands[name])
    if not line.path:
        from tix.cli.personal import aliases, extensions

        own = {name: aliases.meant(text) for name, text in aliases.of_person().items()}
        own = {**dict(extensions.known()), **own}
        for name, text in own.items():
            if name.startswith(line.typed):
                names.append(name)
                yield Suggestion(name, text)
    if not names and not line.path:
        from tix.cli.completion import table, values

        yield from table.offered(values.tickets, session, line, "", line.typed, comma=True)


def _option_names(line: CommandLine) -> Iterator[Suggestion]:
    """Names of options: long ones, and a short one once it is typed; those that cannot be repeated once."""
    from tix.desk.completion.suggestion import Suggestion

    for name, option in line.options.items():
        wanted = name.startswith(line.typed) and (name.startswith("--") or line.typed != "-")
        if wanted and (option.is_many or option not in line.used):
            yield Suggestion(name, option.help)
    if "--help".startswith(line.typed):
        yield Suggestion("--help", "Show this command's help.")


def _columns(asked: CompletionRequest) -> Iterator[Suggestion]:
    """The fields of what the command prints."""
    from tix.cli.commands import COMMANDS
    from tix.cli.completion.values import answer_columns
    from tix.desk.completion.suggestion import Suggestion

    verb, *rest = asked.line.path
    if verb == "view" and rest in (["add"], ["edit"]):
        verb, rest = "list", []  # what a view shows
    __import__(COMMANDS[verb][0])
    module = sys.modules[COMMANDS[verb][0]]
    node: Any = getattr(module, "COMMANDS", None) or module.command
    while isinstance(node, dict):
        node = node[rest.pop(0)] if rest else next(iter(node.values()))
    found = node.kind
    if found is None:
        return
    yield from map(Suggestion, found.fields)
    if found.answers:
        yield from answer_columns(asked)
