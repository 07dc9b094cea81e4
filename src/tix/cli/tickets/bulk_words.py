"""What is said of a write to tickets, of one or of many."""

from __future__ import annotations

from tix.typing import TYPE_CHECKING
from tix.words.sentence import Said

if TYPE_CHECKING:
    from tix.cli.session import Session
    from tix.desk.tickets.outcome import Outcome


def repeated(ref: str) -> str:
    """Return what is said of a write that happened under its key before."""
    return Said("{ref}: done before with this key; nothing was written.", ref=ref)


def blocked(ref: str, by: str, status: str) -> str:
    """Return that a ticket was ended which another one still blocks."""
    named = Said.named("status", status)
    return Said("{ref} is still blocked by {other} ({status}).", ref=ref, other=by, status=named)


def reopened(ref: str, status: str) -> str:
    """Return that a write has reopened a ticket."""
    named = Said.named("status", status)
    return Said("Reopened {ref}; status is now {status}.", ref=ref, status=named)


def stopped(done: int, count: int) -> str:
    """Return how far a write to many tickets came that has failed."""
    return Said.counted(
        "Stopped after {n} ticket of {count:,}; they are done.",
        "Stopped after {n} tickets of {count:,}; they are done.",
        done,
        count=count,
    )


def summed(written: int, so: int, *, rehearses: bool, has_way_back: bool) -> str:
    """Return how many tickets a write has changed, or would change: ``3 tickets changed; 1 unchanged``."""
    if rehearses:
        said = Said.counted("Would change {n} ticket", "Would change {n} tickets", written)
    else:
        said = Said.counted("{n} ticket changed", "{n} tickets changed", written)
    if so:
        said = Said("{changed}; {n:,} unchanged", changed=said, n=so)
    if has_way_back and not rehearses:
        return Said("{changed}; tix undo takes it back.", changed=said)
    return Said("{changed}.", changed=said)


def say_where(session: Session, outcome: Outcome) -> None:
    """That a write is on another ticket than the one that was named: also to a script."""
    if outcome.merged is not None:
        session.say(
            Said(
                "{merged} is merged into {place}; written to {place} instead.",
                merged=outcome.merged,
                place=outcome.place,
            )
        )
