"""A search for a word finds its other forms, and shows what it has found."""

import json

import pytest

from tests.harness import Shell


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    shell = Shell(tmp_path_factory.mktemp("forms"))
    shell.tix("init")
    shell.people("sam:agent", "lan:requester")
    for subject, body in (
        ("One", "The printer prints blank pages."),
        ("Two", "It was running, then it stopped."),
        ("Three", "Two copies of the batteries' invoice."),
        ("Vier", "Die Häuser haben neue Drucker."),
        ("Five", "Prince of printmaking"),
    ):
        shell.tix("new", subject, "-m", body, as_="lan")
    shell.tix("note", 2, "-m", "Rebooted twice.", as_="sam")
    yield shell
    shell.close()


def found(desk: Shell, *words: str, as_: str = "sam") -> list[int]:
    return sorted(one["number"] for one in desk.tix("search", *words, "--json", as_=as_).json)


@pytest.mark.parametrize(
    ("word", "numbers"),
    [
        ("printing", [1]),
        ("print", [1]),
        ("printed", [1]),
        ("run", [2]),
        ("runs", [2]),
        ("stopping", [2]),
        ("copy", [3]),
        ("copying", [3]),
        ("battery", [3]),
        ("page", [1]),
        ("rebooting", [2]),
        ('"printing"', []),  # in quotes the word itself
        ("printing*", []),
        ("prince", [5]),
        ("pri", []),  # no word's form
        ("Haus", []),
    ],
)
def test_other_forms_of_a_word_are_found(desk: Shell, word: str, numbers: list[int]):
    """Both in ``search`` and in ``list``; for readers of a part of the desk from what they see alone."""
    assert found(desk, word) == numbers
    listed = desk.tix("list", word, "--all", "--json", as_="sam").json
    assert sorted(one["number"] for one in listed) == numbers
    assert found(desk, word, as_="lan") == [one for one in numbers if word != "rebooting"]


def test_an_excluded_word_is_that_word_alone(desk: Shell):
    assert found(desk, "page", "--not", "printing") == [1]
    assert found(desk, "page", "--not", "prints") == []


def test_languages_are_set_for_the_desk(desk: Shell):
    """German forms as well, or none; another word is refused."""
    desk.tix("config", "set", "search.languages", "en, DE")
    assert found(desk, "druckern") == [4]
    assert found(desk, "printing") == [1]
    desk.tix("config", "set", "search.languages", "none")
    assert found(desk, "printing") == []
    assert "not a language" in desk.tix("config", "set", "search.languages", "english", check=2).err
    desk.tix("config", "unset", "search.languages")


def test_the_match_is_marked(desk: Shell):
    """In JSON by its place in the snippet, on a terminal on a line of its own; a subject says it already."""
    (record,) = desk.tix("search", "printing", "--json", as_="sam").json
    assert [record["snippet"][start:end] for start, end in record["matches"]] == ["prints"]
    drawn = desk.tix("search", "printing", "-o", "table", as_="sam").out.splitlines()
    assert drawn[2] == "    The printer [prints] blank pages."
    assert "[" not in desk.tix("search", "five", "-o", "table", as_="sam").out
    assert json.loads(desk.tix("search", "five", "--json=matches", as_="sam").out) == [{"matches": [[0, 4]]}]


def test_what_people_wrote_cannot_colour_the_terminal(desk: Shell):
    desk.tix("new", "Six", "-m", "red \x1b[31m alert \x1b[0m here", as_="lan")
    drawn = desk.tix("--color", "always", "search", "alerts", "-o", "table", as_="sam").out
    assert "\x1b[31m" not in drawn
    assert "\x1b[1;4malert\x1b[0m" in drawn
