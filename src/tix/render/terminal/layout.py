"""Text fitted into cells of a terminal: wrapped, padded, its tabs spread.

Everything here has passed the gate (``render.safe``) and is measured as it measures.
"""

from __future__ import annotations

from tix.render.safe import width

_ZWJ = "\u200d"
_TAB = 8


def padded(text: str, cells: int, *, right: bool = False) -> str:
    """``text`` filled with blanks to ``cells`` cells, to the left of it with ``right``."""
    blanks = " " * (cells - width(text))
    return blanks + text if right else text + blanks


def spread(line: str) -> str:
    """``line`` with blanks for tabs, up to every eighth cell."""
    if "\t" not in line:
        return line
    if line.isascii():
        return line.expandtabs(_TAB)
    written = ""
    for part in line.split("\t")[:-1]:
        written += part
        written += " " * (_TAB - width(part) % _TAB)
    return written + line.rpartition("\t")[2]


def wrapped(line: str, cells: int) -> list[str]:
    """``line`` in lines of at most ``cells`` cells, broken at blanks and between wide characters.

    A word longer than a line is broken where it must be, never between a character and its marks. Blanks
    at the beginning stay: they are somebody's indentation.
    """
    lines = []
    start = 0
    while (end := _reach(line, start, cells)) < len(line):
        cut = _break(line, start, end)
        lines.append(line[start:cut].rstrip(" "))
        start = cut
        while start < len(line) and line[start] == " ":
            start += 1
    if start < len(line) or not lines:
        lines.append(line[start:])
    return lines


def _reach(line: str, start: int, cells: int) -> int:
    """Where the characters from ``start`` that fit into ``cells`` end; always one further."""
    piece = line[start : start + cells]
    if piece.isascii() and (start + cells >= len(line) or line[start + cells].isascii()):
        return max(start + len(piece), min(start + 1, len(line)))
    at = start
    while at < len(line):
        cells -= width(line[at])
        if cells < 0:
            return max(at, start + 1)
        at += 1
    return at


def _break(line: str, start: int, end: int) -> int:
    """The best place to break at or before ``end``."""
    indent = start
    while indent < end and line[indent] == " ":
        indent += 1
    if line[start : end + 1].isascii():
        blank = line.rfind(" ", indent, end + 1)
        return blank if blank > indent else end
    at = end
    while at > indent + 1:
        if line[at] == " " or _parts(line, at):
            return at
        at -= 1
    at = end
    while at > start + 1 and not _is_loose(line, at):
        at -= 1
    return at if at > start + 1 else end


def _is_loose(line: str, at: int) -> bool:
    """Whether what stands at ``at`` does not belong to the character before it."""
    from unicodedata import category

    return category(line[at])[0] != "M" and line[at] != _ZWJ and line[at - 1] != _ZWJ


def _parts(line: str, at: int) -> bool:
    """Whether a line may break here without a blank, as between characters of Chinese and Japanese.

    Not before what closes and not after what opens (the core of JIS X 4051).
    """
    from unicodedata import category, east_asian_width

    if east_asian_width(line[at]) not in "WF" and east_asian_width(line[at - 1]) not in "WF":
        return False
    closes, opens = category(line[at]) in ("Po", "Pe", "Pf"), category(line[at - 1]) in ("Ps", "Pi")
    return _is_loose(line, at) and not closes and not opens
