"""What stdin supplies: references, a text or a file, one of them; and a line where nothing comes."""

import subprocess
from pathlib import Path

import pytest

from tests.harness import TIX, Shell


@pytest.fixture
def desk(tmp_path: Path) -> Shell:
    shell = Shell(tmp_path)
    shell.tix("new", "Printer", "-m", "It hums.")
    yield shell
    shell.close()


@pytest.mark.parametrize(
    "words",
    [
        ("new", "Log", "-m", "See the file."),
        ("reply", "1", "-m", "See the file."),
        ("note", "1", "-m", "See the file."),
        ("note", "1,1", "-F", "text.txt"),
        ("reply", "1", "--canned", "thanks"),
    ],
    ids=" ".join,
)
def test_a_file_comes_from_a_pipe(desk: Shell, words: tuple[str, ...]):
    """Beside others, under the name it is given."""
    (desk.folder / "text.txt").write_text("See the file.")
    (desk.folder / "b.txt").write_text("b")
    desk.tix("canned", "add", "thanks", "-m", "Thanks!")
    how = ("--attach", "b.txt", "--attach", "-", "--name", "x.log", "--json")
    made = desk.tix(*words, *how, stdin="one\n").json
    made = made[0] if isinstance(made, list) else made
    assert {
        one["name"] for one in made["thread"][-1]["attachments"] or made["thread"][-2]["attachments"]
    } == {"b.txt", "x.log"}
    desk.tix("attach", "save", made["number"], "x.log")
    assert (desk.folder / "x.log").read_text() == "one\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("note", "1", "--attach", "-", "--name", "x"), "both the text and a file"),
        (("reply", "1", "--attach", "-", "--name", "x"), "both the text and a file"),
        (("new", "A", "--attach", "-", "--name", "x"), "both the text and a file"),
        (("new", "A", "--attach", "-", "--name", "x", "-F", "-"), "both the text and a file"),
        (("note", "1", "--attach", "-", "--name", "x", "-F", "-"), "both the text and a file"),
        (("note", "-", "--attach", "-", "--name", "x", "-m", "x"), "both the references and a file"),
        (("note", "1", "--attach", "-", "-m", "x"), "a file on stdin needs a name"),
        (("note", "1", "--attach", "-", "--attach", "-", "--name", "x", "-m", "x"), "only once"),
        (("new", "A", "--attach", "-", "--name", "../x", "-m", "x"), "is not the name of a file"),
        (("note", "1", "--name", "x", "-m", "x"), "--name is for a file on stdin"),
        (("note", "1", "--edit-last", "--name", "x", "-m", "x"), "leave the other options out"),
    ],
)  # fmt: skip
def test_stdin_supplies_one_thing(desk: Shell, words: tuple[str, ...], said: str):
    """One sentence, exit 2, and nothing is written."""
    before = desk.tix("show", 1).out
    refused = desk.tix(*words, stdin="one\n", check=2)
    assert said in refused.err
    assert refused.out == ""
    assert desk.tix("show", 1).out == before
    desk.tix("show", 2, check=3)


def test_a_new_ticket_may_be_a_file_alone(desk: Shell):
    desk.tix("config", "set", "message_required", "false")
    assert desk.tix("new", "A", "--attach", "-", "--name", "x.log", stdin="one\n").out == "TIX-2\n"


@pytest.mark.parametrize(
    ("words", "fed", "said"),
    [
        (("note", "1"), b"Text.\n", b"Waiting for the text on stdin"),
        (("new", "A", "-F", "-"), b"Text.\n", b"Waiting for the text on stdin"),
        (("close", "-"), b"1\n", b"Waiting for references on stdin"),
        (("attach", "add", "1", "-", "--name", "x"), b"x", b"Waiting for the file on stdin"),
        (("note", "1", "--quiet"), b"Text.\n", b""),
        (("note", "1", "--json"), b"Text.\n", b'{"notice": {"message": "Waiting for the text on stdin'),
    ],
)
def test_a_silent_pipe_is_told_after_a_second(desk: Shell, words: tuple[str, ...], fed: bytes, said: bytes):
    """Then it waits on: what comes later is taken."""
    started = subprocess.Popen(
        [*TIX, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=desk.environment(),
    )
    assert started.stderr is not None
    line = started.stderr.readline() if said else b""
    assert line.startswith(said)
    _, rest = started.communicate(fed, timeout=60)
    assert started.returncode == 0
    assert b"Waiting" not in rest


def test_a_pipe_that_speaks_at_once_is_not_waited_for(desk: Shell):
    assert desk.tix("note", 1, stdin="Text.\n", process=True).err == ""
    assert desk.tix("close", "-", stdin="1\n", process=True).err == ""
