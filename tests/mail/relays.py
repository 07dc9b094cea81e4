"""Relays for tests, on loopback: one that speaks SMTP and fails as it is told, one that says what it is given."""

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from tix.mail.smtp.relay import Limits, Relay

LIMITS = Limits(command=20.0, transaction=60.0, dot=40.0)  # seconds; never reached by a relay that answers


class Script:
    """What a relay does: ``answers`` by step (``mail``, ``rcpt ADDRESS``, ``data``), each a status or ``drop``.

    ``taken`` are the mails it took, each with sender, recipients and bytes; ``known`` says for each
    MAIL whether somebody had logged in.
    """

    def __init__(self, **answers: str) -> None:
        self.answers = answers
        self.taken: list[tuple[str, tuple[str, ...], bytes]] = []
        self.options: list[str] = []
        self.said: list[str] = []
        self.known: list[bool] = []

    def _answer(self, step: str, server: SMTP, usual: str) -> str:
        self.said.append(step)
        status = self.answers.get(step, usual)
        if status == "drop":
            server.transport.abort()
        return status

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        self.known.append(session.authenticated is True)
        self.options += options
        return self._answer("mail", server, "250 2.1.0 Ok")

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        status = self._answer(f"rcpt {address}", server, "250 2.1.5 Ok")
        if status.startswith("25"):
            envelope.rcpt_tos.append(address)
        return status

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:  # noqa: N802
        status = self.answers.get("data", "250 2.0.0 Ok: queued as 4F2A7")
        if status[0] == "2" or status == "drop":
            self.taken.append((envelope.mail_from, tuple(envelope.rcpt_tos), envelope.original_content))
        return self._answer("data", server, status)


class _Relay(Controller):
    """A controller on any free port."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def scripted(script: Script, **options: Any) -> Iterator[Relay]:
    """A relay of aiosmtpd that follows ``script``."""
    controller = _Relay(script, hostname="127.0.0.1", port=0, **options)
    controller.start()
    try:
        yield Relay("127.0.0.1", controller.port, "none", limits=LIMITS)
    finally:
        controller.stop()


def one_login(user: str, password: str) -> dict[str, Any]:
    """Options of a relay that knows this log-in, also without TLS."""

    def authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        known = LoginPassword(user.encode(), password.encode())
        return AuthResult(success=data == known, handled=False)

    return {"authenticator": authenticate, "auth_require_tls": False}


@contextmanager
def speaking(talk: Callable[[socket.socket], None], *, connections: int = 1) -> Iterator[Relay]:
    """A relay whose whole conversation is ``talk``, on each of so many connections."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        for _ in range(connections):
            with suppress(OSError):
                peer, _ = listener.accept()
                with peer, suppress(OSError):
                    peer.settimeout(10)
                    talk(peer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield Relay("127.0.0.1", listener.getsockname()[1], "none", limits=LIMITS)
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(10)


def lines(
    *answers: bytes, after: Callable[[socket.socket], None] | None = None
) -> Callable[[socket.socket], None]:
    """A conversation: a greeting, then an answer to each command, the text with its dot being one; then ``after``."""

    def talk(peer: socket.socket) -> None:
        file = peer.makefile("rb")
        peer.sendall(b"220 relay\r\n")
        for answer in answers:
            file.readline()
            peer.sendall(answer)
            if answer.startswith(b"354"):
                while file.readline() not in {b".\r\n", b""}:
                    pass
        if after is not None:
            after(peer)
        file.close()

    return talk


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a key and a certificate for ``localhost`` that signs itself."""
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl, which is not installed")
    path: Path = tmp_path_factory.mktemp("tls") / "relay.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", path, "-out", f"{path}.crt"],
        check=True, capture_output=True,
    )  # fmt: skip
    with path.open("ab") as file:
        file.write(Path(f"{path}.crt").read_bytes())
    return path


def server_context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context
