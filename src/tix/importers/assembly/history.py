"""The status changes of a record, so that they end where the record is."""

from __future__ import annotations

from collections.abc import Iterable

from tix.importers.record import Ending, ImportedAuthor, ImportedChange
from tix.typing import NamedTuple

OVER = ("resolved", "closed")


class History(NamedTuple):
    """The status changes in time order; ``ending`` gives them where the source tells no history, else it is None."""

    turns: tuple[ImportedChange, ...]
    ending: Ending | None


def change(at: int, by: ImportedAuthor | None, status: str | None, word: str = "") -> ImportedChange:
    """Return the change to ``status``, one of tix's words; ``word`` is the source's own."""
    return ImportedChange(at, by, status in OVER, status == "resolved", status, word or None)


def history(
    changes: Iterable[ImportedChange], status: str | None, ending: Ending, created_at: int
) -> History:
    """Return ``changes`` by time, without those that change nothing, with ``ending`` where they end elsewhere.

    A record is open at ``created_at``. The last change closes exactly if ``status`` is ``resolved`` or ``closed``.
    """
    turns: list[ImportedChange] = []
    for turn in sorted(changes, key=lambda one: one.at):
        before = turns[-1] if turns else None
        if before is None and not turn.closed and turn.status in (None, "open"):
            continue
        if before is None or (before.closed, before.status, before.word) != (
            turn.closed,
            turn.status,
            turn.word,
        ):
            turns.append(turn._replace(at=max(turn.at, created_at)))
    if not turns:
        return History(ending.turns(status, created_at), ending)
    is_over = status in OVER
    if turns[-1].closed != is_over:
        at = turns[-1].at
        if is_over:
            turns += [turn._replace(at=max(turn.at, at)) for turn in ending.turns(status, created_at)]
        else:
            turns.append(ImportedChange(max(at, ending.otherwise_at), None, closed=False))
    return History(tuple(turns), None)
