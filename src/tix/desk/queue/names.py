"""What the words of a filter name: nouns by their names, answers by their questions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tix.desk.context import Desk
from tix.domain.names import name_key
from tix.domain.people import parse_contact
from tix.errors import InvalidValue, UnknownName
from tix.store.search.facets import key_of
from tix.store.setup import topics

MOST_FIELDS = 4


def noun(desk: Desk, name: str, word: str) -> str:
    """The name of a department, client, team, topic or asset as it is spelled; out of use or not.

    Raises UnknownName naming the valid ones.
    """
    from tix.desk.resources import registry

    if not desk.actor.is_staff and name in ("client", "team", "asset"):
        # What a requester may not list, they cannot tell from what is not there.
        known = [desk.actor.person.client] if name == "client" else []
        known += [one.name for one in registry.visible(desk, name)] if name == "asset" else []
        return next((one for one in known if one is not None and name_key(one) == name_key(word)), word)
    return registry.spelled(desk, name, word, inactive=True)


def login(desk: Desk, word: str) -> str:
    """Whose tickets are looked for. Raises UnknownName, InvalidValue.

    A requester may not look people up: they find by the logins they read, whether or not there are others.
    """
    if desk.actor.is_staff or word.strip() == "@me":
        return desk.person(word).login
    contact = parse_contact(word)
    if contact.email is not None and contact.email == desk.actor.person.email:
        return desk.actor.login
    return contact.login or contact.email or ""


def answers(desk: Desk, pairs: Iterable[str]) -> dict[str, Any]:
    """``brand=North`` as filters; the values of one key are OR, different keys AND.

    Raises InvalidValue for what is not K=V, UnknownName for a key no topic asks.
    """
    wanted: dict[str, list[str]] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key.strip():
            raise InvalidValue(f"'{pair}' is not KEY=VALUE", hint="for example --field brand=North")
        name = key.strip().lower().removeprefix("field.")
        wanted.setdefault(name, []).append(key_of(value.strip()))
    if len(wanted) > MOST_FIELDS:
        raise InvalidValue(f"at most {MOST_FIELDS} fields can be filtered by at once")
    known = keys(desk)
    chosen: dict[str, Any] = {}
    for number, (name, values) in enumerate(wanted.items()):
        if name not in known:
            raise UnknownName(f"no topic asks for '{name}'", hint=_choice(known))
        if not desk.actor.is_staff:
            chosen[f"public_{number}"] = f'$."{name}"'
        chosen[f"field_{number}"] = values
        chosen[f"field_{number}_name"] = f"field.{name}"
    return chosen


def keys(desk: Desk) -> list[str]:
    """The keys of what topics ask, as far as the actor may read the answers; for staff then those of old answers."""
    fields = topics.all_fields(desk.store)
    if not desk.actor.is_staff:
        return list(dict.fromkeys(field.key for field in fields if not field.staff_only))
    return list(dict.fromkeys([field.key for field in fields] + topics.keys_in_use(desk.store)))


def _choice(known: list[str]) -> str:
    return "one of " + ", ".join(known) if known else "topics ask for nothing yet: tix topic field add"
