"""A workflow as plain values, which is how the store keeps a desk's own workflow.

It is read for every command of such a desk, so it is trusted: it was valid when it was added
(``validation.problems``).
"""

from __future__ import annotations

from tix.domain.workflows.workflow import Status, Transition, Workflow
from tix.errors import InvalidValue
from tix.typing import Any


def plain(workflow: Workflow) -> dict[str, Any]:
    """Return ``workflow`` as dicts, lists, texts, numbers and booleans, as JSON can hold them."""
    return {
        "name": workflow.name,
        "title": workflow.title,
        "statuses": [{**status._asdict(), "aliases": list(status.aliases)} for status in workflow.statuses],
        "rules": [
            {"on": rule.trigger, "from": list(rule.sources), "to": rule.target, "by": rule.by}
            for rule in workflow.rules
        ],
        "rated_in": list(workflow.rated_in),
        "window_seconds": workflow.window_seconds,
        "claims": workflow.claims,
        "hints": dict(workflow.hints),
    }


def from_plain(data: dict[str, Any]) -> Workflow:
    """Return the workflow from which ``plain`` made ``data``. Raises InvalidValue if a part of it is missing."""
    try:
        return Workflow(
            data["name"],
            data["title"],
            tuple([_status(status) for status in data["statuses"]]),
            tuple(
                [
                    Transition(rule["on"], tuple(rule["from"]), rule["to"], rule["by"])
                    for rule in data["rules"]
                ]
            ),
            tuple(data["rated_in"]),
            data["window_seconds"],
            data["claims"],
            tuple(data["hints"].items()),
        )
    except (AttributeError, KeyError, TypeError) as error:
        raise InvalidValue("the stored workflow cannot be read") from error


def _status(data: dict[str, Any]) -> Status:
    return Status(
        data["name"],
        data["phase"],
        data["label"],
        data["colour"],
        tuple(data["aliases"]),
        data["pauses"],
        data["final"],
    )
