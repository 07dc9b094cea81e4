"""Set a password by a link in a mail: for people who forgot theirs, and for those who never had one."""

from __future__ import annotations

from tix.desk.accounts import hashes, links, passwords
from tix.domain.accounts.links import RESET
from tix.domain.people import Person
from tix.store.connection import Store


def is_offered(store: Store) -> bool:
    """Return whether people can ask for such a mail (``web.password_resets``, ``web.url``, ``mail.from_address``)."""
    return links.is_offered(store, RESET)


def request(store: Store, name: str, *, source: str | None, now: int) -> None:
    """Queue the mail, if there is such a person; the answer is always the same. Raises Refused, Throttled."""
    links.request(store, RESET, name, source=source, now=now)


def person_of(store: Store, token: str, now: int) -> Person:
    """Return whose password the link sets; nothing is used up. Raises LinkExpired."""
    return links.find(store, RESET, token, now)[1]


def reset(store: Store, token: str, password: str, *, now: int) -> Person:
    """Set the password of the person the link was mailed to; the link is used up, and all their sessions end.

    Raises LinkExpired, InvalidValue with the reason the password is not accepted (the link still works), Refused where
    argon2-cffi is not installed.
    """
    link, person = links.find(store, RESET, token, now)
    hash = hashes.make(passwords.checked(store, person, password))
    with store.writing():
        links.use_up(store, link)
        passwords.put(store, person, hash, now)
    return person
