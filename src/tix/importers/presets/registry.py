"""The presets by which tables are recognised."""

from __future__ import annotations

from tix.importers.presets import (
    bugzilla,
    freshdesk,
    gitlab,
    jira,
    linear,
    osticket,
    redmine,
    servicenow,
    trac,
    zendesk,
)
from tix.importers.tables.preset import Preset

# At equal likeness the first one reads the file.
PRESETS: tuple[Preset, ...] = (
    jira.PRESET,
    zendesk.PRESET,
    freshdesk.PRESET,
    servicenow.LOG,
    servicenow.PRESET,
    gitlab.PRESET,
    redmine.PRESET,
    linear.LINEAR,
    linear.PLANE,
    bugzilla.PRESET,
    trac.PRESET,
    osticket.PRESET,
)
