"""What is asked on a terminal, of a desk on a server as of one in a file."""

import re

import pytest

from tests.harness import Terminal
from tests.remote.twins import Twins

EDITOR = {"TIX_EDITOR": "touch seen; false"}


def asked(twins: Twins, words: list[str], *keys: tuple[str, str | None], as_: str = "ada") -> str:
    """What the command says on the file's terminal and the server's, which is the same, to these answers; None only waits."""
    there = {"TIX_STORE": twins.url, "TIX_TOKEN": twins.site.key(as_)}
    # The file first: a server in this process holds locks that its reader would end.
    here = _talked(twins.local.terminal(*words, cols=200, as_=as_, env=EDITOR), keys)
    far = _talked(twins.far.terminal(*words, cols=200, env=EDITOR | there), keys)
    assert far == here
    return here


def _talked(terminal: Terminal, keys: tuple[tuple[str, str | None], ...]) -> str:
    for question, answer in keys:
        terminal.expect(question)
        if answer is not None:
            terminal.send(answer + "\r")
    code = terminal.wait(None)
    text = re.sub(r" \(typed by \w+\)|, via \w+", "", "\n".join(terminal.screen))
    return f"exit {code}\n{text}"


@pytest.fixture
def talked(twins: Twins) -> Twins:
    """TIX-1 has an answer and a note, TIX-2 and TIX-3 are of other people."""
    for line in (
        ["reply", "1", "-m", "We look."],
        ["new", "Screen", "-m", "dark", "--for", "bob"],
        ["new", "Cable", "-m", "x"],
    ):
        twins.same(*line)
    return twins


def test_deleting_asks(talked: Twins):
    assert "Delete TIX-2 (Screen) permanently" in asked(talked, ["delete", "2"], ("[y/N]", "n"))
    assert "Delete 2 tickets (2, TIX-3)" in asked(talked, ["delete", "2", "TIX-3"], ("[y/N]", "n"))
    assert "exit 3" in asked(talked, ["delete", "99"])
    assert "exit 4" in asked(talked, ["delete", "2"], as_="bob")
    assert "exit 4" in asked(talked, ["delete", "1-3"], as_="sam")
    assert "exit 0" in asked(talked, ["delete", "2", "99"], ("2 tickets (2, 99)", "n"))
    talked.same("list", "--all")
    assert "Deleted TIX-2" in asked(talked, ["delete", "2"], ("[y/N]", "y"))
    talked.same("list", "--all")


def test_leaving_a_question_writes_nothing(talked: Twins):
    """What was rehearsed for the question was no write."""
    assert "interrupted; nothing was written" in asked(talked, ["delete", "2"], ("[y/N]", "\x03"))
    talked.same("list", "--all")


def test_splitting_asks_for_entries(talked: Twins):
    ids = [one["id"] for one in talked.same("show", "1", "--json").json["thread"] if one["body"]]
    shown = asked(
        talked,
        ["split", "1"],
        ("Entries", "colour"),
        ("not the id of an entry", ""),
        ("Entries", str(ids[1])),
    )
    assert f"{ids[1]}  " in shown
    assert f"\n{ids[0]}  " not in shown
    assert "nothing to split off" in asked(talked, ["split", "3"])
    assert "exit 3" in asked(talked, ["split", "99"])
    assert "exit 4" in asked(talked, ["split", "1"], as_="lan")


def test_merging_for_other_people_asks(talked: Twins):
    assert "Nothing was merged" in asked(talked, ["merge", "2", "3", "--into", "1"], ("anyway?", "n"))
    assert "exit 3" in asked(talked, ["merge", "3", "--into", "99"])
    assert "Merged TIX-2" in asked(talked, ["merge", "2", "--into", "1"], ("anyway?", "y"))
    talked.same("show", "1")


@pytest.mark.parametrize(
    "words",
    [
        "reply 99",
        "reply 1 --status colour",
        "reply 1 2 --status colour",
        "reply 1 --cc nobody-known",
        "reply 1 --attach absent",
        "reply 1 --canned colour",
        "note 99",
    ],
)
def test_no_editor_is_opened_in_vain(twins: Twins, words: str):
    asked(twins, words.split())
    for shell in (twins.local, twins.far):
        assert not (shell.folder / "seen").exists()


def test_a_requester_writes_no_reply_in_vain_with_a_program(twins: Twins):
    for shell in (twins.local, twins.far):
        (shell.folder / "evil.exe").write_bytes(b"MZ" + bytes(100))
    assert "exit 2" in asked(twins, ["reply", "1", "--attach", "evil.exe"], as_="lan")
    assert not (twins.far.folder / "seen").exists()


def test_a_requester_writes_no_note_in_vain(twins: Twins):
    assert "exit 4" in asked(twins, ["note", "1"], as_="lan")
    assert not (twins.far.folder / "seen").exists()
