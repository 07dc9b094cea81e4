"""Who sent a mail, and which ticket it is about: what the desk looks up before it decides."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from tix.desk.context import Desk
from tix.desk.tickets.parties import client_of
from tix.domain.mail import message_id
from tix.domain.people import Actor, Person
from tix.domain.permissions import Scope, scope_of
from tix.domain.tickets import lifecycle
from tix.errors import FinalStatus, InvalidValue
from tix.store import people
from tix.store.mail import received, state
from tix.store.tickets import tickets
from tix.typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from tix.domain.mail.intake import Closed, FoundBy
    from tix.domain.mail.received import Message
    from tix.domain.tickets.ticket import Ticket

_EVERYTHING = Scope("all", "", True)


class Sender(NamedTuple):
    """Who sent a mail: the address, None where it is not certain, and the person with that address."""

    address: str | None
    name: str
    person: Person | None
    client: str | None

    @property
    def kind(self) -> Literal["requester", "staff", "inactive", "unknown"]:
        """What the desk knows of them."""
        if self.person is None:
            return "unknown"
        if not self.person.active:
            return "inactive"
        return "staff" if self.person.is_staff else "requester"

    @property
    def words(self) -> str:
        """The sender as staff read it: ``Ana <ana@example.org>``."""
        address = self.address or "an unknown sender"
        return f"{self.name} <{address}>" if self.name and self.address else address


def sender_of(desk: Desk, mail: Message) -> Sender:
    """Return who sent a mail. An address that is none, or had to be guessed, is nobody's."""
    from tix.domain.people import parse_email

    if mail.sender is None:
        return Sender(None, "", None, None)
    name = " ".join(mail.sender.name.split())
    try:
        address = parse_email(mail.sender.address)
    except InvalidValue:
        return Sender(None, name, None, None)
    if not mail.sender_sure:
        return Sender(None, name, None, None)
    person = people.by_email(desk.store, address) or people.by_login(desk.store, address)
    person = None if person is None else desk.present(person)
    return Sender(address, name, person, client_of(desk, address) if person is None else None)


def addresses(desk: Desk) -> list[str]:
    """Return the desk's own addresses: where it sends from, its further ones, and those of its departments."""
    from tix.store.setup import repository

    settings = desk.settings
    found = [settings.name("mail.from_address"), *settings.words("mail.addresses")]
    found += [department.email for department in repository.DEPARTMENTS.all(desk.store)]
    return [address.lower() for address in found if address is not None]


def ticket_of(
    desk: Desk, mail: Message, raw: bytes, sender: Sender, ours: Collection[str], *, report: bool
) -> tuple[Ticket, FoundBy] | None:
    """Return the ticket a mail is about, and how it was found; None where it names none that exists.

    A token of ours counts before everything else; in a delivery ``report`` it is looked for in the returned mail, too.
    """
    for ticket, by in _candidates(desk, mail, raw, ours, report=report):
        # Old mail keeps its threads, whoever wrote it.
        if ticket is not None and (by != "earlier-mail" or desk.is_past or sees(desk, sender, ticket)):
            return ticket, by
    return None


def _candidates(
    desk: Desk, mail: Message, raw: bytes, ours: Collection[str], *, report: bool
) -> Iterator[tuple[Ticket | None, FoundBy]]:
    secret = state.secret(desk.store)
    answered = mail.answered
    for id in (*answered, *(message_id.found_in(raw) if report else ())):
        signed = message_id.read(secret, id)
        if signed is not None:
            yield _numbered(desk, signed.ticket), "id"
    for address in mail.recipients:
        number = message_id.read_plus(secret, address, ours)
        if number is not None:
            yield _numbered(desk, number), "plus-address"
    for known in _of_earlier(desk, answered):
        yield tickets.by_id(desk.store, known), "earlier-mail"
    for prefix, number in message_id.tags(mail.subject):
        ticket = _numbered(desk, number)
        if ticket is not None and ticket.prefix == prefix:
            yield ticket, "tag"


def _of_earlier(desk: Desk, answered: Sequence[str]) -> list[int]:
    """Return the ids of tickets with a mail that is answered, the newest first: received ones, then those relays renamed."""
    if not answered:
        return []
    earlier = received.tickets_of(desk.store, answered)
    sent = received.ticket_sent(desk.store, answered)
    return [*(earlier[id] for id in answered if id in earlier), *([] if sent is None else [sent])]


def _numbered(desk: Desk, number: int) -> Ticket | None:
    return tickets.get(desk.store, number, _EVERYTHING)


def sees(desk: Desk, sender: Sender, ticket: Ticket) -> bool:
    """Return whether the sender takes part in a ticket: may see it, or follows it without an account."""
    if sender.person is not None:
        scope = scope_of(Actor(sender.person))
        return tickets.get(desk.store, ticket.number, scope) is not None
    return sender.address is not None and sender.address in ticket.watcher_list()


def closed(desk: Desk, ticket: Ticket) -> Closed:
    """Return what happens to mail for the ticket where it is closed for good, else ``no``."""
    now = lifecycle.settled(ticket, desk.now)
    try:
        lifecycle.refuse_final(now, desk.rules_of(now))
    except FinalStatus:
        return "follow-up" if desk.settings.text("mail.closed_tickets") == "follow-up" else "decline"
    return "no"
