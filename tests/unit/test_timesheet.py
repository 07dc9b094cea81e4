"""Time worked, in the domain: sums never below nothing, and books that raise no version."""

import pytest

from tests.factories import T0, author, rules, ticket
from tix.domain.billing import time_entries
from tix.domain.tickets.ticket import play
from tix.domain.tickets.timeline import Work
from tix.errors import FinalStatus, InvalidValue, Refused


@pytest.mark.parametrize(
    ("text", "seconds"), [("25m", 1500), ("1h30m", 5400), ("0:02:35", 155), ("31d", 31 * 86_400)]
)
def test_what_somebody_worked(text, seconds):
    assert seconds == time_entries.parse_worked(text)


@pytest.mark.parametrize(
    "text", ["", "0", "0m", "0:00:00", "-5m", "2.5", "soon", "32d", "31d1s", "1:2:3", "m", "1e3s", "٣m"]
)
def test_what_nobody_works(text):
    """Malformed, nothing, less than nothing, more than a month: exit 2."""
    with pytest.raises(InvalidValue) as refused:
        time_entries.parse_worked(text)
    assert refused.value.exit_status == 2


def after(one, *works, by="ann"):
    """A ticket with that time on it."""
    for work in works:
        one = play(one, [time_entries.added(one, rules(), author(by), work)])
    return one


def test_the_row_is_the_sum():
    """All of it counts as worked, what is for billing also as unbilled."""
    one = after(ticket(), Work(T0, 1500), Work(T0, 600, billable=False), Work(T0, -300))
    assert (one.time_seconds, one.unbilled_seconds) == (1800, 1200)


def test_books_raise_no_version_and_move_nothing_a_requester_sees():
    before = ticket()
    one = after(before, Work(T0 + 60, 1500))
    one = play(one, [time_entries.rebilled(one, author(at=T0 + 90), 0, "invoice 1")])
    assert before.version == one.version
    assert before.last_activity_at == one.last_activity_at
    assert (one.time_seconds, one.unbilled_seconds) == (1500, 0)
    assert all(item.internal for item in [time_entries.rebilled(one, author(), 5, "x")])


@pytest.mark.parametrize(
    "work", [Work(T0, -1501), Work(T0, -1501, billable=False), Work(T0, -601, billable=False)]
)
def test_nobody_takes_back_more_than_there_is(work):
    """Neither of what is for billing nor of what is not."""
    one = after(ticket(), Work(T0, 1500), Work(T0, 600, billable=False))
    with pytest.raises(Refused):
        time_entries.added(one, rules(), author(), work)
    bare = after(one, Work(T0, -1500), Work(T0, -600, billable=False))
    assert (bare.time_seconds, bare.unbilled_seconds) == (0, 0)


def test_time_that_is_billed_is_not_taken_out():
    one = after(ticket(), Work(T0, 1500))
    with pytest.raises(Refused, match="invoice 7"):
        time_entries.removed(one, rules(), author(), Work(T0, 1500, invoice=7, id=3))
    gone = play(one, [time_entries.removed(one, rules(), author(), Work(T0, 1500, id=3))])
    assert (gone.time_seconds, gone.unbilled_seconds) == (0, 0)


def test_a_ticket_closed_for_good_takes_no_time():
    over = ticket("itflow", status="closed")
    for act in (time_entries.added, time_entries.removed):
        with pytest.raises(FinalStatus):
            act(over, rules("itflow"), author(), Work(T0, 60))


@pytest.mark.parametrize(
    ("work", "words"),
    [
        (Work(T0, -1501), "has only 25m of unbilled time"),
        (Work(T0, -601, billable=False), "has only 10m of billed or non-billable time"),
    ],
)
def test_what_there_is_of_time_is_told(work, words):
    one = after(ticket(), Work(T0, 1500), Work(T0, 600, billable=False))
    with pytest.raises(Refused, match=words):
        time_entries.added(one, rules(), author(), work)


def test_what_the_events_of_time_say():
    work = Work(T0, 1500, id=3)
    put = time_entries.added(ticket(), rules(), author(), work, "the fan")
    assert (put.type, put.field, put.old, put.new, put.reason, put.work) == (
        "time-added", "time_seconds", None, "1500", "the fan", work,
    )  # fmt: skip
    held = after(ticket(), work)
    gone = time_entries.removed(held, rules(), author(), work)
    assert (gone.type, gone.field, gone.old, gone.new, gone.work) == (
        "time-removed", "time_seconds", "1500", None, work,
    )  # fmt: skip
    billed = time_entries.rebilled(held, author(), 0, "invoice 1")
    assert (billed.type, billed.field, billed.old, billed.new, billed.reason) == (
        "field-changed", "unbilled_seconds", "1500", "0", "invoice 1",
    )  # fmt: skip
