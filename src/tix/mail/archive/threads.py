"""Write tickets as an mbox: each entry is a mail, and a ticket is a thread in any mail program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tix.desk.mail.postmark import NOWHERE, Postmark
from tix.desk.transfer.export import Export
from tix.domain.mail.received import Address, Attachment
from tix.domain.tickets.ticket import Ticket
from tix.errors import InvalidValue
from tix.mail.archive import mbox
from tix.mail.compose import Outgoing, render
from tix.mail.fields import clean_address
from tix.typing import Any

_MOST_REFERENCES = 12


class Threads:
    """The mails of an export for one reader; ``tickets`` counts as they are written."""

    def __init__(self, export: Export, postmark: Postmark) -> None:
        self._export = export
        self._postmark = postmark
        self._written: set[int] = set()
        self.tickets = 0

    def mails(self) -> Iterator[bytes]:
        """Yield the mails as they stand in an mbox, by ticket and time."""
        for part in self._export.parts():
            for row in part.rows:
                self.tickets += 1
                yield from self._thread(Ticket(*row[:-2]), part.items.get(row[0], ()), part.files)

    def _thread(
        self, ticket: Ticket, items: Sequence[Any], files: Mapping[int, Sequence[Any]]
    ) -> Iterator[bytes]:
        thread = self._postmark.thread(ticket.number)
        earlier: list[str] = []
        for item in items:
            kind, at, by, _, side, internal, body = item[:7]
            # What came with a merge is in the threads of both tickets.
            if kind == "event" or body is None or item[13] in self._written:
                continue
            self._written.add(item[13])
            sender = self._person(by)
            id = self._postmark.entry(ticket.number, item[13])
            to = self._person(ticket.requester) if side == "staff" and not internal else self._postmark.desk
            raw = render(
                Outgoing(
                    sender=sender,
                    envelope_sender=sender.address,
                    to=(to,),
                    subject=f"Re: {ticket.subject}" if earlier else ticket.subject,
                    text=body,
                    message_id=id,
                    kind="reply",
                    date=at,
                    in_reply_to=earlier[-1] if earlier else "",
                    references=(thread, *earlier[:1], *earlier[1:][-_MOST_REFERENCES:]),
                    attachments=self._files(files.get(item[13], ())),
                    html=False,
                )
            )
            yield mbox.entry(_marks(ticket, kind, internal=bool(internal)) + raw, sender.address, at)
            if not internal:
                earlier.append(id)

    def _files(self, rows: Sequence[Any]) -> tuple[Attachment, ...]:
        """Return the files of an entry whose bytes are exported."""
        found = ((row[1], row[3], self._export.data(row[4])) for row in rows)
        return tuple(Attachment(name, mime, data) for name, mime, data in found if data is not None)

    def _person(self, login: str | None) -> Address:
        """Return somebody as the sender of a mail, at an address that leads nowhere where the reader may not know it."""
        if login is None:
            return self._postmark.desk
        name = self._export.names.get(login, login)
        for address in (self._postmark.addresses.get(login), f"{login.replace('@', '.at.')}@{NOWHERE}"):
            if address is not None:
                try:
                    return Address(name, clean_address(address))
                except InvalidValue:
                    continue
        return Address(name, f"somebody@{NOWHERE}")


def _marks(ticket: Ticket, kind: str, *, internal: bool) -> bytes:
    """The headers by which a desk knows what a mail was: `tix import` keeps an internal note internal."""
    return f"X-Tix-Ticket: {ticket.ref}\r\nX-Tix-Entry: {'note' if internal else kind}\r\n".encode()
