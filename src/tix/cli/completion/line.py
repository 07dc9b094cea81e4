"""A command line being typed: its command, its options and the word under the cursor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple


class OptionValue(NamedTuple):
    """An option whose value is being typed: ``before`` is the part of the word that is not the value."""

    option: Any
    before: str
    value: str


class CommandLine:
    """The words before the one being typed, read as far as they make sense; ``typed`` is that one.

    ``path`` is the command (``("list",)``, ``("user", "show")``) and ``words`` its arguments so far. ``given``
    holds the values of options by their parameter's name, ``used`` the options themselves.
    """

    def __init__(self, ctx: Any, typed: str, aliases: Mapping[str, str]) -> None:
        self.typed = typed
        self.command: Any = ctx.find_root().command
        self.path: tuple[str, ...] = ()
        self.words: list[str] = []
        self.given: dict[str, str] = {}
        self.used: list[Any] = []
        self.options_over = False
        self._ctx = ctx
        self._aliases = aliases
        self._waiting: Any = None  # an option whose value comes with the next word

    @property
    def is_group(self) -> bool:
        """Whether a command has to come yet."""
        return hasattr(self.command, "list_commands")

    def take(self, word: str) -> None:
        """One word that is complete."""
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
        option, before, value = _split(self.command, word)
        if option is not None:
            self.used.append(option)
            if takes_value(option):
                if value or before.endswith("="):
                    self.given[option.name] = value
                else:
                    self._waiting = option

    def _enter(self, word: str) -> None:
        from tix.domain.tickets.references import looks_like_reference

        name = self._aliases.get(word, word) if not self.path else word
        found = self.command.get_command(self._ctx, name)
        if found is None and not self.path and looks_like_reference(word):
            name, self.words = "show", [word]  # tix 12
            found = self.command.get_command(self._ctx, name)
        if found is None:
            raise LookupError(word)
        self.command = found
        self.path = (*self.path, name)

    def here(self) -> OptionValue | None:
        """The option whose value is being typed, if it is one: after it, after its ``=``, or joined to it."""
        if self._waiting is not None:
            return OptionValue(self._waiting, "", self.typed)
        if self.typed.startswith("-") and not self.options_over:
            option, before, value = _split(self.command, self.typed)
            joined = before.endswith("=") or (value != "" and not self.typed.startswith("--"))
            if option is not None and takes_value(option) and joined:
                return OptionValue(option, before, value)
        return None

    def argument(self) -> Any:
        """The argument that is being typed, or None; the last one may take any number of words."""
        arguments = [one for one in self.command.params if one.param_type_name == "argument"]
        position = len(self.words)
        if position < len(arguments):
            return arguments[position]
        return arguments[-1] if arguments and arguments[-1].nargs == -1 else None


def read(ctx: Any, words: Sequence[str], aliases: Mapping[str, str]) -> CommandLine:
    """The line of which ``words`` have been typed; ``aliases`` are other names of commands. Raises LookupError for a command there is not."""
    line = CommandLine(ctx, words[-1], aliases)
    for word in words[:-1]:
        line.take(word)
    return line


def options(command: Any) -> dict[str, Any]:
    """Return the options of a command by name; a group also takes the options of its first subcommand."""
    parameters = list(command.params)
    functions = getattr(command, "functions", None)
    if functions:
        parameters = [*command.get_command(None, next(iter(functions))).params, *parameters]
    found: dict[str, Any] = {}
    for one in parameters:
        if one.param_type_name == "option":
            for name in (*one.opts, *one.secondary_opts):
                found.setdefault(name, one)
    return found


def takes_value(option: Any) -> bool:
    """Whether a value follows."""
    return not option.is_flag and not option.count


def _split(command: Any, word: str) -> tuple[Any, str, str]:
    """The option in ``word``, the part before its value, and the value: ``--a=b``, ``-ab``, ``-xab``."""
    known = options(command)
    if word.startswith("--"):
        name, equals, value = word.partition("=")
        return known.get(name), name + equals, value
    for at in range(1, len(word)):
        option = known.get(f"-{word[at]}")
        if option is None:
            break
        if takes_value(option):
            return option, word[: at + 1], word[at + 1 :]
    return None, word, ""
