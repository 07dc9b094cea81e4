"""Fetch rows without holding the store's lock while they are printed."""

from __future__ import annotations

from collections.abc import Iterator

from tix.typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tix.typing import Protocol

    class Cursor(Protocol):
        """What rows are fetched from."""

        def fetchmany(self, size: int, /) -> list[Any]: ...

        def close(self) -> None: ...


_CHUNK = 1000


def spooled(cursor: Cursor) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of ``cursor``: up to a thousand are fetched first, more go through an unlinked temporary file.

    In DELETE mode an open cursor keeps writers from committing, and printing may be slow (``| less``).
    """
    first = cursor.fetchmany(_CHUNK)
    if len(first) < _CHUNK:
        cursor.close()
        yield from first
        return
    heap = SpillFile()
    try:
        while rows := cursor.fetchmany(_CHUNK):
            heap.put(rows)
        cursor.close()
        yield from first
        for rows in heap.values():
            yield from rows
    finally:
        heap.close()


class SpillFile:
    """A spill file (unlinked) for what does not fit into memory: values in order, and bytes by name.

    Values are those ``marshal`` accepts: numbers, texts, bytes, and plain tuples, lists and dictionaries of them.
    """

    def __init__(self) -> None:
        import tempfile

        self._values: IO[bytes] = tempfile.TemporaryFile(prefix="tix-")  # noqa: SIM115  # closed by `close`
        self._bytes: IO[bytes] | None = None
        self._places: dict[str, tuple[int, int]] = {}

    def put(self, value: Any) -> None:
        """Add a value at the end. Raises StorageFailure where there is no room for it."""
        import marshal

        # Preceded by its length, because `marshal.load` on a file reads byte by byte: nine times slower (measured).
        data = marshal.dumps(value)
        try:
            self._values.write(len(data).to_bytes(8, "little"))
            self._values.write(data)
        except OSError as error:
            raise _no_room(error) from error

    def values(self) -> Iterator[Any]:
        """Yield all values, from the first."""
        import marshal

        self._values.seek(0)
        while length := self._values.read(8):
            data = self._values.read(int.from_bytes(length, "little"))
            yield marshal.loads(data)  # noqa: S302  # our own file, written a moment ago

    def __contains__(self, name: str) -> bool:
        return name in self._places

    def put_bytes(self, name: str, data: bytes) -> None:
        """Store bytes under a name, once. Raises StorageFailure where there is no room for them."""
        if self._bytes is None:
            import tempfile

            self._bytes = tempfile.TemporaryFile(prefix="tix-")  # noqa: SIM115  # as above
        if name not in self._places:
            try:
                self._places[name] = (self._bytes.seek(0, 2), len(data))
                self._bytes.write(data)
            except OSError as error:
                raise _no_room(error) from error

    def bytes_of(self, name: str) -> bytes:
        """Return the bytes with that name. Raises KeyError."""
        place, length = self._places[name]
        assert self._bytes is not None
        self._bytes.seek(place)
        return self._bytes.read(length)

    def close(self) -> None:
        """Release the disk space."""
        self._values.close()
        if self._bytes is not None:
            self._bytes.close()


def _no_room(error: OSError) -> Exception:
    """Return the failure to write a temporary file."""
    import tempfile

    from tix.errors import StorageFailure

    return StorageFailure(
        f"cannot write to {tempfile.gettempdir()}, the folder for temporary files: {error.strerror}",
        hint="name another one: TMPDIR=FOLDER tix …",
    )
