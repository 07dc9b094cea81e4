"""Due dates as a calendar: read back by a library where it is there, and by a few lines here."""

import re

import pytest

from tests.harness import Shell

SUBJECTS = ("Plain", "A; b, c\\d and \N{SNOWMAN}" + "é" * 80, "BEGIN:VEVENT", "x" * 200)


@pytest.fixture
def desk(tmp_path):
    shell = Shell(tmp_path)
    shell.now = "2026-11-20T09:00:00Z"
    shell.tix("init")
    shell.people("sam:agent", "lan:requester", "ben:requester")
    for place, subject in enumerate(SUBJECTS):
        shell.tix(
            "new",
            "--for",
            ("lan", "ben")[place % 2],
            "-m",
            "x",
            "--due",
            "2026-12-01T10:00:00Z",
            "--",
            subject,
        )
    shell.tix("new", "Without", "-m", "x")
    shell.tix("new", "Over", "-m", "x", "--due", "2026-12-02T10:00:00Z")
    shell.tix("close", 6)
    yield shell
    shell.close()


def events(text: str) -> list[dict[str, str]]:
    """The events of a calendar: unfolded, unescaped."""
    assert text.endswith("\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    found: list[dict[str, str]] = []
    for line in re.sub(r"\r\n[ \t]", "", text).split("\r\n"):
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and line != "END:VEVENT":
            found[-1][name] = re.sub(r"\\(.)", lambda sign: "\n" if sign[1] == "n" else sign[1], value)
    return found


def test_open_tickets_with_a_due_date_are_events(desk: Shell):
    text = desk.tix("export", "-o", "ics").raw_out.decode()
    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:")
    there = events(text)
    assert [one["SUMMARY"] for one in there] == [f"TIX-{n}: {s}" for n, s in enumerate(SUBJECTS, 1)]
    assert {one["DTSTART"] for one in there} == {"20261201T100000Z"}
    assert {one["DTSTAMP"] for one in there} == {"20261120T090000Z"}
    assert "Status: open\nPriority: medium\nRequester: Lan" in there[0]["DESCRIPTION"]
    uids = [one["UID"] for one in there]
    assert len(set(uids)) == len(SUBJECTS)
    desk.tix("edit", 1, "--due", "2026-12-24T10:00:00Z")
    moved = events(desk.tix("export", "-o", "ics", as_="sam").raw_out.decode())
    assert [one["UID"] for one in moved] == uids
    assert moved[0]["DTSTART"] == "20261224T100000Z"
    assert int(moved[0]["SEQUENCE"]) > int(there[0]["SEQUENCE"])


def test_everybody_exports_what_they_may_see(desk: Shell):
    """A requester their own, and nothing of what is for staff."""
    desk.tix("assign", 1, "sam")
    desk.tix("note", 1, "-m", "a secret")
    text = desk.tix("export", "-o", "ics", as_="lan").raw_out.decode()
    assert [one["SUMMARY"][:6] for one in events(text)] in ([], ["TIX-1:", "TIX-3:"])
    assert "secret" not in text
    shown = desk.tix("list", "--json", "-c", "due_at", as_="lan").json
    assert bool(events(text)) == any(one["due_at"] for one in shown)


def test_into_a_file_and_with_filters(desk: Shell):
    said = desk.tix("export", "-o", "ics", "due.ics", "--requester", "ben").err
    assert said == "Exported 2 due dates to due.ics.\n"
    assert len(events((desk.folder / "due.ics").read_bytes().decode())) == 2
    assert "--columns" in desk.tix("export", "-o", "ics", "-c", "ref", check=2).err
    assert (
        events(
            desk.tix(
                "export", "-o", "ics", "--tag", "none", "--topic", "none", "-s", "closed"
            ).raw_out.decode()
        )
        == []
    )


def test_a_library_reads_the_same(desk: Shell):
    """The same text by a parser that is not ours."""
    icalendar = pytest.importorskip("icalendar")
    calendar = icalendar.Calendar.from_ical(desk.tix("export", "-o", "ics").raw_out)
    there = calendar.walk("VEVENT")
    assert [str(one["SUMMARY"]) for one in there] == [f"TIX-{n}: {s}" for n, s in enumerate(SUBJECTS, 1)]
    assert {one["DTSTART"].dt.isoformat() for one in there} == {"2026-12-01T10:00:00+00:00"}
    assert all(not one.errors for one in there)
