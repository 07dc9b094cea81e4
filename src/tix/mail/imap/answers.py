"""What a server's answers say, out of the pieces in which imaplib hands them over.

An answer to FETCH arrives as a flat list: a tuple ``(text, literal)`` for each literal and, at the end of each
message's answer, the rest of its text as bytes. Items come in any order, so the UID may stand behind the body
(RFC 3501, section 7.4.2), and answers about other messages may stand between. Nothing here trusts any of it: what is
not understood is left out, every expression is linear in the length of the text, and nothing recurses.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Sequence

from tix.mail import folder_names
from tix.mail.credentials import Secret
from tix.typing import NamedTuple

LONGEST_WORDS = 200  # characters of a server's own words in a sentence of ours


class _Answer(NamedTuple):
    """One message's answer: its texts joined without the literals, and each literal with the text before it."""

    text: bytes
    literals: tuple[tuple[bytes, bytes], ...]


# FLAGS and quoted strings may hold anything, also what looks like a UID: they are taken out first.
_OPAQUE = re.compile(rb'FLAGS \([^()]*\)|"(?:[^"\\]|\\.)*"', re.IGNORECASE | re.DOTALL)
_UID = re.compile(rb"\bUID (\d{1,10})\b", re.IGNORECASE)
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d{1,19})\b", re.IGNORECASE)
_BODY = re.compile(rb"BODY\[(?:HEADER)?\](?:<\d{1,10}>)? ?", re.IGNORECASE)


def sizes(data: Sequence[object]) -> dict[int, int]:
    """Return the size in bytes of each message of an answer to FETCH, by UID; 0 where the server does not know it."""
    found = {}
    for answer in _answers(data):
        text = _OPAQUE.sub(b"", answer.text)
        uid, size = _UID.search(text), _SIZE.search(text)
        if uid is not None:
            found[int(uid[1])] = 0 if size is None else int(size[1])
    return found


def bodies(data: Sequence[object]) -> dict[int, bytes | None]:
    """Return the body or header of each message of an answer to FETCH, by UID; None where it is NIL or missing.

    Answers without any body (a change of flags that was reported in between) are left out.
    """
    found: dict[int, bytes | None] = {}
    for answer in _answers(data):
        uid = _UID.search(_OPAQUE.sub(b"", answer.text))
        if uid is not None and (place := _BODY.search(answer.text)) is not None:
            found[int(uid[1])] = _body(answer, place.end())
    return found


def _body(answer: _Answer, start: int) -> bytes | None:
    """Return the literal or the quoted string that stands for a body at ``start`` of the text."""
    for before, literal in answer.literals:
        if _BODY.search(before) is not None:
            return literal
    quoted = _QUOTED.match(answer.text, start)
    return None if quoted is None else _unquoted(quoted[1])


_QUOTED = re.compile(rb'"((?:[^"\\]|\\.)*)"', re.DOTALL)


def _unquoted(text: bytes) -> bytes:
    return re.sub(rb"\\(.)", rb"\1", text, flags=re.DOTALL)


def _answers(data: Sequence[object]) -> Iterator[_Answer]:
    """Yield the answer of each message: tuples up to and with the bytes that end it."""
    texts: list[bytes] = []
    literals: list[tuple[bytes, bytes]] = []
    for item in data:
        if isinstance(item, tuple):
            before, literal = item
            texts.append(before)
            literals.append((before, literal))
        elif isinstance(item, bytes):
            yield _Answer(b" ".join([*texts, item]), tuple(literals))
            texts, literals = [], []


_LISTED = re.compile(rb'\(([^()]*)\) (?:"(?:[^"\\]|\\.)*"|NIL) (.+)', re.DOTALL)


def folder_list(data: Sequence[object]) -> tuple[str, ...]:
    """Return the folders of an answer to LIST that can be opened, sorted, as people write them."""
    found = set()
    for answer in _answers(data):
        listed = _LISTED.match(answer.text)
        if listed is None or b"\\noselect" in listed[1].lower():
            continue
        quoted = _QUOTED.fullmatch(listed[2])
        name = _unquoted(quoted[1]) if quoted is not None else listed[2]
        if answer.literals:
            name = answer.literals[-1][1]
        found.add(folder_names.decode(name.decode("utf-8", "replace").strip()))
    return tuple(sorted(found))


def words(data: object, secret: Secret) -> str:
    """Return what a server says of a refusal, as one line without control characters or the full stop at its end.

    Nothing is returned if the server repeats the secret, as it is or in base64.
    """
    items = data if isinstance(data, (list, tuple)) else [data]
    raw = next((item for item in reversed(items) if isinstance(item, (bytes, str))), b"")
    text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else raw
    if any(form in text for form in _forms(secret.reveal())):
        return ""
    text = re.sub(r"^\[[^\[\]]*\] ?", "", text)  # the code for programs, e.g. [AUTHENTICATIONFAILED]
    line = " ".join(
        "".join(char if char.isprintable() else " " for char in text[: 2 * LONGEST_WORDS]).split()
    )
    return line[:LONGEST_WORDS].rstrip(". ")


def _forms(secret: str) -> Iterator[str]:
    """Yield a secret as it is and how it looks inside a text in base64, at each of the three offsets."""
    yield secret
    for offset in range(3):
        coded = b64encode(bytes(offset) + secret.encode()).decode()
        inner = coded[4 if offset else 0 : -4]  # both ends depend on what stands beside the secret
        if len(inner) >= 4:
            yield inner
