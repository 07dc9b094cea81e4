"""A due date set by hand: a pause leaves it alone, and the overdue event comes after what brought it about."""

from tests.factories import HOUR, ref, world
from tix.desk import tick
from tix.desk.tickets import edit, read, status
from tix.domain.tickets.edit import Edit


def overdue_at(desk, number, who="ann"):
    """When the ticket became overdue, by its thread."""
    lines = read.whole(desk.desk(who), ref(number)).lines
    return [line.item.at for line in lines if line.item.type == "overdue"]


def test_a_pause_leaves_a_date_set_by_hand_alone(tmp_path):
    """Held before it passes and taken off after it: the same date, overdue from the end of the pause."""
    with world(tmp_path) as desk:
        number = desk.new()
        due = desk.now + 24 * HOUR
        edit.edit(desk.desk(), ref(number), Edit(due_at=(due,)))
        desk.now += HOUR
        status.pull(desk.desk(), ref(number), "hold")
        desk.now += 2 * HOUR
        status.pull(desk.desk(), ref(number), "start")
        assert (desk.stored(number).due_at, desk.stored(number).due_by_hand) == (due, 1)
        status.pull(desk.desk(), ref(number), "hold")
        desk.now = back = due + 5 * HOUR
        assert overdue_at(desk, number) == []
        status.pull(desk.desk(), ref(number), "start")
        assert desk.stored(number).due_at == due
        desk.now += HOUR
        # Before anybody has recorded it and after.
        assert overdue_at(desk, number) == [back]
        logged = [line.item.type for line in read.log(desk.desk(), back - 60, None, -1)]
        assert "overdue" in logged
        tick.tick(desk.desk("root"))
        assert overdue_at(desk, number) == [back]
        assert desk.stored(number).overdue_at == back


def test_a_plan_s_date_moves_by_the_pause(tmp_path):
    """What was promised in working time is still promised."""
    with world(tmp_path) as desk:
        number = desk.new()
        edit.edit(desk.desk(), ref(number), Edit({}), edit.NewPlaces(sla=("sev-a",)))
        due = desk.stored(number).due_at
        status.pull(desk.desk(), ref(number), "hold")
        desk.now += 24 * HOUR
        status.pull(desk.desk(), ref(number), "start")
        assert desk.stored(number).due_at == due + 24 * HOUR
