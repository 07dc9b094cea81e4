"""What the server does with bytes that no honest client sends. The limits of time are shortened, not waited for."""

import asyncio
import contextlib
import socket
import threading
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
def running(**config: Any) -> Iterator[int]:
    """A server with these settings of uvicorn, until the end of the block: its port."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    settings = {"lifespan": "off", "log_level": "critical", "proxy_headers": False} | config
    server = uvicorn.Server(uvicorn.Config(_app, http=LimitedProtocol, **settings))
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
