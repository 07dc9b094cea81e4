"""Proofs over a whole desk: the row is the fold of its timeline, the counters are the counts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

from tix.desk.context import Desk
from tix.domain.policy import Scope
from tix.domain.ticket import FIELDS, Ticket, fold
from tix.store import backup, catalog, threads, tickets

_EVERYTHING = Scope("all", "", True)
_BATCH = 500


class Finding(NamedTuple):
    """One check: its name, ``ok`` or ``failed``, and what was found."""

    name: str
    status: str
    detail: str


def examine(desk: Desk) -> Iterator[Finding]:
    """Looks at everything the store promises, one finding a promise."""
    yield _found("file", backup.check(desk.store.path) if desk.store.exists else [], "SQLite finds it whole")
    with desk.store.reading():
        yield _found("fold", list(_fold(desk)), "every ticket is the fold of its timeline")
        yield _found("numbers", list(_numbers(desk)), "no number is above the counter")
        yield _found("files", list(_files(desk)), "every file has the digest it was stored under")
        yield _found("references", list(_statuses(desk)), "every status and priority is known")


def _found(name: str, problems: list[str], good: str) -> Finding:
    if not problems:
        return Finding(name, "ok", good)
    more = f" (and {len(problems) - 3} more)" if len(problems) > 3 else ""
    return Finding(name, "failed", "; ".join(problems[:3]) + more)


def _fold(desk: Desk) -> Iterator[str]:
    ids = [id for (id,) in desk.store.run("ticket_ids").fetchall()]
    for start in range(0, len(ids), _BATCH):
        batch = ids[start : start + _BATCH]
        lines = threads.timelines(desk.store, batch, _EVERYTHING)
        for id in batch:
            stored = tickets.by_id(desk.store, id)
            if stored is None:
                continue
            items = lines.get(id, [])
            if not items:
                yield f"{stored.ref} has no timeline"
                continue
            yield from differences(stored, fold(stored.number, stored.prefix, stored.uid, items))


def differences(stored: Ticket, folded: Ticket) -> Iterator[str]:
    """Where a row is not what its timeline says."""
    for name in FIELDS:
        one, other = getattr(stored, name), getattr(folded, name)
        if name != "id" and one != other:
            yield f"{stored.ref}: {name} is {one!r}, its timeline says {other!r}"


def _numbers(desk: Desk) -> Iterator[str]:
    last = catalog.last_number(desk.store)
    highest = desk.store.value("highest_number") or 0
    if highest > last:
        yield f"number {highest} is taken, but the counter stands at {last}"


def _files(desk: Desk) -> Iterator[str]:
    for (digest,) in desk.store.run("blob_digests").fetchall():
        data = threads.blob(desk.store, digest)
        if data is None or hashlib.sha256(data).hexdigest() != digest:
            yield f"the file {digest[:12]} is not what was stored"


def _statuses(desk: Desk) -> Iterator[str]:
    known = {status.name for status in desk.rules.workflow.statuses}
    for status, count in desk.store.run("statuses_in_use").fetchall():
        if status not in known:
            yield f"{count} tickets have the status {status}, which the workflow lacks"
