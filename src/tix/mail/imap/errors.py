"""One sentence for each way in which a connection to an IMAP server fails."""

from __future__ import annotations

import imaplib
import socket
import ssl
from collections.abc import Iterator

from tix.errors import MailboxError
from tix.mail.credentials import Secret
from tix.mail.imap.answers import words
from tix.mail.imap.connection import Connection, Stopped

# X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH
HOST_DIFFERS = frozenset({62, 64})


def sentence(error: Exception, host: str, what: str, secret: Secret, connection: Connection | None) -> str:
    """Return what went wrong when ``host`` was asked to do ``what`` (an infinitive), in one sentence.

    imaplib wraps what it catches in errors of its own, so the errors behind ``error`` are looked at, too. A server's
    own words are quoted, cut and without control characters, never with the secret.
    """
    for one in _chain(error):
        text = _known(one, host)
        if text is not None:
            return text
    farewell = None if connection is None else connection.untagged_responses.get("BYE")
    if farewell:
        return f"{host} closed the connection{_said(farewell, secret)}."
    if isinstance(error, imaplib.IMAP4.readonly):
        return f"{host} opened the folder read-only."
    if is_refusal(error):
        return f"{host} refused to {what}{_said(error.args[-1:], secret)}."
    return f"{host} sent an invalid answer when asked to {what}."


def require(answer: str, data: object, host: str, refusal: str, secret: Secret) -> None:
    """Raise MailboxError, "HOST ``refusal``" and the server's own words, unless its ``answer`` is OK."""
    if answer != "OK":
        raise MailboxError(f"{host} {refusal}{_said(data, secret)}.")


def untrusted(error: Exception, host: str) -> MailboxError | None:
    """Return the error for a certificate that is not valid for ``host``, with the way out; None for other errors.

    Trying again does not help: somebody has to change the set-up or the server.
    """
    one = next((one for one in _chain(error) if isinstance(one, ssl.SSLCertVerificationError)), None)
    if one is None:
        return None
    if one.verify_code in HOST_DIFFERS:
        hint = "set mail.imap.host to the name in the certificate"
    else:
        hint = "tix config set mail.imap.ca_file FILE, if the certificate is your own"
    return MailboxError(
        f"The certificate of {host} is not valid: {one.verify_message.rstrip('.')}.", hint=hint
    )


def is_refusal(error: Exception) -> bool:
    """Return whether the server's answer was read to its end, so that the connection can be used further."""
    return isinstance(error, imaplib.IMAP4.error) and not isinstance(error, imaplib.IMAP4.abort)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and those behind it; there are never many."""
    one: BaseException | None = error
    for _ in range(10):
        if one is None:
            return
        yield one
        one = one.__cause__ or one.__context__


def _known(error: BaseException, host: str) -> str | None:
    """Return the sentence for an error of our limits, of TLS or of the network; None for others."""
    if isinstance(error, Stopped):
        return f"{host} {error.reason}."
    if isinstance(error, TimeoutError):
        return f"{host} did not answer in time."
    if isinstance(error, ssl.SSLError):
        return f"{host} does not speak TLS as expected ({error.reason or 'connection closed'})."
    if isinstance(error, socket.gaierror):
        return f"No host named {host} was found."
    if isinstance(error, UnicodeError) and "idna" in str(error):
        return f"{host[:100]!r} is not a host name."
    if isinstance(error, OSError):
        return f"The connection to {host} failed: {error.strerror or type(error).__name__}."
    return None


def _said(data: object, secret: Secret) -> str:
    said = words(data, secret)
    return f": {said}" if said else ""
