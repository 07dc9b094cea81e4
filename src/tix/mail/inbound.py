"""From the bytes of a received mail to what the desk judges."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tix.desk.context import Desk
from tix.desk.mail.judge import Incoming, Place
from tix.errors import Unreadable
from tix.mail import authentication
from tix.mail.mime.message import read

if TYPE_CHECKING:
    from tix.desk.mail.intake import Taken
    from tix.mail.mailbox import Found, Outcome, Raw


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
    from tix.domain.files.attachments import format_size
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
