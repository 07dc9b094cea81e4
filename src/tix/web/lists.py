"""Lists of tickets: *My tickets* for everybody, the queue for staff."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from tix.desk.queue import home, pages, select, views
from tix.desk.queue.filters import Filters
from tix.desk.queue.select import of_view
from tix.domain.permissions import require
from tix.domain.views import SHOWN
from tix.errors import InvalidCursor, InvalidValue, TixError
from tix.render.records import queue as records
from tix.web.problems import fault
from tix.web.visit import Html

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tix.desk.context import Desk
    from tix.desk.queue.select import Selection
    from tix.web.visit import Visit

PAGE_SIZE = 25
# The last page that is found by its number, which means to look through those before it; cursors lead further.
LAST_PAGE = 200

# What each list can be filtered by, besides words; the names of parameters are those of the filters.
_MINE = ("status", "department", "topic")
_QUEUE = ("status", "department", "topic", "priority", "assignee", "requester", "creator")
# The tabs of each list, and the filters each stands for.
_MINE_TABS = {"open": Filters(open=True), "closed": Filters(closed=True)}
_QUEUE_TABS = {
    "mine": Filters(mine=True),
    "unassigned": Filters(unassigned=True),
    "queue": Filters(),
    "overdue": Filters(overdue=True),
    "closed": Filters(closed=True),
}


def counts(desk: Desk) -> dict[str, int]:
    """Return how many of the tickets in *My tickets* are opened and resolved."""
    return {
        tab: select.count(desk, select.queue(desk, _own(desk, filters), []))
        for tab, filters in _MINE_TABS.items()
    }


def _own(desk: Desk, filters: Filters) -> Filters:
    """Return the filters of *My tickets*: a requester sees no other ones, staff see more than they have opened."""
    return filters._replace(requester=["@me"]) if desk.actor.is_staff else filters


def mine(visit: Visit) -> Html:
    """List the visitor's tickets, those of their people too where they see them; newest activity first."""
    tab = visit.query.get("show", "open")
    tab = tab if tab in _MINE_TABS else "open"
    asked = _own(visit.desk, _asked(visit, _MINE_TABS[tab], _MINE))
    return _list(visit, "list.html", tab, _MINE, asked._replace(sort="-last_activity_at"))


def queue(visit: Visit) -> Html:
    """List tickets for staff, most urgent first. Raises NotAllowed."""
    require(visit.desk.actor, "triage")
    tab = visit.query.get("show", "queue")
    tab = tab if tab in _QUEUE_TABS else "queue"
    return _list(visit, "queue.html", tab, _QUEUE, _asked(visit, _QUEUE_TABS[tab], _QUEUE))


def _asked(visit: Visit, tab: Filters, names: tuple[str, ...]) -> Filters:
    given: dict[str, Any] = {name: [visit.query[name]] for name in names if visit.query.get(name, "").strip()}
    return tab._replace(**given)


def _list(visit: Visit, template: str, tab: str, names: tuple[str, ...], asked: Filters) -> Html:
    desk, query = visit.desk, visit.query
    words, rows, problem, after = query.get("q", "").strip(), [], None, None
    kept = {name: query[name] for name in ("q", "show", "view", *names) if query.get(name, "").strip()}
    asked_for = urlencode({**kept, "in": template, "as": desk.actor.login}).encode()
    number, place = _place(query, asked_for)
    try:
        chosen = _selected(desk, asked, words, query.get("view", "") if template == "queue.html" else "")
        found = _page(desk, chosen, number, place)
        rows = list(records.of_rows(desk, found.found))
        if found.next is not None:
            after = {"page": number + 1, "after": pages.write(found.next, asked_for)}
    except TixError as error:
        problem = fault(visit.words, error, "q" if isinstance(error, InvalidValue) else "", "filter")
    values: dict[str, Any] = {
        "tab": tab,
        "rows": rows,
        "given": {name: query.get(name, "") for name in ("q", "view", *names)},
        "filtered": any(name in kept for name in ("view", *names)),
        "before": _address(kept, {"page": min(number - 1, LAST_PAGE)}) if number > 1 else None,
        "after": None if after is None else _address(kept, after),
        "page": number,
        "problem": problem,
        "choices": _choices(desk),
        "counts": counts(desk) if template == "list.html" else home.overview(desk).counts,
        "views": [view.name for view in views.visible(desk)] if template == "queue.html" else [],
    }
    return Html(template, values, 422 if problem else 200)


def _selected(desk: Desk, asked: Filters, words: str, view: str) -> Selection:
    saved = None
    if view:
        kept = views.known(desk, view).words
        of_words = Filters(**{name: kept[name] for name in kept if name not in SHOWN})
        saved = (of_words, of_view(desk, of_words))
        asked = asked._replace(sort=kept.get("sort"))
    return select.queue(desk, asked, [words] if words else [], saved)


def _place(query: Mapping[str, str], asked_for: bytes) -> tuple[int, pages.Place | None]:
    """Return the number of the page, and the place after which it begins where the address has a cursor for it."""
    text = query.get("page", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    try:
        place = pages.read(query.get("after"), asked_for)
    except InvalidCursor:
        place = None  # a link to another list, or one that was cut off: its page by number
    return max(1, number if place is not None else min(number, LAST_PAGE)), place


def _page(desk: Desk, chosen: Selection, number: int, place: pages.Place | None) -> pages.Page:
    """Return a page of a list: what comes after a place, else what comes after the pages before it."""
    if place is None and number > 1:
        place = pages.tickets(desk, chosen, (number - 1) * PAGE_SIZE, None).next
        if place is None:
            return pages.Page([])
    return pages.tickets(desk, chosen, PAGE_SIZE, place)


def _address(kept: Mapping[str, str], page: Mapping[str, Any]) -> str:
    return "?" + urlencode({**kept, **page})


def _choices(desk: Desk) -> dict[str, list[str]]:
    """Return what the lists can be filtered by, as far as it has names."""
    from tix.desk.resources import resource
    from tix.desk.resources.organisation import DEPARTMENT
    from tix.desk.tickets import routing

    statuses = (status.name for flow in desk.workflows_in_use() for status in flow.statuses)
    return {
        "status": list(dict.fromkeys(statuses)),
        "department": [one.name for one in resource.listed(desk, DEPARTMENT)],
        "topic": [topic.name for topic in routing.topics(desk)],
        "priority": [one.name for one in reversed(desk.priorities())],
    }
