"""The shape of the source: sizes, names, docstrings, and what the pure part may import."""

import ast
import re
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from functools import cache
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "tix"
MODULES = sorted(SOURCE.rglob("*.py"))
GENERATED = {*(SOURCE / "store" / "compiled").glob("*sql*.py"), *(SOURCE / "cli").glob("compiled*.py")}
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


@cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(_text(path))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _offenders(
    paths: list[Path], faults: Callable[[Path], Collection[object]]
) -> dict[str, Collection[object]]:
    """What is wrong with each of the modules with which something is."""
    return {_name(path): found for path in paths if (found := faults(path))}


# Nouns of the field that happen to end so.
NOUNS = {"billing", "encoding", "routing", "typing"}
# A folder one can look through; of commands there is a module each.
FULLEST, COMMANDS = 28, "cli/commands"
# Packages with a task of their own: the version, what Python runs first, the table of commands.
BUSY_PACKAGES = {"__init__.py", "cli/__init__.py", "cli/commands/__init__.py"}


def test_there_is_something_to_look_at():
    assert len(WRITTEN) > 10
    assert len(PURE) > 10


def test_a_module_is_named_for_a_thing_and_not_for_an_act():
    """What is named by a noun of the field is found at once; what is named by an action is not."""
    assert {_name(path) for path in WRITTEN if path.stem.endswith("ing") and path.stem not in NOUNS} == set()


def test_a_folder_can_be_looked_through():
    counts = Counter(str(path.parent.relative_to(SOURCE)) for path in WRITTEN)
    assert {folder: count for folder, count in counts.items() if count > FULLEST and folder != COMMANDS} == {}
    assert counts[COMMANDS] > FULLEST  # the exception is still needed


def test_nobody_imports_what_another_module_keeps_to_itself():
    assert _offenders(WRITTEN, _private_imports) == {}


def _private_imports(path: Path) -> list[str]:
    return [name for name in _imports(path) if re.match(r"tix\..*\._[a-z]", name)]


def test_a_package_says_what_it_is_and_loads_nothing():
    """An import of one module must not pay for its neighbours."""
    packages = [path for path in WRITTEN if path.name == "__init__.py" and _name(path) not in BUSY_PACKAGES]
    assert {_name(path): len(_tree(path).body) for path in packages if len(_tree(path).body) != 1} == {}


def test_a_module_fits_on_a_few_screens():
    assert _offenders(WRITTEN, _lines_too_many) == {}


def _lines_too_many(path: Path) -> list[str]:
    return _text(path).splitlines()[LONGEST:]


def test_a_name_says_what_is_inside():
    assert _offenders(MODULES, _empty_names) == {}


def _empty_names(path: Path) -> set[str]:
    return {part.removesuffix(".py").strip("_") for part in path.relative_to(SOURCE).parts} & EMPTY_NAMES


def test_modules_and_public_things_say_what_they_are():
    assert _offenders(WRITTEN, _silent) == {}


def _silent(path: Path) -> list[str]:
    """What is public there and has no docstring."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    tree = _tree(path)
    public = [node for node in tree.body if isinstance(node, kinds) and not node.name.startswith("_")]
    names = [node.name for node in public if not ast.get_docstring(node)]
    return names if ast.get_docstring(tree) else ["the module", *names]


def test_nothing_is_left_for_later():
    assert _offenders(WRITTEN, _unfinished) == {}


def _unfinished(path: Path) -> list[str]:
    return re.findall(r"\b(?:TODO|FIXME|XXX)\b", _text(path))


def test_a_silenced_check_says_which():
    assert _offenders(WRITTEN, _bare_checks) == {}


def _bare_checks(path: Path) -> list[str]:
    return re.findall(r"#\s*(?:noqa|type:\s*ignore)(?![\[:]).*", _text(path))


PURE = [path for path in WRITTEN if path.is_relative_to(SOURCE / "domain") or path == SOURCE / "errors.py"]


def test_the_domain_knows_values_only():
    """Pure: the standard library's values, dateutil.rrule, anyascii, itself and the errors; no I/O, clock or chance."""
    assert _offenders(PURE, _impurities) == {}


def _impurities(path: Path) -> list[str]:
    foreign = CLOCKS.findall(_text(path))
    for name in _imports(path):
        top = name.partition(".")[0]
        allowed = name in PURE_PARTS or name.startswith(
            ("tix.domain", "tix.errors", "tix.typing", "tix.words.sentence", "dateutil.rrule", "anyascii")
        )
        if not allowed and (top in IMPURE or top not in sys.stdlib_module_names):
            foreign.append(name)
    return foreign


def test_nobody_reaches_into_typer():
    """Click is vendored inside Typer; the one place that maps its failures to ours is cli/explained.py."""
    assert _offenders(WRITTEN, _reached) == {}


def _reached(path: Path) -> list[str]:
    allowed = "typer._click.exceptions" if path == SOURCE / "cli" / "explained.py" else "nothing"
    reached = [name for name in _imports(path) if re.match(r"click\b|typer\._", name)]
    return [name for name in reached if not name.startswith(allowed)]


BROKEN = (
    f"""\
import os
import click
from tix.desk.settle import _due
def bare(): ...  # {"noqa"}
# {"TODO"}: say what it is
day = date.today()
"""
    + "\n" * LONGEST
)


@pytest.mark.parametrize(
    "faults",
    [
        _lines_too_many,
        _empty_names,
        _silent,
        _unfinished,
        _bare_checks,
        _impurities,
        _reached,
        _private_imports,
    ],
)
def test_an_offender_is_found_and_named(faults, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Control: a module that breaks every convention."""
    monkeypatch.setitem(globals(), "SOURCE", tmp_path)
    (tmp_path / "utils.py").write_text(BROKEN)
    assert list(_offenders([tmp_path / "utils.py"], faults)) == ["utils.py"]


def _names_of_errors() -> set[str]:
    tree = ast.parse(_text(SOURCE / "errors.py"))
    return {node.name for node in tree.body if isinstance(node, ast.ClassDef)}


def _errors_in(text: str, known: set[str]) -> list[str]:
    """The classes of a module that are failures people see: they belong into ``tix.errors``."""
    return [
        node.name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ClassDef)
        and any(ast.unparse(base).rpartition(".")[2] in known for base in node.bases)
    ]


def test_every_expected_failure_is_in_one_module():
    """So that the documentation has every code with its exit status."""
    known = _names_of_errors()
    found = {
        _name(path): names
        for path in WRITTEN
        if path.name != "errors.py" or path.parent != SOURCE
        for names in [_errors_in(_text(path), known)]
        if names
    }
    assert found == {}


def test_a_failure_elsewhere_is_seen():
    """Control."""
    assert _errors_in("class Lost(errors.Refused):\n    code = 'lost'\n", _names_of_errors()) == ["Lost"]
