"""Validate the resources and people of an import file by the rules for typed input.

A file is not trusted: what no desk could have written is refused here, before anything is written. Whether the
actor may import it is checked in ``setup``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from tix.desk.context import Desk
from tix.desk.resources.canned import CANNED
from tix.desk.resources.catalog import ASSET
from tix.desk.resources.organisation import CLIENT, DEPARTMENT, TEAM
from tix.desk.resources.resource import Resource, parse_name
from tix.desk.resources.sla import CALENDAR, PLAN
from tix.desk.resources.topics import TOPIC, checked_field
from tix.desk.schedules.schedules import SCHEDULE, check_kept
from tix.domain.names import name_key
from tix.domain.people import CONTACTS
from tix.domain.times import LONGEST_SECONDS
from tix.domain.workflows.shipped import SHIPPED
from tix.errors import InvalidValue
from tix.store import people as directory
from tix.store.setup.rows import Nouns, Row, value
from tix.typing import Any

NOUNS: dict[str, Resource[Any]] = {
    noun.name: noun for noun in (ASSET, CALENDAR, CANNED, CLIENT, DEPARTMENT, PLAN, SCHEDULE, TEAM, TOPIC)
}
# Columns that refer to a resource.
_NAMING: dict[str, dict[str, str]] = {
    "asset": {"client": "client"},
    "department": {"sla": "sla", "calendar": "calendar", "workflow": "workflow"},
    "holiday": {"calendar": "calendar"},
    "schedule": {name: name for name in ("topic", "client", "department", "team", "sla")},
    "sla": {"calendar": "calendar"},
    "topic": {"department": "department", "team": "team", "sla": "sla"},
    "topic_field": {"topic": "topic"},
}
# Settings that refer to a resource.
_SETTINGS = {
    "default_department": "department",
    "default_sla": "sla",
    "default_topic": "topic",
    "workflow": "workflow",
}
# Attributes whose text must be unchanged by parsing it.
_TYPED = {
    "asset": ("kind", "serial", "notes"),
    "calendar": ("zone", "country"),
    "canned": ("body",),
    "client": ("rate", "currency", "notes"),
    "department": ("email",),
}
_LAST_DAY = 3_652_059  # 9999-12-31, as date.toordinal() counts
_STATUS = r"[\w.-]{1,50}"

Told = Mapping[str, dict[str, Any]]


class SetupInFile:
    """The setup in a file, checked against itself and the desk.

    With ``whole`` its resources replace the desk's; otherwise existing ones stay.
    """

    def __init__(self, desk: Desk, nouns: Nouns, people: Told, *, whole: bool) -> None:
        self._desk = desk
        self._nouns = nouns
        self._people = people
        self._spelled: dict[str, dict[str, str]] = {}
        known = {noun: [one.name for one in kind.repository.all(desk.store)] for noun, kind in NOUNS.items()}
        known["workflow"] = [name for (name, *_) in desk.store.run("workflow_all")] + list(SHIPPED)
        for noun, names in known.items():
            told = {name_key(row["name"]): row["name"] for row in nouns.get(noun, ())}
            there = {name_key(name): name for name in names}
            self._spelled[noun] = there | told if whole else told | there

    def check(self, settings: Mapping[str, str]) -> None:
        """Check everything, and spell names as the desk will have them.

        Raises InvalidValue naming the first invalid value.
        """
        for noun, rows in self._nouns.items():
            for row in rows:
                self._noun(noun, row)
        for person in self._people.values():
            self._person(person)
        self._refuse_circles("manager", "manager")
        self._refuse_circles("merged_into", "merge target")
        for key, noun in _SETTINGS.items():
            if settings.get(key, "none") != "none":
                self._known(noun, settings[key], f"the setting {key}")

    def _known(self, noun: str, name: str, who: str) -> str:
        """Return the name as the desk will have it. Raises InvalidValue where it will not."""
        found = self._spelled[noun].get(name_key(name))
        if found is None:
            raise InvalidValue(f"{who} refers to {noun} '{name[:40]}', which does not exist")
        return found

    # ------------------------------------------------------------------------------------ resources

    def _noun(self, noun: str, row: Row) -> None:
        who = f"the {noun.replace('_', ' ')} '{next(iter(row.values()))[:40]}'"
        for column, named in _NAMING.get(noun, {}).items():
            # A schedule can say ``none``.
            if row[column] not in (None, "none"):
                row[column] = self._known(named, row[column], who)
        try:
            if noun in NOUNS:
                self._name(NOUNS[noun], row["name"])
            found = value(noun, row)
            for part in NOUNS[noun].parts if noun in NOUNS else ():
                held = getattr(found, part.column, None)
                if part.name in _TYPED.get(noun, ()) and held is not None:
                    _same(held, part.parse(self._desk, held), part.name)
            if noun == "workflow":
                _same(row["name"], found.name, "name")
            self._values[noun](self, found)
        except InvalidValue as error:
            raise InvalidValue(f"{who}: {error.message}", hint=error.hint) from error
        except (ValueError, TypeError, LookupError, AttributeError, OverflowError) as error:
            raise InvalidValue(f"{who} cannot be read") from error

    def _name(self, noun: Resource[Any], name: str) -> None:
        _same(name, (noun.parse_name or parse_name)(name, noun.title), "name")

    def _client(self, client: Any) -> None:
        parse = next(part.parse for part in CLIENT.parts if part.name == "domain")
        for domain in client.domains:
            _same(domain, parse(self._desk, _text(domain, "domains")), "domains")

    def _department(self, department: Any) -> None:
        for pair in department.mapping:
            if not all(re.fullmatch(_STATUS, _text(word, "mapping")) for word in pair):
                raise InvalidValue("its mapping contains something other than statuses")

    def _topic(self, topic: Any) -> None:
        for name in topic.parents:
            self._known("topic", name, "its name")
        if topic.assignee is not None and self._member(topic.assignee) is None:
            raise InvalidValue(f"its assignee '{topic.assignee[:40]}' does not exist")
        for word in (topic.priority, topic.status):
            if word is not None and not re.fullmatch(_STATUS, word):
                raise InvalidValue(f"'{word[:40]}' is neither a priority nor a status")

    def _topic_field(self, field: Any) -> None:
        if len(set(field.choices)) != len(field.choices):
            raise InvalidValue(f"field {field.key} has the same choice twice")
        for choice in field.choices:
            _same(_text(choice, "choices"), choice.strip(), "choices")
        if checked_field(field) != field:
            raise InvalidValue(f"the field '{field.key[:40]}' is not a valid field")

    def _plan(self, plan: Any) -> None:
        for override in plan.overrides:
            _text(override.priority, "overrides")
            if override[1:] == (None, None):
                raise InvalidValue("one of its overrides has no times")
        times = [plan.grace_seconds, plan.response_seconds]
        times += [seconds for override in plan.overrides for seconds in override[1:]]
        for seconds in times[:1] + [one for one in times[1:] if one is not None]:
            if type(seconds) is not int or not 0 < seconds <= LONGEST_SECONDS:
                raise InvalidValue("one of its times is not a valid duration")
        _same(plan, PLAN.check(self._desk, None, plan), "overrides")

    def _holiday(self, holiday: tuple[str, int, str, int]) -> None:
        _, day, name, _ = holiday
        if not 1 <= day <= _LAST_DAY or not name.strip() or not name.isprintable():
            raise InvalidValue(f"{day} is not a valid date, or the holiday has no name")

    def _view(self, view: Any) -> None:
        _same(view.name, parse_name(view.name, "a view"), "name")
        if view.owner is not None and self._member(view.owner) is None:
            raise InvalidValue(f"its owner '{view.owner[:40]}' does not exist")

    def _schedule(self, schedule: Any) -> None:
        for login in (schedule.owner, schedule.requester, schedule.assignee):
            if login not in (None, "none") and self._member(login) is None:
                raise InvalidValue(f"it refers to person '{login[:40]}', who does not exist")
        for name in schedule.assets:
            self._known("asset", _text(name, "assets"), "it")
        for word in (schedule.type, schedule.priority):
            if word is not None and not re.fullmatch(_STATUS, word):
                raise InvalidValue(f"'{word[:40]}' is neither a type nor a priority")
        check_kept(self._desk, schedule)

    def _workflow(self, workflow: Any) -> None:
        from tix.domain.workflows.validation import problems

        found = problems(workflow)
        if found:
            raise InvalidValue(f"it is not valid: {found[0]}")
        if workflow.name in SHIPPED:
            raise InvalidValue("its name belongs to a workflow that comes with tix")
        hash(workflow)  # raises for lists or objects where texts should be
        flags = [workflow.claims, *(flag for one in workflow.statuses for flag in (one.pauses, one.final))]
        if not all(type(flag) is bool for flag in flags) or type(workflow.window_seconds) is not int:
            raise InvalidValue("one of its flags is not true or false, or its reopen window is not a number")

    _values: Mapping[str, Callable[..., None]] = {
        "asset": lambda self, one: None,
        "calendar": lambda self, one: None,
        "canned": lambda self, one: None,
        "client": _client,
        "department": _department,
        "holiday": _holiday,
        "schedule": _schedule,
        "sla": _plan,
        "team": lambda self, one: None,
        "topic": _topic,
        "topic_field": _topic_field,
        "view": _view,
        "workflow": _workflow,
    }

    # --------------------------------------------------------------------------------------- people

    def _member(self, login: str) -> dict[str, Any] | None:
        """Return a person of the file, else of the desk, as the file would have them."""
        if login in self._people:
            return self._people[login]
        found = directory.by_login(self._desk.store, login)
        return None if found is None else found._asdict()

    def _person(self, person: dict[str, Any]) -> None:
        login = person["login"]
        for column in ("manager", "merged_into"):
            if person[column] is not None and self._member(person[column]) is None:
                raise InvalidValue(f"{login} has {column} '{person[column]}', who does not exist")
        if person["client"] is not None:
            person["client"] = self._known("client", person["client"], login)
        for noun in ("department", "team"):
            names = person[f"{noun}s"] or ()
            found = tuple([self._known(noun, name, login) for name in names])
            person[f"{noun}s"] = found if names else person[f"{noun}s"]
        if not set(person["contact"]) <= set(CONTACTS):
            raise InvalidValue(f"{login} has an unknown kind of contact; known kinds: {', '.join(CONTACTS)}")
        if person["contact"] and person["client"] is None:
            raise InvalidValue(f"{login} is a contact but has no client")
        staff = person["role"] != "requester"
        if staff and person["client"] is not None:
            raise InvalidValue(f"{login} is an agent or admin and cannot belong to a client")
        if not staff and (person["teams"] or person["departments"]):
            raise InvalidValue(
                f"{login} is a requester; only agents and admins can be in departments and teams"
            )

    def _refuse_circles(self, column: str, what: str) -> None:
        done: set[str] = set()
        for start in self._people:
            path: list[str] = []
            login: str | None = start
            while login is not None and login not in done:
                if login in path:
                    raise InvalidValue(f"{login} would be their own {what}")
                path.append(login)
                member = self._member(login)
                login = None if member is None else member[column]
            done.update(path)


def _text(word: object, what: str) -> str:
    if not isinstance(word, str):
        raise InvalidValue(f"its {what} are not texts")
    return word


def _same(held: object, typed: object, what: str) -> None:
    if held != typed:
        raise InvalidValue(f"its {what} is not a valid value")
