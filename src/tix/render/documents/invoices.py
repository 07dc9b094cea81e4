"""An invoice as a record, as rows for a spreadsheet, and on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from typing import TYPE_CHECKING, Any, NamedTuple

from tix.domain.times import instant

if TYPE_CHECKING:
    from tix.domain.billing.invoices import Invoice, Line


class Page(NamedTuple):
    """What stands around an invoice: whose it is, what is at its foot, in which zone its day began."""

    issuer: str | None
    note: str | None
    zone: tzinfo


def record(invoice: Invoice) -> dict[str, Any]:
    """The object of ``invoice show``: money is text, so that no reader makes a float of it."""
    return {
        "number": invoice.number,
        "client": invoice.client,
        "currency": invoice.currency,
        "lines": [_line(line) for line in invoice.lines],
        "total": str(invoice.total),
        "subtotal": str(invoice.subtotal),
        "tax": str(invoice.tax),
        "tax_percent": str(invoice.tax_percent),
        "tax_name": invoice.tax_name,
        "created_at": instant(invoice.created_at),
        "created_by": invoice.created_by,
        "voided_at": None if invoice.voided_at is None else instant(invoice.voided_at),
        "voided_by": invoice.voided_by,
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "ref": line.ref,
        "subject": line.subject,
        "worked_seconds": line.seconds,
        "billed_seconds": line.billed_seconds,
        "hours": str(line.hours),
        "rate": str(line.rate),
        "amount": str(line.amount),
    }


def lines(invoice: Invoice) -> Iterator[dict[str, Any]]:
    """A row a line, each with what the whole invoice says; then the tax, if any."""
    whole = {"invoice": invoice.number, "client": invoice.client, "currency": invoice.currency}
    for line in invoice.lines:
        yield {**whole, **_line(line)}
    if invoice.tax:
        blank = dict.fromkeys(("ref", "worked_seconds", "billed_seconds", "hours", "rate"))
        yield {**whole, **blank, "subject": tax_words(invoice), "amount": str(invoice.tax)}


def tax_words(invoice: Invoice) -> str:
    """``VAT 19 %``."""
    return f"{invoice.tax_name} {invoice.tax_percent} %"


def sums(invoice: Invoice) -> list[tuple[str, str]]:
    """What stands under the lines: label and amount; the subtotal and the tax only where there is tax."""
    found = [("Total", f"{invoice.total} {invoice.currency}")]
    if invoice.tax_percent:
        taxed = [("Subtotal", str(invoice.subtotal)), (tax_words(invoice), str(invoice.tax))]
        found = [*taxed, *found]
    return found
