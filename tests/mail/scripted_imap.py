"""An IMAP server that behaves as a test says: a well-behaved one, of whose answers any can be replaced."""

import base64
import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Self

from tix.mail.credentials import Secret
from tix.mail.imap.login import Account, Encryption

# What a test says about a command: from its tag and the rest of its line to the chunks that are sent.
Answer = Callable[[bytes, bytes], Iterable[bytes]]
PASSWORD = "geheim"


class Hangup(Exception):
    """Raised by an answer to close the connection."""


def drip(text: bytes, seconds: float = 0.01) -> Iterable[bytes]:
    """Send a byte at a time."""
    for byte in text:
        yield bytes((byte,))
        time.sleep(seconds)


# What a server that refuses a token of XOAUTH2 says before it says no.
CHALLENGE = b"+ " + base64.b64encode(b'{"status":"401","schemes":"bearer"}') + b"\r\n"


def _read(line: socket.socket) -> bytes:
    """Return a line without its end, empty at the end of all."""
    text = bytearray()
    while (byte := line.recv(1)) not in (b"", b"\n"):
        text += byte
    return bytes(text).removesuffix(b"\r")


class Script:
    """The server: three messages with the numbers 5, 6 and 7, and whatever `answers` replaces by a command's name.

    `lines` are the commands it was given, without their tags.
    """

    def __init__(
        self,
        answers: dict[str, Answer] | None = None,
        *,
        greeting: bytes = b"* OK ready\r\n",
        capabilities: str = "IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 MOVE",
        tls: ssl.SSLContext | None = None,
        starttls: ssl.SSLContext | None = None,
        behind_starttls: bytes = b"",
    ) -> None:
        self.answers = answers or {}
        self.greeting = greeting
        self.capabilities = capabilities
        self.tls = tls
        self.starttls = starttls
        self.behind_starttls = behind_starttls
        self.lines: list[bytes] = []
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        self._layers: dict[socket.socket, tuple[socket.socket, ...]] = {}  # TLS over a connection
        self._threads: list[threading.Thread] = [threading.Thread(target=self._serve, daemon=True)]
        self._threads[0].start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for line in self._open:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)
        for line in self._open:
            line.close()

    def account(self, host: str = "127.0.0.1", secret: str = PASSWORD, **more) -> Account:
        account = Account(host, "desk@x.example", Secret(secret), self.port, Encryption.NONE)
        return account._replace(**more)

    def said(self, command: bytes) -> list[bytes]:
        """The lines of one command."""
        return [line for line in self.lines if line.startswith(command)]

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(line)
            thread = threading.Thread(target=self._talk, args=(line,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _talk(self, line: socket.socket) -> None:
        with contextlib.suppress(OSError, Hangup, ValueError):
            if self.tls is not None:
                line = self._wrapped(line, self.tls)
            line.sendall(self.greeting)
            self._dialogue(line)
        for one in (line, *self._layers.get(line, ())):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def _wrapped(self, line: socket.socket, context: ssl.SSLContext) -> socket.socket:
        wrapped = context.wrap_socket(line, server_side=True)
        self._open.append(wrapped)
        self._layers[line] = (wrapped,)
        return wrapped

    def _dialogue(self, line: socket.socket) -> None:
        while text := _read(line):
            tag, _, command = text.partition(b" ")
            self.lines.append(command)
            words = command.upper().split()
            name = b" ".join(words[:2] if words[0] == b"UID" else words[:1]).decode()
            for chunk in (self.answers.get(name) or self._usual(name))(tag, command):
                line.sendall(chunk)
                if name == "AUTHENTICATE" and chunk in (b"+ \r\n", CHALLENGE):
                    self.lines.append(base64.b64decode(_read(line), validate=True))
            if name == "STARTTLS" and self.starttls is not None:
                line = self._wrapped(line, self.starttls)
            elif name == "LOGOUT":
                return

    def _usual(self, name: str) -> Answer:
        if name == "CAPABILITY":
            return lambda tag, _: [
                b"* CAPABILITY " + self.capabilities.encode() + b"\r\n" + tag + b" OK done\r\n"
            ]
        if name == "STARTTLS":
            return lambda tag, _: [tag + b" OK begin\r\n" + self.behind_starttls]
        return usual(name)


def usual(name: str) -> Answer:
    """The answer of a server that behaves."""
    return lambda tag, command: [*_parts(name, command), tag + b" OK done\r\n"]


def _parts(name: str, command: bytes) -> Iterable[bytes]:
    if name == "AUTHENTICATE":
        yield b"+ \r\n"
    elif name == "SELECT":
        yield b"* 3 EXISTS\r\n* OK [UIDVALIDITY 9] x\r\n"
    elif name == "UID SEARCH":
        yield b"* SEARCH 5 6 7\r\n"
    elif name == "UID FETCH":
        for word in command.split()[2].split(b","):
            uid = int(word)
            item = b"RFC822.SIZE 6" if b"SIZE" in command else b"BODY[] {6}\r\nmail %d" % uid
            yield b"* %d FETCH (UID %d %s)\r\n" % (uid - 4, uid, item)
