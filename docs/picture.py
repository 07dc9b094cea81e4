"""Draw ``docs/terminal.svg``, the picture in the README: ``python docs/picture.py [--check]``.

The commands below run on the demo desk, on a pseudo-terminal and at a fixed time, and the picture shows what is on
the screen afterwards. The same program gives the same bytes.
"""

from __future__ import annotations

import re
import sys
import tempfile
from html import escape
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import pyte
from rich.cells import cell_len
from written import write_or_check

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))


from tests.harness import Shell, Terminal  # noqa: E402  # the folder has to be on the path first

TARGET = Path(__file__).with_name("terminal.svg")
COMMANDS = ("tix list", "tix show 5")
NOW = "2026-11-24T14:30:00Z"
COLUMNS, ROWS = 92, 60

# In pixels: a cell of the screen, and the frame around all of them.
CELL, LINE, FRAME, BAR = 8.4, 18, 18, 34
COLOURS = {
    "default": "#c9d1d9",
    "black": "#484f58",
    "red": "#ff7b72",
    "green": "#7ee787",
    "brown": "#e3b341",
    "blue": "#79c0ff",
    "magenta": "#d2a8ff",
    "cyan": "#56d4dd",
    "white": "#f0f6fc",
    "brightblack": "#8b949e",
    "brightblue": "#a5d6ff",
}


class Look(NamedTuple):
    """How a piece of a line is drawn."""

    colour: str
    bold: bool


class Cell(NamedTuple):
    """A character and the column it begins in."""

    column: int
    text: str
    look: Look


def generate() -> str:
    """Return the picture as SVG."""
    with tempfile.TemporaryDirectory() as folder:
        return _svg(_screen(Shell(Path(folder))))


def _screen(shell: Shell) -> list[list[Cell]]:
    """Run the commands on a demo desk; return the lines of the screen, without the empty ones at the end."""
    shell.now = NOW
    shell.env["TIX_PAGER"] = "cat"
    shell.run(sys.executable, "-m", "tix", "demo")
    (shell.env["TIX_STORE"],) = map(str, Path(shell.env["TMPDIR"]).glob("tix-demo-*/desk.db"))
    script = "".join(
        f"printf '\\033[32m$\\033[0m \\033[1m{command}\\033[0m\\n'; \"$PYTHON\" -m {command}; echo; "
        for command in COMMANDS
    )
    with shell.terminal(
        "-c", script, rows=ROWS, cols=COLUMNS, program=("sh",), env={"PYTHON": sys.executable}
    ) as terminal:
        terminal.wait()
        return _lines(terminal)


def _lines(terminal: Terminal) -> list[list[Cell]]:
    screen = pyte.Screen(COLUMNS, ROWS)
    # pyte knows no faint text; on this palette it is the grey of the bright black.
    pyte.ByteStream(screen).feed(re.sub(rb"\x1b\[2(?=[;m])", b"\x1b[90", terminal.raw))
    lines = []
    for row in range(ROWS):
        line = [screen.buffer[row][column] for column in range(COLUMNS)]
        cells = [
            Cell(column, cell.data, Look(COLOURS[cell.fg], cell.bold))
            for column, cell in enumerate(line)
            if cell.data  # the second half of a wide character has none
        ]
        while cells and cells[-1].text == " ":
            cells.pop()
        lines.append(cells)
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _svg(lines: list[list[Cell]]) -> str:
    width = round(COLUMNS * CELL + 2 * FRAME)
    height = BAR + len(lines) * LINE + FRAME
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
        f"<title>{escape(' and '.join(COMMANDS))} on a terminal</title>",
        "<style>text { font: 14px ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace }</style>",
        f'<rect width="{width}" height="{height}" rx="8" fill="#0d1117"/>',
        *(
            f'<circle cx="{FRAME + 4 + 18 * place}" cy="18" r="5.5" fill="{colour}"/>'
            for place, colour in enumerate(("#ff5f57", "#febc2e", "#28c840"))
        ),
    ]
    for number, cells in enumerate(lines):
        drawn += _line(cells, BAR + number * LINE + 14)
    return "\n".join([*drawn, "</svg>\n"])


def _line(cells: list[Cell], y: int) -> list[str]:
    """The pieces of one line; each is given its width, so that any font keeps the columns."""
    return [
        _piece(piece, y) for _, run in groupby(cells, lambda cell: cell.look) for piece in _pieces(list(run))
    ]


def _pieces(run: list[Cell]) -> list[list[Cell]]:
    """Split a run where two or more spaces stand beside each other, and drop the spaces around it."""
    text = "".join(cell.text[0] for cell in run)
    return [run[match.start() : match.end()] for match in re.finditer(r"\S+(?: \S+)*", text)]


def _piece(cells: list[Cell], y: int) -> str:
    first, last = cells[0], cells[-1]
    x = round(FRAME + first.column * CELL, 1)
    length = round((last.column + cell_len(last.text) - first.column) * CELL, 1)
    weight = ' font-weight="bold"' if first.look.bold else ""
    text = escape("".join(cell.text for cell in cells), quote=False)
    return f'<text x="{x}" y="{y}" fill="{first.look.colour}"{weight} textLength="{length}">{text}</text>'


if __name__ == "__main__":
    sys.exit(write_or_check(TARGET, generate(), sys.argv[1:]))
