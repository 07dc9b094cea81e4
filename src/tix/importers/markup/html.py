"""HTML as text: one line a paragraph, ``> `` for each quote, ``text (url)`` for a link.

Nothing is rendered or loaded, so nothing has to be made harmless here but the size. Hidden text stays: showing it
is safer than hiding it. The tree comes from ``selectolax``, which parses as a browser does; it is imported where it is
used, because most mail has a plain text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape
from itertools import islice

from tix.importers.fields import clean
from tix.typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

LONGEST = 1_000_000  # characters that are read; the rest is only in the original
DEEPEST = 1_000  # elements inside each other; deeper ones cost the parser seconds
_MOST_QUOTES = 20
_MOST_ATTRIBUTES = 200  # up to the next `>`
_MOST_HIDDEN_ENDS = 50  # values in quotes with a `>`

_BLOCKS = frozenset(
    """
    address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form
    h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody tfoot thead tr ul caption
    """.split()
)
_UNSEEN = frozenset("style script head title template svg iframe audio video canvas noframes noembed".split())
_NESTED = frozenset(
    "table ul ol blockquote pre a h1 h2 h3".split()
)  # what a cell of a simple row does not hold
_LONGEST_CELL = 40
_MOST_CELLS = 12
_MOST_NODES_IN_CELL = 30


def text(html: str) -> str:
    """Return ``html`` as plain text. Only the first 1,000,000 characters are read.

    HTML that would cost the parser seconds (nested deeper than 1,000 elements, tags with thousands of attributes) is not
    parsed: its tags are removed.
    """
    html = _bounded(html)
    if _is_hostile(html):
        return _tidy(("", line) for line in unescape(_TAG.sub(" ", html)).splitlines())
    page = _Page()
    _walk(_root(html), page)
    page.end_line()
    return _tidy(page.lines)


def links(html: str) -> tuple[tuple[str, str], ...]:
    """Return every link of ``html`` with its shown text, in order, also the ones that ``text`` leaves out.

    The text of an image is its alternative text. HTML that is not parsed gives the addresses alone.
    """
    html = _bounded(html)
    if _is_hostile(html):
        return tuple(("", clean(unescape(url))) for url in _HREF.findall(html))
    page = _Page()
    _walk(_root(html), page)
    page.end_line()
    return tuple(page.links)


_TAG = re.compile(r"<!--[^<>]*-->|<[^<>]*>")
_HREF = re.compile(r"""(?i)\shref\s{0,9}=\s{0,9}["']?([^"'<>\s]{1,2000})""")
_NESTING = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]{0,30})")
_BLANKS = re.compile(r"[ \t\r\n\f\xa0]+")
# Elements that hold nothing, or that the next of their kind ends.
_FLAT = frozenset(
    """
    area base br col embed hr img input link meta param source track wbr p li td th tr dt dd option thead tbody tfoot
    html head body
    """.split()
)


def _bounded(html: str) -> str:
    return clean(html[:LONGEST])


def _is_hostile(html: str) -> bool:
    return _is_deep(html) or _is_crowded(html)


def _is_crowded(html: str) -> bool:
    """Return whether a tag may have so many attributes that the parser, which compares each with each, takes long.

    What follows `<a` up to the next `>` is counted, and the same after a quoted value that holds a `>`.
    """
    end = 0
    while (start := _TAG_START.search(html, end)) is not None:
        end = _end_of_tag(html, start.end())
        if _count_attributes(html, start.end(), end) > _MOST_ATTRIBUTES:
            return True
    hidden = 0
    for start in _VALUE_START.finditer(html):
        value_end = html.find(start[1], start.end())
        if value_end >= 0 and html.find(">", start.end(), value_end) >= 0:
            hidden += 1
            end = _end_of_tag(html, value_end)
            if hidden > _MOST_HIDDEN_ENDS or _count_attributes(html, value_end + 1, end) > _MOST_ATTRIBUTES:
                return True
    return False


def _end_of_tag(html: str, start: int) -> int:
    end = html.find(">", start)
    return end if end >= 0 else len(html)


def _count_attributes(html: str, start: int, end: int) -> int:
    """Count the attributes between two places, cutting them as a browser does."""
    if end - start <= _MOST_ATTRIBUTES * 2:
        return 0
    return sum(1 for _ in islice(_ATTRIBUTE.finditer(html, start, end), _MOST_ATTRIBUTES + 1))


_TAG_START = re.compile(r"<[a-zA-Z][^\s/>]*")
_VALUE_START = re.compile(r"""=\s*(["'])""")
_ATTRIBUTE = re.compile(r"""[^\s/>][^\s/>=]*(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>"'][^\s>]*)?)?""")


def _is_deep(html: str) -> bool:
    """Return whether ``html`` may be nested deeper than is parsed; one scan, without a tree."""
    depth = 0
    for tag in _NESTING.finditer(html):
        if tag[2].lower() not in _FLAT:
            depth = max(0, depth - 1) if tag[1] else depth + 1
            if depth > DEEPEST:
                return True
    return False


def _root(html: str) -> LexborNode | None:
    from selectolax.lexbor import LexborHTMLParser

    return LexborHTMLParser(html).root


def _tidy(lines: Iterable[tuple[str, str]]) -> str:
    """Return lines, each a quote prefix and a text, with runs of blank ones as one."""
    kept: list[str] = []
    is_blank = True
    for prefix, line in lines:
        if line.strip() or not is_blank:
            kept.append((prefix + line).rstrip())
        is_blank = not line.strip()
    return "\n".join(kept).strip("\n")


class _Page:
    """The lines written so far, and the state of the one being written."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []  # the quote prefix and the text of each
        self.links: list[tuple[str, str]] = []
        self._line: list[str] = []
        self._quotes = 0
        self._verbatim = 0
        self._lists: list[int] = []  # the number of the last item; -1 in a list without numbers
        self._shown: list[str] | None = None  # the text of the link that is open
        self._is_spaced = (
            False  # the line holds a non-breaking space: a paragraph of nothing else is a blank line
        )

    def write(self, text: str) -> None:
        if self._shown is not None:
            self._shown.append(text)
        if self._verbatim:
            first, *others = text.split("\n")
            self._line.append(first)
            for line in others:
                self.end_line(blank=True)
                self._line.append(line)
            return
        self._is_spaced = self._is_spaced or "\xa0" in text
        text = _BLANKS.sub(" ", text)
        if not self._line or self._line[-1].endswith(" "):
            text = text.removeprefix(" ")
        if text:
            self._line.append(text)

    def end_line(self, *, blank: bool = False) -> None:
        """Write the line; if it is empty and ``blank``, an empty line."""
        line = "".join(self._line)
        line = line.rstrip() if self._verbatim else line.strip()
        if line or blank or self._is_spaced:
            self.lines.append((self._prefix(), line))
        self._line.clear()
        self._is_spaced = False

    def open(self, node: LexborNode, tag: str) -> None:
        if tag == "a":
            self._shown = []
            return
        if tag not in _BLOCKS:
            return
        self.end_line()
        if tag == "blockquote":
            self._quotes += 1
        elif tag == "pre":
            self._verbatim += 1
        elif tag in ("ul", "ol"):
            self._lists.append(0 if tag == "ol" else -1)
        elif tag == "li":
            self._write_item()

    def _write_item(self) -> None:
        if self._lists and self._lists[-1] >= 0:
            self._lists[-1] += 1
            self._line.append(f"{self._lists[-1]}. ")
        else:
            self._line.append("- ")

    def close(self, node: LexborNode, tag: str) -> None:
        if tag in ("a", "area"):
            self._close_link(node)
        elif tag in ("td", "th"):
            self._line.append("  ")
        elif tag in _BLOCKS:
            self.end_line()
            if tag == "blockquote":
                self._quotes -= 1
            elif tag == "pre":
                self._verbatim -= 1
            elif tag in ("ul", "ol") and self._lists:
                self._lists.pop()

    def _close_link(self, node: LexborNode) -> None:
        shown = _BLANKS.sub(" ", "".join(self._shown or ())).strip()
        self._shown = None
        url = (node.attributes.get("href") or "").strip()
        if not url:
            return
        self.links.append((shown, url))
        scheme = url.partition(":")[0].lower()
        if scheme == "mailto":
            address = url[len("mailto:") :].partition("?")[0]
            if shown and address and address.lower() != shown.lower():
                self._line.append(f" ({address})")
        elif shown and scheme in ("http", "https") and not _says(shown, url):
            self._line.append(f" ({url})")

    def rule(self) -> None:
        """Write a horizontal rule."""
        self.end_line()
        self.lines.append((self._prefix(), "-----"))

    def _prefix(self) -> str:
        return "> " * min(self._quotes, _MOST_QUOTES)


def _says(shown: str, url: str) -> bool:
    """Return whether the text of a link is its target; the scheme and a last slash may be missing."""
    plain = url.rstrip("/")
    return shown.rstrip("/") in (plain, plain.partition("://")[2])


def _walk(root: LexborNode | None, page: _Page) -> None:
    """Write the text below ``root``; with a stack of our own, so that no depth is too deep."""
    stack: list[tuple[LexborNode, bool]] = [] if root is None else [(root, False)]
    while stack:
        node, done = stack.pop()
        tag = node.tag or ""
        if done:
            page.close(node, tag)
            continue
        if tag == "-text":
            page.write(node.text_content or "")
        elif tag == "br":
            page.end_line(blank=True)
        elif tag == "hr":
            page.rule()
        elif tag == "img":
            if alt := _BLANKS.sub(" ", node.attributes.get("alt") or "").strip():
                page.write(f"[{alt}]")
        elif tag == "tr" and (row := _simple_row(node)) is not None:
            page.end_line()
            page.write(row)
            page.end_line()
        elif tag and tag[0] not in "-!" and tag not in _UNSEEN:
            page.open(node, tag)
            stack.append((node, True))
            stack += [(child, False) for child in reversed(_children(node))]


def _children(node: LexborNode) -> list[LexborNode]:
    found = []
    child = node.first_child
    while child is not None:
        found.append(child)
        child = child.next
    return found


def _simple_row(row: LexborNode) -> str | None:
    """Return a row of short cells of one line each, joined by `` | ``; None if it holds more than that."""
    cells = [child for child in _children(row) if child.tag in ("td", "th")]
    if not 2 <= len(cells) <= _MOST_CELLS:
        return None
    shown = []
    for cell in cells:
        line = _simple_cell(cell)
        if line is None:
            return None
        shown.append(line)
    filled = [line for line in shown if line]
    return " | ".join(shown if len(filled) > 1 else filled)


def _simple_cell(cell: LexborNode) -> str | None:
    """Return the text of a cell if it is short and on one line; stops looking after a few nodes."""
    said: list[str] = []
    stack: list[LexborNode | None] = [*_children(cell)[::-1]]
    if len(stack) > _MOST_NODES_IN_CELL:
        return None
    for _ in range(_MOST_NODES_IN_CELL):
        if not stack:
            break
        node = stack.pop()
        tag = "br" if node is None else node.tag or ""
        if node is None or tag == "br":
            said.append("\n")
        elif tag == "-text":
            said.append(_BLANKS.sub(" ", node.text_content or ""))
        elif tag in _NESTED or (tag == "img" and node.attributes.get("alt")):
            return None
        elif tag not in _UNSEEN:
            edge = [None] if tag in _BLOCKS else []  # a block begins and ends a line
            stack += [*edge, *_children(node)[::-1][-_MOST_NODES_IN_CELL:], *edge]
    line = "".join(said).strip()
    return line if not stack and "\n" not in line and len(line) <= _LONGEST_CELL else None
