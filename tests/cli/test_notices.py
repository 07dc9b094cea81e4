"""What concerns a person, through processes: inbox, notification, the first screen; and what never shows."""

import itertools
import json
import shutil
from pathlib import Path

import pytest

from tests.harness import Shell
from tests.laws.inprocess import Desk
from tix.desk import notifications
from tix.domain.notifications import Notice
from tix.store.compiled import sqlite as compiled

NOW = "2026-11-22T09:00:00Z"
FORMATS = ("table", "plain", "json", "jsonl", "csv", "ids")
FIELDS = ["id", "at", "ref", "subject", "reason", "by", "read"]


@pytest.fixture
def office(desk: Shell) -> Shell:
    """A desk of two agents and two requesters."""
    desk.now = NOW
    desk.people("sam:agent", "kim:agent", "lan:requester", "ana:requester")
    return desk


def heard(shell: Shell, login: str, *flags: str) -> list[list[str]]:
    """Reference, reason and author of what somebody has not read, newest first."""
    rows = shell.tix("notification", "list", *flags, as_=login).rows
    return [[row[FIELDS.index(name)] for name in ("ref", "reason", "by")] for row in rows]


# ------------------------------------------------------------------------------------------ who hears


def test_a_new_ticket_gives_its_assignee_one(office: Shell):
    """S000-16; ``--no-notify`` gives none."""
    office.tix("new", "Printer", "-m", "It smokes.", "-a", "kim", as_="sam")
    assert heard(office, "kim") == [["TIX-1", "assigned", "sam"]]
    office.tix("new", "Printer", "-m", "It smokes.", "-a", "kim", "--no-notify", as_="sam")
    office.tix("new", "Printer", "-m", "It smokes.", "-a", "sam", as_="sam")
    assert heard(office, "kim") == [["TIX-1", "assigned", "sam"]]
    assert heard(office, "sam") == heard(office, "lan") == []


def test_requester_and_assignee_hear_of_each_other(office: Shell):
    """S000-24, in both directions; with ``--no-notify`` neither."""
    office.tix("new", "Printer", "-m", "It smokes.", as_="lan")
    office.tix("claim", 1, as_="sam")
    assert heard(office, "sam") == []
    office.tix("reply", 1, "-m", "Look.", as_="sam")
    assert heard(office, "lan") == [["TIX-1", "answered", "sam"]]
    office.tix("reply", 1, "-m", "And?", as_="lan")
    assert heard(office, "sam") == [["TIX-1", "message", "lan"]]
    office.tix("reply", 1, "-m", "Quiet.", "--no-notify", as_="sam")
    office.tix("reply", 1, "-m", "Quiet.", "--no-notify", as_="lan")
    assert heard(office, "lan") == [["TIX-1", "answered", "sam"]]
    assert heard(office, "sam") == [["TIX-1", "message", "lan"]]


def test_who_typed_it_hears_nothing(office: Shell):
    """Somebody who acts for another has done it, too."""
    admin = office.tix("whoami", "-o", "json").json["login"]
    office.tix("new", "Printer", "-m", "It smokes.", "-a", admin, as_="sam")
    office.tix("reply", 1, "-m", "I act for kim.", as_="kim")
    assert heard(office, admin) == []
    assert heard(office, "sam") == [["TIX-1", "answered", "kim"]]


def test_a_disagreement_is_told_its_assignee(office: Shell):
    """S002-27: the ticket is open again, and who holds it hears of it."""
    office.tix("workflow", "use", "helpdesk")
    office.tix("new", "Screen", "-m", "Dark.", as_="ana")
    office.tix("assign", 1, "kim", as_="sam")
    office.tix("resolve", 1, as_="kim")
    assert heard(office, "ana") == [["TIX-1", "resolved", "kim"]]
    assert "Reopened TIX-1; status is now" in office.tix("reply", 1, "-m", "No.", as_="ana").err
    assert heard(office, "kim") == [["TIX-1", "message", "ana"], ["TIX-1", "assigned", "sam"]]


def test_assigned_with_a_note(office: Shell):
    """S003-24 and S003-28: one notice for the step, and one for each note that follows."""
    office.tix("new", "Screen", "-m", "Dark.", as_="lan")
    office.tix("assign", 1, "kim", "--note", "yours", as_="sam")
    assert heard(office, "kim") == [["TIX-1", "assigned", "sam"]]
    office.tix("note", 1, "-m", "Mind the cable.", as_="sam")
    assert heard(office, "kim") == [["TIX-1", "noted", "sam"], ["TIX-1", "assigned", "sam"]]
    assert heard(office, "lan") == []


def test_the_assignee_hears_of_every_change_but_their_own(office: Shell):
    """S004-46 and S004-47."""
    office.tix("new", "Screen", "-m", "Dark.", as_="lan")
    office.tix("assign", 1, "kim", as_="sam")
    office.tix("reply", 1, "-m", "It is still dark.", as_="lan")
    office.tix("reply", 1, "-m", "Another agent.", as_="sam")
    office.tix("edit", 1, "--priority", "high", "--tag", "red", as_="sam")
    office.tix("reply", 1, "-m", "Mine.", as_="kim")
    office.tix("edit", 1, "--priority", "low", as_="kim")
    office.tix("start", 1, as_="kim")
    expected = [["changed", "sam"], ["answered", "sam"], ["message", "lan"], ["assigned", "sam"]]
    assert [row[1:] for row in heard(office, "kim")] == expected
    assert heard(office, "sam") == []


def test_a_team_hears_until_somebody_takes_it(office: Shell):
    """Of an unheld ticket all of its team, without who does it; of a held one its holder."""
    office.tix("team", "add", "net", "--member", "sam", "--member", "kim")
    office.tix("new", "Screen", "-m", "Dark.", as_="lan")
    office.tix("assign", 1, "team:net", as_="sam")
    office.tix("reply", 1, "-m", "And?", as_="lan")
    assert [row[1] for row in heard(office, "kim")] == ["message", "assigned"]
    assert [row[1] for row in heard(office, "sam")] == ["message"]
    office.tix("claim", 1, as_="kim")
    office.tix("reply", 1, "-m", "And?", as_="lan")
    assert len(heard(office, "kim")) == 3
    assert len(heard(office, "sam")) == 1


def test_two_ticks_give_one_notice(office: Shell):
    """Overdue is told once, with the moment it fell due, by nobody."""
    office.tix("new", "Screen", "-m", "Dark.", "-a", "kim", "--due", "+1h", as_="sam")
    for _ in range(2):
        office.tix("tick", now="2026-11-22T12:00:00Z")
    found = office.tix("notification", "list", "--json", as_="kim").json
    assert [(one["reason"], one["by"], one["at"]) for one in found] == [
        ("overdue", None, "2026-11-22T10:00:00Z"),
        ("assigned", "sam", NOW),
    ]


def test_an_import_tells_nobody(office: Shell):
    """What happened elsewhere is no news here."""
    office.tix("new", "Screen", "-m", "Dark.", "-a", "kim", as_="sam")
    office.tix("reply", 1, "-m", "Words.", as_="sam")
    file = office.folder / "desk.jsonl"
    file.write_bytes(office.tix("export", "-o", "jsonl").raw_out)
    copy = ("--store", office.folder / "copy.db")
    office.tix(*copy, "import", file)
    assert office.tix(*copy, "show", 1, "--json").json["assignee"] == "kim"
    assert office.tix(*copy, "notification", "list", "--all", as_="kim").out == ""


# ----------------------------------------------------------------------------------- list, read, rules


@pytest.fixture
def news(office: Shell) -> Shell:
    """Lan has been answered twice; sam has an open ticket of hers and one unread message."""
    office.tix("new", "Printer", "-m", "It smokes.", as_="lan")
    office.tix("claim", 1, as_="sam")
    for text in ("Look.", "Again."):
        office.tix("reply", 1, "-m", text, as_="sam")
    office.tix("reply", 1, "-m", "And?", as_="lan")
    return office


def test_the_list_is_of_the_unread_ones(news: Shell):
    """Newest first, with these keys; ``--all`` has the others too; the noun alone lists."""
    found = news.tix("notification", "--json", as_="lan").json
    assert [list(one) for one in found] == [FIELDS, FIELDS]
    newest = found[0]
    assert newest == {
        "id": newest["id"], "at": NOW, "ref": "TIX-1", "subject": "Printer", "reason": "answered", "by": "sam",
        "read": False,
    }  # fmt: skip
    news.tix("notification", "read", newest["id"], as_="lan")
    assert [one["id"] for one in news.tix("notification", "list", "--json", as_="lan").json] == [
        found[1]["id"]
    ]
    whole = news.tix("notification", "list", "--all", "--json", as_="lan").json
    assert [(one["id"], one["read"]) for one in whole] == [(newest["id"], True), (found[1]["id"], False)]
    assert news.tix("notification", "list", "--limit", 1, "-o", "ids", as_="lan").lines == [
        str(found[1]["id"])
    ]


def test_reading_prints_what_a_write_prints(news: Shell):
    """The numbers when piped, an object for one with --json, an array for several; already so is said."""
    first, second = news.tix("notification", "list", "-o", "ids", as_="lan").lines
    assert news.tix("notification", "read", second, as_="lan").lines == [second]
    again = news.tix("notification", "read", second, "--json", as_="lan")
    assert again.json["read"] is True
    assert json.loads(again.err) == {"notice": {"message": f"Notification {second} is already read."}}
    several = news.tix("notification", "read", f"{first},{second}", "--json", as_="lan")
    assert [one["id"] for one in several.json] == [int(first), int(second)]
    assert news.tix("notification", "read", "--all", as_="lan").out == ""
    assert len(news.tix("notification", "list", "-o", "ids", as_="sam").lines) == 1


def test_all_and_those_from_a_pipe_are_read(news: Shell):
    numbers = news.tix("notification", "list", "-o", "ids", as_="lan").out
    copy = shutil.copy(news.store, news.folder / "copy.db")
    assert news.tix("notification", "read", "--all", as_="lan").out == numbers
    assert news.tix("--store", copy, "notification", "read", "-", stdin=numbers, as_="lan").out == numbers
    for flags in ((), ("--store", copy)):
        assert news.tix(*flags, "notification", "list", as_="lan").out == ""


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), 2),
        (("1", "--all"), 2),
        (("x",), 2),
        (("TIX-1",), 2),
        (("0",), 3),
        (("99999999999999999999",), 2),
        (("9999999999999999",), 3),
        (("MINE", "98"), 9),
        (("98", "99"), 3),
    ],
)
def test_what_cannot_be_read(news: Shell, words: tuple[str, ...], code: int):
    mine = news.tix("notification", "list", "-o", "ids", as_="lan").lines[0]
    said = [word.replace("MINE", mine) for word in words]
    news.tix("notification", "read", *said, as_="lan", check=code)


def test_somebody_else_s_is_not_there(news: Shell):
    """The same bytes as for one that never was."""
    (his,) = news.tix("notification", "list", "-o", "ids", as_="sam").lines
    answers = []
    for number in (his, "4711"):
        done = news.tix("notification", "read", number, as_="lan", check=3)
        answers.append((done.out, done.err.replace(number, "N")))
    assert answers[0] == answers[1]
    assert heard(news, "sam") != []


def test_the_rules_are_printed(office: Shell):
    """Anybody may know who hears of what."""
    found = office.tix("notification", "rules", "--json", as_="lan").json
    assert [list(one) for one in found] == [["reason", "what", "who", "mailed"]] * len(found)
    assert {one["mailed"] for one in found} == {True}
    by_reason = {one["reason"]: one for one in found}
    assert by_reason["assigned"]["who"] == ["assignee else team"]
    assert by_reason["answered"]["who"] == ["requester", "assignee", "watchers"]
    assert office.tix("notification", "rules", "-o", "ids").lines == list(by_reason)


# ------------------------------------------------------------------------------- inbox, the first screen


def test_the_inbox_is_my_tickets_and_what_is_new(news: Shell):
    """S001-30: what ``list --mine`` and ``notification list`` have, in one object."""
    for login in ("sam", "lan"):
        found = news.tix("inbox", "--json", as_=login).json
        assert list(found) == ["tickets", "notifications"]
        assert found["tickets"] == news.tix("list", "--mine", "--json", as_=login).json
        assert found["notifications"] == news.tix("notification", "list", "--json", as_=login).json
        assert found["tickets"]
        assert found["notifications"]
        assert [found] == news.tix("inbox", "-o", "jsonl", as_=login).jsonl
    assert news.tix("inbox", "--json", as_="kim").json == {"tickets": [], "notifications": []}


def test_the_inbox_in_plain_is_two_blocks(news: Shell):
    """An empty line stands between them, also where one is empty; a column chooses one."""
    tickets = news.tix("list", "--mine", as_="sam").out
    notices = news.tix("notification", "list", as_="sam").out
    assert tickets
    assert notices
    assert news.tix("inbox", as_="sam").out == f"{tickets}\n{notices}"
    assert news.tix("inbox", as_="kim").out == "\n"
    assert news.tix("inbox", "-c", "tickets", as_="sam").out == tickets
    assert news.tix("inbox", "-c", "notifications", as_="sam").out == notices
    assert news.tix("inbox", "-o", "ids", as_="sam").lines == ["TIX-1"]
    heads, _, _, other, _ = news.tix("inbox", "-o", "csv", as_="sam").lines
    assert (heads.split(",")[0], other) == ("ref", ",".join(FIELDS))
    news.tix("inbox", "-c", "subject", as_="sam", check=2)


def test_the_inbox_on_a_terminal(news: Shell):
    """Two tables, and how to mark what one has read."""
    with news.terminal("inbox", as_="lan") as terminal:
        terminal.wait()
        text = terminal.text
    assert text.index("Tickets") < text.index("TIX-1") < text.index("Notifications") < text.index("REASON")
    assert "tix notification read --all" in text
    with news.terminal("inbox", as_="kim") as terminal:
        terminal.wait()
        assert "You have no open tickets." in terminal.text
        assert "No new notifications." in terminal.text
        assert "read --all" not in terminal.text


def test_the_first_screen_says_how_many(news: Shell):
    """``tix`` alone counts them, and leads to the inbox while there are any."""
    with news.terminal(as_="lan") as terminal:
        terminal.wait()
        assert "2 unread" in terminal.text
        assert "tix inbox" in terminal.text
    news.tix("notification", "read", "--all", as_="lan")
    with news.terminal(as_="lan") as terminal:
        terminal.wait()
        assert "0 unread" in terminal.text
        assert "tix inbox" not in terminal.text


def test_a_terminal_reads_what_was_done(news: Shell):
    """One sentence; and a table without the column that is the same in each row."""
    with news.terminal("notification", as_="lan") as terminal:
        terminal.wait()
        assert "answered" in terminal.text
        assert "READ" not in terminal.text
    with news.terminal("notification", "read", "--all", as_="lan") as terminal:
        terminal.wait()
        assert terminal.text == "Marked 2 notifications as read.\n"
    with news.terminal("notification", as_="lan") as terminal:
        terminal.wait()
        assert terminal.text == "No new notifications.\n"


def test_no_desk_has_no_news(desk: Shell):
    """Reading makes no store."""
    assert desk.tix("inbox", "--json").json == {"tickets": [], "notifications": []}
    assert desk.tix("notification", "list").out == ""
    desk.tix("notification", "read", "--all")
    assert not desk.store.exists()


def test_numbers_and_columns_are_completed(news: Shell):
    """Only one's own, with what they are about."""
    (number,) = news.tix("notification", "list", "-o", "ids", as_="sam").lines
    offered = news.tix("__complete", "--", "notification", "read", "", as_="sam").out
    assert offered == f"{number}\tTIX-1 message: Printer\n"
    assert news.tix("__complete", "--", "notification", "read", "", as_="kim").out == ""
    columns = news.tix("__complete", "--", "inbox", "-c", "").lines
    assert [line.split("\t")[0] for line in columns] == ["tickets", "notifications"]


def test_words_of_people_are_neutralised(office: Shell):
    """A subject is text, wherever it is printed."""
    office.tix("new", "\x1b[31mred \u202e", "-m", "x", "-a", "kim", as_="sam")
    for words in (("inbox",), ("notification",), ()):
        with office.terminal(*words, as_="kim", env={"NO_COLOR": "1"}) as terminal:
            terminal.wait()
            assert b"\x1b[31m" not in terminal.raw, words
            assert "\u202e".encode() not in terminal.raw, words


# ------------------------------------------------------------------------------------------ what never shows

CANARY = "kanarienvogel"
SURFACES = [
    *itertools.product((("inbox",), ("notification", "list"), ("notification", "list", "--all")), FORMATS),
    *((("__complete", "--", "notification", "read", ""), None), (("notification", "rules"), "json")),
]


def taken(desk: Desk, login: str) -> dict:
    """What a requester obtains there: the bytes of both streams and the exit code."""
    found = {}
    for words, fmt in SURFACES:
        done = desk.tix(*words, *(() if fmt is None else ("-o", fmt)), as_=login)
        found[words, fmt] = (done.raw_out, done.raw_err, done.code)
    return found


@pytest.fixture
def cage(tmp_path: Path) -> Desk:
    """A desk where lan and ana have news, some of it read, on tickets that are also overdue and resolved."""
    desk = Desk(tmp_path)
    desk.tix("init")
    desk.people("sam:agent", "kim:agent", "lan:requester", "ana:requester")
    for who in ("lan", "ana", "lan"):
        desk.tix("new", "Printer", "-m", "It smokes.", as_=who, now="2026-11-01T09:00:00Z")
    desk.tix("edit", 1, "--due", "2026-11-02", as_="sam", now="2026-11-01T10:00:00Z")
    for number in (1, 2, 3):
        desk.tix("assign", number, "kim", as_="sam", now="2026-11-01T10:00:00Z")
        desk.tix("reply", number, "-m", "Look.", as_="kim", now="2026-11-01T11:00:00Z")
    desk.tix("notification", "read", "--all", as_="lan", now="2026-11-01T12:00:00Z")
    desk.tix("reply", 1, "-m", "Again.", as_="kim", now="2026-11-01T13:00:00Z")
    desk.tix("resolve", 3, as_="kim", now="2026-11-01T14:00:00Z")
    return desk


def test_a_note_changes_no_byte_of_anybodys_news(cage: Desk):
    """Nor does what it records on the way: ticket 1 is overdue and ticket 3 has lapsed, both unrecorded."""
    before = {login: taken(cage, login) for login in ("lan", "ana")}
    assert all(b"answered" in before["lan"][("inbox",), fmt][0] for fmt in ("plain", "json", "csv"))
    for number in (1, 2, 3):
        cage.tix("note", number, "-m", f"The {CANARY}.", as_="sam", check=None)
    cage.tix("tick")
    assert before == {login: taken(cage, login) for login in ("lan", "ana")}
    reasons = [row[4] for row in cage.tix("notification", "list", as_="kim").rows]
    assert {"noted", "overdue"} <= set(reasons)


def test_nothing_of_the_staffs_is_told_a_requester(cage: Desk):
    """Notes, tags, teams, plans and files of the staff's: no word of them, no notice of them."""
    number_of = {
        login: len(cage.tix("notification", "list", "--all", as_=login).rows) for login in ("lan", "ana")
    }
    cage.tix("team", "add", CANARY, "--member", "sam")
    for number in (1, 2):
        cage.tix("note", number, "-m", f"The {CANARY}.", as_="sam")
        cage.tix("edit", number, "--tag", CANARY, "--note", CANARY, as_="sam")
        cage.tix("assign", number, f"team:{CANARY}", as_="kim")
    for login in ("lan", "ana"):
        assert number_of[login] == len(cage.tix("notification", "list", "--all", as_=login).rows)
        for words, (out, err, _) in taken(cage, login).items():
            assert CANARY.encode() not in out + err, (login, words)
    assert cage.tix("notification", "list", as_="sam").rows != []


def test_a_planted_leak_is_seen(cage: Desk, monkeypatch: pytest.MonkeyPatch):
    """Control: were a requester told of notes they would not read it; were they to read it, bytes would change."""
    real = notifications.notices

    def leaky(old, new, items, *rest, **given):
        notes = (Notice(new.requester, "noted", item) for item in items if item.kind == "note")
        return [*real(old, new, items, *rest, **given), *notes]

    monkeypatch.setattr(notifications, "notices", leaky)
    before = taken(cage, "ana")
    cage.tix("note", 2, "-m", "x", as_="sam")
    assert before == taken(cage, "ana")
    for name in ("notices", "notices_unread"):
        open_to_all = compiled.SQL[name].replace("internal = 0", "internal >= 0")
        monkeypatch.setitem(compiled.SQL, name, open_to_all)
    assert before != taken(cage, "ana")
