"""Every wrong input through the real program: one sentence, the right exit code, nothing written."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness import TIX, Shell
from tests.soak.states import furnished

X = ("-m", "x")

# Tickets of the furnished desk: 1 root's, 2 rob's and answered, 3 rob's and closed, 4 to 12 rob's.
WRONG: list[tuple[int, str | None, tuple[str, ...]]] = [
    # subjects and texts
    *[(2, None, ("new", subject, *X)) for subject in ("", " ", "\t", "\n", "\u200b", "\u3000", "x" * 100_000)],
    *[(2, None, ("new", "S", "-m", text)) for text in ("", " ", "\n\n", "\t")],
    *[(2, None, (verb, "1", "-m", text)) for verb in ("reply", "note") for text in ("", "  \n")],
    (2, None, ("new", "S")),
    (2, None, ("new",)),
    (2, None, ("reply", "1")),
    (2, None, ("note", "1")),
    (2, None, ("reply",)),
    (2, None, ("new", "S", "-F", "/no/such/file")),
    (2, None, ("new", "S", "-F", ".")),
    (2, None, ("new", "S", "-F", "/dev/null")),
    (2, None, ("new", "S", "-m", "x", "-F", "-")),
    (2, None, ("new", "S", "T", *X)),
    (2, None, ("edit", "1", "--subject", "")),
    (2, None, ("edit", "1", "--subject", " ")),
    (2, None, ("edit", "1")),
    (2, None, ("rate", "3", "5", "--comment", "")),
    (2, None, ("search",)),
    # references
    *[(2, None, ("show", word)) for word in ("x", "", " ", "1.5", "1-", "-1", "TIX-", "TIX-x", "#", "1,", ",", "1,,2")],
    *[(2, None, ("show", word)) for word in ("9-1", "1-100002", "1" * 30, "9007199254740993", "١", "１", "1e3", "0x1")],
    *[(3, None, (*verb, word, *rest)) for word in ("99", "0", "ABC-1", "TIX-99", "#99") for verb, rest in (
        (("show",), ()), (("reply",), X), (("note",), X), (("assign",), ("ann",)), (("claim",), ()), (("close",), ()),
        (("edit",), ("--subject", "S")), (("delete",), ("--yes",)), (("rate",), ("5",)), (("attach", "list"), ()),
        (("start",), ()), (("reopen",), ()),
    )],
    (3, None, ("edit", "99", "--if-version", "1", "--subject", "S")),
    (3, "rob", ("show", "1")),
    (3, "rob", ("reply", "1", *X)),
    (3, "rob", ("close", "1")),
    (3, "rob", ("rate", "1", "5")),
    # names
    (2, None, ("new", "S", *X, "--type", "nonsense")),
    (2, None, ("new", "S", *X, "--type", "")),
    (2, None, ("new", "S", *X, "--priority", "nonsense")),
    (2, None, ("new", "S", *X, "--priority", "0")),
    (2, None, ("new", "S", *X, "--assign", "nobody-here")),
    (2, None, ("new", "S", *X, "--for", "nobody-here")),
    (2, None, ("new", "S", *X, "--source", "nonsense")),
    (2, None, ("new", "S", *X, "--about", "nonsense")),
    (2, None, ("new", "S", *X, "--about", ":")),
    (2, None, ("new", "S", *X, "--about", "x:")),
    (2, None, ("new", "S", *X, "--tag", "a b\tc\n")),
    (2, None, ("new", "S", *X, "--idempotency-key", "")),
    (2, None, ("edit", "1", "--status", "nonsense")),
    (2, None, ("edit", "1", "--type", "nonsense")),
    (2, None, ("edit", "1", "--priority", "nonsense")),
    (2, None, ("edit", "1", "--for", "nobody-here")),
    (2, None, ("reply", "1", *X, "--status", "nonsense")),
    (2, None, ("assign", "1", "nobody-here")),
    (2, None, ("assign", "1")),
    (2, None, ("assign", "ann")),
    (2, None, ("list", "--status", "nonsense")),
    (2, None, ("list", "--priority", "nonsense")),
    (2, None, ("list", "--type", "nonsense")),
    (2, None, ("list", "--assignee", "nobody-here")),
    (2, None, ("list", "--requester", "nobody-here")),
    (2, None, ("list", "--sort", "nonsense")),
    (2, None, ("list", "--sort", "")),
    (2, None, ("list", "-c", "nonsense")),
    (2, None, ("list", "-c", "")),
    (2, None, ("list", "-c", "ref,,nonsense")),
    (2, None, ("list", "-o", "nonsense")),
    (2, None, ("list", "-o", "")),
    (2, None, ("list", "--json", "-o", "csv")),
    (2, None, ("list", "--open", "--closed")),
    (2, None, ("list", "--all", "--closed")),
    (2, None, ("list", "--limit", "-1")),
    (2, None, ("list", "--limit", "x")),
    (2, None, ("list", "--limit", "9" * 40)),
    (2, None, ("list", "--limit", "9" * 5000)),
    (2, None, ("list", "--color", "nonsense")),
    (2, None, ("--as", "nobody-here", "list")),
    (2, None, ("--as", "", "list")),
    (2, None, ("--as", "not a login", "list")),
    (2, None, ("nonsense",)),
    (2, None, ("lst",)),
    (2, None, ("list", "--nonsense")),
    (2, None, ("user", "nonsense")),
    (2, None, ("workflow", "check")),
    (3, None, ("workflow", "use", "nonsense")),
    (3, None, ("user", "show", "nobody-here")),
    (2, None, ("config", "set", "nonsense", "x")),
    (2, None, ("config", "get", "nonsense")),
    (2, None, ("config", "set", "workflow", "nonsense")),
    (2, None, ("config", "set", "message_required", "maybe")),
    (2, None, ("config", "set", "prefix", "no")),
    (2, None, ("config", "set", "next_number", "-1")),
    (2, None, ("config", "set", "next_number", "9" * 30)),
    (2, None, ("config", "set", "next_number", "9" * 5000)),
    (2, None, ("config", "set", "auto_close_after", "-1h")),
    (2, None, ("config", "set", "attachments.max_total", "lots")),
    (2, None, ("config", "set", "attachments.types", "nonsense")),
    (2, None, ("config", "set", "default_priority", "nonsense")),
    # people
    *[(2, None, ("user", "add", login)) for login in ("12", "tix-12", "12-18", "me", "none", "all", "auto", "system", "", "a b", "A/B", "@")],
    *[(2, None, ("user", "add", "new", "--email", mail)) for mail in ("x", "@x", "x@", "a b@c.example", "a@b@c", "a@b\nc", "")],
    (2, None, ("user", "add", "new", "--role", "king")),
    (5, None, ("user", "add", "ann")),
    (5, None, ("user", "add", "ANN")),
    (5, None, ("user", "add", "new", "--email", "ANN@X.example")),
    *[(2, None, ("new", "S", *X, "--email", mail)) for mail in ("x", "@", "a@b@c", "a@b\r\nBcc: c@d.example", "a b@c.example")],
    *[(2, None, ("new", "S", *X, "--notify-email", mail)) for mail in ("x", "a@b\nc")],
    *[(2, None, ("new", "S", *X, "--for", who)) for who in ("a b", "<>", "Name <x>", "Name <a@b@c>", "@x.example", "")],
    # dates, durations, numbers
    *[(2, None, ("new", "S", *X, "--due", when)) for when in (
        "", "nonsense", "2026-13-01", "2026-02-30", "2026-11-22T25:00", "+", "+3", "+-3d", "99999-01-01", "+999999999d",
        "0000-00-00", "tomorrow 25am", "9" * 5000, "+" + "9" * 5000 + "d",
    )],
    *[(2, None, ("list", flag, when)) for flag in ("--since", "--until") for when in ("nonsense", "", "2026-99-99")],
    *[(2, None, ("config", "set", "auto_close_after", text)) for text in ("nonsense", "", "1x", "1h2", "9" * 5000 + "d", "h")],
    *[(2, None, ("rate", "3", stars)) for stars in ("0", "6", "-1", "x", "", "4.5", "9" * 5000, "٣")],
    *[(2, None, ("edit", "1", "--subject", "S", "--if-version", n)) for n in ("x", "", "1.5", "9" * 5000)],
    *[(5, None, ("edit", "1", "--subject", "S", "--if-version", n)) for n in ("-1", "9" * 30)],
    (2, None, ("priority", "add", "p", "--rank", "x")),
    (2, None, ("priority", "add", "p", "--rank", "9" * 30)),
    # roles
    (4, "rob", ("note", "2", *X)),
    (4, "rob", ("assign", "2", "ann")),
    (4, "rob", ("claim", "2")),
    (4, "rob", ("edit", "2", "--subject", "S")),
    (4, "rob", ("start", "2")),
    (4, "rob", ("reply", "2", *X, "--status", "closed")),
    (4, "rob", ("new", "S", *X, "--for", "ann")),
    (4, "rob", ("new", "S", *X, "--assign", "ann")),
    (4, "rob", ("new", "S", *X, "--tag", "x")),
    (4, "rob", ("delete", "2", "--yes")),
    (4, "rob", ("doctor",)),
    (4, "rob", ("user", "add", "new")),
    (4, "rob", ("config", "set", "prefix", "ABC-")),
    (4, "rob", ("workflow", "use", "osticket")),
    (4, "rob", ("tick",)),
    (4, "ann", ("delete", "2", "--yes")),
    (4, "ann", ("user", "add", "new")),
    (4, "ann", ("config", "set", "prefix", "ABC-")),
    (4, "ann", ("rate", "3", "5")),
    (4, "ann", ("workflow", "use", "osticket")),
    # states
    (5, "rob", ("rate", "2", "5")),
    (5, None, ("start", "3")),
    (5, None, ("hold", "3")),
    (5, None, ("resolve", "3")),
    (5, None, ("edit", "1", "--subject", "S", "--if-version", "7")),
    (5, None, ("workflow", "use", "dphish")),
    (2, None, ("config", "set", "next_number", "3")),
    (5, None, ("init",)),
    (5, None, ("priority", "rm", "medium")),
    # which comes first: usage and values, visible, role, state
    (2, "rob", ("rate", "99", "0")),
    (2, "rob", ("note", "99", "-m", "")),
    (3, "rob", ("note", "1", *X)),
    (3, "rob", ("assign", "99", "ann")),
    (3, "rob", ("assign", "99", "nobody-here")),  # whom there is, a requester cannot try out
    (3, "ann", ("delete", "99", "--yes")),
    (4, "ann", ("rate", "2", "5")),
]  # fmt: skip


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """A furnished desk that no test here may change."""
    desk = furnished(tmp_path_factory.mktemp("arguments"))
    yield desk
    desk.close()


def _name(case: object) -> str:
    return " ".join(word[:24] for word in case) if isinstance(case, tuple) else str(case)


@pytest.mark.parametrize(("code", "as_", "words"), WRONG, ids=_name)
def test_wrong_input_is_one_sentence_and_its_code(
    full: Shell, code: int, as_: str | None, words: tuple[str, ...]
) -> None:
    """And nothing is written: not a byte of the file, not a file beside it."""
    before = full.store.read_bytes()
    result = full.tix(*words, as_=as_, check=None)
    assert result.code == code, str(result)[:3000]
    assert result.raw_out == b""
    if "--json" in words:
        assert result.error["exit"] == code
        return
    lines = result.err.splitlines()
    assert lines[0].startswith("tix: "), str(result)[:3000]
    assert len(lines[0]) < 2000, "the sentence is as long as what was wrong"
    assert len(lines) == 1 or (len(lines) == 2 and lines[1].startswith("  hint: ")), str(result)[:3000]
    error = full.tix(*words, "--json", as_=as_, check=code).error
    assert error["exit"] == code
    if "-o" not in words and error["message"].isprintable():
        # For people, words from right to left are isolated.
        assert error["message"] == re.sub("[\u2068\u2069]", "", lines[0].removeprefix("tix: "))
    assert set(error) <= {"code", "message", "hint", "exit", "ref", "retryable", "fix"}
    assert full.store.read_bytes() == before
    assert {path.name for path in full.folder.iterdir()} == {"home", "desk.db", "old.txt", "big.txt"}


def test_a_second_rating_is_refused(full: Shell, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes(full.store.read_bytes())
    copy.chmod(0o600)
    env = {"TIX_STORE": str(copy)}
    full.tix("rate", "3", "4", as_="rob", env=env)
    before = copy.read_bytes()
    for stars in ("4", "1"):
        assert (
            full.tix("rate", "3", stars, "--json", as_="rob", env=env, check=5).error["code"]
            == "already-rated"
        )
    assert copy.read_bytes() == before


LONG = 131_000  # the kernel takes arguments of at most 128 KiB


@pytest.mark.parametrize(
    "words",
    [
        ("show", "1" * LONG),
        ("show", "x" * LONG),
        ("show", "1," * (LONG // 2) + "1"),
        ("show", "0" * LONG + "1"),
        ("x" * LONG,),
        ("--" + "x" * LONG,),
        ("list", "x " * (LONG // 2)),
        ("list", "--status", "x" * LONG),
        ("list", "-c", "x" * LONG),
        ("list", "-c", "ref," * (LONG // 4) + "ref"),
        ("list", "--since", "1" * LONG),
        ("list", "--sort", "x" * LONG),
        ("list", "--tag", "x" * LONG),
        ("list", "--tag", "x," * (LONG // 2) + "x"),
        ("list", "--limit", "1" * LONG),
        ("search", "x" * LONG),
        ("search", "x " * (LONG // 2)),
        ("search", '"' * LONG),
        ("search", "*" * LONG),
        ("search", "NEAR(" * (LONG // 5)),
        ("search", "\u4f60" * (LONG // 3)),
        ("search", "--", "-x " * (LONG // 3)),
        ("new", "x" * LONG, "-m", "x", "--priority", "nonsense"),
        ("new", "S", "-m", "x", "--for", "x" * LONG),
        ("new", "S", "-m", "x", "--for", "x" * LONG + "@x.example"),
        ("new", "S", "-m", "x", "--email", "x" * LONG + "@x.example"),
        ("new", "S", "-m", "x", "--due", "1" * LONG),
        ("new", "S", "-m", "x", "--due", "+" + "1d" * (LONG // 2)),
        ("new", "S", "-m", "x", "--attach", "x" * LONG),
        ("new", "S", "-m", "x", "--phone", "1" * LONG),
        ("new", "S", "-m", "x", "--idempotency-key", "k" * LONG),
        ("new", "S", "-m", "x", "--about", "x:" + "y" * LONG),
        ("new", "S", "-m", "x", "--category", "y" * LONG),
        ("edit", "1", "--tag", "x" * LONG),
        ("rate", "3", "5" * LONG),
        ("config", "set", "auto_close_after", "1h" * (LONG // 2)),
        ("config", "set", "x" * LONG, "x"),
        ("user", "add", "x" * LONG),
        ("user", "add", "new", "--email", "x" * LONG + "@x.example"),
        ("--as", "x" * LONG, "list"),
        ("--store", "x" * LONG, "list"),
        ("--store", "/tmp/" + "x/" * (LONG // 2), "list"),
        ("attach", "save", "1", "x" * LONG),
        ("db", "backup", "x" * LONG),
    ],
    ids=_name,
)
def test_an_argument_as_long_as_the_kernel_takes(full: Shell, words: tuple[str, ...]) -> None:
    """Nothing is a bug, nothing answers at the same length, nothing wrong is written."""
    before = full.store.read_bytes()
    result = full.tix(*words, check=None)
    assert result.code in {0, 2, 3}, str(result)[-3000:]
    assert len(result.raw_err) < 10_000, f"{len(result.raw_err)} bytes of error"
    assert "Traceback" not in result.err
    if result.code != 0:
        assert result.raw_out == b""
        assert result.err.startswith("tix: ")
        assert full.store.read_bytes() == before


@pytest.mark.parametrize("verb", ["reply", "note"])
def test_a_long_text_is_a_text(desk: Shell, verb: str) -> None:
    desk.tix("new", "S", "-m", "x")
    body = "x" * LONG
    assert desk.tix(verb, "1", "-m", body, "--json").json["thread"][-1]["body"] == body


@pytest.mark.parametrize(
    "words",
    [
        (b"new", b"S\xff", b"-m", b"x"),
        (b"new", b"S", b"-m", b"x\xc3"),
        (b"note", b"1", b"-m", b"\xed\xa0\x80"),
        (b"list", b"--tag", b"\xfe"),
        (b"search", b"\xff\xff"),
        (b"show", b"1\xff"),
        (b"\xff",),
        (b"--store", b"/tmp/\xff.db", b"list"),
        (b"new", b"S", b"-m", b"x", b"--attach", b"\xff.txt"),
    ],
    ids=str,
)
def test_arguments_that_are_not_utf8_are_wrong(full: Shell, words: tuple[bytes, ...]) -> None:
    before = full.store.read_bytes()
    for more in ((), (b"--json",)):
        done = subprocess.run(
            [*(part.encode() for part in TIX), *words, *more],
            cwd=full.folder,
            env=full.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 2
        assert done.stdout == b""
        assert done.stderr.startswith(b'{"error"' if more else b"tix: ")
        done.stderr.decode()
    assert full.store.read_bytes() == before


@pytest.mark.parametrize(
    "data",
    [
        b"\0",
        b"text\0more",
        b"\xff\xfe\0\0",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        b"caf\xe9",
        b"\xed\xa0\x80",
        b"",
        b"\n \n",
        b"\xef\xbb\xbf",
        b"x" * 10_000_001,
        b"x" * 11_000_000,
    ],
    ids=lambda data: repr(data[:12]),
)
def test_what_is_no_text_on_stdin_is_refused(full: Shell, data: bytes) -> None:
    """Binary, NUL, other encodings, nothing, too much: exit 2, nothing written."""
    before = full.store.read_bytes()
    (full.home / "text").write_bytes(data)
    for words in (
        ("new", "S"),
        ("note", "1"),
        ("reply", "1"),
        ("new", "S", "-F", "-"),
        ("note", "1", "-F", "-"),
        ("note", "1", "-F", full.home / "text"),
    ):
        assert full.tix(*words, "--json", stdin=data, check=2).error["exit"] == 2
    assert full.store.read_bytes() == before


def test_ten_megabytes_are_a_text(desk: Shell) -> None:
    """The limit itself is allowed, byte for byte."""
    body = "x" * 9_999_999 + "\n"
    desk.tix("new", "S", stdin=body)
    assert len(desk.tix("show", "1", "--json").json["thread"][0]["body"].strip()) == 9_999_999


def test_references_on_stdin_may_be_wrong_too(full: Shell) -> None:
    before = full.store.read_bytes()
    for data, codes in ((b"x y", {2}), (b"\xff", {2}), (b"99\n98\n", {3}), (b"\0", {2}), (b"9" * 5000, {2})):
        result = full.tix("close", "-", stdin=data, check=None)
        assert result.code in codes, f"{data[:20]!r}\n{result}"[:3000]
        assert "Traceback" not in result.err
    assert full.store.read_bytes() == before


@pytest.mark.parametrize("name", ["TIX_NOW", "TIX_USER", "TIX_STORE"])
@pytest.mark.parametrize("value", ["nonsense", "\ud8ff", "9" * 5000, "2026-99-99T00:00:00Z", "a\nb"])
def test_a_wrong_variable_is_wrong_usage(full: Shell, name: str, value: str) -> None:
    """The environment is input like any other."""
    before = full.store.read_bytes()
    env = full.environment() | {name: value}
    raw = {
        key.encode(): word.encode("utf-8", "surrogatepass" if key == name else "strict")
        for key, word in env.items()
    }
    done = subprocess.run(
        [sys.executable, "-m", "tix", "note", "1", "-m", "x"],
        cwd=full.folder,
        env=raw,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    assert b"Traceback" not in done.stderr
    if name != "TIX_STORE":
        assert done.returncode == 2, done.stderr.decode()
        assert done.stderr.startswith(b"tix: ")
    assert done.returncode != 1, done.stderr
    assert full.store.read_bytes() == before
    for path in full.folder.iterdir():
        if path.name not in {"home", "desk.db", "old.txt", "big.txt"}:
            path.unlink()


def test_a_bulk_command_says_what_each_failure_was(full: Shell, tmp_path: Path) -> None:
    """9 where some were done, the common code where all failed with one; a line and a ref each."""
    copy = tmp_path / "copy.db"
    copy.write_bytes(full.store.read_bytes())
    copy.chmod(0o600)
    env = {"TIX_STORE": str(copy)}
    mixed = full.tix("note", "1", "98", "2", "99", "-m", "x", "--json", env=env, check=9)
    assert [one["ref"] for one in mixed.json] == ["TIX-1", "TIX-2"]
    assert [(error["exit"], error["ref"]) for error in mixed.errors] == [(3, "TIX-98"), (3, "TIX-99")]
    full.tix("note", "98", "99", "-m", "x", env=env, check=3)
    full.tix("start", "3", "99", env=env, check=9)
    full.tix("start", "3", "3", env=env, check=5)
