"""Fixtures of all tests, and how many examples the property tests try."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.harness import ALL_REAL, Shell

# No deadline: how long an example takes says something about the machine, not about a law.
settings.register_profile("usual", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("soak", settings.get_profile("usual"), max_examples=5000)
settings.load_profile("soak" if os.environ.get("TIX_SOAK") else "usual")


def pytest_configure(config: pytest.Config) -> None:
    """Make the markers known."""
    config.addinivalue_line("markers", "needs(program, …): skip where one of these programs is missing")
    config.addinivalue_line(
        "markers", "long: laws over whole desks, and trials with kills and faults of the disk"
    )
    config.addinivalue_line("markers", "real: each command of these tests is a process of its own")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs a program that is not here, saying which; decide whether commands are processes."""
    Shell.real = ALL_REAL or item.get_closest_marker("real") is not None
    for marker in item.iter_markers("needs"):
        for program in marker.args:
            if shutil.which(program) is None:
                pytest.skip(f"needs {program}, which is not installed")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Shell]:
    """A desk that does not exist yet; the first write makes it, with whoever runs the tests as its admin."""
    shell = Shell(tmp_path)
    yield shell
    shell.close()
