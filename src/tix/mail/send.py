"""Send the outbox: lease a mail, write it once, hand it over in single steps, record what the relay said of it.

Two senders share the work by leases; one that is killed costs a lease's time. A mail is recorded before the next step
that could repeat it: its bytes before the first attempt, and that it may arrive before the final dot (RFC 5321, 4.2.5).
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable

from tix.desk.mail import delivery
from tix.desk.mail.status import ran
from tix.domain.mail.delivery import Outcome
from tix.errors import TixError
from tix.mail.letters import raw as written
from tix.mail.servers import relay as relay_of
from tix.typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.desk.mail.delivery import Leased
    from tix.mail.smtp.relay import Connection

# Mails taken at once; each is leased by itself, right before it is sent.
_BATCH = 50


class Sent(NamedTuple):
    """What a run did, in numbers of mails; ``later`` are those to be sent again."""

    sent: int = 0
    later: int = 0
    failed: int = 0
    uncertain: int = 0
    cancelled: int = 0

    @property
    def words(self) -> str:
        """What the run did, in one sentence."""
        parts = [f"{count} {what}" for what, count in zip(_WORDS, self, strict=True) if count]
        return f"{', '.join(parts)}." if parts else "No mail to send."


_WORDS = ("sent", "to be sent again", "failed", "uncertain", "cancelled")


def send(
    desk: Desk,
    *,
    clock: Callable[[], int],
    progress: Callable[[Sent], None] = lambda sent: None,
    most: int | None = None,
) -> Sent:
    """Send what is due and return what became of it; ``clock`` is the time in UTC seconds.

    Raises Refused where sending is not set up, RelayUnusable where the relay cannot be used: then no mail's attempts
    count. Whatever was recorded before stays recorded. What the run did is remembered for ``tix mail status``.
    """
    done = _sent_all(desk, clock, progress, most)
    ran(desk, "send", done.words)
    return done


def _sent_all(
    desk: Desk, clock: Callable[[], int], progress: Callable[[Sent], None], most: int | None
) -> Sent:
    from tix.mail.smtp.relay import Connection

    done = Sent()
    me = f"{os.getpid()}.{os.urandom(6).hex()}"
    connection: Connection | None = None
    try:
        while most is None or sum(done) < most:
            ids = delivery.due(desk, clock(), _BATCH)
            before = sum(done)
            for id in ids:
                if most is not None and sum(done) >= most:
                    break
                leased = delivery.lease(desk, id, me, clock())
                if leased is None:
                    continue
                try:
                    raw = _bytes(desk, leased, clock())
                    if raw is None:
                        done = done._replace(cancelled=done.cancelled + 1)
                        continue
                    if connection is None or not connection.is_open:
                        connection = Connection(relay_of(desk))
                except BaseException:
                    delivery.give_back(desk, leased)
                    raise
                done = _counted(done, _sent(desk, connection, leased, raw, clock))
                progress(done)
            if sum(done) == before:
                return done
        return done
    finally:
        if connection is not None:
            connection.close()


def _bytes(desk: Desk, leased: Leased, now: int) -> bytes | None:
    """Return the mail as bytes: those of the first attempt, or written now; None where nobody should get it."""
    if leased.raw is not None and delivery.is_wanted(desk, leased):
        return leased.raw
    letter = delivery.letter(desk, leased, now)
    if letter is None:
        return None
    try:
        raw = written(letter, now)
    except TixError as error:
        delivery.fail(desk, leased, f"it cannot be written: {error.message}", now)
        return None
    delivery.keep(desk, leased, raw, letter.message_id)
    return raw


def _sent(
    desk: Desk, connection: Connection, leased: Leased, raw: bytes, clock: Callable[[], int]
) -> Outcome:
    """Hand one mail over and record the result, before anything else is said to the relay."""
    from tix.mail.smtp import transaction

    result = transaction.send(
        connection,
        leased.envelope_sender,
        [leased.mail.address],
        raw,
        before_dot=lambda: delivery.at_dot(desk, leased, clock()),
    )
    one = result.recipients[0]
    words = f"{one.code} {one.text}".strip() if one.code else one.text
    delivery.settle(
        desk,
        leased,
        one.outcome,
        clock(),
        random.random(),  # noqa: S311  # spreads the attempts; no secret depends on it
        None if one.outcome == "accepted" else words,
        result.relay_id,
    )
    return one.outcome


def _counted(done: Sent, outcome: Outcome) -> Sent:
    name = {"accepted": "sent", "temporary": "later", "permanent": "failed", "uncertain": "uncertain"}[
        outcome
    ]
    return done._replace(**{name: getattr(done, name) + 1})
