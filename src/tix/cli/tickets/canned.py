"""Canned replies on their way into a text: filled in for each ticket."""

from __future__ import annotations

from tix.typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.domain.tickets.references import Reference


def ready_made(desk: Desk, name: str) -> str:
    """The text of a canned reply. Raises UnknownName, NotAllowed."""
    from tix.desk.tickets import canned

    return canned.named(desk, name)


def whole(desk: Desk, reference: Reference, ready: str | None, body: str) -> str:
    """The canned reply for one ticket, and below it what was written."""
    if ready is None:
        return body
    from tix.desk.tickets import canned

    return canned.whole(desk, reference, ready, body)


def begun(desk: Desk, words: list[str], ready: str, body: str | None) -> str:
    """What the editor begins with: filled in for a single ticket, else as it stands; then what was written."""
    from tix.cli.tickets import references
    from tix.desk.tickets.canned import below

    parsed = None if "-" in words else references.parse(words)
    if parsed is None or not parsed.single:
        return below(ready, body or "")
    return whole(desk, parsed.references[0], ready, body or "")
