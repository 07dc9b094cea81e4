"""Tell the records of a file one by one; one that cannot be read becomes a fault, and the next is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from tix.errors import BrokenRecord
from tix.importers import fields as read
from tix.importers.assembly.asides import word
from tix.importers.fields import Record
from tix.importers.record import Fault, ImportedTicket

_LONGEST_LABEL = 40


def told(
    items: Iterable[object], story: Callable[[Record], ImportedTicket], *labels: str
) -> Iterator[ImportedTicket | Fault]:
    """Yield each item as ``story`` reads it. ``labels`` are the keys that name a record in a fault."""
    for place, item in enumerate(items, start=1):
        yield one(item, f"record {place}", story, *labels)


def one(
    item: object, place: str, story: Callable[[Record], ImportedTicket], *labels: str
) -> ImportedTicket | Fault:
    """Return an item as ``story`` reads it, or what is wrong with it."""
    try:
        return story(read.whole(item, place))
    except BrokenRecord as broken:
        message = broken.message
    except RecursionError:
        message = "it is nested too deeply"
    name = word(item, *labels)[:_LONGEST_LABEL] if isinstance(item, dict) else ""
    return Fault(None, f"{place} ({name}): {message}" if name else f"{place}: {message}")


def number(record: Record, *names: str) -> str:
    """Return the number or key of a record as text. Raises BrokenRecord if it has none."""
    found = word(record, *names)
    if not found:
        raise BrokenRecord(f"'{names[0]}' is missing")
    return found


def inner(record: Record, *names: str) -> Record:
    """Return an object within a record; an empty one for anything else."""
    value = read.first(record, *names)
    return value if isinstance(value, dict) else {}
