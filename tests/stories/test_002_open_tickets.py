"""Seed 002, the usage manual "Open Tickets".

"managing the issues from the moment they’re captured through to their resolution." Each test names the rows
of the features page it proves and quotes the manual.
"""

from pathlib import Path

from tests.harness import Shell
from tests.stories.reading import (
    bodies,
    changes,
    entries,
    events,
    names,
    refs,
    shell,
    show,
    untouched,
)

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
ZIP = b"PK\x03\x04\x14\x00\x00\x00\x00\x00" + bytes(20) + b"PK\x05\x06" + bytes(18)
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(200))
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(200) + b"\xff\xd9"
FILM = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(200)
PROGRAM = b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\x00\x3e\x00" + bytes(200)

MB = 1_000_000


def write(folder: Path, **files: bytes) -> None:
    """Files named `a_pdf` are `a.pdf`."""
    for name, data in files.items():
        (folder / name.replace("_", ".")).write_bytes(data)


def test_from_capture_to_resolution(helpdesk: Shell):
    """S002-1.

    “managing the issues from the moment they’re captured through to their resolution.”
    """
    helpdesk.tix("new", "Printer", "-m", "no paper", as_="ana", now="2026-04-01T09:00:00Z")
    helpdesk.tix("assign", 1, "sam", as_="kim", now="2026-04-01T10:00:00Z")
    helpdesk.tix("reply", 1, "-m", "paper is in", as_="sam", now="2026-04-01T11:00:00Z")
    helpdesk.tix("resolve", 1, as_="sam", now="2026-04-01T12:00:00Z")
    told = [
        (item["at"], item["by"], item["body"] or (item["event"]["type"], item["event"]["new"]))
        for item in show(helpdesk)["thread"]
    ]
    assert told == [
        ("2026-04-01T09:00:00Z", "ana", "no paper"),
        ("2026-04-01T10:00:00Z", "kim", ("assigned", "sam")),
        ("2026-04-01T11:00:00Z", "sam", "paper is in"),
        ("2026-04-01T12:00:00Z", "sam", ("status-changed", "resolved")),
    ]


def test_the_main_page(desk: Shell):
    """S002-3.

    “you will be redirect to the main page, which will include Submit a ticket and My tickets.”
    """
    for page in (desk.tix(as_="ana").out, desk.tix("--help").out):
        verbs = [line.split()[0] for line in page.splitlines() if line.strip()]
        assert "new" in verbs
        assert "list" in verbs
    assert desk.tix("new", "Printer", "-m", "x", as_="ana").out == "TIX-1\n"
    assert refs(desk, "list", "--mine", as_="ana") == ["TIX-1"]


# --------------------------------------------------------------------------------------- documents


def test_attach_documents(desk: Shell):
    """S002-13.

    “If your request requires documents you can attach the files here in the button below Message box”
    """
    write(desk.folder, a_pdf=PDF, b_zip=ZIP)
    desk.tix("new", "T", "-m", "x", "--attach", "a.pdf", "--attach", "b.zip", as_="ana")
    ticket = show(desk, as_="ana")
    assert names(ticket["thread"][0]["attachments"]) == ["a.pdf", "b.zip"]
    (desk.folder / "saved").mkdir()
    desk.tix("attach", "save", 1, "--dir", "saved", as_="ana")
    assert (desk.folder / "saved" / "a.pdf").read_bytes() == PDF
    assert (desk.folder / "saved" / "b.zip").read_bytes() == ZIP


def test_the_limit(desk: Shell):
    """S002-14.

    “The limit is 30 MB for all documents.”
    """
    write(desk.folder, a_bin=bytes(17 * MB), b_bin=bytes(17 * MB), c_bin=bytes(14 * MB), d_bin=bytes(14 * MB))
    with untouched(desk):
        desk.tix("new", "T", "-m", "x", "--attach", "a.bin", "--attach", "b.bin", as_="ana", check=2)
    assert desk.tix("list", "--all", "--count").out == "0\n"
    desk.tix("new", "T", "-m", "x", "--attach", "c.bin", "--attach", "d.bin", as_="ana")
    sizes = [file["size"] for file in show(desk)["thread"][0]["attachments"]]
    assert sizes == [14 * MB, 14 * MB]
    desk.tix("config", "set", "attachments.max_total", "1MB")
    desk.tix("new", "T", "-m", "x", "--attach", "c.bin", as_="ana", check=2)
    write(desk.folder, e_bin=bytes(900_000))
    desk.tix("new", "T", "-m", "x", "--attach", "e.bin", as_="ana")
    assert desk.tix("list", "--all", "--count").out == "2\n"


def test_the_allowed_formats(desk: Shell):
    """S002-15.

    “The allowed formats are: JPG, PNG, PDF or ZIP files.”
    """
    files = {"film.mp4": FILM, "program": PROGRAM, "program.png": PROGRAM, "film.pdf": FILM}
    for name, data in files.items():
        (desk.folder / name).write_bytes(data)
    write(desk.folder, PHOTO_JPEG=JPG, a_png=PNG, a_pdf=PDF, a_zip=ZIP)
    desk.tix("config", "set", "attachments.types", "jpg,png,pdf,zip")
    with untouched(desk):
        for name in files:
            refused = desk.tix("new", "T", "-m", "x", "--attach", name, as_="ana", check=2)
            for type in ("jpg", "png", "pdf", "zip"):
                assert type in refused.err.replace(name, "")
    assert desk.tix("list", "--all", "--count").out == "0\n"
    attach = [word for name in ("PHOTO.JPEG", "a.png", "a.pdf", "a.zip") for word in ("--attach", name)]
    desk.tix("new", "T", "-m", "x", *attach, as_="ana")
    assert show(desk)["attachments"] == 4
    desk.tix("config", "set", "attachments.types", "*")
    desk.tix("new", "T", "-m", "x", "--attach", "film.mp4", as_="ana")
    assert names(show(desk, 2)["thread"][0]["attachments"]) == ["film.mp4"]
    with untouched(desk):
        desk.tix("new", "T", "-m", "x", "--attach", "program", as_="ana", check=2)
        desk.tix("new", "T", "-m", "x", "--attach", "program.png", as_="ana", check=2)


# -------------------------------------------------------------------------------------- my tickets


def test_my_tickets(helpdesk: Shell):
    """S002-16, S002-17, S002-18.

    “In this module you will see the list of all the tickets that you have created and their
    statuses/updates.”
    """
    helpdesk.tix("new", "One", "-m", "x", as_="ana")
    helpdesk.tix("new", "Two", "-m", "x", as_="ana")
    helpdesk.tix("new", "Not hers", "-m", "x", as_="ben")
    helpdesk.tix("reply", 1, "-m", "y", as_="sam", now="2026-04-01T10:00:00Z")
    helpdesk.tix("resolve", 2, as_="sam", now="2026-04-01T11:00:00Z")
    mine = helpdesk.tix("list", "--mine", "--all", "--json", as_="ana").json
    told = {(ticket["ref"], ticket["status"], ticket["last_activity_at"]) for ticket in mine}
    assert told == {
        ("TIX-1", "opened", "2026-04-01T10:00:00Z"),
        ("TIX-2", "resolved", "2026-04-01T11:00:00Z"),
    }
    # S002-17: “the tickets are filtered based on two statuses Opened and Resolved.”
    opened = refs(helpdesk, "list", "--mine", "--status", "opened", as_="ana")
    resolved = refs(helpdesk, "list", "--mine", "--status", "resolved", as_="ana")
    assert (opened, resolved) == (["TIX-1"], ["TIX-2"])
    # S002-18: “Subject”, “Ticket ID”, “Priority”, “Help Topic”, “Last Replier”, “Last Activity”, “Status”,
    # “From”
    columns = "subject,ref,priority,topic,last_replier,last_activity_at,status,requester_name"
    row = ["One", "TIX-1", "medium", None, "sam", "2026-04-01T10:00:00Z", "opened", "Ana"]
    told = dict(zip(columns.split(","), row, strict=True))
    (whole,) = helpdesk.tix("list", "--mine", "--json", as_="ana").json
    assert {key: whole[key] for key in told} == told
    assert helpdesk.tix("list", "--mine", "-c", columns, "--json", as_="ana").json == [told]
    plain = helpdesk.tix("list", "--mine", "-c", columns, as_="ana")
    assert plain.rows == [[cell or "" for cell in row]]


def test_last_replier_and_last_activity(desk: Shell):
    """S002-19, S002-20.

    the columns “Last Replier” and “Last Activity”
    """

    def last() -> tuple[str | None, str]:
        (ticket,) = desk.tix("list", "--json").json
        whole = show(desk)
        both = ticket["last_replier"], ticket["last_activity_at"]
        assert both == (whole["last_replier"], whole["last_activity_at"])
        return both

    desk.tix("new", "T", "-m", "x", as_="ana", now="2026-04-01T09:00:00Z")
    assert last() == (None, "2026-04-01T09:00:00Z")
    desk.tix("reply", 1, "-m", "y", as_="sam", now="2026-04-01T10:00:00Z")
    assert last() == ("sam", "2026-04-01T10:00:00Z")
    desk.tix("reply", 1, "-m", "z", as_="ana", now="2026-04-01T11:00:00Z")
    assert last() == ("ana", "2026-04-01T11:00:00Z")
    desk.tix("note", 1, "-m", "n", as_="kim", now="2026-04-01T12:00:00Z")
    desk.tix("edit", 1, "--priority", "high", as_="kim", now="2026-04-01T13:00:00Z")
    assert last() == ("ana", "2026-04-01T11:00:00Z")
    desk.tix("start", 1, as_="kim", now="2026-04-01T14:00:00Z")
    assert last() == ("ana", "2026-04-01T14:00:00Z")


def test_open_it_by_its_id_or_subject(desk: Shell):
    """S002-21.

    “To comment or to check the updates on a specific issue you can click on the subject of the ticket … and
    the ticket will be extended”
    """
    desk.tix("new", "The printer smokes", "-m", "x", as_="ana")
    desk.tix("new", "Keyboard", "-m", "x", as_="ana")
    by_number = desk.tix("show", 1, "--json", as_="ana").json
    assert by_number["subject"] == "The printer smokes"
    assert desk.tix("show", "TIX-1", "--json", as_="ana").json == by_number
    found = shell(desk, 'tix search "printer" -o ids | tix show - --json', as_="ana").json
    assert found == [by_number]
    in_words = shell(desk, 'tix search "printer" -o ids | tix show -', as_="ana").out
    assert "The printer smokes" in in_words
    assert "Keyboard" not in in_words


# ------------------------------------------------------------------------------- the extended view


def test_write_and_attach_there(desk: Shell):
    """S002-23, S002-24, S002-34.

    “And there you will have the option to write a message or to attach documents.”
    """
    write(desk.folder, a_png=PNG, a_pdf=PDF)
    desk.tix("new", "T", "-m", "x", as_="ana")
    # “to write a message”
    desk.tix("reply", 1, "-m", "one more thing", as_="ana")
    # S002-24: a message with a document
    desk.tix("reply", 1, "-m", "a picture", "--attach", "a.png", as_="ana")
    # S002-34: “or to attach documents”: without a message
    desk.tix("attach", "add", 1, "a.pdf", as_="ana")
    told = [
        (item["kind"], item["by"], item["side"], item["body"] or "", names(item["attachments"]))
        for item in entries(show(desk, as_="ana"))[1:]
    ]
    assert told == [
        ("message", "ana", "requester", "one more thing", []),
        ("message", "ana", "requester", "a picture", ["a.png"]),
        ("message", "ana", "requester", "", ["a.pdf"]),
    ]


def test_the_timeline(desk: Shell):
    """S002-25.

    “Also you will see the timeline/history of updates, meaning all changes of status and the replies made in
    this ticket.”
    """
    desk.tix("new", "T", "-m", "x", as_="ana", now="2026-04-01T09:00:00Z")
    desk.tix("reply", 1, "-m", "y", as_="sam", now="2026-04-01T10:00:00Z")
    desk.tix("note", 1, "-m", "walrus", as_="sam", now="2026-04-01T10:30:00Z")
    desk.tix("edit", 1, "--tag", "walrus", "--note", "walrus", as_="sam", now="2026-04-01T10:40:00Z")
    desk.tix("start", 1, "--note", "walrus", as_="kim", now="2026-04-01T11:00:00Z")
    desk.tix("resolve", 1, as_="sam", now="2026-04-01T12:00:00Z")
    wanted = [
        ("open", "answered", "sam", "2026-04-01T10:00:00Z"),
        ("answered", "in-progress", "kim", "2026-04-01T11:00:00Z"),
        ("in-progress", "resolved", "sam", "2026-04-01T12:00:00Z"),
    ]
    shown = desk.tix("show", 1, "--json", as_="ana")
    logged = desk.tix("log", 1, "--json", as_="ana")
    for thread in (shown.json["thread"], logged.json):
        told = events({"thread": thread}, "status-changed")
        story = [(item["event"]["old"], item["event"]["new"], item["by"], item["at"]) for item in told]
        assert sorted(story, key=lambda row: row[3]) == wanted
        assert [item for item in thread if item["internal"] or item["kind"] == "note"] == []
    assert "walrus" not in shown.out + logged.out
    assert "walrus" in desk.tix("show", 1, "--json").out
    assert bodies(shown.json) == ["x", "y"]


def test_disagreeing_with_the_solution(helpdesk: Shell):
    """S002-26, S002-27, S002-28.

    “Please note that if a ticket is in status Resolved and after that you will write in the ticket, this
    will cause reopening the ticket”
    """
    helpdesk.tix("new", "T", "-m", "x", as_="ana")
    helpdesk.tix("resolve", 1, as_="sam")
    assert show(helpdesk)["resolved_at"] is not None
    wrote = helpdesk.tix("reply", 1, "-m", "still broken", as_="ana")
    ticket = show(helpdesk)
    assert (ticket["status"], ticket["resolved_at"]) == ("opened", None)
    assert changes(ticket) == [("opened", "resolved"), ("resolved", "opened")]
    # S002-27: “the system notice that as you do not agree with the solution given.”
    assert events(ticket)[-1]["event"]["reason"] == "solution-not-accepted"
    assert "open again" in wrote.err
    # S002-28: “Support will recheck the ticket and give another solution for your issue.”
    helpdesk.tix("reply", 1, "-m", "a new cable", as_="sam")
    helpdesk.tix("resolve", 1, as_="sam")
    ticket = show(helpdesk)
    assert bodies(ticket, "reply") == ["a new cable"]
    assert (ticket["status"], ticket["reopened"]) == ("resolved", 1)


# ------------------------------------------------------------------------------------ whose it is


def test_nobody_elses_tickets(desk: Shell):
    """S002-31.

    “the list of all the tickets that you have created”: of those, and no others.
    """
    write(desk.folder, a_pdf=PDF)
    desk.tix("new", "Printer", "-m", "x", "--attach", "a.pdf", as_="ana")
    desk.tix("new", "Keyboard", "-m", "x", as_="ben")
    commands = {
        "show": ("show", "{}"),
        "reply": ("reply", "{}", "-m", "y"),
        "close": ("close", "{}"),
        "log": ("log", "{}"),
        "attach list": ("attach", "list", "{}"),
    }
    with untouched(desk):
        for words in commands.values():
            hers = desk.tix(*(word.format(1) for word in words), as_="ben", check=3)
            absent = desk.tix(*(word.format(99) for word in words), as_="ben", check=3)
            assert hers.out == absent.out == ""
            assert hers.err == absent.err.replace("99", "1")
    assert refs(desk, "list", "--all", as_="ben") == ["TIX-2"]
    assert refs(desk, "search", "printer", as_="ben") == []
    assert desk.tix("list", "--all", "--count", as_="ben").out == "1\n"


def test_accounts_are_the_administrators(desk: Shell):
    """S002-32.

    “Each user will be granted with a username and password (created by administrator of the system)”
    """
    with untouched(desk):
        for words in (
            ("user", "add", "eve", "--role", "agent"),
            ("user", "edit", "ana", "--role", "admin"),
            ("user", "rm", "ben"),
            ("config", "set", "prefix", "ANA-"),
        ):
            desk.tix(*words, as_="ana", check=4)
    desk.tix("user", "add", "eve", "--role", "agent")
