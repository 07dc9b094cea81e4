"""Make a mail of the outbox ready to be sent: to whom it still goes, what it says, and which mails it answers."""

from __future__ import annotations

import os

from tix.desk.accounts import links as account_links
from tix.desk.context import Desk
from tix.domain.accounts.links import RATING
from tix.domain.canned import Facts, values_of
from tix.domain.mail import message_id, texts
from tix.domain.mail.letter import Earlier, Letter, LetterKind
from tix.domain.mail.outbox import CREATED, DECLINED, NEW_TICKET
from tix.domain.mail.received import Address, Attachment
from tix.domain.people import Actor, newcomer
from tix.domain.permissions import Scope, requester_scope, require, scope_of
from tix.domain.tickets.lifecycle import settled
from tix.errors import Refused
from tix.store import people
from tix.store.mail import outbox, received, state
from tix.store.tickets import merge as ticket_merge
from tix.store.tickets import tickets, timeline
from tix.typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tix.domain.mail.outbox import QueuedMail
    from tix.domain.people import Person
    from tix.domain.tickets.ticket import Ticket
    from tix.domain.tickets.timeline import Item

_EVERYTHING = Scope("all", "", True)
# Rules that pass on what people wrote in public; only those are a person's mail and carry its files.
_WRITTEN = frozenset({"answered", "message"})
_ANSWERS = frozenset({CREATED, DECLINED})
_MOST_FILES = 10_000_000  # bytes; a larger file is in the ticket
_MOST_IDS = 10


class Unwanted(NamedTuple):
    """Why a queued mail is not sent after all."""

    reason: str


def letter(desk: Desk, queued: QueuedMail) -> Letter | Unwanted:
    """Return a queued mail ready to be written, or why nobody should get it by now.

    What holds when it is sent counts, not what held when it was queued: who asked for no more mail, or may no longer
    see the ticket, gets none. Raises Refused where the desk has no address to send from.
    """
    if queued.rule in texts.SUBJECTS:
        return _account_letter(desk, queued)
    ticket = None if queued.ticket_id is None else tickets.by_id(desk.store, queued.ticket_id)
    if ticket is None:
        return Unwanted("its ticket is deleted")
    items, item = _item(desk, ticket, queued)
    # The entries of a merged ticket are read by those who may see the one that holds them now.
    place = ticket if ticket.merged_into is None else ticket_merge.holder(desk.store, ticket)
    person = None if queued.login is None else people.by_login(desk.store, queued.login)
    why = _unwanted(desk, queued, place, item, person)
    if why is not None:
        return Unwanted(why)
    return _letter(desk, queued, settled(ticket, desk.now), items, item, person)


def _item(desk: Desk, ticket: Ticket, queued: QueuedMail) -> tuple[list[Item], Item | None]:
    """Return the items of a ticket, and the one that a mail is about."""
    assert ticket.id is not None
    items = timeline.timelines(desk.store, [ticket.id], _EVERYTHING).get(ticket.id, [])
    return items, next((one for one in items if one.id == queued.item_id), None)


def _unwanted(
    desk: Desk, queued: QueuedMail, ticket: Ticket, item: Item | None, person: Person | None
) -> str | None:
    if item is None:
        return "what it was about is gone"
    if queued.login is None:
        return _unwanted_by_address(queued, ticket, item)
    if person is None or not person.active:
        return f"{queued.login} is no longer active"
    if state.is_muted(desk.store, person.login, queued.rule):
        return f"{person.login} wants no mail about '{queued.rule}'"
    if tickets.get(desk.store, ticket.number, scope_of(Actor(person))) is None:
        return f"{person.login} can no longer see the ticket"
    if item.internal and not person.is_staff:
        return "it is internal"
    return None


def _unwanted_by_address(queued: QueuedMail, ticket: Ticket, item: Item) -> str | None:
    """Say why an address without an account should get no mail by now; of a mistaken follower this is the last check."""
    if queued.rule == DECLINED:
        return None  # its item is the internal event, of which no word is in the answer
    if item.internal:
        return "it is internal"
    addresses = {*ticket.watcher_list(), ticket.notify_email}
    if queued.rule != NEW_TICKET and queued.address not in addresses:
        return f"{queued.address} no longer follows the ticket"
    return None


def _letter(
    desk: Desk,
    queued: QueuedMail,
    ticket: Ticket,
    items: list[Item],
    item: Item | None,
    person: Person | None,
) -> Letter:
    settings = desk.settings
    own = from_address(desk)
    author = None if item is None or item.by is None else people.by_login(desk.store, item.by)
    name = desk_name(desk)
    requester = people.by_login(desk.store, ticket.requester)
    values = values_of(Facts(ticket, requester, author or newcomer("tix", name), desk.now))
    recipient = "" if person is None else person.name
    values |= {
        "text": _text(queued, item),
        "change": "",
        "author.name": name if author is None else author.name,
        "desk.name": name,
        "recipient.name": recipient,
        "target.ref": ticket.merged_into or "",
        "rating.url": "",
        "link.url": "",
    }
    secret = state.secret(desk.store)
    domain = id_domain(desk)
    answered = received.last_id(desk.store, ticket.id or 0, queued.address.lower())
    sent = outbox.ids(desk.store, ticket.id or 0, queued.address, _MOST_IDS)
    known = [f"<{id}>" for id in (*reversed(sent), *([] if answered is None else [answered]))]
    thread = message_id.thread_id(secret, ticket.number, domain)
    plus = settings.flag("mail.plus_address")
    return Letter(
        kind=_kind(queued, item),
        sender=Address(name, own),
        envelope_sender="" if queued.rule in _ANSWERS else own,
        recipient=Address(recipient, queued.address),
        reply_to=Address(name, message_id.plus_address(secret, own, ticket.number)) if plus else None,
        subject=queued.subject,
        text=texts_of(desk).get(queued.rule) or texts.find(queued.rule),
        values=values,
        item=item,
        by_name=values["author.name"],
        message_id=message_id.make(
            secret,
            "r",
            ticket.number,
            0 if item is None or item.id is None else item.id,
            os.urandom(message_id.RANDOM_BYTES),
            domain,
        ),
        in_reply_to=known[-1] if known else thread,
        references=(thread, *known),
        earlier=_earlier(desk, items, item, person, ticket) if queued.rule in _WRITTEN else (),
        files=_files(desk, item) if queued.rule in _WRITTEN or queued.rule == NEW_TICKET else (),
    )


def _account_letter(desk: Desk, queued: QueuedMail) -> Letter | Unwanted:
    """Return a mail about no ticket, with a link that its recipient asked for."""
    person = None if queued.login is None else people.by_login(desk.store, queued.login)
    why = account_links.unwanted(desk, queued, person)
    if why is not None or person is None:
        return Unwanted(why or "nobody asked for it")
    own, name = from_address(desk), desk_name(desk)
    random = os.urandom(message_id.RANDOM_BYTES)
    return Letter(
        kind="notice",
        sender=Address(name, own),
        envelope_sender=own,
        recipient=Address(person.name, queued.address),
        reply_to=None,
        subject=f"{texts.SUBJECTS[queued.rule]} ({name})",
        text=texts_of(desk).get(queued.rule) or texts.find(queued.rule),
        values={
            **dict.fromkeys(texts.PLACEHOLDERS, ""),
            "desk.name": name,
            "author.name": name,
            "recipient.name": person.name,
        },
        item=None,
        by_name=name,
        message_id=message_id.make(state.secret(desk.store), "s", 0, 0, random, id_domain(desk)),
        in_reply_to="",
        references=(),
    )


def links(desk: Desk, queued: QueuedMail, now: int) -> dict[str, str]:
    """Make the links that a mail contains, and return their placeholders' values; call it when the mail is written."""
    if queued.rule in texts.SUBJECTS and queued.login is not None:
        return {"link.url": account_links.issue(desk, queued.rule, queued.login, None, now)}
    ticket = None if queued.ticket_id is None else tickets.by_id(desk.store, queued.ticket_id)
    if ticket is not None and account_links.is_rateable(desk, queued, settled(ticket, desk.now)):
        return {"rating.url": account_links.issue(desk, RATING, ticket.requester, ticket.id, now)}
    return {}


def _kind(queued: QueuedMail, item: Item | None) -> LetterKind:
    if queued.rule in _ANSWERS:
        return "acknowledgement"
    return "reply" if queued.rule == "answered" and item is not None and item.kind == "reply" else "notice"


def _text(queued: QueuedMail, item: Item | None) -> str:
    """Return what was written; an automatic answer carries none of it, so that nobody is sent a stranger's words."""
    return "" if item is None or queued.rule in _ANSWERS else item.body or ""


def _earlier(
    desk: Desk, items: list[Item], item: Item | None, person: Person | None, ticket: Ticket
) -> tuple[Earlier, ...]:
    """Return the public entry before this one, if the recipient may read it."""
    if item is None:
        return ()
    scope = requester_scope(ticket.requester) if person is None else scope_of(Actor(person))
    visible = timeline.timelines(desk.store, [ticket.id or 0], scope).get(ticket.id or 0, items[:0])
    before = [one for one in visible if one.body and not one.internal and (one.id or 0) < (item.id or 0)]
    if not before:
        return ()
    last = before[-1]
    author = None if last.by is None else people.by_login(desk.store, last.by)
    return (Earlier(desk_name(desk) if author is None else author.name, last.at, last.body or ""),)


def _files(desk: Desk, item: Item | None) -> tuple[Attachment, ...]:
    found = []
    size = 0
    for file in () if item is None else item.files:
        data = timeline.blob(desk.store, file.sha256)
        if data is not None and size + len(data) <= _MOST_FILES:
            size += len(data)
            found.append(Attachment(file.name, file.mime, data))
    return tuple(found)


class TrialMail(NamedTuple):
    """From whom, to whom, and under which id a test mail goes."""

    sender: Address
    recipient: Address
    message_id: str


def trial_mail(desk: Desk, *, plus: bool) -> TrialMail:
    """Return a test mail from the desk to itself; with ``plus`` to the address of a ticket. Raises NotAllowed, Refused."""
    require(desk.actor, "config set")
    own = from_address(desk)
    secret = state.secret(desk.store)
    id = message_id.make(secret, "s", 0, 0, os.urandom(message_id.RANDOM_BYTES), id_domain(desk))
    to = message_id.plus_address(secret, own, 1) if plus else own
    return TrialMail(Address(desk_name(desk), own), Address("", to), id)


def from_address(desk: Desk) -> str:
    """Return the address mail is sent from. Raises Refused where none is set."""
    address = desk.settings.name("mail.from_address")
    if address is None:
        raise Refused(
            "no address to send mail from is set", hint="tix config set mail.from_address help@example.org"
        )
    return address


def desk_name(desk: Desk) -> str:
    """Return the name under which the desk writes."""
    return desk.settings.name("mail.from_name") or "Help desk"


def id_domain(desk: Desk) -> str:
    """Return the domain of our Message-IDs: the one that is set, else that of the desk's address if it fits."""
    given = desk.settings.text("mail.message_id_domain")
    if given != "auto":
        return given
    domain = from_address(desk).rpartition("@")[2]
    return domain if len(domain) <= message_id.LONGEST_DOMAIN else "tix.invalid"


def texts_of(desk: Desk) -> dict[str, str]:
    """Return the desk's own texts, by name."""
    return state.texts(desk.store)
