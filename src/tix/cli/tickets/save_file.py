"""Save an attachment: only into the named folder, only as a new file, never through a link."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from types import TracebackType

from tix.domain.files.attachments import file_name
from tix.errors import AlreadyExists, InvalidValue, StorageFailure
from tix.typing import Self
from tix.words.sentence import Said

_LONGEST_NAME = 255  # bytes, on every file system we meet


class Folder:
    """An open folder; what is saved is reached through it alone, whatever happens to its path meanwhile."""

    def __init__(self, path: str) -> None:
        self._path = Path(path)
        try:
            self._descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        except OSError as error:
            raise InvalidValue(
                Said("cannot use the folder '{path}': {strerror}", path=path, strerror=error.strerror)
            ) from error
        self._mine: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._descriptor)

    def save(self, name: str, data: bytes, force: bool) -> str:
        """Writes ``data`` as ``name`` and gives its path; a second file of that name gets a number.

        Raises AlreadyExists unless ``force``, StorageFailure when it cannot be written: then nothing is left.
        """
        # The store may have been written by somebody else: a name is a label again, whatever is in it.
        target = self._free(file_name(name))
        temporary = f".tix-{os.getpid()}-{len(self._mine)}.part"
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW
        try:
            descriptor = os.open(temporary, flags, 0o600, dir_fd=self._descriptor)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                self._place(temporary, target, force)
            except BaseException:
                os.unlink(temporary, dir_fd=self._descriptor)
                raise
        except OSError as error:
            raise StorageFailure(f"cannot write '{self._path / target}': {error.strerror}") from error
        self._mine.add(target)
        return str(self._path / target)

    def _free(self, name: str) -> str:
        if name not in self._mine:
            return name
        stem, dot, ending = name.rpartition(".")
        count = 2
        while True:
            after = f" ({count}).{ending}" if dot else f" ({count})"
            room = _LONGEST_NAME - len(after.encode())
            candidate = (stem if dot else name).encode()[:room].decode(errors="ignore") + after
            if candidate not in self._mine:
                return candidate
            count += 1

    def _place(self, temporary: str, target: str, force: bool) -> None:
        here = self._descriptor
        if force:
            os.replace(temporary, target, src_dir_fd=here, dst_dir_fd=here)
            return
        try:
            os.link(temporary, target, src_dir_fd=here, dst_dir_fd=here)
        except OSError as error:
            if error.errno == errno.EEXIST:
                raise AlreadyExists(
                    f"the file '{self._path / target}' already exists",
                    hint=Said("to overwrite it, add --force"),
                ) from error
            raise
        os.unlink(temporary, dir_fd=self._descriptor)
