"""The table of a ticket's fields, beside what has to agree with it."""

import pytest

from tix.domain.tickets import fields
from tix.domain.tickets.fields import ARCHIVED, DERIVED, FIELDS, LISTED, SHOWN
from tix.domain.tickets.ticket import Ticket
from tix.importers.tables import header
from tix.render.records import tickets
from tix.store.statements import queue

NAMES = [field.name for field in FIELDS]
TICKET = Ticket(
    id=1, uid="u", prefix="TIX-", number=1, subject="s", status="new", phase="open", priority="high", rank=1,
    requester="rita", creator="root", created_at=10, updated_at=30, last_activity_at=20, team="net", tags=" a b ",
    sla="gold", notify_email="x@x.example", snoozed_until=99, time_seconds=60, unbilled_seconds=60, notes=3, entries=1,
    internal_attachments=2, idempotency_key="k", response_due_at=40, response_met=1, resolution_met=0, version=4,
    fields='{"brand":"North"}', internal_fields='{"cause":"dust"}', watchers='["ann"]', links='[["blocks","TIX-2"]]',
)  # fmt: skip


def _shown(*, staff: bool):
    return tickets.full_record(TICKET, "Rita", None, staff, 50, [])


def test_every_field_has_its_own_name():
    assert len(set(NAMES)) == len(NAMES)


def test_a_queue_is_sorted_by_the_fields_that_say_so():
    assert sorted(queue.SORT_KEYS) == sorted(field.name for field in FIELDS if field.sorts)


def test_staff_sort_by_what_is_internal_too():
    counted = [field.name for field in FIELDS if field.internal is not None and field.kind == "count"]
    assert list(queue.STAFF_SORT_KEYS) == counted


def test_an_export_has_every_column_of_a_ticket():
    """In a field, as it is stored, or worked out again from others."""
    assert set(Ticket._fields) <= {*NAMES, *ARCHIVED, *DERIVED}
    assert set(ARCHIVED) | DERIVED <= set(Ticket._fields)
    assert not DERIVED & set(ARCHIVED)


def test_columns_that_fields_name_are_there():
    named = [field.internal for field in FIELDS if field.internal is not None]
    named += [field.read_as for field in FIELDS if field.read_as != field.name]
    assert set(named) <= set(Ticket._fields)
    worked_out = {"ref", "requester_name", "requester_email", "overdue", "thread"}
    assert {*NAMES} - worked_out <= set(Ticket._fields)


def test_records_have_the_fields_in_their_order():
    listed = tickets.ticket_record(TICKET, "Rita", None, True, 50)
    assert list(listed) == tickets.LIST_FIELDS == [field.name for field in LISTED]
    assert list(_shown(staff=True)) == NAMES
    assert [field.name for field in SHOWN] == tickets.SHOW_FIELDS


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_a_requester_reads_what_the_table_says(field):
    staff, theirs = _shown(staff=True)[field.name], _shown(staff=False)[field.name]
    if field.requester == "same":
        assert theirs == staff
    elif field.requester == "nothing":
        assert theirs in (None, [])
        assert staff not in (None, [])
    elif field.requester == "public":
        assert (
            theirs == {"entries": 1, "attachments": 0, "fields": {"brand": "North"}, "thread": []}[field.name]
        )
    else:
        assert theirs == _shown(staff=True)[field.requester] != staff


def test_what_an_import_makes_of_a_column_is_one_of_three_things():
    assert {field.table for field in FIELDS} == {"read", "remark", "ignored"}
    of_entries = {"comment", "comment_by", "comment_at", "internal_comment", "note"}
    assert set(header.FIELDS) == {*NAMES, *of_entries, "body", "snippet", "matches", "score"}
    assert fields.in_tables("remark") == header.REMARKED
