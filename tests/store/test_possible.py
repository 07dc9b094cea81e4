"""What the desk says is possible with a ticket is what can be done: for every workflow, status and role."""

import pytest

from tests.factories import ref, world
from tix.desk.tickets import assign, edit, possible, read, reply, status
from tix.domain.workflows.shipped import SHIPPED
from tix.domain.workflows.workflow import VERBS
from tix.errors import TixError


class _Undone(Exception):
    pass


def can(desk, action) -> bool:
    """Whether it changes something now; nothing of it stays."""
    changed = False
    try:
        with desk.store.writing():
            changed = not action(desk, ref(1)).already
            raise _Undone  # noqa: TRY301  # only this ends the transaction without a trace
    except _Undone:
        return changed
    except TixError:
        return False


@pytest.mark.parametrize("workflow", SHIPPED)
def test_what_is_possible_is_what_can_be_done(tmp_path, workflow):
    tried = set()
    for number, target in enumerate(SHIPPED[workflow].statuses):
        folder = tmp_path / str(number)
        folder.mkdir()
        with world(folder, workflow) as office:
            ben = office.desk("ben").actor.person
            office.new()
            staff = office.desk("ann")
            if target.name != SHIPPED[workflow].first.name:
                edit.prepared(staff, edit.Names(), status=target.name)(staff, ref(1))
            for login in ("ann", "rita"):
                desk = office.desk(login)
                may = possible.possible(desk, read.whole(desk, ref(1)))
                assert may.reply == can(desk, lambda d, r: reply.reply(d, r, "text"))
                assert may.note == can(desk, lambda d, r: reply.note(d, r, "text"))
                assert may.claim == can(desk, assign.claim)
                assert may.assign == can(desk, lambda d, r, ben=ben: assign.assign(d, r, ben))
                assert may.rate == can(desk, lambda d, r: status.rate(d, r, 5, None))
                pulled = {
                    verb for verb in VERBS if can(desk, lambda d, r, verb=verb: status.pull(d, r, verb))
                }
                assert set(may.triggers) == pulled, (target.name, login)
                named = {
                    one.name
                    for one in SHIPPED[workflow].statuses
                    if can(desk, lambda d, r, one=one: edit.prepared(d, edit.Names(), status=one.name)(d, r))
                }
                assert {one.name for one in may.statuses} == named, (target.name, login)
                tried.add((target.name, login))
    assert len(tried) == 2 * len(SHIPPED[workflow].statuses)
