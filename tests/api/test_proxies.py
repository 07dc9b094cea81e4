"""The examples of docs/server with the real nginx and Caddy in front of a server, on other ports and over plain HTTP."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from tests.api.site import furnish
from tests.api.test_serve import process
from tests.harness import Shell

EXAMPLES = Path(__file__).parents[2] / "docs" / "server"
NGINX = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; events {{}}
http {{ access_log off;
{paths}
{site}
}}
"""
_PATHS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def nginx(folder: Path, port: int, upstream: int) -> list[str]:
    """The command that serves the example of nginx, without its certificate."""
    site = (EXAMPLES / "nginx.conf").read_text()
    lines = [line for line in site.splitlines() if "ssl_certificate" not in line]
    site = "\n".join(lines).replace("443 ssl", f"127.0.0.1:{port}").replace(":8642", f":{upstream}")
    paths = "\n".join(f"{name}_temp_path {folder}/{name};" for name in _PATHS)
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, paths=paths, site=site))
    return ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]


def caddy(folder: Path, port: int, upstream: int) -> list[str]:
    """The command that serves the example of Caddy, without its certificate."""
    site = (EXAMPLES / "Caddyfile").read_text()
    site = site.replace("\ndesk.example {", f"\nhttp://desk.example:{port} {{").replace(
        ":8642", f":{upstream}"
    )
    (folder / "Caddyfile").write_text("{\n\tadmin off\n}\n" + site)
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]


@pytest.mark.parametrize("proxy", [nginx, caddy], ids=lambda proxy: proxy.__name__)
def test_a_request_through_a_proxy_is_answered_and_says_whose_it_is(desk: Shell, tmp_path: Path, proxy):
    if shutil.which(proxy.__name__) is None:
        pytest.skip(f"{proxy.__name__} is not installed")
    key = furnish(desk)["ada-write"]
    with process(desk, "--allow-host", "desk.example", "--proxy-headers", "127.0.0.1") as (upstream, log):
        port = free_port()
        env = os.environ | {
            "HOME": str(tmp_path),
            "XDG_DATA_HOME": str(tmp_path),
            "XDG_CONFIG_HOME": str(tmp_path),
        }
        with (tmp_path / "front.log").open("wb") as written:
            front = subprocess.Popen(proxy(tmp_path, port, upstream), env=env, stderr=written)
        try:
            statuses = [ask(port, key, front)]
            # A client cannot give itself another address.
            statuses.append(ask(port, key, front, {"X-Forwarded-For": "203.0.113.9"}))
            statuses.append(ask(port, key, front, host="other.example"))
        finally:
            front.send_signal(signal.SIGTERM)
            front.wait(60)
    assert statuses[:2] == [200, 200]
    # nginx has one site here and passes its Host on, which tix does not know; Caddy answers by itself.
    assert statuses[2] in (200, 421)
    told = [json.loads(line) for line in log.read_text().splitlines() if "whoami" in line]
    assert {line["address"] for line in told} == {"127.0.0.1"}


def ask(
    port: int,
    key: str,
    front: "subprocess.Popen[bytes]",
    more: dict[str, str] | None = None,
    host: str = "desk.example",
) -> int:
    """The status of an answer through the proxy; waits until it listens and its server answers."""
    headers = {"Authorization": f"Bearer {key}", "Host": host} | (more or {})
    while True:
        assert front.poll() is None, "the proxy has ended"
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            client.request("GET", "/api/v1/whoami", headers=headers)
            status = client.getresponse().status
        except ConnectionRefusedError:
            status = 0
        finally:
            client.close()
        if status not in (0, 502):
            return status
        time.sleep(0.05)
