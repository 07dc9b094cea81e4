"""``tix triage`` on a server shows the screens that it shows on a file."""

import re

import pytest

from tests.harness import Terminal
from tests.remote.twins import Twins, settled
from tix.cli.session import os_login

# What is waited for, and typed then; a word with a colon is typed at the shell of both desks, as in the twins.
KEY = "\n> "
SITTINGS = {
    "one key for each thing": [
        (KEY, "a"), (KEY, "n"), ("editor):", "look at this\r"), (KEY, "p"), ("Priority (urgent, high, medium, low):", "low\r"),
        (KEY, "r"), ("editor):", "We come.\r"), ("Send it?", ""), (") ", "\r"), ("TIX-1  ", ""), (KEY, "s"), ("Status (open,", "resolved\r"), ("TIX-3  ", ""),
        (KEY, "c"), ("Canned reply (hi):", "h\r"), ("Send canned reply hi", ""), (") ", "\r"), ("No tickets left", ""),
    ],
    "undo": [
        (KEY, "u"), ("Nothing to undo", ""), (KEY, "s"), ("Status", "closed\r"), ("TIX-1  ", ""), (KEY, "a"), ("assigned", ""),
        (KEY, "u"), ("TIX-1: undone", ""), (KEY, "u"), ("TIX-2: undone", ""), ("TIX-2  ", ""), (KEY, "a"), ("assigned", ""),
        ("sam: edit 3 -p low", None), (KEY, "u"), ("run elsewhere", ""), (KEY, "q"),
    ],
    "somebody was faster": [
        (KEY, "r"), ("editor):", ""), ("ada: reply 2 -m 'ada was faster'", None), ("", "too late\r"), ("Send it?", ""), (") ", "\r"), ("Continue anyway?", "n\r"),
        ("is saved", ""), (KEY, "a"), ("assigned", ""), ("ada: note 2 -m aha", None), (KEY, "p"), ("Priority", "low\r"),
        ("Continue anyway?", "y\r"), ("changed; ", ""), (KEY, "q"),
    ],
    "resolve, tag and merge": [
        (KEY, "t"), ("removes):", "vip hot\r"), (KEY, "t"), ("removes):", "-hot\r"), (KEY, "m"), ("12):", "1\r"), ("Merge TIX-2", ""), (") ", "\r"),
        ("Continue anyway?", ""), (") ", "\x1b"), (KEY, "e"), ("Resolve TIX-2?", ""), (") ", "\r"), ("TIX-1  ", ""), (KEY, "m"),
        ("12):", "3\r"), ("Merge TIX-1", ""), (") ", "\r"), ("Continue anyway?", ""), (") ", "\r"),
        ("TIX-3  ", ""), (KEY, "q"),
    ],
    "what is not there": [
        (KEY, "g"), ("Assign to (", "nobody\r"), ("no person named", ""), ("): nobody", "\x03"), (KEY, "p"), ("Priority", "colour\r"),
        ("tix: ", ""), ("): colour", "\x03"), (KEY, "s"), ("Status", "colour\r"), ("tix: ", ""), ("): colour", "\x03"), (KEY, "c"), ("Canned", "none\r"),
        ("tix: ", ""), ("): none", "\x03"), (KEY, "z"), ("Snooze", "yesterday\r"), ("tix: ", ""), ("): yesterday", "\x15+3d\r"), ("TIX-1  ", ""), (KEY, ""), ("ada: delete 1 --yes", None), ("", "a"), ("no ticket TIX-1", ""), (KEY, "b"),
        (KEY, "v"), (KEY, "?"), ("g  assign to", ""), (KEY, "q"),
    ],
}  # fmt: skip


def begin(twins: Twins, *words: str, as_: str = "sam") -> list[Terminal]:
    """The same sitting on the file and on the server."""
    there = {"TIX_STORE": twins.url, "TIX_TOKEN": twins.site.key(as_)}
    return [
        twins.local.terminal("triage", *words, as_=as_, rows=50),
        twins.far.terminal("triage", *words, env=there, rows=50),
    ]


def screens(terminal: Terminal) -> str:
    """All that was shown, without what differs by its nature: what moves the cursor, and how often a line is drawn anew."""
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\r", "", terminal.text)
    text = re.sub(r"^\? .*$", "?", text, flags=re.MULTILINE)
    return re.sub(rf"via {os_login()}|via api", "", settled(text))


@pytest.fixture
def office(twins: Twins) -> Twins:
    for words in (
        ["new", "Screen", "-m", "dark", "--for", "bob", "-p", "urgent"],
        ["new", "Cable", "-m", "loose"],
    ):
        twins.same(*words)
    return twins


@pytest.mark.parametrize("name", SITTINGS)
def test_a_sitting_is_the_same_on_a_server(office: Twins, name: str):
    import shlex

    both = begin(office)
    for wanted, keys in SITTINGS[name]:
        if keys is None:
            who, _, words = wanted.partition(": ")
            office.same(*shlex.split(words), as_=who)
            continue
        for terminal in both:
            if wanted:
                terminal.expect(wanted)
            if keys:
                terminal.send(keys)
    for terminal in both:
        terminal.wait()
    here, there = map(screens, both)
    assert there == here
    for number in (1, 2, 3):
        office.same("show", number, "--json")


def test_it_goes_on_where_it_stopped(office: Twins):
    for words, seen in (([], "TIX-2  "), ([], "Continuing where you stopped"), (["--restart"], "TIX-2  ")):
        for terminal in begin(office, *words):
            terminal.expect(seen)
            terminal.expect(KEY)
            terminal.send("k")
            terminal.expect(KEY)
            terminal.send("q")
            terminal.wait()


def test_it_is_refused_as_on_a_file(office: Twins):
    for words, as_, status in (
        ([], "lan", 4),
        (["-p", "colour"], "sam", 2),
        (["--requester", "nobody"], "sam", 2),
    ):
        here, there = begin(office, *words, as_=as_)
        for terminal in (here, there):
            terminal.wait(check=status)
        assert screens(here) == screens(there)
    office.same("triage", as_="sam")


def test_decisions_of_a_program_are_answered_alike(office: Twins):
    decisions = [
        '{"id": 2, "do": "reply", "message": "We come."}',
        '{"id": 2, "do": "priority", "priority": "urgnet"}',
        '{"id": 1, "do": "snooze", "until": "tomorrow 9am"}',
        '{"id": 3, "do": "tag", "add": ["vip"], "version": 1}',
        '{"id": 3, "do": "tag", "add": ["hot"], "version": 1}',
        '{"id": 9, "do": "close"}',
        '{"id": 3, "do": "close", "message": "Done."}',
    ]
    office.same("triage", "--jsonl", as_="sam", stdin="\n".join(decisions))
    office.same("triage", "--jsonl", as_="lan", stdin=decisions[0])
    for number in (1, 2, 3):
        office.same("show", number, "--json")
