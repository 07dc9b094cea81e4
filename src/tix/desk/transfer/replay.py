"""Replay imported records through the domain, as if everything had happened on this desk.

Times are the source's; dates, counts and flags follow from the same functions every channel uses. Two things
differ from a live desk: nothing is refused, because it has happened, and a comment on a closed ticket does not
reopen it (the source records itself when a ticket was reopened).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tix.desk.transfer import own_columns
from tix.desk.transfer.kept_files import KeptFiles
from tix.desk.transfer.people import Member, PeopleMap
from tix.desk.transfer.places import ImportedPlaces, Places
from tix.desk.transfer.translation import Translation, of_phase
from tix.domain.billing import time_entries
from tix.domain.organisation import Priority
from tix.domain.people import Side
from tix.domain.tickets import due_dates, edit, followers, lifecycle
from tix.domain.tickets.policy import TicketPolicy
from tix.domain.tickets.ticket import Ticket, opened, play, tags_text
from tix.domain.tickets.timeline import IMPORTED, Author, File, Item, Work, entry
from tix.domain.workflows.workflow import Status
from tix.importers.record import (
    ImportedAuthor,
    ImportedChange,
    ImportedComment,
    ImportedFile,
    ImportedTicket,
    ImportedWork,
)
from tix.typing import Any, NamedTuple


class ReplayContext(NamedTuple):
    """What replaying needs of the desk: its rules, priorities (lowest first), prefix, and who imports.

    ``places`` maps names to the desk's resources; without it they are kept as text.
    """

    rules: TicketPolicy
    priorities: Sequence[Priority]
    default_priority: Priority
    prefix: str
    importer: str
    places: Places | None = None
    translation: Translation | None = None
    files: KeptFiles | None = None


# The values that make a resolved ticket close automatically.
_LAPSES = frozenset({"lapses_at", "lapses_to"})


class Replayed(NamedTuple):
    """A ticket without a number (0), and its timeline items."""

    ticket: Ticket
    items: list[Item]


def played(story: ImportedTicket, uid: str, stage: ReplayContext, cast: PeopleMap) -> Replayed:
    """Return the ticket of an imported record. Its number is 0 until it is stored."""
    placed = _placed(story, stage)
    if placed.rules is not stage.rules:
        stage = stage._replace(rules=placed.rules)
    translation = stage.translation or Translation()
    target = translation.status(story, placed.rules.workflow)
    if target is not None and story.ending is not None:
        story = story._replace(turns=story.ending.turns(target.phase, story.created_at))
    if placed.left:
        left = ImportedComment(story.created_at, None, "\n".join(placed.left), internal=True)
        story = story._replace(remarks=(left, *story.remarks))
    author = cast.member(story.author or story.requester)
    requester = author if story.requester is None else cast.member(story.requester)
    opening = _opening(story, stage, placed.values, author, requester, cast)
    items = [opening]
    prefix = stage.prefix if story.own is None else story.own.get("prefix", stage.prefix)
    ticket = opened(0, prefix, uid, opening)

    def add(more: list[Item]) -> None:
        nonlocal ticket
        items.extend(more)
        ticket = play(ticket, more)

    add(_followed(ticket, stage, story, cast))
    if ticket.due_at is not None and ticket.due_at <= story.created_at:
        add([edit.overdue_already(story.created_at)])
    if story.assignee is not None and ticket.assignee is None:
        add([_holder_note(story, stage)])
    for at, step in _steps(story):
        add(lifecycle.settle(ticket, at))
        if isinstance(step, ImportedChange):
            add(_turned(ticket, stage, step, at, story, target, cast))
        else:
            add([_done(ticket, stage, step, at, cast)])
    add(_last_status(ticket, stage, story, target))
    if story.own is not None:
        add(own_columns.restored(ticket, story, stage.importer, cast))
    return Replayed(ticket, items)


def _placed(story: ImportedTicket, stage: ReplayContext) -> ImportedPlaces:
    """Return its routing on this desk."""
    if stage.places is not None and (story.places or story.assets or story.answers):
        return stage.places.placed(story, stage.rules)
    left = [f"{name}: {word}" for name, word in story.places.items()]
    left += [f"asset: {name}" for name in story.assets]
    left += [f"field.{key}: {text}" for key, text in story.answers.items()]
    return ImportedPlaces({}, stage.rules, tuple(left))


def _opening(
    story: ImportedTicket,
    stage: ReplayContext,
    places: dict[str, Any],
    author: Member,
    requester: Member,
    cast: PeopleMap,
) -> Item:
    first = stage.rules.workflow.first
    priority = (stage.translation or Translation()).priority(
        story.priority, stage.priorities, stage.default_priority, must_know=story.must_know
    )
    holder = None if story.assignee is None else cast.member(story.assignee, known_only=True)
    tags = tags_text(tag for word in story.tags if (tag := _tag(word)))
    values: dict[str, Any] = {
        "subject": story.subject,
        "status": first.name,
        "phase": first.phase,
        "priority": priority.name,
        "rank": priority.rank,
        "requester": requester.login,
        "creator": author.login,
        "source": story.source or "other",
    }
    optional = {
        "assignee": holder.login if holder is not None and holder.is_staff else None,
        "type": (stage.translation or Translation()).type(story.type),
        "category": story.category,
        "about": _about(story.about),
        "email": story.email or requester.email,
        "phone": story.phone,
        "tags": tags,
        "due_at": story.due_at,
        "due_by_hand": None if story.due_at is None else 1,
        **places,
    }
    dates = due_dates.first_dates(stage.rules.plan, stage.rules.calendar, priority.name, story.created_at)
    optional = dates | {name: value for name, value in optional.items() if value is not None}
    values |= {name: value for name, value in optional.items() if value is not None}
    files, body = _kept(stage, story.files, story.body)
    return lifecycle.open_ticket(
        _stamp(author.login, "requester", story.created_at, stage), body, values, files
    )


def _kept(stage: ReplayContext, files: Sequence[ImportedFile], body: str) -> tuple[tuple[File, ...], str]:
    """Return the files that the desk keeps, and the body with a line for each of the others."""
    if not files or stage.files is None:
        return (), body
    taken, left = stage.files.take(files)
    return taken, "\n\n".join(part for part in (body.rstrip(), "\n".join(left)) if part) if left else body


def _stamp(by: str | None, side: Side, at: int, stage: ReplayContext) -> Author:
    """Return the author of an item, ``via`` the importer; none where these are the same person."""
    return Author(by, None if by == stage.importer else stage.importer, side, at)


Step = ImportedComment | ImportedWork | ImportedChange


def _steps(story: ImportedTicket) -> Iterator[tuple[int, Step]]:
    """Yield what happened by time, comments first at the same instant, nothing before the first message."""
    steps: list[tuple[int, int, int, Step]] = []
    kinds: tuple[Sequence[Step], ...] = (story.remarks, story.work, story.turns)
    for rank, told in enumerate(kinds):
        steps += [(max(step.at, story.created_at), rank, place, step) for place, step in enumerate(told)]
    steps.sort(key=lambda step: step[:3])
    return ((at, step) for at, _, _, step in steps)


# ------------------------------------------------------------------------------------------ what was said


def _done(
    ticket: Ticket, stage: ReplayContext, step: ImportedComment | ImportedWork, at: int, cast: PeopleMap
) -> Item:
    if isinstance(step, ImportedWork):
        return _worked(ticket, stage, step, at, cast)
    return _said(ticket, stage, step, at, cast)


def _said(ticket: Ticket, stage: ReplayContext, remark: ImportedComment, at: int, cast: PeopleMap) -> Item:
    files, body = _kept(stage, remark.files, remark.body)
    if remark.internal:
        login = stage.importer if remark.by is None else cast.member(remark.by).login
        return entry("note", body, _stamp(login, "staff", at, stage), files)
    member = cast.member(remark.by)
    is_staff = member.is_staff and member.login != ticket.requester
    author = _stamp(member.login, "staff" if is_staff else "requester", at, stage)
    if stage.rules.workflow.status(ticket.status).final:
        # This desk allows no replies in a final status, but the source did.
        return entry("reply" if is_staff else "message", body, author, files)
    return lifecycle.speak(ticket, stage.rules, author, body, files)


def _followed(ticket: Ticket, stage: ReplayContext, story: ImportedTicket, cast: PeopleMap) -> list[Item]:
    """Return the events by which those who followed it in the source follow it here."""
    if not story.watchers:
        return []
    whom = dict.fromkeys(cast.member(one).login for one in story.watchers)
    author = Author(None, stage.importer, "system", story.created_at)
    return [event._replace(reason=IMPORTED) for event in followers.follow(ticket, whom, author)]


def _worked(ticket: Ticket, stage: ReplayContext, work: ImportedWork, at: int, cast: PeopleMap) -> Item:
    """Return the time entry; what was worked elsewhere is on no invoice of this desk."""
    login = stage.importer if work.by is None else cast.member(work.by).login
    author = _stamp(login, "staff", at, stage)
    told = Work(work.at, work.seconds, billable=False)
    return time_entries.added(ticket, stage.rules.unended(), author, told, work.text)


def _holder_note(story: ImportedTicket, stage: ReplayContext) -> Item:
    """Return a note with the source's assignee; on this desk only its own staff can be assigned."""
    assert story.assignee is not None
    where = "" if story.about is None else f" ({story.about})"
    author = Author(stage.importer, None, "staff", story.created_at)
    return entry("note", f"Assigned to {_named(story.assignee)} in the source{where}.", author)


def _named(voice: ImportedAuthor) -> str:
    return voice.login or voice.name or voice.email or "somebody"


# ----------------------------------------------------------------------------------------------- its status


def _turned(
    ticket: Ticket,
    stage: ReplayContext,
    turn: ImportedChange,
    at: int,
    story: ImportedTicket,
    last: Status | None,
    cast: PeopleMap,
) -> list[Item]:
    workflow = stage.rules.workflow
    is_last = turn is story.turns[-1]
    step = (stage.translation or Translation()).step(turn, workflow)
    if is_last and last is not None and (last.phase != "open") == turn.closed and (turn.closed or step):
        target = last
    elif step is not None:
        target = step
    elif not turn.closed:
        target = workflow.first
    else:
        target = of_phase(workflow, "resolved" if turn.resolved else "closed")
        if turn.resolved and target.phase == "closed" and not is_last:
            return []  # this workflow has no resolved status: the ticket ends when it is closed
    if target.name == ticket.status:
        return []
    if turn.by is None:
        author = _stamp(None, "system", at, stage)
    else:
        member = cast.member(turn.by)
        is_staff = member.is_staff and member.login != ticket.requester
        author = _stamp(member.login, "staff" if is_staff else "requester", at, stage)
    moved = _moved(ticket, stage, target, author)
    if is_last:
        return [moved]
    # The source records what happened next, so no auto-close in between.
    sets = {name: value for name, value in (moved.sets or {}).items() if name not in _LAPSES}
    return [moved._replace(sets=sets)]


def _last_status(
    ticket: Ticket, stage: ReplayContext, story: ImportedTicket, target: Status | None
) -> list[Item]:
    """Return the change to an open status other than the first, at the time of the last update, by nobody known."""
    if target is None or ticket.phase != "open":
        return []
    if target.phase != "open" or target.name == ticket.status:
        return []
    at = max(ticket.updated_at, story.updated_at or 0)
    passed = lifecycle.settle(ticket, at)
    author = _stamp(None, "system", at, stage)
    return [*passed, _moved(play(ticket, passed), stage, target, author)]


def _moved(ticket: Ticket, stage: ReplayContext, target: Status, author: Author) -> Item:
    """Return the status change, which a later import of a newer file recognises by its reason."""
    moved = lifecycle.move(ticket, stage.rules, target, author)
    return moved._replace(reason=moved.reason or IMPORTED)


# ----------------------------------------------------------------------------------------------- its values


def _tag(word: str) -> str:
    """Return ``Good first issue`` as ``good-first-issue``: tags are one word."""
    joined = "-".join(word.lower().replace(",", " ").split())
    return "".join(char for char in joined if char.isprintable())


def _about(text: str | None) -> str | None:
    """Return ``KIND:REF``; text without a kind gets the kind ``other``."""
    words = (text or "").strip()
    kind, colon, rest = words.partition(":")
    if not words:
        return None
    if colon and kind and rest and not any(char.isspace() for char in kind):
        return f"{kind.lower()}:{rest}"
    return f"other:{words}"
