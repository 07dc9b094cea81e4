"""The rows of a page: of options, and of whatever has a term and a description."""

from __future__ import annotations

from collections.abc import Iterable

from tix.cli import declared
from tix.cli.declared import Parameter
from tix.cli.filter_options import FilterOptions
from tix.cli.options import Globals, Output
from tix.cli.parameters import Option


def row(parameter: Parameter) -> tuple[str, str]:
    """Return an option and its line: ``-s, --status S,…``."""
    told = parameter.declared
    assert isinstance(told, Option)
    names = ", ".join(sorted(told.names, key=len)).replace("/", " / ")
    required = " (required)" if parameter.is_required else ""
    return f"{names} {told.metavar}" if told.metavar else names, f"{prose(told.help)}{required}"


def option_rows(kind: type[Output | Globals | FilterOptions]) -> str:
    """Return the rows of an option set."""
    return lines(map(row, declared.parameters_of(kind)))


def lines(rows: Iterable[tuple[str, str]]) -> str:
    """Return rows of terms and descriptions."""
    return "".join(f"{term}\t{text}\n" for term, text in rows)


def prose(text: str | None) -> str:
    """Return a text on one line."""
    return " ".join((text or "").split())
