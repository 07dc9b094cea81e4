"""Completion in the real shells, on a real terminal, with texts that a shell would love to run.

Every shell gets the same three trials: hostile subjects in a real desk, hostile values from a program in the
place of tix, and the ordinary cases. What the shell passes on when Enter is pressed is written to a file by a
small program named tix on its PATH, so that what is checked is what arrived, not what was painted.
"""

import os
import re
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.harness import PATIENCE_SECONDS, Shell, Terminal
from tix.render.safe import safe_line

pytestmark = pytest.mark.long

PROGRAMS = {
    "bash": ("bash", "--norc", "--noprofile", "-i"),
    "zsh": ("zsh", "-f", "-i"),
    "fish": ("fish", "--no-config", "-i", "-C", "function fish_prompt; echo -n 'READY> '; end"),
}
SOURCING = {
    "bash": "source <(tix completion bash)",
    "zsh": "source <(tix completion zsh)",
    "fish": "tix completion fish | source",
    "zsh-fpath": "fpath=($PWD/functions $fpath); autoload -Uz compinit; compinit -D -u",
}
HOW = [pytest.param(how, marks=pytest.mark.needs(how.split("-")[0])) for how in SOURCING]

# Each has to appear as it is here, after the gate.
SUBJECTS = [
    "x $(touch P)",
    "`touch P`",
    '"; touch P; :"',
    "'; touch P; :'",
    "${(e)$(touch P)}",
    'it\'s a "quote"',
    "a:b::c",
    "two\nlines",
    "tab\there",
    "\x1b[31mred\x1b]0;title\x07",
    "%s %d %F{red} %B",
    "-n",
    "*",
    "~root $HOME \\n",
    "& | > P < P ; (touch P)",
    "!!",
    "#{x} [x] {a,b}",
]
# What a value may be: a tag is any word without blanks; names of the future have blanks.
VALUES = [
    "plain", "campaign:42", "a=b:c=d", "$(touch${IFS}P)", "`touch${IFS}P`", '";touch${IFS}P;:"', "it's", "a b c",
    "-n", "*", "?", "%s", "~root", "#12", "&touch", "x;y", "(x)", "{a,b}", "[x]", "back\\slash", "grün",
    "2>P", "<P", "$HOME", "'",
]  # fmt: skip
COMPLAINTS = re.compile(
    r"(?:ba|z|fi)sh: |not found|no matches|unmatched|syntax error|parse error|bad |unexpected|Traceback|_tix:",
    re.IGNORECASE,
)

# Writes what it was called with; completes from a file if there is one, else with the real program.
_TIX = """#!/bin/sh
if [ "$1" = __complete ]; then
    printf '%s\n' "$@" >> "$DESK/asked"
    if [ -f "$DESK/suggestions" ]; then exec cat "$DESK/suggestions"; fi
elif [ "$1" != completion ]; then
    for word in "$@"; do printf '%s\\0' "$word"; done > "$DESK/came.new"
    exec mv "$DESK/came.new" "$DESK/came"
fi
exec "$PYTHON" -m tix "$@"
"""


class Prompt:
    """A shell at its prompt, with completion of tix switched on."""

    def __init__(self, desk: Shell, how: str) -> None:
        self.desk = desk
        self.shell = how.partition("-")[0]
        programs = desk.folder / "bin"
        programs.mkdir()
        program = programs / "tix"
        program.write_text(_TIX)
        program.chmod(0o755)
        path = f"{programs}{os.pathsep}{desk.env['PATH']}"
        desk.env |= {"PATH": path, "DESK": str(desk.folder), "PYTHON": sys.executable, "PS1": "READY> "}
        if how == "zsh-fpath":
            functions = desk.folder / "functions"
            functions.mkdir(mode=0o700)
            (functions / "_tix").write_text(desk.tix("completion", "zsh").out)
        self.terminal: Terminal = desk.terminal(program=PROGRAMS[self.shell], rows=50, cols=200)
        self.terminal.expect("READY> ")
        self.terminal.send(f"{SOURCING[how]}; echo SOUR''CED\r")
        self.terminal.expect("SOURCED")
        self.terminal.expect("READY> ")
        self._start = len(self.terminal.text)

    def enter(self, keys: str) -> list[str]:
        """The words with which tix is called after these keys and Enter."""
        came = self.desk.folder / "came"
        came.unlink(missing_ok=True)
        self.terminal.send(keys + "\r")  # a shell takes one key after the other, however fast they come
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not came.exists():
            assert time.monotonic() < deadline, f"tix was never called\n{self.terminal}"
            self.settle(0.05)
        self.terminal.expect("READY> ")
        return came.read_text().split("\0")[:-1]

    def settle(self, seconds: float = 0.6) -> None:
        """Read until the terminal has been silent for a while."""
        while self.terminal._read(time.monotonic() + seconds):
            pass

    @property
    def said(self) -> str:
        """Everything on the terminal since completion was switched on."""
        return self.terminal.text[self._start :]


@pytest.fixture(params=HOW)
def prompt(desk: Shell, request: pytest.FixtureRequest) -> Prompt:
    """Each of the shells; zsh twice, since its script is sourced or autoloaded."""
    return Prompt(desk, request.param)


def _nothing_ran(prompt: Prompt) -> None:
    assert not list(prompt.desk.folder.rglob("P"))
    assert not (Path.home() / "P").exists()
    assert COMPLAINTS.findall(prompt.said) == [], prompt.terminal


def test_hostile_subjects_are_shown_and_never_run(prompt: Prompt):
    desk = prompt.desk
    for _ in SUBJECTS:
        desk.tix("new", "harmless", "-m", "x")
    with closing(sqlite3.connect(desk.store)) as store, store:
        for number, subject in enumerate(SUBJECTS, start=1):
            store.execute("UPDATE ticket SET subject = ? WHERE number = ?", (subject, number))
    prompt.terminal.send("tix show \t")
    prompt.settle()
    prompt.terminal.send("\t\t")
    prompt.terminal.expect("TIX-17")
    prompt.settle()
    shown = prompt.said
    for number, subject in enumerate(SUBJECTS, start=1):
        if prompt.shell == "zsh":
            assert f"TIX-{number:<2}  -- {safe_line(subject)}" in shown
        elif prompt.shell == "fish":
            assert f"({safe_line(subject)})" in shown
        else:
            assert f"TIX-{number}" in shown
    assert b"\x1b[31mred" not in prompt.terminal.raw
    assert b"\x1b]0;title" not in prompt.terminal.raw
    prompt.terminal.send("\x15")  # ctrl-u; ctrl-c would interrupt a completion that still runs
    assert prompt.enter("tix show 17\t") == ["show", "17"]
    assert prompt.enter("tix close 5 TIX-4\t") == ["close", "5", "TIX-4"]
    _nothing_ran(prompt)


@pytest.mark.parametrize("quote", ["", "'", '"'], ids=["bare", "single", "double"])
def test_hostile_values_arrive_as_they_are(prompt: Prompt, quote: str):
    suggestions = prompt.desk.folder / "suggestions"
    for value in VALUES:
        if quote and value.startswith(("-", quote)):
            continue  # typing the first character would mean something else
        if prompt.shell == "fish" and value.startswith("~"):
            continue  # fish never quotes a tilde, so the script leaves the value out
        suggestions.write_text(f"{value}\t$(touch P)`touch P`\n")
        # Inside quotes the first character is typed, so that there is something to go on from.
        begun = value[0] if quote and value[0].isalnum() else ""
        keys = f"tix x {quote}{begun}\t"
        came = prompt.enter(keys)
        assert came == ["x", value], prompt.terminal
    _nothing_ran(prompt)


def test_values_with_colons_and_equal_signs_go_on_where_they_were(prompt: Prompt):
    suggestions = prompt.desk.folder / "suggestions"
    suggestions.write_text("campaign:42:x\t\n")
    for begun in ("campaign", "campaign:", "campaign:4", "campaign:42:"):
        assert prompt.enter(f"tix x {begun}\t") == ["x", "campaign:42:x"]
    suggestions.write_text("--status=open\tOpen\n")
    for begun in ("--sta", "--status=", "--status=o"):
        assert prompt.enter(f"tix list {begun}\t") == ["list", "--status=open"]
    suggestions.write_text("vip:$(touch${IFS}P)\tx\n")
    assert prompt.enter("tix x vip:\t") == ["x", "vip:$(touch${IFS}P)"]
    _nothing_ran(prompt)


def test_a_field_goes_on_behind_its_sign(prompt: Prompt):
    """``--field br`` is ``brand=`` without a blank, then the answer; names with blanks arrive in one piece."""
    desk = prompt.desk
    desk.tix("init")
    desk.tix("topic", "add", "Out of order")
    desk.tix(
        "topic",
        "field",
        "add",
        "Out of order",
        "brand",
        "--kind",
        "choice",
        "--choices",
        "North,South $(touch P)",
    )
    desk.tix("team", "add", "night; touch P")
    assert prompt.enter("tix new --field br\tNorth") == ["new", "--field", "brand=North"]
    assert prompt.enter("tix new --field brand=N\t") == ["new", "--field", "brand=North"]
    assert prompt.enter("tix new --field br\tS\t") == ["new", "--field", "brand=South $(touch P)"]
    assert prompt.enter("tix new --topic Ou\t -m x") == ["new", "--topic", "Out of order", "-m", "x"]
    assert prompt.enter("tix new -a team:\t -m x") == ["new", "-a", "team:night; touch P", "-m", "x"]
    _nothing_ran(prompt)


def test_what_is_typed_is_not_run_either(prompt: Prompt):
    """The words on the line go to tix as they stand: a substitution in them waits for Enter.

    Zsh's own Tab expands a substitution it stands at before it completes (expand-or-complete), with tix or
    without; the key that only completes is what can be judged here.
    """
    if prompt.shell == "zsh":
        prompt.terminal.send("bindkey '^I' complete-word\r")
        prompt.terminal.expect("READY> ")
    for typed in ("$(touch P)", "`touch P`", "${x:-$(touch P)}", "<(touch P)"):
        prompt.terminal.send(f"tix show {typed} \t\t")
        prompt.settle()
        prompt.terminal.send(f'\x15tix show "{typed}\t\t')
        prompt.settle()
        prompt.terminal.send("\x15")
    assert "$(touch P)" in (prompt.desk.folder / "asked").read_text()
    assert not list(prompt.desk.folder.rglob("P"))


def test_commands_options_and_files(prompt: Prompt):
    desk = prompt.desk
    (desk.folder / "picture of it.png").write_bytes(b"")
    assert prompt.enter("tix sho\t") == ["show"]
    assert prompt.enter("tix list --unass\t") == ["list", "--unassigned"]
    assert prompt.enter("tix list -s open,ans\t") == ["list", "-s", "open,answered"]
    assert prompt.enter("tix new --attach pic\t") == ["new", "--attach", "picture of it.png"]
    assert prompt.enter("tix reply 1 --file=pic\t") == ["reply", "1", "--file=picture of it.png"]
    assert prompt.enter("true; tix sea\t") == ["search"]
    assert prompt.enter("tix new 'ä ö' --for=x --unknown \"y z\" --attach pic\t")[-1] == "picture of it.png"
    _nothing_ran(prompt)
