"""The texts of outgoing mail: the shipped ones, and the desk's own in their place."""

from __future__ import annotations

from tix.desk.context import Desk
from tix.domain.mail import texts
from tix.domain.permissions import require
from tix.store.mail import state
from tix.typing import NamedTuple


class MailText(NamedTuple):
    """A text: ``own`` where the desk wrote it, otherwise the shipped one."""

    name: str
    body: str
    own: bool


def listed(desk: Desk) -> list[MailText]:
    """Return all texts. Raises NotAllowed."""
    require(desk.actor, "mail")
    own = state.texts(desk.store)
    return [MailText(name, own.get(name, body), name in own) for name, body in texts.TEXTS.items()]


def get(desk: Desk, name: str) -> MailText:
    """Return one text. Raises UnknownName, NotAllowed."""
    require(desk.actor, "mail")
    shipped = texts.find(name)
    own = state.texts(desk.store).get(name)
    return MailText(name, shipped if own is None else own, own is not None)


def put(desk: Desk, name: str, body: str) -> MailText:
    """Set the desk's own text. Raises UnknownName, InvalidValue, NotAllowed."""
    texts.find(name)
    texts.checked(body, name)
    require(desk.actor, "mail change")
    with desk.store.writing():
        state.put_text(desk.store, name, body)
    return MailText(name, body, own=True)


def reset(desk: Desk, name: str) -> MailText:
    """Return to the shipped text. Raises UnknownName, NotAllowed."""
    shipped = texts.find(name)
    require(desk.actor, "mail change")
    with desk.store.writing():
        state.drop_text(desk.store, name)
    return MailText(name, shipped, own=False)
