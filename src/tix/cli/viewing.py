"""Lists through a saved view: its filters and those of the command line, both of which have to hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from tix.cli import selecting
from tix.cli.arguments import Output
from tix.cli.filters import Filters
from tix.errors import InvalidValue, TixError
from tix.store.search.plan import AGAIN
from tix.store.search.queue import Selection

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.domain.views import View


class Listing(NamedTuple):
    """What to list and how: the selection, how many (-1 is all) or None for the usual, the columns."""

    selection: Selection
    filters: Filters
    output: Output


def words(filters: Filters, columns: list[str] | None) -> dict[str, Any]:
    """The options somebody gave, by their names, as a view keeps them."""
    given = {**filters._asdict(), "columns": columns}
    given.pop("only_count")
    defaults = Filters._field_defaults
    return {name: value for name, value in given.items() if value not in (defaults.get(name), None)}


def seen(desk: Desk, name: str, filters: Filters, output: Output, typed: list[str]) -> Listing:
    """What a list shows through a view. Raises UnknownName, InvalidValue."""
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
        viewed = selecting.of_view(desk, theirs)
    except TixError as error:
        raise _gone(view, error) from error
    return Listing(selecting.queue(desk, filters, typed, (theirs, viewed)), filters, output)


def options(view: View) -> tuple[Filters, list[str] | None]:
    """The words of a view as the options they are; and its columns."""
    held = dict(view.words)
    columns = held.pop("columns", None)
    return Filters(**held), columns


def _gone(view: View, error: TixError) -> TixError:
    """Something that a view names is there no more: which view, and what."""
    shared = " --shared" if view.owner is None else ""
    return InvalidValue(
        f"the view {view.name} cannot be used: {error.message}",
        hint=f"tix view edit '{view.name}'{shared} mends it",
    )


def both(viewed: Mapping[str, Any], typed: Mapping[str, Any]) -> dict[str, Any]:
    """Filters that all have to hold. One that both name is asked twice; answers are numbered on."""
    whole = dict(viewed)
    answers = sum(name.startswith("field_") and name.endswith("_name") for name in viewed)
    for name, value in typed.items():
        if name in ("ids", "status") and name in whole:
            shared = sorted(set(whole[name]).intersection(value))
            whole[name] = shared or whole[name]
            whole |= {} if shared else {"ids": []}
        elif name in ("since", "until") and name in whole:
            whole[name] = (max if name == "since" else min)(whole[name], value)
        elif name.startswith(("field_", "public_")):
            whole[_numbered(name, answers)] = value
        elif name not in whole:
            whole[name] = value
        elif whole[name] != value:
            whole[f"{name}{AGAIN}"] = value
    return whole


def _numbered(name: str, past: int) -> str:
    from tix.desk.queue.names import MOST_FIELDS

    kind, number, *rest = name.split("_")
    if int(number) + past >= MOST_FIELDS:
        raise InvalidValue(f"at most {MOST_FIELDS} fields can be filtered by at once, the view's among them")
    return "_".join((kind, str(int(number) + past), *rest))
