"""Invoices: what unbilled time costs.

Pure; amounts are Decimal, never float. Each ticket's time is rounded up on its own, then billed by the hour; an
amount is rounded half up to the currency's decimals (ISO 4217), the tax once, on the subtotal.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from tix.errors import InvalidValue
from tix.typing import NamedTuple

HOUR = 3600

# ISO 4217: the currencies that do not have two decimals.
_DECIMALS = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
}


class Terms(NamedTuple):
    """The billing terms of a client.

    ``rate`` is an amount per hour; time is rounded up to a multiple of ``round_seconds`` (0: not at all).
    """

    currency: str
    rate: Decimal
    round_seconds: int
    tax_percent: Decimal
    tax_name: str


class InvoiceLine(NamedTuple):
    """The line of one ticket on an invoice: time worked and time billed, in seconds.

    ``subject`` is None if the ticket is deleted.
    """

    ticket_id: int
    ref: str
    subject: str | None
    seconds: int
    billed_seconds: int
    rate: Decimal
    amount: Decimal

    @property
    def hours(self) -> Decimal:
        """Return the billed hours: with two decimals, or with four where two are not exact."""
        exact = Decimal(self.billed_seconds) / HOUR
        short = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
        return short if short == exact else exact.quantize(Decimal("0.0001"), ROUND_HALF_UP)


class Invoice(NamedTuple):
    """An invoice as it was created; voiding it sets only ``voided_at`` and ``voided_by``. Times are UTC seconds."""

    number: int
    client: str
    currency: str
    created_at: int
    created_by: str | None
    lines: tuple[InvoiceLine, ...]
    subtotal: Decimal
    tax_percent: Decimal
    tax_name: str
    tax: Decimal
    total: Decimal
    voided_at: int | None = None
    voided_by: str | None = None


def line(ticket_id: int, ref: str, subject: str, seconds: int, terms: Terms) -> InvoiceLine:
    """Return the invoice line for the time of one ticket."""
    billed = rounded_up(seconds, terms.round_seconds)
    amount = money(terms.rate * billed / HOUR, terms.currency)
    return InvoiceLine(ticket_id, ref, subject, seconds, billed, terms.rate, amount)


def drawn_up(
    number: int, client: str, terms: Terms, lines: Iterable[InvoiceLine], at: int, by: str | None
) -> Invoice:
    """Return the invoice with these lines."""
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
    """Return ``seconds`` rounded up to a multiple of ``step``; unchanged if that is 0."""
    return seconds if step == 0 else -(-seconds // step) * step


def money(amount: Decimal, currency: str) -> Decimal:
    """Return an amount rounded half up to the decimals of the currency."""
    return amount.quantize(Decimal(1).scaleb(-_DECIMALS.get(currency, 2)), ROUND_HALF_UP)


# ------------------------------------------------------------------------------------------- what is typed


def parse_rate(text: str) -> str:
    """Return an hourly rate with at least two decimals. Raises InvalidValue."""
    amount = _decimal(text)
    exponent = amount.as_tuple().exponent
    if amount >= 10**9 or not isinstance(exponent, int) or exponent < -4:
        raise InvalidValue(
            f"'{text}' is not an hourly rate", hint="write an amount per hour, e.g. 90 or 90.00"
        )
    return format(amount if exponent <= -2 else amount.quantize(Decimal("0.01")), "f")


def parse_currency(text: str) -> str:
    """Return a currency code of three capital letters. Raises InvalidValue."""
    word = text.strip().upper()
    if len(word) != 3 or not word.isascii() or not word.isalpha():
        raise InvalidValue(
            f"'{text}' is not a currency", hint="write a code of three letters (ISO 4217), e.g. EUR"
        )
    return word


def parse_percent(text: str) -> str:
    """Return a percentage from 0 to 100 with at most three decimals. Raises InvalidValue."""
    amount = _decimal(text.strip().removesuffix("%"))
    exponent = amount.as_tuple().exponent
    if amount > 100 or not isinstance(exponent, int) or exponent < -3:
        raise InvalidValue(f"'{text}' is not a tax rate", hint="write per cent from 0 to 100, e.g. 19 or 8.1")
    return format(amount.normalize() if amount else Decimal(0), "f")


def _decimal(text: str) -> Decimal:
    """Return a number that is not negative; for anything else a number that every caller rejects."""
    try:
        amount = Decimal(text.strip())
    except InvalidOperation:
        amount = Decimal(-1)
    return amount if amount.is_finite() and amount >= 0 else Decimal("1e30")
