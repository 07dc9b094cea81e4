"""The bench is kept running: a desk of its kind is built, and rows of each kind are measured on it.

What is measured is not looked at, for a test that knew the clock would fail on a busy machine.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

BENCH = Path(__file__).parents[2] / "bench" / "run.py"
ROW = re.compile(r"^(?P<name>\S.*?) +\d+\.\d +\d+\.\d +\d+\.\d\d ", re.MULTILINE)


def test_a_small_desk_is_built_and_measured(tmp_path: Path) -> None:
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}
    for row in ("new with a topic and plan", "list --all --client --json", "list --mine of two teams"):
        done = subprocess.run(
            [sys.executable, str(BENCH), "--desk", "200", "--rounds", "2", "--only", row],
            capture_output=True,
            text=True,
            check=False,
            env=environment,
        )
        assert row in ROW.findall(done.stdout), done.stdout + done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("line", ["list --limit 50     74.1      60.0    1.24    1.22    1.30  ok\n"])
def test_the_look_for_rows_sees_one(line: str) -> None:
    assert ROW.findall(line) == ["list --limit 50"]
