"""Personal settings: the config file, and the user folders of the operating system."""

from __future__ import annotations

import os
import sys

from tix.errors import InvalidValue
from tix.typing import TYPE_CHECKING, Any
from tix.words.sentence import Said

if TYPE_CHECKING:
    from pathlib import Path

SYSTEM_CONFIG = "/etc/xdg/tix/config.toml"
# Keys that live in the config file; every other key is the desk's.
KEYS = {
    "store": "File of the desk, used when neither --store nor TIX_STORE is set.",
    "editor": "Your editor, e.g. 'code --wait' (TIX_EDITOR comes first; then VISUAL, EDITOR).",
    "pager": "Pager for long output, e.g. 'less -R', or cat for none (TIX_PAGER comes first; then PAGER).",
    "color": "Color: auto (on a terminal), always or never.",
    "hyperlinks": "Links in the terminal: auto (where it knows them), always or never.",
    "url_template": "Where a ticket is on the web, for links, e.g. https://desk.example/tickets/{number} or …/{ref}.",
    "timezone": "Time zone of what you read and type, e.g. Europe/Berlin (TZ comes first).",
    "language": "Language of what you read: auto (TIX_LANG, then the locale), en, de or vi.",
    "list.columns": "Columns of tix list in tables, e.g. ref,status,assignee,subject.",
    "theme": "Colors of tables: default, light, dark or plain.",
    "accessible": "Numbered choices, words beside signs, nothing that moves: true or false.",
    "confirm": "What asks first: auto (what is hard to take back), always or never.",
    "colors.NAME": "Color of a meaning in place of the theme's, e.g. colors.overdue 'bold red'.",
    "alias.NAME": "Short name of a command; see tix alias.",
    "templates.NAME": "Template for --template NAME, e.g. '{{ ref }}: {{ subject }}'.",
}


# Where Linux keeps a kind of files below the home folder (XDG Base Directory Specification).
_XDG = {"cache": ".cache", "config": ".config", "data": ".local/share", "state": ".local/state"}


def _folder(kind: str) -> str:
    """Return our folder for a kind of files. On Linux without platformdirs, which takes as long as the queue."""
    home = os.environ.get("HOME", "")
    if sys.platform == "linux" and "ANDROID_ROOT" not in os.environ and home.startswith("/"):
        base = os.environ.get(f"XDG_{kind.upper()}_HOME", "").strip()
        return os.path.join(base if base.startswith("/") else f"{home}/{_XDG[kind]}", "tix")
    import platformdirs

    return str(getattr(platformdirs, f"user_{kind}_dir")("tix", appauthor=False))


def config_place() -> str:
    """The personal config file."""
    return f"{_folder('config')}/config.toml"


def config_path() -> Path:
    """The same, as a path."""
    from pathlib import Path

    return Path(config_place())


def cache_folder() -> str:
    """The folder for what can be made again."""
    return _folder("cache")


def state_place() -> str:
    """The folder for drafts, crash reports and visits."""
    return _folder("state")


def state_folder() -> Path:
    """The same, as a path."""
    from pathlib import Path

    return Path(_folder("state"))


def default_store(make_folder: bool = False) -> str:
    """The default store, in the user data folder, which only its owner may enter."""
    folder = _folder("data")
    if make_folder:
        try:
            os.makedirs(folder, exist_ok=True, mode=0o700)  # noqa: PTH103  # as above
        except OSError as error:
            from tix.errors import StorageFailure

            raise StorageFailure(
                Said("cannot create the folder {folder}: {strerror}", folder=folder, strerror=error.strerror)
            ) from error
    return f"{folder}/desk.db"


def read(path: Path | str) -> dict[str, Any]:
    """A config file's keys; nothing for an absent one. Raises InvalidValue for one that cannot be read as TOML."""
    if not os.path.isfile(path):  # noqa: PTH113  # as above
        return {}
    import tomllib

    try:
        with open(path, "rb") as file:
            return tomllib.load(file)
    except RecursionError as error:
        raise InvalidValue(
            Said("{path} is nested too deeply", path=path),
            hint=Said("fix the file, or delete it: {path}", path=path),
        ) from error
    except ValueError as error:  # also bytes that are no UTF-8, and a number of thousands of digits
        raise InvalidValue(Said("{path} is not valid TOML: {error}", path=path, error=error)) from error
    except OSError as error:
        raise InvalidValue(
            Said("cannot read {path}: {strerror}", path=path, strerror=error.strerror)
        ) from error


def write(key: str, value: object) -> None:
    """Sets or, with None, removes a personal key; the rest of the file, comments and its mode too, stays as it was.

    A dotted key, ``list.columns``, is a key of a table.

    The file is replaced whole or not at all; where it is a symlink, what it points at. Raises InvalidValue for
    one that cannot be read as TOML, StorageFailure for one that cannot be written; then nothing was.
    """
    import tomlkit

    path = config_path().resolve()
    read(path)
    try:
        document = tomlkit.parse(path.read_bytes().decode() if path.exists() else "")
    except (ValueError, RecursionError) as error:  # what tomllib has read
        raise InvalidValue(
            Said("cannot change {path}: {error}", path=path, error=error), hint=Said("change it in an editor")
        ) from error
    _put(document, key.split("."), value, path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _replace(path, tomlkit.dumps(document).encode())
    except OSError as error:
        from tix.errors import StorageFailure

        raise StorageFailure(
            Said("cannot write {path}: {strerror}", path=path, strerror=error.strerror)
        ) from error


def _put(table: Any, names: list[str], value: object, path: Path) -> None:
    """Set or remove a key, in the tables that its first names are of."""
    import tomlkit

    *tables, name = names
    for one in tables:
        inner = table.get(one)
        if inner is None:
            if value is None:
                return
            table[one] = inner = tomlkit.table()
        elif not isinstance(inner, dict):
            raise InvalidValue(
                Said("'{one}' in {path} is a value, not a table", one=one, path=path),
                hint=Said("change it in an editor"),
            )
        table = inner
    if value is None:
        table.pop(name, None)
    else:
        table[name] = value


def _replace(path: Path, data: bytes) -> None:
    """Replace a file atomically, keeping its mode. Raises OSError."""
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o600
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(descriptor, mode)
            os.fsync(descriptor)
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
