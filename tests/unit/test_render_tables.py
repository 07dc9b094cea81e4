"""The queue on a terminal: fitted, aligned, marked in words, and deaf to what is in a subject."""

import io
import re
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tix.domain.tickets.ticket import Ticket
from tix.render.records.tickets import LIST_FIELDS, ticket_record
from tix.render.safe import width
from tix.render.terminal import queue_table, tables, theme

NOW = 1_795_338_000  # 2026-11-22T09:00:00Z
HOUR, DAY = 3600, 86_400
HOSTILE = "\x1b[31mred\x1b[0m \u202egnp.exe\nsecond\tline [red]x[/red] :smile:"
WIDTHS = (20, 40, 60, 80, 100, 120, 200)


def ticket(number=12, subject="Printer on fire", **values):
    """The record of a ticket, as `list` makes it."""
    plain = Ticket(
        None, "uid", "TIX-", number, subject, "open", "open", "medium", 2, "maria", "maria",
        NOW - 3 * DAY, NOW - 2 * HOUR, NOW - 2 * HOUR,
    )  # fmt: skip
    return ticket_record(plain._replace(**values), "Maria", "maria@acme.example", True, NOW)


QUEUE = [
    ticket(12, "Printer on the third floor is on fire and nobody knows why", priority="urgent", assignee="sam",
           due_at=NOW - 2 * DAY),
    ticket(9, "VPN drops", status="in-progress", answered=1, assignee="kim", due_at=NOW + 3 * HOUR,
           requester="a.very.long.address@department.example.org"),
    ticket(128, "日本語の件名：プリンターが動きません。至急対応をお願いします、よろしく"),
    ticket(7, "🔥🚒 fire drill 👩🏽‍🚀 on Friday ❤️ and then home again", answered=1),
    ticket(33, HOSTILE, status="on-hold", answered=1, due_at=NOW + 20 * DAY),
    ticket(4, "Old", status="closed", phase="closed", closed_at=NOW, last_activity_at=NOW - 400 * DAY),
]  # fmt: skip


def drawn(records, columns=None, cells=80, color=False, footer=None):
    """What stands on the terminal."""
    stream = io.StringIO()
    console = theme.console(stream, color=color, width=cells)
    queue_table.draw(records, columns, now=NOW, zone=UTC, console=console, footer=footer)
    return stream.getvalue()


def without_colours(text):
    """``text`` without our own colours, and nothing else taken away."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def test_the_queue_at_eighty_cells():
    """A sample, as a person sees it."""
    assert drawn([QUEUE[0], QUEUE[1], QUEUE[2]], footer="3 of 213").split("\n") == [
        "   REF      STATUS       PRIORITY  ASSIGNEE  DUE     SUBJECT",
        "!● TIX-12   open         urgent    sam       2d ago  Printer on the third floor…",
        "   TIX-9    in-progress  medium    kim       in 3h   VPN drops",
        " ● TIX-128  open         medium    –         –       日本語の件名：プリンターが…",
        "",
        "3 of 213   ● unanswered   ! overdue",
        "",
    ]


@pytest.mark.parametrize("cells", WIDTHS)
@pytest.mark.parametrize("columns", [None, ["ref", "subject", "requester", "due_at"], LIST_FIELDS])
def test_no_line_is_wider_than_the_terminal(cells, columns):
    """At any width, whatever the columns and the subjects."""
    lines = drawn(QUEUE, columns, cells, footer="50 of 213, 12 overdue").split("\n")
    assert len(lines) > len(QUEUE)
    assert max(map(width, lines)) <= cells


@pytest.mark.parametrize("cells", WIDTHS[1:])
def test_columns_stand_below_their_heads(cells):
    """Wide characters in a row move nothing: each status begins where STATUS does."""
    head, *rows = drawn(QUEUE, ["subject", "status", "ref"], cells).split("\n")[: len(QUEUE) + 1]
    at = width(head[: head.index("STATUS")])
    for row, record in zip(rows, QUEUE, strict=True):
        assert width(row[: row.rindex(f" {record['status']} ") + 1]) == at


@pytest.mark.parametrize("cells", WIDTHS)
def test_colour_changes_no_character(cells):
    """What colour shows stands there without it too."""
    plain, coloured = drawn(QUEUE, None, cells), drawn(QUEUE, None, cells, color=True)
    assert "\x1b" not in plain
    assert coloured != plain
    assert without_colours(coloured) == plain


def test_wider_terminals_show_more():
    """The columns by width; the subject is always last."""
    heads = {cells: drawn(QUEUE, None, cells).split("\n")[0].split() for cells in (40, 60, 80, 100, 120)}
    assert heads[40] == ["REF", "STATUS", "SUBJECT"]
    assert heads[60] == ["REF", "STATUS", "PRIORITY", "SUBJECT"]
    assert heads[80] == ["REF", "STATUS", "PRIORITY", "ASSIGNEE", "DUE", "SUBJECT"]
    assert heads[100] == ["REF", "STATUS", "PRIORITY", "ASSIGNEE", "DUE", "SUBJECT"]
    assert heads[120] == ["REF", "STATUS", "PRIORITY", "ASSIGNEE", "REQUESTER", "DUE", "ACTIVE", "SUBJECT"]


def test_a_due_column_is_there_when_a_ticket_is_due():
    """An empty one would only take room from the subject."""
    assert "DUE" not in drawn([ticket()], None, 120)


def test_chosen_columns_are_exactly_those():
    """No marks, no legend, nothing added."""
    assert drawn([QUEUE[0]], ["number", "due_at", "overdue", "topic"]).split("\n") == [
        "NUMBER  DUE     OVERDUE  TOPIC",
        "    12  2d ago  yes      –",
        "",
    ]


def test_marks_are_explained_and_only_those_used():
    """Somebody who sees a mark sees its meaning."""
    assert drawn([QUEUE[2]]).endswith("\n\n● unanswered\n")
    assert "overdue" not in drawn([QUEUE[2]])
    assert drawn([QUEUE[3]]).count("\n") == 2  # nothing to explain: head and row


def test_an_on_hold_ticket_past_its_date_is_not_marked():
    """The mark says what the field `overdue` says, which knows about pauses."""
    assert "!" not in drawn([ticket(due_at=NOW - DAY, paused_at=NOW - 2 * DAY, status="on-hold")])


def test_too_many_columns_become_blocks():
    """Where a table could not be read every value stands in full on lines of its own."""
    lines = drawn([QUEUE[1]], LIST_FIELDS, 60).split("\n")
    assert len(lines) > len(LIST_FIELDS)
    assert lines[0] == "REF              TIX-9"
    assert "REQUESTER        a.very.long.address@department.example.org" in lines


def test_hostile_subjects_are_text():
    """Escapes and newlines are seen, not obeyed; markup and emoji codes are characters."""
    shown = drawn([QUEUE[4]], None, 120, color=True)
    assert "\\x1b[31mred" in shown
    assert "\x1b[31mred" not in shown
    assert shown.count("\n") == 2
    whole = drawn([QUEUE[4]], ["subject"], 200)
    assert r"\x1b[31mred\x1b[0m \u202egnp.exe\nsecond\tline [red]x[/red] :smile:" in whole


@given(st.lists(st.text(st.characters()), min_size=1, max_size=4), st.sampled_from(WIDTHS))
def test_any_subject_is_one_line_that_fits(subjects, cells):
    """A ticket is one row, and no row is wider than the terminal."""
    lines = drawn([ticket(at, text) for at, text in enumerate(subjects)], None, cells).split("\n")
    assert len(lines) == 1 + len(subjects) + 3
    assert max(map(width, lines)) <= cells


def test_no_records_no_table():
    """The caller says what there is to say."""
    assert drawn([], footer="0 of 3") == ""


def test_other_records():
    """People, types, settings: heads and values, empty ones as a dash."""
    stream = io.StringIO()
    people = [
        {"login": "sam", "name": "Sam [b]", "active": True},
        {"login": "x", "name": None, "active": False},
    ]
    tables.draw_records(
        people, ["login", "name", "active"], console=theme.console(stream, color=False, width=60)
    )
    assert stream.getvalue() == "LOGIN  NAME     ACTIVE\nsam    Sam [b]  yes\nx      –        no\n"


@pytest.mark.parametrize("cells", range(20, 80))
def test_figures_and_heads_are_whole_at_any_width(cells):
    """Half a number is another number, and two cut heads may read the same: the name gives way, then the table."""
    rows = [
        {"plan": "office hours of the north", "tickets": 123_456_789, "REPLY %": "50.0", "SOLVED %": "9.1"}
    ]
    stream = io.StringIO()
    tables.draw_records(rows, list(rows[0]), console=theme.console(stream, color=False, width=cells))
    for whole in ("TICKETS", "123456789", "REPLY %", "50.0", "SOLVED %", "9.1"):
        assert whole in stream.getvalue()
