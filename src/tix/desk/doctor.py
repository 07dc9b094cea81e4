"""Check a whole desk: tickets match their history, counters match the tickets, and so on."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from tix.desk.accounts import readers
from tix.desk.context import Desk
from tix.desk.reconfigure import elsewhere
from tix.domain.people import is_login
from tix.domain.permissions import Scope, require
from tix.domain.tickets.ticket import FIELDS, Ticket, fold
from tix.domain.workflows.workflow import Workflow
from tix.errors import DamagedStore
from tix.store import backup, billing, people, rebuild
from tix.store.mail import outbox, received
from tix.store.search import counts, facets
from tix.store.setup import repository, settings
from tix.store.tickets import merge, tickets, timeline
from tix.typing import NamedTuple

_EVERYTHING = Scope("all", "", True)
_BATCH = 500


class Finding(NamedTuple):
    """The result of a check: its name, ``ok``, ``failed`` or (for plain facts) ``info``, and details.

    ``hint`` is what to do about it: a sentence, or a command to run.
    """

    name: str
    status: str
    detail: str
    hint: str | None = None


REPAIR = "tix doctor --fix"
# What is computed from the tickets can be computed again.
_COMPUTED = ("search", "facets", "tallies")
_HINTS = {
    "file": "tix db restore FILE puts the last backup in its place, and keeps this file; change nothing until then",
    **dict.fromkeys(_COMPUTED, REPAIR),
}
_HINTS["accounts"] = "tix db accounts, tix db grant and tix db revoke put it right"
_HINTS["rows"] = _HINTS["file"]
_REPORT_IT = (
    "back up the desk as it is (tix db backup FILE), and report this with the output of tix doctor --json"
)


def findings(desk: Desk) -> list[Finding]:
    """Return versions and settings in use (``info``), and the result of every check. Raises NotAllowed."""
    import platform

    from tix import __version__

    require(desk.actor, "doctor")
    readers.require_desk_account(desk.store, "tix doctor")
    engine = desk.store.details()
    found = [
        Finding("tix", "info", __version__),
        Finding("python", "info", platform.python_version()),
        Finding(engine.name, "info", engine.version),
        Finding("store", "info", desk.store.place if desk.store.exists else "none yet"),
    ]
    if not desk.store.exists:
        return found
    found += [Finding(name, "info", value) for name, value in engine.settings.items()]
    if desk.store.is_file:
        found.append(_mode(desk.store.path))
    waiting = {**outbox.counts(desk.store), **received.counts(desk.store)}
    if waiting:
        told = {
            name: waiting.get(name, 0) for name in ("queued", "failed", "uncertain", "quarantined", "ignored")
        }
        words = ", ".join(f"{count} {name}" for name, count in told.items() if count)
        found.append(Finding("mail", "info", f"{words}; see tix mail status" if words else "nothing waits"))
    return [*found, *examine(desk)]


def _mode(path: Path) -> Finding:
    mode = path.stat().st_mode & 0o777
    open_to_all = bool(mode & 0o007)
    return Finding("mode", "failed" if open_to_all else "ok", f"{mode:04o}", REPAIR if open_to_all else None)


def check(desk: Desk) -> list[Finding]:
    """Return the result of every check on the store; empty where there is no store. Raises NotAllowed."""
    require(desk.actor, "db check")
    readers.require_desk_account(desk.store, "tix db check")
    return list(examine(desk)) if desk.store.exists else []


def examine(desk: Desk) -> Iterator[Finding]:
    """Run every check on the store, one finding each.

    A check that cannot run because rows are damaged has failed.
    """
    if desk.store.is_file:
        yield _found(
            "file", backup.check(desk.store.path) if desk.store.exists else [], "Database file is intact."
        )
    with desk.store.reading():
        rows = [str(one) for one in desk.store.damages()]
        yield _found("rows", rows, "Values have the type of their column.")
        for name, look, good in _PROOFS:
            try:
                problems = list(look(desk))
            except Exception as error:
                if not rows:
                    raise
                problems = [f"cannot be checked, because rows are damaged ({type(error).__name__})"]
            yield _found(name, problems, good)
    behind = readers.problems(desk.store)
    if behind is not None:
        yield _found(
            "accounts", list(behind), "Accounts of people read what their views show, and nothing else."
        )


def _found(name: str, problems: list[str], good: str) -> Finding:
    if not problems:
        return Finding(name, "ok", good)
    more = f" (and {len(problems) - 3} more)" if len(problems) > 3 else ""
    return Finding(name, "failed", "; ".join(problems[:3]) + more, _HINTS.get(name, _REPORT_IT))


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
                yield f"{stored.ref} has no history"
                continue
            if "subject" not in (items[0].sets or {}):
                yield f"{stored.ref} has the history of another ticket before its own"
                continue
            yield from differences(stored, fold(stored.number, stored.prefix, stored.uid, items))


def differences(stored: Ticket, folded: Ticket) -> Iterator[str]:
    """Yield the values of a row that differ from its timeline."""
    for name in FIELDS:
        one, other = getattr(stored, name), getattr(folded, name)
        if name != "id" and one != other:
            yield f"{stored.ref}: {name} is {one!r}, but its history says {other!r}"


def _numbers(desk: Desk) -> Iterator[str]:
    last = settings.last_number(desk.store)
    highest = desk.store.value("highest_number") or 0
    if highest > last:
        yield f"ticket number {highest} is in use, but the counter is at {last}"
    if (desk.store.value("item_highest_origin") or 0) > (desk.store.value("ticket_last_id") or 0):
        yield "the next ticket would get the history of a deleted one"


def _logins(desk: Desk) -> Iterator[str]:
    for person in people.everybody(desk.store):
        if not is_login(person.login) and person.merged_into is None:
            yield f"'{person.login}' is not a valid login; to move their tickets: tix user merge '{person.email or person.login}' OTHER"


def _files(desk: Desk) -> Iterator[str]:
    for (digest,) in desk.store.run("blob_digests").fetchall():
        data = timeline.blob(desk.store, digest)
        if data is None or hashlib.sha256(data).hexdigest() != digest:
            yield f"attachment {digest[:12]} is missing or was changed"


def _mails(desk: Desk) -> Iterator[str]:
    for id, digest in received.digests(desk.store):
        try:
            data = received.raw(desk.store, id)
        except DamagedStore:
            data = None
        if data is None or hashlib.sha256(data).hexdigest() != digest:
            yield f"the text of mail {id} was changed"


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
        where = "" if department is None else f" in {department}"
        for status, count in found:
            if status not in known:
                yield f"tickets{where} with status {status}, which workflow {workflow.name} does not have: {count}"


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
        yield f"the count of {name} {value} on day {day} is {count}, but should be {right}"


def _facets(desk: Desk) -> Iterator[str]:
    """Compare the search keys of tickets with their rows, both ways."""
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
                yield f"search keys of {ticket.ref} do not match its assets, custom fields or followers"
        except (ValueError, TypeError, AttributeError):  # its columns hold invalid or unexpected JSON
            yield f"the assets, custom fields or followers of {ticket.ref} cannot be read"
    for id in found:
        yield f"search keys exist for ticket {id}, which does not exist"


def _time(desk: Desk) -> Iterator[str]:
    sums = billing.sums(desk.store)
    for (id,) in desk.store.run("ticket_ids").fetchall():
        ticket = tickets.by_id(desk.store, id)
        if ticket is None:
            continue
        told, there = (ticket.time_seconds, ticket.unbilled_seconds), sums.pop(id, (0, 0))
        if told != there:
            yield f"{ticket.ref} has {told} seconds worked and unbilled, but its time entries add up to {there}"
    for id in sums:
        yield f"time entries exist for ticket {id}, which does not exist"


def _invoices(desk: Desk) -> Iterator[str]:
    there = billing.every_invoice(desk.store)
    numbers, last = {invoice.number for invoice in there}, billing.last_number(desk.store)
    yield from (f"invoice {number} is missing" for number in range(1, last + 1) if number not in numbers)
    yield from (f"invoice {number} is above the counter" for number in numbers if number > last)
    for invoice in there:
        if sum(line.amount for line in invoice.lines) != invoice.subtotal:
            yield f"the lines of invoice {invoice.number} do not add up to its subtotal"
        if invoice.subtotal + invoice.tax != invoice.total:
            yield f"the total of invoice {invoice.number} is not its subtotal plus tax"
        billed = sum(billing.billed(desk.store, invoice.number).values())
        wanted = 0 if invoice.voided_at is not None else sum(line.seconds for line in invoice.lines)
        # A deleted ticket took its time entries with it; the invoice line keeps the sum.
        whole = all(tickets.by_id(desk.store, line.ticket_id) for line in invoice.lines)
        if billed > wanted or (whole and billed != wanted):
            yield f"invoice {invoice.number} bills {wanted} seconds, but time entries of {billed} seconds are marked as billed on it"


def _threads(desk: Desk) -> Iterator[str]:
    """Find entries on a ticket that theirs is not merged into, and merged entries that did not move."""
    for ticket, place in merge.misplaced(desk.store):
        where = tickets.by_id(desk.store, place)
        name = f"ticket {place}" if where is None else where.ref
        yield f"entries of {'no ticket' if ticket is None else ticket.ref} are attached to {name}"


_PROOFS: tuple[tuple[str, Callable[[Desk], Iterator[str]], str], ...] = (
    ("fold", _fold, "Tickets match their history."),
    ("numbers", _numbers, "Ticket numbers are within the counter."),
    ("logins", _logins, "Logins are valid."),
    ("files", _files, "Attachments are intact."),
    ("mails", _mails, "Received mails are intact."),
    ("references", _statuses, "Statuses belong to their workflow."),
    ("tallies", _tallies, "Counts match the tickets."),
    ("search", lambda desk: rebuild.missing_documents(desk.store), "Every text is in the search index."),
    ("facets", _facets, "Search keys match the tickets."),
    ("threads", _threads, "Entries are on their ticket, or where it is merged."),
    ("time", _time, "Time of tickets matches their time entries."),
    ("invoices", _invoices, "Invoices add up, and no number is missing."),
)
