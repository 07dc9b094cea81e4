"""kill -9 of the server while many write: what was acknowledged is there, and nothing is there twice."""

import contextlib
import http.client
import json
import os
import random
import signal
import socket
import threading
from collections import Counter
from pathlib import Path

import pytest

from tests.api.site import furnish
from tests.api.test_serve import until_it_listens
from tests.harness import Shell

WRITERS, ROUNDS = 16, 20


class Writer:
    """Creates tickets one after another; one whose answer never came is sent again with the same key."""

    def __init__(self, number: int) -> None:
        self.number, self.turn = number, 0
        self.acknowledged: dict[str, str] = {}

    @property
    def subject(self) -> str:
        return f"by {self.number} turn {self.turn}"

    def write(
        self, port: int, key: str, on_answer: "Counter[str]", enough: threading.Event, most: int
    ) -> None:
        """Write until ``most`` answers came for all writers together, or the server is gone."""
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            while not enough.is_set():
                headers = {
                    "Authorization": f"Bearer {key}",
                    "Content-Type": "application/json",
                    "Idempotency-Key": self.subject,
                }
                body = json.dumps({"subject": self.subject, "message": "Under fire."})
                client.request("POST", "/api/v1/tickets", body, headers)
                answer = client.getresponse()
                record = json.loads(answer.read())
                assert answer.status in (200, 201), record
                self.acknowledged[self.subject] = record["ref"]
                self.turn += 1
                on_answer["answers"] += 1
                if on_answer["answers"] >= most:
                    enough.set()
        except (OSError, http.client.HTTPException):
            enough.set()
        finally:
            client.close()


def processes(pid: int) -> list[int]:
    """A process and all it started."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += processes(int(child))
    return found


@pytest.mark.long
def test_every_acknowledged_write_survives_kills_of_the_server(desk: Shell):
    key = furnish(desk)["ada-write"]
    writers = [Writer(number) for number in range(WRITERS)]
    chance = random.Random(29)
    for _ in range(ROUNDS):
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            port = found.getsockname()[1]
        server = desk.start("serve", "--port", port, "--workers", chance.choice((1, 1, 2)))
        until_it_listens(server, port)
        answers: Counter[str] = Counter()
        enough = threading.Event()
        threads = [
            threading.Thread(target=writer.write, args=(port, key, answers, enough, chance.randrange(1, 60)))
            for writer in writers
        ]
        for thread in threads:
            thread.start()
        enough.wait()
        for pid in processes(server.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for thread in threads:
            thread.join()
        server.wait()
    listed = desk.tix("list", "--all", "--limit", 0, "-o", "jsonl", "-c", "ref,subject").jsonl
    there = Counter(ticket["subject"] for ticket in listed)
    assert max(there.values()) == 1
    refs = {ticket["subject"]: ticket["ref"] for ticket in listed}
    acknowledged = {subject: ref for writer in writers for subject, ref in writer.acknowledged.items()}
    assert len(acknowledged) > ROUNDS
    assert {subject: refs.get(subject) for subject in acknowledged} == acknowledged
    assert desk.tix("doctor").code == 0
