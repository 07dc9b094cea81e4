"""An invoice on a terminal."""

from __future__ import annotations

from tix.render.documents.invoices import Page, sums
from tix.render.records import invoices
from tix.render.safe import safe_line
from tix.typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tix.domain.billing.invoices import Invoice
    from tix.render.terminal.console import Console


def draw(invoice: Invoice, page: Page, *, console: Console) -> None:
    """The invoice on a terminal."""
    from tix.render.safe import width
    from tix.render.terminal import tables, theme
    from tix.render.terminal.console import Span, Text
    from tix.render.terminal.layout import padded, wrapped
    from tix.render.words import date

    cells = console.width
    head = [Span(f"Invoice {invoice.number}", theme.STRONG)]
    if invoice.voided_at is not None:
        head.append(Span(f"  void since {date(invoice.voided_at, page.zone)}", theme.OVERDUE))
    about = [
        ("For", invoice.client),
        ("Date", date(invoice.created_at, page.zone)),
        ("From", page.issuer or ""),
    ]
    drawn = [theme.line(*head), Text()]
    for label, value in about:
        before = padded(label, 6)
        for piece in wrapped(safe_line(value), cells - 6) if value else ():
            drawn.append(theme.line(Span(before, theme.QUIET), Span(piece)))
            before = " " * 6
    theme.write(console, [*drawn, Text()])
    rows = [{**invoices.line(line), "subject": line.subject or "(deleted)"} for line in invoice.lines]
    tables.draw_records(
        rows, ["ref", "subject", "worked_seconds", "hours", "rate", "amount"], console=console
    )
    labels = max(width(label) for label, _ in sums(invoice))
    money = max(width(amount) for _, amount in sums(invoice))
    drawn = [Text()]
    for label, amount in sums(invoice):
        text = f"{padded(safe_line(label), labels)}  {padded(amount, money, right=True)}"
        drawn.append(theme.line(Span(text, theme.STRONG if label == "Total" else "")))
    if page.note:
        drawn += [
            Text(),
            *(theme.line(Span(piece, theme.QUIET)) for piece in wrapped(safe_line(page.note), cells)),
        ]
    theme.write(console, drawn)
