"""Stories: what people do at a desk, as data, played through the use cases on a real store.

A step is a gap in seconds and an action. The same story can be played with ticks and reads sprinkled anywhere;
`snapshot` is then everything anybody can see of the desk, without the store's own ids.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from hypothesis import strategies as st

from tests.factories import HOUR, World, file, ref
from tix.desk import people, settings, tick, workflows
from tix.desk.tickets import (
    assign,
    attachments,
    delete,
    edit,
    followers,
    links,
    merge,
    new,
    read,
    reply,
    split,
)
from tix.desk.tickets import status as ticket_status
from tix.desk.tickets.edit import NewPlaces
from tix.desk.tickets.request import TicketRequest
from tix.desk.tickets.routing import Route
from tix.domain.people import Contact
from tix.domain.permissions import Scope
from tix.domain.tickets.edit import Edit
from tix.domain.tickets.links import INVERSE
from tix.domain.tickets.ticket import Ticket, fold
from tix.domain.workflows.shipped import SHIPPED
from tix.errors import TixError
from tix.render.records import show
from tix.render.records.tickets import item_record, ticket_record
from tix.store.search import queue
from tix.store.search.queue import Selection
from tix.store.tickets import timeline
from tix.store.tickets.dump import bare_items

EVERYTHING = Scope("all", "", True)
WINDOW = 72 * HOUR
STAFF = ("ann", "ben", "root")
EVERYBODY = (*STAFF, "rita", "rolf")
MOST = 4  # tickets that actions choose among

_places = st.integers(0, MOST - 1)
_who = st.sampled_from(EVERYBODY)
_staff = st.sampled_from(STAFF)
_verbs = st.sampled_from(("start", "hold", "resolve", "close", "reopen"))
_maybe = st.sampled_from((None, "words of it"))

GAPS = st.sampled_from(
    (0, 1, 60, HOUR, 24 * HOUR - 1, 24 * HOUR, 24 * HOUR + 1, WINDOW - 1, WINDOW, WINDOW + 1, 240 * HOUR)
)
_DUE = st.sampled_from((None, 1, HOUR, 24 * HOUR, WINDOW, -HOUR))

ACTIONS = st.one_of(
    st.tuples(st.just("new"), _who, _DUE, st.booleans()),
    st.tuples(st.just("keyed"), st.sampled_from(("rita", "ann")), st.sampled_from(("k1", "k2"))),
    st.tuples(st.just("reply"), _who, _places, st.booleans()),
    st.tuples(st.just("reply"), st.sampled_from(("ann", "rita")), _places, st.just(False)),
    st.tuples(st.just("answer"), _staff, _places, st.integers(0, 5)),
    st.tuples(st.just("note"), _staff, _places, st.booleans()),
    st.tuples(st.just("pull"), _who, _verbs, _places, _maybe, _maybe),
    st.tuples(
        st.just("pull"), _staff, st.sampled_from(("resolve", "hold", "start")), _places, _maybe, _maybe
    ),
    st.tuples(st.just("pull"), st.just("ann"), st.just("resolve"), _places, st.none(), st.none()),
    st.tuples(st.just("due"), _staff, _places, _DUE),
    st.tuples(st.just("subject"), _staff, _places, st.sampled_from(("Printer", "Scanner", "Ünïcödé 漢字"))),
    st.tuples(st.just("priority"), _staff, _places, st.sampled_from(("low", "medium", "urgent"))),
    st.tuples(st.just("tag"), _staff, _places, st.sampled_from(("red", "blue")), st.booleans()),
    st.tuples(st.just("for"), _staff, _places, st.sampled_from(("rita", "rolf", "ann"))),
    st.tuples(st.just("status"), _staff, _places, st.integers(0, 5)),
    st.tuples(st.just("assign"), _staff, _places, st.sampled_from((None, "ann", "ben"))),
    st.tuples(st.just("claim"), _staff, _places),
    st.tuples(st.just("snooze"), _who, _places, st.sampled_from((None, 1, HOUR, 24 * HOUR, WINDOW))),
    st.tuples(st.just("snooze"), st.just("ann"), _places, st.sampled_from((60, 24 * HOUR))),
    st.tuples(st.just("rate"), _places, st.integers(1, 5)),
    st.tuples(st.just("attach"), _who, _places, st.sampled_from(("a.txt", "b.txt"))),
    st.tuples(st.just("detach"), _staff, _places, st.sampled_from(("a.txt", "b.txt", "n.txt"))),
    st.tuples(st.just("detach"), _staff, st.just(0), st.just("a.txt")),
    st.tuples(st.just("window"), st.sampled_from(("0", "24h", "72h", None))),
    st.tuples(st.just("claims"), st.sampled_from(("true", "false", "auto"))),
    st.tuples(st.just("rename"), st.sampled_from(("rita", "ann")), st.sampled_from(("Rita R.", "Nobody"))),
    st.tuples(st.just("workflow"), st.sampled_from(tuple(SHIPPED))),
    st.tuples(st.just("delete"), _places),
    st.tuples(st.just("merge"), _staff, _places, _places),
    st.tuples(st.just("merge"), st.just("ann"), st.integers(0, 1), st.integers(0, 1)),
    st.tuples(st.just("unmerge"), _staff, _places),
    st.tuples(st.just("split"), _staff, _places, st.integers(0, 4), st.integers(0, 2)),
    st.tuples(st.just("link"), _staff, _places, st.sampled_from(tuple(INVERSE)), _places, st.booleans()),
    st.tuples(st.just("follow"), _who, _places, st.booleans()),
)
# A first ticket in each story, so that there is something to do things with.
FIRST = (0, ("new", "ben", HOUR, True))  # for rita, due in an hour, with a file and a tag


def stories(most: int = 20) -> Any:
    """Stories of up to ``most`` steps after the first ticket."""
    return st.lists(st.tuples(GAPS, ACTIONS), min_size=10, max_size=most).map(lambda found: [FIRST, *found])


class Player:
    """Plays actions on a world; ``numbers`` are the tickets there have been, in order."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.numbers: list[int] = []
        self.recorded: Counter[str] = Counter()

    def step(self, gap: int, action: tuple[Any, ...], ticks: tuple[float, ...] = ()) -> str:
        """Lets ``gap`` seconds pass, ticking at some of them, and acts; what came of it."""
        start = self.world.now
        for part in sorted(ticks):
            self.world.now = start + int(gap * part)
            self.recorded += tick.tick(self.world.desk("root"))
        self.world.now = start + gap
        return self.act(action)

    def act(self, action: tuple[Any, ...]) -> str:
        """``done``, ``already``, or the exit status of the refusal."""
        try:
            outcome = self._act(*action)
        except TixError as error:
            return f"{error.code} {error.exit_status}"
        if isinstance(outcome, bool):
            return "done" if outcome else "already"
        return "already" if outcome.already else "done"

    def _act(self, kind: str, *given: Any) -> Any:
        return getattr(self, f"_{kind}")(*given)

    def _number(self, place: int) -> Any:
        return ref(self.numbers[place % len(self.numbers)] if self.numbers else 1)

    def _new(self, who: str, due: int | None, loaded: bool) -> Any:
        values = {"due_at": None if due is None else self.world.now + due}
        asked = TicketRequest(
            subject="Printer",
            body="It smokes.",
            values=values if who in STAFF else {},
            requester=Contact("rita", None, None) if who == "ben" else None,
            tags=("new",) if loaded and who in STAFF else (),
            uploads=(file("a.txt"),) if loaded else (),
        )
        made = new.open_ticket(self.world.desk(who), asked, Route())
        self.numbers.append(made.ticket.number)
        return made

    def _keyed(self, who: str, key: str) -> Any:
        asked = TicketRequest(subject="Keyed", body="Once.", idempotency_key=key)
        made = new.open_ticket(self.world.desk(who), asked, Route())
        if made.ticket.number not in self.numbers:
            self.numbers.append(made.ticket.number)
        return made

    def _reply(self, who: str, place: int, loaded: bool) -> Any:
        uploads = (file("b.txt", b"other\n"),) if loaded else ()
        return reply.reply(self.world.desk(who), self._number(place), "An answer.", uploads)

    def _answer(self, who: str, place: int, status: int) -> Any:
        desk = self.world.desk(who)
        return reply.reply(desk, self._number(place), "And so.", (), self._status_name(status))

    def _status_name(self, place: int) -> str:
        statuses = self.world.desk("root").rules.workflow.statuses
        return statuses[place % len(statuses)].name

    def _note(self, who: str, place: int, loaded: bool) -> Any:
        uploads = (file("n.txt", b"noted\n"),) if loaded else ()
        return reply.note(self.world.desk(who), self._number(place), "Between us.", uploads)

    def _pull(self, who: str, trigger: Any, place: int, message: str | None, note: str | None) -> Any:
        internal = note if who in STAFF else None
        return ticket_status.pull(self.world.desk(who), self._number(place), trigger, message, internal)

    def _edit(
        self, who: str, place: int, wanted: Edit, requester: Contact | None = None, status: str | None = None
    ) -> Any:
        moves = NewPlaces(status=status)
        return edit.edit(self.world.desk(who), self._number(place), wanted, moves, requester)

    def _due(self, who: str, place: int, due: int | None) -> Any:
        return self._edit(who, place, Edit(due_at=(None if due is None else self.world.now + due,)))

    def _subject(self, who: str, place: int, subject: str) -> Any:
        return self._edit(who, place, Edit(fields={"subject": subject}))

    def _priority(self, who: str, place: int, name: str) -> Any:
        return self._edit(who, place, Edit(priority=self.world.desk(who).priority(name)))

    def _tag(self, who: str, place: int, tag: str, add: bool) -> Any:
        return self._edit(who, place, Edit(tags=(tag,)) if add else Edit(remove_tags=(tag,)))

    def _for(self, who: str, place: int, login: str) -> Any:
        return self._edit(who, place, Edit(), Contact(login, None, None))

    def _status(self, who: str, place: int, status: int) -> Any:
        return self._edit(who, place, Edit(), status=self._status_name(status))

    def _assign(self, who: str, place: int, login: str | None) -> Any:
        desk = self.world.desk(who)
        return assign.assign(desk, self._number(place), None if login is None else desk.person(login))

    def _claim(self, who: str, place: int) -> Any:
        return assign.claim(self.world.desk(who), self._number(place))

    def _snooze(self, who: str, place: int, gap: int | None) -> Any:
        until = None if gap is None else self.world.now + gap
        return ticket_status.snooze(self.world.desk(who), self._number(place), until)

    def _rate(self, place: int, stars: int) -> Any:
        desk = self.world.desk("root")
        number = self._number(place)
        who = read.find(desk, number).requester
        return ticket_status.rate(self.world.desk(who), number, stars, "thanks")

    def _attach(self, who: str, place: int, name: str) -> Any:
        return attachments.add(self.world.desk(who), self._number(place), (file(name),))

    def _detach(self, who: str, place: int, name: str) -> Any:
        return attachments.remove(self.world.desk(who), self._number(place), (name,))

    def _window(self, value: str | None) -> Any:
        desk = self.world.desk("root")
        key = "auto_close_after"
        return settings.unset(desk, key) if value is None else settings.put(desk, key, value)

    def _claims(self, value: str) -> Any:
        return settings.put(self.world.desk("root"), "claim_on_reply", value)

    def _rename(self, login: str, name: str) -> Any:
        return people.edit(self.world.desk("root"), login, {"name": name})[1]

    def _workflow(self, name: str) -> Any:
        desk = self.world.desk("root")
        wanted = SHIPPED[name]
        mapping = {}
        for status in desk.rules.workflow.statuses:
            fits = [one.name for one in wanted.statuses if one.phase == status.phase]
            fits = fits or [one.name for one in wanted.statuses if one.phase != "open"]
            mapping[status.name] = fits[0]
        return workflows.use_workflow(desk, name, mapping) is not None

    def _merge(self, who: str, place: int, into: int) -> Any:
        why = None if (place, into) == (0, 1) else "why"
        return merge.merge(self.world.desk(who), self._number(place), self._number(into), why, agreed=True)

    def _unmerge(self, who: str, place: int) -> Any:
        return merge.unmerge(self.world.desk(who), self._number(place))

    def _split(self, who: str, place: int, first: int, more: int) -> Any:
        desk = self.world.desk(who)
        lines = read.whole(desk, self._number(place)).lines
        ids = [line.item.id for line in lines if line.item.kind != "event"]
        first = ids[first % len(ids)]
        made = split.split(desk, self._number(place), [(first, first + more)])
        self.numbers.append(made.ticket.number)
        return made

    def _link(self, who: str, place: int, relation: str, other: int, add: bool) -> Any:
        verb = links.link if add else links.unlink
        return verb(self.world.desk(who), self._number(place), relation, self._number(other))

    def _follow(self, who: str, place: int, stop: bool) -> Any:
        verb = followers.leave if stop else followers.follow
        return verb(self.world.desk(who), self._number(place), who)

    def _delete(self, place: int) -> Any:
        return delete.delete(self.world.desk("root"), self._number(place))


# ----------------------------------------------------------------------------------------- what one can see


def snapshot(world: World) -> dict[str, Any]:
    """Everything staff and requesters can see now: tickets, threads, lists, the log, what is left of the dead."""
    seen: dict[str, Any] = {}
    for login in ("root", "rita", "rolf"):
        desk = world.desk(login)
        rows = list(queue.page(world.store, desk.scope, Selection({}, "number"), world.now))
        for row in rows:
            whole = read.whole(desk, ref(row.ticket.number))
            seen[f"{login} show {row.ticket.number}"] = _without_ids(show.record(desk, whole))
            record = ticket_record(
                row.ticket, row.requester_name, row.requester_email, desk.scope.staff, world.now
            )
            seen[f"{login} list {row.ticket.number}"] = record
        for name, selection in _SELECTIONS.items():
            page = queue.page(world.store, desk.scope, selection, world.now)
            seen[f"{login} {name}"] = [row.ticket.number for row in page]
            count = queue.count(world.store, desk.scope, selection, world.now)
            seen[f"{login} {name} --count"] = count
        lines = [
            _without_ids(item_record(line.item, line.by_name, line.ref))
            for line in read.log(desk, None, None, -1)
        ]
        # Between tickets the order of one second is that of recording; within a ticket `show` holds it.
        seen[f"{login} log"] = sorted((json.dumps(line, sort_keys=True) for line in lines), reverse=True)
    gone = [row[0] for row in world.store.run("tombstones").fetchall()]
    bare = bare_items(world.store, gone)
    seen["dead"] = {id: [row[:6] + row[7:8] for row in rows] for id, rows in bare.items()}
    return seen


_SELECTIONS = {
    "queue": Selection({"queue": None}),
    "open": Selection({"open": None}),
    "closed": Selection({"closed": None}, "-last_activity_at"),
    "all": Selection({}, "-last_activity_at"),
    "overdue": Selection({"overdue": None}),
    "status closed": Selection({"status": ["closed"]}, "-last_activity_at"),
    "status resolved": Selection({"status": ["resolved"]}, "-last_activity_at"),
    "by status": Selection({}, "status"),
    "by closing": Selection({}, "-closed_at"),
    "by phase": Selection({}, "phase"),
    "by change": Selection({}, "-updated_at"),
    "unanswered": Selection({"unanswered": None}),
}


def _without_ids(record: dict[str, Any]) -> dict[str, Any]:
    record = {name: value for name, value in record.items() if name not in ("id", "uid")}
    for name in ("thread", "attachments"):
        if isinstance(record.get(name), list):
            record[name] = [_without_ids(item) for item in record[name]]
    return record


def rows(world: World) -> list[tuple[Any, ...]]:
    """The rows of all tickets, as they are stored, without ids."""
    found = world.store.execute("SELECT * FROM ticket ORDER BY number").fetchall()
    return [Ticket(*row)._replace(id=None, uid="") for row in found]


def unfolded(world: World, differences: Any) -> tuple[int, list[str]]:
    """How many tickets there are, and where a row is not the fold of its timeline."""
    found = [Ticket(*row) for row in world.store.execute("SELECT * FROM ticket").fetchall()]
    lines = timeline.timelines(world.store, [one.id for one in found if one.id is not None], EVERYTHING)
    wrong: list[str] = []
    for one in found:
        assert one.id is not None
        wrong += differences(one, fold(one.number, one.prefix, one.uid, lines[one.id]))
    return len(found), wrong
