"""The lines of ``tix apply``: each is a command, as a JSON object, and becomes a command line.

``{"do": "reply", "id": 12, "message": "…"}`` names a command and gives its arguments and options, by the names that
``--help`` has for them. They are those of the declarations, so that what a command takes is said once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping

from tix.cli import compiled
from tix.cli.help import names
from tix.cli.parameters import Argument
from tix.errors import InvalidValue, UsageError
from tix.typing import Any, BinaryIO, NamedTuple

# A line is a few words and a message.
LONGEST_LINE = 12_000_000
EXAMPLE = '{"do": "reply", "id": 12, "message": "Fixed."}'
_PRINTING = frozenset("output json jq jq_json template raw wide header envelope cursor".split())
_ENDLESS = frozenset({"watch", "follow"})
# What answers no line: it talks with somebody, runs on, is about another file, or commits as it goes.
_ELSEWHERE = (
    "apply", "triage", "serve", "mcp", "init", "demo", "import", "export", "tick", "draft", "completion", "help",
    "config edit", "mail in", "mail fetch", "mail send", "mail test", "mail setup", "db", "doctor", "login", "logout",
)  # fmt: skip


class Line(NamedTuple):
    """A command line: the name of its command, ``user list``, its words, and whether it writes."""

    name: str
    argv: list[str]
    writes: bool


def lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that are not blank, with their numbers. Raises InvalidValue for one without an end."""
    place = 0
    while line := stream.readline(LONGEST_LINE + 1):
        place += 1
        if len(line) > LONGEST_LINE:
            raise InvalidValue(f"line {place} is longer than {LONGEST_LINE:,} bytes")
        if line.strip():
            yield place, line


class Reader:
    """Reads lines by the declarations of commands: ``command_of`` finds one, ``parameters_of`` what it takes."""

    def __init__(self, command_of: Callable[[str], Any], parameters_of: Callable[[Any], list[Any]]) -> None:
        self._command_of, self._parameters_of = command_of, parameters_of
        self._of: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}

    def parse(self, line: bytes, key: str | None) -> Line:
        """Return the command line that a line means; ``key`` is its idempotency key, where it has none of its own.

        Raises InvalidValue, UsageError.
        """
        try:
            said = json.loads(line)
        except (ValueError, RecursionError):
            raise InvalidValue("the line is not JSON", hint=EXAMPLE) from None
        if not isinstance(said, dict) or ("do" in said) is ("argv" in said):
            raise InvalidValue("a line is an object with do, or with argv", hint=EXAMPLE)
        if "argv" in said:
            return self._of_argv(said, key)
        given = dict(said)
        words = given.pop("do")
        if not isinstance(words, str):
            raise InvalidValue("do is not a text", hint=EXAMPLE)
        name, rest = _command(words.removeprefix("tix ").split())
        if rest:
            raise UsageError(f"'{words}' is not a command", hint=f"give the rest by name: {EXAMPLE}")
        options, arguments = self._worded(name, given)
        return self._line(name, options, arguments, key)

    def _of_argv(self, said: Mapping[str, Any], key: str | None) -> Line:
        argv = said["argv"]
        if not isinstance(argv, list) or not all(isinstance(word, str) for word in argv) or len(said) > 1:
            raise InvalidValue('argv is a list of texts, and stands alone: {"argv": ["close", "12"]}')
        name, rest = _command(argv[argv[:1] == ["tix"] :])
        end = rest.index("--") if "--" in rest else len(rest)
        for word in rest[:end]:
            if word.startswith(("--w", "--fo")) and word.lstrip("-").partition("=")[0] in _ENDLESS:
                raise UsageError(f"a line takes no {word}: it would never end")
        printing = [] if any(word.startswith("--json") for word in rest[:end]) else ["--json"]
        return self._line(
            name, [*printing, *rest[:end]], rest[end + 1 :], key, is_json=True, has_end=end < len(rest)
        )

    def _line(
        self,
        name: str,
        options: list[str],
        arguments: list[str],
        key: str | None,
        *,
        is_json: bool = False,
        has_end: bool = True,
    ) -> Line:
        command = self._command_of(name)
        entry = str(compiled.COMMANDS[name])
        writes = not command.reads
        own = any(word.startswith("--idempotency-key") for word in options)
        keyed = (
            [f"--idempotency-key={key}"]
            if key and writes and not own and "--idempotency-key=" in entry
            else []
        )
        printing = [] if is_json else ["--json"]
        end = ["--", *arguments] if has_end and arguments else []
        return Line(name, [*name.split(), *printing, *keyed, *options, *end], writes)

    def _worded(self, name: str, given: Mapping[str, Any]) -> tuple[list[str], list[str]]:
        """Return what a line gives as options and as arguments. Raises UsageError, InvalidValue."""
        options, arguments = self._known(name)
        words: list[str] = []
        placed: dict[str, list[str]] = {}
        last: list[str] = []
        for key, value in given.items():
            called = key.replace("_", "-")
            found = self._argument(name, key.lower())
            if found is not None and (called not in options or found.field == key):
                placed.setdefault(found.field, []).extend(_texts(key, value))
            elif name == "assign" and key == "who":
                last = _texts(key, value)  # the last word of its references
            elif called in options and called not in _PRINTING | _ENDLESS:
                words += _option(called, options[called], value)
            else:
                raise UsageError(f"tix {name} takes no {key}", hint=self._choice(name, key))
        behind = [word for one in arguments for word in placed.get(one, ())]
        _refuse_gap(name, arguments, placed)
        return words, [*behind, *last]

    def _argument(self, name: str, key: str) -> Any | None:
        """Return the argument that a key means: by its name, or by what the help calls it: ``id``, ``who``."""
        arguments = self._known(name)[1]
        if key in arguments:
            return arguments[key]
        for one in arguments.values():
            declared_ = one.declared
            assert isinstance(declared_, Argument)
            called = declared_.metavar.strip("[]….").lower()
            if key in (called, f"{called}s" if one.many else called):
                return one
        return None

    def _choice(self, name: str, key: str) -> str:
        options, arguments = self._known(name)
        called = [str(one.declared.metavar).strip("[]….").lower() for one in arguments.values()]
        known = [*called, *(one for one in options if one not in _PRINTING | _ENDLESS)]
        import difflib

        near = difflib.get_close_matches(key.replace("_", "-"), known, n=1)
        return f"did you mean {near[0]}?" if near else f"it takes {', '.join(known)}"

    def _known(self, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the options of a command by the names that a line may use, and its arguments in their order."""
        if name not in self._of:
            options: dict[str, Any] = {}
            arguments: dict[str, Any] = {}
            for one in self._parameters_of(self._command_of(name)):
                if isinstance(one.declared, Argument):
                    arguments[one.field] = one
                    continue
                for both in one.declared.names:
                    options |= {
                        each.removeprefix("--"): one for each in both.split("/") if each.startswith("--")
                    }
            self._of[name] = options, arguments
        return self._of[name]


def _command(words: list[str]) -> tuple[str, list[str]]:
    """Return the whole name of a command and the words behind it. Raises UsageError."""
    if not words:
        raise UsageError("no command given", hint=EXAMPLE)
    name, rest = compiled.ALIASES.get(words[0], words[0]), list(words[1:])
    entry = compiled.COMMANDS.get(name)
    while isinstance(entry, tuple):
        inner = rest.pop(0) if rest and not rest[0].startswith("-") else entry[0]
        if inner not in entry:
            raise UsageError(
                f"No such command '{name} {inner}'", hint=names.near_command(inner, entry, f"tix {name}")
            )
        name = f"{name} {inner}"
        entry = compiled.COMMANDS.get(name)
    if entry is None:
        known = [one for one in compiled.COMMANDS if " " not in one and not one.startswith("_")]
        raise UsageError(f"No such command '{name}'", hint=names.near_command(name, known, "tix"))
    takes = any(name == one or name.startswith(f"{one} ") for one in _ELSEWHERE)
    if takes or "--json=" not in str(entry) or name.startswith("_"):
        raise UsageError(f"tix apply does not run tix {name}", hint=f"run it by itself: tix {name}")
    return name, rest


def _refuse_gap(name: str, arguments: Mapping[str, Any], placed: Mapping[str, list[str]]) -> None:
    """Raise UsageError where an argument is given behind one that is not: by its place it would be another."""
    missing = None
    for one in arguments:
        if one not in placed:
            missing = missing or one
        elif missing is not None:
            raise UsageError(f"tix {name} needs {missing} as well")


def _option(called: str, parameter: Any, value: Any) -> list[str]:
    """Return an option with its value, or with each of several."""
    if parameter.type is bool:
        if not isinstance(value, bool):
            raise InvalidValue(f"{called} is true or false")
        both = [one.split("/") for one in parameter.declared.names if "/" in one]
        if value or not both:
            return [f"--{called}"] if value else []
        return [one for one in both[0] if one != f"--{called}"]
    if isinstance(value, dict) and parameter.many:
        return [f"--{called}={name}={_text(called, one)}" for name, one in value.items()]
    texts = _texts(called, value)
    if len(texts) > 1 and not parameter.many:
        texts = [",".join(texts)]
    return [f"--{called}={text}" for text in texts]


def _texts(key: str, value: Any) -> list[str]:
    return [_text(key, one) for one in value] if isinstance(value, list) else [_text(key, value)]


def _text(key: str, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        what = (
            'null; "none" clears it, and what is left out stays' if value is None else "a value of that kind"
        )
        raise InvalidValue(f"{key} cannot be {what}")
    text = str(value)
    if "\0" in text:
        raise InvalidValue(f"{key} has a NUL character")
    return text
