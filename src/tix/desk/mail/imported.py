"""Import old mail: each by the rules of intake, at the time it has, all in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from tix.desk.context import Desk
from tix.desk.mail import intake
from tix.desk.mail.judge import Incoming
from tix.domain.permissions import require
from tix.store import people
from tix.store.mail import state
from tix.typing import NamedTuple

_MOST_REASONS = 12
# Outcomes that add an entry; ``recorded`` adds an event.
_ENTRIES = frozenset({"created", "appended", "mentioned"})


class Imported(NamedTuple):
    """The result of an import: new tickets, skipped mails, new entries and people, the new tickets' references.

    ``words`` are sentences to print.
    """

    imported: int
    skipped: int
    entries: int
    people: int
    refs: tuple[str, ...]
    words: list[str]


def take_all(
    desk: Desk,
    mails: Iterable[Incoming],
    *,
    dry_run: bool = False,
    progress: Callable[[int], None] = lambda done: None,
) -> Imported:
    """Take old mails in their order; with ``dry_run`` roll everything back.

    ``Incoming.at`` is a mail's time (UTC seconds); one without is taken as of now, and so is one from the future. What a
    mail adds to a ticket is never before the ticket's last item. Raises NotAllowed, StoreBusy, StorageFailure, and what
    ``mails`` raises; then nothing is written.
    """
    require(desk.actor, "import")
    desk.begin()
    store = desk.store
    with store.together() as whole:
        state.secret(store)
        before, deed, now = people.count(store), desk.deed("import"), desk.now
        outcomes: Counter[str] = Counter()
        reasons: Counter[tuple[str, str]] = Counter()
        refs: list[str] = []
        for done, mail in enumerate(mails, start=1):
            at = now if mail.at is None else min(mail.at, now)
            taken = intake.take_old(desk.as_of(at, deed), mail)
            outcomes[taken.outcome] += 1
            if taken.outcome == "created" and taken.ref is not None:
                refs.append(taken.ref)
            elif taken.outcome in ("ignored", "quarantined"):
                reasons[taken.outcome, taken.reason] += 1
            progress(done)
        added = people.count(store) - before
        if dry_run or outcomes.keys() <= {"duplicate"}:
            whole.take_back()
    desk.begin()
    entries = sum(outcomes[name] for name in _ENTRIES)
    skipped = outcomes.total() - entries
    return Imported(
        len(refs), skipped, entries, added, tuple(refs), _words(outcomes, reasons, dry_run=dry_run)
    )


def _words(outcomes: Counter[str], reasons: Counter[tuple[str, str]], *, dry_run: bool) -> list[str]:
    """Return sentences about the mails that did not become an entry."""
    words = []
    if outcomes["duplicate"]:
        words.append(f"{_mails(outcomes['duplicate'])} imported or received before")
    if outcomes["recorded"]:
        words.append(f"{_mails(outcomes['recorded'])} from programs recorded as events of their tickets")
    for (outcome, reason), count in reasons.most_common(_MOST_REASONS):
        words.append(f"{_mails(count)} {outcome}, because {reason}")
    if len(reasons) > _MOST_REASONS:
        rest = sum(count for _, count in reasons.most_common()[_MOST_REASONS:])
        words.append(f"{_mails(rest)} ignored or quarantined for other reasons")
    if reasons and not dry_run:
        words.append("what was ignored or quarantined is kept: tix mail quarantine")
    return words


def _mails(count: int) -> str:
    return f"{count:,} {'mail' if count == 1 else 'mails'}"
