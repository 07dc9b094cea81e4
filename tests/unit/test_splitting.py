"""Splitting: which entries may leave a ticket, and what is left of it."""

import pytest

from tests.factories import T0, author
from tix.domain.tickets import split
from tix.domain.tickets.lifecycle import open_ticket
from tix.domain.tickets.ticket import FIELDS, fold, play
from tix.domain.tickets.timeline import Item, entry, event
from tix.errors import InvalidValue, Refused

RITA = author("rita", "requester")
ANN = author("ann")


def opening():
    """What a ticket of rita's begins with."""
    values = {"subject": "Printer", "status": "open", "phase": "open", "priority": "medium", "rank": 20}
    return open_ticket(RITA, "It smokes.", values)


# Opening, answer, an event, a note, a message, two events: ids 1 to 7.
THREAD: list[Item] = [
    item._replace(id=number)
    for number, item in enumerate(
        [
            opening(),
            entry("reply", "Where?", ANN._replace(at=T0 + 10)),
            event("tag-added", ANN, field="tags", new="hot"),
            entry("note", "Again.", ANN._replace(at=T0 + 20)),
            entry("message", "And the scanner.", RITA._replace(at=T0 + 30)),
            event("tag-added", ANN, field="tags", new="old"),
            event("tag-removed", ANN, field="tags", old="old"),
        ],
        1,
    )
]
TICKET = fold(1, "TIX-", "uid-1", THREAD)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("3", [(3, 3)]),
        ("12,15-18", [(12, 12), (15, 18)]),
        (" 12 , 5-5 ", [(12, 12), (5, 5)]),
        ("9" * 16, [(9_999_999_999_999_999,) * 2]),
    ],
)
def test_entries_are_named_by_their_ids(text, spans):
    assert split.parse_entries(text) == spans


@pytest.mark.parametrize(
    "text", ["", "x", "1,", "1-", "-2", "1-x", "x-1", "٣", "1 2", "9" * 17, "1-2-3", "²"]
)
def test_what_is_no_id_is_refused(text):
    with pytest.raises(InvalidValue, match="is not the id of an entry"):
        split.parse_entries(text)


def test_a_range_that_runs_backwards_is_refused():
    with pytest.raises(InvalidValue, match="is backwards") as refused:
        split.parse_entries("5-3")
    assert refused.value.hint == "write 3-5"


@pytest.mark.parametrize(
    ("spans", "ids"),
    [
        ([(2, 2)], [2]),
        ([(2, 4)], [2, 4]),  # the event between is passed over
        ([(5, 5), (2, 2)], [2, 5]),  # in the thread's order
        ([(2, 3), (3, 5)], [2, 4, 5]),
        ([(5, 900)], [5]),
    ],
)
def test_ranges_name_entries(spans, ids):
    assert [item.id for item in split.chosen(TICKET, THREAD, (), spans)] == ids


@pytest.mark.parametrize(
    ("spans", "words"),
    [
        ([(3, 3)], "3 is an event of TIX-1"),
        ([(9, 9)], "TIX-1 has no entry 9"),
        ([(2, 2), (9, 9)], "TIX-1 has no entry 9"),
        ([(6, 7)], "TIX-1 has no entry between 6 and 7"),
        ([(0, 0)], "TIX-1 has no entry 0"),
        ([(8, 900)], "TIX-1 has no entry between 8 and 900"),
    ],
)
def test_what_is_no_entry_of_the_ticket_is_refused(spans, words):
    with pytest.raises(InvalidValue, match=words) as refused:
        split.chosen(TICKET, THREAD, (), spans)
    assert "tix show 1 --json" in refused.value.hint


@pytest.mark.parametrize(
    ("foreign", "spans", "words"),
    [
        ((), [(1, 5)], "would have no entry left"),
        ((), [(1, 2)], "would lose its opening message"),
        ((1,), [(2, 2)], "would lose its opening message"),  # what came before it was brought by a merge
        ((5,), [(2, 5)], "came from a merged ticket"),
        ((), [(4, 5)], "cannot begin with the note 4"),
    ],
)
def test_what_a_ticket_needs_stays(foreign, spans, words):
    with pytest.raises(Refused, match=words):
        split.chosen(TICKET, THREAD, foreign, spans)


def test_a_new_ticket_begins_with_a_message():
    """Of the requester's side, whoever wrote it, at the time they did."""
    first = split.as_opening(THREAD[1], {"subject": "Where"})
    assert (first.kind, first.side, first.by, first.at, first.body, first.sets) == (
        "message",
        "requester",
        "ann",
        T0 + 10,
        "Where?",
        {"subject": "Where"},
    )


# What the desk works out anew when the message of rita's (5) has left.
CHANGED = {"entries": 2, "last_replier": "ann", "last_activity_at": T0 + 10, "answered": 1}


def test_what_is_left_over_is_as_it_was_but_for_what_left():
    assert (TICKET.version, TICKET.entries, TICKET.documents) == (6, 3, 4)
    rest = [item for item in THREAD if item.id != 5]
    after, said = split.left_over(TICKET, rest, CHANGED, author("ben", at=T0 + 90), "TIX-2")
    assert (said.type, said.field, said.old, said.new, said.by, said.internal) == (
        "split",
        "entries",
        None,
        "TIX-2",
        "ben",
        True,
    )
    assert (after.version, after.updated_at, after.entries, after.answered) == (7, T0 + 90, 2, 1)
    # The message counted for the version and in the number of documents; that stays, and is in the event.
    assert said.sets == {"version": 7, "documents": 4}
    told = play(fold(1, "TIX-", "uid-1", rest), [said])
    assert [name for name in FIELDS if name != "id" and getattr(told, name) != getattr(after, name)] == []


def test_a_split_is_not_before_what_is_on_record():
    """A clock that went back changes nothing."""
    rest = [item for item in THREAD if item.id != 5]
    after, _ = split.left_over(TICKET, rest, CHANGED, author(at=T0), "TIX-2")
    assert TICKET.updated_at == T0 + 30
    assert after.updated_at == T0 + 30


def test_what_leaves_may_leave_nothing_to_say():
    """A note is no version: without a trace beyond the event itself, but for the documents ever made."""
    rest = [item for item in THREAD if item.id != 4]
    after, said = split.left_over(TICKET, rest, {"notes": 0}, author(at=T0 + 90), "TIX-2")
    assert said.sets == {"documents": 4}
    assert (after.notes, after.version) == (0, 7)
    _, said = split.left_over(TICKET, THREAD, {}, author(at=T0 + 90), "TIX-2")
    assert said.sets is None
