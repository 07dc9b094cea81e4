"""A mail to send, as the tests of building and sending start from."""

from typing import Any

from tix.domain.mail.message_id import make
from tix.domain.mail.received import Address
from tix.mail.compose import Outgoing

LINE = 998  # octets a line may have (RFC 5322, 2.1.1)
ID = make(b"k" * 32, "r", 12, 345, bytes(5), "desk.example")


def a_mail(**values: Any) -> Outgoing:
    """A reply on ticket 12 to Ann, other where ``values`` say so."""
    mail = Outgoing(
        sender=Address("Help Desk", "desk@desk.example"),
        envelope_sender="desk@desk.example",
        to=(Address("Ann", "ann@x.example"),),
        subject="Re: [TIX-12] Printer",
        text="Dear Ann,\n\nit prints again.\n",
        message_id=ID,
        kind="reply",
        date=1_790_000_000,
        language="en",
    )
    return mail._replace(**values)
