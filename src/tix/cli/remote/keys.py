"""API keys of servers: from ``TIX_TOKEN``, or from a file of the person's own that ``tix login`` writes.

The file is JSON, the key of each server by its address, and only its owner may read it.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from tix.errors import InvalidValue, StorageFailure, Unauthorized
from tix.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tix.cli.remote.address import Address

_LONGEST = 1_000


def key_for(address: Address) -> str:
    """Return the key for a server. Raises Unauthorized where there is none, InvalidValue for a malformed one."""
    given = os.environ.get("TIX_TOKEN")
    if given:
        return parse_key(given)
    found = _read().get(address.url)
    if not isinstance(found, str):
        raise Unauthorized(
            f"there is no API key for {address.url}", hint=f"tix login {address.url}, or set TIX_TOKEN"
        )
    return parse_key(found)


def parse_key(text: str) -> str:
    """Return an API key. Raises InvalidValue for what no header can hold; it never contains the text."""
    key = text.strip()
    if not key or len(key) > _LONGEST or not key.isascii() or not key.isprintable() or " " in key:
        raise InvalidValue("this is not an API key", hint="tix token add prints one, once")
    return key


def path() -> Path:
    """Return where the keys are."""
    from tix.cli import user_config

    return user_config.config_path().with_name("keys.json")


def keep(address: Address, key: str) -> None:
    """Store the key of a server. Raises StorageFailure, InvalidValue."""
    _write({**_read(), address.url: key})


def forget(address: Address) -> bool:
    """Remove the key of a server; return whether there was one. Raises StorageFailure, InvalidValue."""
    known = _read()
    if known.pop(address.url, None) is None:
        return False
    _write(known)
    return True


def _read() -> dict[str, Any]:
    file = path()
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise InvalidValue(f"cannot read {file}: {error.strerror}") from error
    with os.fdopen(descriptor, "rb") as opened:
        status = os.fstat(descriptor)
        if status.st_mode & 0o077 or status.st_uid not in (os.geteuid(), 0):
            raise InvalidValue(
                f"other people may read the API keys in {file}",
                hint=f"chmod 600 {file}, and replace the keys: tix token add",
            )
        try:
            known = json.loads(opened.read(1_000_000))
        except (OSError, ValueError, RecursionError) as error:
            raise InvalidValue(f"cannot read {file}", hint=f"delete it: rm {file}") from error
    return known if isinstance(known, dict) else {}


def _write(known: dict[str, Any]) -> None:
    file = path()
    temporary = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
                json.dump(known, opened, indent=2)
                opened.flush()
                os.fsync(descriptor)
            os.replace(temporary, file)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise StorageFailure(f"cannot write {file}: {error.strerror}") from error
