"""Read timelines: a ticket's thread, the desk's log. The queries themselves leave internal items to staff."""

from collections.abc import Callable, Iterable, Iterator

from tix.domain.json_columns import loads
from tix.domain.permissions import Scope
from tix.domain.tickets.timeline import File, Item, ThreadLine
from tix.errors import NotFound
from tix.store.connection import Store
from tix.store.spool import spooled
from tix.typing import Any

# Bytes of a file that are read from the store at once.
PIECE_BYTES = 262_144


def _item(row: Any, files: tuple[File, ...] = (), *, folding: bool = False) -> Item:
    """Return a row as an item; with all of ``sets`` only for ``folding``, else with what readers may see of them."""
    kind, at, by, via, side, internal, body, type, field, old, new, reason, sets, id = row[:14]
    return Item(
        kind,
        at,
        by,
        via,
        side,
        bool(internal),
        body,
        files,
        type,
        field,
        old,
        new,
        reason,
        None if sets is None else loads(sets) if folding else _told(kind, sets),
        id,
    )


def _told(kind: str, sets: str) -> dict[str, Any] | None:
    """Return the columns an event has set that readers may see: the new due date."""
    return {"due_at": loads(sets)["due_at"]} if kind == "event" and '"due_at"' in sets else None


def _files(rows: Iterable[Any]) -> dict[int, tuple[File, ...]]:
    found: dict[int, tuple[File, ...]] = {}
    for item_id, name, size, mime, sha256, kind, id in rows:
        found[item_id] = (*found.get(item_id, ()), File(name, size, mime, sha256, kind, id))
    return found


def timeline(store: Store, ticket_id: int, scope: Scope) -> list[ThreadLine]:
    """Return the thread of a ticket ``scope`` sees, by time, then id."""
    staff = int(scope.staff)
    files = _files(store.run("thread_files", ticket_id=ticket_id, staff=staff))
    rows = store.run("thread", ticket_id=ticket_id, staff=staff)
    return [ThreadLine(_item(row, files.get(row[13], ())), row[15], None, row[16]) for row in rows]


def log(
    store: Store, scope: Scope, *, since: int = -(2**62), by: str | None = None, limit: int = -1
) -> Iterator[ThreadLine]:
    """Yield the desk's recent activity that ``scope`` sees, newest first."""
    name = "log" if scope.staff else "log_own"
    yield from _lines(store, scope, store.scoped(name, scope, since=since, by=by, limit=limit))


def log_after(
    store: Store, scope: Scope, after: int, upto: int, *, ticket: int | None = None, by: str | None = None
) -> Iterator[ThreadLine]:
    """Yield what was written with an id above ``after`` and up to ``upto``, in that order: as it was committed."""
    values = {"after": after, "upto": upto, "of_ticket": ticket, "by": by}
    yield from _lines(store, scope, store.scoped("log_after", scope, **values))


def last_id(store: Store) -> int:
    """Return the id of the item written last, 0 if there is none."""
    return int(store.value("item_last_id") or 0)


def _lines(store: Store, scope: Scope, cursor: Any) -> Iterator[ThreadLine]:
    for row in spooled(cursor):
        prefix, number = (row[16], row[17]) if row[17] is not None else (row[18], row[19])
        files: tuple[File, ...] = ()
        if row[0] != "event" or row[7] == "attached":
            files = _files_of_item(store, row[14], row[13], scope)
        yield ThreadLine(_item(row, files), row[15], f"{prefix}{number}")


def _files_of_item(store: Store, ticket_id: int, item_id: int, scope: Scope) -> tuple[File, ...]:
    rows = store.run("thread_files", ticket_id=ticket_id, staff=int(scope.staff))
    return _files(row for row in rows if row[0] == item_id).get(item_id, ())


def timelines(store: Store, ids: Iterable[int], scope: Scope) -> dict[int, list[Item]]:
    """Return what was written on several tickets, by ticket id, wherever a merge has moved it; for folding."""
    from tix.domain.json_columns import compact

    values = {"ids": compact(list(ids)), "staff": int(scope.staff)}
    files = _files(store.run("files_of_many", **values))
    found: dict[int, list[Item]] = {}
    for row in store.run("items_of_many", **values):
        found.setdefault(row[14], []).append(_item(row, files.get(row[13], ()), folding=True))
    return found


def copy_blob(store: Store, sha256: str, write: Callable[[bytes], Any], start: int, size: int) -> None:
    """Hand ``size`` bytes of a file to ``write``, from ``start`` on, a piece at a time. Raises NotFound.

    The store is being read until it returns: ``write`` must not wait for anybody.
    """
    with store.reading():
        if not store.copy_blob(sha256, write, start, size, PIECE_BYTES):
            raise NotFound("the content of the file is missing", hint="tix doctor")


def blob(store: Store, sha256: str) -> bytes | None:
    """Return the bytes of a file, or None."""
    data = store.value("blob_get", sha256=sha256)
    return None if data is None else bytes(data)
