"""Seed 001, tickets of a back office.

"Ticket can be understood as an event that needs to be exchanged and supported." Each test names the rows of
the features page it proves and quotes the manual.
"""

import hashlib
import stat

import pytest

from tests.harness import Shell
from tests.stories.reading import (
    bodies,
    changes,
    entries,
    events,
    names,
    refs,
    screen,
    show,
    untouched,
)

JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(range(256)) * 5 + b"\xff\xd9"
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(range(256)) * 9
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(200))


def test_a_thread_instead_of_a_chat(desk: Shell):
    """S001-1.

    “Many times when customers ask for support through applications such as Zalo, Telegram ... will drift
    messages, miss errors, cannot control”
    """
    desk.tix("new", "GPS lost", "-m", "message 1", as_="lan")
    for number in range(2, 21):
        who = "lan" if number % 2 else "sam"
        desk.tix("reply", 1, "-m", f"message {number}", as_=who)
    told = [(item["by"], item["body"]) for item in entries(show(desk))]
    assert told == [("lan" if n % 2 else "sam", f"message {n}") for n in range(1, 21)]


def test_support_receives_and_answers(desk: Shell):
    """S001-2.

    “the support staff will receive, process and respond on that ticket through the system.”
    """
    desk.tix("department", "add", "billing")
    desk.tix("new", "An invoice twice", "-m", "see March", "--department", "billing", as_="lan")
    desk.tix("new", "GPS lost", "-m", "x", as_="lan")
    assert refs(desk, "list", "--department", "billing", as_="sam") == ["TIX-1"]
    desk.tix("reply", 1, "-m", "one is cancelled", as_="sam")
    assert bodies(show(desk, as_="sam")) == ["see March", "one is cancelled"]
    assert "one is cancelled" in desk.tix("show", 1, as_="lan").out
    assert bodies(show(desk, as_="lan"), "reply") == ["one is cancelled"]


# ------------------------------------------------------------------------------------------ search


def test_search_words_of_the_title(desk: Shell):
    """S001-3.

    “Title : Enter 1/ a few words you want to search.”
    """
    desk.tix("new", "GPS signal lost", "-m", "x")
    desk.tix("new", "Lost the gps again", "-m", "x")
    desk.tix("new", "GPS wanted", "-m", "x")
    desk.tix("new", "Device", "-m", "the gps is lost")
    both = {"TIX-1", "TIX-2", "TIX-4"}
    assert set(refs(desk, "search", "gps lost")) == both
    assert set(refs(desk, "search", "lost", "gps")) == both
    assert set(refs(desk, "search", "gps")) == both | {"TIX-3"}
    assert set(refs(desk, "list", "--title", "gps lost")) == {"TIX-1", "TIX-2"}
    assert set(refs(desk, "list", "--title", "lost gps")) == {"TIX-1", "TIX-2"}


def test_filter_by_status(desk: Shell):
    """S001-4.

    “filter by … Status”
    """
    for subject in ("Open", "Answered", "Started", "Over"):
        desk.tix("new", subject, "-m", "x", as_="lan")
    desk.tix("reply", 2, "-m", "y", as_="sam")
    desk.tix("start", 3, as_="sam")
    desk.tix("close", 4)
    assert refs(desk, "list", "--status", "answered") == ["TIX-2"]
    assert set(refs(desk, "list", "-s", "open", "-s", "answered")) == {"TIX-1", "TIX-2"}


def test_filter_by_department(desk: Shell):
    """S001-5, S001-8.

    “filter by … Status” and “Department”, one by one and together
    """
    for name in ("billing", "support"):
        desk.tix("department", "add", name)
    for number, name in enumerate(("billing", "support", "billing", "billing", "none"), start=1):
        desk.tix("new", f"T{number}", "-m", "x", "--department", name, as_="lan")
    desk.tix("reply", 3, "-m", "y", as_="sam")
    desk.tix("close", 4)
    assert refs(desk, "list", "--department", "billing") == ["TIX-1", "TIX-3"]
    assert set(refs(desk, "list", "--department", "billing", "--all")) == {"TIX-1", "TIX-3", "TIX-4"}
    unknown = desk.tix("list", "--department", "bilking", check=2)
    assert "billing, support" in unknown.err
    # S001-8: filters combine
    both = ("list", "--department", "billing", "--status", "open")
    by_department = set(refs(desk, "list", "--department", "billing", "--all"))
    by_status = set(refs(desk, "list", "--status", "open"))
    assert by_department & by_status == {"TIX-1"}
    assert refs(desk, *both) == ["TIX-1"]
    assert desk.tix(*both, "--count").out == "1\n"


def test_filter_by_account_and_creator(desk: Shell):
    """S001-6, S001-7.

    “Account: Find the ticket of the account that it owns.” and “Creator: Find the ticket that the account
    created for itself and create/create it for another account.”
    """
    desk.tix("new", "lan's own", "-m", "x", as_="lan")
    desk.tix("new", "for lan", "-m", "x", "--for", "lan", as_="sam")
    desk.tix("new", "sam's own", "-m", "x", as_="sam")
    desk.tix("new", "for ana", "-m", "x", "--for", "ana", as_="kim")
    assert refs(desk, "list", "--requester", "lan") == ["TIX-1", "TIX-2"]
    assert refs(desk, "list", "--creator", "sam") == ["TIX-2", "TIX-3"]


# --------------------------------------------------------------------------------------------- add


def test_refresh(desk: Shell):
    """S001-9.

    What another process has made is in the list when it is run again, and with --watch without a key pressed.
    """
    desk.tix("new", "First", "-m", "x", as_="lan", now="2026-04-01T09:00:00Z")
    watching = desk.terminal("list", "--watch", "1", as_="sam")
    watching.expect("First")
    desk.tix("new", "Second", "-m", "y", as_="ana", now="2026-04-01T09:01:00Z")
    watching.expect("Second")
    watching.send("\x03")
    watching.wait(check=130)
    assert refs(desk, "list", as_="sam") == ["TIX-1", "TIX-2"]
    assert refs(desk, "list", "--sort", "-last_activity_at", as_="sam") == ["TIX-2", "TIX-1"]
    desk.tix("reply", 1, "-m", "feedback", as_="lan", now="2026-04-01T09:02:00Z")
    assert refs(desk, "list", "--sort", "-last_activity_at", as_="sam") == ["TIX-1", "TIX-2"]


def test_the_department(desk: Shell):
    """S001-10.

    “Department : Select the department that needs support.”
    """
    for name in ("billing", "support"):
        desk.tix("department", "add", name)
    desk.tix("new", "T", "-m", "x", "--department", "billing", as_="lan")
    desk.tix("new", "T", "-m", "x", as_="lan")
    with untouched(desk):
        unknown = desk.tix("new", "T", "-m", "x", "--department", "sales", as_="lan", check=2)
    assert "billing, support" in unknown.err
    desk.tix("config", "set", "default_department", "billing")
    desk.tix("new", "T", "-m", "x", as_="lan")
    desk.tix("new", "T", "-m", "x", "--department", "support", as_="lan")
    made = desk.tix("show", "1-4", "--json").json
    assert [ticket["department"] for ticket in made] == ["billing", None, "billing", "support"]


def test_a_title_is_needed(desk: Shell):
    """S001-11.

    “Title: Briefly enter the problem to be supported.”
    """
    with untouched(desk):
        assert "subject" in desk.tix("new", "-m", "x", check=2).err


def test_phone_and_email_may_be_blank(desk: Shell):
    """S001-12, S001-13.

    “Phone Number : Phone number to contact.” and “Email : The current email you are using.”, both “(If yes &
    can enter/leave blank)”
    """
    desk.tix("user", "add", "mute", "--role", "requester")
    desk.tix("new", "T", "-m", "x", "--phone", "+84 90 1", "--email", "a@b.example", as_="lan")
    desk.tix("new", "T", "-m", "x", as_="lan")
    desk.tix("new", "T", "-m", "x", "--for", "mute")
    made = desk.tix("show", "1-3", "--json").json
    assert [ticket["phone"] for ticket in made] == ["+84 90 1", None, None]
    assert [ticket["email"] for ticket in made] == ["a@b.example", "lan@x.example", None]
    with untouched(desk):
        desk.tix("new", "T", "-m", "x", "--email", "nonsense", check=2)


def test_create_for_another_user(desk: Shell):
    """S001-14, S001-15.

    “Create for user : Click on the box to tick another account to create a household. If left blank, the
    default is created for the currently logged in account.”
    """
    desk.tix("new", "T", "-m", "x", "--for", "lan", as_="sam")
    desk.tix("new", "T", "-m", "x", as_="lan")
    assert (show(desk, 1)["requester"], show(desk, 1)["creator"]) == ("lan", "sam")
    assert (show(desk, 2)["requester"], show(desk, 2)["creator"]) == ("lan", "lan")


def test_the_content(desk: Shell):
    """S001-16.

    “Content : Detailed description of the problem encountered. Error in which device / screen, how it
    happens, at what time, ....”
    """
    text = "Device: màn hình số 7\n\n  at 09:15,\n  every day"
    (desk.folder / "content.txt").write_text(text)
    editor = desk.folder / "editor"
    editor.write_text('#!/bin/sh\ncat content.txt "$1" > all && mv all "$1"\n')
    editor.chmod(editor.stat().st_mode | stat.S_IXUSR)
    desk.tix("new", "T", "-m", text)
    desk.tix("new", "T", "-F", "content.txt")
    desk.tix("new", "T", stdin=text)
    desk.terminal("new", "T", "-e", env={"TIX_EDITOR": str(editor)}).wait()
    assert [bodies(ticket) for ticket in desk.tix("show", "1-4", "--json").json] == [[text]] * 4


def test_attachments(desk: Shell):
    """S001-17.

    “Attachments : Upload the photos and videos you just took/recorded.”
    """
    sent = {"a.jpg": JPG, "b.mp4": MP4}
    for name, data in sent.items():
        (desk.folder / name).write_bytes(data)
    desk.tix("new", "T", "-m", "x", "--attach", "a.jpg", "--attach", "b.mp4", as_="lan")
    listed = desk.tix("attach", "list", 1, "--json", as_="lan").json
    assert [(file["name"], file["size"], file["mime"], file["sha256"]) for file in listed] == [
        ("a.jpg", len(JPG), "image/jpeg", hashlib.sha256(JPG).hexdigest()),
        ("b.mp4", len(MP4), "video/mp4", hashlib.sha256(MP4).hexdigest()),
    ]
    saved = desk.folder / "saved"
    saved.mkdir()
    desk.tix("attach", "save", 1, "--dir", saved, as_="lan")
    assert {path.name: path.read_bytes() for path in saved.iterdir()} == sent


def test_the_new_content_is_shown(desk: Shell):
    """S001-18.

    “When creating a successful ticket, the content just created will appear below.”
    """
    shown = screen(desk.terminal("new", "GPS lost", "-m", "since nine"))
    assert "TIX-1" in shown
    assert "GPS lost" in shown
    made = desk.tix("new", "GPS lost", "-m", "since ten", "--json").json
    assert (made["ref"], made["subject"], bodies(made)) == ("TIX-2", "GPS lost", ["since ten"])
    assert made == {**show(desk, 2), "effect": "created", "changes": [], "undo": None}
    assert desk.tix("new", "GPS lost", "-m", "x").out == "TIX-3\n"


def test_edit(desk: Shell):
    """S001-19.

    “To search/create/edit tickets, do the following”
    """
    desk.tix("new", "Old", "-m", "x", as_="lan")
    before = show(desk)
    desk.tix("edit", 1, "--subject", "New", now="2026-04-01T10:00:00Z")
    after = show(desk)
    assert {key for key in before if before[key] != after[key]} == {
        "subject",
        "version",
        "updated_at",
        "thread",
    }
    assert after["subject"] == "New"
    (event,) = events(after)
    assert event["event"] == {
        "type": "field-changed",
        "field": "subject",
        "old": "Old",
        "new": "New",
        "reason": None,
    }


# ------------------------------------------------------------------------------------------ status


def test_open_then_answered(backoffice: Shell):
    """S001-20, S001-21.

    “Successful ticket creation will display the default status of Open.” “When the Support team responds to
    the newly created ticket, the status will change from Open -> Answered.”
    """
    backoffice.tix("new", "T", "-m", "x", as_="lan")
    assert show(backoffice)["status"] == "open"
    backoffice.tix("reply", 1, "-m", "y", as_="sam")
    assert show(backoffice)["status"] == "answered"
    assert changes(show(backoffice)) == [("open", "answered")]
    backoffice.tix("reply", 1, "-m", "z", as_="sam")
    assert show(backoffice)["status"] == "answered"
    assert changes(show(backoffice)) == [("open", "answered")]


def test_in_process(backoffice: Shell):
    """S001-22, S001-34.

    “When the ticket has responded but has not yet solved the problem, the Support Department will leave the
    status as Inprocess.”
    """
    for number in (1, 2):
        backoffice.tix("new", "T", "-m", "x", as_="lan")
        backoffice.tix("reply", number, "-m", "y", as_="sam")
    with untouched(backoffice):
        backoffice.tix("start", 1, as_="lan", check=4)
        backoffice.tix("edit", 1, "--status", "inprocess", as_="lan", check=4)
    assert refs(backoffice, "list", "--status", "inprocess") == []
    backoffice.tix("start", 1, as_="sam")
    backoffice.tix("edit", 2, "--status", "inprocess", as_="sam")
    assert refs(backoffice, "list", "--status", "inprocess") == ["TIX-1", "TIX-2"]
    assert changes(show(backoffice, 1)) == changes(show(backoffice, 2))
    assert changes(show(backoffice, 1)) == [("open", "answered"), ("answered", "inprocess")]


def test_close(backoffice: Shell):
    """S001-23.

    “The status will change from Answered -> Closed later.”
    """
    backoffice.tix("new", "T", "-m", "x", as_="lan")
    backoffice.tix("reply", 1, "-m", "y", as_="sam")
    backoffice.tix("close", 1, as_="sam", now="2026-04-01T10:00:00Z")
    ticket = show(backoffice)
    assert ticket["status"] == "closed"
    assert ticket["closed_at"] == "2026-04-01T10:00:00Z"
    assert ticket["closed_by"] == "sam"
    assert changes(ticket)[-1] == ("answered", "closed")


def test_the_user_side_closes(desk: Shell):
    """S001-24.

    “the user side has no more questions, can Close the ticket”
    """
    desk.tix("new", "T", "-m", "x", as_="lan")
    with untouched(desk):
        desk.tix("close", 1, as_="ben", check=3)
    desk.tix("close", 1, as_="lan")
    assert (show(desk)["status"], show(desk)["closed_by"]) == ("closed", "lan")


@pytest.mark.parametrize("status", ["open", "answered", "inprocess"])
def test_close_from_any_state(backoffice: Shell, status: str):
    """S001-33.

    “If Support has finished dealing with the problem/error” it closes, wherever it stood.
    """
    backoffice.tix("new", "T", "-m", "x", as_="lan")
    if status != "open":
        backoffice.tix("edit", 1, "--status", status, as_="sam")
    assert show(backoffice)["status"] == status
    backoffice.tix("close", 1, as_="sam")
    assert changes(show(backoffice))[-1] == (status, "closed")


# ------------------------------------------------------------------------------------------ rating


def test_rating(backoffice: Shell):
    """S001-25, S001-26, S001-31, S001-32.

    “After closing the ticket, you can rating the quality of customer service by clicking on the star. 5
    stars is the highest. You can only rate 1 time in 1 ticket.”
    """
    backoffice.tix("new", "T", "-m", "x", as_="lan")
    # “After closing the ticket”
    with untouched(backoffice):
        backoffice.tix("rate", 1, 5, as_="lan", check=5)
    backoffice.tix("close", 1, as_="sam")
    with untouched(backoffice):
        # “5 stars is the highest.”
        backoffice.tix("rate", 1, 0, as_="lan", check=2)
        backoffice.tix("rate", 1, 6, as_="lan", check=2)
        # “the quality of customer service”: S001-31, only the customer rates
        backoffice.tix("rate", 1, 5, as_="sam", check=4)
        backoffice.tix("rate", 1, 5, as_="ben", check=3)
    assert show(backoffice)["rating"] is None
    backoffice.tix("rate", 1, 5, as_="lan")
    # S001-32: the support staff reads it
    listed = backoffice.tix("list", "--closed", "-c", "ref,rating", "--json", as_="sam").json
    assert listed == [{"ref": "TIX-1", "rating": 5}]
    # “You can only rate 1 time in 1 ticket.”
    with untouched(backoffice):
        backoffice.tix("rate", 1, 1, as_="lan", check=5)
    backoffice.tix("reopen", 1, as_="sam")
    backoffice.tix("close", 1, as_="sam")
    with untouched(backoffice):
        backoffice.tix("rate", 1, 1, as_="lan", check=5)
    assert show(backoffice)["rating"] == 5


def test_closing_does_not_ask_for_a_rating(backoffice: Shell):
    """S001-35.

    “After closing the ticket, you can rating”: you need not.
    """
    backoffice.tix("new", "T", "-m", "x", as_="lan")
    closed = backoffice.tix("close", 1, "--json", as_="lan").json
    assert (closed["status"], closed["rating"], closed["rating_comment"]) == ("closed", None, None)
    backoffice.tix("rate", 1, 4, "--comment", "fast", as_="lan")
    assert (show(backoffice)["rating"], show(backoffice)["rating_comment"]) == (4, "fast")


# ---------------------------------------------------------------------------------------- the loop


def test_going_on_after_the_end(backoffice: Shell):
    """S001-27, S001-28, S001-29.

    “Once the ticket has been closed, but the customer still has questions, they can continue to ask by
    replying.”
    """
    (backoffice.folder / "shot.png").write_bytes(PNG)
    backoffice.tix("new", "T", "-m", "x", as_="lan")
    for turn in range(1, 4):
        backoffice.tix("reply", 1, "-m", f"answer {turn}", as_="sam")
        backoffice.tix("close", 1, as_="sam")
        # “Press content.” “Attachments” “Click Submit”
        attached = ("--attach", "shot.png") if turn == 1 else ()
        backoffice.tix("reply", 1, "-m", f"question {turn}", *attached, as_="lan")
        # “Then it will change the state to Open”
        ticket = show(backoffice)
        assert (ticket["status"], ticket["phase"], ticket["closed_at"]) == ("open", "open", None)
        assert ticket["closed_by"] is None
    # “and continue 1 state loop like that.”
    assert changes(ticket) == [("open", "answered"), ("answered", "closed"), ("closed", "open")] * 3
    assert ticket["reopened"] == 3
    questions = entries(ticket, "message")[1:]
    assert [item["body"] for item in questions] == ["question 1", "question 2", "question 3"]
    assert [names(item["attachments"]) for item in questions] == [["shot.png"], [], []]
    assert questions[0]["attachments"][0]["sha256"] == hashlib.sha256(PNG).hexdigest()


def test_quick_access(desk: Shell):
    """S001-30.

    “display the latest feedback sent in”
    """
    for number, holder in enumerate(("sam", "sam", "kim"), start=1):
        desk.tix("new", f"T{number}", "-m", "x", "-a", holder, "--for", "lan")
    desk.tix("close", 2)
    desk.tix("notification", "read", "--all", as_="sam")
    desk.tix("reply", 1, "-m", "and now?", as_="lan")
    inbox = desk.tix("inbox", "--json", as_="sam").json
    assert [ticket["ref"] for ticket in inbox["tickets"]] == ["TIX-1"]
    (news,) = inbox["notifications"]
    assert (news["ref"], news["by"], news["read"]) == ("TIX-1", "lan", False)
    shown = desk.tix("inbox", as_="sam").out
    assert "TIX-1" in shown
    assert "TIX-2" not in shown
    assert "TIX-3" not in shown
