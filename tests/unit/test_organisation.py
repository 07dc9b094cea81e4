"""What tickets belong to: what is so of a client, a department, a priority unless somebody says otherwise."""

import pytest

from tix.domain.organisation import Asset, Client, Department, Priority, Team, TicketType
from tix.domain.sla.calendars import Calendar
from tix.domain.sla.plans import Plan


@pytest.mark.parametrize(
    "noun",
    [
        Asset("pump"),
        Calendar("office", "UTC", ((),) * 7, {}),
        Client("Acme"),
        Department("IT"),
        Plan("gold", 60),
        Priority("low", 10),
        Team("net"),
        TicketType("issue"),
    ],
    ids=lambda noun: type(noun).__name__,
)
def test_what_is_made_is_in_use(noun):
    assert noun.active is True


def test_what_nobody_has_said_is_not_so():
    assert Client("Acme")[1:-1] == ((), None, None, None)
    assert Department("IT")[1:-1] == (None, None, None, (), None)
    assert (TicketType("issue").position, Priority("low", 10).aliases) == (0, ())
    assert (Plan("gold", 60).response_seconds, Plan("gold", 60).calendar, Plan("gold", 60).overrides) == (
        None, None, (),
    )  # fmt: skip
