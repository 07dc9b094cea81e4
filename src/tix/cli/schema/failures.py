"""The errors and exit codes of a command: which codes it can have, each with its exit status."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from tix.cli import declared
from tix.cli.app import Command
from tix.cli.remote.offered import OFFERED
from tix.errors import TixError
from tix.typing import Any

Schema = dict[str, Any]

# The exit status of what may work when it is tried again.
RETRYABLE = 6

# Of every command.
_ALWAYS = (
    "error usage invalid-value unknown-name not-found not-allowed refused not-offered store-busy timed-out storage "
    "store-unusable store-damaged store-foreign store-newer read-only interrupted"
)
# Of a command that works on a server as well.
_REMOTE = "unauthorized throttled overloaded unreachable untrusted-server server-foreign"
_WRITES = "unconfirmed already-exists in-use key-reused"
_OF_TICKETS = "illegal-transition final-status merged stale-version already-claimed already-rated"
_MAIL = "mail-relay unreachable unreadable-mail mail-differs"
# By the option that brings them.
_OPTIONS = {
    "cursor": "invalid-cursor",
    "yes": "unconfirmed",
    "force": "already-exists",
    "to": "already-exists",
    "bulk.strict": "unchanged",
    "strict": "unchanged",
}
# Beside those of their errors.
_EXITS = {"doctor": (8,), "db check": (8,), "mail in": (75,), "tick": (9,), "serve": (1,)}


def codes(path: tuple[str, ...], command: Command) -> tuple[str, ...]:
    """Return the codes of the errors that a command can end with, sorted."""
    name = " ".join(path)
    fields = {one.field for one in declared.own_parameters(command)}
    found = set(_ALWAYS.split())
    if name in OFFERED or path[0] in ("login", "logout"):
        found.update(_REMOTE.split())
    if not command.reads:
        found.update(_WRITES.split())
        if command.kind is not None and "thread" in command.kind.fields:
            found.update(_OF_TICKETS.split())
    if path[0] in ("mail", "tick"):
        found.update(_MAIL.split())
    for option, more in _OPTIONS.items():
        if option in fields:
            found.update(more.split())
    return tuple(sorted(found))


def exits(path: tuple[str, ...], command: Command) -> list[int]:
    """Return the exit codes that a command can have: of its errors, and 9 where some of several failed."""
    statuses = statuses_by_code()
    found = {0, 9, 130, 143, *_EXITS.get(" ".join(path), ())}
    return sorted(found | {statuses[code] for code in codes(path, command)})


@cache
def statuses_by_code() -> dict[str, int]:
    """Return the exit status of each code of ``tix.errors``."""
    return {one.code: one.exit_status for one in _classes(TixError)}


def _classes(error: type[TixError]) -> Iterator[type[TixError]]:
    yield error
    for one in error.__subclasses__():
        yield from _classes(one)


def error(code: str) -> Schema:
    """Return the schema of an error object with a code."""
    status = statuses_by_code()[code]
    exit_: Schema = {"enum": [130, 143]} if code == "interrupted" else {"const": status}
    return {
        "type": "object",
        "properties": {
            "code": {"const": code},
            "message": {"type": "string"},
            "hint": {"type": ["string", "null"]},
            "exit": exit_,
            "retryable": {"const": status == RETRYABLE},
            "fix": {
                "type": ["array", "null"],
                "items": {"type": "string"},
                "description": "A command line that would have worked, as argv.",
            },
            "ref": {"type": "string", "description": "The ticket, of a command about several."},
            "draft": {"type": "string", "description": "Where the text that was typed is saved."},
            "traceback": {"type": "string", "description": "With --debug."},
        },
        "required": ["code", "message", "hint", "exit", "retryable", "fix"],
    }


def any_of(chosen: Sequence[str]) -> Schema:
    """Return the schema of an error object with one of these codes, without what each of them has of its own."""
    return {
        "type": "object",
        "properties": {
            "code": {"enum": list(chosen)},
            "message": {"type": "string"},
            "hint": {"type": ["string", "null"]},
            "exit": {"type": "integer"},
            "retryable": {"type": "boolean"},
            "fix": {"type": ["array", "null"], "items": {"type": "string"}},
        },
        "required": ["code", "message", "hint", "exit", "retryable", "fix"],
    }


def said(kind: str) -> Schema:
    """Return the schema of a ``warning`` or a ``notice``."""
    required = ["code", "message"] if kind == "warning" else ["message"]
    return {
        "type": "object",
        "properties": {
            "code": {"type": "string"},
            "message": {"type": "string"},
            **(
                {"next": {"type": "string", "description": "The cursor of the next page."}}
                if kind == "notice"
                else {}
            ),
        },
        "required": required,
    }
