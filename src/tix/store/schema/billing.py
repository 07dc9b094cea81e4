"""The tables of time and invoices: who worked how long, whose timer runs, what was billed.

Amounts are text, as Decimal writes them; floats are never involved.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, text
from sqlmodel import Field, SQLModel

from tix.store.schema.tickets import integer, person, string


class WorkRow(SQLModel, table=True):
    """A time entry, under the id of the item that logged it; the item says which ticket it is on.

    ``by`` is the item's, repeated for the index of what somebody worked.
    """

    __tablename__ = "work"

    id: int = Field(sa_column=Column(Integer, ForeignKey("item.id"), primary_key=True, autoincrement=False))
    by: str = person(nullable=False)
    at: int = integer()
    seconds: int = integer()
    billable: int = integer()
    invoice: int | None = integer(nullable=True)


_w = WorkRow.__table__.c  # type: ignore[attr-defined]  # SQLModel does not type __table__
Index("work_at", _w.at)
# With the columns that the report adds up.
Index("work_by", _w.by, _w.at, _w.seconds, _w.billable, _w.invoice)
_billed = text("invoice IS NOT NULL")
Index("work_billed", _w.invoice, sqlite_where=_billed, postgresql_where=_billed)


class TimerRow(SQLModel, table=True):
    """A timer that somebody runs on a ticket."""

    __tablename__ = "timer"

    by: str = Field(
        sa_column=Column(
            "by", ForeignKey("person.login", onupdate="CASCADE"), primary_key=True, nullable=False
        )
    )
    ticket_id: int = integer(primary_key=True)
    started_at: int = integer()


_r = TimerRow.__table__.c  # type: ignore[attr-defined]  # as above
Index("timer_ticket", _r.ticket_id)


class InvoiceRow(SQLModel, table=True):
    """An invoice; its number is handed out once and never reused."""

    __tablename__ = "invoice"

    number: int = integer(primary_key=True)
    client: str = string()
    currency: str = string()
    created_at: int = integer()
    created_by: str | None = person()
    subtotal: str = string()
    tax_percent: str = string()
    tax_name: str = string()
    tax: str = string()
    total: str = string()
    voided_at: int | None = integer(nullable=True)
    voided_by: str | None = person()


_v = InvoiceRow.__table__.c  # type: ignore[attr-defined]  # as above
Index("invoice_client", _v.client, _v.number)


class InvoiceLineRow(SQLModel, table=True):
    """A ticket on an invoice, with its subject at the time; the subject of a deleted ticket is NULL."""

    __tablename__ = "invoice_line"

    invoice: int = integer(primary_key=True, autoincrement=False)
    position: int = integer(primary_key=True, autoincrement=False)
    ticket_id: int = integer()
    ref: str = string()
    subject: str | None = string(nullable=True)
    seconds: int = integer()
    billed_seconds: int = integer()
    rate: str = string()
    amount: str = string()


_l = InvoiceLineRow.__table__.c  # type: ignore[attr-defined]  # as above
Index("invoice_line_ticket", _l.ticket_id)
