"""The table of commands in cli/main.py says what the commands say themselves."""

import importlib

import pytest
from tix.cli.main import COMMANDS

from tests.harness import Shell


def test_there_are_commands():
    assert {"new", "list", "show", "reply", "close"} <= set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_table_can_be_imported(name: str):
    assert importlib.import_module(COMMANDS[name][0]).__doc__


@pytest.mark.parametrize("name", [name for name, (_, line) in COMMANDS.items() if line])
def test_the_line_of_the_table_is_the_command_s_own(name: str, desk: Shell):
    """`tix --help` reads the table alone; the command's own help has to begin with the same line."""
    line = COMMANDS[name][1]
    usage, _, rest = desk.tix(name, "--help").out.partition("\n\n")
    assert usage.lower().startswith("usage:")
    assert " ".join(rest.split()).startswith(line)


def test_the_help_of_the_program_lists_every_command(desk: Shell):
    """One line each, from the table; hidden commands have no line."""
    told = desk.tix("--help").out
    listed = {line.split()[0] for line in told.splitlines() if line.startswith("  ") and line.split()}
    assert {name for name, (_, line) in COMMANDS.items() if line} <= listed
