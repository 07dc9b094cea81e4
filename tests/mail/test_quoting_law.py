"""The law of folding: what a person writes stands above the offset, whatever stands around it."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

import pytest
from hypothesis import example, find, given
from hypothesis import strategies as st

from tix.domain.mail import quotes
from tix.domain.mail.quotes import MARKER, fold

pytestmark = pytest.mark.long

Fold = Callable[[str, Sequence[str] | None], int | None]

STARTS = (
    "On Mon, 3 Feb 2025 at 10:00, Help Desk <desk@x.example> wrote:",
    "On Mon, 3 Feb 2025 at 10:00, The Very Long Help Desk Name Of Example <\ndesk@x.example> wrote:",
    "Am 03.02.2025 um 10:00 schrieb Help Desk:",
    "пн, 3 февр. 2025 г. в 10:00, Help Desk <desk@x.example>:",
    "From: Help Desk <desk@x.example>\nSent: Monday, February 3, 2025 10:00\nTo: C <c@y.example>\nSubject: VPN",
    "-----Original Message-----\nVon: Help Desk\nGesendet: Montag, 3. Februar 2025 10:00\nAn: Kunde\nBetreff: VPN",
    "________________\n发件人: Help Desk <desk@x.example>\n发送时间: 2025年2月3日 10:00\n收件人: 客户\n主题: 答复",
    MARKER,
)
# Words that stand in known texts and in answers, so that answers are parts of what is known.
WORDS = st.sampled_from(
    "yes no 2 1.2.3 yesterday version ok Windows 11 die Ja oui да 是 是的 naïve it's a@b.example 10:00 👍 ✓".split()
)
LINES = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)
ENTRIES = st.lists(st.one_of(LINES, st.just(""), st.just("-- ")), min_size=1, max_size=6).map("\n".join)
# Beginnings of a line by which it might be taken for something else.
DISGUISES = st.sampled_from(
    ("", "", "", "Answer: ", "Date: ", "From: ", "To: ", "Subject: ", "Cc: ", "- ", "* ", "| ", "On ", "  ", "\u200b", "\f")
)  # fmt: skip


class Mail(NamedTuple):
    """A mail in a known thread; each line that its sender wrote holds NEW and a number."""

    text: str
    known: tuple[str, ...]


@st.composite
def mails(draw: st.DrawFn, most: int = 3) -> Mail:
    """A reply: text, known entries below starts of history, and up to ``most`` answers typed between their lines.

    No answer is typed inside an attribution or a header block; there it is one of their lines.
    """
    known = tuple(draw(st.lists(ENTRIES, min_size=1, max_size=3)))
    first, *tail = [
        piece
        for entry in draw(st.permutations(known))
        for piece in (draw(st.sampled_from(STARTS)), *draw(st.sampled_from(((), ("",)))), *entry.split("\n"))
    ]
    for number in range(draw(st.integers(0, most))):
        answer = f"{draw(DISGUISES)}{draw(LINES)} NEW{number}" if draw(st.booleans()) else f"NEW{number}"
        tail.insert(draw(st.integers(0, len(tail))), answer)
    lines = [line for piece in tail for line in piece.split("\n")]
    if draw(st.booleans()):
        lines = [line if "NEW" in line and draw(st.booleans()) else f"> {line}" for line in lines]
    above = draw(st.lists(LINES.map(lambda line: f"{line} NEW9"), min_size=1, max_size=3))
    end = draw(st.sampled_from(("\n", "\r\n")))
    return Mail(end.join([*above, "", *first.split("\n"), *lines, ""]), known)


def folded_new(mail: Mail, rule: Fold) -> list[str]:
    """What of the sender's own text the rule folds."""
    offset = rule(mail.text, mail.known)
    return [] if offset is None else re.findall(r"NEW\d", mail.text[offset:])


@given(mails())
def test_new_text_is_never_folded_where_the_thread_is_known(mail):
    """Whatever a person writes, wherever, in whatever disguise: what is not known text is shown."""
    assert folded_new(mail, fold) == []


@given(mails(most=0))
def test_a_thread_without_answers_may_be_folded(mail):
    """The law above is not kept by showing everything: what is folded begins below the text."""
    offset = fold(mail.text, mail.known)
    if offset is not None:
        assert mail.text[:offset].strip()


def test_many_of_these_mails_are_folded():
    """Control: the strategy makes mails in which there is something to fold, quoted and unquoted."""
    for mark in ("> ", "\nFrom: "):
        find(
            mails(most=0),
            lambda mail, mark=mark: fold(mail.text, mail.known) is not None and mark in mail.text,
        )


# ------------------------------------------------------------------------------------- lines in any order

PARTS = (
    *STARTS,
    "",
    "plain text",
    "> old text",
    ">> older text",
    "> On 2 Feb 2025, Pat <pat@y.example> wrote:",
    "wrote:",
    "desk@x.example> wrote:",
    "Subject: again",
    "---------- Forwarded message ---------",
    "Sent from my iPhone",
    "—",
    "x" * 600,
    "> " + "x" * 600,
)
MIXED = st.lists(st.one_of(st.sampled_from(PARTS), LINES.map(lambda line: f"{line} NEW")), max_size=14)


@given(MIXED)
def test_unquoted_text_is_never_folded_in_an_unknown_thread(lines):
    """Lines in any order: below the offset nothing is new but what somebody marked as quoted."""
    text = "\n".join(lines)
    offset = fold(text, None)
    if offset is not None:
        assert "NEW" not in text[offset:]
        assert "plain text" not in text[offset:]


@given(MIXED, st.lists(ENTRIES, max_size=3))
def test_unknown_text_is_never_folded_in_a_known_thread(lines, known):
    text = "\n".join(lines)
    offset = fold(text, known)
    if offset is not None:
        assert not re.search(r"NEW|old(er)? text|plain text|xxx", text[offset:])


@given(MIXED)
def test_a_forward_is_never_folded(lines):
    text = "\n".join(lines)
    offset = fold(text, None)
    if offset is not None:
        assert "Forwarded message" not in text[:offset]


# -------------------------------------------------------------------------------------------------- offsets

HOSTILE = st.text(
    st.sampled_from(" \t\n\r\f\v\x1c\x85\u2028\u00a0\u200b\u200e\u3164>-_=*:|@<2a。：年\u0301é写道\ud800")
)
PIECES = st.lists(st.one_of(HOSTILE, st.sampled_from(PARTS)), max_size=10).map("\n".join)


@given(st.one_of(st.text(st.characters()), PIECES), st.one_of(st.none(), st.lists(PIECES, max_size=3)))
@example("\u200b\nOn 3 Feb 2025, Pat <p@y.example> wrote:\n> old", None)
@example("\u3164\n-- \nPat", None)
def test_an_offset_is_inside_the_text_with_something_above(text, known):
    offset = fold(text, known)
    if offset is not None:
        assert 0 < offset < len(text)
        assert text[:offset].strip().strip("\u200b\u200e\u3164\ufeff\u0301")
        assert text[offset - 1] in "\n\r\f\v\x1c\x1d\x1e\x85\u2028\u2029"


# ------------------------------------------------------------------------------------------------- controls


def _first_start(text: str, known: Sequence[str] | None) -> int | None:
    found = re.search(r"^(On |Am |From:|> )", text, re.MULTILINE)
    return found.start() if found else None


def test_a_rule_that_ignores_what_is_known_is_found():
    """Control: cutting at the first attribution loses answers, and the law sees it."""
    assert find(mails(), lambda mail: folded_new(mail, _first_start) != [])


def test_comparing_pieces_as_substrings_is_found(monkeypatch: pytest.MonkeyPatch):
    """Control: a piece that need not be known loses answers, and the law sees it."""
    monkeypatch.setattr(quotes.KnownTexts, "holds", lambda self, piece: True)
    assert find(mails(), lambda mail: folded_new(mail, fold) != [])


def test_taking_a_tail_for_quoted_is_found(monkeypatch: pytest.MonkeyPatch):
    """Control: rule 1 without "all lines quoted" loses text, and the law sees it."""
    monkeypatch.setattr(quotes, "_all_quoted", lambda lines, start, end: True)
    assert find(MIXED.map("\n".join), lambda text: "NEW" in text[fold(text, None) or len(text) :])
