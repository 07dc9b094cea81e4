"""A moment in the future, as an option gives it."""

from typing import TYPE_CHECKING

from tix.errors import InvalidValue

if TYPE_CHECKING:
    from tix.desk.context import Desk


def to_come(desk: "Desk", text: str) -> int:
    """A moment to put a ticket away until. Raises InvalidValue for what is no moment, or has passed."""
    at = desk.moment(text)
    if at <= desk.now:
        raise InvalidValue(f"'{text}' is in the past", hint="tix snooze 12 --until 'tomorrow 9am', or +3d")
    return at
