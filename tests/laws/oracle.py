"""The lifecycle page, written down a second time and by hand.

Nothing here comes from `tix.domain`: the tables are the page's own, cell by cell, and the sums are done the
long way. A cell says what a trigger does to a ticket in a status:

- a status: it goes there;
- ``stays``: the entry is stored and nothing else changes (replies);
- ``already``: exit 0, nothing is recorded;
- ``4`` or ``5``: refused with that exit code.
"""

from __future__ import annotations

from dataclasses import dataclass

STAFF, REQUESTER = "staff", "requester"
WINDOW = 72 * 3600

# Which phase each status is in; ``paused``: the clock stands; ``final``: nothing may follow.
STATUSES = {
    "standard": {
        "open": "open",
        "answered": "open",
        "in-progress": "open",
        "on-hold": "open paused",
        "resolved": "resolved",
        "closed": "closed",
    },
    "dphish": {"open": "open", "closed": "closed"},
    "backoffice": {"open": "open", "answered": "open", "inprocess": "open", "closed": "closed"},
    "helpdesk": {"opened": "open", "resolved": "resolved"},
    "osticket": {"open": "open", "resolved": "resolved", "closed": "closed"},
    "itflow": {
        "open": "open",
        "working": "open",
        "hold": "open paused",
        "resolved": "resolved",
        "closed": "closed final",
    },
}

ALIASES = {
    "standard": {
        "inprocess": "in-progress",
        "in-process": "in-progress",
        "working": "in-progress",
        "hold": "on-hold",
        "auto-close": "resolved",
    },
    "itflow": {"auto-close": "resolved"},
}

# Where the elapsed rule leads from.
LAPSES = {"standard": {"resolved": "closed"}, "itflow": {"resolved": "closed"}}

RATED_IN = {
    "standard": {"resolved", "closed"},
    "dphish": {"closed"},
    "backoffice": {"closed"},
    "helpdesk": {"resolved"},
    "osticket": {"resolved", "closed"},
    "itflow": {"resolved", "closed"},
}

CLAIMS = {"osticket"}

# "start, hold, resolve | – for a requester": 4 comes before any question of state. "close, reopen: as the
# workflow says": where only staff may, a requester's is 4; where nobody may, it is 5.
_TABLES = """
standard            open         answered     in-progress  on-hold      resolved     closed
  staff reply       answered     stays        stays        stays        stays        stays
  requester reply   stays        open         open         open         open         open
  staff start       in-progress  in-progress  already      in-progress  5            5
  requester start   4            4            4            4            4            4
  staff hold        on-hold      on-hold      on-hold      already      5            5
  requester hold    4            4            4            4            4            4
  staff resolve     resolved     resolved     resolved     resolved     already      5
  requester resolve 4            4            4            4            4            4
  staff close       closed       closed       closed       closed       closed       already
  requester close   closed       closed       closed       closed       closed       already
  staff reopen      already      already      already      already      open         open
  requester reopen  already      already      already      already      open         open

dphish              open         closed
  staff reply       stays        stays
  requester reply   stays        open
  staff start       5            5
  requester start   4            4
  staff hold        5            5
  requester hold    4            4
  staff resolve     5            5
  requester resolve 4            4
  staff close       closed       already
  requester close   closed       already
  staff reopen      already      open
  requester reopen  4            4

backoffice          open         answered     inprocess    closed
  staff reply       answered     stays        stays        stays
  requester reply   stays        open         stays        open
  staff start       inprocess    inprocess    already      5
  requester start   4            4            4            4
  staff hold        5            5            5            5
  requester hold    4            4            4            4
  staff resolve     5            5            5            5
  requester resolve 4            4            4            4
  staff close       closed       closed       closed       already
  requester close   closed       closed       closed       already
  staff reopen      already      already      already      open
  requester reopen  already      already      already      open

helpdesk            opened       resolved
  staff reply       stays        stays
  requester reply   stays        opened
  staff start       5            5
  requester start   4            4
  staff hold        5            5
  requester hold    4            4
  staff resolve     resolved     already
  requester resolve 4            4
  staff close       5            5
  requester close   5            5
  staff reopen      already      opened
  requester reopen  already      opened

osticket            open         resolved     closed
  staff reply       stays        stays        stays
  requester reply   stays        open         open
  staff start       5            5            5
  requester start   4            4            4
  staff hold        5            5            5
  requester hold    4            4            4
  staff resolve     resolved     already      5
  requester resolve 4            4            4
  staff close       closed       closed       already
  requester close   closed       closed       already
  staff reopen      already      open         open
  requester reopen  already      open         open

itflow              open         working      hold         resolved     closed
  staff reply       stays        stays        stays        stays        5
  requester reply   stays        stays        stays        open         5
  staff start       working      already      working      5            5
  requester start   4            4            4            4            4
  staff hold        hold         hold         already      5            5
  requester hold    4            4            4            4            4
  staff resolve     resolved     resolved     resolved     already      5
  requester resolve 4            4            4            4            4
  staff close       closed       closed       closed       closed       already
  requester close   closed       closed       closed       closed       already
  staff reopen      already      already      already      open         5
  requester reopen  already      already      already      open         5
"""


def _read() -> dict[tuple[str, str, str, str], str]:
    """(workflow, status, side, trigger) → cell."""
    found = {}
    for block in _TABLES.strip().split("\n\n"):
        head, *rows = block.split("\n")
        workflow, *statuses = head.split()
        for row in rows:
            side, trigger, *cells = row.split()
            for status, cell in zip(statuses, cells, strict=True):
                found[workflow, status, side, trigger] = cell
    return found


CELLS = _read()


def phase(workflow: str, status: str) -> str:
    """The phase of a status."""
    return STATUSES[workflow][status].split()[0]


def paused(workflow: str, status: str) -> bool:
    """Whether the clock stands there."""
    return "paused" in STATUSES[workflow][status]


def final(workflow: str, status: str) -> bool:
    """Whether nothing may follow."""
    return "final" in STATUSES[workflow][status]


def outcome(workflow: str, status: str, side: str, trigger: str) -> str:
    """What a trigger does there."""
    return CELLS[workflow, status, side, trigger]


def by_name(workflow: str, status: str, target: str) -> str:
    """What staff get who set a status by name: its trigger, with the same guards."""
    if target == status:
        return "already"
    here, there = phase(workflow, status), phase(workflow, target)
    if here == "open" and there == "open":
        return target
    trigger = {"open": "reopen", "resolved": "resolve", "closed": "close"}[there]
    cell = outcome(workflow, status, STAFF, trigger)
    return "5" if cell in ("4", "5", "already") else target


@dataclass
class Oracle:
    """One ticket as the lifecycle page says it is, at any moment one asks.

    What time does is worked out whenever somebody looks; nothing is recorded. All instants are seconds.
    """

    workflow: str
    status: str
    requester: str
    created_at: int
    window: int = WINDOW
    claims: bool = False
    assignee: str | None = None
    answered: bool = False
    first_response: bool = False
    resolved_at: int | None = None
    closed_at: int | None = None
    closed_by: str | None = None
    reopened: int = 0
    last_activity_at: int = 0
    last_replier: str | None = None
    due_at: int | None = None
    paused_since: int | None = None
    rating: int | None = None
    # "A new value counts from each resolved ticket's own base but closes nothing earlier than …"
    not_before: int = 0

    def __post_init__(self) -> None:
        self.last_activity_at = self.last_activity_at or self.created_at

    @property
    def phase(self) -> str:
        return phase(self.workflow, self.status)

    @property
    def lapses_at(self) -> int | None:
        """The resolution or the last public activity, whichever is later, and the window."""
        if self.status not in LAPSES.get(self.workflow, {}) or self.window == 0:
            return None
        assert self.resolved_at is not None
        return max(max(self.resolved_at, self.last_activity_at) + self.window, self.not_before)

    def overdue(self, now: int) -> bool:
        """Phase open, clock not paused, ``due_at`` passed."""
        return (
            self.phase == "open"
            and not paused(self.workflow, self.status)
            and self.due_at is not None
            and now >= self.due_at
        )

    def passes(self, now: int) -> None:
        """Time alone, up to and with ``now``."""
        lapses_at = self.lapses_at
        if lapses_at is not None and now >= lapses_at:
            self.status = LAPSES[self.workflow][self.status]
            self.closed_at, self.closed_by = lapses_at, None
            self.last_activity_at = max(self.last_activity_at, lapses_at)

    def _goes(self, target: str, by: str, now: int) -> None:
        before, after = self.phase, phase(self.workflow, target)
        if self.paused_since is not None and not paused(self.workflow, target):
            self.paused_since = None  # a date set by hand stands, and here there are no others
        elif paused(self.workflow, target) and self.paused_since is None:
            self.paused_since = now
        if before == "open" and after != "open":
            self.resolved_at = now
        if after == "closed":
            self.closed_at, self.closed_by = now, by
        if before != "open" and after == "open":
            self.resolved_at = self.closed_at = self.closed_by = None
            self.reopened += 1
            self.answered = False
            self.due_at = None
        self.status = target
        self.last_activity_at = now
        self.not_before = 0

    def pull(self, side: str, trigger: str, by: str, now: int) -> str:
        """A verb: the cell, and what it does."""
        self.passes(now)
        cell = outcome(self.workflow, self.status, side, trigger)
        if cell not in ("4", "5", "already"):
            self._goes(cell, by, now)
        return cell

    def set_status(self, target: str, by: str, now: int) -> str:
        """``edit --status`` by staff."""
        self.passes(now)
        if final(self.workflow, self.status):
            return "5"
        cell = by_name(self.workflow, self.status, target)
        if cell not in ("5", "already"):
            self._goes(target, by, now)
        return cell

    def _speaks(self, side: str, by: str, now: int) -> None:
        self.last_activity_at = now
        self.last_replier = by
        self.answered = side == STAFF

    def reply(self, side: str, by: str, now: int) -> str:
        """A public entry."""
        self.passes(now)
        cell = outcome(self.workflow, self.status, side, "reply")
        if cell == "5":
            return cell
        first = side == STAFF and not self.first_response
        self._speaks(side, by, now)
        if cell != "stays":
            self._goes(cell, by, now)
        if first:
            self.first_response = True
            if self.claims and self.assignee is None:
                self.assignee = by
        return cell

    def note(self, now: int) -> str:
        """An internal note changes nothing here."""
        self.passes(now)
        return "5" if final(self.workflow, self.status) else "stays"

    def due(self, due_at: int | None, now: int) -> str:
        """``edit --due``."""
        self.passes(now)
        if final(self.workflow, self.status):
            return "5"
        if due_at == self.due_at:
            return "already"
        self.due_at = due_at
        return "stays"

    def rate(self, stars: int, now: int) -> str:
        """By its requester, once."""
        self.passes(now)
        if self.rating is not None or self.phase not in RATED_IN[self.workflow]:
            return "5"
        self.rating = stars
        return "stays"

    def new_window(self, window: int, now: int) -> None:
        """``config set auto_close_after``."""
        self.passes(now)
        if window != self.window:
            self.window = window
            self.not_before = now
