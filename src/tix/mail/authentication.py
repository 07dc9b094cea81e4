"""Whether the mail server of the desk found the sender of a message to be genuine (Authentication-Results, RFC 8601).

A header counts only if the desk's own server wrote it, which is known by its authserv-id; every sender can add others.
Of these only the topmost is looked at, also when it cannot be read: what stands below may come from the sender. Three
projects had holes just here (jbostoen/itop-jb-mail-to-ticket-automation-v2#262, HKUDS/Vibe-Trading#1508,
Nine-Minds/alga-psa#3242). The reader is one pass over at most 8 KB.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tix.typing import Literal, NamedTuple

Verdict = Literal["verified", "failed", "unknown"]

# The authserv-id to configure for Microsoft 365, whose headers have none: the topmost header of all counts.
NO_ID = "-"

LONGEST = 8_192  # characters of a header that are read


class Result(NamedTuple):
    """One result of a header: ``dkim=pass header.d=example.com``. All values are in lower case."""

    method: str
    result: str
    properties: dict[str, str]


class Results(NamedTuple):
    """One header: ``authserv_id`` is ``-`` where it has none, ``results`` None where they cannot be read."""

    authserv_id: str
    results: tuple[Result, ...] | None


def verdict(headers: Iterable[tuple[str, str]], authserv_id: str | None, from_domain: str | None) -> Verdict:
    """Return what the server named ``authserv_id`` found of a message from ``from_domain``; ``unknown`` without either.

    ``headers`` are names and undecoded values, topmost first. ``verified``: DMARC passed for this very domain, or, where
    DMARC says neither pass nor fail, DKIM or SPF passed for this domain or one above it. ``failed``: DMARC failed.
    """
    domain = _domain(from_domain or "")
    wanted = (authserv_id or "").strip().lower()
    if not domain or not wanted:
        return "unknown"
    for value in _values(headers):
        found = parse(value)
        if found.authserv_id == wanted:
            return "unknown" if found.results is None else _judged(found.results, domain)
        if wanted == NO_ID:
            return "unknown"
    return "unknown"


def authserv_ids(headers: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return the ids of the servers that left results, topmost first, each once; ``-`` for a header without an id."""
    found = (parse(value).authserv_id for value in _values(headers))
    return tuple(dict.fromkeys(one for one in found if one))


def parse(value: str) -> Results:
    """Return what one header says. Its id is empty, which matches nothing, where it begins with neither id nor result.

    Comments and quoted strings are honoured: what looks like a result inside them is none.
    """
    sections = _sections(value)
    if sections is None:
        first = _FIRST_WORD.match(value)
        return Results("" if first is None else NO_ID if "=" in first[1] else first[1].lower(), None)
    if _RESULT.match(sections[0]):
        return Results(NO_ID, _results(sections))
    words = sections[0].split() or [""]
    is_readable = not words[1:] or (words[1].isdigit() and not words[2:])  # the version of the syntax
    return Results(words[0].strip('"'), _results(sections[1:]) if is_readable else None)


_FIRST_WORD = re.compile(r'\s{0,99}"?([^\s;()"]{1,255})')
_RESULT = re.compile(r"\s*([a-z0-9-]{1,40})\s*(?:/\s*[0-9]{1,4}\s*)?=\s*([a-z0-9_-]{1,40})(?=\s|\Z)")
_PROPERTY = re.compile(
    r'\s+([a-z0-9_-]{1,40}(?:\s*\.\s*[a-z0-9_.-]{1,80})?)\s*=\s*("(?:[^"\\]|\\.)*"(?:@[^\s"]*)?|[^\s"]*)'
)


def _values(headers: Iterable[tuple[str, str]]) -> Iterator[str]:
    return (value for name, value in headers if name.lower() == "authentication-results")


def _sections(value: str) -> list[str] | None:
    """Return what stands between the semicolons, without comments; None if the header is damaged or too long."""
    plain = None if len(value) > LONGEST else _without_comments(value)
    if plain is None:
        return None
    sections: list[list[str]] = [[]]
    for piece in _QUOTED_OR_NOT.findall(plain):
        if piece == ";":
            sections.append([])
        else:
            sections[-1].append(piece)
    return ["".join(section).lower() for section in sections]


_QUOTED_OR_NOT = re.compile(r'"(?:[^"\\]|\\.)*"|[^";]+|;', re.DOTALL)


def _without_comments(value: str) -> str | None:
    """Return ``value`` with a blank for each comment; None if a comment or a quoted string does not end."""
    kept: list[str] = []
    depth = 0
    is_quoted = is_escaped = False
    for char in value:
        if depth == 0:
            kept.append(char)
        if is_escaped or (char == "\\" and (is_quoted or depth)):
            is_escaped = not is_escaped
        elif char == '"' and depth == 0:
            is_quoted = not is_quoted
        elif char in "()" and not is_quoted:
            if depth == 0:
                kept[-1] = " "
            depth += 1 if char == "(" else -1
            if depth < 0:
                return None
    return None if depth or is_quoted else "".join(kept)


def _results(sections: list[str]) -> tuple[Result, ...] | None:
    """Return the results of a header; None if one cannot be read."""
    found = []
    for section in sections:
        if section.strip() in ("", "none"):
            continue
        match = _RESULT.match(section)
        if match is None:
            return None
        properties: dict[str, str] = {}
        end = match.end()
        while (one := _PROPERTY.match(section, end)) is not None:
            name = "".join(one[1].split())
            value = one[2].replace('"', "")
            properties[name] = value if properties.get(name, value) == value else ""
            end = one.end()
        if section[end:].strip():
            return None
        found.append(Result(match[1], match[2], properties))
    return tuple(found)


def _judged(results: tuple[Result, ...], domain: str) -> Verdict:
    dmarc = [one for one in results if one.method == "dmarc"]
    if len(dmarc) > 1:
        return "unknown"
    for one in dmarc:
        judged_domain = _domain(one.properties.get("header.from", ""))
        if one.result == "pass":
            return "verified" if judged_domain == domain else "unknown"
        if one.result == "fail":
            return "failed" if judged_domain in ("", domain) else "unknown"
    return "verified" if any(_passed(one, domain) for one in results) else "unknown"


def _passed(one: Result, domain: str) -> bool:
    """Return whether DKIM or SPF passed for ``domain`` or one above it (RFC 7489, section 3.1)."""
    if one.result != "pass":
        return False
    if one.method == "dkim":
        passed = one.properties.get("header.d") or one.properties.get("header.i", "").rpartition("@")[2]
    elif one.method == "spf":
        passed = one.properties.get("smtp.mailfrom", "").rpartition("@")[2]
    else:
        return False
    passed = _domain(passed)
    return passed == domain or ("." in passed and domain.endswith(f".{passed}"))


_LONGEST_DOMAIN = 253


def _domain(text: str) -> str:
    """Return a domain in lower case and in its ASCII form; empty if it has none."""
    domain = text.strip().strip(".").lower()
    if len(domain) > _LONGEST_DOMAIN:
        return ""
    try:
        return domain if domain.isascii() else domain.encode("idna").decode()
    except UnicodeError:
        return ""
