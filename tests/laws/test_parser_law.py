"""Two readers of command lines agree: the small one by the compiled table, and Typer by the declarations.

Whatever `tix.cli.parser` accepts means the same to Typer: the same command, the same global options, the same values.
It may leave a line to Typer at any time, and never accepts what Typer refuses. Command lines are made of every command
with its own options in every spelling, of values that look like options, of words that nothing knows; the same number
of the test's seed gives the same lines. Each planted fault has to be found.
"""

from __future__ import annotations

import contextlib
import io
import random
import re
import shlex
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tix.cli import app, compiled, declared, explained, parser
from tix.cli.compiled import ALIASES
from tix.cli.declared import Parameter
from tix.cli.parameters import Option
from tix.cli.session import Invocation
from tix.errors import TixError

Read = Callable[[list[str]], parser.Call | None]
# A whole name, the global options, and what was given.
Meaning = tuple[str, dict[str, Any], dict[str, Any]]

VALUES = (
    "x", "", "-", "--", "-x", "--json", "-5", "5", "0", "64", "65", "99999999999999999999", "1.5", ".5", "1_000", " 5",
    "٣", "½", "1e3", "-1", "a=b", "a,b", "a b", "none", "12", "TIX-12", "\n", "ä", "--limit=3", "-s", "=", "@me",
    "ref", "name,role", "ref,nope", "*",
)  # fmt: skip
STRANGE = (
    "--nope",
    "--jso",
    "--json=",
    "-Z",
    "-",
    "--",
    "--=",
    "-=",
    "---",
    "--no-inputs",
    "-ojson",
    "-x",
    "--help",
    "-h",
)


@cache
def commands() -> list[tuple[tuple[str, ...], list[Parameter]]]:
    return [
        (path, declared.parameters(node))
        for path, node in declared.everything()
        if isinstance(node, app.Command)
    ]


def spelled(rng: random.Random, parameter: Parameter) -> list[str]:
    """One option as somebody may write it."""
    told = parameter.declared
    assert isinstance(told, Option)
    name = rng.choice([part for name in told.names for part in name.split("/")])
    if told.alone is not None and rng.random() < 0.4:
        return [name]
    if parameter.type is bool:
        return [name] if rng.random() < 0.95 else [f"{name}=x"]
    value = (
        rng.choice(("3", "0", "64", "65"))
        if parameter.type is int and rng.random() < 0.5
        else rng.choice(VALUES)
    )
    if name.startswith("--"):
        return [f"{name}={value}"] if rng.random() < 0.4 else [name, value]
    flags = rng.choice(("", "", "", "e", "q"))
    return [f"-{flags}{name[1]}{value}"] if rng.random() < 0.5 else [f"-{flags}{name[1]}", value]


def line(rng: random.Random, path: tuple[str, ...], parameters: list[Parameter]) -> list[str]:
    """A command line, most of the time one that means something."""
    options = [one for one in parameters if isinstance(one.declared, Option)]
    arguments = [one for one in parameters if one not in options]
    everywhere = [one for one in options if one.name.startswith(".")]
    wanted = [one for one in options if one.is_required and rng.random() < 0.9]
    wanted += rng.sample(options, min(len(options), rng.choice((0, 1, 1, 2, 3, 6))))
    if wanted and rng.random() < 0.3:
        wanted.append(rng.choice(wanted))
    parts = [spelled(rng, one) for one in wanted]
    for one in arguments:
        times = rng.choice((1, 1, 1, 2)) if one.many else 1
        parts += [[rng.choice(VALUES if rng.random() < 0.4 else ("12", "x", "kim"))] for _ in range(times)]
        if not one.is_required and rng.random() < 0.5:
            parts.pop()
    if rng.random() < 0.12:
        parts.append([rng.choice(STRANGE)])
    if rng.random() < 0.08:
        parts.append([rng.choice(VALUES)])
    rng.shuffle(parts)
    name = list(path[: rng.choice((1, len(path)))] if rng.random() < 0.1 else path)
    known = {target: alias for alias, target in ALIASES.items()}
    if rng.random() < 0.1:
        name[0] = known.get(name[0], name[0])
    before = [word for one in everywhere if rng.random() < 0.04 for word in spelled(rng, one)]
    if rng.random() < 0.02:
        before.append(rng.choice(STRANGE))
    return [*before, *name, *(word for part in parts for word in part)]


def lines(seed: int, each: int) -> Iterator[list[str]]:
    """So many lines of every command, and some that name none."""
    rng = random.Random(seed)
    yield from (
        [],
        ["12"],
        ["12", "--json"],
        ["--", "list"],
        ["--store", "x", "7"],
        ["--store"],
        ["ls", "x"],
        ["٣"],
    )
    yield from (
        ["__complete", "--", *words] for words in ([], [""], ["list", "--"], ["--", "-x"], ["--help"])
    )
    yield from (
        [
            ["__complete"],
            ["__complete", "x"],
            ["--store", "s", "__complete", "--", "a"],
            ["user"],
            ["mail", "text"],
        ]
    )
    yield from (
        line.split()
        for line in (
            "--help", "-h", "--store x -h list", "--help --nope", "--nope --help", "user -h", "user --help list", "user -h --nope",
            "user --json -h", "user list --help", "12 -h", "--store x list -h", "list --help --limit", "list --limit x -h",
            "note 1 -m --help", "note 1 -m x --help", "topic field -h", "topic field add --help", "ls -h", "help", "help list",
            "help -h", "list -- --help", "list --help=1", "list -eh", "assign -h --as x",
        )
    )  # fmt: skip
    yield from (
        ["user", "--json"],
        ["user", "--as", "x", "list"],
        ["user", "--", "list"],
        ["mail", "outbox", "--json"],
    )
    for path, parameters in commands():
        for _ in range(each):
            yield line(rng, path, parameters)


# ------------------------------------------------------------------------------------------------ the two readers


@pytest.fixture(scope="module", autouse=True)
def _built_once():
    """Typer's commands are built once; building one for each line would be most of the time."""
    kept, built = explained._build, {}

    def build(name: str, node: Any, about: str, epilog: str | None) -> Any:
        if id(node) not in built:
            built[id(node)] = kept(name, node, about, epilog)
        return built[id(node)]

    explained._build = build
    yield
    explained._build = kept


def by_typer(words: list[str], monkeypatch: pytest.MonkeyPatch) -> Meaning | None:
    """What Typer makes of a command line: what would be run, or None where it refuses or prints help."""
    called: list[Meaning] = []

    def note(self: Any, early: Invocation, name: str, given: dict[str, Any]) -> None:  # as Command.run
        called.append((name or parser.HOME, dict(early.given), dict(given)))

    with monkeypatch.context() as patched:
        patched.setattr(app.Command, "run", note)
        patched.setattr(app.Words, "run", note)
        patched.setattr("sys.stdout", Terminal())
        with contextlib.suppress(TixError):
            explained.run(Invocation(words))
    return called[0] if called else None


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def by_table(words: list[str], read: Read = parser.read) -> Meaning | None:
    call = read(words)
    return None if call is None else (call.name, call.options, call.given)


def differences(
    some: Iterator[list[str]], monkeypatch: pytest.MonkeyPatch, read: Read = parser.read
) -> Iterator[Any]:
    """The lines that the table reads and Typer reads otherwise, or refuses."""
    for words in some:
        small = by_table(words, read)
        if small is not None and small != (whole := by_typer(words, monkeypatch)):
            yield words, small, whole


# ---------------------------------------------------------------------------------------------------------- the law


def test_the_table_and_typer_agree(monkeypatch):
    assert list(differences(lines(1, each=6), monkeypatch)) == []


@pytest.mark.long
@pytest.mark.parametrize("seed", range(8))
def test_the_table_and_typer_agree_on_many(seed, monkeypatch):
    assert list(differences(lines(100 + seed, each=40), monkeypatch)) == []


def test_few_lines_are_left_to_typer(monkeypatch):
    """Of the random lines that Typer accepts, most are read by the table; strange numbers are not."""
    accepted = [
        (words, by_table(words)) for words in lines(2, each=3) if by_typer(words, monkeypatch) is not None
    ]
    left = [words for words, small in accepted if small is None]
    assert len(accepted) > 300
    assert len(left) < 0.06 * len(accepted)


DOCS = Path(__file__).parents[2]


def examples() -> list[list[str]]:
    """The command lines in the documentation's examples, without what the shell does to them."""
    found = []
    for page in (DOCS / "README.md", *sorted((DOCS / "docs").glob("*.md"))):
        for block in re.findall(
            r"^```(?:sh|console|bash)?\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
        ):
            for text in block.splitlines():
                match = re.match(r"(?:\$ )?tix ([^|<>;&`$]*)$", text.partition("  #")[0].rstrip())
                if match:
                    with contextlib.suppress(ValueError):  # a quote that goes on on the next line
                        found.append(shlex.split(match[1]))
    return found


def test_the_examples_of_the_documentation_are_read_by_the_table(monkeypatch):
    """Fewer than 3 in 100 of those that mean something are left to Typer."""
    accepted = [words for words in examples() if by_typer(words, monkeypatch) is not None]
    left = [words for words in accepted if by_table(words) is None]
    assert len(accepted) > 100
    assert len(left) < 0.03 * len(accepted), left


# ----------------------------------------------------------------------------------------------------- planted faults

PLANTED = {
    "a list keeps its last value only": lambda entry: re.sub(r":\+(?= |$)", ":s", entry),
    "flags say the contrary": lambda entry: entry.replace(":t", ":f"),
    "numbers have no bounds": lambda entry: re.sub(r":i[0-9]*\.\.[0-9]*", ":i..", entry),
    "numbers are texts": lambda entry: re.sub(r":i[0-9]*\.\.[0-9]*", ":s", entry),
    "nothing is required": lambda entry: entry.replace("!", "").replace(":1", ":?"),
    "several arguments may be none": lambda entry: re.sub(r"^(\w+):\+", r"\1:*", entry),
    "a flag takes a value": lambda entry: entry.replace("--json=output.json:j", "--json=output.json:s"),
    "an option has another's parameter": lambda entry: entry.replace("=output.raw:", "=output.json:"),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_table_with_a_fault_is_found(fault, monkeypatch):
    change = PLANTED[fault]
    wrong = {
        name: change(entry) if isinstance(entry, str) else entry for name, entry in compiled.COMMANDS.items()
    }
    monkeypatch.setattr(compiled, "COMMANDS", wrong)
    assert next(differences(lines(3, each=240), monkeypatch), None)


READERS: dict[str, Read] = {
    "`--` is an argument": lambda words: parser.read([word if word != "--" else "x" for word in words]),
    "`--opt=value` is cut at the last sign": lambda words: parser.read([re.sub(r"^(--\w+=.*)=.*", r"\1", one) for one in words]),
    "the last word is lost": lambda words: parser.read(words[:-1]),
    "empty words are dropped": lambda words: parser.read([word for word in words if word]),
}  # fmt: skip


@pytest.mark.parametrize("fault", READERS)
def test_a_reader_with_a_fault_is_found(fault, monkeypatch):
    assert differences(lines(3, each=2), monkeypatch, READERS[fault])
