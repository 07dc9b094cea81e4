"""The table of commands in cli/main.py says what the commands say themselves."""

import importlib

import pytest

from tests.harness import Shell
from tix.cli.main import COMMANDS, HIDDEN


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
    usage, _, rest = desk.tix(name, "--help").out.partition("\n\n")
    assert usage.lower().startswith("usage:")
    assert " ".join(rest.split()).startswith(line)


def test_the_help_of_the_program_is_the_table(desk: Shell):
    """One line each, from the table; what is hidden has none."""
    told = desk.tix("--help").out
    listed = [
        line.split()[0] for line in told.partition("Commands:")[2].splitlines() if line.startswith("  ")
    ]
    assert [name for name in listed if name in COMMANDS or name in HIDDEN] == list(COMMANDS)
