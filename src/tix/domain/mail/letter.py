"""A mail of the outbox with everything that is written into it: made by the desk, turned into bytes by ``tix.mail``."""

from tix.domain.mail.received import Address, Attachment
from tix.domain.tickets.timeline import Item
from tix.typing import Literal, NamedTuple

# What kind of mail it is (RFC 3834): a person's words, an automatic answer, or an automatic notice.
LetterKind = Literal["reply", "acknowledgement", "notice"]


class Earlier(NamedTuple):
    """An entry the mail quotes below its text: by whom, when (UTC seconds), and what it said."""

    by_name: str
    at: int
    body: str


class Letter(NamedTuple):
    """A mail to one recipient.

    ``text`` is a template, ``values`` what fills it in; ``item`` is what it is about, for the words of a change.
    ``references`` begins with the id of the ticket's thread and ends with the newest mail; ``in_reply_to`` is the
    mail it answers. ``envelope_sender`` is empty for an automatic answer.
    """

    kind: LetterKind
    sender: Address
    envelope_sender: str
    recipient: Address
    reply_to: Address | None
    subject: str
    text: str
    values: dict[str, str]
    item: Item | None
    by_name: str
    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    earlier: tuple[Earlier, ...] = ()
    files: tuple[Attachment, ...] = ()
