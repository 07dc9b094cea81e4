"""Resources (clients, departments, plans …) as records, and what a requester may read of them."""

from __future__ import annotations

from tix.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.desk.resources.resource import Resource


def record(noun: Resource[Any], desk: Desk, value: Any, fields: tuple[str, ...]) -> dict[str, Any]:
    """Return a resource as a record; attributes with several values are lists."""
    held = value._asdict()
    if not set(noun.shown).isdisjoint(fields) or not set(fields) <= held.keys():
        held |= noun.more(desk, value)
    hidden = () if desk.actor.is_staff else noun.internal
    return {name: _hidden(held[name]) if name in hidden else _printed(name, held[name]) for name in fields}


def _hidden(value: Any) -> Any:
    """What a requester gets in the place of what staff read."""
    return [] if isinstance(value, (list, tuple)) else None


def _printed(name: str, value: Any) -> Any:
    if name == "hours":
        from tix.domain.sla.calendars import format_hours

        return format_hours(value)
    if not isinstance(value, tuple):
        return value
    return [_words(one) if isinstance(one, tuple) else one for one in value]


def _words(pair: Any) -> str:
    """``open=opened``; an override of a plan in its own fields."""
    if hasattr(pair, "_asdict"):
        from tix.domain.times import format_duration

        name, grace, response = pair
        times = [None if seconds is None else format_duration(seconds) for seconds in (grace, response)]
        return f"{name}={times[0] or ''}{'' if times[1] is None else '/' + times[1]}"
    return "=".join(pair)


def whole_record(noun: Resource[Any], desk: Desk, name: str, most: int) -> dict[str, Any]:
    """Return one resource as ``show`` prints it, with its tickets. Raises NotAllowed, NotFound."""
    from tix.desk.resources import resource

    value = resource.shown(desk, noun, name)
    return {**record(noun, desk, value, (*noun.fields, *noun.shown)), **counts(noun, desk, value, most)}


def counts(noun: Resource[Any], desk: Desk, value: Any, most: int = -1) -> dict[str, Any]:
    """How many tickets of it the actor sees, open ones and all; or at most ``most`` of them by name, newest activity first."""
    from tix.desk.resources import resource

    found = resource.tickets_of(desk, noun, value, most)
    if found is None:
        return {}
    if not noun.names_tickets:
        return {"open_tickets": found.open, "tickets": found.every}
    refs = list(found.refs)
    if len(refs) < found.every:
        refs.append(f"{most} of {found.every:,}: tix list --{noun.name} '{value.name}' --all")
    return {"open_tickets": found.open, "tickets": refs}
