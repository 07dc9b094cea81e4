"""One connection to an IMAP server that cannot make us wait or grow without bound.

``imaplib`` of the standard library speaks the protocol; the methods it documents as overridable (open, read,
readline, send, shutdown) are ours, so every byte passes here. As delivered it never ends on a byte a second (its
timeout begins again at each byte) nor on endless untagged answers, and reads as many bytes as a server announces
(python/cpython#119511). Here each command has a deadline, a budget of bytes and of lines.
"""

from __future__ import annotations

import contextlib
import imaplib
import socket
import ssl
import time

LINES = 20_000  # of one answer
LONGEST_LINE = 16 * 1024 * 1024  # bytes: a search that finds two million messages
BUDGET = 2 * LONGEST_LINE  # bytes of an answer without a message
DROPPED = 8  # times the limit: so long a literal is read and dropped, a longer one ends the connection

_CHUNK = 65_536


class Stopped(imaplib.IMAP4.abort):
    """The answer was cut off by one of our limits; ``reason`` ends the sentence "SERVER …"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Connection(imaplib.IMAP4):
    """A connection with limits; ``begin`` has to be called before each command.

    ``limit`` is the size in bytes up to which a literal is kept whole. Of a longer one the first ``head`` bytes are
    kept and its announced size is in ``cut``.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        context: ssl.SSLContext | None,
        patience: float,
        limit: int,
        head: int,
    ) -> None:
        self._context = context
        self._limit = limit
        self._head = head
        self._buffer = bytearray()
        self.busy = False
        self.cut = 0
        self.begin(patience)
        super().__init__(host, port)

    def begin(self, seconds: float, budget: int = BUDGET) -> None:
        """Start the clock and the budget of bytes of the next command; the connection is ``busy`` until ``end``."""
        self._seconds = seconds
        self._deadline = time.monotonic() + seconds
        self._bytes = budget
        self._lines = LINES
        self.cut = 0
        self.busy = True
        # imaplib keeps whatever was not asked for; over many commands that could grow without bound.
        self.untagged_responses = {}

    def end(self) -> None:
        """Note that the answer was read to its end. Without it nobody knows where the next answer begins."""
        self.busy = False

    # ------------------------------------------------------------------- what imaplib documents as overridable

    def open(self, host: str = "", port: int = 143, timeout: float | None = None) -> None:
        """Connect, and begin TLS if there is a context. Raises OSError and what is derived of it."""
        self.host, self.port = host, port
        self.sock = socket.create_connection((host, port), self._left())
        try:
            if self._context is not None:
                self._wrap(self._context)
        except BaseException:
            self.sock.close()
            raise

    def read(self, size: int) -> bytes:
        """Return a literal of ``size`` bytes, or its head if it is too long. Raises Stopped at a limit."""
        if size > self._limit * DROPPED:
            raise self._stop(f"announced {size} bytes for one message")
        self._spend(min(size, self._limit))
        if size <= self._limit:
            while len(self._buffer) < size:
                self._receive()
            return self._taken(size)
        self.cut = size
        kept = bytearray()
        while size:
            if not self._buffer:
                self._receive()
            piece = self._taken(min(size, len(self._buffer)))
            size -= len(piece)
            kept += piece[: self._head - len(kept)]
        return bytes(kept)

    def readline(self) -> bytes:
        """Return a line with its end. Raises Stopped at a limit."""
        self._lines -= 1
        if self._lines < 0:
            raise self._stop(f"answered with more than {LINES} lines")
        looked = 0
        while (end := self._buffer.find(b"\n", looked)) < 0:
            looked = len(self._buffer)
            if looked > LONGEST_LINE:
                raise self._stop("sent a line without end")
            self._receive()
        self._spend(end + 1)
        return self._taken(end + 1)

    def send(self, data: bytes) -> None:  # type: ignore[override]  # typeshed asks for any buffer
        """Send ``data`` before the deadline."""
        self.sock.settimeout(self._left())
        try:
            self.sock.sendall(data)
        except TimeoutError:
            raise self._late() from None

    def shutdown(self) -> None:
        """Close the socket at once; never raises."""
        self._buffer.clear()
        with contextlib.suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)
        self.sock.close()

    # ---------------------------------------------------------------------------------------------------- TLS

    def secure(self, context: ssl.SSLContext) -> bool:
        """Ask for STARTTLS and begin TLS; return whether the server agreed. Raises Stopped, OSError.

        What came in clear text behind the agreement is refused: it would be read as if it were encrypted (RFC 9051,
        section 11.1). imaplib's own starttls is not used, because it offers no place for this question.
        """
        answer, _ = self.xatom("STARTTLS")
        if answer != "OK":
            return False
        if self._buffer:
            raise self._stop("sent clear text where TLS should begin")
        self.untagged_responses.clear()
        self._wrap(context)
        return True

    def _wrap(self, context: ssl.SSLContext) -> None:
        self.sock.settimeout(self._left())
        self.sock = context.wrap_socket(self.sock, server_hostname=self.host)

    # ------------------------------------------------------------------------------------------------- limits

    def _left(self) -> float:
        """Return how many seconds are left. Raises Stopped if none are."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise self._late()
        return left

    def _receive(self) -> None:
        """Append what has come to the buffer, waiting at most until the deadline."""
        self.sock.settimeout(self._left())
        try:
            chunk = self.sock.recv(_CHUNK)
        except TimeoutError:
            raise self._late() from None
        if not chunk:
            raise self._stop("closed the connection")
        self._buffer += chunk

    def _spend(self, size: int) -> None:
        self._bytes -= size
        if self._bytes < 0:
            raise self._stop("answered with more bytes than were asked for")

    def _taken(self, size: int) -> bytes:
        with memoryview(self._buffer) as view:
            taken = bytes(view[:size])
        del self._buffer[:size]
        return taken

    def _late(self) -> Stopped:
        return self._stop(f"did not answer within {self._seconds:.3g} seconds")

    def _stop(self, reason: str) -> Stopped:
        return Stopped(reason)
