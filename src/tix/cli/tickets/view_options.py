"""List through a saved view: its filters and the filters on the command line must both match."""

from __future__ import annotations

from collections.abc import Mapping

from tix.cli.options import Output
from tix.desk.queue.filters import Filters
from tix.typing import Any


def words(filters: Filters, columns: list[str] | None) -> dict[str, Any]:
    """Return the given options by name, as a view stores them."""
    given = {**filters._asdict(), "columns": columns}
    given.pop("only_count")
    defaults = Filters._field_defaults
    return {name: value for name, value in given.items() if value not in (defaults.get(name), None)}


def shown(saved: Mapping[str, Any], filters: Filters, output: Output) -> tuple[Filters, Output]:
    """Return the options with the order, the length and the columns of a view where they say nothing else."""
    filters = filters._replace(
        sort=filters.sort or saved["sort"],
        limit=saved["limit"] if filters.limit is None else filters.limit,
    )
    return filters, output._replace(columns=saved["columns"]) if output.columns is None else output
