"""Sessions as records; never with their keys or the digests of those."""

from __future__ import annotations

from tix.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tix.domain.accounts.sessions import Lifetime, Session

FIELDS = ("login", "created_at", "seen_at", "ends_at", "source", "agent")


def record(session: Session, lifetime: Lifetime) -> dict[str, Any]:
    """Return a session as a record; ``ends_at`` is when it ends unless it is used again."""
    from tix.domain.times import instant

    return {
        "login": session.login,
        "created_at": instant(session.created_at),
        "seen_at": instant(session.seen_at),
        "ends_at": instant(session.ends_at(lifetime)),
        "source": session.source,
        "agent": session.agent,
    }
