"""The trials of `tests/e2e/test_migrations.py` at full length: `make soak`."""

import os
import random
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from tests.harness import Shell
from tests.soak.injections import CALLS, FAULTS, why_not
from tests.soak.migrating import STORES, kill, old, sweep

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not os.environ.get("TIX_SOAK"), reason="takes long; make soak runs it"),
]
KILLS = 60  # of each store


@pytest.fixture
def works(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    desk = Shell(tmp_path_factory.mktemp("migration"))
    yield desk
    desk.close()


@pytest.mark.parametrize("base", STORES, ids=lambda path: path.stem)
def test_a_hundred_kills(works: Shell, base: object, record_property: Callable[[str, object], None]) -> None:
    """The old store or the new one, and tix goes on from either; some kills come before, some after, some amid."""
    one = old(works, base)  # type: ignore[arg-type]  # a path
    seed = random.SystemRandom().randrange(2**32)
    record_property("seed", seed)
    chance = random.Random(seed)
    seen: Counter[str] = Counter()
    for _ in range(KILLS):
        left = kill(one, chance)
        seen["kills"] += left.code < 0
        seen["done"] += left.done
        seen["journals"] += left.journal
        seen["copies"] += left.copies > 0
    for name, count in seen.items():
        record_property(name, count)
    assert KILLS > seen["done"] > 0 < seen["kills"]
    assert seen["journals"] > 0


@pytest.mark.skipif(why_not() is not None, reason=str(why_not()))
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("call", CALLS)
def test_every_single_call_may_fail(
    works: Shell, call: str, fault: str, record_property: Callable[[str, object], None]
) -> None:
    """ENOSPC, EIO and death at the first, the second, the third … call, to the last."""
    found = list(sweep(old(works), call, fault))
    assert found
    record_property("injections", len(found))
    record_property("done", sum(left.done for left in found))
    record_property("done but not acknowledged", sum(left.done and left.code != 0 for left in found))
