"""The whole command line run inside this process: what `tests.harness.Shell` does, a hundred times as often.

Pipes only; what needs a terminal, a signal or a second process is in the harness.
"""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.harness import Result
from tix.cli.main import main
from tix.cli.session import os_login
from tix.store import connection

# These tests are about answers, not about power cuts; syncing would be most of their time.
_UNSYNCED = tuple(
    "PRAGMA synchronous=OFF" if pragma.startswith("PRAGMA synchronous") else pragma
    for pragma in connection._PRAGMAS
)


class Desk:
    """One store in one folder, and who acts on it when."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = folder / "desk.db"
        self.now = "2026-11-22T09:00:00Z"
        self.zone = "UTC"
        self.runs = 0

    def tix(
        self,
        *args: object,
        as_: str | None = None,
        now: str | None = None,
        stdin: str | None = None,
        check: int | None = 0,
        store: Path | None = None,
    ) -> Result:
        """One command on pipes. ``check`` is the exit code it has to have; None accepts any."""
        argv = [str(word) for word in args]
        with (
            _surroundings(self.folder, store or self.store, now or self.now, as_, self.zone),
            _pipes(stdin) as (out, err),
        ):
            code = main(argv)
            sys.stdout.flush()
            sys.stderr.flush()
            result = Result(("tix", *argv), out.getvalue(), err.getvalue(), code)
        self.runs += 1
        assert check is None or code == check, f"expected exit {check}\n{result}"
        return result

    def people(self, *who: str) -> None:
        """Adds people, each written ``login:role``."""
        for word in who:
            login, role = word.split(":")
            name, email = login.capitalize(), f"{login}@x.example"
            self.tix("user", "add", login, "--role", role, "--name", name, "--email", email)

    def copy(self, name: str) -> Path:
        """A second desk like this one as it is now."""
        return Path(shutil.copy(self.store, self.folder / name))

    @property
    def admin(self) -> str:
        """Who made the desk."""
        return os_login()


@contextmanager
def _surroundings(folder: Path, store: Path, now: str, as_: str | None, zone: str = "UTC") -> Iterator[None]:
    wanted = {
        "HOME": str(folder),
        "TIX_STORE": str(store),
        "TIX_NOW": now,
        "TZ": zone,
        "TERM": "xterm",
        "COLUMNS": "200",
    }
    for name in ("CONFIG", "DATA", "CACHE", "STATE"):
        wanted[f"XDG_{name}_HOME"] = str(folder / name.lower())
    if as_ is not None:
        wanted["TIX_USER"] = as_
    before, mask, here = dict(os.environ), os.umask(0o022), Path.cwd()
    for name in [name for name in os.environ if name.startswith(("TIX_", "NO_COLOR", "PAGER"))]:
        del os.environ[name]
    os.environ.update(wanted)
    os.chdir(folder)
    pragmas, connection._PRAGMAS = connection._PRAGMAS, _UNSYNCED
    try:
        yield
    finally:
        connection._PRAGMAS = pragmas
        os.chdir(here)
        os.umask(mask)
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def _pipes(stdin: str | None) -> Iterator[tuple[io.BytesIO, io.BytesIO]]:
    before = sys.stdin, sys.stdout, sys.stderr
    out, err = io.BytesIO(), io.BytesIO()
    sys.stdin = io.TextIOWrapper(io.BytesIO((stdin or "").encode()), encoding="utf-8")
    sys.stdout = io.TextIOWrapper(out, encoding="utf-8", write_through=True)
    sys.stderr = io.TextIOWrapper(err, encoding="utf-8", write_through=True)
    try:
        yield out, err
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
            stream.detach()
        sys.stdin, sys.stdout, sys.stderr = before
