"""Invoices: what unbilled time costs.

Pure; money is Decimal, and never a float. Each ticket's time is rounded up by itself, then paid by the hour; an
amount is rounded half up to what the currency has (ISO 4217), the tax once, on the sum.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import NamedTuple

from tix.errors import InvalidValue

HOUR = 3600

# ISO 4217: what has another number of decimals than two.
_DECIMALS = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
}


class Terms(NamedTuple):
    """What a client is billed by: money an hour, seconds that time is rounded up to (0: not), per cent of tax."""

    currency: str
    rate: Decimal
    round_seconds: int
    tax_percent: Decimal
    tax_name: str


class Line(NamedTuple):
    """A ticket on an invoice: what was worked and what is billed, in seconds. ``subject`` is gone with the ticket."""

    ticket_id: int
    ref: str
    subject: str | None
    seconds: int
    billed_seconds: int
    rate: Decimal
    amount: Decimal

    @property
    def hours(self) -> Decimal:
        """What is billed, in hours: two decimals, four where two do not do."""
        exact = Decimal(self.billed_seconds) / HOUR
        short = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
        return short if short == exact else exact.quantize(Decimal("0.0001"), ROUND_HALF_UP)


class Invoice(NamedTuple):
    """A bill as it was drawn up; voiding it only says so."""

    number: int
    client: str
    currency: str
    created_at: int
    created_by: str | None
    lines: tuple[Line, ...]
    subtotal: Decimal
    tax_percent: Decimal
    tax_name: str
    tax: Decimal
    total: Decimal
    voided_at: int | None = None
    voided_by: str | None = None


def line(ticket_id: int, ref: str, subject: str, seconds: int, terms: Terms) -> Line:
    """What the time of one ticket costs."""
    billed = rounded_up(seconds, terms.round_seconds)
    amount = money(terms.rate * billed / HOUR, terms.currency)
    return Line(ticket_id, ref, subject, seconds, billed, terms.rate, amount)


def drawn_up(
    number: int, client: str, terms: Terms, lines: Iterable[Line], at: int, by: str | None
) -> Invoice:
    """The invoice of these lines."""
    lines = tuple(lines)
    subtotal = sum((one.amount for one in lines), money(Decimal(0), terms.currency))
    tax = money(subtotal * terms.tax_percent / 100, terms.currency)
    return Invoice(
        number,
        client,
        terms.currency,
        at,
        by,
        lines,
        subtotal,
        terms.tax_percent,
        terms.tax_name,
        tax,
        subtotal + tax,
    )


def rounded_up(seconds: int, step: int) -> int:
    """``seconds`` up to the next whole ``step``; as they are where it is 0."""
    return seconds if step == 0 else -(-seconds // step) * step


def money(amount: Decimal, currency: str) -> Decimal:
    """An amount in what the currency has of decimals, half up."""
    return amount.quantize(Decimal(1).scaleb(-_DECIMALS.get(currency, 2)), ROUND_HALF_UP)


# ------------------------------------------------------------------------------------------- what is typed


def parse_rate(text: str) -> str:
    """Money an hour, kept with two places at least. Raises InvalidValue."""
    amount = _decimal(text)
    exponent = amount.as_tuple().exponent
    if amount >= 10**9 or not isinstance(exponent, int) or exponent < -4:
        raise InvalidValue(
            f"'{text}' is not an hourly rate", hint="write an amount per hour, e.g. 90 or 90.00"
        )
    return format(amount if exponent <= -2 else amount.quantize(Decimal("0.01")), "f")


def parse_currency(text: str) -> str:
    """Three letters, in capitals. Raises InvalidValue."""
    word = text.strip().upper()
    if len(word) != 3 or not word.isascii() or not word.isalpha():
        raise InvalidValue(
            f"'{text}' is not a currency", hint="write a code of three letters (ISO 4217), e.g. EUR"
        )
    return word


def parse_percent(text: str) -> str:
    """Per cent, from 0 to 100, at most three decimals. Raises InvalidValue."""
    amount = _decimal(text.strip().removesuffix("%"))
    exponent = amount.as_tuple().exponent
    if amount > 100 or not isinstance(exponent, int) or exponent < -3:
        raise InvalidValue(f"'{text}' is not a tax rate", hint="write per cent from 0 to 100, e.g. 19 or 8.1")
    return format(amount.normalize() if amount else Decimal(0), "f")


def _decimal(text: str) -> Decimal:
    """A number that is not negative; for anything else one that nothing takes."""
    try:
        amount = Decimal(text.strip())
    except InvalidOperation:
        amount = Decimal(-1)
    return amount if amount.is_finite() and amount >= 0 else Decimal("1e30")
