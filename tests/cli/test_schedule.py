"""``tix schedule``: tickets that recur, and what ``tix tick`` makes of them."""

import sqlite3
from contextlib import closing

import pytest

from tests.harness import Shell
from tests.laws.inprocess import Desk

JANUARY = "2027-01-20T09:00:00Z"
ADD = ("schedule", "add", "backup", "--subject", "Check backups", "-m", "All of them.")


@pytest.fixture
def desk(tmp_path):
    """A desk with a few people and places."""
    made = Desk(tmp_path)
    made.now = JANUARY
    made.tix("init")
    made.people("sam:agent", "kim:agent", "lan:requester")
    made.tix("client", "add", "Acme")
    made.tix("department", "add", "Hardware")
    made.tix("asset", "add", "PC 1")
    made.tix("topic", "add", "Routine", "--department", "Hardware")
    made.tix("topic", "field", "add", "Routine", "room", "--label", "Room", "--required")
    return made


def refs(desk: Desk) -> list[str]:
    return desk.tix("list", "--all", "--sort", "number", "-o", "ids").refs


def tick(desk: Desk, now: str) -> int:
    desk.now = now
    return desk.tix("tick", "--json").json["scheduled"]


def shown(desk: Desk, name: str = "backup") -> dict:
    return desk.tix("schedule", "show", name, "--json").json


def note(desk: Desk, number: int) -> str:
    """What the note of a ticket says."""
    thread = desk.tix("show", number, "--json").json["thread"]
    (found,) = [item["body"] for item in thread if item["kind"] == "note"]
    return found


def damage(desk: Desk, sql: str) -> None:
    """Something that no command does."""
    with closing(sqlite3.connect(desk.store, isolation_level=None)) as store:
        store.execute(sql)


# ---------------------------------------------------------------------------------------------- a ticket each


def test_each_moment_makes_one_ticket(desk: Desk):
    """The last day of February, and back to the 31st."""
    desk.tix(*ADD, "--every", "monthly", "--start", "2027-01-31")
    made = [
        tick(desk, f"2027-{day}T12:00:00Z")
        for day in ("01-30", "01-31", "01-31", "02-27", "02-28", "03-30", "03-31")
    ]
    assert made == [0, 1, 0, 0, 1, 0, 1]
    assert refs(desk) == ["TIX-1", "TIX-2", "TIX-3"]


def test_the_ticket_is_what_the_schedule_says(desk: Desk):
    desk.tix(
        *ADD, "--every", "weekly", "--topic", "routine", "--field", "room=14", "--for", "lan", "--client", "acme",
        "-p", "urgent", "--type", "request", "--category", "care", "-a", "kim", "--sla", "sev-a", "--tag", "ops,night",
        "--asset", "pc 1", "--about", "plan:7", "--email", "a@x.example", "--phone", "12",
    )  # fmt: skip
    assert tick(desk, JANUARY) == 1
    made = desk.tix("show", 1, "--json").json
    assert {name: made[name] for name in "subject topic department requester client creator source".split()} == {
        "subject": "Check backups", "topic": "Routine", "department": "Hardware", "requester": "lan",
        "client": "Acme", "creator": desk.tix("whoami", "--json").json["login"], "source": "other",
    }  # fmt: skip
    assert (made["priority"], made["type"], made["category"], made["assignee"]) == (
        "urgent",
        "request",
        "care",
        "kim",
    )
    assert (made["sla"], made["assets"], made["tags"], made["fields"]) == (
        "sev-a",
        ["PC 1"],
        ["night", "ops"],
        {"room": "14"},
    )
    assert (made["about"], made["email"], made["phone"]) == ("plan:7", "a@x.example", "12")
    assert (made["created_at"], made["due_at"]) == (JANUARY, "2027-01-20T13:00:00Z")
    assert made["thread"][0]["body"] == "All of them."
    assert note(desk, 1) == "Created by schedule backup for 2027-01-20 00:00."


def test_missed_runs_are_made_up_for_once(desk: Desk):
    desk.tix(*ADD, "--every", "weekly", "--start", "2027-01-21 09:00")
    assert tick(desk, "2027-02-12T00:00:00Z") == 1
    assert refs(desk) == ["TIX-1"]
    dates = "2027-01-21 09:00, 2027-01-28 09:00, 2027-02-04 09:00, 2027-02-11 09:00"
    assert note(desk, 1) == f"Created by schedule backup for 4 missed runs (one ticket for all): {dates}."
    assert shown(desk)["next_at"] == "2027-02-18T09:00:00Z"
    assert shown(desk)["last_at"] == "2027-02-11T09:00:00Z"


def test_many_missed_runs_are_told_in_short(desk: Desk):
    desk.tix(*ADD, "--every", "FREQ=DAILY")
    assert tick(desk, "2028-01-20T09:00:00Z") == 1
    assert "for 366 missed runs" in note(desk, 1)
    assert "and 356 more." in note(desk, 1)


def test_a_requester_is_told_of_no_schedule(desk: Desk):
    desk.tix(*ADD, "--every", "weekly", "--for", "lan")
    tick(desk, JANUARY)
    assert "backup" not in desk.tix("show", 1, as_="lan").out.replace("Check backups", "")
    assert "Check backups" in desk.tix("list", as_="lan").out


def test_who_gets_it_hears_of_it_the_maker_too(desk: Desk):
    """Nobody has just typed it: whoever made the schedule long ago is told like anybody else."""
    desk.tix(*ADD, "--every", "weekly", "-a", "kim")
    desk.tix("schedule", "add", "own", "--subject", "Own", "-m", "x", "--every", "weekly", "-a", "@me")
    tick(desk, JANUARY)
    assert [one["reason"] for one in desk.tix("notification", "list", "--json", as_="kim").json] == [
        "assigned"
    ]
    assert [one["ref"] for one in desk.tix("notification", "list", "--json").json] == ["TIX-2"]


def test_several_schedules_at_once_each_make_theirs(desk: Desk):
    for name in ("a", "b", "c"):
        desk.tix("schedule", "add", name, "--subject", name, "-m", "x", "--every", "weekly")
    assert tick(desk, JANUARY) == 3
    assert tick(desk, JANUARY) == 0
    desk.tix("doctor")


def test_a_count_and_an_end_are_kept(desk: Desk):
    desk.tix(*ADD, "--every", "FREQ=DAILY;COUNT=2")
    assert [tick(desk, f"2027-01-2{day}T09:00:00Z") for day in range(5)] == [1, 1, 0, 0, 0]
    assert shown(desk)["next_at"] is None
    assert shown(desk)["next"] == []
    desk.tix("schedule", "edit", "backup", "--every", "FREQ=DAILY;UNTIL=20270110", check=2)
    desk.tix("schedule", "edit", "backup", "--every", "weekly")
    assert shown(desk)["next_at"] == "2027-01-27T00:00:00Z"


def test_it_keeps_the_time_of_its_zone(desk: Desk):
    desk.tix(*ADD, "--every", "weekly", "--start", "2027-03-21 09:00", "--zone", "europe/berlin")
    assert shown(desk)["next"][:2] == ["2027-03-21T08:00:00Z", "2027-03-28T07:00:00Z"]
    lines = desk.tix("schedule", "next", "backup", "--count", 2).rows
    assert lines == [
        ["2027-03-21T08:00:00Z", "Sun 2027-03-21 09:00"],
        ["2027-03-28T07:00:00Z", "Sun 2027-03-28 09:00"],
    ]
    desk.tix("schedule", "edit", "backup", "--zone", "Asia/Tokyo")
    assert shown(desk)["next"][0] == "2027-03-21T00:00:00Z"


def test_a_start_today_is_today_and_one_that_is_past_makes_nothing_up(desk: Desk):
    desk.tix(*ADD, "--every", "weekly", "--start", "2027-01-20 08:00")
    assert shown(desk)["next_at"] == "2027-01-20T08:00:00Z"
    desk.tix(
        "schedule", "add", "old", "--subject", "Old", "-m", "x", "--every", "weekly", "--start", "2026-12-01"
    )
    assert shown(desk, "old")["next_at"] == "2027-01-26T00:00:00Z"


def test_a_due_date_is_counted_from_each_ticket(desk: Desk):
    desk.tix(*ADD, "--every", "weekly", "--due", "+3d")
    tick(desk, JANUARY)
    tick(desk, "2027-01-27T06:00:00Z")
    assert [one["due_at"] for one in desk.tix("list", "--sort", "number", "--json").json] == [
        "2027-01-23T09:00:00Z",
        "2027-01-30T06:00:00Z",
    ]
    told = desk.tix("schedule", "edit", "backup", "--due", "2027-02-01", check=2)
    assert "+3d" in told.err


# ------------------------------------------------------------------------------------------ what has gone since


def test_what_has_gone_is_left_out_and_told(desk: Desk):
    """The ticket is made all the same, by the maker if its requester has left."""
    desk.tix(
        *ADD, "--every", "weekly", "--topic", "Routine", "--field", "room=14", "--for", "lan", "--client", "Acme",
        "-p", "high", "--type", "request", "-a", "kim", "--sla", "sev-a", "--asset", "PC 1", "--department", "Hardware",
    )  # fmt: skip
    for noun, name in (
        ("user", "lan"), ("user", "kim"), ("topic", "Routine"), ("client", "Acme"), ("asset", "PC 1"),
        ("type", "request"), ("sla", "sev-a"), ("department", "Hardware"), ("priority", "high"),
    ):  # fmt: skip
        desk.tix(noun, "edit", name, "--inactive")
    assert tick(desk, JANUARY) == 1
    made = desk.tix("show", 1, "--json").json
    told = {
        name: made[name]
        for name in "topic department client assignee sla type assets fields priority".split()
    }
    assert told == dict.fromkeys(told) | {"assets": [], "fields": {}, "priority": "medium"}
    assert made["requester"] == made["creator"]
    lines = note(desk, 1).split("\n")
    assert lines[2] == "Left out:"
    assert [line.partition(":")[0] for line in lines[3:]] == [
        "- the requester", "- the client", "- the type", "- the priority", "- the assignee", "- the topic",
        "- the department", "- the sla", "- room", "- the asset PC 1",
    ]  # fmt: skip
    desk.tix("doctor")


def test_a_question_that_came_later_does_not_stop_it(desk: Desk):
    desk.tix(*ADD, "--every", "weekly", "--topic", "Routine", "--field", "room=14")
    desk.tix("topic", "field", "add", "Routine", "floor", "--label", "Floor", "--required")
    desk.tix("topic", "field", "edit", "Routine", "room", "--kind", "number")
    tick(desk, JANUARY)
    assert desk.tix("show", 1, "--json").json["fields"] == {"room": 14}
    assert "floor: the topic requires it, but the schedule has no value" in note(desk, 1)


def test_somebody_away_is_left_out_for_now(desk: Desk):
    desk.tix("user", "edit", "kim", "--away-until", "2027-01-25")
    desk.tix(*ADD, "--every", "weekly", "-a", "kim")
    tick(desk, JANUARY)
    tick(desk, "2027-01-27T09:00:00Z")
    assert [one["assignee"] for one in desk.tix("list", "--sort", "number", "--json").json] == [None, "kim"]


def test_a_maker_who_has_left_goes_on_raising(desk: Desk):
    desk.tix("user", "add", "eva", "--role", "admin")
    desk.tix(*ADD, "--every", "weekly", as_="eva")
    desk.tix("user", "edit", "eva", "--role", "requester", "--inactive")
    tick(desk, JANUARY)
    made = desk.tix("show", 1, "--json").json
    assert (made["creator"], made["requester"]) == ("eva", "eva")


def test_two_people_who_became_one_are_found(desk: Desk):
    desk.tix("user", "add", "lanny", "--role", "requester")
    desk.tix(*ADD, "--every", "weekly", "--for", "lanny")
    desk.tix("user", "merge", "lanny", "--into", "lan")
    tick(desk, JANUARY)
    assert desk.tix("show", 1, "--json").json["requester"] == "lan"
    assert "Left out" not in note(desk, 1)


def test_what_a_schedule_names_is_in_use(desk: Desk):
    desk.tix(
        *ADD,
        "--every",
        "weekly",
        "--topic",
        "Routine",
        "--field",
        "room=1",
        "--asset",
        "PC 1",
        "--for",
        "lan",
        "-a",
        "kim",
    )
    for noun, name in (("topic", "Routine"), ("asset", "PC 1"), ("user", "lan"), ("user", "kim")):
        assert "schedule" in desk.tix(noun, "rm", name, check=5).err
    desk.tix("schedule", "rm", "backup")
    desk.tix("asset", "rm", "PC 1")


# ------------------------------------------------------------------------------------------------- managing them


def test_pause_and_resume(desk: Desk):
    """No ticket while it is paused, none for that time afterwards."""
    desk.tix(*ADD, "--every", "weekly")
    desk.tix("schedule", "pause", "backup")
    assert (shown(desk)["paused"], shown(desk)["next_at"], shown(desk)["next"]) == (True, None, [])
    assert "nothing to change" in desk.tix("schedule", "pause", "backup").err
    assert tick(desk, "2027-02-12T09:00:00Z") == 0
    assert "paused" in desk.tix("schedule", "next", "backup").err
    assert desk.tix("schedule", "next", "backup", "--count", 1).rows[0][0] == "2027-02-17T00:00:00Z"
    desk.tix("schedule", "resume", "backup")
    assert "nothing to change" in desk.tix("schedule", "resume", "backup").err
    assert tick(desk, "2027-02-12T09:00:00Z") == 0
    assert tick(desk, "2027-02-17T09:00:00Z") == 1
    assert "missed" not in note(desk, 1)


def test_run_makes_one_at_once_and_shifts_nothing(desk: Desk):
    desk.tix(*ADD, "--every", "weekly", "--start", "2027-01-25")
    before = shown(desk)
    told = desk.tix("schedule", "run", "backup")
    assert told.ref == "TIX-1"
    assert before == shown(desk)
    assert note(desk, 1) == "Created by hand from schedule backup."
    assert tick(desk, "2027-01-25T09:00:00Z") == 1
    assert desk.tix("schedule", "run", "backup", "--json").json["subject"] == "Check backups"
    desk.tix("schedule", "pause", "backup")
    assert desk.tix("schedule", "run", "backup").ref == "TIX-4"


def test_edit_changes_what_is_given_and_keeps_the_rest(desk: Desk):
    desk.tix(
        *ADD, "--every", "weekly", "-p", "high", "--tag", "ops", "--for", "lan", "-a", "team:ghosts", check=2
    )
    desk.tix(
        *ADD,
        "--every",
        "weekly",
        "-p",
        "high",
        "--tag",
        "ops",
        "--for",
        "lan",
        "--due",
        "+3d",
        "--asset",
        "PC 1",
    )
    before = shown(desk)
    desk.tix("schedule", "edit", "backup", "--subject", "Look", "--tag", "night", "-a", "sam")
    assert shown(desk) == before | {"subject": "Look", "tags": ["ops", "night"], "assignee": "sam"}
    desk.tix(
        "schedule",
        "edit",
        "backup",
        "--remove-tag",
        "ops",
        "--remove-asset",
        "pc 1",
        "-p",
        "none",
        "--due",
        "none",
    )
    assert shown(desk) == before | {
        "subject": "Look", "tags": ["night"], "assignee": "sam", "assets": [], "priority": None, "due": None,
    }  # fmt: skip
    assert "nothing to change" in desk.tix("schedule", "edit", "backup", "--subject", "Look").err
    desk.tix("schedule", "edit", "backup", check=2)


def test_a_new_rhythm_makes_no_second_ticket_today(desk: Desk):
    desk.tix(*ADD, "--every", "weekly")
    assert tick(desk, JANUARY) == 1
    desk.tix("schedule", "edit", "backup", "--every", "monthly")
    assert shown(desk)["next_at"] == "2027-02-20T00:00:00Z"
    assert tick(desk, JANUARY) == 0


def test_what_is_owed_stays_owed_unless_it_begins_anew(desk: Desk):
    desk.tix(*ADD, "--every", "weekly")
    desk.now = "2027-01-21T09:00:00Z"
    desk.tix("schedule", "edit", "backup", "--every", "monthly")
    assert tick(desk, "2027-01-21T09:00:00Z") == 1
    desk.now = "2027-02-21T09:00:00Z"
    desk.tix("schedule", "edit", "backup", "--start", "2027-03-01")
    assert tick(desk, "2027-02-21T09:00:00Z") == 0
    assert shown(desk)["next_at"] == "2027-03-01T00:00:00Z"


def test_rm_leaves_the_tickets(desk: Desk):
    desk.tix(*ADD, "--every", "weekly")
    tick(desk, JANUARY)
    desk.tix("schedule", "rm", "backup")
    assert desk.tix("schedule", "list", "--json").json == []
    assert refs(desk) == ["TIX-1"]
    desk.tix("schedule", "show", "backup", check=3)


# ------------------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("--every", "sometimes"), 2),
        (("--every", "hourly"), 2),
        (("--every", "FREQ=HOURLY"), 2),
        (("--every", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"), 2),
        (("--every", "FREQ=DAILY;UNTIL=20270101"), 2),
        (("--every", "FREQ=DAILY;COUNT=1", "--start", "2026-01-01"), 2),
        ((), 2),
        (("--every", "weekly", "--start", "soon"), 2),
        (("--every", "weekly", "--zone", "Mars"), 2),
        (("--every", "weekly", "--topic", "Nonsense"), 2),
        (("--every", "weekly", "--topic", "Routine"), 2),
        (("--every", "weekly", "--topic", "Routine", "--field", "x=1"), 2),
        (("--every", "weekly", "--for", "nobody"), 2),
        (("--every", "weekly", "-a", "lan"), 5),
        (("--every", "weekly", "-p", "huge"), 2),
        (("--every", "weekly", "--due", "2027-05-01"), 2),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_and_nothing_is_kept(desk: Desk, words: tuple[str, ...], status: int):
    desk.tix(*ADD, *words, check=status)
    assert desk.tix("schedule", "list", "--json").json == []


def test_a_subject_and_a_message_are_needed(desk: Desk):
    desk.tix("schedule", "add", "x", "-m", "y", "--every", "weekly", check=2)
    desk.tix("schedule", "add", "x", "--subject", "y", "--every", "weekly", check=2)
    desk.tix("config", "set", "message_required", "false")
    desk.tix("schedule", "add", "x", "--subject", "y", "--every", "weekly")
    assert tick(desk, JANUARY) == 1


def test_who_may_do_what(desk: Desk):
    desk.tix(*ADD, "--every", "weekly")
    desk.tix(*ADD, "--every", "weekly", check=5)
    for words in (("list",), ("show", "backup"), ("next", "backup")):
        desk.tix("schedule", *words, as_="sam")
        desk.tix("schedule", *words, as_="lan", check=4)
    changes = (
        ("pause", "backup"),
        ("resume", "backup"),
        ("run", "backup"),
        ("rm", "backup"),
        ("edit", "backup", "-p", "low"),
    )
    for words in (*changes, ("add", "b", "--subject", "x", "-m", "y", "--every", "weekly")):
        desk.tix("schedule", *words, as_="sam", check=4)
        desk.tix("schedule", *words, as_="lan", check=4)
    for words in (
        ("show", "b"),
        ("next", "b"),
        ("pause", "b"),
        ("edit", "b", "-p", "low"),
        ("run", "b"),
        ("rm", "b"),
    ):
        desk.tix("schedule", *words, check=3)
    desk.tix("schedule", "next", "backup", "--count", "0", check=2)


def test_a_schedule_that_cannot_be_stops_no_other(desk: Desk):
    """A zone that this machine has forgotten: said at each tick, with exit 9."""
    desk.tix(*ADD, "--every", "weekly")
    desk.tix("schedule", "add", "zoned", "--subject", "Zoned", "-m", "x", "--every", "weekly")
    damage(desk, "UPDATE schedule SET zone = 'Mars/Olympus' WHERE name = 'zoned'")
    told = desk.tix("tick", check=9)
    assert "schedule zoned" in told.err
    assert refs(desk) == ["TIX-1"]


def test_a_desk_that_refuses_everything_but_the_text_gets_that(desk: Desk):
    """What goes wrong in a way nobody thought of leaves the text, for the maker."""
    desk.tix(*ADD, "--every", "weekly", "--department", "Hardware", "-a", "kim")
    damage(desk, "UPDATE department SET workflow = 'gone'")
    assert tick(desk, JANUARY) == 1
    made = desk.tix("show", 1, "--json").json
    assert (made["subject"], made["assignee"]) == ("Check backups", None)
    assert "everything except subject and text" in note(desk, 1)


# --------------------------------------------------------------------------------------------- for a person


@pytest.mark.parametrize("cols", [60, 80, 120])
def test_what_a_person_sees(tmp_path, cols: int):
    """The next dates in words, by their own clock."""
    shell = Shell(tmp_path)
    shell.now = JANUARY
    shell.tix("init")
    with shell.terminal(*ADD, "--every", "monthly", "--start", "2027-01-31", cols=cols) as told:
        told.wait()
        assert "Added schedule backup; next ticket on Sun 31 Jan 2027 00:00" in " ".join(told.text.split())
    with shell.terminal("schedule", "show", "backup", cols=cols) as shown_:
        shown_.wait()
        assert "Sun 28 Feb 2027 00:00" in shown_.text
        assert "All of them." in shown_.text
    with shell.terminal("schedule", "list", cols=cols) as listed:
        listed.wait()
        assert "backup" in listed.text
    with shell.terminal("tick", cols=cols, now="2027-01-31T09:00:00Z") as ticked:
        ticked.wait()
        assert "1 scheduled" in ticked.text
    shell.close()
