"""Rates of keys: as many requests as a key may send, however many processes answer them."""

import multiprocessing
import time
from pathlib import Path

import pytest

from tix.api.server import rates
from tix.api.server.rates import Rates
from tix.domain.tokens import WRITE, Token, digest
from tix.errors import StorageFailure, Throttled


def token(name: str, rate: int | None) -> Token:
    return Token(name, "ada", WRITE, 0, "ada", None, None, digest(name), rate)


def allowed(counting: Rates, key: Token, asked: int) -> int:
    """How many of so many requests."""
    count = 0
    for _ in range(asked):
        try:
            counting.spend(key)
        except Throttled:
            continue
        count += 1
    return count


@pytest.fixture(autouse=True)
def stopped(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The clock stands still unless a test moves it."""
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


@pytest.mark.parametrize("workers", [1, 2, 8])
@pytest.mark.parametrize("rate", [1, 3, 60])
def test_all_processes_together_allow_the_rate(tmp_path: Path, stopped: list[float], workers: int, rate: int):
    """Also where it is below their number, and wherever the requests arrive."""
    counting = [Rates(tmp_path / "desk.db", workers) for _ in range(workers)]
    key, other = token("a", rate), token("b", rate)
    assert sum(allowed(one, key, 100) for one in counting) == rate
    assert allowed(counting[-1], other, 100) == rate
    stopped[0] += 30
    assert sum(allowed(one, key, 100) for one in reversed(counting)) == rate // 2
    stopped[0] += 3600
    assert sum(allowed(one, key, 100) for one in counting) == rate
    assert allowed(counting[0], token("c", None), 1000) == 1000


def count_in(path: Path, key: Token, results: "multiprocessing.Queue[int]") -> None:
    results.put(allowed(Rates(path, 4), key, 500))


def test_processes_that_count_at_once_lose_none(tmp_path: Path):
    fork = multiprocessing.get_context("fork")
    results = fork.Queue()
    at_once = [
        fork.Process(target=count_in, args=(tmp_path / "d", token("a", 700), results)) for _ in range(4)
    ]
    for one in at_once:
        one.start()
    counted = sum(results.get(timeout=60) for _ in at_once)
    for one in at_once:
        one.join()
    assert counted == 700
    assert (tmp_path / "d.rates").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("workers", [1, 2])
def test_what_is_remembered_is_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stopped: list[float], workers: int
):
    """Keys come and go; a key that is whole again need not be remembered."""
    monkeypatch.setattr(rates, "PLACES", 16)
    counting = Rates(tmp_path / "desk.db", workers)
    for number in range(200):
        assert allowed(counting, token(str(number), 2), 5) == 2
        stopped[0] += 10
    assert len(counting._left) <= 16
    if workers > 1:
        assert (tmp_path / "desk.db.rates").stat().st_size <= 24 * 32


def test_a_clock_that_began_again_gives_all(tmp_path: Path, stopped: list[float]):
    counting = Rates(tmp_path / "desk.db", 2)
    assert allowed(counting, token("a", 5), 9) == 5
    stopped[0] = 3.0
    assert allowed(counting, token("a", 5), 9) == 5


def test_a_file_that_cannot_be_written_is_a_failure(tmp_path: Path):
    with pytest.raises(StorageFailure):
        Rates(tmp_path / "nowhere" / "desk.db", 2).spend(token("a", 1))
