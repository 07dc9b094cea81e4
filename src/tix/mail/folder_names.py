"""Names of mail folders, as people write them and as servers and maildirs keep them.

Modified UTF-7 (RFC 3501, section 5.1.3): printable ASCII stands for itself, ``&`` is ``&-``, and a run of anything
else is its UTF-16BE in base64 between ``&`` and ``-``, with ``,`` for ``/`` and without padding.
"""

from __future__ import annotations

import binascii
import itertools


def encode(name: str) -> str:
    """Return ``name`` in modified UTF-7. Raises ValueError if it has a control character or half a surrogate pair."""
    if not name or any(char < " " or "\x7f" <= char <= "\x9f" for char in name):
        raise ValueError("a folder name is not empty and has no control characters")
    pieces = []
    for plain, run in itertools.groupby(name, lambda char: " " <= char <= "~"):
        text = "".join(run)
        if plain:
            pieces.append(text.replace("&", "&-"))
        else:
            coded = binascii.b2a_base64(text.encode("utf-16-be"), newline=False).rstrip(b"=")
            pieces.append(f"&{coded.decode().replace('/', ',')}-")
    return "".join(pieces)


def decode(name: str) -> str:
    """Return a name in modified UTF-7 as people read it; whatever is not well-formed stays as it is."""
    first, *shifts = name.split("&")
    pieces = [first]
    for shift in shifts:
        coded, dash, rest = shift.partition("-")
        pieces.append((_run(coded) if dash else None) or f"&{coded}{dash}")
        pieces.append(rest)
    return "".join(pieces)


def _run(coded: str) -> str | None:
    """Return what stands between ``&`` and ``-``; None if it is not well-formed."""
    if not coded:
        return "&"
    padded = coded.replace(",", "/") + "=" * (-len(coded) % 4)
    try:
        return binascii.a2b_base64(padded, strict_mode=True).decode("utf-16-be")
    except ValueError:  # binascii's own error and UnicodeError are of its kind
        return None


def quoted(name: str) -> str:
    """Return ``name`` as IMAP sends it, encoded and quoted. Raises ValueError as ``encode``."""
    return quote(encode(name))


def quote(text: str) -> str:
    """Return ``text``, which has no line break, as a quoted string of IMAP (RFC 3501, section 4.3)."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
