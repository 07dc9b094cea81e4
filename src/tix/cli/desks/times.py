"""Time entries, by their number."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tix.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tix.cli.options import One
    from tix.cli.session import Session
    from tix.desk.tickets.outcome import Outcome

Records = Callable[[], Iterable[dict[str, Any]]]


def remove(session: Session, number: int, how: One) -> tuple[Outcome, Records]:
    """Delete a time entry; return its ticket, and what finds its record. Raises NotFound, NotAllowed, Refused."""
    from tix.cli.tickets.bulk import Change
    from tix.cli.tickets.single import done_to
    from tix.domain.tickets.references import Reference

    remote = session.remote
    if remote is not None:
        from tix.cli.tickets import on_server

        for name, value in zip(("--dry-run", "--if-version", "--idempotency-key"), how, strict=True):
            remote.refuse(f"{name} with tix time rm", value)
        outcome, record = on_server.written(remote, remote.send("DELETE", f"time/{number}"))
        return outcome, lambda: [record]
    from tix.desk.billing import time_entries

    ticket = time_entries.ticket_of(session.reader(), number)
    change = Change(lambda: lambda desk, _: time_entries.remove(desk, number), "time")
    if ticket is None:  # perhaps its key has removed it; else removing it says that there is none
        how = how._replace(if_version=None)
    return done_to(session, Reference(None, ticket or 0), change, how)
