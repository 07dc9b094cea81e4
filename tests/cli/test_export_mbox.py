"""Tickets as an mbox: a thread in any mail program, for the reader's eyes, and known again when it comes back."""

import mailbox
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import pytest

from tests.harness import Shell

CANARY = "xylophone-canary"


@pytest.fixture
def desk(peopled: Shell) -> Shell:
    """A desk with a thread of ana's, with a note and a file, and a ticket of lan's."""
    peopled.tix("config", "set", "mail.from_address", "help@desk.example")
    peopled.tix("user", "edit", "sam", "--email", "sam@desk.example")
    (peopled.folder / "shot.png").write_bytes(bytes(range(256)))
    peopled.tix("new", "Grüße: 東京", "-m", "From here\nFrom x@y Thu Nov 12 10:00:00 2026", as_="ana")
    peopled.now = "2026-11-20T10:00:00Z"
    peopled.tix("reply", "1", "-m", "See the file.", "--attach", "shot.png", as_="sam")
    peopled.now = "2026-11-20T11:00:00Z"
    peopled.tix("note", "1", "-m", CANARY, as_="kim")
    peopled.tix("reply", "1", "-m", "Thanks.", as_="ana")
    peopled.tix("new", "Of lan", "-m", "words", as_="lan")
    return peopled


def mails(path: Path) -> list[EmailMessage]:
    """What a reader of the standard library finds, which has nothing of ours."""
    parser = BytesParser(policy=policy.default)
    box = mailbox.mbox(path, create=False)
    try:
        return [parser.parsebytes(box.get_bytes(key)) for key in box.keys()]  # noqa: SIM118  # a mailbox
    finally:
        box.close()


def test_each_entry_is_a_mail_of_one_thread(desk: Shell):
    desk.tix("export", "-o", "mbox", "out.mbox", "--requester", "ana")
    first, reply, note, thanks = mails(desk.folder / "out.mbox")
    ids = [one["Message-ID"] for one in (first, reply, note, thanks)]
    assert len(set(ids)) == 4
    assert [one["In-Reply-To"] for one in (first, reply, note, thanks)] == [None, ids[0], ids[1], ids[1]]
    assert thanks["References"].split()[1:] == ids[:2]
    assert [one["Subject"] for one in (first, reply)] == ["Grüße: 東京", "Re: Grüße: 東京"]
    assert [one["From"].addresses[0].addr_spec for one in (first, reply, thanks)] == [
        "ana@x.example",
        "sam@desk.example",
        "ana@x.example",
    ]
    assert [one["To"].addresses[0].addr_spec for one in (first, reply)] == [
        "help@desk.example",
        "ana@x.example",
    ]
    assert reply["Date"].datetime.isoformat() == "2026-11-20T10:00:00+00:00"
    assert note["X-Tix-Entry"] == "note"


def test_texts_and_files_are_whole(desk: Shell):
    desk.tix("export", "-o", "mbox", "out.mbox")
    first, reply, *_ = mails(desk.folder / "out.mbox")
    assert first.get_content() == "From here\nFrom x@y Thu Nov 12 10:00:00 2026\n"
    [file] = reply.iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("shot.png", bytes(range(256)))


def test_files_can_be_left_out(desk: Shell):
    desk.tix("export", "-o", "mbox", "out.mbox", "--no-files")
    assert [list(one.iter_attachments()) for one in mails(desk.folder / "out.mbox")] == [[]] * 5


def test_a_requester_gets_what_they_may_see_and_no_address_of_others(desk: Shell):
    out = desk.tix("export", "-o", "mbox", as_="ana").raw_out
    assert CANARY.encode() not in out
    assert b"Of lan" not in out
    assert b"sam@desk.example" not in out
    (desk.folder / "ana.mbox").write_bytes(out)
    assert [one["From"].addresses[0].addr_spec for one in mails(desk.folder / "ana.mbox")] == [
        "ana@x.example",
        "sam@tix.invalid",
        "ana@x.example",
    ]


def test_the_same_export_twice_is_the_same(desk: Shell):
    assert desk.tix("export", "-o", "mbox").raw_out == desk.tix("export", "-o", "mbox").raw_out


def test_it_comes_back_without_adding_anything(desk: Shell):
    before = desk.tix("export").raw_out
    for reader in ("sam", "ana"):
        box = desk.tix("export", "-o", "mbox", as_=reader).raw_out
        done = desk.tix("import", "-", "--json", stdin=box).json
        assert (done["imported"], done["entries"], done["people"], done["failed"]) == (0, 0, 0, 0)
        assert done["skipped"] > 0
    assert desk.tix("export").raw_out == before


def test_an_answer_to_an_exported_mail_joins_its_ticket(desk: Shell):
    desk.tix("export", "-o", "mbox", "out.mbox", "--requester", "ana")
    thanks = mails(desk.folder / "out.mbox")[-1]
    desk.tix(
        "mail",
        "in",
        stdin=f"From: ana@x.example\nMessage-ID: <n@x>\nIn-Reply-To: {thanks['Message-ID']}\nSubject: x\n\nMore.\n",
    )
    assert desk.tix("show", "1", "--json").json["thread"][-1]["body"].endswith("More.")


def test_another_desk_reads_threads_and_keeps_notes_internal(desk: Shell):
    box = desk.tix("export", "-o", "mbox").raw_out
    other = Shell(desk.folder / "other")
    other.now = desk.now
    other.tix("init")
    other.people("sam:agent")
    other.tix("user", "edit", "sam", "--email", "sam@desk.example")
    done = other.tix("import", "-", "--json", stdin=box).json
    assert (done["imported"], done["entries"]) == (2, 5)
    items = other.tix("show", "1", "--json").json["thread"]
    assert [(one["kind"], one["internal"]) for one in items if one["kind"] != "event"] == [
        ("message", False),
        ("reply", False),
        ("note", True),
        ("message", False),
    ]
    assert [file["name"] for one in items for file in one["attachments"]] == ["shot.png"]
    assert CANARY not in other.tix("show", "1", "--json", as_="ana@x.example").out
    assert other.tix("import", "-", "--json", stdin=box).json["skipped"] == 5
    other.close()


def test_a_note_without_its_ticket_becomes_no_ticket(desk: Shell):
    desk.tix("export", "-o", "mbox", "out.mbox")
    box = (desk.folder / "out.mbox").read_bytes().split(b"From kim@x.example")
    note = b"From kim@x.example" + box[1].split(b"\nFrom ")[0]
    other = Shell(desk.folder / "other")
    other.now = desk.now
    other.tix("init")
    done = other.tix("import", "-", "--json", stdin=note)
    assert (done.json["imported"], done.json["skipped"]) == (0, 1)
    assert "an internal note of a ticket that this desk does not have" in done.err
    other.close()


def test_a_file_that_is_there_stays_and_columns_make_no_sense(desk: Shell):
    desk.tix("export", "-o", "mbox", "out.mbox")
    desk.tix("export", "-o", "mbox", "out.mbox", check=5)
    assert "--columns" in desk.tix("export", "-o", "mbox", "-c", "ref", check=2).err


def test_an_empty_desk_gives_an_empty_mbox(tmp_path: Path):
    desk = Shell(tmp_path)
    assert desk.tix("export", "-o", "mbox").raw_out == b""
    assert not desk.store.exists()
    (tmp_path / "out.mbox").write_bytes(b"")
    assert desk.tix("import", "out.mbox", "--json").json["imported"] == 0
    desk.close()


def test_hostile_words_are_written_and_read(desk: Shell):
    naughty = "a\rb\x00c\u202ed\u2028 Bcc: x@x.example\n.\n\nFrom x\n" + "ü" * 1_200
    desk.tix("new", "Subject: =?utf-8?q?x?=" + "ß" * 200, "-m", naughty.replace("\0", ""), as_="ana")
    desk.tix("export", "-o", "mbox", "out.mbox")
    [found] = [one for one in mails(desk.folder / "out.mbox") if "ßß" in one["Subject"]]
    assert found["Bcc"] is None
    assert found.get_content().endswith("ü" * 1_200 + "\n")
