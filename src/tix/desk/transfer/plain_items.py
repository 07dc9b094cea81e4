"""Convert timeline items to plain values, which an import keeps between reading and writing."""

from __future__ import annotations

from tix.domain.tickets.timeline import File, Item, Work
from tix.typing import Any


def item_of(plain: Any) -> Item:
    """Return the item of plain values."""
    item = Item(*plain)
    if item.work is not None:
        item = item._replace(work=Work(*item.work))
    return item if not item.files else item._replace(files=tuple(File(*file) for file in plain[7]))


def plain(item: Item) -> tuple[Any, ...]:
    """Return an item as plain values."""
    if not item.files and item.work is None:
        return tuple(item)
    files = tuple([tuple(file) for file in item.files])
    work = None if item.work is None else tuple(item.work)
    return tuple(item._replace(files=files, work=work))  # type: ignore[arg-type]  # plain tuples on purpose
