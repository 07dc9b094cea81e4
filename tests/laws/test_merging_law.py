"""Merging: nobody sees more than before, it is taken back byte by byte, and goes through export and import whole."""

import json
import os
import random
import re
import sys
import time

import pytest

from tests.factories import HOUR, ref, world
from tests.laws.inprocess import Desk
from tix.desk import doctor
from tix.desk.billing import time_entries
from tix.desk.tickets import edit, read, status
from tix.desk.tickets import merge as ticket_merge
from tix.domain.tickets.edit import Edit
from tix.domain.tickets.ticket import play
from tix.domain.tickets.timeline import Author, Work, entry
from tix.store.compiled import sqlite as compiled
from tix.store.tickets import merge
from tix.store.tickets import tickets as repository

pytestmark = pytest.mark.long

SOAK = bool(os.environ.get("TIX_SOAK"))
SEEDS = range(60 if SOAK else 8)
CANARY, FILE = "kanarienvogel", "kanarienvogel.txt"
# What a merge leaves behind on both: it was, and it was taken back.
LEFT = ("version", "updated_at", "last_activity_at", "thread")


def well(desk, store=None):
    """Doctor finds nothing."""
    checks = desk.tix("doctor", "--json", store=store).json
    assert {check["status"] for check in checks} == {"ok", "info"}, checks


# ------------------------------------------------------------------------------------------ back as they were


def seen(desk, number):
    """A ticket as staff and its requester are shown it, without what tells that there was a merge."""
    found = {}
    for who in (None, "rita", "rolf", "carl", "gus"):
        shown = desk.tix("show", number, "--json", as_=who, check=None)
        if shown.code:
            found[who] = shown.code
            continue
        record = shown.json
        items = [one for one in record["thread"] if not _of_merge(one)]
        found[who] = {name: value for name, value in record.items() if name not in LEFT} | {"thread": items}
    return found


def _of_merge(item):
    event = item["event"] or {}
    return event.get("type") in ("merged", "unmerged") or event.get("reason") in ("merged", "undone")


def random_desk(folder, seed, workflow=None):
    """Four tickets that something has happened to; the first two are of one requester."""
    chance = random.Random(seed)
    desk = Desk(folder)
    desk.now = "2026-11-20T09:00:00Z"
    chosen = chance.choice(("standard", "osticket", "itflow", "helpdesk", "backoffice"))
    desk.tix("init", "--workflow", workflow or chosen)
    desk.tix("client", "add", "Acme")
    desk.people(
        "ann:agent", "ben:agent", "rita:requester", "rolf:requester", "carl:requester", "gus:requester"
    )
    for login in ("carl", "gus"):
        desk.tix("user", "edit", login, "--client", "Acme")
    (folder / FILE).write_text("bytes\n")
    for number, who in enumerate(("rita", "rita", "rolf", "carl", "gus"), 1):
        desk.now = f"2026-11-20T09:{chance.randint(0, 59):02}:00Z"
        desk.tix("new", f"Ticket {number}", "-m", f"opening {number}", "--attach", FILE, as_=who)
    for step in range(24):
        desk.now = f"2026-11-20T{10 + step // 3}:{step % 3 * 20:02}:00Z"
        number = chance.randint(1, 5)
        words = chance.choice((
            ("reply", number, "-m", f"answer {step}", "--attach", FILE), ("note", number, "-m", f"note {step}"),
            ("time", "add", number, "25m"), ("time", "add", number, "10m", "--no-billable"), ("follow", number),
            ("hold", number), ("start", number), ("resolve", number), ("reopen", number),
            ("edit", number, "--due", "+2h"), ("snooze", number, "--until", "+3h"), ("attach", "add", number, FILE),
        ))  # fmt: skip
        desk.tix(*words, as_=chance.choice(("ann", "ben")), check=None)
    desk.now = "2026-11-20T19:00:00Z"
    return desk, chance


@pytest.mark.parametrize("seed", SEEDS)
def test_a_merge_that_is_taken_back_has_not_been(seed, tmp_path):
    """Status, dates, counts, time, watchers, files, for staff and every requester; also of a chain, and in any workflow."""
    desk, chance = random_desk(tmp_path, seed)
    pairs = [(2, 1), (3, 1), (5, 4), (4, 3), (1, 5)]
    chance.shuffle(pairs)
    done = 0
    for source, target in pairs:
        # Looked at when it is merged: what time does by itself until then is no matter of the merge.
        before = {number: seen(desk, number) for number in range(1, 6)}
        if desk.tix("merge", source, "--into", target, "--yes", as_="ann", check=None).code:
            continue  # closed for good
        done += 1
        well(desk)
        # One more on top of it, where that may be: taken apart from the end.
        last = next(n for n in range(1, 6) if n not in (source, target))
        chained = desk.tix("merge", target, "--into", last, "--yes", as_="ann", check=None).code == 0
        if chained:
            well(desk)
            assert desk.tix("unmerge", source, as_="ben", check=None).code == 5
            desk.tix("unmerge", target, as_="ben")
        desk.tix("unmerge", source, as_="ben")
        well(desk)
        for number in range(1, 6):
            assert before[number] == seen(desk, number), (source, target, number)
    assert done > 0


def test_what_time_has_done_meanwhile_is_done(tmp_path):
    """A resolved ticket that was merged past its wait is closed when it comes back, and an open one is overdue."""
    with world(tmp_path) as desk:
        due, resolved, target = desk.new(), desk.new(), desk.new()
        status.pull(desk.desk("ann"), ref(resolved), "resolve")
        edit.edit(desk.desk("ann"), ref(due), Edit(due_at=(desk.now + HOUR,)))
        lapse = desk.stored(resolved).lapses_at
        for number in (due, resolved):
            ticket_merge.merge(desk.desk("ann"), ref(number), ref(target))
        desk.now += 100 * HOUR
        for number in (due, resolved):
            ticket_merge.unmerge(desk.desk("ann"), ref(number))
        assert (desk.stored(resolved).status, desk.stored(resolved).closed_at) == ("closed", lapse)
        assert desk.stored(due).overdue_at == desk.stored(due).due_at


def test_what_came_since_stays_on_the_target(tmp_path):
    """Entries, files, time and followers of after the merge; and the source has none of it."""
    desk = Desk(tmp_path)
    desk.tix("init")
    desk.people("ann:agent", "ben:agent", "rita:requester")
    for subject in ("one", "two"):
        desk.tix("new", subject, "-m", subject, as_="rita")
    desk.tix("time", "add", 2, "25m", as_="ann")
    desk.tix("merge", 2, "--into", 1, as_="ann")
    said = desk.tix("reply", 2, "-m", "since", as_="rita")
    assert (said.refs, said.err) == (["TIX-1"], "TIX-2 is merged into TIX-1; written to TIX-1 instead.\n")
    desk.tix("time", "add", 1, "5m", as_="ann")
    desk.tix("follow", 1, as_="ben")
    desk.tix("unmerge", 2, as_="ann")
    one, two = (desk.tix("show", number, "--json").json for number in (1, 2))
    assert [item["body"] for item in one["thread"] if item["body"]] == ["one", "since"]
    assert [item["body"] for item in two["thread"] if item["body"]] == ["two"]
    assert (one["time_seconds"], two["time_seconds"]) == (300, 1500)
    assert (one["watchers"], two["watchers"]) == (["ben"], [])
    assert (one["entries"], two["entries"]) == (2, 1)
    well(desk)


# --------------------------------------------------------------------------------------------- who reads what


@pytest.fixture(scope="module")
def cage(tmp_path_factory):
    """Ticket 1 is rita's, 2 rolf's with a canary in everything, 3 gus's and 4 carl's, who are of one client."""
    desk = Desk(tmp_path_factory.mktemp("cage"))
    desk.tix("init")
    desk.tix("client", "add", "Acme")
    desk.people(
        "ann:agent", "rita:requester", "rolf:requester", "gus:requester", "carl:requester", "wim:requester"
    )
    for login in ("gus", "carl"):
        desk.tix("user", "edit", login, "--client", "Acme")
    (desk.folder / FILE).write_text("kanarienvogel sings\n")
    for number, who in enumerate(("rita", "rolf", "gus", "carl"), 1):
        words = f"the {CANARY} of {who}"
        desk.tix("new", f"Ticket {number}", "-m", words if number == 2 else f"words of {who}", as_=who)
    desk.tix("reply", 1, "-m", "an answer", as_="ann", now="2026-11-22T09:01:00Z")
    desk.tix("reply", 2, "-m", f"to the {CANARY}", "--attach", FILE, as_="ann", now="2026-11-22T09:02:00Z")
    desk.tix("follow", 2, "--who", "wim", as_="ann")
    desk.now = "2026-11-22T10:00:00Z"
    return desk


SURFACES = (
    *(
        (*words, "-o", fmt)
        for words in (
            ("show", 1), ("show", 1, "--full"), ("list",), ("list", "--all"), ("search", CANARY), ("search", "kanari*"),
            ("search", "answer"), ("list", "--all", CANARY), ("log",), ("log", 1), ("attach", "list", 1), ("inbox",),
            ("notification", "list", "--all"),
            ("list", "--all", "-c", "ref,entries,attachments,last_replier,last_activity_at,updated_at,answered"),
        )
        for fmt in ("table", "json", "jsonl", "csv")
    ),
    ("export",), ("export", "--all"), ("export", "-o", "csv"), ("show", 2),
    ("__complete", "--", "attach", "save", "1", ""),
)  # fmt: skip


def told(desk, store, who):
    """Everything a person is told, by surface; what says no more than that there was a merge left out."""
    found = {}
    for words in SURFACES:
        result = desk.tix(*words, as_=who, store=store, check=None)
        found[words] = (result.code, result.out, result.err)
    return found


def unscored(found):
    """The same without the scores of a search: what anybody writes in public moves them."""
    return {words: re.sub(r"\d+\.\d{4}", "", str(said)) for words, said in found.items()}


def merged(desk, name, *commands):
    """A copy of the desk on which something was merged."""
    store = desk.copy(name)
    for words in commands:
        desk.tix(*words, as_="ann", store=store)
    return store


def canaries(desk, store, who):
    """Where somebody is told of what is another's; a word they typed themselves comes back to them."""
    return [
        words
        for words, (_, out, err) in told(desk, store, who).items()
        if CANARY in f"{out}{err}".lower() and CANARY not in " ".join(map(str, words))
    ]


def test_a_merge_of_strangers_shows_its_requester_nothing(cage):
    """In any format of anything: what came along changes but the line that it was merged."""
    store = merged(cage, "strangers.db", ("merge", 2, "--into", 1, "--yes"))
    assert canaries(cage, store, "rita") == []
    before, after = told(cage, cage.store, "rita"), told(cage, store, "rita")
    for words in before:
        if before[words] != after[words]:
            assert words[0] in ("show", "log", "export"), words  # where events are told
    for number in (2, 3, 4):
        assert cage.tix("show", number, as_="rita", store=store, check=None).code == 3
    shown = cage.tix("show", 1, "--json", as_="rita", store=store).json
    assert [item["event"]["type"] for item in shown["thread"] if item["event"]][-1] == "merged"
    # What a search for it finds is what a search for what is nowhere finds.
    for words in (("search", CANARY), ("list", "--all", CANARY), ("search", "kanari*")):
        assert cage.tix(*words, "--json", as_="rita", store=store).json == []


def test_the_source_s_requester_goes_on_reading_their_own(cage):
    """On the source: thread, files, search, log, export; nothing of the target, and nothing of what is written later."""
    store = merged(cage, "source.db", ("merge", 2, "--into", 1, "--yes"), ("reply", 1, "-m", "to rita alone"))
    shown = cage.tix("show", 2, "--json", as_="rolf", store=store).json
    assert [item["body"] for item in shown["thread"] if item["body"]] == [
        f"the {CANARY} of rolf",
        f"to the {CANARY}",
    ]
    assert (shown["entries"], shown["attachments"], shown["merged_into"]) == (2, 1, None)
    for words in told(cage, store, "rolf").values():
        assert "TIX-1" not in words[1]
    assert cage.tix("search", CANARY, "-o", "ids", as_="rolf", store=store).refs == ["TIX-2"]
    assert CANARY in cage.tix("search", CANARY, "--json", as_="rolf", store=store).json[0]["snippet"].lower()
    assert cage.tix("attach", "list", 2, "--json", as_="rolf", store=store).json[0]["name"] == FILE
    logged = [
        line["body"] for line in cage.tix("log", "--json", as_="rolf", store=store).json if line["body"]
    ]
    assert logged == [f"to the {CANARY}", f"the {CANARY} of rolf"]
    (line,) = cage.tix("export", as_="rolf", store=store).jsonl
    assert [item["body"] for item in line["thread"] if item["body"]] == [
        f"the {CANARY} of rolf",
        f"to the {CANARY}",
    ]
    for words in told(cage, store, "rolf").values():
        assert "alone" not in words[1]
        assert "words of rita" not in words[1]
    assert cage.tix("show", 1, as_="rolf", store=store, check=None).code == 3


def test_what_a_stranger_writes_later_is_for_the_staff(cage):
    """It lands on the target, where its requester reads nothing of it; where staff are to act already, not even that it came."""
    store = merged(cage, "later.db", ("merge", 2, "--into", 1, "--yes"))
    cage.tix("reply", 1, "-m", "and then?", as_="rita", store=store, now="2026-11-22T10:30:00Z")
    before = told(cage, store, "rita")
    said = cage.tix(
        "reply",
        2,
        "-m",
        f"another {CANARY}",
        "--attach",
        FILE,
        as_="rolf",
        store=store,
        now="2026-11-22T11:00:00Z",
    )
    assert (said.refs, said.err) == (["TIX-2"], "")
    assert cage.tix("reply", 2, "-m", "x", "--json", as_="rolf", store=store).json["ref"] == "TIX-2"
    assert unscored(told(cage, store, "rita")) == unscored(before)
    there = cage.tix("show", 1, "--json", as_="ann", store=store).json
    (found,) = [item for item in there["thread"] if item["body"] == f"another {CANARY}"]
    assert (found["by"], found["origin"], found["attachments"][0]["name"]) == ("rolf", "TIX-2", FILE)
    # Four of before, three that came or were written since.
    assert (there["entries"], there["answered"]) == (7, False)
    # Its author goes on seeing it, where they wrote it: in the thread, the counts, the files, the search, the log.
    mine = cage.tix("show", 2, "--json", as_="rolf", store=store).json
    assert [item["body"] for item in mine["thread"] if item["body"]][2:] == [f"another {CANARY}", "x"]
    assert (mine["entries"], mine["attachments"], mine["last_replier"]) == (4, 2, "rolf")
    assert len(cage.tix("attach", "list", 2, "--json", as_="rolf", store=store).json) == 2
    assert cage.tix("search", "another", "-o", "ids", as_="rolf", store=store).refs == ["TIX-2"]
    assert "another" in cage.tix("log", as_="rolf", store=store).out
    well(cage, store)
    # Taken apart, the tickets are two again, and what rolf wrote is rolf's.
    cage.tix("unmerge", 2, as_="ann", store=store, now="2026-11-22T12:00:00Z")
    well(cage, store)
    mine = cage.tix("show", 2, "--json", as_="rolf", store=store).json
    assert [item["body"] for item in mine["thread"] if item["body"]][2:] == [f"another {CANARY}", "x"]
    assert (mine["entries"], mine["status"], mine["merged_into"]) == (4, "open", None)
    assert CANARY not in cage.tix("show", 1, "--json", as_="ann", store=store).out
    assert told(cage, store, "rita").keys() == before.keys()


def test_an_answer_to_a_merged_ticket_reaches_no_stranger(cage):
    """Refused with the two ways there are; a note, which nobody else reads, goes where the thread is."""
    store = merged(cage, "answer.db", ("merge", 2, "--into", 1, "--yes"))
    refused = cage.tix("reply", 2, "-m", "to rolf", as_="ann", store=store, check=5)
    assert "TIX-2 is merged into TIX-1; a reply would go to rita" in refused.err
    assert "answer rita: tix reply 1; undo the merge to answer rolf: tix unmerge 2" in refused.err
    assert "to rolf" not in cage.tix("show", 1, "--json", as_="ann", store=store).out
    assert cage.tix("note", 2, "-m", "between us", as_="ann", store=store).refs == ["TIX-1"]


def test_a_merge_of_strangers_is_agreed_to(cage):
    """Not by accident: it says what each will see; of one requester or one client nothing is asked."""
    store = cage.copy("agreed.db")
    refused = cage.tix("merge", 2, "--into", 1, as_="ann", store=store, check=2)
    assert "TIX-2 has the requester rolf and TIX-1 has rita" in refused.err
    assert "--yes" in refused.err
    assert cage.tix("show", 2, "--json", store=store).json["merged_into"] is None
    assert (
        cage.tix("merge", 2, "--into", 1, "--json", as_="ann", store=store, check=2).error["code"]
        == "unconfirmed"
    )
    # Invisible, not allowed and impossible come first.
    assert cage.tix("merge", 2, "--into", 99, as_="ann", store=store, check=3)
    assert cage.tix("merge", 2, "--into", 2, as_="ann", store=store, check=5)
    cage.tix("merge", 3, "--into", 4, as_="ann", store=store)
    cage.tix("merge", 2, "--into", 1, "--yes", as_="ann", store=store)


def test_a_refusal_names_no_ticket_that_is_not_seen(cage):
    """Also what a merged ticket refuses says nothing of where it went."""
    store = merged(cage, "refusal.db", ("merge", 2, "--into", 1, "--yes"))
    refused = cage.tix("close", 2, as_="rolf", store=store, check=5)
    assert "TIX-1" not in refused.err
    assert "TIX-1" in cage.tix("close", 2, as_="ann", store=store, check=5).err


def test_what_a_stranger_writes_later_brings_a_ticket_back(cage):
    """Solved is the target: it is open again and the staff hear of it; its requester reads not by whom, nor what."""
    store = merged(
        cage,
        "back.db",
        ("merge", 2, "--into", 1, "--yes"),
        ("assign", 1, "ann"),
        ("resolve", 1, "-m", "solved"),
    )
    cage.tix("reply", 2, "-m", f"no {CANARY}", as_="rolf", store=store, now="2026-11-22T11:00:00Z")
    one = cage.tix("show", 1, "--json", as_="ann", store=store).json
    assert (one["status"], one["reopened"], one["answered"], one["resolved_at"]) == ("open", 1, False, None)
    (said,) = [item for item in one["thread"] if item["body"] == f"no {CANARY}"]
    assert (said["by"], said["origin"]) == ("rolf", "TIX-2")
    assert canaries(cage, store, "rita") == []
    assert not [
        words for words, (_, out, err) in told(cage, store, "rita").items() if "rolf" in f"{out}{err}"
    ]
    shown = cage.tix("show", 1, "--json", as_="rita", store=store).json
    assert (shown["status"], shown["reopened"]) == ("open", 1)
    (moved,) = [item for item in shown["thread"] if item["event"] and item["event"]["old"] == "resolved"]
    assert (moved["by"], moved["event"]["new"]) == (None, "open")
    news = cage.tix("notification", "list", "--json", as_="ann", store=store).json
    assert any((notice["ref"], notice["by"]) == ("TIX-1", "rolf") for notice in news)
    well(cage, store)


def test_tickets_of_one_client_are_read_together(cage):
    """That of gus in that of carl: carl reads both, gus his own."""
    store = merged(cage, "client.db", ("merge", 3, "--into", 4, "--yes"))
    shown = cage.tix("show", 4, "--json", as_="carl", store=store).json
    assert [(item["body"], item["origin"]) for item in shown["thread"] if item["body"]] == [
        ("words of gus", None),  # it is shown to carl, the ticket of gus is not
        ("words of carl", None),
    ]
    assert shown["entries"] == 2
    assert cage.tix("show", 4, as_="gus", store=store, check=None).code == 3
    assert "words of carl" not in str(told(cage, store, "gus"))


def test_a_chain_shows_only_what_each_may_read(cage):
    """That of rolf in that of gus, and this in that of carl: carl reads gus, neither reads rolf."""
    store = merged(cage, "chain.db", ("merge", 2, "--into", 3, "--yes"), ("merge", 3, "--into", 4, "--yes"))
    for who, number in (("carl", 4), ("gus", 3), ("gus", 4)):
        shown = cage.tix("show", number, as_=who, store=store, check=None)
        assert CANARY not in shown.out
    assert "words of gus" in cage.tix("show", 4, as_="carl", store=store).out
    assert CANARY in cage.tix("show", 2, as_="rolf", store=store).out
    assert CANARY in cage.tix("show", 4, as_="ann", store=store).out
    well(cage, store)


def test_who_follows_a_stranger_s_ticket_does_not_come_to_see_the_other(cage):
    """Followed by wim is 2; after the merge he sees what he saw, and 1 he does not."""
    store = merged(cage, "watch.db", ("merge", 2, "--into", 1, "--yes"))
    assert cage.tix("show", 1, as_="wim", store=store, check=None).code == 3
    assert cage.tix("show", 2, as_="wim", store=store, check=None).code == 0
    cage.tix("unmerge", 2, as_="ann", store=store)
    assert cage.tix("show", 2, "--json", store=store).json["watchers"] == ["wim"]


PLANTED = {
    "hides nothing": lambda patch: patch.setitem(
        compiled.SQL, "items_hide", "SELECT 1 WHERE :ticket IS NOT NULL AND :origins IS NOT NULL"
    ),
    **{
        f"{name} shows what stands apart": lambda patch, name=name: patch.setitem(
            compiled.SQL,
            name,
            compiled.SQL[name].replace("item.apart IS NULL OR", "item.apart IS NULL OR 1 OR"),
        )
        for name in ("thread", "export_items")
    },
    "the staff's watchers": lambda patch: patch.setattr(
        ticket_merge.ticket_merge, "travelling", lambda source, staff, *, together: source.watcher_list()
    ),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_leak_is_seen(fault, cage, monkeypatch):
    """Control: each shows rita or wim what they did not see."""
    PLANTED[fault](monkeypatch)
    store = merged(cage, f"leak{len(fault)}.db", ("merge", 2, "--into", 1, "--yes"))
    sees = cage.tix("show", 1, as_="wim", store=store, check=None).code == 0
    assert sees or canaries(cage, store, "rita") != []


# ------------------------------------------------------------------------------------------ out, and in again


def joined(folder):
    """A desk with a chain of merges, strangers among them, one that was taken back, a split, and links."""
    desk, _ = random_desk(folder, 1000, "standard")
    for words in (
        ("merge", 2, "--into", 1, "--yes"), ("merge", 3, "--into", 1, "--yes"), ("unmerge", 2),
        ("merge", 4, "--into", 5, "--yes"), ("link", 1, "blocks", 5), ("link", 1, "parent", 2), ("follow", 5, "--who", "x@y.example"),
    ):  # fmt: skip
        desk.tix(*words, as_="ann", check=None)
    desk.tix("reply", 3, "-m", "later", "--attach", FILE, as_="rolf")
    desk.tix("reply", 4, "-m", "later, too", as_="carl")
    desk.tix("new", "Split me", "-m", "keep", as_="rita")
    desk.tix("reply", 6, "-m", "goes", "--attach", FILE, as_="rita")
    (entry,) = [item["id"] for item in desk.tix("show", 6, "--json").json["thread"] if item["body"] == "goes"]
    desk.tix("split", 6, "--entry", entry, as_="ann")
    rows = [json.loads(line)["row"] for line in desk.tix("export").out.splitlines()]
    assert sum(row.get("links") is not None for row in rows) == 3
    return desk


def test_a_desk_with_merges_is_the_same_after_an_import(tmp_path):
    """Byte by byte; its merges can be taken back there as here."""
    desk = joined(tmp_path)
    text = desk.tix("export").raw_out
    (tmp_path / "out.jsonl").write_bytes(text)
    other = tmp_path / "other.db"
    desk.tix("import", "out.jsonl", store=other)
    assert desk.tix("export", store=other).raw_out == text
    well(desk, other)
    assert desk.tix("import", "out.jsonl", store=other).refs == []
    for store in (desk.store, other):
        desk.tix("unmerge", 3, as_="ann", store=store)
        desk.tix("unmerge", 4, as_="ann", store=store)
        well(desk, store)
    assert desk.tix("export", store=other).raw_out == desk.tix("export").raw_out


def test_into_a_desk_in_use_nothing_is_tied_to_a_stranger(tmp_path):
    """Numbers are taken there: merges and links hold among those that came, under their new names."""
    desk = joined(tmp_path)
    (tmp_path / "out.jsonl").write_bytes(desk.tix("export").raw_out)
    other = tmp_path / "used.db"
    for subject in ("mine", "mine too", "mine as well"):
        desk.tix("new", subject, "-m", "of this desk", store=other)
    desk.tix("user", "add", "ann", "--role", "agent", store=other)
    desk.tix("import", "out.jsonl", store=other)
    well(desk, other)
    shown = [desk.tix("show", number, "--json", store=other).json for number in (1, 2, 3)]
    assert [len(one["thread"]) for one in shown] == [1, 1, 1]
    found = {one["subject"]: one for one in desk.tix("show", "1-40", "--json", store=other).json}
    assert found["Ticket 3"]["merged_into"] == found["Ticket 1"]["ref"]
    assert found["Ticket 3"]["ref"] in {item["origin"] for item in found["Ticket 1"]["thread"]}
    assert {link["ref"] for link in found["Ticket 1"]["links"]} == {
        found["Ticket 5"]["ref"],
        found["Ticket 2"]["ref"],
    }
    desk.tix("unmerge", found["Ticket 3"]["ref"], store=other)
    well(desk, other)


@pytest.mark.parametrize("chosen", ["--open", "--closed"])
def test_one_side_of_a_merge_alone_comes_whole(chosen, tmp_path):
    """Only the target, or only the source, is in the file: what it shows comes with it, and doctor finds nothing."""
    desk = joined(tmp_path)
    (tmp_path / "out.jsonl").write_bytes(desk.tix("export", chosen).raw_out)
    other = tmp_path / "part.db"
    desk.tix("import", "out.jsonl", store=other)
    well(desk, other)
    wanted = [one for line in (tmp_path / "out.jsonl").read_text().splitlines() for one in [json.loads(line)]]
    assert wanted != []
    for one in wanted:
        there = desk.tix("show", one["ref"], "--json", store=other).json
        assert len(there["thread"]) == len(one["thread"]), one["ref"]
        assert (there["entries"], there["attachments"]) == (one["entries"], one["attachments"])
    new = desk.tix("new", "Fresh", "-m", "nothing of theirs", "--json", store=other).json["number"]
    thread = desk.tix("show", new, "--json", store=other).json["thread"]
    assert [item["body"] for item in thread] == ["nothing of theirs"]
    well(desk, other)


# ------------------------------------------------------------------------------------------------- much of it


def test_two_threads_of_five_thousand_entries(tmp_path, capsys):
    """Merged and taken apart; a net for minutes, the figure is printed."""
    with world(tmp_path) as desk:
        one, other = desk.new("rita"), desk.new("rita")
        with desk.store.writing():
            for number in (one, other):
                ticket = desk.stored(number)
                items = [
                    entry(
                        "reply" if n % 2 else "message",
                        f"entry {n}",
                        Author("ann", None, "staff", desk.now + n),
                    )
                    for n in range(4_998)
                ]
                repository.save(desk.store, ticket, play(ticket, items), items)
        desk.now += 10_000
        time_entries.add(desk.desk("ann"), ref(other), Work(desk.now, 1500))
        before = [read.whole(desk.desk("ann"), ref(number)) for number in (one, other)]
        start = time.perf_counter()
        ticket_merge.merge(desk.desk("ann"), ref(other), ref(one))
        there = time.perf_counter() - start
        assert desk.stored(one).entries == 2 * 4_999
        start = time.perf_counter()
        ticket_merge.unmerge(desk.desk("ann"), ref(other))
        back = time.perf_counter() - start
        for number, whole in zip((one, other), before, strict=True):
            now = read.whole(desk.desk("ann"), ref(number))
            assert [line.item for line in whole.lines] == [
                line.item
                for line in now.lines
                if line.item.type not in ("merged", "unmerged")
                and line.item.reason not in ("merged", "undone")
            ]
        with capsys.disabled():
            sys.stdout.write(f"\n  merged {there:.2f} s, taken apart {back:.2f} s\n")
        assert there + back < 60


def test_doctor_sees_what_hangs_where_it_does_not_belong(tmp_path):
    """Control of the proof."""
    with world(tmp_path) as desk:
        one, other = desk.new("rita"), desk.new("rolf")
        merge.hang(desk.store, desk.stored(other).id, desk.stored(one).id)
        findings = {finding.name: finding.status for finding in doctor.examine(desk.desk("root"))}
        assert findings["threads"] == "failed"
