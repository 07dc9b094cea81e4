"""Messages in a maildir: which files they are, how they keep their key, and that no file is ever lost."""

import os
import socket
from pathlib import Path

import pytest

from tix.errors import MailboxError
from tix.mail.mailbox import Found, Outcome, Raw, fetch
from tix.mail.maildir import Filing, Maildir


@pytest.fixture
def box(tmp_path: Path) -> Path:
    folder = tmp_path / "Maildir"
    for name in ("tmp", "new", "cur"):
        (folder / name).mkdir(parents=True)
    return folder


def put(box: Path, name: str, text: str = "Subject: x\n\nwords\n", at: int | None = None) -> Path:
    """A message as it is delivered, modified `at` so many seconds."""
    path = box / name
    path.write_text(text)
    if at is not None:
        os.utime(path, (at, at))
    return path


def tree(box: Path) -> set[str]:
    """Every file below a maildir."""
    return {str(path.relative_to(box)) for path in box.rglob("*") if not path.is_dir()}


def run(box: Path, stored: dict[Found, Outcome], filing: Filing | None = None, answer=Outcome.DONE, **limits):
    """Fetch into `stored`; return the summary and what was read."""
    read: list[Raw] = []

    def take(found: Found, raw: Raw) -> Outcome:
        read.append(raw)
        stored[found] = answer
        return answer

    return fetch(Maildir(box, filing, **limits), stored.get, take), read


def test_new_and_cur_are_read_tmp_never(box: Path):
    put(box, "new/2.b.host", "two", at=2)
    put(box, "cur/1.a.host:2,RS", "one", at=1)
    put(box, "tmp/3.c.host", "half writ")
    put(box, "new/.hidden", "no message")
    summary, read = run(box, {})
    assert [raw.content for raw in read] == [b"one", b"two"]
    assert (summary.marked, summary.partial) == (2, False)
    assert tree(box) == {
        "tmp/3.c.host",
        "new/.hidden",
        ".Done/cur/1.a.host:2,RS",
        ".Done/cur/2.b.host:2,S",
        ".Done/maildirfolder",
    }


def test_bytes_are_those_of_the_file(box: Path):
    """Never decoded, parsed or given other line ends (traps 6 and 45)."""
    content = bytes(range(256)) + b"\r\n\n\r\0" * 99
    (box / "new" / "1").write_bytes(content)
    assert run(box, {})[1] == [Raw(content, len(content))]


def test_a_message_that_stays_is_flagged_and_fetched_once(box: Path):
    put(box, "new/1.a.host")
    put(box, "cur/2.b.host:2,F")
    put(box, "cur/3.c.host:2,PRT")
    stored: dict[Found, Outcome] = {}
    for taken in (3, 0):
        summary, _ = run(box, stored, Filing(done=None))
        assert summary.taken == taken
        assert tree(box) == {"cur/1.a.host:2,S", "cur/2.b.host:2,FS", "cur/3.c.host:2,PRST"}


def test_the_key_survives_what_other_programs_do_with_the_file(box: Path):
    """They move it from new to cur and change its flags."""
    path = put(box, "new/1.a.host")
    stored: dict[Found, Outcome] = {}
    run(box, stored, Filing(done=None), Outcome.LEFT)
    path.rename(box / "cur" / "1.a.host:2,RF")
    assert run(box, stored, Filing(done=None))[0].known == 1


def test_a_name_that_is_used_again_is_a_new_message(box: Path):
    """Names should be unique for ever, but people copy files by hand (trap 46)."""
    stored: dict[Found, Outcome] = {}
    for at in (1_000, 2_000):
        put(box, "new/letter", f"written at {at}", at=at)
        assert run(box, stored)[0].taken == 1
    assert {path.read_text() for path in (box / ".Done/cur").iterdir()} == {
        "written at 1000",
        "written at 2000",
    }
    assert len(list((box / ".Done/cur").iterdir())) == 2


def test_quarantine_has_a_folder_of_its_own_if_one_is_named(box: Path):
    put(box, "new/1")
    run(box, {}, Filing(quarantine="Spam & Co"), Outcome.QUARANTINED)
    assert ".Spam &- Co/cur/1:2," in tree(box)
    put(box, "new/2")
    run(box, {}, Filing(), Outcome.QUARANTINED)
    assert ".Done/cur/2:2," in tree(box)


def test_a_message_in_quarantine_that_stays_is_left_unread(box: Path):
    put(box, "new/1")
    put(box, "cur/2:2,F")
    stored: dict[Found, Outcome] = {}
    run(box, stored, Filing(done=None), Outcome.QUARANTINED)
    assert tree(box) == {"cur/1:2,", "cur/2:2,F"}
    assert run(box, stored, Filing(done=None))[0].taken == 0


@pytest.mark.parametrize("name", ["../x", "a/b", ".x", "a..b", "", "a\nb", "a\0"])
def test_a_subfolder_is_inside(box: Path, name: str):
    with pytest.raises(MailboxError, match="cannot be a subfolder"):
        Maildir(box, Filing(done=name))


def test_what_is_no_maildir_is_one_sentence(tmp_path: Path):
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(MailboxError, match="is it a maildir"):
            Maildir(folder)


def test_a_file_that_vanishes_or_moves_meanwhile(box: Path):
    for number in (1, 2, 3):
        put(box, f"new/{number}", f"{number}", at=number)
    mailbox = Maildir(box)
    first, second, third = mailbox.found()
    (box / "new/1").unlink()
    (box / "new/2").rename(box / "cur/2:2,S")
    assert mailbox.raw(first) is None
    assert mailbox.raw(second) == Raw(b"2", 1)
    (box / "cur/2:2,S").rename(box / "cur/2:2,RS")
    mailbox.done((first, second, third))
    assert tree(box) == {".Done/cur/2:2,RS", ".Done/cur/3:2,S", ".Done/maildirfolder"}


def test_what_is_no_message_is_reported_and_stops_nothing(box: Path, tmp_path: Path):
    """A named pipe blocks nobody; a link is not followed out of the mailbox."""
    secret = tmp_path / "secret"
    secret.write_text("secret")
    (box / "new/1.link").symlink_to(secret)
    (box / "new/2.dangling").symlink_to(tmp_path / "none")
    os.mkfifo(box / "new/3.pipe")
    (box / "new/4.folder").mkdir()
    with socket.socket(socket.AF_UNIX) as one:
        here = Path.cwd()
        os.chdir(box / "new")  # names of sockets are short
        one.bind("5.socket")
        os.chdir(here)
    put(box, "new/6.mail", "a mail")
    summary, read = run(box, {})
    assert [raw.content for raw in read] == [b"a mail"]
    assert summary.failed == 5
    said = {failure.error.message.rpartition("/")[2] for failure in summary.failures}
    assert said == {
        "1.link is a symbolic link, not a message.",
        "2.dangling is a symbolic link, not a message.",
        "3.pipe is not a regular file.",
        "4.folder is not a regular file.",
        "5.socket: No such device or address.",
    }
    assert (box / "new/1.link").is_symlink()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_cannot_be_read_is_reported(box: Path):
    put(box, "new/1").chmod(0)
    put(box, "new/2")
    summary, _ = run(box, {})
    assert (summary.taken, summary.failed) == (1, 1)
    assert "Permission denied" in summary.failures[0].error.message


def test_of_an_enormous_file_only_the_header_is_read(box: Path):
    """A hole of a terabyte takes neither time nor memory; limit and limit + 1 differ."""
    with (box / "new/1.big").open("wb") as file:
        file.write(b"Subject: big\r\n\r\nbody")
        file.truncate(2**40)
    put(box, "new/2.fits", "H: x\n\n" + "x" * 94)
    put(box, "new/3.not", "H: x\n\n" + "x" * 95)
    _, read = run(box, {}, limit=100)
    assert read == [
        Raw(b"Subject: big\r\n\r\n", 2**40, cut=True),
        Raw(b"H: x\n\n" + b"x" * 94, 100),
        Raw(b"H: x\n\n", 101, cut=True),
    ]


def test_a_name_of_any_bytes_has_a_key_that_can_be_stored(box: Path):
    for name in (b"\xff\xfe:2,", b"\xe4", "ü".encode(), b"new\nline"):
        Path(os.fsdecode(os.fsencode(box / "cur") + b"/" + name)).write_text("x")
    stored: dict[Found, Outcome] = {}
    assert run(box, stored)[0].marked == 4
    assert {str(found.uid).encode().decode() for found in stored} == {"\\xff\\xfe", "\\xe4", "ü", "new\nline"}


def test_a_folder_that_cannot_be_made_is_reported_and_the_messages_stay(box: Path):
    put(box, "new/1")
    (box / ".Done").write_text("a file")
    stored: dict[Found, Outcome] = {}
    summary, _ = run(box, stored)
    assert (summary.taken, summary.marked) == (1, 0)
    assert "Cannot create" in (summary.unmarked or "")
    assert "new/1" in tree(box)
