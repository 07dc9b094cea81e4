"""Idempotency keys of any write: once, for one person, for one payload, and in the transaction of the write."""

import pytest

from tests.factories import ref, world
from tix.desk import idempotency, tick
from tix.desk.idempotency import KEY_SECONDS, Keyed
from tix.desk.tickets import new, reply
from tix.desk.tickets.request import TicketRequest
from tix.errors import KeyReused

KEYED = Keyed("k", "digest")


@pytest.fixture
def desk(tmp_path):
    """A desk with one ticket of rita's."""
    with world(tmp_path) as made:
        made.number = made.new()
        yield made


def write(desk, login="ann", keyed=KEYED):
    """A reply under a key: what ``once`` returns."""
    acting = desk.desk(login)
    return idempotency.once(
        acting, keyed, lambda: [reply.note(acting, ref(desk.number), "Once.").ticket.number]
    )


def notes(desk):
    return desk.store.execute("SELECT count(*) FROM item WHERE body = 'Once.'").fetchone()[0]


def test_a_key_writes_once(desk):
    assert write(desk) == ([desk.number], False)
    assert write(desk) == ([desk.number], True)
    assert notes(desk) == 1
    with pytest.raises(KeyReused):
        write(desk, keyed=Keyed("k", "another"))
    assert write(desk, keyed=Keyed("k2", "digest"))[1] is False
    assert write(desk, "root")[1] is False  # the key is ann's
    assert notes(desk) == 3


def test_a_key_expires_and_tick_sweeps_it(desk):
    write(desk)
    desk.now += KEY_SECONDS - 1
    assert write(desk)[1] is True
    desk.now += 1
    tick.tick(desk.desk("root"))
    assert desk.store.execute("SELECT count(*) FROM keyed_write").fetchone() == (0,)
    assert write(desk)[1] is False


def test_a_failed_write_leaves_the_key_free(desk):
    def fail():
        reply.note(desk.desk("ann"), ref(desk.number), "Once.")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        idempotency.once(desk.desk("ann"), KEYED, fail)
    assert notes(desk) == 0
    assert write(desk)[1] is False


def test_keys_of_new_tickets_and_of_other_writes_are_the_same(desk):
    """A new ticket takes its key where no digest is known, as in stores of format 5, but not from another write."""
    draft = TicketRequest(subject="x", body="x", idempotency_key="k")
    write(desk)
    with pytest.raises(KeyReused):
        new.open_ticket(desk.desk("ann"), draft)
    made = new.open_ticket(desk.desk("rita"), draft).ticket
    with pytest.raises(KeyReused):
        idempotency.once(desk.desk("rita"), KEYED, list)
    fresh = Keyed("k", "digest", fresh=True)
    rita = desk.desk("rita")
    again = idempotency.once(rita, fresh, lambda: [new.open_ticket(rita, draft).ticket.number])
    assert again == ([made.number], False)
    assert idempotency.once(rita, fresh, list) == ([made.number], True)
    assert new.open_ticket(desk.desk("rita"), draft._replace(subject="other")).already


def test_a_part_of_a_transaction_is_taken_back_alone(desk):
    store = desk.store
    with store.together():
        with store.together() as part:
            store.run("setting_put", key="prefix", value="X-")
            part.take_back()
        with store.together():
            store.run("setting_put", key="default_sla", value="y")
    assert dict(store.run("settings").fetchall()).get("prefix") != "X-"
    assert dict(store.run("settings").fetchall())["default_sla"] == "y"


def test_a_key_of_a_new_ticket_is_for_one_payload(desk):
    """A key without a digest, from before there were any, takes every payload."""
    rita = desk.desk("rita")
    old = TicketRequest(subject="x", body="x", idempotency_key="old")
    made = new.open_ticket(rita, old).ticket
    assert new.open_ticket(rita, old._replace(digest="a")).ticket.id == made.id
    draft = TicketRequest(subject="x", body="x", idempotency_key="k", digest="a")
    first = new.open_ticket(rita, draft)
    again = new.open_ticket(rita, draft)
    assert (first.already, again.already, again.ticket.id) == (False, True, first.ticket.id)
    with pytest.raises(KeyReused):
        new.open_ticket(rita, draft._replace(digest="b"))
    with pytest.raises(KeyReused):
        idempotency.once(rita, Keyed("k", "b", fresh=True), list)
    # The same request over HTTP, where the answer is kept too.
    same = Keyed("k", "a", fresh=True)
    assert idempotency.once(rita, same, lambda: [new.open_ticket(rita, draft).ticket.number])[1] is False
    assert idempotency.once(rita, same, list) == ([first.ticket.number], True)
    assert new.open_ticket(rita, draft).already
