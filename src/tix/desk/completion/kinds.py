"""Complete a value of any kind: the one call that every channel makes.

Only what the actor may see, or list, is suggested.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice

from tix.desk.completion.suggestion import MOST, Suggestion, Wanted
from tix.domain.permissions import require
from tix.errors import InvalidValue
from tix.typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tix.desk.context import Desk

# No kind has more; most of them stop at ``MOST``.
_MOST_OF_ANY = 1000


def complete(desk: Desk, wanted: Wanted) -> Iterator[Suggestion]:
    """Yield what is suggested. Raises NotAllowed, InvalidValue for a kind that is not one of ``KINDS``."""
    require(desk.actor, "completion")
    if wanted.kind not in KINDS:
        raise InvalidValue(
            f"'{wanted.kind}' is not something to complete", hint="use one of " + ", ".join(KINDS)
        )
    return islice(KINDS[wanted.kind](desk, wanted), _MOST_OF_ANY)


def _tickets(desk: Desk, wanted: Wanted) -> Iterable[Suggestion]:
    from tix.desk.completion import tickets

    return tickets.tickets(desk, wanted.typed, wanted.which, frozenset(wanted.without))


def _people(desk: Desk, wanted: Wanted) -> Iterable[Suggestion]:
    from tix.desk.completion import values

    return values.people(desk, wanted.typed)


def _staff(desk: Desk, wanted: Wanted) -> Iterable[Suggestion]:
    from tix.desk.completion import values

    return values.people(desk, wanted.typed, staff=True)


def _named(desk: Desk, wanted: Wanted) -> Iterable[Suggestion]:
    from tix.desk.completion import names

    return names.named(desk, wanted.kind, wanted.typed, every=wanted.every)


def _questions(desk: Desk, wanted: Wanted) -> Iterable[Suggestion]:
    """The keys of custom fields; with ``key`` what can be answered there."""
    from tix.desk.completion import names

    topic = wanted.topic
    if topic is None and wanted.ticket is not None:
        topic = names.topic_of(desk, wanted.ticket)
    if wanted.key is not None:
        return names.answers(desk, wanted.key, topic)
    return names.questions(desk, topic)


def _own_questions(desk: Desk, wanted: Wanted) -> Iterable[Suggestion]:
    from tix.desk.completion import names

    return names.own_questions(desk, wanted.topic or "")


def _time_entries(desk: Desk, wanted: Wanted) -> Iterator[Suggestion]:
    """Unbilled time entries by number, newest first."""
    if desk.actor.is_staff:
        from tix.desk.billing import time_entries
        from tix.domain.times import format_work

        for one in time_entries.listed(desk, None, limit=MOST):
            if one.work.invoice is None:
                text = f": {one.text}" if one.text else ""
                about = f"{format_work(one.work.seconds)} on {one.ref}, {one.by}{text}"
                yield Suggestion(str(one.id), about)


def _invoices(desk: Desk, wanted: Wanted) -> Iterator[Suggestion]:
    """Invoices by number; void ones with ``every``."""
    if desk.actor.is_staff:
        from tix.desk.billing import invoices

        for one in invoices.listed(desk):
            if one.voided_at is None or wanted.every:
                void = "void, " if one.voided_at is not None else ""
                yield Suggestion(str(one.number), f"{void}{one.client}, {one.total} {one.currency}")


def _statuses(desk: Desk, _: Wanted) -> Iterable[Suggestion]:
    from tix.desk.completion import values

    return values.statuses(desk)


def _priorities(desk: Desk, _: Wanted) -> Iterable[Suggestion]:
    from tix.desk.completion import values

    return values.priorities(desk)


def _types(desk: Desk, _: Wanted) -> Iterable[Suggestion]:
    from tix.desk.completion import values

    return values.types(desk)


def _tags(desk: Desk, _: Wanted) -> Iterable[Suggestion]:
    from tix.desk.completion import values

    return values.tags(desk)


def _workflows(desk: Desk, _: Wanted) -> Iterable[Suggestion]:
    from tix.desk.completion import values

    return values.workflows(desk)


def _views(desk: Desk, wanted: Wanted) -> Iterable[Suggestion]:
    from tix.desk.completion import names

    return names.views(desk, wanted.typed)


def _tokens(desk: Desk, wanted: Wanted) -> Iterable[Suggestion]:
    from tix.desk.completion import names

    return names.tokens(desk, wanted.typed)


def _notifications(desk: Desk, _: Wanted) -> Iterable[Suggestion]:
    from tix.desk.completion import values

    return values.notifications(desk)


def _setting_values(desk: Desk, wanted: Wanted) -> Iterable[Suggestion]:
    from tix.desk.completion import values

    return values.setting_values(desk, wanted.key or "")


KINDS: Mapping[str, Callable[[Desk, Wanted], Iterable[Suggestion]]] = {
    "ticket": _tickets,
    "person": _people,
    "staff": _staff,
    "status": _statuses,
    "priority": _priorities,
    "type": _types,
    "tag": _tags,
    "workflow": _workflows,
    "view": _views,
    "token": _tokens,
    "notification": _notifications,
    "time": _time_entries,
    "invoice": _invoices,
    "question": _questions,
    "topic-question": _own_questions,
    "setting": _setting_values,
    **dict.fromkeys(
        ("asset", "calendar", "canned", "client", "department", "schedule", "sla", "team", "topic"), _named
    ),
}
