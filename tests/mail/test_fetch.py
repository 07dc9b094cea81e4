"""``tix mail fetch`` and ``tix mail test`` against a real IMAP server, and from maildirs: each mail is taken once."""

import calendar
import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import compat32
from pathlib import Path

import pytest

from tests.harness import TIX, Shell
from tests.mail.dovecot import PASSWORD, Dovecot, running
from tests.mail.relays import Script, scripted
from tests.mail.scripted_imap import Hangup
from tests.mail.scripted_imap import Script as ImapScript


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with running() as found:
        yield found


@pytest.fixture
def office(desk: Shell) -> Shell:
    """A desk with a client, whose people may write."""
    desk.people("sam:agent")
    desk.tix("client", "add", "acme", "--domain", "acme.example")
    desk.tix("config", "set", "mail.from_address", "help@desk.example")
    return desk


def from_server(desk: Shell, server: Dovecot) -> str:
    """Fetch from this server as a new user; the password comes from a command."""
    user = server.fresh()
    for key, value in (
        ("host", "127.0.0.1"),
        ("port", server.port),
        ("encryption", "none"),
        ("user", user),
        ("password_command", f"echo {PASSWORD}"),
    ):
        desk.tix("config", "set", f"mail.imap.{key}", value)
    return user


def mails(count: int, sender: str = "p{}@acme.example") -> list[bytes]:
    """So many mails, at most twenty of each sender: nobody opens more than thirty tickets in an hour."""
    return [
        f"From: {sender.format(n // 20)}\nTo: help@desk.example\nSubject: Number {n}\nMessage-ID: <{n}@acme.example>\n\nText {n}\n".encode()
        for n in range(count)
    ]


def subjects(desk: Shell) -> list[str]:
    return sorted(one["subject"] for one in desk.tix("list", "--all", "--json").json)


def test_each_mail_is_taken_once(office: Shell, server: Dovecot):
    """S004-41, S004-48: with user name and password, twice."""
    user = from_server(office, server)
    server.deliver(user, [*mails(3), b"no mail at all", *mails(1, "bob@elsewhere.example")])
    taken = office.tix("mail", "fetch", "--json").json
    assert [one["outcome"] for one in taken].count("created") == 3
    assert office.tix("mail", "fetch", "--json").json == []
    assert subjects(office) == ["Number 0", "Number 1", "Number 2"]
    assert len(office.tix("mail", "quarantine", "--json").json) == 2
    assert len(server.files(user)) == 0
    assert len(server.files(user, "tix-done")) == 3
    assert len(server.files(user, "tix-quarantine")) == 2


def test_a_mailbox_that_others_read_keeps_its_mail(office: Shell, server: Dovecot):
    user = from_server(office, server)
    office.tix("config", "set", "mail.imap.done", "keyword")
    server.deliver(user, mails(2))
    office.tix("mail", "fetch")
    assert len(server.files(user)) == 2
    assert office.tix("mail", "fetch", "--json").json == []
    server.renumber(user)
    again = office.tix("mail", "fetch", "--json").json
    assert [one["outcome"] for one in again] == ["duplicate", "duplicate"]
    assert len(subjects(office)) == 2


def test_a_rehearsal_changes_nothing(office: Shell, server: Dovecot):
    user = from_server(office, server)
    server.deliver(user, mails(2))
    would = office.tix("mail", "fetch", "--dry-run", "--json").json
    assert [(one["outcome"], one["id"]) for one in would] == [("created", None)] * 2
    assert (subjects(office), len(server.files(user))) == ([], 2)


def test_a_dead_server_is_told(office: Shell, server: Dovecot):
    """S004-48, S004-63: exit 6, and no ticket."""
    from_server(office, server)
    office.tix("config", "set", "mail.imap.port", "1")
    assert "refused" in office.tix("mail", "fetch", check=6).err
    office.tix("mail", "test", check=6)
    office.tix("config", "unset", "mail.imap.user")
    office.tix("mail", "test", check=6)
    office.tix("config", "set", "mail.imap.port", server.port)
    assert "no user name" in office.tix("mail", "fetch", check=5).err
    assert subjects(office) == []


def test_mails_that_are_left_are_counted(office: Shell):
    """Nobody reads "No new mail" where there is some, neither then nor later in ``mail status``."""

    def vanish(tag: bytes, command: bytes) -> Iterator[bytes]:
        raise Hangup
        yield b""

    with ImapScript({"UID FETCH": vanish}) as liar:
        for key, value in (("host", "127.0.0.1"), ("port", liar.port), ("encryption", "none"), ("user", "u")):
            office.tix("config", "set", f"mail.imap.{key}", value)
        office.tix("config", "set", "mail.imap.password_command", f"echo {PASSWORD}")
        told = office.tix("mail", "fetch", check=9).err
    assert told.splitlines()[0] == "Took no mail; 3 failed."
    assert "No new mail" not in told
    assert office.tix("mail", "status", "--json").json["last_fetch"].endswith("Took no mail; 3 failed.")


def test_wrong_words_are_refused(office: Shell, server: Dovecot):
    from_server(office, server)
    office.tix("config", "set", "mail.imap.password_command", "echo wrong-secret")
    told = office.tix("mail", "fetch", check=5)
    assert "wrong-secret" not in told.err
    office.tix("config", "set", "mail.imap.password_command", "exit 3")
    office.tix("mail", "fetch", check=5)


def test_the_set_up_is_tried(office: Shell, server: Dovecot):
    """S004-63: nothing is fetched, marked or sent."""
    user = from_server(office, server)
    server.deliver(user, [b"Authentication-Results: mx.desk.example; dmarc=pass\n" + mails(1)[0]])
    script = Script()
    with scripted(script) as relay:
        for key, value in (("host", relay.host), ("port", relay.port), ("encryption", "none")):
            office.tix("config", "set", f"mail.smtp.{key}", value)
        tried = office.tix("mail", "test", "--json").json
    assert [(one["what"], one["works"]) for one in tried] == [("incoming", True), ("outgoing", True)]
    assert "senders are checked by mx.desk.example" in tried[0]["details"]
    assert (subjects(office), script.taken, len(server.files(user))) == ([], [], 1)
    state = office.tix("mail", "status", "--json").json
    assert state["fetches_from"] == f"127.0.0.1:{server.port} (none)"


def maildir(folder: Path, messages: list[bytes]) -> Path:
    """A maildir with these messages in ``new``."""
    for name in ("new", "cur", "tmp"):
        (folder / name).mkdir(parents=True)
    for number, message in enumerate(messages):
        (folder / "new" / f"{1_700_000_000 + number}.M{number}.host").write_bytes(message)
    return folder


def test_a_maildir(office: Shell):
    """S004-41: no key is waited for, and each mail is taken once."""
    box = maildir(office.folder / "box", mails(3))
    assert len(office.tix("mail", "fetch", "--maildir", box, "--json").json) == 3
    assert office.tix("mail", "fetch", "--maildir", box, "--json").json == []
    assert len(subjects(office)) == 3


@pytest.mark.real
@pytest.mark.parametrize("year", [1902, 1969, 1970, 2026, 2262, 2300, 2446])
def test_a_file_of_any_date_is_fetched(office: Shell, year: int):
    """The date of a file is part of its key: it stops no run, and the store is sound afterwards."""
    folder = maildir(office.folder / "Maildir", mails(2))
    path = folder / "new" / "1700000000.M0.host"
    os.utime(path, (calendar.timegm((year, 1, 1, 0, 0, 0)),) * 2)
    assert "2 created" in office.tix("mail", "fetch", "--maildir", folder).err
    office.tix("doctor")
    (folder / ".Done" / "cur" / "1700000000.M0.host:2,S").rename(path)
    assert "duplicate" not in office.tix("mail", "fetch", "--maildir", folder).err
    assert len(subjects(office)) == 2


def test_two_runs_at_once(office: Shell, server: Dovecot):
    """S004-41: one of them works, the other says so and ends well."""
    user = from_server(office, server)
    server.deliver(user, mails(40))
    runs = [
        subprocess.Popen(
            [*TIX, "mail", "fetch"],
            env=office.environment(),
            cwd=office.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(3)
    ]
    told = [run.communicate()[1].decode() for run in runs]
    assert [run.returncode for run in runs] == [0, 0, 0], told
    office.tix("mail", "fetch")
    assert len(subjects(office)) == 40


@pytest.mark.real
@pytest.mark.long
@pytest.mark.parametrize("done", ["folder", "keyword"])
def test_a_killed_run_takes_each_mail_once(office: Shell, server: Dovecot, done: str):
    """Killed at any instant between fetch, commit and mark, and at last UIDVALIDITY changes."""
    user = from_server(office, server)
    office.tix("config", "set", "mail.imap.done", done)
    server.deliver(user, mails(150))
    chance = random.Random(5)
    for _ in range(60):
        run = subprocess.Popen(
            [*TIX, "mail", "fetch"],
            env=office.environment(),
            cwd=office.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(chance.uniform(0.1, 1.2))
        run.send_signal(signal.SIGKILL)
        if run.wait() == 0:
            break
    office.tix("mail", "fetch")
    server.renumber(user, "tix-done" if done == "folder" else "INBOX")
    office.tix("mail", "fetch")
    assert subjects(office) == sorted(f"Number {n}" for n in range(150))


@pytest.mark.skipif(not os.environ.get("TIX_CORPORA"), reason="TIX_CORPORA names no folder of mails")
def test_every_message_of_the_corpora_is_kept(desk: Shell):
    """Stored or in quarantine with a reason, none lost, no traceback; the bytes come back as they were."""
    root = Path(os.environ["TIX_CORPORA"])
    found = [path.read_bytes() for path in sorted(root.rglob("*")) if path.suffix in (".eml", ".msg", ".txt")]
    whole = [raw for raw in found if message_from_bytes(raw[:4096], policy=compat32).keys()]
    desk.tix("config", "set", "mail.unknown_senders", "accept")
    box = maildir(desk.folder / "box", whole)
    taken = desk.tix("mail", "fetch", "--maildir", box, "--json").json
    assert len(taken) == len(whole)
    assert all(one["reason"] for one in taken)
    kept = desk.tix("mail", "quarantine", "--all", "--json").json
    assert len(kept) == len(set(whole))


class Delivering(Script):
    """A relay that puts what it takes into a mailbox, with or without the part after a plus."""

    def __init__(self, server: Dovecot, user: str, *, plus: bool = True) -> None:
        super().__init__()
        self.server, self.user, self.plus = server, user, plus

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.plus or not any("+" in to for to in envelope.rcpt_tos):
            self.server.deliver(self.user, [envelope.original_content])
        return await super().handle_DATA(server, session, envelope)


def test_a_test_mail_makes_the_round(office: Shell, server: Dovecot):
    """It arrives, and `mail fetch` makes no ticket of it."""
    user = from_server(office, server)
    with scripted(Delivering(server, user)) as relay:
        for key, value in (("host", relay.host), ("port", relay.port), ("encryption", "none")):
            office.tix("config", "set", f"mail.smtp.{key}", value)
        tried = office.tix("mail", "test", "--send", "--json").json
    assert [(one["what"], one["works"]) for one in tried] == [
        ("incoming", True),
        ("outgoing", True),
        ("round-trip", True),
    ]
    (taken,) = office.tix("mail", "fetch", "--json").json
    assert (taken["outcome"], subjects(office)) == ("ignored", [])


@pytest.mark.real
def test_mail_is_set_up_by_questions(office: Shell, server: Dovecot):
    """A wrong answer is asked again; both servers are tried, then a mail is sent and looked for."""
    user = server.fresh()
    with scripted(Delivering(server, user)) as relay, office.terminal("mail", "setup") as terminal:
        for question, *answers in (
            ("Address of the desk", "nonsense", "help@desk.example"),
            ("Name of the desk", "The help desk"),
            ("incoming mail, e.g.", "127.0.0.1"),
            ("Port", str(server.port)),
            ("Its encryption", "ssl", "none"),
            ("User name there", user),
            ("prints the password", f"echo {PASSWORD}"),
            ("Folder to fetch", ""),
            ("Fetched mail:", ""),
            ("outgoing mail, e.g.", relay.host),
            ("Port", str(relay.port)),
            ("Its encryption", "none"),
            ("User name there", ""),
            ("prints the password", ""),
            ("unknown senders: ignore", "accept"),
            ("Confirm new tickets", "true"),
            ("Send a test mail", "y"),
        ):
            for answer in answers:
                terminal.expect(question)
                terminal.send(answer + "\r")
        terminal.expect("plus-address: ok")
        terminal.wait(check=0)
    assert office.tix("config", "get", "mail.plus_address").out.strip() == "true"
    assert office.tix("config", "get", "mail.unknown_senders").out.strip() == "accept"


def test_a_mail_on_which_tix_fails_is_kept(office: Shell, monkeypatch: pytest.MonkeyPatch):
    """The others are taken; the one waits in quarantine, with nothing of it half-written."""
    from tix.desk.mail import intake

    opened = intake.new.open_ticket

    def failing(desk, request, *args, **how):
        done = opened(desk, request, *args, **how)
        if request.subject == "Number 1":
            raise KeyError("a fault of ours")
        return done

    monkeypatch.setattr(intake.new, "open_ticket", failing)
    box = maildir(office.folder / "box", mails(3))
    taken = office.tix("mail", "fetch", "--maildir", box, "--json").json
    assert [one["outcome"] for one in taken] == ["created", "quarantined", "created"]
    assert "KeyError" in taken[1]["reason"]
    assert subjects(office) == ["Number 0", "Number 2"]


def test_a_text_that_is_cut_is_told(office: Shell):
    """What is shown is the beginning; staff are told, and the kept mail is whole."""
    raw = mails(1)[0] + b"words of a long mail\n" * 300_000
    box = maildir(office.folder / "box", [raw])
    office.tix("mail", "fetch", "--maildir", box)
    thread = office.tix("show", 1, "--json").json["thread"]
    assert "was cut" in thread[-1]["body"]
    assert (thread[-1]["internal"], len(thread[0]["body"]) < len(raw)) == (True, True)
    assert office.tix("show", 1, "--raw-mail", thread[0]["id"]).raw_out == raw
