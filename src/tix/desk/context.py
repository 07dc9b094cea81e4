"""What a use case works with: the store, who acts, when, and how the desk is set up."""

from __future__ import annotations

from tix.domain.events import Author
from tix.domain.organisation import Priority
from tix.domain.lifecycle import Rules
from tix.domain.people import Actor, Person, Side, parse_contact
from tix.domain.policy import Scope, scope_of
from tix.domain.settings import Settings
from tix.errors import InvalidValue, UnknownName
from tix.store import catalog, people
from tix.store.connection import Store


class Desk:
    """One desk, one acting person, one moment (``now``, UTC seconds)."""

    def __init__(self, store: Store, actor: Actor, now: int) -> None:
        self.store = store
        self.actor = actor
        self.now = now
        self._settings: Settings | None = None
        self._rules: Rules | None = None

    @property
    def scope(self) -> Scope:
        """What the acting person may see."""
        return scope_of(self.actor)

    @property
    def settings(self) -> Settings:
        """The settings in force, read once."""
        if self._settings is None:
            self._settings = Settings(catalog.settings(self.store))
        return self._settings

    @property
    def rules(self) -> Rules:
        """The desk's workflow and what goes with it."""
        if self._rules is None:
            workflow = self.settings.workflow()
            self._rules = Rules(
                workflow, self.settings.window_seconds(workflow), self.settings.claims(workflow)
            )
        return self._rules

    def forget_settings(self) -> None:
        """After a change of settings they are read again."""
        self._settings = self._rules = None

    def author(self, side: Side | None = None) -> Author:
        """The stamp of what the acting person does; by default on the side of their role."""
        own: Side = "staff" if self.actor.is_staff else "requester"
        return Author(self.actor.login, self.actor.via_login, side or own, self.now)

    def person(self, word: str) -> Person:
        """Somebody named by login, ``@me`` or address. Raises UnknownName (a flag's value, or WHO)."""
        if word.strip() == "@me":
            return self.actor.person
        contact = parse_contact(word)
        found = None
        if contact.email is not None:
            found = people.by_email(self.store, contact.email) or people.by_login(self.store, contact.email)
        elif contact.login is not None:
            found = people.by_login(self.store, contact.login)
        if found is None:
            raise UnknownName(f"there is nobody called '{word}'", hint="tix user list shows who there is")
        return found

    def priority(self, word: str) -> Priority:
        """The priority of that name or alias. Raises InvalidValue naming the valid ones."""
        key = word.strip().lower()
        known = catalog.priorities(self.store)
        for priority in known:
            if priority.active and (key == priority.name or key in priority.aliases):
                return priority
        raise InvalidValue(
            f"'{word}' is not a priority", hint="one of " + ", ".join(p.name for p in known if p.active)
        )

    def ticket_type(self, word: str) -> str:
        """The ticket type of that name. Raises InvalidValue naming the valid ones."""
        key = word.strip().lower()
        known = [kind.name for kind in catalog.types(self.store) if kind.active]
        if key not in known:
            raise InvalidValue(f"'{word}' is not a ticket type", hint="one of " + ", ".join(known))
        return key
