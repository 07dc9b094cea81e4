"""People's own accounts on the database server, as records."""

from __future__ import annotations

from tix.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tix.domain.accounts.readers import Account

FIELDS = ("account", "user", "name", "reads", "granted_at", "granted_by")


def record(account: Account) -> dict[str, Any]:
    """Return an account as a record."""
    from tix.domain.times import instant

    return {**account._asdict(), "granted_at": instant(account.granted_at)}
