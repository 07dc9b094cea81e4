"""Servers that lie, drip, vanish or never stop: one sentence each, in bounded time and memory, and nothing lost.

Sizes and lines are counted; where a server only goes on for ever, the deadline is what ends the command.
"""

import base64
import itertools
import socket
import ssl
import subprocess
import tracemalloc
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.mail.scripted_imap import CHALLENGE, PASSWORD, Answer, Hangup, Script, drip, usual
from tix.errors import MailboxError, MailboxLost
from tix.mail import folder_names
from tix.mail.credentials import Secret
from tix.mail.imap.answers import bodies, folder_list, sizes
from tix.mail.imap.folder import Filing, Imap
from tix.mail.imap.login import Account, Encryption
from tix.mail.mailbox import Found, Outcome, Raw, fetch

pytestmark = pytest.mark.long

SHORT = 0.4  # seconds: the patience with a server of which nothing more is to be expected
LONG = 60.0  # with one that is stopped for what it sends
MOVED = Filing(done="Done")


_boxes: list[Imap] = []


def opened(*arguments, **more) -> Imap:
    """An open mailbox; the test's end closes its socket."""
    _boxes.append(Imap(*arguments, **more))
    return _boxes[-1]


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    while _boxes:
        _boxes.pop()._drop()


def run(box: Imap):
    """Fetch everything; return the summary and the contents by number."""
    read: dict[int, Raw] = {}
    stored: dict[Found, Outcome] = {}

    def take(found: Found, raw: Raw) -> Outcome:
        read[found.uid] = raw
        stored[found] = Outcome.DONE
        return Outcome.DONE

    return fetch(box, stored.get, take), read


def for_message(uid: int, answer: Answer) -> Answer:
    """Replaces the answer with which one body is sent; sizes and other bodies are as usual."""

    def answered(tag: bytes, command: bytes) -> Iterable[bytes]:
        if b"BODY" in command and b"FETCH %d " % uid in command:
            yield from answer(tag, command)
        else:
            yield from usual("UID FETCH")(tag, command)

    return answered


def test_the_control_a_server_that_behaves():
    with Script() as server:
        box = opened(server.account(), MOVED)
        summary, read = run(box)
        box.close()
    assert {uid: raw.content for uid, raw in read.items()} == {5: b"mail 5", 6: b"mail 6", 7: b"mail 7"}
    assert (summary.marked, summary.partial) == (3, False)
    assert server.said(b"UID MOVE") == [b'UID MOVE 5,6,7 "Done"']
    assert server.lines[-1] == b"LOGOUT"


def test_the_commands_that_are_never_sent():
    """EXPUNGE and CLOSE delete, UNSEEN and `*` are no cursors, BODY[] marks as read."""
    for filing in (MOVED, Filing()):
        with Script() as server:
            box = opened(server.account(), filing)
            run(box)
            box.close()
        text = b"\n".join(server.lines).upper()
        assert not any(word in text for word in (b"EXPUNGE", b"CLOSE", b"UNSEEN", b"*", b" BODY[", b"(BODY["))


def endless(line: bytes) -> Answer:
    return lambda tag, command: itertools.repeat(line * 1000)


def once(*chunks: bytes) -> Answer:
    """Sends the chunks, then says OK."""
    return lambda tag, command: [*chunks, tag + b" OK done\r\n"]


def hangup(*chunks: bytes) -> Answer:
    def answer(tag: bytes, command: bytes) -> Iterator[bytes]:
        yield from chunks
        raise Hangup

    return answer


HEAD = b"* 1 FETCH (UID 5 BODY[] "
LOST = {
    "4 GB are announced": (once(HEAD + b"{4000000000}\r\n0123456789"), "announced 4000000000 bytes"),
    "20 digits are announced": (once(HEAD + b"{99999999999999999999}\r\n"), "announced 9999"),
    "5,000 digits are announced": (once(HEAD + b"{" + b"9" * 5000 + b"}\r\n"), "an invalid answer"),
    "untagged lines without end": (endless(b"* 1 FETCH (UID 5 FLAGS ())\r\n"), "more than 20000 lines"),
    "a line without end": (endless(b"x" * 1000), "a line without end"),
    "literals without end": (
        endless(HEAD + b"{9000}\r\n" + b"x" * 9000 + b")\r\n"),
        "more bytes than were asked",
    ),
    "requests to go on without end": (endless(b"+ go on\r\n"), "more than 20000 lines"),
    "a byte a moment": (lambda tag, _: drip(b"x" * 10_000), f"within {SHORT} seconds"),
    "a literal that never ends": (
        lambda tag, _: itertools.chain([HEAD + b"{900}\r\nx"], drip(b"x" * 800)),
        f"within {SHORT} seconds",
    ),
    "silence": (lambda tag, _: (), f"within {SHORT} seconds"),
    "it vanishes": (hangup(), "closed the connection"),
    "it vanishes inside a literal": (hangup(HEAD + b"{900}\r\nabc"), "closed the connection"),
    "it says good-bye": (hangup(b"* BYE too many\r\n"), "closed the connection: too many"),
    "it says good-bye and stays": (once(b"* BYE too many\r\n"), "closed the connection: too many"),
    "no protocol at all": (once(b"\0\xff\r\n"), "an invalid answer"),
    "an empty line": (once(b"\r\n"), "an invalid answer"),
    "a blank line behind a literal": (once(HEAD + b"{3}\r\nabc)\r\n\r\n"), "an invalid answer"),
    "a tag of somebody else": (lambda tag, _: [b"ZZZZ9 OK done\r\n"], "an invalid answer"),
}


@pytest.mark.parametrize("name", LOST)
def test_a_message_that_breaks_the_dialogue_is_one_failure(name: str):
    """The others are fetched by a new connection, and each is marked (traps 4, 5 and 40)."""
    answer, words = LOST[name]
    with Script({"UID FETCH": for_message(5, answer)}) as server:
        box = opened(server.account(), MOVED, patience=patience(name), limit=100_000)
        summary, read = run(box)
        assert server.connections == 2
    assert {uid: raw.content for uid, raw in read.items()} == {6: b"mail 6", 7: b"mail 7"}
    (failure,) = summary.failures
    assert isinstance(failure.error, MailboxLost)
    assert words in str(failure.error)
    assert_one_sentence(failure.error)
    assert summary.marked == 2


def patience(name: str) -> float:
    return SHORT if "seconds" in LOST[name][1] else LONG


def assert_one_sentence(error: Exception) -> None:
    text = str(error)
    assert text.endswith(".")
    assert text.isprintable()
    assert len(text) < 400
    assert PASSWORD not in text
    assert error.__context__ is None or error.__suppress_context__


@pytest.mark.parametrize("name", LOST)
@pytest.mark.parametrize("command", ["CAPABILITY", "AUTHENTICATE", "SELECT", "UID SEARCH"])
def test_a_server_like_that_before_the_first_message(command: str, name: str):
    with Script({command: LOST[name][0]}) as server, pytest.raises(MailboxError) as caught:
        opened(server.account(), MOVED, patience=patience(name), limit=100_000)
    assert_one_sentence(caught.value)


@pytest.mark.parametrize(
    "greeting",
    [
        b"",
        b"\r\n",
        b"220 smtp.example ESMTP\r\n",
        b"* BYE busy\r\n",
        b"* OK",
        b"x" * 1000,
        b"HTTP/1.1 400 Bad\r\n\r\n",
    ],
)
def test_a_greeting_that_is_none(greeting: bytes):
    with Script(greeting=greeting) as server, pytest.raises(MailboxError) as caught:
        opened(server.account(), patience=SHORT)
    assert_one_sentence(caught.value)


def test_memory_is_bounded_by_the_limit():
    """Thirty times the limit is announced and sent: it passes through, and only the header is kept."""
    size = 6_000_000
    chunks = itertools.chain([HEAD + b"{%d}\r\nSubject: x\r\n\r\n" % size], [b"y" * (size - 14)], [b")\r\n"])
    answer = for_message(5, lambda tag, _: [*chunks, tag + b" OK done\r\n"])
    with Script({"UID FETCH": answer}) as server:
        box = opened(server.account(), limit=1_000_000)
        (found, *_) = box.found()
        tracemalloc.start()
        try:
            raw = box.raw(found)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert raw == Raw(b"Subject: x\r\n\r\n", size, cut=True)
    assert peak < size + 3_000_000  # the server's own copy is in this process, too


def test_what_nobody_asked_for_is_not_kept():
    """A little with every answer is much in the end."""

    def noisy(tag: bytes, command: bytes) -> Iterable[bytes]:
        yield b"* NOISE %b\r\n" % (b"x" * 1000) * 100
        yield from usual("UID FETCH")(tag, command)

    with Script({"UID FETCH": noisy}) as server:
        box = opened(server.account(), MOVED)
        for found in list(box.found()) * 10:
            assert box.raw(found) is not None
            assert len(box._connection.untagged_responses["NOISE"]) == 100


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (once(b"* 9 FETCH (UID 77 BODY[] {3}\r\nabc)\r\n"), "answered with another message than 5"),
        (once(b"* 1 FETCH (UID 5 BODY[] NIL)\r\n"), "sent message 5 without content"),
        (
            lambda tag, _: [tag + b" NO [SERVERBUG] it is\x1b[31m damaged.\r\n"],
            "message 5: it is [31m damaged.",
        ),
        (lambda tag, _: [tag + b" NO " + b"x" * 9000 + b"\r\n"], "message 5: xxxx"),
        (lambda tag, _: [tag + b" BAD what\r\n"], "refused to fetch a message"),
    ],
    ids=["another's body", "no body", "no", "a long no", "bad"],
)
def test_a_refusal_is_one_failure_on_a_connection_that_lives(answer: Answer, words: str):
    """Another message's body is never taken for this one's."""
    with Script({"UID FETCH": for_message(5, answer)}) as server:
        summary, read = run(opened(server.account(), MOVED))
        assert server.connections == 1
    assert read.keys() == {6, 7}
    assert words in str(summary.failures[0].error)
    assert_one_sentence(summary.failures[0].error)


@pytest.mark.parametrize(
    "item",
    [
        b"* 1 FETCH (UID 5 BODY[] {3}\r\nabc)\r\n",
        b"* 1 FETCH (BODY[] {3}\r\nabc UID 5)\r\n",
        b"* 1 FETCH (BODY[] {3}\r\nabc UID 5 FLAGS (\\Seen))\r\n",
        b'* 1 FETCH (UID 5 BODY[] "abc")\r\n',
        b"* 1 FETCH (uid 5 body[] {3}\r\nabc)\r\n",
        b"* 1 FETCH (FLAGS (UID 77) UID 5 BODY[] {3}\r\nabc)\r\n",
        b"* 1 FETCH (FLAGS ({3}\r\nx x) UID 5 BODY[] {3}\r\nabc)\r\n",
        b"* 9 FETCH (UID 77 BODY[] {3}\r\nxxx)\r\n* 1 FETCH (UID 5 BODY[] {3}\r\nabc)\r\n* 2 EXPUNGE\r\n",
        b"* 1 FETCH (UID 5 BODY[] {3}\r\nabc)\r\n* 1 FETCH (UID 5 FLAGS (\\Seen))\r\n* 4 EXISTS\r\n",
    ],
)
def test_answers_come_in_many_forms(item: bytes):
    """Any order, quoted or literal, and other news between (RFC 3501, section 7)."""
    with Script({"UID FETCH": for_message(5, once(item))}) as server:
        box = opened(server.account())
        raw = box.raw(next(box.found()))
    assert raw == Raw(b"abc", 3)


@pytest.mark.parametrize(
    "answer",
    [
        once(b"* 1 FETCH (UID 5 FLAGS ())\r\n* 2 FETCH (UID 6)\r\n* 3 FETCH (UID 7 RFC822.SIZE NIL)\r\n"),
        lambda tag, _: [tag + b" NO one of them is damaged\r\n"],
    ],
    ids=["no sizes", "refused"],
)
def test_messages_whose_size_the_server_does_not_know_are_fetched(answer: Answer):
    def fetched(tag: bytes, command: bytes) -> Iterable[bytes]:
        return (answer if b"SIZE" in command else usual("UID FETCH"))(tag, command)

    with Script({"UID FETCH": fetched}) as server:
        summary, read = run(opened(server.account(), MOVED))
    assert len(read) == summary.marked == 3


@pytest.mark.parametrize("header", [b"{13}\r\nSubject: x\r\n\r", b'""', b"NIL", None])
def test_the_header_of_a_large_message_is_there_or_not(header: bytes | None):
    """A message that cannot be had even so far is reported; one that is gone is not."""

    def fetched(tag: bytes, command: bytes) -> Iterable[bytes]:
        if b"SIZE" in command:
            yield b"* 1 FETCH (UID 5 RFC822.SIZE 99999999999)\r\n"
        elif header is not None:
            assert b"BODY.PEEK[HEADER]<0.262144>" in command
            yield b"* 1 FETCH (UID 5 BODY[HEADER]<0> " + header + b")\r\n"
        yield tag + b" OK done\r\n"

    with Script({"UID FETCH": fetched, "UID SEARCH": once(b"* SEARCH 5\r\n")}) as server:
        summary, read = run(opened(server.account(), MOVED))
    assert (summary.gone, summary.failed) == (header is None, header == b"NIL")
    assert all(raw.cut and raw.size == 99999999999 for raw in read.values())


@pytest.mark.parametrize(
    "answer",
    [
        once(b"* SEARCH 5 6 7 8 7 5\r\n", b"* SEARCH\r\n"),
        once(b"* SEARCH 8 7\r\n* SEARCH 6 5\r\n"),
        once(b"* SEARCH 0 -1 5 6 x 7 8 4294967296 99999999999999 (MODSEQ 917162500)\r\n"),
    ],
)
def test_numbers_are_numbers(answer: Answer):
    with Script({"UID SEARCH": answer}) as server:
        assert [found.uid for found in opened(server.account()).found()] == [5, 6, 7, 8]


def test_a_mailbox_of_many_messages_is_listed():
    numbers = b" ".join(b"%d" % number for number in range(1, 300_001))
    with Script({"UID SEARCH": once(b"* SEARCH " + numbers + b"\r\n")}) as server:
        assert len(opened(server.account())) == 300_000


def test_a_server_that_knows_no_keywords_is_searched_for_all():
    def search(tag: bytes, command: bytes) -> list[bytes]:
        ok = command == b"UID SEARCH ALL"
        return [b"* SEARCH 5\r\n" + tag + b" OK x\r\n"] if ok else [tag + b" NO unknown\r\n"]

    with Script({"UID SEARCH": search}) as server:
        assert len(opened(server.account())) == 1


def test_without_move_messages_are_flagged_never_copied_and_expunged():
    """As others do it, with a list of capabilities from before the log-in (traps 41 and 48)."""
    with Script(capabilities="IMAP4rev1 AUTH=PLAIN") as server:
        summary, _ = run(opened(server.account(), MOVED))
    assert summary.marked == 3
    assert server.said(b"UID STORE") == [rb"UID STORE 5,6,7 +FLAGS.SILENT (TixDone \Seen)"]


def test_capabilities_are_those_after_the_log_in():
    """Dovecot names MOVE only then."""
    asked = itertools.count()
    early, late = b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n", b"* CAPABILITY IMAP4rev1 MOVE\r\n"
    with Script(
        {"CAPABILITY": lambda tag, _: [(early, early, late)[next(asked)] + tag + b" OK x\r\n"]}
    ) as server:
        assert opened(server.account(), MOVED).moves


def test_a_folder_for_done_messages_that_cannot_be_made_is_one_sentence():
    def no(tag: bytes, command: bytes) -> list[bytes]:
        return [tag + b" NO [TRYCREATE] no such folder\r\n"]

    with Script({"UID MOVE": no, "CREATE": no}) as server:
        summary, _ = run(opened(server.account(), MOVED))
    assert (summary.taken, summary.marked) == (3, 0)
    assert summary.unmarked == "127.0.0.1 did not move messages to 'Done': no such folder."
    assert len(server.said(b"CREATE")) == 1


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (once(b"* 3 EXISTS\r\n"), "does not number the messages"),
        (once(b"* OK [UIDVALIDITY x] x\r\n"), "does not number the messages"),
        (once(b"* OK [UIDVALIDITY 99999999999999] x\r\n"), "does not number the messages"),
        (once(b"* OK [UIDVALIDITY 3] x\r\n* OK [READ-ONLY] x\r\n"), "read-only"),
        (
            lambda tag, _: [tag + b" NO [NONEXISTENT] no such folder\r\n"],
            "did not open folder 'INBOX': no such",
        ),
    ],
)
def test_a_folder_that_is_of_no_use(answer: Answer, words: str):
    with Script({"SELECT": answer}) as server, pytest.raises(MailboxError, match=words) as caught:
        opened(server.account())
    assert_one_sentence(caught.value)


# --------------------------------------------------------------------------------------------------- log-in


def test_the_password_is_sent_as_utf_8_and_repeated_nowhere():
    with Script() as server:
        opened(server.account(secret="gehéim"))
    assert "\0desk@x.example\0gehéim".encode() in server.lines


@pytest.mark.parametrize("before", [b"", b"\0desk\0", b"a", b"ab", b"abc"])
@pytest.mark.parametrize("coded", [False, True])
def test_a_password_that_the_server_repeats_is_not_shown(before: bytes, coded: bool):
    """Not in base64 either: some servers repeat the line they did not like."""
    said = before + b"a long password" + b"!?"

    def echo(tag: bytes, command: bytes) -> list[bytes]:
        words = base64.b64encode(said) if coded else said.replace(b"\0", b" ")
        return [b"+ \r\n", tag + b" NO wrong: " + words + b"\r\n"]

    with Script({"AUTHENTICATE": echo}) as server, pytest.raises(MailboxError) as caught:
        opened(server.account(secret="a long password"))
    assert str(caught.value) == "127.0.0.1 refused to let desk@x.example log in."


def test_a_server_without_authenticate_gets_a_log_in_in_quotes():
    with Script(capabilities="IMAP4rev1") as server:
        opened(server.account(secret='a "b" \\c'))
        assert server.said(b"LOGIN") == [rb'LOGIN "desk@x.example" "a \"b\" \\c"']
        with pytest.raises(MailboxError, match="accepts only ASCII"):
            opened(server.account(secret="gehéim"))
    with (
        Script(capabilities="IMAP4rev1 LOGINDISABLED") as server,
        pytest.raises(MailboxError, match="not accept passwords"),
    ):
        opened(server.account())
    assert server.said(b"LOGIN") == []


def test_a_user_name_is_no_command():
    with Script() as server, pytest.raises(MailboxError, match="control character"):
        opened(server.account(user="desk\r\nA1 LOGOUT"))


def test_an_access_token_is_sent_by_xoauth2():
    with Script() as server:
        opened(server.account(secret="ya29.token", oauth=True))
    assert b"user=desk@x.example\x01auth=Bearer ya29.token\x01\x01" in server.lines
    assert server.said(b"AUTHENTICATE") == [b"AUTHENTICATE XOAUTH2"]


def test_an_expired_token_is_refused_in_one_sentence():
    """The challenge wants an empty answer: without it both sides wait for ever."""

    def refuse(tag: bytes, command: bytes) -> list[bytes]:
        return [
            b"+ \r\n",
            CHALLENGE,
            tag + b" NO [AUTHENTICATIONFAILED] Token expired.\r\n",
        ]

    with Script({"AUTHENTICATE": refuse}) as server, pytest.raises(MailboxError) as caught:
        opened(server.account(secret="ya29.token", oauth=True))
    assert str(caught.value) == "127.0.0.1 refused to let desk@x.example log in: Token expired."
    assert server.lines[-1] == b""
    with (
        Script(capabilities="IMAP4rev1 AUTH=PLAIN") as server,
        pytest.raises(MailboxError, match="not offer XOAUTH2"),
    ):
        opened(server.account(oauth=True))


# ------------------------------------------------------------------------------------------------------ TLS


def _openssl(folder: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CA, and certificates it gave to 127.0.0.1 (good) and mail.example (other)."""
    folder = tmp_path_factory.mktemp("certificates")
    key = ["-newkey", "rsa:2048", "-nodes", "-days", "2"]
    _openssl(folder, "req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=CA of a test")
    for name, host in (("good", "IP:127.0.0.1,DNS:localhost"), ("other", "DNS:mail.example")):
        _openssl(
            folder, "req", "-x509", *key, "-keyout", f"{name}.key", "-out", f"{name}.pem", "-subj", f"/CN={name}",
            "-addext", f"subjectAltName={host}", "-addext", "basicConstraints=critical,CA:FALSE",
            "-CA", "ca.pem", "-CAkey", "ca.key",
        )  # fmt: skip
    return folder


def _serving(folder: Path, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / f"{name}.pem", folder / f"{name}.key")
    return context


needs_openssl = pytest.mark.needs("openssl")


@needs_openssl
@pytest.mark.parametrize("encryption", [Encryption.TLS, Encryption.STARTTLS])
def test_a_verified_server_is_talked_to(certificates: Path, encryption: Encryption):
    context = _serving(certificates, "good")
    starttls = encryption is Encryption.STARTTLS
    caps = "IMAP4rev1 AUTH=PLAIN MOVE" + " STARTTLS" * starttls
    with Script(capabilities=caps, **{"starttls" if starttls else "tls": context}) as server:
        account = server.account(encryption=encryption, ca_file=certificates / "ca.pem")
        summary, read = run(opened(account, MOVED))
    assert (summary.marked, len(read)) == (3, 3)


@needs_openssl
@pytest.mark.parametrize("encryption", [Encryption.TLS, Encryption.STARTTLS])
@pytest.mark.parametrize(
    ("name", "trusted", "words"),
    [
        ("good", False, "unable to get local issuer certificate"),
        ("other", True, "not valid for '127.0.0.1'"),
    ],
)
def test_a_certificate_of_another_host_or_an_unknown_ca(
    certificates: Path, encryption: Encryption, name: str, trusted: bool, words: str
):
    """The password is not sent."""
    starttls = encryption is Encryption.STARTTLS
    caps = "IMAP4rev1 AUTH=PLAIN STARTTLS"
    with Script(
        capabilities=caps, **{"starttls" if starttls else "tls": _serving(certificates, name)}
    ) as server:
        account = server.account(encryption=encryption, ca_file=certificates / "ca.pem" if trusted else None)
        with pytest.raises(
            MailboxError, match=rf"^The certificate of 127\.0\.0\.1 is not valid: .*{words}"
        ) as caught:
            opened(account)
    assert_one_sentence(caught.value)
    assert (caught.value.code, caught.value.exit_status) == ("refused", 5)
    wanted = "mail.imap.ca_file" if name == "good" else "mail.imap.host"
    assert wanted in (caught.value.hint or "")
    assert server.said(b"AUTHENTICATE") == []


@needs_openssl
def test_what_came_in_clear_text_behind_starttls_is_refused(certificates: Path):
    """Somebody in between could have put it there; it would pass for an encrypted answer."""
    behind = b"* CAPABILITY IMAP4rev1 AUTH=LOGIN\r\n"
    caps = "IMAP4rev1 STARTTLS AUTH=PLAIN"
    with Script(capabilities=caps, starttls=_serving(certificates, "good"), behind_starttls=behind) as server:
        account = server.account(encryption=Encryption.STARTTLS, ca_file=certificates / "ca.pem")
        with pytest.raises(MailboxError, match="clear text where TLS should begin"):
            opened(account)
    assert server.said(b"AUTHENTICATE") == []


@pytest.mark.parametrize(
    ("greeting", "capabilities", "answers"),
    [
        (b"* OK ready\r\n", "IMAP4rev1 AUTH=PLAIN", {}),
        (b"* PREAUTH come in\r\n", "IMAP4rev1 AUTH=PLAIN STARTTLS", {}),
        (b"* OK ready\r\n", "IMAP4rev1 STARTTLS", {"STARTTLS": lambda tag, _: [tag + b" NO not today\r\n"]}),
    ],
    ids=["taken out of the list", "no log-in needed", "refused"],
)
def test_there_is_no_falling_back_to_clear_text(
    greeting: bytes, capabilities: str, answers: dict[str, Answer]
):
    words = "does not offer STARTTLS; no password was sent"
    script = Script(answers, greeting=greeting, capabilities=capabilities)
    with script as server, pytest.raises(MailboxError, match=words):
        opened(server.account(encryption=Encryption.STARTTLS))
    assert server.said(b"AUTHENTICATE") + server.said(b"LOGIN") == []


def test_a_server_that_is_silent_in_the_handshake():
    with socket.create_server(("127.0.0.1", 0)) as server:
        account = Account("127.0.0.1", "desk", Secret(PASSWORD), server.getsockname()[1])
        with pytest.raises(MailboxError, match="did not answer") as caught:
            opened(account, patience=SHORT)
    assert_one_sentence(caught.value)


@pytest.mark.parametrize("content", [None, "", "no certificate", "-----BEGIN CERTIFICATE-----\nx\n"])
def test_a_ca_file_that_is_none(tmp_path: Path, content: str | None):
    if content is not None:
        (tmp_path / "ca.pem").write_text(content)
    with Script() as server, pytest.raises(MailboxError, match="Cannot read the CA file"):
        opened(server.account(encryption=Encryption.TLS, ca_file=tmp_path / "ca.pem"))


# -------------------------------------------------------------------------- names and answers, any at all


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1))
def test_folder_names_come_back(name: str):
    """Modified UTF-7 there and back; on the wire it is printable ASCII."""
    encoded = folder_names.encode(name)
    assert encoded.isascii()
    assert encoded.isprintable()
    assert folder_names.decode(encoded) == name


@pytest.mark.parametrize(
    ("name", "encoded"),
    [
        ("Entwürfe", "Entw&APw-rfe"),
        ("A & B", "A &- B"),
        ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
    ],
)
def test_the_examples_of_rfc_3501(name: str, encoded: str):
    assert folder_names.encode(name) == encoded
    assert folder_names.decode(encoded) == name


@given(st.text() | st.from_regex(r"[&A-Za-z,+=-]{0,30}", fullmatch=True))
def test_any_name_can_be_shown(encoded: str):
    """What is no modified UTF-7 stays as it is."""
    assert isinstance(folder_names.decode(encoded), str)


_PIECES = st.sampled_from(
    [b"1 (", b"UID 5", b"UID ", b" ", b"BODY[] {3}", b"BODY[]", b'"', b"\\", b"(", b")", b"FLAGS (", b"RFC822.SIZE 7",
     b"NIL", b"\xff", b"99999999999999999999", b'() "/" x', b"{3}"]
)  # fmt: skip
_TEXT = st.lists(_PIECES, max_size=12).map(b"".join) | st.binary(max_size=40)
_ITEMS = st.lists(st.none() | _TEXT | st.tuples(_TEXT, st.binary(max_size=5)), max_size=6)


@given(_ITEMS)
def test_no_answer_is_more_than_misunderstood(data: list[object]):
    assert all(isinstance(uid, int) for uid in sizes(data))
    assert all(body is None or isinstance(body, bytes) for body in bodies(data).values())
    assert all(isinstance(name, str) for name in folder_list(data))


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(["CAPABILITY", "SELECT", "UID SEARCH", "UID FETCH", "LIST"]), _TEXT, st.booleans())
def test_any_answer_of_a_server_is_an_answer_or_one_sentence(command: str, text: bytes, tagged: bool):
    """Whatever bytes it sends, and whether it then says OK or hangs up."""
    answer = once(b"* " + text + b"\r\n") if tagged else hangup(text)
    with Script({command: answer}) as server:
        try:
            box = opened(server.account(), MOVED, patience=0.2)
            run(box)
            box.folders()
            box.close()
        except MailboxError as error:
            assert_one_sentence(error)
