"""Links in mails that work once: set a password, sign in, rate a ticket.

The token of a link is made as the key of a session is, and stored as its digest. It is made when the mail is written,
so that the mail alone has it.
"""

from __future__ import annotations

from tix.errors import LinkExpired
from tix.typing import Literal, NamedTuple

LinkKind = Literal["password-reset", "sign-in-link", "rating"]
RESET: LinkKind = "password-reset"
SIGN_IN: LinkKind = "sign-in-link"
RATING: LinkKind = "rating"

# For how many seconds a link works after its mail was written.
SECONDS: dict[str, int] = {RESET: 3600, SIGN_IN: 900, RATING: 90 * 86_400}
# The pages that links lead to, below the setting ``web.url``.
PATHS: dict[str, str] = {RESET: "/reset", SIGN_IN: "/sign-in/link", RATING: "/rate"}
# How long a mail that was asked for may wait to be written; whoever waited longer has asked again.
LONGEST_WAIT = 3600
# The kinds that let somebody in: a new password or address ends them.
ENTRIES = (RESET, SIGN_IN)


class Link(NamedTuple):
    """A link that was mailed and not used yet: what for, to whom, until when (UTC seconds), and about which ticket."""

    digest: str
    kind: str
    login: str
    ticket_id: int | None
    created_at: int
    expires_at: int


def url(base: str, kind: str, token: str) -> str:
    """Return the address that a mail names; ``base`` is the setting ``web.url``."""
    return f"{base}{PATHS[kind]}?token={token}"


def expired() -> LinkExpired:
    """Return the failure of a link: one sentence for every reason."""
    return LinkExpired("the link is no longer valid", hint="ask for a new one; each link works once")
