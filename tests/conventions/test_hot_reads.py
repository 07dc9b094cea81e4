"""What every list, show, search and completion loads, and in which form: each millisecond is a 57th of the floor."""

import os
import subprocess
import sys

import pytest

# What only a write, an edit of the desk or a terminal needs.
NOT_FOR_READING = {
    "json",
    "tix.desk.tickets.files",
    "tix.desk.notifications",
    "tix.desk.tickets.reply",
    "tix.domain.files.attachments",
    "tix.domain.sla.calendars",
    "tix.domain.tickets.edit",
    "tix.domain.sla.plans",
    "tix.domain.topics",
    "tix.store.search.facets",
}
TELL = """
import sys
from tix.cli.main import main
sys.argv = ["tix", *sys.argv[1:]]
code = main()
sys.stderr.write("\\n".join(sys.modules))
sys.exit(code)
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A desk with a ticket."""
    path = tmp_path_factory.mktemp("reads") / "desk.db"
    for words in (("init",), ("new", "Printer", "-m", "It smokes.")):
        subprocess.run([sys.executable, "-m", "tix", *words], env=_env(path), check=True, capture_output=True)
    return path


def _env(path):
    return {"PATH": os.environ["PATH"], "HOME": str(path.parent), "TIX_STORE": str(path)}


def loaded(store, *words):
    """The modules a command has loaded when it ends."""
    done = subprocess.run(
        [sys.executable, "-c", TELL, *words], env=_env(store), check=True, capture_output=True, text=True
    )
    return set(done.stderr.split())


READS = [
    ("list", "--limit", "50"),
    ("list", "--all", "--mine"),
    ("list", "--count"),
    ("search", "printer"),
    ("show", "1"),
    ("log", "1"),
    ("__complete", "show", ""),
]


@pytest.mark.parametrize("words", READS, ids=" ".join)
def test_a_read_loads_what_it_reads_by(store, words):
    """Nothing that only a write or a terminal needs."""
    assert loaded(store, *words) & NOT_FOR_READING == set()


def test_the_control_loads_it(store):
    """Control: a write does load them."""
    assert {"tix.desk.tickets.reply", "tix.store.search.facets"} <= loaded(store, "note", "1", "-m", "x")


# What costs more than the query: each of these takes one to five milliseconds.
SLOW = {
    "contextlib", "enum", "inspect", "ipaddress", "json", "pathlib", "re", "signal", "typer", "typing", "urllib.parse",
    "warnings",
}  # fmt: skip
BARE = [
    ("--version",),
    ("list", "--limit", "50"),
    ("list", "--json"),
    ("list", "--count"),
    ("show", "1"),
    ("show", "1", "--json"),
    ("log", "1"),
    ("inbox",),
    ("__complete", "--", "list", "--"),
    ("__complete", "--", "show", ""),
]


@pytest.mark.parametrize("words", BARE, ids=" ".join)
def test_a_read_loads_little_of_the_standard_library(store, words):
    assert loaded(store, *words) & SLOW == set()


def test_the_control_loads_more(store):
    """Control: what the table does not read is Typer's, and a search for a phrase needs patterns."""
    assert {"typer", "typing", "inspect"} <= loaded(store, "list", "--limit", " 5")
    assert loaded(store, "list", "--help") & {"typer", "typing", "inspect", "re", "shutil"} == set()
    assert "re" in loaded(store, "search", '"it smokes"')
