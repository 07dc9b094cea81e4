"""uvicorn's HTTP/1.1 protocol with limits that it lacks: on headers, bodies, time and connections of an address.

Without them it reads a header of 50 MB, takes a request with two Host headers, and keeps a half-sent body, or an answer
that nobody reads, open for ever (Kludex/uvicorn issues 157 and 1684). It builds on methods of ``HttpToolsProtocol`` that are not documented, so the
versions of uvicorn are bounded in pyproject.toml, and ``tests/api/test_protocol.py`` sends the bytes.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections import Counter
from ipaddress import ip_address, ip_network
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES = 32_768
HEAD_SECONDS = 10.0
BODY_BYTES = 32_000_000
BODY_SECONDS = 60.0
# Bytes of a chunked body that are no content: sizes and extensions.
FRAMING_BYTES = 65_536
CONNECTIONS_OF_ADDRESS = 200
# While an answer waits for its client, the client has to take this many bytes in this time, or the rest of them.
SEND_SECONDS = 30.0
SEND_BYTES = 65_536
# What the system takes of an answer beyond what it can send (where it can be told so).
KERNEL_BYTES = 131_072

_END = b"\r\n\r\n"

_connections: Counter[str | None] = Counter()


class LimitedProtocol(HttpToolsProtocol):
    """One connection."""

    _deadline: asyncio.TimerHandle | None = None
    _send_deadline: asyncio.TimerHandle | None = None
    _address: str | None = None
    _in_head = True
    _head = _framed = _content = 0
    # The last bytes of a head that goes on: its end may come in two packets.
    _tail = b""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        peer = transport.get_extra_info("peername")
        self._address = peer[0] if isinstance(peer, tuple) else None
        _connections[self._address] += 1
        if _connections[self._address] > CONNECTIONS_OF_ADDRESS and not self._is_proxy():
            transport.close()
            return
        self._set_options(transport)
        # Told of every byte that the system does not take at once: so no more than one piece of an answer waits here.
        # (Above 0, because asyncio's TLS would never resume at 0.)
        transport.set_write_buffer_limits(high=1, low=0)
        self._set_deadline(HEAD_SECONDS)

    def _is_proxy(self) -> bool:
        """Whether the client is a proxy that is believed: the connections of everybody come from its address."""
        if not self.config.proxy_headers or self._address is None:
            return False
        client = ip_address(self._address)
        return any(client in ip_network(proxy, strict=False) for proxy in self.config.forwarded_allow_ips)

    def _set_options(self, transport: Any) -> None:
        """Switch off Nagle's algorithm (RFC 896), which keeps the body of an answer back for 40 ms, and let the system take little.

        asyncio does the first only for sockets that were made with the number of TCP, which ``socket.create_server``
        omits. Without the second, Linux keeps up to 4 MB for a client, and tells of room when a third of it is free.
        """
        sock = transport.get_extra_info("socket")
        if sock is not None and sock.family in (socket.AF_INET, socket.AF_INET6):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if hasattr(socket, "TCP_NOTSENT_LOWAT"):
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, KERNEL_BYTES)

    def connection_lost(self, exc: Exception | None) -> None:
        self._set_deadline(None)
        self._end_send_deadline()
        _connections[self._address] -= 1
        if not _connections[self._address]:
            del _connections[self._address]
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """The client does not take what is sent as fast as it is sent."""
        super().pause_writing()
        self._expect_progress()

    def resume_writing(self) -> None:
        """The client has taken all that was sent."""
        super().resume_writing()
        self._end_send_deadline()

    def _expect_progress(self) -> None:
        self._send_deadline = self.loop.call_later(SEND_SECONDS, self._judge_client, self._unsent())

    def _judge_client(self, unsent: int) -> None:
        """End the connection of a client that reads too slowly, whatever it has not read; ``unsent`` were before."""
        if unsent - self._unsent() < SEND_BYTES:
            self._reset()
        else:
            self._expect_progress()

    def _reset(self) -> None:
        """End the connection, and let the system forget what it still keeps for it."""
        sock = self.transport.get_extra_info("socket")
        if sock is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()

    def _unsent(self) -> int:
        return self.transport.get_write_buffer_size()

    def _end_send_deadline(self) -> None:
        if self._send_deadline is not None:
            self._send_deadline.cancel()
            self._send_deadline = None

    def shutdown(self) -> None:
        """The server stops: what is being answered is finished, and a stream is told to end."""
        super().shutdown()
        cycle: Any = self.cycle  # None before the first request
        if cycle is not None and not cycle.response_complete:
            end = self.scope.get("state", {}).get("end")
            if end is not None:
                end()

    def _set_deadline(self, seconds: float | None) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = None if seconds is None else self.loop.call_later(seconds, self._too_late)

    def _too_late(self) -> None:
        if not self.transport.is_closing():
            self._refuse("408 Request Timeout")

    def _refuse(self, status: str) -> None:
        head = f"HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
        self.transport.write(head.encode("ascii"))
        self.transport.close()

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        if self._in_head:
            self._head += len(data)
            if self._deadline is None:  # the first byte of a further request on this connection
                self._set_deadline(HEAD_SECONDS)
            # Counted before the parser keeps any of it; a body in the same packet does not count.
            known = self._tail + data
            end = known.find(_END)
            self._tail = known[1 - len(_END) :]
            if self._head - (len(known) - end - len(_END) if end >= 0 else 0) > HEAD_BYTES:
                self._refuse("431 Request Header Fields Too Large")
                return
        else:
            self._framed += len(data)
        super().data_received(data)
        # What the parser took that was no content is the framing of chunks.
        if (
            not self._in_head
            and self._framed - self._content > FRAMING_BYTES
            and not self.transport.is_closing()
        ):
            self._refuse("400 Bad Request")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head = True
        self._framed = self._content = 0

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._head = self._framed = 0
        self._tail = b""
        self._set_deadline(BODY_SECONDS)
        if sum(name == b"host" for name, _ in self.headers) != 1:
            self._refuse("400 Bad Request")
            return
        length = next((value for name, value in self.headers if name == b"content-length"), b"0")
        if not length.isdigit() or int(length) > BODY_BYTES:
            self._refuse("413 Content Too Large")
            return
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._content += len(body)
        if self._content > BODY_BYTES:
            if not self.transport.is_closing():
                self._refuse("413 Content Too Large")
            return
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._set_deadline(None)
        self._in_head = True
        self._head = 0
        self._tail = b""
        if not self.transport.is_closing():
            super().on_message_complete()
