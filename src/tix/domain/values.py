"""Parse the values of ticket fields and names."""

from __future__ import annotations

from collections.abc import Iterable

from tix.domain.names import name_key
from tix.domain.texts import is_blank, normal
from tix.errors import InvalidValue
from tix.words.sentence import Said

_SLUG = r"[a-z0-9][a-z0-9._-]{0,49}"


def parse_slug(text: str, what: str) -> str:
    """Return a name of letters, digits, dots, dashes and underscores, in lower case.

    ``what`` names its use in the error. Raises InvalidValue.
    """
    import re

    name = name_key(text)
    if not re.fullmatch(_SLUG, name) or name == "none":
        raise InvalidValue(
            f"'{text}' cannot be the name of {what}",
            hint=Said("use letters, digits, dots, dashes and underscores, at most 50"),
        )
    return name


LONGEST_SUBJECT = 1_000
# Of other values on one line: tags, phone numbers, what a ticket is about.
LONGEST_LINE = 1000


def parse_subject(text: str) -> str:
    """Return a subject on one line, not blank and at most ``LONGEST_SUBJECT`` characters. Raises InvalidValue."""
    subject = " ".join(text.replace("\0", "").split())
    if is_blank(subject):
        raise InvalidValue(Said("the subject is empty"), hint='tix new "What is wrong" -m "What happened"')
    if len(subject) > LONGEST_SUBJECT:
        raise InvalidValue(
            Said(
                "the subject has {n:,} characters; the limit is {longest_subject:,}",
                n=len(subject),
                longest_subject=LONGEST_SUBJECT,
            ),
            hint=Said("move the rest to the message"),
        )
    return subject


def parse_body(text: str, name: str = "text") -> str:
    """Return a text of several lines unchanged.

    Raises InvalidValue, calling it ``name``, if it is blank or contains NUL.
    """
    if "\0" in text:
        raise InvalidValue(Said("the {name} contains a NUL character, so it is not text", name=name))
    if is_blank(text):
        raise InvalidValue(
            Said("the {name} is empty", name=name), hint=Said("use -m TEXT, -F FILE or a pipe")
        )
    return text


def parse_about(text: str) -> str:
    """Return ``KIND:REF``, the object a ticket is about, with KIND in lower case. Raises InvalidValue."""
    kind, colon, rest = _bounded(text).strip().partition(":")
    if not colon or is_blank(kind) or is_blank(rest) or any(c.isspace() for c in kind):
        raise InvalidValue(
            Said("'{text}' is not KIND:REF", text=text), hint=Said("write it as campaign:42 or email:m-881")
        )
    return f"{kind.lower()}:{rest}"


def parse_tag(text: str) -> str:
    """Return a tag: one word, in lower case and NFC. Raises InvalidValue."""
    tag = normal("NFC", _bounded(text).strip().lower())
    if is_blank(tag) or any(c.isspace() for c in tag) or not tag.isprintable() or "," in tag:
        raise InvalidValue(
            Said("'{text}' is not a tag", text=text), hint=Said("use one word without spaces or commas")
        )
    return tag


def _bounded(text: str) -> str:
    """Return a short text as it is. Raises InvalidValue for a long one: every list of tickets would carry it."""
    if len(text) > LONGEST_LINE:
        raise InvalidValue(
            Said(
                "a value has {n:,} characters; the limit is {longest_line:,}",
                n=len(text),
                longest_line=LONGEST_LINE,
            )
        )
    return text


def parse_line(text: str) -> str:
    """Return one line that is not blank. Raises InvalidValue."""
    line = " ".join(_bounded(text).replace("\0", "").split())
    if is_blank(line):
        raise InvalidValue(Said("a value is empty"), hint=Said("use none to clear a field"))
    return line


def split(values: Iterable[str] | None) -> list[str]:
    """Return the words of a repeatable option that takes commas. Raises InvalidValue for a value without any.

    An empty shell variable would otherwise look as if the option were absent: a filter that matches everything.
    """
    found = [[word.strip() for word in value.split(",") if word.strip()] for value in values or ()]
    if [] in found:
        raise InvalidValue(
            Said("an option has an empty value"), hint=Said("give a value, or leave out the option")
        )
    return [word for words in found for word in words]


def parse_limit(number: int) -> int:
    """Return the most records by a limit, where 0 is all; -1 is no limit. Raises InvalidValue.

    Larger numbers than a JSON number holds exactly (RFC 8259, 6) are mistakes, and SQLite takes none beyond 64 bits.
    """
    if not 0 <= number < 2**53:
        raise InvalidValue(
            Said("{number} is not a valid limit", number=number), hint=Said("use a whole number; 0 lists all")
        )
    return number or -1
