"""Sessions of people who are signed in with a browser: whom a key belongs to, who is signed in, signing out."""

from __future__ import annotations

import os

from tix.desk.context import Desk
from tix.desk.people import get
from tix.domain.accounts import sessions as rules
from tix.domain.accounts.sessions import SEEN_SECONDS, Lifetime, Session
from tix.domain.accounts.throttle import LONGEST_WINDOW
from tix.domain.people import Actor, Person
from tix.domain.permissions import YES, permission, rank_of, require
from tix.domain.settings import Settings
from tix.errors import NotAllowed, SignedOut
from tix.store import accounts as rows
from tix.store import people
from tix.store.connection import Store
from tix.store.setup import settings as setup_settings


def settings(store: Store) -> Settings:
    """Return the settings of a desk, for somebody who is not signed in."""
    return Settings(setup_settings.settings(store))


def lifetime(settings: Settings) -> Lifetime:
    """Return for how long sessions last."""
    return Lifetime(settings.seconds("web.session_idle"), settings.seconds("web.session_max"))


# ------------------------------------------------------------------------------------------ using a session


def authenticate(store: Store, key: str, now: int) -> tuple[Session, Actor]:
    """Return the session that ``key`` is, and whom it acts as, at ``now`` (UTC seconds).

    The person is read each time: what they may do now counts. Raises SignedOut, always in the same words: for a
    malformed, unknown or ended session, and for somebody inactive or merged. Nothing is written; see ``touch``.
    """
    session = rows.session(store, rules.digest(key)) if rules.is_whole(key) else None
    person = None if session is None else people.by_login(store, session.login)
    if (
        session is None
        or person is None
        or not can_sign_in(person)
        or now >= session.ends_at(lifetime(settings(store)))
    ):
        raise SignedOut("you are not signed in", hint="sign in again")
    return session, Actor(person)


def can_sign_in(person: Person) -> bool:
    """Return whether a person can be signed in at all."""
    return person.active and person.merged_into is None


def touch(store: Store, session: Session, now: int) -> Session:
    """Record a request at ``now`` (UTC seconds), at most every ten minutes; return the session as it is then."""
    if not session.is_seen_due(now):
        return session
    with store.writing():
        rows.seen(store, session.digest, now, now - SEEN_SECONDS)
    return session._replace(seen_at=now)


def start(store: Store, login: str, now: int, source: str | None, agent: str | None, old: str | None) -> str:
    """Begin a session, inside a transaction, and return its key; ``old`` is the key of the one it replaces.

    A key that the browser had before is never used on: somebody else may have planted it (session fixation).
    """
    if old is not None and rules.is_whole(old):
        rows.drop_session(store, rules.digest(old))
    key = rules.make(os.urandom(rules.SECRET_BYTES))
    source = None if source is None else rules.clean_agent(source[:64])
    session = Session(rules.digest(key), login, now, now, source, rules.clean_agent(agent))
    rows.add_session(store, session)
    return key


# ------------------------------------------------------------------------------------- who is signed in


def listed(desk: Desk, word: str | None = None) -> list[Session]:
    """Return the sessions of a person that are not over; without a word, those the actor may see.

    Admins see everybody's, others their own. Raises NotAllowed, NotFound.
    """
    if word is None and permission("session list", rank_of(desk.actor.person)) != YES:
        word = "@me"
    login = None if word is None else owner(desk, word, "session list").login
    longest = lifetime(desk.settings)
    found = rows.sessions(desk.store, login)
    return [one for one in found if desk.now < one.ends_at(longest)]


def sign_out_everywhere(desk: Desk, word: str | None = None) -> tuple[Person, int]:
    """End all sessions of a person, by default the actor's; return the person and how many there were.

    Links in mails that would let them in end, too. Raises NotAllowed for others than admins and oneself, NotFound.
    """
    person = owner(desk, word or "@me", "session end")
    with desk.store.writing():
        count = rows.drop_sessions(desk.store, person.login)
        rows.drop_entries(desk.store, person.login)
    return person, count


def owner(desk: Desk, word: str, verb: str) -> Person:
    """Return the person whose account a command is about: admins may name everybody, others themselves.

    Raises NotFound, NotAllowed; a requester is not told who is there.
    """
    require(desk.actor, verb)
    me = desk.actor.person
    found = None
    if word.strip().lower() in ("@me", me.login, me.email):
        found = me
    elif desk.actor.is_staff:
        found = desk.present(get(desk, word))
    if found is None or (found.login != me.login and permission(verb, rank_of(me)) != YES):
        raise NotAllowed(f"only admins can {_OTHERS[verb]} (you are {me.login})")
    return found


_OTHERS = {
    "password change": "set other people's passwords",
    "session list": "see the sessions of other people",
    "session end": "sign other people out",
}


def sweep(desk: Desk) -> None:
    """Remove sessions, links and counted tries that are over."""
    rows.sweep(desk.store, desk.now, lifetime(desk.settings), desk.now - LONGEST_WINDOW)
