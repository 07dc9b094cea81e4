"""Where the text of an entry comes from, and that it is stored unchanged."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.harness import Shell
from tix.cli.input.content import LIMIT_BYTES, checked, decoded
from tix.errors import InvalidValue

# Newlines at both ends, CRLF, tabs, letters of many kinds, lines an editor would take for comments.
VERBATIM = "\n  first\n\n# second 打印机\r\nthird\té ß 𝕏 👍\n.\n-- \nlast  \n\n"


def body(desk: Shell, number: int = 1) -> str:
    return desk.tix("show", number, "--json").json["thread"][-1]["body"]


@pytest.mark.parametrize("verb", ["new", "reply", "note"])
@pytest.mark.parametrize("source", ["-m", "--message=", "-F", "-F -", "pipe"])
def test_a_text_is_stored_unchanged(desk: Shell, verb: str, source: str):
    """`-m TEXT`, `-F FILE`, `-F -` and piped stdin store the text unchanged, newlines and non-ASCII letters included."""
    (desk.folder / "body.txt").write_bytes(VERBATIM.encode())
    words = {
        "-m": ["-m", VERBATIM],
        "--message=": [f"--message={VERBATIM}"],
        "-F": ["-F", "body.txt"],
        "-F -": ["-F", "-"],
        "pipe": [],
    }[source]
    stdin = VERBATIM if source in ("-F -", "pipe") else None
    if verb == "new":
        desk.tix("new", "Printer", *words, stdin=stdin)
    else:
        desk.tix("new", "Printer", "-m", "x")
        desk.tix(verb, 1, *words, stdin=stdin)
    assert body(desk) == VERBATIM


def test_a_flag_wins_over_the_pipe(desk: Shell):
    desk.tix("new", "Printer", "-m", "from the flag", stdin="from the pipe")
    assert body(desk) == "from the flag"
    (desk.folder / "body.txt").write_text("from the file")
    desk.tix("reply", 1, "-F", "body.txt", stdin="from the pipe")
    assert body(desk) == "from the file"


def test_two_flags_are_one_too_many(desk: Shell):
    (desk.folder / "body.txt").write_text("x")
    assert "-m and -F" in desk.tix("new", "Printer", "-m", "x", "-F", "body.txt", check=2).err
    assert "-m and -F" in desk.tix("new", "Printer", "-m", "x", "-F", "-", stdin="x", check=2).err
    assert not desk.store.exists()


@pytest.mark.parametrize("blank", ["", " ", "\n\t\r\n", "\u3000\u00a0"])
@pytest.mark.parametrize("source", ["-m", "-F", "-F -", "pipe"])
def test_a_blank_message_is_no_message(desk: Shell, source: str, blank: str):
    (desk.folder / "body.txt").write_text(blank)
    words = {"-m": ["-m", blank], "-F": ["-F", "body.txt"], "-F -": ["-F", "-"], "pipe": []}[source]
    failed = desk.tix("new", "Printer", *words, stdin=blank if source in ("-F -", "pipe") else None, check=2)
    assert "message" in failed.err.split("\n")[0]
    assert not desk.store.exists()


@pytest.mark.parametrize("verb", ["reply", "note"])
def test_a_blank_text_is_no_entry(desk: Shell, verb: str):
    desk.tix("new", "Printer", "-m", "x")
    desk.tix(verb, 1, "-m", " ", check=2)
    desk.tix(verb, 1, "-F", "-", stdin="\n", check=2)
    desk.tix(verb, 1, stdin="\n", check=2)
    assert body(desk) == "x"


def test_the_pipe_is_read_last(desk: Shell):
    """The pipe is read as the text only when everything else is valid: a wrong value does not wait for it."""
    for words in (
        ["--priority", "very"],
        ["--type", "nonsense"],
        ["--assign", "nobody"],
        ["--tag", "two words"],
        ["--attach", "absent"],
        ["--due", "someday"],
        ["--idempotency-key", " "],
    ):
        end, other = os.pipe()
        try:
            process = desk.start("new", "Printer", *words, stdin=end)
            assert process.wait(30) == 2, words
            process.communicate()
        finally:
            os.close(end)
            os.close(other)


def test_the_pipe_is_the_references_where_they_ask_for_it(desk: Shell):
    for subject in ("A", "B"):
        desk.tix("new", subject, "-m", "x")
    desk.tix("reply", "-", "-m", "to both", stdin="1 2\n")
    assert [body(desk, 1), body(desk, 2)] == ["to both", "to both"]
    assert "stdin cannot supply both" in desk.tix("reply", "-", "-F", "-", stdin="1", check=2).err
    desk.tix("reply", "-", stdin="1\n", check=2)


def test_the_limit_is_ten_megabytes(desk: Shell):
    text = "é" * (LIMIT_BYTES // 2)
    desk.tix("new", "Printer", stdin=text)
    assert body(desk) == text
    for words in ([], ["-F", "-"]):
        assert "10 MB" in desk.tix("new", "More", *words, stdin=text + "x", check=2).err
    (desk.folder / "long.txt").write_text(text + "x")
    assert "10 MB" in desk.tix("new", "More", "-F", "long.txt", check=2).err
    assert "10 MB" in desk.tix("new", "More", "-F", "/dev/zero", check=2).err
    assert desk.tix("list", "--count").out == "1\n"


@pytest.mark.parametrize(
    ("data", "why"), [(b"caf\xe9", "not valid UTF-8"), (b"\xff\xfea\0", "not valid UTF-8"), (b"a\0b", "NUL")]
)
@pytest.mark.parametrize("source", ["-F", "-F -", "pipe"])
def test_what_is_no_text_is_refused(desk: Shell, data: bytes, why: str, source: str):
    (desk.folder / "body").write_bytes(data)
    words = {"-F": ["-F", "body"], "-F -": ["-F", "-"], "pipe": []}[source]
    failed = desk.tix("new", "Printer", *words, stdin=None if source == "-F" else data, check=2)
    assert why in failed.err
    assert not desk.store.exists()


def test_a_byte_order_mark_is_not_text(desk: Shell):
    """Windows writes one before the text; inside it, it stays."""
    desk.tix("new", "Printer", stdin=b"\xef\xbb\xbfhello \xef\xbb\xbf")
    assert body(desk) == "hello \ufeff"


def test_a_file_that_cannot_be_read_is_named(desk: Shell):
    (desk.folder / "folder").mkdir()
    for name in ("absent", "folder", "x" * 300):
        failed = desk.tix("new", "Printer", "-F", name, check=2)
        assert f"cannot read the file '{name}'" in failed.err
        assert len(failed.err.split("\n")[0]) < 500


def test_a_pipe_as_a_file_is_read_to_its_end(desk: Shell):
    """`-F <(command)`: its writer may take its time."""
    end, other = os.pipe()

    def write() -> None:
        with os.fdopen(other, "w") as file:
            for word in ("slow ", "but ", "whole"):
                file.write(word)
                file.flush()
                threading.Event().wait(0.3)

    writer = threading.Thread(target=write)
    writer.start()
    process = desk.start("new", "Printer", "-F", f"/dev/fd/{end}", pass_fds=[end])
    os.close(end)
    assert process.wait(30) == 0
    process.communicate()
    writer.join()
    assert body(desk) == "slow but whole"


def test_a_named_pipe_nobody_writes_to_is_empty(desk: Shell):
    os.mkfifo(desk.folder / "fifo")
    assert "message is empty" in desk.tix("new", "Printer", "-F", "fifo", check=2).err


def test_a_closed_stdin_has_no_text(desk: Shell):
    done = subprocess.run(
        ["sh", "-c", 'exec "$0" -m tix new Printer <&-', sys.executable],
        env=desk.environment(), cwd=desk.folder, capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert b"--message" in done.stderr


# --------------------------------------------------------------------------------------------------- drafts


def drafts(desk: Shell) -> list[str]:
    return [path.read_text() for path in (desk.home / ".local" / "state" / "tix" / "drafts").glob("*")]


def test_a_piped_text_is_saved_when_the_command_fails(desk: Shell):
    """What came through a pipe may exist nowhere else."""
    desk.tix("new", "Printer", "-m", "x")
    desk.people("lan:requester")
    failed = desk.tix("note", 1, "-F", "-", stdin="piped", as_="lan", check=None)
    assert failed.code in (3, 4)
    for text in drafts(desk):
        assert text == "piped"


def test_a_text_of_the_shells_history_is_not_saved_for_a_wrong_flag(desk: Shell):
    desk.tix("new", "Printer", "-m", "x", "--priority", "very", check=2)
    desk.tix("reply", 99, "-m", "x", check=3)
    assert drafts(desk) == []


def test_a_ticket_that_was_made_leaves_no_draft(desk: Shell):
    """Also when showing it fails afterwards."""
    with Path("/dev/full").open("wb") as full:
        process = desk.start("new", "Printer", "-F", "-", stdin=subprocess.PIPE, stdout=full)
        _, err = process.communicate(b"the text")
    assert b"your text is saved" not in err
    assert drafts(desk) == []
    assert body(desk) == "the text"


# ------------------------------------------------------------------------------------------------ the rules


@pytest.mark.parametrize("text", ["x", " x ", "\nx\n", "x\r\n", "\ufeffx", "\x1b[31m"])
def test_checked_changes_nothing(text: str):
    assert checked(text) == text


@pytest.mark.parametrize("text", ["", " ", "\n", "\u2003"])
def test_checked_refuses_a_blank_by_its_name(text: str):
    with pytest.raises(InvalidValue, match="the comment is empty"):
        checked(text, "comment")


def test_decoded_takes_the_limit_and_not_a_byte_more():
    assert len(decoded(b"x" * LIMIT_BYTES, "here")) == LIMIT_BYTES
    with pytest.raises(InvalidValue, match="the text here is longer"):
        decoded(b"x" * (LIMIT_BYTES + 1), "here")


def test_decoded_says_where_it_stops_being_text():
    with pytest.raises(InvalidValue, match=r"here is not valid UTF-8 \(byte 3\)"):
        decoded(b"caf\xe9", "here")


def test_a_key_creates_one_ticket_of_one_payload(desk: Shell):
    """Words as typed: ``+3d`` is the same a day later. Another payload is another ticket, and is refused."""
    desk.tix("init")
    (desk.folder / "a.txt").write_text("one")
    asked = ["new", "Disk full", "-m", "On db3.", "--due", "+3d", "--attach", desk.folder / "a.txt"]
    key = ["--idempotency-key", "alert"]
    assert desk.tix(*asked, *key, now="2026-03-02T09:00:00Z").ref == "TIX-1"
    desk.now = "2026-03-03T09:00:00Z"
    assert "created earlier" in desk.tix(*asked, *key).err
    others = [
        ["new", "Disk still full", *asked[2:]],
        ["new", "Disk full", "-m", "On db4.", *asked[4:]],
        [*asked[:4], "--due", "+4d", *asked[6:]],
        [*asked, "--tag", "vip"],
        asked[:6],
    ]
    for other in others:
        assert '"key-reused"' in desk.tix(*other, *key, "--json", check=5).err
    (desk.folder / "a.txt").write_text("two")
    assert desk.tix(*asked, *key, check=5)
    assert desk.tix("list", "--all", "-o", "ids").refs == ["TIX-1"]
