"""What a reader of tables tells, for tests that are about something else than the columns a table lacks."""

from collections.abc import Iterable
from typing import TypeVar

from tix.importers.record import Notice

T = TypeVar("T")


def apart_from_gaps(told: Iterable[T]) -> list[T]:
    """Everything but the notices that no column says when, or who asked."""
    return [one for one in told if not (isinstance(one, Notice) and one.one.startswith("no column says"))]
