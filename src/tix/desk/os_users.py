"""The OS users of a desk whose names are not valid logins."""

from __future__ import annotations

from tix.domain.people import Person
from tix.errors import NotAllowed
from tix.store import people
from tix.store.connection import Store
from tix.typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def bound_person(
    store: Store, name: str, login: str, me: Person | None, owns: Callable[[Path], bool]
) -> Person | None:
    """Return the person of an OS user whose name is not a valid login. Raises NotAllowed for another user's login."""
    from tix.domain.people import may_act_as, parse_os_users
    from tix.store.setup import settings

    bound = parse_os_users(settings.settings(store).get("os_users", "none")).get(name)
    if bound is not None:
        return people.by_login(store, bound)
    if me is not None and not may_act_as(name, login, owns_store=store.is_file and owns(store.path)):
        raise NotAllowed(
            f"OS user {name} cannot act as {login} unless an admin allows it",
            hint=f"an admin can run: tix config set os_users '{name}={login}'",
        )
    return me
