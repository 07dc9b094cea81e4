"""A board of Trello, exported as JSON (Menu, Print, export and share, Export as JSON).

A card becomes a ticket; the list it is in is its status, as far as its name is one. A board is one object whose parts
refer to each other, so it is read as a whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from tix.errors import InvalidValue
from tix.importers import fields as read
from tix.importers import vocabulary
from tix.importers.assembly import asides, batch
from tix.importers.assembly.attached import FileFinder
from tix.importers.assembly.dates import CreationDates
from tix.importers.assembly.history import change, history
from tix.importers.assembly.people import author
from tix.importers.fields import Record
from tix.importers.files import document
from tix.importers.record import (
    Ending,
    ImportedAuthor,
    ImportedChange,
    ImportedComment,
    ImportedTicket,
    Notice,
)
from tix.importers.request import Request, Told
from tix.importers.trackers.tracker import Head, Tracker

_BOARD = frozenset({"idOrganization", "prefs", "shortLink", "labelNames", "idEnterprise", "lists", "cards"})
_CARD = frozenset({"idBoard", "idList", "idShort", "idMembers"})
_MOST_ACTIONS = 1000  # what an export has of them, the newest


def _likeness(head: Head) -> int:
    if head.text[0] == "{" and len(head.keys & _BOARD) >= 3:
        return 95
    if head.text[0] in "[{" and len(head.keys & _CARD) >= 2 and "name" in head.keys:
        return 90
    return 0


def _stories(asked: Request) -> Iterator[Told]:
    value = document(asked.stream)
    board = {"cards": value} if isinstance(value, list) else value
    if isinstance(board, dict) and "cards" not in board and "idList" in board:
        board = {"cards": [board]}
    if not isinstance(board, dict) or not isinstance(board.get("cards"), list):
        raise InvalidValue("the file is no board of Trello: it has no list of cards")
    reader = _Reader(board, asked)
    yield from batch.told(board["cards"], reader.story, "name")
    if len(board.get("actions") or ()) >= _MOST_ACTIONS:
        words = (
            f"the board has its newest {_MOST_ACTIONS:,} actions only; older comments are not in this file"
        )
        yield Notice(words, words)
    yield from reader.dates.notices()


class _Reader:
    """Reads the cards of one board. ``dates`` are those when they were created."""

    def __init__(self, board: Record, asked: Request) -> None:
        self.dates = CreationDates(asked.now)
        self._files = FileFinder(asked.path)
        self._people = {asides.word(one, "id"): _person(one) for one in _dicts(board, "members")}
        self._lists = {asides.word(one, "id"): one for one in _dicts(board, "lists")}
        self._fields = {asides.word(one, "id"): one for one in _dicts(board, "customFields")}
        self._checklists: dict[str, list[Record]] = defaultdict(list)
        for one in _dicts(board, "checklists"):
            self._checklists[asides.word(one, "idCard")].append(one)
        self._actions: dict[str, list[Record]] = defaultdict(list)
        for action in _dicts(board, "actions"):
            card = batch.inner(batch.inner(action, "data"), "card")
            self._actions[asides.word(card, "id")].append(action)

    def story(self, card: Record) -> ImportedTicket:
        """Return a card as an imported ticket. Raises BrokenRecord."""
        number = batch.number(card, "id")
        actions = sorted(
            (*self._actions[number], *read.records(card, "actions")), key=lambda one: asides.word(one, "date")
        )
        born = next((one for one in actions if "reateCard" in asides.word(one, "type")), None)
        updated_at = read.instant(card, "dateLastActivity")
        created_at = _born_at(number) if born is None else read.instant(born, "date")
        created_at = self.dates.of(created_at, (updated_at,))
        place = self._lists.get(asides.word(card, "idList"), {})
        word = asides.word(place, "name")
        status = vocabulary.status(word)
        if card.get("closed") is True or place.get("closed") is True:
            status = "closed"
        elif card.get("dueComplete") is True and status not in ("resolved", "closed"):
            status = "resolved"
        ending = Ending(None, None, created_at if updated_at is None else updated_at)
        past = history(self._changes(actions), status, ending, created_at)
        members = [self._member(one) for one in card.get("idMembers") or () if isinstance(one, str)]
        members = [*members, *(_person(one) for one in read.records(card, "members"))]
        people = list(dict.fromkeys(one for one in members if one is not None))
        files = self._files.of(card, "attachments", ("name", "fileName"), ("url",), number)
        remarks = [*self._asides(card, word, people, files.lines, created_at), *_said(actions, created_at)]
        own = status == vocabulary.status(word)
        return ImportedTicket(
            key=f"trello/{number}",
            about=f"trello:{asides.word(card, 'shortLink') or number}",
            subject=read.subject(card, "name"),
            body=self._body(card, number),
            author=None if born is None else _person(born.get("memberCreator")),
            created_at=created_at,
            remarks=tuple(sorted(remarks, key=lambda said: said.at)),
            turns=past.turns,
            ending=past.ending,
            status=status,
            status_word=word if word and own else None,
            assignee=people[0] if people else None,
            tags=read.distinct(_labels(card)),
            due_at=read.due(card, "due"),
            updated_at=updated_at,
            files=files.files,
        )

    def _member(self, number: str) -> ImportedAuthor | None:
        return self._people.get(number) or ImportedAuthor(f"trello-{number}")

    def _body(self, card: Record, number: str) -> str:
        """Return the description, and its checklists below."""
        parts = [read.text(card, "desc")]
        for one in (*self._checklists[number], *read.records(card, "checklists")):
            items = sorted(read.records(one, "checkItems"), key=_position)
            marks = (
                f"- [{'x' if item.get('state') == 'complete' else ' '}] {asides.word(item, 'name')}"
                for item in items
            )
            parts.append("\n".join((f"## {asides.word(one, 'name') or 'Checklist'}\n", *marks)))
        return "\n\n".join(part for part in parts if part)

    def _changes(self, actions: list[Record]) -> Iterator[ImportedChange]:
        for action in actions:
            data = batch.inner(action, "data")
            at = read.instant(action, "date")
            by = _person(action.get("memberCreator"))
            if asides.word(action, "type") != "updateCard" or at is None:
                continue
            after = asides.word(batch.inner(data, "listAfter"), "name")
            if after:
                yield change(at, by, vocabulary.status(after) or "open", after)
            old = batch.inner(data, "old")
            if "closed" in old and "closed" in batch.inner(data, "card"):
                yield change(at, by, "closed" if data["card"]["closed"] is True else "open")

    def _asides(
        self,
        card: Record,
        word: str,
        people: list[ImportedAuthor],
        files: tuple[str, ...],
        created_at: int,
    ) -> Iterator[ImportedComment]:
        lines = [
            asides.line("List", word),
            asides.line("Archived", True) if card.get("closed") is True else "",
            asides.people("Also assigned", people[1:]),
            asides.line("Start", asides.word(card, "start")),
            *self._answers(card),
            *files,
        ]
        yield from asides.aside(lines, created_at)

    def _answers(self, card: Record) -> Iterator[str]:
        for item in read.records(card, "customFieldItems"):
            field = self._fields.get(asides.word(item, "idCustomField"), {})
            value = batch.inner(item, "value")
            words = next((asides.word(value, name) for name in value), "")
            for option in read.records(field, "options") if not words else ():
                if asides.word(option, "id") == asides.word(item, "idValue"):
                    words = asides.word(batch.inner(option, "value"), "text")
            yield asides.line(asides.word(field, "name") or "Custom field", words)


def _dicts(board: Record, name: str) -> list[Record]:
    value = board.get(name)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _person(value: object) -> ImportedAuthor | None:
    return author(value) if isinstance(value, dict) else None


def _position(item: Record) -> float:
    value = item.get("pos")
    return value if isinstance(value, int | float) and not isinstance(value, bool) and value == value else 0  # noqa: PLR0124


def _born_at(number: str) -> int | None:
    """Return when an object of Trello was made: its id begins with the seconds since 1970."""
    try:
        return int(number[:8], 16) if len(number) == 24 else None
    except ValueError:
        return None


def _labels(card: Record) -> Iterator[str]:
    for label in read.records(card, "labels"):
        yield asides.word(label, "name") or asides.word(label, "color")


def _said(actions: list[Record], created_at: int) -> Iterator[ImportedComment]:
    for action in actions:
        body = read.text(batch.inner(action, "data"), "text")
        if asides.word(action, "type") in ("commentCard", "copyCommentCard") and body.strip():
            at = read.instant(action, "date")
            yield ImportedComment(
                created_at if at is None else at, _person(action.get("memberCreator")), body
            )


TRACKER = Tracker("trello", "Trello, board as JSON", _likeness, _stories)
