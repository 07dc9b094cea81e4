"""Examples of every command, shown by its help and run by a test on a demo desk: those in ``examples.txt``.

A line without indentation names a command there; the lines below it are its examples, each with an optional comment.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

FILE = Path(__file__).with_suffix(".txt")


def examples() -> dict[str, list[str]]:
    """Return the examples of each command by its whole name; their comments stand below each other."""
    found: dict[str, list[tuple[str, str]]] = {}
    name = ""
    for line in FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("  "):
            command, _, comment = line.partition("  #")
            found[name].append((command.strip(), comment.strip()))
        else:
            name = line
            found[name] = []
    return {name: aligned(lines) for name, lines in found.items()}


def aligned(lines: Sequence[tuple[str, str]]) -> list[str]:
    """Return commands with their comments, each comment in the same column."""
    column = max((len(command) for command, comment in lines if comment), default=0)
    return [f"{command:<{column}}  # {comment}" if comment else command for command, comment in lines]
