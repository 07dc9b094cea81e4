"""The parts common to all invoice documents: issuer, client and totals."""

from __future__ import annotations

from datetime import tzinfo

from tix.render.records.invoices import tax_words
from tix.typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tix.domain.billing.invoices import Invoice


class Page(NamedTuple):
    """The page around an invoice: issuer, footer, and the time zone of its date."""

    issuer: str | None
    note: str | None
    zone: tzinfo


def sums(invoice: Invoice) -> list[tuple[str, str]]:
    """What stands under the lines: label and amount; the subtotal and the tax only where there is tax."""
    found = [("Total", f"{invoice.total} {invoice.currency}")]
    if invoice.tax_percent:
        taxed = [("Subtotal", str(invoice.subtotal)), (tax_words(invoice), str(invoice.tax))]
        found = [*taxed, *found]
    return found
