"""A command line being typed: its command, its options and the word under the cursor.

Commands are known by the tables that are compiled from their declarations, so that a key press loads no command.
"""

from __future__ import annotations

from collections.abc import Sequence

from tix.cli import compiled, compiled_help
from tix.typing import NamedTuple


class Parameter(NamedTuple):
    """An option or argument: ``name`` is its parameter's, ``names`` what is typed for an option, none for an argument.

    ``takes_value`` and ``is_many`` say whether a value follows an option, and whether there can be several values.
    """

    name: str
    names: tuple[str, ...]
    metavar: str
    help: str
    takes_value: bool
    is_many: bool


class OptionValue(NamedTuple):
    """An option whose value is being typed: ``before`` is the part of the word that is not the value."""

    option: Parameter
    before: str
    value: str


class CommandLine:
    """The words before the one being typed, read as far as they make sense; ``typed`` is that one.

    ``path`` is the command (``("list",)``, ``("user", "show")``) and ``words`` its arguments so far. ``given``
    holds the values of options by their parameter's name, ``used`` the options themselves.
    """

    def __init__(self, typed: str) -> None:
        self.typed = typed
        self.path: tuple[str, ...] = ()
        self.words: list[str] = []
        self.given: dict[str, str] = {}
        self.used: list[Parameter] = []
        self.options_over = False
        self._waiting: Parameter | None = None  # an option whose value comes with the next word
        self._enter_path(())

    @property
    def is_group(self) -> bool:
        """Whether a command has to come yet."""
        return bool(self.commands)

    def take(self, word: str) -> None:
        """One word that is complete. Raises LookupError for a command there is not."""
        if self._waiting is not None:
            self.given[self._waiting.name] = word
            self._waiting = None
        elif word == "--" and not self.options_over:
            self.options_over = True
        elif word.startswith("-") and word != "-" and not self.options_over:
            self._take_option(word)
        elif self.is_group:
            self._enter(word)
        else:
            self.words.append(word)

    def _take_option(self, word: str) -> None:
        option, before, value = self._split(word)
        if option is not None:
            self.used.append(option)
            if option.takes_value:
                if value or before.endswith("="):
                    self.given[option.name] = value
                else:
                    self._waiting = option

    def _enter(self, word: str) -> None:
        from tix.domain.tickets.references import looks_like_reference

        name = compiled.ALIASES.get(word, word) if not self.path else word
        if " ".join((*self.path, name)) in compiled.COMMANDS:
            self._enter_path((*self.path, name))
        elif not self.path and looks_like_reference(word):
            self.words = [word]  # tix 12
            self._enter_path(("show",))
        else:
            raise LookupError(word)

    def _enter_path(self, path: tuple[str, ...]) -> None:
        self.path = path
        entry: str | tuple[str, ...] = compiled.COMMANDS[" ".join(path)] if path else _TOP
        self.commands = {name: _about((*path, name)) for name in entry} if isinstance(entry, tuple) else {}
        whole = path
        while isinstance(entry, tuple) and path:  # a group takes the options of its first command
            whole = (*whole, entry[0])
            entry = compiled.COMMANDS[" ".join(whole)]
        parameters = _parameters(entry if isinstance(entry, str) else "", whole)
        self.options = {name: one for one in parameters for name in one.names}
        self.arguments = [] if self.commands else [one for one in parameters if not one.names]

    def here(self) -> OptionValue | None:
        """The option whose value is being typed, if it is one: after it, after its ``=``, or joined to it."""
        if self._waiting is not None:
            return OptionValue(self._waiting, "", self.typed)
        if self.typed.startswith("-") and not self.options_over:
            option, before, value = self._split(self.typed)
            joined = before.endswith("=") or (value != "" and not self.typed.startswith("--"))
            takes = option is not None and (
                option.takes_value or before == "--json="
            )  # which may stand alone
            if option is not None and takes and joined:
                return OptionValue(option, before, value)
        return None

    def argument(self) -> Parameter | None:
        """The argument that is being typed, or None; the last one may take any number of words."""
        position = len(self.words)
        if position < len(self.arguments):
            return self.arguments[position]
        return self.arguments[-1] if self.arguments and self.arguments[-1].is_many else None

    def _split(self, word: str) -> tuple[Parameter | None, str, str]:
        """The option in ``word``, the part before its value, and the value: ``--a=b``, ``-ab``, ``-xab``."""
        if word.startswith("--"):
            name, equals, value = word.partition("=")
            return self.options.get(name), name + equals, value
        for at in range(1, len(word)):
            option = self.options.get(f"-{word[at]}")
            if option is None:
                break
            if option.takes_value:
                return option, word[: at + 1], word[at + 1 :]
        return None, word, ""


def read(words: Sequence[str]) -> CommandLine:
    """The line of which ``words`` have been typed, the last one not yet whole. Raises LookupError for a command there is not."""
    line = CommandLine(words[-1])
    for word in words[:-1]:
        line.take(word)
    return line


_TOP = tuple(name for name in compiled.COMMANDS if " " not in name and not name.startswith("_"))


def _about(path: tuple[str, ...]) -> str:
    return compiled_help.COMMANDS[" ".join(path)].partition("\n")[0]


def _parameters(entry: str, path: tuple[str, ...]) -> list[Parameter]:
    """Return what a command takes, or ``tix`` itself: each word of an entry has a line in its help."""
    if not path:
        lines = compiled_help.ROOT.split("\n")
        return [_parameter(word, line) for word, line in zip(compiled.ROOT.split(), lines, strict=True)]
    lines = compiled_help.COMMANDS[" ".join(path)].split("\n")[1:] + compiled_help.GLOBALS.split("\n")
    return [_parameter(word, line) for word, line in zip(entry.split(), lines, strict=True)]


def _parameter(word: str, line: str) -> Parameter:
    metavar, _, about = line.partition("\t")
    names, equals, rest = word.partition("=")
    name, _, kind = (rest if equals else word).partition(":")
    return Parameter(
        name.rpartition(".")[2],
        tuple(names.split(",")) if equals else (),
        metavar,
        about,
        bool(equals) and kind not in ("t", "f", "j"),
        kind.rstrip("!") in ("+", "*"),
    )
