"""Give a ticket of our own table the columns of its row that replaying it does not give."""

from __future__ import annotations

from tix.desk.transfer.people import PeopleMap
from tix.domain.json_columns import dumps, loads
from tix.domain.people import is_login
from tix.domain.tickets.ticket import Ticket
from tix.domain.tickets.timeline import Author, Item, event
from tix.importers.record import ImportedAuthor, ImportedComment, ImportedTicket
from tix.typing import Any

_RATING = ("rating", "rating_comment", "rated_at")
# Never without the other: when a resolved ticket closes, and to which status.
_LAPSES = ("lapses_at", "lapses_to")
_NOT_EMPTY = ("updated_at", "last_activity_at")


def without_rating(story: ImportedTicket) -> ImportedTicket:
    """Return the story of somebody whose word on a rating is not enough: it becomes an internal note."""
    if story.own is None or story.own.get("rating") is None:
        return story
    own = {name: value for name, value in story.own.items() if name not in _RATING}
    words = [f"{name}: {story.own[name]}" for name in _RATING[:2] if story.own.get(name) is not None]
    note = ImportedComment(story.created_at, None, "\n".join(words), internal=True)
    return story._replace(own=own, remarks=(note, *story.remarks))


def restored(ticket: Ticket, story: ImportedTicket, importer: str, cast: PeopleMap) -> list[Item]:
    """Return the event that makes a replayed ticket what its row says; empty if it is so already."""
    wanted = _wanted(ticket, story, cast)
    sets = {name: value for name, value in wanted.items() if getattr(ticket, name) != value}
    if not sets:
        return []
    at = max(ticket.updated_at, wanted.get("updated_at", 0))
    sets.setdefault("version", ticket.version)
    return [event("imported", Author(importer, None, "staff", at), sets=sets)]


def _wanted(ticket: Ticket, story: ImportedTicket, cast: PeopleMap) -> dict[str, Any]:
    wanted = {
        name: value
        for name, value in (story.own or {}).items()
        if name != "prefix" and not (name in _NOT_EMPTY and value is None)
    }
    if wanted.get("last_replier") is not None:
        wanted["last_replier"] = cast.member(ImportedAuthor(wanted["last_replier"])).login
    if wanted.get("watchers") is not None:
        wanted["watchers"] = dumps([_follower(word, cast) for word in loads(wanted["watchers"])])
    if "lapses_at" in wanted:
        if ticket.lapses_to is None:
            del wanted["lapses_at"]  # this desk closes nothing by itself
        elif wanted["lapses_at"] is None:
            wanted["lapses_to"] = None
    return wanted


def _follower(word: str, cast: PeopleMap) -> str:
    return cast.member(ImportedAuthor(word)).login if is_login(word) else word
