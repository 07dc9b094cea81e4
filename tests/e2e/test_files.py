"""Files in and out: what may be attached, under what name, and where it may be saved."""

import base64
import hashlib
import os
import random
import sqlite3
import stat
import threading
from contextlib import closing
from pathlib import Path

import pytest

from tests.harness import Result, Shell

NOISE = random.Random(3).randbytes(70_000)


@pytest.fixture
def ticket(desk: Shell) -> Shell:
    """A desk with ticket 1, for files to hang on."""
    desk.tix("new", "Files", "-m", "x")
    return desk


def _refused(desk: Shell, *words: object, code: int = 2) -> Result:
    before = desk.store.read_bytes()
    result = desk.tix(*words, check=code)
    assert result.err.startswith("tix: "), str(result)
    assert "Traceback" not in result.err
    assert desk.store.read_bytes() == before
    return result


def _names(desk: Shell) -> list[str]:
    return [file["name"] for file in desk.tix("attach", "list", "1", "--json").json]


# --------------------------------------------------------------------------------------------------- in


@pytest.mark.parametrize(
    "verb",
    [("attach", "add", "1"), ("reply", "1", "-m", "x", "--attach"), ("new", "S", "-m", "x", "--attach")],
)
@pytest.mark.parametrize(
    "path",
    [
        "/dev/zero",
        "/dev/null",
        "/dev/random",
        "/dev/stdin",
        "pipe",
        "folder",
        "missing",
        "",
        "loop",
        "missing/x",
        "socket",
        "x" * 300,
    ],
)
def test_only_a_file_is_a_file(ticket: Shell, verb: tuple[str, ...], path: str) -> None:
    """Devices, pipes, folders and what is not there: exit 2 at once, and nothing is written."""
    os.mkfifo(ticket.folder / "pipe")
    (ticket.folder / "folder").mkdir()
    (ticket.folder / "loop").symlink_to("loop")
    os.mknod(ticket.folder / "socket", stat.S_IFSOCK | 0o600)
    _refused(ticket, *verb, path)


def test_a_link_is_the_file_it_leads_to(ticket: Shell) -> None:
    """Whoever typed the name of the link meant that; its own name is the label."""
    (ticket.folder / "real.bin").write_bytes(NOISE)
    (ticket.folder / "link.bin").symlink_to("real.bin")
    ticket.tix("attach", "add", "1", "link.bin")
    (found,) = ticket.tix("attach", "list", "1", "--json").json
    assert (found["name"], found["sha256"]) == ("link.bin", hashlib.sha256(NOISE).hexdigest())


def test_a_link_to_a_device_is_a_device(ticket: Shell) -> None:
    (ticket.folder / "link").symlink_to("/dev/zero")
    _refused(ticket, "attach", "add", "1", "link")


def test_a_file_the_system_says_is_empty_is_read(ticket: Shell) -> None:
    """/proc: a regular file of size 0 with something in it."""
    ticket.tix("attach", "add", "1", "/proc/version")
    (found,) = ticket.tix("attach", "list", "1", "--json").json
    assert found["size"] == len(Path("/proc/version").read_bytes())


@pytest.mark.real
def test_a_growing_file_is_read_as_it_was_at_some_moment(ticket: Shell) -> None:
    """Never more than the limit, and the digest is that of what is stored."""
    path = ticket.folder / "growing.log"
    path.write_bytes(b"")
    done = threading.Event()

    def grow() -> None:
        with open(path, "ab", buffering=0) as file:
            while not done.is_set():
                file.write(b"a line of a log\n" * 512)
                if path.stat().st_size > 200_000_000:
                    os.truncate(path, 0)

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        result = ticket.tix("attach", "add", "1", path, check=None)
    finally:
        done.set()
        writer.join()
    assert result.code in {0, 2}, str(result)
    assert ticket.tix("doctor").code == 0


def test_the_limit_is_exact(ticket: Shell) -> None:
    """As many bytes as the desk allows, not one more; together, too."""
    ticket.tix("config", "set", "attachments.max_total", "10000")
    for name, size in (("under", 9999), ("at", 10_000), ("over", 10_001), ("half", 5000)):
        (ticket.folder / name).write_bytes(b"x" * size)
    ticket.tix("attach", "add", "1", "under")
    ticket.tix("attach", "add", "1", "at")
    assert "10" in _refused(ticket, "attach", "add", "1", "over").err
    ticket.tix("attach", "add", "1", "half", "half")
    (ticket.folder / "one").write_bytes(b"x")
    _refused(ticket, "attach", "add", "1", "half", "half", "one")
    _refused(ticket, "reply", "1", "-m", "x", "--attach", "half", "--attach", "half", "--attach", "one")
    _refused(ticket, "new", "S", "-m", "x", "--attach", "over")


def test_the_usual_limit_is_thirty_megabytes(ticket: Shell) -> None:
    path = ticket.folder / "big"
    path.write_bytes(b"\0" * 30_000_000)
    ticket.tix("attach", "add", "1", path)
    with open(path, "ab") as file:
        file.write(b"\0")
    _refused(ticket, "attach", "add", "1", path)
    os.truncate(path, 1 << 40)  # a terabyte of nothing, which must not be read
    _refused(ticket, "attach", "add", "1", path)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("photo.jpg", b"\x7fELF\x02\x01\x01" + bytes(100)),
        ("report.pdf", b"MZ" + bytes(58) + b"\x80\0\0\0" + bytes(64) + b"PE\0\0" + bytes(100)),
        ("image.png", b"\xcf\xfa\xed\xfe" + bytes(100)),
    ],
)
def test_a_program_of_a_requester_is_refused_whatever_its_name(ticket: Shell, name: str, data: bytes) -> None:
    """Staff may send it, and are warned; a script is plain text, and anybody may send it."""
    ticket.people("lan:requester")
    ticket.tix("new", "Mine", "-m", "x", as_="lan")
    (ticket.folder / name).write_bytes(data)
    (ticket.folder / "notes.sh").write_bytes(b"#!/bin/sh\nrm -rf /\n")
    before = ticket.store.read_bytes()
    assert ticket.tix("attach", "add", "2", name, as_="lan", check=2).err.startswith("tix: ")
    assert ticket.store.read_bytes() == before
    assert "is a program" in ticket.tix("attach", "add", "1", name).err
    assert ticket.tix("attach", "add", "2", "notes.sh", as_="lan").err == ""


def test_the_type_is_that_of_the_content(ticket: Shell) -> None:
    """A list of accepted types is not talked round by a name."""
    ticket.tix("config", "set", "attachments.types", "png,txt")
    (ticket.folder / "fake.png").write_bytes(b"%PDF-1.7\n" + bytes(50))
    _refused(ticket, "attach", "add", "1", "fake.png")
    (ticket.folder / "binary.txt").write_bytes(b"text\0with a NUL")
    _refused(ticket, "attach", "add", "1", "binary.txt")
    (ticket.folder / "real.dat").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(50))
    ticket.tix("attach", "add", "1", "real.dat")
    assert ticket.tix("attach", "list", "1", "--json").json[0]["mime"] == "image/png"


def test_one_bad_file_among_good_ones_writes_none(ticket: Shell) -> None:
    (ticket.folder / "good").write_text("good")
    _refused(ticket, "attach", "add", "1", "good", "missing")
    _refused(ticket, "reply", "1", "-m", "x", "--attach", "good", "--attach", "/dev/zero")


# -------------------------------------------------------------------------------------------------- out


HOSTILE = (
    "-n", "--force", ".hidden", "...", " ", "a b", "a\nb", "a\x1b[31mb", "\x7f", "CON", "~", "$(touch P)", "`touch P`",
    "a;b", "*", "\u202egpj.exe", "a\u200bb", "e\u0301", "\u4f60" * 85, "x" * 255, "x" * 250 + ".txt", "\\..\\evil",
    "%2e%2e%2fevil", "[bold]x", "'quoted'", '"double"', "=cmd()",
)  # fmt: skip


def test_hostile_names_stay_labels(ticket: Shell) -> None:
    """Every file is saved inside the folder, 0600, byte for byte, under a name that is one."""
    sources = ticket.folder / "sources"
    sources.mkdir()
    for at, name in enumerate(HOSTILE):
        (sources / name).write_bytes(NOISE[:at] + name.encode())
    ticket.tix("attach", "add", "1", "--", *(sources / name for name in HOSTILE))
    target = ticket.folder / "target"
    target.mkdir()
    before = {path.name for path in ticket.folder.iterdir()}
    saved = ticket.tix("attach", "save", "1", "--dir", target, "--json").json
    assert {path.name for path in ticket.folder.iterdir()} == before
    assert len(saved) == len(HOSTILE)
    assert {Path(one["path"]) for one in saved} == set(target.iterdir())
    found = {path.read_bytes() for path in target.iterdir()}
    assert found == {NOISE[:at] + name.encode() for at, name in enumerate(HOSTILE)}
    for path in target.iterdir():
        assert stat.S_IMODE(path.lstat().st_mode) == 0o600
        assert stat.S_ISREG(path.lstat().st_mode)
        assert path.name.isprintable()
        assert not path.name.startswith(".")
    assert not (ticket.folder / "P").exists()


def test_bytes_come_back_as_they_went_in(ticket: Shell) -> None:
    contents = (b"", b"\0", b"\r\n", NOISE, bytes(range(256)), b"\xef\xbb\xbftext\r\n", b"last line")
    for at, data in enumerate(contents):
        (ticket.folder / f"file{at}.bin").write_bytes(data)
    ticket.tix("attach", "add", "1", *(f"file{at}.bin" for at in range(len(contents))))
    (ticket.folder / "out").mkdir()
    ticket.tix("attach", "save", "1", "--dir", "out")
    for at, data in enumerate(contents):
        assert (ticket.folder / "out" / f"file{at}.bin").read_bytes() == data


@pytest.mark.parametrize("name", ["../../evil", "/etc/tix-evil", "..", ".", "", "a/b", "a\0b"])
def test_a_name_in_the_store_is_not_trusted(ticket: Shell, name: str) -> None:
    """A store that somebody else wrote cannot make `save` leave its folder."""
    (ticket.folder / "good.txt").write_text("good")
    ticket.tix("attach", "add", "1", "good.txt")
    with closing(sqlite3.connect(ticket.store)) as connection, connection:
        connection.execute("UPDATE attachment SET name = ?", (name,))
    target = ticket.folder / "one" / "two"
    target.mkdir(parents=True)
    result = ticket.tix("attach", "save", "1", "--dir", target, check=None)
    assert result.code != 1, str(result)
    assert "Traceback" not in result.err
    assert not Path("/etc/tix-evil").exists()
    outside = [path for path in ticket.folder.rglob("*evil*") if target not in path.parents]
    assert outside == []
    for path in target.iterdir():
        assert path.read_text() == "good"


def test_an_imported_name_is_a_label(ticket: Shell) -> None:
    """What an export of somebody else says a file is called."""
    (ticket.folder / "good.txt").write_text("good")
    ticket.tix("attach", "add", "1", "good.txt")
    export = ticket.tix("export").out
    assert "good.txt" in export
    (ticket.folder / "evil.jsonl").write_text(export.replace("good.txt", "../../../evil.txt"))
    ticket.env["TIX_STORE"] = str(ticket.folder / "second.db")
    ticket.tix("import", "evil.jsonl", check=None)
    target = ticket.folder / "one" / "two"
    target.mkdir(parents=True)
    if ticket.tix("list", "--all").rows:
        ticket.tix("attach", "save", "1", "--dir", target)
    assert [path for path in ticket.folder.rglob("evil.txt") if target not in path.parents] == []


@pytest.mark.parametrize("kind", ["file", "link", "dangling", "folder", "pipe"])
def test_what_is_there_is_not_overwritten(ticket: Shell, kind: str) -> None:
    """Without --force: exit 5 and not a byte. With it the entry is replaced, never what a link leads to."""
    (ticket.folder / "good.txt").write_text("good")
    ticket.tix("attach", "add", "1", "good.txt")
    target = ticket.folder / "target"
    target.mkdir()
    victim = ticket.folder / "victim"
    there = target / "good.txt"
    if kind != "dangling":
        victim.write_text("precious")
    match kind:
        case "file":
            there.write_text("precious")
        case "link" | "dangling":
            there.symlink_to(victim)
        case "folder":
            there.mkdir()
        case _:
            os.mkfifo(there)
    before = there.lstat()
    assert "already" in ticket.tix("attach", "save", "1", "--dir", target, check=5).err
    assert there.lstat() == before
    forced = ticket.tix("attach", "save", "1", "--dir", target, "--force", check=None)
    assert victim.exists() is (kind != "dangling")
    assert kind == "dangling" or victim.read_text() == "precious"
    if kind == "folder":
        assert forced.code in {2, 5, 7}, str(forced)
        assert there.is_dir()
    else:
        assert forced.code == 0
        assert stat.S_IMODE(there.lstat().st_mode) == 0o600
        assert not there.is_symlink()
        assert there.read_text() == "good"
    assert {path.name for path in target.iterdir()} == {"good.txt"}


def test_files_of_one_name_are_all_saved(ticket: Shell) -> None:
    """Numbered, also where the name is as long as a name can be."""
    for name in ("same.txt", "x" * 255, "\u4f60" * 85):
        for content in ("one", "two", "three"):
            (ticket.folder / name).write_text(content)
            ticket.tix("attach", "add", "1", name)
    target = ticket.folder / "target"
    target.mkdir()
    ticket.tix("attach", "save", "1", "--dir", target)
    assert sorted(path.read_text() for path in target.iterdir()) == sorted(["one", "two", "three"] * 3)


def test_a_folder_to_save_in_has_to_be_one(ticket: Shell) -> None:
    (ticket.folder / "good.txt").write_text("good")
    ticket.tix("attach", "add", "1", "good.txt")
    for folder in ("missing", "good.txt", "/dev/null", ""):
        assert ticket.tix("attach", "save", "1", "--dir", folder, check=2).err.startswith("tix: ")


@pytest.mark.real
def test_a_full_device_leaves_no_part_of_a_file(ticket: Shell) -> None:
    """A folder that cannot be written to: exit 7."""
    (ticket.folder / "good.txt").write_text("good")
    ticket.tix("attach", "add", "1", "good.txt")
    result = ticket.tix("attach", "save", "1", "--dir", "/proc", check=7)
    assert result.err.startswith("tix: ")


def test_the_export_carries_bytes_exactly(ticket: Shell) -> None:
    """base64 or whatever it is: an empty desk made of it has the same files."""
    (ticket.folder / "noise.bin").write_bytes(NOISE)
    ticket.tix("attach", "add", "1", "noise.bin")
    (ticket.folder / "all.jsonl").write_bytes(ticket.tix("export").raw_out)
    assert base64.b64encode(NOISE[:30])[:20] in (ticket.folder / "all.jsonl").read_bytes()
    ticket.env["TIX_STORE"] = str(ticket.folder / "second.db")
    ticket.tix("import", "all.jsonl")
    (ticket.folder / "out").mkdir()
    ticket.tix("attach", "save", "1", "--dir", "out")
    assert (ticket.folder / "out" / "noise.bin").read_bytes() == NOISE
