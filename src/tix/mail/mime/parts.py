"""What the parts of a received message hold: the text people read, and the attachments."""

from __future__ import annotations

import re

from tix.domain.files.attachments import clean_name
from tix.domain.files.filetypes import KINDS, detect
from tix.domain.mail.received import Attachment
from tix.domain.texts import is_blank
from tix.errors import Unreadable
from tix.mail.mime.charsets import codec, decode
from tix.mail.mime.encodings import decoded
from tix.mail.mime.format_flowed import reflowed
from tix.mail.mime.headers import parameters, verbatim
from tix.mail.mime.limits import Limits, check
from tix.mail.mime.tree import Part, parse
from tix.typing import NamedTuple


class Piece(NamedTuple):
    """A text of a message, as it stands in a part: plain, or HTML."""

    text: str
    is_html: bool


class Body(NamedTuple):
    """What the parts of a message hold; ``types`` are the declared types of all parts, in order, in lower case."""

    pieces: tuple[Piece, ...]
    html: str | None
    attachments: tuple[Attachment, ...]
    types: tuple[str, ...]
    flags: tuple[str, ...]
    encrypted: bool


def body(root: Part, limits: Limits) -> Body:
    """Return the texts and the attachments of a message. Raises Unreadable if it is nested too deep.

    Texts beside each other are joined; of alternatives the plain text is taken, unless it is empty or only says that the
    message is HTML. Where no part has text: what stands before the first part, then the raw body.
    """
    walk = _Walk(limits)
    pieces = walk.texts(root, 0)
    if all(is_blank(piece.text) for piece in pieces):
        pieces = walk.remains(root) or pieces
    html = "\n".join(walk.html) or None
    return Body(
        pieces,
        html,
        tuple(walk.attachments),
        tuple(walk.types),
        tuple(dict.fromkeys(walk.flags)),
        walk.encrypted,
    )


class _Walk:
    """One way through the tree, from the first part to the last."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.attachments: list[Attachment] = []
        self.html: list[str] = []
        self.types: list[str] = []
        self.flags: list[str] = []
        self.encrypted = False
        self._shown = 0
        self._has_text = False

    def texts(self, part: Part, depth: int) -> tuple[Piece, ...]:
        """Return the texts of ``part`` and what is in it; the attachments are collected on the way."""
        if depth > self.limits.depth:
            raise Unreadable(f"the message is nested deeper than {self.limits.depth} multiparts")
        mime, options = part.declared
        self.types.append(mime)
        self._look_for_encryption(mime, options)
        if not part.is_multipart():
            return self._leaf(part, depth)
        children = [self.texts(child, depth + 1) for child in part.children]
        if mime == "multipart/alternative":
            return _alternative(children)
        return tuple(piece for child in children for piece in child)

    def remains(self, root: Part) -> tuple[Piece, ...]:
        """Return the text outside the parts, where no part has one."""
        stack = [root]
        found = []
        while stack:
            part = stack.pop()
            found.append(_BOILERPLATE.sub(b"", part.outside, count=1).strip())
            stack += part.children[::-1]
        outside = b"\n\n".join(filter(None, found))[: self.limits.shown]
        if outside:
            self.flags.append("only a preamble")
            return (Piece(self._decoded(outside, None), is_html=False),)
        if root.declared[0].startswith("message/"):
            return self._forwarded(root) or self._raw(root)
        return ()

    def _forwarded(self, root: Part) -> tuple[Piece, ...]:
        """Return the text of a message that is nothing but another message; one inside that one is not looked at."""
        content = _content(root)[: self.limits.shown]  # its files are not looked for
        walk = _Walk(self.limits)
        try:
            inner = parse(content, check(content, self.limits), self.limits)
            texts = () if inner.declared[0].startswith("message/") else walk.texts(inner, 0)
        except Unreadable:
            return ()
        self.flags += walk.flags
        if root.content[self.limits.shown :]:
            self.flags.append("text cut")
        return texts

    def _raw(self, root: Part) -> tuple[Piece, ...]:
        self.flags.append("raw body")
        return (Piece(self._decoded(_content(root)[: self.limits.shown], None), is_html=False),)

    def _look_for_encryption(self, mime: str, options: dict[str, str]) -> None:
        if mime == "multipart/encrypted":
            self.encrypted = True
        elif mime in ("application/pkcs7-mime", "application/x-pkcs7-mime"):
            if options.get("smime-type", "").lower() == "signed-data":
                self.flags.append("signed and not readable")
            else:
                self.encrypted = True

    def _leaf(self, part: Part, depth: int) -> tuple[Piece, ...]:
        mime, options = part.declared
        content = _content(part)
        disposition, described = _disposition(part)
        name = described.get("filename") or options.get("name") or ""
        is_file = bool(name) and self._has_text and disposition != "inline"
        is_attached = depth > 0 and (disposition == "attachment" or is_file)
        damaged = mime.startswith("multipart/")
        if damaged:
            self.flags.append("damaged multipart")
        if is_attached or not (
            damaged or mime in ("text/plain", "text/html") or (depth == 0 and _is_text(mime))
        ):
            self._attach(part, name, content)
            return ()
        text = self._text(part, name, content)
        if text is None:
            return ()
        if mime == "text/html":
            self.html.append(text)
        elif options.get("format", "").lower() == "flowed":
            text = reflowed(text, delete_space=options.get("delsp", "").lower() == "yes")
        self._has_text = self._has_text or not is_blank(text)
        if text.lstrip().startswith("-----BEGIN PGP MESSAGE-----"):
            self.encrypted = True
        return (Piece(text, is_html=mime == "text/html"),)

    def _text(self, part: Part, name: str, content: bytes) -> str | None:
        """Return the text of a part; None if it is none, or if there is too much text already."""
        if _is_binary(content, part.declared[1].get("charset")):
            self.flags.append("binary labelled as text")
            self._attach(part, name, content)
            return None
        room = self.limits.shown - self._shown
        if len(content) > room:
            self.flags.append("text cut")
            self._attach(part, name, content)
            content = _beginning(content, room)
            if not content:
                return None
        self._shown += len(content)
        return self._decoded(content, part.declared[1].get("charset"))

    def _decoded(self, content: bytes, charset: str | None) -> str:
        text, is_guess = decode(content, charset)
        if is_guess:
            self.flags.append("charset guessed")
        return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")

    def _attach(self, part: Part, name: str, content: bytes) -> None:
        mime = part.declared[0]
        label = clean_name(name[-_LONGEST_NAME:]) if name.strip() else _usual_name(mime)
        if mime in _TNEF or label.lower() == "winmail.dat":
            self.flags.append("winmail.dat")
        identity = part.field("content-id")
        content_id = None if identity is None else verbatim(identity[: self.limits.field]).strip("<> ")
        self.attachments.append(Attachment(label, mime, content, content_id or None))


_LONGEST_NAME = 1_000  # its end has the extension
# What programs write for readers without MIME: a first paragraph such as `This is a multi-part message in MIME format.`
_BOILERPLATE = re.compile(rb"(?i)\A\s{0,99}this[^\r\n]{0,99}\bmime\b[^\r\n]*(?:\r?\n[ \t]*[^\s][^\r\n]*)*")
_TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_EXTENSIONS = {mime: kind for kind, mime in KINDS.items() if kind != "bin"}
_USUAL_NAMES = {
    "text/html": "message.html",
    "text/calendar": "invitation.ics",
    "text/csv": "table.csv",
    "text/vcard": "contact.vcf",
    "text/x-vcard": "contact.vcf",
    "message/delivery-status": "delivery-status.txt",
    "message/disposition-notification": "disposition-notification.txt",
    "message/feedback-report": "feedback-report.txt",
    "text/rfc822-headers": "headers.txt",
    "application/pgp-signature": "signature.asc",
    "application/pgp-encrypted": "version.asc",
    "application/pkcs7-signature": "smime.p7s",
    "application/pkcs7-mime": "smime.p7m",
    "application/ms-tnef": "winmail.dat",
}


def _usual_name(mime: str) -> str:
    if mime in _USUAL_NAMES:
        return _USUAL_NAMES[mime]
    if mime.startswith("message/"):
        return "message.eml"
    return f"attachment.{_EXTENSIONS[mime]}" if mime in _EXTENSIONS else "attachment"


def _disposition(part: Part) -> tuple[str, dict[str, str]]:
    raw = part.structured("content-disposition")
    return ("attachment", {}) if raw is None else parameters(raw)


def _content(part: Part) -> bytes:
    """Return the bytes of a part without its transfer encoding."""
    encoding = verbatim(part.field("content-transfer-encoding") or "").lower()[:40].partition(";")[0].strip()
    return decoded(part.content, encoding, is_text=part.declared[0].startswith("text/"))


def _is_text(mime: str) -> bool:
    return mime.startswith("text/") and mime not in (
        "text/calendar",
        "text/csv",
        "text/vcard",
        "text/x-vcard",
    )


def _is_binary(content: bytes, charset: str | None) -> bool:
    """Return whether bytes labelled as text are none: a known file, or more than a twentieth of control characters.

    Random bytes have 8 % of them. A few NULs do not count: they occur in the mail of customers (a test message of
    freescout-help-desk/freescout).
    """
    sample = content[:65_536]
    if not sample or (codec(charset) or "").startswith(("utf_16", "utf_32")):
        return False
    if sample.count(b"\0") * 3 > len(sample):
        return True
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    return controls * 20 > len(sample) or (controls > 0 and detect(sample).kind in _FILES)


# Without those that charsets shift with and that printers obey.
_CONTROLS = bytes({*range(1, 7), *range(16, 27), *range(28, 32), 127})
_FILES = frozenset(
    "jpg png gif webp tiff pdf zip gz bz2 xz 7z rar mp3 mp4 docx xlsx pptx doc xls ppt elf".split()
)


def _beginning(content: bytes, size: int) -> bytes:
    """Return at most ``size`` bytes, to the end of a line where there is one."""
    kept = content[:size]
    end = max(kept.rfind(b"\n"), 0) or kept.rfind(b" ")
    return kept[: end + 1] if end > 0 else kept


def _alternative(choices: list[tuple[Piece, ...]]) -> tuple[Piece, ...]:
    """Return the texts to show of alternatives (RFC 2046, section 5.1.4, read with plain text as the best).

    Several plain texts are all shown: they may differ.
    """
    filled = [choice for choice in choices if any(not is_blank(piece.text) for piece in choice)]
    plain = [choice for choice in filled if not any(piece.is_html for piece in choice)]
    rich = [choice for choice in filled if any(piece.is_html for piece in choice)]
    if plain and not (rich and _only_says_html(plain[0])):
        return tuple(dict.fromkeys(piece for choice in plain for piece in choice))
    return rich[-1] if rich else ()


def _only_says_html(pieces: tuple[Piece, ...]) -> bool:
    said = " ".join(piece.text for piece in pieces).strip()
    return len(said) <= _LONGEST_EXCUSE and _EXCUSE.search(said) is not None


_LONGEST_EXCUSE = 400
_EXCUSE = re.compile(r"(?i)\bhtml\b")
