"""`--read-only`, `--timeout` and `--if-version`: what keeps a command from doing more than was meant."""

import pytest

from tests.harness import Shell
from tix.cli import app, declared


@pytest.fixture
def desk(peopled: Shell) -> Shell:
    peopled.tix("new", "Printer", "-m", "x", "--for", "lan", as_="sam")
    return peopled


WRITES = (
    ("edit", 1, "-p", "low"),
    ("new", "A", "-m", "x"),
    ("note", 1),
    ("user", "add", "x"),
    ("tick",),
    ("undo",),
)


@pytest.mark.parametrize("words", WRITES, ids=lambda words: words[0])
def test_nothing_is_written_where_only_reading_is_allowed(desk: Shell, words):
    before = desk.tix("export").out
    for typed, env in (
        ((*words, "--read-only"), {}),
        (("--read-only", *words), {}),
        (words, {"TIX_READ_ONLY": "1"}),
    ):
        assert desk.tix(*typed, "--json", env=env, stdin="text", check=5).error["code"] == "read-only"
    assert desk.tix("export").out == before
    desk.tix("list", "--read-only")
    desk.tix("edit", 1, "-p", "low", "--dry-run", "--read-only")
    desk.tix("edit", 1, "-p", "low", env={"TIX_READ_ONLY": "0"})


def test_a_desk_is_not_created_by_reading_only(tmp_path):
    shell = Shell(tmp_path)
    shell.tix("new", "A", "-m", "x", "--read-only", check=5)
    shell.tix("init", "--read-only", check=5)
    assert not shell.store.exists()


def test_a_rehearsal_creates_no_desk_where_only_reading_is_allowed(tmp_path):
    shell = Shell(tmp_path)
    shell.tix("close", 1, "--dry-run", "--read-only", check=3)
    assert not shell.store.exists()
    shell.close()


def test_a_command_that_calls_itself_a_reader_cannot_write(desk: Shell, monkeypatch):
    """The store is not opened for writing, whatever a command declares."""
    from tix.cli.commands import priority

    before = desk.store.read_bytes()
    monkeypatch.setattr(priority.COMMANDS["add"], "reads", True)
    assert desk.tix("priority", "add", "later", "--read-only", "--json", check=5).error["code"] == "read-only"
    assert desk.store.read_bytes() == before


def test_what_lists_or_shows_is_known_to_read():
    reads = {
        " ".join(path): node.reads for path, node in declared.everything() if isinstance(node, app.Command)
    }
    for name, does in reads.items():
        if name.endswith((" list", " show")) or name in (
            "list",
            "show",
            "search",
            "log",
            "why",
            "stats",
            "whoami",
        ):
            assert does, name
        if name.endswith((" add", " edit", " rm")) or name in (
            "new",
            "edit",
            "close",
            "merge",
            "delete",
            "import",
        ):
            assert not does, name


def test_a_command_that_takes_too_long_ends(desk: Shell):
    error = desk.tix("log", "--follow", "--timeout", "0.3", "--json", process=True, check=6).error
    assert (error["code"], error["retryable"]) == ("timed-out", True)
    assert desk.tix("list", "--timeout", "60", "-o", "ids").refs == ["TIX-1"]
    for wrong in ("0", "-1", "nan", "x", "inf"):
        desk.tix("list", f"--timeout={wrong}", check=2)


@pytest.mark.parametrize(
    "words",
    [
        ("edit", 1, "-p", "low"), ("reply", 1, "-m", "x"), ("note", 1, "-m", "x"), ("close", 1), ("assign", 1, "kim"),
        ("claim", 1), ("snooze", 1, "--until", "2026-12-01"), ("follow", 1), ("delete", 1, "--yes"),
    ],
    ids=lambda words: words[0],
)  # fmt: skip
def test_a_write_to_another_version_is_refused(desk: Shell, words):
    version = desk.tix("show", 1, "--json").json["version"]
    words = list(words)
    at = words.index(1) + 1
    stale = [*words[:at], *words[at:]]
    before = desk.tix("show", 1, "--json").out
    assert desk.tix(*stale, "--if-version", version + 7, "--json", check=5).error["code"] == "stale-version"
    assert desk.tix("show", 1, "--json").out == before
    desk.tix(*words, "--if-version", version)
