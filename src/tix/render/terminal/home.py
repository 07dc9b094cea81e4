"""What ``tix`` alone shows: the desk at a glance, or what tix is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo

from tix.render.safe import safe_line, shorten, width
from tix.render.terminal import queue_table, theme
from tix.render.terminal.console import Console, Span, Text
from tix.render.terminal.layout import padded, wrapped
from tix.render.terminal.tables import Record
from tix.words.sentence import Said, shown, shown_name

WELCOME = Said("tix is a help desk in your terminal: tickets, threads and a queue, in one file.")
FIRST_COMMANDS = (
    ("tix new", Said("create your first ticket, and your desk with it")),
    ("tix demo", Said("try a temporary desk with sample data")),
    ("tix --help", Said("list all commands")),
)


def draw_home(
    *,
    name: str,
    counts: Mapping[str, int],
    tickets: Sequence[Record],
    next_commands: Sequence[tuple[str, str]],
    now: int,
    zone: tzinfo,
    console: Console,
    is_mine: bool = True,
) -> None:
    """Counts, the most urgent tickets, and commands with what they do. ``counts`` come in reading order.

    The tickets are the reader's own, unless ``is_mine`` says that they are unassigned.
    """
    theme.write(console, [*_counts(name, counts, console.width), Text()])
    if tickets:
        if not is_mine:
            none = shown(Said("You have no open tickets. The most urgent unassigned ones:"))
            theme.write(console, [*map(theme.line, wrapped(none, console.width)), Text()])
        queue_table.draw(tickets, None, now=now, zone=zone, console=console)
    else:
        nothing = (
            Said("You have no open tickets.") if counts.get("open") else Said("There are no open tickets.")
        )
        theme.write(console, [theme.line(text) for text in wrapped(shown(nothing), console.width)])
    if next_commands:
        theme.write(console, [Text(), *_commands(next_commands, console.width)])


def draw_welcome(console: Console) -> None:
    """What tix is and how to begin, where there is no desk yet."""
    about = [theme.line(text) for text in wrapped(shown(WELCOME), console.width)]
    theme.write(console, [*about, Text(), *_commands(FIRST_COMMANDS, console.width)])


def draw_heading(title: str, nothing: str | None, console: Console) -> None:
    """What stands below it; ``nothing`` says so where it is empty."""
    lines = [theme.line(Span(shown(title), theme.STRONG))]
    if nothing is not None:
        lines += [theme.line(Span(text, theme.QUIET)) for text in wrapped(shown(nothing), console.width)]
    theme.write(console, lines)


def draw_hint(text: str, console: Console) -> None:
    """What one may do about what stands above, after an empty line."""
    hint = [theme.line(Span(line, theme.QUIET)) for line in wrapped(shown(text), console.width)]
    theme.write(console, [Text(), *hint])


def _counts(name: str, counts: Mapping[str, int], cells: int) -> list[Text]:
    """``sam   12 open   3 overdue   4 mine``, wrapped between two of them."""
    who = shorten(safe_line(name), cells)
    lines, used = [theme.line(Span(who, theme.STRONG))], width(who)
    for what, number in counts.items():
        style = theme.QUIET if number == 0 else theme.OVERDUE if what == "overdue" else theme.STRONG
        noun = shown_name("count", what)
        text = f"{number} {noun}"
        if used + 3 + width(text) > cells:
            lines.append(Text())
            used = -3
        else:
            lines[-1].append("   ")
        lines[-1].append(str(number), style)
        lines[-1].append(f" {noun}", theme.QUIET if number == 0 else "")
        used += 3 + width(text)
    return lines


def _commands(commands: Sequence[tuple[str, str]], cells: int) -> list[Text]:
    """A command and what it does on a line; below each other where that is too narrow."""
    column = max(width(safe_line(command)) for command, _ in commands) + 3
    beside = cells - column >= 24
    lines = []
    for command, meaning in commands:
        if beside:
            head = [padded(safe_line(command), column)]
            indent = column
        else:
            lines += [theme.line(text) for text in wrapped(safe_line(command), cells)]
            head, indent = [], 2
        for at, text in enumerate(wrapped(shown(meaning, safe_line), cells - indent)):
            before = head if at == 0 and head else [" " * indent]
            lines.append(theme.line(*before, Span(text, theme.QUIET)))
    return lines
