"""The figures of a record as people write them: seconds as durations or work, instants by a clock, yes and no."""

from __future__ import annotations

from datetime import tzinfo

from tix.domain.times import WORK, format_duration, format_work, is_instant, parse_instant
from tix.render.words import local
from tix.words.sentence import Said, shown


def plain_name(name: str) -> str:
    """The name of a field in plain words: the unit of a time, and that an instant is one, go without saying."""
    return name.removesuffix("_seconds").removesuffix("_at").replace("_", " ")


def figure(name: str, value: object, zone: tzinfo | None) -> object:
    """The value of a field of that name, for a person; instants as they are where there is no ``zone``."""
    if isinstance(value, bool):
        return shown(Said("yes") if value else Said("no"))
    if name.endswith("_seconds") and type(value) is int:
        return format_work(value) if name in WORK else format_duration(value)
    if zone is not None and isinstance(value, str) and is_instant(name):
        return local(parse_instant(value), zone)
    return value
