"""Cells of a table: no spreadsheet runs one, and what was guarded comes back as it was."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tix.domain.spreadsheets import guarded, unguarded
from tix.render.safe import csv_cell

RUN = re.compile("[=+\\-@\uff1d\uff0b\uff0d\uff20]")


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("\uff0b1", "'\uff0b1"),
        ("\uff0d1", "'\uff0d1"),
        ("\uff20sum", "'\uff20sum"),
        ("x;=1+1", "x;'=1+1"),
        ("x\t@a\n+1", "x\t'@a\n'+1"),
        ("'=1+1", "''=1+1"),
        ("'tis", "'tis"),
        ("a-b, c", "a-b, c"),
        ("", ""),
    ],
)
def test_a_formula_is_text_wherever_a_cell_could_begin(text: str, cell: str):
    assert csv_cell(text) == cell
    assert unguarded(cell) == text


@given(st.text(alphabet="='+-@;,|\t\r\n ax\uff1d\uff20"))
def test_what_is_guarded_comes_back(text: str):
    cell = guarded(text)
    assert unguarded(cell) == text
    assert not any(RUN.match(part) for part in re.split("[;,|\t\r\n]", cell))
