"""How the desk marks the mails of an export, the same in every export, so that it knows them when they come back."""

from __future__ import annotations

from collections.abc import Mapping

from tix.desk.context import Desk
from tix.desk.mail.letters import desk_name, id_domain
from tix.domain.mail import message_id
from tix.domain.mail.received import Address
from tix.store.mail import state
from tix.typing import Any, NamedTuple

# Where nobody gets mail (RFC 2606, section 2): for people whose address the reader may not know, or who have none.
NOWHERE = "tix.invalid"


class Postmark(NamedTuple):
    """The desk's signing key and the domain of its ids, its address, and the addresses of people by login."""

    secret: bytes
    domain: str
    desk: Address
    addresses: Mapping[str, str]

    def thread(self, number: int) -> str:
        """Return the id of a ticket's thread."""
        return message_id.thread_id(self.secret, number, self.domain)

    def entry(self, number: int, item: int) -> str:
        """Return the id of an entry of a ticket, always the same."""
        return message_id.make(
            self.secret, message_id.EXPORTED, number, item, bytes(message_id.RANDOM_BYTES), self.domain
        )


def postmark(desk: Desk, facts: Mapping[str, Any]) -> Postmark:
    """Return the postmark for an export with these ``facts`` (the object ``desk``), which name people's addresses."""
    own = desk.settings.name("mail.from_address")
    known = own is not None or desk.settings.text("mail.message_id_domain") != "auto"
    return Postmark(
        state.secret(desk.store),
        id_domain(desk) if known else NOWHERE,
        Address(desk_name(desk), own or f"desk@{NOWHERE}"),
        {one["login"]: one["email"] for one in facts["people"] if one.get("email")},
    )
