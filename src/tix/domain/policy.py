"""Who may do what: a table of verb and role, default deny; and what a person may see.

The table is the lifecycle page's. A verb that is not in it is denied to everybody. Which tickets a permission
reaches is the ``Scope``'s business: what is not visible does not exist.
"""

from __future__ import annotations

from typing import NamedTuple

from tix.domain.people import Actor, Role
from tix.errors import NotAllowed

# What a cell says: "yes" (whatever they may see), "own" (what they may see, as its requester), "workflow"
# (where the workflow lets the requester), "no".
YES, OWN, WORKFLOW, NO = "yes", "own", "workflow", "no"


class Permission(NamedTuple):
    """One row: a cell for each role."""

    requester: str
    agent: str
    admin: str


_EVERYBODY = Permission(YES, YES, YES)
_STAFF = Permission(NO, YES, YES)
_ADMIN = Permission(NO, NO, YES)

PERMISSIONS: dict[str, Permission] = {
    "new": Permission(OWN, YES, YES),
    "show": Permission(OWN, YES, YES),
    "reply": Permission(OWN, YES, YES),
    "attach add": Permission(OWN, YES, YES),
    "attach list": Permission(OWN, YES, YES),
    "attach save": Permission(OWN, YES, YES),
    "list": Permission(OWN, YES, YES),
    "search": Permission(OWN, YES, YES),
    "log": Permission(OWN, YES, YES),
    "export": Permission(OWN, YES, YES),
    "completion": Permission(OWN, YES, YES),
    "whoami": _EVERYBODY,
    "config get": _EVERYBODY,
    "config list": _EVERYBODY,
    "type list": _EVERYBODY,
    "priority list": _EVERYBODY,
    "workflow list": _EVERYBODY,
    "note": _STAFF,
    "assign": _STAFF,
    "claim": _STAFF,
    "edit": _STAFF,
    "start": _STAFF,
    "hold": _STAFF,
    "resolve": _STAFF,
    "close": Permission(WORKFLOW, YES, YES),
    "reopen": Permission(WORKFLOW, YES, YES),
    "rate": Permission(OWN, OWN, OWN),
    "attach rm": _STAFF,
    "import": _STAFF,
    "tick": _STAFF,
    "doctor": _STAFF,
    "user list": _STAFF,
    "db backup": _STAFF,
    "db check": _STAFF,
    "db info": _STAFF,
    "as": _ADMIN,
    "delete": _ADMIN,
    "user change": _ADMIN,
    "type change": _ADMIN,
    "priority change": _ADMIN,
    "workflow use": _ADMIN,
    "config set": _ADMIN,
    "db restore": _ADMIN,
    "db migrate": _ADMIN,
}

# What a requester may set on ``new``; any other flag is refused (lifecycle page).
REQUESTER_FIELDS = frozenset(
    {"subject", "body", "topic", "type", "priority", "department", "about", "files", "email", "phone"}
    | {"cc", "fields", "assets", "idempotency_key"}
)


def permission(verb: str, role: Role) -> str:
    """The cell of the table; ``no`` for a verb that is not in it."""
    row = PERMISSIONS.get(verb)
    return NO if row is None else str(getattr(row, role))


def require(actor: Actor, verb: str) -> None:
    """Raises NotAllowed when the role of ``actor`` denies ``verb``."""
    if permission(verb, actor.person.role) == NO:
        row = PERMISSIONS.get(verb, _ADMIN)
        needed = "an agent or an admin" if row.agent != NO else "an admin"
        raise NotAllowed(
            f"{actor.login} may not {_VERB_WORDS.get(verb, verb)}: that takes {needed}",
            hint="tix whoami --permissions lists what you may do",
        )


_VERB_WORDS = {
    "as": "act as somebody else",
    "user change": "change people",
    "type change": "change ticket types",
    "priority change": "change priorities",
    "workflow use": "change the workflow",
    "config set": "change the desk's settings",
    "user list": "list people",
}


class Scope(NamedTuple):
    """Which tickets a person may see, and how much of them.

    ``kind`` chooses the clause (``store.statements.SCOPES``): ``all`` or ``own``. ``staff`` readers see
    internal items and columns.
    """

    kind: str
    me: str
    staff: bool


def scope_of(actor: Actor) -> Scope:
    """What ``actor`` may see: staff everything, a requester the tickets they raised."""
    if actor.is_staff:
        return Scope("all", actor.login, True)
    return Scope("own", actor.login, False)


def requester_scope(login: str) -> Scope:
    """What the requester ``login`` sees: the glasses of ``show --as-requester``."""
    return Scope("own", login, False)
