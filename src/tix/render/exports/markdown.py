r"""A ticket as a Markdown file: front matter in YAML with its fields, then each entry under a heading.

What people wrote is a block quote, so that no text can pass for a heading of ours or for another person's words, and
``<`` before what HTML would read as a tag has a ``\`` in front, so that it is shown. Both can be undone. Internal notes are
headed as such.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import quote

from tix.render.exports.format import Format
from tix.render.exports.tickets import Attached, Entry, ExportedTicket
from tix.typing import Any

_WRITTEN = {"message": "wrote", "reply": "replied", "note": "noted", "attachment": "attached"}
_ENDS = re.compile(r"\r\n|\r|\n")  # CommonMark's line endings
# A tag, a comment, a declaration; not an autolink.
_TAG = re.compile(r"(\\*)<(?=[A-Za-z/!?])(?![A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]*>)")
_MARKS = re.compile(r"([\\`*_\[\]<>#&])")
# What YAML does not take as it is: controls, line and paragraph separators, half characters, non-characters.
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")
_write = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode


def page(ticket: ExportedTicket) -> str:
    """Return the file of a ticket."""
    return "".join(_lines(ticket))


def _lines(ticket: ExportedTicket) -> Iterator[str]:
    yield "---\n"
    for name, value in ticket.fields.items():
        if name not in ("thread", "row", "desk") and value not in (None, [], {}):
            yield f"{name}: {yaml(value)}\n"
    yield f"---\n\n# {marked(ticket.fields['subject'])}\n"
    for entry in ticket.entries:
        yield f"\n## {_heading(entry)}\n"
        if entry.body:
            yield "\n" + quoted(entry.body)
        if entry.files:
            yield "\n" + "".join(f"- {_link(file)}\n" for file in entry.files)


def _heading(entry: Entry) -> str:
    who = "Nobody" if entry.by is None else marked(entry.by.name)
    kind = f"{_WRITTEN[entry.kind]} internally" if entry.internal else _WRITTEN[entry.kind]
    return f"{entry.at} {who} {kind}"


def quoted(body: str) -> str:
    """Return a text as a block quote."""
    lines = _ENDS.split(_TAG.sub(r"\1\1\\<", body))
    return "".join(f"> {line}\n" if line else ">\n" for line in lines)


def marked(line: str) -> str:
    """Return a line in which nothing is read as Markdown."""
    return _MARKS.sub(r"\\\1", " ".join(line.splitlines()))


def yaml(value: Any) -> str:
    """Return a value as YAML, which reads JSON, on one line."""
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", _write(value))


def _link(file: Attached) -> str:
    size = f"{file.size:,} {'byte' if file.size == 1 else 'bytes'}"
    if file.path is None:
        return f"{marked(file.name)} ({size})"
    return f"[{marked(file.name)}]({quote(file.path)}) ({size})"


FORMAT = Format(
    "markdown", "a folder with a Markdown file for each ticket", "md", keeps_notes=True, pages=page
)
