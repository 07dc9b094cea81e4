"""The six workflows shipped with tix, as in the table of the lifecycle page; one row there is one line here."""

from __future__ import annotations

from tix.domain.workflows.workflow import Status, Transition, Workflow

_OPEN = Status("open", "open", "Open", "green")
_ANSWERED = Status("answered", "open", "Answered", "cyan")
_RESOLVED = Status("resolved", "resolved", "Resolved", "blue", aliases=("auto-close",))
_CLOSED = Status("closed", "closed", "Closed", "bright_black")

_ACTIVE = ("open", "answered", "in-progress", "on-hold")

STANDARD = Workflow(
    "standard",
    "Open, answered, in progress, on hold; resolved tickets close automatically",
    (
        _OPEN,
        _ANSWERED,
        Status(
            "in-progress",
            "open",
            "In progress",
            "yellow",
            aliases=("inprocess", "in-process", "working"),
        ),
        Status("on-hold", "open", "On hold", "magenta", aliases=("hold",), pauses=True),
        _RESOLVED,
        _CLOSED,
    ),
    (
        Transition("staff-replied", ("open",), "answered"),
        Transition(
            "requester-replied",
            ("answered", "in-progress", "on-hold", "resolved", "closed"),
            "open",
            "requester",
        ),
        Transition("start", _ACTIVE, "in-progress"),
        Transition("hold", _ACTIVE, "on-hold"),
        Transition("resolve", _ACTIVE, "resolved"),
        Transition("close", (*_ACTIVE, "resolved", "closed"), "closed", "anyone"),
        Transition("reopen", ("resolved", "closed"), "open", "anyone"),
        Transition("elapsed", ("resolved",), "closed", "system"),
    ),
    rated_in=("resolved", "closed"),
)

DPHISH = Workflow(
    "dphish",
    "Only open and closed",
    (_OPEN, _CLOSED),
    (
        Transition("requester-replied", ("closed",), "open", "requester"),
        Transition("close", ("open",), "closed", "anyone"),
        Transition("reopen", ("closed",), "open"),
    ),
    rated_in=("closed",),
    hints=(("resolve", "close"),),
)

BACKOFFICE = Workflow(
    "backoffice",
    "Open, answered, in process, closed; a message on a closed ticket reopens it",
    (
        _OPEN,
        _ANSWERED,
        Status("inprocess", "open", "In process", "yellow", aliases=("in-process", "in-progress")),
        _CLOSED,
    ),
    (
        Transition("staff-replied", ("open",), "answered"),
        Transition("requester-replied", ("answered", "closed"), "open", "requester"),
        Transition("start", ("open", "answered"), "inprocess"),
        Transition("close", ("open", "answered", "inprocess", "closed"), "closed", "anyone"),
        Transition("reopen", ("closed",), "open", "anyone"),
    ),
    rated_in=("closed",),
    hints=(("resolve", "close"),),
)

HELPDESK = Workflow(
    "helpdesk",
    "Opened and resolved; a message on a resolved ticket reopens it",
    (
        Status("opened", "open", "Opened", "green", aliases=("open",)),
        Status("resolved", "resolved", "Resolved", "blue"),
    ),
    (
        Transition("requester-replied", ("resolved",), "opened", "requester"),
        Transition("resolve", ("opened",), "resolved"),
        Transition("reopen", ("resolved",), "opened", "anyone"),
    ),
    rated_in=("resolved",),
    hints=(("close", "resolve"),),
)

OSTICKET = Workflow(
    "osticket",
    "Open, resolved, closed; the first reply claims the ticket",
    (_OPEN, Status("resolved", "resolved", "Resolved", "blue"), _CLOSED),
    (
        Transition("requester-replied", ("resolved", "closed"), "open", "requester"),
        Transition("resolve", ("open",), "resolved"),
        Transition("close", ("open", "resolved", "closed"), "closed", "anyone"),
        Transition("reopen", ("resolved", "closed"), "open", "anyone"),
    ),
    rated_in=("resolved", "closed"),
    claims=True,
)

ITFLOW = Workflow(
    "itflow",
    "Open, working, hold; resolved tickets close after 72 hours, and closed is final",
    (
        _OPEN,
        Status("working", "open", "Working", "yellow", aliases=("in-progress",)),
        Status("hold", "open", "Hold", "magenta", aliases=("on-hold",), pauses=True),
        _RESOLVED,
        _CLOSED._replace(final=True),
    ),
    (
        Transition("requester-replied", ("resolved",), "open", "requester"),
        Transition("start", ("open", "hold", "working"), "working"),
        Transition("hold", ("open", "working", "hold"), "hold"),
        Transition("resolve", ("open", "working", "hold"), "resolved"),
        Transition("close", ("open", "working", "hold", "resolved", "closed"), "closed", "anyone"),
        Transition("reopen", ("resolved",), "open", "anyone"),
        Transition("elapsed", ("resolved",), "closed", "system"),
    ),
    rated_in=("resolved", "closed"),
)

SHIPPED: dict[str, Workflow] = {
    workflow.name: workflow for workflow in (STANDARD, DPHISH, BACKOFFICE, HELPDESK, OSTICKET, ITFLOW)
}
