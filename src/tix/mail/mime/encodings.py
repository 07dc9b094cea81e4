"""Transfer encodings of mail (RFC 2045, section 6), also of bodies that do not keep to the one they name."""

from __future__ import annotations

import re
from binascii import Error as CodecError
from binascii import a2b_base64, a2b_qp, a2b_uu


def decoded(raw: bytes, encoding: str, *, is_text: bool) -> bytes:
    """Return the bytes of a body in ``encoding``, a name in lower case; as they are if it is unknown or does not fit."""
    if encoding == "quoted-printable":
        return a2b_qp(raw)
    if encoding == "base64":
        return _base64_decoded(raw, is_text=is_text)
    if encoding in ("x-uuencode", "uuencode", "uue", "x-uue"):
        return _uudecoded(raw)
    return raw


def base64(data: bytes) -> bytes:
    """Return the bytes that ``data`` is the base64 form of, as far as it is; symbols that do not belong are ignored."""
    try:
        return a2b_base64(data)
    except CodecError:  # padding is missing
        kept = data.translate(None, _NOT_BASE64)
        kept = kept[: len(kept) - (len(kept) % 4 == 1)]
        return a2b_base64(kept + b"=" * (-len(kept) % 4))


_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NOT_BASE64 = bytes(set(range(256)) - set(_BASE64))


def _base64_decoded(raw: bytes, *, is_text: bool) -> bytes:
    """Return the bytes of a base64 body; of plain text that is labelled so, the text.

    Some senders encode in pieces, so that padding stands in the middle; list software adds a footer that is not encoded.
    """
    if is_text and _SENTENCE.match(raw):
        return raw
    padding = raw.find(b"=")
    rest = raw[padding:].lstrip(b"=\r\n\t ") if padding >= 0 else b""
    if not rest:
        return base64(raw)
    end = len(raw) - len(rest)
    decoded = base64(raw[:end])
    if not raw.startswith((b"\n", b"\r"), end - 1):
        return decoded  # on the line of the padding: not base64, and no footer
    if rest.translate(None, _BASE64_BODY) or _BLANK_INSIDE.search(rest):
        return decoded + rest if is_text else decoded
    pieces = rest.split(b"=", _MOST_PIECES)[:_MOST_PIECES]
    return decoded + b"".join(base64(piece) for piece in pieces if piece.strip())


_SENTENCE = re.compile(rb"\s*[^\s]{1,40}[ \t]+[^\s]{1,40}[ \t]+[^\s]")
_BLANK_INSIDE = re.compile(rb"[^\s][ \t]+[^\s]")
_BASE64_BODY = _BASE64 + b"= \t\r\n"
_MOST_PIECES = 10_000


def _uudecoded(raw: bytes) -> bytes:
    """Return the file between ``begin`` and ``end``; ``raw`` if there is none."""
    start = _UU_BEGIN.search(raw)
    if start is None:
        return raw
    decoded = []
    for line in raw[start.end() :].splitlines():
        if line.strip() in (b"end", b"`", b""):
            break
        try:
            decoded.append(a2b_uu(line))
        except CodecError:  # some encoders count the padding: take what the length says
            size = (((line[0] - 32) & 63) * 4 + 5) // 3
            try:
                decoded.append(a2b_uu(line[:size]))
            except CodecError:
                return raw
    return b"".join(decoded)


_UU_BEGIN = re.compile(rb"(?m)^begin [0-7]{3,4} [^\r\n]{1,255}\r?\n")
