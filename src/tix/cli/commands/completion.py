"""``tix completion``: our own script for a shell.

Not Typer's: its script for zsh evaluates what the program prints, so a subject could run code. Ours read it
as data (``cli.commands.complete`` describes the protocol).
"""

from __future__ import annotations

import sys

from tix.cli import app
from tix.cli.completion.script import script
from tix.cli.parameters import Argument
from tix.cli.session import Session
from tix.typing import Annotated

_EPILOG = (
    "bash: source <(tix completion bash) in ~/.bashrc. "
    "zsh: source <(tix completion zsh) in ~/.zshrc, or save the script as _tix in a folder of $fpath. "
    "fish: tix completion fish > ~/.config/fish/completions/tix.fish"
)


def print_script(
    session: Session,  # noqa: ARG001  # every command gets one
    shell: Annotated[str, Argument(metavar="SHELL", help="Shell: bash, zsh or fish.")],
) -> None:
    """Print a completion script for bash, zsh or fish."""
    sys.stdout.write(script(shell))


command = app.Command(print_script, epilog=_EPILOG)
