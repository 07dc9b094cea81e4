"""A desk as it is served."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from tix.api.app import Pages, Server, application
from tix.api.server.ticker import Ticker

if TYPE_CHECKING:
    from datetime import tzinfo

    from tix.api.server.access import Application


class Site(NamedTuple):
    """A desk as it is served: what each process makes its application of. It is sent to processes, so it can be pickled.

    ``root_path``: the path a proxy serves it under and takes off. ``ticked_by``: the login of who ticks, or None.
    ``workers``: the number of processes. ``pages`` makes the pages for people.
    """

    place: str
    hosts: frozenset[str]
    clock: Callable[[], int]
    zone: Callable[[], tzinfo]
    log: Callable[[str], None]
    root_path: str = ""
    ticked_by: str | None = None
    workers: int = 1
    pages: Callable[[Server], Pages] | None = None

    def application(self) -> Application:
        """Return the application of one process."""
        ticker = None
        if self.ticked_by is not None:
            ticker = Ticker(self.place, self.ticked_by, self.clock, self.zone, self.log)
        server = Server(
            self.place, self.clock, self.zone, workers=self.workers, root_path=self.root_path, ticker=ticker
        )
        pages = None if self.pages is None else self.pages(server)
        return application(server, self.hosts, self.log, pages)
