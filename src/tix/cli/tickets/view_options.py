"""List through a saved view: its filters and the filters on the command line must both match."""

from __future__ import annotations

from collections.abc import Mapping

from tix.cli.options import Output
from tix.cli.parser import ALONE
from tix.desk.queue.filters import Filters
from tix.typing import Any


def shown(saved: Mapping[str, Any], filters: Filters, output: Output) -> tuple[Filters, Output]:
    """Return the options with the order, the length and the columns of a view where they say nothing else."""
    filters = filters._replace(
        sort=filters.sort or saved["sort"],
        limit=saved["limit"] if filters.limit is None else filters.limit,
    )
    chosen = output.columns is not None or output.json not in (None, ALONE)
    return filters, output if chosen else output._replace(columns=saved["columns"])
