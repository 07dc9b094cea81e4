"""What stderr says under `--json`: objects, one a line. `tests.harness` looks at every command of every test."""

import json

import pytest

from tests.harness import Shell
from tix.cli.errors import failure_text
from tix.errors import NotFound, StoreBusy, Throttled


@pytest.mark.parametrize("how", [("--json",), ("--json=ref",), ("-o", "json"), ("-ojsonl",), ("--jq", ".")])
def test_what_is_said_is_a_notice(peopled: Shell, how):
    peopled.tix("new", "A", "-m", "x")
    peopled.tix("new", "B", "-m", "x")
    peopled.tix("link", 1, "blocks", 2)
    done = peopled.tix("edit", 1, "-p", "medium", *how)
    assert json.loads(done.err) == {"notice": {"message": "TIX-1: nothing to change."}}
    assert peopled.tix("edit", 1, "-p", "medium", "--quiet", *how).err == ""
    said = [
        json.loads(line)
        for line in peopled.tix("edit", "1-2", "-p", "low", "--dry-run", *how).err.splitlines()
    ]
    assert {"notice": {"message": "Nothing was written (--dry-run)."}} in said


def test_words_stay_words_without_json(peopled: Shell):
    peopled.tix("new", "A", "-m", "x")
    assert peopled.tix("edit", 1, "-p", "medium").err == "TIX-1: nothing to change.\n"


@pytest.mark.parametrize(
    ("typed", "fix"),
    [
        (("lsit", "--json"), ["tix", "list", "--json"]),
        (("--quiet", "user", "shwo", "sam", "--json"), ["tix", "--quiet", "user", "show", "sam", "--json"]),
        (("list", "--nope", "--json"), None),
    ],
)
def test_a_mistake_comes_with_the_command_line_that_would_have_worked(peopled: Shell, typed, fix):
    error = peopled.tix(*typed, check=None).error
    assert (error["fix"], error["retryable"]) == (fix, False)


def test_a_missing_confirmation_is_the_fix(peopled: Shell):
    peopled.tix("token", "add", "ci", "--user", "sam", "--scope", "read")
    typed = ("token", "rm", "ci", "--json")
    error = peopled.tix(*typed, check=2).error
    assert error["fix"] == ["tix", *typed, "--yes"]
    peopled.tix(*error["fix"][1:])


def test_what_may_work_later_is_retryable():
    for error, retryable in (
        (StoreBusy("busy"), True),
        (Throttled("slow", 3), True),
        (NotFound("no"), False),
    ):
        assert json.loads(failure_text(error, as_json=True))["error"]["retryable"] is retryable
