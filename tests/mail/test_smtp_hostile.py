"""A relay that is broken or means harm: the time and the bytes it is given are bounded, and its words are cleaned."""

import socket
import threading

import pytest

from tests.mail.outgoing import a_mail
from tests.mail.relays import LIMITS, certificate, lines, server_context, speaking
from tix.errors import RelayUnusable
from tix.mail.compose import render
from tix.mail.smtp.client import LONGEST_LINE, MOST_LINES
from tix.mail.smtp.relay import Connection
from tix.mail.smtp.transaction import send

__all__ = ["certificate"]  # a fixture

RAW = render(a_mail())
HELLO, OK, GO, BYE = b"250 hello\r\n", b"250 ok\r\n", b"354 go\r\n", b"221 bye\r\n"
BUFFERS = 32_000_000  # bytes that the sockets between two programs on one machine may hold, generously


def deliver(relay):
    with Connection(relay) as connection:
        (one,) = send(connection, "", ("ann@x.example",), RAW, before_dot=lambda: None).recipients
    return one


class Endless:
    """Sends the same for ever; counts what the other side let through."""

    def __init__(self, data):
        self.data = data
        self.sent = 0

    def __call__(self, peer):
        while True:
            self.sent += peer.send(self.data)


# ------------------------------------------------------------------------------------------ endless answers


@pytest.mark.parametrize(
    "data", [b"220-more\r\n" * 100, b"x" * 1_000, b"220 " + b"y" * 1_000, b"\0" * 1_000, b"\r\n" * 500]
)
def test_an_endless_greeting_is_not_read(data):
    endless = Endless(data)
    with speaking(endless) as relay, pytest.raises(RelayUnusable, match="cannot be used: it"):
        deliver(relay)
    assert endless.sent < BUFFERS


@pytest.mark.parametrize("data", [b"250-AUTH PLAIN\r\n" * 100, b"250-" + b"x" * 1_000])
def test_an_endless_offer_is_not_read(data):
    endless = Endless(data)
    with (
        speaking(lines(b"", after=endless)) as relay,
        pytest.raises(RelayUnusable, match="its answer did not end"),
    ):
        deliver(relay)
    assert endless.sent < BUFFERS


@pytest.mark.parametrize(
    ("before", "outcome", "phase"),
    [((HELLO,), "temporary", "mail"), ((HELLO, OK), "temporary", "rcpt"), ((HELLO, OK, OK), "temporary", "data"),
     ((HELLO, OK, OK, GO), "uncertain", "dot")],
)  # fmt: skip
def test_an_endless_answer_breaks_the_step(before, outcome, phase):
    endless = Endless(b"250-more\r\n" * 100)
    after = lines(*before, after=endless) if phase == "dot" else lines(*before, b"", after=endless)
    with speaking(after) as relay, Connection(relay) as connection:
        result = send(connection, "", ("ann@x.example",), RAW, before_dot=lambda: None)
    (one,) = result.recipients
    assert (result.phase, one.outcome, one.text) == (phase, outcome, "its answer did not end")
    assert endless.sent < BUFFERS


def test_the_longest_answer_that_is_read():
    offers = (
        b"".join(b"250-X-%d %s\r\n" % (number, b"y" * 400) for number in range(MOST_LINES - 1))
        + b"250 SIZE 1000000\r\n"
    )
    with speaking(lines(offers, OK, OK, GO, after=lambda peer: peer.sendall(OK))) as relay:
        assert deliver(relay).outcome == "accepted"
    with (
        speaking(lines(b"250-x\r\n" + offers)) as relay,
        pytest.raises(RelayUnusable, match="its answer did not end"),
    ):
        deliver(relay)
    assert LONGEST_LINE > 512


# ------------------------------------------------------------------------------------------------- slow answers


def dripping(data, gone):
    """Sends a byte at a time, each well before a time limit of the socket would end."""

    def talk(peer):
        for byte in data * 10_000:
            if gone.wait(0.02):
                return
            peer.sendall(bytes([byte]))

    return talk


@pytest.mark.parametrize("data", [b"220-more\r\n", b"x"])
def test_a_byte_at_a_time_ends_with_the_deadline(data):
    """The socket's own time limit starts anew with every byte."""
    gone = threading.Event()
    with speaking(dripping(data, gone)) as relay:
        hasty = relay._replace(limits=LIMITS._replace(command=0.3))
        with pytest.raises(RelayUnusable, match=r"did not answer|did not end"):
            deliver(hasty)
        gone.set()


def test_a_byte_at_a_time_at_the_dot_is_uncertain():
    gone = threading.Event()
    with speaking(lines(HELLO, OK, OK, GO, after=dripping(b"250-more\r\n", gone))) as relay:
        one = deliver(relay._replace(limits=LIMITS._replace(dot=0.3)))
        gone.set()
    assert (one.outcome, one.text) == ("uncertain", "it did not answer in time")


def test_many_slow_answers_end_with_the_transaction():
    """Each within the time of a command, all together longer than a sender's lease."""
    gone = threading.Event()

    def slow(peer):
        while peer.recv(1_000) and not gone.wait(0.1):
            peer.sendall(OK)

    recipients = tuple(f"a{number}@x.example" for number in range(200))
    with speaking(lines(HELLO, after=slow)) as relay:
        hasty = relay._replace(limits=LIMITS._replace(transaction=2.0))
        with Connection(hasty) as connection:
            result = send(connection, "", recipients, RAW, before_dot=lambda: None)
        gone.set()
    assert result.phase == "rcpt"
    assert {one.outcome for one in result.recipients} == {"temporary"}


@pytest.mark.parametrize("encryption", ["none", "starttls", "tls"])
def test_a_relay_that_says_nothing(encryption):
    gone = threading.Event()
    with speaking(lambda peer: gone.wait(10)) as relay:
        hasty = relay._replace(encryption=encryption, limits=LIMITS._replace(command=0.2))
        with pytest.raises(RelayUnusable, match=r"did not answer (in time|within 0\.2 seconds)"):
            deliver(hasty)
        gone.set()


def test_a_handshake_byte_by_byte_ends_with_the_deadline():
    gone = threading.Event()
    with speaking(dripping(b"\x16\x03\x03\x40\x00" + b"\x02" * 1_000, gone)) as relay:
        hasty = relay._replace(encryption="tls", limits=LIMITS._replace(command=0.3))
        with pytest.raises(RelayUnusable):
            deliver(hasty)
        gone.set()


def test_a_relay_that_leaves_in_the_handshake(certificate):
    def talk(peer):
        peer.recv(100)

    with speaking(talk) as relay, pytest.raises(RelayUnusable):
        deliver(relay._replace(encryption="tls"))
    talk = lines(b"250-hello\r\n250 STARTTLS\r\n", b"220 go\r\n")
    with speaking(talk) as relay, pytest.raises(RelayUnusable):
        deliver(relay._replace(encryption="starttls"))
    assert server_context(certificate)


# ---------------------------------------------------------------------------------------- what is not SMTP


@pytest.mark.parametrize(
    "greeting",
    [b"HTTP/1.1 400 Bad Request\r\n", b"* OK IMAP4rev1\r\n", b"SSH-2.0-OpenSSH\r\n", b"\x15\x03\x01\0\x02\x02\x0a\r\n", b"22\r\n",
     b"220x\r\n", b"-20 x\r\n", b"999 x\r\n", b"100 x\r\n", b"\xef\xbc\x92\xef\xbc\x92\xef\xbc\x90 x\r\n", b"\r\n", b"\xff\xfe\r\n"],
)  # fmt: skip
def test_a_greeting_that_is_not_smtp(greeting):
    with (
        speaking(lambda peer: peer.sendall(greeting)) as relay,
        pytest.raises(RelayUnusable, match="answered what is not SMTP"),
    ):
        deliver(relay)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [(b"ok\r\n", "uncertain"), (b"2500 ok\r\n", "uncertain"), (b"\0\r\n", "uncertain"), (b"250\r\n", "accepted"),
     (b"250 \r\n", "accepted"), (b"250-a\r\n250 b\r\n", "accepted"), (b"250 \xff\xfe\x1b[2J\r\n", "accepted"), (b"250 ok\n", "accepted"),
     (b"250 o", "uncertain"), (b"250-a\r\nb\r\n", "uncertain"), (b"250-a\r\n550 b\r\n", "permanent"), (b"", "uncertain")],
)  # fmt: skip
def test_an_odd_answer_to_the_dot(answer, outcome):
    """What cannot be read says nothing about the mail; of several lines the last one counts."""
    with speaking(lines(HELLO, OK, OK, GO, after=lambda peer: peer.sendall(answer))) as relay:
        one = deliver(relay)
    assert one.outcome == outcome
    assert one.text.isprintable()
    assert len(one.text) <= 300


def test_an_answer_may_come_in_pieces():
    def talk(peer):
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in b"250-2.0.0\r\n250 Ok\r\n":
            peer.sendall(bytes([byte]))

    with speaking(lines(HELLO, OK, OK, GO, after=talk)) as relay:
        one = deliver(relay)
    assert (one.outcome, one.text) == ("accepted", "2.0.0 Ok")


def test_an_answer_too_many_is_not_taken_for_the_next():
    """Else the answer to the sender would be that of the first recipient, and so on to the dot."""
    with speaking(lines(HELLO, OK + OK, OK, GO)) as relay:
        one = deliver(relay)
    assert (one.outcome, one.text) == ("temporary", "it answered more than was asked")


def test_words_of_a_relay_are_cleaned_and_cut():
    answer = b"550 \x1b]0;evil\x07 \xe2\x80\xae " + b"z" * 3_000 + b"\r\n"
    with speaking(lines(HELLO, OK, answer, OK, BYE)) as relay:
        one = deliver(relay)
    assert (one.outcome, one.code) == ("permanent", 550)
    assert one.text.startswith("]0;evil zzz")
    assert len(one.text) == 300
    assert one.text.isprintable()


@pytest.mark.parametrize("size", [b"", b"0", b"-5", b"1e3", b"9" * 100, b"\xc2\xb2", b"10 MB"])
def test_an_odd_size_is_no_limit(size):
    with speaking(
        lines(b"250-x\r\n250 SIZE " + size + b"\r\n", OK, OK, GO, after=lambda peer: peer.sendall(OK))
    ) as relay:
        one = deliver(relay)
    assert one.outcome == ("permanent" if size == b"10 MB" else "accepted")


def test_no_socket_is_left_open():
    """Each way out closes it; a warning about one fails the tests."""
    for talk in (
        lambda peer: None,
        lines(),
        lines(HELLO),
        lines(HELLO, OK),
        lines(HELLO, OK, OK),
        lines(HELLO, OK, OK, GO),
    ):
        with speaking(talk) as relay:
            try:
                deliver(relay)
            except RelayUnusable:
                continue
