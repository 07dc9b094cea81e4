"""Merging and taking apart: who may, what is written on both, and what comes back."""

import pytest

from tests.factories import HOUR, T0, author, rules, ticket
from tix.domain.tickets import lifecycle, merge, policy
from tix.domain.tickets.ticket import fold, play
from tix.domain.tickets.timeline import entry, event
from tix.domain.workflows.shipped import DPHISH, HELPDESK, STANDARD
from tix.domain.workflows.workflow import Status, Transition, Workflow
from tix.errors import FinalStatus, Merged, Refused

RITA = author("rita", "requester")
COLUMNS = {
    "subject": "Printer", "status": "open", "phase": "open", "priority": "medium", "rank": 20,
}  # fmt: skip


def opening(**values):
    """What a ticket of rita's begins with."""
    return lifecycle.open_ticket(RITA, "It smokes.", COLUMNS | values)


def folded(written, number=2):
    return fold(number, "TIX-", f"uid-{number}", written)


# ------------------------------------------------------------------------------------------------- whether


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({}, {}, True),
        ({"requester": "rolf"}, {}, False),
        ({"requester": "rolf", "client": "Acme"}, {"client": "Acme"}, True),
        ({"requester": "rolf", "client": "Acme"}, {"client": "Other"}, False),
        ({"requester": "rolf", "client": "Acme"}, {}, False),
        ({"requester": "rolf"}, {"client": "Acme"}, False),
        ({"client": "Acme"}, {"client": "Other"}, True),
    ],
)
def test_the_same_requester_or_the_same_client_reads_both(one, other, same):
    assert merge.alike(ticket(**one), ticket(number=2, **other)) is same


def test_what_may_be_merged():
    merge.refuse(ticket(number=2), ticket(number=1), rules())
    merge.refuse(ticket(number=2, status="closed"), ticket(number=1, status="resolved"), rules())
    merge.refuse(ticket("itflow", 2, status="closed"), ticket("itflow", 1), rules("itflow"))


@pytest.mark.parametrize(
    ("source", "target", "words"),
    [
        (ticket(number=1), ticket(number=1), "TIX-1 cannot be merged into itself"),
        (
            ticket(number=2, merged_into="TIX-3"), ticket(number=1),
            "TIX-2 is already merged into TIX-3",
        ),
        (ticket(number=2), ticket(number=1, merged_into="TIX-3"), "TIX-1 is merged into TIX-3$"),
        (
            ticket(number=2), ticket(number=1, merged_into="TIX-2"),
            "TIX-1 is merged into TIX-2; the merge would make a circle",
        ),
    ],
)  # fmt: skip
def test_what_may_not(source, target, words):
    with pytest.raises(Refused, match=words):
        merge.refuse(source, target, rules())


def test_nothing_is_merged_into_what_is_closed_for_good():
    with pytest.raises(FinalStatus):
        merge.refuse(ticket("itflow", 2), ticket("itflow", 1, status="closed"), rules("itflow"))


def test_what_is_merged_is_worked_on_where_it_lives():
    merge.refuse_merged(ticket(), seen=True, staff=True)
    with pytest.raises(Merged, match="merged into TIX-3") as refused:
        merge.refuse_merged(ticket(number=2, merged_into="TIX-3"), seen=True, staff=True)
    assert "tix unmerge 2" in refused.value.hint


# -------------------------------------------------------------------------------------------------- closing

TWO_ENDS = (
    Status("new", "open", "New"),
    Status("binned", "closed", "Binned"),
    Status("done", "closed", "Done"),
)


def small(*end, statuses=TWO_ENDS):
    """A workflow with these rules of closing."""
    return Workflow("small", "Small", statuses, tuple(end), rated_in=("closed",))


@pytest.mark.parametrize(
    ("workflow", "name"),
    [
        (STANDARD, "closed"),
        (HELPDESK, "resolved"),  # it has no closed phase
        (small(Transition("close", ("new",), "done")), "done"),  # where closing leads
        (small(), "binned"),  # else the first closed one
        (small(Transition("close", ("new",), "new")), "binned"),
        (small(statuses=TWO_ENDS[:1]), "new"),
    ],
)
def test_where_a_merged_ticket_goes(workflow, name):
    assert merge.over(workflow).name == name


@pytest.mark.parametrize(
    ("workflow", "before", "after"),
    [
        ("standard", "open", "closed"),
        ("standard", "on-hold", "closed"),
        ("standard", "resolved", "closed"),
        ("standard", "closed", None),
        ("helpdesk", "opened", "resolved"),
        ("helpdesk", "resolved", None),
    ],
)
def test_the_source_closes(workflow, before, after):
    """With a reason of its own; what is over already stays as it is."""
    source = ticket(workflow, status=before)
    items = merge.closing(source, rules(workflow), author())
    said = [(item.type, item.old, item.new, item.reason) for item in items]
    assert said == ([] if after is None else [("status-changed", before, after, "merged")])
    assert play(source, items).status == (after or before)


def test_another_closed_status_is_over_too():
    desk = policy.TicketPolicy(small(Transition("close", ("new",), "done")), 0, False)
    assert merge.closing(ticket(status="closed")._replace(status="binned"), desk, author()) == []


@pytest.mark.parametrize(("together", "come"), [(True, ["ann", "rolf", "x@y.example"]), (False, ["ann"])])
def test_who_follows_moves_along(together, come):
    """All of them between tickets of the same readers, else the staff."""
    source = ticket(watchers='["ann","rolf","x@y.example"]')
    assert merge.travelling(source, {"ann", "ben"}, together=together) == come


# ------------------------------------------------------------------------------------------- what is written


def test_what_is_written_on_the_source():
    source = ticket(number=2, watchers='["ann","rolf"]', time_seconds=900, unbilled_seconds=600)
    said = merge.merged_away(source, ticket(number=1), author(), ["ann"], {"entries": 0})
    assert (said.type, said.field, said.old, said.new, said.internal) == (
        "merged",
        "merged_into",
        None,
        "TIX-1",
        False,
    )
    assert said.sets == {
        "merged_into": "TIX-1",
        "entries": 0,
        "watchers": '["rolf"]',
        "time_seconds": 0,
        "unbilled_seconds": 0,
    }
    plain = merge.merged_away(source._replace(time_seconds=0, unbilled_seconds=0), ticket(), author(), [], {})
    assert plain.sets == {"merged_into": "TIX-1"}


def test_what_is_written_on_the_target():
    """Followers come once, time adds up, and what does not change is not said."""
    source = ticket(number=2, time_seconds=900, unbilled_seconds=600)
    target = ticket(number=1, watchers='["ben"]', time_seconds=100, unbilled_seconds=50)
    said = merge.merged_in(target, source, author(), ["ann", "ben"], {"entries": 3})
    assert (said.type, said.field, said.old, said.new) == ("merged", "merged", "TIX-2", None)
    assert said.sets == {
        "entries": 3,
        "watchers": '["ben","ann"]',
        "time_seconds": 1000,
        "unbilled_seconds": 650,
    }
    assert merge.merged_in(ticket(), ticket(number=2), author(), [], {}).sets == {}


def test_what_of_a_thread_has_changed():
    before = merge.Standing(2, 1, 0, 0, "rita", T0, 0)
    after = before._replace(entries=3, last_replier="ann", answered=1)
    assert merge.difference(before, after) == {"entries": 3, "last_replier": "ann", "answered": 1}
    assert merge.difference(before, before) == {}


def test_what_an_outsider_writes_stays_with_the_source():
    """The words stay as they are and change no row; what follows happens to the target, without a name."""
    said = entry("message", "Mine too.", author("rolf", "requester", via="ann"))
    moved = event("status-changed", author("rolf", "requester", via="ann"), sets={"status": "open"})
    (words,), (change,) = merge.parted([said, moved], hidden=True)
    assert (words.internal, words.by, words.via, words.sets) == (said.internal, "rolf", "ann", None)
    assert (change.by, change.via, change.side) == (None, None, "system")
    assert change.sets == {"status": "open"}
    assert merge.parted([said, moved], hidden=False)[1] == [moved]


# --------------------------------------------------------------------------------------------- taken back


def merged(*before, workflow="standard", **own):
    """The timeline of TIX-2 from its opening to its merge into TIX-1, half an hour later."""
    written = list(before) or [opening()]
    by = author("ann", at=T0 + HOUR // 2)
    desk = rules(workflow)
    written += merge.closing(folded(written), desk, by)
    source = folded(written)
    gone = source.watcher_list()
    return [*written, merge.merged_away(source, ticket(number=1), by, gone, own)]


def unmerged(written, desk=None, time=(0, 0), at=T0 + HOUR):
    """The source taken out again, and the events that did it: of its status, if that changes, and the end of the merge."""
    source = folded(written)
    said = merge.taken_out(source, desk or rules(), written, author("ben", at=at), time)
    return play(source, said), said


def test_the_source_comes_back_as_it_was():
    written = merged(opening(watchers='["ann"]'), entries=0)
    gone = folded(written)
    assert (gone.status, gone.merged_into, gone.entries, gone.watchers) == ("closed", "TIX-1", 0, None)
    assert (gone.closed_by, gone.resolved_at) == ("ann", T0 + HOUR // 2)
    back, said = unmerged(written, time=(900, 600))
    assert [one.type for one in said] == ["status-changed", "unmerged"]
    end = said[-1]
    assert (end.type, end.field, end.old, end.new, end.by) == (
        "unmerged",
        "merged_into",
        "TIX-1",
        None,
        "ben",
    )
    assert (back.status, back.phase, back.merged_into, back.entries, back.watchers) == (
        "open",
        "open",
        None,
        1,
        '["ann"]',
    )
    assert (back.closed_at, back.closed_by, back.resolved_at, back.resolution_met) == (None,) * 4
    assert (back.time_seconds, back.unbilled_seconds) == (900, 600)


def test_it_is_no_reopening():
    """The plan goes on counting from where it did; the version counts on."""
    written = merged()
    back, said = unmerged(written)
    assert (back.clock_at, back.reopened, back.pauses) == (None, 0, None)
    assert (back.version, back.updated_at) == (folded(written).version + len(said), T0 + HOUR)
    assert [one.reason for one in said] == ["undone", None]


def test_what_was_closed_before_the_merge_stays_closed():
    begun = [opening()]
    begun += lifecycle.pull(folded(begun), rules(), "close", author("ann", at=T0 + 60), "staff")
    back, said = unmerged(merged(*begun))
    assert (back.status, back.closed_at, back.merged_into) == ("closed", T0 + 60, None)
    (end,) = said
    assert not {"status", "phase", "clock_at", "pauses"} & set(end.sets)


def test_what_was_changed_since_the_merge_stays_changed():
    by = author("ann", at=T0 + HOUR * 3 // 4)
    since = event("field-changed", by, field="subject", old="Printer", new="Fire", sets={"subject": "Fire"})
    back, _ = unmerged([*merged(), since])
    assert (back.subject, back.status) == ("Fire", "open")


def test_of_two_merges_the_last_is_taken_back():
    """Merged, taken out, started, and merged again: it comes back in progress."""
    written = merged()
    _, said = unmerged(written, at=T0 + HOUR)
    written = [*written, *said]
    written += lifecycle.pull(folded(written), rules(), "start", author("ann", at=T0 + HOUR), "staff")
    assert unmerged(merged(*written), at=T0 + 2 * HOUR)[0].status == "in-progress"


def test_a_date_that_passed_meanwhile_has_passed():
    back, said = unmerged(merged(opening(due_at=T0 + HOUR)))
    assert said[0].sets["overdue_at"] == T0 + HOUR
    assert back.overdue_at == T0 + HOUR
    assert unmerged(merged(opening(due_at=T0 + HOUR + 1)))[0].overdue_at is None


def test_a_wait_that_ended_meanwhile_has_ended():
    """Resolved for 72 hours before the merge, taken out after that."""
    begun = [opening()]
    begun += lifecycle.pull(folded(begun), rules(), "resolve", author("ann"), "staff")
    back, _ = unmerged(merged(*begun), at=T0 + 71 * HOUR)
    assert (back.status, back.lapses_at, back.resolved_at) == ("resolved", T0 + 72 * HOUR, T0)
    back, _ = unmerged(merged(*begun), at=T0 + 72 * HOUR)
    assert (back.status, back.closed_at, back.closed_by) == ("closed", T0 + 72 * HOUR, None)


@pytest.mark.parametrize(
    ("trigger", "workflow", "status"),
    [
        ("hold", DPHISH, "open"),  # the first of the same phase
        ("start", STANDARD, "in-progress"),
        ("resolve", DPHISH, "open"),  # nothing is resolved there: where tickets begin
        ("resolve", HELPDESK, "resolved"),
    ],
)
def test_a_status_that_is_no_more(trigger, workflow, status):
    """The desk has another workflow by now."""
    begun = [opening()]
    begun += lifecycle.pull(folded(begun), rules(), trigger, author("ann"), "staff")
    back, _ = unmerged(merged(*begun), rules(workflow.name))
    assert (back.status, back.phase) == (status, workflow.status(status).phase)
    if workflow is DPHISH:
        assert (back.paused_at, back.lapses_at, back.lapses_to) == (None, None, None)


def joined(*since, **held):
    """A target with who and what came from TIX-2, and its timeline."""
    written = [opening(**held)]
    before = folded(written, 1)
    source = ticket(number=2, time_seconds=900, unbilled_seconds=600)
    written.append(merge.merged_in(before, source, author(), ["kim", "max"], {"entries": 3}))
    written += since
    return folded(written, 1), written


def follow(who, watchers):
    return event("followed", author(), field="watchers", new=who, sets={"watchers": watchers})


def test_the_target_gives_back_what_came():
    target, written = joined(watchers='["ben"]', time_seconds=100)
    assert (target.watcher_list(), target.time_seconds, target.entries) == (["ben", "kim", "max"], 1000, 3)
    said = merge.gone_out(target, ticket(number=2), written, author(), {"entries": 1}, (900, 600))
    assert (said.type, said.field, said.old, said.new) == ("unmerged", "merged", None, "TIX-2")
    assert said.sets == {"entries": 1, "watchers": '["ben"]', "time_seconds": 100, "unbilled_seconds": 0}


def test_who_follows_of_their_own_since_stays():
    target, written = joined(follow("max", '["kim","max"]'), follow("eva", '["kim","max","eva"]'))
    said = merge.gone_out(target, ticket(number=2), written, author(), {}, (0, 0))
    assert said.sets == {"watchers": '["max","eva"]'}


def test_who_followed_both_stays():
    target, written = joined(watchers='["kim"]')
    said = merge.gone_out(target, ticket(number=2), written, author(), {}, (0, 0))
    assert said.sets == {"watchers": '["kim"]'}


@pytest.mark.parametrize(("time", "left"), [((900, 600), True), ((901, 600), False), ((900, 601), False)])
def test_no_ticket_is_left_with_less_than_no_time(time, left):
    target, written = joined()
    if left:
        said = merge.gone_out(target, ticket(number=2), written, author(), {}, time)
        assert (said.sets["time_seconds"], said.sets["unbilled_seconds"]) == (0, 0)
        return
    with pytest.raises(Refused, match="negative time"):
        merge.gone_out(target, ticket(number=2), written, author(), {}, time)


def test_what_another_brought_stays():
    """Of two tickets that were merged into it, the one that is named goes."""
    _, written = joined()
    other = ticket(number=5)
    written.append(merge.merged_in(folded(written, 1), other, author(), ["eva"], {}))
    target = folded(written, 1)
    assert target.watcher_list() == ["kim", "max", "eva"]
    said = merge.gone_out(target, ticket(number=2), written, author(), {}, (900, 600))
    assert said.sets["watchers"] == '["eva"]'
    said = merge.gone_out(target, other, written, author(), {}, (0, 0))
    assert said.sets == {"watchers": '["kim","max"]'}
