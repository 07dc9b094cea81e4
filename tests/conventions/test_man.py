"""The manual pages are those of the help, can be read by what shows manual pages, and are installed."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tix.cli.commands import COMMANDS

ROOT = Path(__file__).parents[2]
MAN = ROOT / "man"


def test_the_manual_pages_are_fresh():
    """`make man` writes them anew; a stale one tells of yesterday's options."""
    done = subprocess.run(
        [sys.executable, "docs/man.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_command_has_a_manual_page():
    assert {file.name for file in MAN.iterdir()} == {"tix.1", *(f"tix-{name}.1" for name in COMMANDS)}


def test_the_wheel_installs_the_manual_pages():
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["shared-data"] == {"man": "share/man/man1"}


@pytest.mark.needs("groff")
def test_groff_shows_every_page_without_a_warning():
    done = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww", *sorted(MAN.glob("*.1"))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("NAME") >= len(COMMANDS)


@pytest.mark.needs("man")
def test_man_shows_a_page():
    done = subprocess.run(
        ["man", "-l", "man/tix-assign.1"], cwd=ROOT, capture_output=True, text=True, check=False,
        env={"PATH": "/usr/bin:/bin", "MANPAGER": "cat", "MANWIDTH": "80", "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    assert "tix assign [OPTION...] ID... WHO" in done.stdout


@pytest.mark.needs("mandoc")
def test_mandoc_finds_no_fault():
    done = subprocess.run(
        ["mandoc", "-Tlint", "-Wwarning", *sorted(MAN.glob("*.1"))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == ""
