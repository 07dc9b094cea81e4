"""One action on many tickets, as the desk does it: some fail in the middle, all or none, and only to see."""

import pytest

from tests.factories import ref, world
from tix.desk.tickets import assign, bulk, delete, merge, reply, status
from tix.domain.tickets.references import parse_references
from tix.errors import StorageFailure, TixError


@pytest.fixture
def desk(tmp_path):
    """A desk with four tickets of rita's."""
    with world(tmp_path) as made:
        for _ in range(4):
            made.new()
        yield made


def said(body):
    """Writes a reply."""
    return lambda desk, reference: reply.reply(desk, reference, body)


def named(*numbers):
    """References."""
    return [ref(number) for number in numbers]


def everything(desk):
    """All there is in the tables that a write touches."""
    tables = "ticket item deed attachment blob person counter notification ticket_facet".split()
    there = {row[0] for row in desk.store.execute("SELECT name FROM sqlite_master").fetchall()}
    return {name: desk.store.execute(f"SELECT * FROM {name}").fetchall() for name in tables if name in there}


def test_one_that_fails_keeps_nobody_back(desk):
    """Each has its result in the order in which they were named; the failure has the name of its ticket."""
    (results,) = bulk.in_parts(desk.desk(), named(1, 99, 2), said("Hello."))
    assert [(one.ref, one.state) for one in results] == [
        ("TIX-1", "done"), ("TIX-99", "failed"), ("TIX-2", "done"),
    ]  # fmt: skip
    assert (results[1].outcome, results[1].error.code) == (None, "not-found")
    assert [one.ticket.entries for one in bulk.outcomes(results)] == [2, 2]
    assert [desk.stored(number).entries for number in (1, 2, 3)] == [2, 2, 1]


@pytest.mark.sqlite
def test_what_is_so_already_says_so(desk):
    """And writes nothing."""
    list(bulk.in_parts(desk.desk(), named(2), assign.claim))
    before = everything(desk)["item"]
    (results,) = bulk.in_parts(desk.desk(), named(2), assign.claim)
    assert [one.state for one in results] == ["already"]
    assert everything(desk)["item"] == before


def test_parts_are_on_disk_when_they_are_yielded(desk):
    """Whoever stops in the middle keeps the parts there were, and has begun no other."""
    for _ in range(4, 120):
        desk.new()
    wanted = named(*range(1, 121))
    parts = bulk.in_parts(desk.desk(), wanted, said("Hello."))
    assert len(next(parts)) == bulk.TOGETHER
    assert not desk.store.connection.in_transaction
    parts.close()
    written = [number for number in range(1, 121) if desk.stored(number).entries == 2]
    assert written == list(range(1, bulk.TOGETHER + 1))
    assert [len(part) for part in bulk.in_parts(desk.desk(), wanted, said("Again."))] == [50, 50, 20]


def test_a_store_that_fails_ends_it(desk):
    """It is no matter of one ticket: its whole part is taken back."""

    def failing(one, reference):
        if reference.number == 3:
            raise StorageFailure("the disk is full")
        return reply.reply(one, reference, "Hello.")

    with pytest.raises(StorageFailure):
        list(bulk.in_parts(desk.desk(), named(1, 2, 3), failing))
    assert [desk.stored(number).entries for number in (1, 2, 3)] == [1, 1, 1]


@pytest.mark.sqlite
def test_all_or_none(desk):
    """One failure takes the others back, and they say so; without one all are kept."""
    before = everything(desk)
    looked = []
    results, seen = bulk.at_once(
        desk.desk(),
        named(1, 99, 2),
        said("Hello."),
        lambda found: looked.extend(found) or len(found),
        rehearsal=False,
    )
    assert [one.state for one in results] == ["taken-back", "failed", "taken-back"]
    assert (seen, len(looked)) == (2, 2)
    assert everything(desk) == before
    results, _ = bulk.at_once(desk.desk(), named(1, 2), said("Hello."), len, rehearsal=False)
    assert [one.state for one in results] == ["done", "done"]
    assert [desk.stored(number).entries for number in (1, 2)] == [2, 2]


@pytest.mark.sqlite
def test_a_rehearsal_leaves_no_trace(desk):
    """What would be there can be looked at while it is tried; then nothing is there, whoever would be new too."""
    before = everything(desk)

    def look(found):
        return [desk.stored(one.ticket.number).status for one in found]

    pull = lambda one, reference: status.pull(one, reference, "resolve")  # noqa: E731  # a value
    results, seen = bulk.at_once(desk.desk(), named(1, 2, 99), pull, look, rehearsal=True)
    assert [one.state for one in results] == ["rehearsed", "rehearsed", "failed"]
    assert seen == ["resolved", "resolved"]
    results, _ = bulk.at_once(desk.desk("root"), named(3), delete.delete, len, rehearsal=True)
    assert [one.state for one in results] == ["rehearsed"]
    assert everything(desk) == before


def test_nothing_is_printed(desk, capsys):
    """Whoever called says what there is to say."""
    for results in bulk.in_parts(desk.desk(), named(1, 99), said("Hello.")):
        assert len(results) == 2
    bulk.at_once(desk.desk(), named(1, 99), said("Hello."), len, rehearsal=True)
    assert capsys.readouterr() == ("", "")


def test_ranges_are_what_is_there_and_seen(desk):
    """A ticket once, one that is named by itself also where there is none, none of others' from a range."""
    desk.new("rolf")
    parsed = parse_references(["3-400", "99", "tix-4"])
    assert [one.number for one in bulk.expand(desk.desk(), parsed)] == [3, 4, 5, 99]
    assert [one.number for one in bulk.expand(desk.desk("rolf"), parsed)] == [5, 99, 4]
    assert bulk.called(desk.desk(), ref(99)) == "TIX-99"


def test_a_note_on_what_others_are_merged_into_is_written_once(desk):
    """Also where the first of them could not be merged."""
    action = merge.into(ref(4), "all the same", agreed=True)
    (results,) = bulk.in_parts(desk.desk(), named(99, 1, 2), action)
    assert [one.state for one in results] == ["failed", "done", "done"]
    notes = desk.store.execute("SELECT count(*) FROM item WHERE body = 'all the same'").fetchone()
    assert notes == (1,)


def test_a_failure_of_one_concerns_the_others_only_if_the_store_failed():
    """The rule that decides what goes on."""
    assert bulk.concerns_one(TixError("no"))
    assert not bulk.concerns_one(StorageFailure("no"))
