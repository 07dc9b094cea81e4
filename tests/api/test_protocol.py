"""What the server does with bytes that no honest client sends. The limits of time are shortened, not waited for."""

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn

from tix.api.server import protocol
from tix.api.server.protocol import LimitedProtocol

POST = b"POST / HTTP/1.1\r\nHost: x\r\n"


async def _app(scope, receive, send) -> None:
    """Read the whole body, and say how long it was."""
    if scope["type"] != "http":
        return
    length, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        length, more = length + len(message["body"]), message["more_body"]
    await send({"type": "http.response.start", "status": 200, "headers": [(b"connection", b"close")]})
    await send({"type": "http.response.body", "body": str(length).encode()})


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.5)
    monkeypatch.setattr(protocol, "BODY_SECONDS", 0.5)
    monkeypatch.setattr(protocol, "BODY_BYTES", 1_000_000)
    with running() as found:
        yield found


@contextlib.contextmanager
def running(app: Any = _app, **config: Any) -> Iterator[int]:
    """A server with these settings of uvicorn, until the end of the block: its port."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    settings = {"lifespan": "off", "log_level": "critical", "proxy_headers": False} | config
    server = uvicorn.Server(uvicorn.Config(app, http=LimitedProtocol, **settings))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])))
    thread.start()
    yield listening.getsockname()[1]
    server.should_exit = True
    thread.join()
    listening.close()


def answer(port: int, *parts: bytes) -> str:
    """The first line of the answer; ``closed`` where there is none."""
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.settimeout(20)
        got = b""
        with contextlib.suppress(ConnectionError):
            for part in parts:
                client.sendall(part)
            while chunk := client.recv(1000):
                got += chunk
        return got.split(b"\r\n")[0].decode() or "closed"


def test_an_honest_request_is_answered(port: int):
    assert answer(port, POST, b"Content-Length: 3\r\n\r\n", b"abc") == "HTTP/1.1 200 OK"
    assert answer(port, POST, b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n") == "HTTP/1.1 200 OK"


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nHost: x\r\nX-A: "])
def test_a_head_that_does_not_end_is_ended(port: int, sent: bytes):
    assert answer(port, sent) == "HTTP/1.1 408 Request Timeout"


def test_a_body_that_does_not_end_is_ended(port: int):
    assert answer(port, POST, b"Content-Length: 100\r\n\r\nabc") == "HTTP/1.1 408 Request Timeout"


@pytest.mark.parametrize("cut", range(5))
def test_the_end_of_a_head_comes_in_two_packets(port: int, cut: int):
    """The body after it is no part of it."""
    head = POST + b"Content-Length: 60000\r\n\r\n"
    early, late = head[: len(head) - cut], head[len(head) - cut :]
    assert answer(port, early, late + b"x" * 60_000) == "HTTP/1.1 200 OK"


@pytest.mark.parametrize(
    "head",
    [
        b"X-Big: " + b"a" * 200_000 + b"\r\n",
        b"".join(b"X-%d: a\r\n" % number for number in range(20_000)),
    ],
    ids=["one header", "many headers"],
)
def test_a_large_head_is_refused(port: int, head: bytes):
    assert answer(port, POST, head, b"\r\n") in ("HTTP/1.1 431 Request Header Fields Too Large", "closed")


@pytest.mark.parametrize(
    "parts",
    [
        (b"Content-Length: 2000000\r\n\r\n",),
        (b"Transfer-Encoding: chunked\r\n\r\n", *(b"40000\r\n" + b"a" * 0x40000 + b"\r\n",) * 8),
    ],
    ids=["announced", "in chunks"],
)
def test_a_large_body_is_refused(port: int, parts: tuple[bytes, ...]):
    assert answer(port, POST, *parts) in ("HTTP/1.1 413 Content Too Large", "closed")


@pytest.mark.parametrize(
    "request_",
    [
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        POST + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\n1;" + b"x" * 200_000 + b"\r\n",
        b"GET / HTTP/1.1\nHost: x\nX: a\n\n",
    ],
    ids=["two hosts", "no host", "two lengths", "length and chunks", "chunk extension", "bare line feeds"],
)
def test_an_ambiguous_request_is_refused(port: int, request_: bytes):
    assert answer(port, request_) in ("HTTP/1.1 400 Bad Request", "closed")


def test_an_address_has_so_many_connections(port: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(protocol, "CONNECTIONS_OF_ADDRESS", 2)
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 30)
    with contextlib.ExitStack() as held:
        for _ in range(2):
            held.enter_context(socket.create_connection(("127.0.0.1", port)))
        assert answer(port, POST, b"Content-Length: 0\r\n\r\n") == "closed"
    for _ in range(100):  # until the server has seen them leave
        if answer(port, POST, b"Content-Length: 0\r\n\r\n") != "closed":
            return
    pytest.fail("a connection that was closed still counts")


def test_a_proxy_that_is_believed_has_as_many_as_it_needs(monkeypatch: pytest.MonkeyPatch):
    """Everybody's connections come from its address."""
    monkeypatch.setattr(protocol, "CONNECTIONS_OF_ADDRESS", 1)
    with (
        running(proxy_headers=True, forwarded_allow_ips=["127.0.0.0/30"]) as port,
        socket.create_connection(("127.0.0.1", port)),
    ):
        assert answer(port, POST, b"Content-Length: 0\r\n\r\n") != "closed"


# More than the system keeps for a client that does not read.
LARGE = 30_000_000
GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


def _large(piece: int, most_unsent: list[int] | None = None) -> Any:
    """An application that answers LARGE bytes in pieces; it notes how many waited in memory after each."""

    async def app(scope, _receive, send) -> None:
        length = str(LARGE).encode()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", length)]})
        transport = send.__self__.transport
        for _ in range(LARGE // piece):
            await send({"type": "http.response.body", "body": bytes(piece), "more_body": True})
            if most_unsent is not None:
                most_unsent.append(transport.get_write_buffer_size())
        await send({"type": "http.response.body", "body": b""})

    return app


def slow_reader(port: int) -> socket.socket:
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 20_000)
    client.settimeout(20)
    client.connect(("127.0.0.1", port))
    client.sendall(GET)
    return client


def all_of(client: socket.socket) -> int:
    got = 0
    while chunk := client.recv(1_000_000):
        got += len(chunk)
    return got


def expect_no_connection() -> None:
    """Until the server has none."""
    for _ in range(2000):
        if not protocol._connections:
            return
        time.sleep(0.01)
    pytest.fail("the connection is still open")


@pytest.mark.parametrize("piece", [60_000, LARGE], ids=["in pieces", "at once, and kept alive"])
def test_a_client_that_does_not_read_is_left(monkeypatch: pytest.MonkeyPatch, piece: int):
    monkeypatch.setattr(protocol, "SEND_SECONDS", 0.2)
    with running(_large(piece)) as port, slow_reader(port) as client:
        assert client.recv(12) == b"HTTP/1.1 200"
        expect_no_connection()
        with pytest.raises(ConnectionError):
            all_of(client)


def test_a_client_that_reads_slower_than_the_least_rate_is_left(monkeypatch: pytest.MonkeyPatch):
    """It does read: a byte now and then, for ever."""
    monkeypatch.setattr(protocol, "SEND_SECONDS", 0.2)
    with running(_large(60_000)) as port, slow_reader(port) as client, contextlib.suppress(ConnectionError):
        for _ in range(2000):
            client.recv(100)
            if not protocol._connections:
                return
            time.sleep(0.01)
        pytest.fail("the connection is still open")


def test_a_client_that_is_slow_but_reads_gets_all_of_it(monkeypatch: pytest.MonkeyPatch):
    """However large the pieces are; and of them no more than one waits in the memory of the server."""
    monkeypatch.setattr(protocol, "SEND_SECONDS", 0.5)
    monkeypatch.setattr(protocol, "SEND_BYTES", 1)
    unsent: list[int] = []
    for app in (_large(LARGE), _large(60_000, unsent)):
        with running(app) as port, slow_reader(port) as client:
            got = reads = 0
            while got < LARGE:
                chunk = client.recv(200_000)
                assert chunk, "the connection was ended"
                got, reads = got + len(chunk), reads + 1
                if reads < 80:
                    time.sleep(0.01)
    assert 0 < max(unsent) <= 60_000
