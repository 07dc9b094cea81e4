"""Undo restores the state before the command in everything but what counts, or is refused for a stated reason."""

import os
import tempfile
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories import HOUR, ref, world
from tests.laws.stories import FIRST, STAFF, WINDOW, Player, stories, unfolded
from tix.desk import doctor, redo
from tix.desk.doctor import differences
from tix.desk.tickets import assign, reply, status, undo
from tix.desk.tickets import edit as ticket_edit
from tix.domain.tickets import undo as rules_of_undoing
from tix.domain.tickets.edit import Edit
from tix.domain.tickets.lifecycle import settled
from tix.domain.tickets.ticket import FIELDS, Ticket
from tix.errors import Refused, TixError
from tix.store.tickets import tickets as tickets_kept

pytestmark = pytest.mark.long

SOAK = bool(os.environ.get("TIX_SOAK"))
EXAMPLES = 400 if SOAK else 25

# By hand: what undo takes back when nothing has happened since, and what it refuses. Others are not asked.
TAKEN_BACK = {"due", "subject", "priority", "tag", "for", "status", "assign", "claim", "snooze"}
STAYS = {"new", "reply", "answer", "attach", "detach", "delete"}
# What counts, and when it was: an undo is activity too.
COUNTED = {"version", "updated_at", "last_activity_at"}

GAPS = st.sampled_from((0, 0, 1, HOUR, 24 * HOUR, WINDOW, 10 * WINDOW))


def rows(desk):
    """Every ticket as it is now, whether or not time's part is on record."""
    found = [Ticket(*row) for row in desk.store.execute("SELECT * FROM ticket ORDER BY id").fetchall()]
    return {one.number: one for one in found}


def heard(desk):
    """Every notice there is: who was told, and of which ticket."""
    return desk.store.execute("SELECT login, ticket_id FROM notice ORDER BY id").fetchall()


def sees(desk, login, id):
    """Whether somebody may see a ticket."""
    meant = desk.desk(login)
    return tickets_kept.get(desk.store, tickets_kept.by_id(desk.store, id).number, meant.scope) is not None


def alike(before, after, now):
    """Where a ticket is not as it was; that it is overdue is on record from another moment."""
    one, other = settled(before, now), settled(after, now)
    return {
        name: (getattr(one, name), getattr(other, name))
        for name in FIELDS
        if name not in COUNTED | {"overdue_at"} and getattr(one, name) != getattr(other, name)
    } | ({} if one.is_overdue(now) == other.is_overdue(now) else {"overdue": other.overdue_at})


def expected(action):
    """Whether undo takes an action back; None where this law does not ask."""
    kind, who = action[0], action[1]
    if who not in STAFF and kind != "delete":
        return None
    if kind == "pull":
        # A note is taken back while nobody has answered: tests/cli/test_own_words.py.
        return None if action[4] is None and action[5] is not None else action[4] is None
    if kind == "merge":
        return action[2:] == (0, 1)  # the others leave a note
    return True if kind in TAKEN_BACK else False if kind in STAYS else None


def undone(desk, who):
    """Takes back the last command of somebody's; the refusal, or None."""
    try:
        undo.undo(desk.desk(who), past=False)
    except TixError as error:
        return error
    return None


def follow(story, gaps, workflow="standard"):
    """Plays a story, and after each step takes it back, half of the time after a while. What happened."""
    happened = Counter()
    with tempfile.TemporaryDirectory() as folder, world(Path(folder), workflow) as desk:
        player = Player(desk)
        for (gap, action), wait in zip(story, gaps, strict=False):
            desk.now += gap
            before = rows(desk)
            past = len(heard(desk))
            said = player.act(action)
            wanted = expected(action)
            if said != "done" or wanted is None:
                continue
            who = "root" if action[0] == "delete" else action[1]
            left = rows(desk)
            told = heard(desk)[past:]
            desk.now += wait
            refusal = undone(desk, who)
            if refusal is not None:
                assert rows(desk) == left
                assert refusal.exit_status == 5
                is_final = refusal.code == "final-status" and wait > 0
                assert not wanted or is_final, (action, refusal.message)
                happened["refused"] += 1
            else:
                assert wanted, action
                after = rows(desk)
                assert before.keys() == after.keys()
                wrong = {n: alike(before[n], after[n], desk.now) for n in before}
                assert (action, {n: one for n, one in wrong.items() if one}) == (action, {})
                happened[action[0]] += 1
                again = set(heard(desk)[past + len(told) :])
                unheard = {(login, id) for login, id in {*told} - again if sees(desk, login, id)}
                assert (action, unheard) == (action, set())
                if action[0] != "merge":
                    redo.redo(desk.desk(who))
                    wrong = {n: alike(one, rows(desk)[n], desk.now) for n, one in left.items()}
                    assert ("redo", action, {n: one for n, one in wrong.items() if one}) == (
                        "redo",
                        action,
                        {},
                    )
                    assert undone(desk, who) is None
                    wrong = {n: alike(before[n], rows(desk)[n], desk.now) for n in before}
                    assert ("again", action, {n: one for n, one in wrong.items() if one}) == (
                        "again",
                        action,
                        {},
                    )
                    happened["redone"] += 1
                happened["told"] += len(told)
            assert unfolded(desk, differences)[1] == []
        findings = {finding.name: finding.status for finding in doctor.examine(desk.desk("root"))}
        assert findings["fold"] == findings["facets"] == "ok"
    return happened


ONE_OF_EACH = [
    FIRST,
    (1, ("subject", "ann", 0, "Scanner")),
    (1, ("priority", "ann", 0, "urgent")),
    (1, ("due", "ann", 0, -HOUR)),
    (1, ("due", "ben", 0, 24 * HOUR)),
    (1, ("tag", "ann", 0, "red", True)),
    (1, ("tag", "ann", 0, "new", False)),
    (1, ("for", "ann", 0, "rolf")),
    (1, ("assign", "root", 0, "ben")),
    (1, ("claim", "ann", 0)),
    (1, ("snooze", "ann", 0, HOUR)),
    (1, ("pull", "ann", "close", 0, None, None)),
    (1, ("status", "ann", 0, 1)),
    (1, ("merge", "ann", 0, 1)),
    (1, ("reply", "ann", 0, False)),
    (1, ("note", "ann", 0, True)),
]


@pytest.mark.parametrize("workflow", ["standard", "osticket", "itflow"])
def test_undo_restores_the_state_before(workflow):
    """Whatever staff change, by themselves and after a while; or it is refused and nothing is written."""
    happened = follow(ONE_OF_EACH, [0] * 40, workflow)
    happened += follow(ONE_OF_EACH, [HOUR] * 40, workflow)

    @settings(max_examples=EXAMPLES, derandomize=not SOAK)
    @given(stories(), st.lists(GAPS, min_size=24, max_size=24))
    def story(steps, gaps):
        happened.update(follow(steps, gaps, workflow))

    story()
    assert {"pull", *TAKEN_BACK} - {"status"} <= happened.keys()
    assert happened["refused"] > 20
    assert happened["told"] > 20
    assert happened["redone"] > 20


def test_commands_are_taken_back_one_after_another(tmp_path):
    """The second undo takes back the command before; a command that is undone is not undone again."""
    with world(tmp_path) as desk:
        number = ref(desk.new())
        states = [rows(desk)]
        for edit in (Edit(tags=("a",)), Edit(fields={"subject": "B"}), Edit(tags=("c",))):
            ticket_edit.edit(desk.desk("ann"), number, edit)
            states.append(rows(desk))
        status.pull(desk.desk("ann"), number, "hold")
        for state in reversed(states):
            desk.now += 1
            undo.undo(desk.desk("ann"))
            assert alike(state[1], rows(desk)[1], desk.now) == {}
        with pytest.raises(Refused, match="no command to undo"):
            undo.undo(desk.desk("ann"))


def test_an_undone_command_of_another_is_no_obstacle(tmp_path):
    """What was taken back is as if it had not been; what was not is named, with who did it."""
    with world(tmp_path) as desk:
        number = ref(desk.new())
        ticket_edit.edit(desk.desk("ann"), number, Edit(tags=("a",)))
        ticket_edit.edit(desk.desk("ben"), number, Edit(tags=("b",)))
        with pytest.raises(Refused, match=r"TIX-1 was changed since: tag-added by ben"):
            undo.undo(desk.desk("ann"))
        undo.undo(desk.desk("ben"))
        undo.undo(desk.desk("ann"))
        assert desk.stored(1).tag_list() == []


def test_what_many_tickets_are_is_taken_back_whole_or_not(tmp_path):
    """One command is one deed, however many transactions it took; one obstacle keeps all of it."""
    with world(tmp_path) as desk:
        numbers = [desk.new() for _ in range(5)]
        command = desk.desk("ann")
        for number in numbers:
            assign.assign(command, ref(number), command.person("ben"))
        reply.note(desk.desk("ben"), ref(4), "Why me?")
        left = rows(desk)
        with pytest.raises(Refused, match="TIX-4 was changed since: note by ben"):
            undo.undo(desk.desk("ann"))
        assert rows(desk) == left
        other = desk.desk("ann")
        for number in numbers[:3]:
            status.pull(other, ref(number), "close")
        assert len(undo.undo(desk.desk("ann"), dry_run=True).outcomes) == 3
        assert [one.phase for one in rows(desk).values()] == ["closed"] * 3 + ["open"] * 2
        assert [one.ticket.ref for one in undo.undo(desk.desk("ann")).outcomes] == [
            "TIX-1",
            "TIX-2",
            "TIX-3",
        ]
        assert [one.phase for one in rows(desk).values()] == ["open"] * 5


def test_a_part_that_failed_leaves_no_trace_of_its_command(tmp_path):
    """The first ticket of several fails and takes the record of the command along: the next makes it again."""
    with world(tmp_path) as desk:
        first, second = desk.new(), desk.new()
        command = desk.desk("ann")
        with command.store.together():
            with suppress(RuntimeError), command.store.writing():
                status.pull(command, ref(first), "close")
                raise RuntimeError
            status.pull(command, ref(second), "close")
        assert [one.phase for one in rows(desk).values()] == ["open", "closed"]
        assert [one.ticket.number for one in undo.undo(desk.desk("ann")).outcomes] == [second]


# ------------------------------------------------------------------------------------------ planted faults


@pytest.mark.parametrize(
    "name",
    "subject status phase priority rank requester assignee tags due_at due_by_hand snoozed_until answered "
    "resolved_at closed_at closed_by lapses_at reopened resolution_met".split(),
)
def test_a_column_that_is_forgotten_is_seen(name, monkeypatch):
    """Control: an undo that leaves one column as it is does not pass."""
    story = [
        *ONE_OF_EACH,
        (1, ("pull", "ann", "resolve", 0, None, None)),
        (1, ("pull", "ann", "close", 0, None, "a note")),
        (1, ("pull", "ann", "reopen", 0, None, None)),
    ]
    follow(story, [0] * 40)
    kept = tuple(one for one in rules_of_undoing.RESTORED if one != name)
    monkeypatch.setattr(rules_of_undoing, "RESTORED", kept)
    with pytest.raises(AssertionError):
        follow(story, [0] * 40)


def test_an_undo_that_does_not_look_is_seen(tmp_path, monkeypatch):
    """Control: without the look at what happened since, a change of somebody else's would be lost."""
    with world(tmp_path) as desk:
        number = ref(desk.new())
        ticket_edit.edit(desk.desk("ann"), number, Edit(fields={"subject": "A"}))
        ticket_edit.edit(desk.desk("ben"), number, Edit(fields={"subject": "B"}))
        monkeypatch.setattr(undo, "_refuse_changed", lambda *given: None)
        undo.undo(desk.desk("ann"))
        assert desk.stored(1).subject == "Printer"
