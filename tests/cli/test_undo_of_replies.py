"""``tix undo`` of a reply whose mails are held back: taken back, or refused with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.harness import Shell
from tix.store.mail import outbox as rows
from tix.store.open import open_store

SECRET = "kanarienvogel"
COUNTED = ("version", "updated_at", "last_activity_at", "thread")
SURFACES = (
    ("show", 1, "--json"),
    ("show", 1, "-o", "table", "--full"),
    ("show", 1, "-o", "plain"),
    ("list", "--all", "--json"),
    ("log", "--json"),
    ("log", 1, "--json"),
    ("search", SECRET, "--json"),
    ("search", "kanari*"),
    ("export", "--all"),
    ("export", "--all", "-o", "mbox"),
    ("attach", "list", 1, "--json"),
    ("notification", "list", "--all", "--json"),
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Shell]:
    """A desk that holds mail back for ten minutes, and a ticket of ana's that kim follows as well as lan."""
    shell = Shell(tmp_path)
    shell.now = "2026-11-20T09:00:00Z"
    shell.tix("init")
    shell.people("sam:agent", "kim:agent", "lan:requester", "ana:requester")
    shell.tix("config", "set", "mail.from_address", "help@desk.example")
    shell.tix("config", "set", "mail.hold", "10m")
    shell.tix("new", "Printer", "-m", "It smokes.", as_="ana")
    shell.now = "2026-11-20T09:01:00Z"
    yield shell
    shell.close()


def shown(office: Shell, **given: str) -> dict[str, object]:
    record = office.tix("show", 1, "--json", **given).json
    return {name: value for name, value in record.items() if name not in COUNTED}


def reply(office: Shell, *flags: object) -> None:
    office.tix("reply", 1, "-m", f"The {SECRET} sings.", *flags, as_="sam")


def row(office: Shell, **values: object) -> None:
    """Change the mails of the outbox, as a sender would."""
    with closing(open_store(office.store)) as store:
        changed = ", ".join(f"{name} = :{name}" for name in values)
        store.execute(f"UPDATE outbox SET {changed} WHERE rule = 'answered'", values)


@pytest.mark.parametrize("flags", [(), ("--status", "resolved"), ("--time", "25m"), ("--cc", "x@y.example")])
def test_everything_is_as_before(office: Shell, flags: tuple[str, ...]):
    """Status, answered, assignee, dates, time, counts: for staff and for the requester; the ticket's mails are cancelled."""
    before, hers = shown(office), shown(office, as_="ana")
    reply(office, *flags)
    assert shown(office) != before
    office.now = "2026-11-20T09:05:00Z"
    done = office.tix("undo", as_="sam")
    assert "Undid reply of 1 ticket" in done.err
    after = shown(office)
    assert {name for name in after if after[name] != before[name]} <= {"entries"}  # staff count it still
    assert shown(office, as_="ana") == hers
    states = {
        one["state"] for one in office.tix("mail", "outbox", "--json").json if one["rule"] == "answered"
    }
    assert states == {"cancelled"}
    office.tix("doctor")
    office.now = "2026-11-20T12:00:00Z"
    assert office.tix("mail", "send").err == "No mail to send.\n"


def test_its_text_stays_for_staff(office: Shell):
    """Nobody's words are lost: the entry stays, internal, below it the event that took it back."""
    reply(office)
    office.tix("undo", as_="sam")
    thread = office.tix("show", 1, "--json", as_="kim").json["thread"]
    (entry,) = [one for one in thread if one["kind"] == "reply"]
    assert (entry["internal"], entry["body"]) == (True, f"The {SECRET} sings.")
    said = [one for one in thread if one["event"] and one["event"]["type"] == "retracted"]
    assert [(one["by"], one["internal"], one["event"]["reason"]) for one in said] == [("sam", True, "undone")]
    assert office.tix("search", SECRET, "-o", "ids", as_="kim").lines == ["TIX-1"]
    drawn = office.tix("show", 1, "-o", "table", as_="kim").out
    assert "internal reply" in drawn
    assert "took the reply back" in drawn


def test_a_requester_finds_no_byte_of_it(office: Shell):
    """The canary, also of a file and after a reply that came through; the notification is gone, too."""
    (office.folder / f"{SECRET}.txt").write_text(SECRET)
    reply(office, "--attach", f"{SECRET}.txt")
    control = [office.tix(*words, as_="ana", check=None).out for words in SURFACES]
    assert sum(SECRET in out for out in control) > 5
    office.tix("undo", as_="sam")
    for words in SURFACES:
        done = office.tix(*words, as_="ana", check=None)
        said = (done.out + done.err).replace(f"'{SECRET}'", "")
        assert SECRET not in said, words
    assert office.tix("notification", "list", "--all", "--json", as_="ana").json == []
    office.tix("reply", 1, "-m", "Please restart.", as_="sam")
    assert [one["reason"] for one in office.tix("notification", "list", "--json", as_="ana").json] == [
        "answered"
    ]
    assert SECRET not in office.tix("show", 1, "--json", as_="ana").out


def test_what_is_exported_after_it_is_imported(office: Shell, tmp_path: Path):
    reply(office)
    office.tix("undo", as_="sam")
    (office.folder / "all.jsonl").write_text(office.tix("export", "--all", "-o", "jsonl").out)
    other = Shell(tmp_path / "other")
    try:
        other.tix("init")
        other.tix("import", office.folder / "all.jsonl")
        assert [
            one["body"] for one in other.tix("show", 1, "--json").json["thread"] if one["kind"] == "reply"
        ]
        other.tix("doctor")
    finally:
        other.close()


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"state": "sending", "lease": "x", "lease_until": 2**40}, "is being sent"),
        ({"state": "sent", "message_id": "1@x"}, "is sent"),
        ({"state": "uncertain", "message_id": "1@x"}, "may have arrived"),
        ({"state": "queued", "attempts": 0, "message_id": "1@x"}, "may have arrived"),
        ({"state": "failed", "message_id": "1@x"}, "may have arrived"),
    ],
)
def test_a_reply_that_somebody_may_have_stays(office: Shell, values: dict[str, object], why: str):
    reply(office)
    row(office, **values)
    left = office.tix("show", 1, "--json").out
    for flags in ((), ("--dry-run",)):
        refused = office.tix("undo", *flags, as_="sam", check=5)
        assert "a sent reply cannot be undone" in refused.err
        assert why in refused.err
    assert office.tix("show", 1, "--json").out == left


def test_one_mail_of_several_keeps_the_reply(office: Shell):
    """To ana and an address: one is sent, so all of it stays."""
    reply(office, "--cc", "x@y.example")
    mails = office.tix("mail", "outbox", "--json").json
    assert len(mails) == 2
    with closing(open_store(office.store)) as store:
        store.execute(
            "UPDATE outbox SET state = 'sent', message_id = '1@x' WHERE id = :id", {"id": mails[0]["id"]}
        )
    assert "is sent" in office.tix("undo", as_="sam", check=5).err
    assert sorted(one["state"] for one in office.tix("mail", "outbox", "--json").json) == ["queued", "sent"]


def test_a_reply_that_was_read_stays(office: Shell):
    reply(office)
    (notice,) = office.tix("notification", "list", "--json", as_="ana").json
    office.tix("notification", "read", notice["id"], as_="ana")
    assert "ana has read it" in office.tix("undo", as_="sam", check=5).err


def test_without_a_hold_a_reply_stays(office: Shell):
    """``mail.hold 0`` is the default: nothing is held back, so nothing is taken back."""
    office.tix("config", "unset", "mail.hold")
    reply(office)
    assert "a sent reply cannot be undone" in office.tix("undo", as_="sam", check=5).err


def test_a_reply_that_nobody_gets_by_mail_stays(office: Shell):
    reply(office, "--no-notify")
    assert "a sent reply cannot be undone" in office.tix("undo", as_="sam", check=5).err


def test_a_dry_run_says_so_and_writes_nothing(office: Shell):
    reply(office)
    left = office.tix("show", 1, "--json").out
    dry = office.tix("undo", "--dry-run", "-o", "table", as_="sam")
    assert "Would undo reply of 1 ticket" in dry.err
    assert "took the reply back" in dry.err
    assert office.tix("show", 1, "--json").out == left
    assert {one["state"] for one in office.tix("mail", "outbox", "--json").json} == {"queued"}


def test_all_of_several_or_none(office: Shell):
    """Bulk: one mail that is being sent keeps every reply of the command."""
    office.tix("new", "Mouse", "-m", "x", as_="lan")
    office.tix("reply", "1,2", "-m", f"The {SECRET} sings.", as_="sam")
    with closing(open_store(office.store)) as store:
        store.execute("UPDATE outbox SET state = 'sending' WHERE ticket_id = 2 AND rule = 'answered'")
    office.tix("undo", as_="sam", check=5)
    assert SECRET in office.tix("show", 1, "--json", as_="ana").out
    with closing(open_store(office.store)) as store:
        store.execute("UPDATE outbox SET state = 'queued' WHERE ticket_id = 2 AND rule = 'answered'")
    office.tix("undo", as_="sam")
    for ref, who in ((1, "ana"), (2, "lan")):
        assert SECRET not in office.tix("show", ref, "--json", as_=who).out


def test_the_command_before_is_undone_next(office: Shell):
    office.tix("edit", 1, "--tag", "x", as_="sam")
    reply(office)
    office.tix("undo", as_="sam")
    office.tix("undo", as_="sam")
    assert office.tix("show", 1, "--json").json["tags"] == []


def test_an_admin_undoes_it_with_as(office: Shell):
    """By the rules of every undo: who wrote it, or who typed it for them with ``--as``."""
    reply(office)
    assert "no command to undo" in office.tix("undo", as_="kim", check=5).err
    assert "no command to undo" in office.tix("undo", check=5).err
    office.tix("undo", as_="sam")


@pytest.mark.parametrize("first", ["undo", "sender"])
def test_of_undo_and_a_sender_one_wins(office: Shell, first: str):
    """Both need the one write lock: who comes second finds the mail leased, or cancelled."""
    reply(office)
    (mail,) = office.tix("mail", "outbox", "--json").json
    late = 2**34

    def lease() -> object:
        with closing(open_store(office.store)) as store:
            return rows.lease(store, mail["id"], "a", late, late + 900)

    if first == "undo":
        office.tix("undo", as_="sam")
        assert lease() is None
    else:
        assert lease() is not None
        assert "is being sent" in office.tix("undo", as_="sam", check=5).err
        assert SECRET in office.tix("show", 1, "--json", as_="ana").out
