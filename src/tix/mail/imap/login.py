"""Open a connection to an IMAP server and log in: encrypted and verified first, the secret afterwards.

These functions raise what imaplib and the network raise, and MailboxError for what the server does not offer.
"""

from __future__ import annotations

import ssl
from enum import Enum
from pathlib import Path

from tix.errors import MailboxError
from tix.mail import folder_names
from tix.mail.credentials import Secret
from tix.mail.imap.connection import Connection
from tix.mail.imap.errors import require
from tix.mail.mailbox import HEADER_LIMIT
from tix.typing import NamedTuple


class Encryption(Enum):
    """How the connection is protected: TLS from the first byte, TLS after STARTTLS, or not at all."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


class Account(NamedTuple):
    """A server, and who logs in there how.

    ``port`` None is 993 with TLS, else 143. ``oauth`` says that the secret is an access token for XOAUTH2 and not a
    password. ``ca_file`` holds certificates in PEM form that are trusted instead of the system's.
    """

    host: str
    user: str
    secret: Secret
    port: int | None = None
    encryption: Encryption = Encryption.TLS
    oauth: bool = False
    ca_file: Path | None = None


def connect(account: Account, patience: float, limit: int) -> Connection:
    """Return a connection that is encrypted as the account asks, before any log-in.

    ``patience`` is in seconds, ``limit`` the size in bytes of the largest message. Raises MailboxError if the server
    does not offer STARTTLS where it was asked for: there is no falling back to clear text.
    """
    context = None if account.encryption is Encryption.NONE else _context(account.ca_file)
    connection = Connection(
        account.host,
        account.port or (993 if account.encryption is Encryption.TLS else 143),
        context=context if account.encryption is Encryption.TLS else None,
        patience=patience,
        limit=limit + HEADER_LIMIT,  # some servers announce a size that is a little too small
        head=HEADER_LIMIT,
    )
    if account.encryption is Encryption.STARTTLS and context is not None:
        try:
            _secure(connection, context)
        except BaseException:
            connection.shutdown()
            raise
    return connection


def _secure(connection: Connection, context: ssl.SSLContext) -> None:
    """Begin TLS. A server that says it needs no log-in leaves no place for STARTTLS: RFC 9051, section 11.1."""
    offered = "STARTTLS" in connection.capabilities and connection.state == "NONAUTH"
    if not offered or not connection.secure(context):
        raise MailboxError(f"{connection.host} does not offer STARTTLS; no password was sent.")


def _context(file: Path | None) -> ssl.SSLContext:
    """Return the rules for TLS: certificate and host name are verified. Without them imaplib verifies nothing."""
    try:
        return ssl.create_default_context(cafile=None if file is None else str(file))
    except ssl.SSLError:
        raise MailboxError(f"Cannot read the CA file {file}: it holds no certificate.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise MailboxError(f"Cannot read the CA file {file}: {reason}.") from None


def capabilities(connection: Connection, account: Account) -> frozenset[str]:
    """Return what the server can do, now: many say less before the log-in, and Dovecot names MOVE only after it."""
    answer, data = connection.capability()
    require(answer, data, account.host, "did not list its capabilities", account.secret)
    listed = b" ".join(line for line in data if isinstance(line, bytes))
    return frozenset(listed.decode("ascii", "replace").upper().split())


def log_in(connection: Connection, account: Account) -> None:
    """Log in by XOAUTH2, AUTHENTICATE PLAIN in UTF-8 (RFC 4616) or, where the server has neither, LOGIN.

    Raises MailboxError if the server offers no way that fits or refuses LOGIN, and imaplib's error if it refuses
    one of the others. A server that needs no log-in gets none.
    """
    host, user, secret = account.host, account.user, account.secret.reveal()
    if any(char < " " or "\x7f" <= char <= "\x9f" for char in user):
        raise MailboxError("The user name of the mailbox has a control character.")
    offered = capabilities(connection, account)
    if connection.state == "AUTH":
        return
    if account.oauth:
        if "AUTH=XOAUTH2" not in offered:
            raise MailboxError(f"{host} does not offer XOAUTH2.")
        # A refusal comes as a challenge, which wants an empty answer before the server says no.
        answers = iter([f"user={user}\x01auth=Bearer {secret}\x01\x01".encode()])
        connection.authenticate("XOAUTH2", lambda _: next(answers, b""))
    elif "AUTH=PLAIN" in offered:
        plain = f"\0{user}\0{secret}".encode()
        connection.authenticate("PLAIN", lambda _: plain)
    elif "LOGINDISABLED" in offered:
        raise MailboxError(f"{host} does not accept passwords without encryption.")
    elif not f"{user}{secret}".isascii():
        raise MailboxError(f"{host} accepts only ASCII in user names and passwords.")
    else:
        answer, data = connection.xatom("LOGIN", folder_names.quote(user), folder_names.quote(secret))
        require(answer, data, host, f"refused to let {user} log in", account.secret)
        connection.state = "AUTH"
