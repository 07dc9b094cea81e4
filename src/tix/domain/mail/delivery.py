"""When a mail is sent again, and what becomes of it: the states of one recipient, and the schedule of attempts.

Before the final dot of SMTP a failure is certain: the mail did not arrive, and is sent again for two days. A break at
the dot is uncertain: it may have arrived. RFC 5321, 4.2.5 and 6.1, leave the responsibility with the sender, so the
same bytes are sent again, but not at once and at most three times: a relay that answers late would otherwise send the
customer a copy at every attempt (freescout-help-desk/freescout#5457, hardware/mailserver#195).
"""

from __future__ import annotations

from tix.errors import Refused
from tix.typing import Literal, NamedTuple, get_args

State = Literal["queued", "sending", "sent", "failed", "uncertain", "held", "cancelled"]
STATES: tuple[State, ...] = get_args(State)

# What an attempt says of one recipient; ``uncertain``: the connection broke after the final dot was sent.
Outcome = Literal["accepted", "temporary", "permanent", "uncertain"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

Event = Literal[
    "release", "cancel", "lease", "accepted", "again", "refused", "expired", "unsure", "retry",
]  # fmt: skip

MINUTE = 60
HOUR = 60 * MINUTE

BACK_OFF = (1 * MINUTE, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE)  # then hourly
LAST_ATTEMPT = 48 * HOUR  # after the first became due
JITTER = 0.2  # of each wait, up or down
UNCERTAIN_WAIT = 15 * MINUTE
UNCERTAIN_REPEATS = 3


class Transition(NamedTuple):
    """In ``state``, ``event`` leads to ``next``."""

    state: State
    event: Event
    next: State
    why: str


TRANSITIONS: tuple[Transition, ...] = (
    Transition("held", "release", "queued", "the time for undoing it is over"),
    Transition("held", "cancel", "cancelled", "undone, or no longer wanted"),
    Transition("queued", "cancel", "cancelled", "undone, or no longer wanted"),
    Transition("queued", "lease", "sending", "a sender took it"),
    Transition(
        "sending", "cancel", "cancelled", "the recipient does not want it any longer, found before MAIL"
    ),
    Transition("sending", "accepted", "sent", "the relay took it"),
    Transition("sending", "again", "queued", "a temporary failure, or an uncertain one with repeats left"),
    Transition("sending", "refused", "failed", "the relay refused it permanently"),
    Transition("sending", "expired", "failed", "48 hours of temporary failures"),
    Transition("sending", "unsure", "uncertain", "it may have arrived, and is not sent again"),
    Transition("failed", "retry", "queued", "a person asks for it"),
    Transition("uncertain", "retry", "queued", "a person asks for it"),
)

_NEXT = {(row.state, row.event): row.next for row in TRANSITIONS}


class Delivery(NamedTuple):
    """Where one recipient's copy stands; times in UTC seconds.

    ``since`` is when it first became due, ``due`` when the next attempt may start (None where there is none).
    ``attempts`` counts those that ended temporarily, ``doubts`` those that may have arrived.
    """

    state: State
    since: int
    due: int | None
    attempts: int = 0
    doubts: int = 0


def new(now: int, hold: int = 0) -> Delivery:
    """Return a copy that is written at ``now`` and kept back for ``hold`` seconds; 0 sends it at once."""
    at = now + max(hold, 0)
    return Delivery("held" if hold > 0 else "queued", at, at)


def step(delivery: Delivery, event: Event) -> Delivery:
    """Return the copy after ``event``, its counts unchanged. Raises Refused where no transition allows it."""
    state = _NEXT.get((delivery.state, event))
    if state is None:
        raise Refused(f"a mail that is {delivery.state} cannot be {_DONE[event]}")
    return delivery._replace(state=state, due=delivery.due if state in {"queued", "sending"} else None)


_DONE: dict[Event, str] = {
    "release": "released", "cancel": "cancelled", "lease": "sent now", "accepted": "accepted", "again": "queued again",
    "refused": "refused", "expired": "given up", "unsure": "marked uncertain", "retry": "sent again",
}  # fmt: skip


def release(delivery: Delivery) -> Delivery:
    """Return a held copy as queued, due at the end of its hold. Raises Refused in another state."""
    return step(delivery, "release")._replace(due=delivery.since)


def retry(delivery: Delivery, now: int) -> Delivery:
    """Return a failed or uncertain copy as queued for a new row of attempts. Raises Refused in another state.

    A copy that may have arrived keeps one doubt, so that it never ends as ``failed``.
    """
    return step(delivery, "retry")._replace(since=now, due=now, attempts=0, doubts=min(delivery.doubts, 1))


def settle(delivery: Delivery, outcome: Outcome, now: int, random: float) -> Delivery:
    """Return a copy being sent after an attempt that ended at ``now``; ``random`` is in [0, 1).

    A copy that may have arrived at an earlier attempt never ends as ``failed``: a relay may refuse the repeat because
    it has the first. Raises Refused if the copy is not being sent, ValueError for another ``random``.
    """
    if not 0 <= random < 1:
        raise ValueError("random is a number in [0, 1)")
    doubts = delivery.doubts + (outcome == "uncertain")
    attempts = delivery.attempts + (outcome == "temporary")
    due = next_attempt(delivery.since, attempts, doubts, outcome, now, random)
    event = _event(outcome, doubts, due)
    return step(delivery, event)._replace(attempts=attempts, doubts=doubts, due=due)


def lease_lost(delivery: Delivery, *, at_dot: bool, now: int, random: float) -> Delivery:
    """Return a copy whose sender died or lost its lease: uncertain if ``at_dot``, else a temporary failure."""
    return settle(delivery, "uncertain" if at_dot else "temporary", now, random)


def next_attempt(
    since: int, attempts: int, doubts: int, outcome: Outcome, now: int, random: float
) -> int | None:
    """Return when the next attempt may start (UTC seconds), None where there is none.

    ``attempts`` and ``doubts`` count this one. Waits after temporary failures are 1, 2, 5, 15 and 30 minutes, then an
    hour each, ±20 % by ``random``; the last attempt is at 48 hours. After an uncertain one it is 15 minutes, three
    times.
    """
    end = since + LAST_ATTEMPT
    if outcome in {"accepted", "permanent"} or now >= end:
        return None
    if outcome == "uncertain":
        return now + UNCERTAIN_WAIT if doubts <= UNCERTAIN_REPEATS else None
    wait = BACK_OFF[attempts - 1] if attempts <= len(BACK_OFF) else HOUR
    return min(now + round(wait * (1 - JITTER + 2 * JITTER * random)), end)


def _event(outcome: Outcome, doubts: int, due: int | None) -> Event:
    if outcome == "accepted":
        return "accepted"
    if due is not None:
        return "again"
    if doubts:
        return "unsure"
    return "refused" if outcome == "permanent" else "expired"
