"""Where a record comes from: a kind of tracker, its host, and the number it has there."""

from __future__ import annotations

import re

from tix.importers import fields as read
from tix.typing import NamedTuple

_HOST = re.compile(r"[a-z][a-z0-9+.-]*://(?:[^/@\s]*@)?(?P<host>[^/\s:?#]+(?::[0-9]+)?)", re.IGNORECASE)


class Origin(NamedTuple):
    """One installation of a tracker. ``host`` is None where the file does not say it: another one has the same numbers."""

    kind: str
    host: str | None = None

    def key(self, number: object) -> str:
        """Return the key of a record; with ``--source HOST`` a file that does not say its host gives the same."""
        key = f"{self.kind}/{number}"
        return key if self.host is None else f"{self.host}/{key}"

    def about(self, number: object) -> str:
        """Return how a ticket names the record: ``jira:A-1``, or ``jira:jira.example#A-1``."""
        word = "-".join(read.one_line(str(number)).split())
        return f"{self.kind}:{word}" if self.host is None else f"{self.kind}:{self.host}#{word}"


def host_of(address: str) -> str | None:
    """Return the host of a URL in lower case, with a port if it has one; None if it is no URL."""
    found = _HOST.match(address.strip())
    return None if found is None else found["host"].lower()
