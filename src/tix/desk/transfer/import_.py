"""Import tickets: parse, replay and check everything first, then write it in one transaction.

The first pass takes no lock and keeps its result in an unlinked temporary file (writing while reading locked
everybody out after some 6,000 rows). The second pass skips tickets whose ``uid`` exists already, deleted ones
included, so that running an import twice adds nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha1
from uuid import NAMESPACE_URL, UUID, uuid5

from tix.desk.context import Desk
from tix.desk.transfer import billing, own_columns
from tix.desk.transfer import setup as transfer_setup
from tix.desk.transfer.gathered import Gathered
from tix.desk.transfer.kept_files import KeptFiles
from tix.desk.transfer.people import MOST_REMEMBERED, PeopleMap, is_nameless
from tix.desk.transfer.places import Places
from tix.desk.transfer.plain_items import plain
from tix.desk.transfer.replay import ReplayContext, played
from tix.desk.transfer.translation import Translation, check_words, refused_words
from tix.desk.transfer.write import ImportWriter, Progress, Rehearsed, Summary
from tix.domain.json_columns import loads
from tix.domain.organisation import Priority
from tix.domain.people import Person
from tix.domain.permissions import require
from tix.domain.settings import Settings
from tix.domain.tickets.policy import TicketPolicy
from tix.domain.tickets.ticket import Ticket, fold
from tix.domain.tickets.timeline import Author, Item, event
from tix.domain.workflows.plain import from_plain
from tix.domain.workflows.workflow import Workflow
from tix.errors import InvalidValue, StoreBusy
from tix.importers.archive import ArchiveRecord, Facts
from tix.importers.github import NAMELESS
from tix.importers.record import Fault, ImportedTicket, Notice
from tix.store import people
from tix.store.engines import ConstraintViolation
from tix.store.setup import repository
from tix.store.tickets.bulk import Highest
from tix.store.tickets.dump import BATCH
from tix.typing import Any

Told = Facts | ArchiveRecord | ImportedTicket | Fault | Notice

# The same key gives the same UUID on every desk.
_KEYS = uuid5(NAMESPACE_URL, "tix:import")
_SHORTEST_UUID = 32
# Prefix of keys that two sources hardly share: with the time of creation, or the whole row.
_DATED = "csv/"


class Import:
    """One import into one desk: ``gather``, then ``write``."""

    def __init__(
        self,
        desk: Desk,
        progress: Progress | None = None,
        translation: Translation | None = None,
        *,
        is_named: bool = False,
    ) -> None:
        require(desk.actor, "import")
        self._desk = desk
        self._is_named = is_named  # the person importing said which source it is
        self._translation = translation or Translation()
        check_words(desk, self._translation)
        self.progress = progress or (lambda stage, done, total: None)
        self._people: dict[str, Person | None] = {}
        self._people_map = PeopleMap(
            self._person, lambda email: people.by_email(desk.store, email), self._is_ours, desk.present
        )
        self._whole = desk.actor.is_admin and transfer_setup.untouched(desk)
        self._rules = desk.rules
        self._ranks = {one.name: one.rank for one in repository.PRIORITIES.all(desk.store)}
        self._places = Places(desk, {}, whole=False)
        self.gathered = Gathered(self._places.unknown, self._translation)
        self._files = KeptFiles(desk, self.gathered.heap.put_bytes)
        self._stage = self._staged(desk.rules, desk.settings, ())

    # ------------------------------------------------------------------------------------- gathering

    def know(self, said: Mapping[str, str]) -> None:
        """Learn who the people of the source are (``PeopleMap.know``). Raises InvalidValue for unknown ones."""
        self._people_map.know(said.items())

    def gather(self, told: Iterable[Told]) -> list[Fault]:
        """Read and keep everything; return the faults of records that cannot be imported."""
        gathered = self.gathered
        batch: list[Any] = []
        for one in told:
            try:
                if isinstance(one, Fault):
                    gathered.refuse(one)
                elif isinstance(one, Notice):
                    gathered.notice(one)
                elif isinstance(one, Facts):
                    self._set_up(one)
                else:
                    ready = self._prepared(one)
                    if self._translation.take(one.line):
                        gathered.broken += 1
                        continue
                    batch.append(ready)
                    gathered.count += 1
            except InvalidValue as error:
                self._translation.take(one.line if isinstance(one, ArchiveRecord | ImportedTicket) else None)
                gathered.refuse(_fault(one, error))
            if len(batch) == BATCH:
                gathered.heap.put(batch)
                batch = []
                self.progress("reading", gathered.count, None)
        if batch:
            gathered.heap.put(batch)
        gathered.faults += refused_words(self._translation)
        return gathered.faults

    def _set_up(self, facts: Facts) -> None:
        setup = transfer_setup.parse(self._desk, facts, whole=self._whole)
        self.gathered.setup = setup
        self._places = Places(self._desk, setup.nouns, whole=self._whole)
        self.gathered.unknown = self._places.unknown
        self._stage = self._stage._replace(places=self._places)
        if self._whole:
            settings = Settings(setup.settings)
            workflow = self._workflow(settings.text("workflow"))
            self._rules = TicketPolicy(workflow, settings.window_seconds(workflow), settings.claims(workflow))
            self._ranks = {one.name: one.rank for one in setup.priorities} or self._ranks
            self._stage = self._staged(self._rules, settings, setup.priorities)

    def _workflow(self, name: str) -> Workflow:
        """Return a workflow of the file, else of this desk. Raises UnknownName."""
        for row in (self.gathered.setup.nouns if self.gathered.setup else {}).get("workflow", ()):
            if row["name"] == name:
                return from_plain(loads(row["definition"]))
        return self._desk.workflow(name)

    def _staged(
        self, rules: TicketPolicy, settings: Settings, priorities: Sequence[Priority]
    ) -> ReplayContext:
        known = priorities or repository.PRIORITIES.all(self._desk.store)
        default = settings.text("default_priority")
        usual = next((one for one in known if one.name == default), known[0])
        importer = self._desk.actor.login
        return ReplayContext(
            rules,
            known,
            usual,
            settings.text("prefix"),
            importer,
            self._places,
            self._translation,
            self._files,
        )

    def _prepared(self, told: ArchiveRecord | ImportedTicket) -> tuple[Any, ...]:
        """Return a ticket as plain values: its row, its items, what a merge did to them, the number it asks for."""
        gathered = self.gathered
        if isinstance(told, ImportedTicket):
            if not self._desk.actor.is_admin:
                told = own_columns.without_rating(told)
            ticket, items = played(told, _uid(told.key), self._stage, self._people_map)
            ties: Any = ({}, [])
            wanted = told.number or 0
            gathered.ties.learn(ticket)
            gathered.links += [(ticket.uid, relation, _uid(key)) for relation, key in told.links]
            if told.key.startswith(NAMELESS) or not (told.is_unmistakable or told.key.startswith(_DATED)):
                gathered.mistakable.add(ticket.uid)
        else:
            ticket, items = self._checked(told)
            ties = told.aparts, [(plain(one.item), one.origin, one.apart) for one in told.guests]
            wanted = ticket.number
        gathered.highest_number = max(gathered.highest_number, wanted)
        return tuple(ticket), [plain(item) for item in items], ties, wanted

    def _checked(self, told: ArchiveRecord) -> tuple[Ticket, list[Item]]:
        """Return an archived ticket with this desk's names and ranks. Raises InvalidValue for an unknown status."""
        if not self._desk.actor.is_admin:
            told = self._vouched(told)
        ticket = told.ticket
        ticket = ticket._replace(**self._places.fitted(ticket._asdict()))
        workflow = self._places.workflow(ticket.department) or self._rules.workflow
        statuses = {status.name: status.phase for status in workflow.statuses}
        for status, phase in ((ticket.status, ticket.phase), (ticket.lapses_to, "closed")):
            if status is not None and statuses.get(status) != phase:
                raise InvalidValue(f"workflow {workflow.name} has no {phase} status '{status}'")
        gathered = self.gathered
        rank = self._rank(ticket.priority, ticket.rank)
        known = {} if gathered.setup is None else gathered.setup.books.invoices
        items = [
            item if item.sets is None else self._fitted(billing.freed(item, known)) for item in told.items
        ]
        for digest, data in told.data.items():
            gathered.heap.put_bytes(digest, data)
        gathered.missing_files += told.missing
        every = [*items, *(one.item for one in told.guests)]
        gathered.highest = Highest(
            max(gathered.highest.ticket, ticket.id or 0),
            max(gathered.highest.item, *(item.id or 0 for item in every)),
            max([gathered.highest.file, *(file.id or 0 for item in every for file in item.files)]),
        )
        gathered.ties.learn(ticket)
        return ticket._replace(rank=rank), items

    def _vouched(self, told: ArchiveRecord) -> ArchiveRecord:
        """Return a ticket of an agent's archive with the importer recorded on what others wrote; ratings do not count.

        Every item by somebody else has the importer as ``via``, and the last event says who imported it.
        """
        me = self._desk.actor.login
        items = [
            item if item.side == "system" or item.by == me else item._replace(via=me) for item in told.items
        ]
        items = [
            item._replace(sets=None, reason="imported") if item.type == "rated" else item for item in items
        ]
        at = max(self._desk.now, *(item.at for item in items))
        items.append(event("imported", Author(me, None, "staff", at)))
        old = told.ticket
        by_time = sorted(items, key=lambda item: item.at)
        ticket = fold(old.number, old.prefix, old.uid, by_time)._replace(id=old.id)
        guests = tuple(one._replace(item=one.item._replace(via=me)) for one in told.guests)
        return told._replace(ticket=ticket, items=tuple(items), guests=guests)

    def _rank(self, priority: str, rank: int) -> int:
        """Return the rank of a priority on this desk; a new priority gets its own rank, or the next free one."""
        known = self._ranks.get(priority)
        if known is None:
            taken = set(self._ranks.values())
            known = next(free for free in range(rank, rank + len(taken) + 1) if free not in taken)
            self._ranks[priority] = self.gathered.priorities[priority] = known
        return known

    def _fitted(self, item: Item) -> Item:
        """Return an item with this desk's ranks and names in what it sets."""
        sets = item.sets or {}
        fitted = self._places.fitted(sets)
        if "priority" in sets:
            fitted["rank"] = self._rank(sets["priority"], sets.get("rank", 0))
        return item._replace(sets=sets | fitted) if fitted else item

    def _person(self, login: str) -> Person | None:
        if login not in self._people:
            if len(self._people) >= MOST_REMEMBERED:
                self._people.clear()
            self._people[login] = people.by_login(self._desk.store, login)
        return self._people[login]

    def _is_ours(self, person: Person) -> bool:
        """Return whether an import made this person: with nothing but a name, or an import brought their tickets."""
        store = self._desk.store
        return is_nameless(person) or (
            not person.is_staff and store.value("person_brought", login=person.login) is not None
        )

    # --------------------------------------------------------------------------------------- writing

    def write(self, *, dry_run: bool = False, update: bool = False) -> Summary:
        """Write what was gathered in one transaction; with ``dry_run`` roll it back.

        With ``update``, tickets that an earlier import made follow the file (``desk.transfer.revision``).
        """
        writer = ImportWriter(
            self._desk,
            self.gathered,
            self._people_map,
            self.progress,
            update=update,
            is_named=self._is_named,
        )
        try:
            with self._desk.store.writing():
                if self._whole and not transfer_setup.untouched(self._desk):
                    raise StoreBusy(
                        "the desk was changed during the import; nothing was imported",
                        hint="run the import again",
                    )
                writer.run(whole=self._whole, rehearsal=dry_run)
        except Rehearsed:
            pass
        except ConstraintViolation as error:
            raise InvalidValue(
                "the file contradicts itself: two of its records have the same id or number",
                hint="export the file again",
            ) from error
        return writer.summary()


def _fault(told: Told, error: InvalidValue) -> Fault:
    if isinstance(told, ArchiveRecord):
        return Fault(told.line, f"{told.ticket.ref}: {error.message}")
    if isinstance(told, ImportedTicket):
        return Fault(told.line, f"{told.about or repr(told.subject[:40])}: {error.message}{_way_out(error)}")
    return Fault(None, f"the desk's setup: {error.message}")


def _way_out(error: InvalidValue) -> str:
    return f" ({error.hint})" if error.hint else ""


def _uid(key: str) -> str:
    """Return the uid for a key; a key that is a UUID is its own uid."""
    if len(key) >= _SHORTEST_UUID:
        try:
            return str(UUID(key))
        except ValueError:
            pass
    # As ``uuid.uuid5`` makes it, without the object.
    digest = sha1(_KEYS.bytes + key.encode(), usedforsecurity=False).hexdigest()
    return (
        f"{digest[:8]}-{digest[8:12]}-5{digest[13:16]}-"
        f"{int(digest[16], 16) & 3 | 8:x}{digest[17:20]}-{digest[20:32]}"
    )
