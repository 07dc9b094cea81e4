"""What every list, show, search and completion loads, and in which form: each millisecond is a 57th of the floor."""

import ast
import importlib
import os
import subprocess
import sys
from pathlib import Path

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
# So many fields of NamedTuples cost half a millisecond where their annotations are kept as text.
FEW_FIELDS = 12

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
    assert {"json", "tix.desk.tickets.reply", "tix.store.search.facets"} <= loaded(
        store, "note", "1", "-m", "x"
    )


def test_annotations_of_what_a_read_loads_are_values(store):
    """Typing compiles each text to a ForwardRef: 10 µs a field, 2 ms of every start (measured)."""
    for name in sorted(loaded(store, "list") | loaded(store, "show", "1")):
        if not name.startswith("tix.") or name == "tix.store.compiled":
            continue
        path = importlib.import_module(name).__file__
        tree = ast.parse(Path(path).read_text(encoding="utf-8"))
        fields = sum(
            isinstance(line, ast.AnnAssign)
            for node in tree.body
            if isinstance(node, ast.ClassDef)
            and any(ast.unparse(base) == "NamedTuple" for base in node.bases)
            for line in node.body
        )
        as_text = any(isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in tree.body)
        assert fields < FEW_FIELDS or not as_text, name
