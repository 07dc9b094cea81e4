"""Who may do what: a table by verb and role that denies by default; and which tickets a person may see.

The table is the lifecycle page's. A verb that is not in it is denied to everybody. The tickets that a permission
covers depend on the ``Scope``: a ticket that somebody may not see does not exist for them.
"""

from collections.abc import Collection, Iterable

from tix.domain.people import Actor, Person
from tix.errors import NotAllowed
from tix.typing import TYPE_CHECKING, NamedTuple
from tix.words.sentence import Said

if TYPE_CHECKING:
    from tix.domain.topics import Field

# The values of a cell: "yes" (every ticket they may see), "own" (their own), "theirs" (their own and those of their
# people or client), "workflow" (if the workflow permits it to the requester), "no".
YES, OWN, THEIRS, WORKFLOW, NO = "yes", "own", "theirs", "workflow", "no"


class Permission(NamedTuple):
    """One row of the table: a cell for each role; ``contact`` is a manager, or a primary or technical contact."""

    requester: str
    contact: str
    agent: str
    admin: str


_EVERYBODY = Permission(YES, YES, YES, YES)
_OWN = Permission(OWN, THEIRS, YES, YES)
_STAFF = Permission(NO, NO, YES, YES)
_ADMIN = Permission(NO, NO, NO, YES)

PERMISSIONS: dict[str, Permission] = {
    "new": _OWN,
    "show": _OWN,
    "reply": _OWN,
    "attach add": _OWN,
    "attach list": _OWN,
    "attach save": _OWN,
    "list": _OWN,
    "search": _OWN,
    "log": _OWN,
    "export": _OWN,
    "completion": _OWN,
    "inbox": _OWN,
    "notification list": Permission(OWN, OWN, OWN, OWN),
    "notification read": Permission(OWN, OWN, OWN, OWN),
    "notification rules": _EVERYBODY,
    "notification mute": Permission(OWN, OWN, OWN, OWN),
    "whoami": _EVERYBODY,
    "config get": _EVERYBODY,
    "config list": _EVERYBODY,
    "config internal": _STAFF,
    "type list": _EVERYBODY,
    "priority list": _EVERYBODY,
    "workflow list": _EVERYBODY,
    "department list": _EVERYBODY,
    "topic list": _EVERYBODY,
    "view list": _OWN,
    "view change": Permission(OWN, OWN, OWN, OWN),
    "token list": Permission(OWN, OWN, OWN, YES),
    "token change": Permission(OWN, OWN, OWN, YES),
    "password change": Permission(OWN, OWN, OWN, YES),
    "session list": Permission(OWN, OWN, OWN, YES),
    "session end": Permission(OWN, OWN, OWN, YES),
    "asset list": Permission(THEIRS, THEIRS, YES, YES),
    "client list": _STAFF,
    "team list": _STAFF,
    "sla list": _STAFF,
    "calendar list": _STAFF,
    "schedule list": _STAFF,
    "why": _STAFF,
    "time": _STAFF,
    "invoice list": _STAFF,
    "canned list": _STAFF,
    "canned change": _STAFF,
    "triage": _STAFF,
    "stats": _STAFF,
    "note": _STAFF,
    "assign": _STAFF,
    "claim": _STAFF,
    "snooze": _STAFF,
    "edit": _STAFF,
    "undo": _STAFF,
    "merge": _STAFF,
    "unmerge": _STAFF,
    "split": _STAFF,
    "link": _STAFF,
    "unlink": _STAFF,
    "follow": _EVERYBODY,
    "follow others": _STAFF,
    "start": _STAFF,
    "hold": _STAFF,
    "resolve": _STAFF,
    "close": Permission(WORKFLOW, WORKFLOW, YES, YES),
    "reopen": Permission(WORKFLOW, WORKFLOW, YES, YES),
    "rate": Permission(OWN, OWN, OWN, OWN),
    "attach rm": _STAFF,
    "import": _STAFF,
    "mail": _STAFF,
    "mail change": _ADMIN,
    "tick": _STAFF,
    "doctor": _STAFF,
    "doctor fix": _ADMIN,
    "user list": _STAFF,
    "workflow check": _EVERYBODY,
    "db backup": _STAFF,
    "db check": _STAFF,
    "db info": _STAFF,
    "as": _ADMIN,
    "serve": _ADMIN,
    "delete": _ADMIN,
    "user change": _ADMIN,
    "type change": _ADMIN,
    "priority change": _ADMIN,
    "department change": _ADMIN,
    "topic change": _ADMIN,
    "asset change": _ADMIN,
    "client change": _ADMIN,
    "team change": _ADMIN,
    "sla change": _ADMIN,
    "calendar change": _ADMIN,
    "schedule change": _ADMIN,
    "workflow change": _ADMIN,
    "view share": _ADMIN,
    "invoice change": _ADMIN,
    "config set": _ADMIN,
    "db restore": _ADMIN,
    "db migrate": _ADMIN,
    "db grant": _ADMIN,
}

# What only staff may set on ``new`` (lifecycle page), in the order of refusal, with its name in the message.
# ``requester``: managers and contacts may set it to their own people.
STAFF_FIELDS = {
    "category": "the category",
    "requester": "the requester",
    "assignee": "the assignee",
    "team": "the team",
    "client": "the client",
    "notify_email": "the notification address",
    "sla": "the SLA plan",
    "due_at": "the due date",
    "tags": "tags",
    "source": "the source",
    "notify": "who is notified",
}
# Columns everybody may set on ``new``, besides subject, message, topic, department, custom fields and files.
_EVERYBODYS_COLUMNS = frozenset({"type", "priority", "email", "phone", "about"})


def rank_of(person: Person) -> str:
    """Return the person's column of the table."""
    return "contact" if not person.is_staff and person.sees_others else person.role


def permission(verb: str, role: str) -> str:
    """Return the cell of the table; ``no`` for a verb that is not in it."""
    row = PERMISSIONS.get(verb)
    return NO if row is None else str(getattr(row, role))


def require(actor: Actor, verb: str) -> None:
    """Raise NotAllowed if the role of ``actor`` denies ``verb``."""
    if permission(verb, rank_of(actor.person)) == NO:
        row = PERMISSIONS.get(verb, _ADMIN)
        act, you = Said.named("act", _VERB_WORDS.get(verb, verb)), you_are(actor)
        if row.agent != NO:
            message = Said("only agents and admins can {act} ({you})", act=act, you=you)
        else:
            message = Said("only admins can {act} ({you})", act=act, you=you)
        raise NotAllowed(message, hint=Said("see what you can do: tix whoami --permissions"))


def require_everything(actor: Actor, verb: str) -> None:
    """Raise NotAllowed if ``verb`` shows the whole desk and ``actor`` may see only a part of it."""
    if scope_of(actor).kind != "all":
        raise NotAllowed(
            Said(
                "{who} cannot {act}: only people who see every ticket can",
                who=actor.login,
                act=Said.named("act", _VERB_WORDS.get(verb, verb)),
            ),
            hint=Said("ask an admin, or an agent who is not limited to departments"),
        )


def require_fields(actor: Actor, fields: Collection[str]) -> None:
    """Raise NotAllowed for the first of ``fields`` of a new ticket that ``actor`` may not set.

    Columns that are neither in ``STAFF_FIELDS`` nor open to everybody are for staff, too.
    """
    if actor.is_staff:
        return
    known = [name for name in STAFF_FIELDS if name in fields]
    others = sorted(set(fields) - STAFF_FIELDS.keys() - _EVERYBODYS_COLUMNS)
    for name in known + others:
        what = Said.named("object", STAFF_FIELDS.get(name, f"the {name.replace('_', ' ')}"))
        raise NotAllowed(
            Said(
                "only agents and admins can set {what} of a new ticket ({you})",
                what=what,
                you=you_are(actor),
            )
        )


def require_answers(actor: Actor, answers: Iterable[str], fields: "Iterable[Field]") -> None:
    """Raise NotAllowed for a custom field among ``answers`` that only staff may set."""
    hidden = {field.key for field in fields if field.staff_only}
    for key in answers:
        if not actor.is_staff and key in hidden:
            raise NotAllowed(
                Said(
                    "only agents and admins can set the custom field {key} ({you})",
                    key=key,
                    you=you_are(actor),
                )
            )


def you_are(actor: Actor) -> str:
    """Return who somebody is, as a refusal says it."""
    role, who = actor.person.role, actor.login
    if role == "requester":
        return Said("you are {who}, a requester", who=who)
    return (
        Said("you are {who}, an agent", who=who)
        if role == "agent"
        else Said("you are {who}, an admin", who=who)
    )


_VERB_WORDS = {
    "as": "act as somebody else",
    "serve": "serve the desk over HTTP",
    "note": "write notes",
    "assign": "assign tickets",
    "claim": "claim tickets",
    "snooze": "snooze tickets",
    "edit": "edit tickets",
    "merge": "merge tickets",
    "unmerge": "undo merges",
    "split": "split tickets",
    "link": "link tickets",
    "unlink": "unlink tickets",
    "start": "start tickets",
    "hold": "put tickets on hold",
    "resolve": "resolve tickets",
    "close": "close tickets",
    "reopen": "reopen tickets",
    "delete": "delete tickets",
    "import": "import tickets",
    "mail": "handle the mail of the desk",
    "mail change": "change the texts of mail",
    "tick": "apply what is due",
    "doctor": "check the desk",
    "doctor fix": "repair the desk",
    "attach rm": "remove attachments",
    "db backup": "back up the database",
    "db check": "check the database",
    "db info": "see database details",
    "db restore": "restore the database",
    "db migrate": "migrate the database",
    "db grant": "handle accounts of the database server",
    "user change": "change people",
    "type change": "change ticket types",
    "priority change": "change priorities",
    "workflow change": "change workflows",
    "department change": "change departments",
    "topic change": "change help topics",
    "asset change": "change assets",
    "client change": "change clients",
    "team change": "change teams",
    "sla change": "change SLA plans",
    "calendar change": "change calendars",
    "schedule change": "change schedules",
    "view share": "change shared views",
    "undo": "undo commands",
    "stats": "see statistics",
    "canned list": "use canned replies",
    "canned change": "change canned replies",
    "triage": "triage tickets",
    "follow others": "add other followers",
    "client list": "list clients",
    "team list": "list teams",
    "sla list": "list SLA plans",
    "calendar list": "list calendars",
    "schedule list": "list schedules",
    "why": "see why a ticket is due",
    "time": "log time",
    "invoice list": "see invoices",
    "invoice change": "create or void invoices",
    "config set": "change the desk's settings",
    "user list": "list people",
    "config internal": "see that setting",
    "token list": "list API keys",
    "token change": "change API keys",
    "password change": "set passwords",
    "session list": "see who is signed in",
    "session end": "sign people out",
}


class Scope(NamedTuple):
    """The tickets a person may see, and how much of them.

    ``kind`` selects the clause (``store.statements.queue.SCOPES``): ``all``; ``desk``: the tickets of an agent's
    ``departments`` and those without a department (where the agent has any departments), and those that belong to
    them or to their ``teams``; ``own``; ``theirs``: one's own, those of one's reports, and those of one's
    ``client``. ``staff`` readers see internal items and columns.
    """

    kind: str
    me: str
    staff: bool
    departments: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    client: str | None = None


def scope_of(actor: Actor) -> Scope:
    """Return what ``actor`` may see (lifecycle page, "Who may do what")."""
    me = actor.person
    if not me.is_staff:
        return (
            requester_scope(me.login)
            if not me.sees_others
            else Scope("theirs", me.login, False, client=me.client_seen)
        )
    if me.departments is None or me.role == "admin":
        return Scope("all", me.login, True, teams=me.teams)
    return Scope("desk", me.login, True, me.departments, me.teams)


def requester_scope(login: str) -> Scope:
    """Return what the requester ``login`` may see, as for ``show --as-requester``."""
    return Scope("own", login, False)
