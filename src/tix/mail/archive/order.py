"""The order in which old mails are taken: by time, and none before the mails it answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tix.typing import NamedTuple


class Dated(NamedTuple):
    """What decides when a mail is taken: its time (UTC seconds), its id and the ids it answers, as numbers."""

    at: int
    id: int | None
    answers: tuple[int, ...]


def ordered(mails: Sequence[Dated]) -> Iterator[int]:
    """Yield the places of the mails, oldest first, except that what a mail answers comes before it.

    Clocks differ, so an answer may be dated before its question. Mails that answer each other come by time.
    """
    places: dict[int, int] = {}
    for place, mail in enumerate(mails):
        if mail.id is not None:
            places.setdefault(mail.id, place)
    waiting, is_done = set[int](), bytearray(len(mails))
    for first in sorted(range(len(mails)), key=lambda place: (mails[place].at, place)):
        stack = [first]
        while stack:
            place = stack[-1]
            if not is_done[place] and place not in waiting:
                waiting.add(place)
                before = (places[id] for id in mails[place].answers if id in places)
                stack += [one for one in before if not is_done[one] and one not in waiting]
                continue
            stack.pop()
            waiting.discard(place)
            if not is_done[place]:
                is_done[place] = 1
                yield place
