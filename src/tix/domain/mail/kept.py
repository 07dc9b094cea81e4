"""A received mail as the desk keeps it, with what became of it."""

from tix.domain.mail.intake import Outcome
from tix.typing import NamedTuple

IMPORT = "import"  # the channel of old mail from a file


class KeptMail(NamedTuple):
    """A row of received mail without its bytes; ``at`` in UTC seconds. ``prefix`` and ``number`` are its ticket's.

    ``outcome`` is ``deleted`` once its bytes are gone. ``folded_at``: where the quoted rest begins in its entry.
    """

    id: int
    message_id: str | None
    sender: str | None
    subject: str
    at: int
    channel: str
    outcome: Outcome | str
    reason: str
    ticket_id: int | None
    item_id: int | None
    folded_at: int | None
    prefix: str | None = None
    number: int | None = None

    @property
    def ref(self) -> str | None:
        """What its ticket is called: ``TIX-12``."""
        return None if self.number is None else f"{self.prefix}{self.number}"
