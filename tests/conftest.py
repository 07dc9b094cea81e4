"""Fixtures of all tests, and how many examples the property tests try."""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests import engines, new_stores, replays

if engines.SERVER:
    engines.install()

from tests.harness import ALL_REAL, Shell  # what it imports opens stores

# No deadline: how long an example takes says something about the machine, not about a law.
settings.register_profile("usual", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("soak", settings.get_profile("usual"), max_examples=5000)
settings.load_profile("soak" if os.environ.get("TIX_SOAK") else "usual")


# Each desk is a dozen folders and files that nobody reads again, and making and removing them was a fifth of the run on
# a disk. What a power cut leaves is not tried here, so memory will do, if there is much of it that may hold programs.
_MEMORY, _ENOUGH_BYTES = Path("/dev/shm"), 2**30


def pytest_configure(config: pytest.Config) -> None:
    """Make the markers known, and temporary folders in memory unless TMPDIR says where."""
    if "TMPDIR" not in os.environ and _is_usable(_MEMORY):
        os.environ["TMPDIR"] = str(_MEMORY)
        tempfile.tempdir = None
    if not ALL_REAL:
        new_stores.copied()
    gc.disable()  # until everything is collected
    config.addinivalue_line("markers", "needs(program, …): skip where one of these programs is missing")
    config.addinivalue_line(
        "markers", "long: laws over whole desks, and trials with kills and faults of the disk"
    )
    config.addinivalue_line("markers", "sqlite: looks into SQLite's file, or asks what SQLite did")
    config.addinivalue_line("markers", "real: each command of these tests is a process of its own")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One more than processors: tests wait for servers, terminals and processes. The long ones are at work themselves."""
    return (os.cpu_count() or 1) + (config.option.markexpr != "long")


def _is_usable(folder: Path) -> bool:
    if not os.access(folder, os.W_OK | os.X_OK):
        return False
    found = os.statvfs(folder)
    return not found.f_flag & os.ST_NOEXEC and found.f_bavail * found.f_frsize >= _ENOUGH_BYTES


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Look for garbage again, but not among the modules and tests, which stay."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: Any, request: Any) -> Iterator[Any]:
    """Give the desk of a test what its fixtures gave that of the one before, where that is the same."""
    may = not engines.SERVER and fixturedef.scope == "function" and "monkeypatch" not in request.fixturenames
    before = replays.while_furnishing(may)
    try:
        return (yield)
    finally:
        replays.while_furnishing(before)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs a program that is not here, saying which; decide whether commands are processes."""
    Shell.real = ALL_REAL or item.get_closest_marker("real") is not None
    for marker in item.iter_markers("needs"):
        for program in marker.args:
            if shutil.which(program) is None:
                pytest.skip(f"needs {program}, which is not installed")


# Of the command lines of the stories that have a server before their desk, so many percent go to it, if a run has
# that many lines. Else the second driver would have become another way to test the file.
FLOOR_PERCENT, FEWEST_LINES = 60, 500


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run in which too few command lines of the stories went through a server."""
    if _are_too_few(*_lines(session.config)):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Show how many command lines of the stories went through a server, and how many on the file."""
    through, declined, local = _lines(config)
    if everything := through + declined + local:
        terminalreporter.section("stories through a server")
        terminalreporter.line(
            f"{everything} command lines: {through} through a server ({through * 100 // everything} %), "
            f"{declined} on the file though a server offers the command, {local} on the file"
        )
        if _are_too_few(through, declined, local):
            terminalreporter.line(f"FAILED: fewer than {FLOOR_PERCENT} % went through the server", red=True)


def _are_too_few(through: int, declined: int, local: int) -> bool:
    everything = through + declined + local
    return everything >= FEWEST_LINES and through * 100 < FLOOR_PERCENT * everything


def _lines(config: pytest.Config) -> tuple[int, int, int]:
    """The sums of what ``tests/stories`` has recorded; with several workers, of all of them."""
    reporter: Any = config.pluginmanager.get_plugin("terminalreporter")
    reports = [] if reporter is None else [one for some in reporter.stats.values() for one in some]
    recorded = [
        value
        for report in reports
        if getattr(report, "when", None) == "teardown"
        for name, value in report.user_properties
        if name == "lines"
    ]
    through, declined, local = (sum(one[place] for one in recorded) for place in range(3))
    return through, declined, local


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Shell]:
    """A desk that does not exist yet; the first write makes it, with whoever runs the tests as its admin."""
    shell = Shell(tmp_path)
    yield shell
    shell.close()
