"""The rules that apply to a ticket: its workflow, its SLA plan and its desk's settings."""

from tix.typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tix.domain.sla.calendars import Calendar
    from tix.domain.sla.plans import Plan
    from tix.domain.topics import Field
    from tix.domain.workflows.workflow import Workflow


class TicketPolicy(NamedTuple):
    """The rules for one ticket: its workflow, its auto-close time (seconds; 0 is never), whether a reply claims.

    ``plan`` and ``calendar`` determine its due dates, ``fields`` are the custom fields of its topic.
    """

    workflow: "Workflow"
    window_seconds: int
    claims: bool
    plan: "Plan | None" = None
    calendar: "Calendar | None" = None
    fields: "tuple[Field, ...]" = ()

    def unended(self) -> "TicketPolicy":
        """Return the rules without final statuses, for what has happened elsewhere and is not refused."""
        statuses = tuple([one._replace(final=False) for one in self.workflow.statuses])
        return self._replace(workflow=self.workflow._replace(statuses=statuses))
