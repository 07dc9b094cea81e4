"""A ticket and its thread as a timeline.

What people wrote stands behind a gutter on every line, so that no message can pass for a header, another
author or an event; those stand at the edge. The gutter of an internal note is another character, and its
header says so in words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import tzinfo
from types import MappingProxyType

from tix.domain.files.sizes import format_size
from tix.domain.times import parse_instant
from tix.render.event_phrases import change_words, sentence, summary
from tix.render.safe import safe, safe_line, shorten, width
from tix.render.terminal import theme
from tix.render.terminal.console import Console, Span, Text
from tix.render.terminal.layout import padded, spread, wrapped
from tix.render.terminal.theme import joined
from tix.render.terminal.ticket_head import Page, Record, head, named
from tix.render.words import clock, day, entry_kind, relative
from tix.words.sentence import Said, shown, shown_name

LONGEST_BODY = 40  # lines of one entry, unless ``full``
MOST_ITEMS = 60  # of a thread, unless ``full``; of more, the first and the newest are shown
FIRST_ITEMS = 5
NEWEST_ITEMS = 50


def draw_ticket(
    record: Record,
    *,
    now: int,
    zone: tzinfo,
    console: Console,
    events: bool = True,
    full: bool = False,
    next_commands: Sequence[str] = (),
    due_words: str = "",
    labels: Mapping[str, str] = MappingProxyType({}),
    folds: Mapping[int, int] = MappingProxyType({}),
    ids: bool = False,
    markdown: bool = False,
) -> None:
    """The ticket, what is set on it, its thread, and what to type next.

    Long bodies are shortened and long threads folded, each saying how much is left out, unless ``full``.
    ``due_words`` say where the due date comes from, ``labels`` what the topic calls its fields, ``folds`` where the
    quoted rest of an entry begins (in characters, by the entry's id). ``ids``: entries have their numbers, as ``split``
    takes them; ``markdown``: texts are drawn as Markdown.
    """
    people = (record["creator"], record["requester"])
    raised_for = None if len(set(people)) == 1 else people
    page = Page(now, zone, console.width, full, record["number"], due_words, labels, raised_for, folds)
    targets = console.targets if console.links else page.targets
    page = page._replace(ids=ids, links=console.links, markdown=markdown, targets=targets, ref=record["ref"])
    thread = [item for item in record["thread"] if events or item["kind"] != "event"]
    lines = head(record, page)
    lines += _thread(thread, page)
    if next_commands:
        lines += [
            Text(),
            *joined([Span(safe_line(c), theme.QUIET) for c in next_commands], page.cells, "   "),
        ]
    theme.write(console, lines)


def draw_log(items: Sequence[Record], *, now: int, zone: tzinfo, console: Console) -> None:
    """Items of the log, each with its ``ref``: one line each, when and where first, then what."""
    refs = max((width(item["ref"]) for item in items), default=0)
    whens = [shown(relative(parse_instant(item["at"]), now, zone)) for item in items]
    column = max(map(width, whens), default=0) + 2
    if console.width - column - refs < 24:
        whens, column = [""] * len(whens), 0
    room = max(console.width - column - refs - 2, 1)
    lines = []
    for item, when in zip(items, whens, strict=True):
        ref, link = safe_line(item["ref"]), console.targets.of_ticket(item["ref"])
        gap = " " * (refs - width(ref) + 2)
        at = padded(when, column)
        if item["kind"] == "event":
            what = Span(shorten(shown(sentence(item, zone=zone)), room), theme.QUIET)
        else:
            by = safe_line(item["by"]) if item["by"] else Said("somebody")
            words = shown(Said("{who}, {what}", who=by, what=summary(item, zone=zone)))
            what = Span(shorten(words, room), theme.NOTE if item["internal"] else "")
        before = [Span(f"{at}{ref}{gap}", theme.QUIET)]
        if link:
            before = [Span(at, theme.QUIET), Span(ref, theme.QUIET, link), Span(gap, theme.QUIET)]
        lines.append(theme.line(*before, what))
    theme.write(console, lines)


# -------------------------------------------------------------------------------------------- thread


def _thread(thread: Sequence[Record], page: Page) -> list[Text]:
    """The items, a heading for each day, events close together."""
    items, folded = list(thread), 0
    if not page.full and len(thread) > MOST_ITEMS:
        items = [*thread[:FIRST_ITEMS], *thread[-NEWEST_ITEMS:]]
        folded = len(thread) - len(items)
    lines: list[Text] = []
    today, was_event, change = "", False, None
    for at, item in enumerate(items):
        if change is item:  # it is in the header of the entry before
            continue
        change = _own_change(item, items[at + 1 : at + 2])
        if folded and at == FIRST_ITEMS:
            lines += [Text(), *_fold(thread[FIRST_ITEMS : FIRST_ITEMS + folded], page)]
            today = ""
        epoch = parse_instant(item["at"])
        is_event = item["kind"] == "event"
        date = shown(day(epoch, page.zone))
        if date != today:
            today = date
            lines += [Text(), theme.line(Span(today, f"{theme.QUIET} underline"))]
            was_event = False
        if not (is_event and was_event):
            lines.append(Text())
        lines += _event(item, epoch, page) if is_event else _entry(item, epoch, page, change)
        was_event = is_event
    return lines


def _own_change(item: Record, following: Sequence[Record]) -> Record | None:
    """The change of the status that came with a reply: then the two are one line. None where there is none."""
    if item["kind"] == "event" or item["internal"]:
        return None
    for one in following:
        same = all(one[name] == item[name] for name in ("by", "via", "at"))
        if same and one["event"] and one["event"]["type"] == "status-changed" and not one["event"]["reason"]:
            return one
    return None


def draw_rule(console: Console) -> None:
    """A line between two tickets."""
    theme.write(console, [Text(), theme.line(Span("─" * console.width, theme.QUIET)), Text()])


def _fold(items: Sequence[Record], page: Page) -> list[Text]:
    kinds = Counter("event" if item["kind"] == "event" else "entry" for item in items)
    counts = [Said.counted("{n} entry", "{n} entries", kinds["entry"])] if kinds["entry"] else []
    counts += [Said.counted("{n} event", "{n} events", kinds["event"])] if kinds["event"] else []
    what = _both(counts)
    words = Said("⋯ {what} not shown: {command}", what=what, command=f"tix show {page.number} --full")
    return [theme.line(Span(piece, theme.STRONG)) for piece in wrapped(shown(words), page.cells)]


def _both(counts: Sequence[Said]) -> Said:
    return counts[0] if len(counts) == 1 else Said("{one} and {other}", one=counts[0], other=counts[1])


def _event(item: Record, epoch: int, page: Page) -> list[Text]:
    """``· 14:02 sam changed the status from open to answered``."""
    before = f"· {clock(epoch, page.zone)} "
    lines = []
    for piece in wrapped(shown(sentence(item, zone=page.zone)), page.cells - len(before)):
        lines.append(theme.line(Span(before + piece, theme.QUIET)))
        before = " " * len(before)
    return lines


def _entry(item: Record, epoch: int, page: Page, change: Record | None = None) -> list[Text]:
    """Who wrote it, and when; then what, behind the gutter.

    Files and what is left out hang on a corner, so that no line of a text can pass for them.
    """
    is_internal = item["internal"]
    colour = theme.NOTE if is_internal else theme.side_style(item["side"])
    gutter, corners = theme.NOTE_GUTTERS if is_internal else theme.PUBLIC_GUTTERS
    room = page.cells - 2
    pieces, left_out = _body(item, room, page)
    lines = [
        theme.line(Span(f"{gutter} " if any(span.text for span in row) else gutter, colour), *row)
        for row in pieces
    ]
    below = [
        words
        for words in ([Span(left_out, theme.QUIET)] if left_out else [], *_files(item, room, page))
        if words
    ]
    for at, words in enumerate(below):
        corner = corners[at == len(below) - 1]
        lines.append(theme.line(Span(f"{corner} ", colour), *words))
    return [*_header(item, epoch, page, change), *lines]


def _files(item: Record, room: int, page: Page) -> list[list[Span]]:
    """``file: photo.jpg (1.2MB)``, a long name shortened, and leading to the file."""
    files = []
    for file in item["attachments"]:
        before, size = shown(Said("file: {name}", name="")), f" ({format_size(file['size'])})"
        name = shorten(safe_line(file["name"]), max(room - width(before) - len(size), 2))
        if link := page.targets.of_file(page.ref, file["id"]):
            files.append([Span(before, theme.QUIET), Span(name, theme.QUIET, link), Span(size, theme.QUIET)])
        else:
            files.append([Span(before + name + size, theme.QUIET)])
    return files


def _part(item: Record, page: Page) -> str:
    """The author's side, or for whom the author created the ticket."""
    if page.raised_for and item["kind"] == "message" and item["by"] == page.raised_for[0]:
        return shown(Said("for {who}", who=safe_line(page.raised_for[1])))
    return shown_name("side", str(item["side"]))


def _header(item: Record, epoch: int, page: Page, change: Record | None) -> list[Text]:
    is_internal = item["internal"]
    colour = theme.side_style(item["side"])
    spans = []
    if page.ids and item["id"]:
        spans.append(Span(shown(Said("entry {id}", id=item["id"])), theme.STRONG))
    spans += [
        Span(named(item["by"] or shown(Said("somebody")), item["by_name"]), f"{theme.STRONG} {colour}"),
        Span(_part(item, page), colour),
    ]
    if is_internal:
        spans.append(Span(shown(entry_kind(item)), theme.NOTE_HEAD))
    if item["origin"]:
        spans.append(Span(shown(Said("from {origin}", origin=safe_line(item["origin"]))), theme.QUIET))
    if item["via"]:
        spans.append(Span(shown(Said("typed by {via}", via=safe_line(item["via"]))), theme.QUIET))
    near = shown(relative(epoch, page.now, page.zone))
    when = clock(epoch, page.zone)
    spans.append(Span(f"{when}, {near}" if abs(epoch - page.now) < 604_800 else when, theme.QUIET))
    if change is not None:
        spans.append(Span(shown(change_words(change, zone=page.zone)), theme.QUIET))
    return joined(spans, page.cells)


def _body(item: Record, room: int, page: Page) -> tuple[list[list[Span]], str]:
    """The text in lines that fit, quotations quiet; of too long a text the beginning, and what is left out."""
    body = item["body"] or ""
    fold = None if page.full else page.folds.get(item["id"])
    quoted = 0 if fold is None else len(body[fold:].strip("\n").split("\n"))
    text = safe(body[:fold]).strip("\n")
    spans = _lines(text, room, page) if text else []
    left_out = len(spans) - LONGEST_BODY
    if page.full or left_out <= 1:  # one line would be replaced by a line
        left_out = 0
    if not left_out and not quoted:
        return spans, ""
    what = [Said.counted("{n} more line", "{n} more lines", left_out)] if left_out else []
    what += [Said.counted("{n} quoted line", "{n} quoted lines", quoted)] if quoted else []
    words = Said("… {what}: {command}", what=_both(what), command=f"tix show {page.number} --full")
    return spans[:LONGEST_BODY] if left_out else spans, shorten(shown(words), room)


def _lines(text: str, room: int, page: Page) -> list[list[Span]]:
    """An escaped text in lines that fit."""
    if page.markdown:
        from tix.render.terminal.markdown import drawn

        return drawn(text, room)
    rows: list[list[Span]] = []
    for line in text.split("\n"):
        style = theme.QUIET if line.startswith(">") else ""
        if page.links and "://" in line:
            from tix.render.terminal.links import linked

            rows += linked(spread(line), room, style)
        else:
            rows += [[Span(piece, style)] for piece in wrapped(spread(line), room)]
    return rows
