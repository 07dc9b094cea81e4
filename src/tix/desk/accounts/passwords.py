"""Set and remove passwords. A password is stored as a hash, and is in no message, log, event or export."""

from __future__ import annotations

from tix.desk import people as desk_people
from tix.desk.accounts import hashes, limits, sessions, sign_in
from tix.desk.accounts.common_passwords import is_common
from tix.desk.accounts.sign_in import SignedIn
from tix.desk.context import Desk
from tix.desk.people import Given
from tix.domain.accounts import passwords as rules
from tix.domain.accounts import sessions as keys
from tix.domain.accounts.sessions import Session
from tix.domain.accounts.throttle import ACCOUNT, name_of
from tix.domain.people import Person, newcomer, parse_login
from tix.domain.permissions import require
from tix.errors import SignedOut
from tix.store import accounts as rows
from tix.store.connection import Store


def add_person(desk: Desk, word: str, given: Given, password: str) -> Person:
    """Add a person with a password, or neither. Raises what ``people.add`` and ``set_`` raise."""
    require(desk.actor, "user change")
    login = parse_login(word)
    person = newcomer(login)._replace(**desk_people.changes(desk, given))
    hash = hashes.make(checked(desk.store, person, password))
    with desk.store.writing():
        added = desk_people.add(desk, word, given)
        rows.put_password(desk.store, added.login, hash, desk.now)
    return added


def set_(desk: Desk, word: str | None, password: str) -> Person:
    """Set the password of a person, by default the actor's; all their sessions end.

    Raises InvalidValue with the reason it is not accepted, NotFound, NotAllowed for others than admins and oneself,
    Refused where argon2-cffi is not installed.
    """
    person = owner(desk, word)
    hash = hashes.make(checked(desk.store, person, password))
    with desk.store.writing():
        put(desk.store, person, hash, desk.now)
    return person


def clear(desk: Desk, word: str | None) -> tuple[Person, bool]:
    """Remove the password of a person; return them and whether there was one. All their sessions end.

    Raises NotFound, NotAllowed.
    """
    person = owner(desk, word)
    with desk.store.writing():
        rows.sign_out(desk.store, person.login)
        return person, rows.drop_password(desk.store, person.login)


def change(
    store: Store,
    session: Session,
    current: str,
    new: str,
    *,
    source: str | None,
    agent: str | None,
    now: int,
) -> SignedIn:
    """Set the password of somebody signed in, who also gives the current one; return a new session.

    All sessions of theirs end, this one too. Raises WrongCredentials and Throttled as for signing in, InvalidValue
    with the reason the new one is not accepted, SignedOut where the session ended meanwhile.
    """
    found = sign_in.verified(store, session.login, current, source, now)
    hash = hashes.make(checked(store, found.person, new))
    with store.writing():
        if rows.session(store, session.digest) is None:
            raise SignedOut("you are not signed in", hint="sign in again")
        put(store, found.person, hash, now)
        key = sessions.start(store, found.person.login, now, source, agent, None)
    return SignedIn(key, keys.csrf(key), found.person)


def checked(store: Store, person: Person, password: str) -> str:
    """Return a new password as it is hashed. Raises InvalidValue with the reason it is not accepted."""
    desk_name = sessions.settings(store).name("mail.from_name")
    words = rules.names(person.login, person.email, person.name, desk_name, "help desk")
    return rules.parse(password, words, is_common)


def put(store: Store, person: Person, hash: str, now: int) -> None:
    """Store the hash of a new password, inside a transaction; sessions and links end, and tries are forgotten."""
    rows.put_password(store, person.login, hash, now)
    rows.sign_out(store, person.login)
    for name in (person.login, person.email):
        if name is not None:
            ((_, counted),) = limits.keys(store, (ACCOUNT, name_of(name)))
            rows.drop_attempts(store, counted)


def owner(desk: Desk, word: str | None) -> Person:
    """Return whose password the actor is about to change, by default the actor. Raises NotFound, NotAllowed."""
    return sessions.owner(desk, word or "@me", "password change")
