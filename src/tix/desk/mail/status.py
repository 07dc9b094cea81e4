"""The state of mail: what is set up, what waits, what the last runs did."""

from __future__ import annotations

from tix.desk.context import Desk
from tix.domain.permissions import require
from tix.store.mail import outbox, received, state
from tix.typing import NamedTuple


class Status(NamedTuple):
    """What is set, and how many mails there are of each state and outcome; the times of the last runs, or None."""

    sends_through: str | None
    fetches_from: str | None
    from_address: str | None
    takes_mail: bool
    outbox: dict[str, int]
    received: dict[str, int]
    last_fetch: str | None
    last_send: str | None


def status(desk: Desk) -> Status:
    """Return the state of mail. Raises NotAllowed."""
    require(desk.actor, "mail")
    settings, store = desk.settings, desk.store
    return Status(
        _server(desk, "smtp"),
        _server(desk, "imap"),
        settings.name("mail.from_address"),
        settings.flag("mail.parse"),
        outbox.counts(store),
        received.counts(store),
        state.get(store, "last_fetch"),
        state.get(store, "last_send"),
    )


def _server(desk: Desk, protocol: str) -> str | None:
    host = desk.settings.name(f"mail.{protocol}.host")
    if host is None:
        return None
    port = desk.settings.text(f"mail.{protocol}.port")
    encryption = desk.settings.encryption(protocol)
    return f"{host}{'' if port == 'auto' else ':' + port} ({encryption})"


def ran(desk: Desk, what: str, words: str) -> None:
    """Remember what the last ``fetch`` or ``send`` did, with its time, for ``status``."""
    from tix.domain.times import instant

    with desk.store.writing():
        state.put(desk.store, f"last_{what}", f"{instant(desk.now)}: {words}")
