"""The HTML alternative of an outgoing text: paragraphs, quotes and links, nothing from elsewhere.

It is made from the plain text and says no more than it. No style but that of a quote, no image, no font, no script.
"""

from __future__ import annotations

import re

DEEPEST_QUOTE = 20  # deeper marks stay as text

_QUOTE = '<blockquote type="cite" style="margin:0 0 0 .8ex;border-left:1px solid #ccc;padding-left:1ex">'
_NBSP = "&nbsp;"
# As html.escape does, whose module loads a table of 2,231 names.
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"})
_URL = r"https?://[^\s<>\"]{1,2000}"
_CLOSES = {")": "(", "]": "[", "}": "{"}


def html_of(text: str, language: str = "") -> str:
    """Return ``text`` as a whole HTML document, its lines ended by newlines.

    Blank lines part paragraphs, ``> `` in front of lines makes quotes, ``http`` and ``https`` addresses become links.
    ``language`` is a language tag (RFC 5646) or empty; it is not escaped.
    """
    out: list[str] = []
    depth = 0
    paragraph: list[str] = []

    def flush() -> None:
        if paragraph:
            out.append('<p dir="auto">' + "<br>\n".join(paragraph) + "</p>")
            paragraph.clear()

    for line in text.split("\n"):
        level, rest = _quoted(line)
        if level != depth or not rest.strip():
            flush()
        while depth < level:
            out.append(_QUOTE)
            depth += 1
        while depth > level:
            out.append("</blockquote>")
            depth -= 1
        if rest.strip():
            paragraph.append(_inline(rest))
    flush()
    out.extend("</blockquote>" for _ in range(depth))
    lang = f' lang="{language}"' if language else ""
    body = "\n".join(out)
    return f'<!DOCTYPE html>\n<html{lang}>\n<head><meta charset="utf-8"></head>\n<body>\n{body}\n</body>\n</html>\n'


def _quoted(line: str) -> tuple[int, str]:
    """How deep a line is quoted, and what stands behind its marks: ``> > text`` and ``>> text`` are 2."""
    at = depth = 0
    while depth < DEEPEST_QUOTE and line.startswith(">", at):
        depth += 1
        at += 1
        if line.startswith(" ", at):
            at += 1
    return depth, line[at:]


def _inline(line: str) -> str:
    parts, at = [], 0
    for match in re.finditer(_URL, line, re.IGNORECASE):
        url = _trimmed(match[0])
        if "://" not in url or url.endswith("://"):
            continue
        shown = url.translate(_ESCAPES)
        parts += [_text(line[at : match.start()]), f'<a href="{shown}">{shown}</a>']
        at = match.start() + len(url)
    parts.append(_text(line[at:]))
    return "".join(parts)


def _trimmed(url: str) -> str:
    """``url`` without the punctuation of the sentence around it; a closing bracket stays if it was opened inside."""
    opened = {close: url.count(opening) - url.count(close) for close, opening in _CLOSES.items()}
    end = len(url)
    while end:
        last = url[end - 1]
        if last in ".,;:!?'*_":
            end -= 1
        elif last in opened and opened[last] < 0:
            opened[last] += 1
            end -= 1
        else:
            break
    return url[:end]


def _text(text: str) -> str:
    """Escaped text whose blanks stay: indents and runs of blanks as they are written."""
    spaced = text.translate(_ESCAPES).replace("\t", "    ")
    return re.sub(r"^ +|(?<= ) +", lambda run: _NBSP * len(run[0]), spaced)
