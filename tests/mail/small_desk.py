"""The smallest store there can be for fetched messages: the transaction of each, in SQLite.

As a program it fetches once and prints what was done: STORE PORT USER MODE. The trials kill it, or let it die by
itself at the point that the variable CRASH names, as `committed:3`: when it gets there for the third time.
"""

import hashlib
import json
import os
import re
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tix.mail.credentials import Secret
from tix.mail.imap.folder import Filing, Imap
from tix.mail.imap.login import Account, Encryption
from tix.mail.mailbox import Found, Mailbox, Outcome, Raw, Summary, fetch
from tix.mail.maildir import Filing as MaildirFiling
from tix.mail.maildir import Maildir

PASSWORD = "geheim"
SCHEMA = """
CREATE TABLE IF NOT EXISTS message (id INTEGER PRIMARY KEY, sha BLOB UNIQUE, raw BLOB);
CREATE TABLE IF NOT EXISTS seen (
    folder TEXT, validity INTEGER, uid, message INTEGER, PRIMARY KEY (folder, validity, uid)
);
"""


_left = Counter[str]()
if "CRASH" in os.environ:
    _left[os.environ["CRASH"].partition(":")[0]] = int(os.environ["CRASH"].partition(":")[2])


def reach(point: str) -> None:
    """Die here, without any cleaning up, if this is where it was asked for."""
    if _left[point]:
        _left[point] -= 1
        if not _left[point]:
            os._exit(99)


class SmallDesk:
    """Messages by their bytes, and the keys under which they were seen."""

    def __init__(self, path: Path) -> None:
        self.store = sqlite3.connect(path, isolation_level=None, timeout=30)
        self.store.execute("PRAGMA journal_mode = WAL")
        self.store.execute("PRAGMA synchronous = FULL")
        self.store.executescript(SCHEMA)

    def seen(self, found: Found) -> Outcome | None:
        row = self.store.execute(
            "SELECT 1 FROM seen WHERE (folder, validity, uid) = (?, ?, ?)", found
        ).fetchone()
        return None if row is None else Outcome.DONE

    def take(self, found: Found, raw: Raw) -> Outcome:
        """Store a message and its key in one transaction; the same bytes again only get one more key."""
        reach("fetched")
        sha = hashlib.sha256(raw.content).digest()
        self.store.execute("BEGIN IMMEDIATE")
        with self.store:
            self.store.execute("INSERT OR IGNORE INTO message (sha, raw) VALUES (?, ?)", (sha, raw.content))
            (number,) = self.store.execute("SELECT id FROM message WHERE sha = ?", (sha,)).fetchone()
            self.store.execute("INSERT INTO seen VALUES (?, ?, ?, ?)", (*found, number))
            reach("written")
        reach("committed")
        return Outcome.DONE

    def fetch(self, box: Mailbox, progress: Callable[[int, int], None] | None = None) -> Summary:
        return fetch(box, self.seen, self.take, progress)

    def counts(self) -> tuple[int, int]:
        """How many messages there are, and how many keys."""
        return self.store.execute(
            "SELECT (SELECT count(*) FROM message), (SELECT count(*) FROM seen)"
        ).fetchone()

    def validities(self) -> set[int]:
        return {validity for (validity,) in self.store.execute("SELECT DISTINCT validity FROM seen")}


def main(store: str, port: str, user: str, mode: str) -> None:
    """Fetch once; `mode` is moved, flagged, or maildir with its folder as the user."""
    desk = SmallDesk(Path(store))
    box: Mailbox
    if mode == "maildir":
        box = Maildir(Path(user), MaildirFiling())
    else:
        account = Account("127.0.0.1", user, Secret(PASSWORD), int(port), Encryption.NONE)
        box = Imap(account, Filing(done="Done" if mode == "moved" else None))
    box.done = _reaching(box.done)  # type: ignore[method-assign]
    cpu, before = time.process_time(), _peak()
    started = time.monotonic()
    summary = desk.fetch(box)
    seconds = time.monotonic() - started
    box.close()
    figures = {
        "taken": summary.taken,
        "known": summary.known,
        "marked": summary.marked,
        "partial": summary.partial,
        "seconds": round(seconds, 3),
        "cpu": round(time.process_time() - cpu, 3),
        "kilobytes before": before,
        "kilobytes": _peak(),
    }
    sys.stdout.write(json.dumps(figures))


def _reaching(done: Callable[[tuple[Found, ...]], None]) -> Callable[[tuple[Found, ...]], None]:
    def marked(founds: tuple[Found, ...]) -> None:
        reach("marking")
        done(founds)
        reach("marked")

    return marked


def _peak() -> int:
    """The largest size of this process in kilobytes; getrusage would tell its parent's."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0
    return int(re.search(r"VmHWM:\s+(\d+)", status.read_text())[1])


if __name__ == "__main__":
    main(*sys.argv[1:])
