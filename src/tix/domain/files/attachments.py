"""Attachments: how they are named, and which ones a desk accepts."""

import re
from collections.abc import Sequence

from tix.domain.files.filetypes import KINDS, PROGRAMS, FileType, detect, extension, kind_of_start
from tix.domain.files.sizes import format_size
from tix.domain.texts import normal
from tix.errors import InvalidValue
from tix.typing import NamedTuple, Protocol
from tix.words.sentence import Said

__all__ = [
    "KINDS", "PROGRAMS", "FileLike", "FilePolicy", "FileType", "check", "check_start", "check_total", "clean_name", "detect", "file_name", "format_size",
    "format_types", "parse_size", "parse_types", "warnings",
]  # fmt: skip

LONGEST_NAME_BYTES = 255
LARGEST_BYTES = 10**12


class FileLike(Protocol):
    """What ``check`` needs to know of a file."""

    @property
    def name(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def kind(self) -> str: ...


class FilePolicy(NamedTuple):
    """Which files a desk accepts.

    ``max_total`` is the bytes of all files sent at once; ``types`` None is every type. ``warned`` are types that are
    accepted with a warning.
    """

    max_total: int
    types: frozenset[str] | None
    denied: frozenset[str]
    warned: frozenset[str] = frozenset()


def clean_name(name: str) -> str:
    """Return ``name`` as a label: its last path component, in NFC, without invisible characters.

    Never empty (``file``), never beginning with a dot, at most 255 bytes of UTF-8 with its extension kept.
    It is still a label, never a path.
    """
    from unicodedata import category

    seen = []
    for char in normal("NFC", name):
        kind = category(char)
        if kind == "Zs":
            seen.append(" ")
        elif kind[0] != "C" and kind not in ("Zl", "Zp") and not re.match(_INVISIBLE, char):
            seen.append(char)
    parts = (_trimmed(part) for part in re.split(r"[/\\]", normal("NFC", "".join(seen))))
    label = [part for part in parts if part]
    return _shortened(label[-1]) if label else "file"


def file_name(name: str) -> str:
    """Return the name to save a file under: its label without leading dashes, which commands would read as options.

    Never empty (``file``).
    """
    return clean_name(name).lstrip("-. ") or "file"


def parse_types(text: str) -> frozenset[str] | None:
    """Return the kinds of ``attachments.types``: ``jpg,png,pdf``; None for ``*``, empty for ``none``.

    Common other names are understood (``jpeg``, ``tif``, ``csv`` for ``txt``: by content all text is one kind).
    Raises InvalidValue for an unknown kind, listing the known ones.
    """
    words = [word.strip().lower().removeprefix(".") for word in text.split(",")]
    if words == ["*"]:
        return None
    if words == ["none"]:
        return frozenset()
    kinds = [_ALIASES.get(word, word) for word in words]
    for word, kind in zip(words, kinds, strict=True):
        if kind not in KINDS:
            raise InvalidValue(
                Said("'{word}' is not a file type", word=word),
                hint=Said("use * for every type, or a list of: {names}", names=", ".join(sorted(KINDS))),
            )
    return frozenset(kinds)


def format_types(types: frozenset[str] | None) -> str:
    """Return ``types`` in the form ``parse_types`` reads."""
    if types is None:
        return "*"
    return ",".join(sorted(types)) or "none"


def check(files: Sequence[FileLike], policy: FilePolicy) -> None:
    """Raise InvalidValue for the first file that the desk does not accept, or if all files together are too large."""
    for file in files:
        _check_kind(file.name, file.kind, policy)
    check_total([file.name for file in files], sum(file.size for file in files), policy)


def warnings(files: Sequence[FileLike], policy: FilePolicy) -> list[str]:
    """Return a sentence for each file that is accepted with a warning."""
    return [
        f"'{one.name}' is {'a program' if one.kind in PROGRAMS else 'a file'} of type {one.kind}, which requesters cannot send"
        for one in files
        if one.kind in policy.warned
    ]


def check_start(name: str, start: bytes, policy: FilePolicy) -> None:
    """Raise InvalidValue where the first bytes of a file show that the desk does not accept it.

    For a file that is still being received: nothing follows from its return, ``check`` judges all of it.
    """
    kind = kind_of_start(start)
    if kind is not None:
        _check_kind(clean_name(name), kind, policy)


def check_total(names: Sequence[str], size: int, policy: FilePolicy) -> None:
    """Raise InvalidValue if ``size``, the bytes so far of the files with these names, is over the limit."""
    if size > policy.max_total:  # of a larger file no more has been read
        what = f"'{names[0]}' has" if len(names) == 1 else f"the {len(names)} files together have"
        raise InvalidValue(
            f"{what} more than {_in_words(policy.max_total)}, the limit for files sent at once"
        )


def _check_kind(name: str, kind: str, policy: FilePolicy) -> None:
    if kind in policy.denied:
        what = "a program" if kind in PROGRAMS else "a file"
        raise InvalidValue(
            f"'{name}' is {what} of type {kind}, which this desk does not accept", hint=_accepted(policy)
        )
    if policy.types is not None and kind not in policy.types:
        raise InvalidValue(
            f"'{name}' is of type {kind}, which this desk does not accept", hint=_accepted(policy)
        )


def _accepted(policy: FilePolicy) -> str:
    if policy.types is None:
        return f"accepted: every type except {', '.join(sorted(policy.denied))}"
    return f"accepted: {', '.join(sorted(policy.types - policy.denied)) or 'no files'}"


def parse_size(text: str) -> int:
    """Return the bytes of ``30MB``, ``1.5 MB``, ``500KB``, ``1MiB`` or a bare number; ``KB`` is 1,000 bytes.

    Raises InvalidValue for anything else, and for more than a terabyte.
    """
    match = re.fullmatch(r"([0-9]{1,15})(?:\.([0-9]{1,9}))? ?([a-z]*)", text.strip().lower())
    unit = None if match is None else _UNITS.get(match[3])
    if match is None or unit is None or (match[2] and unit == 1):
        raise InvalidValue(
            Said("'{text}' is not a size", text=text),
            hint=Said("write it as 30MB, 500KB, 1MiB or a number of bytes"),
        )
    fraction = match[2] or ""
    size: int = int(match[1] + fraction) * unit // 10 ** len(fraction)
    if size > LARGEST_BYTES:
        raise InvalidValue(Said("'{text}' is more than 1TB", text=text))
    return size


_UNITS = {
    "": 1, "b": 1, "bytes": 1,
    "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12,
    "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12,
    "kib": 2**10, "mib": 2**20, "gib": 2**30, "tib": 2**40,
}  # fmt: skip

_ALIASES = {
    "jpeg": "jpg", "jpe": "jpg", "tif": "tiff", "heif": "heic", "gzip": "gz", "tgz": "gz", "zstd": "zst",
    "mpeg": "mpg", "qt": "mov", "m4v": "mp4", "oga": "ogg", "ogv": "ogg", "opus": "ogg", "wave": "wav",
    "text": "txt", "csv": "txt", "tsv": "txt", "md": "txt", "json": "txt", "log": "txt", "xml": "txt",
    "html": "txt", "htm": "txt", "svg": "txt", "eml": "txt", "ics": "txt", "yaml": "txt", "yml": "txt",
    "pe": "exe", "dll": "exe", "mach-o": "macho", "sh": "script", "eps": "ps", "db": "sqlite",
}  # fmt: skip

# Invisible marks and letters: fillers, grapheme joiner, variation selectors.
_INVISIBLE = r"[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
_LONGEST_EXTENSION_BYTES = 32


def _trimmed(part: str) -> str:
    return part.strip(" ").lstrip(". ").rstrip(". ")


def _shortened(name: str) -> str:
    if len(name.encode()) <= LONGEST_NAME_BYTES:
        return name
    ending = extension(name)
    if len(ending.encode()) > _LONGEST_EXTENSION_BYTES:
        ending = ""
    stem = name.removesuffix(ending).encode()[: LONGEST_NAME_BYTES - len(ending.encode())]
    return _trimmed(stem.decode("utf-8", "ignore")) + ending


def _in_words(size: int) -> str:
    """Return ``size`` so exactly that one byte over a limit is visibly over it."""
    written = format_size(size)
    return written if parse_size(written) == size else f"{written} ({size:,} bytes)"
