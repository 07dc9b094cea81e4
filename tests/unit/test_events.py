"""Items of the timeline: who is stamped on them, and which of them a requester reads."""

import pytest

from tests.factories import T0
from tix.domain.tickets.timeline import Author, EventType, File, Work, entry, event, system
from tix.typing import get_args

BY = Author("ann", "root", "staff", T0)
LOG = File("log.txt", 9, "text/plain", "0" * 64)

# What a requester sees changing (interface page, section 6).
PUBLIC = {"status-changed", "assigned", "merged", "unmerged", "rated"}


@pytest.mark.parametrize("kind", get_args(EventType))
def test_which_events_a_requester_reads(kind):
    assert event(kind, BY).internal is (kind not in PUBLIC)


@pytest.mark.parametrize(
    ("field", "public"),
    [
        *[(field, True) for field in ("subject", "priority", "type", "topic", "requester", "due_at")],
        *[
            (field, False)
            for field in ("category", "department", "sla", "email", "lapses_at", "field.room", None)
        ],
    ],
)
def test_which_fields_a_requester_sees_changing(field, public):
    assert event("field-changed", BY, field=field).internal is not public
    assert event("tag-added", BY, field=field).internal


def test_a_requester_reads_no_team():
    assert event("assigned", BY, field="team").internal
    assert not event("assigned", BY, field="assignee").internal
    assert not event("status-changed", BY, field="team").internal


def test_an_event_says_what_it_is_told():
    work = Work(T0, 60)
    item = event(
        "time-added", BY, field="f", old="a", new="b", reason="r", sets={"s": 1}, files=(LOG,), work=work
    )
    assert (item.kind, item.at, item.by, item.via, item.side) == ("event", T0, "ann", "root", "staff")
    assert (item.type, item.field, item.old, item.new, item.reason) == ("time-added", "f", "a", "b", "r")
    assert (item.sets, item.files, item.work, item.body, item.id) == ({"s": 1}, (LOG,), work, None, None)


@pytest.mark.parametrize(("kind", "internal"), [("message", False), ("reply", False), ("note", True)])
def test_an_entry_is_public_but_for_a_note(kind, internal):
    item = entry(kind, "Words.", BY, (LOG,), {"s": 1})
    assert (item.kind, item.internal, item.body, item.files, item.sets) == (
        kind,
        internal,
        "Words.",
        (LOG,),
        {"s": 1},
    )
    assert (item.at, item.by, item.via, item.side, item.type) == (T0, "ann", "root", "staff", None)


def test_time_alone_is_nobody():
    assert system(T0) == Author(None, None, "system", T0)


@pytest.mark.parametrize(
    ("item", "books"),
    [
        (event("time-added", BY), True),
        (event("time-removed", BY), True),
        (event("field-changed", BY, field="unbilled_seconds"), True),
        (event("field-changed", BY, field="subject"), False),
        (event("status-changed", BY, field="status"), False),
        (entry("reply", "x", BY), False),
    ],
)
def test_what_keeps_books(item, books):
    assert item.keeps_books is books


def test_work_is_billed_unless_somebody_says_otherwise():
    assert Work(T0, 60) == Work(T0, 60, billable=True, invoice=None, id=None)
    assert Work(T0, 60).billable is True
    assert (LOG.kind, LOG.id) == ("bin", None)
