"""What `tix mail fetch` reads from, and how it hands each mail to the desk."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tix.cli.session import Session

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.desk.mail.intake import Taken
    from tix.mail.mailbox import Found, Mailbox, Outcome, Raw


def mailbox(desk: Desk, maildir: Path | None) -> Mailbox:
    """Return the mailbox to fetch from: the maildir, or the folder of the settings. Raises MailboxError, Refused."""
    if maildir is not None:
        from tix.mail.maildir import Maildir

        return Maildir(maildir)
    from tix.mail.imap.folder import Filing, Imap
    from tix.mail.servers import account

    settings = desk.settings
    keyword = settings.text("mail.imap.done") == "keyword"
    filing = Filing(
        settings.text("mail.imap.folder"),
        None if keyword else settings.name("mail.imap.done_folder"),
        None if keyword else settings.name("mail.imap.quarantine_folder"),
    )
    return Imap(account(desk), filing)


def seen_before(desk: Desk) -> Callable[[Found], Outcome | None]:
    """Return what tells whether a message was taken before, and where it went."""
    from tix.desk.mail.intake import seen
    from tix.desk.mail.judge import Place
    from tix.mail.mailbox import Outcome

    def asked(found: Found) -> Outcome | None:
        waits = seen(desk, Place(found.folder, found.validity, str(found.uid)))
        return None if waits is None else Outcome.QUARANTINED if waits else Outcome.DONE

    return asked


def taking(desk: Desk, taken: list[Taken], *, dry_run: bool) -> Callable[[Found, Raw], Outcome]:
    """Return what hands a message to the desk; each result goes into ``taken``."""
    from tix.desk.mail.intake import take
    from tix.desk.mail.judge import Incoming, Place
    from tix.desk.mail.quarantine import WAITING
    from tix.domain.files.attachments import format_size
    from tix.mail.inbound import incoming
    from tix.mail.mailbox import Outcome

    def act(found: Found, raw: Raw) -> Outcome:
        place = Place(found.folder, found.validity, str(found.uid))
        if raw.cut:
            reason = f"it has {format_size(raw.size)}, more than can be taken; its head alone is kept"
            one = Incoming(raw.content, None, reason, "fetch", place=place)
        else:
            one = incoming(desk, raw.content, "fetch", place)
        result = take(desk, one, dry_run=dry_run)
        taken.append(result)
        if dry_run:
            return Outcome.LEFT
        return Outcome.QUARANTINED if result.outcome in WAITING else Outcome.DONE

    return act


@contextmanager
def alone(session: Session) -> Iterator[bool]:
    """A lock beside the store against two runs at once; it goes with the process, however that ends."""
    import fcntl

    from tix.cli.session import store_path

    path = store_path(session.options.store)
    descriptor = os.open(f"{path}.fetch", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)


@contextmanager
def progress(session: Session) -> Iterator[Callable[[int, int], None] | None]:
    """A line on a terminal that counts; nothing elsewhere."""
    if not (session.on_terminal and sys.stderr.isatty()):
        yield None
        return

    def show(done: int, total: int) -> None:
        sys.stderr.write(f"\r{done} of {total} mails")
        sys.stderr.flush()

    try:
        yield show
    finally:
        sys.stderr.write("\r\x1b[K")
