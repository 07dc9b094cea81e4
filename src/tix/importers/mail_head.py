"""Recognise mail by the first bytes of a file: an mbox, or one message."""

from __future__ import annotations

import re

# Headers of which a message has at least two among its first; a table or a text has none of these lines.
_COMMON = frozenset(
    """from to cc subject date message-id received return-path delivered-to mime-version content-type reply-to sender
    in-reply-to references x-mailer user-agent dkim-signature authentication-results resent-from list-id
    content-transfer-encoding x-received arc-seal envelope-to x-original-to""".split()
)
_MOST_LINES = 400
_FIELD = re.compile(rb"([!-9;-~]{1,100})[ \t]{0,10}:")


def mail_shape(head: bytes) -> str | None:
    """Return ``mbox``, ``eml``, or None for what is no mail."""
    lines = head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n").splitlines()[:_MOST_LINES]
    if not lines:
        return None
    if lines[0].startswith(b"From ") and (len(lines) < 2 or _is_header(lines[1])):
        return "mbox"
    if lines[0].startswith(b">From "):
        del lines[0]
    common = set()
    for number, line in enumerate(lines):
        field = _FIELD.match(line)
        if field is not None:
            common.add(field[1].decode("ascii").lower())
        elif not line.strip() or not (number and line[:1] in b" \t"):
            break
    return "eml" if len(common & _COMMON) >= 2 else None


def _is_header(line: bytes) -> bool:
    return _FIELD.match(line) is not None or line.startswith(b">From ")
