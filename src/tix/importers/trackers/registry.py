"""The trackers whose files are recognised by their content, besides those that ``detect`` has always known."""

from __future__ import annotations

from tix.importers.presets.registry import PRESETS
from tix.importers.trackers.tracker import Tracker, of_preset

# One module a format; each gives its TRACKER. At equal likeness the first one reads the file.
TRACKERS: tuple[Tracker, ...] = (*map(of_preset, PRESETS),)
