"""Values that no tix has written: named by whatever meets them, found by the doctor, and no bar to the rest."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests import contract
from tests.laws.inprocess import Desk
from tix.desk.accounts.sign_in import sign_in
from tix.errors import DamagedStore
from tix.store import damage
from tix.store.open import explain, open_store


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk of which every kind of row is there."""
    desk = Desk(tmp_path_factory.mktemp("desk"))
    desk.people("ann:agent", "rob:requester")
    desk.tix("client", "add", "acme", "--domain", "acme.example")
    desk.tix("asset", "add", "printer")
    desk.tix("calendar", "add", "office", "--hours", "mon-fri 09:00-17:00", "--country", "DE")
    desk.tix("department", "add", "it")
    desk.tix("topic", "add", "vpn")
    desk.tix("canned", "add", "hello", "-m", "Hello")
    desk.tix("new", "One", "-m", "first words", "--for", "rob", "--asset", "printer")
    desk.tix("new", "Two", "-m", "second words", "--for", "rob")
    desk.tix("reply", "1", "-m", "an answer")
    desk.tix("hold", "1")
    desk.tix("mail", "text", "edit", "noted", "-m", "{{ text }}")
    desk.tix("user", "edit", "rob", "--email", "rob@x.example")
    desk.tix("token", "add", "ci", "--user", "rob")
    desk.tix("user", "password", "rob", "--stdin", stdin="correct horse battery")
    with closing(open_store(desk.store)) as store:
        sign_in(store, "rob", "correct horse battery", source=None, agent="b", now=1_795_300_000)
    desk.tix("mail", "in", stdin="From: rob@x.example\nSubject: [TIX-1]\n\nby mail\n")
    desk.tix("reply", "1", "-m", "another", now="2026-11-23T09:00:00Z")
    return desk


@pytest.fixture
def desk(furnished: Desk, tmp_path: Path) -> Desk:
    """A copy of it, to be damaged."""
    desk = Desk(tmp_path)
    desk.store.write_bytes(furnished.store.read_bytes())
    return desk


def _put(desk: Desk, sql: str) -> None:
    with closing(sqlite3.connect(desk.store)) as connection:
        connection.execute("PRAGMA ignore_check_constraints=ON")
        assert connection.execute(sql).rowcount == 1
        connection.commit()


# What is put where, and the table, the key and the column that must be named.
_DAMAGES = [
    ("UPDATE item SET body = CAST(x'66ff6f' AS TEXT) WHERE body = 'an answer'", "item", "of TIX-1", "body"),
    ("UPDATE ticket SET subject = CAST(x'66ff6f' AS TEXT) WHERE number = 1", "ticket", "TIX-1", "subject"),
    ("UPDATE ticket SET subject = x'66ff6f' WHERE number = 1", "ticket", "TIX-1", "subject"),
    ("UPDATE ticket SET created_at = 'noon' WHERE number = 1", "ticket", "TIX-1", "created_at"),
    ("UPDATE ticket SET created_at = 1 << 62 WHERE number = 1", "ticket", "TIX-1", "created_at"),
    ("UPDATE ticket SET assets = '[1e999]' WHERE number = 1", "ticket", "TIX-1", "assets"),
    ("UPDATE ticket SET assets = '-1' WHERE number = 1", "ticket", "TIX-1", "assets"),
    ("UPDATE ticket SET links = '{\"a\": 1}' WHERE number = 1", "ticket", "TIX-1", "links"),
    ("UPDATE ticket SET fields = '[[' WHERE number = 1", "ticket", "TIX-1", "fields"),
    ("UPDATE ticket SET watchers = '[1]' WHERE number = 1", "ticket", "TIX-1", "watchers"),
    ("UPDATE ticket SET pauses = '[[1]]' WHERE number = 1", "ticket", "TIX-1", "pauses"),
    ("UPDATE item SET sets = '[1]' WHERE body = 'first words'", "item", "of TIX-1", "sets"),
    ("UPDATE item SET at = -(1 << 62) WHERE body = 'an answer'", "item", "of TIX-1", "at"),
    ("UPDATE counter SET value = 1 << 62 WHERE name = 'number'", "counter", "number", "value"),
    ("UPDATE counter SET value = -1 WHERE name = 'number'", "counter", "number", "value"),
    ("UPDATE person SET teams = '5' WHERE login = 'ann'", "person", "", "teams"),
    ("UPDATE person SET departments = '{}' WHERE login = 'ann'", "person", "", "departments"),
    ("UPDATE person SET name = CAST(x'ff' AS TEXT) WHERE login = 'ann'", "person", "", "name"),
    ("UPDATE client SET domains = '7' WHERE name = 'acme'", "client", "acme", "domains"),
    ("UPDATE token SET scope = CAST(x'ff' AS TEXT) WHERE name = 'ci'", "token", "ci", "scope"),
    ("UPDATE token SET expires_at = 'soon' WHERE name = 'ci'", "token", "ci", "expires_at"),
    ("UPDATE session SET agent = CAST(x'ff' AS TEXT)", "session", "", "agent"),
    ("UPDATE session SET seen_at = 'now'", "session", "", "seen_at"),
    ("UPDATE password SET set_at = 'now'", "password", "rob", "set_at"),
    ("UPDATE outbox SET subject = CAST(x'ff' AS TEXT) WHERE id = 1", "outbox", "of TIX-1", "subject"),
    ("UPDATE outbox SET raw = 'text' WHERE id = 1", "outbox", "of TIX-1", "raw"),
    ("UPDATE mail SET sender = CAST(x'ff' AS TEXT) WHERE id = 1", "mail", "of TIX-1", "sender"),
    ("UPDATE mail SET raw = 5 WHERE id = 1", "mail", "of TIX-1", "raw"),
    ("UPDATE mail_text SET body = CAST(x'ff' AS TEXT) WHERE name = 'noted'", "mail_text", "noted", "body"),
    (
        "UPDATE holiday SET day = 1 << 40 WHERE day = (SELECT max(day) FROM holiday)",
        "holiday",
        "office",
        "day",
    ),
]


@pytest.mark.parametrize(("sql", "table", "key", "column"), _DAMAGES)
def test_the_doctor_names_a_damaged_row(desk: Desk, sql: str, table: str, key: str, column: str) -> None:
    """And so does ``db check``; both look at everything all the same."""
    _put(desk, sql)
    for words in (("doctor",), ("db", "check")):
        result = desk.tix(*words, "--json", check=None)
        assert result.code == 8, result
        found = {one["name"]: one for one in result.json} if result.raw_out else None
        if found is None:  # the person who asks cannot be read
            said = result.error["message"]
        else:
            assert found["rows"]["status"] == "failed"
            assert "invoices" in found
            said = found["rows"]["detail"]
        for word in (table, key, column):
            assert word in said


_VERBS = [
    ("list", "--all"),
    ("list", "--all", "--json"),
    ("show", "1"),
    ("show", "1", "--json"),
    ("search", "words"),
    ("search", "answer"),
    ("export", "-o", "jsonl"),
    ("export", "-o", "csv"),
    ("log",),
    ("stats",),
    ("user", "list"),
    ("client", "list"),
    ("calendar", "show", "office"),
    ("why", "1"),
    ("reply", "1", "-m", "more"),
    ("edit", "1", "--subject", "Else"),
    ("resolve", "1"),
    ("assign", "1", "ann"),
    ("new", "Three", "-m", "x", "--for", "rob"),
    ("merge", "1", "--into", "2"),
    ("mail", "outbox"),
    ("mail", "quarantine", "list", "--all"),
    ("mail", "quarantine", "show", "1"),
    ("mail", "text", "list"),
    ("token", "list"),
    ("token", "show", "ci"),
    ("user", "sessions"),
    ("user", "sign-out", "rob"),
    ("tick",),
    ("delete", "1", "--yes"),
]


@pytest.mark.parametrize(("sql", "table", "key", "column"), _DAMAGES)
def test_no_verb_calls_a_damaged_row_a_bug(
    desk: Desk, sql: str, table: str, key: str, column: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It answers, or exits with 8 and names the row. What it answers need not be of the shape of a sound row."""
    monkeypatch.setattr(contract, "check", lambda *run: None)
    _put(desk, sql)
    damaged = desk.store.read_bytes()
    for words in _VERBS:
        result = desk.tix(*words, check=None)
        assert result.code != 1, result
        if result.code == 8:
            for word in (table, key, column):
                assert word in result.err, result
            assert "tix doctor" in result.err
        desk.store.unlink()  # a command that failed within this process may still hold a lock on the file
        desk.store.write_bytes(damaged)
    if table == "ticket" or column == "body":
        assert desk.tix("show", "2", check=None).code == 0
        assert desk.tix("reply", "2", "-m", "goes on", check=None).code == 0


def test_one_byte_of_a_body(desk: Desk) -> None:
    """As the case was found: every command that reads it says which entry, and the other ticket stays readable."""
    _put(desk, "UPDATE item SET body = CAST(x'61ff' AS TEXT) WHERE body = 'an answer'")
    for words in (("show", "1"), ("export", "-o", "jsonl"), ("reply", "1", "-m", "x", "--json"), ("doctor",)):
        result = desk.tix(*words, check=None)
        if words[0] == "reply" and result.code == 0:
            continue
        assert result.code == 8, result
        assert "of TIX-1: body is not UTF-8" in result.out + result.err
    assert "second words" in desk.tix("show", "2").out
    assert "Two" in desk.tix("list", "--all").out


def test_a_setup_row_that_cannot_be_read_is_no_wrong_argument(desk: Desk) -> None:
    """Its reader refuses it as if somebody had typed it; the store is at fault, not the command."""
    _put(desk, "UPDATE calendar SET hours = 'never' WHERE name = 'office'")
    result = desk.tix("calendar", "list", check=8)
    assert "calendar office" in result.err


def test_a_sound_desk_has_no_damages(desk: Desk) -> None:
    with closing(sqlite3.connect(desk.store)) as connection:
        assert list(damage.damages(connection)) == []
        assert connection.text_factory is str
    assert explain(desk.store) is None
    assert explain(desk.folder / "nowhere.db") is None


def test_an_explanation_names_the_row(desk: Desk) -> None:
    _put(desk, "UPDATE ticket SET subject = CAST(x'ff' AS TEXT) WHERE number = 2")
    found = explain(desk.store)
    assert isinstance(found, DamagedStore)
    assert "ticket TIX-2: subject is not UTF-8" in found.message
