"""The statements of time and invoices, in SQLModel."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, case, delete, func, literal_column, or_, select, true, update
from sqlalchemy.dialects.postgresql import insert as upsert

from tix.store.schema.billing import InvoiceLineRow, InvoiceRow, TimerRow, WorkRow
from tix.store.schema.desk import CounterRow
from tix.store.schema.tickets import ItemRow, TicketRow
from tix.store.statements.expressions import TICKET, adding, b, columns, counter, item, ticket, visible

work = columns(WorkRow)
timer = columns(TimerRow)
invoice = columns(InvoiceRow)
line = columns(InvoiceLineRow)

_WORKED = [work.id, work.by, work.at, work.seconds, work.billable, work.invoice, item.reason]
_NAMED = [ticket.prefix, ticket.number]
unbilled = and_(work.billable == 1, work.invoice.is_(None))
_period = and_(work.at >= b("since"), work.at <= b("until"), or_(b("unbilled") == 0, unbilled))
_listed = (
    select(*_WORKED, *_NAMED)
    .select_from(WorkRow)
    .join(ItemRow, item.id == work.id)
    .join(TicketRow, ticket.id == item.ticket_id)
    .where(visible())
)
_newest = (work.at.desc(), work.id.desc())
_of_ticket = select(item.id).where(item.ticket_id == b("ticket"))
# Readers who may not see one of its tickets do not see the invoice; deleted tickets are for those who see everything.
# A clause that is NULL counts as false: with NOT alone it would be neither.
_readable = or_(
    b("whole") == 1,
    ~select(literal_column("1"))
    .select_from(InvoiceLineRow)
    .outerjoin(TicketRow, ticket.id == line.ticket_id)
    .where(
        line.invoice == invoice.number,
        or_(ticket.id.is_(None), visible().is_not(true())),
    )
    .exists(),
)

STATEMENTS: dict[str, Any] = {
    # ---------------------------------------------------------------------------------------- time
    "work_add": adding(WorkRow),
    "work_drop": delete(WorkRow).where(work.id == b("key")),
    "works_drop": delete(WorkRow).where(work.id.in_(_of_ticket)),
    "work_get": _listed.where(work.id == b("id")),
    "works_of_ticket": select(*_WORKED, *_NAMED)
    .select_from(ItemRow)
    .join(WorkRow, work.id == item.id)
    .join(TicketRow, ticket.id == item.ticket_id)
    .where(item.ticket_id == b("ticket_id"), visible(), _period)
    .order_by(*_newest),
    "works": _listed.where(_period).order_by(*_newest).limit(b("limit")),
    "works_by": _listed.where(work.by == b("by"), _period).order_by(*_newest).limit(b("limit")),
    "works_summed": select(
        item.ticket_id, func.sum(work.seconds), func.sum(case((unbilled, work.seconds), else_=0))
    )
    .select_from(WorkRow)
    .join(ItemRow, item.id == work.id)
    .group_by(item.ticket_id),
    "works_bill": update(WorkRow)
    .where(work.id.in_(_of_ticket), work.billable == 1, work.invoice.is_(None))
    .values(invoice=b("number")),
    "works_of_invoice": select(item.ticket_id, func.sum(work.seconds))
    .select_from(WorkRow)
    .join(ItemRow, item.id == work.id)
    .where(work.invoice == b("number"))
    .group_by(item.ticket_id)
    .order_by(item.ticket_id),
    "works_free": update(WorkRow).where(work.invoice == b("number")).values(invoice=None),
    # -------------------------------------------------------------------------------------- timers
    "timer_add": adding(TimerRow),
    "timer_drop": delete(TimerRow).where(timer.by == b("who"), timer.ticket_id == b("ticket")),
    "timers_drop": delete(TimerRow).where(timer.ticket_id == b("ticket")),
    "timers": select(timer.by, timer.ticket_id, timer.started_at, *_NAMED)
    .select_from(TimerRow)
    .join(TicketRow, ticket.id == timer.ticket_id)
    .where(visible())
    .order_by(timer.started_at, timer.by),
    "timers_whole": select(*timer).order_by(timer.by, timer.ticket_id),
    # ------------------------------------------------------------------------------------ invoices
    "invoice_number": upsert(CounterRow)
    .values(name="invoice", value=1)
    .on_conflict_do_update(index_elements=["name"], set_={"value": counter.value + 1})
    .returning(counter.value),
    "invoice_numbers": upsert(CounterRow)
    .values(name="invoice", value=b("last"))
    .on_conflict_do_update(index_elements=["name"], set_={"value": b("last")}),
    "invoice_add": adding(InvoiceRow),
    "invoice_line_add": adding(InvoiceLineRow),
    "invoice_get": select(*invoice).where(invoice.number == b("number"), _readable),
    "invoices": select(*invoice).where(_readable).order_by(invoice.number.desc()),
    "invoices_of_client": select(*invoice)
    .where(invoice.client == b("client"), _readable)
    .order_by(invoice.number.desc()),
    "invoices_whole": select(*invoice).order_by(invoice.number),
    "invoice_lines": select(*line).where(line.invoice == b("number")).order_by(line.position),
    "invoice_void": update(InvoiceRow)
    .where(invoice.number == b("key"))
    .values(voided_at=b("at"), voided_by=b("who")),
    "invoice_subjects_wipe": update(InvoiceLineRow).where(line.ticket_id == b("ticket")).values(subject=None),
    "unbilled_of_nobody": select(ticket.prefix, ticket.number, ticket.unbilled_seconds)
    .where(ticket.client.is_(None), ticket.unbilled_seconds > 0, visible())
    .order_by(ticket.number),
    "unbilled_of_client": select(*TICKET)
    .where(ticket.client == b("client"), ticket.unbilled_seconds > 0, visible())
    .order_by(ticket.number),
}
