"""People's own accounts on the database server: give one, list them, take one away.

With such an account somebody reads what they may see, with psql or with tix, and writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from tix.desk.context import Desk
from tix.domain.accounts.readers import Account
from tix.domain.permissions import require
from tix.errors import InvalidValue, NotAllowed, NotFound, NotOffered, Refused
from tix.store.connection import Store
from tix.typing import NamedTuple
from tix.words.sentence import Said

# PostgreSQL cuts a longer name, in silence.
MOST_BYTES = 63


class Change(NamedTuple):
    """What was done about an account: as it was, as it is, the statements, and whether the account is a new one."""

    before: Account | None
    after: Account | None
    statements: list[str]
    is_new: bool = False


def grant(desk: Desk, word: str, account: str | None = None, *, rehearsed: bool = False) -> Change:
    """Let an account of the server read what a person may see; by default the one with the name of their login.

    ``rehearsed``: run nothing. Raises NotAllowed, also where the desk's own account may not do it; NotOffered on a file;
    UnknownName for nobody and for somebody inactive; InvalidValue; Refused for an account that would see more.
    """
    from tix.store.postgresql import grants

    require(desk.actor, "db grant")
    require_database(desk.store, "tix db grant")
    person = desk.person(word, active=True)
    name = parse_account(person.login if account is None else account)
    why = grants.passes(desk.store, name)
    if why is not None:
        raise Refused(
            Said("the account {account} would see everything: {why}", account=name, why=why),
            hint=Said("use an account that may do nothing else"),
        )
    by = desk.actor.via_login or desk.actor.login
    with desk.store.writing():
        before = _found(desk, name)
        is_new = not grants.is_there(desk.store, name)
        if (
            before is not None
            and before.user == person.login
            and not is_new
            and grants.is_current(desk.store)
        ):
            return Change(before, before, [])
        statements = grants.granting(desk.store, name, person.login, desk.now, by)
        after = Account(name, person.login, person.name, True, desk.now, by)
        if not rehearsed:
            grants.run(desk.store, statements)
        return Change(before, after, statements, is_new)


def revoke(desk: Desk, account: str, *, rehearsed: bool = False) -> Change:
    """Take away what an account reads; the account itself stays on the server.

    ``rehearsed``: run nothing. Raises NotAllowed, NotOffered, and NotFound for an account without a grant.
    """
    from tix.store.postgresql import grants

    require(desk.actor, "db grant")
    require_database(desk.store, "tix db revoke")
    with desk.store.writing():
        before = _found(desk, account)
        if before is None:
            raise NotFound(
                Said("no account '{account}' reads this desk", account=account), hint="tix db accounts"
            )
        statements = grants.revoking(desk.store, account)
        if not rehearsed:
            grants.run(desk.store, statements)
        return Change(before, None, statements)


def listed(desk: Desk) -> list[Account]:
    """Return the accounts that read this desk, by name. Raises NotAllowed, NotOffered."""
    from tix.store.postgresql import grants

    require(desk.actor, "db grant")
    require_database(desk.store, "tix db accounts")
    return grants.everybody(desk.store) if desk.store.exists else []


def problems(store: Store) -> Iterator[str] | None:
    """Return what is wrong with the accounts that read a desk; None where none does."""
    if store.is_file:
        return None
    from tix.store.postgresql import grants

    return grants.problems(store) if grants.are_on(store) else None


def require_database(store: Store, command: str) -> None:
    """Refuse what only a server can do, on a file. Raises NotOffered."""
    if store.is_file:
        raise NotOffered(
            Said("{command} works on a PostgreSQL database, and this desk is in a file", command=command),
            hint=Said("give people keys of a server: tix serve, tix token add"),
        )


def require_desk_account(store: Store, command: str) -> None:
    """Refuse what needs every row, with an account that reads a part of them. Raises NotAllowed."""
    if store.reader is not None:
        raise NotAllowed(
            Said(
                "{command} needs the account of the desk itself: a person's own does not read every table",
                command=command,
            ),
            hint=Said("name another account in TIX_STORE or --store"),
        )


def parse_account(text: str) -> str:
    """Return the name of an account of the server. Raises InvalidValue."""
    name = text.strip()
    if (
        not name
        or "\0" in name
        or len(name.encode("utf-8", "surrogateescape")) > MOST_BYTES
        or not name.isprintable()
    ):
        raise InvalidValue(
            Said("'{text}' is not the name of an account", text=text),
            hint=Said("at most {most} bytes of printable text", most=MOST_BYTES),
        )
    if name.lower() in ("public", "none") or name.startswith("pg_"):
        raise InvalidValue(Said("the server keeps the name '{text}' for itself", text=text))
    return name


def _found(desk: Desk, account: str) -> Account | None:
    from tix.store.postgresql import grants

    return next((one for one in grants.everybody(desk.store) if one.account == account), None)
