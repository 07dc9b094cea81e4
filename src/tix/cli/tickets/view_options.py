"""List through a saved view: its filters and the filters on the command line must both match."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tix.cli.options import Output
from tix.desk.queue.filters import Filters
from tix.namedtuples import NamedTuple

if TYPE_CHECKING:
    from tix.desk.context import Desk


class Seen(NamedTuple):
    """What a list is seen through: the ``view``'s filters, and the options of both together."""

    view: tuple[Filters, dict[str, Any]]
    filters: Filters
    output: Output


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


def seen(desk: Desk, name: str, filters: Filters, output: Output) -> Seen:
    """Look at a list through a view. Raises UnknownName, InvalidValue."""
    from tix.desk.queue import views
    from tix.render.records.views import record

    view = views.known(desk, name)
    filters, output = shown(record(view), filters, output)
    return Seen(views.through(desk, view), filters, output)
