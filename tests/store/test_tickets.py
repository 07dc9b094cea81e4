"""The ticket repository on a real file: what is saved, when it is refused, what a delete leaves."""

import pytest

from tests.factories import HOUR, T0, author, file, ref, world
from tix.desk.tickets import delete, new
from tix.desk.tickets import reply as desk_tickets
from tix.desk.tickets.request import TicketRequest
from tix.domain.people import Contact
from tix.domain.tickets import lifecycle
from tix.domain.tickets.ticket import play
from tix.domain.tickets.timeline import Author
from tix.errors import StoreBusy, TixError
from tix.store.tickets import tickets, timeline


@pytest.fixture
def desk(tmp_path):
    """A desk with one ticket of rita's."""
    with world(tmp_path) as made:
        made.number = made.new(uploads=(file("a.txt"),))
        yield made


def test_a_ticket_is_read_as_it_was_added(desk):
    """By number within a scope, and by id."""
    one = desk.stored(desk.number)
    assert one == tickets.by_id(desk.store, one.id)
    assert (
        one.number,
        one.requester,
        one.subject,
        one.entries,
        one.attachments,
    ) == (1, "rita", "Printer", 1, 1)
    assert tickets.get(desk.store, desk.number, desk.desk("rolf").scope) is None
    assert tickets.by_id(desk.store, one.id + 1) is None


def test_a_row_that_somebody_changed_is_not_overwritten(desk):
    """The update is judged by its row count; nothing of the attempt is left."""
    stale = desk.stored(desk.number)
    desk_tickets.reply(desk.desk("ann"), ref(desk.number), "First.")
    before = desk.store.execute("SELECT count(*) FROM item").fetchone()
    items = [lifecycle.speak(stale, desk.desk().rules, author("ben"), "Second.")]
    with pytest.raises(StoreBusy), desk.store.writing():
        tickets.save(desk.store, stale, play(stale, items), items)
    assert before == desk.store.execute("SELECT count(*) FROM item").fetchone()
    assert desk.stored(desk.number).entries == 2


def test_a_failing_write_leaves_nothing(desk):
    """Number, row, items, files and people of a refused ticket are all not there."""
    tables = "ticket item attachment blob person keyed_write counter".split()

    def state():
        return {name: desk.store.execute(f"SELECT * FROM {name}").fetchall() for name in tables}

    before = state()
    draft = TicketRequest(
        subject="x", body="x", requester=Contact(None, "new@x.example", None), uploads=(file("b.txt", b"b"),),
        assignee=desk.desk().person("rita"), idempotency_key="k",
    )  # fmt: skip
    with pytest.raises(TixError):
        new.open_ticket(desk.desk("ann"), draft)
    assert before == state()


def test_an_idempotency_key_is_its_persons_for_thirty_days(desk):
    """The first ticket again; another person's key, or a month later, makes another."""
    draft = TicketRequest(subject="x", body="x", idempotency_key="k")
    first = new.open_ticket(desk.desk("rita"), draft)
    again = new.open_ticket(desk.desk("rita"), draft._replace(subject="other"))
    assert (first.ticket.number, True) == (again.ticket.number, again.already)
    assert not new.open_ticket(desk.desk("rolf"), draft).already
    desk.now = T0 + 30 * 24 * HOUR - 1
    assert new.open_ticket(desk.desk("rita"), draft).already
    desk.now = T0 + 30 * 24 * HOUR
    later = new.open_ticket(desk.desk("rita"), draft)
    assert (first.ticket.number + 2, False) == (later.ticket.number, later.already)


@pytest.mark.sqlite
def test_a_tombstone_keeps_number_times_kinds_and_actors(desk):
    """And nothing a person wrote: no text, name, field, old or new value, key or file."""
    one = desk.stored(desk.number)
    desk_tickets.note(desk.desk("ann"), ref(desk.number), "secret", (file("n.txt", b"n"),))
    desk.now += HOUR
    with desk.store.writing():
        tickets.delete(desk.store, desk.stored(desk.number), Author("root", None, "staff", desk.now))
    rows = desk.store.execute("SELECT * FROM item WHERE ticket_id = ?", (one.id,)).fetchall()
    names = [c[1] for c in desk.store.execute("PRAGMA table_info(item)").fetchall()]
    items = [dict(zip(names, row, strict=True)) for row in rows]
    assert [(item["kind"], item["by"], item["at"]) for item in items] == [
        ("message", "rita", T0),
        ("note", "ann", T0),
        ("event", "root", T0 + HOUR),
    ]
    for item in items:
        assert {item[name] for name in ("body", "field", "old", "new", "reason", "sets")} == {None}
    (grave,) = desk.store.run("tombstones").fetchall()
    assert (one.uid, one.number, T0 + HOUR, "root") == (grave[1], grave[3], grave[5], grave[6])
    assert desk.store.execute("SELECT count(*) FROM blob").fetchone() == (0,)
    assert desk.new() == one.number + 1


def test_two_tickets_share_the_bytes_of_a_file(desk):
    """Stored once; gone with the last of them."""
    other = desk.new("rolf", uploads=(file("b.txt"),))
    digest = file("a.txt").file.sha256
    assert desk.store.execute("SELECT count(*) FROM blob").fetchone() == (1,)
    delete.delete(desk.desk("root"), ref(desk.number))
    assert timeline.blob(desk.store, digest) == file("a.txt").data
    delete.delete(desk.desk("root"), ref(other))
    assert timeline.blob(desk.store, digest) is None


@pytest.mark.sqlite
def test_only_changed_columns_are_written(desk):
    """A save names no column whose value is as it was: an index of the others is not touched."""
    said = []
    desk.store.connection.set_trace_callback(said.append)
    desk_tickets.note(desk.desk("ann"), ref(desk.number), "x")
    desk.store.connection.set_trace_callback(None)
    (update,) = [sql for sql in said if sql.startswith("UPDATE ticket")]
    assigned = update.partition("WHERE")[0]
    assert '"notes"' in assigned
    assert '"subject"' not in assigned
    assert '"rank"' not in assigned
