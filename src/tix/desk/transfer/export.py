"""Export the desk: what the actor may see, in one consistent snapshot.

Everything is read in one transaction into an unlinked temporary file; the store is unlocked before anything is
printed. Rows stay as the database driver returns them; the caller formats them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from tix.desk.context import Desk
from tix.desk.tickets.read import NAMING, Named
from tix.desk.transfer import billing
from tix.domain.permissions import require
from tix.domain.tickets.own_words import OLD_TEXTS
from tix.domain.tickets.ticket import FIELDS
from tix.store import people
from tix.store.search.queue import Selection
from tix.store.setup import repository, settings
from tix.store.setup import rows as setup_rows
from tix.store.spool import SpillFile
from tix.store.tickets import dump
from tix.store.tickets.dump import TicketPage
from tix.store.tickets.timeline import blob
from tix.typing import Any

# The columns of a ticket that hold a login.
_PEOPLE = tuple(
    FIELDS.index(name) for name in ("requester", "creator", "assignee", "closed_by", "last_replier")
)


class Export:
    """A snapshot. ``names`` maps each login mentioned to a name; ``facts`` is the object ``desk``."""

    def __init__(self, heap: SpillFile, names: dict[str, str], facts: dict[str, Any]) -> None:
        self._heap = heap
        self.names = names
        self.facts = facts

    def parts(self) -> Iterator[TicketPage]:
        """Yield the tickets, in order."""
        return (TicketPage(*value) for value in self._heap.values())

    def data(self, sha256: str) -> bytes | None:
        """Return the bytes of a file, None where files were not exported."""
        return self._heap.bytes_of(sha256) if sha256 in self._heap else None


@contextmanager
def taken(desk: Desk, selection: Selection, *, files: bool) -> Iterator[Export]:
    """Take a snapshot of the selected tickets; with ``files``, the bytes of their attachments. Anybody may export."""
    require(desk.actor, "export")
    heap = SpillFile()
    try:
        with desk.store.reading():
            names: dict[str, str] = {}
            named = Named(desk.store, desk.scope)
            for part in dump.parts(desk.store, desk.scope, selection, desk.now):
                if not desk.scope.staff:
                    part = _told(part, named)  # noqa: PLW2901  # as this reader sees it
                if not desk.actor.is_admin:
                    part = _without_old_texts(part)  # noqa: PLW2901
                heap.put(tuple(part))
                _name_people(desk, part, names)
                if files:
                    _keep_files(desk, part, heap)
            facts = _facts(desk) if desk.scope.staff else {"people": _acquaintances(desk, names)}
        yield Export(heap, names, facts)
    finally:
        heap.close()


_MERGED_INTO = FIELDS.index("merged_into")
_TYPE, _OLD, _NEW, _ORIGIN = 7, 9, 10, 15


def _without_old_texts(part: TicketPage) -> TicketPage:
    """Return a part without the texts that somebody took back, which admins alone read."""

    def item(row: Any) -> Any:
        return (*row[:_OLD], None, *row[_OLD + 1 :]) if row[_TYPE] in OLD_TEXTS else row

    return part._replace(items={id: [item(one) for one in items] for id, items in part.items.items()})


def _told(part: TicketPage, named: Named) -> TicketPage:
    """Return a part without references to hidden tickets, as ``show`` prints them (``Named``)."""

    def ref(value: Any) -> Any:
        return value if value is not None and named.sees(value) else None

    def item(row: Any) -> Any:
        whole = list(row)
        whole[_ORIGIN] = ref(whole[_ORIGIN])
        if whole[_TYPE] in NAMING:
            whole[_OLD], whole[_NEW] = ref(whole[_OLD]), ref(whole[_NEW])
        return tuple(whole)

    rows = []
    for row in part.rows:
        whole = list(row)
        whole[_MERGED_INTO] = ref(whole[_MERGED_INTO])
        rows.append(tuple(whole))
    return part._replace(
        rows=rows, items={id: [item(one) for one in items] for id, items in part.items.items()}
    )


def _name_people(desk: Desk, part: TicketPage, names: dict[str, str]) -> None:
    """Add the names of the people a part mentions."""
    found = {row[place] for row in part.rows for place in _PEOPLE}
    found |= {login for items in part.items.values() for row in items for login in row[2:4]}
    unknown = found - names.keys() - {None}
    if unknown:
        names.update((login, one.name) for login, one in people.named(desk.store, unknown).items())


def _keep_files(desk: Desk, part: TicketPage, heap: SpillFile) -> None:
    for rows in part.files.values():
        for row in rows:
            if row[4] not in heap:
                data = blob(desk.store, row[4])
                if data is not None:
                    heap.put_bytes(row[4], data)


def _acquaintances(desk: Desk, names: Iterable[str]) -> list[dict[str, Any]]:
    """Return the people on a requester's tickets: names only, and no e-mail address but their own."""
    known = people.named(desk.store, names)
    me = desk.actor.login
    return [
        {"login": login, "name": known[login].name, "email": known[login].email if login == me else None}
        for login in sorted(known)
    ]


def _facts(desk: Desk) -> dict[str, Any]:
    """Return how the desk is set up, for staff: enough to recreate the same desk."""
    store = desk.store
    return {
        "people": [people.facts(row) for row in store.run("people_whole").fetchall()],
        "types": [kind._asdict() for kind in repository.TYPES.all(store)],
        "priorities": [one._asdict() for one in repository.PRIORITIES.all(store)],
        "nouns": setup_rows.read(store),
        "settings": dict(sorted(settings.settings(store).items())),
        "next_number": settings.last_number(store) + 1,
        # As in the log: for a deleted ticket, nothing records any more who may see it.
        "tombstones": _tombstones(desk) if desk.scope.kind == "all" else [],
        **(billing.facts(store) if desk.scope.kind == "all" else {}),
    }


TOMBSTONE_COLUMNS = ("id", "uid", "prefix", "number", "created_at", "deleted_at", "deleted_by", "via")
BARE_ITEM_COLUMNS = ("kind", "at", "by", "via", "side", "internal")


def _tombstones(desk: Desk) -> list[dict[str, Any]]:
    """Return deleted tickets: number, dates, and who did what kind of thing when, without content."""
    gone = [dict(zip(TOMBSTONE_COLUMNS, row, strict=True)) for row in desk.store.run("tombstones")]
    for start in range(0, len(gone), dump.BATCH):
        some = gone[start : start + dump.BATCH]
        items = dump.bare_items(desk.store, [one["id"] for one in some])
        for one in some:
            one["items"] = [
                {"id": row[13], **dict(zip(BARE_ITEM_COLUMNS, row[:6], strict=True)), "type": row[7]}
                for row in items.get(one["id"], ())
            ]
    return gone
