"""Old mail comes in: threads stay threads, times are kept, nobody hears of it, and a second time adds nothing."""

import os
import random
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.harness import Shell

NOON = "2026-11-20T12:00:00Z"


@pytest.fixture
def desk(peopled: Shell) -> Shell:
    """A desk with the agent sam, who has an address, and a quiet clock."""
    peopled.now = NOON
    peopled.tix("config", "set", "mail.from_address", "help@desk.example")
    peopled.tix("user", "edit", "sam", "--email", "sam@desk.example")
    return peopled


def mail(
    number: int, sender: str, subject: str, *head: str, at: str = "12 Nov 2026 10:00:00", body: str = ""
) -> str:
    """A mail as it stands in an mbox."""
    lines = [
        f"From x@x.example Thu Nov 12 10:00:0{number % 10} 2026",
        f"From: {sender}",
        "To: help@desk.example, old-list@desk.example",
        f"Subject: {subject}",
        f"Message-ID: <{number}@client.example>",
        f"Date: {at} +0000",
        *head,
    ]
    return "\n".join([*lines, "", body or f"Words {number}.", "", ""])


THREAD = (
    mail(
        3,
        "Ana <ana@client.example>",
        "Re: Printer",
        "In-Reply-To: <2@client.example>",
        at="12 Nov 2026 12:00:00",
    )
    + mail(1, "Ana <ana@client.example>", "Printer", body=">From the start it hums.")
    + mail(
        2,
        "Sam <sam@desk.example>",
        "Re: Printer",
        "In-Reply-To: <1@client.example>",
        at="12 Nov 2026 11:00:00",
    )
    + mail(
        4,
        "Bo <bo@client.example>",
        "Re: Printer",
        "References: <1@client.example>",
        at="12 Nov 2026 13:00:00",
    )
)


def thread(desk: Shell, ref: str) -> list[tuple[str, str, str, str]]:
    """Who wrote which kind of entry when, and its last line."""
    items = desk.tix("show", ref, "--json").json["thread"]
    return [
        (one["kind"], one["by"], one["at"], one["body"].splitlines()[-1])
        for one in items
        if one["kind"] != "event"
    ]


def rows(desk: Shell, sql: str) -> list[Any]:
    with closing(sqlite3.connect(desk.store)) as store:
        return store.execute(sql).fetchall()


def test_a_thread_is_one_ticket_at_its_own_times(desk: Shell):
    (desk.folder / "box").write_text(THREAD)
    done = desk.tix("import", "box", "--json")
    assert done.json | {"imported": 1, "skipped": 0, "failed": 0, "entries": 4, "people": 1} == done.json
    assert "Imported 1 ticket, 4 entries, 1 person; skipped 0 mails." in done.err
    [found] = desk.tix("list", "--all", "--json").json
    assert (found["subject"], found["created_at"], found["source"]) == (
        "Printer",
        "2026-11-12T10:00:00Z",
        "email",
    )
    assert thread(desk, found["ref"]) == [
        ("message", "ana@client.example", "2026-11-12T10:00:00Z", "From the start it hums."),
        ("reply", "sam", "2026-11-12T11:00:00Z", "Words 2."),
        ("message", "ana@client.example", "2026-11-12T12:00:00Z", "Words 3."),
        # Who does not take part in a ticket is read by staff alone, as with `mail in`.
        (
            "note",
            rows(desk, "SELECT login FROM person ORDER BY id")[0][0],
            "2026-11-12T13:00:00Z",
            "Words 4.",
        ),
    ]
    assert desk.tix("doctor").code == 0


def test_nobody_is_told_or_answered_and_nobody_follows(desk: Shell):
    desk.tix("config", "set", "notify.new_ticket_to", "all@desk.example")
    desk.tix("import", "-", stdin=THREAD)
    assert rows(desk, "SELECT count(*) FROM outbox") == [(0,)]
    assert desk.tix("notification", "list", "--all", as_="sam").out == ""
    assert desk.tix("show", "1", "--json").json["watchers"] == []


def test_a_second_time_adds_nothing(desk: Shell):
    desk.tix("import", "-", stdin=THREAD)
    before = (
        desk.tix("export").raw_out,
        rows(desk, "SELECT * FROM deed"),
        rows(desk, "SELECT id, outcome FROM mail"),
    )
    again = desk.tix("import", "-", "--json", stdin=THREAD)
    assert again.json | {"imported": 0, "skipped": 4, "failed": 0, "entries": 0, "people": 0} == again.json
    assert "4 mails imported or received before" in again.err
    assert before == (
        desk.tix("export").raw_out,
        rows(desk, "SELECT * FROM deed"),
        rows(desk, "SELECT id, outcome FROM mail"),
    )


def test_what_came_by_mail_in_is_known(desk: Shell):
    desk.tix("config", "set", "mail.unknown_senders", "accept")
    one = mail(1, "Ana <ana@client.example>", "Printer")
    desk.tix("mail", "in", stdin=one.partition("\n")[2])
    assert desk.tix("import", "-", "--json", stdin=one).json["skipped"] == 1


def test_a_mail_with_the_same_words_and_another_file_is_another_mail(desk: Shell):
    head = 'Content-Type: multipart/mixed; boundary="b"'
    body = "--b\n\nSee the file.\n--b\nContent-Disposition: attachment; filename=a.txt\n\n{}\n--b--"
    box = "".join(mail(1, "ana@client.example", "A", head, body=body.format(word)) for word in ("one", "two"))
    assert desk.tix("import", "-", "--json", stdin=box).json["entries"] == 2


def test_a_rehearsal_says_what_the_import_does(desk: Shell):
    before = desk.tix("export").raw_out
    would = desk.tix("import", "-", "--dry-run", "--json", stdin=THREAD)
    assert "Would import 1 ticket, 4 entries, 1 person" in would.err
    assert desk.tix("export").raw_out == before
    assert rows(desk, "SELECT count(*) FROM mail") == [(0,)]
    assert desk.tix("import", "-", "--json", stdin=THREAD).json == would.json


def test_automatic_mail_without_a_ticket_is_skipped_and_kept_with_its_reason(desk: Shell):
    away = mail(1, "Ana <ana@client.example>", "Away", "Auto-Submitted: auto-replied")
    done = desk.tix("import", "-", "--json", stdin=away)
    assert (done.json["imported"], done.json["skipped"]) == (0, 1)
    assert "1 mail ignored, because it says Auto-Submitted: auto-replied" in done.err
    assert rows(desk, "SELECT outcome, channel FROM mail") == [("ignored", "import")]


def test_what_is_released_later_is_still_old(desk: Shell):
    away = mail(1, "Ana <ana@client.example>", "Away", "Auto-Submitted: auto-replied")
    desk.tix("import", "-", stdin=away)
    [(id,)] = rows(desk, "SELECT id FROM mail")
    desk.tix("mail", "quarantine", "release", id)
    assert desk.tix("show", "1", "--json").json["created_at"] == "2026-11-12T10:00:00Z"
    assert rows(desk, "SELECT count(*) FROM outbox") == [(0,)]
    assert desk.tix("notification", "list", "--all", as_="sam").out == ""


def test_an_automatic_answer_in_a_thread_is_an_event_of_its_ticket(desk: Shell):
    away = mail(
        2,
        "Ana <ana@client.example>",
        "Away",
        "Auto-Submitted: auto-replied",
        "In-Reply-To: <1@client.example>",
    )
    done = desk.tix("import", "-", "--json", stdin=mail(1, "Ana <ana@client.example>", "Printer") + away)
    assert (done.json["entries"], done.json["skipped"]) == (1, 1)
    assert "1 mail from programs recorded as events of their tickets" in done.err
    assert desk.tix("show", "1", "--json").json["thread"][-1]["event"]["type"] == "mailed"


def test_a_ticket_that_is_closed_for_good_is_followed_up_and_nobody_is_told(desk: Shell):
    desk.tix("workflow", "use", "itflow")
    desk.tix("import", "-", stdin=mail(1, "Ana <ana@client.example>", "Printer"))
    desk.tix("close", "1")
    sent = rows(desk, "SELECT count(*) FROM outbox")
    later = mail(2, "Ana <ana@client.example>", "Re: Printer", "In-Reply-To: <1@client.example>")
    assert desk.tix("import", "-", "--json", stdin=later).json["imported"] == 1
    assert [one["ref"] for one in desk.tix("show", "2", "--json").json["links"]] == ["TIX-1"]
    assert rows(desk, "SELECT count(*) FROM outbox") == sent


def test_the_sent_half_of_a_shared_mailbox_stays_in_its_thread(desk: Shell):
    """The desk's own address is a sign of a loop; in old mail an agent wrote from it."""
    box = mail(1, "Ana <ana@client.example>", "Printer") + mail(
        2, "Help <help@desk.example>", "Re: Printer", "In-Reply-To: <1@client.example>"
    )
    assert desk.tix("import", "-", "--json", stdin=box).json["entries"] == 2
    assert [kind for kind, *_ in thread(desk, "1")] == ["message", "note"]


def test_forty_mails_of_one_hour_are_all_taken(desk: Shell):
    box = "".join(mail(number, "Ana <ana@client.example>", f"Topic {number}") for number in range(40))
    assert desk.tix("import", "-", "--json", stdin=box).json["imported"] == 40


def test_a_time_in_the_future_or_none_is_not_believed(desk: Shell):
    later = mail(1, "ana@client.example", "Later", at="1 Jan 2031 10:00:00")
    no_date = mail(2, "ana@client.example", "Never").replace("Date:", "X-Date:")
    never = no_date.replace("Thu Nov 12 10:00:02 2026", "nothing", 1)
    desk.tix("import", "-", stdin=later + no_date)
    desk.tix("import", "-", "--from", "mbox", stdin=never)
    found = {one["subject"]: one["created_at"] for one in desk.tix("list", "--all", "--json").json}
    # The line of the mbox says when it came.
    assert found == {"Later": "2026-11-12T10:00:01Z", "Never": "2026-11-12T10:00:02Z"}


def test_an_answer_dated_before_its_question_stands_behind_it(desk: Shell):
    box = mail(2, "ana@client.example", "Re: A", "In-Reply-To: <1@client.example>", at="1 Nov 2026 09:00:00")
    desk.tix("import", "-", stdin=box + mail(1, "ana@client.example", "A"))
    assert [at for _, _, at, _ in thread(desk, "1")] == ["2026-11-12T10:00:00Z"] * 2


def test_old_mail_in_the_name_of_an_agent_goes_to_no_ticket_by_its_subject_alone(desk: Shell):
    ref = desk.tix("new", "Mine", "-m", "words", as_="ana").ref
    desk.tix("import", "-", stdin=mail(1, "Sam <sam@desk.example>", f"[{ref}] Mine"))
    assert [kind for kind, *_ in thread(desk, ref)] == ["message", "note"]


def test_an_entry_says_who_imported_it_and_undo_says_that_it_cannot(desk: Shell):
    desk.tix("import", "-", stdin=THREAD, as_="kim")
    items = desk.tix("show", "1", "--json").json["thread"]
    assert {one["via"] for one in items if one["kind"] in ("message", "reply")} == {"kim"}
    assert "an import cannot be undone" in desk.tix("undo", as_="kim", check=5).err
    assert "no command to undo" in desk.tix("undo", as_="sam", check=5).err


def test_a_broken_record_stops_everything_unless_it_is_left_out(desk: Shell):
    (desk.folder / "box").mkdir()
    (desk.folder / "box/a.eml").write_text(
        THREAD.partition("From x@")[0] + mail(1, "ana@client.example", "A")
    )
    (desk.folder / "box/notes.txt").write_text("not a mail")
    said = desk.tix("import", "box", check=2).err
    assert "notes.txt: this is no mail" in said
    assert "nothing was written" in said
    assert desk.tix("list", "--all", "--count").out == "0\n"
    done = desk.tix("import", "box", "--keep-going", "--json", check=9).json
    assert (done["imported"], done["failed"]) == (1, 1)


def test_single_mails_folders_and_maildirs_come_in_alike(desk: Shell):
    one = mail(1, "ana@client.example", "A").partition("\n")[2]
    two = mail(2, "ana@client.example", "B").partition("\n")[2]
    three = mail(3, "ana@client.example", "C").partition("\n")[2]
    (desk.folder / "one.eml").write_text(one)
    for name, text in (("box/cur/2:2,S", two), ("box/new/3", three), ("box/tmp/4", "half")):
        (desk.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (desk.folder / name).write_text(text)
    assert desk.tix("import", "one.eml", "--json").json["imported"] == 1
    assert desk.tix("import", "box", "--json").json["imported"] == 2
    assert desk.tix("import", "box", "--from", "eml", "--json").json["skipped"] == 2
    assert desk.tix("import", "-", "--from", "eml", "--json", stdin=one).json["skipped"] == 1


def test_options_for_tables_do_not_go_with_mail(desk: Shell):
    for option in (("--map", "a=subject"), ("--source", "x"), ("--map-status", "a=open")):
        assert "do not apply to mail" in desk.tix("import", "-", *option, stdin=THREAD, check=2).err
    (desk.folder / "box").mkdir()
    assert "is a folder" in desk.tix("import", "box", "--from", "csv", check=2).err


def test_requesters_import_nothing(desk: Shell):
    assert desk.tix("import", "-", stdin=THREAD, as_="ana", check=4).out == ""


# ------------------------------------------------------------------------------------------------ whole


FOLDERS = ("cpython-test_email", "flufl-bounce", "mikel-mail", "stalwart-mail-parser")


@pytest.mark.parametrize("name", FOLDERS)
def test_real_mail_comes_in_whole_and_once(desk: Shell, name: str):
    """Each mail is in the store with what became of it, or repeats one that is; a second run adds nothing."""
    corpora = os.environ.get("TIX_CORPORA")
    if corpora is None:
        pytest.skip("TIX_CORPORA names no folder of corpora")
    folder = Path(corpora, name)
    done = desk.tix("import", folder, "--keep-going", "--json", check=None)
    assert done.code in (0, 9)
    counts = done.json
    files = [
        path
        for path in folder.rglob("*")
        if path.is_file() and path.name[0] != "." and path.read_bytes().strip()
    ]
    repeated = sum(
        int(line.split()[0]) for line in done.err.splitlines() if "before" in line and "mail" in line[:9]
    )
    [(kept,)] = rows(desk, "SELECT count(*) FROM mail WHERE raw IS NOT NULL AND reason <> ''")
    assert kept + repeated + counts["failed"] >= len(files)
    again = desk.tix("import", folder, "--keep-going", "--json", check=None).json
    assert (again["imported"], again["entries"], again["people"]) == (0, 0, 0)
    assert rows(desk, "SELECT count(*) FROM mail") == [(kept,)]
    assert desk.tix("doctor").code == 0


@pytest.mark.real
@pytest.mark.long
def test_a_killed_import_of_mail_leaves_all_or_nothing(desk: Shell):
    number = 300
    box = "".join(mail(one, "Ana <ana@client.example>", f"Topic {one}") for one in range(number))
    (desk.folder / "box").write_text(box)
    chance = random.Random("killed")
    for _ in range(8):
        process = desk.start("import", "box")
        time.sleep(chance.uniform(0.2, 2.5))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert desk.tix("doctor").code == 0
        assert desk.tix("list", "--all", "--count").out in ("0\n", f"{number}\n")
    desk.tix("import", "box")
    assert desk.tix("list", "--all", "--count").out == f"{number}\n"
    assert rows(desk, "SELECT count(*) FROM mail") == [(number,)]
