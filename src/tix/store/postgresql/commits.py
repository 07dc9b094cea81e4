"""The key of a commit: a row that each writing transaction begins with, and how to find out what became of one.

A commit whose connection broke was made, or was not. The key is looked for on a new connection: there, the transaction was
committed; not there, nothing was written. (The id of the transaction would not do: after a failover the other server gives it to
somebody else's.)
"""

from __future__ import annotations

import time

import psycopg
from psycopg.errors import UndefinedTable

from tix.errors import BrokenOff, StorageFailure, TixError
from tix.store.attempts import Attempts
from tix.typing import Any
from tix.words.sentence import Said

# The key of the desk's lock: "tix" and a number. Those of one database are one desk's.
LOCK = (0x746978, 1)
# One text, one trip. The transaction that had the lock before has ended.
BEGIN = (
    "BEGIN; SET LOCAL lock_timeout = '{seconds}s'; SET LOCAL idle_in_transaction_session_timeout = '10min'; "
    f"SELECT pg_advisory_xact_lock({LOCK[0]}, {LOCK[1]})"
)
PUT_KEY = "INSERT INTO commit_key (key) VALUES ('{key}')"
# Written again, so that the commit of who finds it waits for a synchronous standby, as the first should have.
FIND_KEY = "UPDATE commit_key SET made_at = made_at WHERE key = '{key}' RETURNING 1"
# Every 256th transaction removes the keys that nobody asks for any more: the key begins with this.
REMOVES = "00"
REMOVE_KEYS = "DELETE FROM commit_key WHERE made_at < now() - interval '1 day'"
# After half that time, by this machine's clock (it may have slept meanwhile), a key is not looked for.
ASKED_SECONDS = 12 * 3600
# What the old transaction may take to end, at each attempt.
_LOCK_SECONDS = 5


def last_row(cursor: Any) -> Any:
    """Return the first row of the last of several statements that were sent at once."""
    while cursor.nextset():
        pass
    return cursor.fetchone()


def find_out(store: Any, began: float, error: psycopg.Error | None = None) -> None:
    """Find out what became of a commit that was not answered, or with a warning: that no standby has it yet.

    ``store`` is a PostgresStore, ``began`` when it was sent, by ``time.time``. Returns where it was made. Raises BrokenOff where nothing was written,
    StorageFailure where nobody knows in time.
    """
    attempts = Attempts()
    while attempts.wait() and time.time() - began < ASKED_SECONDS:
        try:
            is_made = is_committed(store)
        except (psycopg.Error, TixError):  # whatever keeps it from being asked
            continue
        if is_made:
            return
        store.commits -= 1
        raise BrokenOff(
            Said("the connection to {place} broke; nothing was written", place=store.place),
            hint=Said("try again"),
        ) from error
    raise StorageFailure(
        Said("the connection to {place} broke while the change was being saved", place=store.place),
        hint=Said("check whether the change was saved before you try again"),
    ) from error


def is_committed(store: Any) -> bool:
    """Return whether the key of the last transaction is there, on a new connection.

    The lock comes first: the transaction held it, so one that still runs has ended by then, either way. Raises
    psycopg.Error, and as ``connected``.
    """
    store.connect_again()
    store.is_warned = False
    begin = BEGIN.format(seconds=_LOCK_SECONDS)
    try:
        found = last_row(store.wire.execute(f"{begin}; {FIND_KEY.format(key=store.key)}"))
    except UndefinedTable:  # the tables were to be made by the same transaction
        found = None
    store.wire.execute("ROLLBACK" if found is None else "COMMIT")
    if store.is_warned:
        raise psycopg.OperationalError("the standby has not answered yet")
    return found is not None
