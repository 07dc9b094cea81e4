"""Where an export goes: standard output, a file or a folder, which appear whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tix.errors import AlreadyExists, InvalidValue, StorageFailure
from tix.typing import IO
from tix.words.sentence import Said


def refuse_existing(target: Path, force: bool) -> None:
    """Raise AlreadyExists where a file has this name, unless ``force``; InvalidValue where none can have it."""
    if target.is_dir():
        raise InvalidValue(
            Said("'{target}' is a folder", target=target),
            hint=Said("name a file in it: {target}/desk.jsonl", target=target),
        )
    if not target.parent.is_dir():
        raise InvalidValue(Said("the folder {parent} does not exist", parent=target.parent))
    if not force and (target.exists() or target.is_symlink()):
        raise AlreadyExists(
            Said("the file {target} already exists", target=target), hint=Said("to overwrite it, add --force")
        )


@contextmanager
def opened(target: Path | None, force: bool) -> Iterator[IO[str]]:
    """Standard output, or a file that appears whole under its name, readable by its owner alone."""
    if target is None:
        yield sys.stdout
        return
    pending = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        with open(pending, "x", encoding="utf-8", newline="", opener=_private) as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        if force:
            pending.replace(target)
        else:
            os.link(pending, target)  # unlike a rename it never replaces what appeared meanwhile
            pending.unlink()
    except FileExistsError as error:
        pending.unlink(missing_ok=True)
        raise AlreadyExists(
            Said("the file {target} already exists", target=target), hint=Said("to overwrite it, add --force")
        ) from error
    except OSError as error:
        pending.unlink(missing_ok=True)
        raise StorageFailure(f"cannot write {target}: {error.strerror or error}") from error
    except BaseException:
        pending.unlink(missing_ok=True)
        raise


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


class Folder:
    """A folder that is being written; its files are named by paths in it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._made: set[str] = set()

    def write(self, path: str, data: bytes) -> None:
        """Write a file, in a folder of its own where its path says so."""
        parent, slash, _ = path.rpartition("/")
        if slash and parent not in self._made:
            (self._path / parent).mkdir(mode=0o700)
            self._made = {parent}  # a ticket's files come one after another
        with open(self._path / path, "xb", opener=_private) as file:
            file.write(data)

    def text(self, name: str) -> IO[str]:
        """Open a text file to be written."""
        return open(self._path / name, "x", encoding="utf-8", newline="", opener=_private)


def refuse_full(target: Path) -> None:
    """Raise AlreadyExists unless a new folder can have this name."""
    if not target.parent.is_dir():
        raise InvalidValue(Said("the folder {parent} does not exist", parent=target.parent))
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise AlreadyExists(
            Said("{target} already exists and is no folder", target=target), hint=Said("name a new folder")
        )
    if target.is_dir() and any(target.iterdir()):
        raise AlreadyExists(
            Said("the folder {target} is not empty", target=target),
            hint=Said("name a new folder, or an empty one"),
        )


@contextmanager
def made(target: Path) -> Iterator[Folder]:
    """A folder that appears whole under its name; only an empty one may be there already (``refuse_full``)."""
    pending = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        pending.mkdir(mode=0o700)
        yield Folder(pending)
        pending.rename(target)  # also over an empty folder, but over nothing else
    except OSError as error:
        _remove(pending)
        raise StorageFailure(f"cannot write {target}: {error.strerror or error}") from error
    except BaseException:
        _remove(pending)
        raise


def _remove(folder: Path) -> None:
    import shutil

    shutil.rmtree(folder, ignore_errors=True)
