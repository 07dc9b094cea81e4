"""One request to the web page, parsed, and what can be answered to it."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from tix.api.downloads import Download
from tix.desk.context import Desk
from tix.domain.people import Actor, newcomer
from tix.domain.tickets.references import parse_reference
from tix.errors import InvalidValue, NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from tix.api.server.lanes import Store
    from tix.domain.accounts.sessions import Session
    from tix.domain.tickets.references import Reference
    from tix.web.catalog import Words
    from tix.web.forms import Form

# Who has not signed in: nobody has this login, so nothing on the desk is theirs.
STRANGER = Actor(newcomer("", "-"))


class Visitor(NamedTuple):
    """Who is signed in, and the session with its key."""

    actor: Actor
    key: str
    session: Session


class Visit:
    """One request: who asks for what, in which language and time zone.

    ``path`` are the values in the path, ``query`` those behind the question mark. ``form`` is empty for a GET.
    ``token`` goes into each form. ``source`` and ``agent`` are the address and the browser, for the list of sessions.
    ``old_key`` is the session that the browser has sent, whosever it is; ``chosen`` are the reader's choices.
    """

    def __init__(
        self,
        store: Store,
        visitor: Visitor | None,
        now: int,
        *,
        words: Words,
        zone: tzinfo,
        path: Mapping[str, str],
        query: Mapping[str, str],
        form: Form,
        token: str = "",
        source: str | None = None,
        agent: str | None = None,
        old_key: str | None = None,
        chosen: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.store, self.visitor, self.now = store, visitor, now
        self.words, self.zone = words, zone
        self.path, self.query, self.form, self.token = path, query, form, token
        self.source, self.agent, self.old_key, self.chosen = source, agent, old_key, chosen
        actor = STRANGER if visitor is None else visitor.actor
        self.desk = Desk(store, actor, now, lambda: zone)

    @property
    def reference(self) -> Reference:
        """The ticket that the path names. Raises NotFound for what cannot be a ticket."""
        word = self.path["id"]
        try:
            return parse_reference(word)
        except InvalidValue as error:
            raise NotFound(f"no ticket {word}") from error


class Html(NamedTuple):
    """A page to show: its template and the values in it."""

    template: str
    values: Mapping[str, Any]
    status: int = 200
    headers: Mapping[str, str] = MappingProxyType({})


class Redirect(NamedTuple):
    """Go to ``path``, one of ours. ``key`` is that of a new session; ``""`` ends the session of this browser.

    ``choices`` are cookies with what the visitor has chosen.
    """

    path: str
    key: str | None = None
    choices: Mapping[str, str] | None = None


Answer = Html | Redirect | Download
