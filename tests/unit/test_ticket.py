"""The ticket's row: what it starts as, what each kind of item changes, and what its columns hold."""

import pytest

from tests.factories import T0, author, ticket
from tix.domain.json_columns import dumps, loads
from tix.domain.tickets.lifecycle import open_ticket
from tix.domain.tickets.ticket import NEVER, Ticket, evolve, fold, opened, play, tags_text
from tix.domain.tickets.timeline import File, Item, Work, entry, event, system

ANN = author("ann", at=T0 + 60)
RITA = author("rita", "requester", at=T0 + 60)
LOG = File("log.txt", 9, "text/plain", "0" * 64)
COLUMNS = {"subject": "Printer", "status": "open", "phase": "open", "priority": "medium", "rank": 20}


def test_what_a_ticket_starts_as():
    item = open_ticket(author("rita", "requester"), "x", COLUMNS, (LOG, LOG))
    one = opened(7, "TCK-", "uid", item)
    assert (one.id, one.uid, one.ref, one.number) == (None, "uid", "TCK-7", 7)
    assert (one.requester, one.creator) == ("rita", "rita")
    assert (one.created_at, one.updated_at, one.last_activity_at) == (T0, T0, T0)
    assert (one.entries, one.notes, one.attachments, one.internal_attachments, one.documents) == (
        1,
        0,
        2,
        0,
        1,
    )
    assert (one.version, one.reopened, one.answered) == (1, 0, 0)
    assert (one.due_at, one.due_key, one.due_by_hand, one.sla_by_hand) == (None, NEVER, 0, 0)
    assert (one.time_seconds, one.unbilled_seconds) == (0, 0)
    due = opened(7, "TCK-", "uid", item._replace(sets={**COLUMNS, "due_at": T0 + 9, "requester": "rolf"}))
    assert (due.due_at, due.due_key, due.requester, due.creator) == (T0 + 9, T0 + 9, "rolf", "rita")
    typed = opened(7, "TCK-", "uid", item._replace(sets={**COLUMNS, "creator": "ben"}))
    assert (typed.requester, typed.creator) == ("rita", "ben")


def test_a_row_of_which_nothing_else_is_known():
    """Nothing has been counted, set by hand or come to an end."""
    bare = Ticket(None, "uid", "TIX-", 1, "s", "open", "open", "medium", 20, "rita", "rita", T0, T0, T0)
    counted = {name: value for name, value in bare._asdict().items() if value == 0}
    assert set(counted) == {
        "due_by_hand", "answered", "entries", "notes", "attachments", "internal_attachments", "reopened",
        "documents", "sla_by_hand", "time_seconds", "unbilled_seconds",
    }  # fmt: skip
    assert (bare.version, bare.source, bare.due_key) == (1, "cli", NEVER)


def test_never_is_later_than_any_date():
    """The most a JSON number holds exactly."""
    assert NEVER == 9_007_199_254_740_991


@pytest.mark.parametrize(
    ("item", "changed"),
    [
        (
            entry("reply", "x", ANN),
            {
                "entries": 2, "documents": 2, "last_replier": "ann", "answered": 1, "version": 2,
                "last_activity_at": T0 + 60, "first_response_at": T0 + 60,
            },
        ),
        (
            entry("message", "x", RITA, (LOG,)),
            {
                "entries": 2, "documents": 2, "last_replier": "rita", "answered": 0, "version": 2,
                "last_activity_at": T0 + 60, "attachments": 1,
            },
        ),
        # A note changes nothing that a requester can obtain.
        (entry("note", "x", ANN, (LOG, LOG)), {"notes": 1, "documents": 2, "internal_attachments": 2}),
        (event("attached", ANN, files=(LOG,)), {"internal_attachments": 1, "version": 2}),
        (event("tag-added", ANN, sets={"tags": " a "}), {"tags": " a ", "version": 2}),
        (
            event("status-changed", ANN, sets={"status": "answered"}),
            {"status": "answered", "version": 2, "last_activity_at": T0 + 60},
        ),
        # Time alone: no version.
        (event("overdue", system(T0 + 60), sets={"overdue_at": T0 + 60}), {"overdue_at": T0 + 60}),
        (
            event("status-changed", system(T0 + 60), sets={"status": "closed", "phase": "closed"}),
            {"status": "closed", "phase": "closed", "last_activity_at": T0 + 60},
        ),
        # Books: no version either.
        (event("time-added", ANN, sets={"time_seconds": 9}, work=Work(T0, 9)), {"time_seconds": 9}),
        (event("time-removed", ANN, sets={"time_seconds": 9}), {"time_seconds": 9}),
        (
            event("field-changed", ANN, field="unbilled_seconds", sets={"unbilled_seconds": 9}),
            {"unbilled_seconds": 9},
        ),
        (event("split", ANN, sets={"version": 5}), {"version": 5}),
        (event("field-changed", ANN, sets={"due_at": T0 + 9}), {"due_at": T0 + 9, "due_key": T0 + 9, "version": 2}),
    ],
)  # fmt: skip
def test_what_an_item_changes(item, changed):
    before = ticket()
    after = evolve(before, item)
    assert after == before._replace(updated_at=T0 + 60, **changed)


def test_a_date_that_goes_sorts_last():
    due = ticket(due_at=T0, due_key=T0)
    after = evolve(due, event("field-changed", ANN, sets={"due_at": None}))
    assert (after.due_at, after.due_key) == (None, NEVER)


def test_only_the_first_answer_is_the_first_response():
    once = evolve(ticket(), entry("reply", "x", ANN))
    twice = evolve(once, entry("reply", "x", ANN._replace(at=T0 + 90)))
    assert (twice.first_response_at, twice.last_activity_at) == (T0 + 60, T0 + 90)


def test_files_add_up():
    once = evolve(ticket(attachments=2, internal_attachments=3), entry("reply", "x", ANN, (LOG, LOG)))
    assert (once.attachments, once.internal_attachments) == (4, 3)
    once = evolve(once, entry("note", "x", ANN, (LOG,)))
    assert (once.attachments, once.internal_attachments) == (4, 4)


def test_a_clock_that_went_back_takes_no_date_back():
    late = ticket(updated_at=T0 + 90, last_activity_at=T0 + 90)
    for item in (entry("reply", "x", ANN), event("status-changed", ANN)):
        after = evolve(late, item)
        assert (after.updated_at, after.last_activity_at) == (T0 + 90, T0 + 90)


def test_a_reopening_starts_the_clock_anew():
    """And forgets the pauses before it."""
    old = ticket(status="closed", pauses="[[1,2]]", clock_at=5)
    after = evolve(old, event("status-changed", ANN, sets={"phase": "open"}))
    assert (after.clock_at, after.pauses, after.counts_from) == (T0 + 60, None, T0 + 60)
    for phase in ("open", "resolved"):
        after = evolve(ticket(pauses="[[1,2]]"), event("status-changed", ANN, sets={"phase": phase}))
        assert (after.clock_at, after.pauses, after.counts_from) == (None, "[[1,2]]", T0)
    closed = evolve(old, event("status-changed", ANN, sets={"phase": "resolved"}))
    assert (closed.clock_at, closed.pauses) == (5, "[[1,2]]")


def test_a_pause_is_kept_when_it_ends():
    paused = ticket(status="on-hold", pauses="[[1,2]]")
    after = evolve(paused, event("status-changed", ANN, sets={"paused_at": None}))
    assert after.pause_list() == [(1, 2), (T0, T0 + 60)]
    # It goes on, or there was none.
    assert evolve(paused, event("tag-added", ANN, sets={"tags": " a "})).pauses == "[[1,2]]"
    assert evolve(paused, event("status-changed", ANN, sets={"paused_at": T0})).pauses == "[[1,2]]"
    assert evolve(ticket(), event("status-changed", ANN, sets={"paused_at": None})).pauses is None


def test_who_knows_the_clock_says_it():
    """The end of a merge, or an undo, brings the clock along."""
    old = ticket(status="closed")
    said = event("unmerged", ANN, sets={"phase": "open", "clock_at": 7, "pauses": "[[1,2]]"})
    assert (evolve(old, said).clock_at, evolve(old, said).pauses) == (7, "[[1,2]]")


def test_a_fold_begins_with_the_opening():
    first = open_ticket(author("rita", "requester"), "x", COLUMNS)
    items: list[Item] = [entry("reply", "x", ANN), entry("note", "x", ANN)]
    assert fold(3, "TIX-", "u", [first, *items]) == play(opened(3, "TIX-", "u", first), items)
    assert play(ticket(), []) == ticket()


@pytest.mark.parametrize(
    ("values", "overdue"),
    [
        ({}, False),
        ({"due_at": T0}, True),
        ({"due_at": T0 + 1}, False),
        ({"due_at": T0, "paused_at": T0}, False),
        ({"due_at": T0, "status": "resolved"}, False),
        ({"due_at": T0, "status": "closed"}, False),
    ],
)
def test_what_is_overdue(values, overdue):
    """Open, its clock running, the due instant reached."""
    assert ticket(**values).is_overdue(T0) is overdue


def test_lists_in_columns():
    bare = ticket()
    assert (bare.pause_list(), bare.asset_list(), bare.watcher_list(), bare.link_list(), bare.tag_list()) == (
        [], [], [], [], [],
    )  # fmt: skip
    full = ticket(
        pauses="[[1,2],[3,4]]",
        assets='["b","a"]',
        watchers='["rita"]',
        links='[["blocks","TIX-2"]]',
        tags=" a b ",
    )
    assert full.pause_list() == [(1, 2), (3, 4)]
    assert full.asset_list() == ["b", "a"]
    assert full.watcher_list() == ["rita"]
    assert full.link_list() == [("blocks", "TIX-2")]
    assert full.tag_list() == ["a", "b"]


def test_answers_and_what_only_staff_read():
    one = ticket(fields='{"room":"12"}', internal_fields='{"cost":7}')
    assert one.field_values() == {"room": "12", "cost": 7}
    assert one.field_values(staff=False) == {"room": "12"}
    assert ticket(internal_fields='{"cost":7}').field_values() == {"cost": 7}
    assert (ticket().field_values(), ticket().field_values(staff=False)) == ({}, {})


def test_columns_of_json():
    assert [dumps(value) for value in ([], {}, ["a", 1], {"a": None})] == [
        None,
        None,
        '["a",1]',
        '{"a":null}',
    ]
    assert loads('["a",1]') == ["a", 1]
    assert (tags_text([]), tags_text(["b", "a", "b"])) == (None, " a b ")
