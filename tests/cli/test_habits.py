"""Habits of people who live in a shell: what `--fail-empty`, `--strict`, `--confirm`, `--wide` and their like do."""

import pytest

from tests.harness import Shell


@pytest.fixture
def desk(peopled: Shell):
    peopled.tix("new", "Printer jams", "-m", "smoke", "--for", "lan", "-p", "high")
    peopled.tix("new", "Screen dark", "-m", "black", "--for", "ana")
    return peopled


# ---------------------------------------------------------------------------------------------- --fail-empty


@pytest.mark.parametrize(
    ("words", "out"),
    [
        (("list", "--tag", "none-such"), ""),
        (("list", "--tag", "none-such", "--json"), "[]\n"),
        (("list", "--tag", "none-such", "--json", "--limit", 5), "[]\n"),
        (("list", "--tag", "none-such", "-o", "jsonl"), ""),
        (("list", "--tag", "none-such", "-o", "ids"), ""),
        (("list", "--tag", "none-such", "--count"), "0\n"),
        (("search", "zebra"), ""),
        (("search", "zebra", "--json"), "[]\n"),
        (("search", "zebra", "--json", "--limit", 5), "[]\n"),
        (("search", "zebra", "--count"), "0\n"),
    ],
)
def test_nothing_found_is_no_failure_unless_somebody_says_so(
    desk: Shell, words: tuple[object, ...], out: str
):
    """What is printed is the same; only the exit status says it."""
    assert desk.tix(*words).out == out
    failed = desk.tix(*words, "--fail-empty", check=3)
    assert (failed.out, failed.err) == (out, "")


@pytest.mark.parametrize("how", [(), ("--json",), ("--json", "--limit", 1), ("-o", "jsonl"), ("--count",)])
def test_what_is_found_is_never_a_failure(desk: Shell, how: tuple[object, ...]):
    for words in (("list",), ("search", "printer")):
        assert desk.tix(*words, *how, "--fail-empty").out == desk.tix(*words, *how).out != ""


def test_a_watch_has_no_end_that_could_fail(desk: Shell):
    with desk.terminal("list", "--watch", 5, "--fail-empty") as terminal:
        terminal.expect("--watch and --fail-empty cannot be combined")
        terminal.wait(check=2)
