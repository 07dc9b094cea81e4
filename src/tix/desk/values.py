"""What somebody may type into a field: parsed once, for every channel."""

from __future__ import annotations

from tix.errors import InvalidValue

LONGEST_SUBJECT = 1_000


def parse_subject(text: str) -> str:
    """One line that is not blank. Raises InvalidValue naming the subject."""
    subject = " ".join(text.replace("\0", "").split())
    if not _shows(subject):
        raise InvalidValue("the subject is empty", hint='tix new "What is wrong" -m "How it came about"')
    if len(subject) > LONGEST_SUBJECT:
        raise InvalidValue(
            f"the subject has {len(subject):,} characters; at most {LONGEST_SUBJECT:,} fit",
            hint="put the rest into the message",
        )
    return subject


def _shows(text: str) -> bool:
    """Whether anything of ``text`` can be seen: a zero-width blank is no subject."""
    if text.isascii():
        return any(" " < char < "\x7f" for char in text)
    from unicodedata import category

    return any(category(char)[0] not in "ZC" for char in text)


def parse_about(text: str) -> str:
    """``KIND:REF``, the thing a ticket concerns. Raises InvalidValue."""
    kind, colon, rest = text.strip().partition(":")
    if not colon or not kind or not rest or any(c.isspace() for c in kind):
        raise InvalidValue(f"'{text}' is not KIND:REF", hint="for example campaign:42 or email:m-881")
    return f"{kind.lower()}:{rest}"


def parse_tag(text: str) -> str:
    """A tag: one word, in lower case. Raises InvalidValue."""
    tag = text.strip().lower()
    if not tag or any(c.isspace() for c in tag) or not tag.isprintable() or "," in tag:
        raise InvalidValue(f"'{text}' is not a tag", hint="a tag is one word without blanks or commas")
    return tag


def parse_line(text: str) -> str:
    """One line that is not blank. Raises InvalidValue."""
    line = " ".join(text.replace("\0", "").split())
    if not line:
        raise InvalidValue("a value is empty", hint="none clears a field")
    return line
