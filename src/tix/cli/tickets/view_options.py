"""List through a saved view: its filters and the filters on the command line must both match."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tix.cli.options import Output
from tix.desk.queue import select
from tix.desk.queue.filters import Filters
from tix.errors import InvalidValue, TixError
from tix.namedtuples import NamedTuple

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.domain.views import View


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


def seen(desk: Desk, name: str, filters: Filters, output: Output) -> Seen:
    """Look at a list through a view. Raises UnknownName, InvalidValue."""
    from tix.desk.queue import views

    view = views.known(desk, name)
    theirs, columns = options(view)
    filters = filters._replace(
        sort=filters.sort or theirs.sort,
        limit=theirs.limit if filters.limit is None else filters.limit,
    )
    if output.columns is None:
        output = output._replace(columns=columns)
    try:
        viewed = select.of_view(desk, theirs)
    except TixError as error:
        raise _gone(view, error) from error
    return Seen((theirs, viewed), filters, output)


def options(view: View) -> tuple[Filters, list[str] | None]:
    """The words of a view as the options they are; and its columns."""
    held = dict(view.words)
    columns = held.pop("columns", None)
    return Filters(**held), columns


def _gone(view: View, error: TixError) -> TixError:
    """Something that a view names is there no more: which view, and what."""
    shared = " --shared" if view.owner is None else ""
    return InvalidValue(
        f"cannot use the view {view.name}: {error.message}",
        hint=f"to fix it: tix view edit '{view.name}'{shared}",
    )
