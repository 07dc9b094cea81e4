"""Where the desk's file may be: paths that were given, checked before anything is opened."""

from __future__ import annotations

import os
import stat

from tix.domain.databases import is_database
from tix.errors import InvalidValue, UsageError
from tix.typing import TYPE_CHECKING
from tix.words.sentence import Said

if TYPE_CHECKING:
    from pathlib import Path


def is_address(store: object) -> bool:
    """Whether a store is on a server: the address of one stands in the place of a path."""
    return isinstance(store, str) and store.lower().startswith(("http://", "https://"))


def given_store(value: object, folder: Path | str, what: str) -> str:
    """The store that a config file or its change names: a relative path counts from ``folder``.

    Raises InvalidValue for what is no path, or lies in no folder; ``what`` names the place of the value.
    """
    from pathlib import Path

    if not isinstance(value, str) or not value.strip():
        raise InvalidValue(
            f"{what} is {value!r}, not the path of a file",
            hint=Said('for example store = "/srv/tix/desk.db"'),
        )
    if "://" in value:
        return checked_store(value)
    path = Path(checked_store(str(Path(folder) / at_home(value))))
    if path.is_dir():
        raise InvalidValue(f"{what} is a folder: {path}", hint=Said("name a file in it"))
    return str(path)


def checked_store(given: str) -> str:
    """Return the path of a given store, without ``~`` and detours. Raises UsageError where it cannot be a store."""
    if is_address(given):
        from tix.cli.remote import address, offered

        raise offered.refusal("this command", address.parse_address(given))
    if is_database(given):
        return given
    if "://" in given:
        raise UsageError(
            f"'{given.split('://', maxsplit=1)[0]}' stores are not supported by this version of tix"
        )
    if "\0" in given:
        raise InvalidValue(Said("the store path contains a NUL character"))
    place = given if _is_bare(given) else str(at_home(given))
    folder = os.path.dirname(place) or "."  # noqa: PTH120  # at every start, as below
    try:
        there = stat.S_ISDIR(os.stat(folder).st_mode)  # noqa: PTH116
    except (FileNotFoundError, NotADirectoryError):
        there = False
    except OSError as error:
        there = _is_loop(error)
    if not there:
        raise InvalidValue(
            Said("the folder {folder} does not exist", folder=folder),
            hint=Said("create it first, or fix the path"),
        )
    try:
        os.stat(place)  # noqa: PTH116
    except FileNotFoundError:
        pass  # it will be created
    except OSError as error:
        _is_loop(error)
    return place


def _is_loop(error: OSError) -> bool:
    """Return False for links that lead in a circle: nothing is there. Raises InvalidValue for what else cannot be looked at."""
    import errno

    if error.errno == errno.ELOOP:
        return False
    raise InvalidValue(Said("cannot use the store path: {strerror}", strerror=error.strerror)) from error


def _is_bare(place: str) -> bool:
    """Whether a path is written as ``Path`` would write it."""
    return not (
        place.startswith(("~", "./")) or place.endswith(("/", "/.")) or "//" in place or "/./" in place
    )


def at_home(name: str) -> Path:
    """A path in which ``~`` and ``~user`` are home folders. Raises InvalidValue for a user who has none."""
    from pathlib import Path

    try:
        return Path(name).expanduser()
    except RuntimeError as error:
        raise InvalidValue(
            Said("no home folder for '{name}'", name=name), hint=Said("write the full path")
        ) from error
