"""The first screen, the look, and text fitted into cells."""

import io
import re
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tix.render.safe import safe_line, width
from tix.render.terminal import home as terminal_home
from tix.render.terminal import theme
from tix.render.terminal.layout import padded, spread, wrapped

WIDTHS = (20, 40, 60, 80, 120)
TEXT = st.text(st.characters() | st.sampled_from("a b é 日本、 👩‍🚀 e\u0301 "))
COUNTS = {"open": 12, "overdue": 3, "unassigned": 5, "mine": 0}
COMMANDS = [("tix list --mine", "what is yours"), ("tix claim 128", "take the oldest that nobody has")]


def home(cells, color=False, counts=COUNTS):
    """The first screen of an empty queue."""
    stream = io.StringIO()
    console = theme.console(stream, color=color, width=cells)
    terminal_home.draw_home(
        name="sam", counts=counts, tickets=[], next_commands=COMMANDS, now=0, zone=UTC, console=console
    )
    return stream.getvalue()


def test_home():
    """Counts, what is there, what to type."""
    assert home(60).split("\n") == [
        "sam   12 open   3 overdue   5 unassigned   0 mine",
        "",
        "You have no open tickets.",
        "",
        "tix list --mine   what is yours",
        "tix claim 128     take the oldest that nobody has",
        "",
    ]
    assert "There are no open tickets." in home(60, counts={"open": 0})


@pytest.mark.parametrize("cells", WIDTHS)
def test_screens_fit(cells):
    """At any width, with and without colour the same words."""
    stream = io.StringIO()
    terminal_home.draw_welcome(theme.console(stream, color=False, width=cells))
    for command in ("tix new", "tix demo", "tix --help"):
        assert command in stream.getvalue()
    assert max(map(width, (stream.getvalue() + home(cells)).split("\n"))) <= cells
    assert re.sub(r"\x1b\[[0-9;]*m", "", home(cells, color=True)) == home(cells)


def test_without_colour_there_is_no_escape(monkeypatch):
    """Whatever the environment says: the caller has decided."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b" not in home(80)


def test_colour_that_was_asked_for_is_there(monkeypatch):
    """`--color always` holds against NO_COLOR, a dumb terminal and a pipe."""
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "dumb")
    assert "\x1b[1;31m3\x1b[0m" in home(80, color=True)


def test_the_width_is_that_of_columns(monkeypatch):
    """COLUMNS counts for a stream that is no terminal, and for a dumb one."""
    monkeypatch.setenv("COLUMNS", "63")
    monkeypatch.setenv("TERM", "dumb")
    assert theme.console(io.StringIO(), color=True).width == 63
    assert theme.console(io.StringIO(), color=False).width == 63


def test_no_style_is_black_or_white():
    """Either would vanish on somebody's ground; only the sixteen colours are named."""
    styles = [theme.status_style(phase, name) for phase in ("open", "resolved", "closed") for name in
              ("open", "answered", "in-progress", "on-hold", "hold", "working", "mine")]  # fmt: skip
    styles += [theme.priority_style(name) for name in ("low", "medium", "high", "urgent")]
    styles += [
        *theme.SIDES.values(),
        theme.NOTE,
        theme.NOTE_HEAD,
        theme.OVERDUE,
        theme.UNANSWERED,
        theme.QUIET,
    ]
    words = {word for style in styles for meaning in style.split() for word in
             theme.PALETTE.get(meaning, meaning).split()}  # fmt: skip
    assert words <= {"bold", "dim", "red", "yellow", "green", "cyan", "magenta", "bright_blue"}


@given(TEXT, st.integers(2, 40))
def test_wrapped_lines_fit_and_lose_nothing(text, cells):
    """Only blanks go where a line breaks."""
    line = safe_line(text)
    pieces = wrapped(line, cells)
    assert all(width(piece) <= cells for piece in pieces)
    assert "".join(pieces).replace(" ", "") == line.replace(" ", "")


def test_wrapping():
    """At blanks, inside a word that is too long, between wide characters but not before what closes."""
    assert wrapped("one two three", 7) == ["one two", "three"]
    assert wrapped("  indented text", 10) == ["  indented", "text"]
    assert wrapped("abcdefghij", 4) == ["abcd", "efgh", "ij"]
    assert wrapped("日本語です、はい", 10) == ["日本語で", "す、はい"]
    assert wrapped("xe\u0301e\u0301", 2) == ["xe\u0301", "e\u0301"]
    assert wrapped("", 5) == [""]


def test_tabs_are_blanks_up_to_the_next_stop():
    """Measured in cells."""
    assert spread("a\tb") == "a       b"
    assert spread("日本\tb\t") == "日本    b       "


def test_padding_is_in_cells():
    """Wide characters count two."""
    assert padded("日本", 6) == "日本  "
    assert padded("7", 3, right=True) == "  7"
