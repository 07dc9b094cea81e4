"""What is not a desk in PostgreSQL, what a broken connection means, and writers at the same time."""

import subprocess
import sys

import psycopg
import pytest

from tests.harness import Shell
from tix.store.postgresql import connection
from tix.store.postgresql import open as opening
from tix.store.postgresql.open import create_store, open_store


def test_an_empty_database_has_no_desk_until_something_is_written(desk: Shell, server):
    """Reading makes nothing; the first write makes the tables, and a refused one leaves none."""
    name = desk.store.partition("?")[0].rpartition("/")[2]
    assert "No desk at postgresql://" in desk.tix("list").err
    desk.tix("new", "", "-m", "x", check=2)
    assert server.execute("SELECT count(*) FROM pg_class WHERE relname = 'ticket'", name) == [(0,)]
    assert desk.tix("new", "One", "-m", "x").out == "TIX-1\n"
    assert server.execute("SELECT number FROM ticket", name) == [(1,)]


def test_init_makes_a_desk_once(desk: Shell):
    desk.tix("init", "--prefix", "HD-")
    assert "already exists" in desk.tix("init", check=5).err
    assert desk.tix("new", "One", "-m", "x").out == "HD-1\n"
    assert "file" in desk.tix("init", "--group", "staff", check=2).err
    said = desk.tix("whoami").err
    assert "database can change it" in said
    assert "file" not in said


@pytest.mark.parametrize(
    ("place", "code", "said"),
    [
        ("postgresql://postgres@/nowhere?host={folder}&port=5439", 8, "does not exist"),
        ("postgresql://postgres@/postgres?host={folder}&port=1", 6, "cannot reach"),
        ("postgresql://postgres@/postgres?host={folder}&port=5439&sslmode=maybe", 2, "sslmode"),
        ("postgresql://postgres@/postgres?nosuch=1", 2, "nosuch"),
        ("postgresql://nobody@/postgres?host={folder}&port=5439", 8, "nobody"),
    ],
)
def test_an_address_that_leads_nowhere_is_one_sentence(desk: Shell, server, place, code, said):
    result = desk.tix("--store", place.format(folder=server.folder), "list", check=code)
    assert said in result.err
    assert len(result.err.splitlines()) <= 2
    assert (
        desk.tix("--store", place.format(folder=server.folder), "list", "--json", check=code).error["exit"]
        == code
    )


def test_a_database_of_something_else_is_not_touched(desk: Shell, server):
    name = desk.store.partition("?")[0].rpartition("/")[2]
    server.execute("CREATE TABLE guest (name text)", name)
    for words in (("list",), ("new", "One", "-m", "x"), ("init",)):
        assert "guest" in desk.tix(*words, check=8).err
    assert server.execute("SELECT count(*) FROM pg_class WHERE relname = 'ticket'", name) == [(0,)]


def test_a_newer_desk_and_another_encoding_are_refused(desk: Shell, server):
    desk.tix("init")
    name = desk.store.partition("?")[0].rpartition("/")[2]
    server.execute("UPDATE tix_format SET version = version + 1", name)
    assert "newer" in desk.tix("new", "One", "-m", "x", check=8).err
    latin = server.database("TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'")
    assert "LATIN1" in desk.tix("--store", latin, "list", check=8).err


def test_what_only_a_file_has_is_left_out(desk: Shell, tmp_path):
    desk.tix("init")
    found = desk.tix("db", "info", "--json").json
    assert (found["sqlite"], found["journal_mode"]) == (None, None)
    assert found["postgresql"]
    assert "ok" in {one["status"] for one in desk.tix("doctor", "--json").json}
    assert not list(tmp_path.glob("*.db"))


def test_a_read_only_account_reads_and_is_told_so_when_it_writes(desk: Shell, server):
    desk.tix("new", "One", "-m", "x")
    name = desk.store.partition("?")[0].rpartition("/")[2]
    server.execute(
        "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'looker') THEN CREATE ROLE looker LOGIN; END IF; END $$"
    )
    server.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO looker", name)
    store = server.address(name, "looker")
    assert desk.tix("--store", store, "list", "-o", "ids").out == "TIX-1\n"
    assert "may not" in desk.tix("--store", store, "new", "Two", "-m", "x", check=7).err
    assert desk.tix("list", "-o", "ids").out == "TIX-1\n"


@pytest.mark.parametrize("is_made", [True, False], ids=["committed", "rolled back"])
def test_a_commit_that_was_not_answered_is_asked_after(server, monkeypatch, is_made):
    """The connection ends after the commit, or in place of it: then it was made, or nothing was, and it says which."""
    address = server.database()
    with_tables = create_store(address)
    with with_tables.writing():
        pass
    with_tables.close()
    store = open_store(address)
    sent = store.wire.execute

    def execute(sql, *values):
        if sql != "COMMIT":
            return sent(sql, *values)
        if is_made:
            sent(sql)
        store.wire.close()
        raise psycopg.OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(store.wire, "execute", execute)
    if is_made:
        with store.writing():
            store.run("setting_put", key="prefix", value="HD-")
    else:
        with pytest.raises(connection.StoreBusy, match="nothing was written"), store.writing():
            store.run("setting_put", key="prefix", value="HD-")
    store.close()
    again = open_store(address)
    found = dict(again.run("settings").fetchall())
    again.close()
    assert found == ({"prefix": "HD-"} if is_made else {})


@pytest.mark.long
def test_writers_at_once_lose_and_double_nothing(desk: Shell):
    """Eight processes, six tickets each, with replies between: every number once, no gap, every reply there once."""
    desk.tix("init")
    loop = "for n in 1 2 3 4 5 6; do $0 -m tix new w$1-$n -m x && $0 -m tix reply 1 -m r$1-$n || echo failed; done"
    desk.tix("new", "first", "-m", "x")
    running = [
        subprocess.Popen(
            ["sh", "-c", loop, sys.executable, str(n)],
            env=desk.environment(),
            cwd=desk.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        for n in range(8)
    ]
    said = [one.communicate()[0].decode() for one in running]
    assert not any("failed" in text for text in said), said
    rows = desk.tix("list", "--all", "--json").json
    assert sorted(row["number"] for row in rows) == list(range(1, 50))
    assert {row["subject"] for row in rows} == {
        "first",
        *(f"w{n}-{k}" for n in range(8) for k in range(1, 7)),
    }
    replies = [
        one["body"]
        for one in desk.tix("show", 1, "--json").json["thread"]
        if one["kind"] in ("reply", "message")
    ]
    assert sorted(replies) == sorted(["x", *(f"r{n}-{k}" for n in range(8) for k in range(1, 7))])
    failed = [one for one in desk.tix("doctor", "--json").json if one["status"] == "failed"]
    assert failed == []


@pytest.mark.long
def test_a_server_that_restarts_loses_nothing_that_was_acknowledged(tmp_path):
    """Four writers while the server is stopped at once and started again, five times: what was answered is there, once."""
    from tests.postgresql.cluster import cluster

    with cluster("fsync=on", "max_connections=40") as own:
        desk = Shell(tmp_path)
        desk.store = desk.env["TIX_STORE"] = own.database()
        desk.tix("init")
        loop = "n=0; while [ ! -e stop ]; do n=$((n+1)); $0 -m tix new w$1-$n -m x; done"
        running = [
            subprocess.Popen(
                ["sh", "-c", loop, sys.executable, str(n)],
                env=desk.environment(),
                cwd=desk.folder,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
            for n in range(4)
        ]
        for _ in range(5):
            subprocess.run(["sleep", "2"], check=True)
            own.stop("immediate")
            own.start("fsync=on", "max_connections=40")
        (desk.folder / "stop").touch()
        said = "".join(one.communicate()[0].decode() for one in running)
        acknowledged = sorted(int(line[4:]) for line in said.splitlines() if line.startswith("TIX-"))
        rows = desk.tix("list", "--all", "--json").json
        numbers = sorted(row["number"] for row in rows)
        assert numbers == list(range(1, len(numbers) + 1))
        assert acknowledged
        assert set(acknowledged) <= set(numbers)
        assert len({row["subject"] for row in rows}) == len(rows)
        assert "this is a bug" not in said


def test_a_server_that_is_too_old_is_refused(desk: Shell, monkeypatch):
    desk.tix("init")
    monkeypatch.setattr(opening, "OLDEST_SERVER", 990_000)
    assert "tix needs" in desk.tix("new", "One", "-m", "x", check=8).err


def test_a_database_set_to_read_only_is_read(desk: Shell, server):
    desk.tix("new", "One", "-m", "x")
    server.execute(f"ALTER DATABASE {_name(desk)} SET default_transaction_read_only = on")
    assert desk.tix("list", "-o", "ids").out == "TIX-1\n"
    said = desk.tix("reply", 1, stdin="a text", check=7).err
    assert "the database is read-only" in said
    assert "your text is saved" in said


def test_an_account_that_may_not_create_tables_makes_no_desk(desk: Shell, server):
    server.execute(
        "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'guest') THEN CREATE ROLE guest LOGIN; END IF; END $$"
    )
    place = server.address(_name(desk), "guest")
    server.execute("REVOKE CREATE ON SCHEMA public FROM public", _name(desk))
    for words in (("init",), ("new", "One", "-m", "x")):
        done = desk.tix("--store", place, *words, check=7)
        assert "may not" in done.err
        assert len(done.err.splitlines()) <= 2 + ("your text is saved" in done.err)
    assert server.execute("SELECT count(*) FROM pg_class WHERE relname = 'ticket'", _name(desk)) == [(0,)]


@pytest.mark.parametrize(
    "sql", ["DELETE FROM tix_format", "DROP TABLE notice CASCADE", "DROP TABLE commit_key"]
)
def test_a_half_made_desk_is_refused(desk: Shell, server, sql):
    desk.tix("init")
    server.execute(sql, _name(desk))
    for words in (("list",), ("new", "One", "-m", "x")):
        done = desk.tix(*words, check=8)
        assert "half made" in done.err or "lacks tables" in done.err


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1", "EUC_JP"])
def test_other_encodings_are_refused(desk: Shell, server, encoding):
    store = server.database(f"TEMPLATE template0 ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C'")
    for words in (("list",), ("init",)):
        said = desk.tix("--store", store, *words, check=8).err
        assert encoding in said
        assert "createdb -E UTF8" in said


@pytest.mark.parametrize(
    "locale", ["LOCALE 'C.UTF-8'", "LOCALE 'en_US.UTF-8'", "LOCALE_PROVIDER icu ICU_LOCALE 'de' LOCALE 'C'"]
)
def test_the_order_is_the_same_in_every_collation(desk: Shell, server, tmp_path, locale):
    """As on a file: by bytes, where the database's own order would put ä beside a."""
    try:
        store = server.database(f"TEMPLATE template0 ENCODING 'UTF8' {locale}")
    except psycopg.Error as error:
        pytest.skip(f"the server has not got it: {str(error).splitlines()[0]}")
    names = ["zebra", "Ärger", "apfel", "Apfelmus", "ångström", "äpfel", "İz", "_x", "été", "中"]
    looks = (
        ("list", "--sort", "client", "-o", "ids"), ("list", "--sort", "subject", "-o", "ids"), ("client", "list", "-o", "ids"),
        ("search", "about", "-o", "ids"), ("list", "--client", "ärger", "-o", "ids"),
    )  # fmt: skip
    answers = []
    for place in (store, str(tmp_path / "file.db")):
        desk.env["TIX_STORE"] = place
        for name in names:
            desk.tix("client", "add", name)
            desk.tix("new", name, "-m", f"about {name}", "--client", name)
        answers.append([desk.tix(*words).out for words in looks])
    assert answers[0] == answers[1]


def _name(desk: Shell) -> str:
    return desk.store.partition("?")[0].rpartition("/")[2]
