"""One's own notifications: marked as read, and which rules send mail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tix.typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from tix.cli.remote.desk import Remote
    from tix.cli.session import Session
    from tix.desk.context import Desk
    from tix.errors import TixError

Record = dict[str, Any]

# Notifications of one request.
_MOST = 1000


class Marked(NamedTuple):
    """What became of one of several notifications: its record, and whether it was unread; or an error."""

    id: int
    record: Record | None
    was_unread: bool
    error: TixError | None = None


class Notifications(Protocol):
    """Those of the person who acts."""

    def read(self, ids: Sequence[int]) -> Iterator[Marked]:
        """Mark notifications as read, each by itself."""

    def read_all(self) -> list[Record]:
        """Mark all notifications as read; return those that were unread."""

    def rules(self) -> list[Record]:
        """Return who is notified of what, and whether the person gets mail of it."""

    def muted(self) -> list[str] | None:
        """Return the rules that are muted; None where that is not known."""

    def mute(self, rules: Sequence[str]) -> list[str]:
        """Stop mail about rules; return all that are muted. Raises InvalidValue."""

    def unmute(self, rules: Sequence[str]) -> list[str]:
        """Send mail about rules again; return all that are still muted. Raises InvalidValue."""


def of(session: Session) -> Notifications:
    """Return those of the desk that a command is for."""
    remote = session.remote
    return _OfFile(session) if remote is None else _OfServer(remote)


class _OfFile:
    def __init__(self, session: Session) -> None:
        self._session = session

    def read(self, ids: Sequence[int]) -> Iterator[Marked]:
        from tix.desk import notifications
        from tix.render.records.notifications import record

        for one in notifications.read_each(self._desk(), ids):
            yield Marked(one.id, record(one.notice) if one.notice else None, one.was_unread, one.error)

    def read_all(self) -> list[Record]:
        from tix.desk import notifications
        from tix.render.records.notifications import record

        return list(map(record, notifications.read_all(self._desk())))

    def _desk(self) -> Desk:
        """The desk to write to; where there is none, it is not created to mark what is not there."""
        desk = self._session.reader()
        return self._session.writer() if desk.store.exists else desk

    def rules(self) -> list[Record]:
        from tix.desk.mail import muted
        from tix.render.records.notifications import rule

        return [rule(*one) for one in muted.listed(self._session.reader())]

    def muted(self) -> list[str] | None:
        from tix.desk.mail import muted

        return muted.muted(self._session.reader())

    def mute(self, rules: Sequence[str]) -> list[str]:
        from tix.desk.mail import muted

        return muted.mute(self._session.writer(), rules)

    def unmute(self, rules: Sequence[str]) -> list[str]:
        from tix.desk.mail import muted

        return muted.unmute(self._session.writer(), rules)


class _OfServer:
    def __init__(self, remote: Remote) -> None:
        self._remote = remote

    def read(self, ids: Sequence[int]) -> Iterator[Marked]:
        from tix.cli.remote import checked

        malformed = self._remote.connection.malformed
        for start in range(0, len(ids), _MOST):
            some = list(ids[start : start + _MOST])
            results = self._remote.send("POST", "notifications/bulk", {"ids": some})
            found = checked.several(results, checked.MARKED, "a result", malformed)
            if [one["id"] for one in found] != some:
                raise malformed("the number of results")
            for one in found:
                error = None if one["error"] is None else self._remote.error_of(one)
                if error is None and one["notification"] is None:
                    raise malformed("a result")
                yield Marked(one["id"], one["notification"], one["state"] == "done", error)

    def read_all(self) -> list[Record]:
        from tix.cli.remote import checked

        found = self._remote.send("POST", "notifications/read", {"all": True})
        malformed = self._remote.connection.malformed
        return checked.several(found, checked.NOTIFICATION, "a notification", malformed)

    def rules(self) -> list[Record]:
        from tix.cli.remote import checked

        connection = self._remote.connection
        found = connection.get("notifications/rules").body
        return checked.several(found, checked.RULE, "a rule", connection.malformed)

    def muted(self) -> list[str] | None:
        return None

    def mute(self, rules: Sequence[str]) -> list[str]:
        return self._muted("mute", rules)

    def unmute(self, rules: Sequence[str]) -> list[str]:
        return self._muted("unmute", rules)

    def _muted(self, verb: str, rules: Sequence[str]) -> list[str]:
        from tix.cli.remote import checked

        found = self._remote.send("POST", f"notifications/{verb}", {"rules": list(rules)})
        record = checked.one(found, checked.MUTED, "what is muted", self._remote.connection.malformed)
        return list(record["muted"])
