"""The trials of `tests/e2e/test_durability.py` at full length: `make soak`."""

import os
import random
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from tests.harness import Shell
from tests.soak.injections import CALLS, FAULTS, sweep, why_not
from tests.soak.kills import WRITES, Write, kill, trial
from tests.soak.states import furnished

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not os.environ.get("TIX_SOAK"), reason="takes long; make soak runs it"),
]
KILLS = 15  # of each write


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """A furnished desk, whose store the trials put back before each run."""
    desk = furnished(tmp_path_factory.mktemp("durability"))
    yield desk
    desk.close()


@pytest.mark.parametrize("write", WRITES, ids=lambda write: write.name)
def test_hundreds_of_kills(
    works: Shell, write: Write, record_property: Callable[[str, object], None]
) -> None:
    """Never half-done, never lost; and the trial is one: some kills come before, some after, some amid."""
    one = trial(works, write)
    seed = random.SystemRandom().randrange(2**32)
    record_property("seed", seed)
    chance = random.Random(seed)
    seen: Counter[str] = Counter()
    for _ in range(KILLS):
        verdict = kill(one, chance)
        seen["kills"] += verdict.code < 0
        seen["runs"] += 1
        seen["done"] += verdict.done
        seen["journals"] += verdict.journal
    for name, count in seen.items():
        record_property(name, count)
    assert seen["kills"] > 0


@pytest.mark.skipif(why_not() is not None, reason=str(why_not()))
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("name", ["reply-attach", "new-attach", "first-new", "close", "delete", "restore"])
def test_every_single_call_may_fail(
    works: Shell, name: str, call: str, fault: str, record_property: Callable[[str, object], None]
) -> None:
    """ENOSPC, EIO and death at the first, the second, the third … call, to the last."""
    one = trial(works, next(write for write in WRITES if write.name == name))
    ambiguous = runs = 0
    for found in sweep(one, call, fault, step=3 if "attach" in name and call == "pwrite64" else 1):
        runs += 1
        assert found.verdict.acknowledged is (found.verdict.code == 0), found
        ambiguous += found.verdict.done and found.verdict.code > 0
    if not runs:
        pytest.skip(f"{name} makes no {call} on the store")
    record_property("injections", runs)
    record_property("done but not acknowledged", ambiguous)
