"""Many tickets at once are what they would be one by one."""

import json
from pathlib import Path

import pytest

from tix.domain.people import Person, newcomer
from tix.domain.permissions import Scope
from tix.domain.search import parse_query
from tix.domain.tickets import lifecycle
from tix.domain.tickets.ticket import Ticket, opened
from tix.domain.tickets.timeline import Author, File, Item
from tix.errors import InvalidValue
from tix.store import open as store_open
from tix.store import people
from tix.store.connection import Store
from tix.store.search import fulltext, queue
from tix.store.spool import SpillFile
from tix.store.tickets import dump, tickets
from tix.store.tickets.bulk import Highest, Load, Loader

EVERYTHING = Scope("all", "sam", True)
NOTHING = Highest()
LAN = Author("lan", None, "requester", 1000)


@pytest.fixture
def store(tmp_path: Path):
    made = store_open.create_store(tmp_path / "desk.db")
    with made.writing():
        for login, role in (("sam", "agent"), ("lan", "requester")):
            people.add(made, newcomer(login, f"Name of {login}", role=role), 1)
    yield made
    made.close()


def _load(number: int, id: int | None = None, **more: str) -> Load:
    values = {
        "subject": f"Subject {number}",
        "status": "open",
        "phase": "open",
        "priority": "medium",
        "rank": 20,
        "requester": "lan",
        "creator": "lan",
        **more,
    }
    uid = f"00000000-0000-0000-0000-{number:012}"
    opening = lifecycle.open_ticket(LAN, f"opening {number}", values)
    note = Item("note", 2000, "sam", None, "staff", True, body=f"secret {number}")
    ticket = opened(number, "TIX-", uid, opening)._replace(id=id, notes=1, documents=2)
    return Load(ticket, [opening, note], {})


def _add(store: Store, loads: list[Load], highest: Highest = NOTHING) -> list[int]:
    known: dict[str, Person] = people.named(store, ["lan", "sam"])
    with store.writing():
        return Loader(store, highest).add(loads, known, lambda digest: digest.encode())


def _found(store: Store, words: str, scope: Scope = EVERYTHING) -> list[str]:
    hits = fulltext.search(store, scope, parse_query([words]), queue.Selection({}), 5000)
    return sorted(hit.row.ticket.ref for hit in hits)


@pytest.mark.sqlite
def test_a_load_is_what_one_by_one_gives(store: Store, tmp_path: Path):
    """The same rows, the same search documents."""
    _add(store, [_load(1), _load(2)])
    other = store_open.create_store(tmp_path / "other.db")
    with other.writing():
        for login, role in (("sam", "agent"), ("lan", "requester")):
            people.add(other, newcomer(login, f"Name of {login}", role=role), 1)
        for load in (_load(1), _load(2)):
            first = load.ticket._replace(notes=0, documents=1)
            added, _ = tickets.add(other, first, load.items[0])
            tickets.save(other, added, load.ticket._replace(id=added.id), load.items[1:])
    for table in ("ticket", "item", "public_text_docsize", "internal_text_docsize"):
        one, two = (made.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall() for made in (store, other))
        assert one == two != [], table
    for words in ("opening", "secret", "subject 2", "lan"):
        assert _found(store, words) == _found(other, words) != []
    other.close()


def test_notes_are_found_by_staff_alone(store: Store):
    _add(store, [_load(1)])
    assert _found(store, "secret") == ["TIX-1"]
    assert _found(store, "secret", Scope("own", "lan", False)) == []
    assert _found(store, "opening", Scope("own", "lan", False)) == ["TIX-1"]


def test_ids_are_kept_in_an_empty_store_and_new_elsewhere(store: Store):
    assert _add(store, [_load(1, id=17), _load(2)], Highest(17)) == [17, 18]
    assert _add(store, [_load(3, id=5)]) == [19]


@pytest.mark.sqlite
def test_files_hang_on_their_items_and_bytes_are_kept_once(store: Store):
    load = _load(1)
    files = tuple(File(name, 3, "text/plain", "abc", "txt") for name in ("one.txt", "two.txt"))
    opening = load.items[0]._replace(files=files)
    _add(store, [load._replace(items=[opening, *load.items[1:]])])
    (part,) = dump.parts(store, EVERYTHING, queue.Selection({}), 5000)
    assert [row[1] for rows in part.files.values() for row in rows] == ["one.txt", "two.txt"]
    assert store.execute("SELECT count(*), max(data) FROM blob").fetchall() == [(1, b"abc")]
    assert _found(store, "two.txt") == ["TIX-1"]


def test_what_contradicts_itself_is_refused_and_nothing_stays(store: Store):
    with pytest.raises(InvalidValue):
        _add(store, [_load(1), _load(1)])
    assert store.value("ticket_count") == 0
    with pytest.raises(InvalidValue):
        _add(store, [_load(1, requester="nobody")])
    assert store.value("ticket_count") == 0


def test_a_dump_is_read_in_batches_and_shows_notes_to_staff_alone(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(dump, "BATCH", 2)
    _add(store, [_load(number) for number in range(1, 6)])
    selection = queue.Selection({}, "number")
    parts = list(dump.parts(store, EVERYTHING, selection, 5000))
    assert [len(part.rows) for part in parts] == [2, 2, 1]
    assert [Ticket(*row[:-2]).number for part in parts for row in part.rows] == [1, 2, 3, 4, 5]
    assert sum(len(items) for part in parts for items in part.items.values()) == 10
    own = list(dump.parts(store, Scope("own", "lan", False), selection, 5000))
    assert sum(len(items) for part in own for items in part.items.values()) == 5


@pytest.mark.sqlite
def test_threads_of_a_batch_are_found_by_their_index(store: Store):
    """No scan of a table that grows."""
    for name in ("export_items", "files_of_many"):
        from tix.store.compiled import sqlite as compiled

        plan = store.execute(f"EXPLAIN QUERY PLAN {compiled.SQL[name]}", {"ids": json.dumps([1]), "staff": 1})
        told = [row[3] for row in plan]
        assert not [line for line in told if line.startswith("SCAN") and "json_each" not in line], told


def test_a_heap_gives_back_what_was_put():
    heap = SpillFile()
    values = [1, "ä", b"x", None, (1, [2, {"a": 3}])] * 100
    for value in values:
        heap.put(value)
    heap.put_bytes("one", b"1" * 1000)
    heap.put_bytes("two", b"2")
    heap.put_bytes("one", b"other")
    assert list(heap.values()) == values
    assert list(heap.values()) == values
    assert (heap.bytes_of("two"), len(heap.bytes_of("one"))) == (b"2", 1000)
    assert "one" in heap
    assert "three" not in heap
    heap.close()
