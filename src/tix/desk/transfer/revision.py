"""What a newer file of the same source changes on a ticket that an earlier one made.

Three states are compared: what the source said before (the opening message, and what imports changed since), what it
says now, and the ticket here. Where people of this desk have changed a field since, theirs stays. Nothing anybody wrote
here is changed, and nothing is removed: an entry that the source deleted stays.
"""

from __future__ import annotations

from collections.abc import Sequence

from tix.desk.transfer.identity import Matches, dated, matches
from tix.desk.transfer.translation import of_phase
from tix.domain.billing import time_entries
from tix.domain.organisation import Priority
from tix.domain.tickets import lifecycle, own_words
from tix.domain.tickets.edit import Edit, edit
from tix.domain.tickets.policy import TicketPolicy
from tix.domain.tickets.ticket import Ticket, evolve, fold
from tix.domain.tickets.timeline import IMPORTED, Author, Item, entry
from tix.domain.workflows.workflow import Status
from tix.typing import Any, NamedTuple

# Columns that are followed one by one, besides status, priority, due date and assignee.
_PLAIN = ("subject", "type", "category", "email", "phone", "requester", "client")
# Routing decides rules and dates here: what the source says of it is reported, not followed.
_ROUTED = ("topic", "department", "team", "sla")
# An event that sets one of these has counted: nothing can be put before it.
_COUNTS = frozenset({"entries", "notes", "documents", "attachments", "internal_attachments"})
_WRITTEN = "text"


class Revision(NamedTuple):
    """What a ticket becomes: the new row, the items to add, and the entries that get another text.

    ``kept`` are fields that the source has changed, but people here have, too. ``closed_here`` is whether people or
    time have closed it for good here.
    """

    ticket: Ticket
    items: tuple[Item, ...] = ()
    texts: tuple[tuple[Item, str], ...] = ()
    kept: tuple[str, ...] = ()
    closed_here: bool = False

    @property
    def changes(self) -> bool:
        """Return whether anything is to be written."""
        return bool(self.items)


class Told(NamedTuple):
    """A record of the newer file, replayed: its ticket and its timeline."""

    ticket: Ticket
    items: Sequence[Item]


def revision(
    here: Ticket,
    lines: Sequence[Item],
    told: Told,
    rules: TicketPolicy,
    priorities: Sequence[Priority],
    importer: str,
) -> Revision:
    """Return what a record changes on the ticket it made before; ``lines`` is the ticket's timeline, by time."""
    return _Reviser(here, lines, told, rules, priorities, importer).revised()


class _Reviser:
    """Works out one revision: entries and statuses by time, then texts, then fields."""

    def __init__(
        self,
        here: Ticket,
        lines: Sequence[Item],
        told: Told,
        rules: TicketPolicy,
        priorities: Sequence[Priority],
        importer: str,
    ) -> None:
        self._here = self._now = here
        self._lines = lines
        self._told = told.ticket
        self._rules = rules
        self._priorities = priorities
        self._importer = importer
        self._matches: Matches = matches(lines, dated(told.items, lines[0].at), importer)
        self._known = [item for place, item in enumerate(lines) if place in self._matches.known]
        self._own = [
            item
            for place, item in enumerate(lines)
            if item.kind == "event" and item.side != "system" and place not in self._matches.known
        ]
        self._base = self._said_before()
        self._items: list[Item] = []
        self._kept: list[str] = []
        # Kept back until the end, because the texts are replaced in the store.
        self._texts: list[tuple[Item, str]] = []

    def revised(self) -> Revision:
        self._steps()
        self._last_status()
        self._edited()
        self._fields()
        if not any(item.via is not None or item.side != "system" for item in self._items):
            return Revision(self._here, kept=tuple(self._kept))
        lines = sorted([*self._lines, *self._items], key=lambda item: item.at)
        new = fold(self._here.number, self._here.prefix, self._here.uid, lines)._replace(id=self._here.id)
        return Revision(
            new, tuple(self._items), tuple(self._texts), tuple(self._kept), closed_here=self._is_closed_here()
        )

    # ------------------------------------------------------------------------------- what was said before

    def _said_before(self) -> dict[str, Any]:
        """Return the columns as the source had them, as far as they are followed."""
        base: dict[str, Any] = dict(self._lines[0].sets or {})
        tags = set((base.get("tags") or "").split())
        for item in self._known:
            if item.type == "tag-added":
                tags.add(item.new or "")
            elif item.type == "tag-removed":
                tags.discard(item.old or "")
            else:
                base |= item.sets or {}
        return base | {"tags": tags}

    def _is_own(self, *columns: str) -> bool:
        """Return whether people of this desk have changed one of these columns."""
        return any(
            item.field in columns or not (item.sets or {}).keys().isdisjoint(columns) for item in self._own
        )

    def _is_closed_here(self) -> bool:
        status = self._status(self._here.status)
        if status is None or not status.final:
            return False
        last = next((item for item in reversed(self._lines) if item.type == "status-changed"), None)
        return last is not None and last not in self._known

    def _status(self, name: str) -> Status | None:
        return next((one for one in self._rules.workflow.statuses if one.name == name), None)

    # ------------------------------------------------------------------------------- entries and statuses

    def _steps(self) -> None:
        """Add the entries and status changes that only the file has, by their time."""
        last = max((item.at for item in self._known if item.type == "status-changed"), default=0)
        for item in self._matches.new:
            if item.kind != "event":
                self._say(item)
            elif item.type == "time-added" and item.work is not None:
                author = Author(item.by, item.via, item.side, max(item.at, self._now.updated_at))
                self._add(
                    [time_entries.added(self._now, self._rules.unended(), author, item.work, item.reason)]
                )
            elif item.type == "status-changed" and item.at >= last and not self._is_own("status"):
                self._move(self._target(item), Author(item.by, item.via, item.side, item.at))

    def _say(self, item: Item) -> None:
        author = Author(item.by, item.via, item.side, item.at)
        kind: Any = item.kind
        now = self._now
        if item.at < now.updated_at:
            late = [one for one in self._lines if one.at > item.at and not _COUNTS.isdisjoint(one.sets or {})]
            at = now.updated_at if late else item.at
            said = entry(kind, item.body or "", author._replace(at=at), item.files)
        else:
            self._settle(item.at)
            status = self._status(self._now.status)
            if kind == "note" or status is None or status.final:
                said = entry(kind, item.body or "", author, item.files)
            else:
                said = lifecycle.speak(self._now, self._rules, author, item.body or "", item.files)
        self._add([said._replace(internal=item.internal)])

    def _target(self, item: Item) -> Status:
        found = self._status(item.new or "")
        return found or of_phase(self._rules.workflow, (item.sets or {}).get("phase", self._told.phase))

    def _move(self, target: Status, author: Author) -> None:
        at = max(author.at, self._now.updated_at)
        self._settle(at)
        if target.name == self._now.status:
            return
        moved = lifecycle.move(self._now, self._rules, target, author._replace(at=at))
        self._add([moved._replace(reason=moved.reason or IMPORTED)])
        self._base |= moved.sets or {}  # what a reopening clears, the fields below set again

    def _last_status(self) -> None:
        """Follow the source to the status it has now."""
        told = self._told
        if told.status == self._base.get("status"):
            return
        if self._is_own("status"):
            if told.status != self._now.status:
                self._kept.append("status")
            return
        target = self._status(told.status) or of_phase(self._rules.workflow, told.phase)
        self._move(target, Author(None, self._importer, "system", told.updated_at))

    # --------------------------------------------------------------------------------------------- texts

    def _edited(self) -> None:
        """Give entries the texts that the source has for them now."""
        for here, told in self._matches.entries:
            if here.body == told.body or here.body is None:
                continue
            if any(item.type in own_words.OLD_TEXTS and item.field == here.kind for item in self._own):
                if not any(item.old == told.body for item in self._own):
                    self._kept.append(_WRITTEN)
                continue
            author = self._author()
            said = own_words.edited(here, author, self._now.version)
            self._texts.append((here, told.body or ""))
            self._add([said if here.kind == "note" else self._counted(said)])

    # -------------------------------------------------------------------------------------------- fields

    def _fields(self) -> None:
        wanted = Edit(
            fields={name: getattr(self._told, name) for name in _PLAIN if self._follows(name)},
            priority=self._priority(),
            due_at=self._due(),
            **self._tags(),
        )
        for name in _ROUTED:
            self._follows(name, can=False)
        if wanted.fields or wanted.priority or wanted.due_at or wanted.tags or wanted.remove_tags:
            rules = self._rules.unended()
            self._settle(self._author().at)
            changed = edit(self._now, rules, self._author(), wanted)
            self._add([self._counted(item) if item.type != "overdue" else item for item in changed])
        if self._follows("assignee"):
            self._add([self._counted(lifecycle.assigned(self._now, self._told.assignee, self._author()))])

    def _follows(self, name: str, *, can: bool = True) -> bool:
        """Return whether a column gets the source's value: it is another than before, and nobody here changed it."""
        value, before = getattr(self._told, name), self._base.get(name)
        if value == before or value == getattr(self._now, name):
            return False
        if self._is_own(name) or not can:
            self._kept.append(name)
            return False
        return True

    def _priority(self) -> Priority | None:
        if not self._follows("priority"):
            return None
        return next((one for one in self._priorities if one.name == self._told.priority), None)

    def _due(self) -> tuple[int | None] | None:
        """Return the source's due date; one that only this desk's plan has set is none."""
        told = self._told.due_at if self._told.due_by_hand else None
        before = self._base.get("due_at") if self._base.get("due_by_hand") else None
        here = self._now.due_at if self._now.due_by_hand else None
        if told in (before, here):
            return None
        if self._is_own("due_by_hand"):
            self._kept.append("due_at")
            return None
        return (told,)

    def _tags(self) -> dict[str, Any]:
        told, before = set(self._told.tag_list()), self._base["tags"]
        own = {word for item in self._own if item.field == "tags" for word in (item.old, item.new)}
        return {
            "tags": tuple(sorted(told - before - own)),
            "remove_tags": tuple(sorted(before - told - own)),
        }

    # -------------------------------------------------------------------------------------------- adding

    def _author(self) -> Author:
        """Return the author of what follows from the file: nobody known, brought by the importer."""
        return Author(None, self._importer, "system", max(self._told.updated_at, self._now.updated_at))

    def _counted(self, item: Item) -> Item:
        """Return an event that raises the version, so that a change based on an older one conflicts."""
        return item._replace(sets={**(item.sets or {}), "version": self._now.version + 1})

    def _settle(self, at: int) -> None:
        self._add(lifecycle.settle(self._now, at))

    def _add(self, items: Sequence[Item]) -> None:
        for item in items:
            self._items.append(item)
            self._now = evolve(self._now, item)
