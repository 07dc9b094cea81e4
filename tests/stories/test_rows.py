"""Every row of the features page that can be proved so far has a test here that names it."""

import ast
import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent

# The rows this desk can be asked for; a later issue that brings a row adds it here.
PROVABLE = {
    "000": "1-30",
    "001": "1-35",
    "002": "1-36",
    "003": "1-40",
    "004": "1-52 59 60 63",
}


def spelt(rows: str) -> set[int]:
    """The numbers of `1-3 5`."""
    ends = [[int(end) for end in word.split("-")] for word in rows.split()]
    return {number for span in ends for number in range(span[0], span[-1] + 1)}


def named(seed: str) -> set[int]:
    """The rows that docstrings of tests name in the module of that seed, or where they need a mail server."""
    (path,) = HERE.glob(f"test_{seed}_*.py")
    paths = [path, *HERE.with_name("mail").glob("test_*.py")]
    trees = [ast.parse(one.read_text()) for one in paths]
    tests = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    told = [ast.get_docstring(node) or "" for node in tests if node.name.startswith("test_")]
    return {int(number) for words in told for number in re.findall(rf"S{seed}-(\d+)", words)}


@pytest.mark.parametrize("seed", PROVABLE)
def test_every_row_has_a_test(seed: str):
    assert named(seed) == spelt(PROVABLE[seed])
