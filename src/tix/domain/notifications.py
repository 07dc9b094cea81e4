"""Who is notified of what: one table, and the notifications of one write.

Pure. The table serves the inbox and mail alike. A write notifies a person once: the first matching rule in the order of the table wins, so what people wrote
comes before what changed with it. Nobody is notified of what they did or typed themselves, of a ticket they may not
see or, unless they are staff, of anything internal. Of the changes that time alone makes, only overdue tickets are
notified, and those events are internal: a requester cannot find out whether the passing of time has been recorded.
"""

from collections.abc import Callable, Collection, Iterable, Sequence

from tix.domain.people import Person
from tix.domain.tickets.ticket import Ticket
from tix.domain.tickets.timeline import DECLINED, UNDONE, Item
from tix.typing import NamedTuple


class NotificationRule(NamedTuple):
    """``what`` happened, and ``who`` is notified: chains of roles; the first role of a chain that has people counts.

    The requester's side is the requester, their manager and the contacts of the client. Watchers are those who follow
    the ticket.

    ``fits`` is called with the ticket as it was (None for a new one) and an item of the write. With ``target`` it is
    only for people who may see the ticket that this one is merged into.
    """

    reason: str
    what: str
    who: tuple[tuple[str, ...], ...]
    fits: Callable[[Ticket | None, Item], bool]
    target: bool = False


class Notice(NamedTuple):
    """The notification of one person about an item, with the rule's reason.

    ``login`` is None for somebody without an account, who is told by mail to ``address`` and not otherwise.
    """

    login: str | None
    reason: str
    item: Item
    address: str | None = None


class StoredNotification(NamedTuple):
    """A notice as its reader finds it. ``by`` is who did it, None where time alone acted."""

    id: int
    at: int
    prefix: str
    number: int
    subject: str
    reason: str
    by: str | None
    read_at: int | None

    @property
    def ref(self) -> str:
        """What the ticket is called: ``TIX-12``."""
        return f"{self.prefix}{self.number}"


def _into(phase: str) -> Callable[[Ticket | None, Item], bool]:
    """Return a test for an item by which somebody moved the ticket into that phase."""
    return lambda old, item: (
        item.type == "status-changed" and item.side != "system" and (item.sets or {}).get("phase") == phase
    )


_HOLDER = ("assignee", "team")
# They are notified only of public items.
WATCHERS = ("watchers",)
# Those who were notified of what is now undone: by an undo, or the end of a merge.
_TOLD = ("people already notified",)

RULES = (
    NotificationRule(
        "assigned",
        "a ticket is assigned to them",
        (_HOLDER,),
        lambda old, item: (
            (old is None and item.kind == "message") or (item.type == "assigned" and item.new is not None)
        ),
    ),
    NotificationRule(
        "released",
        "a ticket is no longer assigned to them",
        (("former assignee",),),
        lambda old, item: item.type == "assigned" and item.field == "assignee",
    ),
    NotificationRule(
        "overdue",
        "a ticket becomes overdue",
        ((*_HOLDER, "department"),),
        lambda old, item: item.type == "overdue",
    ),
    NotificationRule(
        "message",
        "the requester's side sends a message",
        (_HOLDER, ("requester",), WATCHERS),
        lambda old, item: old is not None and item.kind == "message",
    ),
    NotificationRule(
        "answered",
        "staff reply",
        (("requester",), ("assignee",), WATCHERS),
        lambda old, item: item.kind == "reply",
    ),
    NotificationRule(
        "noted", "staff add an internal note", (("assignee",),), lambda old, item: item.kind == "note"
    ),
    NotificationRule(
        "merged",
        "the ticket is merged into one that they may see",
        (("requester",), ("assignee",), WATCHERS),
        lambda old, item: item.type == "merged" and item.field == "merged_into",
        target=True,
    ),
    NotificationRule(
        "reopened", "the ticket is reopened", (("requester",), _HOLDER, WATCHERS), _into("open")
    ),
    NotificationRule(
        "resolved", "the ticket is resolved", (("requester",), ("assignee",), WATCHERS), _into("resolved")
    ),
    NotificationRule(
        "closed", "the ticket is closed", (("requester",), ("assignee",), WATCHERS), _into("closed")
    ),
    NotificationRule(
        "rated", "the requester rates the ticket", (("assignee",),), lambda old, item: item.type == "rated"
    ),
    NotificationRule(
        "mail-declined",
        "a mail for a ticket that is closed for good is declined",
        ((*_HOLDER, "department", "agents"),),
        lambda old, item: item.type == "mailed" and item.reason == DECLINED,
    ),
    NotificationRule(
        "taken-back",
        "a change they were notified of is undone",
        (_TOLD,),
        lambda old, item: item.reason == UNDONE or item.type == "unmerged",
    ),
    NotificationRule(
        "changed",
        "a field, a file or the status changes",
        (("assignee",),),
        lambda old, item: (
            item.kind == "event" and item.side != "system" and not item.keeps_books and item.type != "mailed"
        ),
    ),
)

# The reasons of mails: those of the table, and two that have a setting of their own and are not in the inbox.
MAILED = (*(rule.reason for rule in RULES), "created", "new-ticket")

# Looks people up by kind (``person``, ``team``, ``department``) and name; ``watchers`` by the column, ``told`` by the
# reference of the ticket: those who were notified of what is undone.
Find = Callable[[str, str], Iterable[Person]]


def notices(
    old: Ticket | None,
    new: Ticket,
    items: Sequence[Item],
    find: Find,
    sees: Callable[[Person], bool],
    rules: Sequence[NotificationRule] = RULES,
    sees_target: Callable[[Person], bool] = lambda person: False,
) -> list[Notice]:
    """Return the notifications of one write, at most one per person; ``old`` is None for a new ticket.

    ``find`` looks people up; ``sees`` says whether somebody may see the ticket as it now is, ``sees_target`` whether
    they may see the one that it is merged into. Who may not is told by a later rule, as if it were only closed.
    """
    doers = {login for item in items for login in (item.by, item.via) if login is not None}
    told: dict[str, Notice] = {}
    known: dict[str, Sequence[Person]] = {}
    able: dict[str, list[Person]] = {}

    def of(role: str) -> list[Person]:
        """Return the people of a role to notify; if there are any, later roles in the chain are not notified."""
        if role not in able:
            kind, name = _named(role, old, new)
            known[role] = () if name is None else tuple(find(kind, name))
            able[role] = [person for person in known[role] if person.active and sees(person)]
        return able[role]

    for rule, item in ((rule, item) for rule in rules for item in items if rule.fits(old, item)):
        for chain in rule.who:
            if _named(chain[0], old, new)[1] in doers or (chain == WATCHERS and item.internal):
                continue  # they did it themselves: nobody has to be looked up
            for person in next(filter(None, map(of, chain)), ()):
                if rule.target and (person.login in told or not sees_target(person)):
                    continue
                if person.login not in doers and (person.is_staff or not item.internal):
                    told.setdefault(person.login, Notice(person.login, rule.reason, item))
            for address in () if rule.target else _addresses(chain, known[chain[0]], new, item):
                told.setdefault(address, Notice(None, rule.reason, item, address))
    return list(told.values())


def _addresses(chain: tuple[str, ...], known: Collection[Person], new: Ticket, item: Item) -> list[str]:
    """Return the addresses of a chain's people who have no account: watchers, and an assignee. Public items only.

    ``known`` are the people of its first role, also those who are not notified.
    """
    if item.internal:
        return []
    if chain == WATCHERS:
        logins = {person.login for person in known}
        return [one for one in new.watcher_list() if "@" in one and one not in logins]
    if chain[0] == "assignee" and not known and new.notify_email is not None:
        return [new.notify_email]
    return []


def _named(role: str, old: Ticket | None, new: Ticket) -> tuple[str, str | None]:
    """Return the kind and the name of who has a role; the name is None if nobody has it."""
    match role:
        case "requester":
            return "person", new.requester
        case "assignee":
            return "person", new.assignee
        case "former assignee":
            return "person", None if old is None or old.assignee == new.assignee else old.assignee
        case "team":
            return "team", new.team
        case "people already notified":
            return "told", new.ref
        case "watchers":
            return "watchers", new.watchers
        case "agents":
            return "agents", ""
        case _:
            return "department", new.department
