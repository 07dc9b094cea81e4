"""Messages on a real server, Dovecot: what is read, where it goes, and what of other people's is left alone."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from email import message_from_bytes
from pathlib import Path

import pytest

from tests.mail.dovecot import PASSWORD, Dovecot, running
from tests.mail.small_desk import SmallDesk
from tix.errors import MailboxError
from tix.mail.credentials import Secret
from tix.mail.imap.folder import Filing, Imap
from tix.mail.imap.login import Account, Encryption
from tix.mail.mailbox import BATCH, Found, Outcome, Raw, Summary, fetch

MOVED, FLAGGED = Filing(done="Done", quarantine="Quarantine"), Filing()
Open = Callable[..., Imap]


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with running() as one:
        yield one


@pytest.fixture
def user(server: Dovecot) -> str:
    return server.fresh()


@pytest.fixture
def opened(server: Dovecot, user: str) -> Open:
    """Opens the mailbox of this test's user; closes it at the end."""
    boxes = []

    def open_(filing: Filing | None = None, secret: str = PASSWORD, **more) -> Imap:
        account = Account("127.0.0.1", user, Secret(secret), server.port, Encryption.NONE)
        boxes.append(Imap(account, filing, **more))
        return boxes[-1]

    yield open_
    for box in boxes:
        box.close()


def mails(count: int) -> list[bytes]:
    return [b"Message-ID: <%d@x>\nSubject: %d\n\nwords %d\n" % (n, n, n) for n in range(count)]


def run(
    box: Imap, stored: dict[Found, Outcome], answer: Outcome = Outcome.DONE
) -> tuple[Summary, list[bytes]]:
    read = []

    def take(found: Found, raw: Raw) -> Outcome:
        read.append(raw.content)
        stored[found] = answer
        return answer

    return fetch(box, stored.get, take), read


def flags(server: Dovecot, user: str, folder: str = "INBOX") -> set[str]:
    """The flags of the messages, as Dovecot writes them in file names; `a` is the first keyword."""
    return {path.name.partition(":2,")[2] for path in server.files(user, folder)}


def test_done_messages_are_moved_to_a_folder_that_is_created(server: Dovecot, user: str, opened: Open):
    server.deliver(user, mails(2 * BATCH + 3))
    summary, read = run(opened(MOVED), {})
    assert (summary.taken, summary.marked, summary.partial) == (2 * BATCH + 3, 2 * BATCH + 3, False)
    assert len(set(read)) == 2 * BATCH + 3
    assert server.files(user) == []
    assert len(server.files(user, "Done")) == 2 * BATCH + 3
    assert len(opened(MOVED)) == 0


def test_done_messages_that_stay_get_a_keyword_and_are_read(server: Dovecot, user: str, opened: Open):
    server.deliver(user, mails(BATCH + 3))
    stored: dict[Found, Outcome] = {}
    assert run(opened(FLAGGED), stored)[0].marked == BATCH + 3
    assert flags(server, user) == {"Sa"}
    assert "TixDone" in (server.mailbox(user) / "dovecot-keywords").read_text()
    server.deliver(user, mails(1))
    assert run(opened(FLAGGED), stored)[0].taken == 1


def test_quarantine_is_a_folder_or_a_keyword_on_an_unread_message(server: Dovecot, user: str, opened: Open):
    server.deliver(user, mails(2))
    run(opened(FLAGGED), {}, Outcome.QUARANTINED)
    assert flags(server, user) == {"ab"}
    assert "TixQuarantine" in (server.mailbox(user) / "dovecot-keywords").read_text()
    run(opened(MOVED), {}, Outcome.QUARANTINED)
    assert len(server.files(user, "Quarantine")) == 2


def test_a_person_who_reads_mail_hides_none(server: Dovecot, user: str, opened: Open):
    """Unread is no cursor, and reading here marks nothing as read."""
    server.deliver(user, mails(2))
    run(opened(FLAGGED), {}, Outcome.LEFT)
    assert {path.parent.name for path in server.files(user)} <= {"new", "cur"}
    assert flags(server, user) == {""}
    for path in server.files(user):
        path.rename(server.mailbox(user) / "cur" / (path.name.partition(":")[0] + ":2,S"))
    assert run(opened(FLAGGED), {})[0].taken == 2


@pytest.mark.parametrize("filing", [MOVED, FLAGGED], ids=["moved", "flagged"])
def test_what_others_marked_as_deleted_is_not_expunged(
    server: Dovecot, user: str, opened: Open, filing: Filing
):
    """Neither EXPUNGE nor CLOSE: moving must not remove other people's mail (traps 41 and 48)."""
    server.deliver(user, mails(3))
    box = opened(filing)
    with box._asking("mark one as deleted") as connection:
        connection.uid("STORE", "2", "+FLAGS", "(\\Deleted)")
    first, _, third = box.found()
    box.done((first, third))
    box.close()
    assert sum("T" in path.name for path in server.files(user)) == 1


def test_raw_bytes_are_those_the_server_has(server: Dovecot, user: str, opened: Open):
    """Line ends are CRLF on the wire, all else is untouched: no parser stands between (traps 6 and 45)."""
    messages = [
        b"",
        b"\n",
        b"Subject: =?utf-8?q?x\n\n" + bytes(byte for byte in range(1, 256) if byte not in b"\r\n"),
        b"From: x\n\n)\n* 1 FETCH (UID 1 BODY[] {3}\nabc)\nA1 OK done\n{5}\n",
        b"x" * 70_000 + b"\n",
    ]
    server.deliver(user, messages)
    box = opened(FLAGGED)
    got = [raw.content for found in box.found() if (raw := box.raw(found)) is not None]
    assert got == [message.replace(b"\n", b"\r\n") for message in messages]


def test_a_nul_byte_does_not_stop_it(server: Dovecot, user: str, opened: Open):
    """RFC 3501 forbids NUL in a literal, so the server sends something else in its place."""
    server.deliver(user, [b"Subject: x\n\na\0b\n"])
    _, read = run(opened(FLAGGED), {})
    assert len(read) == 1


def test_of_a_large_message_only_the_header_is_fetched(server: Dovecot, user: str, opened: Open):
    server.deliver(user, [b"Subject: large\n\n" + b"x" * 5000 + b"\n", b"Subject: small\n\nx\n"])
    box = opened(FLAGGED, limit=1000)
    large, small = (box.raw(found) for found in box.found())
    assert large == Raw(b"Subject: large\r\n\r\n", 5020, cut=True)
    assert small == Raw(b"Subject: small\r\n\r\nx\r\n", 21)


def test_a_message_that_vanishes_meanwhile_is_passed_over(server: Dovecot, user: str, opened: Open):
    """After its size was asked for, and before it is marked. Dovecot answers with NIL (RFC 2180, section 4.1.3)."""
    server.deliver(user, mails(4))
    first, second = opened(MOVED), opened(MOVED)
    one, two, three, four = first.found()
    assert first.raw(one) is not None
    second.done((two, three))
    assert [first.raw(found) for found in (two, three)] == [None, None]
    assert first.raw(four) is not None
    first.done((one, two, three, four))
    assert server.files(user) == []
    assert len(server.files(user, "Done")) == 4


@pytest.mark.parametrize("name", ["Entwürfe", "Erledigt & fertig", "日本語/台北", 'say "x" \\ y'])
def test_folder_names_of_any_alphabet(server: Dovecot, user: str, opened: Open, name: str):
    server.deliver(user, mails(1))
    box = opened(Filing(done=name))
    assert run(box, {})[0].marked == 1
    assert name in box.folders()
    assert run(opened(Filing(folder=name)), {})[0].taken == 1


def test_folders_can_be_listed_and_created(opened: Open):
    box = opened()
    box.create("A/B")
    assert set(box.folders()) >= {"INBOX", "A/B"}
    with pytest.raises(MailboxError, match=r"did not create folder 'A/B': .*exists"):
        box.create("A/B")
    assert len(box) == 0


def test_a_missing_folder_is_one_sentence(opened: Open):
    with pytest.raises(MailboxError, match=r"^127.0.0.1 did not open folder 'Nowhere': .*\.$"):
        opened(Filing("Nowhere"))


def test_the_folder_that_is_read_is_not_where_done_messages_go(opened: Open):
    """Moved onto itself each message would come back with a new number."""
    for filing in (Filing("INBOX", done="Inbox"), Filing("A", done="B", quarantine="A")):
        with pytest.raises(MailboxError, match="cannot be moved there"):
            opened(filing)


@pytest.mark.parametrize("name", ["", "a\r\nb", "a\0b", "\ud800"])
def test_a_folder_name_is_no_command(opened: Open, name: str):
    with pytest.raises(MailboxError, match="folder name"):
        opened(Filing(name))


def test_a_password_of_any_letters_and_signs(opened: Open):
    """It is sent by AUTHENTICATE PLAIN in UTF-8; a wrong one is a refusal in words, without the password."""
    for wrong in ("gehéim", 'x"\\ y', "ключ"):
        with pytest.raises(
            MailboxError, match=r"refused to let desk\d+ log in: Authentication failed\.$"
        ) as caught:
            opened(secret=wrong)
        assert wrong not in str(caught.value)


def test_a_connection_that_is_refused_or_unknown(server: Dovecot):
    account = Account("127.0.0.1", "desk", Secret(PASSWORD), 1, Encryption.NONE)
    with pytest.raises(MailboxError, match="Connection refused"):
        Imap(account)
    with pytest.raises(MailboxError, match=r"No host named nowhere\.invalid"):
        Imap(account._replace(host="nowhere.invalid"))
    with pytest.raises(MailboxError, match="is not a host name"):
        Imap(account._replace(host="x" * 64 + ".example"))


def test_a_server_without_tls_gets_no_password(server: Dovecot):
    account = Account("127.0.0.1", "desk", Secret(PASSWORD), server.port, Encryption.STARTTLS)
    with pytest.raises(MailboxError, match="does not offer STARTTLS; no password was sent"):
        Imap(account)
    with pytest.raises(MailboxError, match="does not speak TLS"):
        Imap(account._replace(encryption=Encryption.TLS))


# ----------------------------------------------------------------------------- exactly once, whatever happens


@pytest.mark.parametrize("filing", [MOVED, FLAGGED], ids=["moved", "flagged"])
def test_after_a_renumbering_each_message_is_stored_once(
    server: Dovecot, user: str, opened: Open, filing: Filing, tmp_path: Path
):
    """The index is lost: new UIDVALIDITY, flags gone, all unread again (trap 46). The bytes are compared."""
    server.deliver(user, mails(30))
    desk = SmallDesk(tmp_path / "desk.db")
    box = opened(FLAGGED)
    desk.fetch(box)
    box.close()
    server.renumber(user)
    again = opened(filing)
    before, after = desk.validities(), next(again.found()).validity
    assert after not in before
    assert desk.fetch(again).taken == 30
    assert desk.counts() == (30, 60)  # messages, keys
    again.close()
    assert desk.fetch(opened(filing)).taken == 0


def test_a_mailbox_renumbered_between_two_connections_is_not_touched(
    server: Dovecot, user: str, opened: Open
):
    """The numbers at hand name other messages by now."""
    server.deliver(user, mails(3))
    box = opened(MOVED)
    old = tuple(box.found())
    box._drop()
    server.renumber(user)
    with pytest.raises(MailboxError, match="has renumbered folder 'INBOX' meanwhile"):
        box.reopen()
    box.done(old)
    assert box.raw(old[0]) is None
    assert len(server.files(user)) == 3


def test_a_connection_that_breaks_is_opened_again(server: Dovecot, user: str, opened: Open, tmp_path: Path):
    """In the middle of a run, at any message; each is stored once all the same."""
    server.deliver(user, mails(120))
    box = opened(MOVED)
    desk = SmallDesk(tmp_path / "desk.db")

    def cut(number: int, total: int) -> None:
        if number in (30, 70):
            box._connection.sock.shutdown(2)

    summary = desk.fetch(box, progress=cut)
    assert summary.failed == 2
    assert summary.stopped is None
    desk.fetch(opened(MOVED))
    assert desk.counts() == (120, 120)
    assert len(server.files(user, "Done")) == 120


def test_an_interruption_inside_a_command_marks_nothing_by_a_broken_dialogue(
    server: Dovecot, user: str, opened: Open
):
    """Half an answer is unread: the connection is of no use any more, and says so."""
    server.deliver(user, mails(3))
    box = opened(MOVED)
    first, second, third = box.found()
    box.raw(first)

    def interrupt(_: int) -> bytes:
        raise KeyboardInterrupt

    box._connection.read = interrupt
    with pytest.raises(KeyboardInterrupt):
        box.raw(second)
    with pytest.raises(MailboxError, match="is closed"):
        box.done((first,))
    box.reopen()
    assert box.raw(third) is not None
    box.done((first,))
    assert len(server.files(user, "Done")) == 1


CORPORA = os.environ.get("TIX_CORPORA")


@pytest.mark.skipif(CORPORA is None, reason="TIX_CORPORA names no folder with messages")
def test_every_message_of_the_corpora_arrives_as_it_is(
    server: Dovecot, user: str, opened: Open, tmp_path: Path
):
    """Damaged ones too; only line ends and what the server itself does to NULs differ."""
    files = [path for path in sorted(Path(CORPORA).rglob("*")) if path.suffix in (".eml", ".msg", ".txt", "")]
    contents = {path.read_bytes() for path in files if path.is_file() and path.stat().st_size < 1 << 20}
    messages = [
        content for content in contents if b"\n\n" in content.replace(b"\r\n", b"\n") and b"\0" not in content
    ]
    assert len(messages) > 100
    server.deliver(user, messages)
    desk = SmallDesk(tmp_path / "desk.db")
    summary = desk.fetch(opened(MOVED))
    assert (summary.taken, summary.failed) == (len(messages), 0)
    wanted = {_lines(message) for message in messages}
    with sqlite3.connect(tmp_path / "desk.db") as store:
        got = {_lines(raw) for (raw,) in store.execute("SELECT raw FROM message")}
    assert got == wanted
    assert all(message_from_bytes(raw) is not None for raw in got)


def _lines(message: bytes) -> bytes:
    return message.replace(b"\r\n", b"\n")
