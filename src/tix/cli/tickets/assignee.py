"""Who a command assigns tickets to: a person, a team or nobody."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tix.cli.tickets.bulk import Action
    from tix.desk.context import Desk


def giver(desk: "Desk", who: str, internal: str | None = None) -> "Action":
    """What gives a ticket to ``who``: a login, ``@me``, ``team:NAME`` or ``none``. Raises UnknownName."""
    from tix.desk.tickets import assign, change

    if not desk.actor.is_staff:  # a refusal tells nobody which names there are
        return lambda desk, reference: change.refuse(desk, reference, "assign")
    if who.startswith("team:"):
        from tix.desk.resources.registry import spelled

        team = spelled(desk, "team", who.removeprefix("team:"))
        return lambda desk, reference: assign.assign_team(desk, reference, team, internal)
    person = None if who == "none" else desk.person(who)
    return lambda desk, reference: assign.assign(desk, reference, person, internal)
