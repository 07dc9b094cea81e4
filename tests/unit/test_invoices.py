"""What unbilled time costs: rounding up, money, tax, and what one may type."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import T0
from tix.domain.billing import invoices
from tix.domain.billing.invoices import Terms
from tix.domain.settings import find
from tix.errors import InvalidValue

ACME = Terms("EUR", Decimal("90.00"), 900, Decimal(0), "VAT")


def test_half_an_hour_at_ninety_is_forty_five():
    """25 minutes are billed as half an hour."""
    line = invoices.line(1, "TIX-1", "Printer", 1500, ACME)
    assert (1800, Decimal("0.50"), Decimal("45.00")) == (line.billed_seconds, line.hours, line.amount)


@given(st.integers(1, 10**7), st.sampled_from([0, 60, 360, 900, 3600]))
def test_time_is_rounded_up_to_whole_steps(seconds, step):
    """Never down, never by a whole step more, and to a multiple of it."""
    billed = invoices.rounded_up(seconds, step)
    if step == 0:
        assert seconds == billed
    else:
        assert billed % step == 0
        assert 0 <= billed - seconds < step


@given(
    st.lists(st.integers(1, 10**6), min_size=1, max_size=9),
    st.decimals("0", "999", places=4),
    st.decimals("0", "100", places=3),
    st.sampled_from(["EUR", "JPY", "KWD"]),
)
def test_the_total_is_the_sum_to_the_last_cent(worked, rate, tax, currency):
    """Against exact fractions: each amount is off by at most half of the smallest coin, the total by nothing."""
    terms = Terms(currency, rate, 900, tax, "VAT")
    lines = [invoices.line(n, f"TIX-{n}", "x", seconds, terms) for n, seconds in enumerate(worked)]
    made = invoices.drawn_up(1, "Acme", terms, lines, T0, "root")
    coin = Fraction(1, {"EUR": 100, "JPY": 1, "KWD": 1000}[currency])
    for line in lines:
        exact = Fraction(rate) * line.billed_seconds / 3600
        assert abs(Fraction(line.amount) - exact) <= coin / 2
        assert Fraction(line.amount) % coin == 0
    assert sum(Fraction(line.amount) for line in lines) == Fraction(made.subtotal)
    assert abs(Fraction(made.tax) - Fraction(made.subtotal) * Fraction(tax) / 100) <= coin / 2
    assert made.subtotal + made.tax == made.total


def test_half_a_cent_is_a_cent():
    """Half up, not to the even neighbour as Python does by itself."""
    assert Decimal("0.13") == invoices.money(Decimal("0.125"), "EUR")
    assert Decimal("0.12") == invoices.money(Decimal("0.1249"), "EUR")


@pytest.mark.parametrize(("seconds", "hours"), [(1800, "0.50"), (900, "0.25"), (600, "0.1667"), (36, "0.01")])
def test_hours_have_two_decimals_where_two_do(seconds, hours):
    line = invoices.line(1, "TIX-1", "x", seconds, ACME._replace(round_seconds=0))
    assert hours == str(line.hours)


@pytest.mark.parametrize(
    ("key", "typed", "kept"),
    [
        ("billing.rate", "90", "90.00"),
        ("billing.rate", "87.125", "87.125"),
        ("billing.rate", "none", "none"),
        ("billing.currency", "chf", "CHF"),
        ("billing.tax", "19 %", "19"),
        ("billing.tax", "8.10", "8.1"),
        ("billing.round_to", "0", "0"),
        ("billing.issuer", " Net  GmbH ", "Net GmbH"),
    ],
)
def test_settings_keep_what_they_mean(key, typed, kept):
    assert kept == find(key).parse(typed)


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("billing.rate", "-1"),
        ("billing.rate", "NaN"),
        ("billing.rate", "sNaN"),
        ("billing.rate", "inf"),
        ("billing.rate", "1e9"),
        ("billing.rate", "0.00001"),
        ("billing.rate", "ninety"),
        ("billing.currency", "EURO"),
        ("billing.currency", "€"),
        ("billing.tax", "101"),
        ("billing.tax", "-1"),
        ("billing.tax", "1.2345"),
        ("billing.round_to", "soon"),
    ],
)
def test_settings_refuse_what_they_do_not_take(key, typed):
    with pytest.raises(InvalidValue):
        find(key).parse(typed)


def test_an_invoice_by_hand():
    """Half an hour and a quarter at ninety, nineteen per cent on the sum, half a cent up."""
    terms = ACME._replace(tax_percent=Decimal(19))
    lines = [invoices.line(7, "TIX-7", "Printer", 1500, terms), invoices.line(8, "TIX-8", "Fan", 900, terms)]
    assert lines[0] == invoices.InvoiceLine(
        7, "TIX-7", "Printer", 1500, 1800, Decimal("90.00"), Decimal("45.00")
    )
    assert (lines[1].billed_seconds, lines[1].amount) == (900, Decimal("22.50"))
    made = invoices.drawn_up(3, "Acme", terms, iter(lines), T0, "root")
    assert (made.number, made.client, made.currency, made.created_at, made.created_by) == (
        3,
        "Acme",
        "EUR",
        T0,
        "root",
    )
    assert made.lines == tuple(lines)
    assert (made.subtotal, made.tax, made.total) == (Decimal("67.50"), Decimal("12.83"), Decimal("80.33"))
    assert (made.tax_percent, made.tax_name, made.voided_at, made.voided_by) == (
        Decimal(19),
        "VAT",
        None,
        None,
    )


def test_an_invoice_of_nothing():
    made = invoices.drawn_up(1, "Acme", ACME, [], T0, None)
    assert (str(made.subtotal), str(made.tax), str(made.total)) == ("0.00", "0.00", "0.00")


@pytest.mark.parametrize(
    ("seconds", "step", "billed"),
    [
        (1, 900, 900),
        (899, 900, 900),
        (900, 900, 900),
        (901, 900, 1800),
        (901, 0, 901),
        (0, 900, 0),
        (61, 1, 61),
    ],
)
def test_rounding_up(seconds, step, billed):
    assert invoices.rounded_up(seconds, step) == billed


@pytest.mark.parametrize(
    ("amount", "currency", "money"),
    [
        ("333.335", "EUR", "333.34"),
        ("333.334999", "EUR", "333.33"),
        ("333.5", "JPY", "334"),
        ("333.49", "KRW", "333"),
        ("1.0005", "KWD", "1.001"),
        ("1.00049", "BHD", "1.000"),
        ("1", "XYZ", "1.00"),
    ],
)
def test_money_has_what_its_currency_has_of_decimals(amount, currency, money):
    assert str(invoices.money(Decimal(amount), currency)) == money


@pytest.mark.parametrize(("seconds", "hours"), [(0, "0.00"), (1, "0.0003"), (3600, "1.00"), (100, "0.0278")])
def test_hours_billed(seconds, hours):
    line = invoices.InvoiceLine(1, "TIX-1", None, seconds, seconds, Decimal(90), Decimal(0))
    assert str(line.hours) == hours


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("90", "90.00"), (" 90.5 ", "90.50"), ("90.55", "90.55"), ("0.1234", "0.1234"), ("1e2", "100.00"),
        ("999999999.9999", "999999999.9999"), ("0", "0.00"),
    ],
)  # fmt: skip
def test_what_is_a_rate(text, kept):
    assert invoices.parse_rate(text) == kept


@pytest.mark.parametrize("text", ["1000000000", "0.12345", "-0.01", "", "ninety", "inf", "NaN"])
def test_what_is_no_rate(text):
    with pytest.raises(InvalidValue, match="is not an hourly rate"):
        invoices.parse_rate(text)


@pytest.mark.parametrize("text", ["EU", "EURO", "E1R", "ÄÖÜ", "", "€€€"])
def test_what_is_no_currency(text):
    with pytest.raises(InvalidValue, match="is not a currency"):
        invoices.parse_currency(text)
    assert invoices.parse_currency(" eur ") == "EUR"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("19", "19"), ("8.1", "8.1"), (" 8.10 % ", "8.1"), ("1.234", "1.234"), ("100", "100"), ("0", "0"),
        ("0.000", "0"), ("20.0", "20"),
    ],
)  # fmt: skip
def test_what_is_a_tax(text, kept):
    assert invoices.parse_percent(text) == kept


@pytest.mark.parametrize("text", ["100.001", "101", "1.2345", "-1", "", "%", "five"])
def test_what_is_no_tax(text):
    with pytest.raises(InvalidValue, match="is not a tax"):
        invoices.parse_percent(text)
