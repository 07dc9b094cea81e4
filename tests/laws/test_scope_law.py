"""Whose tickets a person sees: the lifecycle page's sentence, asked of raw rows, against every door of the desk.

Desks are made at random: people of every role with departments, teams, clients, managers; tickets anywhere.
"""

import json
import os
import random
from collections import Counter
from decimal import Decimal

import pytest

from tests.factories import ref, world
from tix.desk import notifications
from tix.desk.billing import time_entries
from tix.desk.completion import tickets
from tix.desk.queue import select
from tix.desk.reports import reports, stats
from tix.desk.tickets import delete, followers, read, reply, status
from tix.desk.transfer import export as transfer_export
from tix.domain.billing.invoices import Invoice, InvoiceLine
from tix.domain.billing.time_entries import Work
from tix.domain.mail.outbox import NewMail
from tix.domain.people import newcomer
from tix.domain.search import parse_query
from tix.domain.times import instant, parse_instant
from tix.errors import NotFound
from tix.store import billing, people
from tix.store import notifications as notice_rows
from tix.store import reports as store_reports
from tix.store.compiled import sqlite as compiled
from tix.store.mail import outbox, received
from tix.store.search import fulltext, index, queue
from tix.store.search.queue import Selection
from tix.store.tickets import tickets as repository
from tix.store.tickets import timeline

pytestmark = pytest.mark.long

SEEDS = range(400 if os.environ.get("TIX_SOAK") else 12)
DEPARTMENTS, TEAMS, CLIENTS = ("Billing", "Support", "Network"), ("red", "blue"), ("Acme", "Globex")
TICKETS = 14

# ------------------------------------------------------------------------------------------------ the oracle


def sees(me, ticket, everybody):
    """The page: agents see their departments' tickets, those without one, and what they raised, hold or follow.

    A requester sees their own, a manager those of direct reports too, a primary or technical contact all of the
    client's, and who follows a ticket sees it. ``--departments none`` leaves what is theirs. Over rows as they are stored; nothing of the program.
    """
    if me["role"] == "admin":
        return True
    if me["login"] in json.loads(ticket["watchers"] or "[]"):
        return True
    if me["role"] == "agent":
        theirs = me["login"] in (ticket["requester"], ticket["creator"], ticket["assignee"])
        theirs = theirs or ticket["team"] in json.loads(me["teams"] or "[]")
        if me["departments"] is None or theirs:
            return True
        named = json.loads(me["departments"])
        return bool(named) and (ticket["department"] is None or ticket["department"] in named)
    owner = everybody[ticket["requester"]]
    contact = {"primary", "technical"} & set((me["contact"] or "").split())
    return (
        owner["login"] == me["login"]
        or owner["manager"] == me["login"]
        or bool(contact and me["client"] and ticket["client"] == me["client"])
    )


def rows(store, table):
    """The rows of a table as dictionaries."""
    cursor = store.execute(f"SELECT * FROM {table}")
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


# ---------------------------------------------------------------------------------------------- random desks


def furnish(desk, seed):
    """People and tickets, some of them moved by hand to where no verb would put them."""
    chance = random.Random(seed)
    store = desk.store

    def some(values, most=2):
        return tuple(chance.sample(values, chance.randint(0, min(most, len(values)))))

    logins = [f"{role}{n}" for role in ("agent", "requester") for n in range(6)]
    with store.writing():
        for login in logins:
            one = newcomer(login, login.capitalize(), f"{login}@x.example", login[:-1])
            if one.is_staff:
                named = chance.choice((None, (), some(DEPARTMENTS), some(DEPARTMENTS, 3)))
                one = one._replace(departments=named, teams=some(TEAMS))
            else:
                client = chance.choice((None, *CLIENTS))
                contact = some(("primary", "technical", "billing")) if client else ()
                one = one._replace(client=client, contact=contact)
            people.add(store, one, desk.now)
        for login in logins[6:]:
            if chance.random() < 0.6:
                one = people.by_login(store, login)
                manager = chance.choice(logins[6:])
                people.save(store, one._replace(manager=None if manager == login else manager))
    for _ in range(TICKETS):
        who = chance.choice(logins)
        desk.new(who, "Printer", "It smokes everywhere.")
    for place in range(1, TICKETS + 1):
        reply.note(desk.desk("root"), ref(place), "Smokes for the staff.")
        time_entries.add(desk.desk("root"), ref(place), Work(desk.now, 600))
        if chance.random() < 0.3:
            status.pull(desk.desk("root"), ref(place), "resolve")
    follow_some(desk, chance, logins)
    delete.delete(desk.desk("root"), ref(TICKETS))
    everybody = [*logins, "root", "ann", "rita"]
    with store.writing():
        for row in rows(store, "ticket"):
            values = {
                "department": chance.choice((None, *DEPARTMENTS)),
                "team": chance.choice((None, None, *TEAMS)),
                "assignee": chance.choice((None, None, *logins[:6])),
                "creator": chance.choice((row["requester"], *everybody)),
                "client": chance.choice((None, *CLIENTS)),
            }
            due = {"due_at": desk.now + 3600, "due_key": desk.now + 3600}
            values |= due if row["number"] % 2 else {}
            sets = ", ".join(f"{name} = :{name}" for name in values)
            store.execute(f"UPDATE ticket SET {sets} WHERE id = :id", {**values, "id": row["id"]})
    tell_everybody(store, [*everybody, "ben", "rolf"])
    bill_everything(store)
    mail_everything(store)
    desk.now += 80 * 3600  # what is resolved has lapsed, and nobody has recorded it


def follow_some(desk, chance, logins):
    """Some of them follow a ticket, whoever may see it."""
    for who in chance.sample(logins, 8):
        followers.follow(desk.desk("root"), ref(chance.randint(1, TICKETS)), who)


def bill_everything(store):
    """An invoice of each ticket, under its number, and a timer on it; the time is unbilled all the same."""
    money = Decimal(1)
    with store.writing():
        for row in rows(store, "ticket"):
            lines = (InvoiceLine(row["id"], "x", None, 600, 900, money, money),)
            client = row["client"] or "nobody"
            bill = Invoice(row["number"], client, "EUR", 1, None, lines, money, money, "VAT", money, money)
            billing.add(store, bill)
            billing.start(store, "root", row["id"], 1)


def mail_everything(store):
    """A mail that waits to be sent, one in quarantine and one that became an entry, about each ticket."""
    with store.writing():
        for row in rows(store, "ticket"):
            id, at = row["id"], row["number"]
            (item,) = store.execute("SELECT min(id) FROM item WHERE ticket_id = ?", (id,)).fetchone()
            outbox.add(
                store, [NewMail("answered", "a@x.example", None, "x", item)], ticket_id=id, now=1, due=1
            )
            for outcome, of in (("quarantined", None), ("appended", item)):
                kept = {"message_id": None, "sender": None, "subject": "x", "at": 1, "channel": "in"}
                received.add(
                    store,
                    sha256=f"{at}{outcome}",
                    raw=b"x",
                    outcome=outcome,
                    reason="x",
                    ticket_id=id,
                    item_id=of,
                    **kept,
                )


def tell_everybody(store, logins):
    """A notice of every item of every ticket to everybody, whoever may see it."""
    with store.writing():
        for id, ticket_id in store.execute("SELECT id, ticket_id FROM item").fetchall():
            for login in logins:
                values = {
                    "ticket_id": ticket_id,
                    "item_id": id,
                    "reason": "message",
                    "at": id,
                    "read_at": None,
                }
                store.run("notice_add", login=login, **values)


# ----------------------------------------------------------------------------------------------- the doors

# Each sort has its own way through the indexes.
SORTS = (None, "-last_activity_at", "number", "-subject", "assignee", "department", "-due_at")
FILTERS = {
    "all": {}, "open": {"open": None}, "closed": {"closed": None}, "unassigned": {"unassigned": None},
    "status": {"status": ["open", "closed"]}, "since": {"since": 0}, "nowhere": {"no_department": None},
    "department": {"department": ["Billing"]}, "departments": {"department": list(DEPARTMENTS)},
    "team": {"team": ["red"]}, "client": {"client": ["Acme"]}, "clients": {"client": list(CLIENTS)},
    "requester": {"requester": ["requester1"]}, "creator": {"creator": ["agent1", "root"]},
    "assignee": {"assignee": ["agent2"]}, "user": {"user": ["requester1", "agent2"]}, "rank": {"rank": [20]},
}  # fmt: skip
_COLUMNS = {"department", "team", "client", "requester", "creator", "assignee"}


def doors(desk, login):
    """What each door of the desk shows to a person, by numbers."""
    me = desk.desk(login)
    store, scope, now = desk.store, me.scope, desk.now
    words, rare = parse_query(["smokes"]), parse_query(["printer", "everywhere"])

    def listed(filters, sort=None, limit=-1):
        return {row.ticket.number for row in queue.page(store, scope, Selection(filters, sort, limit), now)}

    def hits(query, filters, cap, limit=-1):
        found = fulltext.search(store, scope, query, Selection(filters, None, limit), now, cap=cap)
        for hit in fulltext.located(store, scope, query, found):
            assert "staff" not in fulltext.document(store, scope, hit.row.ticket, hit.document) or scope.staff
        return {hit.row.ticket.number for hit in found}

    found = {number for number in range(1, TICKETS + 2) if finds(me, number)}
    yield "find", found
    for sort in SORTS:
        yield f"list by {sort}", listed({}, sort)
    yield "count", set(sorted(found)[: queue.count(store, scope, Selection({}), now)])
    yield "ranges", {number for number, _ in repository.numbers(store, 1, TICKETS + 1, scope)}
    for query, name in ((words, "one word"), (rare, "two words")):
        yield f"search {name}", hits(query, {}, fulltext.CAP)
        yield f"search {name}, common", hits(query, {}, 0)
        ids = fulltext.matching(store, scope, query, now)
        yield f"list {name}", listed({"ids": ids})
    yield "log", {number(line.ref) for line in read.log(me, None, None, -1)} - {TICKETS}
    with transfer_export.taken(me, Selection({}, "number"), files=False) as export:
        yield "export", {row[3] for part in export.parts() for row in part.rows}
    yield "completion", {number(one.value) for one in tickets.tickets(me, "TIX-", "any")}
    since = line_numbers(timeline.log_after(store, scope, 0, timeline.last_id(store)))
    yield "log as it grows", since - {TICKETS}
    yield from money(store, scope, found)
    yield from mailed(store, scope)
    if scope.staff:
        counted(me, found)
    told = list(notifications.listed(me, every=True))
    yield "notices", {one.number for one in told}
    assert list(notifications.listed(me)) == told
    assert notifications.unread(me) == len(told)
    ids = [id for (id,) in store.execute("SELECT id FROM notice WHERE login = ?", (login,)).fetchall()]
    assert {one.id for one in told} == {
        id for id in ids if notice_rows.get(store, login, scope, id) is not None
    }


def mailed(store, scope):
    """Mails, each about one ticket: of the outbox, of those that were taken, of those that wait in quarantine."""
    sent = [row["id"] for row in rows(store, "outbox")]
    kept = [row["id"] for row in rows(store, "mail")]
    entries = [row["item_id"] for row in rows(store, "mail") if row["item_id"]]
    yield "outbox", {one.number for one in outbox.listed(store, scope)}
    yield "a mail of the outbox", {one.number for id in sent if (one := outbox.get(store, scope, id))}
    yield "mails", {one.number for one in received.listed(store, scope)}
    yield "quarantine", {one.number for one in received.listed(store, scope, waiting=True)}
    yield "a mail", {one.number for id in kept if (one := received.get(store, scope, id))}
    yield (
        "the mail of an entry",
        {one.number for id in entries if (one := received.of_item(store, scope, id))},
    )


def line_numbers(lines):
    """The tickets that lines of the log are about."""
    return {number(line.ref) for line in lines}


def money(store, scope, found):
    """Time, timers and invoices, each of one ticket."""
    ids = {row["id"]: row["number"] for row in rows(store, "ticket")}
    work = [row["id"] for row in rows(store, "work")]
    yield "time", {entry.number for entry in billing.entries(store, scope)}
    yield "time by somebody", {entry.number for entry in billing.entries(store, scope, by="root")}
    yield (
        "time of a ticket",
        {entry.number for id in ids for entry in billing.entries(store, scope, ticket_id=id)},
    )
    yield "an entry", {one.number for id in work if (one := billing.entry(store, scope, id)) is not None}
    yield "timers", {number(one.ref) for one in billing.timers(store, scope)}
    yield "invoices", {one.number for one in billing.invoices(store, scope)}
    clients = (*CLIENTS, "nobody")
    yield "invoices of clients", {n.number for name in clients for n in billing.invoices(store, scope, name)}
    every = range(1, TICKETS)
    yield "an invoice", {n for n in every if billing.invoice(store, scope, n) is not None}
    owed = {
        row[3]
        for name in CLIENTS
        for row in store.scoped("unbilled_of_client", scope, client=name).fetchall()
    }
    nobodys = {number for _, number, _ in store.scoped("unbilled_of_nobody", scope).fetchall()}
    yield "unbilled", owed | nobodys


def counted(me, found):
    """What reports count for one of the staff is what the lists show them: their own count of the same tickets."""
    store, scope = me.store, me.scope

    def listed(filters):
        return {one.ticket.number: one.ticket for one in queue.page(store, scope, Selection(filters), me.now)}

    still_open, late = listed({"open": None}), listed({"overdue": None})
    figures = stats.stats(me)
    assert figures["tickets"] == len(found)
    assert figures["open"] == len(still_open)
    assert figures["overdue"] == len(late)
    shown = min(figures["raised_by_day"])
    raised = Counter(instant(one.created_at)[:10] for one in listed({}).values())
    assert sum(figures["raised_by_day"].values()) == sum(n for day, n in raised.items() if day >= shown)
    aging = reports.report(me, "aging", None, None)
    assert sum(one["open"] for one in aging) == len(still_open)
    assert {number(one["oldest"]) for one in aging if one["oldest"]} <= still_open.keys()
    weeks = reports.report(me, "weeks", None, None)
    first = parse_instant(f"{weeks[0]['week']}T00:00:00Z") if weeks else me.now + 1
    assert sum(one["created"] for one in weeks) == sum(one.created_at >= first for one in listed({}).values())
    over = [one.resolved_at for one in listed({}).values() if one.resolved_at is not None]
    assert sum(one["solved"] for one in weeks) == sum(at >= first for at in over)
    assert not weeks or weeks[-1]["backlog"] == len(still_open)
    window = store_reports.asked(store, scope, me.now, None, None)
    assert sum(count for *_, count in store_reports.overdue(window)) == len(late)
    entries = Counter(one.by for one in billing.entries(store, scope))
    assert {one["by"]: one["entries"] for one in reports.report(me, "time", None, None)} == dict(entries)


def number(reference):
    """12 of TIX-12."""
    return int(reference.split("-")[1])


def finds(me, wanted):
    """Whether a person finds a ticket by its number."""
    try:
        return read.find(me, ref(wanted)) is not None
    except NotFound:
        return False


def check(desk):
    """Every door shows everybody what the oracle says, and every filter that much of it; how much that was."""
    everybody = {row["login"]: row for row in rows(desk.store, "person")}
    found = rows(desk.store, "ticket")
    shown = Counter()
    for login, row in everybody.items():
        wanted = {one["number"] for one in found if sees(row, one, everybody)}
        for door, numbers in doors(desk, login):
            assert (login, door, wanted) == (login, door, numbers)
        check_filters(desk, login, [one for one in found if one["number"] in wanted])
        check_the_rest(desk, login)
        kind = desk.desk(login).scope.kind
        shown[kind] += len(wanted)
        shown[f"not {kind}"] += len(found) - len(wanted)
    return shown


def check_filters(desk, login, mine):
    """With a filter: those of mine that it fits, counted right, sorted any way."""
    scope = desk.desk(login).scope
    for name, filters in FILTERS.items():
        pages = []
        for sort in (None, "-last_activity_at", "number"):
            page = queue.page(desk.store, scope, Selection(filters, sort), desk.now)
            pages.append({row.ticket.number for row in page})
        assert pages[0] == pages[1] == pages[2], (login, name)
        assert queue.count(desk.store, scope, Selection(filters), desk.now) == len(pages[0]), (login, name)
        assert pages[0] <= {one["number"] for one in mine}, (login, name)
        for column, values in filters.items():
            if column in _COLUMNS:
                assert pages[0] == {one["number"] for one in mine if one[column] in values}, (login, name)


def check_the_rest(desk, login):
    """Of deleted tickets hears who sees everything; internal items are for staff, wherever they stand."""
    me = desk.desk(login)
    lines = list(read.log(me, None, None, -1))
    assert (TICKETS in {number(line.ref) for line in lines}) is (me.scope.kind == "all")
    if me.scope.staff:
        return
    assert not any(line.item.internal for line in lines)
    grown = timeline.log_after(desk.store, me.scope, 0, timeline.last_id(desk.store))
    assert not any(line.item.internal for line in grown)
    with transfer_export.taken(me, Selection({}, "number"), files=False) as export:
        items = [item for part in export.parts() for found in part.items.values() for item in found]
    assert not any(item[5] for item in items)
    for row in queue.page(desk.store, me.scope, Selection({}), desk.now):
        assert not any(line.item.internal for line in read.of(me, row.ticket, me.scope).lines)
        for ordinal in range(1, row.ticket.documents + 1):
            place = index.rowid(row.ticket.id, ordinal)
            assert "staff" not in fulltext.document(desk.store, me.scope, row.ticket, place)
    check_marks(desk, me, login)
    kinds = desk.store.execute(
        "SELECT item.internal FROM notice JOIN item ON item.id = notice.item_id WHERE notice.id IN "
        "(SELECT value FROM json_each(?))",
        (json.dumps([one.id for one in notifications.listed(me, every=True)]),),
    ).fetchall()
    assert (1,) not in kinds


def check_marks(desk, me, login):
    """A ticket is marked as unread if and only if a notification they can read came after what they wrote last."""
    told = [one.id for one in notifications.listed(me)]
    fresh = desk.store.execute(
        "SELECT ticket.prefix || ticket.number, max(notice.at) FROM notice JOIN item ON item.id = notice.item_id "
        "JOIN ticket ON ticket.id = item.ticket_id WHERE notice.id IN (SELECT value FROM json_each(?)) AND NOT EXISTS "
        "(SELECT 1 FROM item AS later WHERE later.ticket_id = ticket.id AND later.id > item.id AND later.by = ?) "
        "GROUP BY ticket.id",
        (json.dumps(told), login),
    ).fetchall()
    mine = [row.ticket.number for row in queue.page(desk.store, me.scope, Selection({}), desk.now)]
    assert select.unread(me, mine) == dict(fresh)


# ------------------------------------------------------------------------------------------------- the laws


def test_a_person_sees_what_the_page_says(tmp_path):
    """In the list of a person's scope if and only if the lifecycle page says so; every other door agrees."""
    seen = Counter()
    for seed in SEEDS:
        folder = tmp_path / str(seed)
        folder.mkdir()
        with world(folder) as desk:
            furnish(desk, seed)
            seen += check(desk)
    for kind in compiled.SCOPES:
        assert seen[kind] > 20, seen
        assert kind == "all" or seen[f"not {kind}"] > 20, seen


# ------------------------------------------------------------------------------------------ planted faults


@pytest.fixture(scope="module")
def desks(tmp_path_factory):
    """A few random desks, for faults to show on."""
    made = []
    for seed in range(100, 106):
        one = world(tmp_path_factory.mktemp("faults"))
        desk = one.__enter__()
        furnish(desk, seed)
        made.append((one, desk))
    yield [desk for _, desk in made]
    for one, _ in made:
        one.__exit__(None, None, None)


def parts_of(clause):
    """What a scope's clause is the OR of."""
    parts, depth, start = [], 0, 0
    text = clause[1:-1]
    for at, char in enumerate(text):
        depth += {"(": 1, ")": -1}.get(char, 0)
        if depth == 0 and text.startswith(" OR ", at):
            parts.append(text[start:at])
            start = at + 4
    return [*parts, text[start:]]


def _faults():
    for kind, clause in compiled.SCOPES.items():
        parts = parts_of(clause)
        if kind != "all":
            yield f"{kind} sees everything", kind, "(1)"
        for place, part in enumerate(parts):
            without = [*parts[:place], f"({part} AND ticket.number < 0)", *parts[place + 1 :]]
            yield f"{kind} without {part}", kind, f"({' OR '.join(without)})"
            if " AND " in part:
                half = part.split(" AND ")[0]
                half += ")" * (half.count("(") - half.count(")"))
                yield f"{kind} with half of {part}", kind, clause.replace(part, half)
    yield (
        "reports of reports",
        "theirs",
        compiled.SCOPES["theirs"].replace(
            "report.manager = :me",
            "report.manager = :me OR report.manager IN (SELECT login FROM person WHERE manager = :me)",
        ),
    )
    yield (
        "a client's tickets by requester",
        "theirs",
        compiled.SCOPES["theirs"].replace(
            "ticket.client = :my_client",
            "ticket.requester IN (SELECT login FROM person WHERE client = :my_client)",
        ),
    )
    yield "what a requester has typed", "own", "(ticket.requester = :me OR ticket.creator = :me)"
    yield (
        "any team",
        "desk",
        compiled.SCOPES["desk"].replace(
            "ticket.team IN (SELECT value FROM json_each(:teams))", "ticket.team IS NOT NULL"
        ),
    )


FAULTS = {name: (kind, text) for name, kind, text in _faults()}


def _is_noticed(desks):
    for desk in desks:
        try:
            check(desk)
        except AssertionError:
            return True
    return False


def test_nothing_is_noticed_where_nothing_is_wrong(desks):
    """Control of the controls."""
    assert not _is_noticed(desks)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_scope_is_seen(fault, desks, monkeypatch):
    """Each clause left out, halved or widened shows at some door of some desk."""
    kind, text = FAULTS[fault]
    assert text != compiled.SCOPES[kind]
    monkeypatch.setitem(compiled.SCOPES, kind, text)
    assert _is_noticed(desks)


@pytest.mark.parametrize("name", [name for name, sql in compiled.SQL.items() if "<<visible>>" in sql])
def test_a_statement_without_its_scope_is_seen(name, desks, monkeypatch):
    """Every statement that reads tickets for a person, with its clause left out."""
    monkeypatch.setitem(compiled.SQL, name, compiled.SQL[name].replace("<<visible>>", "(1)"))
    assert _is_noticed(desks)


NOT_HERE = {
    "thread_files": "files hang on items, and those of the staff are not there to hang on",
    "files_of_many": "as thread_files",
    "items_of_many": "for proofs and imports alone",
    "log": "the staff's; a requester's is log_own",
    "moved_documents": "which entries were merged in; the words of a note are in the index of the staff alone",
    "moved_documents_of": "as moved_documents",
    "moved_documents_on": "as moved_documents",
}


@pytest.mark.parametrize("name", [name for name, sql in compiled.SQL.items() if ".internal = 0 OR" in sql])
def test_a_statement_that_shows_notes_is_seen(name, desks, monkeypatch):
    """Every statement that reads items for a person, with internal ones left in."""
    if name in NOT_HERE:
        pytest.skip(NOT_HERE[name])
    monkeypatch.setitem(
        compiled.SQL, name, compiled.SQL[name].replace(".internal = 0 OR", ".internal >= 0 OR")
    )
    assert _is_noticed(desks)
