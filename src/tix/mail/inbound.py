"""From the bytes of a received mail to what the desk judges."""

from __future__ import annotations

from tix.desk.context import Desk
from tix.desk.mail.judge import Incoming, Place
from tix.mail import authentication
from tix.mail.message import Unreadable, read


def incoming(desk: Desk, raw: bytes, channel: str, place: Place | None = None) -> Incoming:
    """Read a mail, and what the desk's mail server found of its sender; nothing in it can make this fail."""
    try:
        mail = read(raw)
    except Unreadable as error:
        return Incoming(raw, None, str(error), channel, place=place)
    domain = None if mail.sender is None else mail.sender.domain
    verdict = authentication.verdict(mail.headers, desk.settings.name("mail.authserv_id"), domain)
    return Incoming(raw, mail, channel=channel, verdict=verdict, place=place)
