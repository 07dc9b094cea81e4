"""What the staff write changes no byte of what a requester obtains, on every surface and in every format.

Whose tickets somebody sees is in test_scope_law, that none of the staff's words is seen in test_canary_law, and
that a ticket of others is answered as one that is not there in test_absence_law.
"""

import itertools
import re
import shutil

import pytest

from tests.factories import world
from tests.laws.inprocess import Desk
from tix.domain.tickets import timeline
from tix.render.records import tickets
from tix.store.compiled import sqlite as compiled
from tix.store.search import index, plan, queue
from tix.store.search.queue import Selection

pytestmark = pytest.mark.long

# ------------------------------------------------------------------------------------------------- filters

FILTERS = {
    "open": None, "queue": None, "closed": None, "mine": None, "unassigned": None, "overdue": None, "answered": None,
    "unanswered": None, "status": ["open", "closed"], "open_status": ["open"], "assignee": ["ann", "rolf"],
    "requester": ["rolf", "ann"], "creator": ["rolf", "ann"], "user": ["rolf", "ann"], "type": ["issue", "request"],
    "about": ["campaign:42", "x:1"], "since": 0, "until": 2**40, "ids": [1, 2, 3], "tag": ["red"],
}  # fmt: skip


@pytest.mark.parametrize("name", FILTERS)
def test_no_filter_opens_a_door(name, tmp_path):
    """With any filter, and any two, a requester is shown nothing that is not theirs."""
    with world(tmp_path) as desk:
        for who in ("rita", "rolf", "ann"):
            tags = ("red",) if who == "ann" else ()
            desk.new(who, tags=tags, values={"about": "campaign:42", "type": "issue"})
        scope = desk.desk("rita").scope
        shown = 0
        for other, sort in itertools.product(FILTERS, (None, "-last_activity_at", "subject")):
            selection = Selection({one: FILTERS[one] for one in (name, other)}, sort)
            found = list(queue.page(desk.store, scope, selection, desk.now))
            assert {row.ticket.requester for row in found} <= {"rita"}, (selection, found)
            assert queue.count(desk.store, scope, selection, desk.now) == len(found), selection
            shown += len(queues_of_staff(desk, selection))
        assert shown > 0 or name in ("mine", "answered", "overdue", "closed", "assignee")


def queues_of_staff(desk, selection):
    """What staff are shown of the same."""
    return list(queue.page(desk.store, desk.desk("ann").scope, selection, desk.now))


# ----------------------------------------------------------------------------------------------- the canary

# Tickets that rita has nothing to do with; no other number in an answer looks like them.
ROLFS, DELETED, ABSENT = 4711, 4712, 4797
CANARY = "kanarienvogel"
SECRET_BYTES = b"kanarienvogel sings in here\n"
FORMATS = ("table", "plain", "json", "jsonl", "csv", "ids")
SORTS = sorted(compiled.SORT_KEYS)


@pytest.fixture(scope="module")
def cage(tmp_path_factory):
    """A desk with three tickets of rita's, one of rolf's, one deleted, and everything of the staff's on them."""
    desk = Desk(tmp_path_factory.mktemp("cage"))
    desk.tix("new", "Printer smokes", "-m", "It smokes.", now="2026-11-20T08:00:00Z")
    desk.people("ann:agent", "ben:agent", "rita:requester", "rolf:requester")
    for place, who in enumerate(("rita", "rita", "rita", "rita", "rolf", "rolf")):
        if place == 4:
            desk.tix("config", "set", "next_number", 4711)
        desk.tix(
            "new", f"Printer {place}", "-m", f"Printer {place} smokes.",
            as_=who, now=f"2026-11-20T09:0{place}:00Z",
        )  # fmt: skip
    desk.tix("delete", DELETED, "--yes")
    for number in (2, 4, 5):
        desk.tix("reply", number, "-m", "An answer.", as_="ann", now=f"2026-11-20T10:0{number}:00Z")
    desk.tix("resolve", 4, as_="ann", now="2026-11-20T11:00:00Z")
    desk.tix("close", 5, as_="rita", now="2026-11-20T12:00:00Z")
    return desk


IN_EVERY_FORMAT = (
    ("list",), ("list", "--all"), ("list", "--closed"), ("list", "printer"), ("list", "--mine", "--all"),
    ("show", "2"), ("show", "2", "4-5"), ("show", "2", "--full"), ("show", "2", "--no-events"),
    ("search", "printer"), ("search", "smokes", "answer"), ("search", CANARY), ("search", "kanari*"),
    ("search", "printer", "--not", CANARY), ("list", "--all", CANARY), ("search", "singtagword"),
    ("list", "--all", "--tag", "singtagword"), ("list", "--all", "--title", "printer"),
    ("log",), ("log", "2"), ("log", "--since", "2026-11-22"), ("log", "--by", "ann"),
    ("inbox",), ("notification", "list"), ("notification", "list", "--all"), ("notification", "rules"),
    ("attach", "list", "2"), ("type", "list"), ("priority", "list"), ("workflow", "list"),
    ("workflow", "show", "standard"), ("config", "list"), ("whoami",), ("whoami", "--permissions"),
    ("list", "--all", "-c", "ref,updated_at,last_activity_at,version,tags,entries,attachments"),
    ("list", "--all", "--since", "2026-11-22"), ("list", "--all", "--until", "2026-11-22"),
    ("list", "--all", "--unanswered"), ("list", "--all", "--answered"),
)  # fmt: skip
COUNTS = (
    "list", "search printer", f"search {CANARY}", f"list --all {CANARY}", "list --all --tag singtagword",
    "export", "list --closed", f"search printer --not {CANARY}",
)  # fmt: skip
COMPLETED = (
    ("show", ""), ("show", "2"), ("show", "TIX-"), ("reply", ""), ("close", ""), ("list", "--tag", ""),
    ("list", "--assignee", ""), ("list", "--requester", ""), ("attach", "save", ""), ("attach", "save", "2", ""),
    ("list", "--sort", ""), ("list", "--status", ""), ("new", "--topic", ""), ("search", "--tag", "s"),
)  # fmt: skip
# Refusals and the rest, each also with --json.
OTHERS = (
    ("show", ROLFS), ("show", "1"), ("show", DELETED), ("show", ABSENT), ("log", ROLFS), ("note", "2", "-m", "x"),
    ("assign", "2", "rita"), ("claim", "2"), ("edit", "2", "--subject", "x"), ("start", "2"), ("delete", "2", "--yes"),
    ("user", "list"), ("tick",), ("doctor",), ("attach", "rm", "2", "1"), ("attach", "save", "2", "sing.txt"),
    ("attach", "save", "2", "1"), ("attach", "save", "2", "2"), ("db", "info"), ("config", "set", "prefix", "X-"),
    ("show", "2", "--as-requester"), (), ("2",), ("list", "--columns", "nonsense"), ("import", "nothing.jsonl"),
)  # fmt: skip


def surfaces(*, deep=True):
    """Every command a requester has, in every format: the whole of what they can obtain."""
    formats = FORMATS if deep else ("json",)
    found = [(*words, "-o", fmt) for fmt in formats for words in IN_EVERY_FORMAT]
    found += [("export", "-o", fmt) for fmt in ("jsonl", "json", "csv")]
    found += [(*words.split(), "--count") for words in COUNTS]
    found += [("__complete", "--", *words) for words in COMPLETED]
    found += [(*words, *flags) for words in OTHERS for flags in ((), ("--json",))]
    if deep:
        for key, sign in itertools.product(SORTS, ("", "-")):
            found.append(("list", "--all", "--sort", f"{sign}{key}", "-o", "ids"))
            found.append(("search", "printer", "--sort", f"{sign}{key}", "-o", "ids"))
    return found


def take(desk, login="rita", **options):
    """What a requester obtains on every surface: bytes of both streams and the exit code.

    They have looked at nothing before: what was shown to them at a terminal is no longer marked as unread.
    """
    shutil.rmtree(desk.home / ".local/state/tix/visits", ignore_errors=True)
    taken = {}
    for words in surfaces(**options):
        result = desk.tix(*words, as_=login, check=None)
        assert result.code != 1, f"a bug in tix\n{result}"
        taken[words] = (result.raw_out, result.raw_err, result.code)
    return taken


def cover(desk):
    """Staff write everything that is theirs alone, the canary in all of it."""
    secret = desk.folder / "sing.txt"
    secret.write_bytes(SECRET_BYTES)
    for number in (2, 4, 5):
        desk.tix("note", number, "-m", f"The {CANARY} printer smokes.", "--attach", secret, as_="ann")


def differing(one, other):
    """The surfaces that are not the same, with what they were."""
    return {words: (one[words], other[words]) for words in one if one[words] != other[words]}


def test_a_note_changes_no_byte(cage):
    """What a requester obtains on every surface, in every format, is the same before and after a note."""
    before = take(cage)
    assert sum(code == 0 for _, _, code in before.values()) > 200
    staff = cage.tix("show", 2, "--json", as_="ann").json
    cover(cage)
    assert before == take(cage) or differing(before, take(cage)) == {}
    after = cage.tix("show", 2, "--json", as_="ann").json
    assert after["entries"] == staff["entries"] + 1
    assert after["attachments"] == staff["attachments"] + 1
    assert cage.tix("search", CANARY, "-o", "ids", as_="ann").refs != []


def test_a_snooze_changes_no_byte(cage):
    """Nor does one that staff put away, bring back, or that comes back by itself: a requester is told nothing."""
    desk = Desk(cage.folder)
    desk.store = cage.copy("snoozed.db")
    before = take(desk)
    desk.tix("snooze", 2, 3, "--until", "+30d", as_="ann")
    assert "TIX-2" not in desk.tix("list", "-o", "ids", as_="ann").refs
    assert "TIX-2" in desk.tix("list", "--open", "-o", "ids", as_="ann").refs
    assert differing(before, take(desk)) == {}
    desk.tix("snooze", 2, "--until", "none", as_="ann")
    assert differing(before, take(desk)) == {}


def test_what_a_requester_writes_answers_the_same(cage):
    """Also the answer of a requester's own write is the same before and after a note, but for entry ids."""
    plain, noted = cage.copy("plain.db"), cage.copy("noted.db")
    desk = Desk(cage.folder)
    desk.store = noted
    cover(desk)
    tries = 0
    for words in (
        ("reply", "2", "-m", "And now?"), ("reply", "4", "-m", "And now?"), ("close", "2"), ("reopen", "5"),
        ("rate", "5", "4"), ("close", "2", "4", "5"), ("attach", "add", "2", "sing.txt"),
        ("new", "Another", "-m", "One more."), ("reply", "2-5", "-m", "All."),
    ):  # fmt: skip
        for fmt in ((), ("--json",), ("-o", "csv"), ("-o", "table")):
            answers = []
            for base in (plain, noted):
                copy = base.with_suffix(".tried")
                copy.write_bytes(base.read_bytes())
                result = desk.tix(*words, *fmt, as_="rita", store=copy, check=None)
                answers.append((_anonymous(result.out), _anonymous(result.err), result.code))
                assert result.code in (0, 5, 9)
            assert answers[0] == answers[1], words
            tries += 1
    assert tries == 36


def _anonymous(text):
    """Without entry ids, UUIDs and the place where a text was saved."""
    text = re.sub(r'("+id"+: )\d+', r"\1", text)
    text = re.sub(
        r'("+field"+: "+thread"+, "+old"+: null, "+new"+: )\d+', r"\1", text
    )  # the id of the new entry
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "UUID", text)
    return re.sub(r'your text is saved: .*|"draft": "[^"]*"', "saved", text)


# ------------------------------------------------------------------------------------------ planted faults

_record, _event, _entry = tickets.ticket_record, timeline.event, index.add_entry


def _all_staff(ticket, name, email, staff, now):
    return _record(ticket, name, email, True, now)


def _public_notes(store, ticket_id, ordinal, item):
    _entry(store, ticket_id, ordinal, item._replace(internal=False))


PLANTED = {
    "records for staff": (tickets, "ticket_record", _all_staff),
    "notes in the public index": (index, "add_entry", _public_notes),
    "threads with notes": (
        compiled.SQL,
        "thread",
        compiled.SQL["thread"].replace("internal = 0", "internal >= 0"),
    ),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_leak_is_seen(fault, cage, monkeypatch):
    """Control: with a leak in it, a note changes bytes that a requester obtains."""
    desk = Desk(cage.folder)
    desk.store = cage.copy(f"leak{len(fault)}.db")
    where, name, faulty = PLANTED[fault]
    (monkeypatch.setitem if isinstance(where, dict) else monkeypatch.setattr)(where, name, faulty)
    before = take(desk, deep=False)
    cover(desk)
    assert differing(before, take(desk, deep=False)) != {}


def test_a_fragment_out_of_its_parentheses_is_seen(tmp_path, monkeypatch):
    """Control: it shows a requester more than theirs."""
    with world(tmp_path) as desk:
        for who in ("rita", "rolf", "ann"):
            desk.new(who)
        monkeypatch.setitem(compiled.SCOPES, "own", compiled.SCOPES["own"][1:-1] + " OR 0")
        # Without the arms, which keep to what is theirs as well.
        monkeypatch.setattr(plan, "arms", lambda texts, scope, filters, **_: ([plan.Branch(None, "")], {}))
        monkeypatch.setitem(compiled.FILTERS, "answered", "ticket.number > 0 OR ticket.number > 0")
        page = queue.page(desk.store, desk.desk("rita").scope, Selection({"answered": None}), desk.now)
        assert {row.ticket.requester for row in page} != {"rita"}


def test_every_fragment_stands_in_parentheses():
    """Fragments are joined by AND: each is one clause, so none can widen the scope beside it."""
    for name, text in {**compiled.FILTERS, **compiled.SCOPES, **compiled.EXPRESSIONS}.items():
        assert _is_one_clause(text), (name, text)
    assert not _is_one_clause("ticket.a = 1 OR ticket.b = 2")
    assert not _is_one_clause("(ticket.a = 1) OR (ticket.b = 2)")


def _is_one_clause(text):
    """No OR or AND outside parentheses."""
    depth = 0
    for word in re.findall(r"[()]|\w+", text):
        depth += {"(": 1, ")": -1}.get(word, 0)
        if depth == 0 and word in ("OR", "AND"):
            return False
    return True
