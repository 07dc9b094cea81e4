"""Merging, splitting, linking and following from the command line: what is said, refused, and done to many."""

import json
import re
import sqlite3
from contextlib import closing

import pytest

from tests.harness import Shell
from tests.soak.races import together


@pytest.fixture
def staffed(desk: Shell) -> Shell:
    """Two agents, two requesters, and four tickets: 1 and 2 are rita's, 3 rolf's, 4 the admin's."""
    desk.now = "2026-11-30T09:00:00Z"
    desk.tix("init")
    desk.people("ann:agent", "ben:agent", "rita:requester", "rolf:requester")
    for subject, who in (("One", "rita"), ("Two", "rita"), ("Three", "rolf"), ("Four", None)):
        desk.tix("new", subject, "-m", f"{subject} it is", as_=who)
    return desk


def show(desk: Shell, number: object, **how: object) -> dict:
    return desk.tix("show", number, "--json", **how).json


def happened(desk: Shell, number: object, *types: str) -> list[tuple]:
    found = [item["event"] for item in show(desk, number)["thread"] if item["event"]]
    return [(one["type"], one["field"], one["old"], one["new"]) for one in found if one["type"] in types]


# ---------------------------------------------------------------------------------------------- merging


def test_several_at_once_with_one_note(staffed: Shell) -> None:
    """Each source is closed and refers to the target, which refers to each; the note is there once."""
    staffed.tix("reply", 2, "-m", "an answer", as_="ann")
    made = staffed.tix("merge", 2, 3, "--into", "TIX-1", "--note", "the same leak", "--yes", as_="ann")
    assert made.refs == ["TIX-2", "TIX-3"]
    one, two, three = (show(staffed, number) for number in (1, 2, 3))
    assert [(item["body"], item["origin"]) for item in one["thread"] if item["body"]] == [
        ("One it is", None),
        ("Two it is", "TIX-2"),
        ("Three it is", "TIX-3"),
        ("an answer", "TIX-2"),
        ("the same leak", None),
    ]
    assert (one["entries"], one["answered"], one["last_replier"]) == (5, True, "ann")
    assert [one["merged_into"] for one in (two, three)] == ["TIX-1", "TIX-1"]
    assert [one["phase"] for one in (two, three)] == ["closed", "closed"]
    assert happened(staffed, 1, "merged") == [
        ("merged", "merged", "TIX-2", None),
        ("merged", "merged", "TIX-3", None),
    ]
    assert happened(staffed, 2, "merged") == [("merged", "merged_into", None, "TIX-1")]
    assert [find["status"] for find in staffed.tix("doctor", "--json").json].count("failed") == 0


def test_a_merge_between_two_requesters_has_to_be_confirmed(staffed: Shell) -> None:
    """Without --yes the error names both requesters and the hint the flag; nothing is written."""
    before = staffed.tix("export").raw_out
    (error,) = staffed.tix("merge", 3, "--into", 1, "--json", as_="ann", check=2).errors
    assert error["code"] == "unconfirmed"
    said = staffed.tix("merge", 3, "--into", 1, as_="ann", check=2).err
    assert "rolf" in said
    assert "rita" in said
    assert "--yes" in said
    assert staffed.tix("export").raw_out == before
    assert staffed.tix("merge", 3, "--into", 1, "--yes", as_="ann").refs == ["TIX-3"]


BAD_MERGES = {
    "into itself": (("merge", 1, "--into", 1), 5, "TIX-1 cannot be merged into itself"),
    "into one merged into it": (("merge", 1, "--into", 2), 5, "the merge would make a circle"),
    "into one that is merged": (("merge", 4, "--into", 2), 5, "TIX-2 is merged into TIX-1"),
    "again": (("merge", 2, "--into", 4), 5, "TIX-2 is already merged into TIX-1"),
    "into nothing": (("merge", 1, "--into", 99), 3, "no ticket TIX-99"),
    "what is not there": (("merge", 99, "--into", 1), 3, "no ticket TIX-99"),
    "without a target": (("merge", 1), 2, "--into"),
    "into no reference": (("merge", 1, "--into", "x"), 2, "'x' is not a ticket reference"),
    "into several": (("merge", 1, "--into", "3-4"), 2, "'3-4'"),
    "apart what is not merged": (("unmerge", 1), 5, "TIX-1 is not merged into another ticket"),
    "an edit of a merged one": (("edit", 2, "--subject", "x"), 5, "TIX-2 is merged into TIX-1"),
    "an assignment of a merged one": (("assign", 2, "ann"), 5, "TIX-2 is merged into TIX-1"),
    "a claim of a merged one": (("claim", 2), 5, "TIX-2 is merged into TIX-1"),
    "a reopening of a merged one": (("reopen", 2), 5, "TIX-2 is merged into TIX-1"),
    "time on a merged one": (("time", "add", 2, "5m"), 5, "TIX-2 is merged into TIX-1"),
    "a timer on a merged one": (("time", "start", 2), 5, "TIX-2 is merged into TIX-1"),
    "a merged one deleted": (("delete", 2, "--yes"), 5, "TIX-2 is merged into TIX-1"),
    "a target deleted": (
        ("delete", 1, "--yes"),
        5,
        "TIX-2 is merged into TIX-1; its entries would be deleted",
    ),
}


@pytest.mark.parametrize("name", BAD_MERGES)
def test_a_merge_that_cannot_be(name: str, staffed: Shell) -> None:
    """One sentence, the page's exit code, nothing written."""
    staffed.tix("merge", 2, "--into", 1)
    words, code, said = BAD_MERGES[name]
    before = staffed.tix("export").raw_out
    refused = staffed.tix(*words, check=code)
    assert said in refused.err
    assert staffed.tix("export").raw_out == before


def test_into_one_that_is_closed_for_good(staffed: Shell) -> None:
    """Refused; from there into another it goes."""
    staffed.tix(
        "workflow",
        "use",
        "itflow",
        "--map",
        "answered=open",
        "--map",
        "in-progress=working",
        "--map",
        "on-hold=hold",
    )
    staffed.tix("close", 1)
    refused = staffed.tix("merge", 2, "--into", 1, check=5)
    assert "closed and cannot be reopened" in refused.err
    staffed.tix("merge", 1, "--into", 2)
    assert show(staffed, 1)["merged_into"] == "TIX-2"
    staffed.tix("unmerge", 1)
    assert show(staffed, 1)["status"] == "closed"


def test_only_staff_who_see_both(staffed: Shell) -> None:
    """A requester may not (4); an agent who does not see one of them gets that it is not there (3)."""
    assert staffed.tix("merge", 2, "--into", 1, as_="rita", check=4)
    staffed.tix("department", "add", "Back")
    staffed.tix("edit", 1, "--department", "Back")
    staffed.tix("department", "add", "Front")
    staffed.tix("user", "edit", "ben", "--departments", "Front")
    for words in (("merge", 2, "--into", 1), ("merge", 1, "--into", 2)):
        assert "no ticket TIX-1" in staffed.tix(*words, as_="ben", check=3).err


def test_what_is_written_to_a_merged_ticket(staffed: Shell) -> None:
    """Lands on the target: answers, notes, files; and undo of what stays says so."""
    staffed.tix("merge", 2, "--into", 1)
    (staffed.folder / "a.txt").write_text("a\n")
    for words in (
        ("reply", 2, "-m", "words"),
        ("note", 2, "-m", "between us"),
        ("attach", "add", 2, staffed.folder / "a.txt"),
    ):
        said = staffed.tix(*words, as_="ann")
        assert (said.refs, said.err) == (["TIX-1"], "TIX-2 is merged into TIX-1; written to TIX-1 instead.\n")
    assert staffed.tix("reply", 2, "-m", "more", "--json", as_="rita").json["ref"] == "TIX-1"
    assert show(staffed, 1)["entries"] == 5
    assert "tix unmerge" in staffed.tix("undo", check=5).err
    staffed.tix("merge", 3, "--into", 1, "--yes")
    assert staffed.tix("note", 3, "-m", "of rolf's", as_="ann").refs == ["TIX-1"]
    assert show(staffed, 1)["entries"] == 7


def test_what_stays_apart_wakes_the_target(staffed: Shell) -> None:
    """A requester writes to their ticket that is merged into a snoozed one of somebody else's."""
    staffed.tix("merge", 3, "--into", 1, "--yes")
    staffed.tix("snooze", 1, "--until", "+3d", as_="ann")
    assert staffed.tix("reply", 3, "-m", "again", as_="rolf").refs == ["TIX-3"]
    assert show(staffed, 1)["snoozed_until"] is None
    assert "again" in [item["body"] for item in show(staffed, 1)["thread"]]
    assert "again" not in [item["body"] for item in show(staffed, 1, as_="rita")["thread"]]


@pytest.mark.parametrize(("place", "name"), [(3, "TIX-3"), (99, "ticket 99")])
def test_doctor_names_entries_that_are_where_their_ticket_is_not_merged(
    place: int, name: str, staffed: Shell
) -> None:
    """The ticket they were written on and the one they are on, even where that one does not exist."""
    staffed.tix("merge", 2, "--into", 1)
    with closing(sqlite3.connect(staffed.store)) as store, store:
        store.execute("UPDATE item SET ticket_id = ? WHERE origin_id = 2 AND ticket_id = 1", (place,))
    found = {one["name"]: one for one in staffed.tix("doctor", "--json", check=None).json}
    assert found["threads"]["status"] == "failed"
    assert f"entries of TIX-2 are attached to {name}" in json.dumps(found["threads"])


def test_a_reply_that_went_to_another_ticket_is_undone_there(staffed: Shell) -> None:
    """It was written to the merged one, and its mail is held back."""
    staffed.tix("config", "set", "mail.from_address", "help@desk.example")
    staffed.tix("config", "set", "mail.hold", "10m")
    staffed.tix("merge", 2, "--into", 1)
    before = show(staffed, 1)["status"]
    staffed.tix("reply", 2, "-m", "words", as_="ann")
    assert show(staffed, 1)["status"] == "answered"
    assert staffed.tix("undo", as_="ann").refs == ["TIX-1"]
    assert (show(staffed, 1)["status"], show(staffed, 2)["merged_into"]) == (before, "TIX-1")
    assert "words" not in [item["body"] for item in show(staffed, 1, as_="rita")["thread"]]


@pytest.mark.long
def test_both_directions_at_once(staffed: Shell) -> None:
    """Fifty times: one wins, the other is told that it would be a circle; never both, never neither."""
    for turn in range(50):
        left, right = together(
            staffed, [("ann", ["merge", "1", "--into", "2"]), ("ben", ["merge", "2", "--into", "1"])]
        )
        assert sorted((left.code, right.code)) == [0, 5], f"{turn}\n{left}\n{right}"
        winner = 1 if left.code == 0 else 2
        one, two = show(staffed, 1), show(staffed, 2)
        assert [one["merged_into"], two["merged_into"]].count(None) == 1
        assert show(staffed, winner)["merged_into"] == f"TIX-{3 - winner}"
        staffed.tix("unmerge", winner)
    assert [find["status"] for find in staffed.tix("doctor", "--json").json].count("failed") == 0


# --------------------------------------------------------------------------------------------- splitting


@pytest.fixture
def talked(staffed: Shell) -> Shell:
    """Ticket 1 with six entries, of rita, ann and ben, and a file."""
    (staffed.folder / "cellar.txt").write_text("wet\n")
    staffed.tix("edit", 1, "--priority", "high", "--category", "water")
    staffed.tix("assign", 1, "ann")
    staffed.tix("reply", 1, "-m", "which room", as_="ann")
    staffed.tix("reply", 1, "-m", "and the cellar", "--attach", staffed.folder / "cellar.txt", as_="rita")
    staffed.tix("note", 1, "-m", "old pipes", as_="ben")
    staffed.tix("reply", 1, "-m", "we look at both", as_="ann")
    return staffed


def ids(desk: Shell, number: object) -> list[int]:
    return [item["id"] for item in show(desk, number)["thread"] if item["kind"] != "event"]


def test_entries_become_a_ticket(talked: Shell) -> None:
    """With files, notes and dates; its requester wrote the first; each names the other, and search finds them there."""
    _, _, cellar, _, last = ids(talked, 1)
    ref = talked.tix("split", 1, "--entry", f"{cellar}-{last}", "--subject", "The cellar", as_="ann").ref
    new, old = show(talked, ref), show(talked, 1)
    assert [(item["kind"], item["body"]) for item in new["thread"] if item["body"]] == [
        ("message", "and the cellar"),
        ("note", "old pipes"),
        ("reply", "we look at both"),
    ]
    assert [item["id"] for item in new["thread"] if item["kind"] != "event"] == [
        cellar,
        *ids(talked, ref)[1:],
    ]
    assert (new["subject"], new["requester"], new["priority"], new["assignee"]) == (
        "The cellar",
        "rita",
        "high",
        "ann",
    )
    assert (new["entries"], new["attachments"], new["answered"], new["last_replier"]) == (3, 1, True, "ann")
    assert (old["entries"], old["attachments"], old["answered"], old["last_replier"]) == (2, 0, True, "ann")
    assert happened(talked, 1, "split") == [("split", "entries", None, ref)]
    assert happened(talked, ref, "split") == [("split", "entries", "TIX-1", None)]
    assert talked.tix("search", "cellar", "pipes", "-o", "ids").refs == [ref]
    assert show(talked, ref, as_="rita")["entries"] == 2
    assert talked.tix("show", ref, as_="rolf", check=3)
    assert [find["status"] for find in talked.tix("doctor", "--json").json].count("failed") == 0
    (talked.folder / "out.jsonl").write_bytes(talked.tix("export").raw_out)
    other = {"TIX_STORE": str(talked.folder / "other.db")}
    talked.tix("import", talked.folder / "out.jsonl", env=other)
    assert talked.tix("export", env=other).raw_out == (talked.folder / "out.jsonl").read_bytes()


@pytest.mark.parametrize(
    ("chosen", "code", "said"),
    [
        ("{0}", 5, "would lose its opening message"),
        ("{0}-{4}", 5, "would have no entry left"),
        ("{0},{1}", 5, "would lose its opening message"),
        ("{3}", 5, "cannot begin with the note"),
        ("{event}", 2, "is an event of TIX-1, not an entry"),
        ("999999", 2, "TIX-1 has no entry 999999"),
        ("999990-999999", 2, "TIX-1 has no entry between"),
        ("{other}", 2, "TIX-1 has no entry"),
        ("x", 2, "'x' is not the id of an entry"),
        ("{2}-{1}", 2, "is backwards"),
        ("", 2, "is not the id of an entry"),
    ],
)  # fmt: skip
def test_a_split_that_cannot_be(chosen: str, code: int, said: str, talked: Shell) -> None:
    """One sentence, the page's exit code, nothing written."""
    event = next(item["id"] for item in show(talked, 1)["thread"] if item["event"])
    words = chosen.format(*ids(talked, 1), event=event, other=ids(talked, 2)[0])
    before = talked.tix("export").raw_out
    assert said in talked.tix("split", 1, "--entry", words, as_="ann", check=code).err
    assert talked.tix("export").raw_out == before


@pytest.mark.parametrize("window", [{"cols": 80}, {"cols": 60, "env": {"TERM": "dumb"}}], ids=["80", "dumb"])
def test_split_lists_the_entries_and_asks(talked: Shell, window: dict) -> None:
    """On a terminal: those that can go, with their ids; what is no id is asked again."""
    opening, room, cellar, _, last = ids(talked, 1)
    terminal = talked.terminal("split", 1, as_="ann", **window)
    terminal.expect("Entries for the new ticket")
    shown = "\n".join(terminal.screen)
    assert re.search(rf"^ *{cellar} .*rita .*and the cellar", shown, re.MULTILINE)
    assert re.search(rf"^ *{room} ", shown, re.MULTILINE)
    assert not re.search(rf"^ *{opening} ", shown, re.MULTILINE)
    terminal.send("cellar\r")
    terminal.expect("not the id of an entry")
    terminal.send(f"{cellar},{last}\r")
    terminal.wait()
    made = show(talked, 5)
    assert [item["body"] for item in made["thread"] if item["body"]] == ["and the cellar", "we look at both"]


def test_split_asks_only_on_a_terminal(talked: Shell) -> None:
    """A script is told the flag; where nothing can go nothing is asked."""
    said = talked.tix("split", 1, as_="ann", check=2).err
    assert "tix split 1 --entry" in said
    terminal = talked.terminal("split", 2, as_="ann")
    terminal.wait(5)
    assert "nothing to split off" in terminal.text


def test_what_came_with_a_merge_is_not_split_off(talked: Shell) -> None:
    """And its files are not taken out: that is the other ticket's, until they are taken apart."""
    talked.tix("reply", 2, "-m", "mine", "--attach", talked.folder / "cellar.txt", as_="rita")
    entry = ids(talked, 2)[1]
    talked.tix("merge", 2, "--into", 4, "--yes")
    assert "came from a merged ticket" in talked.tix("split", 4, "--entry", entry, check=5).err
    assert "belongs to TIX-2" in talked.tix("attach", "rm", 4, "cellar.txt", check=5).err
    assert "TIX-2 is merged" in talked.tix("split", 2, "--entry", entry, check=5).err


# ----------------------------------------------------------------------------------------------- linking


INVERSES = [
    ("blocks", "blocked-by"), ("blocked-by", "blocks"), ("parent", "child"), ("child", "parent"),
    ("duplicates", "duplicated-by"), ("relates", "relates"),
]  # fmt: skip


@pytest.mark.parametrize(("relation", "inverse"), INVERSES)
def test_a_link_is_on_both(relation: str, inverse: str, staffed: Shell) -> None:
    """With its inverse on the other; again it is so already, and away it is from both."""
    assert staffed.tix("link", 1, relation, 2, as_="ann").refs == ["TIX-1"]
    assert show(staffed, 1)["links"] == [{"relation": relation, "ref": "TIX-2"}]
    assert show(staffed, 2)["links"] == [{"relation": inverse, "ref": "TIX-1"}]
    version = show(staffed, 1)["version"]
    again = staffed.tix("link", 2, inverse, 1, as_="ann")
    assert "Already linked" in again.err
    assert show(staffed, 1)["version"] == version
    assert show(staffed, 1, as_="rita")["links"] == []
    staffed.tix("unlink", 1, relation, 2, as_="ann")
    assert (show(staffed, 1)["links"], show(staffed, 2)["links"]) == ([], [])
    assert "No such link" in staffed.tix("unlink", 1, relation, 2, as_="ann").err


@pytest.mark.parametrize(
    ("links", "words", "code"),
    [
        ([], "1 blocks 1", 5),
        ([], "1 relates 1", 5),
        (["1 blocks 2"], "2 blocks 1", 5),
        (["1 blocks 2", "2 blocks 3"], "3 blocks 1", 5),
        (["1 blocks 2", "3 blocked-by 2"], "1 blocked-by 3", 5),
        (["1 parent 2", "2 parent 3"], "3 parent 1", 5),
        (["1 parent 2", "2 parent 3"], "1 child 3", 5),
        (["1 duplicates 2"], "2 duplicates 1", 5),
        (["1 blocks 2"], "2 parent 1", 0),
        (["1 relates 2", "2 relates 3"], "3 relates 1", 0),
        (["1 blocks 2", "1 blocks 3"], "2 blocks 3", 0),
        ([], "1 blocks 99", 3),
        ([], "99 blocks 1", 3),
        ([], "1 hates 2", 2),
        ([], "x blocks 2", 2),
    ],
)
def test_circles_are_refused(links: list[str], words: str, code: int, staffed: Shell) -> None:
    """Of whatever length, from whichever end; what is no circle is not."""
    for link in links:
        staffed.tix("link", *link.split())
    before = [show(staffed, number)["links"] for number in (1, 2, 3)]
    staffed.tix("link", *words.split(), check=code)
    assert (before == [show(staffed, number)["links"] for number in (1, 2, 3)]) is (code != 0)


def test_closing_what_is_blocked_says_so(staffed: Shell) -> None:
    """It works; those that are over are not named."""
    staffed.tix("link", 3, "blocked-by", 2)
    staffed.tix("link", 3, "blocked-by", 4)
    staffed.tix("close", 4)
    said = staffed.tix("resolve", 3, as_="ann")
    assert said.err == "TIX-3 is still blocked by TIX-2 (open).\n"
    assert staffed.tix("close", 3, as_="ann").err == ""
    assert staffed.tix("reopen", 3, as_="ann").code == 0
    assert "blocked" not in staffed.tix("close", 3, as_="rolf").err
    assert "blocked by TIX-2" in staffed.tix("show", 3, "--color", "never", "-o", "table").out


def test_a_link_is_taken_back_from_both(staffed: Shell) -> None:
    """By undo, which answers both events."""
    staffed.tix("link", 1, "blocks", 2, as_="ann")
    staffed.tix("undo", as_="ann")
    assert (show(staffed, 1)["links"], show(staffed, 2)["links"]) == ([], [])


# --------------------------------------------------------------------------------------------- following


def test_a_requester_follows_for_themselves(staffed: Shell) -> None:
    """What they see; nobody else, and nothing that they do not see."""
    assert staffed.tix("follow", 1, as_="rita").refs == ["TIX-1"]
    assert show(staffed, 1)["watchers"] == ["rita"]
    assert staffed.tix("follow", 1, "--who", "rita", as_="rita").err == "You already follow TIX-1.\n"
    for who in ("rolf", "nobody", "x@y.example"):
        assert staffed.tix("follow", 1, "--who", who, as_="rita", check=4)
    assert staffed.tix("follow", 3, as_="rita", check=3)
    assert staffed.tix("follow", 99, "--who", "rolf", as_="rita", check=3)
    staffed.tix("follow", 1, "--stop", as_="rita")
    assert show(staffed, 1)["watchers"] == []
    assert show(staffed, 1, as_="rita")["watchers"] == []


def test_who_follows_sees_the_public_side(staffed: Shell) -> None:
    """In the list, the search, the log, the export; may write, and neither close nor reopen."""
    staffed.tix("note", 1, "-m", "between us", as_="ann")
    staffed.tix("follow", 1, "--who", "rolf", as_="ann")
    assert staffed.tix("list", "-o", "ids", as_="rolf").refs == ["TIX-1", "TIX-3"]
    assert staffed.tix("search", "one", "-o", "ids", as_="rolf").refs == ["TIX-1"]
    assert [item["kind"] for item in show(staffed, 1, as_="rolf")["thread"]] == ["message"]
    assert "between us" not in staffed.tix("export", as_="rolf").out
    staffed.tix("reply", 1, "-m", "me too", as_="rolf")
    for verb in ("close", "reopen"):
        assert "follower of TIX-1" in staffed.tix(verb, 1, as_="rolf", check=4).err
    staffed.tix("follow", 1, "--stop", "--who", "rolf", as_="ann")
    assert staffed.tix("show", 1, as_="rolf", check=3)


def test_watchers_hear_of_public_updates(staffed: Shell) -> None:
    """Of answers, messages and the end; not of notes, nor of what they did."""
    staffed.tix("follow", 1, "--who", "rolf", as_="ann")
    staffed.tix("follow", 1, as_="ben")
    staffed.tix("note", 1, "-m", "between us", as_="ann")
    staffed.tix("reply", 1, "-m", "words", as_="ann")
    staffed.tix("reply", 1, "-m", "thanks", as_="rita")
    staffed.tix("resolve", 1, as_="ben")
    heard = {
        who: [one["reason"] for one in staffed.tix("notification", "list", "--json", as_=who).json]
        for who in ("rolf", "ben")
    }
    assert heard == {"rolf": ["resolved", "message", "answered"], "ben": ["message", "answered"]}


def test_cc_on_new_and_reply(staffed: Shell) -> None:
    """Addresses of people the desk knows are those people; a requester may, by address alone."""
    ref = staffed.tix(
        "new", "Five", "-m", "x", "--cc", "Rolf <rolf@x.example>", "--cc", "out@y.example", as_="rita"
    ).ref
    assert show(staffed, ref)["watchers"] == ["rolf", "out@y.example"]
    assert staffed.tix("show", ref, as_="rolf").code == 0
    staffed.tix("reply", ref, "-m", "y", "--cc", "ben@x.example", "--cc", "out@y.example", as_="rita")
    assert show(staffed, ref)["watchers"] == ["rolf", "out@y.example", "ben"]
    assert staffed.tix("new", "Six", "-m", "x", "--cc", "rolf", as_="rita", check=2)
    assert staffed.tix("reply", ref, "-m", "x", "--cc", "not an address", as_="ann", check=2)
    assert staffed.tix("reply", ref, "-m", "x", "--cc", "nobody", as_="ann", check=2)
    assert [item["by"] for item in staffed.tix("notification", "list", "--json", as_="ben").json] == ["rita"]


def test_a_requester_adds_followers_up_to_a_limit(staffed: Shell) -> None:
    """Each is sent mail at every word of theirs. Whoever follows already does not count again; staff add any number."""

    def cc(*numbers: int) -> list[str]:
        return [word for number in numbers for word in ("--cc", f"c{number}@y.example")]

    refused = staffed.tix("new", "Six", "-m", "x", *cc(*range(21)), as_="rita", check=5)
    assert "at most 20 follow a ticket" in refused.err
    ref = staffed.tix("new", "Six", "-m", "x", *cc(*range(19)), as_="rita").ref
    assert staffed.tix("reply", ref, "-m", "two", *cc(19, 20), as_="rita", check=5)
    staffed.tix("reply", ref, "-m", "one", *cc(0, 19), as_="rita")
    staffed.tix("reply", ref, "-m", "the same", *cc(0, 19), as_="rita")
    staffed.tix("reply", ref, "-m", "more", *cc(20, 21, 22), as_="ann")
    assert staffed.tix("reply", ref, "-m", "again", *cc(23), as_="rita", check=5)
    shown = show(staffed, ref)
    assert len(shown["watchers"]) == 23
    assert [item["body"] for item in shown["thread"] if item["body"]] == ["x", "one", "the same", "more"]
    # Whoever sees the ticket may follow it themselves.
    staffed.tix("follow", ref, as_="rita")
    assert len(show(staffed, ref)["watchers"]) == 24


def test_who_is_merged_is_followed_by_their_heir(staffed: Shell) -> None:
    """Two people who are one follow once; and somebody who follows is not taken out."""
    staffed.tix("follow", 1, "--who", "rolf")
    assert "1 followed tickets" in staffed.tix("user", "rm", "rolf", check=5).err
    staffed.tix("user", "merge", "rolf", "--into", "rita", "--yes")
    assert show(staffed, 1)["watchers"] == ["rita"]
    assert {one["status"] for one in json.loads(staffed.tix("doctor", "--json").out)} == {"ok", "info"}


def test_an_agent_of_nothing_sees_what_they_follow(staffed: Shell) -> None:
    """And no longer, once they do not."""
    staffed.tix("user", "edit", "ben", "--departments", "none")
    assert staffed.tix("show", 1, as_="ben", check=3)
    staffed.tix("follow", 1, "--who", "ben", as_="ann")
    assert refs(staffed, "ben") == ["TIX-1"]
    assert staffed.tix("note", 1, "-m", "seen", as_="ben").refs == ["TIX-1"]
    staffed.tix("follow", 1, "--stop", as_="ben")
    assert refs(staffed, "ben") == []


def refs(desk: Shell, who: str) -> list[str]:
    return desk.tix("list", "--all", "-o", "ids", as_=who).refs


def test_a_link_goes_with_the_ticket_it_leads_to(staffed: Shell):
    """Nothing that is not there is shown, and nothing that cannot be taken away again."""
    for subject in ("one", "two"):
        staffed.tix("new", subject, "-m", "x", as_="rita")
    first, second = (one["number"] for one in staffed.tix("list", "--json").json[-2:])
    staffed.tix("link", first, "blocks", second, as_="ann")
    staffed.tix("delete", second, "--yes")
    shown = staffed.tix("show", first, "--json").json
    assert shown["links"] == []
    assert shown["thread"][-1]["event"]["type"] == "unlinked"
    assert staffed.tix("doctor").code == 0
