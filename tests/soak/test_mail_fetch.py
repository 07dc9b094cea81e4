"""A thousand messages fetched while the fetching process is killed again and again: each exactly once.

With `-s`, or in the report's properties, it also says how fast and how large an undisturbed run is.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.mail.dovecot import Dovecot, running
from tests.mail.small_desk import SmallDesk

pytestmark = pytest.mark.skipif(not os.environ.get("TIX_SOAK"), reason="takes long; make soak runs it")
ROOT = Path(__file__).parents[2]
MAILS, KILLS = 1_000, 30


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with running() as one:
        yield one


def messages() -> list[bytes]:
    """Each different, most of them small and some large, as in life."""
    chance = random.Random(1)
    sizes = [chance.choice((500, 2_000, 5_000, 20_000, 200_000)) for _ in range(MAILS)]
    return [
        b"Message-ID: <%d@x>\nSubject: Mail %d\n\n" % (n, n)
        + chance.randbytes(size // 2).hex().encode()
        + b"\n"
        for n, size in enumerate(sizes)
    ]


def start(store: Path, port: int, user: str, mode: str, crash: str | None = None) -> subprocess.Popen[str]:
    """A process that fetches once, or until it gets to the point `crash`."""
    env = os.environ | ({"CRASH": crash} if crash else {})
    words = [sys.executable, "-m", "tests.mail.small_desk", str(store), str(port), user, mode]
    return subprocess.Popen(
        words, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def whole(store: Path, port: int, user: str, mode: str) -> dict[str, float]:
    """An undisturbed run to its end, and what it says of itself."""
    process = start(store, port, user, mode)
    out, err = process.communicate()
    assert process.returncode == 0, err
    return json.loads(out)


@pytest.fixture(params=["moved", "flagged", "maildir"])
def mode(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def mailbox(server: Dovecot, mode: str, tmp_path: Path) -> str:
    """A mailbox with all the messages: a user's name, or a maildir's folder."""
    if mode != "maildir":
        user = server.fresh()
        server.deliver(user, messages())
        return user
    for name in ("tmp", "new", "cur"):
        (tmp_path / "Maildir" / name).mkdir(parents=True)
    for number, message in enumerate(messages()):
        (tmp_path / "Maildir" / "new" / f"{number}.host").write_bytes(message)
    return str(tmp_path / "Maildir")


def left_and_done(server: Dovecot, mailbox: str, mode: str) -> tuple[int, int]:
    """How many messages are still to be fetched, and how many are marked as done."""
    if mode == "maildir":
        box = Path(mailbox)
        return len([*box.glob("new/*"), *box.glob("cur/*")]), len(list(box.glob(".Done/cur/*")))
    files = server.files(mailbox)
    if mode == "moved":
        return len(files), len(server.files(mailbox, "Done"))
    marked = sum("S" in path.name.partition(":2,")[2] for path in files)
    return len(files) - marked, marked


def test_killed_at_any_instant_each_message_is_stored_once(
    server: Dovecot, mailbox: str, mode: str, tmp_path: Path, record_property: Callable[[str, object], None]
):
    """Also marked once: at the end nothing is left in the mailbox, and nothing was deleted."""
    store = tmp_path / "desk.db"
    seed = random.SystemRandom().randrange(2**32)
    record_property("seed", seed)
    chance = random.Random(seed)
    stored = []
    desk = SmallDesk(store)
    while len(stored) < KILLS:
        before = desk.counts()[0]
        process = start(store, server.port, mailbox, mode)
        # A random number of messages later, and then somewhere within a transaction, an answer or a mark.
        enough = before + chance.randint(1, 2 * MAILS // KILLS - 10)
        while desk.counts()[0] < enough and process.poll() is None:
            time.sleep(0.001)
        time.sleep(chance.uniform(0, 0.01))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        stored.append(desk.counts()[0])
        if stored[-1] == MAILS:
            break
    record_property("kills", len(stored))
    record_property("stored at each kill", stored)
    last = whole(store, server.port, mailbox, mode)
    assert not last["partial"]
    assert desk.counts() == (MAILS, MAILS)
    assert left_and_done(server, mailbox, mode) == (0, MAILS)
    assert whole(store, server.port, mailbox, mode)["taken"] == 0
    desk.store.close()
    assert len(stored) >= KILLS, f"all was stored after {len(stored)} kills"


@pytest.mark.parametrize("point", ["fetched", "written", "committed", "marking", "marked"])
def test_dead_at_a_certain_point_each_message_is_stored_once(
    server: Dovecot, mailbox: str, mode: str, point: str, tmp_path: Path
):
    """The instants between which everything is decided, some of each."""
    store = tmp_path / "desk.db"
    desk = SmallDesk(store)
    marks = point in ("marking", "marked")
    deaths = 0
    for times in (1, 1, 2, 3) if marks else (1, 1, 2, 7, 49, 50, 51, 99):
        process = start(store, server.port, mailbox, mode, f"{point}:{times}")
        process.communicate()
        deaths += process.returncode == 99
    assert deaths >= 4
    assert not whole(store, server.port, mailbox, mode)["partial"]
    assert desk.counts() == (MAILS, MAILS)
    assert left_and_done(server, mailbox, mode) == (0, MAILS)
    desk.store.close()


def test_a_thousand_messages_take_little_memory(
    server: Dovecot, mailbox: str, mode: str, tmp_path: Path, record_property: Callable[[str, object], None]
):
    """Whatever is fetched, no more than one message is held; the figures are in the report."""
    figures = whole(tmp_path / "desk.db", server.port, mailbox, mode)
    for name, value in figures.items():
        record_property(name, value)
    assert figures["taken"] == figures["marked"] == MAILS
    assert figures["kilobytes"] - figures["kilobytes before"] < 20_000
