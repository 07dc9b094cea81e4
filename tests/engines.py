"""The same tests on PostgreSQL: ``TIX_TEST_POSTGRESQL`` is the address of a server on which databases may be made.

Each desk that a test makes in a file is then made in a database of its own, copied from a template, and the file holds the
database's address: so a test that copies, moves or counts files goes on as before. Only for tests.
"""

import atexit
import os
import shutil
import sqlite3
from contextlib import closing, suppress
from itertools import count
from pathlib import Path
from uuid import uuid4

SERVER = os.environ.get("TIX_TEST_POSTGRESQL", "")
_TEMPLATE = "tix_template"
_made: list[str] = []
_NUMBERS = count()


def install() -> None:
    """Make ``tix.store.open`` open databases where it is asked for files."""
    from tix.store import open as opening
    from tix.store.postgresql import connection
    from tix.store.postgresql import open as there
    from tix.store.postgresql.connection import PostgresStore

    run = connection._Wire.execute  # what tests say to SQLite alone goes nowhere

    def execute(self: object, sql: str, values: object = ()) -> object:
        return None if sql.startswith("PRAGMA") else run(self, sql, values)  # type: ignore[arg-type]  # a _Wire

    # Nobody knows here what nobody has changed.
    connection._Wire.total_changes = property(lambda _: next(_NUMBERS))  # type: ignore[attr-defined]
    connection._Wire.execute = execute  # type: ignore[assignment]  # as above

    def pointed(path: Path | str) -> str:
        return Path(path).read_text()

    def found(path: Path | str) -> PostgresStore:
        store = there.open_store(pointed(path))
        return _named(store, path)

    def create_store(path: Path | str, mode: int = 0o600, group: int | None = None) -> PostgresStore:
        if os.path.lexists(path):
            raise FileExistsError(path)
        address = _database()
        store = there.open_store(address)
        store.created = True
        Path(path).touch(mode)
        Path(path).write_text(address)
        return _named(store, path)

    def open_store(path: Path | str, on_wait: object = None, *, may_migrate: bool = True) -> PostgresStore:
        return found(path)

    def for_reading(place: str, on_wait: object = None, *, may_migrate: bool = True) -> object:
        return found(place) if os.path.lexists(place) else opening.empty_store(place)

    def for_writing(place: str, on_wait: object = None, *, may_migrate: bool = True) -> PostgresStore:
        return found(place) if os.path.lexists(place) else create_store(place)

    for function in (create_store, open_store, for_reading, for_writing):
        setattr(opening, function.__name__, function)
    atexit.register(_drop)


def of_a_process(env: dict[str, str]) -> dict[str, str]:
    """The environment of a process, which knows nothing of these files: with the address that one of them holds."""
    store = Path(env.get("TIX_STORE") or "/nowhere")
    if SERVER and store.is_file() and (held := store.read_bytes()).startswith(b"postgresql://"):
        return {**env, "TIX_STORE": held.decode()}
    return env


def copy(file: Path, to: Path) -> None:
    """Copy the file of a store; in a run on PostgreSQL its database, too."""
    if not SERVER:
        shutil.copy2(file, to)
        return
    import psycopg

    old = _named_by(to) if to.exists() else ""
    name = f"t{uuid4().hex[:16]}"
    there = _named_by(file)
    with psycopg.connect(f"{SERVER} dbname=postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {there} STRATEGY FILE_COPY")
        if old in _made:  # thousands of copies need room
            _made.remove(old)
            admin.execute(f"DROP DATABASE IF EXISTS {old} WITH (FORCE)")
    _made.append(name)
    to.write_text(_address(name))


def _named_by(file: Path) -> str:
    """The database that a file names."""
    return file.read_text().partition("?")[0].rpartition("/")[2]


def content(path: Path) -> list[str]:
    """Everything in the store of a file, a line for each row; without the keys of transactions, of which each has one."""
    if not SERVER:
        with closing(sqlite3.connect(path)) as store:
            return list(store.iterdump())
    import psycopg

    try:
        address = path.read_text()
        with psycopg.connect(address) as database:
            names = [
                name
                for (name,) in database.execute(
                    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace "
                    "AND relname != 'commit_key' ORDER BY 1"
                )
            ]
            return [
                f'INSERT INTO "{name}" {row}'
                for name in names
                for row in sorted(database.execute(f"SELECT * FROM {name}").fetchall(), key=repr)  # type: ignore[arg-type]
            ]
    except (psycopg.Error, UnicodeDecodeError):  # it is no desk
        return [repr(path.read_bytes())]


def _named(store: object, path: Path | str) -> object:
    """The store under the name of its file, which messages and records have."""
    store.place = store.address = os.fspath(path)  # type: ignore[attr-defined]  # a PostgresStore
    return store


def _database() -> str:
    import psycopg

    from tix.store.postgresql import open as there

    name = f"t{uuid4().hex[:16]}"
    with psycopg.connect(f"{SERVER} dbname=postgres", autocommit=True) as admin:
        if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (_TEMPLATE,)).fetchone() is None:
            made = f"{_TEMPLATE}_{os.getpid()}"
            admin.execute(f"CREATE DATABASE {made} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'")
            store = there.create_store(_address(made))
            with store.writing():
                pass
            store.close()
            with suppress(psycopg.Error):  # another worker was first
                admin.execute(f"ALTER DATABASE {made} RENAME TO {_TEMPLATE}")
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE} STRATEGY FILE_COPY")
    _made.append(name)
    return _address(name)


def _address(name: str) -> str:
    words = dict(pair.split("=", 1) for pair in SERVER.split())
    query = "&".join(f"{key}={value}" for key, value in words.items())
    return f"postgresql:///{name}?{query}"


def _drop() -> None:
    import psycopg

    with psycopg.connect(f"{SERVER} dbname=postgres", autocommit=True) as admin:
        for name in _made:
            with suppress(psycopg.Error):
                admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
