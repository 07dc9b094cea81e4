"""What of a mail's text is quoted history or a signature, so that a reader may fold it.

Folding is a matter of display: the entry keeps its whole text, and an offset says where its tail begins. On any doubt
the whole text is shown. Libraries that trim replies lose answers that were typed below or inside the quote, so these
rules fold a tail only where nothing in it can be new:

1. The thread is not known: an attribution ("On …, Pat wrote:") or a header block ("From: … Sent: … Subject: …") is
   followed by nothing but lines quoted with ``>``.
2. The thread is known: every piece below an attribution or a header block is text this sender could have been sent,
   letter by letter. Quote marks, line breaks, accents and punctuation do not count. An answer between the lines breaks the run.
3. There is text above. A forward, a quote without an attribution and an unquoted line below a quote show everything.

All work is linear in the text; lines over 500 characters are never rules, and over 20,000 lines are shown in full.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tix.domain.mail.history import (
    Line,
    Start,
    is_forward,
    is_marker,
    is_rule,
    read_lines,
    starts_of_history,
    without_blank,
)
from tix.domain.mail.known_text import KnownTexts, words
from tix.domain.mail.quote_words import ADVERTISEMENTS, DEVICE_LEADS, DEVICES, DEVICES_UNSPACED
from tix.domain.texts import is_blank

# Our notices put this line above the history. It starts a tail as an attribution does, also where the client's own
# words are not recognised. It proves nothing about the lines below it: people answer there, too.
MARKER = "-- Please reply above this line --"

MOST_LINES = 20_000
SIGNATURE_LINES = 8


def fold(text: str, known: Sequence[str] | None) -> int | None:
    """Return the offset in characters at which the quoted tail or the signature of ``text`` begins; None: show all.

    ``known`` are the texts this sender could have been sent from this ticket, their own included, oldest first; None
    where the thread is not known. Only the last 50 of them and 200,000 characters are used. There is always text
    above the offset.
    """
    lines = read_lines(text, MOST_LINES)
    if lines is None:
        return None
    starts = starts_of_history(lines)
    end = without_blank(lines, len(lines))
    signature = _signature(lines, end)
    start = _quote(lines, starts, signature, end, known)
    forward = next((at for at in range(end if start is None else start) if is_forward(lines[at])), None)
    if forward is not None:
        return None
    if start is None:
        found = [] if _in_history(lines, starts, signature) else [signature]
    else:
        above = without_blank(lines, start)
        shorter = _signature(lines, above)
        found = [start] if shorter == above or _in_history(lines, starts, shorter) else [shorter, start]
    offsets = (lines[at].offset for at in found if at < end)
    return next((offset for offset in offsets if not is_blank(text[:offset])), None)


# ------------------------------------------------------------------------------------------------------- quotes


def _quote(
    lines: Sequence[Line],
    starts: Sequence[Start],
    signature: int,
    end: int,
    known: Sequence[str] | None,
) -> int | None:
    """Return the line at which a foldable quote begins."""
    first_quoted = next((at for at in range(end) if lines[at].quoted), end)
    # A signature may stand below a quote whose lines are all quoted; nothing else may.
    if signature > first_quoted and _all_quoted(lines, first_quoted, signature):
        end = without_blank(lines, signature)
    candidates = list(_candidates(starts, first_quoted))
    if known is None:
        unquoted = [one for one in candidates if not one.quoted]
        start = unquoted[-1] if unquoted and first_quoted < end else None
        if start is None or not _all_quoted(lines, start.below, end):
            return None
    else:
        earliest = _known_from(lines, starts, end, KnownTexts(known)) if candidates else None
        start = next((one for one in candidates if earliest is not None and one.first >= earliest), None)
        if start is None:
            return None
    return _with_rules(lines, start.first)


def _all_quoted(lines: Sequence[Line], start: int, end: int) -> bool:
    return all(lines[at].quoted or lines[at].blank for at in range(start, end))


def _candidates(starts: Sequence[Start], first_quoted: int) -> Iterator[Start]:
    """Yield the starts that can begin the tail: those up to the first header block or the first quoted line."""
    for start in starts:
        if start.first > first_quoted:
            return
        yield start
        if start.headers:
            return


def _with_rules(lines: Sequence[Line], first: int) -> int:
    """Return the line of a rule or of "Original Message" directly above a start, or else the start's."""
    at = first
    while (above := without_blank(lines, at)) > 0:
        line = lines[above - 1]
        if line.quoted or not (is_rule(line) or (line.rule and is_marker(line))):
            break
        at = first = above - 1
    return first


def _in_history(lines: Sequence[Line], starts: Sequence[Start], at: int) -> bool:
    """Return whether line ``at`` stands below a start whose history is not quoted: a "-- " there may be the other's."""
    for start in starts:
        if start.first >= at:
            return False
        below = next((place for place in range(start.below, at) if not lines[place].blank), at)
        if not start.quoted and (below == at or not lines[below].quoted):
            return True
    return False


def _known_from(lines: Sequence[Line], starts: Sequence[Start], end: int, known: KnownTexts) -> int | None:
    """Return the first line of the earliest start below which every piece is known, and there is one."""
    earliest, upper, something = None, end, False
    for start in reversed(starts):
        if start.below > end:
            continue
        if piece := words(line.raw for line in lines[start.below : upper]):
            if not known.holds(piece):
                break
            something = True
        if something:
            earliest = start.first
        upper = start.first
    return earliest


# --------------------------------------------------------------------------------------------------- signatures


def _signature(lines: Sequence[Line], end: int) -> int:
    """Return the line at which a signature ends ``lines[:end]``, or ``end``.

    That is "-- " (RFC 3676, section 4.3) with at most 8 lines and no second paragraph below it, or one closing line
    of a phone or a program.
    """
    for at in range(end - 1, max(end - SIGNATURE_LINES - 2, -1), -1):
        if lines[at].raw.rstrip("\r\n") in ("--", "-- ") and at > 0:
            below = lines[at + 1 : end]
            while below and below[0].blank:
                below = below[1:]
            return end if any(line.blank or line.quoted for line in below) else at
    return end - 1 if end > 1 and _is_device(lines[end - 1], lines[end - 2]) else end


_DEVICE = re.compile(rf"(?<!\w)(?:{'|'.join(DEVICES)})|(?:{'|'.join(DEVICES_UNSPACED)})")


def _is_device(line: Line, above: Line) -> bool:
    said = line.rule.strip("*_ ").casefold()
    if line.quoted or not said.startswith(DEVICE_LEADS) or not _DEVICE.search(said):
        return False
    if len(said.split()) > 9 or said[-1] in ".,!?;。" or ", " in said:
        return False  # a sentence: "Sent from my desk, is much easier than my mobile phone."
    return above.blank or said.startswith(ADVERTISEMENTS)
