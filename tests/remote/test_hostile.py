"""What stands where a server should be: it lies, hangs, breaks off, redirects, or is not there."""

import json
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.api.site import Site
from tests.harness import Result, Shell
from tests.remote.twins import Twins

KEY = "canary-key"


def length_of(head: bytes) -> int:
    named = (line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    return next((int(line[15:]) for line in named), 0)


def request_of(client: socket.socket) -> bytes:
    """One request, whole; empty where there is none."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = client.recv(65536)
        if not piece:
            return b""
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    while len(body) < length_of(head):
        body += client.recv(65536)
    return head + b"\r\n\r\n" + body


@contextmanager
def pretender(
    answer: Callable[[socket.socket, bytes], None], wrap: ssl.SSLContext | None = None
) -> Iterator[int]:
    """Something that answers each request on a port; the requests it had end up nowhere."""
    listening = socket.create_server(("127.0.0.1", 0))

    def one() -> None:
        with listening.accept()[0] as raw:
            raw.settimeout(10)
            with raw if wrap is None else wrap.wrap_socket(raw, server_side=True) as client:
                if data := request_of(client):
                    answer(client, data)

    def serve() -> None:
        while listening.fileno() >= 0:
            with suppress(OSError):
                one()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(10)


def http(body: bytes, kind: str = "application/json", status: str = "200 OK", more: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}Connection: close\r\n\r\n"
    return head.encode() + body


def says(data: bytes) -> Callable[[socket.socket, bytes], None]:
    return lambda client, _request: client.sendall(data)


def asked(desk: Shell, port: int, *words: object, scheme: str = "http", **more: str) -> Result:
    env = {"TIX_STORE": f"{scheme}://127.0.0.1:{port}", "TIX_TOKEN": KEY, **more}
    result = desk.inside(*words, check=None, env=env)
    assert KEY not in result.out + result.err
    assert "bug in tix" not in result.err, result
    assert "\x1b" not in result.out + result.err
    return result


LIES = {
    "a page": (http(b"<html>hello</html>", "text/html"), 8),
    "no JSON": (http(b"{"), 8),
    "no UTF-8": (http(b'"\xff"'), 8),
    "another value": (http(b"17"), 8),
    "a list": (http(b"[]"), 8),
    "deep": (http(b"[" * 200_000), 8),
    "long digits": (http(b"9" * 5000), 8),
    "wrong types": (http(json.dumps({"ref": 1, "number": "x"}).encode()), 8),
    "a forbidden page": (http(b"no", "text/html", "403 Forbidden"), 8),
    "a proxy": (http(b"no", "text/html", "502 Bad Gateway"), 6),
    "a broken refusal": (http(b"{}", "application/problem+json", "404 Not Found"), 8),
    "no HTTP": (b"SSH-2.0-OpenSSH_9.2\r\n", 8),
    "nothing": (b"", 6),
    "half a head": (b"HTTP/1.1 200 OK\r\nContent-Ty", 8),
    "half a body": (http(b'{"ref": "TIX-1"}')[:-6], 6),
    "bad chunks": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\nzz\r\n", 6),
    "endless headers": (b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 5000, 8),
    "a redirect": (http(b"", status="302 Found", more="Location: http://127.0.0.1:1/\x1b[31m\r\n"), 5),
}  # fmt: skip


@pytest.mark.parametrize("lie", LIES)
@pytest.mark.parametrize(
    "words", ["show 1", "list", "reply 1 -m hello", "search x", "inbox -o table", "whoami"]
)
def test_a_lie_is_one_sentence(desk: Shell, lie: str, words: str):
    data, status = LIES[lie]
    with pretender(says(data)) as port:
        result = asked(desk, port, *words.split())
    # What breaks off is no answer of a desk, or none at all.
    if lie == "a list" and words.startswith("search"):
        status = 0  # nothing was found
    allowed = (
        {status, 6, 8} if lie in ("half a head", "half a body", "bad chunks", "endless headers") else {status}
    )
    assert result.code in allowed, result
    assert result.err.startswith("tix: ") or status == 0
    assert result.out == ""


def test_a_redirect_is_not_followed_with_the_key(desk: Shell):
    seen: list[bytes] = []
    with pretender(lambda client, request: seen.append(request)) as other:
        there = http(b"", status="307 Temporary Redirect", more=f"Location: http://127.0.0.1:{other}/\r\n")
        with pretender(says(there)) as port:
            assert asked(desk, port, "list").code == 5
    assert seen == []


def test_an_unknown_refusal_keeps_its_code_and_status(desk: Shell):
    problem = {"code": "too-new", "detail": "a \x1b[31mnew\x1b[0m rule", "hint": None, "exit": 5}
    data = http(json.dumps(problem).encode(), "application/problem+json", "409 Conflict")
    with pretender(says(data)) as port:
        assert asked(desk, port, "show", "1", "--json").error["code"] == "too-new"
        result = asked(desk, port, "show", "1")
    assert (result.code, result.err) == (5, "tix: a \\x1b[31mnew\\x1b[0m rule\n")


def test_a_silent_server_is_waited_for_no_longer(desk: Shell, monkeypatch: pytest.MonkeyPatch):
    from tix.cli.remote import connection

    monkeypatch.setattr(connection, "READ_SECONDS", 0.2)
    done = threading.Event()
    with pretender(lambda client, _request: done.wait(10) and None) as port:
        result = asked(desk, port, "list")
        done.set()
    assert result.code == 6
    assert "has not answered" in result.err


def test_a_long_answer_is_not_read(desk: Shell, monkeypatch: pytest.MonkeyPatch):
    from tix.cli.remote import connection

    monkeypatch.setattr(connection, "MOST_BYTES", 1000)
    with pretender(says(http(b'"' + b"a" * 2000 + b'"'))) as port:
        assert asked(desk, port, "show", "1").code == 8
    line = http(b'"' + b"a" * 2000 + b'"\n', "application/x-ndjson")
    with pretender(says(line)) as port:
        assert asked(desk, port, "list").code in (6, 8)


def test_nobody_there(desk: Shell):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    result = asked(desk, port, "list", "--json")
    assert (result.code, result.error["code"]) == (6, "unreachable")


@pytest.mark.needs("openssl")
def test_a_certificate_that_nobody_signed(desk: Shell, tmp_path: Path):
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        [*"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=x".split(),
         "-keyout", str(key), "-out", str(cert)],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    seen: list[bytes] = []
    with pretender(lambda _client, request: seen.append(request), context) as port:
        result = asked(desk, port, "list", scheme="https")
    assert (result.code, seen) == (5, [])
    assert result.err.startswith(f"tix: the certificate of 127.0.0.1:{port} is not valid: ")
    with socket.create_server(("127.0.0.1", 0)) as plain:  # no TLS at all

        def talk() -> None:
            with plain.accept()[0] as client:
                client.sendall(http(b"{}"))

        answer = threading.Thread(target=talk)
        answer.start()
        assert asked(desk, plain.getsockname()[1], "list", scheme="https").code == 5
        answer.join(10)


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("http://desk.example", 5),
        ("http://127.0.0.1.desk.example", 5),
        ("http://192.0.2.7:8642", 5),
        ("http://", 2),
        ("https://a:b@desk.example", 2),
        ("https://desk.example/?x=1", 2),
        ("https://desk.example:99999", 2),
        ("https://desk example", 2),
        ("HTTP://[::1", 2),
        ("ftp://desk.example", 2),
    ],
)
def test_an_address_that_gets_no_key(desk: Shell, url: str, status: int):
    for words in (["list"], ["new", "A", "-m", "b"], ["login", url, "--stdin"]):
        result = desk.inside(*words, check=None, env={"TIX_STORE": url, "TIX_TOKEN": KEY}, stdin="key\n")
        assert (result.code, result.out) == (status, ""), result
        assert not list(desk.folder.glob("*desk*"))


def test_keys_are_checked_stored_and_forgotten(site: Site, twins: Twins):
    far, url = twins.far, twins.url
    env = {"TIX_STORE": url}
    assert "tix login" in far.inside("list", check=4, env=env).err
    refused = far.inside("login", "--stdin", check=4, env=env, stdin="tix_wrong\n")
    assert "tix_wrong" not in refused.err
    far.inside("login", url, "--stdin", check=0, env=env, stdin=site.key("sam") + "\n")
    assert far.inside("whoami", check=0, env=env).rows[0] == ["login", "sam"]
    (stored,) = far.home.rglob("keys.json")
    assert stored.stat().st_mode & 0o777 == 0o600
    stored.chmod(0o640)
    assert "other people may read" in far.inside("list", check=2, env=env).err
    stored.chmod(0o600)
    assert far.inside("list", check=4, env={**env, "TIX_TOKEN": "tix_wrong"}).out == ""
    far.inside("logout", check=0, env=env)
    assert far.inside("list", check=4, env=env).out == ""
    readonly = {**env, "TIX_TOKEN": site.key("sam", "read")} if "sam-read" in site.keys else None
    assert readonly is None or far.inside("note", 1, "-m", "x", check=4, env=readonly).out == ""


def test_a_dropped_write_is_done_once(twins: Twins):
    """The answer to the first try is lost: the second has the same key, and the server does nothing more."""
    dropped: list[bytes] = []

    def relay(client: socket.socket, request: bytes) -> None:
        head, _, rest = request.partition(b"\r\n\r\n")
        with socket.create_connection(("127.0.0.1", twins.site.port)) as server:
            plain = head.replace(b"Accept-Encoding", b"Connection: close\r\nAccept-Encoding")
            server.sendall(plain + b"\r\n\r\n" + rest)
            answer = b""
            while piece := server.recv(65536):
                answer += piece
        if head.startswith(b"POST") and not dropped:
            dropped.append(answer)
            return
        client.sendall(answer)

    with pretender(relay) as port:
        env = {"TIX_STORE": f"http://127.0.0.1:{port}", "TIX_TOKEN": twins.site.key("ada")}
        assert twins.far.inside("reply", 1, "-m", "once", check=0, env=env).ref == "TIX-1"
    assert b"200 OK" in dropped[0]
    said = [one["body"] for one in twins.site.record("tickets/1")["thread"]]
    assert said.count("once") == 1
