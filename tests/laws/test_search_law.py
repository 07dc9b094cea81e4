"""Search against brute force over the raw rows; and the index has no stale and no missing document."""

import os
import random
import re
import sqlite3
import tempfile
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from tests.factories import HOUR, file, ref, world
from tix.desk import people
from tix.desk.tickets import assign, attachments, delete, edit, read, reply, status
from tix.domain.people import Contact
from tix.domain.search import parse_query
from tix.domain.tickets.edit import Edit
from tix.errors import TixError
from tix.store import rebuild
from tix.store.compiled import sqlite as compiled
from tix.store.search import fulltext, index, plan, queue, words
from tix.store.search.queue import Selection

pytestmark = pytest.mark.long

SOAK = bool(os.environ.get("TIX_SOAK"))
SEEDS = range(60 if SOAK else 6)
STEPS = 45

WORDS = (
    "printer", "smokes", "Straße", "strasse", "ÉCOLE", "école", "Łódź", "naïve", "漢字", "打印机", "印", "プリンター",
    "한글", "error-42", "v2.0", "C++", "o'neil", "under_score", "ﬁle", "ＡＢＣ", "İstanbul", "x1", "the", "a",
)  # fmt: skip
CJK = re.compile(
    r"[\u1100-\u11ff\u3041-\u3096\u30a1-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3]"
)
SPECIAL = {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}


def tokens(text):
    """The words of a text as the interface page wants them compared: its own folding, not the program's."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    kept = [c for c in folded if unicodedata.category(c) != "Mn" or c in "\u3099\u309a"]
    folded = unicodedata.normalize("NFKC", "".join(SPECIAL.get(c, c) for c in kept))
    found, word = [], ""
    for char in folded:
        if CJK.match(char):
            found += [word] if word else []
            found.append(char)
            word = ""
        elif char.isalnum():
            word += char
        else:
            found += [word] if word else []
            word = ""
    return found + ([word] if word else [])


def documents_of(connection, row, *, staff, subject_only):
    """Lists of texts, a list a document: raw rows and nothing of the index."""
    yield [row["subject"]]
    if subject_only:
        return
    named = dict(
        connection.execute("SELECT login, name || '\n' || coalesce(email, '') FROM person").fetchall()
    )
    name, _, email = named[row["requester"]].partition("\n")
    head = [row[key] or "" for key in ("about", "category", "email", "phone")] + [
        row["requester"],
        name,
        email,
    ]
    if row["assignee"] is not None:
        name, _, address = named[row["assignee"]].partition("\n")
        head += [row["assignee"], name]
        if staff:
            yield [address]
    yield head
    if staff:
        yield from ([tag] for tag in (row["tags"] or "").split())
    for id, body, internal in connection.execute(
        "SELECT id, body, internal FROM item WHERE ticket_id = ? AND kind != 'event'", (row["id"],)
    ).fetchall():
        if staff or not internal:
            names = connection.execute("SELECT name FROM attachment WHERE item_id = ? ORDER BY id", (id,))
            yield [body or "", *(label for (label,) in names)]


def has(text, wanted, prefix):
    """Whether the words stand side by side in one text, the last one perhaps going on."""
    words = tokens(text)
    for start in range(len(words) - len(wanted) + 1):
        part = words[start : start + len(wanted)]
        if part == wanted or (prefix and part[:-1] == wanted[:-1] and part[-1].startswith(wanted[-1])):
            return True
    return False


def brute(connection, login, staff, question, *, subject_only=False, where="1"):
    """The numbers of the tickets a question finds, by looking at everything; and of those it may find too.

    A phrase stands in one text. The index also finds one that goes on from the end of a text to the next of its
    document (a category, then a phone): reported, and until then such tickets are neither wanted nor wrong.
    """
    wanted, allowed = set(), set()
    scope = "1" if staff else "requester = :me"
    cursor = connection.execute(f"SELECT * FROM ticket WHERE {scope} AND ({where})", {"me": login})
    names = [c[0] for c in cursor.description]
    for one in cursor.fetchall():
        row = dict(zip(names, one, strict=True))
        found = list(documents_of(connection, row, staff=staff, subject_only=subject_only))
        texts = [text for document in found for text in document]
        joined = ["\n".join(document) for document in found]
        verdicts = {
            all(
                any(has(text, tokens(asked), prefix) for text in where_) != unwanted
                for asked, prefix, unwanted in question
            )
            for where_ in (texts, joined)
        }
        if verdicts == {True}:
            wanted.add(row["number"])
        if True in verdicts:
            allowed.add(row["number"])
    return wanted, allowed


# A question: what is typed, and what it means to the oracle (text, prefix, unwanted).
def questions(chance):
    """Words, phrases, beginnings and what must not be there, one to three of them."""
    typed, meant = [], []
    for place in range(chance.choice((1, 1, 1, 1, 2, 3))):
        word = chance.choice(WORDS)
        kind = chance.choice(
            ("word", "word", "prefix", "phrase", "without") if place else ("word", "prefix", "phrase")
        )
        if kind == "prefix":
            cut = word[: max(1, len(word) - chance.choice((0, 1, 2)))]
            if not tokens(cut):
                cut = word
            typed.append(f"{cut}*")
            meant.append((cut, True, False))
        elif kind == "phrase":
            phrase = f"{word} {chance.choice(WORDS)}"
            typed.append(f'"{phrase}"')
            meant.append((phrase, False, False))
        elif kind == "without":
            typed.append(f"-{word}")
            meant.append((word, False, True))
        else:
            typed.append(word)
            meant.append((word, False, False))
    return typed, meant


FILTERS = (
    ({}, "1"),
    ({"open": None}, "phase = 'open'"),
    ({"closed": None}, "phase != 'open'"),
    ({"unassigned": None}, "assignee IS NULL"),
    ({"assignee": ["ann"]}, "assignee = 'ann'"),
    ({"requester": ["rolf", "rita"], "open": None}, "requester IN ('rolf', 'rita') AND phase = 'open'"),
)


def ask(desk, login, typed, **options):
    """The numbers the program finds, in its order."""
    me = desk.desk(login)
    selection = options.pop("selection", Selection({}))
    hits = fulltext.search(desk.store, me.scope, parse_query(typed), selection, desk.now, **options)
    return [hit.row.ticket.number for hit in hits]


def compare(desk, chance, count, seen=None):
    """So many questions by staff and requesters, with and without filters, caps and limits."""
    connection = desk.store.connection
    for _ in range(count):
        typed, meant = questions(chance)
        login = chance.choice(("ann", "root", "rita", "rolf"))
        staff = login in ("ann", "root")
        filters, where = chance.choice(FILTERS)
        subject_only = chance.random() < 0.2
        wanted, allowed = brute(connection, login, staff, meant, subject_only=subject_only, where=where)
        column = "subject" if subject_only else None
        context = (login, typed, filters, column)
        for cap in (fulltext.CAP, 3, 1):
            found = ask(desk, login, typed, selection=Selection(filters), column=column, cap=cap)
            assert len(found) == len(set(found)), context
            assert set(found) - allowed == set(), (context, cap)
            assert wanted - set(found) == set(), (context, cap)
            wanted = set(found)
            for limit in (1, 2, len(wanted) or 1):
                few = ask(
                    desk, login, typed, selection=Selection(filters, None, limit), column=column, cap=cap
                )
                assert (context, cap, limit, min(limit, len(wanted))) == (context, cap, limit, len(few))
                assert set(few) <= wanted
                assert few == found[:limit] or cap < fulltext.CAP, context
            ordered = ask(desk, login, typed, selection=Selection(filters, "-number"), column=column, cap=cap)
            assert ordered == sorted(wanted, reverse=True)
        if not subject_only and not filters:
            me = desk.desk(login)
            ids = fulltext.matching(desk.store, me.scope, parse_query(typed), desk.now)
            rows = [desk.store.row("ticket_by_id", id=id) for id in ids]
            assert None not in rows, "a document of a ticket that is gone"
            numbers = {row[3] for row in rows}
            assert (context, sorted(wanted)) == (context, sorted(numbers))
        if seen is not None:
            seen["questions"] += 1
            seen["found"] += len(wanted)
            seen["empty"] += not wanted


def indexed(store):
    """What the two indexes hold: every word of every document, by their own account."""
    found = {}
    for table in ("public_text", "internal_text"):
        store.execute(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocab_{table} USING fts5vocab(main, {table}, instance)"
        )
        rows = store.execute(f"SELECT term, doc, col, offset FROM temp.vocab_{table}").fetchall()
        found[table] = sorted(rows)
    return found


def rebuilt(store):
    """What they would hold if everything were indexed anew from the rows."""
    fresh = sqlite3.connect(":memory:")
    for table in ("public_text", "internal_text"):
        store.execute(f"DROP TABLE IF EXISTS temp.vocab_{table}")
    store.connection.backup(fresh)

    class Fresh:
        def run(self, name, /, **values):
            return fresh.execute(compiled.SQL[name], values)

        def execute(self, sql, values=()):
            return fresh.execute(sql, values)

    copy = Fresh()
    for table in ("public_text", "internal_text"):
        copy.run(f"{table}_clear")
    from tix.domain.tickets.ticket import Ticket
    from tix.domain.tickets.timeline import File, Item
    from tix.store import people as directory

    for row in fresh.execute("SELECT * FROM ticket").fetchall():
        one = Ticket(*row)
        logins = {login for login in (one.requester, one.assignee) if login is not None}
        index.add_head(copy, one, directory.named(copy, logins))
    for id, ticket_id, body, internal, ordinal, kind in fresh.execute(
        "SELECT id, ticket_id, body, internal, ordinal, kind FROM item WHERE ordinal IS NOT NULL"
    ).fetchall():
        names = fresh.execute("SELECT name FROM attachment WHERE item_id = ? ORDER BY id", (id,)).fetchall()
        files = tuple(File(name, 0, "", "") for (name,) in names)
        item = Item(kind, 0, None, None, "staff", bool(internal), body, files)
        index.add_entry(copy, ticket_id, ordinal, item)
    return indexed(copy)


class Clerk:
    """Changes whatever an index could be stale about, by a seeded chance."""

    def __init__(self, desk, chance):
        self.desk, self.chance = desk, chance
        self.numbers = []

    def text(self, most=5):
        return " ".join(self.chance.choice(WORDS) for _ in range(self.chance.randint(1, most)))

    def step(self):
        verbs = "new new reply reply note subject category tag untag assign for rename attach detach phone close delete"
        verb = self.chance.choice(verbs.split())
        if verb == "new" or not self.numbers:
            uploads = (
                (file(f"{self.text(1)}.txt", self.text().encode()),) if self.chance.random() < 0.3 else ()
            )
            who = self.chance.choice(("rita", "rolf", "ann"))
            self.numbers.append(self.desk.new(who, self.text(3), self.text(), uploads=uploads))
            return "new"
        try:
            getattr(self, f"_{verb}")(ref(self.chance.choice(self.numbers)))
        except TixError:
            return "refused"
        return verb

    def _edit(self, number, **wanted):
        edit.edit(self.desk.desk("ann"), number, Edit(**wanted))

    def _reply(self, number):
        who = self.chance.choice(("ann", read.find(self.desk.desk("root"), number).requester))
        reply.reply(self.desk.desk(who), number, self.text(), (file(f"{self.text(1)}.log"),))

    def _note(self, number):
        reply.note(self.desk.desk("ann"), number, self.text(), (file(f"{self.text(1)}.log"),))

    def _subject(self, number):
        self._edit(number, fields={"subject": self.text(3)})

    def _category(self, number):
        self._edit(number, fields={"category": self.chance.choice((None, self.text(1)))})

    def _phone(self, number):
        self._edit(number, fields={"phone": "0123 456", "about": "campaign:42"})

    def _tag(self, number):
        self._edit(number, tags=(self.chance.choice(("printer", "x1", "red")),))

    def _untag(self, number):
        self._edit(number, remove_tags=("printer", "x1", "red"))

    def _assign(self, number):
        desk = self.desk.desk("ann")
        who = self.chance.choice((None, "ann", "ben"))
        assign.assign(desk, number, None if who is None else desk.person(who))

    def _for(self, number):
        contact = Contact(self.chance.choice(("rita", "rolf")), None, None)
        edit.edit(self.desk.desk("ann"), number, Edit(), requester=contact)

    def _rename(self, _):
        who = self.chance.choice(("rita", "ann"))
        people.edit(
            self.desk.desk("root"),
            who,
            {"name": self.text(2), "email": f"{who}{self.chance.randint(1, 9)}@y.example"},
        )

    def _attach(self, number):
        attachments.add(self.desk.desk("ann"), number, (file(f"{self.text(1)}.txt"),))

    def _detach(self, number):
        one = read.find(self.desk.desk("root"), number)
        rows = self.desk.store.run("thread_files", ticket_id=one.id, staff=1).fetchall()
        if rows:
            attachments.remove(self.desk.desk("ann"), number, (str(self.chance.choice(rows)[6]),))

    def _close(self, number):
        status.pull(self.desk.desk("ann"), number, "close")

    def _delete(self, number):
        if self.chance.random() < 0.4:
            delete.delete(self.desk.desk("root"), number)


def story(seed, count=60):
    """A desk changed in all ways, searched on the way, its index compared with one made anew."""
    seen = Counter()
    with tempfile.TemporaryDirectory() as folder, world(Path(folder)) as desk:
        chance = random.Random(seed)
        clerk = Clerk(desk, chance)
        for place in range(STEPS):
            desk.now += HOUR
            seen[clerk.step()] += 1
            if place % 15 == 14:
                compare(desk, chance, count // 3, seen)
        assert rebuilt(desk.store) == indexed(desk.store)
        seen["words"] += sum(map(len, indexed(desk.store).values()))
        for table in ("public_text", "internal_text"):
            desk.store.run(f"{table}_check")
        before = indexed(desk.store)
        assert list(rebuild.missing_documents(desk.store)) == []
        with desk.store.writing():
            rebuild.rebuild_search(desk.store)
        assert indexed(desk.store) == before
    return seen


def stories():
    """All of them; what they saw."""
    seen = Counter()
    for seed in SEEDS:
        seen.update(story(seed))
    return seen


def test_search_finds_what_looking_finds():
    """Words, phrases, beginnings, exclusion, CJK, accents, ß, filters, scopes, caps, limits, after any change."""
    seen = stories()
    assert seen["questions"] > 100
    assert seen["found"] > 100
    assert seen["empty"] > 10
    assert seen["words"] > 1000
    for verb in ("reply", "note", "subject", "tag", "assign", "for", "rename", "detach", "delete"):
        assert seen[verb] > 0, verb


def test_a_phrase_stands_in_one_text(tmp_path):
    """The end of the category and the beginning of the phone are no phrase; neither are a text and a file's name."""
    with world(tmp_path) as desk:
        desk.new("ann", values={"category": "red", "phone": "blue"}, body="one", uploads=(file("two.txt"),))
        assert ask(desk, "ann", ['"one two"']) == []
        assert ask(desk, "ann", ['"red blue"']) == []


def test_what_was_taken_out_is_not_in_the_file(tmp_path):
    """After a delete, and after a file is taken out, its words are not in the bytes of the store."""
    with world(tmp_path) as desk:
        kept = desk.new(body="stays here")
        gone = desk.new(
            subject="Wombatsubject", body="Wombatbody", uploads=(file("wombatfile.txt", b"wombatbytes"),)
        )
        reply.note(desk.desk("ann"), ref(gone), "Wombatnote", (file("wombatnoted.txt", b"wombatsecret"),))
        attachments.add(desk.desk("rita"), ref(kept), (file("quokkafile.txt", b"quokkabytes"),))
        assert b"wombat" in desk.path.read_bytes().lower()
        delete.delete(desk.desk("root"), ref(gone))
        attachments.remove(desk.desk("ann"), ref(kept), ("quokkafile.txt",))
        raw = desk.path.read_bytes().lower()
        assert b"wombat" not in raw
        assert b"quokkabytes" not in raw
        assert b"stays here" in raw
        assert rebuilt(desk.store) == indexed(desk.store)


# ------------------------------------------------------------------------------------------ planted faults


def _lost_files(store, ticket_id, ordinal, item):
    return _add_entry(store, ticket_id, ordinal, item._replace(files=()))


_add_entry = index.add_entry
_differs = index.head_differs


@pytest.mark.parametrize(
    ("where", "name", "faulty"),
    [
        (index, "head_differs", lambda old, new: False),
        (index, "head_differs", lambda old, new: _differs(old, new._replace(assignee=old.assignee))),
        (index, "add_entry", _lost_files),
        (index, "forget_entry", lambda *given: None),
        (index, "forget_head", lambda *given: None),
        (words, "LAST_DOCUMENT", 0),
    ],
    ids=[
        "an edit is not indexed",
        "a new holder is not indexed",
        "file names are not indexed",
        "entries are never forgotten",
        "heads are never forgotten",
        "documents beyond the head are lost",
    ],
)
def test_a_planted_fault_is_seen(where, name, faulty, monkeypatch):
    """Control: the story that agrees on the real desk does not on the faulty one."""
    monkeypatch.setattr(where, name, faulty)
    with pytest.raises((AssertionError, TixError, sqlite3.Error)):
        stories()


def test_a_scope_left_out_is_seen(monkeypatch):
    """Control: search without the visibility clause finds too much."""
    monkeypatch.setitem(compiled.SCOPES, "own", "1 = 1")
    # And without the arms that look in what is theirs alone: either is enough.
    monkeypatch.setattr(plan, "arms", lambda texts, scope, filters, **_: ([plan.Branch(None, "")], {}))
    with pytest.raises(AssertionError):
        stories()
    assert queue is not None
