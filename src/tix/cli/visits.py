"""When a person has last looked at a ticket with ``tix show``: a small file of their own beside the drafts.

It decides the unread mark of ``tix list``, together with the notifications that they have not read. The desk does not
keep it: a look at a ticket must not write to the desk, which may be read-only, and every write there waits for the disk.
"""

from __future__ import annotations

import os

from tix.cli import user_config
from tix.typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tix.cli.session import Session

# A larger file is written anew, with the last visit of each ticket.
_LARGEST = 65_536


def visitor(session: Session) -> tuple[str, str]:
    """Return where the store is, and who acts: whose visits they are."""
    return session.store_key, session.reader().actor.login


def visits(store: str, login: str) -> dict[str, int]:
    """Return when (UTC seconds) a person has last looked at tickets, by reference; nothing where that is unknown."""
    found: dict[str, int] = {}
    try:
        with open(_place(store, login), encoding="ascii", errors="replace") as file:
            for line in file:
                ref, _, at = line.strip().partition(" ")
                if at.isdecimal():
                    found[ref] = int(at)
    except OSError:
        return {}
    return found


def visit(store: str, login: str, ref: str, now: int) -> None:
    """Record that a person looks at a ticket now. Where the file cannot be written, nothing happens."""
    place = _place(store, login)
    try:
        os.makedirs(os.path.dirname(place), exist_ok=True, mode=0o700)  # noqa: PTH103, PTH120  # pathlib takes 5 ms
        descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "a", encoding="ascii") as file:
            file.write(f"{ref} {now}\n")
            is_large = file.tell() > _LARGEST
        if is_large:
            _shorten(place, visits(store, login))
    except OSError:
        return


def _shorten(place: str, found: dict[str, int]) -> None:
    temporary = f"{place}.{os.getpid()}"
    newest = sorted(found.items(), key=lambda one: one[1])[-_LARGEST // 64 :]
    with open(temporary, "w", encoding="ascii") as file:
        file.writelines(f"{ref} {at}\n" for ref, at in newest)
    os.replace(temporary, place)


def _place(store: str, login: str) -> str:
    from binascii import crc32

    return os.path.join(user_config.state_place(), "visits", f"{login}-{crc32(store.encode()):08x}")
