"""Whether the completion of a person's shell is installed, and install it where a file in a folder is enough."""

from __future__ import annotations

import os
from pathlib import Path

from tix.errors import StorageFailure

# Files that a shell reads by itself, below the home folder or the folder of a variable.
_FILES = {
    "bash": ("XDG_DATA_HOME", ".local/share", "bash-completion/completions/tix"),
    "fish": ("XDG_CONFIG_HOME", ".config", "fish/completions/tix.fish"),
}
_STARTS = {
    "bash": (".bashrc", ".bash_profile", ".profile"),
    "zsh": (".zshrc",),
    "fish": (".config/fish/config.fish",),
}
_SYSTEM = {
    "bash": ("/usr/share/bash-completion/completions/tix", "/etc/bash_completion.d/tix"),
    "zsh": ("/usr/share/zsh/site-functions/_tix", "/usr/local/share/zsh/site-functions/_tix"),
    "fish": ("/usr/share/fish/vendor_completions.d/tix.fish",),
}
_ENOUGH = 1_000_000  # bytes of a start-up file that are looked at


def shell() -> str | None:
    """Return the person's shell, if there is a completion for it."""
    name = Path(os.environ.get("SHELL", "")).name
    return name if name in _STARTS else None


def place(shell: str) -> Path | None:
    """Return the file that ``install`` writes; None for a shell that has to be told in its start-up file."""
    if shell not in _FILES:
        return None
    variable, folder, name = _FILES[shell]
    base = os.environ.get(variable, "")
    return (Path(base) if base.startswith("/") else Path.home() / folder) / name


def found(shell: str) -> str | None:
    """Return where the completion is: a file, or the start-up file that loads it."""
    own = place(shell)
    for path in [*([] if own is None else [own]), *map(Path, _SYSTEM[shell])]:
        if path.is_file():
            return str(path)
    for name in _STARTS[shell]:
        path = Path.home() / name
        try:
            with path.open(encoding="utf-8", errors="replace") as file:
                if f"tix completion {shell}" in file.read(_ENOUGH):
                    return str(path)
        except OSError:
            continue
    return None


def to_install() -> str | None:
    """Return the person's shell if its completion is missing and ``install`` can write it."""
    name = shell()
    return name if name is not None and place(name) is not None and found(name) is None else None


def advice(shell: str) -> str:
    """Return what to do for a shell without it."""
    if place(shell) is not None:
        return "tix doctor --fix"
    return f"add this line to ~/.zshrc: source <(tix completion {shell})"


def install(shell: str) -> Path:
    """Write the completion script of a shell into its folder. Raises StorageFailure."""
    from tix.cli.completion.script import script

    path = place(shell)
    assert path is not None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(script(shell), encoding="utf-8")
    except OSError as error:
        raise StorageFailure(f"cannot write {path}: {error.strerror}") from error
    return path
