"""Try the mail set-up: connect to both servers, list folders, look into the newest mails. Nothing is changed."""

from __future__ import annotations

import email
import time

from tix.desk.mail import letters
from tix.errors import Refused, TixError
from tix.mail import authentication
from tix.mail.mailbox import header_of
from tix.mail.servers import account, relay
from tix.typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.mail.imap.folder import Imap

# Seconds between two looks for the test mail, and how many of the newest mails are looked at.
_PAUSE = 3
_NEWEST = 20


class Trial(NamedTuple):
    """What was tried, whether it works, and what was found or went wrong, in one sentence.

    ``error`` is what it failed with. ``details`` are folders, or the names under which senders were checked.
    """

    what: str
    works: bool
    words: str
    details: tuple[str, ...] = ()
    error: TixError | None = None


def incoming(desk: Desk) -> Trial:
    """Log in where mail is fetched from, and list its folders."""
    from tix.mail.imap.folder import Filing, Imap

    try:
        mailbox = Imap(account(desk), Filing(desk.settings.text("mail.imap.folder")))
    except TixError as error:
        return Trial("incoming", False, error.message, error=error)
    try:
        folders = mailbox.folders()
        waiting = len(mailbox)
        ids = _authserv_ids(mailbox)
    except TixError as error:
        return Trial("incoming", False, error.message, error=error)
    finally:
        mailbox.close()
    host = desk.settings.text("mail.imap.host")
    found = tuple(f"folder {name}" for name in folders) + tuple(f"senders are checked by {id}" for id in ids)
    return Trial(
        "incoming",
        True,
        f"{host} answers; {waiting} {'mail is' if waiting == 1 else 'mails are'} waiting",
        found,
    )


def _authserv_ids(mailbox: Imap) -> tuple[str, ...]:
    """Return the names under which the newest ten mails were checked: one of them is for ``mail.authserv_id``."""
    found: dict[str, None] = {}
    for one in list(mailbox.found())[-10:]:
        raw = mailbox.raw(one)
        if raw is not None:
            headers = [
                (name, str(value)) for name, value in email.message_from_bytes(raw.content).raw_items()
            ]
            found.update(dict.fromkeys(authentication.authserv_ids(headers)))
    return tuple(found)


def round_trip(desk: Desk, *, plus: bool = False, patience: int = 60) -> Trial:
    """Send a test mail to the desk's own address, and look for it where mail is fetched from.

    With ``plus`` it goes to the address of a ticket, ``help+1-…@…``: only where such a mail arrives can tickets have
    addresses of their own. It waits ``patience`` seconds at most. The mail stays there; ``mail fetch`` ignores it,
    because it is from the desk itself.
    """
    what = "plus-address" if plus else "round-trip"
    try:
        id, to = _send_test(desk, plus=plus)
        for _ in range(max(1, patience // _PAUSE)):
            if _arrived(desk, id):
                return Trial(what, True, f"a mail to {to} arrived")
            time.sleep(_PAUSE)
    except TixError as error:
        return Trial(what, False, error.message, error=error)
    lost = Refused(f"a mail to {to} was sent and did not arrive within {patience} seconds")
    return Trial(what, False, lost.message, error=lost)


def _send_test(desk: Desk, *, plus: bool) -> tuple[str, str]:
    """Send the mail; return its id without angle brackets, and where it went."""
    from tix.mail.compose import Outgoing, render
    from tix.mail.smtp import transaction
    from tix.mail.smtp.relay import Connection

    letter = letters.trial_mail(desk, plus=plus)
    raw = render(
        Outgoing(
            sender=letter.sender,
            envelope_sender=letter.sender.address,
            to=(letter.recipient,),
            subject="Test of the help desk's mail",
            text="This mail tries whether mail of the help desk arrives. Nobody has to answer it.\n",
            message_id=letter.message_id,
            kind="notice",
            date=desk.now,
        )
    )
    with Connection(relay(desk)) as connection:
        to = letter.recipient.address
        result = transaction.send(connection, letter.sender.address, [to], raw, before_dot=lambda: None)
    one = result.recipients[0]
    if one.outcome != "accepted":
        raise Refused(f"the relay refused the test mail: {one.code} {one.text}".strip())
    return letter.message_id.strip("<>"), to


def _arrived(desk: Desk, id: str) -> bool:
    from tix.mail.imap.folder import Filing, Imap

    mailbox = Imap(account(desk), Filing(desk.settings.text("mail.imap.folder")))
    try:
        for one in list(mailbox.found())[-_NEWEST:]:
            raw = mailbox.raw(one)
            if raw is not None and id.encode() in header_of(raw.content):
                return True
    finally:
        mailbox.close()
    return False


def outgoing(desk: Desk) -> Trial:
    """Log in where mail is sent through; no mail is sent."""
    from tix.mail.smtp.relay import Connection

    try:
        place = relay(desk)
        Connection(place).close()
    except TixError as error:
        return Trial("outgoing", False, error.message, error=error)
    return Trial("outgoing", True, f"{place.host}:{place.port} answers")
