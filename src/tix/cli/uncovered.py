"""Say which work no invoice covers, because its tickets belong to no client."""

from __future__ import annotations

from tix.typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tix.cli.session import Session

_MOST_NAMED = 5


def tell_uncovered(session: Session) -> None:
    """Say how much unbilled work is on tickets without a client, where there is some."""
    from tix.desk.billing.invoices import uncovered
    from tix.domain.times import format_work
    from tix.render.words import counted

    if session.remote is not None:
        return
    found = uncovered(session.reader())
    if not found.refs:
        return
    more = len(found.refs) - _MOST_NAMED
    named = ", ".join(found.refs[:_MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")
    many = counted(len(found.refs), "ticket")
    session.say(f"Not covered: {format_work(found.seconds)} on {many} without a client ({named}).")
    session.say(f"To bill it, set the client: tix edit {found.refs[0]} --client NAME")
