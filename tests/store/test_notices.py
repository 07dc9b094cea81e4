"""Notices on a real store: written with what they are about, read through the scope the reader has now."""

import pytest

from tests.factories import HOUR, T0, ref, world
from tix.desk import notifications, people, settings, tick
from tix.desk.resources import resource
from tix.desk.resources.organisation import DEPARTMENT, TEAM
from tix.desk.tickets import assign, delete, reply, status
from tix.desk.tickets.routing import Route
from tix.domain.permissions import Scope
from tix.errors import NotFound, StorageFailure
from tix.store import connection
from tix.store import people as directory
from tix.store.compiled import sqlite as compiled


@pytest.fixture
def desk(tmp_path):
    """A desk of root, ann, ben, rita and rolf."""
    with world(tmp_path) as made:
        yield made


def told(desk, login, **options):
    """Number and reason of what somebody has, newest first."""
    return [(one.number, one.reason) for one in notifications.listed(desk.desk(login), **options)]


def change(desk, login, **fields):
    """Somebody's record is changed."""
    with desk.store.writing():
        directory.save(desk.store, directory.by_login(desk.store, login)._replace(**fields))


def test_a_notice_is_of_the_item_it_tells(desk):
    """Its id, its moment and its author are the item's."""
    number = desk.new(requester="rita", login="ann")
    assign.assign(desk.desk("root"), ref(number), desk.desk().person("ben"), internal="Yours.")
    desk.now += 60
    said = reply.reply(desk.desk("rita"), ref(number), "And?")
    rows = desk.store.execute(
        "SELECT notice.login, item.kind, item.type, item.at = notice.at, item.by FROM notice "
        "JOIN item ON item.id = notice.item_id ORDER BY notice.id"
    ).fetchall()
    assert rows == [("ben", "event", "assigned", 1, "root"), ("ben", "message", None, 1, "rita")]
    assert said.items[0].at == T0 + 60
    (newest, _) = notifications.listed(desk.desk("ben"))
    assert (newest.ref, newest.subject, newest.by, newest.at) == ("TIX-1", "Printer", "rita", T0 + 60)


def test_a_failed_write_tells_nobody(desk, monkeypatch):
    """The notices are of the same transaction as the write."""
    number = desk.new(assignee=desk.desk().person("ben"))
    before = told(desk, "ben")

    def full(store, *rest):
        raise StorageFailure("full")

    monkeypatch.setattr(notifications.rows, "add", full)
    with pytest.raises(StorageFailure):
        reply.reply(desk.desk("rita"), ref(number), "And?")
    monkeypatch.undo()
    assert told(desk, "ben") == before
    assert desk.stored(number).entries == 1


def test_overdue_is_told_once_however_it_is_recorded(desk):
    """By a tick, by two, or by the write that finds it; dated when it fell due."""
    due = T0 + HOUR
    for number in (desk.new(assignee=desk.desk().person("ben"), values={"due_at": due}) for _ in range(3)):
        assert number
    notifications.read_all(desk.desk("ben"))
    desk.now = due + 10
    reply.reply(desk.desk("rita"), ref(1), "It is late.")
    reply.note(desk.desk("ben"), ref(2), "I know.")
    assert told(desk, "ben") == [(2, "overdue"), (1, "message"), (1, "overdue")]
    assert tick.tick(desk.desk("root")) == {"overdue": 1}
    assert tick.tick(desk.desk("root")) == {}
    assert told(desk, "ben") == [(3, "overdue"), (2, "overdue"), (1, "message"), (1, "overdue")]
    assert {one.at for one in notifications.listed(desk.desk("ben")) if one.reason == "overdue"} == {due}
    assert told(desk, "rita") == []


def test_overdue_is_told_when_nobody_is_to_be_notified_of_the_write(desk):
    """``--no-notify`` is about the reply."""
    number = desk.new(assignee=desk.desk().person("ben"), values={"due_at": T0 + 1}, notify=False)
    desk.now += 60
    reply.reply(desk.desk("ann"), ref(number), "Words.", notify=False)
    assert told(desk, "ben") == [(number, "overdue")]
    assert told(desk, "rita") == []


def test_who_lapsed_it_is_not_told(desk):
    """A ticket that closes by itself tells nobody: the requester could see whether a tick had run."""
    number = desk.new(assignee=desk.desk().person("ben"))
    status.pull(desk.desk("ben"), ref(number), "resolve")
    for login in ("ben", "rita"):
        notifications.read_all(desk.desk(login))
    desk.now += 100 * HOUR
    assert tick.tick(desk.desk("root")) == {"status-changed": 1}
    assert told(desk, "ben") == told(desk, "rita") == []


def test_an_agent_hears_of_what_they_may_see_alone(desk):
    """By the departments they have when it is written, and again by those they have when they read it."""
    organisation = desk.desk("root")
    resource.add(organisation, TEAM, "net", {})
    resource.add(organisation, DEPARTMENT, "IT", {})
    change(desk, "ben", departments=(), teams=("net",))
    change(desk, "ann", teams=("net",))
    number = desk.new(route=Route(department="IT"), assignee=desk.desk().person("ben"))
    notifications.read_all(desk.desk("ben"))

    def give(login):
        assign.assign(desk.desk("root"), ref(number), desk.desk().person(login))

    give("ann")
    assert told(desk, "ann") == [(number, "assigned")]
    assert told(desk, "ben", every=True) == []  # nor are they told that it was taken from them
    change(desk, "ann", departments=())
    assert told(desk, "ann") == [(number, "assigned")]  # they hold it
    give("ben")
    assert told(desk, "ann", every=True) == []
    assert notifications.unread(desk.desk("ann")) == 0
    assert notifications.read_all(desk.desk("ann")) == []
    assign.assign_team(desk.desk("root"), ref(number), "net")
    assert told(desk, "ann") == [(number, "assigned")]  # nor was it read while it could not be


def test_somebody_who_is_staff_no_more_reads_nothing_internal(desk):
    """A notice of a note stays with the staff."""
    number = desk.new("ann", requester="rita", assignee=desk.desk().person("ben"))
    reply.note(desk.desk("root"), ref(number), "Words.")
    own = desk.new("ann", requester="ben", assignee=desk.desk().person("ben"))
    reply.note(desk.desk("root"), ref(own), "Words.")
    assert told(desk, "ben") == [(own, "noted"), (own, "assigned"), (number, "noted"), (number, "assigned")]
    change(desk, "ben", role="requester")
    assert told(desk, "ben") == [(own, "assigned")]
    assert notifications.unread(desk.desk("ben")) == 1


def test_one_reads_one_s_own_alone(desk):
    """Somebody else's is not there, nor one of a ticket that is gone."""
    number = desk.new(assignee=desk.desk().person("ben"))
    (mine,) = notifications.listed(desk.desk("ben"))
    with pytest.raises(NotFound):
        notifications.read(desk.desk("ann"), mine.id)
    read, changed = notifications.read(desk.desk("ben"), mine.id)
    assert (read.read_at, changed) == (T0, True)
    desk.now += 60
    assert notifications.read(desk.desk("ben"), mine.id) == (read, False)
    assert told(desk, "ben") == []
    assert told(desk, "ben", every=True) == [(number, "assigned")]
    delete.delete(desk.desk("root"), ref(number))
    assert told(desk, "ben", every=True) == []
    with pytest.raises(NotFound):
        notifications.read(desk.desk("ben"), mine.id)
    assert desk.store.execute("SELECT count(*) FROM notice").fetchone() == (0,)


def test_the_newest_come_first_and_no_more_than_wanted(desk):
    for number in range(1, 6):
        assert number == desk.new(assignee=desk.desk().person("ben"))
    assert [number for number, _ in told(desk, "ben", limit=2)] == [5, 4]
    assert notifications.unread(desk.desk("ben")) == 5


def test_what_one_was_told_goes_along_when_two_are_one(desk):
    """Who somebody turned out to be has their notices."""
    number = desk.new()
    reply.reply(desk.desk("ann"), ref(number), "Words.")
    people.merge(desk.desk("root"), "rita", "rolf")
    assert told(desk, "rolf") == [(number, "answered")]


def test_what_moves_many_tickets_tells_of_none(desk):
    """Another workflow, another window and people who are one: nobody wants a thousand notices."""
    number = desk.new(assignee=desk.desk().person("ben"))
    status.pull(desk.desk("ben"), ref(number), "resolve")
    before = desk.store.execute("SELECT count(*) FROM notice").fetchone()
    settings.put(desk.desk("root"), "auto_close_after", "1h")
    settings.put(desk.desk("root"), "workflow", "helpdesk")
    people.merge(desk.desk("root"), "ben", "ann")
    assert desk.stored(number).assignee == "ann"
    assert before == desk.store.execute("SELECT count(*) FROM notice").fetchone()


@pytest.mark.parametrize(
    ("name", "index"),
    [("notices", "notice_of (login=?)"), ("notices_unread", "notice_unread (login=?)")],
)
@pytest.mark.parametrize("scope", [Scope("all", "ann", True), Scope("desk", "ann", True, ("IT",), ("net",))])
@pytest.mark.sqlite
def test_the_list_goes_along_an_index_in_its_order(desk, name, index, scope):
    """Newest first by the index alone; of the read ones, which grow, the unread list sees nothing."""
    steps = plan(desk, name, scope, limit=50)
    assert any(index in step for step in steps), steps
    assert not [step for step in steps if "TEMP B-TREE" in step or step.startswith("SCAN notice")], steps


@pytest.mark.sqlite
def test_unread_ones_are_counted_in_their_index(desk):
    """The first screen waits for it."""
    steps = plan(desk, "notices_counted", Scope("all", "ann", True))
    assert any("notice_unread (login=?)" in step for step in steps), steps


def plan(desk, name, scope, **values):
    """The plan of a statement, a step a line."""
    sql = f"EXPLAIN QUERY PLAN {compiled.SQL[name]}".replace("<<visible>>", compiled.SCOPES[scope.kind])
    values |= connection.scope_values(scope) | {"login": "ann"}
    return [row[3] for row in desk.store.execute(sql, values).fetchall()]
