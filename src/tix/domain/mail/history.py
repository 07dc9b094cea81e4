"""Where quoted history starts in a mail: lines, attributions, header blocks and markers, quoted ones too.

All work is linear in the text: a line over 500 characters is never a rule, and an attribution has at most three lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from tix.domain.mail.quote_words import (
    FINAL,
    FINAL_UNSPACED,
    FORWARDS,
    HEADERS,
    LEADS,
    MARKERS,
    MIDDLE,
    ORIGINALS,
)
from tix.typing import NamedTuple

LONGEST_RULE = 500  # characters of a line that can be an attribution, a header, a marker …
LONGEST_ATTRIBUTION = 300


class Line(NamedTuple):
    """A line of a mail: where it begins, all of it, and what the rules read.

    ``rule`` has no quote marks, no invisible marks and no blanks around it; it is empty for a line that is too long.
    """

    offset: int
    raw: str
    rule: str
    quoted: bool
    blank: bool


# Zero-width characters and the marks of direction that clients put around names and dates.
INVISIBLE = dict.fromkeys(
    (0xFEFF, 0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A))
)
_QUOTED = re.compile(r"\s{0,3}>")
_MARKS = re.compile(r"[>\s]+")
_LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"


def read_lines(text: str, most: int) -> tuple[Line, ...] | None:
    """Return the lines of a mail, or None if there are more than ``most``.

    All that ends a line in Unicode does so here, as a reader may see it as one.
    """
    if sum(map(text.count, _LINE_ENDS)) - text.count("\r\n") > most:
        return None
    found, offset = [], 0
    for whole in text.splitlines(keepends=True):
        seen = whole if whole.isascii() else whole.translate(INVISIBLE)
        quoted = _QUOTED.match(seen) is not None
        shown = seen.strip()
        rule = shown if len(shown) <= LONGEST_RULE else ""
        found.append(Line(offset, whole, _unquoted(rule) if quoted else rule, quoted, not shown))
        offset += len(whole)
    return tuple(found)


def _unquoted(rule: str) -> str:
    return _MARKS.sub("", rule, count=1)


def without_blank(lines: Sequence[Line], end: int) -> int:
    """Return ``end`` without the blank lines just above it."""
    while end > 0 and lines[end - 1].blank:
        end -= 1
    return end


def is_rule(line: Line) -> bool:
    """Return whether a line is drawn: "________" or "-----"."""
    return len(line.rule) > 2 and not line.rule.strip("-_=*─—– ")


def is_forward(line: Line) -> bool:
    """Return whether a line says that a forwarded mail follows."""
    if line.quoted or not line.rule:
        return False
    return line.rule.lstrip("-_=*<> ").casefold().startswith(FORWARDS)


# -------------------------------------------------------------------------------------------- starts of history


class Start(NamedTuple):
    """Where history starts: its first line, the first line below it, and whether it is a header block."""

    first: int
    below: int
    headers: bool = False
    quoted: bool = False


def starts_of_history(lines: Sequence[Line]) -> tuple[Start, ...]:
    """Return all attributions, header blocks, markers and "Original Message" lines, quoted ones too, in order."""
    found: list[Start] = []
    at = 0
    while at < len(lines):
        floor = found[-1].below if found else 0
        start = _start(lines, at, floor) if lines[at].rule else None
        if start is not None:
            found.append(start)
        at = start.below if start is not None else at + 1
    return tuple(found)


def _start(lines: Sequence[Line], at: int, floor: int) -> Start | None:
    """Return the start that begins with line ``at``, or the attribution not above ``floor`` that ends with it."""
    line = lines[at]
    if is_marker(line):
        return Start(at, at + 1, quoted=line.quoted)
    if (below := _below_headers(lines, at)) is not None:
        return Start(at, below, headers=True, quoted=line.quoted)
    if (first := _attribution(lines, at, floor)) is not None:
        return Start(first, at + 1, quoted=line.quoted)
    return None


def is_marker(line: Line) -> bool:
    """Return whether a line is the marker of a notice in any language, or "-----Original Message-----"."""
    words = line.rule.strip("-_=*#~:. ").casefold()
    return words in MARKERS or (words in ORIGINALS and line.rule[0] in "-_=*")


_COLONS = re.compile("[:：]")
# A day has its year, or all its numbers; a header may give a time alone.
_DAY = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d(?!\d)|\d{1,4}[./-]\s?\d{1,2}[./-]\s?\d{2,4}(?!\d)|\d{1,2}[月월]\s?\d{1,2}[日일])"
)
_TIME = re.compile(r"(?<!\d)\d{1,2}[:.]\d\d(?!\d)")
_ADDRESS = re.compile(r"@(?<=[^\s<>@]@)[^\s<>@]")
_LONGEST_BLOCK, _MOST_WRAPPED = 24, 8  # lines
_MAIN = frozenset(("from", "date", "to", "subject"))


class _Header(NamedTuple):
    kinds: Mapping[str, str]  # by language
    value: str


def _header(line: Line) -> _Header | None:
    """Return the header that a line is: a word of the table, a colon and a value."""
    rule = line.rule.lstrip("*_| ")
    colon = _COLONS.search(rule, 0, 30)
    if colon is None:
        return None
    kinds = HEADERS.get(" ".join(rule[: colon.start()].split()).strip("*_ ").casefold())
    return None if kinds is None else _Header(kinds, rule[colon.end() :].strip("*_| "))


def _below_headers(lines: Sequence[Line], at: int) -> int | None:
    """Return the line below the header block that begins at ``at``.

    A block has From, Date or Subject and one more kind, each once and all in one language, and a date or an address.
    It ends at its last line out of the table: what follows may be an answer, also one such as "Answer: 1.2.3".
    """
    kinds: dict[str, str] = {}
    languages: set[str] = set()
    below = at
    for place, header in _headers_from(lines, at):
        common = languages & header.kinds.keys() if kinds else set(header.kinds)
        languages = {language for language in common if header.kinds[language] not in kinds}
        if not languages:
            break
        kind = header.kinds[min(languages)]
        # Below the subject "To" or "Date" may begin an answer: it has to stand directly there, with such a value.
        if "subject" in kinds and (place > below or not _has_value(kind, header.value)):
            break
        if not kinds and kind not in _MAIN:
            break
        kinds[kind] = header.value
        if kind in _MAIN:
            below = place + 1
    values = " ".join(kinds.values())
    enough = "from" in kinds and len(kinds) > 2 and ("date" in kinds or "subject" in kinds)
    return below if enough and (_is_date(values) or _ADDRESS.search(values)) else None


def _has_value(kind: str, value: str) -> bool:
    return _is_date(value) if kind == "date" else _ADDRESS.search(value) is not None


def _is_date(value: str) -> bool:
    return _DAY.search(value) is not None or _TIME.search(value) is not None


def _headers_from(lines: Sequence[Line], at: int) -> Iterator[tuple[int, _Header]]:
    """Yield the headers of a block with their places: each below a blank line or none, and over wrapped addresses."""
    wrapped = gap = seen = 0
    spaced = False
    for place in range(at, min(at + _LONGEST_BLOCK, len(lines))):
        line = lines[place]
        if line.quoted != lines[at].quoted:
            return
        if (header := _header(line)) is not None:
            seen += 1
            if seen == 2:
                spaced = gap > 0
            elif seen > 2 and spaced != (gap > 0):
                return
            wrapped = gap = 0
            yield place, header
        elif not line.rule and not gap and len(line.raw) < LONGEST_RULE:
            gap += 1
        elif not gap and wrapped < _MOST_WRAPPED and lines[place - 1].rule.endswith((",", ";", "<")):
            wrapped += 1
        else:
            return


# ------------------------------------------------------------------------------------------------ attributions

_FINAL = tuple(FINAL)
_FINAL_UNSPACED = tuple(FINAL_UNSPACED)
_MIDDLE = re.compile(rf"(?<!\w)(?:{'|'.join(MIDDLE)})(?!\w)", re.IGNORECASE)
_DATE_FIRST = re.compile(r"\W{0,3}(?:\w{1,14}[.,]{0,2}\s){0,2}\W{0,2}\d")
_TWO_IN_BRACKETS = re.compile(
    r"<\s?[^<>\s]{1,64}\s[^<>]{0,64}@"
)  # something typed where an address was wrapped
_DATE_ALONE = re.compile(r"(?:\w{2,3}[.,]{1,2}\s)?\d[^<]{4,60}<")
_NAME_FIRST = re.compile(r"[^@<>!?]{0,60}<[^\s<>@]{1,64}@")


def _attribution(lines: Sequence[Line], last: int, floor: int) -> int | None:
    """Return the first line of the attribution that ends with line ``last``: the nearest, of 1 to 3 lines."""
    if not lines[last].rule.endswith((":", "：", "--")):
        return None
    found, spans = None, _spans(lines, last, floor)
    for first, span in spans:
        wrapped = first < last
        if wrapped and not _leads(span) and not _NAME_FIRST.match(lines[first].rule):
            continue
        if _is_attribution(span):
            found = first
            if _DAY.search(span):
                return found
            break
    # "On Mon, 3 Feb 2025 at 10:00, Help Desk <" may stand above "desk@example.com> wrote:".
    for first, span in spans:
        above = lines[first].rule
        ended = above.endswith((".", "!", "?", ":"))
        if found is not None and not ended and _DAY.search(above) and _leads(above) and _is_attribution(span):
            return first
    return found


def _spans(lines: Sequence[Line], last: int, floor: int) -> Iterator[tuple[int, str]]:
    """Yield the paragraph's last 1 to 3 lines as one, each with the place of its first line."""
    span = ""
    for first in range(last, max(last - 3, floor - 1), -1):
        line = lines[first]
        if not line.rule or line.quoted != lines[last].quoted:
            return
        span = " ".join(f"{line.rule} {span}".split())
        if len(span) > LONGEST_ATTRIBUTION:
            return
        yield first, span


def _leads(span: str) -> bool:
    """Return whether a text begins as an attribution with its date first does: "On Mon, 3 Feb", "po 3. 2.", "2025年"."""
    head = span[:40]
    if _DATE_FIRST.match(head):
        return True
    words = head.split(None, 1)
    return words[0].casefold() in LEADS and any(char.isdigit() for char in head)


def _is_attribution(span: str) -> bool:
    """Return whether ``span`` says who wrote when: a closing colon, a verb of writing, and a date or an address."""
    if span.endswith((":", "：")):
        body = span[:-1].rstrip()
    elif span.startswith("--"):
        body = span.strip("- ")  # "---- On …, Pat wrote ----"
    else:
        return False
    if _TWO_IN_BRACKETS.search(body):
        return False
    date, address = _DAY.search(body), _ADDRESS.search(body)
    leads = bool(body) and _leads(body)
    if (before := _before_verb(body)) is not None:
        # "I asked pat@example.com at 10:00, and she wrote:" is a sentence.
        said_by = before.split()
        short = address is not None and len(said_by) <= 3
        form = (leads and date) or short or _is_name_first(before)
        return bool(form and _is_name(said_by[-1:]))
    if date and leads and (middle := _MIDDLE.search(body, date.end())):
        after = body[middle.end() :].split()
        return 0 < len(after) <= 8 and (_is_name(after[:1]) or "@" in after[-1])
    # Gmail in Russian and Japanese: a date, a name and an address in angle brackets, without a verb.
    return bool(_DATE_ALONE.match(body) and date and address and body.endswith(">"))


def _is_name_first(before: str) -> bool:
    """Return whether nothing but a date stands between the address and the verb: "Pat <pat@example.com>, 3 Feb 2025"."""
    between = before.rpartition(">")[2].strip(" ,)")
    return _NAME_FIRST.match(before) is not None and (not between or _DAY.search(between) is not None)


def _before_verb(body: str) -> str | None:
    """Return what stands before the verb that ends an attribution, or None if none does."""
    seen = body.lower()
    if seen.endswith(_FINAL):
        for verb in FINAL:
            before = body[: -len(verb)]
            if seen.endswith(verb) and not before[-1:].isalnum():
                return before
    if seen.endswith(_FINAL_UNSPACED):
        return body[: -max(len(verb) for verb in FINAL_UNSPACED if seen.endswith(verb))]
    return None


def _is_name(words: Sequence[str]) -> bool:
    """Return whether a word can end a name or be an address: "Pat", "山田", "<pat@…>"; but not "he", "ich" or "I"."""
    return bool(words) and words[0] != "I" and ("@" in words[0] or not words[0][0].islower())
