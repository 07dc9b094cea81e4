"""``tix serve`` as people start it: several processes, TLS, a proxy, and what it does by itself."""

import asyncio
import http.client
import json
import signal
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.api.site import furnish
from tests.harness import PATIENCE_SECONDS, Shell
from tix.api.server.ticker import Ticker
from tix.errors import StoreBusy
from tix.store.long_lived import LongLivedStore


@contextmanager
def process(desk: Shell, *options: str, **env: str) -> Iterator[tuple[int, Path]]:
    """A server of its own process, until SIGTERM: its port and its log."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    log = desk.folder / "server.log"
    with log.open("wb") as written:
        server = desk.start("serve", "--port", port, *options, env=env, stderr=written)
    until_it_listens(server, port)
    yield port, log
    server.send_signal(signal.SIGTERM)
    assert server.wait(PATIENCE_SECONDS) == 0, log.read_text()


def until_it_listens(server: "subprocess.Popen[bytes]", port: int) -> None:
    """Return once a process accepts connections; fail where it has ended."""
    while server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except ConnectionRefusedError:
            time.sleep(0.02)
    pytest.fail(f"the server has ended with {server.returncode}")


def asked(
    client: http.client.HTTPConnection, method: str, path: str, key: str, body: object = None, **more: str
):
    """The status and the JSON of an answer."""
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json", **more}
    client.request(method, path, None if body is None else json.dumps(body), headers)
    answer = client.getresponse()
    return answer.status, json.loads(answer.read())


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    made = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    subprocess.run(
        ["openssl", *made.split(), *names, "-keyout", key, "-out", cert], check=True, capture_output=True
    )
    return cert, key


def test_two_processes_take_writes_over_tls_and_lose_none(desk: Shell, certificate):
    key = furnish(desk)["ada-write"]
    cert, private = certificate
    context = ssl.create_default_context(cafile=str(cert))
    options = ("--workers", "2", "--tls-cert", str(cert), "--tls-key", str(private), "--root-path", "/desk/")
    statuses: list[int] = []

    def write(port: int, who: int) -> None:
        client = http.client.HTTPSConnection("127.0.0.1", port, timeout=60, context=context)
        for turn in range(5):
            status, _ = asked(
                client, "POST", "/api/v1/tickets/1/notes", key, {"message": f"note {who} {turn}"}
            )
            statuses.append(status)
        client.close()

    with process(desk, *options) as (port, log):
        client = http.client.HTTPSConnection("127.0.0.1", port, timeout=60, context=context)
        status, description = asked(client, "GET", "/openapi.json", key)
        assert (status, description["servers"]) == (200, [{"url": "/desk"}])
        client.close()
        threads = [threading.Thread(target=write, args=(port, who)) for who in range(6)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    assert statuses == [201] * 30, log.read_text()
    thread = desk.tix("show", 1, "--json").json["thread"]
    assert sum(item.get("body", "").startswith("note ") for item in thread) == 30


@pytest.mark.parametrize(("proxy", "address"), [("127.0.0.0/8", "203.0.113.9"), ("192.0.2.1", "127.0.0.1")])
def test_only_a_proxy_that_is_named_says_who_asks(desk: Shell, proxy, address):
    key = furnish(desk)["ada-write"]
    with process(desk, "--proxy-headers", proxy) as (port, log):
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        assert asked(client, "GET", "/api/v1/whoami", key, **{"X-Forwarded-For": "203.0.113.9"})[0] == 200
        client.close()
    (line,) = (line for line in log.read_text().splitlines() if "whoami" in line)
    assert json.loads(line)["address"] == address


def test_the_server_does_by_itself_what_cron_would_do(desk: Shell):
    key = furnish(desk)["ada-write"]
    desk.now = "2026-06-01T10:00:00Z"
    desk.tix("snooze", 1, "--until", "2026-06-02")
    with process(desk, "--with-tick", "--workers", "2", TIX_NOW="2026-06-03T10:00:00Z") as (port, log):
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for _ in range(10_000):
            assert asked(client, "GET", "/api/v1/whoami", key)[0] == 200
            if '{"tick"' in log.read_text():
                break
        _, events = asked(client, "GET", "/api/v1/tickets/1/events", key)
        client.close()
    ticks = [json.loads(line)["tick"] for line in log.read_text().splitlines() if line.startswith('{"tick"')]
    assert ticks == [{"woken": 1}]
    assert "woken" in [event["event"]["type"] for event in events]


def test_a_tick_that_fails_is_told_and_the_next_one_is_made(desk: Shell):
    """The person it ticks for is gone: a line in the log for each run, and the server goes on."""
    desk.tix("init")
    lines: list[str] = []

    async def two_runs() -> None:
        loop, ran_twice = asyncio.get_running_loop(), asyncio.Event()

        def log(line: str) -> None:
            lines.append(line)
            if len(lines) == 2:
                loop.call_soon_threadsafe(ran_twice.set)

        ticker = Ticker(desk.store, "nobody", lambda: 0, None, log, seconds=0)
        ticker.start()
        await ran_twice.wait()
        ticker.stop()

    asyncio.run(two_runs())
    assert json.loads(lines[1])["tick"]["error"] == "not-allowed"


@pytest.mark.parametrize(
    ("options", "exit_status", "words"),
    [
        (("--tls-cert", "a.pem"), 2, "--tls-cert and --tls-key go together"),
        (("--tls-key", "a.pem"), 2, "--tls-cert and --tls-key go together"),
        (("--tls-cert", "no.pem", "--tls-key", "no.pem"), 5, "cannot be used: No such file or directory"),
        (("--tls-cert", "x.pem", "--tls-key", "x.pem"), 5, "they are not PEM, or do not belong together"),
        (("--proxy-headers", "*"), 2, "'*' is not an address or a network"),
        (("--proxy-headers", "proxy.example"), 2, "is not an address or a network"),
        (("--root-path", "a b"), 2, "'a b' is not a path"),
        (("--root-path", "/a/../b"), 2, "is not a path"),
        (("--workers", "0"), 2, "--workers"),
        (("--workers", "65"), 2, "--workers"),
    ],
)
def test_what_cannot_be_served_is_refused_before_anything_listens(desk: Shell, options, exit_status, words):
    desk.tix("init")
    (desk.folder / "x.pem").write_text("no certificate")
    assert words in desk.tix("serve", *options, check=exit_status).err


def test_a_writer_waits_for_its_turn_and_not_for_ever(desk: Shell, monkeypatch: pytest.MonkeyPatch):
    import fcntl

    desk.tix("init")
    monkeypatch.setattr("tix.store.long_lived.BUSY_SECONDS", 0)
    store = LongLivedStore(desk.store, queued=True)
    assert store.do(lambda found: found.execute("SELECT 1").fetchone()) == (1,)
    with open(f"{desk.store}.writers", "rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(StoreBusy):
            store.do(lambda found: None)
    store.do(lambda found: None)
    store.close()
