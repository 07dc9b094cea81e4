"""How a selection is read: in branches, each found and ordered by one index, whose queries are merged.

The scope's clause comes first in every branch query; a branch never decides who may see what. The planner does not
know how many rows a value has, and by guessing sorts a whole desk (tried): so the index is named, except where a
filter leaves few rows anyway.

In the code a branch is an ``Branch`` and a branch query a ``BranchQuery``.
"""

from collections.abc import Mapping, Sequence

from tix.domain.permissions import Scope
from tix.store.connection import scope_values
from tix.typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from tix.store.engines import Texts

Filters = Mapping[str, "list[Any] | int | None"]
Values = dict[str, Any]

# Suffix of a second filter of the same name that has to match, too: a saved view and the command line both set it.
AGAIN = "&2"
# For tickets found by their ids.
BY_ID = "id"

# Filters without a separate clause for a single value.
_SEVERAL = frozenset(
    {"open_status", "status", "user", "tag", "ids", "lapsed_to", "asset"}
    | {f"field_{number}" for number in range(4)}
)
# Filters that imply an open ticket; then the index of the queue covers the clause.
_OPEN = frozenset({"queue", "open", "open_status", "overdue"})
# Filters with an index of their own and few rows per value.
_NARROW = frozenset({"ids", "about", "requester", "creator", "user"})
# Filters by one value, and the index that orders its rows by activity; those with the fewest rows first.
_INDEXED = {
    "client": "by_client",
    "mine": "by_assignee",
    "assignee": "by_assignee",
    "team": "by_team",
    "topic": "by_topic",
    "no_department": "by_department",
    "department": "by_department",
    "no_type": "by_type",
    "type": "by_type",
    "rank": "by_rank",
}
# Filters by several values that are each looked up in an index, where somebody sees the whole desk.
_SPREAD = ("client", "assignee", "team", "topic", "department", "type", "rank")
# An agent sees so much of these that their part of it need not be looked up separately.
_FEW_FOR_AGENTS = frozenset({"client", "mine", "assignee", "team", "no_department"})
# Indexes with few rows per value: unrecorded closings are found in those, else among all tickets waiting to close.
_SHORT = frozenset({"", BY_ID, "by_requester", "by_assignee"})
# An agent of more departments and teams sees so much that a scan of the desk finds it soon.
_MOST_ARMS = 40


class Branch(NamedTuple):
    """A branch, a part of what is searched: its clause (None: all of it), and the index that finds it.

    The index is "" for any, and ``BY_ID`` for none: the clause names the tickets.
    """

    clause: str | None
    using: str


class BranchQuery(NamedTuple):
    """A branch query: its clauses, the key it is ordered by, and what follows FROM: the tickets, in an index."""

    where: str
    key: str
    source: str


def _source(texts: "Texts", using: str) -> str:
    """Return the tickets, in the index that a branch names."""
    if using == BY_ID:
        return texts.SPELLINGS["unindexed"].format(table="ticket")
    return texts.SPELLINGS["indexed"].format(table="ticket", index=using) if using else "ticket"


def is_open(filters: Filters) -> bool:
    """Return whether the filters imply that the ticket is open."""
    return not filters.keys().isdisjoint(_OPEN)


def clauses(texts: "Texts", scope: Scope, filters: Filters, now: int) -> tuple[list[str], Values]:
    """Return the scope's clause, then one for each filter; and their values."""
    found = [texts.SCOPES[scope.kind]]
    values = {**scope_values(scope), "now": now}
    still_open = is_open(filters)
    for given, wanted in filters.items():
        if given.endswith(AGAIN):
            _ask_again(texts, given.removesuffix(AGAIN), wanted, found, values)
            continue
        # An open ticket has not closed automatically.
        name = f"{given}_recorded" if still_open and given in ("since", "until") else given
        if name.endswith("_name"):  # the key of its custom field
            values[name] = wanted
            continue
        if not isinstance(wanted, list):
            found.append(texts.FILTERS[name])
            values.update({} if wanted is None else {name: wanted})
        elif len(wanted) == 1 and _has_single(texts, name):
            found.append(texts.FILTERS[f"{name}_is"])
            values[f"{name}_is"] = wanted[0]
        else:
            found.append(texts.FILTERS[name])
            values[name] = array(wanted)
    return found, values


def _has_single(texts: "Texts", name: str) -> bool:
    """Return whether a filter has a separate clause for a single value."""
    return name not in _SEVERAL and f"{name}_is" in texts.FILTERS


def _ask_again(
    texts: "Texts", name: str, wanted: list[Any] | int | None, found: list[str], values: Values
) -> None:
    """Add a clause for a second value of the same filter, under a parameter of its own."""
    import re

    if isinstance(wanted, list) and len(wanted) == 1 and _has_single(texts, name):
        name, wanted = f"{name}_is", wanted[0]
    found.append(re.sub(rf":{name}\b", f":{name}_again", texts.FILTERS[name]))
    values[f"{name}_again"] = array(wanted) if isinstance(wanted, list) else wanted


def array(values: Sequence[Any]) -> str:
    """Return a JSON array; of ids without loading json, which costs 1.5 ms."""
    if all(type(value) is int for value in values):
        return f"[{','.join(map(str, values))}]"
    from tix.domain.json_columns import encoder

    return encoder()(values)


# ---------------------------------------------------------------------------------------------- branches


def arms(
    texts: "Texts", scope: Scope, filters: Filters, *, whole: bool = False
) -> tuple[list[Branch], Values]:
    """Return the branches that together are all a selection can find, each in one index. They may overlap.

    ``whole``: all of it is wanted, not a page; large parts are then read in one scan.
    """
    if not filters.keys().isdisjoint(_NARROW):
        return [Branch(None, "")], {}
    still_open = is_open(filters)
    if scope.kind == "own":
        return _own(texts, "open" if still_open else "by"), {}
    if scope.kind == "theirs":
        return _theirs(texts, scope, "open" if still_open else "by"), {}
    if still_open:
        return [Branch(None, "open_queue")], {}
    if "mine_or_team" in filters:
        return _held(texts, scope)
    named = next((name for name in _INDEXED if name in filters and _is_one(filters[name])), None)
    wanted = filters.get("department")
    inside = named == "department" and isinstance(wanted, list) and wanted[0] in scope.departments
    if named is not None and (scope.kind == "all" or named in _FEW_FOR_AGENTS or inside):
        return [Branch(None, _INDEXED[named])], {}
    several = next((name for name in _SPREAD if _are_several(filters.get(name))), None)
    if several is not None and scope.kind == "all" and not whole:
        wanted = filters[several]
        assert isinstance(wanted, list)
        return _each(texts, several, wanted, "any")
    if scope.kind == "all" or whole or len(scope.departments) + len(scope.teams) > _MOST_ARMS:
        return [Branch(None, "by_activity")], {}
    return _desk(texts, scope)


def apart(parts: list[Branch]) -> list[Branch]:
    """Return branches that do not overlap: each without what is in those before it."""
    earlier: list[str] = []
    found = []
    for arm in parts:
        if arm.clause is None:
            return parts
        found.append(arm._replace(clause=" AND ".join([arm.clause, *(f"{c} IS NOT TRUE" for c in earlier)])))
        earlier.append(arm.clause)
    return found


def _are_several(wanted: object) -> bool:
    return isinstance(wanted, list) and 1 < len(wanted) <= _MOST_ARMS


def _is_one(wanted: object) -> bool:
    return not isinstance(wanted, list) or len(wanted) == 1


def _watched(texts: "Texts") -> Branch:
    """Return the branch of the tickets somebody follows, which are few: by their ids."""
    return Branch(texts.ARMS["watched"], BY_ID)


def _own(texts: "Texts", kind: str) -> list[Branch]:
    """Return the branches for one's own tickets and those one follows."""
    return [Branch(texts.ARMS["requested"], f"{kind}_requester"), _watched(texts)]


def _theirs(texts: "Texts", scope: Scope, kind: str) -> list[Branch]:
    """Return the branches for one's own tickets, one's reports', one's client's and those one follows."""
    found = [Branch(texts.ARMS[name], f"{kind}_requester") for name in ("requested", "of_reports")]
    if scope.client is not None:
        found.append(Branch(texts.ARMS["of_client"], f"{kind}_client"))
    return [*found, _watched(texts)]


def _held(texts: "Texts", scope: Scope) -> tuple[list[Branch], Values]:
    """Return the branches for what is assigned to somebody or to their teams."""
    found, values = _each(texts, "team", scope.teams)
    return [Branch(texts.ARMS["held"], "by_assignee"), *found], values


def _desk(texts: "Texts", scope: Scope) -> tuple[list[Branch], Values]:
    """Return an agent's branches: departments, none, their own tickets, their teams', those they follow."""
    departments, values = _each(texts, "department", scope.departments)
    if departments:
        departments.append(Branch(texts.ARMS["nowhere"], "by_department"))
    held, more = _held(texts, scope)
    own = [
        Branch(texts.ARMS[name], f"by_{index}")
        for name, index in (("requested", "requester"), ("created", "creator"))
    ]
    return [*departments, *held, *own, _watched(texts)], values | more


def _each(texts: "Texts", name: str, wanted: Sequence[Any], kind: str = "of") -> tuple[list[Branch], Values]:
    """Return a branch for each of several values: an index is ordered for one value at a time."""
    clause = texts.ARMS[f"{kind}_{name}"]
    found = [
        Branch(clause.replace(f":{kind}_{name}", f":{kind}_{name}_{number}"), f"by_{name}")
        for number in range(len(wanted))
    ]
    return found, {f"{kind}_{name}_{number}": value for number, value in enumerate(wanted)}


# ----------------------------------------------------------------------------------------- branch queries


def stream(texts: "Texts", clauses: list[str], arm: Branch) -> BranchQuery:
    """Return the query for the tickets of a branch that the clauses leave."""
    return BranchQuery(_all(clauses, arm.clause), "ticket.number", _source(texts, arm.using))


def by_activity(
    texts: "Texts", scope: Scope, filters: Filters, parts: list[Branch], now: int
) -> tuple[list[BranchQuery], Values]:
    """Return a selection as branch queries that are each ordered by activity.

    A ticket that has closed automatically but unrecorded is as active as its closing, and has the status that
    time gave it: those have branch queries of their own. With ``--status`` there is one query for each status.
    Queries of different branches overlap as the branches do.
    """
    shared = {name: value for name, value in filters.items() if name not in ("status", "since", "until")}
    window = {name: value for name, value in filters.items() if name in ("since", "until")}
    statuses = filters.get("status")
    common, values = clauses(texts, scope, shared, now)
    recorded = [*common, *(texts.FILTERS[f"{name}_recorded"] for name in window)]
    lapsed = [*common, texts.EXPRESSIONS["lapsed"]]
    lapsed += [texts.FILTERS[f"{name}_lapsed"] for name in window]
    for name, value in window.items():
        values[f"{name}_recorded"] = values[f"{name}_lapsed"] = value
    if isinstance(statuses, list):
        states = [
            texts.FILTERS["status_is"].replace(":status_is", f":status_{number}")
            for number in range(len(statuses))
        ]
        values |= {f"status_{number}": status for number, status in enumerate(statuses)}
        values["lapsed_to"] = array(statuses)
        lapsed.append(texts.FILTERS["lapsed_to"])
    else:
        states = [texts.EXPRESSIONS["not_lapsed"]]
    found = []
    for arm in parts:
        index = "by_status" if isinstance(statuses, list) and arm.using == "by_activity" else arm.using
        found += [
            BranchQuery(_all(recorded, state, arm.clause), "ticket.last_activity_at", _source(texts, index))
            for state in states
        ]
    if is_open(filters):
        return found, values
    if all(arm.using in _SHORT for arm in parts):
        found += [
            BranchQuery(_all(lapsed, arm.clause), "ticket.lapses_at", _source(texts, arm.using))
            for arm in parts
        ]
    else:
        found.append(BranchQuery(_all(lapsed), "ticket.lapses_at", _source(texts, "lapsing")))
    return found, values


def _all(first: list[str], *others: str | None) -> str:
    return " AND ".join([*first, *(clause for clause in others if clause is not None)])
