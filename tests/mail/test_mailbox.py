"""The order in which messages are read, stored and marked, with a mailbox that fails wherever it is told to."""

import contextlib
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import world
from tix.errors import InvalidValue, MailboxError, MailboxLost, StorageFailure, StoreBusy
from tix.mail.inbound import taking
from tix.mail.mailbox import (
    BATCH,
    HEADER_LIMIT,
    MOST_BREAKS,
    MOST_FAILURES,
    Found,
    Outcome,
    Raw,
    fetch,
    header_of,
)


class Step(NamedTuple):
    """One call, in the order in which they were made."""

    what: str
    uids: tuple[int, ...]


class Fake:
    """A mailbox in memory that notes every call; `fails` maps (what, uid) to the error of that call."""

    def __init__(self, count: int, fails: dict[tuple[str, int], BaseException] | None = None) -> None:
        self.here = list(range(1, count + 1))
        self.fails = fails or {}
        self.steps: list[Step] = []
        self.marked: dict[int, str] = {}
        self.gone: set[int] = set()

    def note(self, what: str, *uids: int) -> None:
        self.steps.append(Step(what, uids))
        for uid in uids:
            if (error := self.fails.get((what, uid))) is not None:
                raise error

    def __len__(self) -> int:
        return len(self.here)

    def found(self) -> Iterator[Found]:
        for uid in list(self.here):
            yield Found("INBOX", 7, uid)

    def raw(self, found: Found) -> Raw | None:
        self.note("raw", found.uid)
        return None if found.uid in self.gone else Raw(b"Subject: %d\n\n" % found.uid, 14)

    def done(self, founds: tuple[Found, ...]) -> None:
        self._mark("done", founds)

    def quarantined(self, founds: tuple[Found, ...]) -> None:
        self._mark("quarantined", founds)

    def _mark(self, what: str, founds: tuple[Found, ...]) -> None:
        self.note(what, *(found.uid for found in founds))
        self.marked |= {found.uid: what for found in founds}

    def reopen(self) -> None:
        self.note("reopen", 0)

    def close(self) -> None:
        self.note("close", 0)


class Desk:
    """What stores the messages; `fails` maps a uid to the error of its transaction."""

    def __init__(self, mailbox: Fake, fails: dict[int, BaseException] | None = None) -> None:
        self.mailbox = mailbox
        self.fails = fails or {}
        self.stored: dict[Found, Outcome] = {}
        self.answers: dict[int, Outcome] = {}

    def take(self, found: Found, raw: Raw) -> Outcome:
        self.mailbox.note("take", found.uid)
        assert raw.content == b"Subject: %d\n\n" % found.uid
        if found.uid in self.fails:
            raise self.fails[found.uid]
        outcome = self.answers.get(found.uid, Outcome.DONE)
        if outcome is not Outcome.LEFT:
            assert found not in self.stored
            self.stored[found] = outcome
        return outcome

    def fetch(self, **more):
        return fetch(self.mailbox, self.stored.get, self.take, **more)

    @property
    def uids(self) -> set[int]:
        return {found.uid for found in self.stored}


def test_each_message_is_read_and_stored_before_any_is_marked():
    box = Fake(3)
    summary = Desk(box).fetch()
    assert [step.what for step in box.steps] == ["raw", "take"] * 3 + ["done"]
    assert summary[:5] == (3, 0, 0, 3, 0)
    assert not summary.partial


def test_marks_are_made_in_batches():
    """One by one is twenty times slower on a server, and long lists of numbers are refused (traps 44 and 48)."""
    box = Fake(2 * BATCH + 7)
    assert Desk(box).fetch().marked == 2 * BATCH + 7
    marks = [len(step.uids) for step in box.steps if step.what == "done"]
    assert marks == [BATCH, BATCH, 7]
    first = next(place for place, step in enumerate(box.steps) if step.what == "done")
    assert [step for step in box.steps[:first] if step.what == "take"][-1].uids == (BATCH,)


def test_what_was_seen_is_only_marked():
    """A run that was killed between its transaction and the mark; neither read nor stored again."""
    box = Fake(4)
    desk = Desk(box)
    desk.stored = {Found("INBOX", 7, 1): Outcome.DONE, Found("INBOX", 7, 3): Outcome.QUARANTINED}
    summary = desk.fetch()
    assert [step.uids[0] for step in box.steps if step.what == "raw"] == [2, 4]
    assert box.marked == {1: "done", 2: "done", 3: "quarantined", 4: "done"}
    assert (summary.taken, summary.known) == (2, 2)


def test_the_key_has_the_validity():
    """A number that is used again after a renumbering is another message (trap 46)."""
    box = Fake(1)
    desk = Desk(box)
    desk.stored = {Found("INBOX", 6, 1): Outcome.DONE}
    assert desk.fetch().taken == 1


def test_every_outcome_is_marked_but_left():
    """Messages that are ignored or quarantined are marked, too: else they are fetched for ever (trap 47)."""
    box = Fake(3)
    desk = Desk(box)
    desk.answers = {1: Outcome.QUARANTINED, 2: Outcome.LEFT}
    summary = desk.fetch()
    assert box.marked == {1: "quarantined", 3: "done"}
    assert summary.taken == 3
    assert not summary.partial


def test_one_bad_message_never_stops_the_rest():
    """Whatever is raised for it (traps 8 and 18)."""
    box = Fake(5, {("raw", 4): MailboxError("x did not deliver message 4.")})
    desk = Desk(box, {2: RecursionError(), 3: InvalidValue("odd")})
    summary = desk.fetch()
    assert desk.uids == set(box.marked) == {1, 5}
    assert [(failure.found.uid, type(failure.error)) for failure in summary.failures] == [
        (2, RecursionError),
        (3, InvalidValue),
        (4, MailboxError),
    ]
    assert summary.failed == 3
    assert summary.partial


def test_failures_are_counted_and_the_first_are_kept():
    box = Fake(MOST_FAILURES + 50)
    summary = Desk(box, dict.fromkeys(box.here, ValueError())).fetch()
    assert (summary.failed, len(summary.failures)) == (MOST_FAILURES + 50, MOST_FAILURES)


def test_a_message_that_is_gone_meanwhile_is_passed_over():
    box = Fake(3)
    box.gone = {2}
    summary = Desk(box).fetch()
    assert (summary.taken, summary.gone, summary.partial) == (2, 1, False)


@pytest.mark.parametrize(
    "error", [StoreBusy("busy"), StorageFailure("full"), KeyboardInterrupt(), SystemExit(3)]
)
def test_what_ends_the_run_is_passed_on_after_the_stored_are_marked(error: BaseException):
    """A store that fails, an interruption: what is stored is marked, the message in hand is not."""
    box = Fake(9)
    with pytest.raises(type(error)):
        Desk(box, {4: error}).fetch()
    assert box.marked == dict.fromkeys((1, 2, 3), "done")
    assert box.steps[-1].what == "done"


def test_an_interruption_while_progress_is_shown_loses_no_mark():
    box = Fake(3)

    def shown(number: int, total: int) -> None:
        if number == 2:
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        Desk(box).fetch(progress=shown)
    assert set(box.marked) == {1, 2}


def test_progress_counts_every_message():
    seen = []
    Desk(Fake(3)).fetch(progress=lambda *numbers: seen.append(numbers))
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_a_message_at_which_the_connection_breaks_does_not_block_the_others():
    """Some servers end the session at a damaged message, at every run the same."""
    box = Fake(5, {("raw", 2): MailboxLost("x closed the connection.")})
    summary = Desk(box).fetch()
    assert set(box.marked) == {1, 3, 4, 5}
    assert summary.failures[0].found.uid == 2
    assert summary.stopped is None
    assert [step.what for step in box.steps].count("reopen") == 1


def test_a_server_that_always_vanishes_is_left_alone():
    """The run ends by itself, and the summary says that it is not complete."""
    box = Fake(50, {("raw", uid): MailboxLost("x closed the connection.") for uid in range(3, 50)})
    summary = Desk(box).fetch()
    assert [step.what for step in box.steps].count("reopen") == MOST_BREAKS
    assert summary.stopped == "x closed the connection."
    assert summary.partial
    assert set(box.marked) == {1, 2}


def test_a_server_that_does_not_come_back_ends_the_run():
    box = Fake(9, {("raw", 3): MailboxLost("x is gone."), ("reopen", 0): MailboxError("x refuses.")})
    summary = Desk(box).fetch()
    assert summary.stopped == "x refuses."
    assert (summary.taken, summary.failed) == (2, 1)


def test_a_mark_that_is_refused_is_reported_and_nothing_is_lost():
    """A full folder for done messages: they are stored; the next run marks them."""
    box = Fake(BATCH + 1, {("done", 1): MailboxError("x did not move messages: over quota.")})
    desk = Desk(box)
    summary = desk.fetch()
    assert summary.unmarked == "x did not move messages: over quota."
    assert (summary.taken, summary.marked) == (BATCH + 1, 1)
    assert summary.partial
    box.fails.clear()
    again = desk.fetch()
    assert (again.taken, again.known, again.partial) == (0, BATCH + 1, False)


def test_a_connection_lost_while_marking_is_opened_again():
    box = Fake(BATCH + 2, {("done", 1): MailboxLost("x closed the connection.")})
    summary = Desk(box).fetch()
    assert summary.taken == BATCH + 2
    assert set(box.marked) == {BATCH + 1, BATCH + 2}


def test_a_listing_that_breaks_off_is_said():
    class Broken(Fake):
        def found(self) -> Iterator[Found]:
            yield Found("INBOX", 7, 1)
            raise MailboxError("x broke off.")

    box = Broken(5)
    summary = Desk(box).fetch()
    assert summary.stopped == "x broke off."
    assert set(box.marked) == {1}


def test_a_rehearsal_marks_nothing():
    box = Fake(3)
    assert Desk(box).fetch(mark=False).taken == 3
    assert box.marked == {}


_FAILING = st.dictionaries(
    st.tuples(st.sampled_from(["raw", "done", "reopen"]), st.integers(0, 120)),
    st.sampled_from([MailboxError("no"), MailboxLost("lost"), KeyboardInterrupt()]),
    max_size=12,
)
_REFUSED = st.dictionaries(
    st.integers(1, 120), st.sampled_from([ValueError(), StoreBusy("busy"), KeyboardInterrupt(), SystemExit()])
)


@given(st.integers(0, 120), _FAILING, _REFUSED)
def test_whatever_fails_each_message_is_stored_once_and_marked_only_when_stored(count, fails, refused):
    """And a last run in which nothing fails finds and marks every one."""
    box = Fake(count, fails)
    desk = Desk(box, refused)
    for _ in range(3):
        with contextlib.suppress(KeyboardInterrupt, SystemExit, StoreBusy):
            desk.fetch()
        assert set(box.marked) <= desk.uids
        box.here = [uid for uid in box.here if uid not in box.marked]
    box.fails, desk.fails = {}, {}
    assert not desk.fetch().partial
    assert set(box.marked) == desk.uids == set(range(1, count + 1))


@pytest.mark.parametrize(
    ("content", "header"),
    [
        (b"A: b\r\n\r\nbody\n\n", b"A: b\r\n\r\n"),
        (b"A: b\n\nbody\r\n\r\n", b"A: b\n\n"),
        (b"A: b\n", b"A: b\n"),
        (b"", b""),
        (b"x" * 2 * HEADER_LIMIT, b"x" * HEADER_LIMIT),
    ],
)
def test_the_header_ends_with_the_first_empty_line(content: bytes, header: bytes):
    assert header_of(content) == header


def test_each_mail_is_dated_when_it_is_taken(tmp_path):
    """A run may take long: the clock is asked for each mail, and not once for all."""
    taken = []
    with world(tmp_path) as desk:
        start = desk.now
        times = iter((start + 60, start + 180))
        take = taking(desk.desk("root"), taken, clock=lambda: next(times), dry_run=False)
        for uid in (1, 2):
            raw = f"From: x@y.example\nMessage-ID: <{uid}@y.example>\nSubject: S\n\nText {uid}.\n".encode()
            take(Found("INBOX", 1, uid), Raw(raw, len(raw)))
        kept = desk.store.execute("SELECT at FROM mail ORDER BY id").fetchall()
        assert [at - start for (at,) in kept] == [60, 180]
