"""Records that belong to others: comments in a file beside the tickets, or in a list of their own.

They are kept in a temporary file and found by the key of what they belong to, so that a million comments need little
memory.
"""

from __future__ import annotations

import json
import re
import tempfile
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path

from tix.errors import InvalidValue
from tix.importers.assembly.asides import word
from tix.importers.fields import Record
from tix.importers.json_stream import REST, records
from tix.importers.record import Notice
from tix.typing import IO, Self

_SUBJECTS = re.compile(r"tickets?|issues?|bugs?|tasks?|cards?", re.IGNORECASE)
_ENDS = (".json", ".jsonl", ".ndjson")


Owned = Callable[[Record], Iterator[tuple[str, object]]]


class Companions:
    """Records by the key of what they belong to, in the order in which they were put in."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None  # only where there is something to keep
        self._places: dict[str, array[int]] = {}
        self._end = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing was put in."""
        return not self._places

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def put(self, key: str, record: object) -> None:
        """Keep a record of ``key``."""
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="tix-")  # noqa: SIM115  # closed by `__exit__`
        try:
            data = json.dumps(record).encode() + b"\n"
        except RecursionError:
            raise InvalidValue("a record is nested too deeply") from None
        self._file.write(data)
        self._places.setdefault(key, array("q")).append(self._end)
        self._end += len(data)

    def of(self, key: str) -> list[object]:
        """Return what was put in for ``key``."""
        if self._file is None or key not in self._places:
            return []
        found = []
        for place in self._places[key]:
            self._file.seek(place)
            found.append(json.loads(self._file.readline()))
        self._file.seek(self._end)
        return found

    def load(
        self, path: Path | None, words: tuple[str, ...], lists: tuple[str, ...], owned: Owned
    ) -> Iterator[Notice]:
        """Put in what stands in the files beside ``path`` that are called after ``words``; yield which were read.

        Their records are those of an array, of the ``lists`` of an object, or one a line; ``owned`` gives the records in
        one, each with the key of what it belongs to. Raises InvalidValue if such a file cannot be read.
        """
        read = ""
        for file, value in beside_records(path, words, lists):
            for key, record in owned(value):
                self.put(key, record)
                if file != read:
                    read = file
                    yield Notice(f"also read {file}", f"also read {file}")


def beside_records(
    path: Path | None, words: tuple[str, ...], lists: tuple[str, ...]
) -> Iterator[tuple[str, Record]]:
    """Yield the objects in the files beside ``path`` called after ``words``, each with the name of its file.

    Raises InvalidValue if such a file cannot be read; one that may not be opened is passed over.
    """
    for file in beside(path, *words):
        try:
            with file.open("rb") as stream:
                for name, value in records(stream, lists):
                    if name != REST and isinstance(value, dict):
                        yield file.name, value
        except InvalidValue as error:
            raise InvalidValue(f"the file '{file.name}' beside it: {error.message}", error.hint) from None
        except OSError:
            continue


def beside(path: Path | None, *words: str) -> list[Path]:
    """Return the JSON files beside ``path`` that are called after one of ``words``.

    For ``tickets-2026.json`` and ``comments`` these are ``comments.json``, ``comments-2026.json`` and
    ``tickets-2026-comments.json`` (also with ``_`` or a dot), and the same as JSON lines.
    """
    if path is None or not path.name or holds_descriptors(path.parent):
        return []
    stem = path.name.partition(".")[0]
    found: dict[Path, None] = {}
    for kind in words:
        names = [kind, *(f"{stem}{mark}{kind}" for mark in "-_."), _SUBJECTS.sub(kind, stem)]
        for name in names:
            for end in _ENDS:
                file = path.with_name(name + end)
                if file != path and file.is_file():
                    found[file] = None
    return list(found)


def holds_descriptors(folder: Path) -> bool:
    """Whether what is in there are descriptors of processes (`/dev/fd/63`), and nothing lies beside anything."""
    return folder.as_posix() in ("/dev", "/dev/fd") or folder.parts[:2] == ("/", "proc")


def owned_by(*names: str, lists: tuple[str, ...] = ("comments",)) -> Owned:
    """Return how records are found that name their owner under one of ``names``.

    Either each does so itself, or an object does so that has them in one of ``lists``, or they are lists under the number
    of their owner (``{"7": […]}``).
    """

    def owned(value: Record) -> Iterator[tuple[str, object]]:
        key = word(value, *names)
        held = _listed(value, lists)
        if key and held is not None:
            yield from ((key, one) for one in held)
        elif key:
            yield key, value
        elif value and all(name.isdecimal() for name in value):
            for number, inside in value.items():
                yield from ((number, one) for one in _listed(inside, lists) or ())

    return owned


def _listed(value: object, lists: tuple[str, ...]) -> list[object] | None:
    if isinstance(value, dict):
        value = next((value[name] for name in lists if isinstance(value.get(name), list)), None)
    return value if isinstance(value, list) else None
