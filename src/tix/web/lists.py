"""Lists of tickets: *My tickets* for everybody, the queue for staff."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from tix.desk.queue import home, select, views
from tix.desk.queue.filters import Filters
from tix.desk.queue.select import of_view
from tix.domain.permissions import require
from tix.domain.views import SHOWN
from tix.errors import InvalidValue, TixError
from tix.render.records import queue as records
from tix.web.problems import fault
from tix.web.visit import Html

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.desk.queue.select import Selection
    from tix.web.visit import Visit

PAGE_SIZE = 25
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
    words, rows, problem, number = query.get("q", "").strip(), [], None, _page(query.get("page", ""))
    try:
        chosen = _selected(desk, asked, words, query.get("view", "") if template == "queue.html" else "")
        end = number * PAGE_SIZE
        found = records.records(desk, chosen._replace(limit=end + 1))
        rows = list(itertools.islice(found, end - PAGE_SIZE, None))
    except TixError as error:
        problem = fault(visit.words, error, "q" if isinstance(error, InvalidValue) else "", "filter")
    kept = {name: query[name] for name in ("q", "show", "view", *names) if query.get(name, "").strip()}
    values: dict[str, Any] = {
        "tab": tab,
        "rows": rows[:PAGE_SIZE],
        "given": {name: query.get(name, "") for name in ("q", "view", *names)},
        "filtered": any(name in kept for name in ("view", *names)),
        "before": _address(kept, number - 1) if number > 1 else None,
        "after": _address(kept, number + 1) if len(rows) > PAGE_SIZE and number < LAST_PAGE else None,
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


def _page(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    return min(max(number, 1), LAST_PAGE)


def _address(kept: dict[str, str], number: int) -> str:
    return "?" + urlencode({**kept, "page": number})


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
