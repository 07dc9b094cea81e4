"""The sessions of the README and of the page on mail are run, so that they cannot rot.

Each line that begins with a dollar sign is given to one bash, in order; what comes out has to be, byte for
byte, what stands below it. `python tests/e2e/test_readme.py` writes what comes out into the pages.
"""

import re
import sys
from pathlib import Path

import pytest

from tests.harness import Shell

ROOT = Path(__file__).parents[2]
README, MAIL = ROOT / "README.md", ROOT / "docs" / "mail.md"
NOW = "2026-11-22T09:00:00Z"
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_MARK = "<<< the next command >>>"


def steps(text: str) -> list[tuple[str, str]]:
    """Each command of a README with the output below it, in order."""
    found: list[tuple[str, str]] = []
    for block in _BLOCK.findall(text):
        for line in block.splitlines(keepends=True):
            if line.startswith("$ "):
                found.append((line[2:].rstrip("\n"), ""))
            else:
                command, output = found.pop()
                found.append((command, output + line))
    return found


def played(shell: Shell, commands: list[str]) -> list[str]:
    """What each command prints, in one bash where `tix` is this checkout's."""
    folder = shell.folder / "bin"
    folder.mkdir()
    program = folder / "tix"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tix "$@"\n')
    program.chmod(0o755)
    script = "".join(f"echo '{_MARK}'\n{command}\n" for command in commands)
    environment = {"PATH": f"{folder}:{shell.env['PATH']}", "TZ": "UTC", "COLUMNS": "80"}
    done = shell.run("bash", "-c", f"exec 2>&1\n{script}", env=environment, now=NOW, check=None)
    _, *outputs = done.out.split(f"{_MARK}\n")
    return outputs


@pytest.mark.needs("bash")
@pytest.mark.parametrize("page", [README, MAIL], ids=["README", "mail"])
def test_the_session_prints_what_the_page_says(page: Path, desk: Shell):
    told = steps(page.read_text(encoding="utf-8"))
    assert len(told) > 20, "the page has lost its session"
    commands = [command for command, _ in told]
    happened = list(zip(commands, played(desk, commands), strict=True))
    assert happened == told


def test_a_changed_line_of_output_is_seen():
    """The reader of the README takes output for output: a word more makes another step."""
    before = "text\n\n```console\n$ tix list\na\nb\n$ true\n```\n"
    assert steps(before) == [("tix list", "a\nb\n"), ("true", "")]
    assert steps(before.replace("b\n", "c\n")) != steps(before)


def rewrite(page: Path) -> None:
    """Puts what the commands print now into a page."""
    import tempfile

    text = page.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        outputs = iter(played(Shell(Path(folder)), [command for command, _ in steps(text)]))

    def block(match: re.Match[str]) -> str:
        lines = [line for line in match[1].splitlines() if line.startswith("$ ")]
        return "```console\n" + "".join(f"{line}\n{next(outputs)}" for line in lines) + "```"

    page.write_text(_BLOCK.sub(block, text), encoding="utf-8")


if __name__ == "__main__":
    for one in (README, MAIL):
        rewrite(one)
