"""A mail that goes out: what a row of the outbox says, and what goes into it."""

from collections.abc import Callable, Collection, Sequence

from tix.typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from tix.domain.notifications import Notice
    from tix.domain.people import Person
    from tix.domain.tickets.ticket import Ticket
    from tix.domain.tickets.timeline import Item

# ``expired``: it waited longer than anybody would want to hear of it, or mail was set up after it was written.
State = Literal["queued", "sending", "sent", "failed", "uncertain", "cancelled", "expired"]
STATES: tuple[State, ...] = ("queued", "sending", "sent", "failed", "uncertain", "cancelled", "expired")


class NewMail(NamedTuple):
    """A mail to write into the outbox: why, to whom, and about what.

    ``login`` is None for an address without an account; ``mail_id`` is the received mail it answers.
    """

    rule: str
    address: str
    login: str | None
    subject: str
    item_id: int | None = None
    mail_id: int | None = None


class QueuedMail(NamedTuple):
    """A row of the outbox without its bytes; times in UTC seconds. ``prefix`` and ``number`` are its ticket's."""

    id: int
    ticket_id: int | None
    item_id: int | None
    mail_id: int | None
    rule: str
    login: str | None
    address: str
    subject: str
    state: State
    at: int
    next_at: int
    attempts: int
    uncertain: int
    phase: str | None
    lease: str | None
    lease_until: int | None
    message_id: str | None
    relay_id: str | None
    error: str | None
    done_at: int | None
    prefix: str | None = None
    number: int | None = None

    @property
    def ref(self) -> str | None:
        """What its ticket is called: ``TIX-12``."""
        return None if self.number is None else f"{self.prefix}{self.number}"


def is_held(mails: Sequence[QueuedMail]) -> bool:
    """Return whether the mails about an entry are held back (``mail.hold``), and none of them has gone out."""
    waiting = any(mail.state == "queued" and mail.next_at > mail.at for mail in mails)
    return waiting and departure(mails) is None


def departure(mails: Sequence[QueuedMail]) -> str | None:
    """Return why the mails about an entry cannot be taken back: the first that somebody may have, or None.

    A mail counts as gone from its first attempt on, whatever became of that.
    """
    for mail in mails:
        if mail.state == "sending":
            return f"mail {mail.id} to {mail.address} is being sent"
        if mail.state == "sent":
            return f"mail {mail.id} to {mail.address} is sent"
        if mail.message_id is not None or mail.state == "uncertain":
            return f"mail {mail.id} to {mail.address} may have arrived"
    return None


class MailPolicy(NamedTuple):
    """What the desk mails: settings ``notify.*``. ``off`` are notification rules that are not mailed."""

    requester_created: bool = False
    requester_closed: bool = True
    new_ticket_to: str | None = None
    off: frozenset[str] = frozenset()


CREATED = "created"
NEW_TICKET = "new-ticket"
DECLINED = "declined"


def mails(
    old: "Ticket | None",
    new: "Ticket",
    items: "Sequence[Item]",
    notices: "Sequence[Notice]",
    find: "Callable[[str], Person | None]",
    policy: MailPolicy,
) -> list[NewMail]:
    """Return the mails of one write: those of its ``notices``, and of a new ticket those that the settings ask for.

    ``find`` looks a person up by login. Each address gets one mail, and whoever wrote it none, also where the address
    is another's. The requester is written to at the ticket's own address, if it has one; whoever has no address gets
    none.
    """
    subject = subject_of(new)
    found: dict[str, NewMail] = {}
    authors = _addresses_of(
        {login for item in items for login in (item.by, item.via)} if notices else (), find
    )
    for notice in notices:
        address = _address(notice, new, find)
        if address is None or notice.reason in policy.off or _is_unwanted(notice, new, policy):
            continue
        if address.lower() in authors:
            continue
        found.setdefault(
            address.lower(), NewMail(notice.reason, address, notice.login, subject, notice.item.id)
        )
    if old is None and items:
        opening = items[0].id
        requester = find(new.requester)
        address = new.email or (None if requester is None else requester.email)
        if policy.requester_created and address is not None and CREATED not in policy.off:
            mail = NewMail(CREATED, address, new.requester, subject, opening)
            found.setdefault(address.lower(), mail)
        if policy.new_ticket_to is not None and NEW_TICKET not in policy.off:
            mail = NewMail(NEW_TICKET, policy.new_ticket_to, None, subject, opening)
            found.setdefault(policy.new_ticket_to.lower(), mail)
    return list(found.values())


def subject_of(ticket: "Ticket") -> str:
    """Return the subject of every mail about a ticket: ``[TIX-12] Printer``."""
    return f"[{ticket.ref}] {ticket.subject}"


def _address(notice: "Notice", ticket: "Ticket", find: "Callable[[str], Person | None]") -> str | None:
    if notice.login is None:
        return notice.address
    if notice.login == ticket.requester and ticket.email is not None:
        return ticket.email
    person = find(notice.login)
    return None if person is None else person.email


def _addresses_of(logins: Collection[str | None], find: "Callable[[str], Person | None]") -> set[str]:
    """Return the addresses of these people, in lower case."""
    people = (find(login) for login in logins if login is not None)
    return {person.email.lower() for person in people if person is not None and person.email is not None}


def _is_unwanted(notice: "Notice", ticket: "Ticket", policy: MailPolicy) -> bool:
    """Whether the desk tells requesters nothing of a ticket that is over, and this is that."""
    is_over = notice.reason in ("resolved", "closed", "merged") and notice.login == ticket.requester
    return is_over and not policy.requester_closed
