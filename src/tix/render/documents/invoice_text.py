"""An invoice as Markdown and as HTML. What people wrote is text in both, whatever signs are in it."""

from __future__ import annotations

import re
from html import escape

from tix.domain.billing.invoices import Invoice, InvoiceLine
from tix.domain.times import format_work
from tix.render.documents.invoices import Page, sums
from tix.render.safe import safe_line
from tix.render.words import date

HEADS = ("Ticket", "Subject", "Worked", "Hours", "Rate", "Amount")
# Every sign of ASCII that Markdown may read as its own (CommonMark §2.4), but for those that only matter elsewhere.
_SIGNS = re.compile(r"[!\"#$%&'()*+\-./:;<=>?@\[\\\]^_`{|}~]")


def cells(line: InvoiceLine) -> tuple[str, ...]:
    """What a line says, a text a column."""
    return (
        line.ref,
        line.subject or "(deleted)",
        format_work(line.seconds),
        str(line.hours),
        str(line.rate),
        str(line.amount),
    )


def facts(invoice: Invoice, page: Page) -> list[tuple[str, str]]:
    """What stands above the lines: label and text."""
    found = [
        ("From", page.issuer or ""),
        ("For", invoice.client),
        ("Date", date(invoice.created_at, page.zone)),
        ("Void since", "" if invoice.voided_at is None else date(invoice.voided_at, page.zone)),
    ]
    return [(label, text) for label, text in found if text]


def markdown(invoice: Invoice, page: Page) -> str:
    """The invoice as a page of Markdown with a table."""
    void = " (void)" if invoice.voided_at is not None else ""
    rows = [[_signs(cell) for cell in cells(line)] for line in invoice.lines]
    told = [
        f"# Invoice {invoice.number}{void}",
        "",
        *(f"- {label}: {_signs(text)}" for label, text in facts(invoice, page)),
        "",
        _row(HEADS),
        "| --- | --- | ---: | ---: | ---: | ---: |",
        *map(_row, rows),
        *(_row(("", f"**{_signs(label)}**", "", "", "", f"**{amount}**")) for label, amount in sums(invoice)),
    ]
    return "\n".join([*told, *(["", _signs(page.note)] if page.note else [])]) + "\n"


def _row(texts: tuple[str, ...] | list[str]) -> str:
    return "| " + " | ".join(texts) + " |"


def _signs(text: str) -> str:
    r"""``text`` with a backslash before what Markdown would read; figures and references stay as they are."""
    shown = safe_line(text)
    if re.fullmatch(r"[\w.,-]+", shown):
        return shown.replace("_", r"\_")
    return _SIGNS.sub(lambda sign: f"\\{sign.group()}", shown)


def html(invoice: Invoice, page: Page) -> str:
    """The invoice as one file of HTML, ready to be printed."""
    title = f"Invoice {invoice.number}"
    void = '<p class="void">VOID</p>' if invoice.voided_at is not None else ""
    about = "".join(f"<dt>{_text(label)}</dt><dd>{_text(text)}</dd>" for label, text in facts(invoice, page))
    heads = "".join(f"<th>{head}</th>" for head in HEADS)
    rows = "\n".join(
        "<tr>" + "".join(f"<td>{_text(cell)}</td>" for cell in cells(line)) + "</tr>"
        for line in invoice.lines
    )
    totals = "\n".join(
        f'<tr><td colspan="5">{_text(label)}</td><td>{_text(amount)}</td></tr>'
        for label, amount in sums(invoice)
    )
    note = f"<footer>{_text(page.note)}</footer>" if page.note else ""
    return _PAGE.format(title=title, void=void, about=about, heads=heads, rows=rows, totals=totals, note=note)


def _text(text: str) -> str:
    return escape(safe_line(text))


_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
body {{ font: 11pt/1.45 "Noto Sans", "Helvetica Neue", Arial, sans-serif; color: #1c1c1c; max-width: 46rem; margin: 3rem auto; padding: 0 1rem; }}
h1 {{ font-size: 1.7rem; margin: 0 0 1.2rem; }}
dl {{ display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1.2rem; margin: 0 0 2rem; }}
dt {{ color: #666; }}
dd {{ margin: 0; overflow-wrap: anywhere; }}
table {{ width: 100%; border-collapse: collapse; }}
th {{ text-align: left; color: #666; font-weight: 600; border-bottom: 2px solid #1c1c1c; }}
th, td {{ padding: .4rem .5rem; vertical-align: top; }}
td {{ border-bottom: 1px solid #ddd; }}
td:nth-child(2) {{ overflow-wrap: anywhere; }}
th:nth-child(n+3), td:nth-child(n+3), tfoot td {{ text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }}
tfoot tr:last-child td {{ font-weight: 700; border-bottom: 0; border-top: 2px solid #1c1c1c; }}
footer {{ margin-top: 2.5rem; color: #444; }}
.void {{ color: #b00020; font-weight: 700; font-size: 1.4rem; letter-spacing: .2em; margin: 0 0 1rem; }}
@media print {{ body {{ margin: 0 auto; }} }}
</style>
</head>
<body>
<h1>{title}</h1>
{void}
<dl>{about}</dl>
<table>
<thead><tr>{heads}</tr></thead>
<tbody>
{rows}
</tbody>
<tfoot>
{totals}
</tfoot>
</table>
{note}
</body>
</html>
"""
