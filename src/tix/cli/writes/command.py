"""Declare commands that write, but not to named tickets: each can be tried, repeated, and says what it did."""

from __future__ import annotations

from collections.abc import Callable

from tix.cli.app import TRIAL, Command
from tix.cli.options import Once, Trial
from tix.cli.session import Session
from tix.render.records.effects import with_effects
from tix.render.records.formats import Kind
from tix.typing import Any


class Writing(Command):
    """A command with ``--dry-run`` and ``--idempotency-key``; what it prints of a ``kind`` has an effect."""

    def call(self, session: Session, name: str, values: dict[str, Any]) -> Any:
        """Call the function in a transaction that can be taken back, or that happens once."""
        from tix.cli.writes import trial

        return trial.run(session, name, self.function, values)

    def option_sets(self) -> dict[str, Any]:
        """Return the default of each option set, with that of how it writes."""
        if self.signature is not None:
            names: Any = self.signature.declared
        else:
            names = self.function.__code__.co_varnames[: self.function.__code__.co_argcount]
        return {**super().option_sets(), TRIAL: Once() if "dry_run" in names else Trial()}


def writing(kind: Kind) -> Callable[[Callable[..., Any]], Writing]:
    """Declare ``function(session, …)`` as a command that writes and prints records of a kind."""

    def declare(function: Callable[..., Any]) -> Writing:
        return Writing(function, kind=with_effects(kind))

    return declare
