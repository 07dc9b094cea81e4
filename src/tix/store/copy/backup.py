"""The backup of a desk in a database: a file that is a desk itself."""

from __future__ import annotations

from pathlib import Path

from tix.errors import DamagedStore
from tix.store.backup import check
from tix.store.connection import Store
from tix.store.copy.file import FileTarget
from tix.store.copy.run import Told, fill


def to_file(store: Store, path: Path, tell: Told) -> None:
    """Copy the desk of a database to the empty file at ``path``, which nobody else uses yet. Raises as ``fill``."""
    target = FileTarget(path, is_safe=False)
    try:
        target.make()
        fill(store, target, tell)
        target.finish()
    finally:
        target.close()
    if problems := check(path):
        raise DamagedStore(f"the copy is damaged: {problems[0]}", hint="check the store: tix db check")
