"""API keys: add, list and remove them, and find out who a key acts as.

Admins manage all keys, everybody else their own. A key acts as its owner, with what the owner may see and do now; the
HTTP API narrows that to reading if the key's scope is ``read``.
"""

from __future__ import annotations

import os
from itertools import count

from tix.desk.context import Desk
from tix.desk.resources.resource import parse_name
from tix.domain import tokens as rules
from tix.domain.names import name_key
from tix.domain.people import Actor
from tix.domain.permissions import YES, permission, rank_of, require
from tix.domain.times import instant
from tix.domain.tokens import READ, USE_SECONDS, Token
from tix.errors import AlreadyExists, InvalidValue, NotAllowed, NotFound, Unauthorized
from tix.store import people
from tix.store import tokens as rows
from tix.store.connection import Store

TITLE = "an API key"


def add(
    desk: Desk,
    name: str | None = None,
    login: str | None = None,
    scope: str = READ,
    expires: int | None = None,
    rate: int | None = None,
) -> tuple[Token, str]:
    """Add an API key; return it, and the key itself, which is stored nowhere.

    ``login`` is whom it acts as, by default the actor. Without a ``name`` it is the first unused ``key-N``. ``expires``
    is in UTC seconds, None for never; ``rate`` is the most requests a minute. Raises InvalidValue, UnknownName for nobody and for somebody inactive,
    NotAllowed for somebody else's key, AlreadyExists for a name in use.
    """
    name = None if name is None else parse_name(name, TITLE)
    scope = rules.parse_scope(scope)
    rate = None if rate is None else rules.parse_rate(rate)
    if expires is not None and expires <= desk.now:
        raise InvalidValue(
            f"the key would already be expired ({instant(expires)})",
            hint="name a time to come, e.g. --expires +90d",
        )
    owner = desk.person("@me" if login is None else login, active=True)
    require(desk.actor, "token change")
    if owner.login != desk.actor.login and not _manages_all(desk, "token change"):
        raise NotAllowed(
            f"only admins can add API keys for other people (you are {desk.actor.login})",
            hint="for a key of your own, leave out --user",
        )
    key = rules.make(os.urandom(rules.SECRET_BYTES))
    with desk.store.writing():
        taken = {name_key(one.name) for one in rows.everything(desk.store)}
        if name is None:
            name = next(one for one in map("key-{}".format, count(1)) if one not in taken)
        elif name_key(name) in taken:
            raise AlreadyExists(f"the name {name} is already in use for an API key", hint="use another name")
        by = desk.actor.via_login or desk.actor.login
        token = Token(name, owner.login, scope, desk.now, by, expires, None, rules.digest(key), rate)
        rows.add(desk.store, token)
    return token, key


def listed(desk: Desk) -> list[Token]:
    """Return the API keys the actor may see, by name: an admin all, everybody else their own."""
    require(desk.actor, "token list")
    every = _manages_all(desk, "token list")
    found = [one for one in rows.everything(desk.store) if every or one.login == desk.actor.login]
    return sorted(found, key=lambda one: name_key(one.name))


def get(desk: Desk, word: str) -> Token:
    """Return the API key of that name, whatever its case. Raises NotFound, also for somebody else's."""
    key = name_key(word)
    for one in listed(desk):
        if name_key(one.name) == key:
            return one
    raise NotFound(f"no API key named '{word}'", hint="tix token list")


def remove(desk: Desk, word: str) -> Token:
    """Remove an API key, which no longer works from then on. Raises NotFound, also for somebody else's."""
    require(desk.actor, "token change")
    with desk.store.writing():
        token = get(desk, word)
        rows.drop(desk.store, token.name)
    return token


def _manages_all(desk: Desk, verb: str) -> bool:
    return permission(verb, rank_of(desk.actor.person)) == YES


# --------------------------------------------------------------------------------------------- using a key


def authenticate(store: Store, key: str, now: int) -> tuple[Token, Actor]:
    """Return the API key that ``key`` is, and the person it acts as, at ``now`` (UTC seconds).

    Raises Unauthorized, always in the same words: for a malformed, unknown, removed or expired key, and for one whose
    owner is inactive or merged into somebody else. Nothing is written; see ``touch``.
    """
    token = rows.by_digest(store, rules.digest(key)) if rules.is_whole(key) else None
    owner = None if token is None else people.by_login(store, token.login)
    if (
        token is None
        or token.is_expired(now)
        or owner is None
        or not owner.active
        or owner.merged_into is not None
    ):
        raise Unauthorized("the API key is missing or not valid", hint="an API key is made by: tix token add")
    return token, Actor(owner)


def touch(store: Store, token: Token, now: int) -> Token:
    """Record that a key was used at ``now`` (UTC seconds), at most every ten minutes; return the key as it is then.

    Raises StoreBusy and StorageFailure where that cannot be written.
    """
    if not token.is_use_due(now):
        return token
    with store.writing():
        rows.used(store, token.digest, now, now - USE_SECONDS)
    return token._replace(used_at=now)
