"""Seed 004, tickets of ITFlow.

"Tickets allow you to easily track issues and service requests from your clients." Each test names the rows of
the features page it proves and quotes the manual.
"""

import csv
import re
from typing import Any

import pytest

from tests.harness import Shell
from tests.stories.conftest import MORNING, Opened
from tests.stories.reading import (
    bodies,
    changes,
    entries,
    events,
    refs,
    screen,
    shell,
    show,
    untouched,
)

RESOLVED = "2026-04-01T12:00:00Z"
AT_10_HOURS = "2026-04-01T22:00:00Z"
AT_24_HOURS = "2026-04-02T12:00:00Z"
AT_71_59 = "2026-04-04T11:59:00Z"
AT_72_HOURS = "2026-04-04T12:00:00Z"
AT_82_HOURS = "2026-04-04T22:00:00Z"
MUCH_LATER = "2026-06-01T00:00:00Z"


def resolved(desk: Shell, as_: str = "lan") -> None:
    """One more ticket, and it is resolved."""
    (ref,) = desk.tix("new", "Computer broken", "-m", "x", as_=as_).refs
    desk.tix("resolve", ref, as_="sam", now=RESOLVED)


def clients(desk: Shell) -> None:
    """The clients and contacts the page begins with."""
    desk.tix("client", "add", "acme", "--domain", "acme.example", "--rate", "90.00")
    desk.tix("client", "add", "globex")
    for login, client, kind in (
        ("carl", "acme", None),
        ("tess", "acme", "technical"),
        ("paul", "acme", "primary"),
        ("gina", "globex", None),
    ):
        contact = () if kind is None else ("--contact", kind)
        desk.tix("user", "add", login, "--name", login.capitalize(), "--client", client, *contact)


# ------------------------------------------------------------------------------------------ views


def test_issues_and_requests_of_clients(desk: Shell):
    """S004-1.

    “Tickets allow you to easily track issues and service requests from your clients.”
    """
    clients(desk)
    desk.tix("new", "A new laptop", "-m", "x", "--client", "acme", "--type", "request", "--for", "carl")
    desk.tix("new", "Broken", "-m", "x", "--client", "acme", "--type", "issue", "--for", "carl")
    desk.tix("new", "A phone", "-m", "x", "--client", "globex", "--type", "request", "--for", "gina")
    assert (show(desk)["client"], show(desk)["type"]) == ("acme", "request")
    assert refs(desk, "list", "--client", "acme") == ["TIX-1", "TIX-2"]
    assert refs(desk, "list", "--type", "request") == ["TIX-1", "TIX-3"]
    assert refs(desk, "list", "--client", "acme", "--type", "request") == ["TIX-1"]


def test_two_views(desk: Shell):
    """S004-2, S004-3.

    “There are currently two main views for tickets”: “All tickets (from all clients)” and “Client-specific
    tickets - accessed via a client's view/page”
    """
    clients(desk)
    for login in ("carl", "gina", "paul"):
        desk.tix("new", f"of {login}", "-m", "x", as_=login)
    desk.tix("new", "Nobody's", "-m", "x", as_="lan")
    desk.tix("close", 1)
    desk.tix("assign", 3, "sam")
    # S004-2: “All tickets (from all clients)”
    assert set(refs(desk, "list", "--all")) == {f"TIX-{number}" for number in range(1, 5)}
    columns = "number,subject,requester_name,client,priority,status,assignee,last_activity_at,created_at"
    rows = {row["number"]: row for row in desk.tix("list", "--all", "-c", columns, "--json").json}
    assert rows[3] == dict(
        zip(
            columns.split(","),
            [3, "of paul", "Paul", "acme", "medium", "open", "sam", MORNING, MORNING],
            strict=True,
        )
    )
    assert [rows[number]["client"] for number in range(1, 5)] == ["acme", "globex", "acme", None]
    # S004-3: “Client-specific tickets”
    assert set(refs(desk, "list", "--client", "acme", "--all")) == {"TIX-1", "TIX-3"}
    for page in (desk.tix("client", "show", "acme").out, screen(desk.terminal("client", "show", "acme"))):
        for name in ("TIX-1", "TIX-3", "carl", "tess", "paul"):
            assert name in page
        for name in ("TIX-2", "TIX-4", "gina", "lan"):
            assert name not in page
    assert desk.tix("client", "show", "acme", "--json").json["tickets"] == ["TIX-1", "TIX-3"]


def test_counts(desk: Shell):
    """S004-4.

    “Counts, my and unassigned”
    """
    desk.people("john:agent")
    for name in ("One", "Two", "Three"):
        desk.tix("new", name, "-m", "x", as_="lan")
    desk.tix("close", 1)
    desk.tix("assign", 2, "john")
    told = desk.tix("stats", "--json", as_="john").json
    assert told["by_status"] == {"open": 2, "closed": 1}
    assert (told["mine"], told["unassigned"]) == (1, 1)
    assert refs(desk, "list", "--mine", as_="john") == ["TIX-2"]
    assert refs(desk, "list", "--unassigned", as_="john") == ["TIX-3"]
    page = screen(desk.terminal("stats", as_="john"))
    assert "1 mine" in page
    assert "1 unassigned" in page


@pytest.mark.parametrize("format", ["csv", "jsonl"])
def test_export(desk: Shell, format: str):
    """S004-5.

    the “Views”, taken elsewhere and back
    """
    clients(desk)
    desk.people("john:agent")
    desk.tix("asset", "add", "PC-01", "--client", "acme", "--kind", "laptop", "--serial", "0815")
    desk.tix("department", "add", "it", "--member", "john", "--sla", "sev-b")
    desk.tix("topic", "add", "Repairs/Hardware", "--department", "it", "--priority", "high")
    brand = ("--label", "Brand", "--kind", "choice", "--choices", "North,South", "--required")
    desk.tix("topic", "field", "add", "Repairs", "brand", *brand)
    (desk.folder / "shot.bin").write_bytes(bytes(range(256)) * 7)
    desk.tix(
        *("new", "Computer broken", "-m", "It beeps:\n…—…", "--asset", "PC-01", "--attach", "shot.bin"),
        *("--topic", "Repairs/Hardware", "--field", "brand=South", "--for", "carl"),
        now="2026-04-01T09:00:00Z",
    )
    desk.tix("new", "of paul", "-m", "x", as_="paul", now="2026-04-01T09:05:00Z")
    desk.tix("new", "of gina", "-m", "x", as_="gina", now="2026-04-01T09:10:00Z")
    desk.tix("note", 1, "-m", "a fan", "--attach", "shot.bin", as_="john", now="2026-04-01T10:00:00Z")
    desk.tix("reply", 1, "-m", "on its way", as_="john", now="2026-04-01T10:05:00Z")
    desk.tix("edit", 1, "--tag", "fan", "--due", "2026-04-09", "--note", "parts", now="2026-04-01T10:10:00Z")
    desk.tix("close", 2, now="2026-04-01T11:00:00Z")
    desk.now = "2026-04-01T12:00:00Z"
    if format == "csv":
        told = desk.tix("list", "--client", "acme", "--all", "-o", "csv").out
        rows = list(csv.DictReader(told.splitlines()))
        assert [row["ref"] for row in rows] == ["TIX-2", "TIX-1"]
        listed = desk.tix("list", "--client", "acme", "--all", "--json").json
        assert [(row["subject"], row["created_at"]) for row in rows] == [
            (ticket["subject"], ticket["created_at"]) for ticket in listed
        ]
        return
    told = desk.tix("export", "-o", "jsonl").out
    (desk.folder / "desk.jsonl").write_text(told)
    elsewhere = {"TIX_STORE": str(desk.folder / "new.db")}
    desk.tix("import", "desk.jsonl", env=elsewhere)

    def everything(env: dict[str, str] | None) -> dict[str, Any]:
        commands = {
            "tickets": ("show", "1-3", "--json"),
            "people": ("user", "list", "--json"),
            "clients": ("client", "list", "--json"),
            "acme": ("client", "show", "acme", "--json"),
            "departments": ("department", "show", "it", "--json"),
            "topics": ("topic", "list", "--json"),
            "fields": ("topic", "field", "list", "Repairs/Hardware", "--json"),
            "assets": ("asset", "list", "--json"),
            "log": ("log", "--json"),
        }
        return {name: desk.tix(*words, env=env).json for name, words in commands.items()}

    there = everything(elsewhere)
    assert there == everything(None)
    assert len(there["tickets"]) == 3
    assert there["tickets"][0]["assets"] == ["PC-01"]
    desk.tix("attach", "save", 1, "--dir", desk.home, env=elsewhere)
    assert (desk.home / "shot.bin").read_bytes() == (desk.folder / "shot.bin").read_bytes()
    # a second import adds nothing, and what is exported there is what was exported here
    for _ in range(2):
        assert desk.tix("export", "-o", "jsonl", env=elsewhere).out == told
        desk.tix("import", "desk.jsonl", env=elsewhere)
    # and back again, into the desk it came from
    with untouched(desk):
        desk.tix("import", "desk.jsonl")


# ----------------------------------------------------------------------------------------- fields


def test_subject_and_description(desk: Shell):
    """S004-6, S004-7.

    the fields “Subject” and “Ticket description”
    """
    # “Subject”
    with untouched(desk):
        assert "subject" in desk.tix("new", "-m", "x", check=2).err
        assert "message" in desk.tix("new", "Computer broken", check=2).err
    # “Ticket description”: the opening message, verbatim
    text = "It beeps:\n\n  …—…\n\tthree times ünd stops"
    desk.tix("new", "Computer broken", "-m", text)
    assert bodies(show(desk)) == [text]
    desk.tix("config", "set", "message_required", "false")
    assert desk.tix("new", "Computer broken").ref == "TIX-2"
    assert show(desk, 2)["subject"] == "Computer broken"


def test_client_and_contact(desk: Shell):
    """S004-8, S004-9.

    “Client & Contact”
    """
    clients(desk)
    # S004-8: “Client”
    with untouched(desk):
        unknown = desk.tix("new", "T", "-m", "x", "--client", "acne", check=2)
    assert "acme, globex" in unknown.err
    desk.tix("new", "T", "-m", "x", as_="carl")
    desk.tix("new", "T", "-m", "x", "--for", "gina", as_="sam")
    desk.tix("new", "T", "-m", "x", "--for", "lan", as_="sam")
    made = desk.tix("show", "1-3", "--json").json
    assert [ticket["client"] for ticket in made] == ["acme", "globex", None]
    # S004-9: “& Contact”
    both = desk.tix("new", "T", "-m", "x", "--client", "acme", "--for", "carl", "--json", as_="sam").json
    assert (both["client"], both["requester"]) == ("acme", "carl")
    with untouched(desk):
        refused = desk.tix("new", "T", "-m", "x", "--client", "acme", "--for", "gina", as_="sam", check=2)
    assert "gina" in refused.err


def test_related_assets(desk: Shell):
    """S004-12, S004-13.

    “Related asset (future feature is to allow multiple assets)”
    """
    clients(desk)
    desk.tix("asset", "add", "PC-01", "--client", "acme")
    desk.tix("asset", "add", "PRN-2", "--client", "acme")
    for words in (("--asset", "PC-01"), ("--asset", "PC-01", "--asset", "PRN-2"), ("--asset", "PRN-2"), ()):
        desk.tix("new", "T", "-m", "x", "--for", "carl", *words)
    assert show(desk, 1)["assets"] == ["PC-01"]
    desk.tix("close", 1)
    # its history
    assert set(refs(desk, "list", "--asset", "PC-01", "--all")) == {"TIX-1", "TIX-2"}
    assert refs(desk, "list", "--asset", "PC-01") == ["TIX-2"]
    # S004-13: “multiple assets”
    assert sorted(show(desk, 2)["assets"]) == ["PC-01", "PRN-2"]
    desk.tix("edit", 2, "--remove-asset", "PC-01")
    assert show(desk, 2)["assets"] == ["PRN-2"]
    assert changes(show(desk, 2), "asset-removed") == [("PC-01", None)]
    with untouched(desk):
        desk.tix("new", "T", "-m", "x", "--asset", "PC-99", check=2)


def test_priority(desk: Shell):
    """S004-10.

    “Priority (low/med/high)”
    """
    for word in ("low", "med", "high"):
        desk.tix("new", word, "-m", "x", "-p", word)
    assert show(desk, 2)["priority"] == "medium"
    for name in ("med", "medium"):
        assert refs(desk, "list", "--priority", name) == ["TIX-2"]


@pytest.mark.parametrize(
    ("workflow", "stored"),
    [
        pytest.param("itflow", ["working", "hold", "open", "resolved", "closed"], id="itflow"),
        pytest.param("standard", ["in-progress", "on-hold", "open", "resolved", "closed"], id="standard"),
    ],
)
def test_status(fresh: Shell, opened: Opened, workflow: str, stored: list[str]):
    """S004-11.

    “Status (open, working, hold, auto-close, closed)”
    """
    desk = opened(fresh, "--workflow", workflow)
    words = ["working", "hold", "open", "auto-close", "closed"]
    for number, (word, status) in enumerate(zip(words, stored, strict=True), start=1):
        desk.tix("new", word, "-m", "x", as_="lan")
        if word == "open":
            desk.tix("start", number, as_="sam")
        edited = desk.tix("edit", number, "--status", word, "--json", as_="sam").json
        assert edited["status"] == status
    for number, word in enumerate(words, start=1):
        assert refs(desk, "list", "--status", word) == [f"TIX-{number}"]


# --------------------------------------------------------------------------------------- features


def test_assignment(desk: Shell):
    """S004-14, S004-15.

    “Agent Assignment/Re-assignment”
    """
    desk.tix("new", "Computer broken", "-m", "x", as_="lan")
    desk.tix("assign", 1, "sam")
    assert show(desk)["assignee"] == "sam"
    assert changes(show(desk), "assigned") == [(None, "sam")]
    desk.tix("assign", 1, "kim")
    assert show(desk)["assignee"] == "kim"
    assert changes(show(desk), "assigned")[1:] == [("sam", "kim")]
    desk.tix("assign", 1, "none")
    assert show(desk)["assignee"] is None
    assert len(events(show(desk))) == 3


def test_custom_prefix(desk: Shell):
    """S004-16.

    “Custom ticket prefix”
    """
    desk.tix("new", "One", "-m", "x")
    desk.tix("config", "set", "prefix", "HLP-")
    assert desk.tix("new", "Two", "-m", "x").ref == "HLP-2"
    assert refs(desk, "list") == ["TIX-1", "HLP-2"]
    assert show(desk, "TIX-1")["subject"] == "One"
    assert show(desk, "HLP-2")["subject"] == "Two"
    desk.tix("show", "HLP-1", check=3)
    desk.tix("show", "TIX-2", check=3)
    with untouched(desk):
        for wrong in ("H LP-", "HLP?-", "HLP#", " ", "-", "$-"):
            desk.tix("config", "set", "prefix", wrong, check=2)


def test_next_number(desk: Shell):
    """S004-17.

    “Custom ticket prefix” and the number that follows it
    """
    desk.tix("new", "One", "-m", "x")
    desk.tix("config", "set", "next_number", "100")
    assert desk.tix("new", "Two", "-m", "x").ref == "TIX-100"
    with untouched(desk):
        desk.tix("config", "set", "next_number", "50", check=2)
        desk.tix("config", "set", "next_number", "100", check=2)
    racing = [desk.start("new", f"T{count}", "-m", "x") for count in range(10)]
    made = [process.communicate(timeout=60)[0].decode().strip() for process in racing]
    assert [process.returncode for process in racing] == [0] * 10
    assert sorted(made) == [f"TIX-{number}" for number in range(101, 111)]


def test_the_reference(itflow: Shell):
    """S004-18.

    “"ticket_prefix": "TCK-", … "ticket_number": "3"”
    """
    for subject in ("One", "Two", "Computer broken"):
        itflow.tix("new", subject, "-m", "x", as_="lan")
    names = ("TCK-3", "tck-3", "#3", "3")
    for name in names:
        assert show(itflow, name)["subject"] == "Computer broken"
    for name, priority in zip(names, ("low", "high", "urgent", "medium"), strict=True):
        edited = itflow.tix("edit", name, "--priority", priority, "--json").json
        assert (edited["ref"], edited["priority"]) == ("TCK-3", priority)
    shown = shell(itflow, "tix list -o ids | tix show - --json").json
    assert [ticket["ref"] for ticket in shown] == ["TCK-1", "TCK-2", "TCK-3"]
    assert itflow.tix("close", "tck-3").out == "TCK-3\n"
    for name in names:
        assert itflow.tix("close", name).out == "TCK-3\n"
    assert changes(show(itflow, 3)) == [("open", "closed")]


# ---------------------------------------------------------------------------------- time and money


def test_time_tracking(itflow: Shell):
    """S004-19.

    “Time Tracking: Track the time spent on each ticket”
    """
    itflow.tix("new", "Computer broken", "-m", "x", as_="lan")
    itflow.tix("reply", 1, "-m", "x", "--time", "0:02:35", as_="sam")
    itflow.tix("time", "add", 1, "25m", as_="sam")
    itflow.tix("time", "start", 1, as_="sam", now="2026-04-01T10:00:00Z")
    itflow.tix("time", "stop", 1, as_="sam", now="2026-04-01T10:40:00Z")
    assert show(itflow)["time_seconds"] == 155 + 25 * 60 + 40 * 60
    for word in ("soon", "0", "25 or so"):
        itflow.tix("time", "add", 1, word, as_="sam", check=2)
        itflow.tix("reply", 1, "-m", "x", "--time", word, as_="sam", check=2)
    assert show(itflow)["time_seconds"] == 155 + 25 * 60 + 40 * 60


def test_private_notes_with_time(itflow: Shell):
    """S004-21.

    Never in the contact's view, in mail, or in an export the contact makes; its time counts.
    """
    clients(itflow)
    itflow.tix("new", "Computer broken", "-m", "x", as_="carl")
    before = itflow.tix("export", as_="carl").out
    itflow.tix("note", 1, "-m", "the keeper has the key", "--time", "10m", as_="sam")
    assert show(itflow)["time_seconds"] == 600
    assert itflow.tix("export", as_="carl").out == before
    assert "carl" not in itflow.tix("mail", "outbox", "--json").out
    for words in (("show", 1), ("show", 1, "--json"), ("log",), ("search", "keeper"), ("export",)):
        assert "keeper" not in itflow.tix(*words, as_="carl").out
    assert itflow.tix("show", 1, "--json", as_="carl").json["time_seconds"] is None


def test_invoicing(itflow: Shell):
    """S004-26.

    “Invoicing: Easily convert tickets to invoices”
    """
    clients(itflow)
    itflow.tix("new", "Computer broken", "-m", "x", as_="carl")
    itflow.tix("time", "add", 1, "25m", as_="sam")
    made = itflow.tix("invoice", "create", 1, "--json").json
    assert (made["lines"][0]["hours"], made["lines"][0]["rate"], made["total"]) == ("0.50", "90.00", "45.00")
    assert itflow.tix("invoice", "create", 1).out == ""
    assert itflow.tix("invoice", "list", "-o", "ids").lines == ["1"]
    assert show(itflow)["unbilled_seconds"] == 0
    itflow.tix("invoice", "void", 1)
    assert show(itflow)["unbilled_seconds"] == 25 * 60
    assert itflow.tix("invoice", "create", 1).out == "2\n"


# ------------------------------------------------------------------------------ resolved and closed


BACKUP = ("schedule", "add", "backup", "--subject", "Check backups", "-m", "x")


def test_merging(desk: Shell):
    """S004-22.

    “Merging” tickets: two become one, and two again.
    """
    file = desk.folder / "screen.txt"
    file.write_text("black\n")
    for subject, who, minute in (("Screen black", "lan", 0), ("No picture", "ana", 1)):
        desk.tix("new", subject, "-m", f"{subject}, says {who}", as_=who, now=f"2026-04-01T10:0{minute}:00Z")
    desk.tix(
        "reply",
        2,
        "-m",
        "Since when?",
        "--attach",
        file,
        "--time",
        "10m",
        as_="sam",
        now="2026-04-01T10:02:00Z",
    )
    desk.tix("reply", 1, "-m", "Look at the cable.", as_="sam", now="2026-04-01T10:03:00Z")
    before = {number: show(desk, number, now="2026-04-01T10:04:00Z") for number in (1, 2)}
    merging = ("merge", 2, "--into", 1, "--note", "why")
    asked = desk.tix(*merging, as_="sam", now="2026-04-01T10:05:00Z", check=2).err
    assert "TIX-2 has the requester ana and TIX-1 has lan" in asked
    assert "--yes" in asked
    desk.tix(*merging, "--yes", as_="sam", now="2026-04-01T10:05:00Z")
    one, two = show(desk, 1), show(desk, 2)
    assert (two["phase"], two["merged_into"]) == ("closed", "TIX-1")
    assert bodies(one) == [
        "Screen black, says lan", "No picture, says ana", "Since when?", "Look at the cable.", "why",
    ]  # fmt: skip
    assert bodies(one, "note") == ["why"]
    assert [file["name"] for item in one["thread"] for file in item["attachments"]] == ["screen.txt"]
    assert (one["time_seconds"], two["time_seconds"]) == (600, 0)
    assert changes(one, "merged") == [("TIX-2", None)]
    assert changes(two, "merged") == [(None, "TIX-1")]
    for source, target in ((1, 1), (1, 2)):
        desk.tix("merge", source, "--into", target, as_="sam", check=5)
    assert bodies(show(desk, 1, as_="lan")) == ["Screen black, says lan", "Look at the cable."]
    assert bodies(show(desk, 2, as_="ana")) == ["No picture, says ana", "Since when?"]
    desk.tix("show", 1, as_="ana", check=3)
    desk.tix("show", 2, as_="lan", check=3)
    desk.tix("unmerge", 2, as_="sam", now="2026-04-01T10:06:00Z")
    apart = {number: show(desk, number, now="2026-04-01T10:07:00Z") for number in (1, 2)}
    # Reopening the source is a change of its status, and so the latest activity on it.
    assert apart[2]["last_activity_at"] == "2026-04-01T10:06:00Z"
    before[2]["last_activity_at"] = "2026-04-01T10:06:00Z"
    for number, was in before.items():
        now = apart[number]
        assert [item for item in now["thread"] if item in was["thread"]] == was["thread"]
        for key in was.keys() - {"thread", "version", "updated_at", "entries"}:
            assert now[key] == was[key], key


def test_nothing_is_merged_into_what_is_closed_for_good(itflow: Shell):
    """S004-22, its last refusal."""
    for _ in range(2):
        itflow.tix("new", "Computer broken", "-m", "x", as_="lan")
    itflow.tix("close", 1, as_="sam")
    assert "closed and cannot be reopened" in itflow.tix("merge", 2, "--into", 1, as_="sam", check=5).err


def test_a_scheduled_ticket_is_made_once(desk: Shell):
    """S004-23.

    “Scheduled/Recurring tickets”
    """
    desk.tix(*BACKUP, "--every", "monthly", "--start", "2027-01-31")
    desk.tix("tick", now="2027-01-30T23:59:59Z")
    assert refs(desk, "list") == []
    for _ in range(2):
        desk.tix("tick", now="2027-01-31T08:00:00Z")
        assert refs(desk, "list") == ["TIX-1"]
    assert (show(desk)["subject"], bodies(show(desk), "message")) == ("Check backups", ["x"])
    # four months without a tick
    for _ in range(2):
        desk.tix("tick", now="2027-06-15T08:00:00Z")
        assert refs(desk, "list") == ["TIX-1", "TIX-2"]
    assert "4 missed runs" in bodies(show(desk, 2), "note")[0]
    desk.tix("tick", now="2027-06-30T08:00:00Z")
    assert refs(desk, "list") == ["TIX-1", "TIX-2", "TIX-3"]


def test_schedules_are_managed(desk: Shell):
    """S004-24.

    “Scheduled/Recurring tickets”
    """
    desk.tix(*BACKUP, "--every", "weekly", "--start", "2026-04-06")
    (listed,) = desk.tix("schedule", "list", "--json", as_="sam").json
    assert (listed["name"], listed["every"], listed["next_at"]) == (
        "backup",
        "weekly",
        "2026-04-06T00:00:00Z",
    )
    desk.tix("schedule", "edit", "backup", "--subject", "Look at the backups", "--assign", "kim")
    desk.tix("schedule", "pause", "backup")
    desk.tix("tick", now="2026-04-07T00:00:00Z")
    assert refs(desk, "list") == []
    desk.tix("schedule", "resume", "backup", now="2026-04-07T00:00:00Z")
    desk.tix("tick", now="2026-04-07T00:00:00Z")
    assert refs(desk, "list") == []
    desk.tix("tick", now="2026-04-13T00:00:00Z")
    assert refs(desk, "list") == ["TIX-1"]
    assert (show(desk)["subject"], show(desk)["assignee"]) == ("Look at the backups", "kim")
    before = desk.tix("schedule", "show", "backup", "--json").json["next_at"]
    assert desk.tix("schedule", "run", "backup").refs == ["TIX-2"]
    assert desk.tix("schedule", "show", "backup", "--json").json["next_at"] == before
    desk.tix("schedule", "rm", "backup")
    assert desk.tix("schedule", "list", "--json").json == []
    desk.tix("tick", now="2026-05-01T00:00:00Z")
    assert refs(desk, "list") == ["TIX-1", "TIX-2"]


@pytest.mark.parametrize(
    ("every", "eve", "day"),
    [
        ("three-days", "2027-02-02", "2027-02-03"),
        ("weekly", "2027-02-06", "2027-02-07"),
        ("biweekly", "2027-02-13", "2027-02-14"),
        ("monthly", "2027-02-27", "2027-02-28"),
        ("quarterly", "2027-04-29", "2027-04-30"),
        ("biannually", "2027-07-30", "2027-07-31"),
        ("annually", "2028-01-30", "2028-01-31"),
    ],
)
def test_the_frequencies(desk: Shell, every: str, eve: str, day: str):
    """S004-25.

    “Scheduled/Recurring tickets”
    """
    desk.tix(*BACKUP, "--every", every, "--start", "2027-01-31")
    desk.tix("tick", now="2027-01-31T12:00:00Z")
    desk.tix("tick", now=f"{eve}T23:59:59Z")
    assert refs(desk, "list") == ["TIX-1"]
    desk.tix("tick", now=f"{day}T00:00:00Z")
    assert refs(desk, "list") == ["TIX-1", "TIX-2"]
    desk.tix("schedule", "add", "other", "--subject", "x", "-m", "x", "--every", "now and then", check=2)


def test_resolved_comes_first(itflow: Shell):
    """S004-27.

    “Resolved - A ticket is resolved before being closed.”
    """
    resolved(itflow)
    ticket = show(itflow, now=RESOLVED)
    assert (ticket["status"], ticket["phase"]) == ("resolved", "resolved")
    assert ticket["resolved_at"] == RESOLVED
    assert ticket["lapses_at"] == AT_72_HOURS
    assert (ticket["closed_at"], ticket["closed_by"]) == (None, None)


def test_agents_reopen(itflow: Shell):
    """S004-28.

    “Agents and client contacts can re-open resolved tickets for 72 hrs”
    """
    resolved(itflow)
    itflow.tix("reopen", 1, as_="sam", now=AT_71_59)
    ticket = show(itflow, now=AT_71_59)
    assert (ticket["status"], ticket["resolved_at"], ticket["reopened"]) == ("open", None, 1)
    assert ticket["lapses_at"] is None
    resolved(itflow)
    itflow.tix("reopen", 2, as_="sam", now=AT_72_HOURS, check=5)


@pytest.mark.parametrize("contact", ["carl", "paul", "tess"])
def test_contacts_reopen(itflow: Shell, contact: str):
    """S004-29.

    “Agents and client contacts can re-open resolved tickets for 72 hrs”
    """
    clients(itflow)
    resolved(itflow, as_="carl")
    itflow.tix("reopen", 1, as_="gina", now=AT_71_59, check=3)
    assert show(itflow, now=AT_71_59)["status"] == "resolved"
    itflow.tix("reopen", 1, as_=contact, now=AT_71_59)
    ticket = show(itflow, now=AT_71_59)
    assert (ticket["status"], ticket["resolved_at"], ticket["reopened"]) == ("open", None, 1)
    assert events(ticket)[-1]["by"] == contact


@pytest.mark.parametrize("workflow", ["itflow", "standard"])
@pytest.mark.parametrize("ticked", [True, False], ids=["with tick", "without"])
def test_it_closes_by_itself(fresh: Shell, opened: Opened, workflow: str, ticked: bool):
    """S004-30.

    “for 72 hrs (configurable) before they automatically close.”
    """
    desk = opened(fresh, "--workflow", workflow)
    resolved(desk)
    if ticked:
        desk.tix("tick", now=AT_71_59)
    ticket = show(desk, now=AT_71_59)
    assert (ticket["status"], ticket["closed_at"]) == ("resolved", None)
    assert refs(desk, "list", "--status", "resolved", now=AT_71_59) == ["TIX-1"]
    if ticked:
        desk.tix("tick", now=AT_72_HOURS)
        desk.tix("tick", now=MUCH_LATER)
    for now in (AT_72_HOURS, MUCH_LATER):
        ticket = show(desk, now=now)
        assert (ticket["status"], ticket["phase"]) == ("closed", "closed")
        assert (ticket["closed_at"], ticket["closed_by"]) == (AT_72_HOURS, None)
        assert refs(desk, "list", "--status", "closed", now=now) == ["TIX-1"]
        told = [item for item in ticket["thread"] if item["side"] == "system"]
        assert [(item["at"], item["by"], item["event"]["type"]) for item in told] == [
            (AT_72_HOURS, None, "status-changed")
        ]
        assert changes(ticket) == [("open", "resolved"), ("resolved", "closed")]
        logged = desk.tix("log", 1, "--json", now=now).json
        assert [item["at"] for item in logged if item["side"] == "system"] == [AT_72_HOURS]


def test_the_hours(desk: Shell):
    """S004-31.

    “72 hrs (configurable)”
    """
    with untouched(desk):
        desk.tix("config", "set", "auto_close_after", "soon", check=2)
        desk.tix("config", "set", "auto_close_after", "-3h", check=2)
    desk.tix("config", "set", "auto_close_after", "24h")
    resolved(desk)
    assert show(desk, now=RESOLVED)["lapses_at"] == AT_24_HOURS
    assert show(desk, now="2026-04-02T11:59:59Z")["status"] == "resolved"
    ticket = show(desk, now=AT_24_HOURS)
    assert (ticket["status"], ticket["closed_at"]) == ("closed", AT_24_HOURS)
    # 0 is never
    desk.tix("config", "set", "auto_close_after", "0", now=RESOLVED)
    resolved(desk)
    for number in (1, 2):
        ticket = show(desk, number, now=MUCH_LATER)
        assert (ticket["status"], ticket["lapses_at"]) == ("resolved", None)


def test_new_activity_restarts_the_wait(itflow: Shell):
    """S004-32.

    “re-open resolved tickets for 72 hrs”, counted from when somebody last spoke
    """
    resolved(itflow)
    itflow.tix("note", 1, "-m", "n", as_="sam", now="2026-04-01T13:00:00Z")
    itflow.tix("edit", 1, "--priority", "high", as_="sam", now="2026-04-01T14:00:00Z")
    assert show(itflow, now=AT_10_HOURS)["lapses_at"] == AT_72_HOURS
    itflow.tix("reply", 1, "-m", "does it run?", as_="sam", now=AT_10_HOURS)
    ticket = show(itflow, now=AT_10_HOURS)
    assert (ticket["status"], ticket["lapses_at"]) == ("resolved", AT_82_HOURS)
    assert show(itflow, now="2026-04-04T21:59:00Z")["status"] == "resolved"
    assert show(itflow, now=AT_82_HOURS)["closed_at"] == AT_82_HOURS
    itflow.tix("reply", 1, "-m", "no", as_="lan", now="2026-04-04T21:59:00Z")
    ticket = show(itflow, now=MUCH_LATER)
    assert (ticket["status"], ticket["lapses_at"], ticket["reopened"]) == ("open", None, 1)


def test_closed_is_final(itflow: Shell):
    """S004-33, S004-34.

    “Close - Once a ticket is closed, it cannot be re-opened”
    """
    itflow.tix("new", "Computer broken", "-m", "x", as_="lan")
    itflow.tix("close", 1, as_="sam")
    with untouched(itflow):
        for who in ("sam", "lan", None):
            refused = itflow.tix("reopen", 1, as_=who, check=5)
            assert "tix new --about ticket:" in refused.err
        # S004-34: and nothing else can be done to it
        itflow.tix("reply", 1, "-m", "y", as_="lan", check=5)
        for words in (
            ("reply", 1, "-m", "y"),
            ("note", 1, "-m", "y"),
            ("edit", 1, "--priority", "high"),
            ("assign", 1, "kim"),
            ("claim", 1),
            ("time", "add", 1, "5m"),
        ):
            itflow.tix(*words, as_="sam", check=5)
    assert len(entries(show(itflow))) == 1
    assert (show(itflow)["status"], show(itflow)["priority"], show(itflow)["assignee"]) == (
        "closed",
        "medium",
        None,
    )


# ------------------------------------------------------------------------------------------ notes


def test_technical_contacts(desk: Shell):
    """S004-52.

    “Client contacts with the "Technical contact" role are able to see all tickets under their Client”
    """
    clients(desk)
    for login in ("carl", "paul", "tess", "gina"):
        desk.tix("new", f"of {login}", "-m", "x", as_=login)
    desk.tix("close", 1)
    mine = ("list", "--mine", "--all")
    assert set(refs(desk, *mine, as_="tess")) == {"TIX-1", "TIX-2", "TIX-3"}
    assert refs(desk, *mine, as_="carl") == ["TIX-1"]
    assert refs(desk, *mine, as_="gina") == ["TIX-4"]
    assert show(desk, 1, as_="tess")["subject"] == "of carl"
    desk.tix("show", 4, as_="tess", check=3)
    desk.tix("show", 2, as_="carl", check=3)


# -------------------------------------------------------------------------------------------- API


def test_the_category_may_be_empty(desk: Shell):
    """S004-59.

    “"ticket_category": null”
    """
    desk.tix("new", "Computer broken", "-m", "x")
    desk.tix("new", "Computer broken", "-m", "x", "--category", "hardware")
    ticket = show(desk, 1)
    assert "category" in ticket
    assert ticket["category"] is None
    assert show(desk, 2)["category"] == "hardware"


def test_output_for_pipes(desk: Shell):
    """S004-60.

    “Invoke-RestMethod … | ConvertTo-Json”
    """

    def checked(*words: object, check: int = 0):
        told = desk.tix(*words, "--json", "--color", "always", check=check)
        assert told.raw_out.isascii()
        assert b"\x1b" not in told.raw_out
        return told

    made = checked("new", "Bildschirm schwärzlich 黒", "-m", "Nichts geht mehr – ü\x1b[31m")
    assert {**show(desk), "effect": "created", "changes": [], "undo": None} == made.json
    assert made.json["subject"] == "Bildschirm schwärzlich 黒"
    assert checked("list").json[0]["subject"] == "Bildschirm schwärzlich 黒"
    checked("new", "Zwei", "-m", "x")
    # several references: an array, also of one
    assert [ticket["ref"] for ticket in checked("edit", 1, 2, "--priority", "high").json] == [
        "TIX-1",
        "TIX-2",
    ]
    assert [ticket["ref"] for ticket in checked("show", "1-1").json] == ["TIX-1"]
    closed = checked("close", 2).json
    assert {name: value for name, value in closed.items() if name in show(desk, 2)} == show(desk, 2)
    assert closed["changes"] == [{"field": "status", "old": "open", "new": "closed"}]
    # words go to stderr
    already = checked("close", 2)
    assert already.json == {**show(desk, 2), "effect": "unchanged", "changes": [], "undo": None}
    assert "TIX-2" in already.err
    # an error is one object, with nothing on stdout
    for words, status in ((("show", 99), 3), (("new", "-m", "x"), 2), (("rate", 1, 5), 5), (("frob",), 2)):
        failed = checked(*words, check=status)
        assert failed.out == ""
        assert failed.error["exit"] == status
        assert re.fullmatch("[a-z-]+", failed.error["code"])
        assert set(failed.error) == {"code", "message", "hint", "exit", "retryable", "fix"}
    some = checked("edit", 1, 99, "--priority", "low", check=9)
    assert [ticket["ref"] for ticket in some.json] == ["TIX-1"]
    assert (some.error["exit"], some.error["code"]) == (3, "not-found")
    assert "99" in some.error["ref"]


# ----------------------------------------------------------------------------------------------------- mail


def message(sender: str, subject: str, text: str = "It burns.", *head: str, id: str | None = None) -> bytes:
    """A mail to the desk as a server delivers it."""
    lines = [f"From: {sender}", "To: help@desk.example", f"Subject: {subject}", *head]
    if id is not None:
        lines.append(f"Message-ID: <{id}>")
    return ("\n".join(lines) + f"\n\n{text}\n").encode()


def queued(desk: Shell) -> list[tuple[str, str, str]]:
    """Reason, recipient and subject of the mails that wait, oldest first."""
    found = desk.tix("mail", "outbox", "--state", "queued", "--json").json
    return [(one["rule"], one["to"], one["subject"]) for one in reversed(found)]


def mailing(desk: Shell) -> None:
    """The clients, their contact with an address, agents with one, and where mail is sent from."""
    clients(desk)
    desk.tix("user", "edit", "carl", "--email", "carl@acme.example")
    for login in ("sam", "kim"):
        desk.tix("user", "edit", login, "--email", f"{login}@desk.example")
    desk.tix("config", "set", "mail.from_address", "help@desk.example")


def test_public_updates_go_out_by_mail(itflow: Shell):
    """S004-20.

    “Public update: sent to the contact and any watchers by e-mail”
    """
    mailing(itflow)
    itflow.tix("new", "Printer", "-m", "x", "--for", "carl", "--cc", "w@x.example", as_="sam")
    itflow.tix("reply", 1, "-m", "Look at it now.", as_="sam")
    assert queued(itflow) == [
        ("answered", "carl@acme.example", "[TCK-1] Printer"),
        ("answered", "w@x.example", "[TCK-1] Printer"),
    ]
    itflow.tix("reply", 1, "-m", "Quietly.", "--no-notify", as_="sam")
    assert len(queued(itflow)) == 2


def test_a_contact_raises_a_ticket_by_mail(itflow: Shell):
    """S004-35."""
    mailing(itflow)
    head = ("MIME-Version: 1.0", 'Content-Type: multipart/mixed; boundary="b"')
    body = (
        "--b\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nSchöne Grüße\n"
        "--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename=log.txt\n\nline\n--b--\n"
    )
    itflow.tix("mail", "in", stdin=message("Carl <carl@acme.example>", "Printer on fire", body, *head))
    ticket = show(itflow, 1)
    assert (ticket["client"], ticket["requester"], ticket["source"]) == ("acme", "carl", "email")
    assert (ticket["subject"], ticket["thread"][0]["body"]) == ("Printer on fire", "Schöne Grüße")
    assert [file["name"] for file in ticket["thread"][0]["attachments"]] == ["log.txt"]


def test_a_contact_updates_a_ticket_by_mail(itflow: Shell):
    """S004-36."""
    mailing(itflow)
    itflow.tix("new", "Printer", "-m", "x", "--for", "carl", as_="sam")
    answer = message("carl@acme.example", "Re: [TCK-1] Printer", "Still.", id="a@acme.example")
    for _ in range(2):
        itflow.tix("mail", "in", stdin=answer)
    assert bodies(show(itflow, 1)) == ["x", "Still."]
    assert refs(itflow, "list", "--all") == ["TCK-1"]


def test_mail_reopens_what_is_resolved_and_not_what_is_closed(itflow: Shell):
    """S004-37."""
    mailing(itflow)
    itflow.tix("new", "Printer", "-m", "x", "--for", "carl", "-a", "sam", as_="kim")
    itflow.tix("resolve", 1, as_="sam")
    itflow.tix("mail", "in", stdin=message("carl@acme.example", "Re: [TCK-1] Printer", "No."))
    assert show(itflow, 1)["status"] == "open"
    itflow.tix("close", 1, as_="sam")
    before = len(queued(itflow))
    itflow.tix("mail", "in", stdin=message("carl@acme.example", "Re: [TCK-1] Printer", "Again."))
    assert (show(itflow, 1)["status"], bodies(show(itflow, 1))) == ("closed", ["x", "No."])
    assert refs(itflow, "list", "--all") == ["TCK-1"]
    assert ("declined", "carl@acme.example", "[TCK-1] Printer") in queued(itflow)[before:]
    assert itflow.tix("notification", "list", as_="sam").rows[0][4] == "mail-declined"


def test_the_servers_are_settings(itflow: Shell):
    """S004-38."""
    itflow.tix("config", "set", "mail.imap.host", "imap.acme.example")
    itflow.tix("config", "set", "mail.imap.port", "993")
    itflow.tix("config", "set", "mail.imap.user", "help")
    for word in ("none", "starttls", "tls"):
        itflow.tix("config", "set", "mail.imap.encryption", word)
    itflow.tix("config", "set", "mail.imap.encryption", "ssl", check=2)
    itflow.tix("config", "set", "mail.imap.password", "secret", check=2)
    assert "secret" not in itflow.tix("config", "list").out
    assert b"secret" not in itflow.store.read_bytes()


def test_mail_to_ticket_is_switched_off(itflow: Shell):
    """S004-40."""
    mailing(itflow)
    itflow.tix("config", "set", "mail.parse", "false")
    itflow.tix("mail", "fetch", check=5)
    itflow.tix("mail", "in", stdin=message("carl@acme.example", "Printer"), check=75)
    assert refs(itflow, "list", "--all") == []


@pytest.mark.parametrize(
    ("sender", "head"),
    [
        ("carl@acme.example", ("Auto-Submitted: auto-replied",)),
        ("MAILER-DAEMON <mailer-daemon@acme.example>", ("Return-Path: <>",)),
    ],
)
def test_robots_make_no_loop(itflow: Shell, sender: str, head: tuple[str, ...]):
    """S004-42."""
    mailing(itflow)
    itflow.tix("config", "set", "notify.requester_created", "true")
    itflow.tix("new", "Printer", "-m", "x", "--for", "carl", "--no-notify", as_="sam")
    itflow.tix("resolve", 1, as_="sam")
    before = queued(itflow)
    for subject in ("Out of office", "Re: [TCK-1] Printer"):
        itflow.tix("mail", "in", stdin=message(sender, subject, "Away.", *head))
    assert (show(itflow, 1)["status"], refs(itflow, "list", "--all"), queued(itflow)) == (
        "resolved",
        ["TCK-1"],
        before,
    )


def test_who_is_told_by_mail_is_a_setting(itflow: Shell):
    """S004-43, S004-44, S004-45."""
    mailing(itflow)
    for created, closed in (("true", "true"), ("false", "false")):
        itflow.tix("config", "set", "notify.requester_created", created)
        itflow.tix("config", "set", "notify.requester_closed", closed)
        ref = itflow.tix("new", "Printer", "-m", "x", "--for", "carl", as_="sam").ref
        itflow.tix("resolve", ref, as_="sam")
        itflow.tix("close", ref, as_="sam")
    assert [(rule, to) for rule, to, _ in queued(itflow)] == [
        ("created", "carl@acme.example"),
        ("resolved", "carl@acme.example"),
        ("closed", "carl@acme.example"),
    ]
    itflow.tix("config", "set", "notify.new_ticket_to", "team@desk.example")
    itflow.tix("new", "By shell", "-m", "x", as_="sam")
    itflow.tix("mail", "in", stdin=message("carl@acme.example", "By mail"))
    assert [to for rule, to, _ in queued(itflow) if rule == "new-ticket"] == ["team@desk.example"] * 2


def test_agents_are_told(itflow: Shell):
    """S004-46, S004-47."""
    mailing(itflow)
    itflow.tix("new", "Printer", "-m", "x", "--for", "carl", as_="sam")
    itflow.tix("assign", 1, "kim", as_="sam")
    itflow.tix("mail", "in", stdin=message("carl@acme.example", "Re: [TCK-1] Printer", "And?"))
    itflow.tix("reply", 1, "-m", "Soon.", as_="sam")
    itflow.tix("edit", 1, "--priority", "high", as_="sam")
    told = [row[4] for row in itflow.tix("notification", "list", as_="kim").rows]
    assert told == ["changed", "answered", "message", "assigned"]
    itflow.tix("new", "Screen", "-m", "x", "--for", "carl", as_="sam")
    itflow.tix("claim", 2, as_="kim")
    assert len(itflow.tix("notification", "list", as_="kim").rows) == 4


def test_unknown_senders(itflow: Shell):
    """S004-49, S004-50, S004-51."""
    mailing(itflow)
    itflow.tix("mail", "in", stdin=message("bob@elsewhere.example", "Hello"))
    assert refs(itflow, "list", "--all") == []
    waiting = itflow.tix("mail", "quarantine", "--json").json
    assert [(one["from"], one["outcome"]) for one in waiting] == [("bob@elsewhere.example", "ignored")]
    itflow.tix("mail", "in", stdin=message("New <new@acme.example>", "Hello"))
    ticket = show(itflow, 1)
    assert (ticket["requester"], ticket["client"]) == ("new@acme.example", "acme")
    itflow.tix("mail", "in", stdin=message("Mallory <mallory@x.example>", "Re: [TCK-1] Hello", "Let me in."))
    noted = show(itflow, 1)["thread"][-1]
    assert (noted["kind"], noted["internal"]) == ("note", True)
    assert "mallory@x.example" in noted["body"]
    assert "mallory" not in itflow.tix("show", 1, "--json", as_="new@acme.example").out
    assert refs(itflow, "list", "--all") == ["TCK-1"]


def test_a_desk_that_knows_no_address_of_its_own_does_not_follow_its_tickets(itflow: Shell):
    """Also S004-20 and S004-35 before mail is set up: the contact and who is in Cc get news, the desk itself does not."""
    clients(itflow)
    itflow.tix("user", "edit", "carl", "--email", "carl@acme.example")
    copy = ("Cc: w@x.example, help@desk.example", "Delivered-To: help@desk.example")
    itflow.tix("mail", "in", stdin=message("carl@acme.example", "Printer", "It burns.", *copy))
    assert show(itflow, 1)["watchers"] == ["w@x.example"]
    itflow.tix("reply", 1, "-m", "Look at it now.", as_="sam")
    assert [to for _, to, _ in queued(itflow)] == ["carl@acme.example", "w@x.example"]
