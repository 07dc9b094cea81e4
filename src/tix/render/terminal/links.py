"""Addresses in a text: shown short where the terminal knows links (OSC 8), and then they lead to the whole address.

What is shown is a part of the address itself, and always its whole host, so that nothing looks like another place.
"""

from __future__ import annotations

import os

from tix.render.safe import width
from tix.render.terminal.console import Span
from tix.render.terminal.layout import wrapped

# A shorter address is shown whole; of a longer one the host, the beginning of the path and its end.
SHORT = 40
_END = 12
# Punctuation that ends a sentence and not an address.
_AFTER = ".,;:!?)]}>'\""
# What terminals that know links set (https://github.com/Alhadis/OSC8-Adoption).
_PROGRAMS = ("iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio", "Tabby")
_TERMS = ("xterm-kitty", "xterm-ghostty", "foot", "alacritty", "wezterm", "contour")
_MARKS = ("KITTY_WINDOW_ID", "WT_SESSION", "KONSOLE_VERSION", "WEZTERM_PANE", "DOMTERM")
_FIRST_VTE = 5000


def knows_links() -> bool:
    """Return whether the terminal shows links, by what it says of itself."""
    if os.environ.get("TMUX") or os.environ.get("STY"):
        return False  # these pass a link on only in newer versions, and cannot be asked
    vte = os.environ.get("VTE_VERSION", "")
    return (
        os.environ.get("TERM_PROGRAM") in _PROGRAMS
        or os.environ.get("TERM", "").startswith(_TERMS)
        or any(os.environ.get(name) for name in _MARKS)
        or (vte.isdecimal() and int(vte) >= _FIRST_VTE)
    )


def linked(line: str, cells: int, style: str) -> list[list[Span]]:
    """Return a line of escaped text wrapped to ``cells``, with its addresses short and linked."""
    found = _addresses(line)
    short = [(address, _shortened(address)) for address in found]
    if not short or any(width(shown) > cells for _, shown in short):
        return [[Span(piece, style)] for piece in wrapped(line, cells)]
    text = line
    at = 0
    for address, shown in short:
        at = text.index(address, at)
        text = text[:at] + shown + text[at + len(address) :]
        at += len(shown)
    rows: list[list[Span]] = []
    left = list(short)
    for piece in wrapped(text, cells):
        spans, rest = [], piece
        while left and left[0][1] in rest:
            address, shown = left.pop(0)
            before, _, rest = rest.partition(shown)
            spans += [Span(before, style)] if before else []
            spans.append(Span(shown, "underline", address))
        rows.append([*spans, Span(rest, style)] if rest or not spans else spans)
    if left:  # one was broken over two lines: then it could not be opened
        return [[Span(piece, style)] for piece in wrapped(line, cells)]
    return rows


def _addresses(line: str) -> list[str]:
    """Return the addresses in a line, in order. Escaped text has no control characters; others would end the link."""
    found = []
    for scheme in ("https://", "http://"):
        for part in line.split(scheme)[1:]:
            end = next(
                (at for at, char in enumerate(part) if not "!" <= char <= "~" or char in '\\<>"`'), len(part)
            )
            address = scheme + part[:end].rstrip(_AFTER)
            if address != scheme:
                found.append(address)
    return sorted(dict.fromkeys(found), key=line.index) if len(found) == len(set(found)) else []


def _shortened(address: str) -> str:
    if len(address) <= SHORT:
        return address
    host, slash, path = address.partition("://")[2].partition("/")
    if not slash:
        return address
    room = SHORT - len(host) - 1 - _END - 1
    return (
        f"{host}/{path[: max(room, 0)]}…{path[-_END:]}"
        if len(path) > max(room, 0) + _END
        else f"{host}/{path}"
    )
