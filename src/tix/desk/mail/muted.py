"""Who gets no mail of which notification rules: each person decides for themselves."""

from __future__ import annotations

from collections.abc import Sequence

from tix.desk import outbox
from tix.desk.context import Desk
from tix.domain.notifications import MAILED, RULES, NotificationRule
from tix.domain.permissions import require
from tix.errors import InvalidValue
from tix.store.mail import state

ALL = "all"


def muted(desk: Desk) -> list[str]:
    """Return the rules of which the actor gets no mail; ``all`` is every rule."""
    return state.muted(desk.store, desk.actor.login)


def listed(desk: Desk) -> list[tuple[NotificationRule, bool]]:
    """Return who is notified of what, and whether the actor gets mail of it; only staff see what the desk has turned off."""
    off = outbox.policy(desk).off if desk.actor.is_staff else frozenset()
    mine = muted(desk)
    return [(rule, rule.reason not in off and rule.reason not in mine and ALL not in mine) for rule in RULES]


def mute(desk: Desk, rules: Sequence[str]) -> list[str]:
    """Send the actor no more mail of these rules; return all that are muted. Raises InvalidValue, NotAllowed."""
    names = _checked(rules)
    require(desk.actor, "notification mute")
    with desk.store.writing():
        state.mute(desk.store, desk.actor.login, names)
        return muted(desk)


def unmute(desk: Desk, rules: Sequence[str]) -> list[str]:
    """Send the actor mail of these rules again; ``all`` is every rule. Raises InvalidValue, NotAllowed."""
    names = _checked(rules)
    require(desk.actor, "notification mute")
    with desk.store.writing():
        state.unmute(desk.store, desk.actor.login, None if ALL in names else names)
        return muted(desk)


def _checked(rules: Sequence[str]) -> list[str]:
    names = [rule.strip().lower() for word in rules for rule in word.split(",") if rule.strip()]
    for name in names:
        if name not in MAILED and name != ALL:
            raise InvalidValue(
                f"'{name}' is not a notification rule", hint=f"use one of {', '.join(MAILED)}, or all"
            )
    return names
