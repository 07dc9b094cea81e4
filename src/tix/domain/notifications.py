"""Who hears of what: one table, and what it gives for one write.

Pure. A write tells a person once: the first rule that fits in the table's order wins, so what people wrote goes
before what changed with it. Nobody hears of what they did or typed themselves, of a ticket they may not see,
or, unless they are staff, of anything internal. What time alone did is told of overdue tickets only, and those
events are internal: whether somebody has recorded the passing of time is nothing a requester can find out.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from tix.domain.people import Person
from tix.domain.tickets.ticket import Ticket
from tix.domain.tickets.timeline import UNDONE, Item


class Rule(NamedTuple):
    """``what`` happened, so that ``who`` hear of it: roles, each a chain of which the first that is somebody counts.

    The requester's side is the requester, their manager and the contacts of the client. Watchers are who follows
    the ticket.

    ``fits`` is asked with the ticket as it was, None for a new one, and an item of the write.
    """

    reason: str
    what: str
    who: tuple[tuple[str, ...], ...]
    fits: Callable[[Ticket | None, Item], bool]


class Notice(NamedTuple):
    """Somebody hears of an item, for a reason of the table."""

    login: str
    reason: str
    item: Item


class Kept(NamedTuple):
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
    """Somebody has moved the ticket into that phase."""
    return lambda old, item: (
        item.type == "status-changed" and item.side != "system" and (item.sets or {}).get("phase") == phase
    )


_HOLDER = ("assignee", "team")
# They hear of what is public.
WATCHERS = ("watchers",)
# Those with a notice of what is now taken back: an undo, the end of a merge.
_TOLD = ("who was told of it",)

RULES = (
    Rule(
        "assigned",
        "a ticket is given to them",
        (_HOLDER,),
        lambda old, item: (
            (old is None and item.kind == "message") or (item.type == "assigned" and item.new is not None)
        ),
    ),
    Rule(
        "released",
        "a ticket is taken from them",
        (("former assignee",),),
        lambda old, item: item.type == "assigned" and item.field == "assignee",
    ),
    Rule(
        "overdue",
        "its due date passes",
        ((*_HOLDER, "department"),),
        lambda old, item: item.type == "overdue",
    ),
    Rule(
        "message",
        "the requester's side writes",
        (_HOLDER, ("requester",), WATCHERS),
        lambda old, item: old is not None and item.kind == "message",
    ),
    Rule(
        "answered",
        "staff answer in public",
        (("requester",), ("assignee",), WATCHERS),
        lambda old, item: item.kind == "reply",
    ),
    Rule("noted", "staff write an internal note", (("assignee",),), lambda old, item: item.kind == "note"),
    Rule("reopened", "it is opened again", (("requester",), _HOLDER, WATCHERS), _into("open")),
    Rule("resolved", "it is resolved", (("requester",), ("assignee",), WATCHERS), _into("resolved")),
    Rule("closed", "it is closed", (("requester",), ("assignee",), WATCHERS), _into("closed")),
    Rule("rated", "the requester rates it", (("assignee",),), lambda old, item: item.type == "rated"),
    Rule(
        "taken-back",
        "a change they were told of is taken back",
        (_TOLD,),
        lambda old, item: item.reason == UNDONE or item.type == "unmerged",
    ),
    Rule(
        "changed",
        "a field, a file or the status changes",
        (("assignee",),),
        lambda old, item: item.kind == "event" and item.side != "system" and not item.keeps_books,
    ),
)

# How to find people: those of a kind (``person``, ``team``, ``department``) and a name; ``watchers`` by the column,
# ``told`` by the reference of the ticket: those with a notice of what is taken back.
Find = Callable[[str, str], Iterable[Person]]


def notices(
    old: Ticket | None,
    new: Ticket,
    items: Sequence[Item],
    find: Find,
    sees: Callable[[Person], bool],
    rules: Sequence[Rule] = RULES,
) -> list[Notice]:
    """What one write tells, at most one notice a person; ``old`` is None for a new ticket.

    ``sees`` says whether somebody may see the ticket as it now is.
    """
    doers = {login for item in items for login in (item.by, item.via) if login is not None}
    told: dict[str, Notice] = {}
    able: dict[str, list[Person]] = {}

    def of(role: str) -> list[Person]:
        """Who of a role there is to tell; once it is somebody, the roles after it in a chain hear nothing."""
        if role not in able:
            kind, name = _named(role, old, new)
            found = [] if name is None else find(kind, name)
            able[role] = [person for person in found if person.active and sees(person)]
        return able[role]

    for rule in rules:
        for item in items:
            if not rule.fits(old, item):
                continue
            for chain in rule.who:
                if _named(chain[0], old, new)[1] in doers or (chain == WATCHERS and item.internal):
                    continue  # they did it: nobody has to be looked up
                for person in next(filter(None, map(of, chain)), ()):
                    if person.login not in doers and (person.is_staff or not item.internal):
                        told.setdefault(person.login, Notice(person.login, rule.reason, item))
    return list(told.values())


def _named(role: str, old: Ticket | None, new: Ticket) -> tuple[str, str | None]:
    """The kind and the name of who has a role; the name is None where nobody has."""
    match role:
        case "requester":
            return "person", new.requester
        case "assignee":
            return "person", new.assignee
        case "former assignee":
            return "person", None if old is None or old.assignee == new.assignee else old.assignee
        case "team":
            return "team", new.team
        case "who was told of it":
            return "told", new.ref
        case "watchers":
            return "watchers", new.watchers
        case _:
            return "department", new.department
