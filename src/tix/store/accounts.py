"""Passwords as hashes, sessions, tries that are counted, and links in mails."""

from __future__ import annotations

from tix.domain.accounts.links import Link
from tix.domain.accounts.sessions import Lifetime, Session
from tix.store.connection import Store
from tix.typing import NamedTuple


class Password(NamedTuple):
    """The hash of a password, and when somebody set it (UTC seconds)."""

    hash: str
    set_at: int


def password(store: Store, login: str) -> Password | None:
    """Return the hash of a person's password, or None."""
    row = store.row("password_of", login=login)
    return None if row is None else Password(*row)


def put_password(store: Store, login: str, hash: str, now: int) -> None:
    """Set the hash of a person's password."""
    store.run("password_put", login=login, hash=hash, set_at=now)


def rehash(store: Store, login: str, old: str, new: str) -> None:
    """Replace the hash of the same password, unless the password has changed meanwhile."""
    store.run("password_rehash", owner=login, old=old, new=new)


def drop_password(store: Store, login: str) -> bool:
    """Remove a person's password; return whether there was one."""
    return store.run("password_drop", owner=login).rowcount > 0


# ------------------------------------------------------------------------------------------------ sessions


def session(store: Store, digest: str) -> Session | None:
    """Return the session with that digest, or None."""
    row = store.row("session_of", digest=digest)
    return None if row is None else Session(*row)


def sessions(store: Store, login: str | None) -> list[Session]:
    """Return a person's sessions, or everybody's, the last used first; those that are over too."""
    rows = store.run("sessions") if login is None else store.run("sessions_of", login=login)
    return [Session(*row) for row in rows.fetchall()]


def add_session(store: Store, session: Session) -> None:
    """Store a new session."""
    store.run("session_add", **session._asdict())


def seen(store: Store, digest: str, now: int, before: int) -> bool:
    """Record a request at ``now`` unless one later than ``before`` is recorded; return whether it was."""
    return store.run("session_seen", key=digest, now=now, before=before).rowcount > 0


def drop_session(store: Store, digest: str) -> bool:
    """End a session; return whether there was one."""
    return store.run("session_drop", key=digest).rowcount > 0


def drop_sessions(store: Store, login: str) -> int:
    """End all sessions of a person; return how many."""
    return store.run("sessions_drop", owner=login).rowcount


# --------------------------------------------------------------------------------------------------- tries


def attempts(store: Store, key: str, since: int) -> list[int]:
    """Return the times of the tries counted under ``key`` after ``since``, oldest first."""
    return [at for (at,) in store.run("attempts", key=key, since=since).fetchall()]


def add_attempt(store: Store, key: str, now: int) -> int:
    """Count a try; return its id."""
    id = store.run("attempt_add", key=key, at=now).lastrowid
    assert id is not None
    return id


def drop_attempt(store: Store, id: int) -> None:
    """Count a try no longer."""
    store.run("attempt_drop", attempt=id)


def drop_attempts(store: Store, key: str) -> None:
    """Begin to count anew."""
    store.run("attempts_drop", counted=key)


# --------------------------------------------------------------------------------------------------- links


def link(store: Store, digest: str) -> Link | None:
    """Return the link with that digest, or None; one that has expired too."""
    row = store.row("link_of", digest=digest)
    return None if row is None else Link(*row)


def add_link(store: Store, link: Link) -> None:
    """Store a new link."""
    store.run("link_add", **link._asdict())


def drop_link(store: Store, digest: str) -> bool:
    """Use a link up; return whether it was still there."""
    return store.run("link_drop", key=digest).rowcount > 0


def drop_entries(store: Store, login: str) -> None:
    """End the links that let a person in."""
    store.run("links_drop_entries", owner=login)


def drop_ratings(store: Store, login: str, ticket_id: int) -> None:
    """End a person's links for rating a ticket."""
    store.run("links_drop_ratings", owner=login, ticket=ticket_id)


# -------------------------------------------------------------------------------------------- all of a person


def sign_out(store: Store, login: str) -> None:
    """End everything by which a person is signed in or could be without the password."""
    drop_sessions(store, login)
    drop_entries(store, login)


def forget(store: Store, login: str) -> None:
    """Remove all that a person signs in with; used where they become somebody else."""
    sign_out(store, login)
    drop_password(store, login)
    store.run("links_drop_of", owner=login)


def sweep(store: Store, now: int, lifetime: Lifetime, tries_before: int) -> None:
    """Remove what is over: sessions, links, tries. Nothing is written where nothing is."""
    bounds = {"created_before": now - lifetime.longest, "seen_before": now - lifetime.idle}
    for name, values in (
        ("sessions", bounds),
        ("links", {"now": now}),
        ("attempts", {"before": tries_before}),
    ):
        if store.value(f"{name}_over", **values) is not None:
            with store.writing():
                store.run(f"{name}_sweep", **values)
