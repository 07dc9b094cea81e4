"""Seed 000, tickets of dPhish.

"a comprehensive ticketing system to manage all services it covers, from raising a ticket to its
resolution and closure." Each test names the rows of the features page it proves and quotes the manual.
"""

import re
import subprocess

import pytest

from tests.harness import Shell
from tests.stories.reading import (
    answer,
    bodies,
    changes,
    content,
    entries,
    events,
    files_with,
    heard,
    refs,
    screen,
    shell,
    show,
    untouched,
)

# --------------------------------------------------------------------------------------- main page


def test_raise_a_ticket(desk: Shell):
    """S000-1.

    “Raise tickets for issues or requests related to platform services.”
    """
    assert desk.tix("new", "VPN down", "-m", "since nine").out == "TIX-1\n"
    ticket = show(desk)
    assert ticket["subject"] == "VPN down"
    assert ticket["phase"] == "open"
    assert ticket["thread"][0]["kind"] == "message"
    assert ticket["thread"][0]["body"] == "since nine"


def test_track_it_to_its_end(desk: Shell, me: str):
    """S000-2.

    “Track ticket statuses and updates throughout the resolution process.”
    """
    desk.tix("new", "VPN down", "-m", "since nine", as_="lan", now="2026-04-01T09:00:00Z")
    desk.tix("reply", 1, "-m", "try again", as_="sam", now="2026-04-01T09:10:00Z")
    desk.tix("close", 1, now="2026-04-01T09:20:00Z")
    thread = show(desk)["thread"]
    assert [item["at"] for item in thread] == sorted(item["at"] for item in thread)
    told = [(item["kind"], item["by"], item["at"]) for item in thread]
    assert told[0] == ("message", "lan", "2026-04-01T09:00:00Z")
    assert told[1] == ("reply", "sam", "2026-04-01T09:10:00Z")
    assert told[-1] == ("event", me, "2026-04-01T09:20:00Z")
    assert thread[-1]["event"]["type"] == "status-changed"
    assert thread[-1]["event"]["new"] == "closed"
    (logged,) = [item for item in desk.tix("log", 1, "--json").json if item["id"] == thread[-1]["id"]]
    assert logged == thread[-1] | {"ref": "TIX-1"}


def test_manage_and_close(desk: Shell, me: str):
    """S000-3.

    “Manage and close tickets efficiently to ensure streamlined support.”
    """
    desk.tix("new", "VPN down", "-m", "x")
    desk.tix("edit", 1, "--priority", "high")
    desk.tix("close", 1, now="2026-04-01T10:00:00Z")
    ticket = show(desk)
    assert ticket["priority"] == "high"
    assert ticket["phase"] == "closed"
    assert ticket["closed_at"] == "2026-04-01T10:00:00Z"
    assert ticket["closed_by"] == me


# ----------------------------------------------------------------------------------------- actions


def test_view_the_details(desk: Shell):
    """S000-4.

    “View Ticket: Allows viewing the details of an open ticket …”
    """
    given = {
        "subject": "Landing page broken",
        "requester": "lan",
        "assignee": "sam",
        "notify_email": "night@x.example",
        "type": "campaign",
        "about": "campaign:42",
        "priority": "low",
    }
    desk.tix(
        *("new", given["subject"], "-m", "Only the logo shows.", "--for", "lan", "-a", "sam"),
        *("--notify-email", "night@x.example", "--type", "campaign", "--about", "campaign:42", "-p", "low"),
    )
    desk.tix("reply", 1, "-m", "Which browser?", as_="sam")
    desk.tix("edit", 1, "--status", "open")
    ticket = show(desk)
    assert {key: ticket[key] for key in given} == given
    assert ticket["status"] == "open"
    assert bodies(ticket) == ["Only the logo shows.", "Which browser?"]


def test_the_view_offers_to_close(desk: Shell):
    """S000-5.

    “… and provides the option to close it.”
    """
    desk.tix("new", "VPN down", "-m", "x")
    assert "tix close 1" in screen(desk.terminal("show", 1))
    desk.tix("close", 1)
    assert "tix close 1" not in screen(desk.terminal("show", 1))


@pytest.mark.sqlite
def test_delete_is_permanent(desk: Shell):
    """S000-6.

    “Delete: Permanently removes a ticket from the system”
    """
    papers = desk.folder / "papers"
    papers.mkdir()
    (papers / "quokkafile.txt").write_bytes(b"the wombatbytes of a file")
    desk.tix("new", "A zebrafinch", "-m", "the platypus text", "--attach", papers / "quokkafile.txt")
    desk.tix("note", 1, "-m", "an echidna note")
    (papers / "quokkafile.txt").unlink()
    secrets = (b"zebrafinch", b"platypus", b"echidna", b"wombatbytes", b"quokkafile")
    for secret in secrets:
        assert files_with(desk.folder, secret), f"{secret!r} was never there"
    with untouched(desk):
        desk.tix("delete", 1, check=2)
        desk.tix("delete", 1, "--yes", as_="sam", check=4)
    desk.tix("delete", 1, "--yes")
    desk.tix("show", 1, check=3)
    assert desk.tix("list", "--all", "--json").json == []
    assert desk.tix("search", "platypus", "--json").json == []
    for secret in secrets:
        assert files_with(desk.folder, secret) == []
    assert desk.tix("new", "Next", "-m", "x").ref == "TIX-2"


# ------------------------------------------------------------------------------------------ search


def test_search_by_name_or_user(desk: Shell):
    """S000-7, S000-8.

    “the search button allows you to find a ticket by its name or User quickly.”
    """
    desk.tix("user", "add", "alice", "--role", "agent", "--name", "Alice", "--email", "alice@x.example")
    desk.tix("new", "VPN down", "-m", "x", as_="alice")
    desk.tix("new", "my vpn again", "-m", "x", "-a", "alice")
    desk.tix("new", "Printer", "-m", "x")
    desk.tix("close", 1)
    # S000-7: its name, whatever the case
    for word in ("vpn", "VPN"):
        assert set(refs(desk, "search", word)) == {"TIX-1", "TIX-2"}
    assert refs(desk, "search", "printer") == ["TIX-3"]
    assert desk.tix("search", "nowhere", "--json").json == []
    # S000-8: its User, who raised it or holds it
    assert set(refs(desk, "search", "alice")) == {"TIX-1", "TIX-2"}
    assert set(refs(desk, "list", "--user", "alice", "--all")) == {"TIX-1", "TIX-2"}
    assert refs(desk, "list", "--user", "alice") == ["TIX-2"]


def test_search_from_anywhere(desk: Shell):
    """S000-30.

    “Located at the top right corner” of either page, open or closed.
    """
    desk.tix("new", "VPN down", "-m", "x")
    desk.tix("new", "VPN slow", "-m", "x")
    desk.tix("close", 2)
    assert set(refs(desk, "search", "vpn")) == {"TIX-1", "TIX-2"}
    assert refs(desk, "search", "vpn", "--open") == ["TIX-1"]


# ---------------------------------------------------------------------------------- the new ticket


def test_an_interface_appears(desk: Shell):
    """S000-9.

    “An interface will appear requiring the following details”
    """
    form = desk.terminal("new")
    answer(form, "Subject", "VPN down")
    answer(form, "Message", "since nine")
    answer(form, "Priority", "")
    answer(form, "Attach", "")
    form.wait()
    shown = "\n".join(form.screen)
    assert "TIX-1" in shown
    assert "VPN down" in shown
    assert (show(desk)["subject"], bodies(show(desk))) == ("VPN down", ["since nine"])
    # and without a terminal it never waits, though somebody holds the pipe open
    waiting = desk.start("new", "-m", "x", stdin=subprocess.PIPE)
    assert waiting.wait(timeout=30) == 2
    assert b"subject" in waiting.stderr.read().lower()
    assert desk.tix("list", "--all", "--count").out == "1\n"


def test_the_title_is_mandatory(desk: Shell):
    """S000-10.

    “Title: The title of the ticket (mandatory).”
    """
    with untouched(desk):
        for blank in ("", "   "):
            refused = desk.tix("new", blank, "-m", "x", check=2)
            assert "subject" in refused.err
    form = desk.terminal("new", "-m", "x")
    answer(form, "Subject", "")
    answer(form, "Subject", "   ")
    answer(form, "Subject", "VPN down")
    form.wait()
    assert [ticket["subject"] for ticket in desk.tix("list", "--json").json] == ["VPN down"]


def test_the_user_assigned(desk: Shell):
    """S000-11.

    “User: The user assigned to the ticket.”
    """
    desk.people("bob:agent")
    with untouched(desk):
        desk.tix("new", "T", "-m", "x", "-a", "nobody-known", check=2)
    desk.tix("new", "T", "-m", "x", "-a", "bob")
    assert show(desk)["assignee"] == "bob"


def test_the_type(desk: Shell):
    """S000-13.

    “Type: The type of ticket being raised (e.g., Dark/Detect, Campaign, Emulation).”
    """
    types = ["campaign", "emulation", "analyzed-email", "leaked-credentials"]
    for type in types:
        desk.tix("new", "T", "-m", "x", "--type", type)
    assert [ticket["type"] for ticket in desk.tix("list", "--json").json] == types
    with untouched(desk):
        refused = desk.tix("new", "T", "-m", "x", "--type", "dark-detect", check=2)
    for type in types:
        assert type in refused.err
    desk.tix("type", "add", "dark-detect")
    desk.tix("new", "T", "-m", "x", "--type", "dark-detect")
    assert show(desk, 5)["type"] == "dark-detect"


@pytest.mark.parametrize("way", ["-m", "-F file", "-F -", "stdin"])
@pytest.mark.parametrize("end", ["", "\n"], ids=["", "newline at the end"])
def test_the_description(desk: Shell, way: str, end: str):
    """S000-14.

    “Description: Additional information or context related to the ticket.”
    """
    text = "Zeile eins äöüß\n\n  打印机 \\n\ttab  \n# kept\nнаконец" + end
    file = desk.folder / "text.md"
    file.write_text(text)
    match way:
        case "-m":
            desk.tix("new", "T", "-m", text)
        case "-F file":
            desk.tix("new", "T", "-F", file)
        case "-F -":
            desk.tix("new", "T", "-F", "-", stdin=text)
        case _:
            desk.tix("new", "T", stdin=text)
    assert bodies(show(desk)) == [text]


def test_the_priority(desk: Shell):
    """S000-15.

    “Priority: Select priority of the ticket (e.g, `low`, `medium`, `high`).”
    """
    for word in ("low", "high", "medium"):
        desk.tix("new", f"of {word} priority", "-m", "x", "-p", word)
    listed = [(ticket["priority"], ticket["subject"]) for ticket in desk.tix("list", "--json").json]
    assert listed == [(word, f"of {word} priority") for word in ("high", "medium", "low")]
    with untouched(desk):
        desk.tix("new", "T", "-m", "x", "-p", "somewhat", check=2)


# ----------------------------------------------------------------------------------- general notes


@pytest.mark.parametrize(
    ("about", "other"),
    [
        pytest.param("campaign:42", "campaign:43", id="campaign"),
        pytest.param("emulation:7", "campaign:7", id="emulation"),
        pytest.param("email:m-881", "email:m-882", id="email"),
        pytest.param("leak:2026-04", "leak:2026-05", id="leak"),
    ],
)
def test_tickets_of_a_module(desk: Shell, about: str, other: str):
    """S000-17, S000-18, S000-19, S000-20.

    “Tickets can be opened for the following modules”:
    “Phishing Simulation Campaigns (Do): Manage issues related to phishing campaigns.”
    “Adversary Emulation Campaigns (Do): Address concerns related to adversary emulation.”
    “Analyzed Emails (Detect): Handle issues regarding analyzed emails.”
    “Leaked Credentials (Detect): Raise tickets for leaked credentials.”
    """
    desk.tix("new", "One", "-m", "x", "--about", about)
    desk.tix("new", "Another", "-m", "x", "--about", other)
    desk.tix("new", "Of nothing", "-m", "x")
    assert show(desk)["about"] == about
    assert refs(desk, "list", "--about", about) == ["TIX-1"]


def test_comments_between_the_two(desk: Shell):
    """S000-24.

    “Track ticket statuses and updates throughout the resolution process.”
    """
    desk.tix("new", "VPN down", "-m", "x", "-a", "sam", "--for", "lan", as_="kim")
    before = {login: heard(desk, login) for login in ("lan", "sam")}
    desk.tix("reply", 1, "-m", "try again", as_="sam")
    assert heard(desk, "lan") == [*before["lan"], ("TIX-1", "sam")]
    assert heard(desk, "sam") == before["sam"]
    desk.tix("reply", 1, "-m", "still down", as_="lan")
    assert heard(desk, "sam") == [*before["sam"], ("TIX-1", "lan")]
    assert heard(desk, "lan") == [*before["lan"], ("TIX-1", "sam")]
    assert bodies(show(desk)) == ["x", "try again", "still down"]


def test_all_tickets_of_one_object(desk: Shell):
    """S000-25.

    tickets “for the following modules” go with what they are about.
    """
    for about in ("campaign:42", "campaign:42", "campaign:42", "campaign:7"):
        desk.tix("new", "T", "-m", "x", "--about", about)
    desk.tix("close", 2)
    assert set(refs(desk, "list", "--about", "campaign:42", "--all")) == {"TIX-1", "TIX-2", "TIX-3"}
    shell(desk, "tix list --about campaign:42 --all -o ids | tix delete - --yes")
    assert refs(desk, "list", "--all") == ["TIX-4"]


def test_issues_and_requests(desk: Shell):
    """S000-26.

    “Raise tickets for issues or requests …”
    """
    desk.tix("new", "A", "-m", "x", "--type", "issue")
    desk.tix("new", "B", "-m", "x", "--type", "request")
    desk.tix("new", "C", "-m", "x", "--type", "request")
    desk.tix("new", "D", "-m", "x")
    assert refs(desk, "list", "--type", "request") == ["TIX-2", "TIX-3"]
    assert refs(desk, "list", "--type", "issue") == ["TIX-1"]


# --------------------------------------------------------------------------- closing, and two pages


def test_two_pages(desk: Shell):
    """S000-21, S000-22, S000-23.

    “There are two separate pages for open and closed tickets.”
    """
    for subject in ("Stays", "Solved", "Over", "Stays too"):
        desk.tix("new", subject, "-m", "x")
    desk.tix("resolve", 2)
    desk.tix("close", 3)
    # S000-21: “click the `Get Opened Tickets` button, and you'll be able to see the open tickets again.”
    listed = desk.tix("list", "--json").json
    assert [(ticket["ref"], ticket["phase"]) for ticket in listed] == [("TIX-1", "open"), ("TIX-4", "open")]
    assert desk.tix("list", "--count").out == "2\n"
    # S000-22: “use the `Get Closed Tickets` button to view all closed tickets.”
    opened, closed, every = (set(refs(desk, "list", f"--{page}")) for page in ("open", "closed", "all"))
    assert closed == {"TIX-2", "TIX-3"}
    assert opened & closed == set()
    assert opened | closed == every == {"TIX-1", "TIX-2", "TIX-3", "TIX-4"}
    # S000-23: “navigate to the `Actions` button next to the ticket”
    shown = shell(desk, "tix list -o ids | tix show - --json").json
    assert [ticket["ref"] for ticket in shown] == ["TIX-1", "TIX-4"]
    first, second = refs(desk, "list")
    assert desk.tix("show", first, "--json").json["ref"] == first
    desk.tix("delete", second, "--yes")
    assert shell(desk, "tix list -o ids | tix close -").refs == ["TIX-1"]
    assert refs(desk, "list") == []
    assert show(desk, 1)["phase"] == "closed"


def test_closing_many(desk: Shell):
    """S000-27.

    “Manage and close tickets efficiently …”
    """
    for number in range(1, 7):
        desk.tix("new", f"T{number}", "-m", "x")
    closed = desk.tix("close", 1, 2, "3-5", "--json").json
    assert [(ticket["number"], ticket["phase"]) for ticket in closed] == [(n, "closed") for n in range(1, 6)]
    assert refs(desk, "list") == ["TIX-6"]


def test_open_and_closed_are_all_there_is(dphish: Shell):
    """S000-28.

    “two separate pages for open and closed tickets”: there is no third.
    """
    dphish.tix("new", "By its requester", "-m", "x", as_="lan")
    dphish.tix("new", "By its assignee", "-m", "x", "-a", "sam")
    dphish.tix("new", "By an admin", "-m", "x", as_="lan")
    for number, closer in ((1, "lan"), (2, "sam"), (3, None)):
        assert show(dphish, number)["status"] == "open"
        with untouched(dphish):
            dphish.tix("resolve", number, check=5)
        dphish.tix("close", number, as_=closer)
        ticket = show(dphish, number)
        assert (ticket["status"], ticket["phase"]) == ("closed", "closed")
        assert changes(ticket) == [("open", "closed")]
    with untouched(dphish):
        dphish.tix("reopen", 1, as_="lan", check=4)
    dphish.tix("reopen", 1, as_="sam")
    assert show(dphish)["status"] == "open"


def test_looking_changes_nothing(desk: Shell):
    """S000-29.

    “you can review the ticket's information and choose the option to close it”
    """
    desk.tix("new", "VPN down", "-m", "x", as_="lan")
    desk.tix("reply", 1, "-m", "y", as_="sam")
    before, log = show(desk), desk.tix("log", 1, "--json").out
    assert len(events(before)) + len(entries(before)) == 3
    with untouched(desk):
        for reader in (None, "sam", "lan"):
            desk.tix("show", 1, as_=reader, now="2026-04-02T09:00:00Z")
        shown = screen(desk.terminal("show", 1, now="2026-04-02T09:00:00Z"))
        assert re.search(r"VPN down", shown)
    after = show(desk)
    assert (after["version"], after["updated_at"]) == (before["version"], before["updated_at"])
    assert desk.tix("log", 1, "--json").out == log
    assert content(desk)  # what `untouched` compared was not nothing


def queued(desk: Shell) -> list[tuple[str, str]]:
    """Reason and recipient of the mails that wait, oldest first."""
    found = desk.tix("mail", "outbox", "--state", "queued", "--json").json
    return [(one["rule"], one["to"]) for one in reversed(found)]


def test_an_address_for_who_has_no_account(dphish: Shell):
    """S000-12, S000-16.

    “Email: alternative e-mail address when the assignee has no account”; “Notify: alert the assignee”
    """
    dphish.people("bob:agent")
    dphish.tix("new", "One", "-m", "x", "--notify-email", "x@y.example", as_="sam")
    assert show(dphish, 1)["notify_email"] == "x@y.example"
    assert queued(dphish) == [("assigned", "x@y.example")]
    dphish.tix("new", "Two", "-m", "x", "--notify-email", "nonsense", as_="sam", check=2)
    dphish.tix("new", "Two", "-m", "x", "-a", "bob", as_="sam")
    assert heard(dphish, "bob") == [("TIX-2", "sam")]
    dphish.tix("new", "Three", "-m", "x", "-a", "bob", "--no-notify", as_="sam")
    dphish.tix("new", "Four", "-m", "x", "--notify-email", "x@y.example", "--no-notify", as_="sam")
    assert queued(dphish) == [("assigned", "x@y.example"), ("assigned", "bob@x.example")]
    assert heard(dphish, "bob") == [("TIX-2", "sam")]


def test_comments_reach_the_other_by_mail(dphish: Shell):
    """S000-24, by mail, in both directions; S003-15 and S003-40 likewise."""
    dphish.tix("user", "edit", "lan", "--email", "lan@x.example")
    dphish.tix("user", "edit", "sam", "--email", "sam@x.example")
    dphish.tix("new", "One", "-m", "x", as_="lan")
    dphish.tix("claim", 1, as_="sam")
    dphish.tix("reply", 1, "-m", "Look.", as_="sam")
    dphish.tix("reply", 1, "-m", "And?", as_="lan")
    dphish.tix("close", 1, "-m", "Done.", "--note", "the keeper has the key", as_="sam")
    assert queued(dphish) == [
        ("answered", "lan@x.example"),
        ("message", "sam@x.example"),
        ("answered", "lan@x.example"),
    ]
