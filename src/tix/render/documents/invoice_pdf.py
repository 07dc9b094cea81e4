"""An invoice as a PDF, with what the extra ``tix-desk[pdf]`` brings: fpdf2 and a font that it embeds.

Loaded for that alone. The same invoice always makes the same bytes.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from tix.domain.billing.invoices import Invoice
from tix.errors import Refused
from tix.render.documents.invoice_text import HEADS, cells, facts
from tix.render.documents.invoices import Page, sums
from tix.render.safe import safe_line
from tix.typing import Any

_SANS = "sans"
_GREY, _BLACK, _RED, _LINE = (110, 110, 110), (28, 28, 28), (176, 0, 32), (200, 200, 200)
# In millimetres: of a page of 210 with margins of 20 the subject takes what the others leave.
_WIDTHS = (22, 66, 22, 17, 20, 23)
# Where systems keep fonts, looked through only for a character that ours lacks.
_FOLDERS = (
    "~/.local/share/fonts",
    "~/.fonts",
    "/usr/local/share/fonts",
    "/usr/share/fonts",
    "~/Library/Fonts",
    "/Library/Fonts",
    "/System/Library/Fonts",
)
_MOST_FONTS = 400


def document(invoice: Invoice, page: Page) -> tuple[bytes, str]:
    """The PDF, and the characters that no font here has. Raises Refused where the extra is not installed."""
    logging.getLogger("fpdf").setLevel(
        logging.ERROR
    )  # what it says of a missing character is said once, by us
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    pdf = _blank(invoice)
    missing = _fonts(pdf, invoice, page)
    pdf.add_page()
    _head(pdf, invoice, page)
    _lines(pdf, invoice)
    _sums(pdf, invoice)
    if page.note:
        pdf.ln(10)
        _text(pdf, page.note, size=9.5, colour=_GREY)
    return bytes(pdf.output()), missing


def _blank(invoice: Invoice) -> Any:
    try:
        from fpdf import FPDF

        files("font_source_sans_pro")
    except ImportError as error:
        raise Refused(
            "PDF invoices need the extra 'pdf', which is not installed",
            hint="pip install 'tix-desk[pdf]', or use -o html or -o md",
        ) from error

    class Sheet(FPDF):
        """A page that numbers itself where there are several."""

        def footer(self) -> None:
            self.set_y(-14)
            self.set_font(_SANS, size=8.5)
            self.set_text_color(*_GREY)
            self.cell(0, 5, f"Invoice {invoice.number}  ·  {self.page_no()} / {{nb}}", align="C")

    pdf = Sheet(format="A4")
    pdf.set_creation_date(datetime.fromtimestamp(invoice.created_at, UTC))
    pdf.set_title(f"Invoice {invoice.number}")
    pdf.set_producer("tix")
    pdf.set_margins(20, 20)
    pdf.set_auto_page_break(auto=True, margin=22)
    return pdf


# ----------------------------------------------------------------------------------------------- fonts


def _fonts(pdf: Any, invoice: Invoice, page: Page) -> str:
    """Our font, and the system fonts needed for every name; also the characters no font has."""
    for style, name in (("", "Regular"), ("B", "Semibold")):
        font = files("font_source_sans_pro") / "files" / f"SourceSansPro-{name}.ttf"
        pdf.add_font(_SANS, style, str(font))
    wanted = _characters(invoice, page) - set(pdf.fonts[_SANS].cmap)
    found: list[str] = []
    for font in _system_fonts() if wanted else ():
        covered = _covered(font, wanted)
        if covered:
            family = f"more{len(found)}"
            pdf.add_font(family, "", str(font))
            pdf.add_font(family, "B", str(font))
            found.append(family)
            wanted -= covered
        if not wanted:
            break
    pdf.set_fallback_fonts(found, exact_match=False)
    return "".join(map(chr, sorted(wanted)))


def _characters(invoice: Invoice, page: Page) -> set[int]:
    texts: list[str] = [page.note or "", *(text for _, text in [*facts(invoice, page), *sums(invoice)])]
    texts += [label for label, _ in sums(invoice)]
    texts += [cell for line in invoice.lines for cell in cells(line)]
    return {ord(char) for text in texts for char in safe_line(text)}


def _system_fonts() -> Iterator[Path]:
    count = 0
    for folder in _FOLDERS:
        for path in sorted(Path(folder).expanduser().glob("**/*")):
            if path.suffix.lower() in (".ttf", ".otf", ".ttc"):
                count += 1
                yield path
            if count >= _MOST_FONTS:
                return


def _covered(path: Path, wanted: Iterable[int]) -> set[int]:
    """Which of the characters a font has; none of one that cannot be read."""
    from fontTools.ttLib import TTFont, TTLibError

    try:
        with TTFont(path, lazy=True, fontNumber=0) as font:
            return set(wanted) & set(font.getBestCmap() or ())
    except (TTLibError, OSError, ValueError, KeyError, AssertionError):
        return set()


# ---------------------------------------------------------------------------------------------- layout


def _text(pdf: Any, text: str, *, size: float = 10.5, style: str = "", colour: Any = _BLACK) -> None:
    pdf.set_font(_SANS, style, size)
    pdf.set_text_color(*colour)
    pdf.multi_cell(0, size * 0.48, safe_line(text), new_x="LMARGIN", new_y="NEXT")


def _head(pdf: Any, invoice: Invoice, page: Page) -> None:
    _text(pdf, f"Invoice {invoice.number}", size=22, style="B")
    if invoice.voided_at is not None:
        _text(pdf, "VOID", size=15, style="B", colour=_RED)
    pdf.ln(5)
    for label, text in facts(invoice, page):
        pdf.set_font(_SANS, "", 10.5)
        pdf.set_text_color(*_GREY)
        pdf.cell(26, 5.6, label)
        pdf.set_text_color(*_BLACK)
        pdf.multi_cell(0, 5.6, safe_line(text), new_x="LMARGIN", new_y="NEXT")
    pdf.ln(8)


def _lines(pdf: Any, invoice: Invoice) -> None:
    from fpdf.fonts import FontFace

    pdf.set_font(_SANS, "", 10)
    pdf.set_text_color(*_BLACK)
    pdf.set_draw_color(*_LINE)
    heads = FontFace(emphasis="BOLD", color=_GREY)
    with pdf.table(
        borders_layout="HORIZONTAL_LINES",
        col_widths=_WIDTHS,
        headings_style=heads,
        line_height=5.2,
        padding=(1.4, 1.2),
        v_align="TOP",
        text_align=("LEFT", "LEFT", "RIGHT", "RIGHT", "RIGHT", "RIGHT"),
        width=sum(_WIDTHS),
    ) as table:
        for texts in (HEADS, *map(cells, invoice.lines)):
            row = table.row()
            for text in texts:
                row.cell(safe_line(text))


def _sums(pdf: Any, invoice: Invoice) -> None:
    pdf.ln(3)
    told = sums(invoice)
    if pdf.will_page_break(7 * len(told)):
        pdf.add_page()
    for label, amount in told:
        last = label == told[-1][0]
        pdf.set_font(_SANS, "B" if last else "", 12 if last else 10.5)
        pdf.cell(125, 7, safe_line(label), align="R")
        pdf.cell(45, 7, amount, align="R", new_x="LMARGIN", new_y="NEXT")
