"""Inbound mail: fetch what lies in the desk's mailbox, and make of bytes what the desk judges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tix.desk.context import Desk
from tix.desk.locks import only_one
from tix.desk.mail.intake import refuse_switched_off
from tix.desk.mail.judge import Incoming, Place
from tix.desk.mail.status import ran
from tix.domain.permissions import require
from tix.errors import Unreadable
from tix.mail import authentication
from tix.mail.mime.message import read
from tix.typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tix.desk.mail.intake import Taken
    from tix.mail.mailbox import Found, Outcome, Raw, Summary


def incoming(desk: Desk, raw: bytes, channel: str, place: Place | None = None) -> Incoming:
    """Read a mail, and what the desk's mail server found of its sender; nothing in it can make this fail."""
    try:
        mail = read(raw)
    except Unreadable as error:
        return Incoming(raw, None, str(error), channel, place=place)
    domain = None if mail.sender is None else mail.sender.domain
    verdict = authentication.verdict(mail.headers, desk.settings.name("mail.authserv_id"), domain)
    return Incoming(raw, mail, channel=channel, verdict=verdict, place=place)


def seen_before(desk: Desk) -> Callable[[Found], Outcome | None]:
    """Return what tells whether a message was taken before, and where it went."""
    from tix.desk.mail.intake import seen
    from tix.mail.mailbox import Outcome

    def asked(found: Found) -> Outcome | None:
        waits = seen(desk, Place(found.folder, found.validity, str(found.uid)))
        return None if waits is None else Outcome.QUARANTINED if waits else Outcome.DONE

    return asked


def taking(
    desk: Desk, taken: list[Taken], *, clock: Callable[[], int], dry_run: bool
) -> Callable[[Found, Raw], Outcome]:
    """Return what hands a message to the desk; each result goes into ``taken``.

    ``clock`` is the time in UTC seconds: a run may take long, and each mail is dated when it is taken.
    """
    from tix.desk.mail.intake import take
    from tix.desk.mail.quarantine import WAITING
    from tix.domain.files.sizes import format_size
    from tix.mail.mailbox import Outcome

    def act(found: Found, raw: Raw) -> Outcome:
        desk.now = clock()
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


class Fetched(NamedTuple):
    """What became of each mail of a run, in order, and how the run went."""

    taken: list[Taken]
    summary: Summary


def fetch(
    desk: Desk,
    maildir: Path | None = None,
    *,
    clock: Callable[[], int],
    dry_run: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Fetched | None:
    """Take every new mail of the IMAP server, or of ``maildir``; None where another run is under way.

    ``clock`` is the time in UTC seconds; ``progress`` gets how many mails are looked at, and of how many. Raises
    NotAllowed, SwitchedOff, Refused where no mailbox is set, and what keeps the server from being reached.
    """
    from tix.mail.mailbox import fetch as run
    from tix.mail.servers import mailbox as mailbox_of

    require(desk.actor, "mail")
    refuse_switched_off(desk)
    with only_one(desk.store.address, "fetch") as is_alone:
        if not is_alone:
            return None
        mailbox = mailbox_of(desk, maildir)
        taken: list[Taken] = []
        try:
            summary = run(
                mailbox,
                seen_before(desk),
                taking(desk, taken, clock=clock, dry_run=dry_run),
                progress,
                mark=not dry_run,
            )
        finally:
            mailbox.close()
    if not dry_run:
        ran(desk, "fetch", summed_up(taken, summary.failed))
    return Fetched(taken, summary)


def summed_up(taken: list[Taken], failed: int, *, dry_run: bool = False) -> str:
    """Return what a run did, in one sentence; ``failed`` is the number of mails that it had to leave."""
    counts = Counter(one.outcome for one in taken)
    order = "created appended mentioned recorded declined ignored quarantined duplicate".split()
    what = ", ".join(f"{counts[name]} {name}" for name in order if counts[name])
    if not taken and not failed:
        return "No new mail."
    mails = "no mail" if not taken else "1 mail" if len(taken) == 1 else f"{len(taken)} mails"
    told = f"{'Would take' if dry_run else 'Took'} {mails}{': ' if what else ''}{what}"
    return f"{told}; {failed} failed." if failed else f"{told}."
