"""What a ticket is called."""

import pytest

from tix.domain.values import LONGEST_SUBJECT, parse_subject
from tix.errors import InvalidValue


@pytest.mark.parametrize(
    "text", ["", " ", "\t\n", "\0", "\x1b", "\x7f", " \x7f\x1b ", "\u00a0", "\u200b", "\u200b\u202e"]
)
def test_a_subject_in_which_nothing_shows_is_empty(text: str) -> None:
    with pytest.raises(InvalidValue, match="the subject is empty"):
        parse_subject(text)


@pytest.mark.parametrize(
    ("text", "subject"),
    [(" a  b\n", "a b"), ("é", "é"), ("\x7fa", "\x7fa"), ("東", "東"), ("x" * LONGEST_SUBJECT,) * 2],
)
def test_a_subject_is_one_line(text: str, subject: str) -> None:
    assert parse_subject(text) == subject


def test_a_subject_has_an_end() -> None:
    with pytest.raises(InvalidValue):
        parse_subject("x" * (LONGEST_SUBJECT + 1))
