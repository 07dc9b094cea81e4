"""Repair what is safe to repair: what is computed from the tickets, and who may read the file."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tix.desk.context import Desk
from tix.desk.doctor import Finding
from tix.domain.permissions import require
from tix.errors import StorageFailure
from tix.store import rebuild
from tix.store.connection import Store
from tix.store.files import left_behind, sweep
from tix.typing import NamedTuple


class Repair(NamedTuple):
    """Something to repair: the check that failed, an imperative, and the same in the past tense.

    ``writes``: it writes to the desk's tables.
    """

    name: str
    to_do: str
    done: str
    writes: bool = False


_COMPUTED: dict[str, tuple[Repair, Callable[[Store], None]]] = {
    "search": (
        Repair("search", "rebuild the search index", "Rebuilt the search index", writes=True),
        rebuild.rebuild_search,
    ),
    "facets": (
        Repair("facets", "rebuild the search keys", "Rebuilt the search keys", writes=True),
        rebuild.rebuild_keys,
    ),
    "tallies": (
        Repair("tallies", "count the tickets again", "Counted the tickets again", writes=True),
        rebuild.rebuild_counts,
    ),
}
_DAMAGE = ("file", "rows")


def needed(desk: Desk, found: Iterable[Finding]) -> list[Repair]:
    """Return what can be repaired of what was found; nothing in a file that is damaged. Raises NotAllowed."""
    require(desk.actor, "doctor fix")
    if not desk.store.exists:
        return []
    failed = {finding.name for finding in found if finding.status == "failed"}
    repairs = []
    if "mode" in failed:
        repairs.append(Repair("mode", "close the file to other users", "Closed the file to other users"))
    if not failed.intersection(_DAMAGE):
        repairs += [repair for name, (repair, _) in _COMPUTED.items() if name in failed]
    left = left_behind(desk.store.path.parent, desk.store.path.name) if desk.store.is_file else []
    if left:
        files = "1 unfinished copy" if len(left) == 1 else f"{len(left)} unfinished copies"
        repairs.append(Repair("leftovers", f"remove {files} of the desk", f"Removed {files} of the desk"))
    return repairs


def repair(desk: Desk, repairs: Iterable[Repair]) -> None:
    """Do them; what writes to the desk in one transaction. Raises StorageFailure, StoreBusy."""
    writes = [one.name for one in repairs if one.writes]
    if writes:
        with desk.store.writing():
            for name in writes:
                _COMPUTED[name][1](desk.store)
    for one in repairs:
        path = desk.store.path
        if one.name == "mode":
            try:
                path.chmod(path.stat().st_mode & 0o770)
            except OSError as error:
                raise StorageFailure(f"cannot change the mode of {path}: {error.strerror}") from error
        elif one.name == "leftovers":
            sweep(path.parent, path.name)


def store_space(desk: Desk) -> tuple[int, int] | None:
    """Return the free bytes of the disk that the store is on, and the size of the store; None for a database."""
    import shutil

    if not desk.store.is_file:
        return None
    path = desk.store.path
    folder = path.parent if path.parent.is_dir() else path.home()
    return shutil.disk_usage(folder).free, path.stat().st_size if desk.store.exists else 0


def newest_entry(desk: Desk) -> int | None:
    """Return when the newest entry of any ticket was written, UTC seconds; None without one, or if not all are visible."""
    visible = desk.store.exists and desk.scope.kind == "all"
    at: object = desk.store.value("item_newest_at") if visible else None
    return at if isinstance(at, int) else None  # a damaged row may have anything there
