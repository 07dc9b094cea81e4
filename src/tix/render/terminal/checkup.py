"""What ``tix doctor`` found, in words: the verdict, what is wrong, the rest, and what to do first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo

from tix.domain.times import parse_instant
from tix.render.safe import safe_line, width
from tix.render.terminal import theme
from tix.render.terminal.console import Console, Span, Text
from tix.render.terminal.layout import padded, wrapped
from tix.render.words import local
from tix.typing import Any

_WORDS = {"failed": ("wrong", theme.OVERDUE), "ok": ("ok", "green"), "info": ("", theme.QUIET)}
_COULD_BE_BETTER = ("look", theme.UNANSWERED)
# Facts for whoever reports a bug; the other formats have each by itself.
_VERSIONS = ("tix", "python", "sqlite", "postgresql")
_UNSAID = frozenset(
    (
        *_VERSIONS,
        "journal_mode",
        "synchronous",
        "foreign_keys",
        "secure_delete",
        "busy_timeout",
        "user_version",
        "synchronous_commit",
        "fsync",
        "full_page_writes",
        "server_encoding",
        "TimeZone",
    )
)
_MARGIN = 7


def verdict(found: Sequence[Mapping[str, Any]]) -> str:
    """Return the result in a sentence."""
    failed = sum(one["status"] == "failed" for one in found)
    if failed:
        return f"The desk is not sound: {failed} {'check' if failed == 1 else 'checks'} failed."
    if not any(one["status"] == "ok" for one in found):
        return "There is no desk yet."
    return "The desk is sound."


def first_step(found: Sequence[Mapping[str, Any]]) -> str | None:
    """Return what to do first about what is wrong, else what could be better; None if there is nothing."""
    for status, word in (("failed", "Do first"), ("info", "Could be better")):
        for one in found:
            if one["status"] == status and one["hint"]:
                return f"{word} ({one['name']}): {one['hint']}"
    return None


def draw(found: Sequence[Mapping[str, Any]], console: Console, zone: tzinfo) -> None:
    """Draw the findings between the verdict and the first step; the time by the clock of ``zone``."""
    failed = any(one["status"] == "failed" for one in found)
    lines = [theme.line(Span(verdict(found), theme.OVERDUE if failed else theme.STRONG)), Text()]
    shown = [one for one in found if one["name"] not in _UNSAID]
    checks = sorted((one for one in shown if one["status"] != "info"), key=lambda one: one["status"] == "ok")
    for one in checks:
        said = one["detail"] if one["name"] != "mode" else f"The mode of the file is {one['detail']}."
        lines += _finding(one, said, console.width)
    if checks:
        lines.append(Text())
    for one in (one for one in shown if one["status"] == "info"):
        said = one["detail"]
        if one["name"] == "clock":
            at, _, rest = said.partition(" ")
            said = f"{local(parse_instant(at), zone)} {rest}".rstrip()
        lines += _finding(one, f"{one['name'].capitalize()}: {said}", console.width)
    versions = [f"{one['name']} {one['detail']}" for one in found if one["name"] in _VERSIONS]
    lines += _beside("", "", f"Versions: {', '.join(versions)}", console.width)
    step = first_step(found)
    if step is not None:
        lines.append(Text())
        lines += [theme.line(Span(text, theme.STRONG)) for text in wrapped(safe_line(step), console.width)]
    theme.write(console, lines)


def _finding(one: Mapping[str, Any], said: str, cells: int) -> list[Text]:
    word, style = _WORDS.get(one["status"], _WORDS["info"])
    if one["status"] == "info" and one["hint"]:
        word, style = _COULD_BE_BETTER
    lines = _beside(word, style, said, cells)
    if one["hint"]:
        lines += [
            theme.line(Span(" " * _MARGIN), Span(text, theme.QUIET))
            for text in wrapped(f"→ {safe_line(one['hint'])}", max(cells - _MARGIN, 1))
        ]
    return lines


def _beside(word: str, style: str, said: str, cells: int) -> list[Text]:
    lines = wrapped(safe_line(said), max(cells - _MARGIN, 1))
    head = padded(word, max(_MARGIN, width(word)))
    first = theme.line(Span(head, style), Span(lines[0]))
    return [first, *(theme.line(Span(" " * _MARGIN), Span(line)) for line in lines[1:])]
