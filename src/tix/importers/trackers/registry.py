"""The trackers whose files are recognised by their content, besides those that ``detect`` has always known."""

from __future__ import annotations

from tix.importers.presets.registry import PRESETS
from tix.importers.trackers import (
    bugzilla,
    freshdesk,
    gitlab,
    itflow,
    jira,
    linear,
    osticket,
    redmine,
    rt,
    taskwarrior,
    todo_txt,
    trello,
    zendesk,
)
from tix.importers.trackers.tracker import Tracker, of_preset

# One module a format; each gives its TRACKER. At equal likeness the first one reads the file.
TRACKERS: tuple[Tracker, ...] = (
    bugzilla.TRACKER,
    freshdesk.TRACKER,
    gitlab.TRACKER,
    itflow.TRACKER,
    jira.TRACKER,
    linear.TRACKER,
    osticket.TRACKER,
    redmine.TRACKER,
    rt.TRACKER,
    taskwarrior.TRACKER,
    todo_txt.TRACKER,
    trello.TRACKER,
    zendesk.TRACKER,
    *map(of_preset, PRESETS),
)
