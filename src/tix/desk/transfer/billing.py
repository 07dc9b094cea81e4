"""Export and import of invoices and running timers.

Time entries are part of the timeline items that log them. Invoices and timers are exported only for who sees the
whole desk, and imported only by an admin into an untouched desk. In any other import, time that was billed
becomes non-billable.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation

from tix.desk.context import Desk
from tix.domain.billing.invoices import Invoice, InvoiceLine, parse_currency
from tix.domain.people import kept_login
from tix.domain.tickets.timeline import Item
from tix.errors import BrokenRecord
from tix.importers import fields as read
from tix.importers.fields import Record
from tix.store import billing
from tix.store.connection import Store
from tix.store.tickets import tickets
from tix.typing import Any, NamedTuple

_MOST = 2**53


class Timer(NamedTuple):
    """A running timer: a person's login, a ticket id, and its start (UTC seconds)."""

    by: str
    ticket_id: int
    started_at: int


class InvoicesAndTimers(NamedTuple):
    """Invoices by number, and timers."""

    invoices: Mapping[int, Invoice] = {}  # an immutable value
    timers: tuple[Timer, ...] = ()

    @property
    def people(self) -> set[str]:
        """Return the logins they mention."""
        named = {login for one in self.invoices.values() for login in (one.created_by, one.voided_by)}
        return {login for login in named | {timer.by for timer in self.timers} if login is not None}


def facts(store: Store) -> dict[str, Any]:
    """Return invoices and timers as an export has them; amounts are text."""
    return {
        "invoices": [_told(invoice) for invoice in billing.every_invoice(store)],
        "timers": [Timer(*row)._asdict() for row in store.run("timers_whole").fetchall()],
    }


def _told(invoice: Invoice) -> dict[str, Any]:
    lines = [_plain(line._asdict()) for line in invoice.lines]
    return _plain(invoice._asdict()) | {"lines": lines}


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: str(one) if isinstance(one, Decimal) else one for name, one in values.items()}


# ---------------------------------------------------------------------------------------------- reading


def parse(invoices: Iterable[Record], timers: Iterable[Record], clients: set[str]) -> InvoicesAndTimers:
    """Parse the invoices and timers of a file. Raises BrokenRecord for what no desk could have written."""
    found: dict[int, Invoice] = {}
    for told in invoices:
        invoice = _invoice(told)
        if invoice.number in found:
            raise BrokenRecord(f"invoice {invoice.number} appears twice")
        if invoice.client not in clients:
            raise BrokenRecord(
                f"invoice {invoice.number} is for client '{invoice.client[:40]}', which the file does not have"
            )
        found[invoice.number] = invoice
    clocks = [
        Timer(_person(told, "by", needed=True) or "", _number(told, "ticket_id"), _number(told, "started_at"))
        for told in timers
    ]
    if len({clock[:2] for clock in clocks}) < len(clocks):
        raise BrokenRecord("the same timer appears twice")
    return InvoicesAndTimers(found, tuple(clocks))


def _invoice(told: Record) -> Invoice:
    number = _number(told, "number")
    if not number:
        raise BrokenRecord("0 is not an invoice number")
    void = told.get("voided_at") is not None
    invoice = Invoice(
        number,
        read.text(told, "client"),
        parse_currency(read.text(told, "currency")),
        _number(told, "created_at"),
        _person(told, "created_by"),
        tuple(_line(one) for one in read.records(told, "lines")),
        _money(told, "subtotal"),
        _money(told, "tax_percent"),
        read.one_line(read.text(told, "tax_name")),
        _money(told, "tax"),
        _money(told, "total"),
        _number(told, "voided_at") if void else None,
        _person(told, "voided_by") if void else None,
    )
    if sum(line.amount for line in invoice.lines) != invoice.subtotal:
        raise BrokenRecord(f"the lines of invoice {number} do not add up to its subtotal")
    if invoice.subtotal + invoice.tax != invoice.total:
        raise BrokenRecord(f"the total of invoice {number} is not its subtotal plus tax")
    return invoice


def _line(told: Record) -> InvoiceLine:
    subject = told.get("subject")
    return InvoiceLine(
        _number(told, "ticket_id"),
        read.one_line(read.text(told, "ref")),
        None if subject is None else read.one_line(read.text(told, "subject")),
        _number(told, "seconds"),
        _number(told, "billed_seconds"),
        _money(told, "rate"),
        _money(told, "amount"),
    )


def _number(told: Record, name: str) -> int:
    value = told.get(name)
    if type(value) is not int or not 0 <= value < _MOST:
        raise BrokenRecord(f"'{name}' is not a whole number from 0 to {_MOST - 1}")
    return value


def _money(told: Record, name: str) -> Decimal:
    text = read.text(told, name)
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or amount < 0 or str(amount) != text:
        raise BrokenRecord(f"'{name}' is not an amount")
    return amount


def _person(told: Record, name: str, *, needed: bool = False) -> str | None:
    value = told.get(name)
    return None if value is None and not needed else kept_login(read.text(told, name))


def freed(item: Item, known: Mapping[int, Invoice]) -> Item:
    """Return an item with its time made non-billable where its invoice is not imported with it."""
    if item.work is None or item.work.invoice is None or item.work.invoice in known:
        return item
    return item._replace(work=item.work._replace(billable=False, invoice=None))


# ---------------------------------------------------------------------------------------------- writing


def restore(desk: Desk, books: InvoicesAndTimers) -> None:
    """Restore invoices and timers of a whole desk, after its tickets.

    A line whose ticket is not in the file refers to no ticket (id 0), because a later ticket may get that id.
    """
    deleted = {row[0] for row in desk.store.run("tombstones")}
    for invoice in books.invoices.values():
        lines = [
            line
            if line.ticket_id in deleted or tickets.by_id(desk.store, line.ticket_id) is not None
            else line._replace(ticket_id=0)
            for line in invoice.lines
        ]
        billing.add(desk.store, invoice._replace(lines=tuple(lines)))
    billing.raise_number(desk.store, max(books.invoices, default=0))
    for timer in books.timers:
        if tickets.by_id(desk.store, timer.ticket_id) is not None:
            billing.start(desk.store, timer.by, timer.ticket_id, timer.started_at)
