"""Personal settings: the config file, and the user folders of the operating system."""

from __future__ import annotations

import os
from pathlib import Path

from tix.errors import InvalidValue
from tix.typing import Any

SYSTEM_CONFIG = Path("/etc/xdg/tix/config.toml")
# Keys that live in the config file; every other key is the desk's.
KEYS = {"store": "File of the desk, used when neither --store nor TIX_STORE is set."}


def _folder(kind: str) -> Path:
    import platformdirs

    return Path(getattr(platformdirs, f"user_{kind}_path")("tix", appauthor=False))


def config_path() -> Path:
    """The personal config file."""
    return _folder("config") / "config.toml"


def state_folder() -> Path:
    """The folder for drafts and crash reports."""
    return _folder("state")


def default_store(make_folder: bool = False) -> Path:
    """The default store, in the user data folder, which only its owner may enter."""
    folder = _folder("data")
    if make_folder:
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            from tix.errors import StorageFailure

            raise StorageFailure(f"cannot create the folder {folder}: {error.strerror}") from error
    return folder / "desk.db"


def read(path: Path) -> dict[str, Any]:
    """A config file's keys; nothing for an absent one. Raises InvalidValue for one that cannot be read as TOML."""
    if not path.is_file():
        return {}
    import tomllib

    try:
        with open(path, "rb") as file:
            return tomllib.load(file)
    except RecursionError as error:
        raise InvalidValue(
            f"{path} is nested too deeply", hint=f"fix the file, or delete it: {path}"
        ) from error
    except ValueError as error:  # also bytes that are no UTF-8, and a number of thousands of digits
        raise InvalidValue(f"{path} is not valid TOML: {error}") from error
    except OSError as error:
        raise InvalidValue(f"cannot read {path}: {error.strerror}") from error


def write(key: str, value: str | None) -> None:
    """Sets or removes a personal key; everything else in the file, comments and its mode too, stays as it was.

    The file is replaced whole or not at all; where it is a symlink, what it points at. Raises InvalidValue for
    one that cannot be read as TOML, StorageFailure for one that cannot be written; then nothing was.
    """
    import tomlkit

    path = Path(os.path.realpath(config_path()))
    read(path)
    try:
        document = tomlkit.parse(path.read_bytes().decode() if path.exists() else "")
    except (ValueError, RecursionError) as error:  # what tomllib has read
        raise InvalidValue(f"cannot change {path}: {error}", hint="change it in an editor") from error
    if value is None:
        document.pop(key, None)
    else:
        document[key] = value
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _replace(path, tomlkit.dumps(document).encode())
    except OSError as error:
        from tix.errors import StorageFailure

        raise StorageFailure(f"cannot write {path}: {error.strerror}") from error


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
