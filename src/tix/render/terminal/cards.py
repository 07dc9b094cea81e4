"""One record on a terminal: a label and a value per line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import tzinfo

from tix.render.records.formats import text_of
from tix.render.safe import safe_line, shorten, width
from tix.render.terminal import theme
from tix.render.terminal.console import Console, Span, Text
from tix.render.terminal.figures import figure, plain_name
from tix.render.terminal.layout import padded, wrapped
from tix.typing import Any
from tix.words.sentence import shown_name

Record = Mapping[str, Any]

_LABELS = {"sla": "SLA", "os_user": "OS user"}


def draw_card(record: Record, *, console: Console, zone: tzinfo | None = None) -> None:
    """The record; what is not set is left out, a list of records has a line each.

    Instants are by the clock of ``zone``, if given.
    """
    pairs = [(label, lines) for name, value in record.items() for label, lines in _told(name, value, zone)]
    indent = min(max(width(label) for label, _ in pairs) + 2, console.width // 2)
    drawn: list[Text] = []
    for label, lines in pairs:
        head = padded(shorten(label, indent - 1), indent)
        for piece in (piece for line in lines for piece in wrapped(line, console.width - indent)):
            drawn.append(theme.line(Span(head, theme.QUIET), Span(piece)))
            head = " " * indent
    theme.write(console, drawn)


def _told(name: str, value: Any, zone: tzinfo | None) -> Iterator[tuple[str, list[str]]]:
    """A field as its label and its lines; none where there is nothing to say."""
    label = shown_name("label", safe_line(_LABELS.get(name) or plain_name(name).capitalize()))
    if value is None or value in ([], ""):
        return
    if isinstance(value, list) and isinstance(value[0], dict):
        yield label, [_question(one) if "label" in one else safe_line(text_of(one)) for one in value]
    elif isinstance(value, list):
        words = [safe_line(text_of(one)) for one in value]
        yield label, words if any(" " in word for word in words) else [", ".join(words)]
    else:
        yield label, [safe_line(text_of(figure(name, value, zone)))]


def _question(field: Record) -> str:
    """A field of a topic: its label with a star where it must be answered, its key, what it takes."""
    star = " *" if field["required"] else ""
    takes = ", ".join(field["choices"]) if field["choices"] else field["kind"]
    more = [
        words
        for words, holds in (
            ("required to close", field["required_to_close"]),
            ("staff only", field["staff_only"]),
            (f"default {field['default']}", field["default"] is not None),
        )
        if holds
    ]
    return safe_line(
        f"{field['label']}{star}  {field['key']}: {takes}" + "".join(f"; {word}" for word in more)
    )
