"""The trackers whose files are recognised by their content, besides those that ``detect`` has always known."""

from __future__ import annotations

from tix.importers.trackers import bugzilla, gitlab, jira, redmine, zendesk
from tix.importers.trackers.tracker import Tracker

# One module a format; each gives its TRACKER. At equal likeness the first one reads the file.
TRACKERS: tuple[Tracker, ...] = (
    bugzilla.TRACKER,
    gitlab.TRACKER,
    jira.TRACKER,
    redmine.TRACKER,
    zendesk.TRACKER,
)
