"""`tix time`, and `--time` on replies and notes: who, how much, exit codes, and nothing for requesters."""

import pytest

from tests.harness import Shell

NINE = "2026-11-22T09:00:00Z"
TEN = "2026-11-22T10:00:00Z"


@pytest.fixture
def office(desk: Shell) -> Shell:
    """A desk with two tickets of lan's."""
    desk.now = NINE
    desk.people("sam:agent", "kim:agent", "lan:requester")
    for subject in ("Printer", "Screen"):
        desk.tix("new", subject, "-m", "x", as_="lan")
    return desk


def sums(office: Shell, number: int = 1) -> tuple[int, int]:
    """Worked and unbilled."""
    shown = office.tix("show", number, "--json").json
    return shown["time_seconds"], shown["unbilled_seconds"]


def test_time_by_itself_on_replies_and_on_notes(office: Shell):
    """It adds up; each has its event; the ticket's version stays where only time was put down."""
    version = office.tix("show", 1, "--json").json["version"]
    added = office.tix("time", "add", 1, "25m", "-m", "looked at it", "--json", as_="sam").json
    assert (added["ref"], added["time_seconds"], added["version"]) == ("TIX-1", 1500, version)
    assert office.tix("note", 1, "-m", "hm", "--time", "1h", "--json", as_="sam").json["version"] == version
    office.tix("reply", 1, "-m", "hello", "--time", "0:02:35", as_="sam")
    office.tix("time", "add", 1, "10m", "--no-billable", as_="kim")
    office.tix("time", "add", 1, "5m", "--minus", as_="kim")
    assert sums(office) == (1500 + 3600 + 155 + 600 - 300, 1500 + 3600 + 155 - 300)
    told = [item["event"] for item in office.tix("show", 1, "--json").json["thread"] if item["event"]]
    assert [(one["new"], one["reason"]) for one in told if one["type"] == "time-added"] == [
        ("1500", "looked at it"), ("3600", None), ("155", None), ("600", None), ("-300", None),
    ]  # fmt: skip


def test_the_list(office: Shell):
    """What was worked last first; by whom, when, what is not billed; the same in every format."""
    office.tix("time", "add", 1, "25m", "--on", "2026-11-20", "-m", "on site", as_="sam")
    office.tix("time", "add", 2, "10m", "--no-billable", as_="sam")
    office.tix("time", "add", 2, "1h", as_="kim", now=TEN)
    every = office.tix("time", "--json").json
    assert [(one["ref"], one["by"], one["worked_seconds"], one["billable"]) for one in every] == [
        ("TIX-2", "kim", 3600, True), ("TIX-2", "sam", 600, False), ("TIX-1", "sam", 1500, True),
    ]  # fmt: skip
    assert (every[2]["at"], every[2]["text"]) == ("2026-11-20T00:00:00Z", "on site")
    ids = [str(one["id"]) for one in every]
    assert office.tix("time", "list", "-o", "ids").lines == ids
    for flags, wanted in (
        (("1",), ids[2:]),
        (("--by", "sam"), ids[1:]),
        (("2", "--by", "sam"), ids[1:2]),
        (("--unbilled",), [ids[0], ids[2]]),
        (("--since", "2026-11-22"), ids[:2]),
        (("--until", "2026-11-21"), ids[2:]),
        (("--limit", "1"), ids[:1]),
        (("2", "--limit", "1"), ids[:1]),
    ):
        assert office.tix("time", "list", *flags, "-o", "ids").lines == wanted, flags


def test_a_timer(office: Shell):
    """Started, seen, started again, stopped, stopped twice."""
    office.tix("time", "start", 1, as_="sam")
    (running,) = office.tix("time", "timers", "--json", now=TEN).json
    assert (running["ref"], running["by"], running["running_seconds"]) == ("TIX-1", "sam", 3600)
    assert "already" in office.tix("time", "start", 1, as_="sam").err
    refused = office.tix("time", "start", 2, as_="sam", now=TEN, check=5)
    assert "TIX-1 for 1h" in refused.err
    assert "tix time stop TIX-1" in refused.err
    office.tix("time", "start", 2, as_="kim")
    office.tix("time", "stop", 1, as_="kim", check=5)
    office.tix("time", "stop", 1, "-m", "cable", as_="sam", now=TEN)
    assert sums(office) == (3600, 3600)
    (entry,) = office.tix("time", "list", 1, "--json").json
    assert (entry["at"], entry["by"], entry["text"]) == (NINE, "sam", "cable")
    assert "tix time start 1" in office.tix("time", "stop", 1, as_="sam", check=5).err
    assert "no time logged" in office.tix("time", "stop", 2, as_="kim").err
    office.tix("time", "start", 2, as_="sam")
    office.tix("time", "stop", 2, "--discard", as_="sam", now=TEN)
    assert sums(office, 2) == (0, 0)
    assert office.tix("time", "timers", "--json").json == []


def test_a_timer_left_on_is_not_put_down_unseen(office: Shell):
    """More than a month is refused with the way out."""
    office.tix("time", "start", 1, as_="sam")
    late = "2027-01-22T09:00:00Z"
    assert "--discard" in office.tix("time", "stop", 1, as_="sam", now=late, check=5).err
    office.tix("time", "stop", 1, "--discard", as_="sam", now=late)


def test_a_timer_does_not_outlive_its_ticket(office: Shell):
    office.tix("time", "start", 1, as_="sam")
    office.tix("delete", 1, "--yes")
    assert office.tix("time", "timers", "--json").json == []
    office.tix("time", "start", 2, as_="sam")


def test_a_timer_on_what_one_no_longer_sees_is_not_in_the_way(office: Shell):
    office.tix("department", "add", "Support")
    office.tix("department", "add", "Vault")
    office.tix("edit", 1, 2, "--department", "Support")
    office.tix("user", "edit", "sam", "--departments", "Support")
    office.tix("time", "start", 1, as_="sam")
    office.tix("edit", 1, "--department", "Vault")
    assert office.tix("time", "timers", "--json", as_="sam").json == []
    assert office.tix("time", "list", "--json", as_="sam").json == []
    office.tix("time", "start", 2, as_="sam")
    office.tix("time", "stop", 1, as_="sam", check=3)


def test_taking_out(office: Shell):
    """By its number; a correction that would be left alone keeps what it corrects."""
    office.tix("time", "add", 1, "25m", as_="sam")
    office.tix("time", "add", 1, "5m", "--minus", as_="sam")
    minus, plus = office.tix("time", "list", 1, "-o", "ids").lines
    assert "only 20m" in office.tix("time", "rm", plus, as_="sam", check=5).err
    gone = office.tix("time", "rm", minus, "--json", as_="kim").json
    assert (gone["time_seconds"], gone["unbilled_seconds"]) == (1500, 1500)
    office.tix("time", "rm", plus, as_="kim")
    assert sums(office) == (0, 0)
    office.tix("time", "rm", plus, as_="sam", check=3)


@pytest.mark.parametrize("word", ["soon", "0", "0:00:00", "-5m", "2.5", "", "99w", "1m1h"])
def test_a_bad_duration_is_wrong_usage_everywhere(office: Shell, word: str):
    """Exit 2, and nothing is written: neither the time nor the words."""
    before = office.tix("export").out
    for words in (
        ("time", "add", 1, "--message=m", "--", word),
        ("reply", 1, "-m", "x", f"--time={word}"),
        ("note", 1, "-m", "x", f"--time={word}"),
    ):
        office.tix(*words, as_="sam", check=2)
    assert office.tix("export").out == before


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("time", "add", 9, "5m"), 3),
        (("time", "add", "x", "5m"), 2),
        (("time", "add", 1), 2),
        (("time", "add", 1, "5m", "--on", "2026-11-23"), 2),
        (("time", "add", 1, "5m", "--on", "never"), 2),
        (("time", "add", 1, "5m", "-m", " "), 2),
        (("time", "add", 1, "5m", "--minus"), 5),
        (("time", "rm", "x"), 2),
        (("time", "rm", "0"), 3),
        (("time", "list", 9), 3),
        (("time", "list", "--by", "nobody"), 2),
        (("time", "start", 9), 3),
    ],
)
def test_bad_input(office: Shell, words, code):
    before = office.tix("export").out
    office.tix(*words, as_="sam", check=code)
    assert office.tix("export").out == before


def test_a_requester_neither_keeps_nor_sees_time(office: Shell):
    """Exit 4, also beside a reply of theirs; not a byte of what they can obtain changes."""
    seen = [
            ("show", 1, "--json"), ("list", "--json"), ("log", "--json"), ("export",), ("search", "looked", "--json"),
            ("show", 1), ("inbox", "--json"),
        ]  # fmt: skip
    before = [office.tix(*words, as_="lan", now=TEN).out for words in seen]
    office.tix("time", "add", 1, "25m", "-m", "looked at it", as_="sam", now=TEN)
    office.tix("time", "start", 1, as_="sam", now=TEN)
    office.tix("client", "add", "acme", "--rate", "90")
    assert [office.tix(*words, as_="lan", now=TEN).out for words in seen] == before
    assert office.tix("show", 1, "--json", as_="lan").json["time_seconds"] is None
    for words in (
        ("time", "add", 1, "5m"), ("time", "list"), ("time", "list", 1), ("time", "timers"), ("time", "start", 1),
        ("time", "stop", 1), ("time", "rm", 3), ("reply", 1, "-m", "x", "--time", "5m"),
        ("invoice", "list"), ("invoice", "show", 1), ("invoice", "create", 1), ("invoice", "void", 1),
        ("invoice", "export", 1), ("invoice", "create", "--client", "acme"),
    ):  # fmt: skip
        office.tix(*words, as_="lan", check=4)
    office.tix("time", "add", 2, "5m", as_="lan", check=4)
    assert sums(office) == (1500, 1500)


def test_nobody_is_told_of_time(office: Shell):
    """Time is no news to the assignee; the note beside it is."""
    office.tix("assign", 1, "kim")
    office.tix("notification", "read", "--all", as_="kim")
    office.tix("time", "add", 1, "5m", as_="sam")
    assert office.tix("notification", "--json", as_="kim").json == []
    office.tix("note", 1, "-m", "x", "--time", "5m", as_="sam")
    assert [one["reason"] for one in office.tix("notification", "--json", as_="kim").json] == ["noted"]


def test_a_reply_that_ends_the_ticket_takes_its_time_with_it(fresh_itflow: Shell):
    """Time goes before the status that takes none; afterwards there is none, not even of a timer."""
    desk = fresh_itflow
    desk.tix("new", "A", "-m", "x", as_="lan")
    desk.tix("time", "start", 1, as_="sam", now="2026-11-22T08:00:00Z")
    desk.tix("reply", 1, "-m", "bye", "--status", "closed", "--time", "5m", as_="sam")
    assert sums(desk) == (300, 300)
    for words in (("time", "add", 1, "5m"), ("time", "start", 1), ("time", "stop", 1)):
        refused = desk.tix(*words, as_="sam", check=5)
    assert "tix time stop 1 --discard" in refused.err
    (entry,) = desk.tix("time", "list", "-o", "ids").lines
    desk.tix("time", "rm", entry, as_="sam", check=5)
    desk.tix("time", "stop", 1, "--discard", as_="sam")


@pytest.fixture
def fresh_itflow(desk: Shell) -> Shell:
    desk.now = NINE
    desk.tix("init", "--workflow", "itflow")
    desk.people("sam:agent", "lan:requester")
    return desk


def test_bulk_replies_put_time_on_each(office: Shell):
    office.tix("reply", "1-2", "-m", "x", "--time", "5m", as_="sam")
    assert (sums(office, 1), sums(office, 2)) == ((300, 300), (300, 300))
    office.tix("reply", "1-2", "-m", "x", "--time", "5m", "--dry-run", as_="sam")
    assert (sums(office, 1), sums(office, 2)) == ((300, 300), (300, 300))


@pytest.mark.parametrize("cols", [60, 80, 120])
def test_on_a_terminal(office: Shell, cols: int):
    """Durations as people write them, what is billed, and what it adds up to."""
    office.tix("time", "add", 1, "1h30m", "-m", "replaced the drum", as_="sam")
    office.tix("time", "add", 2, "10m", "--no-billable", as_="sam")
    screen = office.terminal("time", "list", cols=cols)
    screen.wait()
    assert "1h30m" in screen.text
    assert "Total 1h40m, 1h30m not billed yet" in screen.text
    assert max(map(len, screen.screen)) <= cols
    said = office.terminal("time", "add", "1", "5m", cols=cols, as_="sam")
    said.wait()
    assert "TIX-1: 1h35m logged in total, 1h35m not billed yet" in said.text
    shown = office.terminal("show", "1", cols=cols, rows=60)
    shown.wait()
    assert "logged 1h30m:" in shown.text
