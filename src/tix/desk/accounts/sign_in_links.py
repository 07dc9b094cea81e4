"""Sign in by a link in a mail instead of a password (``web.sign_in_links``)."""

from __future__ import annotations

from tix.desk.accounts import links, sessions
from tix.desk.accounts.sign_in import SignedIn
from tix.domain.accounts import sessions as keys
from tix.domain.accounts.links import SIGN_IN
from tix.domain.people import Person
from tix.store.connection import Store


def is_offered(store: Store) -> bool:
    """Return whether people can ask for such a mail (``web.sign_in_links``, ``web.url``, ``mail.from_address``)."""
    return links.is_offered(store, SIGN_IN)


def request(store: Store, name: str, *, source: str | None, now: int) -> None:
    """Queue the mail, if there is such a person; the answer is always the same. Raises Refused, Throttled."""
    links.request(store, SIGN_IN, name, source=source, now=now)


def person_of(store: Store, token: str, now: int) -> Person:
    """Return whom the link signs in; nothing is used up. Raises LinkExpired."""
    return links.find(store, SIGN_IN, token, now)[1]


def use(
    store: Store, token: str, *, source: str | None, agent: str | None, now: int, old: str | None = None
) -> SignedIn:
    """Sign in the person the link was mailed to; the link is used up. ``old`` as for ``sign_in``. Raises LinkExpired."""
    with store.writing():
        link, person = links.find(store, SIGN_IN, token, now)
        links.use_up(store, link)
        key = sessions.start(store, person.login, now, source, agent, old)
    return SignedIn(key, keys.csrf(key), person)
