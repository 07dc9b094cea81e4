"""What asks before it is done: acts on the whole desk, on very many tickets, or without a way back.

Pure, and the one place that says so, whatever the channel. On a terminal a person is asked, and told how much is at
stake. Where nobody can be asked, an act with a way back goes on, and one without needs a confirmation in advance.
"""

from collections.abc import Mapping

from tix.errors import Unconfirmed
from tix.typing import NamedTuple
from tix.words.sentence import Said


class Act(NamedTuple):
    """An act that asks where it concerns more than ``above`` tickets or records, -1 for always.

    ``has_way_back``: where nobody can be asked, it goes on. ``note`` is a sentence about the way back, or what has none.
    ``by_name``: a yes is not enough, the name of what it concerns has to be typed.
    """

    above: int
    has_way_back: bool
    note: str
    by_name: bool = False


ACTS: Mapping[str, Act] = {
    "delete": Act(-1, False, Said("This cannot be undone.")),
    "draft rm": Act(-1, False, Said("This cannot be undone.")),
    "user merge": Act(-1, False, Said("This cannot be undone."), by_name=True),
    "workflow use": Act(-1, True, Said("tix undo takes it back while no ticket has changed.")),
    "db restore": Act(-1, True, Said("What was there is kept."), by_name=True),
    "doctor": Act(-1, True, Said("The tickets stay as they are.")),
    "import": Act(1_000, True, Said("tix undo does not take it back.")),
    "bulk": Act(100, True, Said("tix undo takes it back.")),
    "bulk text": Act(100, True, Said("A text that was sent stays.")),
}


def is_name(typed: str, name: str) -> bool:
    """Return whether somebody has typed the name of what an act concerns, or its number of tickets."""
    return typed.strip().replace(",", "").casefold() == name.replace(",", "").casefold()


def require_name(given: str, name: str) -> None:
    """Refuse a confirmation that names something else. Raises Unconfirmed."""
    if not is_name(given, name):
        raise Unconfirmed(
            Said("--confirm {given}: this concerns {name}", given=given, name=name),
            hint=Said("confirm it with --confirm {name}", name=name),
        )


def must_ask(act: str, count: int, *, agreed: bool, may_ask: bool, wanted: str | None = None) -> bool:
    """Return whether a person has to be asked before an act that concerns ``count`` tickets or records.

    ``agreed``: it was confirmed in advance, or is a dry run. ``wanted`` is how the person likes it: ``always`` asks
    whatever the number, ``never`` only where there is no way back. Raises Unconfirmed where it has no way back, is not
    confirmed, and nobody can be asked.
    """
    rule = ACTS[act]
    least = min(0, rule.above) if wanted == "always" else rule.above
    if agreed or count <= least or (wanted == "never" and rule.has_way_back):
        return False
    if may_ask:
        return True
    if not rule.has_way_back:
        raise Unconfirmed(Said("{act} cannot be undone", act=act), hint=Said("confirm it with --yes"))
    return False
