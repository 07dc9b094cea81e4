"""A clock may step back, and an archive be ahead: a ticket is the fold of its timeline all the same."""

import random

import pytest

from tests.laws.inprocess import Desk
from tix.desk import context

LATE, EARLY, LATER = "2026-11-22T10:00:05Z", "2026-11-22T10:00:00Z", "2026-11-22T10:00:09Z"
FILE = "file.txt"
WRITES = (
    ("note", 1, "-m", "x"), ("reply", 1, "-m", "x"), ("reply", 1, "-m", "x", "--status", "on-hold"), ("claim", 1),
    ("assign", 1, "ben"), ("edit", 1, "-p", "high"), ("edit", 1, "--tag", "a"), ("edit", 1, "--status", "in-progress"),
    ("edit", 1, "--due", "+2h"), ("hold", 1), ("start", 1), ("resolve", 1), ("close", 1, "-m", "x"),
    ("snooze", 1, "--until", "+3h"), ("time", "add", 1, "5m"), ("attach", "add", 1, FILE), ("follow", 1),
    ("link", 1, "blocks", 2), ("link", 2, "blocks", 1), ("merge", 1, "--into", 2, "--yes"), ("merge", 2, "--into", 1, "--yes"),
    ("split", 1, "--entry", "{entry}"), ("user", "merge", "rolf", "--into", "rita", "--yes"), ("workflow", "use", "itflow", "--map", "answered=open"),
    ("config", "set", "auto_close_after", "1h"), ("invoice", "create", "--client", "Acme"),
)  # fmt: skip


def well(desk):
    """Doctor finds nothing, and each thread begins with what was said first."""
    checks = desk.tix("doctor", "--json").json
    assert {check["status"] for check in checks} == {"ok", "info"}, checks
    for ticket in desk.tix("list", "--all", "--json").json:
        thread = desk.tix("show", ticket["number"], "--json").json["thread"]
        assert thread[0]["kind"] == "message"
        assert [item["at"] for item in thread] == sorted(item["at"] for item in thread)


@pytest.fixture
def desk(tmp_path):
    """Two tickets, raised, answered and worked on five seconds from now."""
    made = Desk(tmp_path)
    made.now = EARLY
    made.tix("init")
    made.tix("client", "add", "Acme", "--rate", "100")
    made.people("ann:agent", "ben:agent", "rita:requester", "rolf:requester")
    made.tix("user", "edit", "rolf", "--client", "Acme")
    made.tix("sla", "add", "Gold", "--grace", "8h", "--override", "high=2h")
    (tmp_path / FILE).write_text("bytes\n")
    made.now = LATE
    for number in (1, 2):
        who = "rolf" if number == 1 else "rita"
        made.tix("new", f"Ticket {number}", "-m", "words", "--for", who, "--sla", "Gold", as_="ann")
        made.tix("reply", number, "-m", "an answer", as_="ann")
    made.tix("time", "add", 1, "25m", as_="ann")
    made.now = EARLY
    return made


@pytest.mark.parametrize("words", WRITES, ids=lambda words: " ".join(map(str, words)))
def test_a_write_is_not_before_what_it_is_about(desk, words):
    """Then undone later, where it can be, and brought to another desk."""
    entry = [item["id"] for item in desk.tix("show", 1, "--json").json["thread"] if item["body"]][-1]
    desk.tix(*(str(word).format(entry=entry) for word in words), as_=None)
    well(desk)
    desk.now = LATER
    if desk.tix("undo", check=None).code == 0:
        well(desk)
    (desk.folder / "out.jsonl").write_bytes(desk.tix("export").raw_out)
    other = desk.folder / "other.db"
    desk.tix("import", "out.jsonl", store=other)
    assert desk.tix("export", store=other).raw_out == (desk.folder / "out.jsonl").read_bytes()


def test_two_changes_stand_in_the_order_they_were_made(desk):
    desk.now = "2026-11-22T10:10:00Z"
    desk.tix("edit", 1, "-p", "high", as_="ann")
    desk.tix("close", 2, as_="ann")
    desk.now = "2026-11-22T10:05:00Z"
    desk.tix("edit", 1, "-p", "low", as_="ann")
    desk.tix("reopen", 2, as_="ann")
    assert desk.tix("show", 1, "--json").json["priority"] == "low"
    assert desk.tix("show", 2, "--json").json["phase"] == "open"
    well(desk)
    desk.tix("undo", as_="ann")
    assert desk.tix("show", 2, "--json").json["phase"] == "closed"
    well(desk)


def test_one_ticket_that_is_ahead_takes_no_other_along(desk):
    """An archive may say 2099; what is done to another ticket by the same command is done now."""
    (desk.folder / "ahead.csv").write_text("subject,message,created_at\nAhead,words,2099-01-01T00:00:00Z\n")
    desk.tix("import", "ahead.csv")
    desk.now = LATER
    desk.tix("edit", 3, 1, "-p", "high", as_="ann")
    well(desk)
    ahead, other = (desk.tix("show", number, "--json").json for number in (3, 1))
    assert (ahead["updated_at"], other["updated_at"]) == ("2099-01-01T00:00:00Z", LATER)
    desk.tix("undo", as_="ann")
    assert {desk.tix("show", number, "--json").json["priority"] for number in (1, 3)} == {"medium"}
    well(desk)


@pytest.mark.parametrize(
    "words", [WRITES[0], WRITES[5], ("merge", 1, "--into", 2, "--yes")], ids=lambda words: words[0]
)
def test_a_desk_that_trusts_the_clock_is_seen(words, desk, monkeypatch):
    """Control: without it, each of these writes before the beginning."""
    monkeypatch.setattr(context.Desk, "after", lambda self, *tickets: None)
    desk.tix(*words)
    with pytest.raises(AssertionError):
        well(desk)


@pytest.mark.parametrize("seed", range(12))
def test_any_story_under_a_clock_that_goes_to_and_fro(seed, desk):
    """A minute back or forth before each command."""
    chance, minute = random.Random(seed), 10
    for _ in range(30):
        minute = max(0, min(59, minute + chance.choice((-1, 0, 1))))
        desk.now = f"2026-11-22T10:{minute:02}:{chance.randint(0, 59):02}Z"
        words = chance.choice(WRITES[:21]) if chance.random() < 0.85 else ("undo",)
        desk.tix(*words, as_=chance.choice(("ann", "ben")), check=None)
    well(desk)
