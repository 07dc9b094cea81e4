"""The table of commands in cli/main.py says what the commands say themselves."""

import importlib
from collections.abc import Iterator
from typing import Any

import pytest

from tests.harness import Shell
from tix.cli.commands import COMMANDS, HIDDEN
from tix.cli.pages import all_pages


def test_there_are_commands():
    assert {"new", "list", "show", "reply", "close"} <= set(COMMANDS)


@pytest.mark.parametrize("name", [*COMMANDS, *HIDDEN])
def test_every_command_of_the_tables_can_be_imported(name: str):
    module, line = (COMMANDS | HIDDEN)[name]
    assert importlib.import_module(module).__doc__
    assert line


@pytest.mark.parametrize("name", COMMANDS)
def test_the_line_of_the_table_is_the_command_s_own(name: str, desk: Shell):
    """`tix --help` reads the table alone; the command's own help has to begin with the same line."""
    line = COMMANDS[name][1]
    told, _, rest = desk.tix(name, "--help").out.partition("\nUsage: ")
    module = importlib.import_module(COMMANDS[name][0])
    own = module.__doc__ if hasattr(module, "COMMANDS") else line
    assert " ".join(told.split()).startswith(" ".join(own.split()))
    assert rest.startswith(f"tix {name} [")


def _verbs(path: tuple[str, ...], nodes: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], str | None]]:
    """Every verb below a noun with its line; a group of its own has none."""
    for name, command in nodes.items():
        if isinstance(command, dict):
            yield (*path, name), None
            yield from _verbs((*path, name), command)
        else:
            yield (*path, name), command.help.strip().split("\n")[0]


NOUNS = {
    name: module.COMMANDS
    for name, (path, _) in COMMANDS.items()
    if hasattr(module := importlib.import_module(path), "COMMANDS")
}
VERBS = [one for name, nodes in NOUNS.items() for one in _verbs((name,), nodes)]


def test_there_is_a_group_in_a_group():
    assert ("topic", "field", "add") in [path for path, _ in VERBS]


@pytest.mark.parametrize("noun", NOUNS)
def test_the_help_of_a_noun_has_its_verbs_each_with_a_line(noun: str, desk: Shell):
    """Those of a group in it, too; each verb has a line of its own."""
    told: dict[tuple[str, ...], str] = {}
    for path, line in VERBS:
        if path[0] == noun:
            group = path[:-1]
            if group not in told:
                told[group] = desk.tix(*group, "--help").out.partition("Commands:")[2].partition("Without")[0]
            rows = [row.split() for row in told[group].splitlines() if row.startswith("  ") and row[2] != " "]
            lines = {words[0]: " ".join(words[1:]) for words in rows}
            assert path[-1] in lines
            assert line is None or (line and line.startswith(lines[path[-1]]))


def test_the_help_of_the_program_is_the_table(desk: Shell):
    """One line each, from the table; what is hidden has none."""
    told = desk.tix("--help").out
    listed = [line.split()[0] for line in told.splitlines() if line.startswith("  ")]
    assert sorted(name for name in listed if name in COMMANDS or name in HIDDEN) == sorted(COMMANDS)


def test_every_command_is_in_one_group_of_the_help():
    """A new one gets its place; until then it is listed at the end."""
    assert sorted(name for names in all_pages.GROUPS.values() for name in names) == sorted(COMMANDS)
