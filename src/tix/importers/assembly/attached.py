"""Files whose bytes come with a record: in it as base64 or a ``data:`` URL, or in a folder beside its file."""

from __future__ import annotations

import base64
import binascii
import re
from pathlib import Path
from urllib.parse import unquote_to_bytes

from tix.importers import fields as read
from tix.importers.assembly.asides import attachment, word
from tix.importers.assembly.companions import holds_descriptors
from tix.importers.fields import Record
from tix.importers.record import ImportedFile
from tix.typing import NamedTuple

_LARGEST = 100 << 20  # bytes; a desk takes 30 MB unless it says otherwise
_ENCODED = ("data", "base64", "content_base64", "contentBase64", "bytes_base64")
_DATA_URL = re.compile(r"data:(?P<type>[^,;]*)(?P<more>(?:;[^,;]*)*),(?P<data>.*)", re.DOTALL)
_PLAIN = re.compile(r"(?!\.)[^/\\\0]+")  # the name of a file, and no path
_FOLDERS = ("attachments", "files")
_SIZES = ("size", "filesize", "file_size", "bytes")


class Attached(NamedTuple):
    """The files of a record whose bytes are there, and a line for each of the others."""

    files: tuple[ImportedFile, ...] = ()
    lines: tuple[str, ...] = ()


class FileFinder:
    """Finds the bytes of attached files. ``path`` is the file of the records.

    Beside ``issues.json`` they may lie in ``attachments/`` or ``files/``, there as the file's name or number, or in a folder
    called after the record; or where a relative address says. Nothing outside of the folder is read.
    """

    def __init__(self, path: Path | None) -> None:
        is_beside = path is not None and not holds_descriptors(path.parent)
        self._folder = path.parent if path is not None and is_beside else None
        self._has_folder = self._folder is not None and any(
            (self._folder / name).is_dir() for name in _FOLDERS
        )

    def of(
        self, record: Record, field: str, names: tuple[str, ...], addresses: tuple[str, ...], *keys: str
    ) -> Attached:
        """Return the files in a list. ``names`` and ``addresses`` are the keys of name and URL, ``keys`` what the record is called."""
        files, lines = [], []
        for one in read.records(record, field):
            name, address = word(one, *names), word(one, *addresses)
            data = self._bytes(one, name, address, keys)
            if data is None:
                shown = "" if address.startswith("data:") else address
                lines.append(attachment(name, read.first(one, *_SIZES), shown))
            else:
                files.append(ImportedFile(name or "attachment", data))
        return Attached(tuple(files), tuple(line for line in lines if line))

    def _bytes(self, one: Record, name: str, address: str, keys: tuple[str, ...]) -> bytes | None:
        if (found := _DATA_URL.fullmatch(address)) is not None:
            return _of_url(found)
        for key in _ENCODED:
            value = one.get(key)
            if isinstance(value, str) and value and (data := _decoded(value)) is not None:
                return data
        return self._beside(name, word(one, "id"), address, keys)

    def _beside(self, name: str, number: str, address: str, called: tuple[str, ...]) -> bytes | None:
        keys = list(called)
        if self._folder is None:
            return None
        places = []
        if address and "://" not in address and not address.startswith("/"):
            places.append(address)
        if self._has_folder:
            name, number, *keys = [one if _PLAIN.fullmatch(one) else "" for one in (name, number, *keys)]
            for folder in _FOLDERS:
                places += [f"{folder}/{key}/{name}" for key in keys if key and name]
                places += [f"{folder}/{number}/{name}"] if number and name else []
                places += [f"{folder}/{one}" for one in (number, name) if one]
        return next((data for place in places if (data := self._read(place)) is not None), None)

    def _read(self, place: str) -> bytes | None:
        assert self._folder is not None
        try:
            file = (self._folder / place).resolve()
            if not file.is_relative_to(self._folder.resolve()) or not file.is_file():
                return None
            return file.read_bytes() if file.stat().st_size <= _LARGEST else None
        except (OSError, ValueError):
            return None


def _of_url(found: re.Match[str]) -> bytes | None:
    if ";base64" in found["more"].lower():
        return _decoded(found["data"])
    return unquote_to_bytes(found["data"])


def _decoded(value: str) -> bytes | None:
    try:
        return base64.b64decode("".join(value.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
