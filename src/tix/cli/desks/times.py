"""Time entries, by their number."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tix.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tix.cli.session import Session
    from tix.desk.tickets.outcome import Outcome

Records = Callable[[], Iterable[dict[str, Any]]]


def remove(session: Session, number: int) -> tuple[Outcome, Records]:
    """Delete a time entry; return its ticket, and what finds its record. Raises NotFound, NotAllowed, Refused."""
    remote = session.remote
    if remote is not None:
        from tix.cli.tickets import on_server

        outcome, record = on_server.written(remote, remote.send("DELETE", f"time/{number}"))
        return outcome, lambda: [record]
    from tix.cli.tickets.bulk import records_of
    from tix.desk.billing import time_entries

    desk = session.writer()
    outcome = time_entries.remove(desk, number)
    return outcome, lambda: records_of(desk, [outcome])
