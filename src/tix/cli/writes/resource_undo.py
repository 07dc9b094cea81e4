"""The command that takes back a write to a resource, made of its description."""

from __future__ import annotations

from tix.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tix.desk.resources.resource import Attribute, Resource

Record = dict[str, Any]
Argv = list[str]


def of_edit(noun: Resource[Any], before: Record, after: Record) -> Argv | None:
    """Return the command that makes a resource what it was; None where there is none."""
    argv = ["tix", noun.name, "edit", str(after["name"])]
    for part in noun.parts:
        old, new = before.get(part.column), after.get(part.column)
        if old == new:
            continue
        if not part.many:
            argv.append(f"--{part.name}={_word(part, old)}")
            continue
        more, fewer = _of_several(part, old or [], new or [])
        argv += [f"--{part.name}={one}" for one in more] + [f"--remove-{part.name}={one}" for one in fewer]
    if before.get("active") != after.get("active"):
        argv.append("--active" if before.get("active") else "--inactive")
    return argv if len(argv) > 4 and _tells_all(noun, before, after) else None


def of_removal(noun: Resource[Any], before: Record) -> Argv | None:
    """Return the command that adds a resource again; None where it would not be the same."""
    if not before or not before.get("active", True) or before.get("fields"):
        return None
    argv = ["tix", noun.name, "add", str(before["name"])]
    for part in noun.parts:
        held = before.get(part.column)
        if held in (None, [], ()):
            continue
        words = _of_several(part, held, [])[0] if part.many else [_word(part, held)]
        option = "message" if noun.name == "canned" else part.name  # its text comes as every text
        argv += [f"--{option}={one}" for one in words]
    return argv if _can_say(before) else None


def _word(part: Attribute, value: Any) -> str:
    """Return the value of an option: ``none`` clears it, a duration has its unit."""
    if value is None:
        return "none"
    return f"{value}s" if part.column.endswith("_seconds") else str(value)


def _of_several(part: Attribute, old: list[str], new: list[str]) -> tuple[list[str], list[str]]:
    """Return the values to add and those to remove, as the options take them."""
    more = [one for one in old if one not in new]
    fewer = [one for one in new if one not in old]
    if part.name == "holiday":  # "2026-12-24 Christmas Eve" is given as 2026-12-24=Christmas Eve
        return [one.replace(" ", "=", 1) for one in more], [one.partition(" ")[0] for one in fewer]
    return more, fewer


def _tells_all(noun: Resource[Any], before: Record, after: Record) -> bool:
    """Return whether the options say all that has changed: not the order of several, nor what a country brought."""
    for part in noun.parts:
        old, new = before.get(part.column), after.get(part.column)
        if old != new and part.many and isinstance(old, list) and isinstance(new, list):
            kept = [one for one in old if one in new]
            if [*kept, *(one for one in old if one not in new)] != old:
                return False
    country = before.get("country") != after.get("country")
    return (
        _can_say(before)
        and _can_say(after)
        and not (country and before.get("holidays") != after.get("holidays"))
    )


def _can_say(record: Record) -> bool:
    """Return whether no value has a comma, which would make two of it."""
    return not any("," in one for value in record.values() if isinstance(value, list) for one in value)
