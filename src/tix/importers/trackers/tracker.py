"""One tracker whose files can be imported: how its files look, and who reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tix.importers.request import Reader
from tix.importers.tables.preset import Preset
from tix.importers.tables.reader import stories
from tix.typing import Any, NamedTuple


class Head(NamedTuple):
    """The beginning of a file: enough to tell whose it is.

    ``text`` is what was decoded of it, without a byte order mark; it may end anywhere. ``keys`` are the keys of the first
    JSON object in it, ``columns`` the cells of its first line read as a table; each empty where the file is no such thing.
    ``first`` is the first JSON object, or the first element of its first array, where ``text`` has the whole of it, else
    None.
    """

    text: str
    name: str
    keys: frozenset[str] = frozenset()
    columns: tuple[str, ...] = ()
    first: Mapping[str, Any] | None = None


class Tracker(NamedTuple):
    """A format by its ``name`` (``--from jira-rest``) and ``title`` ("Jira, REST answer").

    ``likeness`` says how sure it is, from 0 (not this one) to 100 (nothing else looks like it); the surest reads the file.
    ``stories`` yields one imported ticket, fault or notice after the other, in the order of the file, with only one
    record in memory at a time where the file allows it. It raises InvalidValue if the file as a whole cannot be read.
    ``preset`` is what is known of a format that is a table.
    """

    name: str
    title: str
    likeness: Callable[[Head], int]
    stories: Reader
    preset: Preset | None = None


def of_preset(preset: Preset) -> Tracker:
    """Return the tracker of a table."""
    return Tracker(
        preset.name,
        preset.title,
        lambda head: preset.likeness(head.columns),
        lambda asked: stories(asked.stream, asked.layout, asked.now, preset),
        preset,
    )
