"""A command inside the process of its test is that of a real one, and leaves nothing behind."""

import gc
import os
import signal
import sys
import tempfile
import time
import warnings
from pathlib import Path

import pytest

from tests import harness, in_process
from tests.harness import ALL_REAL, Shell

NOW = "2026-11-22T09:00:00Z"
pytestmark = pytest.mark.skipif(ALL_REAL, reason="all commands are real processes")


def process() -> dict[str, object]:
    """What a command could change of its process."""
    mask = os.umask(0)
    os.umask(mask)
    wakeup = signal.set_wakeup_fd(-1)
    signal.set_wakeup_fd(wakeup)
    return {
        "environment": dict(os.environ),
        "folder": Path.cwd(),
        "mask": mask,
        "zone": time.tzname,
        "handlers": {number: signal.getsignal(number) for number in signal.valid_signals()},
        "wakeup": wakeup,
        "alarm": signal.getitimer(signal.ITIMER_REAL),
        "streams": [getattr(sys, name) for name in in_process._STREAMS],
        "descriptors": sorted(os.listdir("/dev/fd")),  # noqa: PTH208  # the names, of what is open right now
        "words": list(sys.argv),
        "hooks": (sys.unraisablehook, sys.excepthook),
        "warnings": list(warnings.filters),
        "temporary": tempfile.gettempdir(),
        "garbage": gc.get_threshold(),
    }


SOME = (
    ("list", "--json"), ("list",), ("show", "1"), ("show", "99"), ("show", "1", "-o", "table"), ("nonsense",),
    ("note", "1", "-m", ""), ("search", "smoke"), ("export",), ("db", "check"), ("list", "--debug", "-s", "odd"),
)  # fmt: skip


def test_it_answers_as_a_real_process(desk: Shell):
    """Bytes of both streams and the exit code."""
    desk.now = NOW
    desk.tix("new", "Printer", "-m", "It smokes.")
    for words in SOME:
        inside, real = desk.tix(*words, check=None), desk.tix(*words, check=None, process=True)
        assert inside[1:] == real[1:], words


def test_it_leaves_its_process_as_it_was(desk: Shell):
    """Whether it succeeds, is refused, cannot be parsed, or has its own idea of zone and folder for files."""
    desk.tix("new", "Printer", "-m", "smoke")
    before = process()
    for words in (
        ("list",),
        ("show", "99"),
        ("--nonsense",),
        ("export", "-o", "csv"),
        ("note", "1", "-m", "-"),
    ):
        desk.tix(*words, check=None, env={"TZ": "Asia/Tokyo", "TIX_EDITOR": "true"}, stdin="read")
        assert process() == before, words


def test_nothing_of_one_is_in_the_next(desk: Shell):
    """Neither who acts, nor when, nor the zone, nor what was typed."""
    desk.tix("new", "Printer", "-F", "-", stdin="smoke", now=NOW)
    desk.people("sam:agent")
    first = desk.tix("show", 1, "-o", "table", now=NOW).out
    there = desk.tix("show", 1, "-o", "table", now=NOW, as_="sam", env={"TZ": "Asia/Tokyo"}).out
    assert there != first
    assert desk.tix("show", 1, "-o", "table", now=NOW).out == first
    assert desk.tix("whoami", "--json", as_="sam").json["login"] == "sam"
    assert desk.tix("whoami", "--json").json["login"] != "sam"
    assert desk.tix("note", 1, "-F", "-", check=None).code != 0


@pytest.mark.parametrize("size", [10, 70_000, 200_000])
def test_what_it_reads_is_a_pipe(desk: Shell, size: int):
    """Of any length, read or not."""
    desk.tix("new", "Printer", "-F", "-", stdin="x" * size)
    assert desk.tix("show", 1, "--json").json["thread"][0]["body"] == "x" * size
    desk.tix("whoami", stdin="x" * size)


def test_a_program_it_starts_has_its_streams(desk: Shell):
    """A pager, an editor and what they say are the command's, not the test's."""
    editor = desk.folder / "editor"
    editor.write_text('#!/bin/sh\necho said; echo "told $TIX_USER" >&2; cat; echo words > "$1"\n')
    editor.chmod(0o755)
    desk.people("sam:agent")
    done = [
        desk.tix("new", "T", "-e", as_="sam", env={"TIX_EDITOR": str(editor)}, check=None, process=process)
        for process in (False, True)
    ]
    assert done[0].raw_err == done[1].raw_err
    assert done[0].out.replace("1", "2") == done[1].out.replace("1", "2")


@pytest.mark.parametrize(
    ("words", "env", "real"),
    [
        (("list",), {}, False),
        (("list",), {"TZ": "Asia/Tokyo", "NO_COLOR": "1"}, False),
        (("__complete", "--", "show"), {}, True),
        (("list",), {"LC_ALL": "C"}, True),
        (("list",), {"PYTHONWARNINGS": "error"}, True),
    ],
)
def test_what_only_a_process_has_gets_one(desk: Shell, words, env, real):
    assert harness._wants_a_process(words, desk.environment(env=env)) is real
