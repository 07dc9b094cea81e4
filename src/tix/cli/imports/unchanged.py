"""A file must stay the same while it is imported: what is read from it twice has to agree."""

from __future__ import annotations

from pathlib import Path

from tix.errors import InvalidValue


class Unchanged:
    """A file as it is now. A folder is not watched."""

    def __init__(self, path: Path, name: str) -> None:
        self._path = path
        self._name = name
        self._before = _state(path)

    def check(self) -> None:
        """Raise InvalidValue if the file has another size, time of change or inode than before, or is gone."""
        if _state(self._path) != self._before:
            raise InvalidValue(
                f"the file '{self._name}' changed while it was read; nothing was imported",
                hint="import it again once nothing writes to it",
            )


def _state(path: Path) -> tuple[int, ...] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return None if path.is_dir() else (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)
