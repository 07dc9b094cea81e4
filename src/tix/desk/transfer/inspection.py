"""Look at a file before it is imported: how much there is, and which of its words this desk understands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from tix.desk.context import Desk
from tix.desk.transfer.translation import Translation, check_words
from tix.domain.permissions import require
from tix.errors import InvalidValue
from tix.importers.archive import ArchiveRecord
from tix.importers.record import Fault, ImportedAuthor, ImportedTicket, Notice
from tix.store.setup import repository
from tix.typing import Any, NamedTuple

MOST_PREVIEWED = 5


class WordSeen(NamedTuple):
    """A word of the file for a ``status``, ``priority`` or ``type``: how often, and what it is here.

    ``here`` is None where the desk does not understand it.
    """

    field: str
    word: str
    records: int
    here: str | None


class ImportInspection(NamedTuple):
    """What a file holds: how many tickets, entries and people, and when the first and the last were created.

    Times are UTC seconds, None where there is no ticket. ``faults`` are the first records that cannot be read, of
    ``broken``; ``previews`` the first tickets.
    """

    tickets: int
    entries: int
    people: int
    first: int | None
    last: int | None
    words: tuple[WordSeen, ...]
    broken: int
    faults: tuple[Fault, ...]
    notices: tuple[str, ...]
    previews: tuple[ImportedTicket, ...]

    def unknown(self, field: str) -> list[WordSeen]:
        """Words for a field that the desk does not understand, the most frequent first."""
        return [one for one in self.words if one.field == field and one.here is None]


def inspect(desk: Desk, told: Iterable[Any], translation: Translation) -> ImportInspection:
    """Read a whole file and write nothing. Raises NotAllowed, and InvalidValue as its reader does."""
    require(desk.actor, "import")
    check_words(desk, translation)
    counts: Counter[tuple[str, str]] = Counter()
    here: dict[tuple[str, str], str | None] = {}
    people: set[ImportedAuthor] = set()
    times: list[int] = []
    tickets = entries = broken = 0
    faults: list[Fault] = []
    notices: Counter[Notice] = Counter()
    previews: list[ImportedTicket] = []
    for one in told:
        if isinstance(one, Fault):
            broken += 1
            if len(faults) < MOST_PREVIEWED:
                faults.append(one)
        elif isinstance(one, Notice):
            notices[one._replace(records=1)] += one.records
        elif isinstance(one, ImportedTicket):
            tickets += 1
            entries += 1 + len(one.remarks)
            times = [min([*times[:1], one.created_at]), max([*times[1:], one.created_at])]
            people |= {who for who in _people(one) if who is not None}
            for field, word in _words(one):
                counts[field, word] += 1
                if (field, word) not in here:
                    here[field, word] = _understood(desk, translation, field, one)
            if len(previews) < MOST_PREVIEWED:
                previews.append(one)
        elif isinstance(one, ArchiveRecord):
            tickets += 1
            entries += sum(item.kind != "event" for item in one.items)
            at = one.ticket.created_at
            times = [min([*times[:1], at]), max([*times[1:], at])]
    return ImportInspection(
        tickets,
        entries,
        len(people),
        times[0] if times else None,
        times[1] if times else None,
        tuple(
            WordSeen(field, word, count, here[field, word]) for (field, word), count in counts.most_common()
        ),
        broken,
        tuple(faults),
        tuple(
            notice.one if count == 1 else (notice.many or notice.one).format(count=count)
            for notice, count in notices.items()
        ),
        tuple(previews),
    )


def _people(one: ImportedTicket) -> Iterable[ImportedAuthor | None]:
    yield from (one.author, one.requester, one.assignee)
    yield from (remark.by for remark in one.remarks)


def _words(one: ImportedTicket) -> Iterable[tuple[str, str]]:
    word = one.status_word or one.status
    for field, found in (("status", word), ("priority", one.priority), ("type", one.type)):
        if found:
            yield field, found


def _understood(desk: Desk, translation: Translation, field: str, one: ImportedTicket) -> str | None:
    """Return what a word is on this desk, None where it means nothing here."""
    if field == "type":
        return translation.type(one.type)
    try:
        if field == "status":
            status = translation.status(one._replace(must_know=True), desk.rules.workflow)
            return None if translation.take(None) or status is None else status.name
        known = repository.PRIORITIES.all(desk.store)
        usual = next(
            (found for found in known if found.name == desk.settings.text("default_priority")), known[0]
        )
        found = translation.priority(one.priority, known, usual, must_know=True).name
        return None if translation.take(None) else found
    except InvalidValue:
        return None
