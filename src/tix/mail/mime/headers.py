"""Values of header fields as text, message ids, dates and parameters; every function is linear.

Raw values are strings as the parser of the standard library makes them of bytes: ASCII, with a surrogate for each
other byte. Nothing here raises for bad input: what cannot be read is kept as text or left out.
"""

from __future__ import annotations

import re
from binascii import a2b_qp
from calendar import timegm
from email.utils import parsedate_tz
from itertools import islice
from urllib.parse import unquote_to_bytes

from tix.mail.mime.charsets import decode
from tix.mail.mime.encodings import base64

MOST_IDS = 200


def unfold(raw: str) -> str:
    """Return a header value on one line (RFC 5322, section 2.2.3)."""
    return _FOLD.sub(" ", raw).strip(" \t")


def verbatim(raw: str) -> str:
    """Return a header value on one line, with encoded words left as they are and without control characters."""
    return _CONTROL.sub("", _eight_bit(unfold(raw)))


def words(raw: str) -> str:
    """Return a header value as people read it: encoded words decoded (RFC 2047), on one line, without controls.

    Neighbouring words in one charset are joined before they are decoded: senders split characters between them.
    """
    raw = unfold(raw)
    if "=?" not in raw:
        return _CONTROL.sub("", _eight_bit(raw)).strip()
    text: list[str] = []
    charset, data, end = "", b"", 0
    for word in _WORD.finditer(raw):
        between = raw[end : word.start()]
        end = word.end()
        if data and not between.strip(" \t") and word["charset"].lower() == charset:
            data += _word_bytes(word)
            continue
        if data:
            text.append(decode(data, charset)[0])
            between = between if between.strip(" \t") else ""
        text.append(_eight_bit(between))
        charset, data = word["charset"].lower(), _word_bytes(word)
    if data:
        text.append(decode(data, charset)[0])
    text.append(_eight_bit(raw[end:]))
    return _CONTROL.sub("", _LINE_END.sub(" ", "".join(text))).strip()


def message_ids(raw: str) -> tuple[str, ...]:
    """Return the ids of Message-ID, In-Reply-To or References without their angle brackets, in order.

    By one regular expression, because other readers fail on real ids (ehaupt/cleanup-maildir#7). An id without
    brackets is read if it is the whole value. Of more than 200 ids the first 20 and the last are kept.
    """
    value = words(raw) if "=?" in raw else verbatim(raw)
    ids = tuple(_ID.findall(value))
    if not ids and (bare := _BARE_ID.fullmatch(value.strip(" <>"))):
        ids = (bare[0],)
    return ids if len(ids) <= MOST_IDS else ids[:20] + ids[20 - MOST_IDS :]


def return_path(raw: str) -> str:
    """Return the address of a Return-Path, empty for ``<>`` (RFC 5321, section 4.5.5)."""
    value = verbatim(raw)
    match = _ANGLE.search(value)
    return (match[1] if match else value).strip()


def date(raw: str) -> int | None:
    """Return a Date header as seconds since 1970 in UTC, or None; without a zone it is read as UTC."""
    try:
        parsed = parsedate_tz(verbatim(raw)[:200])
        if parsed is None:
            return None
        seconds = timegm((*parsed[:8], 0)) - (parsed[9] or 0)
    except (ValueError, OverflowError, IndexError, TypeError, AttributeError):
        return None
    return seconds if 0 <= seconds <= _LAST_SECOND else None


def parameters(raw: str) -> tuple[str, dict[str, str]]:
    """Return the first word of Content-Type or Content-Disposition in lower case, and its parameters decoded.

    Reads RFC 2045 (section 5.1), the charsets and continuations of RFC 2231, and what senders write instead: encoded
    words, bytes without a charset, values with blanks and without quotes. Names are in lower case.
    """
    raw = unfold(raw)
    first = re.match(r"[^;\s(]*", raw)
    found: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for match in islice(_PARAMETER.finditer(raw), _MOST_PARAMETERS):
        name, value = match["name"].lower(), _unquoted(match["value"].strip())
        extended = _EXTENDED.fullmatch(name)
        if extended is None or "*" not in name:
            found.setdefault(name, words(value))
        else:
            section = int(extended["section"] or 0)
            pieces.setdefault(extended["name"], {}).setdefault(section, (value, bool(extended["encoded"])))
    for name, sections in pieces.items():
        found[name] = _continued([sections[section] for section in sorted(sections)])
    return (first[0].lower() if first else ""), found


_FOLD = re.compile(r"(?:\r\n|\r|\n)[ \t]*")
_LINE_END = re.compile(r"[\r\n]+")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")
_WORD = re.compile(r"=\?(?P<charset>[^?\s*]{0,40})(?:\*[^?\s]{0,40})?\?(?P<form>[bBqQ])\?(?P<text>[^?]*)\?=")
_ID = re.compile(r"<([^<>\s]{1,250})>")
_BARE_ID = re.compile(r"[^<>\s,;]{1,250}")
_ANGLE = re.compile(r"<([^<>]{0,320})>")
_LAST_SECOND = 253_402_300_799  # the end of the year 9999
_PARAMETER = re.compile(r';\s*(?P<name>[^=;\s"]{1,100})\s*=\s*(?P<value>"[^"\\]*(?:\\.[^"\\]*)*"?|[^;]*)')
_MOST_PARAMETERS = 200
_EXTENDED = re.compile(r"(?P<name>[^*]+)(?:\*(?P<section>[0-9]{1,4}))?(?P<encoded>\*)?")
_QUOTED_PAIR = re.compile(r'\\(["\\])')


def _eight_bit(raw: str) -> str:
    """Return a part of a header with its undeclared bytes as text."""
    return raw if raw.isascii() else decode(raw.encode("utf-8", "surrogateescape"), None)[0]


def _word_bytes(word: re.Match[str]) -> bytes:
    data = word["text"].encode("utf-8", "surrogateescape")
    if word["form"] in "qQ":
        return a2b_qp(data, header=True)
    return base64(data)


def _unquoted(value: str) -> str:
    if value[:1] == '"':
        return _QUOTED_PAIR.sub(r"\1", value[1:].removesuffix('"'))
    return value


def _continued(sections: list[tuple[str, bool]]) -> str:
    """Return the value of a parameter in sections (RFC 2231, sections 3 and 4)."""
    charset = None
    data = b""
    for place, (text, encoded) in enumerate(sections):
        piece = text.encode("utf-8", "surrogateescape")
        if encoded and place == 0 and piece.count(b"'") > 1:  # CHARSET'LANGUAGE'TEXT
            charset, _, piece = text.partition("'")[0], *piece.split(b"'", 2)[1:]
        data += unquote_to_bytes(piece) if encoded else piece
    if charset is None and b"=?" in data:
        return words(data.decode("ascii", "surrogateescape"))
    return _CONTROL.sub("", decode(data, charset)[0])
