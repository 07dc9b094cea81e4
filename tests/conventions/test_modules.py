"""The shape of the source: sizes, names, docstrings, and what the pure part may import."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "tix"
MODULES = sorted(SOURCE.rglob("*.py"))
GENERATED = {SOURCE / "store" / "compiled.py"}
WRITTEN = [path for path in MODULES if path not in GENERATED]

LONGEST = 400

# Names that say nothing about what is inside.
EMPTY_NAMES = {
    "base", "common", "handler", "handlers", "helper", "helpers", "manager", "managers", "misc", "service",
    "services", "util", "utils",
}  # fmt: skip

# The standard library without doors to the outside: files, clocks, chance, other processes, databases.
IMPURE = {
    "asyncio", "glob", "io", "multiprocessing", "os", "pathlib", "random", "secrets", "shutil", "signal",
    "socket", "sqlite3", "subprocess", "sys", "tempfile", "threading", "time", "urllib", "uuid",
}  # fmt: skip
PURE_PARTS = {"time.gmtime"}  # arithmetic on the instant it is given
CLOCKS = re.compile(r"\b(?:datetime|date)\.(?:now|utcnow|today)\(")


def _name(path: Path) -> str:
    return str(path.relative_to(SOURCE))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_there_is_something_to_look_at():
    assert len(WRITTEN) > 10


@pytest.mark.parametrize("path", WRITTEN, ids=_name)
def test_a_module_fits_on_a_few_screens(path: Path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_a_name_says_what_is_inside(path: Path):
    assert not {part.removesuffix(".py").strip("_") for part in path.relative_to(SOURCE).parts} & EMPTY_NAMES


@pytest.mark.parametrize("path", WRITTEN, ids=_name)
def test_modules_and_public_things_say_what_they_are(path: Path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "the module has no docstring"
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    silent = [
        node.name
        for node in tree.body
        if isinstance(node, kinds) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert silent == []


@pytest.mark.parametrize("path", WRITTEN, ids=_name)
def test_nothing_is_left_for_later(path: Path):
    left = re.findall(r"\b(?:TODO|FIXME|XXX)\b", path.read_text(encoding="utf-8"))
    assert left == []


@pytest.mark.parametrize("path", WRITTEN, ids=_name)
def test_a_silenced_check_says_which(path: Path):
    bare = re.findall(r"#\s*(?:noqa|type:\s*ignore)(?![\[:]).*", path.read_text(encoding="utf-8"))
    assert bare == []


PURE = [path for path in WRITTEN if path.is_relative_to(SOURCE / "domain") or path.name == "errors.py"]


@pytest.mark.parametrize("path", PURE, ids=_name)
def test_the_domain_knows_values_only(path: Path):
    """Pure: the standard library's values, dateutil.rrule, itself and the errors; no I/O, clock or chance."""
    foreign = []
    for name in _imports(path):
        top = name.partition(".")[0]
        allowed = name in PURE_PARTS or name.startswith(("tix.domain", "tix.errors", "dateutil.rrule"))
        if not allowed and (top in IMPURE or top not in sys.stdlib_module_names):
            foreign.append(name)
    assert foreign == []
    assert CLOCKS.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", WRITTEN, ids=_name)
def test_nobody_reaches_into_typer(path: Path):
    """Click is vendored inside Typer; the one place that maps its failures to ours is cli/main.py."""
    reached = [name for name in _imports(path) if re.match(r"click\b|typer\._", name)]
    allowed = "typer._click.exceptions" if path == SOURCE / "cli" / "main.py" else "nothing"
    assert [name for name in reached if not name.startswith(allowed)] == []
