"""The SMTP client of the standard library with bounded answers, and one deadline for all bytes of an answer.

As delivered, an answer of ``smtplib`` may have lines without end, and its time limit starts anew with every byte: a
server that sends one a second holds it for ever.
"""

from __future__ import annotations

import re
import smtplib
import socket
from time import monotonic

LONGEST_LINE = 4_096  # octets of one line of an answer; RFC 5321, 4.5.3.1.5, allows 512
MOST_LINES = 100  # of one answer
LONGEST_TEXT = 300  # characters of an answer that are kept
_BLOCK = 16_384  # octets written at once: one record of TLS


class Broken(Exception):
    """The connection broke, or answered what is not SMTP; it is closed. The message says which, in words."""


class Client(smtplib.SMTP):
    """The client of the standard library, with bounded answers and a deadline for each of them."""

    patience = 30.0  # seconds for one answer
    until: float | None = None  # the end of all commands of a transaction, on the monotonic clock

    def __init__(self, hello: str) -> None:
        super().__init__(local_hostname=hello)
        self.sock: socket.socket | None = None
        self.buffered = bytearray()

    def send(self, s: object) -> None:
        """Send what a command of the library writes."""
        self.write(s if isinstance(s, bytes) else str(s).encode("ascii", "replace"))

    def write(self, data: bytes) -> None:
        """Write bytes as they are, in blocks, each with the time of a command. Raises Broken.

        What was answered and not asked for would be taken for the answer to this: the connection is closed.
        """
        if self.buffered:
            self.close()
            raise Broken("it answered more than was asked")
        try:
            for at in range(0, len(data), _BLOCK):
                self._timed(self._deadline()).sendall(data[at : at + _BLOCK])
        except OSError as error:
            raise self._broken(error) from error

    def getreply(self) -> tuple[int, bytes]:
        """Return the code and the text of the next answer, of at most 100 lines. Raises Broken."""
        deadline, lines = self._deadline(), list[bytes]()
        while True:
            try:
                line = self._line(deadline)
            except OSError as error:
                raise self._broken(error) from error
            match = re.fullmatch(rb"([2-5][0-9]{2})(?:([ -])(.*))?", line, re.DOTALL)
            if match is None or len(lines) >= MOST_LINES:
                self.close()
                raise Broken("it answered what is not SMTP" if match is None else "its answer did not end")
            lines.append((match[3] or b"").strip())
            if match[2] != b"-":
                return int(match[1]), b"\n".join(lines)

    def _line(self, deadline: float) -> bytes:
        while (end := self.buffered.find(b"\n")) < 0:
            if len(self.buffered) > LONGEST_LINE:
                self.close()
                raise Broken("its answer did not end")
            data = self._timed(deadline).recv(4_096)
            if not data:
                self.close()
                raise Broken("it closed the connection")
            self.buffered += data
        line = bytes(self.buffered[:end])
        del self.buffered[: end + 1]
        return line.rstrip(b"\r")

    def _deadline(self) -> float:
        patient = monotonic() + self.patience
        return patient if self.until is None else min(patient, self.until)

    def _timed(self, deadline: float) -> socket.socket:
        left = deadline - monotonic()
        if self.sock is None:
            raise Broken("the connection is closed")
        if left <= 0:
            raise TimeoutError
        self.sock.settimeout(left)
        return self.sock

    def _broken(self, error: OSError) -> Broken:
        self.close()
        if isinstance(error, TimeoutError):
            return Broken("it did not answer in time")
        return Broken(f"the connection broke ({error.strerror or type(error).__name__})")

    def close(self) -> None:
        """Close the socket; what is left to read is forgotten."""
        self.buffered.clear()
        super().close()


def clean(text: bytes) -> str:
    """Return the text of an answer on one line, without control characters, at most 300 characters."""
    shown = "".join(char if char.isprintable() else " " for char in text[:2_000].decode("utf-8", "replace"))
    return " ".join(shown.split())[:LONGEST_TEXT]
