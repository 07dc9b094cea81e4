"""What a person has set: the values of the config file, checked once and kept in a form that is quick to read.

TOML takes 20 ms to read, as long as the queue. So what was read is kept in the cache folder, and read anew when the
file has changed. A value here is flat: ``list.columns``, ``alias.mine``, ``profiles.work.store``.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from tix import __version__
from tix.cli import user_config
from tix.errors import InvalidValue, UnknownName
from tix.typing import Any, NamedTuple
from tix.words.sentence import Said

_PROFILES = "profiles."


class Loaded(NamedTuple):
    """The values of one file that can be used, and a sentence about each that cannot."""

    values: dict[str, Any]
    problems: list[str]


def load(path: str) -> Loaded:
    """Return the values of a config file; none for an absent one. Raises InvalidValue for one that is not TOML."""
    try:
        found = os.stat(path)  # noqa: PTH116  # as everywhere at the start
    except OSError:
        return Loaded({}, [])
    mark = (__version__, path, found.st_ino, found.st_size, found.st_mtime_ns)
    place = f"{user_config.cache_folder()}/{os.path.basename(os.path.dirname(path))}-config"  # noqa: PTH119, PTH120  # as above
    kept = _kept(place, mark)
    if kept is not None:
        return Loaded(*kept)
    from tix.cli.personal import keys

    loaded = Loaded(*keys.checked(user_config.read(path), path))
    _keep(place, mark, loaded)
    return loaded


def of_person(profile: str | None) -> Loaded:
    """Return what is in force for the person: the system's file, theirs over it, and the profile over both.

    A file that is not TOML is among the problems. Raises UnknownName for a profile there is not.
    """
    values: dict[str, Any] = {}
    problems: list[str] = []
    for path in (user_config.SYSTEM_CONFIG, user_config.config_place()):
        try:
            more = load(path)
        except InvalidValue as error:
            problems.append(error.message)
            continue
        values |= more.values
        problems += more.problems
    return Loaded(_in_profile(values, profile), problems)


def in_force(tell: Callable[[str, str], None] | None) -> dict[str, Any]:
    """Return the values for this command; ``tell`` is called with what is wrong in the files. Raises UnknownName."""
    values, problems = of_person(os.environ.get("TIX_PROFILE"))
    if tell is not None:
        for problem in problems:
            tell("settings", problem)
    return values


def store(profile: str | None) -> tuple[object, str]:
    """Return the store that the config files name, or None, and the file. Raises InvalidValue, UnknownName."""
    mine = user_config.config_place()
    values = _in_profile(load(mine).values, profile)
    if "store" in values:
        return values["store"], mine
    return load(user_config.SYSTEM_CONFIG).values.get("store"), user_config.SYSTEM_CONFIG


def value(key: str) -> Any:
    """Return one value, for what has no session; None where there is none, or the file cannot be read."""
    try:
        return of_person(os.environ.get("TIX_PROFILE")).values.get(key)
    except UnknownName:
        return None  # told by whoever has a session


def is_accessible() -> bool:
    """Whether a person reads by a screen reader: nothing moves, and signs have words. ``ACCESSIBLE`` comes first."""
    if "ACCESSIBLE" in os.environ:
        from tix.cli.variables import is_on

        return is_on("ACCESSIBLE")
    return bool(value("accessible"))


def _in_profile(values: dict[str, Any], profile: str | None) -> dict[str, Any]:
    """The values with those of a profile over them."""
    if not profile:
        return values
    start = f"{_PROFILES}{profile}."
    own = {key[len(start) :]: value for key, value in values.items() if key.startswith(start)}
    if not own:
        names = sorted({key.split(".")[1] for key in values if key.startswith(_PROFILES)})
        known = f"profiles: {', '.join(names)}" if names else f"tix config set profiles.{profile}.store PATH"
        raise UnknownName(Said("no profile named '{profile}'", profile=profile), hint=known)
    return values | own


def _kept(place: str, mark: tuple[object, ...]) -> Any:
    """What was kept of the file with that mark; None where that is not there, or not ours."""
    import marshal

    try:
        with open(place, "rb") as file:
            if os.fstat(file.fileno()).st_uid != os.geteuid():
                return None
            of, loaded = marshal.loads(file.read())  # noqa: S302  # our own, in our own folder
    except (OSError, ValueError, EOFError, TypeError):
        return None
    return loaded if of == mark else None


def _keep(place: str, mark: tuple[Any, ...], loaded: Loaded) -> None:
    """Keep it, where that is possible."""
    import marshal

    pending = f"{place}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(place), mode=0o700, exist_ok=True)  # noqa: PTH103, PTH120  # as above
        with open(pending, "xb") as file:
            file.write(marshal.dumps((mark, (loaded.values, loaded.problems))))
        os.replace(pending, place)
    except (OSError, ValueError):
        pass  # it is read from the file again
