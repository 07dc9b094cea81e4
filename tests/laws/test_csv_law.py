"""Our own table comes back byte for byte: export, import into another desk, export again."""

import csv
import io
import itertools
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import engines
from tests.laws.inprocess import Desk
from tests.laws.naughty import NAUGHTY, NAUGHTY_BODIES
from tix.domain.texts import is_blank
from tix.render.records.tickets import LIST_FIELDS, SHOW_FIELDS

SOAK = bool(os.environ.get("TIX_SOAK"))
EXAMPLES = 200 if SOAK else 8

_SET_UP = (
    ("client", "add", "Acme"),
    ("department", "add", "Support"),
    ("team", "add", "Ops"),
    ("topic", "add", "Hardware"),
    ("topic", "field", "add", "Hardware", "serial"),
    ("topic", "field", "add", "Hardware", "room", "--staff-only"),
    ("asset", "add", "PC 17"),
    ("type", "add", "outage"),
)
CHARACTERS = st.characters(exclude_characters="\0", exclude_categories=["Cs"])
TEXTS = st.text(CHARACTERS, min_size=1, max_size=60).filter(lambda text: not is_blank(text))
WHOLE = ",".join(("body", *LIST_FIELDS, *SHOW_FIELDS))


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a desk that is set up, with people and no ticket."""
    desk = Desk(tmp_path_factory.mktemp("empty"))
    desk.tix("init")
    desk.people("sam:agent", "kim:agent", "lan:requester")
    for words in _SET_UP:
        desk.tix(*words)
    desk.close()
    return desk.store


def made(empty: Path, folder: Path) -> Desk:
    """A copy of that desk."""
    folder.mkdir()
    engines.copy(empty, folder / "desk.db")
    return Desk(folder)


def same(desk: Desk, other: Desk, *words: str) -> bytes:
    """Take the tickets of ``desk`` to ``other`` and see that its table is the same; the table."""
    other.now = desk.now
    first = desk.tix("export", "-o", "csv", *words).raw_out
    done = other.tix("import", "-", "--json", stdin=first)
    assert (done.json["failed"], done.json["skipped"]) == (0, 0)
    assert other.tix("export", "-o", "csv", *words).raw_out == first
    assert other.tix("doctor").code == 0
    return first


def test_everything_a_row_can_hold(empty: Path, tmp_path: Path):
    """Statuses, dates, ratings, links, followers, versions, snoozed and reopened tickets, plans, custom fields."""
    desk = made(empty, tmp_path / "one")
    desk.tix(
        "new",
        "One",
        "-m",
        "=first",
        "--for",
        "lan",
        "-p",
        "high",
        "--tag",
        "a,b",
        "--due",
        "2026-12-24",
        as_="sam",
    )
    desk.tix("new", "Two", "-m", "x", "--topic", "Hardware", "--field", "serial=1,2", as_="lan")
    words = (
        "--department",
        "Support",
        "--client",
        "Acme",
        "--type",
        "outage",
        "--phone",
        "+1 2",
        "--asset",
        "PC 17",
    )
    desk.tix("new", "Three", "-m", "third\r\nx", *words, as_="sam")
    desk.tix("new", "Four", "-m", "f", as_="lan")
    desk.tix("new", "Five", "-m", "f", "--sla", "sev-a", as_="sam")
    desk.now = "2026-11-22T10:00:00Z"
    desk.tix("assign", "2", "sam", as_="sam")
    desk.tix("hold", "1", as_="sam")
    desk.tix("resolve", "3", as_="sam")
    desk.tix("close", "4", as_="lan")
    desk.now = "2026-11-22T11:00:00Z"
    desk.tix("resolve", "2", as_="sam")
    desk.tix("rate", "2", "4", "--comment", "-good", as_="lan")
    desk.tix("close", "3", as_="sam")
    desk.tix("reopen", "4", as_="lan")
    desk.tix("snooze", "4", "--until", "2026-12-24", as_="sam")
    desk.tix("link", "1", "relates", "5", as_="sam")
    desk.tix("link", "2", "blocks", "1", as_="sam")
    desk.tix("link", "1", "duplicates", "4", as_="sam")
    desk.tix("follow", "2", "5", as_="kim")
    desk.now = "2026-11-23T11:00:00Z"
    table = same(desk, made(empty, tmp_path / "two"))
    rows = list(csv.DictReader(io.StringIO(table.decode(), newline="")))
    seen = {name for row in rows for name, cell in row.items() if cell not in ("", "0", "false", "[]", "{}")}
    held = {
        "rating",
        "rated_at",
        "rating_comment",
        "links",
        "watchers",
        "snoozed_until",
        "reopened",
        "lapses_at",
    }
    assert held | {"fields", "response_due_at", "resolved_at", "closed_at", "closed_by", "assets"} <= seen


def test_a_table_with_the_thread_brings_replies_and_notes(empty: Path, tmp_path: Path):
    desk = made(empty, tmp_path / "one")
    desk.tix("new", "One", "-m", "first", as_="lan")
    desk.now = "2026-11-22T10:00:00Z"
    desk.tix("reply", "1", "-m", "=answer", as_="sam")
    desk.now = "2026-11-22T11:00:00Z"
    desk.tix("note", "1", "-m", "for us", as_="kim")
    desk.tix("reply", "1", "-m", "again", as_="lan")
    other = made(empty, tmp_path / "two")
    other.now = desk.now
    other.tix("import", "-", stdin=desk.tix("export", "-o", "csv", "-c", WHOLE).raw_out)
    told = [
        [
            (item["at"], item["kind"], item["by"], item["body"], item["internal"])
            for item in one["thread"]
            if item["body"]
        ]
        for one in (desk.tix("show", "1", "--json").json, other.tix("show", "1", "--json").json)
    ]
    assert told[0] == told[1]
    columns = ("-c", ",".join(name for name in WHOLE.split(",") if name != "thread"))
    assert (
        desk.tix("export", "-o", "csv", *columns).raw_out
        == other.tix("export", "-o", "csv", *columns).raw_out
    )


def write(desk: Desk, number: int, text: str) -> None:
    """A ticket with a text wherever a person can write one."""
    subject = text if len(" ".join(text.split())) <= 1000 else "long"
    words = (
        f"--category={text[:100]}",
        "--topic",
        "Hardware",
        f"--field=serial={text[:100]}",
        f"--phone={text[:40]}",
    )
    done = desk.tix("new", "--for", "lan", *words, "--", subject, stdin=text, as_="sam", check=None)
    if done.code:
        desk.tix("new", "--for", "lan", "--", subject, stdin=text, as_="sam")
    desk.tix("resolve", number, as_="sam")
    desk.tix("rate", number, "3", f"--comment={text}", as_="lan", check=None)


def test_hostile_words(empty: Path, tmp_path: Path):
    desk = made(empty, tmp_path / "one")
    texts = [
        *NAUGHTY.values(),
        *NAUGHTY_BODIES.values(),
        "'=1",
        "''-x",
        "a,'b;'=c\t'@d",
        "\r=1\n+2",
        " lead",
        "trail ",
    ]
    for number, text in enumerate(texts, start=1):
        write(desk, number, text)
    assert same(desk, made(empty, tmp_path / "two")).count(b"resolved") >= len(texts)


def test_any_words(empty: Path, tmp_path: Path):
    tables, runs = [], itertools.count()

    @settings(
        max_examples=EXAMPLES,
        derandomize=not SOAK,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(st.lists(TEXTS.filter(lambda text: any(char.isalnum() for char in text)), min_size=1, max_size=3))
    def story(texts: list[str]) -> None:
        folder = tmp_path / str(next(runs))
        folder.mkdir()
        desk = made(empty, folder / "one")
        for number, text in enumerate(texts, start=1):
            write(desk, number, text)
        tables.append(same(desk, made(empty, folder / "two")))
        shutil.rmtree(folder)

    story()
    assert len(tables) >= EXAMPLES / 2


def test_references_that_are_taken_are_never_linked_to_strangers(empty: Path, tmp_path: Path):
    desk, other = made(empty, tmp_path / "one"), made(empty, tmp_path / "two")
    for subject in ("A", "B"):
        desk.tix("new", subject, "-m", "x", as_="lan")
    desk.tix("link", "1", "blocks", "2", as_="sam")
    other.tix("new", "Stranger", "-m", "x", as_="lan")
    other.tix("import", "-", stdin=desk.tix("export", "-o", "csv").raw_out)
    found = {one["subject"]: one for one in other.tix("export").jsonl}
    assert found["A"]["links"] == [{"relation": "blocks", "ref": found["B"]["ref"]}]
    assert found["B"]["links"] == [{"relation": "blocked-by", "ref": found["A"]["ref"]}]
    assert (found["Stranger"]["links"], found["A"]["about"]) == ([], "tix:TIX-1")


def test_an_agent_s_table_brings_no_rating(empty: Path, tmp_path: Path):
    desk, other = made(empty, tmp_path / "one"), made(empty, tmp_path / "two")
    write(desk, 1, "text")
    assert desk.tix("show", "1", "--json").json["rating"] == 3
    other.tix("import", "-", stdin=desk.tix("export", "-o", "csv").raw_out, as_="sam")
    shown = other.tix("show", "1", "--json").json
    assert shown["rating"] is None
    assert any("rating: 3" in (item["body"] or "") and item["internal"] for item in shown["thread"])


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("rating", "6"), ("version", "-1"), ("version", "9" * 30), ("reopened", "x"), ("links", "[1]"), ("links", "{"),
        ("links", '[{"relation": "eats", "ref": "TIX-1"}]'), ("rated_at", "yesterday"), ("prefix", "../"),
        ("answered", "maybe"), ("thread", "{"), ("thread", '{"a": 1}'), ("snoozed_until", "0"),
    ],
)  # fmt: skip
def test_what_no_desk_could_have_is_refused(empty: Path, tmp_path: Path, name: str, cell: str):
    desk = made(empty, tmp_path / "one")
    desk.tix("new", "A", "-m", "x", as_="lan")
    [row] = csv.DictReader(
        io.StringIO(desk.tix("export", "-o", "csv", "-c", WHOLE).raw_out.decode(), newline="")
    )
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, row)
    writer.writeheader()
    writer.writerow(row | {name: cell})
    done = made(empty, tmp_path / "two").tix("import", "-", stdin=out.getvalue(), check=2)
    assert "nothing was written" in done.err
