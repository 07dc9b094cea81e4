"""Saved views: added, changed, removed."""

from __future__ import annotations

from collections.abc import Sequence

from tix.typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from tix.cli.remote.desk import Remote
    from tix.cli.session import Session
    from tix.desk.queue.filters import Filters

Record = dict[str, Any]


class Views(Protocol):
    """The person's own views, and those that staff share. All raise NotFound, NotAllowed, InvalidValue."""

    def add(self, name: str, filters: Filters, columns: Sequence[str] | None, *, shared: bool) -> Record:
        """Save a list as a view. Raises AlreadyExists."""

    def edit(
        self, name: str, filters: Filters, columns: Sequence[str] | None, *, shared: bool, clear: bool
    ) -> tuple[Record, Record]:
        """Change the options that are given; return the view as it was, and as it is."""

    def remove(self, name: str, *, shared: bool) -> Record:
        """Remove a view; return it as it was."""


def of(session: Session) -> Views:
    """Return those of the desk that a command is for."""
    remote = session.remote
    return _OfFile(session) if remote is None else _OfServer(remote)


class _OfFile:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, name: str, filters: Filters, columns: Sequence[str] | None, *, shared: bool) -> Record:
        from tix.desk.queue import views
        from tix.render.records.views import record

        words = views.parse(self._session.reader(), filters, columns)
        return record(views.add(self._session.writer(), name, words, shared=shared))

    def edit(
        self, name: str, filters: Filters, columns: Sequence[str] | None, *, shared: bool, clear: bool
    ) -> tuple[Record, Record]:
        from tix.desk.queue import views
        from tix.render.records.views import record

        words = views.parse(self._session.reader(), filters, columns)
        old, new = views.edit(self._session.writer(), name, words, shared=shared, clear=clear)
        return record(old), record(new)

    def remove(self, name: str, *, shared: bool) -> Record:
        from tix.desk.queue import views
        from tix.render.records.views import record

        return record(views.remove(self._session.writer(), name, shared=shared))


class _OfServer:
    def __init__(self, remote: Remote) -> None:
        self._remote = remote

    def add(self, name: str, filters: Filters, columns: Sequence[str] | None, *, shared: bool) -> Record:
        body = {"name": name, **_said(filters, columns), "shared": shared}
        return self._checked(self._remote.send("POST", "views", body))

    def edit(
        self, name: str, filters: Filters, columns: Sequence[str] | None, *, shared: bool, clear: bool
    ) -> tuple[Record, Record]:
        old = self._remote.view(name, shared=shared)
        body = {**_said(filters, columns), "shared": shared, "clear": clear}
        new = self._checked(self._remote.send("PATCH", self._path(name), body))
        return old, new

    def remove(self, name: str, *, shared: bool) -> Record:
        gone = self._remote.view(name, shared=shared)
        self._remote.send("DELETE", self._path(name) + ("?shared=true" if shared else ""))
        return gone

    def _path(self, name: str) -> str:
        from urllib.parse import quote

        return f"views/{quote(name, safe='/')}"

    def _checked(self, found: Any) -> Record:
        from tix.cli.remote import checked, shapes

        return checked.one(found, shapes.VIEW, "the view", self._remote.connection.malformed)


def _said(filters: Filters, columns: Sequence[str] | None) -> Record:
    """The options in the words that were typed: a view keeps them. Raises InvalidValue for a limit that is none."""
    from tix.desk.queue import select, views

    select.limit(filters, -1)
    return views.given_of(filters, columns)
