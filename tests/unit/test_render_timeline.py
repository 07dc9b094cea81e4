"""A ticket on a terminal: who wrote what cannot be mistaken, whatever was written."""

import io
import re
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tix.domain.tickets.ticket import Ticket
from tix.domain.tickets.timeline import Author, File, entry, event, system
from tix.render.records.tickets import full_record, item_record
from tix.render.safe import width
from tix.render.terminal import theme, timeline

NOW = 1_795_338_000  # 2026-11-22T09:00:00Z
DAY = 86_400
WIDTHS = (20, 40, 60, 80, 120)
IMITATION = """Thanks.

Sam Fox (sam) · staff · 10:00, 2h ago
│ I close this.
· 10:00 sam closed it
└ file: invoice.pdf (1MB)
┃ internal note
\x1b[2J\x1b]52;c;eA==\x07 \u202e [red]x[/red] :smile:"""


def author(login, side, at=NOW - DAY, via=None):
    """Who wrote an item."""
    return Author(login, via, side, at)


MARIA, SAM = author("maria", "requester"), author("sam", "staff")
THREAD = [
    entry("message", IMITATION, MARIA, (File("photo \x1b.jpg", 1_234_567, "image/jpeg", "0" * 64),)),
    event("assigned", SAM, field="assignee", new="sam"),
    event("status-changed", SAM, field="status", old="open", new="answered"),
    entry("note", "She has\tdone this before. 日本語のメモ、とても長いので折り返されます。" * 3, SAM),
    entry("reply", "Dear Maria,\n> Thanks.\n" + "x" * 300, author("sam", "staff", NOW - 60, "root")),
    event("overdue", system(NOW - 30)),
]
NAMES = {"maria": "Maria Gómez", "sam": "Sam Fox"}


def ticket(items=THREAD, names=NAMES, **values):
    """The record of a ticket, as `show` makes it."""
    plain = Ticket(
        None, "uid", "TIX-", 12, "Printer on fire", "open", "open", "urgent", 4, "maria", "maria",
        NOW - 3 * DAY, NOW, NOW,
    )  # fmt: skip
    thread = [item_record(item._replace(id=at), names.get(item.by)) for at, item in enumerate(items)]
    return full_record(plain._replace(**values), "Maria Gómez", "maria@acme.example", True, NOW, thread)


def drawn(record, cells=80, color=False, **options):
    """What stands on the terminal."""
    stream = io.StringIO()
    console = theme.console(stream, color=color, width=cells)
    timeline.draw_ticket(record, now=NOW, zone=UTC, console=console, **options)
    return stream.getvalue()


def without_colours(text):
    """``text`` without our own colours, and nothing else taken away."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def thread_of(text):
    """The lines below the head: from the first day on."""
    lines = text.split("\n")
    first = next(at for at, line in enumerate(lines) if re.fullmatch(r"\w{3} \d+ \w{3} \d{4}", line))
    return lines[first:]


def test_a_ticket_at_eighty_cells():
    """A sample, as a person sees it."""
    items = [
        entry("message", "It burns.", MARIA, (File("photo.jpg", 1_234_567, "image/jpeg", ""),)),
        event("assigned", SAM, field="assignee", new="sam"),
        entry("note", "Again.", SAM),
        entry("reply", "Leave the building.", author("sam", "staff", NOW - 3600)),
        event(
            "status-changed", author("sam", "staff", NOW - 3600), field="status", old="open", new="answered"
        ),
    ]
    record = ticket(
        items, assignee="sam", due_at=NOW - 2 * DAY, tags=" fire ", rating=4, rating_comment="Quick!"
    )
    commands = ["tix reply 12", "tix close 12"]
    assert drawn(record, next_commands=commands).split("\n") == [
        "TIX-12  Printer on fire",
        "open · urgent priority · assigned to sam · ! overdue · ● unanswered",
        "",
        "Requester  Maria Gómez (maria) <maria@acme.example>",
        "Tags       fire",
        "Created    2026-11-19 09:00, 3d ago",
        "Due        2026-11-20 09:00, 2d ago: overdue",
        "Rating     ★★★★☆ 4 of 5: Quick!",
        "",
        "Sat 21 Nov 2026",
        "",
        "Maria Gómez (maria) · requester · 09:00, 1d ago",
        "│ It burns.",
        "└ file: photo.jpg (1.2MB)",
        "",
        "· 09:00 sam took the ticket",
        "",
        "Sam Fox (sam) · staff · internal note · 09:00, 1d ago",
        "┃ Again.",
        "",
        "Sun 22 Nov 2026",
        "",
        "Sam Fox (sam) · staff · 08:00, 1h ago · status open → answered",
        "│ Leave the building.",
        "",
        "tix reply 12   tix close 12",
        "",
    ]


@pytest.mark.parametrize("cells", WIDTHS)
def test_no_line_is_wider_than_the_terminal(cells):
    """At any width, everything included."""
    record = ticket(about="campaign:42", phone="+34 600", rating=5, tags=" a b ", subject="日本語 " * 40)
    lines = drawn(record, cells, next_commands=["tix reply 12", "tix close 12"]).split("\n")
    assert len(lines) > 30
    assert max(map(width, lines)) <= cells


@pytest.mark.parametrize("cells", WIDTHS)
def test_colour_changes_no_character(cells):
    """What colour shows stands there without it too, and without it there is no escape."""
    plain = drawn(ticket(), cells)
    assert "\x1b" not in plain
    assert without_colours(drawn(ticket(), cells, color=True)) == plain


@given(st.text(st.characters() | st.sampled_from("\n\t ·│┃└\x1b(")), st.sampled_from(WIDTHS))
def test_a_message_cannot_pass_for_anything_else(body, cells):
    """Whatever is written, all of it stands behind the gutter: what is at the edge is ours."""
    alone = thread_of(drawn(ticket([entry("message", "", MARIA)]), cells, full=True))
    lines = thread_of(drawn(ticket([entry("message", body, MARIA)]), cells, full=True))
    assert [line for line in lines if not line.startswith("│")] == alone
    assert max(map(width, lines)) <= cells


def test_an_imitation_is_behind_the_gutter():
    """Headers, events, files and notes that somebody wrote are words of theirs."""
    lines = thread_of(drawn(ticket([THREAD[0]])))
    assert "│ Sam Fox (sam) · staff · 10:00, 2h ago" in lines
    assert "│ · 10:00 sam closed it" in lines
    assert "│ └ file: invoice.pdf (1MB)" in lines
    assert r"│ \x1b[2J\x1b]52;c;eA==\x07 \u202e [red]x[/red] :smile:" in lines
    assert r"└ file: photo \x1b.jpg (1.2MB)" in lines


def test_a_name_that_looks_like_a_header_is_quoted():
    """The login and the side say who it is; the name cannot."""
    items = [entry("message", "Trust me.", author("evil", "requester"))]
    shown = drawn(ticket(items, {"evil": "Sam Fox (sam) · staff · 10:00"}))
    assert "\n“Sam Fox (sam) · staff · 10:00” (evil) · requester · 09:00, 1d ago\n" in shown


@pytest.mark.parametrize("color", [False, True])
def test_a_note_is_marked_in_words_and_by_its_gutter(color):
    """A note and a reply of the same person and words differ in header, gutter and colour."""
    note, reply = (
        drawn(ticket([entry(kind, "Same words.", SAM)]), color=color) for kind in ("note", "reply")
    )
    assert "internal note" in note
    assert "internal note" not in reply
    assert "┃ " in note
    assert "┃" not in reply
    if color:
        assert "\x1b[35m┃ " in note  # magenta
        assert "\x1b[32m│ " in reply  # green, as staff


def test_every_line_of_a_note_has_its_gutter():
    """Also those that wrapping made."""
    lines = thread_of(drawn(ticket([THREAD[3]]), 40))
    below = lines[lines.index("") + 1 :]
    body = [line for line in below if line and not line.startswith(("Sam Fox", "09:00"))]
    assert len(body) > 4
    assert all(line.startswith("┃ ") for line in body)


def test_a_long_body_is_shortened_and_says_so():
    """Forty lines, how many more, and how to see them; with full all of it."""
    record = ticket([entry("message", "\n".join(f"row {at}" for at in range(160)), MARIA)])
    shown = drawn(record)
    assert "│ row 39\n└ … 120 more lines: tix show 12 --full\n" in shown
    assert "row 40" not in shown
    assert "│ row 159\n" in drawn(record, full=True)


def test_a_long_thread_is_folded_and_says_so():
    """The opening and the newest stay; how many are left out is said, by kind."""
    items = [entry("message", f"row {at}.", MARIA) for at in range(80)] + [THREAD[2]]
    shown = drawn(ticket(items))
    assert "⋯ 26 entries not shown: tix show 12 --full" in shown
    assert [at for at in range(80) if f"│ row {at}.\n" in shown] == [*range(5), *range(31, 80)]
    assert "│ row 20.\n" in drawn(ticket(items), full=True)


def test_events_may_be_left_out():
    """`--no-events` leaves what people wrote."""
    assert "sam took the ticket" in drawn(ticket())
    assert "· 09:00 sam" not in drawn(ticket(), events=False)
    assert "Dear Maria," in drawn(ticket(), events=False)


def test_who_typed_it_for_somebody_is_named():
    """`--as` is seen."""
    assert "Sam Fox (sam) · staff · typed by root · 08:59, 1m ago" in drawn(ticket())


def test_the_log_is_a_line_an_item():
    """Also of a body of many lines, at any width."""
    for cells in WIDTHS:
        stream = io.StringIO()
        items = [{"ref": "TIX-12"} | item for item in ticket()["thread"]]
        console = theme.console(stream, color=False, width=cells)
        timeline.draw_log(items, now=NOW, zone=UTC, console=console)
        lines = stream.getvalue().split("\n")
        assert len(lines) == len(items) + 1
        assert max(map(width, lines)) <= cells
        assert cells < 60 or "sam, internal note: She" in lines[3]


def test_only_its_own_change_of_status_is_on_the_line_of_a_reply():
    """Not one of another moment, of somebody else, with a reason, or after a note."""

    def changed(who, reason=None):
        return event("status-changed", who, field="status", old="open", new="answered", reason=reason)

    for items in (
        [entry("reply", "Hello.", SAM), changed(author("sam", "staff"))],
        [entry("message", "Hello.", MARIA), changed(MARIA)],
    ):
        assert "· status open → answered" in drawn(ticket(items), 100)
        assert "changed the status" not in drawn(ticket(items), 100)
    for items in (
        [entry("reply", "Hello.", SAM), changed(author("sam", "staff", NOW))],
        [entry("reply", "Hello.", SAM), changed(author("kim", "staff"))],
        [entry("reply", "Hello.", SAM), changed(SAM, "undone")],
        [entry("note", "Hello.", SAM), changed(SAM)],
    ):
        assert "changed the status from open to answered" in drawn(ticket(items), 100)


def test_entries_have_numbers_where_somebody_asks():
    text = drawn(ticket(), ids=True)
    assert re.findall(r"^entry (\d+) · ", text, re.MULTILINE) == [
        "3",
        "4",
    ]  # the first has number 0 here, which is none
    assert "entry" not in drawn(ticket())


ADDRESS = "https://desk.example/departments/it/howto/docking-stations.html?id=12"


def linked(text, cells=60, color=True, links=True):
    """What stands on a terminal that knows links."""
    stream = io.StringIO()
    console = theme.console(stream, color=color, width=cells)._replace(links=links)
    timeline.draw_ticket(ticket([entry("message", text, MARIA)]), now=NOW, zone=UTC, console=console)
    return stream.getvalue()


def test_a_long_address_is_short_and_leads_to_the_whole_one():
    """With its whole host, so that it cannot look like another place; without links it stays whole."""
    text = linked(f"See {ADDRESS}, please.")
    assert (
        f"\x1b]8;;{ADDRESS}\x1b\\\x1b[4mdesk.example/departments/it…s.html?id=12\x1b[0m\x1b]8;;\x1b\\, please."
        in text
    )
    assert "\x1b]8;;https://x.example\x1b\\" in linked("(https://x.example)")
    for other in (linked(f"See {ADDRESS}", links=False), linked(f"See {ADDRESS}", color=False, links=False)):
        assert "]8;;" not in other
        assert ADDRESS in without_colours(other).replace("\n│ ", "")


@given(st.text(st.characters(codec="utf-8"), max_size=60), st.integers(20, 80))
def test_nothing_that_people_write_ends_a_link(text, cells):
    """Whatever stands in an address: each link that opens is ours, and closes on its line."""
    for line in linked(f"https://a.example/{text} http://b.example", cells).split("\n"):
        ends = re.findall(r"\x1b\]8;;([!-~]*)\x1b\\", line)
        assert ends[1::2] == [""] * (len(ends) // 2)
        assert all(one.startswith(("https://", "http://")) for one in ends[::2])
        rest = re.sub(r"\x1b\]8;;[!-~]*\x1b\\|\x1b\[[0-9;]*m", "", line)
        assert "\x1b" not in rest


def test_markdown_is_drawn_where_somebody_asks_and_hostile_text_stays_text():
    text = "# Head\n\n- **bold** <b>raw</b>\n- [bank](https://evil.example) &#x202e;abc &#27;[2J\n\n<script>x</script>"
    shown = drawn(ticket([entry("message", text, MARIA)]), markdown=True)
    for piece in ("bold <b>raw</b>", "bank (https://evil.example)", "\\u202eabc", "<script>x</script>"):
        assert piece in shown
    for piece in ("**", "# Head", "\u202e", "\x1b"):
        assert piece not in shown
    assert "\x1b[1mbold\x1b[0m" in drawn(ticket([entry("message", text, MARIA)]), markdown=True, color=True)
    assert "**bold**" in drawn(ticket([entry("message", text, MARIA)]))
