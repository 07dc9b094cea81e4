"""The second half of an import: write what was gathered to the store, batch by batch.

One transaction adds the tickets that do not exist yet, the people they mention, and new numbers where the old ones
are taken.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator

from tix.desk.context import Desk
from tix.desk.idempotency import KEY_SECONDS
from tix.desk.transfer import billing, relations
from tix.desk.transfer import setup as transfer_setup
from tix.desk.transfer.comparison import Comparison
from tix.desk.transfer.doubles import Doubles, resolved
from tix.desk.transfer.gathered import Gathered
from tix.desk.transfer.people import MOST_REMEMBERED, PeopleMap
from tix.desk.transfer.places import MissingResources
from tix.desk.transfer.plain_items import item_of
from tix.desk.transfer.report import (
    ADMINS_ONLY,
    BROKEN,
    LEFT,
    MOST_EXAMPLES,
    POSSIBLE,
    UNKNOWN,
    UNNEEDED,
    ImportReport,
    LeftOut,
    NewPerson,
    said,
)
from tix.desk.transfer.translation import UnknownWord, words_of
from tix.desk.transfer.update import Update
from tix.domain.organisation import Priority, TicketType
from tix.domain.people import Person
from tix.domain.tickets.ticket import FIELDS, Ticket
from tix.domain.tickets.timeline import Item
from tix.store import idempotency, people
from tix.store.setup import repository, settings
from tix.store.tickets.bulk import Load, Loader
from tix.typing import Any, NamedTuple

Progress = Callable[[str, int, int | None], None]

_UID = FIELDS.index("uid")
_EVER = -(2**62)


class Summary(NamedTuple):
    """The result of an import. ``refs`` are the new tickets, in order; ``words`` are sentences to print."""

    imported: int
    skipped: int
    entries: int
    people: int
    refs: Iterator[str]
    words: list[str]
    report: ImportReport


class Rehearsed(Exception):
    """Rolls back a dry run."""


class ImportWriter:
    """Writes one import to the store."""

    def __init__(
        self,
        desk: Desk,
        gathered: Gathered,
        people_map: PeopleMap,
        progress: Progress,
        *,
        update: bool = False,
        is_named: bool = False,
    ) -> None:
        self._desk = desk
        self._doubles = Doubles(desk, is_named=is_named)
        self._gathered = gathered
        self._people_map = people_map
        self._progress = progress
        self._known: dict[str, Person] = {}
        self._types: set[str] = set()
        self._new_types: Counter[str] = Counter()
        self._furniture = MissingResources(desk)
        self._comparison = Comparison(gathered.mistakable, is_update=update)
        self._linked = {uid for uid, _, _ in gathered.links}
        self._new: set[str] = set()
        self._imported = self._skipped = self._entries = self._people = self._renumbered = 0
        self._links = self._files = 0
        self._update = Update(desk, take=update, prepare=self._prepare, data=gathered.heap.bytes_of)
        self._newcomers: list[NewPerson] = []

    def run(self, *, whole: bool, rehearsal: bool = False) -> None:
        """Write everything; ``whole`` also restores the desk's setup. Raises Rehearsed at the end of a dry run."""
        desk, gathered = self._desk, self._gathered
        store = desk.store
        before = people.count(store)
        if gathered.setup is not None:
            transfer_setup.restore(desk, gathered.setup, whole=whole)
        loader = Loader(store, gathered.highest)
        if gathered.setup is not None:
            transfer_setup.bury(desk, gathered.setup, loader)
        self._types = {kind.name for kind in repository.TYPES.all(store)}
        done = 0
        for batch in gathered.heap.values():
            self._land(loader, batch)
            done += len(batch)
            self._progress("writing", done, gathered.count)
        self._comparison.refuse_other_source()
        gathered.ties.tie(store, loader.aparts)
        links = resolved(gathered.links, self._doubles.uids) if self._doubles.uids else gathered.links
        self._links, left_out = relations.relate(desk, links, self._new, self._update.followed)
        if left_out.count:
            gathered.notices[relations.UNLINKED] += left_out.count
            gathered.noticed[relations.UNLINKED] = left_out
        if gathered.setup is not None and whole:
            billing.restore(desk, gathered.setup.books)
        if self._imported or self._update.updated.count or self._links:
            desk.deed("import")
        self._people = people.count(store) - before
        if rehearsal:
            raise Rehearsed

    def summary(self) -> Summary:
        """Return what was done."""
        gathered, update = self._gathered, self._update
        gathered.refs.seek(0)
        refs = map(str.rstrip, gathered.refs)
        report = ImportReport(
            self._imported,
            self._skipped - update.updated.count,
            gathered.broken,
            self._entries + update.entries,
            self._people,
            update.updated.count,
            self._links,
            self._files + update.files,
            update.differing.count,
            tuple(self._newcomers),
            tuple(update.updated.examples),
            tuple(update.differing.examples),
            tuple(update.kept.examples),
            tuple(LeftOut(what, count) for what, count in gathered.translation.changed.most_common()),
            tuple(self._left_out()),
            words_of(gathered.translation, self._new_types),
        )
        words = [*self._added(), *update.words(), *said(report)]
        return Summary(*report[:2], report.entries, report.people, refs, words, report)

    def _added(self) -> Iterator[str]:
        """Yield sentences about what the desk did not have before."""
        if self._renumbered:
            yield (
                "1 ticket was renumbered, because its number was taken"
                if self._renumbered == 1
                else f"{self._renumbered:,} tickets were renumbered, because their numbers were taken"
            )
        if self._new_types:
            most = [f"{name} ({count:,})" for name, count in self._new_types.items()]
            first = UnknownWord("type", next(iter(self._new_types)), None)
            yield f"added ticket types: {', '.join(most)}; for one that you have: {first.flag}"
        if self._furniture.new:
            yield f"added with nothing but a name: {', '.join(self._furniture.new)}"

    def _left_out(self) -> Iterator[LeftOut]:
        gathered = self._gathered
        if gathered.faults:
            lines = [
                f"{'' if line is None else f'line {line}: '}{message}" for line, message, _ in gathered.faults
            ]
            yield LeftOut(BROKEN, gathered.broken, tuple(lines[:MOST_EXAMPLES]))
        for reason, tally in self._update.left.items():
            yield LeftOut(f"{LEFT} {reason}", tally.count, tuple(tally.examples))
        if gathered.unknown:
            most = [f"{name} ({count:,})" for name, count in sorted(gathered.unknown.items())]
            yield LeftOut(UNKNOWN, len(most), tuple(most))
        possible = self._doubles.possible
        if possible.count:
            yield LeftOut(POSSIBLE, possible.count, tuple(possible.examples))
        if gathered.missing_files:
            are = "attachment is" if gathered.missing_files == 1 else "attachments are"
            yield LeftOut(f"{are} missing, because the export was made without files", gathered.missing_files)
        for notice, count in gathered.notices.items():
            examples = gathered.noticed[notice].examples if notice in gathered.noticed else ()
            words = notice.one if count == 1 else notice.many.format(count=count)
            yield LeftOut(words, count, tuple(examples))
        if unneeded := self._people_map.unneeded:
            yield LeftOut(UNNEEDED, len(unneeded), tuple(unneeded[:MOST_EXAMPLES]))
        setup = gathered.setup
        ignored = setup is not None and (setup.settings or any(setup.nouns.values()))
        if ignored and not self._desk.actor.is_admin:
            yield LeftOut(ADMINS_ONLY, 1)

    def _land(self, loader: Loader, batch: list[Any]) -> None:
        new, like = self._without_doubles(self._unknown(batch))
        if not new:
            return
        taken, numbers = self._numbers([wanted for *_, wanted in new])
        loads = []
        needed: set[str | None] = set()
        ties = self._gathered.ties
        named = []
        for (row, plain, (aparts, guests), wanted), number in zip(new, numbers, strict=True):
            ticket = Ticket(*row)
            named.append(ticket.ref if ticket.number else f"{ticket.prefix}{wanted}")
            items = [item_of(item) for item in plain]
            if number != wanted:
                ticket, items = self._renumber(ticket, items, number, named[-1] if wanted in taken else None)
            elif not ticket.number:
                ticket = ticket._replace(number=number)
            if ticket.uid in like:
                here = like[ticket.uid]
                other = here.ref if self._update.is_visible(here) else "one that you cannot see"
                self._doubles.possible.add(f"{ticket.ref} and {other}")
            strays = [(item_of(one), ref, apart) for one, ref, apart in guests if ref not in ties.merged]
            loads.append(Load(ticket, items, aparts, strays))
            needed.update(
                (ticket.requester, ticket.creator, ticket.assignee, ticket.closed_by, ticket.last_replier)
            )
            if ticket.watchers is not None:
                needed.update(
                    [who for who in ticket.watcher_list() if "@" not in who]
                )  # an address is nobody here
            for item in (*items, *(item for item, _, _ in strays)):
                needed.update((item.by, item.via))
                self._entries += item.kind != "event"
                self._files += len(item.files)
            self._gathered.refs.write(f"{ticket.ref}\n")
        self._meet({login for login in needed if login is not None})
        self._name_kinds(loads)
        if self._desk.actor.is_admin:
            self._furniture.furnish(loads)
        ids = loader.add(loads, self._known, self._gathered.heap.bytes_of)
        self._remember_keys(loads, ids)
        for ref, load, id in zip(named, loads, ids, strict=True):
            ties.landed(ref, load.ticket._replace(id=id))
        self._imported += len(loads)

    def _unknown(self, batch: list[Any]) -> list[Any]:
        """Return the tickets that are not on the desk, each once."""
        uids = [row[_UID] for row, *_ in batch]
        seen = {uid for (uid,) in self._desk.store.run("uids_known", uids=json.dumps(uids))}
        new, known, first = [], [], set(seen)
        for one, uid in zip(batch, uids, strict=True):
            if uid not in seen:
                seen.add(uid)
                new.append(one)
            elif uid in first:
                known.append(one)
        self._skipped += len(batch) - len(new)
        self._new |= {one[0][_UID] for one in new} & self._linked
        if known:
            for told, here in self._update.meet(known):
                self._comparison.compare(told, here)
        return new

    def _without_doubles(self, new: list[Any]) -> tuple[list[Any], dict[str, Ticket]]:
        """Return the tickets that are not here under another origin, and by uid those here that some are like."""
        found = self._doubles.matches([Ticket(*row) for row, *_ in new])
        for match in found.values():
            if match.is_same:
                self._skipped += 1
                self._update.leave("imported before from another file of this tracker", match.here)
        kept = [one for one in new if not (one[0][_UID] in found and found[one[0][_UID]].is_same)]
        return kept, {uid: match.here for uid, match in found.items()}

    def _prepare(self, load: Load) -> None:
        """Add what a changed ticket refers to."""
        ticket = load.ticket
        needed = {
            ticket.requester,
            ticket.assignee,
            *(login for one in load.items for login in (one.by, one.via)),
        }
        self._meet({login for login in needed if login is not None})
        self._name_kinds([load])
        if self._desk.actor.is_admin:
            self._furniture.furnish([load])

    def _numbers(self, wanted: list[int]) -> tuple[set[int], list[int]]:
        """Return which wanted numbers are taken, and the number each ticket gets: its own or a new one."""
        store = self._desk.store
        given = [number for number in wanted if number]
        taken = (
            {number for (number,) in store.run("numbers_taken", numbers=json.dumps(given))}
            if given
            else set()
        )
        used = set(taken)
        numbers = []
        for number in wanted:
            free = number and number not in used
            numbers.append(number if free else 0)
            used.add(number)
        # New numbers start above every number in the file, so that no ticket loses its number to another.
        last = max(settings.last_number(store), self._gathered.highest_number)
        missing = numbers.count(0)
        if missing or given:
            settings.raise_number(store, last)
        first = settings.take_numbers(store, missing) if missing else 0
        return used - set(numbers), [number or (first := first + 1) - 1 for number in numbers]

    def _renumber(
        self, ticket: Ticket, items: list[Item], number: int, old: str | None
    ) -> tuple[Ticket, list[Item]]:
        """Return a ticket with a new number; its reference ``old``, if it was taken, is kept as ``about`` if that is empty."""
        opening = items[0]
        if old is None:
            return ticket._replace(number=number), items
        self._renumbered += 1
        about = ticket.about
        if about is None:
            about = f"tix:{old}"
            items = [opening._replace(sets={**(opening.sets or {}), "about": about}), *items[1:]]
        prefix = self._desk.settings.text("prefix")
        return ticket._replace(number=number, prefix=prefix, about=about), items

    def _meet(self, logins: set[str]) -> None:
        """Add the people who are not on the desk."""
        store = self._desk.store
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        unknown = logins - self._known.keys()
        if not unknown:
            return
        there = people.named(store, unknown)
        for login in sorted(unknown - there.keys()):
            newcomer = self._people_map.newcomers.get(login)
            words = (login,) if newcomer is None else (login, newcomer.name, newcomer.email)
            if transfer_setup.ensure(self._desk, transfer_setup.stranger(*words)):
                name, email = (login, None) if newcomer is None else (newcomer.name, newcomer.email)
                self._newcomers.append(NewPerson(login, name, email))
        self._known |= people.named(store, unknown)

    def _name_kinds(self, loads: list[Load]) -> None:
        """Add ticket types and priorities that the desk does not have."""
        store = self._desk.store
        for load in loads:
            kind = load.ticket.type
            if kind is not None and kind not in self._types:
                repository.TYPES.add(store, TicketType(kind, position=len(self._types)))
                self._types.add(kind)
                self._new_types[kind] = 0
            if kind is not None and kind in self._new_types:
                self._new_types[kind] += 1
        for name, rank in self._gathered.priorities.items():
            repository.PRIORITIES.add(store, Priority(name, rank))
        self._gathered.priorities = {}

    def _remember_keys(self, loads: list[Load], ids: list[int]) -> None:
        """Keep idempotency keys that have not expired."""
        store, since = self._desk.store, self._desk.now - KEY_SECONDS
        for load, id in zip(loads, ids, strict=True):
            t = load.ticket
            if t.idempotency_key is not None and t.created_at > since:
                key = t.idempotency_key
                if idempotency.get(store, t.creator, key, _EVER) is None:
                    idempotency.put(store, t.creator, key, idempotency.KeyedWrite(id), t.created_at)
