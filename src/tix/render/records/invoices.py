"""Invoices as records, and as rows for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator

from tix.domain.times import instant
from tix.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tix.domain.billing.invoices import Invoice, InvoiceLine


def record(invoice: Invoice) -> dict[str, Any]:
    """The object of ``invoice show``: money is text, so that no reader makes a float of it."""
    return {
        "number": invoice.number,
        "client": invoice.client,
        "currency": invoice.currency,
        "lines": [line(one) for one in invoice.lines],
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


def line(one: InvoiceLine) -> dict[str, Any]:
    """A line of an invoice: what one ticket comes to."""
    return {
        "ref": one.ref,
        "subject": one.subject,
        "worked_seconds": one.seconds,
        "billed_seconds": one.billed_seconds,
        "hours": str(one.hours),
        "rate": str(one.rate),
        "amount": str(one.amount),
    }


def parse(found: dict[str, Any]) -> Invoice:
    """Return the invoice that a record is of; its lines do not know their tickets."""
    from decimal import Decimal

    from tix.domain.billing.invoices import Invoice, InvoiceLine
    from tix.domain.times import parse_instant

    return Invoice(
        number=found["number"],
        client=found["client"],
        currency=found["currency"],
        created_at=parse_instant(found["created_at"]),
        created_by=found["created_by"],
        lines=tuple(
            InvoiceLine(
                0,
                one["ref"],
                one["subject"],
                one["worked_seconds"],
                one["billed_seconds"],
                Decimal(one["rate"]),
                Decimal(one["amount"]),
            )
            for one in found["lines"]
        ),
        subtotal=Decimal(found["subtotal"]),
        tax_percent=Decimal(found["tax_percent"]),
        tax_name=found["tax_name"],
        tax=Decimal(found["tax"]),
        total=Decimal(found["total"]),
        voided_at=None if found["voided_at"] is None else parse_instant(found["voided_at"]),
        voided_by=found["voided_by"],
    )


def lines(invoice: Invoice) -> Iterator[dict[str, Any]]:
    """A row a line, each with what the whole invoice says; then the tax, if any."""
    whole = {"invoice": invoice.number, "client": invoice.client, "currency": invoice.currency}
    for one in invoice.lines:
        yield {**whole, **line(one)}
    if invoice.tax:
        blank = dict.fromkeys(("ref", "worked_seconds", "billed_seconds", "hours", "rate"))
        yield {**whole, **blank, "subject": tax_words(invoice), "amount": str(invoice.tax)}


def tax_words(invoice: Invoice) -> str:
    """``VAT 19 %``."""
    return f"{invoice.tax_name} {invoice.tax_percent} %"
