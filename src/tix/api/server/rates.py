"""How many requests a minute a key may send, and how many that last one person may have at a time."""

from __future__ import annotations

import fcntl
import os
import struct
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import platformdirs

from tix.domain.databases import is_database
from tix.domain.tokens import Allowance, Token, spend
from tix.errors import Overloaded, StorageFailure, Throttled

# What is told to somebody who has all that one person may have: when to try again.
WAIT_SECONDS = 60


class Rates:
    """What is left to each key that has a rate; for several processes, in a file beside the store.

    Connections are spread over the processes by chance, so a share of a rate for each would refuse too early, or allow
    too much where a rate is below their number.
    """

    def __init__(self, place: str, workers: int) -> None:
        self._path = _shared(place) if workers > 1 else None
        self._left: dict[str, Allowance] = {}
        self._lock = threading.Lock()

    def spend(self, token: Token) -> None:
        """Count a request; call it on any thread. Raises Throttled where there are too many, StorageFailure."""
        if token.rate is None:
            return
        now = time.monotonic()
        with self._lock:
            if self._path is not None:
                _spend_shared(self._path, token.digest, token.rate, now)
                return
            if len(self._left) >= PLACES:
                # What is older than a minute is whole again.
                self._left = {one: left for one, left in self._left.items() if now - left.at < MINUTE}
            self._left[token.digest] = spend(self._left.get(token.digest), token.rate, now)


def _shared(place: str) -> Path:
    """Return the file that the processes of this machine share: beside the store, or in the state of who serves a database."""
    if not is_database(place):
        return Path(f"{place}.rates")
    folder = Path(platformdirs.user_state_dir("tix"))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"{sha256(place.encode()).hexdigest()[:16]}.rates"


MINUTE = 60.0
# Keys with a rate that are remembered; of the file, each has one of a few places.
PLACES = 4096
_TRIES = 8
_PLACE = struct.Struct("=16sdd")


def _spend_shared(path: Path, digest: str, rate: int, now: float) -> None:
    """Count a request in the file, under its lock; ``now`` is of the clock that all processes have in common."""
    name = bytes.fromhex(digest)[:16]
    start = int.from_bytes(name[:4]) % PLACES
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            at = start * _PLACE.size
            known = os.pread(descriptor, _TRIES * _PLACE.size, at).ljust(_TRIES * _PLACE.size, b"\0")
            places = list(_PLACE.iter_unpack(known))
            mine = next((place for place, one in enumerate(places) if one[0] == name), None)
            # The one used longest ago: empty, or whole again, unless there are thousands of keys.
            place = min(range(_TRIES), key=lambda one: places[one][2]) if mine is None else mine
            before = None if mine is None else Allowance(*places[mine][1:])
            if before is not None and before.at > now:
                before = None  # from before the machine was started
            left = spend(before, rate, now)
            os.pwrite(descriptor, _PLACE.pack(name, *left), at + place * _PLACE.size)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise StorageFailure(f"the requests of this key cannot be counted: {error.strerror}") from error


class Shares:
    """What lasts, such as uploads: ``most`` at a time, of which one person has ``most_of_one``, so that none takes all.

    ``name`` tells in a refusal what there are too many of. Call it on one thread.
    """

    def __init__(self, most: int, most_of_one: int, name: str) -> None:
        self._most, self._most_of_one, self._name = most, most_of_one, name
        self._taken: Counter[str] = Counter()

    def __len__(self) -> int:
        return self._taken.total()

    @contextmanager
    def one(self, login: str) -> Iterator[None]:
        """Take one for a person until the end of the block. Raises as ``take`` does."""
        self.take(login)
        try:
            yield
        finally:
            self.free(login)

    def take(self, login: str) -> None:
        """Take one for a person; ``free`` has to follow. Raises Overloaded, and Throttled for the person's share."""
        if len(self) >= self._most:
            raise Overloaded(f"the server has too many {self._name}", hint="try again in a minute")
        if self._taken[login] >= self._most_of_one:
            raise Throttled(f"you have {self._most_of_one} {self._name} already", WAIT_SECONDS)
        self._taken[login] += 1

    def free(self, login: str) -> None:
        """Give one back."""
        self._taken[login] -= 1
        if not self._taken[login]:
            del self._taken[login]
