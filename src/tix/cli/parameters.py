"""Declare the options and arguments of commands: the metadata of their ``Annotated`` parameters.

Plain values, which cost nothing to import. ``cli.compile`` writes the table that ``cli.parser`` reads by, and
``cli.explained`` builds the Typer commands that print help and explain mistakes; both read these declarations.
"""

from __future__ import annotations


class Option:
    """An option: its names, such as ``-p`` and ``--priority`` or ``--active/--inactive``, and its line in the help.

    ``metavar`` is what the help calls its value; one with a comma takes a list of words. ``min`` and ``max`` bound
    a number. ``alone`` is the value of an option that may stand alone: ``--json``.
    """

    __slots__ = ("alone", "help", "max", "metavar", "min", "names")

    def __init__(
        self,
        *names: str,
        help: str,
        metavar: str | None = None,
        min: int | None = None,
        max: int | None = None,
        alone: str | None = None,
    ) -> None:
        self.names = names
        self.help = help
        self.metavar = metavar
        self.min = min
        self.max = max
        self.alone = alone


class Argument:
    """A positional argument: what the help calls it, and its line there.

    ``usage`` replaces it in the usage of its command, where its words mean different things: ``ID… WHO``.
    ``needed`` is False where something else may stand for it: ``--where``.
    """

    __slots__ = ("help", "metavar", "needed", "usage")

    def __init__(
        self, *, metavar: str, help: str | None = None, usage: str | None = None, needed: bool = True
    ) -> None:
        self.needed = needed
        self.metavar = metavar
        self.help = help
        self.usage = usage
