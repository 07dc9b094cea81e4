"""What a form for a new ticket asks, as a record."""

from __future__ import annotations

from tix.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tix.desk.tickets.new import Form

# Of a question of a topic.
QUESTION = ("key", "label", "kind", "choices", "required", "default")


def record(form: Form) -> dict[str, Any]:
    """A form: names to choose from, the questions that are open, and which files the desk accepts (``types``: null for all)."""
    policy = form.files
    return {
        "topic": form.topic,
        "topics": form.topics,
        "default_topic": form.default_topic,
        "questions": [{name: getattr(field, name) for name in QUESTION} for field in form.fields],
        "priorities": form.priorities,
        "priority": form.priority,
        "message_required": form.needs_message,
        "files": {
            "max_total": policy.max_total,
            "types": None if policy.types is None else sorted(policy.types),
            "denied": sorted(policy.denied),
        },
        "left_out": form.left_out,
    }
