"""A disk that fills up under the server: refusals with words, nothing half-written, and reads that go on."""

import contextlib
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.api.site import furnish
from tests.api.test_kills import Writer
from tests.api.test_serve import until_it_listens
from tests.harness import Shell
from tests.web.browser import Browser, File

pytestmark = pytest.mark.long

MOST_BYTES = 12_000_000
BOUNDARY = "8a1f"
PASSWORD = "correct horse battery"


class Disk:
    """A small file system for the store and for temporary files."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.ballast = folder, folder / "ballast"

    def fill(self, room: int = 0) -> None:
        """Fill it up, but for so many bytes."""
        with self.ballast.open("ab", buffering=0) as file, contextlib.suppress(OSError):
            while file.write(bytes(65_536)):
                pass
        os.truncate(self.ballast, self.ballast.stat().st_size - room)

    def free(self) -> None:
        self.ballast.unlink(missing_ok=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={MOST_BYTES}", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a file system")
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


class Served:
    """A desk on that disk, with a server."""

    def __init__(self, disk: Disk, shell: Shell) -> None:
        self.disk, self.shell = disk, shell
        self.key = furnish(shell)["lan-write"]
        (shell.folder / "large.bin").write_bytes(bytes(2_000_000))
        (shell.folder / "small.txt").write_bytes(b"small")
        for name in ("large.bin", "small.txt"):
            shell.tix("attach", "add", 1, name, as_="lan")
        shell.tix("user", "password", "lan", "--stdin", stdin=PASSWORD)
        for name in ("large.bin", "small.txt"):
            (shell.folder / name).unlink()
        self.files = {one["name"]: one["id"] for one in shell.tix("attach", "list", 1, "--json").json}
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port = found.getsockname()[1]
        self.log = shell.home.parent.parent / "log"
        with self.log.open("wb") as log:
            self.server = shell.start(
                "serve", "--port", self.port, env={"TMPDIR": str(disk.folder)}, stderr=log, stdout=log
            )
        until_it_listens(self.server, self.port)
        # Python looks once where temporary files can be written.
        assert self.ask("GET", f"tickets/1/attachments/{self.files['large.bin']}")[0] == 200

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, Any]:
        given = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        data = body if body is None or isinstance(body, bytes) else json.dumps(body)
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        with contextlib.closing(client):
            client.request(method, path if path.startswith("/") else f"/api/v1/{path}", data, given)
            answer = client.getresponse()
            text = answer.read()
        is_json = answer.headers.get("content-type", "").endswith("json")
        return answer.status, json.loads(text) if is_json else text

    def refused(self, method: str, path: str, body: object = None, **headers: str) -> None:
        status, problem = self.ask(method, path, body, **headers)
        assert (status, problem["code"], problem["exit"]) == (507, "storage", 7), problem
        assert "desk.db" not in json.dumps(problem)

    def upload(self, size: int) -> tuple[str, bytes]:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="f"; filename="a.bin"\r\n\r\n'
        return f"multipart/form-data; boundary={BOUNDARY}", (
            head.encode() + bytes(size) + f"\r\n--{BOUNDARY}--\r\n".encode()
        )

    def state(self) -> Any:
        return [self.ask("GET", path) for path in ("tickets/1", "tickets?all=true", "notifications?all=true")]


@pytest.fixture
def served(disk: Disk) -> Iterator[Served]:
    shell = Shell(disk.folder)
    made = Served(disk, shell)
    yield made
    disk.free()
    made.server.send_signal(signal.SIGTERM)
    assert made.server.wait(60) == 0
    shell.close()
    text = made.log.read_text()
    assert "Traceback" not in text, text
    assert not [line for line in text.splitlines() if '"status":500' in line]


def test_a_full_disk_refuses_writes_and_answers_reads(served: Served):
    before = served.state()
    kind, file = served.upload(2_000_000)
    for room in (0, 4096, 20_000, 60_000):
        served.disk.free()
        served.disk.fill(room)
        served.refused("POST", "tickets", {"subject": "S", "message": "m" * 100_000})
        served.refused("POST", "tickets/1/replies", {"message": "m" * 100_000}, Idempotency_Key="k")
        many = {"verb": "replies", "tickets": [1], "body": {"message": "m" * 100_000}}
        served.refused("POST", "tickets/bulk", many | {"atomic": True})
        served.refused("POST", "tickets/bulk", many)
        served.refused("POST", "tickets/1/attachments", file, Content_Type=kind)
        served.refused("GET", f"tickets/1/attachments/{served.files['large.bin']}")
        assert served.ask("GET", f"tickets/1/attachments/{served.files['small.txt']}") == (200, b"small")
        assert served.state() == before
        for path in ("search?q=sound", "whoami", "tickets/count", "/healthz", "/readyz", "/sign-in"):
            assert served.ask("GET", path)[0] == 200, path
    served.disk.free()
    assert served.state() == before
    assert served.ask("POST", "tickets", {"subject": "S", "message": "m" * 100_000})[0] == 201
    assert served.ask("POST", "tickets/1/replies", {"message": "m"}, Idempotency_Key="k")[0] == 201
    assert served.ask("POST", "tickets/1/attachments", file, Content_Type=kind)[0] == 201
    assert served.ask("GET", f"tickets/1/attachments/{served.files['large.bin']}")[0] == 200
    assert served.shell.tix("doctor").code == 0
    assert "desk.db is full; nothing was written" in served.log.read_text()


def test_it_fills_up_in_the_middle_of_an_upload(served: Served):
    before = served.state()
    kind, file = served.upload(3_000_000)
    head = (
        f"POST /api/v1/tickets/1/attachments HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(file)}\r\n"
        f"Authorization: Bearer {served.key}\r\nContent-Type: {kind}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", served.port), timeout=60) as client:
        client.sendall(head.encode() + file[:1_500_000])
        time.sleep(0.3)  # most of it has been received
        served.disk.fill()
        with contextlib.suppress(ConnectionError):
            client.sendall(file[1_500_000:])
        answer = client.recv(12)
    assert answer == b"HTTP/1.1 507"
    assert served.state() == before
    served.disk.free()
    assert served.ask("POST", "tickets/1/attachments", file, Content_Type=kind)[0] == 201


def test_it_fills_up_under_a_file_that_is_sent(served: Served):
    """Its copy is on the disk before the first byte is sent."""
    path = f"/api/v1/tickets/1/attachments/{served.files['large.bin']}"
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.settimeout(60)
        client.connect(("127.0.0.1", served.port))
        head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {served.key}\r\n\r\n"
        client.sendall(head.encode())
        got = client.recv(1000)
        served.disk.fill()
        while chunk := client.recv(100_000):
            got += chunk
    head, _, body = got.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    assert body == bytes(2_000_000)


def test_what_was_acknowledged_while_it_filled_up_is_there_once(served: Served):
    writers = [Writer(number) for number in range(4)]
    chance = random.Random(7)
    refused: Counter[int] = Counter()
    for _ in range(6):
        enough = threading.Event()

        def write(writer: Writer, enough: threading.Event = enough) -> None:
            while not enough.is_set():
                body = {"subject": writer.subject, "message": "Under fire. " * 500}
                status, record = served.ask("POST", "tickets", body, Idempotency_Key=writer.subject)
                if status in (200, 201):
                    writer.acknowledged[writer.subject] = record["ref"]
                    writer.turn += 1
                else:
                    refused[status] += 1

        threads = [threading.Thread(target=write, args=(writer,)) for writer in writers]
        for thread in threads:
            thread.start()
        time.sleep(chance.uniform(0.1, 0.5))
        served.disk.fill()
        for _ in range(1000):
            if sum(refused.values()):
                break
            time.sleep(0.01)
        assert served.ask("GET", "tickets/1")[0] == 200
        served.disk.free()
        time.sleep(0.2)
        enough.set()
        for thread in threads:
            thread.join()
    assert set(refused) == {507}
    listed = served.shell.tix("list", "--all", "--limit", 0, "-o", "jsonl", "-c", "ref,subject").jsonl
    there = {ticket["subject"]: ticket["ref"] for ticket in listed}
    assert len(there) == len(listed)
    acknowledged = {subject: ref for writer in writers for subject, ref in writer.acknowledged.items()}
    assert len(acknowledged) > 20
    assert {subject: there.get(subject) for subject in acknowledged} == acknowledged
    # One that was refused at the very last may have been written: it is sent again with the same key, and is there once.
    assert len(there) <= len(acknowledged) + 1 + len(writers)
    assert served.shell.tix("doctor").code == 0


def test_the_web_page_says_so_and_goes_on(served: Served):
    """A file is as large as the memory for it and more; an answer that is not saved stays on the page."""
    lan = Browser(served.port)
    lan.get("/sign-in")
    lan.submit("/sign-in", name="lan", password=PASSWORD)
    ticket = lan.get("/tickets/1")
    said = "The desk cannot save anything at the moment."
    for room in (0, 100_000, 2_950_000):
        served.disk.fill(room)
        lan.get("/tickets/1")
        sent = lan.submit("/replies", message="See.", files={"files": [File("a.bin", bytes(3_000_000))]})
        assert (sent.status, said in sent.text) == (507, True), (room, sent.text)
        if room < 100_000:
            lan.get("/tickets/1")
            sent = lan.submit("/replies", message="canary " * 20_000)
            assert (sent.status, said in sent.text) == (507, True), sent.text[:900]
            assert "canary" in sent.form("/replies").values["message"]
            stranger = Browser(served.port)
            stranger.get("/sign-in")
            assert stranger.submit("/sign-in", name="lan", password=PASSWORD).status == 507
        assert lan.get("/tickets/1").text == ticket.text
        served.disk.free()
    lan.get("/tickets/1")
    sent = lan.submit("/replies", message="See.", files={"files": [File("a.bin", bytes(3_000_000))]})
    assert (sent.status, "a.bin" in sent.text) == (200, True)
