"""Add files to a ticket without a message, and remove files from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tix.desk.context import Desk
from tix.desk.tickets import read
from tix.desk.tickets.change import change
from tix.desk.tickets.files import Upload, keep
from tix.desk.tickets.outcome import Outcome
from tix.desk.tickets.parties import speaker
from tix.desk.tickets.read import FullTicket
from tix.domain.permissions import require
from tix.domain.tickets import lifecycle
from tix.domain.tickets.references import Reference
from tix.domain.tickets.ticket import Ticket
from tix.domain.tickets.timeline import File, Item, event
from tix.errors import Merged, NotFound
from tix.store.search import index
from tix.store.tickets import timeline
from tix.typing import Any, NamedTuple, TypeVar
from tix.words.sentence import Said

T = TypeVar("T")


class Attached(NamedTuple):
    """A file and the timeline item it is attached to."""

    file: File
    item: Item


def files_of(whole: FullTicket) -> list[Attached]:
    """Return the files of a ticket, in the order of its thread."""
    return [Attached(file, line.item) for line in whole.lines for file in line.item.files]


def choose(
    found: list[T], words: Sequence[str | int], ref: str, named: Callable[[T], tuple[int | None, str]]
) -> list[T]:
    """Return the files that ``words`` name by id or file name; all of them for no word. Raises NotFound.

    A number names the file with that id alone. ``named`` returns the id and the name of one.
    """
    if not words:
        return found
    chosen: list[T] = []
    for word in words:
        hits = [one for one in found if str(named(one)[0]) == str(word)]
        hits = hits or [one for one in found if named(one)[1] == word]
        if not hits:
            raise NotFound(
                Said("{ref} has no file '{word}'", ref=ref, word=word), hint=f"tix attach list {ref}"
            )
        chosen += [hit for hit in hits if hit not in chosen]
    return chosen


def content(desk: Desk, sha256: str) -> bytes:
    """Return the bytes of an attachment of a ticket already read, by their digest."""
    return timeline.blob(desk.store, sha256) or b""


def get(desk: Desk, reference: Reference, file_id: int) -> Attached:
    """Return the attachment with an id, if the actor may see it. Raises NotFound, also for one they may not see."""
    require(desk.actor, "attach save")
    whole = read.whole(desk, reference)
    for one in files_of(whole):
        if one.file.id == file_id:
            return one
    raise NotFound(
        Said("{ref} has no file with the id {file_id}", ref=whole.ticket.ref, file_id=file_id),
        hint=f"tix attach list {whole.ticket.ref}",
    )


def copy(desk: Desk, one: Attached, write: Callable[[bytes], Any], start: int, size: int) -> None:
    """Hand ``size`` bytes of an attachment to ``write``, from ``start`` on, a piece at a time.

    Nobody can write to the desk until it returns: ``write`` must not wait for a client.
    """
    timeline.copy_blob(desk.store, one.file.sha256, write, start, size)


def add(desk: Desk, reference: Reference, uploads: Sequence[Upload]) -> Outcome:
    """Attach files: a requester's count as a message without text, those of staff are internal."""

    def decide(ticket: Ticket) -> list[Item]:
        author = speaker(desk, ticket)
        files = keep(desk, uploads)
        if author.side == "requester":
            return lifecycle.reply(ticket, desk.rules_of(ticket), author, "", files)
        lifecycle.refuse_final(ticket, desk.rules_of(ticket))
        names = ", ".join(file.name for file in files)
        return [event("attached", author, field="attachments", new=names, files=files)]

    return change(desk, reference, "attach add", decide)


def remove(desk: Desk, reference: Reference, words: Sequence[str | int]) -> Outcome:
    """Delete files permanently, named as in ``choose``; the timeline keeps a record that they existed.

    Raises NotFound, Merged.
    """

    def decide(ticket: Ticket) -> list[Item]:
        lifecycle.refuse_final(ticket, desk.rules_of(ticket))
        assert ticket.id is not None
        lines = timeline.timeline(desk.store, ticket.id, desk.scope)
        found = [Attached(file, line.item) for line in lines for file in line.item.files]
        came = {line.item.id: line.origin for line in lines if line.origin is not None}
        items = []
        public, internal = ticket.attachments, ticket.internal_attachments
        for one in choose(found, words, ticket.ref, lambda one: (one.file.id, one.file.name)):
            if one.item.id in came:
                raise Merged(
                    f"{one.file.name} belongs to {came[one.item.id]}, which is merged into {ticket.ref}",
                    hint=f"tix unmerge {came[one.item.id]}, then remove the file there",
                )
            if one.item.internal:
                internal -= 1
            else:
                public -= 1
            items.append(
                event(
                    "attached",
                    desk.author(),
                    field="attachments",
                    old=one.file.name,
                    sets={"attachments": public, "internal_attachments": internal},
                )
            )
            index.drop_file(desk.store, ticket.id, one.item, one.file.id, one.file.sha256)
        index.optimize(desk.store)
        return items

    return change(desk, reference, "attach rm", decide)
