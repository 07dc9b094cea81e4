"""Workflows as records."""

from __future__ import annotations

from tix.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tix.domain.workflows.workflow import Workflow


def record(workflow: Workflow, current: str) -> dict[str, Any]:
    """A workflow with the names of its statuses; ``current`` is the name of the one in force."""
    return {
        "name": workflow.name,
        "current": workflow.name == current,
        "title": workflow.title,
        "statuses": [status.name for status in workflow.statuses],
    }


def whole_record(workflow: Workflow, current: str) -> dict[str, Any]:
    """All of a workflow: its statuses, its rules, and what goes with them."""
    waits = any(rule.trigger == "elapsed" for rule in workflow.rules)
    return {
        **record(workflow, current),
        "statuses": [
            {
                "name": status.name,
                "phase": status.phase,
                "label": status.label,
                "aliases": list(status.aliases),
                "pauses": status.pauses,
                "final": status.final,
            }
            for status in workflow.statuses
        ],
        "rules": [
            {"on": rule.trigger, "from": list(rule.sources), "to": rule.target, "by": rule.by}
            for rule in workflow.rules
        ],
        "rated_in": list(workflow.rated_in),
        "auto_close_after_seconds": workflow.window_seconds if waits else None,
        "claims": workflow.claims,
    }
