"""``tix completion``: our own script for a shell.

Not Typer's: its script for zsh evaluates what the program prints, so a subject could run code. Ours read it
as data (``cli.commands.complete`` describes the protocol).
"""

from __future__ import annotations

import sys
from pathlib import Path

from tix.cli import app
from tix.cli.parameters import Argument
from tix.cli.session import Session
from tix.errors import InvalidValue
from tix.typing import Annotated

SHELLS = ("bash", "zsh", "fish")
_EPILOG = (
    "bash: source <(tix completion bash) in ~/.bashrc. "
    "zsh: source <(tix completion zsh) in ~/.zshrc, or save the script as _tix in a folder of $fpath. "
    "fish: tix completion fish > ~/.config/fish/completions/tix.fish"
)


def script(shell: str) -> str:
    """The script for a shell. Raises InvalidValue for one we have none for."""
    if shell not in SHELLS:
        raise InvalidValue(f"no completion script for '{shell}'", hint="use one of " + ", ".join(SHELLS))
    return (Path(__file__).parents[1] / "completion" / "scripts" / f"tix.{shell}").read_text(encoding="utf-8")


def print_script(
    session: Session,  # noqa: ARG001  # every command gets one
    shell: Annotated[str, Argument(metavar="SHELL", help="Shell: bash, zsh or fish.")],
) -> None:
    """Print a completion script for bash, zsh or fish."""
    sys.stdout.write(script(shell))


command = app.Command(print_script, epilog=_EPILOG)
