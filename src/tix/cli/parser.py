"""Read a command line by the compiled table, without Typer: only what it is sure of.

Everything else is left to Typer (``cli.explained``), which is built from the same declarations: help, mistakes,
abbreviations, values that have to be converted with care. What is accepted here means the same there; a law compares
the two (``tests/laws/test_parser_law.py``).

An entry of the table describes one command in words separated by blanks. ``references:+`` is an argument: ``1`` has to
be there, ``?`` may be, ``+`` and ``*`` are several. ``-s,--status=filters.status:+`` is an option with the parameter
that gets its value: ``s`` a text, ``+`` a list of texts, ``t`` and ``f`` a flag that sets true or false,
``i0..9`` a whole number with bounds, ``d`` a number, ``x`` what Typer has to convert; ``!`` behind it: required.
``j`` is ``--json``: it stands alone, or has fields, ``--json=ref,subject`` or ``--json ref,subject``.
"""

from __future__ import annotations

from collections.abc import Sequence

from tix.cli import compiled
from tix.typing import Any

# The name of the first screen, ``tix`` alone.
HOME = "home"
# The entry of a command that takes the words behind ``--`` as they are.
WORDS = "--"
# The value of an option that stands alone, as ``--json`` may.
ALONE = "*"
# The command that prints the help, also where an option asks for it.
HELP = "help"
HELP_OPTIONS = ("--help", "-h")
# A number with more digits is for Typer.
_MOST_DIGITS = 15


class Call:
    """A command line that was read: the command's whole name, the global options, and the values that were given."""

    __slots__ = ("given", "name", "options")

    def __init__(self, name: str, options: dict[str, Any], given: dict[str, Any]) -> None:
        self.name = name
        self.options = options
        self.given = given


def read(words: Sequence[str]) -> Call | None:
    """Return what a command line calls; None where Typer has to look."""
    rest = list(words)
    rest.reverse()  # words are taken from its end
    options = _Options(compiled.GLOBALS)
    while rest and rest[-1].startswith("-") and rest[-1] != "-":
        if not options.take(rest.pop(), rest):
            return None
    if options.helps:
        return Call(HELP, {}, {})
    if not rest:
        return Call(HOME, _globals(options.given), {})
    name, entry = _command(rest)
    return None if entry is None else _call(name, entry, rest, _globals(options.given))


def _call(
    name: str, entry: str | tuple[str, ...], rest: list[str], everywhere: dict[str, Any]
) -> Call | None:
    """Return the call of a command, whose name and global options have been taken."""
    if isinstance(entry, tuple):
        return Call(HELP, everywhere, {"words": name.split()})
    if entry == WORDS:
        if rest and rest[-1].startswith("-") and rest.pop() != "--":
            return None
        return Call(name, everywhere, {"words": rest[::-1]})
    of_command = _Options(entry, name)
    given = of_command.read(rest)
    if given is None:
        return None
    if of_command.helps:
        return Call(HELP, everywhere, {"words": name.split()})
    return Call(name, {**everywhere, **_globals(given)}, given)


def place_of_command(words: Sequence[str]) -> int | None:
    """Return where the command is named, behind the general options; None where that is not sure."""
    rest = list(words)
    rest.reverse()
    options = _Options(compiled.GLOBALS)
    while rest and rest[-1].startswith("-") and rest[-1] != "-":
        if not options.take(rest.pop(), rest):
            return None
    return len(words) - len(rest) if rest else None


def read_globals(words: Sequence[str]) -> dict[str, Any]:
    """Return the general options in words that ``place_of_command`` has passed, by field."""
    options = _Options(compiled.GLOBALS)
    rest = list(reversed(words))
    while rest:
        options.take(rest.pop(), rest)
    return _globals(options.given)


def read_options(command: str, words: Sequence[str]) -> dict[str, Any] | None:
    """Return what words give to a command, by parameter, without its global options; None where that is not sure."""
    entry = compiled.COMMANDS[command]
    assert isinstance(entry, str)
    of_command = _Options(entry, command)
    given = of_command.read(list(reversed(words)))
    return None if given is None or of_command.helps or _globals(given) else given


def names_fields(command: str, rest: Sequence[str]) -> bool:
    """Return whether the last of these words names fields of what a command prints, and not something else."""
    if not rest or not rest[-1][:1].islower():
        return False
    from tix.cli.shapes import fields

    return fields.are_fields(command, rest[-1])


def _command(rest: list[str]) -> tuple[str, str | tuple[str, ...] | None]:
    """Take the name of a command; return it as the table has it, with its entry.

    The entry of none is None; a group is returned where its help is asked for.
    """
    word = rest.pop()
    name = compiled.ALIASES.get(word, word)
    entry = compiled.COMMANDS.get(name)
    if entry is None and word.isdecimal() and word.isascii():
        rest.append(word)  # tix 12 is tix show 12
        name, entry = "show", compiled.COMMANDS["show"]
    while isinstance(entry, tuple):  # a group, and what it has; the first is meant where none is named
        if rest and rest[-1] in HELP_OPTIONS:
            return name, entry if len(rest) == 1 else None
        inner = entry[0] if not rest or rest[-1].startswith("-") else rest.pop()
        if inner not in entry:
            return name, None
        name = f"{name} {inner}"
        entry = compiled.COMMANDS[name]
    return name, entry


def _globals(given: dict[str, Any]) -> dict[str, Any]:
    """Remove the global options from what was given, and return them by field."""
    return {name[1:]: given.pop(name) for name in list(given) if name.startswith(".")}


class _Options:
    """The options of one entry, and what was given of them."""

    def __init__(self, entry: str, command: str = "") -> None:
        self._command = command
        self.given: dict[str, Any] = {}
        self.helps = False
        self._known: dict[str, tuple[str, str]] = {}
        self._arguments: list[str] = []
        self._required: list[str] = []
        for word in entry.split():
            names, equals, parameter = word.partition("=")
            if not equals:
                self._arguments.append(word)
                continue
            parameter, _, kind = parameter.partition(":")
            if kind.endswith("!"):
                self._required.append(parameter)
                kind = kind[:-1]
            for name in names.split(","):
                self._known[name] = (parameter, kind)

    def read(self, rest: list[str]) -> dict[str, Any] | None:
        """Return the value of each parameter that was given; None for a command line that is left to Typer."""
        words: list[str] = []
        while rest:
            word = rest.pop()
            if word == "--":
                words += reversed(rest)
                break
            if word.startswith("-") and word != "-":
                if not self.take(word, rest):
                    return None
            else:
                words.append(word)
        sure = self.helps or (self._place(words) and all(name in self.given for name in self._required))
        return self.given if sure else None

    def take(self, word: str, rest: list[str]) -> bool:
        """Take one option, and its value from the end of ``rest``; return whether that is sure."""
        if word in HELP_OPTIONS:
            self.helps = True
            return True
        name, equals, value = word.partition("=")
        found = self._known.get(name if equals else word)
        if found is None or (equals and not name.startswith("--")):
            if word.startswith("--"):
                return False
            return self._take_short(word, rest)
        parameter, kind = found
        if kind in ("t", "f"):
            self.given[parameter] = kind == "t"
            return not equals
        if kind == "j" and not equals:
            self.given[parameter] = rest.pop() if names_fields(self._command, rest) else ALONE
            return True
        if not equals:
            if not rest:
                return False
            value = rest.pop()
        return self._set(parameter, kind, value)

    def _take_short(self, word: str, rest: list[str]) -> bool:
        """Take the options of ``-ef``, or ``-pVALUE``."""
        for place, letter in enumerate(word[1:], start=2):
            found = self._known.get(f"-{letter}")
            if found is None:
                return False
            parameter, kind = found
            if kind in ("t", "f"):
                self.given[parameter] = kind == "t"
                continue
            if place < len(word):
                return self._set(parameter, kind, word[place:])
            return bool(rest) and self._set(parameter, kind, rest.pop())
        return True

    def _set(self, parameter: str, kind: str, value: str) -> bool:
        if kind in ("s", "j"):
            self.given[parameter] = value
        elif kind == "+":
            self.given.setdefault(parameter, []).append(value)
        elif not value.isascii():
            return False
        elif kind.startswith("i"):
            low, _, high = kind[1:].partition("..")
            if not value.isdecimal() or len(value) > _MOST_DIGITS:
                return False
            number = int(value)
            if (low and number < int(low)) or (high and number > int(high)):
                return False
            self.given[parameter] = number
        elif kind == "d" and value.replace(".", "", 1).isdecimal():
            self.given[parameter] = float(value)
        else:
            return False
        return True

    def _place(self, words: list[str]) -> bool:
        """Give the arguments their words: one each, and the rest to the one that takes several."""
        several = [place for place, one in enumerate(self._arguments) if one[-1] in "+*"]
        before = several[0] if several else len(self._arguments)
        after = len(self._arguments) - before - 1 if several else 0
        if len(several) > 1 or any(one.endswith("x") for one in self._arguments):
            return False
        first, last = words[:before], words[max(before, len(words) - after) :] if after else []
        middle = words[before : len(words) - after] if several else words[before:]
        if (middle and not several) or len(last) < after:
            return False
        for place, argument in enumerate(self._arguments):
            parameter, _, kind = argument.partition(":")
            if place == before:
                if middle:
                    self.given[parameter] = middle
                elif kind == "+":
                    return False
                continue
            found = first if place < before else last
            at = place if place < before else place - before - 1
            if at < len(found):
                self.given[parameter] = found[at]
            elif kind == "1":
                return False
        return True
