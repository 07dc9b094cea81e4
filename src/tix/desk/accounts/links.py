"""Links in mails that work once: asked for on the web page, made when the mail is written, used up by a form."""

from __future__ import annotations

import os

from tix.desk import outbox
from tix.desk.accounts import limits, sessions, sign_in
from tix.desk.context import Desk
from tix.domain.accounts import links as rules
from tix.domain.accounts import sessions as keys
from tix.domain.accounts.links import RESET, Link
from tix.domain.accounts.throttle import MAILS_FROM, MAILS_TO, name_of, source_of
from tix.domain.mail import texts
from tix.domain.mail.outbox import NewMail, QueuedMail
from tix.domain.people import Actor, Person
from tix.domain.tickets.ticket import Ticket
from tix.errors import Refused, Throttled
from tix.store import accounts as rows
from tix.store import people
from tix.store.connection import Store

_SETTINGS: dict[str, str] = {RESET: "web.password_resets", rules.SIGN_IN: "web.sign_in_links"}
_NAMES: dict[str, str] = {RESET: "links to set a password", rules.SIGN_IN: "links to sign in"}


# ---------------------------------------------------------------------------------------------- asking for one


def is_offered(store: Store, kind: str) -> bool:
    """Return whether the desk mails links of this kind: the setting allows it, and the mail can be written."""
    settings = sessions.settings(store)
    is_ready = settings.name("web.url") is not None and settings.name("mail.from_address") is not None
    return is_ready and settings.flag(_SETTINGS[kind])


def request(store: Store, kind: str, name: str, *, source: str | None, now: int) -> None:
    """Queue a mail with a link to the person with this login or e-mail address.

    It tells nobody whether there is such a person: what is written and counted is the same, apart from the mail. Raises
    Refused where the desk does not offer it, Throttled after too many requests from the address ``source``.
    """
    if not is_offered(store, kind):
        raise Refused(f"this desk sends no {_NAMES[kind]}")
    typed = name_of(name)
    with store.writing():
        limits.take(store, limits.keys(store, (MAILS_FROM, source_of(source))), now)
        try:
            limits.take(store, limits.keys(store, (MAILS_TO, typed)), now)
        except Throttled:
            return
        person = sign_in.find(store, typed)
        if person is not None and person.email is not None and sessions.can_sign_in(person):
            desk = Desk(store, Actor(person), now)
            mail = NewMail(kind, person.email, person.login, texts.SUBJECTS[kind])
            outbox.add(desk, None, [mail], at_once=True)


# ------------------------------------------------------------------------------------------- writing the mail


def issue(desk: Desk, kind: str, login: str, ticket_id: int | None, now: int) -> str:
    """Make a link of a mail that is being written, and return its address."""
    url = desk.settings.name("web.url")
    assert url is not None
    token = keys.make(os.urandom(keys.SECRET_BYTES))
    link = Link(keys.digest(token), kind, login, ticket_id, now, now + rules.SECONDS[kind])
    with desk.store.writing():
        rows.add_link(desk.store, link)
    return rules.url(url, kind, token)


def unwanted(desk: Desk, queued: QueuedMail, person: Person | None) -> str | None:
    """Say why a mail that was asked for should not be sent by now, or return None."""
    if person is None or not sessions.can_sign_in(person):
        return f"{queued.login} is no longer active"
    if person.email is None or person.email.lower() != queued.address.lower():
        return f"{queued.address} is no longer the address of {queued.login}"
    if not is_offered(desk.store, queued.rule):
        return f"this desk sends no {_NAMES[queued.rule]}"
    if desk.now - queued.at > rules.LONGEST_WAIT:
        return "it waited for more than an hour"
    return None


def is_rateable(desk: Desk, queued: QueuedMail, ticket: Ticket) -> bool:
    """Return whether the mail is about the end of a ticket that its recipient can rate."""
    return (
        queued.rule in ("resolved", "closed")
        and queued.login == ticket.requester
        and ticket.rating is None
        and ticket.phase in desk.rules_of(ticket).workflow.rated_in
        and desk.settings.name("web.url") is not None
    )


# ------------------------------------------------------------------------------------------------- using one


def find(store: Store, kind: str, token: str, now: int) -> tuple[Link, Person]:
    """Return the link with this token and whom it was mailed to; nothing is used up. Raises LinkExpired."""
    link = rows.link(store, keys.digest(token)) if keys.is_whole(token) else None
    person = None if link is None else people.by_login(store, link.login)
    if (
        link is None
        or link.kind != kind
        or now >= link.expires_at
        or person is None
        or not sessions.can_sign_in(person)
    ):
        raise rules.expired()
    return link, person


def use_up(store: Store, link: Link) -> None:
    """Use a link up, inside a transaction. Raises LinkExpired if somebody else just has."""
    if not rows.drop_link(store, link.digest):
        raise rules.expired()
