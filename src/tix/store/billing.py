"""Time and invoices in the store: who worked how long, whose timer runs, what was billed.

Time entries are stored and deleted together with their item (``store.tickets.tickets``); here they are read, and
put on invoices.
"""

from __future__ import annotations

from collections.abc import Iterator

from tix.domain.billing.time_entries import Entry, Timer
from tix.domain.tickets.timeline import Work
from tix.store.spool import spooled
from tix.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tix.domain.billing.invoices import Invoice
    from tix.domain.permissions import Scope
    from tix.domain.tickets.ticket import Ticket
    from tix.store.connection import Store

_EVER = 2**62


# ------------------------------------------------------------------------------------------------ time


def work_values(work: Work, id: int, by: str | None) -> dict[str, Any]:
    """Return a time entry as its row; ``id`` is the item's."""
    return {
        "id": id,
        "by": by,
        "at": work.at,
        "seconds": work.seconds,
        "billable": int(work.billable),
        "invoice": work.invoice,
    }


def _entry(row: Any) -> Entry:
    id, by, at, seconds, billable, invoice, text, prefix, number = row
    return Entry(id, by, Work(at, seconds, bool(billable), invoice, id), text, f"{prefix}{number}", number)


def entry(store: Store, scope: Scope, id: int) -> Entry | None:
    """Return the time entry with that number if ``scope`` sees its ticket, else None."""
    row = store.scoped("work_get", scope, id=id).fetchone()
    return None if row is None else _entry(row)


def entries(
    store: Store,
    scope: Scope,
    *,
    ticket_id: int | None = None,
    by: str | None = None,
    since: int | None = None,
    until: int | None = None,
    unbilled: bool = False,
    limit: int = -1,
) -> Iterator[Entry]:
    """Yield the time entries ``scope`` sees, latest work first; all of them for a ticket; -1 is no limit."""
    values: dict[str, Any] = {
        "since": -_EVER if since is None else since,
        "until": _EVER if until is None else until,
        "unbilled": int(unbilled),
    }
    if ticket_id is not None:
        rows = store.scoped("works_of_ticket", scope, ticket_id=ticket_id, **values)
    elif by is not None:
        rows = store.scoped("works_by", scope, by=by, limit=limit, **values)
    else:
        rows = store.scoped("works", scope, limit=limit, **values)
    return map(_entry, spooled(rows))


def sums(store: Store) -> dict[int, tuple[int, int]]:
    """Return for each ticket with time entries their total seconds, and the unbilled seconds."""
    return {id: (time, unbilled) for id, time, unbilled in store.run("works_summed")}


# ---------------------------------------------------------------------------------------------- timers


def _timer(row: Any) -> Timer:
    by, ticket_id, started_at, prefix, number = row
    return Timer(by, ticket_id, started_at, f"{prefix}{number}")


def timers(store: Store, scope: Scope) -> list[Timer]:
    """Return the timers that run on tickets ``scope`` sees, the longest running first."""
    return [_timer(row) for row in store.scoped("timers", scope).fetchall()]


def start(store: Store, login: str, ticket_id: int, now: int) -> None:
    """Start a timer."""
    store.run("timer_add", by=login, ticket_id=ticket_id, started_at=now)


def stop(store: Store, login: str, ticket_id: int) -> None:
    """Remove a timer."""
    store.run("timer_drop", who=login, ticket=ticket_id)


# -------------------------------------------------------------------------------------------- invoices


def take_number(store: Store) -> int:
    """Return the next invoice number, used by nobody else; it is given back if the transaction is rolled back."""
    (number,) = store.run("invoice_number").fetchall()[0]
    return int(number)


def last_number(store: Store) -> int:
    """Return the highest invoice number."""
    return int(store.value("counter_get", name="invoice") or 0)


def raise_number(store: Store, last: int) -> None:
    """Make ``last`` the highest number handed out."""
    store.run("invoice_numbers", last=last).fetchall()


def add(store: Store, invoice: Invoice) -> None:
    """Store an invoice with its lines."""
    values = invoice._asdict()
    lines = values.pop("lines")
    for name in ("subtotal", "tax_percent", "tax", "total"):
        values[name] = str(values[name])
    store.run("invoice_add", **values)
    for position, one in enumerate(lines, 1):
        row = one._asdict() | {"rate": str(one.rate), "amount": str(one.amount)}
        store.run("invoice_line_add", invoice=invoice.number, position=position, **row)


def bill(store: Store, ticket: Ticket, number: int) -> None:
    """Put the ticket's unbilled time entries on that invoice."""
    store.run("works_bill", ticket=ticket.id, number=number)


def billed(store: Store, number: int) -> dict[int, int]:
    """Return the seconds on an invoice, by the id of the ticket they are on now."""
    return dict(store.run("works_of_invoice", number=number).fetchall())


def void(store: Store, number: int, at: int, by: str | None) -> None:
    """Void the invoice; its time entries are unbilled again."""
    store.run("works_free", number=number)
    store.run("invoice_void", key=number, at=at, who=by)


def _invoice(store: Store, row: Any) -> Invoice:
    from decimal import Decimal

    from tix.domain.billing.invoices import Invoice, InvoiceLine

    number, client, currency, created_at, created_by, subtotal, percent, name, tax, total, *voided = row
    lines = tuple(
        InvoiceLine(*(*one[2:7], Decimal(one[7]), Decimal(one[8])))
        for one in store.run("invoice_lines", number=number).fetchall()
    )
    return Invoice(
        number,
        client,
        currency,
        created_at,
        created_by,
        lines,
        Decimal(subtotal),
        Decimal(percent),
        name,
        Decimal(tax),
        Decimal(total),
        *voided,
    )


def invoice(store: Store, scope: Scope, number: int) -> Invoice | None:
    """Return the invoice with that number if ``scope`` sees every ticket on it, else None."""
    row = store.scoped("invoice_get", scope, number=number).fetchone()
    return None if row is None else _invoice(store, row)


def invoices(store: Store, scope: Scope, client: str | None = None) -> Iterator[Invoice]:
    """Yield the invoices ``scope`` sees, newest first; only those of ``client`` if given."""
    if client is None:
        rows = store.scoped("invoices", scope)
    else:
        rows = store.scoped("invoices_of_client", scope, client=client)
    return (_invoice(store, row) for row in spooled(rows))


def every_invoice(store: Store) -> list[Invoice]:
    """Return all invoices, in order."""
    return [_invoice(store, row) for row in store.run("invoices_whole").fetchall()]
