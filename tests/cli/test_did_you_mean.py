"""A word that tix does not know gets what people mean by it, else what is spelled almost the same. It is never run."""

import pytest

from tests.harness import Shell
from tix.cli import declared
from tix.cli.app import Command
from tix.cli.commands import COMMANDS
from tix.cli.help import names
from tix.cli.parameters import Option

VERBS = {path[-1] for path, _ in declared.everything() if len(path) > 1}
OPTIONS = {
    part
    for _, node in declared.everything()
    if isinstance(node, Command)
    for one in declared.parameters(node)
    if isinstance(one.declared, Option)
    for name in one.declared.names
    for part in name.split("/")
}


def test_what_is_meant_is_there():
    """A word of the table is no command; what it means begins with one, and its options exist."""
    assert not names.COMMANDS.keys() & COMMANDS.keys()
    for meant in (meant for some in names.COMMANDS.values() for meant in some if meant != "--version"):
        first, *rest = meant.split()
        assert first in COMMANDS
        assert {word for word in rest if word.startswith("--")} <= OPTIONS
        assert not isinstance(node := declared.load(first), dict) or not rest or rest[0] in node


def test_there_are_some_forty_words():
    assert len(names.COMMANDS) >= 40
    assert len(names.VERBS) >= 10
    assert len(names.OPTIONS) >= 30


def test_the_verbs_and_options_that_are_meant_are_there():
    assert {meant for some in names.VERBS.values() for meant in some} <= VERBS
    assert {meant for some in names.OPTIONS.values() for meant in some} <= OPTIONS


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("comment 1", "did you mean tix reply or tix note?"),
        ("take 1", "did you mean tix claim?"),
        ("create x", "did you mean tix new?"),
        ("add x", "did you mean tix new?"),
        ("Update 1", "did you mean tix edit?"),
        ("done 1", "did you mean tix resolve?"),
        ("rm 1", "did you mean tix delete?"),
        ("history 1", "did you mean tix log?"),
        ("wake 1", "did you mean tix snooze ID --until none?"),
        ("queue", "did you mean tix list?"),
        ("commnet 1", "did you mean tix reply or tix note?"),
        ("lsit", "did you mean tix list?"),
        ("zzzz", "for the list of commands: tix --help"),
        ("user create x", "did you mean tix user add?"),
        ("invoice new", "did you mean tix invoice create?"),
        ("client delete x", "did you mean tix client rm?"),
        ("client qqqq", "for the list of commands: tix client --help"),
        ("topic field update", "did you mean tix topic field edit?"),
        ("list --prio high", "did you mean --priority?"),
        ("list --label x", "did you mean --tag?"),
        ("new --body x", "did you mean --message?"),
        ("list --jso", "did you mean --json?"),
        ("list --statsu x", "did you mean --status?"),
        ("list --wwww", "tix list --help"),
        ("--colour never list", "did you mean --color?"),
    ],
)
def test_the_hint_names_it(line: str, hint: str, desk: Shell):
    """With exit code 2; nothing is written."""
    told = desk.tix(*line.split(), check=2)
    assert told.err.splitlines()[1] == f"  hint: {hint}"
    assert not desk.store.exists()


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        (("list", "--priorty", "high"), "did you mean --priority?"),
        (("stats", "--topic", "x"), "tix stats --help"),  # not --utc, which has only the dashes in common
        (("list", "-z"), "tix list --help"),
    ],
)
def test_an_option_is_suggested_only_where_it_is_near(desk, line, hint):
    assert desk.tix(*line, check=2).err.splitlines()[-1] == f"  hint: {hint}"
