"""What was acknowledged is there, what was not is not, whatever happens meanwhile."""

import random
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness import Shell
from tests.soak.injections import CALLS, FAULTS, sweep, traced, why_not
from tests.soak.kills import WRITES, Write, kill, trial
from tests.soak.states import contents, furnished, is_whole, reset

pytestmark = [pytest.mark.real, pytest.mark.long]

WITH_STRACE = pytest.mark.skipif(why_not() is not None, reason=str(why_not()))
BY_NAME = {write.name: write for write in WRITES}


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """A furnished desk, whose store the trials put back before each run."""
    desk = furnished(tmp_path_factory.mktemp("durability"))
    yield desk
    desk.close()


@pytest.mark.parametrize("write", WRITES, ids=lambda write: write.name)
def test_a_killed_write_is_there_whole_or_not_at_all(works: Shell, write: Write) -> None:
    """SIGKILL at random instants: the store is whole, the acknowledged is there once, the next command works."""
    one = trial(works, write)
    chance = random.Random(f"durability {write.name}")
    for _ in range(2):
        kill(one, chance)


@pytest.mark.parametrize(("how", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_terminated_write_is_there_whole_or_not_at_all(
    works: Shell, how: signal.Signals, code: int
) -> None:
    """The same for signals a program may answer; a shell sees 130 or 143, or success where it was done."""
    one = trial(works, BY_NAME["reply-attach"])
    chance = random.Random(f"durability {how}")
    for _ in range(6):
        verdict = kill(one, chance, how)
        assert verdict.code in {0, code, -how} or (how == signal.SIGINT and not verdict.done)


@WITH_STRACE
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("name", ["reply", "new"])
def test_a_fault_of_the_disk_leaves_all_or_nothing(works: Shell, name: str, call: str, fault: str) -> None:
    """Disk full, I/O error or death at the n-th call on the store: exit 7, and nothing is half-done."""
    one = trial(works, BY_NAME[name])
    found = list(sweep(one, call, fault, step=7 if call == "pwrite64" else 1))
    if not found:
        pytest.skip(f"{name} makes no {call} on the store")
    for each in found:
        assert each.verdict.acknowledged is (each.verdict.code == 0), each


@WITH_STRACE
@pytest.mark.parametrize("name", ["reply", "new", "first-new", "close", "delete"])
def test_nothing_is_acknowledged_before_it_is_synced(works: Shell, name: str) -> None:
    """No file of the store is written after its last sync, and all that comes before the first word."""
    one = trial(works, BY_NAME[name])
    reset(works, one.base)
    log = works.folder / "strace.log"
    calls = "trace=write,pwrite64,fsync,fdatasync,unlink,rename,renameat,renameat2"
    result = traced(works, one.argv, log, ["-y", "-s", "200", "-e", calls], one.write.as_)
    assert result.code == 0
    lines = [line for line in log.read_text(errors="replace").splitlines() if "resumed" not in line]
    word = next(at for at, line in enumerate(lines) if re.search(r'write\(1<.*"TIX-', line))
    written: set[str] = set()
    for line in lines[:word]:
        if wrote := re.search(r"pwrite64\(\d+<([^>]*)>", line):
            written.add(wrote[1])
        elif synced := re.search(r"f(?:data)?sync\(\d+<([^>]*)>\)\s+= 0", line):
            written.discard(synced[1].removesuffix("(deleted)"))
        elif gone := re.search(r'unlink\("([^"]*)"\)\s+= 0', line):
            written.discard(gone[1])
        elif moved := re.search(r'rename\("([^"]*)", "([^"]*)"\)\s+= 0', line):
            assert moved[1] not in written, "renamed before it was synced"
    assert written == set()
    ours = [line for line in lines[word:] if "desk.db" in line]
    assert [line for line in ours if "pwrite64" in line or "unlink" in line] == []
    folder = re.escape(str(works.folder))
    assert re.search(rf"f(?:data)?sync\(\d+<{folder}>\)\s+= 0", lines[_last_sync(lines[:word])])


def _last_sync(lines: list[str]) -> int:
    return max(at for at, line in enumerate(lines) if "sync(" in line)


def test_a_journal_is_rolled_back_by_a_read(works: Shell) -> None:
    """A write killed in the middle of changing the file is taken back by whoever comes next, a reader too."""
    one = trial(works, BY_NAME["reply-attach"])
    chance = random.Random("journal")
    for _ in range(200):
        reset(works, one.base)
        process = works.start(*one.argv, as_="ann")
        while process.poll() is None and not Path(f"{works.store}-journal").exists():
            pass
        process.kill()
        process.communicate()
        if Path(f"{works.store}-journal").exists():
            break
        chance.random()
    else:
        pytest.skip("no kill met a journal here")
    assert works.tix("list", "--all", "--count").out.strip() == "12"
    assert contents(works.store) == one.before
    assert is_whole(works.store)
