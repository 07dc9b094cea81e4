"""Seed 002, the usage manual "Open Tickets".

"managing the issues from the moment they’re captured through to their resolution." Each test names the rows
of the features page it proves and quotes the manual.
"""

import re
from pathlib import Path

from tests.harness import Shell
from tests.stories.reading import (
    LIST_KEYS,
    SHOW_KEYS,
    answer,
    bodies,
    changes,
    entries,
    events,
    heard,
    names,
    refs,
    screen,
    shell,
    show,
    untouched,
)
from tix.desk.accounts.sign_in import sign_in
from tix.store.open import open_store

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
ZIP = b"PK\x03\x04\x14\x00\x00\x00\x00\x00" + bytes(20) + b"PK\x05\x06" + bytes(18)
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(200))
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(200) + b"\xff\xd9"
FILM = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(200)
PROGRAM = b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\x00\x3e\x00" + bytes(200)

MB = 1_000_000


PASSWORD = "correct horse battery"


def write(folder: Path, **files: bytes) -> None:
    """Files named `a_pdf` are `a.pdf`."""
    for name, data in files.items():
        (folder / name.replace("_", ".")).write_bytes(data)


def topics(desk: Shell) -> None:
    """The departments, topics and fields the page begins with."""
    for department, topic in (("it", "IT support"), ("crm", "crm")):
        desk.tix("department", "add", department)
        desk.tix("topic", "add", topic, "--department", department)
        brand = ("--label", "Brand", "--kind", "choice", "--choices", "North,South", "--required")
        desk.tix("topic", "field", "add", topic, "brand", *brand)
    desk.tix("topic", "field", "add", "crm", "issue", "--label", "Issue", "--kind", "text", "--required")


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


def test_the_administrator_grants_a_username_and_a_password(helpdesk: Shell):
    """S002-2.

    “Each user will be granted with username and password (created by administrator of the system)”
    """
    add = ("user", "add", "zoe", "--role", "requester", "--password-stdin")
    for who in ("sam", "ana"):
        helpdesk.tix(*add, stdin=PASSWORD, as_=who, check=4)
    said = helpdesk.tix(*add, "--json", stdin=PASSWORD)
    again = helpdesk.tix(*add, "--json", stdin=PASSWORD, check=5)
    assert again.error["code"] == "already-exists"
    assert helpdesk.tix("user", "show", "zoe", "--json").json["role"] == "requester"
    for result in (said, again, helpdesk.tix("export"), helpdesk.tix("user", "list", "--json")):
        assert PASSWORD not in result.out + result.err
    for path in helpdesk.folder.rglob("*"):
        assert not path.is_file() or PASSWORD.encode() not in path.read_bytes()
    store = open_store(helpdesk.store)
    try:
        found = sign_in(store, "zoe", PASSWORD, source=None, agent=None, now=1_800_000_000)
    finally:
        store.close()
    assert found.person.login == "zoe"


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


# ---------------------------------------------------------------------------------- submit a ticket


def test_the_respective_department(desk: Shell):
    """S002-4, S002-35.

    “You can send all your request or issues to the respective department using submit ticket.”
    """
    topics(desk)
    crm = ("--topic", "crm", "--field", "brand=North", "--field", "issue=Login")
    desk.tix("new", "T", "-m", "x", *crm, as_="ana")
    assert show(desk)["department"] == "crm"
    # S002-35: “all your request or issues”
    desk.tix("new", "T", "-m", "x", *crm, "--type", "issue", as_="ana")
    desk.tix("new", "T", "-m", "x", *crm, "--type", "request", as_="ana")
    made = desk.tix("show", 2, 3, "--json").json
    assert [(ticket["type"], ticket["department"]) for ticket in made] == [
        ("issue", "crm"),
        ("request", "crm"),
    ]


def test_it_support_is_selected(desk: Shell):
    """S002-5, S002-6.

    “IT support is selected by default but you can change it by clicking in Help Topic where the list of all
    help topics will appear”
    """
    topics(desk)
    desk.tix("topic", "add", "Old")
    desk.tix("topic", "edit", "Old", "--inactive")
    desk.tix("config", "set", "default_topic", "IT support")
    desk.tix("new", "T", "-m", "x", "--field", "brand=North", as_="ana")
    assert (show(desk)["topic"], show(desk)["department"]) == ("IT support", "it")
    # S002-6: “the list of all help topics”
    assert [topic["name"] for topic in desk.tix("topic", "list", "--json").json] == [
        "IT support",
        "crm",
        "Old",
    ]
    desk.tix(
        *("new", "T", "-m", "x", "--topic", "crm", "--field", "brand=North", "--field", "issue=Login"),
        as_="ana",
    )
    assert show(desk, 2)["topic"] == "crm"
    with untouched(desk):
        unknown = desk.tix("new", "T", "-m", "x", "--topic", "crn", as_="ana", check=2)
        assert "IT support, crm" in unknown.err
        assert "Old" not in unknown.err
        desk.tix("new", "T", "-m", "x", "--topic", "Old", as_="ana", check=2)
    # and the form: the active ones, IT support preselected, taken by Enter
    for number, chosen, topic in ((3, "", "IT support"), (4, "crm", "crm")):
        form = desk.terminal("new", as_="ana", cols=120)
        question = form.expect(re.compile(r"Help topic.*\[IT support\]"))
        assert "IT support" in question
        assert "crm" in question
        assert "Old" not in question
        form.send(chosen + "\r")
        answer(form, "Subject *", "From the form")
        answer(form, "Message *", "x")
        answer(form, "Brand *", "South")
        if topic == "crm":
            answer(form, "Issue *", "Login")
        answer(form, "Priority", "")
        answer(form, "Attach", "")
        form.wait()
        made = show(desk, number)
        assert (made["topic"], made["fields"]["brand"]) == (topic, "South")


def test_what_is_mandatory(desk: Shell):
    """S002-7, S002-8, S002-9, S002-10.

    “All the fields that appears with the red mark * are mandatory.” “Subject*” “Message*” “Brand*”
    """
    topics(desk)
    desk.tix("topic", "field", "add", "crm", "since", "--label", "Since", "--kind", "date")
    it = ("--topic", "IT support")
    with untouched(desk):
        # S002-8: “Subject*”
        assert "subject" in desk.tix("new", *it, "--field", "brand=North", "-m", "x", check=2).err
        # S002-9: “Message*”
        for blank in (None, "", "  \n\n"):
            refused = desk.tix("new", "T", *it, "--field", "brand=North", stdin=blank, check=2)
            assert "--message" in refused.err
        # S002-10: “Brand*”
        assert "brand" in desk.tix("new", "T", *it, "-m", "x", check=2).err
        refused = desk.tix("new", "T", *it, "-m", "x", "--field", "brand=East", check=2)
        assert "brand" in refused.err
        assert "North, South" in refused.err
    desk.tix("new", "T", *it, "-m", "x", "--field", "brand=North")
    assert show(desk)["fields"] == {"brand": "North"}
    # S002-7: “the red mark *”
    shown = screen(desk.terminal("topic", "show", "crm"))
    for label, starred in (("Brand", True), ("Issue", True), ("Since", False)):
        (line,) = [line for line in shown.splitlines() if label in line]
        assert ("*" in line) == starred
    form = desk.terminal("new", "--topic", "crm")
    answer(form, "Subject *", "T")
    answer(form, "Message *", "x")
    answer(form, "Brand *", "")
    answer(form, "Brand *", "East")
    answer(form, "Brand *", "North")
    answer(form, "Issue *", "Login")
    assert "*" not in form.expect(re.compile("Since.*?:"))
    form.send("\r")
    answer(form, "Priority", "")
    answer(form, "Attach", "")
    form.wait()
    assert show(desk, 2)["fields"] == {"brand": "North", "issue": "Login"}


def test_fields_of_the_topic(desk: Shell):
    """S002-11, S002-12.

    “Fields below Message box are customized based on the selected Help Topic: For example CRM Support Help
    Topic has an extra mandatory field: Issue*.”
    """
    topics(desk)
    asked = {}
    for topic in ("crm", "IT support"):
        form = desk.terminal("new", "--topic", topic)
        answer(form, "Subject *", "T")
        answer(form, "Message *", "x")
        answer(form, "Brand *", "North")
        if topic == "crm":
            answer(form, "Issue *", "Login")
        answer(form, "Priority", "")
        answer(form, "Attach", "")
        form.wait()
        asked[topic] = form.text
    assert "Issue *" in asked["crm"]
    assert "Issue" not in asked["IT support"]
    both = ("--field", "brand=North", "--field", "issue=x")
    with untouched(desk):
        refused = desk.tix("new", "T", "-m", "x", "--topic", "IT support", *both, check=2)
        assert "issue" in refused.err
        # S002-12: “an extra mandatory field: Issue*”
        missing = desk.tix("new", "T", "-m", "x", "--topic", "crm", "--field", "brand=North", check=2)
        assert "issue" in missing.err
    words = ("--topic", "crm", "--field", "brand=North", "--field", "issue=Login")
    made = desk.tix("new", "T", "-m", "x", *words, "--json").json
    assert made["fields"] == {"brand": "North", "issue": "Login"}


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


def test_full_information(desk: Shell):
    """S002-22.

    “In the extended view you will see full information of the ticket.”
    """
    topics(desk)
    desk.tix(
        "topic", "field", "add", "crm", "cause", "--label", "Root cause", "--kind", "text", "--staff-only"
    )
    desk.tix(
        *("new", "T", "-m", "x", "--topic", "crm", "--field", "brand=North", "--field", "issue=Login"),
        as_="ana",
    )
    desk.tix("edit", 1, "--field", "cause=capybara", as_="sam")
    hers = show(desk, as_="ana")
    assert set(hers) >= set(LIST_KEYS) | set(SHOW_KEYS)
    assert hers["fields"] == {"brand": "North", "issue": "Login"}
    shown = screen(desk.terminal("show", 1, as_="ana"))
    for label, value in (("Brand", "North"), ("Issue", "Login")):
        assert re.search(rf"{label} +{value}", shown)
    assert "capybara" not in shown
    assert "Root cause" not in shown
    assert "capybara" in screen(desk.terminal("show", 1, as_="sam"))


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
    helpdesk.tix("assign", 1, "sam", as_="kim")
    helpdesk.tix("resolve", 1, as_="sam")
    assert show(helpdesk)["resolved_at"] is not None
    before = heard(helpdesk, "sam")
    wrote = helpdesk.tix("reply", 1, "-m", "still broken", as_="ana")
    ticket = show(helpdesk)
    assert (ticket["status"], ticket["resolved_at"]) == ("opened", None)
    assert changes(ticket) == [("opened", "resolved"), ("resolved", "opened")]
    # S002-27: “the system notice that as you do not agree with the solution given.”
    assert events(ticket)[-1]["event"]["reason"] == "solution-not-accepted"
    assert wrote.err == "Reopened TIX-1; status is now opened.\n"
    assert heard(helpdesk, "sam") == [*before, ("TIX-1", "ana")]
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


def test_a_manager(desk: Shell):
    """S002-29, S002-30, S002-33, S002-36.

    “If you are a manager you will see also the tickets that your agents have opened with the same information
    as explained above, the only difference is that in the column From you will see the name of the user who
    has opened the ticket.”
    """
    write(desk.folder, a_pdf=PDF)
    desk.tix("new", "ana's", "-m", "x", as_="ana")
    desk.tix("new", "ben's", "-m", "x", as_="ben")
    desk.people("bob:requester")
    desk.tix("new", "bob's own", "-m", "x", as_="bob")
    assert refs(desk, "list", "--mine", "--all", as_="bob") == ["TIX-3"]
    desk.tix("user", "edit", "ana", "--manager", "bob")
    desk.tix("close", 1)
    # “you will see also the tickets that your agents have opened”
    listed = desk.tix("list", "--mine", "--all", "--json", as_="bob").json
    assert {ticket["ref"] for ticket in listed} == {"TIX-1", "TIX-3"}
    assert show(desk, 1, as_="bob")["subject"] == "ana's"
    assert refs(desk, "list", "--mine", "--all", as_="ana") == ["TIX-1"]
    desk.tix("show", 3, as_="ana", check=3)
    desk.tix("show", 2, as_="bob", check=3)
    # S002-30: “in the column From you will see the name of the user who has opened the ticket”
    assert {ticket["ref"]: ticket["requester_name"] for ticket in listed} == {"TIX-1": "Ana", "TIX-3": "Bob"}
    shown = screen(desk.terminal("list", "--mine", "--all", "-c", "ref,requester_name", as_="bob"))
    assert re.search(r"TIX-1\b.*\bAna\b", shown)
    # S002-36: “with the same information”
    hers = desk.tix("list", "--mine", "--all", "--json", as_="ana").json
    assert set(listed[0]) == set(hers[0]) == set(LIST_KEYS)
    # S002-33: and may write and attach there
    desk.tix("reply", 1, "-m", "it still smokes", "--attach", "a.pdf", as_="bob")
    last = entries(show(desk, as_="ana"))[-1]
    assert (last["by"], last["kind"], last["body"]) == ("bob", "message", "it still smokes")
    assert names(last["attachments"]) == ["a.pdf"]
    assert show(desk)["phase"] == "open"


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
