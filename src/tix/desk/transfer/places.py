"""Map the topics, departments, teams, clients, SLA plans and assets in an import file to those of this desk.

Names are case-insensitive. An admin's import adds unknown ones with nothing but a name, except SLA plans, which
mean nothing without their times; an agent's import leaves unknown ones out and reports them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from tix.desk.context import Desk
from tix.desk.resources.resource import bring, parse_name
from tix.desk.transfer.validate import NOUNS
from tix.domain.json_columns import dumps, loads
from tix.domain.names import name_key
from tix.domain.tickets.policy import TicketPolicy
from tix.domain.tickets.ticket import Ticket
from tix.domain.topics import Field, parse_value, split
from tix.domain.workflows.plain import from_plain
from tix.domain.workflows.shipped import SHIPPED
from tix.domain.workflows.workflow import Workflow
from tix.errors import InvalidValue
from tix.importers.record import ImportedTicket
from tix.store.setup import repository, workflows
from tix.store.setup.rows import Nouns
from tix.store.tickets.bulk import Load
from tix.typing import Any, NamedTuple

# Columns of a ticket that name one resource each.
_PLACES = ("topic", "department", "team", "client", "sla")


class ImportedPlaces(NamedTuple):
    """The routing of an imported ticket as columns, the rules for it, and what was left out, as text."""

    values: dict[str, Any]
    rules: TicketPolicy
    left: tuple[str, ...] = ()


class Places:
    """The names one import uses. ``nouns`` are the file's resources; with ``whole`` they replace the desk's."""

    def __init__(self, desk: Desk, nouns: Nouns, *, whole: bool) -> None:
        self._desk = desk
        self._brings = desk.actor.is_admin
        self._whole = whole
        self._spelled: dict[str, dict[str, str]] = {}
        for noun in (*_PLACES, "asset"):
            there = {} if whole and noun in nouns else _names(NOUNS[noun].repository.all(desk.store))
            if self._brings:
                there = {name_key(row["name"]): row["name"] for row in nouns.get(noun, ())} | there
            self._spelled[noun] = there
        self._workflows = self._of_departments(nouns, whole)
        own = [] if whole else workflows.names(desk.store)
        self._own = {
            row["name"]: row["definition"] for row in nouns.get("workflow", ()) if row["name"] not in own
        }
        self.unknown: Counter[str] = Counter()

    def _of_departments(self, nouns: Nouns, whole: bool) -> dict[str, str]:
        """Return the departments with their own workflow, and its name."""
        told = {row["name"]: row["workflow"] for row in nouns.get("department", ())} if self._brings else {}
        known = {one.name: one.workflow for one in repository.DEPARTMENTS.all(self._desk.store)}
        both = told if whole and "department" in nouns else told | known
        return {name: workflow for name, workflow in both.items() if workflow is not None}

    def workflow(self, department: str | None) -> Workflow | None:
        """Return the workflow of a department, None where it uses the desk's. Raises UnknownName."""
        name = None if department is None else self._workflows.get(department)
        if name is None or name in SHIPPED:
            return None if name is None else SHIPPED[name]
        return from_plain(loads(self._own[name])) if name in self._own else self._desk.workflow(name)

    def spelled(self, noun: str, word: str) -> str | None:
        """Return a name as this desk spells it; None where the desk does not and will not have it."""
        found = self._spelled[noun].get(name_key(" ".join(word.split())))
        if found is None and self._brings and noun != "sla":
            try:
                found = (NOUNS[noun].parse_name or parse_name)(word, NOUNS[noun].title)
            except InvalidValue:
                return None
            self._spelled[noun][name_key(found)] = found
        return found

    # ------------------------------------------------------------------------------------ whole tickets

    def fitted(self, columns: Mapping[str, Any]) -> dict[str, Any]:
        """Return the columns that change: names the desk spells differently, or leaves out."""
        if self._whole:
            return {}  # kept as it was, including names that no longer exist
        changed: dict[str, Any] = {}
        for noun in _PLACES:
            word = columns.get(noun)
            if word is not None and (found := self._counted(noun, word)) != word:
                changed[noun] = found
        if columns.get("assets") is not None:
            held = loads(columns["assets"])
            there = [name for word in held if (name := self._counted("asset", word)) is not None]
            if there != held:
                changed["assets"] = dumps(there)
        return changed

    def _counted(self, noun: str, word: str) -> str | None:
        found = self.spelled(noun, word)
        if found is None:
            self.unknown[f"{noun} {word}"] += 1
        return found

    # ---------------------------------------------------------------------------------------- stories

    def placed(self, story: ImportedTicket, rules: TicketPolicy) -> ImportedPlaces:
        """Return the routing of an imported ticket; ``rules`` are those of a ticket without any."""
        values: dict[str, Any] = {}
        left = []
        for noun, word in story.places.items():
            found = self.spelled(noun, word)
            if found is None:
                left.append(f"{noun}: {word}")
            else:
                values[noun] = found
        if "sla" in values:
            values["sla_by_hand"] = 1
        if values:
            rules = self._desk.rules_for(*(values.get(noun) for noun in ("department", "sla", "topic")))
        assets = {word: self.spelled("asset", word) for word in story.assets}
        left += [f"asset: {word}" for word, found in assets.items() if found is None]
        values["assets"] = dumps([found for found in assets.values() if found is not None])
        left += self._answer(rules.fields, story.answers, values)
        return ImportedPlaces(
            {name: value for name, value in values.items() if value is not None}, rules, tuple(left)
        )

    def _answer(
        self, fields: tuple[Field, ...], answers: Mapping[str, str], values: dict[str, Any]
    ) -> list[str]:
        """Put the custom field values of the topic into ``values``; return the others as text."""
        asked = {field.key: field for field in fields}
        parsed, left = {}, []
        for key, text in answers.items():
            try:
                parsed[key] = parse_value(asked[key], text)
            except (KeyError, InvalidValue):
                left.append(f"field.{key}: {text}")
        public, internal = split(fields, parsed)
        values |= {"fields": dumps(public), "internal_fields": dumps(internal)}
        return left


def _names(nouns: list[Any]) -> dict[str, str]:
    return {name_key(noun.name): noun.name for noun in nouns}


class MissingResources:
    """Adds missing resources that tickets refer to, with nothing but a name. For an admin's import."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._there: dict[str, set[str]] = {}
        self.new: list[str] = []

    def furnish(self, loads: list[Load]) -> None:
        """Add what ``loads`` refer to and the desk does not have."""
        for load in loads:
            ticket = load.ticket
            for noun in _PLACES:
                name = getattr(ticket, noun)
                if name is not None and noun != "sla":
                    self._put(noun, name)
            for name in _assets(ticket):
                self._put("asset", name)

    def _put(self, noun: str, name: str) -> None:
        if noun not in self._there:
            self._there[noun] = {one.name for one in NOUNS[noun].repository.all(self._desk.store)}
        if name not in self._there[noun]:
            if (NOUNS[noun].parse_name or parse_name)(name, NOUNS[noun].title) != name:
                raise InvalidValue(f"a ticket has the {noun} '{name[:40]}', which is not a valid name")
            bring(self._desk, NOUNS[noun], name)
            self._there[noun] = {one.name for one in NOUNS[noun].repository.all(self._desk.store)}
            self.new.append(f"{noun} {name}")


def _assets(ticket: Ticket) -> list[str]:
    return ticket.asset_list() if ticket.assets is not None else []
