"""The ticket's row is the fold of its timeline, after every step of any story; and doctor sees where it is not."""

import os
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings

from tests.factories import HOUR, file, ref, world
from tests.laws.stories import EVERYTHING, FIRST, WINDOW, Player, stories, unfolded
from tix.desk import doctor
from tix.desk.doctor import differences
from tix.desk.tickets import attachments, delete, reply
from tix.domain.tickets.ticket import FIELDS, Ticket
from tix.store.tickets import tickets as repository

pytestmark = pytest.mark.long

SOAK = bool(os.environ.get("TIX_SOAK"))
EXAMPLES = 400 if SOAK else 25


def counted(desk):
    """What the counters of each row should say, counted from raw rows: what its readers see of it, and the rest.

    Of a merged ticket that is what was written on it, wherever it hangs; of the others what hangs on them.
    """
    sql = (
        "WITH shown AS (SELECT id, kind, internal OR (apart IS NOT NULL AND NOT :merged) AS hidden FROM item "
        "WHERE CASE WHEN :merged THEN origin_id ELSE ticket_id END = :id) "
        "SELECT count(*) FILTER (WHERE kind != 'event' AND NOT hidden), "
        "count(*) FILTER (WHERE kind != 'event' AND hidden), "
        "(SELECT count(*) FROM attachment JOIN shown ON shown.id = item_id WHERE NOT hidden), "
        "(SELECT count(*) FROM attachment JOIN shown ON shown.id = item_id WHERE hidden), "
        "(SELECT max(ordinal) FROM item WHERE origin_id = :id) FROM shown"
    )
    for (id,) in desk.store.execute("SELECT id FROM ticket").fetchall():
        one = repository.by_id(desk.store, id)
        row = (one.entries, one.notes, one.attachments, one.internal_attachments, one.documents)
        merged = one.merged_into is not None
        *raw, documents = desk.store.execute(sql, {"id": id, "merged": merged}).fetchone()
        # A number that was split off is not given again.
        yield one.ref, (*raw, max(documents, one.documents)), row


def follow(story, workflow="standard", check=None):
    """Plays a story; after every step each row is its fold and each counter a count. What happened."""
    happened = Counter()
    with tempfile.TemporaryDirectory() as folder, world(Path(folder), workflow) as desk:
        player = Player(desk)
        for gap, action in story:
            said = player.step(gap, action)
            happened[f"{action[0]} {said}"] += 1
            count, wrong = unfolded(desk, check or differences)
            assert (action, []) == (action, wrong)
            for name, raw, row in counted(desk):
                assert (name, raw) == (name, row)
            happened["folded"] += count
        findings = {finding.name: finding for finding in doctor.examine(desk.desk("root"))}
        assert findings["fold"].status == "ok"
        assert findings["numbers"].status == "ok"
        assert findings["files"].status == "ok"
        assert findings["references"].status == "ok"
        assert findings["facets"].status == "ok"
        assert findings["threads"].status == "ok"
    return happened


# One of each, in any workflow; random stories come on top.
ONE_OF_EACH = [
    FIRST,
    (1, ("reply", "ann", 0, True)),
    (1, ("note", "ben", 0, True)),
    (1, ("tag", "ann", 0, "red", True)),
    (1, ("subject", "ann", 0, "Scanner")),
    (1, ("priority", "ann", 0, "urgent")),
    (1, ("due", "ann", 0, -HOUR)),
    (1, ("assign", "root", 0, "ben")),
    (1, ("attach", "rita", 0, "b.txt")),
    (1, ("detach", "ann", 0, "a.txt")),
    (1, ("snooze", "ann", 0, 24 * HOUR)),
    (1, ("snooze", "ben", 0, None)),
    (1, ("snooze", "ann", 0, 24 * HOUR)),
    (1, ("reply", "rita", 0, False)),
    (1, ("window", "24h")),
    (1, ("rename", "rita", "Rita R.")),
    (1, ("workflow", "dphish")),
    (1, ("pull", "rita", "close", 0, "Thanks.", None)),
    (1, ("rate", 0, 5)),
    (1, ("keyed", "rita", "k1")),
    (1, ("new", "rolf", None, True)),
    (1, ("follow", "ann", 0, False)),
    (1, ("link", "ann", 0, "blocks", 2, True)),
    (1, ("note", "ann", 2, False)),
    (1, ("merge", "ann", 0, 2)),
    (1, ("reply", "rita", 0, True)),
    (1, ("reply", "ann", 0, True)),  # refused: their requesters share no client
    (1, ("reply", "ann", 2, True)),
    (1, ("unmerge", "ann", 0)),
    (1, ("link", "ann", 0, "blocks", 2, False)),
    (1, ("follow", "ann", 0, True)),
    (1, ("split", "ann", 2, 3, 0)),
    (1, ("delete", 0)),
]


@pytest.mark.parametrize("workflow", ["standard", "osticket", "itflow"])
def test_the_row_is_the_fold_of_its_timeline(workflow):
    """Edits, tags, files in and out, other workflows and windows, ratings, deletes, keys: always."""
    happened = follow(ONE_OF_EACH, workflow)
    assert {name for name in happened if not name.endswith((" done", "folded"))} == {"reply merged 5"}

    @settings(max_examples=EXAMPLES, derandomize=not SOAK)
    @given(stories())
    def story(steps):
        happened.update(follow(steps, workflow))

    story()
    assert happened["folded"] > 300


FILES = [
    FIRST,
    (1, ("attach", "rita", 0, "a.txt")),
    (1, ("note", "ann", 0, True)),
    (1, ("detach", "ann", 0, "a.txt")),
    (1, ("detach", "ann", 0, "n.txt")),
    (1, ("reply", "ann", 0, True)),
]
LONG = [
    FIRST,
    (2 * HOUR, ("tag", "ann", 0, "red", True)),
    (1, ("pull", "ann", "hold", 0, "wait", "for parts")),
    (HOUR, ("pull", "ann", "resolve", 0, None, None)),
    (1, ("window", "24h")),
    (24 * HOUR, ("rate", 0, 4)),
    (WINDOW, ("pull", "rita", "reopen", 0, "again", None)),
    (1, ("workflow", "dphish")),
    (1, ("keyed", "rita", "k1")),
    (1, ("keyed", "rita", "k1")),
    (1, ("for", "ann", 0, "rolf")),
]


@pytest.mark.parametrize("story", [FILES, LONG], ids=["files", "long"])
def test_a_known_story_folds(story):
    """Each step is one that does something."""
    happened = follow(story)
    refused = {name: n for name, n in happened.items() if not name.endswith((" done", "folded"))}
    assert refused in ({}, {"keyed already": 1})


def test_a_file_twice_on_one_ticket_is_taken_out_once(tmp_path):
    """The bytes stay while another attachment has them; the counters follow the rows."""
    with world(tmp_path) as desk:
        number = desk.new()
        for _ in range(2):
            attachments.add(desk.desk("rita"), ref(number), (file("a.txt"),))
        first = desk.store.value("blob_digests")
        ids = [id for (id,) in desk.store.execute("SELECT id FROM attachment").fetchall()]
        attachments.remove(desk.desk("ann"), ref(number), (str(ids[0]),))
        assert desk.store.value("blob_digests") == first
        attachments.remove(desk.desk("ann"), ref(number), (str(ids[1]),))
        assert desk.store.value("blob_digests") is None
        assert unfolded(desk, differences) == (1, [])
        assert all(raw == row for _, raw, row in counted(desk))


# ------------------------------------------------------------------------------------------ planted faults


@pytest.mark.parametrize("name", sorted(set(FIELDS) - {"id", "uid", "prefix", "number"}))
def test_a_changed_column_is_seen(name, tmp_path):
    """Control: any column changed behind the timeline's back is a difference, to the law and to doctor."""
    with world(tmp_path) as desk:
        number = desk.new()
        reply.reply(desk.desk("ann"), ref(number), "An answer.")
        assert unfolded(desk, differences) == (1, [])
        old = getattr(desk.stored(number), name)
        new = old + 1 if isinstance(old, int) else 1 if name.endswith("_at") or name == "rating" else "rolf"
        desk.store.execute(f'UPDATE ticket SET "{name}" = ?', (new,))
        _, wrong = unfolded(desk, differences)
        assert [line for line in wrong if f": {name} is" in line] != []
        findings = {finding.name: finding.status for finding in doctor.examine(desk.desk("root"))}
        assert findings["fold"] == "failed"


def _lost_event(store, old, new, items, deed=None):
    """A repository that stores the row and forgets the last item."""
    return _save(store, old, new, list(items)[:-1], deed)


def _lost_row(store, old, new, items, deed=None):
    """A repository that stores the items and forgets a column."""
    return _save(store, old, new._replace(version=old.version), items, deed)


_save = repository.save


@pytest.mark.parametrize("faulty", [_lost_event, _lost_row])
def test_a_faulty_repository_is_seen(faulty, monkeypatch):
    """Control: the story that folds on the real repository does not on the faulty one."""
    follow(LONG)
    monkeypatch.setattr(repository, "save", faulty)
    with pytest.raises(AssertionError):
        follow(LONG)


def test_a_faulty_counter_is_seen(monkeypatch):
    """Control: counters that row and timeline agree on, but the raw rows do not."""

    def keeping(desk, reference, words):
        outcome = _remove(desk, reference, words)
        desk.store.execute("UPDATE ticket SET attachments = attachments + 1")
        desk.store.execute("UPDATE item SET sets = replace(sets, '\"attachments\":0', '\"attachments\":1')")
        return outcome

    _remove = attachments.remove
    monkeypatch.setattr(attachments, "remove", keeping)
    with pytest.raises(AssertionError):
        follow(FILES)


def test_an_id_that_would_be_given_again_is_seen(tmp_path):
    """Control: doctor notices that the next ticket would get what is left of a deleted one, and one that has it."""
    with world(tmp_path) as desk:
        desk.new()
        delete.delete(desk.desk("root"), ref(desk.new()))
        findings = {finding.name: finding.status for finding in doctor.examine(desk.desk("root"))}
        assert (findings["numbers"], findings["fold"]) == ("ok", "ok")
        desk.store.execute("UPDATE sqlite_sequence SET seq = 1 WHERE name = 'ticket'")
        findings = {finding.name: finding.status for finding in doctor.examine(desk.desk("root"))}
        assert (findings["numbers"], findings["fold"]) == ("failed", "ok")
        desk.new()
        findings = {finding.name: finding.status for finding in doctor.examine(desk.desk("root"))}
        assert findings["fold"] == "failed"


def test_a_damaged_file_is_seen(tmp_path):
    """Control: doctor notices bytes that are not those of their digest."""
    with world(tmp_path) as desk:
        number = desk.new(uploads=(file("a.txt"),))
        assert (
            Ticket(*desk.store.run("tickets_in_status", status="open", elsewhere="[]").fetchone()).number
            == number
        )
        assert EVERYTHING.staff
        desk.store.execute("UPDATE blob SET data = x'00'")
        findings = {finding.name: finding.status for finding in doctor.examine(desk.desk("root"))}
        assert findings["files"] == "failed"
