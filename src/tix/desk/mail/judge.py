"""A received mail with everything that is looked up to judge it: the sign, the sender, the ticket, what they did before."""

from __future__ import annotations

from collections.abc import Sequence

from tix.desk.mail import sender
from tix.desk.mail.content import digest_of, is_note
from tix.desk.mail.sender import Sender
from tix.domain.mail import message_id
from tix.domain.mail.automatic import Sign, sign_of
from tix.domain.mail.intake import Decision, Facts, decide
from tix.store.mail import received, state
from tix.typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.domain.mail.intake import FoundBy
    from tix.domain.mail.received import Message
    from tix.domain.tickets.ticket import Ticket

HOUR, DAY = 3600, 86_400


class Place(NamedTuple):
    """Where a message lies in a mailbox: the folder, its UIDVALIDITY, the UID or file name."""

    folder: str
    validity: int
    uid: str


class Incoming(NamedTuple):
    """A mail as it came: its bytes, the mail in them or why they could not be read, and by which way it came.

    ``verdict`` is what the mail server found of its sender. ``at`` is when it came, where that is not now.
    """

    raw: bytes
    mail: Message | None
    unreadable: str | None = None
    channel: str = "in"
    verdict: Any = "unknown"
    place: Place | None = None
    at: int | None = None


class Judge:
    """A mail with everything that is looked up to judge it."""

    def __init__(self, desk: Desk, incoming: Incoming, mail: Message) -> None:
        self.desk, self.incoming, self.mail = desk, incoming, mail
        self.ours = sender.addresses(desk)
        self.secret = state.secret(desk.store)
        self.sign: Sign = self._sign(self.ours)
        self.sender: Sender = sender.sender_of(desk, mail)
        found = sender.ticket_of(
            desk, mail, incoming.raw, self.sender, self.ours, report=self.sign.kind == "report"
        )
        self.ticket: Ticket | None = None if found is None else found[0]
        self.found_by: FoundBy | None = None if found is None else found[1]
        if desk.is_past and self.sign.kind == "loop" and found is not None:
            # The sent half of an old shared mailbox: an agent answered from the desk's own address.
            self.sign = self._sign(())
        self.text_digest = digest_of(mail)

    def _sign(self, ours: Sequence[str]) -> Sign:
        return sign_of(
            self.mail,
            ours=ours,
            is_our_id=lambda id: message_id.read(self.secret, id) is not None,
            human_senders=self.desk.settings.words("mail.human_senders"),
        )

    @property
    def is_exported(self) -> bool:
        """Whether this desk made the mail of one of its entries, for an export."""
        signed = None if self.mail.id is None else message_id.read(self.secret, self.mail.id)
        return signed is not None and signed.kind == message_id.EXPORTED

    def facts(self, *, duplicate: bool = False, release: bool = False) -> Facts:
        """Return what the decision is made from; with ``release`` a person has looked at the mail."""
        settings, ticket, who = self.desk.settings, self.ticket, self.sender
        imported = self.desk.is_past
        closed = "no" if ticket is None else sender.closed(self.desk, ticket)
        facts = Facts(
            sign=self.sign,
            sender=who.address,
            person=who.kind,
            verdict=self.incoming.verdict,
            client=who.client is not None,
            found_by=self.found_by,
            takes_part=ticket is not None and sender.sees(self.desk, who, ticket),
            closed="follow-up" if imported and closed != "no" else closed,
            staff_allowed=settings.flag("mail.staff_replies"),
            unknown_allowed=imported or settings.text("mail.unknown_senders") == "accept",
            duplicate=duplicate,
            imported=imported,
            is_note=is_note(self.mail),
        )
        if release:
            verdict = "unknown" if facts.verdict == "failed" else facts.verdict
            sign = Sign("person", "a person released it")
            return facts._replace(sign=sign, verdict=verdict, unknown_allowed=True)
        if imported:
            return facts
        return facts._replace(tickets_this_hour=self._opened(), mails_today=self._joined())

    def _opened(self) -> int:
        """Return how many tickets the sender opened by mail within an hour."""
        address, now = self.sender.address, self.desk.now
        return 0 if address is None else received.opened_since(self.desk.store, address, now - HOUR)

    def _joined(self) -> int:
        """Return how many mails of the sender joined the ticket within a day."""
        address, ticket = self.sender.address, self.ticket
        if address is None or ticket is None or ticket.id is None:
            return 0
        return received.joined_since(self.desk.store, address, ticket.id, self.desk.now - DAY)

    def decision(self, *, release: bool = False) -> Decision:
        """Return what happens to the mail."""
        return decide(self.facts(release=release))
