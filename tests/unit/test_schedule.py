"""A schedule: its rhythm, and what is so unless somebody says otherwise."""

from tests.factories import T0
from tix.domain.schedules.recurrence import Recurrence
from tix.domain.schedules.schedule import Schedule


def test_a_schedule_is_a_rhythm_and_a_ticket():
    one = Schedule("backup", "ann", "Look at the backup", "Please.", "weekly", T0, "Europe/Berlin", "rita")
    assert one.rhythm == Recurrence("weekly", T0, "Europe/Berlin")
    assert (one.paused, one.next_at, one.last_at, one.assets, one.tags, one.fields) == (
        False, None, None, (), (), (),
    )  # fmt: skip
