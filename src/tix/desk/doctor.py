"""Proofs over a whole desk: the row is the fold of its timeline, the counters are the counts."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from typing import NamedTuple

from tix.desk.context import Desk
from tix.desk.reconfigure import elsewhere
from tix.domain.people import is_login
from tix.domain.permissions import Scope, require
from tix.domain.tickets.ticket import FIELDS, Ticket, fold
from tix.domain.workflows.workflow import Workflow
from tix.store import backup, billing, damage, people
from tix.store.connection import BUSY_SECONDS
from tix.store.search import counts, facets
from tix.store.setup import repository, settings
from tix.store.tickets import merge, tickets, timeline

_EVERYTHING = Scope("all", "", True)
_BATCH = 500


class Finding(NamedTuple):
    """One check: its name, ``ok`` or ``failed``, and what was found; ``info`` where nothing can fail."""

    name: str
    status: str
    detail: str


_PRAGMAS = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout", "user_version")


def findings(desk: Desk) -> list[Finding]:
    """What is in force (``info``), and whether the desk is healthy. Raises NotAllowed."""
    import platform
    import sqlite3

    from tix import __version__

    require(desk.actor, "doctor")
    found = [
        Finding("tix", "info", __version__),
        Finding("python", "info", platform.python_version()),
        Finding("sqlite", "info", sqlite3.sqlite_version),
        Finding("store", "info", str(desk.store.path) if desk.store.exists else "none yet"),
    ]
    if not desk.store.exists:
        return found
    for name in _PRAGMAS:
        (value,) = desk.store.execute(f"PRAGMA {name}").fetchone()
        if name == "busy_timeout":
            value = BUSY_SECONDS * 1000  # SQLite waits a second at a time, the store so long in all
        found.append(Finding(name, "info", str(value)))
    mode = desk.store.path.stat().st_mode & 0o777
    found.append(Finding("mode", "failed" if mode & 0o007 else "ok", f"{mode:04o}"))
    return [*found, *examine(desk)]


def check(desk: Desk) -> list[Finding]:
    """Whether the store is whole; nothing of one that is not there yet. Raises NotAllowed."""
    require(desk.actor, "db check")
    return list(examine(desk)) if desk.store.exists else []


def examine(desk: Desk) -> Iterator[Finding]:
    """Looks at everything the store promises, one finding a promise.

    Where rows are damaged, a promise that cannot be looked at for them is one that is not kept.
    """
    yield _found("file", backup.check(desk.store.path) if desk.store.exists else [], "SQLite finds it whole")
    with desk.store.reading():
        rows = [str(one) for one in damage.damages(desk.store.connection)]
        yield _found("rows", rows, "every value is of the kind its column holds")
        for name, look, good in _PROOFS:
            try:
                problems = list(look(desk))
            except Exception as error:
                if not rows:
                    raise
                problems = [f"cannot be looked at, because rows are damaged ({type(error).__name__})"]
            yield _found(name, problems, good)


def _found(name: str, problems: list[str], good: str) -> Finding:
    if not problems:
        return Finding(name, "ok", good)
    more = f" (and {len(problems) - 3} more)" if len(problems) > 3 else ""
    return Finding(name, "failed", "; ".join(problems[:3]) + more)


def _fold(desk: Desk) -> Iterator[str]:
    ids = [id for (id,) in desk.store.run("ticket_ids").fetchall()]
    for start in range(0, len(ids), _BATCH):
        batch = ids[start : start + _BATCH]
        lines = timeline.timelines(desk.store, batch, _EVERYTHING)
        for id in batch:
            stored = tickets.by_id(desk.store, id)
            if stored is None:
                continue
            items = lines.get(id, [])
            if not items:
                yield f"{stored.ref} has no timeline"
                continue
            if "subject" not in (items[0].sets or {}):
                yield f"{stored.ref} has the timeline of another ticket before its own"
                continue
            yield from differences(stored, fold(stored.number, stored.prefix, stored.uid, items))


def differences(stored: Ticket, folded: Ticket) -> Iterator[str]:
    """Where a row is not what its timeline says."""
    for name in FIELDS:
        one, other = getattr(stored, name), getattr(folded, name)
        if name != "id" and one != other:
            yield f"{stored.ref}: {name} is {one!r}, its timeline says {other!r}"


def _numbers(desk: Desk) -> Iterator[str]:
    last = settings.last_number(desk.store)
    highest = desk.store.value("highest_number") or 0
    if highest > last:
        yield f"number {highest} is taken, but the counter stands at {last}"
    if (desk.store.value("item_highest_origin") or 0) > (desk.store.value("ticket_last_id") or 0):
        yield "the next ticket would get the timeline of one that is gone"


def _logins(desk: Desk) -> Iterator[str]:
    for person in people.everybody(desk.store):
        if not is_login(person.login) and person.merged_into is None:
            yield f"'{person.login}' is not a login; tix user merge '{person.email or person.login}' OTHER moves their tickets"


def _files(desk: Desk) -> Iterator[str]:
    for (digest,) in desk.store.run("blob_digests").fetchall():
        data = timeline.blob(desk.store, digest)
        if data is None or hashlib.sha256(data).hexdigest() != digest:
            yield f"the file {digest[:12]} is not what was stored"


def _statuses(desk: Desk) -> Iterator[str]:
    own = {one.name: one.workflow for one in repository.DEPARTMENTS.all(desk.store) if one.workflow}
    rows: list[tuple[str | None, Workflow, list[tuple[str, int]]]] = [
        (None, desk.rules.workflow, desk.store.run("statuses_in_use", elsewhere=elsewhere(desk)).fetchall())
    ]
    rows += [
        (name, desk.workflow(workflow), desk.store.run("statuses_of_department", department=name).fetchall())
        for name, workflow in own.items()
    ]
    for department, workflow, found in rows:
        known = {status.name for status in workflow.statuses}
        where = "" if department is None else f" of {department}"
        for status, count in found:
            if status not in known:
                yield f"{count} tickets{where} have the status {status}, which the workflow {workflow.name} lacks"


def _tallies(desk: Desk) -> Iterator[str]:
    counted: Counter[counts.Key] = Counter()
    for (id,) in desk.store.run("ticket_ids").fetchall():
        ticket = tickets.by_id(desk.store, id)
        if ticket is not None:
            counted.update(counts.of(ticket))
    wrong = []
    for key, count in counts.read(desk.store):
        right = counted.pop(key, 0)
        if count != right:
            wrong.append((key, count, right))
    wrong += [(key, 0, count) for key, count in counted.items()]
    for (name, day, value), count, right in sorted(wrong):
        yield f"{name} {value} of day {day} is counted as {count}, and is {right}"


def _facets(desk: Desk) -> Iterator[str]:
    """What tickets are found by against what their rows say, both ways."""
    found: dict[int, set[tuple[str, str]]] = {}
    for name, value, id in desk.store.run("facets_all").fetchall():
        found.setdefault(id, set()).add((name, value))
    for (id,) in desk.store.run("ticket_ids").fetchall():
        there = found.pop(id, set())
        ticket = tickets.by_id(desk.store, id)
        if ticket is None:
            continue
        try:
            if there != facets.of(ticket):
                yield f"{ticket.ref} is found by other assets, answers or watchers than it has"
        except (ValueError, TypeError, AttributeError):  # its columns hold no JSON, or another kind of it
            yield f"the assets, answers or watchers of {ticket.ref} cannot be read"
    for id in found:
        yield f"assets, answers or watchers are kept of ticket {id}, which is not there"


def _time(desk: Desk) -> Iterator[str]:
    sums = billing.sums(desk.store)
    for (id,) in desk.store.run("ticket_ids").fetchall():
        ticket = tickets.by_id(desk.store, id)
        if ticket is None:
            continue
        told, there = (ticket.time_seconds, ticket.unbilled_seconds), sums.pop(id, (0, 0))
        if told != there:
            yield f"{ticket.ref} says {told} seconds worked and unbilled, what was put down is {there}"
    for id in sums:
        yield f"time is kept of ticket {id}, which is not there"


def _invoices(desk: Desk) -> Iterator[str]:
    there = billing.every_invoice(desk.store)
    numbers, last = {invoice.number for invoice in there}, billing.last_number(desk.store)
    yield from (f"invoice {number} is missing" for number in range(1, last + 1) if number not in numbers)
    yield from (f"invoice {number} is beyond the counter" for number in numbers if number > last)
    for invoice in there:
        if sum(line.amount for line in invoice.lines) != invoice.subtotal:
            yield f"the lines of invoice {invoice.number} do not add up"
        if invoice.subtotal + invoice.tax != invoice.total:
            yield f"the total of invoice {invoice.number} is not what is on it"
        billed = sum(billing.billed(desk.store, invoice.number).values())
        wanted = 0 if invoice.voided_at is not None else sum(line.seconds for line in invoice.lines)
        # The time of a ticket that is gone went with it; the line keeps what it came to.
        whole = all(tickets.by_id(desk.store, line.ticket_id) for line in invoice.lines)
        if billed > wanted or (whole and billed != wanted):
            yield f"invoice {invoice.number} is of {wanted} seconds, but {billed} are marked as billed on it"


def _threads(desk: Desk) -> Iterator[str]:
    """What hangs on a ticket that its own is not merged into; and what is merged and hangs where it was."""
    for ticket, place in merge.misplaced(desk.store):
        where = tickets.by_id(desk.store, place)
        name = f"ticket {place}" if where is None else where.ref
        yield f"entries of {'nothing' if ticket is None else ticket.ref} hang on {name}"


_PROOFS: tuple[tuple[str, Callable[[Desk], Iterator[str]], str], ...] = (
    ("fold", _fold, "every ticket is the fold of its timeline"),
    ("numbers", _numbers, "no number is above the counter"),
    ("logins", _logins, "every login is one that can be typed"),
    ("files", _files, "every file has the digest it was stored under"),
    ("references", _statuses, "every status is one of its workflow"),
    ("tallies", _tallies, "every count is what counting gives"),
    ("facets", _facets, "every asset, answer and watcher is found by its ticket"),
    ("threads", _threads, "every entry hangs where its ticket is, or is merged"),
    ("time", _time, "every ticket's time is the sum of what was put down"),
    ("invoices", _invoices, "every invoice adds up, and no number is missing"),
)
