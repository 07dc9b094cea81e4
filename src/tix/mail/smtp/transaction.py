"""One SMTP transaction in single steps: MAIL, RCPT for each recipient, DATA, the text, the final dot.

``smtplib.sendmail`` hides which step broke and raises the recipients' own answers away. Here each recipient has an
answer, and the phase says what a break means: before the dot nothing was delivered, at the dot it may have been.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from tix.domain.mail.delivery import Outcome
from tix.errors import InvalidValue, RelayUnusable
from tix.mail.fields import clean_address
from tix.mail.smtp.client import Broken
from tix.mail.smtp.relay import Answer, Connection
from tix.typing import Literal, NamedTuple

# The last step that was begun.
Phase = Literal["mail", "rcpt", "data", "body", "dot", "answered"]


class RecipientResult(NamedTuple):
    """What became of one recipient's copy: the answer's code (0 if there was none) and its cleaned text."""

    address: str
    outcome: Outcome
    code: int
    text: str


class Result(NamedTuple):
    """What became of a transaction: one result for each recipient, in the order given.

    ``relay_id`` is the id the relay gave the mail in its last answer, None if it names none.
    """

    phase: Phase
    recipients: tuple[RecipientResult, ...]
    relay_id: str | None = None


def send(
    connection: Connection,
    envelope_sender: str,
    recipients: Sequence[str],
    raw: bytes,
    *,
    before_dot: Callable[[], None],
) -> Result:
    """Send ``raw`` to each of ``recipients``, each once, and return what the relay answered; never QUIT.

    ``envelope_sender`` is an address, or empty for ``<>``; domains may have letters outside ASCII. ``before_dot`` is
    called once the text is written, and records that from now on the mail may arrive; if it raises, the dot is not sent.
    Any exception closes the connection without a word, so that nothing more is read as text of the mail. Raises
    RelayUnusable if the relay wants a log-in or encryption first, which says nothing about this mail.
    """
    transaction = _Transaction(connection, recipients)
    try:
        transaction.run(envelope_sender, raw, before_dot)
    except Broken as broken:
        transaction.broke(str(broken))
    except BaseException:
        connection.abort()
        raise
    return transaction.result()


class _Transaction:
    """The answers of one transaction, as they come in."""

    def __init__(self, connection: Connection, recipients: Sequence[str]) -> None:
        self.connection = connection
        self.recipients = tuple(dict.fromkeys(recipients))
        self.written = {one: address for one in self.recipients if (address := _written(one)) is not None}
        self.phase: Phase = "mail"
        self.results: dict[str, RecipientResult] = {}
        self.relay_id: str | None = None

    def run(self, sender: str, raw: bytes, before_dot: Callable[[], None]) -> None:
        self.connection.begin()
        options = self._options(sender, raw)
        if options is None or not self._mail(sender, options):
            return
        taken = self._rcpt()
        if taken and self._data(raw):
            before_dot()
            self._dot()

    def result(self) -> Result:
        return Result(self.phase, tuple(self.results[one] for one in self.recipients), self.relay_id)

    def broke(self, why: str) -> None:
        """The connection broke: uncertain if the dot was begun, temporary before."""
        self.connection.abort()
        self._rest("uncertain" if self.phase == "dot" else "temporary", Answer(0, why))

    def _rest(self, outcome: Outcome, answer: Answer) -> None:
        """Give all recipients without a result this one."""
        for one in self.recipients:
            self.results.setdefault(one, RecipientResult(one, outcome, *answer))

    def _options(self, sender: str, raw: bytes) -> str | None:
        """The parameters of MAIL; None if the relay cannot take this mail, which every recipient is told."""
        offers = self.connection.offers
        for one in self.recipients:
            if one not in self.written:
                why = "not an address that mail can be sent to"
                self.results[one] = RecipientResult(one, "permanent", 0, why)
        if sender and _written(sender) is None:
            self._rest("permanent", Answer(0, "the envelope sender is not an e-mail address"))
        end = re.search(rb"\n\r?\n", raw)
        wide = not raw[: end and end.start()].isascii() or not (_written(sender) or "").isascii()
        if not offers("smtputf8"):
            why = "the relay takes no addresses with letters outside ASCII (SMTPUTF8)"
            for one, address in self.written.items():
                if wide or not address.isascii():
                    self.results.setdefault(one, RecipientResult(one, "permanent", 0, why))
        limit = self.connection.largest
        if limit is not None and len(raw) > limit:
            self._rest(
                "permanent", Answer(552, f"the relay takes at most {limit:,} bytes; this is {len(raw):,}")
            )
        if len(self.results) == len(self.recipients):
            return None
        wide = wide or not all(
            address.isascii() for one, address in self.written.items() if one not in self.results
        )
        return (
            (f" SIZE={len(raw)}" if offers("size") else "")
            + (" BODY=8BITMIME" if not raw.isascii() and offers("8bitmime") else "")
            + (" SMTPUTF8" if wide else "")
        )

    def _mail(self, sender: str, options: str) -> bool:
        answer = self.connection.command(f"MAIL FROM:<{_written(sender) or ''}>{options}")
        if answer.code in {530, 535, 538}:  # RFC 4954, 6; RFC 3207, 4
            raise RelayUnusable(
                f"{self.connection.relay.host} wants a log-in or TLS first: {answer.code} {answer.text}",
                hint="check mail.smtp.user and mail.smtp.encryption",
            )
        if answer.code // 100 == 2:
            return True
        self._rest(_failure(answer), answer)
        self._reset()
        return False

    def _rcpt(self) -> bool:
        """Name the recipients; whether one was taken."""
        self.phase = "rcpt"
        taken = False
        for one in self.recipients:
            if one in self.results:
                continue
            answer = self.connection.command(f"RCPT TO:<{self.written[one]}>")
            if answer.code == 421:
                self._rest("temporary", answer)  # those taken before, too: the mail ends here
                return False
            if answer.code // 100 == 2:
                taken = True
            else:
                # 552 once meant too many recipients: "treated as temporary" (RFC 5321, 4.5.3.1.10).
                outcome = "temporary" if answer.code == 552 else _failure(answer)
                self.results[one] = RecipientResult(one, outcome, *answer)
        if not taken:
            self._reset()
        return taken

    def _data(self, raw: bytes) -> bool:
        self.phase = "data"
        answer = self.connection.command("DATA")
        if answer.code != 354:
            self._rest(_failure(answer), answer)
            if answer.code // 100 in {4, 5}:
                self._reset()
            else:
                self.connection.abort()  # nobody knows whether it waits for a text
            return False
        self.phase = "body"
        self.connection.write(stuffed(raw))
        return True

    def _dot(self) -> None:
        self.phase = "dot"
        answer = self.connection.dot()
        self.phase = "answered"
        if answer.code // 100 == 2:
            self.relay_id = relay_id(answer.text, self.connection.relay.host)
            self._rest("accepted", answer)
        elif answer.code // 100 == 3:
            self.phase = "dot"
            self.connection.abort()
            self._rest("uncertain", answer)
        else:
            self._rest(_failure(answer), answer)

    def _reset(self) -> None:
        if self.connection.is_open:
            self.connection.reset()


def _failure(answer: Answer) -> Outcome:
    return "permanent" if answer.code // 100 == 5 else "temporary"


def _written(address: str) -> str | None:
    """An address as it stands in a command, None if none can."""
    try:
        return clean_address(address)
    except InvalidValue:
        return None


def stuffed(raw: bytes) -> bytes:
    """Return ``raw`` with CRLF at every line end, the last too, and dots in front doubled (RFC 5321, 4.5.2).

    A bare CR or LF becomes CRLF, so that no server sees the end of the mail inside it.
    """
    lines = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
    doubled = re.sub(rb"^\.", b"..", lines, flags=re.MULTILINE)
    return doubled if doubled.endswith(b"\r\n") or not doubled else doubled + b"\r\n"


def relay_id(text: str, host: str) -> str | None:
    """Return the id in a relay's answer to the dot: ``queued as 4F2A``, ``id=1abC``, ``<…@…>``, ``Ok 0102…``.

    Amazon SES replaces Message-ID by this id and a domain of its region, with which it is given back (``<…@…>``):
    answers name it. None if there is none. At most 200 characters.
    """
    ses = re.fullmatch(r"email-smtp(?:-fips)?\.([a-z0-9-]{1,30})\.amazonaws\.com", host.lower())
    if ses is not None:
        match = re.search(r"\bOk ([0-9a-zA-Z-]{20,100})", text)
        region = "email" if ses[1] == "us-east-1" else ses[1]
        return match and f"<{match[1]}@{region}.amazonses.com>"
    for form in (
        r"<[^<>\s]{1,198}>",
        r"(?<=queued as )[\w.@-]{1,200}",
        r"(?<=\bid=)[\w.@-]{1,200}",
        r"(?<=\bok )(?=\S*[0-9])[\w.@-]{6,200}",
    ):
        match = re.search(form, text, re.IGNORECASE)
        if match is not None and match[0].isascii():
            return match[0]
    return None
