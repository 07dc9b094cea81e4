"""Texts of strangers, judged in time that grows with their length: each of these took minutes or days."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tix.domain.files.attachments import clean_name
from tix.domain.names import name_key
from tix.domain.people import parse_contact, parse_email
from tix.domain.search import fold
from tix.domain.texts import normal
from tix.domain.values import parse_tag
from tix.errors import InvalidValue

MARKS = "a" + "\u0301" * 200_000 + "\u0316" * 200_000


@pytest.mark.parametrize("text", ["a" * 60, "a" * 60 + "@", "é" * 60 + "@x", "a." * 100 + "@" + "a-" * 60])
def test_what_is_nearly_an_address_is_refused_at_once(text):
    with pytest.raises(InvalidValue):
        parse_email(text)


@pytest.mark.parametrize(
    "text", [" " * 100_000 + "a" + " " * 100_000 + ">", "<" * 100_000, '"' * 100_000 + ">"]
)
def test_what_is_nearly_a_person_is_refused_at_once(text):
    with pytest.raises(InvalidValue):
        parse_contact(text)


@pytest.mark.parametrize(
    ("text", "name", "email"),
    [
        ("  Lan Pham  <Lan@X.example> ", "Lan Pham", "lan@x.example"),
        ('"Pham, Lan"  < lan@x.example >', "Pham, Lan", "lan@x.example"),
        ("<lan@x.example>", None, "lan@x.example"),
        ("Élan_1+2 <é_l.a'n+x@ü.example>", "Élan_1+2", "é_l.a'n+x@ü.example"),
    ],
)
def test_a_person_with_an_address_is_read_as_before(text, name, email):
    assert parse_contact(text) == (None, email, name)


def test_a_long_run_of_marks_costs_no_more_than_other_text():
    assert len(normal("NFC", MARKS)) <= 31
    assert name_key(MARKS)
    assert clean_name(f"{MARKS}.txt").endswith(".txt")
    assert parse_tag(MARKS[:1000])


@given(st.text(st.sampled_from("aé\u0301\u0316\u0345ǘ한각ｶﾞ"), max_size=30))
def test_other_texts_keep_their_normal_form(text):
    for form in ("NFC", "NFKC"):
        assert normal(form, text) == unicodedata.normalize(form, text)


def test_a_text_of_marks_is_indexed():
    assert fold(f"x {MARKS} y").split() == ["x", "a", "y"]
