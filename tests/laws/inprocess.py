"""A desk for the laws, which ask it thousands of commands: a `Shell` whose commands always run in this process."""

from __future__ import annotations

from pathlib import Path

from tests import engines
from tests.harness import Result, Shell
from tix.cli.session import os_login


class Desk(Shell):
    """One store in one folder, and who acts on it when."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.now = "2026-11-22T09:00:00Z"
        self.env |= {"TERM": "xterm", "COLUMNS": "200"}
        self.zone = "UTC"
        self.runs = 0

    def tix(
        self,
        *args: object,
        as_: str | None = None,
        now: str | None = None,
        stdin: str | bytes | None = None,
        check: int | None = 0,
        store: Path | None = None,
    ) -> Result:
        """One command on pipes. ``check`` is the exit code it has to have; None accepts any."""
        self.runs += 1
        env = {"TIX_STORE": str(store or self.store), "TZ": self.zone}
        return self.inside(*args, as_=as_, now=now, stdin=stdin, check=check, env=env)

    def copy(self, name: str) -> Path:
        """A second desk like this one as it is now."""
        engines.copy(self.store, copy := self.folder / name)
        return copy

    @property
    def admin(self) -> str:
        """Who made the desk."""
        return os_login()
