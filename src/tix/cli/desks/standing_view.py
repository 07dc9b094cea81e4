"""The view that ``tix list`` goes through for a person, until they choose another: a small file of their own.

It is beside the drafts and not in the desk, like visits. Programs do not get it: what a script counts must not depend on
what somebody was looking at.
"""

from __future__ import annotations

import os

from tix.cli import user_config
from tix.typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tix.cli.session import Session


def used(session: Session) -> str | None:
    """Return the name of the view; None where the person has chosen none."""
    try:
        with open(_place(session), encoding="utf-8", errors="replace") as file:
            return file.read().strip() or None
    except OSError:
        return None


def use(session: Session, name: str | None) -> None:
    """Choose the view, or none. Raises StorageFailure."""
    from contextlib import suppress

    from tix.errors import StorageFailure

    place = _place(session)
    try:
        if name is None:
            with suppress(FileNotFoundError):
                os.remove(place)  # noqa: PTH107  # as in cli.visits
            return
        os.makedirs(os.path.dirname(place), exist_ok=True, mode=0o700)  # noqa: PTH103, PTH120
        temporary = f"{place}.{os.getpid()}"
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(f"{name}\n")
        os.replace(temporary, place)
    except OSError as error:
        raise StorageFailure(f"cannot write {place}: {error.strerror}") from error


def _place(session: Session) -> str:
    from binascii import crc32

    remote = session.remote
    if remote is None:
        store, login = session.store_key, session.reader().actor.login
    else:
        store, login = session.server or "", remote.whoami()["login"]
    return os.path.join(user_config.state_place(), "views", f"{login}-{crc32(store.encode()):08x}")
