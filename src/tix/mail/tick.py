"""What a desk does by itself from time to time: apply what is due, and send the outbox."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from tix.desk import tick as desk_tick
from tix.desk.context import Desk
from tix.errors import TixError


def tick(desk: Desk, *, clock: Callable[[], int], failed: Callable[[TixError], None]) -> Counter[str]:
    """Apply what is due (``desk.tick``), then send the outbox if a server for it is set.

    Returns how many of each kind, by event type, and of mails ``sent``. ``failed`` is called with the error of each
    schedule, and of the sending, that fails. ``clock`` is the time in UTC seconds.
    """
    done = desk_tick.tick(desk, failed)
    if desk.settings.name("mail.smtp.host") is not None:
        from tix.mail.send import send

        try:
            done["sent"] = send(desk, clock=clock).sent
        except TixError as error:
            failed(error)
    return done


def fetch_and_tick(
    desk: Desk, *, clock: Callable[[], int], failed: Callable[[TixError], None]
) -> Counter[str]:
    """Fetch the mail if the desk takes mail from a server, then ``tick``; mails taken count as ``fetched``."""
    fetched = 0
    if desk.settings.flag("mail.parse") and desk.settings.name("mail.imap.host") is not None:
        from tix.mail.inbound import fetch

        try:
            if (done := fetch(desk, clock=clock)) is not None:
                fetched = len(done.taken)
                for error in done.summary.errors():
                    failed(error)
        except TixError as error:
            failed(error)
    return tick(desk, clock=clock, failed=failed) + Counter(fetched=fetched)
