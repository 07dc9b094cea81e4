"""The lifecycle's single decisions; the whole of it is in tests/laws."""

import pytest

from tests.factories import HOUR, T0, author, rules, ticket
from tix.domain.tickets import lifecycle
from tix.domain.tickets.edit import Edit, edit
from tix.domain.tickets.ticket import NEVER, evolve, fold, opened, play, tags_text
from tix.errors import AlreadyRated, FinalStatus, IllegalTransition, InvalidValue, NotAllowed, Refused

WINDOW = 72 * HOUR


def test_an_opening_is_a_message_of_the_requester():
    """Whoever types it: it is no answer and no first response."""
    opening = lifecycle.open_ticket(author("ann", "staff"), "x", {"subject": "s"})
    assert (opening.kind, opening.side, opening.by) == ("message", "requester", "ann")
    new = ticket()
    assert (
        new.answered, new.first_response_at, new.last_replier, new.entries, new.reopened,
    ) == (0, None, None, 1, 0)  # fmt: skip


def test_a_reply_with_another_status_is_one_status_change():
    """The reply's own rule does not fire when a status is given (speak, then set_status)."""
    said = lifecycle.speak(ticket(), rules(), author(), "Done.")
    moved = lifecycle.set_status(
        play(ticket(), [said]), rules(), rules().workflow.status("resolved"), author()
    )
    assert [item.old for item in moved] == ["open"]
    assert [item.new for item in moved] == ["resolved"]


def test_a_requesters_reply_to_a_solution_says_why():
    """Reopening by a reply has the reason solution-not-accepted; by hand it has reopened."""
    resolved = play(ticket(), lifecycle.pull(ticket(), rules(), "resolve", author(), "staff"))
    by = author("rita", "requester", T0 + 1)
    said, moved = lifecycle.reply(resolved, rules(), by, "No.")
    assert (said.kind, moved.reason) == ("message", "solution-not-accepted")
    (moved,) = lifecycle.pull(resolved, rules(), "reopen", by, "requester")
    assert moved.reason == "reopened"


def test_a_refusal_says_what_is_possible():
    """Exit 5 with the verbs from here; a missing trigger names the one that does that job."""
    closed = ticket(status="closed", closed_at=T0, resolved_at=T0)
    with pytest.raises(IllegalTransition) as refused:
        lifecycle.pull(closed, rules(), "resolve", author(), "staff")
    assert "reopen" in refused.value.hint
    with pytest.raises(IllegalTransition) as refused:
        lifecycle.pull(ticket("helpdesk"), rules("helpdesk"), "close", author(), "staff")
    assert "tix resolve 1" in refused.value.hint
    closed = ticket("dphish", status="closed")
    with pytest.raises(NotAllowed):
        lifecycle.pull(closed, rules("dphish"), "reopen", author("rita", "requester"), "requester")


def test_a_final_ticket_takes_nothing_more():
    """No reply, note, edit or reopening; the hint is a linked ticket."""
    final = ticket("itflow", status="closed", closed_at=T0, resolved_at=T0)
    table = rules("itflow")
    for attempt in (
        lambda: lifecycle.reply(final, table, author(), "x"),
        lambda: lifecycle.note(final, table, author(), "x"),
        lambda: lifecycle.pull(final, table, "reopen", author(), "staff"),
        lambda: edit(final, table, author(), Edit(fields={"subject": "x"})),
    ):
        with pytest.raises(FinalStatus) as refused:
            attempt()
        assert "--about ticket:1" in refused.value.hint
    assert lifecycle.rate(final, table, author("rita", "requester"), 5, None).new == "5"
    assert lifecycle.pull(final, table, "close", author(), "staff") == []


def test_a_rating_is_given_once_and_when_it_is_over():
    """1 to 5; not while it is open; never a second time, reopened or not."""
    by = author("rita", "requester")
    with pytest.raises(Refused):
        lifecycle.rate(ticket(), rules(), by, 5, None)
    closed = ticket(status="closed")
    rated = play(closed, [lifecycle.rate(closed, rules(), by, 4, "fine")])
    assert (rated.rating, rated.rating_comment, rated.rated_at) == (4, "fine", T0)
    with pytest.raises(AlreadyRated):
        lifecycle.rate(rated, rules(), by, 4, None)
    assert [lifecycle.parse_stars(word) for word in "12345"] == [1, 2, 3, 4, 5]
    for word in ("0", "6", "", "five", "1.0", " 1", "٣", "-1"):
        with pytest.raises(InvalidValue):
            lifecycle.parse_stars(word)


def test_time_settles_in_its_own_order():
    """Woken, overdue and lapsed, each dated when it fell due."""
    late = ticket(due_at=T0 + HOUR, due_key=T0 + HOUR, snoozed_until=T0 + 2 * HOUR)
    items = lifecycle.settle(late, T0 + 3 * HOUR)
    assert [(item.type, item.at) for item in items] == [("overdue", T0 + HOUR), ("woken", T0 + 2 * HOUR)]
    assert {("system", None)} == {(item.side, item.by) for item in items}
    assert lifecycle.settle(play(late, items), T0 + 9 * HOUR) == []
    assert lifecycle.settle(late, T0 + HOUR - 1) == []


def test_time_raises_no_version_and_no_note_does():
    """The version counts what people changed and a requester may notice."""
    resolved = play(ticket(), lifecycle.pull(ticket(), rules(), "resolve", author(), "staff"))
    lapsed = lifecycle.settled(resolved, T0 + WINDOW)
    noted = play(resolved, [lifecycle.note(resolved, rules(), author(), "x")])
    said = play(resolved, [lifecycle.speak(resolved, rules(), author(), "x")])
    assert (resolved.version, lapsed.version, noted.version, said.version) == (2, 2, 2, 3)
    assert (noted.answered, said.answered) == (0, 1)
    assert noted.last_activity_at == resolved.last_activity_at


def test_a_pause_counts_once():
    """Held twice, the clock stands from the first; on leaving, the due date has moved by the pause."""
    desk = rules()
    new = ticket(due_at=T0 + HOUR, due_key=T0 + HOUR)
    held = play(new, lifecycle.pull(new, desk, "hold", author(), "staff"))
    assert lifecycle.pull(held, desk, "hold", author(at=T0 + 60), "staff") == []
    assert not held.is_overdue(T0 + 99 * HOUR)
    on = play(held, lifecycle.pull(held, desk, "start", author(at=T0 + 2 * HOUR), "staff"))
    assert (on.due_at, on.paused_at) == (T0 + 3 * HOUR, None)
    assert on.due_key == on.due_at


@pytest.mark.parametrize("status", ["closed", "resolved", "on-hold"])
def test_only_an_open_ticket_whose_clock_runs_becomes_overdue(status):
    """Setting a due date that has passed on another ticket is no overdue event (phase open, not paused)."""
    other = ticket(status=status)
    items = edit(other, rules(), author(at=T0 + HOUR), Edit(due_at=(T0,)))
    assert [item.type for item in items] == ["field-changed"]


def test_a_first_reply_claims_where_the_desk_says_so():
    """Only the first, only an unassigned ticket, only staff."""
    desk = rules("osticket")
    items = lifecycle.reply(ticket("osticket"), desk, author(), "x")
    assert [item.kind for item in items] == ["reply", "event"]
    assert play(ticket("osticket"), items).assignee == "ann"
    for found, by in (
        (ticket("osticket", assignee="ben"), author()),
        (ticket("osticket", first_response_at=T0), author()),
        (ticket("osticket"), author("rita", "requester")),
    ):
        assert len(lifecycle.reply(found, desk, by, "x")) == 1


def test_a_fold_is_the_play_of_the_opening():
    """fold(items) is opened(first) and evolve for the rest."""
    opening = lifecycle.open_ticket(
        author("rita", "requester"),
        "x",
        {"subject": "s", "status": "open", "phase": "open", "priority": "medium", "rank": 20},
    )
    note = lifecycle.note(ticket(), rules(), author(at=T0 + 5), "x")
    one = fold(7, "TIX-", "u", [opening, note])
    assert one == evolve(opened(7, "TIX-", "u", opening), note)
    assert (
        one.ref, one.due_key, one.requester, one.updated_at, one.last_activity_at,
    ) == ("TIX-7", NEVER, "rita", T0 + 5, T0)  # fmt: skip
    assert (tags_text(["b", "a", "b"]), tags_text([])) == (" a b ", None)
