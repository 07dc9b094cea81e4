"""Desks and robots that mail each other: everything stops by itself, and the number of mails is known.

Two real desks, each with a store of its own; what one sends is made into bytes and handed to the other, as servers do.
"""

import re
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from email import message_from_bytes
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.factories import World, ref, world
from tix.desk.mail import answer, delivery, intake
from tix.desk.tickets import new, reply, status
from tix.desk.tickets.request import TicketRequest
from tix.domain.mail import intake as rules
from tix.domain.mail.intake import MOST_MAILS_A_DAY
from tix.domain.people import Contact
from tix.mail import letters
from tix.mail.inbound import incoming

MOST = 200  # mails, after which something does not stop
HELP, OTHER, ROBOT = "help@a.example", "help@b.example", "robot@r.example"


class Posted(NamedTuple):
    """A mail on its way: from the envelope, and its bytes."""

    sender: str
    to: str
    raw: bytes


Change = Callable[[bytes], bytes]


def as_it_is(raw: bytes) -> bytes:
    return raw


def without(*names: str) -> Change:
    """A change that takes headers away."""

    def change(raw: bytes) -> bytes:
        mail = message_from_bytes(raw)
        for name in names:
            del mail[name]
        return mail.as_bytes()

    return change


def unmarked(raw: bytes) -> bytes:
    """As a program sends it that knows nothing of RFC 3834."""
    return without("Auto-Submitted", "X-Auto-Response-Suppress", "Precedence", "Return-Path")(raw)


def unconnected(raw: bytes) -> bytes:
    """As ServiceNow sends it: nothing leads back to the mail it answers (zammad#3022)."""
    mail = message_from_bytes(without("References", "In-Reply-To", "Message-ID")(unmarked(raw)))
    subject = re.sub(r"\[[A-Z-]+[0-9]+\]", "", mail["Subject"])
    del mail["Subject"]
    mail["Subject"] = subject.strip()
    return mail.as_bytes()


class Side:
    """A desk with an address: it acknowledges every ticket, of whomever.

    ``sends`` and ``reads`` change its mail as another program would make and see it; ``capped`` is whether it keeps to
    our limits.
    """

    def __init__(
        self,
        at: World,
        address: str,
        *,
        sends: Change = as_it_is,
        reads: Change = as_it_is,
        capped: bool = True,
    ):
        self.world, self.address = at, address
        self.sends, self.reads, self.capped = sends, reads, capped
        settings = {
            "mail.from_address": address,
            "mail.unknown_senders": "accept",
            "notify.requester_created": "true",
        }
        with at.store.writing():
            for key, value in settings.items():
                at.store.run("setting_put", key=key, value=value)

    def take(self, mail: Posted) -> str:
        """What becomes of a mail that is delivered here."""
        raw = self.reads(b"Return-Path: <%s>\r\n" % mail.sender.encode() + mail.raw)
        desk = self.world.desk("root")
        with ExitStack() as stack:
            if not self.capped:
                stack.enter_context(uncapped())
            return intake.take(desk, incoming(desk, raw, "in")).outcome

    def send(self) -> Iterator[Posted]:
        """What waits in the outbox, made into bytes and handed over."""
        desk = self.world.desk("root")
        for id in delivery.due(desk, self.world.now, 1000):
            leased = delivery.lease(desk, id, "test", self.world.now)
            assert leased is not None
            letter = delivery.letter(desk, leased, self.world.now)
            if letter is None:
                continue
            raw = letters.raw(letter, self.world.now)
            delivery.keep(desk, leased, raw, letter.message_id)
            delivery.settle(desk, leased, "accepted", self.world.now, 0.5, None, None)
            if self.sends is as_it_is:
                yield Posted(leased.envelope_sender, leased.mail.address, raw)
            else:
                yield Posted(self.address, leased.mail.address, self.sends(raw))

    def numbers(self) -> list[int]:
        return [number for (number,) in self.world.store.execute("SELECT number FROM ticket ORDER BY number")]


class Robot:
    """Answers every mail once, in its own name, and marks nothing. ``keeps``: references and the subject stay."""

    def __init__(self, address: str = ROBOT, *, keeps: bool = True) -> None:
        self.address, self.keeps = address, keeps
        self._sent: deque[Posted] = deque()
        self._count = count(1)
        self.taken = 0

    def take(self, mail: Posted) -> str:
        self.taken += 1
        came = message_from_bytes(mail.raw)
        number = next(self._count)
        head = [f"From: {self.address}", f"To: {came['From']}", f"Message-ID: <{number}@{self.address[6:]}>"]
        if self.keeps:
            head += [f"Subject: Re: {came['Subject']}", f"In-Reply-To: {came['Message-ID']}"]
        else:
            head.append(f"Subject: Thank you {number}")
        raw = ("\r\n".join(head) + f"\r\n\r\nWe have read your mail, number {number}.\r\n").encode()
        self._sent.append(Posted(self.address, HELP, raw))
        return "answered"

    def send(self) -> Iterator[Posted]:
        while self._sent:
            yield self._sent.popleft()


@contextmanager
def uncapped() -> Iterator[None]:
    """Without the limits of automatic answers and of tickets and mails from one sender."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("MOST_AN_HOUR", "MOST_A_DAY", "MOST_A_DOMAIN"):
            patch.setattr(answer, name, 10**9)
        for name in [name for name in vars(rules) if name.startswith("MOST_")]:
            patch.setattr(rules, name, 10**9)
        yield


def exchange(*sides: Any, minutes: int = 1) -> int:
    """Deliver what is sent until nobody sends any more, or MOST mails; the number of mails. A round is a minute."""
    by_address = {side.address: side for side in sides}
    mails = 0
    while mails < MOST:
        posted = [mail for side in sides for mail in side.send()]
        if not posted:
            return mails
        for mail in posted:
            mails += 1
            if mail.to in by_address:
                by_address[mail.to].take(mail)
        for side in sides:
            if isinstance(side, Side):
                side.world.now += 60 * minutes
    return mails


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[World, World]]:
    with ExitStack() as stack:
        for name in ("a", "b"):
            (tmp_path / name).mkdir()
        yield tuple(stack.enter_context(world(tmp_path / name)) for name in ("a", "b"))  # type: ignore[misc]


def ask(side: Side, other: str, *, followers: tuple[str, ...] = ()) -> None:
    """An agent opens a ticket for the other side and writes to it: the one mail that starts everything."""
    at = side.world
    requester = Contact(None, other, None)
    request = TicketRequest(subject="Printer", body="It smokes.", requester=requester, watchers=followers)
    number = new.open_ticket(at.desk("ann"), request).ticket.number
    with at.store.writing():  # the acknowledgement of what an agent typed is not what starts it
        at.store.execute("DELETE FROM outbox")
    reply.reply(at.desk("ann"), ref(number), "Do you know that printer?", [])


def test_tix_and_tix(two):
    """The reply alone: it says X-Auto-Response-Suppress, and the other desk keeps to it."""
    one, other = Side(two[0], HELP), Side(two[1], OTHER)
    ask(one, OTHER)
    assert exchange(one, other) == 1
    assert (one.numbers(), other.numbers()) == ([1], [1])


def test_tix_and_tix_with_a_server_that_takes_a_mark_away(two):
    """Then the other desk acknowledges; that is recorded, and answered by nothing."""
    one, other = Side(two[0], HELP), Side(two[1], OTHER, reads=without("X-Auto-Response-Suppress"))
    ask(one, OTHER)
    assert exchange(one, other) == 2
    assert (one.numbers(), other.numbers()) == ([1], [1])
    assert two[0].store.execute("SELECT outcome FROM mail").fetchall() == [("recorded",)]


def test_tix_and_a_desk_that_marks_nothing(two):
    """Its acknowledgement joins the ticket as an answer, and an answer in a thread is not acknowledged."""
    one = Side(two[0], HELP)
    other = Side(two[1], OTHER, sends=unmarked, reads=unmarked, capped=False)
    ask(one, OTHER)
    assert exchange(one, other) == 2
    assert (one.numbers(), other.numbers()) == ([1], [1])
    assert two[0].store.execute("SELECT outcome FROM mail").fetchall() == [("appended",)]


def test_tix_and_a_desk_that_marks_nothing_and_strips_references(two):
    """Every mail is a new one to both: only the cap ends it, after three acknowledgements (freescout#2445)."""
    one = Side(two[0], HELP)
    other = Side(two[1], OTHER, sends=unconnected, reads=unconnected, capped=False)
    ask(one, OTHER)
    # A reply, and of each side three more; then the fourth of the other side is not answered.
    assert exchange(one, other) == 8
    assert len(one.numbers()) == 5
    assert len(other.numbers()) == 4


def test_the_same_without_caps_does_not_stop(two):
    """Control: nothing else than the cap ends it."""
    one = Side(two[0], HELP, capped=False)
    other = Side(two[1], OTHER, sends=unconnected, reads=unconnected, capped=False)
    ask(one, OTHER)
    assert exchange(one, other) >= MOST


def test_two_desks_of_which_one_only_strips_references(two):
    """It marks its mail: one acknowledgement, in quarantine, as it names no ticket."""
    one = Side(two[0], HELP)

    def strips(raw: bytes) -> bytes:
        return b"Subject: Received\r\n" + without("References", "In-Reply-To", "Subject")(raw)

    other = Side(two[1], OTHER, sends=strips, reads=without("X-Auto-Response-Suppress"))
    ask(one, OTHER)
    assert exchange(one, other) == 2
    assert two[0].store.execute("SELECT outcome FROM mail").fetchall() == [("quarantined",)]


@pytest.mark.parametrize(("keeps", "mails"), [(True, 2), (False, 8)])
def test_a_robot_that_answers_everything(two, keeps, mails):
    """Answered at most three times in an hour, and then it has nothing to answer."""
    one, robot = Side(two[0], HELP), Robot(keeps=keeps)
    ask(one, ROBOT)
    assert exchange(one, robot) == mails
    assert robot.taken <= 1 + answer.MOST_AN_HOUR


def test_a_robot_that_writes_by_itself_is_answered_ten_times_a_day(two):
    """Four times an hour, all day, whoever answers: three an hour, ten a day; 31 tickets an hour would be too many."""
    one = Side(two[0], HELP)
    answers = 0
    for number in range(96):
        raw = f"From: {ROBOT}\r\nSubject: Alarm {number}\r\n\r\nDisk {number} is full.\r\n".encode()
        assert one.take(Posted(ROBOT, HELP, raw)) == "created"
        answers += sum(1 for mail in one.send() if mail.to == ROBOT)
        one.world.now += 900
    assert answers == 10


def test_a_robot_behind_a_ticket_that_is_closed_for_good(tmp_path):
    """It is told once that its mail was declined, however often it answers that."""
    with world(tmp_path, "itflow") as at:
        one, robot = Side(at, HELP), Robot()
        ask(one, ROBOT)
        status.pull(at.desk("ann"), ref(1), "close")
        assert exchange(one, robot) < MOST
        assert robot.taken == 3  # the reply, the end, and that one
        assert [word for (word,) in at.store.execute("SELECT outcome FROM mail")] == ["declined"] * 3


def test_two_robots_on_one_ticket(two):
    """Each hears of what the other wrote, and answers it: the cap on mails from one sender to one ticket ends it."""
    one = Side(two[0], HELP)
    first, second = Robot("robot@r.example"), Robot("robot@s.example")
    ask(one, first.address, followers=(second.address,))
    mails = exchange(one, first, second)
    assert mails < MOST
    assert (
        len(two[0].store.execute("SELECT 1 FROM mail WHERE outcome = 'appended'").fetchall())
        == 2 * MOST_MAILS_A_DAY
    )
    assert one.numbers() == [1]


def test_two_robots_on_one_ticket_without_caps_do_not_stop(two):
    """Control."""
    one = Side(two[0], HELP, capped=False)
    first, second = Robot("robot@r.example"), Robot("robot@s.example")
    ask(one, first.address, followers=(second.address,))
    assert exchange(one, first, second) >= MOST
