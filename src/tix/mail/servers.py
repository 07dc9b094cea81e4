"""The mail servers of the desk's settings, with their passwords from where they are kept: never from the store."""

from __future__ import annotations

from pathlib import Path

from tix.errors import Refused
from tix.typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.mail.credentials import Secret
    from tix.mail.imap.login import Account
    from tix.mail.mailbox import Mailbox
    from tix.mail.smtp.relay import Relay

IMAP_PASSWORD, SMTP_PASSWORD = "TIX_IMAP_PASSWORD", "TIX_SMTP_PASSWORD"
# Seconds for a server to answer at all.
_PATIENCE = 10
_SMTP_PORTS = {"tls": 465, "starttls": 587, "none": 25}


def account(desk: Desk) -> Account:
    """Return the account that mail is fetched from.

    Raises Refused where none is set, CredentialError; MailboxLost in their place where the server does not even answer.
    """
    host = desk.settings.name("mail.imap.host")
    if host is None:
        raise Refused("no server for incoming mail is set", hint="tix mail setup")
    try:
        return _account(desk, host)
    except Refused:
        _reach(desk, host)
        raise


def _account(desk: Desk, host: str) -> Account:
    from tix.mail.imap.login import Account, Encryption

    settings = desk.settings
    user = settings.name("mail.imap.user")
    if user is None:
        raise Refused("no user name for incoming mail is set", hint="tix config set mail.imap.user NAME")
    oauth = settings.name("mail.imap.token_command")
    return Account(
        host,
        user,
        _secret(desk, "imap", user, IMAP_PASSWORD),
        _port(desk, "imap"),
        Encryption(settings.encryption("imap")),
        oauth=oauth is not None,
        ca_file=_path(desk, "mail.imap.ca_file"),
    )


def _reach(desk: Desk, host: str) -> None:
    """Raise MailboxLost where nothing answers at the place mail is fetched from."""
    import socket

    from tix.errors import MailboxLost

    port = _port(desk, "imap") or (993 if desk.settings.encryption("imap") == "tls" else 143)
    try:
        socket.create_connection((host, port), _PATIENCE).close()
    except OSError as error:
        raise MailboxLost(f"{host}:{port} cannot be reached: {error.strerror or error}") from error


def mailbox(desk: Desk, maildir: Path | None) -> Mailbox:
    """Return the mailbox to fetch from: the maildir, or the folder of the settings. Raises MailboxError, Refused."""
    if maildir is not None:
        from tix.mail.maildir import Maildir

        return Maildir(maildir)
    from tix.mail.imap.folder import Filing, Imap

    settings = desk.settings
    keyword = settings.text("mail.imap.done") == "keyword"
    filing = Filing(
        settings.text("mail.imap.folder"),
        None if keyword else settings.name("mail.imap.done_folder"),
        None if keyword else settings.name("mail.imap.quarantine_folder"),
    )
    return Imap(account(desk), filing)


def relay(desk: Desk) -> Relay:
    """Return the relay that mail is sent through. Raises Refused where none is set, CredentialError."""
    import ssl

    from tix.mail.smtp.relay import Relay

    settings = desk.settings
    host, user = settings.name("mail.smtp.host"), settings.name("mail.smtp.user")
    if host is None:
        raise Refused("no server for outgoing mail is set", hint="tix mail setup")
    encryption = settings.encryption("smtp")
    secret = "" if user is None else _secret(desk, "smtp", user, SMTP_PASSWORD).reveal()
    oauth = settings.name("mail.smtp.token_command") is not None
    ca_file = _path(desk, "mail.smtp.ca_file")
    context = None
    if ca_file is not None and encryption != "none":
        try:
            context = ssl.create_default_context(cafile=ca_file)
        except OSError as error:  # ssl.SSLError is one
            raise Refused(
                f"the certificates in {ca_file} cannot be read: {error.strerror or error}",
                hint="tix config set mail.smtp.ca_file FILE",
            ) from error
    return Relay(
        host,
        _port(desk, "smtp") or _SMTP_PORTS[encryption],
        encryption,  # type: ignore[arg-type]  # the setting has just these words
        user or "",
        "" if oauth else secret,
        secret if oauth else "",
        context=context,
    )


def _secret(desk: Desk, protocol: str, user: str, environment: str) -> Secret:
    from tix.mail import credentials

    settings = desk.settings
    command = settings.name(f"mail.{protocol}.token_command")
    if command is not None:
        return credentials.token(user, command)
    return credentials.password(
        user,
        command=settings.name(f"mail.{protocol}.password_command"),
        environment=environment,
        file=_path(desk, f"mail.{protocol}.password_file"),
    )


def _port(desk: Desk, protocol: str) -> int | None:
    text = desk.settings.text(f"mail.{protocol}.port")
    return None if text == "auto" else int(text)


def _path(desk: Desk, key: str) -> Path | None:
    text = desk.settings.name(key)
    return None if text is None else Path(text).expanduser()
