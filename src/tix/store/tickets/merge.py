"""Move entries between tickets: whole threads with a merge, some entries with a split. Inside ``Store.writing``.

A merge takes two statements, however long the thread is. Search documents stay with the ticket that the text was
written on; a split moves them, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tix.domain.tickets.merge import Standing
from tix.domain.tickets.ticket import Ticket
from tix.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tix.domain.people import Person
    from tix.domain.tickets.timeline import Item
    from tix.store.connection import Store


def _ids(ids: Iterable[int]) -> str:
    return f"[{','.join(map(str, ids))}]"


# --------------------------------------------------------------------------------------------- merging


def sources(store: Store, ticket: Ticket) -> list[Ticket]:
    """Return the tickets that are merged into this one."""
    return [Ticket(*row) for row in store.run("merged_into", ref=ticket.ref).fetchall()]


def family(store: Store, ticket: Ticket) -> list[Ticket]:
    """Return a ticket, the tickets merged into it, those merged into them, and so on."""
    found = [ticket]
    for one in found:
        found += sources(store, one)
    return found


def holder(store: Store, ticket: Ticket) -> Ticket:
    """Return the ticket that a ticket's entries belong to.

    That is the ticket itself or the last of the tickets it is merged into, as far as those exist.
    """
    seen = {ticket.number}
    while ticket.merged_into is not None:
        further = numbered(store, ticket.merged_into)
        if further is None or further.number in seen:
            return ticket
        ticket = further
        seen.add(ticket.number)
    return ticket


def numbered(store: Store, ref: str) -> Ticket | None:
    """Return the ticket with a stored reference, whoever may see it."""
    row = store.row("ticket_numbered", number=int(ref.rpartition("-")[2]))
    return None if row is None else Ticket(*row)


def move(store: Store, source: Ticket, target: Ticket, hidden: Iterable[Ticket]) -> None:
    """Move everything on ``source`` to ``target``; there only staff read what was written on one of ``hidden``."""
    store.run("items_hide", ticket=source.id, origins=_ids(one.id or 0 for one in hidden))
    store.run("items_move", ticket=source.id, target=target.id)
    store.run("timers_move", ticket=source.id, target=target.id)


def add(store: Store, source: Ticket, target: Ticket, hidden_by: Ticket | None) -> None:
    """Move what has just been written on a merged ticket to ``target``.

    If the merge of ``hidden_by`` separates its readers from those of the target, only staff read it there.
    """
    if hidden_by is not None:
        store.run("items_set_apart", origin=source.id, hidden_by=hidden_by.id)
    hang(store, source.id or 0, target.id or 0)


def way(store: Store, ticket: Ticket) -> list[Ticket]:
    """Return a ticket, the one it is merged into, and so on, to the one its entries belong to."""
    found = [ticket]
    while (found[-1].merged_into) is not None:
        further = numbered(store, found[-1].merged_into or "")
        if further is None or further.number in {one.number for one in found}:
            return [ticket]
        found.append(further)
    return found


def bring_back(store: Store, source: Ticket, target: Ticket, origins: Iterable[Ticket]) -> None:
    """Move what was written on one of ``origins`` from ``target`` back to ``source``."""
    ids = _ids(one.id or 0 for one in origins)
    store.run("items_return", ticket=source.id, target=target.id, origins=ids)


def hang(store: Store, source_id: int, target_id: int) -> None:
    """Move what was written on a ticket to another one: for imports, which add tickets one by one."""
    store.run("items_hang", origin=source_id, target=target_id)


def set_apart(store: Store, provisional: int, ticket_id: int | None) -> None:
    """Give items hidden by the merge of a ticket its id, or with None their own ticket's. For imports."""
    store.run("items_apart", provisional=provisional, ticket=ticket_id)


def with_both_timers(store: Store, source: Ticket, target: Ticket) -> list[str]:
    """Return the logins of those whose timers run on both."""
    return [login for (login,) in store.run("timers_both", ticket=source.id, target=target.id).fetchall()]


def worked(store: Store, target: Ticket, origins: Iterable[Ticket]) -> tuple[int, int]:
    """Return the seconds on ``target`` that were logged on one of ``origins``: all, and unbilled."""
    row = store.row("works_of_origins", ticket_id=target.id, origins=_ids(one.id or 0 for one in origins))
    return int(row[0]), int(row[1])


def standing(store: Store, ticket: Ticket) -> Standing:
    """Return the counts of a ticket's thread, and who wrote last."""
    id = ticket.id
    entries, notes = store.row("hanging_counts", ticket_id=id)
    files, internal = store.row("hanging_files", ticket_id=id)
    newest = store.row("newest_entries", ticket_id=id)
    status = store.value("newest_status", ticket_id=id)
    reopened = store.row("newest_reopening", ticket_id=id)
    last, answered, at = None, 0, ticket.created_at
    if newest is not None:
        at = max(at, newest[1])
        if newest[0] != store.value("opening_id", ticket_id=id):
            last = newest[2]
            after = reopened is not None and (reopened[0], reopened[1]) > (newest[1], newest[0])
            answered = int(newest[3] == "reply" and not after)
    return Standing(entries, notes, files, internal, last, max(at, status or at), answered)


def own_counts(store: Store, ticket: Ticket) -> dict[str, int]:
    """Return how many of the entries and files on a ticket were written on it."""
    entries, notes = store.row("written_counts", ticket_id=ticket.id)
    files, internal = store.row("written_files", ticket_id=ticket.id)
    return {"entries": entries, "notes": notes, "attachments": files, "internal_attachments": internal}


def misplaced(store: Store) -> list[tuple[Ticket | None, int]]:
    """Return items on a ticket that their own is not merged into.

    Each is the ticket they were written on, and the id of the ticket they are on.
    """
    found: list[tuple[Ticket | None, int]] = []
    for origin, place in store.run("moved_pairs").fetchall():
        row = store.row("ticket_by_id", id=origin)
        ticket = None if row is None else Ticket(*row)
        if ticket is not None and holder(store, ticket).id != place:
            found.append((ticket, place))
    return found


# -------------------------------------------------------------------------------------------- splitting


def split(
    store: Store, old: Ticket, ticket: Ticket, entries: Sequence[Item], people: dict[str, Person]
) -> Ticket:
    """Store a new ticket whose timeline is ``entries``, which leave that of ``old``; the first one is its opening."""
    import json

    from tix.store.search import counts, facets, index

    cursor = store.run("ticket_add", **ticket._asdict())
    assert cursor.lastrowid is not None
    assert old.id is not None
    stored = ticket._replace(id=cursor.lastrowid)
    for ordinal, item in enumerate(entries, 1):
        names = [file.name for file in item.files]
        before = store.value("item_ordinal", id=item.id)
        index.forget_entry(store, old.id, before, item.internal, item.body, names)
        sets: Any = None if item.sets is None else json.dumps(item.sets, separators=(",", ":"))
        store.run(
            "item_split",
            key=item.id,
            ticket=stored.id,
            new_kind=item.kind,
            new_side=item.side,
            new_sets=sets,
            new_ordinal=ordinal,
        )
        store.run("notice_move", key=item.id, old=old.id, ticket=stored.id)
        index.add_entry(store, cursor.lastrowid, ordinal, item)
    index.add_head(store, stored, people)
    facets.add(store, stored)
    counts.changed(store, None, stored)
    return stored
