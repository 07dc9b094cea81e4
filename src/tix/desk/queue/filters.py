"""The filters of a ticket list, the same for every channel."""

from tix.typing import NamedTuple


class Filters(NamedTuple):
    """Filters of a ticket list: filters combine by AND, the values of one by OR.

    Values are text as typed; `criteria` parses them: ``!x`` leaves out, ``none`` is empty. ``sort`` has keys separated
    by commas. ``limit``: the most tickets to list, 0 for all. ``only_count``:
    only the number of tickets is wanted.
    """

    open: bool = False
    closed: bool = False
    all: bool = False
    status: list[str] | None = None
    mine: bool = False
    unassigned: bool = False
    assignee: list[str] | None = None
    requester: list[str] | None = None
    creator: list[str] | None = None
    user: list[str] | None = None
    department: list[str] | None = None
    client: list[str] | None = None
    team: list[str] | None = None
    topic: list[str] | None = None
    asset: list[str] | None = None
    field: list[str] | None = None
    type: list[str] | None = None
    priority: list[str] | None = None
    tag: list[str] | None = None
    about: list[str] | None = None
    title: str | None = None
    due: list[str] | None = None
    overdue: bool = False
    answered: bool | None = None
    since: str | None = None
    until: str | None = None
    created_since: str | None = None
    created_until: str | None = None
    sort: str | None = None
    limit: int | None = None
    only_count: bool = False
