"""A message as the desk judges it: made from bytes by ``tix.mail.mime.message``, read by the rules of intake."""

from tix.typing import NamedTuple


class Address(NamedTuple):
    """One address: ``name`` is the display name, empty if there is none; ``address`` is as the sender wrote it."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """The part after the last ``@``, in lower case."""
        return self.address.rpartition("@")[2].lower()


class Attachment(NamedTuple):
    """A file of a message: ``name`` is a label, never a path, ``mime`` the type its sender declared, in lower case.

    ``content_id`` is the name by which HTML refers to it, without angle brackets.
    """

    name: str
    mime: str
    content: bytes
    content_id: str | None = None


class Message(NamedTuple):
    """A received message. No text in it has a NUL or a surrogate; line ends are newlines.

    ``id``, ``in_reply_to`` and ``references`` are ids without angle brackets. ``sender`` is the first address of From, and
    ``sender_sure`` whether From names exactly one and was not damaged. ``delivered_to`` has the addresses of Delivered-To,
    X-Original-To and Envelope-To. ``return_path`` is empty for ``<>``, None without the header. ``date`` is seconds since
    1970 in UTC. ``text`` is what a person reads; ``html`` the original HTML, to be kept as ``message.html``.
    ``headers`` are those of the message itself, topmost first, with every repeat. ``content_types`` are the declared types
    of all parts in order. ``encrypted`` is PGP or S/MIME. ``flags`` says what was odd, each once: see ``FLAGS``.
    """

    id: str | None
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    sender: Address | None
    sender_sure: bool
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    delivered_to: tuple[str, ...]
    return_path: str | None
    subject: str
    date: int | None
    text: str
    html: str | None
    attachments: tuple[Attachment, ...]
    headers: tuple[tuple[str, str], ...]
    content_types: tuple[str, ...]
    encrypted: bool
    flags: tuple[str, ...]

    @property
    def answered(self) -> tuple[str, ...]:
        """The ids this message answers, newest first: all of In-Reply-To, then References from the last to the first."""
        return tuple(dict.fromkeys([*self.in_reply_to, *reversed(self.references)]))

    def header(self, name: str) -> tuple[str, ...]:
        """Return the values of a header, topmost first; ``name`` is in lower case."""
        return tuple(value for key, value in self.headers if key.lower() == name)

    @property
    def recipients(self) -> tuple[str, ...]:
        """The addresses it was sent or delivered to, in lower case, each once."""
        written = (one.address for one in (*self.to, *self.cc))
        return tuple(dict.fromkeys(word.lower() for word in (*written, *self.delivered_to)))
