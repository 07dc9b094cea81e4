"""What topics ask as columns and as an order of tickets, for those who may read it."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.harness import Shell

CANARY = "zebra"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three tickets of lan's, two with answers; ``secret`` is the staff's, ``mixed`` under one of two topics."""
    desk = Shell(tmp_path_factory.mktemp("made"))
    desk.people("sam:agent", "lan:requester")
    desk.tix("topic", "add", "Shop")
    desk.tix("topic", "add", "Stall")
    desk.tix("topic", "field", "add", "Shop", "brand", "--kind", "choice", "--choices", "North,South")
    desk.tix("topic", "field", "add", "Shop", "seats", "--kind", "number")
    desk.tix("topic", "field", "add", "Shop", "secret", "--staff-only")
    desk.tix("topic", "field", "add", "Shop", "mixed", "--staff-only")
    desk.tix("topic", "field", "add", "Stall", "mixed")
    new = ("-m", "x", "--for", "lan")
    desk.tix(
        "new",
        "One",
        *new,
        "--topic",
        "Shop",
        "--field",
        "brand=South",
        "--field",
        "seats=12",
        "--field",
        f"secret={CANARY}",
    )
    desk.tix("new", "Two", *new)
    desk.tix("new", "Three", *new, "--topic", "Shop", "--field", "brand=North", "--field", f"mixed={CANARY}")
    desk.tix("new", "Four", *new, "--topic", "Stall", "--field", "mixed=open")
    desk.close()
    return desk.store


@pytest.fixture
def full(made: Path, desk: Shell) -> Shell:
    """A copy of that desk."""
    desk.store.write_bytes(made.read_bytes())
    desk.store.chmod(0o600)
    return desk


def test_an_answer_is_a_column_in_every_format(full: Shell):
    names = ("-c", "ref,field.brand,field.seats")
    assert full.tix("list", *names).rows == [
        ["TIX-1", "South", "12"], ["TIX-2", "", ""], ["TIX-3", "North", ""], ["TIX-4", "", ""],
    ]  # fmt: skip
    wanted = {"ref": "TIX-1", "field.brand": "South", "field.seats": 12}
    assert full.tix("list", "--json", *names).json[0] == wanted
    assert full.tix("list", "-o", "jsonl", *names).jsonl[0] == wanted
    assert full.tix("show", "1", "--json", *names).json == wanted
    assert full.tix("search", "one", "--json", *names).json == [wanted]
    assert full.tix("export", "-o", "json", *names).json[0] == wanted
    assert full.tix("close", "4", "--json", *names).json["field.brand"] is None
    for words in (("list",), ("export",), ("search", "one"), ("show", "1")):
        (row, *_) = csv.DictReader(io.StringIO(full.tix(*words, "-o", "csv", *names).out))
        assert row == {"ref": "TIX-1", "field.brand": "South", "field.seats": "12"}
    assert "South" in full.tix("list", "-o", "table", *names).out
    assert full.tix("show", "1", "-c", "field.brand").out == "South\n"


@pytest.mark.parametrize("as_", ["sam", "lan"])
def test_a_view_and_the_command_line_find_by_answers_together(full: Shell, as_: str):
    """Up to four answers, also to the same question; a fifth is refused."""
    shop = ("--field", "brand=South", "--field", "brand=North", "--field", "seats=12")
    full.tix("view", "add", "shop", *shop, as_=as_)

    def found(*typed: str) -> list[str]:
        return full.tix("list", "--view", "shop", *typed, "-o", "ids", as_=as_).refs

    assert found() == found(*shop) == found("--field", "brand=South") == ["TIX-1"]
    assert found(*shop[:4], "--field", "mixed=open") == found("--field", "brand=North") == []
    fifth = full.tix("list", "--view", "shop", *shop, "--field", "mixed=open", as_=as_, check=2)
    assert "more than 4 fields at once, including those of the view" in fifth.err


def test_a_column_nobody_asks_for_is_refused_with_those_there_are(full: Shell):
    for words in (("list",), ("search", "x"), ("show", "1"), ("export",), ("close", "1")):
        done = full.tix(*words, "-c", "ref,field.nope", check=2)
        assert "no column named 'field.nope'" in done.err
        assert "field.brand" in done.err
    assert full.tix("show", "1", "--json").json["status"] == "open"
    assert "field.secret" in full.tix("list", "-c", "help").lines
    assert "field" not in full.tix("user", "list", "-c", "help").out
    full.tix("user", "list", "-c", "field.brand", check=2)


def test_tickets_are_ordered_by_an_answer_the_absent_ones_last(full: Shell):
    assert full.tix("list", "--sort", "field.brand", "-o", "ids").refs == ["TIX-3", "TIX-1", "TIX-2", "TIX-4"]
    assert full.tix("list", "--sort", "-field.brand", "-o", "ids").refs == [
        "TIX-1",
        "TIX-3",
        "TIX-2",
        "TIX-4",
    ]
    assert full.tix("list", "--sort", "field.brand", "--limit", "1", "-o", "ids", as_="lan").refs == ["TIX-3"]
    assert full.tix("search", "*e*", "one", "--sort", "field.brand", check=None).code in (0, 2)
    full.tix("list", "--sort", "field.nope", check=2)


def test_what_is_the_staff_s_is_neither_shown_nor_learnt(full: Shell):
    """No column, no order, no list of columns, no completion; of a key of both kinds only what is public."""
    for words in (
        ("list", "-c", "help"),
        ("__complete", "--", "list", "-c", ""),
        ("__complete", "--", "list", "--sort", "f"),
    ):
        told = full.tix(*words, as_="lan").out
        assert "field.brand" in told
        assert "secret" not in told
    unknown = full.tix("list", "-c", "field.nope", as_="lan", check=2).err
    assert full.tix("list", "-c", "field.secret", as_="lan", check=2).err == unknown.replace("nope", "secret")
    full.tix("list", "--sort", "field.secret", as_="lan", check=2)
    rows = full.tix("list", "--json", "-c", "ref,field.mixed", as_="lan").json
    assert CANARY not in json.dumps(rows)
    assert {row["ref"]: row["field.mixed"] for row in rows}["TIX-4"] == "open"
    assert full.tix("list", "--sort", "field.mixed", "-o", "ids", as_="lan").refs[0] == "TIX-4"
    assert full.tix("list", "--sort", "-field.mixed", "-o", "ids", as_="lan").refs[0] == "TIX-4"
    assert full.tix("show", "1", "--as-requester", "-c", "field.secret").out == "\n"


def test_an_old_answer_of_the_staff_s_stays_theirs(full: Shell):
    """A question taken out, and asked again of everybody, tells nothing that was answered before."""
    full.tix("topic", "field", "rm", "Shop", "secret")
    full.tix("topic", "field", "add", "Shop", "secret", check=None)
    for words in (("list", "-c", "ref,field.secret"), ("list", "--field", f"secret={CANARY}"), ("export",)):
        assert CANARY not in full.tix(*words, as_="lan", check=None).out
    assert full.tix("list", "--field", f"secret={CANARY}", "--count", as_="lan").out == "0\n"
