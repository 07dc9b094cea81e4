"""Show on a terminal that a command is at work: after a second, on stderr, and gone when it is done.

A thread draws, so that something moves while SQLite works. Where nothing may move (``ACCESSIBLE``, CI, a dumb terminal)
a line of words says the same from time to time. Elsewhere, with ``--quiet`` and with JSON there is nothing.
"""

from __future__ import annotations

import sys

from tix.cli.messages import draws_progress
from tix.cli.personal.settings import is_accessible
from tix.cli.terminal.look import uses_color
from tix.cli.variables import is_dumb, is_on
from tix.typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from threading import Event, Thread
    from types import TracebackType

    from tix.cli.session import Session

# What takes less is not waited for.
_PATIENCE_SECONDS = 1.0
# Between two drawings, and between two lines of words.
_REDRAWN_SECONDS, _SAID_SECONDS = 0.2, 10.0


class Progress:
    """A block that may take long: ``with Progress(session, "Exporting") as progress: progress("reading", 3, 10)``.

    ``what`` is said before the first call, and where the block calls nothing. ``beside``: stdout is written meanwhile,
    so that nothing is shown where both are one terminal.
    """

    def __init__(self, session: Session, what: str, *, beside: bool = False) -> None:
        self._session = session
        self._what = what
        self._in_color = False
        self._at: tuple[str, int | None, int | None] = (what, None, None)
        self._stop: Event | None = None
        self._thread: Thread | None = None
        self._shows = not session.options.quiet and draws_progress(session.early.argv)
        if beside and session.on_terminal:
            self._shows = False

    def __enter__(self) -> Self:
        if self._shows:
            from threading import Event, Thread

            self._stop = Event()
            self._in_color = uses_color(self._session, sys.stderr)
            is_plain = is_dumb() or is_on("CI") or is_accessible()
            self._thread = Thread(target=self._say if is_plain else self._draw, daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._stop is not None and self._thread is not None:
            self._stop.set()
            self._thread.join()

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Say how far it is: so many of so many, where that is known."""
        self._at = (stage, done, total)

    def _is_over(self, seconds: float) -> bool:
        assert self._stop is not None
        return self._stop.wait(seconds)

    def _say(self) -> None:
        wait = _PATIENCE_SECONDS
        while not self._is_over(wait):
            sys.stderr.write(f"{self._words()} …\n")
            sys.stderr.flush()
            wait = _SAID_SECONDS

    def _words(self) -> str:
        stage, done, total = self._at
        if done is None:
            return stage
        words = f"{self._what}: {stage} {done:,}"
        return words if total is None else f"{words} of {total:,}"

    def _draw(self) -> None:
        if self._is_over(_PATIENCE_SECONDS):
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bar

        plain = not self._in_color
        console = Console(stderr=True, markup=False, emoji=False, highlight=False, no_color=plain)
        counted = (BarColumn(), MofNCompleteColumn())
        waiting: tuple[Any, ...] = (SpinnerColumn(), TextColumn("{task.description}", markup=False))
        has_count = self._at[1] is not None
        columns = (*waiting, *(counted if has_count else ()), TimeElapsedColumn())
        with Bar(
            *columns, console=console, transient=True, redirect_stdout=False, refresh_per_second=5
        ) as bar:
            task = bar.add_task(self._what, total=None)
            while True:
                stage, done, total = self._at
                if done is not None and not has_count:
                    has_count = True
                    bar.columns = (*waiting, *counted, TimeElapsedColumn())
                words = self._what if stage == self._what else f"{self._what}: {stage}"
                bar.update(task, description=words, completed=done or 0, total=total)
                if self._is_over(_REDRAWN_SECONDS):
                    return
