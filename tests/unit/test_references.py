"""How tickets are named."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tix.domain.people import parse_login
from tix.domain.tickets.references import (
    Parsed,
    Reference,
    looks_like_reference,
    parse_prefix,
    parse_reference,
    parse_references,
)
from tix.errors import InvalidValue

NUMBERS = st.integers(0, 2**53)
PREFIXES = st.from_regex(r"[A-Z][A-Z0-9]{0,9}-", fullmatch=True)


@given(NUMBERS, PREFIXES)
def test_every_way_to_name_a_ticket(number, prefix):
    """`12` and `#12` are the number; with a prefix, in either case, it is that prefix and the number."""
    assert parse_reference(f"{number}") == parse_reference(f"#{number}") == Reference(None, number)
    assert parse_reference(f"{prefix}{number}") == Reference(prefix, number)
    assert parse_reference(f"{prefix.lower()}{number}") == Reference(prefix, number)
    assert Reference(prefix, number).text == f"{prefix}{number}"


def test_references_come_in_the_order_given_each_once():
    """Order as given, duplicates once; a ticket named by itself is not a member of a range."""
    expected = (
        Reference(None, 15), Reference(None, 12, ranged=True), Reference(None, 13),
        Reference(None, 14, ranged=True), Reference("TIX-", 12),
    )  # fmt: skip
    assert parse_references(["15", "12-14,15", "13", "tix-12", "TIX-12", "14-15"]) == Parsed(
        expected, single=False
    )


@pytest.mark.parametrize(
    ("words", "single"),
    [
        (["12"], True), (["#12"], True), (["TIX-12"], True),
        (["12", "13"], False), (["12", "12"], False), (["12,12"], False), (["12-12"], False),
        (["12-13"], False), ([], False),
    ],
)  # fmt: skip
def test_one_plain_reference_is_single(words, single):
    """Only one word that names one ticket, without comma or range, makes an object of the output."""
    assert parse_references(words).single is single


@pytest.mark.parametrize(
    "word",
    [
        "", "x", "-", "#", "##12", "#TIX-12", "TIX12", "TIX-", "-12", "TIX--12", "12-", "TIX-12-18", "TIX-12..",
        "#12-18", "12-#18", "12,", ",12", "12,,13", "1 2", " 12", "12\n", "1.2", "+12", "١٢", "²", "1_000",
        "ABCDEFGHIJK-1", "1A-2", "Ä-1", "T_X-1", "12-x",
    ],
)  # fmt: skip
def test_what_is_not_a_reference(word):
    """A malformed word is refused with a hint, and has no shape of a reference."""
    with pytest.raises(InvalidValue, match=re.escape(f"'{word}' is not a ticket reference")) as caught:
        parse_references([word])
    assert caught.value.hint is not None
    assert not looks_like_reference(word)


def test_one_reference_is_not_several():
    """Where one ticket is wanted, a range and a list are refused."""
    for word in ("12-13", "12-12", "12,13"):
        with pytest.raises(InvalidValue):
            parse_reference(word)


def test_numbers_end():
    """2**53 is the last number, however long the digits are."""
    assert parse_reference(f"{2**53}").number == 2**53
    assert parse_reference("0" * 5000 + "7").number == 7
    for number in (f"{2**53 + 1}", "9" * 5000, f"TIX-{2**53 + 1}", f"1-{2**60}"):
        with pytest.raises(InvalidValue, match="the highest number is"):
            parse_references([number])


def test_ranges_end():
    """A range holds at most 100,000 numbers, runs forwards, and many ranges do not fill the memory."""
    assert len(parse_references(["1-100000"]).references) == 100_000
    assert len(parse_references(["1-60000", "60001-120000"]).references) == 120_000
    with pytest.raises(InvalidValue, match="spans more than 100,000"):
        parse_references(["1-100001"])
    with pytest.raises(InvalidValue, match="backwards"):
        parse_references(["18-12"])
    with pytest.raises(InvalidValue, match="together"):
        parse_references(["1-100000"] * 1000)


@given(st.text(st.sampled_from("aZ0129#- ."), max_size=8))
def test_shape_and_reading_agree(word):
    """What looks like a reference is read, or refused for its size or direction; nothing else is read."""
    try:
        parse_references([word])
        problem = None
    except InvalidValue as error:
        problem = error.message
    malformed = problem == f"'{word}' is not a ticket reference"
    assert looks_like_reference(word) is not malformed


@given(st.from_regex(r"(#?[0-9]{1,5}|[a-z][a-z0-9]{0,9}-[0-9]{1,5})", fullmatch=True))
def test_no_reference_is_a_login(word):
    """What names a ticket can never be somebody's login."""
    assert looks_like_reference(word)
    with pytest.raises(InvalidValue):
        parse_login(word)


@given(PREFIXES)
def test_prefixes(prefix):
    """A prefix is taken as it is."""
    assert parse_prefix(prefix) == prefix


@pytest.mark.parametrize(
    "text", ["", "-", "TIX", "tix-", "1X-", "T--", "TIX-\n", "ABCDEFGHIJK-", "Ä-", "T X-"]
)
def test_what_is_not_a_prefix(text):
    """Exactly `[A-Z][A-Z0-9]{0,9}-`, no folding."""
    with pytest.raises(InvalidValue):
        parse_prefix(text)


def test_ranges_of_high_numbers_are_as_wide_as_others():
    """What counts is how many they are."""
    assert [one.number for one in parse_references(["900000-900001", "7-7"]).references] == [
        900_000,
        900_001,
        7,
    ]


@pytest.mark.parametrize(
    ("text", "shaped"),
    [("ABCDEFGHIJ-1", True), ("ABCDEFGHIJK-1", False), ("a1-2", True), ("1-2", True), ("#a-1", False)],
)
def test_shapes_of_references(text, shaped):
    assert looks_like_reference(text) is shaped


def test_a_million_numbers_of_ranges_are_the_most():
    """Counted as they are written, however often the same."""
    assert len(parse_references(["1-100000"] * 10).references) == 100_000
    with pytest.raises(InvalidValue, match="together span more than 1,000,000 numbers"):
        parse_references([*["1-100000"] * 10, "7-7"])
