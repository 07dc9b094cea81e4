"""Look up the names in filters: resources, people, custom fields."""

from __future__ import annotations

from collections.abc import Iterable

from tix.desk.context import Desk
from tix.domain.names import name_key
from tix.domain.people import parse_contact
from tix.errors import InvalidValue, UnknownName
from tix.store.search.facets import key_of
from tix.store.setup import topics
from tix.typing import Any
from tix.words.sentence import Said

MOST_FIELDS = 4


def noun(desk: Desk, name: str, word: str) -> str:
    """Return the name of a department, client, team, topic or asset as the desk spells it, active or not.

    Raises UnknownName with the known ones.
    """
    from tix.desk.resources import registry

    if not desk.actor.is_staff and name in ("client", "team", "asset"):
        # A requester cannot tell a name they may not list from one that does not exist.
        known = [desk.actor.person.client] if name == "client" else []
        known += [one.name for one in registry.visible(desk, name)] if name == "asset" else []
        return next((one for one in known if one is not None and name_key(one) == name_key(word)), word)
    return registry.spelled(desk, name, word, inactive=True)


def login(desk: Desk, word: str) -> str:
    """Return the login to filter by. Raises UnknownName, InvalidValue.

    A requester may not look up people, so their filter uses the text as typed, whether or not that login exists.
    """
    if desk.actor.is_staff or word.strip() == "@me":
        return desk.person(word).login
    contact = parse_contact(word)
    if contact.email is not None and contact.email == desk.actor.person.email:
        return desk.actor.login
    return contact.login or contact.email or ""


def answers(desk: Desk, pairs: Iterable[str]) -> dict[str, Any]:
    """Parse ``KEY=VALUE`` and ``KEY!=VALUE`` filters on custom fields; values of one key combine by OR, keys by AND.

    Raises InvalidValue for a malformed filter, UnknownName for a key no topic has.
    """
    wanted: dict[tuple[str, bool], list[str]] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key.strip("! "):
            raise InvalidValue(
                Said("'{pair}' is not KEY=VALUE", pair=pair), hint=Said("for example --field brand=North")
            )
        name = key.strip("! ").lower().removeprefix("field.")
        is_left_out = key.rstrip().endswith("!") or value.lstrip().startswith("!")
        wanted.setdefault((name, is_left_out), []).append(key_of(value.strip().removeprefix("!").strip()))
    if len(wanted) > MOST_FIELDS:
        raise InvalidValue(
            Said("cannot filter by more than {most_fields} fields at once", most_fields=MOST_FIELDS)
        )
    known = keys(desk)
    chosen: dict[str, Any] = {}
    for number, ((name, is_left_out), values) in enumerate(wanted.items()):
        if name not in known:
            raise UnknownName(Said("no topic has a field '{name}'", name=name), hint=_choice(known))
        path = f'$."{name}"'
        if is_left_out:
            clause = f"nofield_{number}" if desk.actor.is_staff else f"nopublic_{number}"
            chosen |= {clause: values, f"{clause}_name": f"field.{name}"}
            chosen |= {} if desk.actor.is_staff else {f"{clause}_path_name": path}
            continue
        if not desk.actor.is_staff:
            chosen[f"public_{number}"] = path
        chosen[f"field_{number}"] = values
        chosen[f"field_{number}_name"] = f"field.{name}"
    return chosen


def keys(desk: Desk) -> list[str]:
    """Return the keys of custom fields the actor may read; for staff also those only old tickets have."""
    fields = topics.all_fields(desk.store)
    if not desk.actor.is_staff:
        return list(dict.fromkeys(field.key for field in fields if not field.staff_only))
    return list(dict.fromkeys([field.key for field in fields] + topics.keys_in_use(desk.store)))


def _choice(known: list[str]) -> str:
    return (
        Said("known fields: {names}", names=", ".join(known))
        if known
        else "no topic has fields yet; add one with: tix topic field add"
    )
