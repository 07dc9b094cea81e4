"""The gate: what reaches a terminal is text, and only text."""

import ast
import os
import random
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tix.domain.spreadsheets import unguarded
from tix.render.safe import MOST_MARKS, csv_cell, plain_field, safe, safe_line, shorten, width

SOAK = bool(os.environ.get("TIX_SOAK"))
# The blocks of the BMP in which all is of one kind, and most of it is: ideographs, syllables, no characters at all.
UNIFORM = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA000, 0xA48F), (0xAC00, 0xD7AF), (0xD800, 0xF8FF))
ANY_TEXT = st.text(st.characters())  # surrogates too
HOSTILE = st.text(
    st.sampled_from(
        "a1# \n\t\r\x1b\x9b\x00\u200d\u200c\u0301\ufe0f\u202e❤👩🏽♀बि्مک\u180b\U000e0041\U000e0100葛"
    )
)
SCRIPTS_AND_EMOJI = [
    "Grüße aus Łódź, «Ελλάδα», Україна",
    "می‌خواهم",  # ZWNJ inside a Persian word
    "श्री हिन्दी क्‍ष",
    "ക്‍ഷ",  # Malayalam with ZWJ
    "র‍্যাব",  # Bengali: ZWJ before the virama
    "ᠮᠣᠩᠭᠣᠯ ᠪᠠᠢ\u180bᠨ᠎"[:-1],
    "שָׁלוֹם עֲלֵיכֶם",
    "日本語 葛\U000e0100城 한국어 ภาษาไทย",
    "e\u0301 Vie\u0323\u0302t",
    "👩‍🚀 👩🏽‍🚀 👁️‍🗨️ 🏳️‍🌈 ❤️‍🔥 1️⃣ ☎︎ 🇩🇪 ‼️",
    "no\u00a0break",
]


def is_invisible(char: str) -> bool:
    """An oracle apart from the code: what must never pass where nothing stands before it."""
    return unicodedata.category(char)[0] in "CM" or unicodedata.category(char) in ("Zl", "Zp")


@given(st.one_of(ANY_TEXT, HOSTILE))
def test_a_line_has_no_character_a_terminal_obeys(text):
    """Nothing that passes on one line is a control, a surrogate, private, unassigned or a bidi control."""
    for char in safe_line(text):
        kind = unicodedata.category(char)
        assert kind not in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp")
        assert unicodedata.bidirectional(char) not in (
            "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI",
        )  # fmt: skip
        assert char not in "\u200b\u200e\u200f\u061c\u2060\ufeff\u00ad"
        assert not 0xE0000 <= ord(char) <= 0xE007F


@given(st.one_of(ANY_TEXT, HOSTILE))
def test_a_body_is_its_lines(text):
    """A body is neutralised line by line and cell by cell: only newline and tab stay what they were."""
    lines = text.replace("\r\n", "\n").split("\n")
    expected = "\n".join("\t".join(map(safe_line, line.split("\t"))) for line in lines)
    assert safe(text) == expected


@given(st.one_of(ANY_TEXT, HOSTILE))
def test_neutral_text_is_left_alone(text):
    """What has passed the gate passes it again unchanged."""
    assert safe_line(safe_line(text)) == safe_line(text)
    assert safe(safe(text)) == safe(text)


def characters():
    """Code points: all of them in `make soak`.

    Daily the BMP but for what is inside its uniform blocks, both sides of every edge between two kinds of
    character anywhere, and 2,000 of the others at random.
    """
    if SOAK:
        return range(0x110000)
    kinds = [unicodedata.category(chr(code)) for code in range(0x110000)]
    edges = {code for code in range(1, 0x110000) if kinds[code] != kinds[code - 1]}
    chosen = {*edges, *(code - 1 for code in edges), 0x10FFFF}
    chosen |= {code for code in range(0x10000) if not any(first < code < last for first, last in UNIFORM)}
    return sorted(chosen.union(random.sample(range(0x110000), 2000)))


def test_every_character_by_itself_is_seen_or_escaped():
    """For each of Unicode's code points: an invisible one alone is escaped, a letter or sign is not."""
    seen_formats = set(
        "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
    )
    blank_letters = set("\u115f\u1160\u3164\uffa0")
    escaped = seen = 0
    for code in characters():
        char = chr(code)
        if char in blank_letters or (is_invisible(char) and char not in seen_formats):
            assert ast.literal_eval(f"'{safe_line(char)}'") == char, hex(code)
            assert safe_line(char).isascii(), hex(code)
            escaped += 1
        else:
            assert safe_line(char) == char, hex(code)
            seen += 1
    assert escaped > (800_000 if SOAK else 2_500)
    assert seen > (100_000 if SOAK else 10_000)


def test_a_mark_is_kept_after_a_plain_character_and_nowhere_else():
    """No character taken for plain is a mark, a format or a gap: each may carry an accent."""
    for code in characters():
        if not is_invisible(chr(code)) and chr(code) not in "\u115f\u1160\u3164\uffa0":
            assert safe_line(f"{chr(code)}\u0301") == f"{chr(code)}\u0301", hex(code)


@pytest.mark.parametrize("text", SCRIPTS_AND_EMOJI)
def test_scripts_and_emoji_pass_unchanged(text):
    """Invisible characters pass where a script or an emoji needs them."""
    assert safe_line(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\x1b[31mred", r"a\x1b[31mred"),
        ("\x9b31m", r"\x9b31m"),
        ("\x1b]52;c;aGk=\x07", r"\x1b]52;c;aGk=\x07"),
        ("abc\u202egpj.exe", r"abc\u202egpj.exe"),
        ("ad\u200dmin", r"ad\u200dmin"),
        ("ه\u200d. ق.", "ه" + r"\u200d" + ". ق."),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("سلام\u200c", "سلام" + r"\u200c"),
        ("سلام\u200d x", "سلام" + r"\u200d" + " x"),
        ("م\u200ca", "م" + r"\u200c" + "a"),
        ("ad\ufe0fmin", r"ad\ufe0fmin"),
        ("👩\u200d", r"👩" + r"\u200d"),
        ("👩\u200dx", r"👩" + r"\u200d" + "x"),
        ("❤\ufe0f\ufe0f", "❤\ufe0f" + r"\ufe0f"),
        ("م\u200c\u200c", "م" + r"\u200c\u200c"),
        ("سلام\u200d x", "سلام" + r"\u200d x"),
        ("سلام\u200cx", "سلام" + r"\u200c" + "x"),
        ("क\u200d", "क" + r"\u200d"),
        ("م\u200d1", "م" + r"\u200d1"),
        ("🏴\U000e0067\U000e007f", r"🏴\U000e0067\U000e007f"),
        ("\ud800", r"\ud800"),
        ("\ue000", r"\ue000"),
        ("one\u2028two", r"one\u2028two"),
        ("\u0301x", r"\u0301x"),
    ],
)
def test_what_hides_becomes_visible(text, expected):
    """Controls and hidden characters appear as escapes, also those that other text may carry."""
    assert safe(text) == expected
    assert safe_line(text) == expected


def test_line_ends():
    """In a body CRLF is a newline and a lone CR is shown; on a line all are shown."""
    assert safe("a\r\nb\rc\td\n") == "a\nb\\rc\td\n"
    assert safe("é\r\nb\rc\td\n") == "é\nb\\rc\td\n"
    assert safe_line("a\r\nb\rc\td\n") == r"a\r\nb\rc\td\n"


def test_marks_do_not_reach_over_lines():
    """A stack of marks ends at its limit, and none joins a line's start."""
    stack = safe("e" + "\u0301" * 20)
    assert stack == "e" + "\u0301" * MOST_MARKS + r"\u0301" * (20 - MOST_MARKS)
    assert safe("a\n\u0301") == "a\n\\u0301"
    assert safe("क" + "\u200d\u0301" * 20).count("\u0301") <= MOST_MARKS


@given(ANY_TEXT)
@example("a\\n\n")
def test_plain_output_loses_nothing(text):
    """A field of plain output holds no tab or line end, and Python's escapes lead back to the text."""
    field = plain_field(text)
    assert not set(field) & set("\t\n\r")
    assert ast.literal_eval('"' + field.replace('"', '\\"') + '"') == text


def test_plain_output_writes_the_four_of_the_contract():
    r"""`\`, tab, newline, CR are written `\\ \t \n \r`."""
    assert plain_field("\\ \t \n \r") == r"\\ \t \n \r"


@given(st.text())
def test_no_cell_is_a_formula(text):
    """A cell never begins with a sign a spreadsheet obeys, and is otherwise the text."""
    cell = csv_cell(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert unguarded(cell) == text
    if text.startswith(("=", "+", "-", "@", "\t", "\r")):
        assert cell.startswith("'")


@given(st.text(st.characters(categories=("L", "N", "P", "S", "Zs", "Mn"))), st.integers(-1, 40))
def test_shortened_text_fits(text, cells):
    """Shortened text is no wider than asked, is the text where that fits, and else a beginning and `…`."""
    short = shorten(text, cells)
    assert width(short) <= max(cells, 0)
    if width(text) <= cells:
        assert short == text
    elif cells >= 1:
        assert short.endswith("…")
        assert text.startswith(short[:-1])


def test_cells():
    """Wide characters take two cells, marks and joiners none."""
    assert [width(text) for text in ("abc", "日本", "e\u0301", "한", "ｶ", "")] == [3, 4, 1, 2, 1, 0]
    assert shorten("日本語テスト", 7) == "日本語…"
