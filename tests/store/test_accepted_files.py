"""Files are judged where they are kept: no channel brings in what the desk does not take."""

import pytest

from tests.factories import file, ref, world
from tix.desk.tickets import attachments, files, new, reply
from tix.desk.tickets.request import TicketRequest
from tix.errors import InvalidValue

PROGRAM = file("holiday.jpg", b"MZ\x90\x00" + bytes(200))
TEXT = file("a.txt", b"hello\n")


@pytest.fixture
def desk(tmp_path):
    """A desk with a ticket of rita's; no program, and 1,000 bytes at once."""
    with world(tmp_path) as made:
        made.new()
        put(made, "attachments.max_total", "1000")
        yield made


def put(desk, key, value):
    """Sets a setting."""
    with desk.store.writing():
        desk.store.run("setting_put", key=key, value=value)


WAYS = {
    "new": lambda desk, uploads: new.open_ticket(desk, TicketRequest(subject="x", body="x", uploads=uploads)),
    "reply": lambda desk, uploads: reply.reply(desk, ref(1), "x", uploads),
    "reply with a status": lambda desk, uploads: reply.reply(desk, ref(1), "x", uploads, "resolved"),
    "note": lambda desk, uploads: reply.note(desk, ref(1), "x", uploads),
    "attach": lambda desk, uploads: attachments.add(desk, ref(1), uploads),
}


@pytest.mark.parametrize("way", WAYS)
def test_every_write_judges_its_files(desk, way):
    """A program under a picture's name, too much at once, a kind the desk does not take: nothing is written."""

    def state():
        tables = ("ticket", "item", "blob", "attachment", "counter")
        return [desk.store.execute(f"SELECT * FROM {name}").fetchall() for name in tables]

    put(desk, "attachments.types", "txt")
    before = state()
    for uploads in ((PROGRAM,), (TEXT, PROGRAM), (file("a.txt", b"x" * 600), file("b.txt", b"y" * 600))):
        with pytest.raises(InvalidValue):
            WAYS[way](desk.desk("ann"), uploads)
    put(desk, "attachments.types", "pdf")
    with pytest.raises(InvalidValue, match=r"'a.txt' is of type txt"):
        WAYS[way](desk.desk("ann"), (TEXT,))
    assert state() == before
    put(desk, "attachments.types", "txt")
    made = WAYS[way](desk.desk("ann"), (TEXT,)).ticket
    assert made.attachments + made.internal_attachments == 1


def test_what_is_accepted(desk):
    """In the words of the kind; no files are none too many."""
    files.accept(desk.desk(), [])
    files.accept(desk.desk(), [TEXT, TEXT])
    with pytest.raises(InvalidValue, match=r"'holiday.jpg' is a program of type exe"):
        files.accept(desk.desk("rita"), [TEXT, PROGRAM])
    with pytest.raises(InvalidValue, match="the 2 files together have more than 1KB"):
        files.accept(desk.desk(), [file("a.txt", b"x" * 500), file("b.txt", b"y" * 501)])
    put(desk, "attachments.denied", "none")
    files.accept(desk.desk("rita"), [PROGRAM])


def test_programs_are_refused_from_requesters_and_staff_are_warned(desk):
    """A script is plain text, and welcome from everybody."""
    script = file("deploy.sh", b"#!/bin/sh\necho hi\n")
    for who in ("rita", "ann"):
        files.accept(desk.desk(who), [script])
        assert files.warnings(desk.desk(who), [script, TEXT]) == []
    for program in (PROGRAM, file("a", b"\x7fELF" + bytes(20)), file("b", b"\xcf\xfa\xed\xfe" + bytes(20))):
        with pytest.raises(InvalidValue, match="is a program"):
            files.accept(desk.desk("rita"), [program])
        files.accept(desk.desk("ann"), [program])
        (warning,) = files.warnings(desk.desk("ann"), [TEXT, program])
        assert "which requesters cannot send" in warning


def test_a_path_is_judged_when_it_is_read(desk, tmp_path):
    """Before anybody writes a text for it."""
    path = tmp_path / "run.txt"
    path.write_bytes(PROGRAM.data)
    with pytest.raises(InvalidValue, match=r"'run.txt' is a program"):
        files.read(desk.desk("rita"), [str(path)])


def test_a_name_is_a_label_whoever_brings_the_file():
    """As a mail would have it: a path, a dot in front, what shows nothing."""
    for name, label in (("../../etc/passwd", "passwd"), ("C:\\temp\\.bashrc", "bashrc"), ("a\u202eb.txt", "ab.txt"), ("", "file")):  # fmt: skip
        assert files.upload(name, b"x").file.name == label
