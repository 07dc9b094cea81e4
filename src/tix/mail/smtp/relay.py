"""The connection to the relay that takes our mail: opened, encrypted, logged in.

A relay that cannot be used at all raises ``RelayUnusable`` before any mail is tried. The log-in is our own, because
that of ``smtplib`` takes ASCII passwords only.
"""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
from base64 import b64encode
from time import monotonic

from tix.errors import RelayUnreachable, RelayUnusable
from tix.mail.smtp.client import Broken, Client, clean
from tix.typing import Literal, NamedTuple, Self

Encryption = Literal["none", "starttls", "tls"]

_GOODBYE = 2.0  # seconds to wait for the answer to QUIT


class Limits(NamedTuple):
    """How long a relay may take, in seconds; together under the 15 minutes of a sender's lease.

    ``command`` is for connecting, the handshake of TLS and the answer to each command; ``transaction`` for all from
    MAIL to the end of the text; ``dot`` for the answer to the final dot (RFC 5321, 4.5.3.2.6: ten minutes, because
    filters look at the mail first).
    """

    command: float = 30.0
    transaction: float = 240.0
    dot: float = 600.0


class Relay(NamedTuple):
    """Where mail is handed over. With ``token`` the log-in is XOAUTH2, else with ``password``; without ``user`` none.

    ``hello`` is the name we give ourselves in EHLO; ``context`` replaces the default of TLS, which verifies.
    """

    host: str
    port: int
    encryption: Encryption = "starttls"
    user: str = ""
    password: str = ""
    token: str = ""
    hello: str = ""
    context: ssl.SSLContext | None = None
    limits: Limits = Limits()

    def __repr__(self) -> str:
        """Without the password and the token, which a traceback may show."""
        return f"Relay({self.host!r}, {self.port}, {self.encryption!r}, user={self.user!r})"


class Answer(NamedTuple):
    """The code of an answer, and its text on one line, cleaned and at most 300 characters."""

    code: int
    text: str


class Connection:
    """A connection to a relay, ready for mail. Raises RelayUnusable if there can be none.

    Used in ``with``, or closed by ``close``, which says QUIT and ignores every error.
    """

    def __init__(self, relay: Relay) -> None:
        self.relay = relay
        _require_plain(relay)
        self._client = Client(relay.hello or _own_name())
        self._client.patience = relay.limits.command
        try:
            self._open()
        except BaseException:
            self._client.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def is_open(self) -> bool:
        return self._client.sock is not None

    def offers(self, feature: str) -> bool:
        """Return whether the relay offers an extension, such as ``smtputf8``."""
        return self._client.has_extn(feature)

    @property
    def largest(self) -> int | None:
        """Return the size of the largest mail it takes, in bytes; None if it does not say (RFC 1870)."""
        size = self._client.esmtp_features.get("size", "").split(" ")[0]
        return int(size) if re.fullmatch("[0-9]{1,18}", size) and int(size) else None

    def begin(self) -> None:
        """Start the time of a transaction."""
        self._client.until = monotonic() + self.relay.limits.transaction

    def command(self, line: str) -> Answer:
        """Send one command, in UTF-8, and return its answer; 421 closes the connection. Raises Broken."""
        self._client.write(f"{line}\r\n".encode())
        return self._answer()

    def write(self, data: bytes) -> None:
        """Send bytes as they are. Raises Broken."""
        self._client.write(data)

    def dot(self) -> Answer:
        """Send the final dot and return its answer, for which there is more time. Raises Broken."""
        client, limits = self._client, self.relay.limits
        client.until = None
        client.write(b".\r\n")
        client.patience = limits.dot
        try:
            return self._answer()
        finally:
            client.patience = limits.command

    def reset(self) -> None:
        """Forget the transaction that was begun; if that fails, the connection is closed."""
        self._client.until = None
        with contextlib.suppress(Broken):
            if self.command("RSET").code != 250:
                self.abort()

    def abort(self) -> None:
        """Close without a word: what was begun is not delivered."""
        self._client.close()

    def close(self) -> None:
        """Say QUIT and close; an error here changes nothing about mail already sent (pallets-eco/flask-mail#139)."""
        if self.is_open:
            self._client.patience, self._client.until = min(self._client.patience, _GOODBYE), None
            with contextlib.suppress(Broken):
                self.command("QUIT")
        self._client.close()

    def _answer(self) -> Answer:
        code, text = self._client.getreply()
        if code == 421:  # it closes the connection itself (RFC 5321, 3.8)
            self._client.close()
        return Answer(code, clean(text))

    # ------------------------------------------------------------------------------------------------ opening

    def _open(self) -> None:
        relay, place = self.relay, f"{self.relay.host}:{self.relay.port}"
        try:
            self._connect()
            greeting = self._answer()
            if greeting.code != 220:
                raise RelayUnusable(f"{place} takes no mail now: {greeting.code} {greeting.text}")
            self._hello(place)
            if relay.encryption == "starttls":
                self._start_tls(place)
                self._hello(place)
            if relay.user:
                self._log_in(place)
        except (OSError, Broken, ValueError, OverflowError) as error:
            raise _unusable(relay, error) from error

    def _connect(self) -> None:
        relay = self.relay
        sock = socket.create_connection((relay.host, relay.port), relay.limits.command)
        self._client.sock = sock
        # The text and its dot are two writes: else the second waits 40 ms for the first to be acknowledged.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if relay.encryption == "tls":
            self._client.sock = self._context().wrap_socket(sock, server_hostname=relay.host)

    def _context(self) -> ssl.SSLContext:
        # Passed always: what smtplib makes by itself verifies nothing.
        return self.relay.context or ssl.create_default_context()

    def _hello(self, place: str) -> None:
        code, text = self._client.ehlo()
        if code // 100 == 5:  # older than 1995
            code, text = self._client.helo()
        if code != 250:
            raise RelayUnusable(f"{place} refused our greeting: {code} {clean(text)}")

    def _start_tls(self, place: str) -> None:
        if not self.offers("starttls"):
            raise RelayUnusable(
                f"{place} does not offer STARTTLS, so mail would go unencrypted",
                hint="ask who runs it, or: tix config set mail.smtp.encryption tls",
            )
        answer = self.command("STARTTLS")
        if answer.code != 220:
            raise RelayUnusable(f"{place} cannot encrypt now: {answer.code} {answer.text}")
        client = self._client
        if client.buffered:  # put in by somebody between us (CVE-2011-0411)
            raise RelayUnusable(f"{place} sent more than its answer to STARTTLS; the connection is not safe")
        sock = client.sock
        if sock is None:
            raise Broken("the connection was closed")
        sock.settimeout(self.relay.limits.command)
        client.sock = self._context().wrap_socket(sock, server_hostname=self.relay.host)
        client.esmtp_features.clear()  # RFC 3207, 4.2: what was said before counts no more

    def _log_in(self, place: str) -> None:
        relay = self.relay
        offered = self._client.esmtp_features.get("auth", "").upper().split()
        if relay.token:
            ways, secret = ["XOAUTH2"], relay.token
        else:
            ways, secret = ["PLAIN", "LOGIN"], relay.password
        way = next((way for way in ways if way in offered), None)
        if way is None:
            raise RelayUnusable(
                f"{place} offers no log-in by {' or '.join(ways)}"
                + ("; most relays do so only over TLS" if relay.encryption == "none" else "")
            )
        answer = _WAYS[way](self, relay.user, secret)
        if answer.code == 235:
            return
        what = "token" if relay.token else "password"
        said = answer.text
        for written in (_plain(relay.user, secret), _xoauth2(relay.user, secret), _base64(secret), secret):
            said = said.replace(written, "…") if written else said
        if answer.code // 100 == 4:
            raise RelayUnusable(f"{place} cannot check the log-in now: {answer.code} {said}")
        raise RelayUnusable(
            f"{place} refused the {what} of '{clean(relay.user.encode())}': {answer.code} {said}",
            hint=f"check mail.smtp.user and mail.smtp.{what}_command",
        )

    def auth_plain(self, user: str, password: str) -> Answer:
        """Log in as RFC 4616 says, in UTF-8."""
        return self.command(f"AUTH PLAIN {_plain(user, password)}")

    def auth_login(self, user: str, password: str) -> Answer:
        """Log in by the two questions of old servers, in UTF-8."""
        answer = self.command("AUTH LOGIN")
        for word in (user, password):
            if answer.code != 334:
                break
            answer = self.command(_base64(word))
        return answer

    def auth_xoauth2(self, user: str, token: str) -> Answer:
        """Log in with a token. A refusal comes as a question, which must be answered with an empty line."""
        answer = self.command(f"AUTH XOAUTH2 {_xoauth2(user, token)}")
        return self.command("") if answer.code == 334 else answer


_WAYS = {
    "PLAIN": Connection.auth_plain,
    "LOGIN": Connection.auth_login,
    "XOAUTH2": Connection.auth_xoauth2,
}


def _plain(user: str, password: str) -> str:
    return _base64(f"\0{user}\0{password}")


def _xoauth2(user: str, token: str) -> str:
    return _base64(f"user={user}\1auth=Bearer {token}\1\1")


def _base64(text: str) -> str:
    return b64encode(text.encode()).decode()


def _own_name() -> str:
    """Our name for EHLO: the host's if it is a full one, else an address literal (RFC 5321, 4.1.4)."""
    name = socket.gethostname()
    return name if re.fullmatch(r"[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,8}", name) else "[127.0.0.1]"


def _require_plain(relay: Relay) -> None:
    """Refuse what could not be sent as it is; a line end in a password would become a command."""
    for what in ("host", "user", "password", "token", "hello"):
        value: str = getattr(relay, what)
        if any(char < " " or "\x7f" <= char <= "\x9f" or "\ud800" <= char <= "\udfff" for char in value):
            raise RelayUnusable(f"the {what} for sending mail contains a control character")
    if not 0 < relay.port < 65_536:
        raise RelayUnusable(f"{relay.port} is not a port", hint="check mail.smtp.port")


def _unusable(relay: Relay, error: Exception) -> RelayUnusable:
    """The sentence for an error while connecting."""
    place = f"{relay.host}:{relay.port}"
    if isinstance(error, Broken):
        return RelayUnreachable(f"{place} cannot be used: {error}")
    if isinstance(error, ssl.SSLCertVerificationError):
        if error.verify_code in {62, 64}:  # X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH
            return RelayUnusable(
                f"the certificate of {place} is for another host",
                hint="set mail.smtp.host to the name in the certificate",
            )
        return RelayUnusable(
            f"the certificate of {place} is not trusted: {error.verify_message}",
            hint="tix config set mail.smtp.ca_file FILE, if the certificate is your own",
        )
    if isinstance(error, ssl.SSLError):
        return RelayUnusable(
            f"{place} does not speak TLS as expected ({(error.reason or 'no answer').replace('_', ' ').lower()})",
            hint="port 465 takes mail.smtp.encryption tls, ports 587 and 25 starttls",
        )
    if isinstance(error, socket.gaierror):
        return RelayUnreachable(f"there is no host '{relay.host}'", hint="check mail.smtp.host")
    if isinstance(error, TimeoutError):
        return RelayUnreachable(f"{place} did not answer within {relay.limits.command:g} seconds")
    if isinstance(error, ConnectionRefusedError):
        return RelayUnreachable(
            f"{place} refused the connection", hint="check mail.smtp.host and mail.smtp.port"
        )
    if isinstance(error, OSError):
        return RelayUnreachable(f"{place} cannot be reached: {error.strerror or type(error).__name__}")
    return RelayUnusable(f"'{place}' is not a place to send mail to", hint="check mail.smtp.host")
