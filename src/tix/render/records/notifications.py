"""Notifications as records."""

from tix.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tix.domain.notifications import NotificationRule, StoredNotification


def record(notice: "StoredNotification") -> dict[str, Any]:
    """A notification as it is printed."""
    from tix.domain.times import instant

    return {
        "id": notice.id,
        "at": instant(notice.at),
        "ref": notice.ref,
        "subject": notice.subject,
        "reason": notice.reason,
        "by": notice.by,
        "read": notice.read_at is not None,
    }


def rule(one: "NotificationRule", mailed: bool) -> dict[str, Any]:
    """Who is notified of what, and whether by mail."""
    return {
        "reason": one.reason,
        "what": one.what,
        "who": [" else ".join(chain) for chain in one.who],
        "mailed": mailed,
    }
