"""Whoever was told of a change is told of its taking back."""

from tests.factories import HOUR, ref, world
from tix.desk import notifications
from tix.desk.tickets import assign, edit, merge, read, undo
from tix.domain.tickets.edit import Edit
from tix.store import people


def news(desk, who):
    """What somebody has heard, oldest first: the reason and the ticket."""
    return [(one.reason, one.number) for one in notifications.listed(desk.desk(who), every=True)][::-1]


def test_a_merge_that_is_taken_back_is_told(tmp_path):
    """Its requester and who had it: by ``unmerge`` and by ``undo``; the status that comes back is an event."""
    with world(tmp_path) as desk:
        one, two = desk.new("rita"), desk.new("rita")
        assign.assign(desk.desk("ann"), ref(two), desk.desk().person("ben"))
        for back in (
            lambda: merge.unmerge(desk.desk("ann"), ref(two)),
            lambda: undo.undo(desk.desk("ann")),
        ):
            heard, at_work = len(news(desk, "rita")), len(news(desk, "ben"))
            desk.now += HOUR
            merge.merge(desk.desk("ann"), ref(two), ref(one))
            assert news(desk, "rita")[heard:] == [("merged", two)]
            assert news(desk, "ben")[at_work:] == [("merged", two)]
            desk.now += HOUR
            back()
            assert news(desk, "rita")[heard + 1 :] == [("reopened", two)]
            assert news(desk, "ben")[at_work + 1 :] == [("reopened", two)]
            lines = read.whole(desk.desk("ann"), ref(two)).lines
            changed = [line.item for line in lines if line.item.type == "status-changed"][-1]
            assert (changed.old, changed.new, changed.reason) == ("closed", "open", "undone")
            assert (changed.by, changed.at) == ("ann", desk.now)


def test_an_overdue_mark_that_is_taken_back_is_told(tmp_path):
    """To everybody who was told of it, also to those of the department."""
    with world(tmp_path) as desk:
        number = desk.new("rita")
        assign.assign(desk.desk("root"), ref(number), desk.desk().person("ben"))
        desk.now += HOUR
        edit.edit(desk.desk("ann"), ref(number), Edit(due_at=(desk.now - 60,)))
        assert news(desk, "ben")[-1] == ("overdue", number)
        desk.now += HOUR
        undo.undo(desk.desk("ann"))
        assert news(desk, "ben")[-1] == ("taken-back", number)


def test_a_team_hears_that_a_ticket_is_not_theirs_after_all(tmp_path):
    """Nobody is a former team by the table: they were told, so they are told."""
    with world(tmp_path) as desk:
        number = desk.new("rita")
        with desk.store.writing():
            for login in ("ben", "root"):
                somebody = people.by_login(desk.store, login)
                people.save(desk.store, somebody._replace(teams=("net",)))
        assign.assign_team(desk.desk("ann"), ref(number), "net")
        assert [news(desk, who) for who in ("ben", "root")] == [[("assigned", number)]] * 2
        desk.now += HOUR
        undo.undo(desk.desk("ann"))
        assert [news(desk, who)[1:] for who in ("ben", "root")] == [[("taken-back", number)]] * 2
