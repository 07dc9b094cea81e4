"""Sign in with a name and a password, and sign out.

An unknown name and a wrong password get the same answer after the same work: one verified hash, one counted try.
"""

from __future__ import annotations

from tix.desk.accounts import hashes, limits, sessions
from tix.domain.accounts import passwords as rules
from tix.domain.accounts import sessions as keys
from tix.domain.accounts.throttle import ACCOUNT, SOURCE, name_of, source_of
from tix.domain.people import Person, is_login, parse_email
from tix.errors import InvalidValue, TixError, WrongCredentials
from tix.store import accounts as rows
from tix.store import people
from tix.store.connection import Store
from tix.typing import NamedTuple


class SignedIn(NamedTuple):
    """A new session: its key, for the browser alone; the token for its forms; and who is signed in."""

    key: str
    csrf: str
    person: Person


def sign_in(
    store: Store,
    name: str,
    password: str,
    *,
    source: str | None,
    agent: str | None,
    now: int,
    old: str | None = None,
) -> SignedIn:
    """Sign somebody in by login or e-mail address and password, from the address ``source``.

    ``old`` is the session key that the browser has, if any; that session ends. Raises WrongCredentials in the same
    words for an unknown name, a wrong password, somebody without one and somebody inactive; Throttled after too many
    tries; Overloaded; Refused where argon2-cffi is not installed.
    """
    person = verified(store, name, password, source, now)
    with store.writing():
        _still(store, person)
        key = sessions.start(store, person.person.login, now, source, agent, old)
    return SignedIn(key, keys.csrf(key), person.person)


def sign_out(store: Store, key: str) -> None:
    """End the session with this key, if there is one."""
    if keys.is_whole(key):
        with store.writing():
            rows.drop_session(store, keys.digest(key))


class Verified(NamedTuple):
    """A person who has given their password, and when that was set (UTC seconds)."""

    person: Person
    set_at: int


def verified(store: Store, name: str, password: str, source: str | None, now: int) -> Verified:
    """Return who gave this name and password. Raises as ``sign_in`` does.

    Failed tries are counted, those that succeed are not. A hash with parameters of an older tix is renewed.
    """
    typed = name_of(name)
    account, *others = limits.keys(store, (ACCOUNT, typed), (SOURCE, source_of(source)))
    tries = limits.take(store, [account, *others], now)
    person = find(store, typed)
    known = None if person is None else rows.password(store, person.login)
    word = rules.prepared(password)
    try:
        # What cannot be a password is refused unhashed, whoever it is tried on.
        hash = None if known is None else known.hash
        right = word is not None and hashes.matches(hash, word)
        renewed = hashes.make(word) if right and word and hash and hashes.is_outdated(hash) else None
    except TixError:
        limits.give_back(store, tries)
        raise
    if not right or person is None or known is None or not sessions.can_sign_in(person):
        raise WrongCredentials("the name or the password is wrong")
    with store.writing():
        rows.drop_attempts(store, account[1])
        for id in tries:
            rows.drop_attempt(store, id)
        if renewed is not None:
            rows.rehash(store, person.login, known.hash, renewed)
    return Verified(person, known.set_at)


def _still(store: Store, found: Verified) -> None:
    """Raise WrongCredentials if the password or the person changed while the hash was verified."""
    person = people.by_login(store, found.person.login)
    known = rows.password(store, found.person.login)
    is_same = known is not None and known.set_at == found.set_at
    if not is_same or person is None or not sessions.can_sign_in(person):
        raise WrongCredentials("the name or the password is wrong")


def find(store: Store, typed: str) -> Person | None:
    """Return the person with that login or e-mail address (see ``name_of``), or whom they were merged into, or None."""
    found = None
    if "@" in typed:
        try:
            found = people.by_email(store, parse_email(typed))
        except InvalidValue:
            found = None
    if found is None and is_login(typed):
        found = people.by_login(store, typed)
    while found is not None and found.merged_into is not None:
        found = people.by_login(store, found.merged_into)
    return found
