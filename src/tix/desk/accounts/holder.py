"""Who acts where a desk is read with a person's own account of the database server."""

from __future__ import annotations

from tix.domain.people import Actor
from tix.errors import NotAllowed
from tix.store import people
from tix.store.connection import Store
from tix.words.sentence import Said


def account_holder(store: Store, wanted: str | None) -> Actor:
    """Return the actor whose account it is. Raises NotAllowed for somebody else that is ``wanted``, and for nobody active."""
    if wanted is not None:
        raise NotAllowed(
            Said(
                "{place} is read as whoever the account belongs to, so nobody can act as somebody else",
                place=store.place,
            ),
            hint=Said("leave out --as, and unset TIX_USER"),
        )
    found = people.by_login(store, store.reader) if store.reader else None
    if found is None:
        raise NotAllowed(
            Said("the account of {place} belongs to nobody who is active on this desk", place=store.place),
            hint=Said("an admin can run: tix db accounts"),
        )
    return Actor(found)
