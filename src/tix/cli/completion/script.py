"""Our completion scripts for the shells."""

from __future__ import annotations

from pathlib import Path

from tix.errors import InvalidValue

SHELLS = ("bash", "zsh", "fish")


def script(shell: str) -> str:
    """Return the script for a shell. Raises InvalidValue for one we have none for."""
    if shell not in SHELLS:
        raise InvalidValue(f"no completion script for '{shell}'", hint="use one of " + ", ".join(SHELLS))
    return (Path(__file__).parent / "scripts" / f"tix.{shell}").read_text(encoding="utf-8")
