"""The blocks of a store: a transaction that writes, a part of one, and a snapshot to read.

Classes: ``contextlib`` is not loaded by what every command does.
"""

from __future__ import annotations

from tix.typing import Any, Self


class Together:
    """A transaction of several parts."""

    def __init__(self) -> None:
        self.is_taken_back = False

    def take_back(self) -> None:
        """Roll back the whole transaction when it ends."""
        self.is_taken_back = True


class Transaction:
    """The block of ``writing`` and ``together``."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self._whole = Together()
        self._is_part = store.is_writing

    def __enter__(self) -> Together:
        if self._is_part:
            self._store.execute("SAVEPOINT part")
        else:
            self._store.begin()
        return self._whole

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._is_part:
            self._store.end_part(failed=kind is not None, taken_back=self._whole.is_taken_back)
        else:
            self._store.end(failed=kind is not None, taken_back=self._whole.is_taken_back)


class Snapshot:
    """The block of ``reading``."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def __enter__(self) -> Self:
        self._is_ours = not (self._store.is_writing or self._store.connection.in_transaction)
        if self._is_ours:
            self._store.execute(self._store.begins_reading)
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the snapshot, once."""
        if self._is_ours:
            self._is_ours = False
            self._store.finish("COMMIT")
