"""Validate and decode text given by a person."""

from __future__ import annotations

from tix.errors import InvalidValue
from tix.words.sentence import Said

LIMIT_BYTES = 10_000_000


def checked(body: str, name: str = "text") -> str:
    """A text without NUL that is not blank, unchanged. Raises InvalidValue, naming it by ``name``."""
    from tix.domain.values import parse_body

    return parse_body(body, name)


def decoded(data: bytes, where: str) -> str:
    """The text of ``data``, without a byte order mark. Raises InvalidValue when it is none, or too long."""
    if len(data) > LIMIT_BYTES:
        raise InvalidValue(
            f"the text {where} is longer than 10 MB", hint=Said("attach it as a file with --attach")
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidValue(
            f"the text {where} is not valid UTF-8 (byte {error.start})",
            hint=Said("attach it as a file with --attach"),
        ) from error
