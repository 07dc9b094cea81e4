"""What a server offers of the command line; everything else says so before it does anything."""

from __future__ import annotations

from tix.errors import NotOffered
from tix.typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tix.cli.remote.address import Address

# The nouns whose records a server sends, by the last part of their path; to read.
NOUNS = {
    "asset": "assets",
    "calendar": "calendars",
    "canned": "canned",
    "client": "clients",
    "department": "departments",
    "priority": "priorities",
    "sla": "slas",
    "team": "teams",
    "topic": "topics",
    "type": "types",
}
# Commands that know a server.
OFFERED = frozenset(
    {
        *"new list show reply note assign claim edit snooze start hold resolve close reopen rate merge unmerge".split(),
        *"split link unlink follow search delete inbox log why whoami undo redo triage".split(),
        *(f"attach {name}" for name in "list add save open rm".split()),
        *(f"notification {name}" for name in "list read rules mute unmute".split()),
        *(f"{noun} {verb}" for noun in (*NOUNS, "user", "workflow") for verb in ("list", "show")),
        *(
            "topic field list",
            "stats",
            "report",
            "view list",
            "view show",
            "view use",
            "view add",
            "view edit",
            "view rm",
        ),
        *(f"time {name}" for name in "list timers add start stop rm".split()),
        *(
            "schedule list",
            "schedule show",
            "schedule next",
            "invoice list",
            "invoice show",
            "invoice export",
            "config list",
            "export",
        ),
    }
)
# Commands that need no desk, or look for the personal settings first.
WITHOUT_DESK = frozenset(
    {
        "completion",
        "date",
        "help",
        "prime",
        "schema",
        "mcp",
        "__complete",
        "login",
        "logout",
        *(f"config {name}" for name in ("get", "set", "unset", "path")),
        *(f"alias {name}" for name in ("list", "set", "rm")),
        *(f"draft {name}" for name in ("list", "show", "send", "rm")),
    }
)


def refusal(what: str, address: Address) -> NotOffered:
    """Return the failure of something that a server does not offer."""
    return NotOffered(
        f"a server does not offer {what} ({address.url} is one)",
        hint="use it where the desk's file is, or name the file with --store PATH",
    )


def acting(address: Address) -> NotOffered:
    """Return the failure of a command that is to act as somebody else: a key says who acts."""
    return NotOffered(
        f"a server does not offer to act as somebody else ({address.url} is one)",
        hint="the API key says who acts; leave out --as and TIX_USER",
    )


def require(command: str, address: Address) -> None:
    """Refuse a command that a server does not offer. Raises NotOffered."""
    if command not in OFFERED and command not in WITHOUT_DESK:
        raise refusal(f"tix {command}", address)
