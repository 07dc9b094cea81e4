"""The rules a ticket is under: its workflow, its SLA plan and its desk's settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tix.domain.sla.calendars import Calendar
    from tix.domain.sla.plans import Plan
    from tix.domain.topics import Field
    from tix.domain.workflows.workflow import Workflow


class Rules(NamedTuple):
    """What holds for one ticket: its workflow, its window (seconds; 0 is never), whether a reply claims.

    ``plan`` and ``calendar`` are what its clock runs by, ``fields`` what its topic asks.
    """

    workflow: Workflow
    window_seconds: int
    claims: bool
    plan: Plan | None = None
    calendar: Calendar | None = None
    fields: tuple[Field, ...] = ()
