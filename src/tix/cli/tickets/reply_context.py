"""Validate everything else before asking for a text, so that nobody writes in vain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tix.cli.session import Session
from tix.cli.tickets import references

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.domain.tickets.timeline import Work


def prepare(session: Session, words: list[str], verb: str, status: str | None = None) -> tuple[Desk, str]:
    """Looks the tickets up before the text is asked for; the desk, and the thread to show in the editor.

    Of several tickets the failures come later, one by one; a single one fails here. References on stdin
    are read once, by the write itself.
    """
    from tix.desk.tickets import read
    from tix.domain.permissions import require

    desk = session.reader()
    if status is not None:
        desk.find_statuses(status)
    if "-" in words:
        return desk, ""
    parsed = references.parse(words)
    if not parsed.single:
        return desk, ""
    (reference,) = parsed.references
    whole = read.whole(desk, reference)
    require(desk.actor, verb)
    return desk, thread_of(whole) if session.may_ask else ""


def spent(session: Session, worked: str | None) -> Work | None:
    """The time that ``--time`` says went into a text. Raises InvalidValue."""
    if worked is None:
        return None
    from tix.domain.billing.time_entries import parse_worked
    from tix.domain.tickets.timeline import Work

    return Work(session.now, parse_worked(worked))


def thread_of(whole: object) -> str:
    """What stands below the text in the editor: what people wrote, oldest first."""
    from tix.desk.tickets.read import FullTicket
    from tix.domain.times import instant

    assert isinstance(whole, FullTicket)
    lines = [f"{whole.ticket.ref}  {whole.ticket.subject}"]
    for line in whole.lines:
        if line.item.body is not None:
            kind = "internal note" if line.item.internal else line.item.kind
            lines += [
                "",
                f"{line.by_name or line.item.by} ({kind}), {instant(line.item.at)}:",
                line.item.body,
            ]
    return "\n".join(lines)
