"""Invoices for unbilled time (staff may read them, admins create them)."""

from __future__ import annotations

import sys
from pathlib import Path

from tix.cli import app
from tix.cli.options import Output
from tix.cli.output import Printer, zone
from tix.cli.parameters import Argument, Option
from tix.cli.session import Session
from tix.cli.writes import written
from tix.cli.writes.command import writing
from tix.errors import InvalidValue, UsageError
from tix.render.records.formats import Kind
from tix.render.records.invoices import record
from tix.typing import TYPE_CHECKING, Annotated, Any

if TYPE_CHECKING:
    from tix.domain.billing.invoices import Invoice

FIELDS = (
    "number client currency lines total subtotal tax tax_percent tax_name created_at created_by voided_at voided_by"
).split()
KIND = Kind(FIELDS, "number client created_at total currency voided_at".split(), "number")
LINES = "invoice client currency ref subject worked_seconds billed_seconds hours rate amount".split()
DOCUMENTS = ("md", "html", "pdf", "csv")

Number = Annotated[str, Argument(metavar="NUMBER", help="Invoice number, as in tix invoice list.")]


@app.prints(KIND)
@app.reading
def list_(
    session: Session,
    client: Annotated[
        str | None, Option("--client", metavar="NAME", help="Only invoices of this client.")
    ] = None,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> None:
    """List all invoices, newest first, including void ones."""
    printer = Printer(session, output, KIND)
    printer.records(session.records.invoices(client), lambda found: _draw_list(printer, found))


def _draw_list(printer: Printer, found: list[dict[str, Any]]) -> None:
    from tix.domain.times import parse_instant
    from tix.render.terminal import tables
    from tix.render.words import date

    here = zone()
    rows = [
        {
            **one,
            "number": str(one["number"]),
            "date": date(parse_instant(one["created_at"]), here),
            "state": "void" if one["voided_at"] else "",
        }
        for one in found
    ]
    names = printer.columns or ["number", "client", "date", "total", "currency", "state"]
    tables.draw_records(found if printer.columns else rows, names, console=printer.console())


@app.prints(KIND)
@app.reading
def show(session: Session, number: Number, output: Output = Output()) -> None:  # noqa: B008  # as above
    """Show one invoice with its lines."""
    printer = Printer(session, output, KIND)
    _print(printer, session.records.invoice(_number(number)))


def _print(printer: Printer, invoice: Invoice) -> None:
    from tix.render.terminal import invoice as terminal_invoice

    printer.one(
        record(invoice),
        lambda _: terminal_invoice.draw(invoice, _page(printer.session), console=printer.console()),
    )


def _page(session: Session) -> Any:
    """The issuer of the invoice and the note at its foot."""
    from tix.render.documents.invoices import Page

    return Page(*session.records.invoice_texts(), zone())


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 2**53):
        raise InvalidValue(f"'{text[:40]}' is not an invoice number", hint="tix invoice list")
    return int(text)


@writing(KIND)
def create(
    session: Session,
    references: Annotated[
        list[str] | None,
        Argument(
            metavar="[ID]…", help="Tickets, e.g. 12, TIX-12, 12-18, 12,15 (-: read references from stdin)."
        ),
    ] = None,
    client: Annotated[
        str | None,
        Option("--client", metavar="NAME", help="Bill all unbilled time of this client."),
    ] = None,
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Create an invoice for time not billed yet."""
    from tix.cli.tickets import references as ticket_references
    from tix.cli.uncovered import tell_uncovered
    from tix.desk.billing import invoices
    from tix.desk.tickets import bulk

    printer = Printer(session, output, KIND)
    if (client is None) is (not references):
        raise UsageError("no tickets and no client given", hint="tix invoice create ID…, or --client NAME")
    parsed = ticket_references.parse(references) if references else None
    desk = session.writer()
    wanted = [] if parsed is None else bulk.expand(desk, parsed)
    invoice = invoices.create(desk, wanted, client)
    if invoice is None:
        session.say("No unbilled time; no invoice created.")
        if printer.format == "json":
            sys.stdout.write("[]\n")
    else:
        undo = ["tix", "invoice", "void", str(invoice.number)]
        money = f"{invoice.total} {invoice.currency}"
        said = f"Created invoice {invoice.number} for {invoice.client} ({money})."
        written.created(session, printer, record(invoice), said, undo)
    tell_uncovered(session)


@writing(KIND)
def void(session: Session, number: Number, output: Output = Output()) -> None:  # noqa: B008  # as above
    """Void an invoice; its time can be billed again, its number stays taken."""
    from tix.desk.billing import invoices

    printer = Printer(session, output, KIND)
    wanted = _number(number)
    desk = session.writer()
    with desk.store.writing():
        old = invoices.before(desk, wanted)
        invoice, _ = invoices.void(desk, wanted)
    money = f"{invoice.total} {invoice.currency}"
    said = f"Voided invoice {wanted} for {invoice.client} ({money}); its time can be billed again."
    before = {} if old is None else record(old)
    already = f"Invoice {wanted} is already void."
    written.updated(session, printer, before, record(invoice), str(wanted), said=said, already=already)


@app.unpaged
def export(
    session: Session,
    number: Number,
    output: Annotated[
        str,
        Option("-o", "--output", metavar="DOCUMENT", help="Format of the document: md, html, pdf or csv."),
    ] = "md",
    to: Annotated[str | None, Option("--to", metavar="FILE", help="Target file (default: stdout).")] = None,
    force: Annotated[bool, Option("--force", help="Overwrite an existing file.")] = False,
) -> None:
    """Export an invoice as a document."""
    if output not in DOCUMENTS:
        raise InvalidValue(f"'{output}' is not a document format", hint="use one of " + ", ".join(DOCUMENTS))
    wanted = _number(number)
    path = None if to in (None, "-") else to
    if output == "pdf" and path is None and sys.stdout.isatty():
        raise UsageError("cannot write a PDF to a terminal", hint=f"add --to invoice-{wanted}.pdf")
    data = _document(session, session.records.invoice(wanted), output)
    if path is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        return
    from tix.cli.tickets.save_file import Folder

    target = Path(path)
    with Folder(str(target.parent)) as folder:
        written = folder.save(target.name, data, force)
    session.say(f"Exported invoice {wanted} to {written}.")


def _document(session: Session, invoice: Invoice, kind: str) -> bytes:
    page = _page(session)
    if kind == "pdf":
        from tix.render.documents import invoice_pdf

        data, missing = invoice_pdf.document(invoice, page)
        if missing:
            session.say(f"No installed font has {missing}; left out of the PDF.")
        return data
    if kind == "csv":
        import io

        from tix.render.records import formats, invoices

        stream = io.StringIO()
        formats.write_csv(invoices.lines(invoice), LINES, stream)
        return stream.getvalue().encode()
    from tix.render.documents import invoice_text

    text = invoice_text.markdown(invoice, page) if kind == "md" else invoice_text.html(invoice, page)
    return text.encode()


COMMANDS = {"list": list_, "show": show, "create": create, "export": export, "void": void}
