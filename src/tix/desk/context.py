"""The context of a use case: the store, the acting person, the time, and the desk's setup."""

from __future__ import annotations

from tix.domain.people import Actor, Person, Side, newcomer, parse_contact, parse_login
from tix.domain.permissions import Scope, require, scope_of, you_are
from tix.domain.tickets.timeline import Author
from tix.errors import InvalidValue, NotAllowed, UnknownName
from tix.store import people
from tix.store.connection import Store
from tix.typing import TYPE_CHECKING
from tix.words.sentence import Said, use_one_of

# The desk's setup is imported only where needed: a list of tickets does not need it.
if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo
    from pathlib import Path

    from tix.domain.moments import When
    from tix.domain.organisation import Priority
    from tix.domain.settings import Settings
    from tix.domain.sla.calendars import Calendar
    from tix.domain.tickets.policy import TicketPolicy
    from tix.domain.tickets.ticket import Ticket
    from tix.domain.topics import Field
    from tix.domain.workflows.workflow import Status, Workflow

# The most people named in a hint.
MOST_NAMED = 20


class Desk:
    """One desk, one acting person (the actor), one moment (``now``, UTC seconds), one command.

    ``now`` is the clock's time, or the time of a ticket's last item where that is later (``after``).
    """

    def __init__(
        self, store: Store, actor: Actor, now: int, zone: Callable[[], tzinfo] | None = None
    ) -> None:
        self.store = store
        self.actor = actor
        self._clock = now
        self._recorded = now
        self._settings: Settings | None = None
        self._rules: TicketPolicy | None = None
        self._special: dict[tuple[str | None, str | None, str | None], TicketPolicy] = {}
        self._deed: int | None = None
        # Whether what is written happened long ago: nobody is notified.
        self.is_past = False
        self._find_zone = zone
        self._zone: tzinfo | None = None
        # How the reader's locale orders the numbers of a date: ``dmy``, ``mdy``, or None if it does not say.
        self.date_order: Callable[[], str | None] = lambda: None

    @property
    def now(self) -> int:
        """The time of what is done, UTC seconds."""
        return max(self._clock, self._recorded)

    @now.setter
    def now(self, clock: int) -> None:
        self._clock = clock

    def after(self, *tickets: Ticket) -> None:
        """Set ``now`` to no earlier than the last item of these tickets, which are about to change.

        A clock may step back, and an imported archive may be ahead of it. Items are ordered by time, and a ticket is
        the fold of its items.
        """
        self._recorded = max(ticket.updated_at for ticket in tickets)

    @property
    def zone(self) -> tzinfo:
        """The reader's time zone, which decides what a day is; UTC where unknown. Looked up on first use."""
        if self._zone is None:
            from datetime import UTC

            self._zone = UTC if self._find_zone is None else self._find_zone()
        return self._zone

    def moment(self, text: str, *, past: bool = False, ends: bool = False) -> int:
        """Parse a moment in ``zone`` to UTC seconds; a bare day is its start, with ``ends`` its end.

        Business days are those of the desk's default calendar. Raises InvalidValue.
        """
        from tix.domain.moments import edge

        return edge(self.due(text, past=past), lambda: self.calendar, ends=ends)

    def due(self, text: str, *, past: bool = False) -> When:
        """Parse a due date in ``zone``: a moment (UTC seconds), a day, or business days. Raises InvalidValue."""
        from tix.domain.moments import parse_when

        return parse_when(text, self.now, self.zone, past=past, order=self.date_order())

    @property
    def calendar(self) -> Calendar | None:
        """The calendar of the default department, else of the default SLA plan; None if there is none."""
        settings = self.settings
        return self.rules_for(
            settings.name("default_department"), settings.name("default_sla"), None
        ).calendar

    @property
    def scope(self) -> Scope:
        """What the actor may see."""
        return scope_of(self.actor)

    @property
    def queue(self) -> str:
        """The filter of the queue: staff do not see snoozed tickets there; to a requester they are just open."""
        return "queue" if self.scope.staff else "open"

    @property
    def settings(self) -> Settings:
        """The settings in force, read once."""
        if self._settings is None:
            from tix.domain.settings import Settings
            from tix.store.setup import settings as setup_settings

            self._settings = Settings(setup_settings.settings(self.store))
        return self._settings

    @property
    def rules(self) -> TicketPolicy:
        """The rules of the desk's workflow."""
        if self._rules is None:
            self._rules = self._rules_in(self.workflow(self.settings.text("workflow")))
        return self._rules

    def rules_of(self, ticket: Ticket) -> TicketPolicy:
        """Return the rules for a ticket, by its department, SLA plan and topic."""
        return self.rules_for(ticket.department, ticket.sla, ticket.topic)

    def rules_for(self, department: str | None, sla: str | None, topic: str | None) -> TicketPolicy:
        """Return the rules for a department, SLA plan and topic; each combination is read once."""
        key = (department, sla, topic)
        if key == (None, None, None):
            return self.rules
        if key not in self._special:
            self._special[key] = self._assembled(*key)
        return self._special[key]

    def _assembled(self, department: str | None, sla: str | None, topic: str | None) -> TicketPolicy:
        from tix.store.setup import repository

        place = None if department is None else repository.DEPARTMENTS.get(self.store, department)
        rules = self.rules
        if place is not None and place.workflow is not None:
            rules = self._rules_in(self.workflow(place.workflow))
        calendar = None if place is None else place.calendar
        if sla is not None or calendar is not None:
            from tix.store.setup import sla as sla_rows

            plan = None if sla is None else sla_rows.PLANS.get(self.store, sla)
            calendar = calendar or (None if plan is None else plan.calendar)
            hours = None if calendar is None else sla_rows.calendar(self.store, calendar)
            rules = rules._replace(plan=plan, calendar=hours)
        if topic is not None:
            rules = rules._replace(fields=tuple(self.asked(topic)))
        return rules

    def _rules_in(self, workflow: Workflow) -> TicketPolicy:
        from tix.domain.tickets.policy import TicketPolicy

        return TicketPolicy(workflow, self.settings.window_seconds(workflow), self.settings.claims(workflow))

    def asked(self, topic: str) -> list[Field]:
        """Return the custom fields of a topic."""
        from tix.store.setup import topics

        found = topics.TOPICS.get(self.store, topic)
        return [] if found is None else topics.fields(self.store, found)

    def workflow(self, word: str) -> Workflow:
        """Return the workflow of that name, shipped or the desk's own. Raises UnknownName with the known ones."""
        from tix.domain.names import name_key
        from tix.domain.workflows.shipped import SHIPPED

        key = name_key(word)
        found = SHIPPED.get(key)
        if found is None:
            from tix.store.setup import workflows

            found = workflows.get(self.store, key)
            if found is None:
                names = [*SHIPPED, *workflows.names(self.store)]
                hint = Said("known workflows: {names}", names=", ".join(names))
                raise UnknownName(Said("no workflow named '{word}'", word=word), hint=hint)
        return found

    def workflows_in_use(self) -> list[Workflow]:
        """Return the desk's workflow and those of its departments."""
        from tix.store.setup import repository

        found = {self.rules.workflow.name: self.rules.workflow}
        for department in repository.DEPARTMENTS.all(self.store):
            if department.workflow is not None and department.workflow not in found:
                found[department.workflow] = self.workflow(department.workflow)
        return list(found.values())

    def find_statuses(self, word: str) -> list[Status]:
        """Return the status of that name in each workflow in use. Raises InvalidValue with the valid ones."""
        first: InvalidValue | None = None
        found = []
        for workflow in self.workflows_in_use():
            try:
                found.append(workflow.find_status(word))
            except InvalidValue as error:
                first = first or error
        if first is not None and not found:
            raise first
        return found

    def find_status(self, word: str) -> Status:
        """Return the status of that name in the first workflow that has it."""
        return self.find_statuses(word)[0]

    def forget_settings(self) -> None:
        """Read settings and rules again after a change."""
        self._settings = self._rules = None
        self._special.clear()

    def deed(self, verb: str) -> int:
        """Return the id of this command's record, for undo. Call it inside the transaction of a write.

        The first write creates the record; where that write was rolled back, the next one does.
        """
        if self.is_past and self._deed is not None:
            return self._deed
        known = {"login": self.actor.login, "verb": verb, "at": self._clock}
        if self._deed is None or self.store.value("deed_is", id=self._deed, **known) is None:
            via = self.actor.via_login
            self._deed = self.store.run("deed_add", via=via, undone_by=None, **known).lastrowid
        assert self._deed is not None
        return self._deed

    def acting_as(self, actor: Actor) -> Desk:
        """Return the same desk for another actor, with a record of its own for what they do."""
        other = Desk(self.store, actor, self._clock, self._find_zone)
        other.date_order = self.date_order
        other._settings = self._settings
        if self.is_past:
            other.is_past, other._deed = True, self._deed
        return other

    def as_of(self, at: int, deed: int) -> Desk:
        """Return the same desk at a time in the past, to write what happened then; ``deed`` is the import's record."""
        other = Desk(self.store, self.actor, at, self._find_zone)
        other.date_order = self.date_order
        other._settings, other._rules, other._special = self._settings, self._rules, self._special
        other.is_past, other._deed = True, deed
        return other

    def begin(self) -> None:
        """Start another command, with its own record."""
        self._deed = None

    def author(self, side: Side | None = None) -> Author:
        """Return the actor as the author of an item; ``side`` is by default that of their role."""
        own: Side = "staff" if self.actor.is_staff else "requester"
        return Author(self.actor.login, self.actor.via_login, side or own, self.now)

    def person(self, word: str, *, active: bool = False) -> Person:
        """Return a person by login, ``@me`` or e-mail address. Raises UnknownName.

        With ``active``, an inactive person is UnknownName too. A requester may name only themselves and the people they
        act for; for anybody else, whether or not they exist, this raises NotAllowed.
        """
        if word.strip() == "@me":
            return self.actor.person
        contact = parse_contact(word)
        found = None
        if contact.email is not None:
            found = people.by_email(self.store, contact.email) or people.by_login(self.store, contact.email)
        elif contact.login is not None:
            found = people.by_login(self.store, contact.login)
        found = None if found is None else self.present(found)
        if not self.actor.is_staff:
            me = self.actor.person
            theirs = found is not None and (found.login == me.login or me.answers_for(found))
            if found is None or not theirs or (active and not found.active):
                raise NotAllowed(
                    Said("only agents and admins can look up people ({you})", you=you_are(self.actor))
                )
        if found is None:
            raise UnknownName(Said("no person named '{word}'", word=word), hint=self._somebody(word))
        return self.living(found) if active else found

    def living(self, person: Person) -> Person:
        """Return the person where active. Raises UnknownName for an inactive one."""
        if not person.active:
            hint = self._somebody(person.login)
            raise UnknownName(Said("{login} is inactive", login=person.login), hint=hint)
        return person

    def _somebody(self, word: str) -> str:
        """Return a hint with the known people, on a large desk with similar logins."""
        names = [person.login for person in people.everybody(self.store) if person.active]
        if len(names) <= MOST_NAMED:
            return Said("known people: {names}", names=", ".join(names))
        import difflib

        near = difflib.get_close_matches(word.lower(), names)
        more = f"; did you mean {', '.join(near)}?" if near else ""
        return f"tix user list{more}"

    def present(self, person: Person) -> Person:
        """Return the person that ``person`` was merged into, else ``person``."""
        if person.merged_into is None:
            return person
        found = people.by_login(self.store, person.merged_into)
        return person if found is None else self.present(found)

    def priorities(self) -> list[Priority]:
        """Return the active priorities, lowest first."""
        from tix.store.setup import repository

        return [priority for priority in repository.PRIORITIES.all(self.store) if priority.active]

    def priority(self, word: str) -> Priority:
        """Return the priority of that name or alias. Raises InvalidValue with the valid ones."""
        from tix.domain.names import name_key

        key = name_key(word)
        known = self.priorities()
        for priority in known:
            if key in map(name_key, (priority.name, *priority.aliases)):
                return priority
        raise InvalidValue(
            Said("'{word}' is not a priority", word=word), hint=use_one_of(p.name for p in known)
        )

    def ticket_type(self, word: str) -> str:
        """Return the ticket type of that name. Raises InvalidValue with the valid ones."""
        from tix.domain.names import name_key
        from tix.store.setup import repository

        known: dict[str, str] = {
            name_key(kind.name): kind.name for kind in repository.TYPES.all(self.store) if kind.active
        }
        found = known.get(name_key(word))
        if found is None:
            raise InvalidValue(
                Said("'{word}' is not a ticket type", word=word), hint=use_one_of(known.values())
            )
        return found


# ------------------------------------------------------------------------------------------------- who acts


def acting(
    store: Store,
    os_user: str,
    login: str,
    wanted: str | None,
    now: int,
    *,
    full_name: Callable[[], str],
    owns: Callable[[Path], bool],
) -> Actor:
    """Return the actor for an OS user: the person with ``login``, or with ``wanted`` somebody they may act as.

    Who creates a desk becomes its first admin; only then ``full_name`` is called. ``owns`` returns whether the store's
    file is theirs. ``wanted`` is a login or an e-mail address. Raises NotAllowed for an unknown or inactive user and
    for one who may not act as others; UnknownName for an unknown ``wanted``; InvalidValue for an invalid one.
    """
    me = people.by_login(store, login)
    if os_user != login and people.count(store) > 0:
        from tix.desk.os_users import bound_person

        me = bound_person(store, os_user, login, me, owns)
    if me is None and people.count(store) == 0:
        # Who creates the store becomes its first admin. Outside a transaction of its own, the person is
        # committed together with the schema of the new store.
        me = people.add(store, newcomer(login, full_name(), role="admin"), now)
    if me is None or not me.active:
        why = "is not known to this desk" if me is None else "is inactive on this desk"
        raise NotAllowed(
            f"user {login} {why}",
            hint=Said("an admin can run: tix user add {login} --role requester", login=login),
        )
    if wanted is None:
        return Actor(me)
    word = wanted.strip().lower()
    if word in (login, "@me"):
        return Actor(me)
    require(Actor(me), "as")
    if not word.isprintable():  # bytes that are not UTF-8 among them: nobody's, and SQLite takes no surrogate
        parse_login(wanted)
    other = people.by_login(store, word) or people.by_email(store, word)
    other = other or people.by_login(store, parse_login(wanted))
    if other is None:
        raise UnknownName(Said("no person named '{wanted}' to act as", wanted=wanted), hint="tix user list")
    if not other.active:
        raise NotAllowed(Said("{login} is inactive on this desk", login=other.login))
    return Actor(other, None if other.login == me.login else me)
