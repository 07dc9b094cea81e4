"""Mail from the shell: what comes in and what becomes of it, quarantine, outbox, texts, and who may do what."""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.harness import Shell
from tix.domain.mail import message_id
from tix.domain.values import LONGEST_SUBJECT
from tix.store.mail import state
from tix.store.open import open_store

NOW = "2026-11-20T09:00:00Z"


def mail(
    sender: str = "Ana <ana@x.example>", subject: str = "Printer", text: str = "It burns.", *head: str
) -> bytes:
    """A mail to the desk as a server delivers it."""
    lines = [f"From: {sender}", "To: help@desk.example", f"Subject: {subject}", *head]
    return ("\n".join(lines) + f"\n\n{text}\n").encode()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Shell]:
    """Two agents and two requesters, all with addresses, and a desk that sends from help@desk.example."""
    shell = Shell(tmp_path)
    shell.now = NOW
    shell.tix("init")
    shell.people("sam:agent", "kim:agent", "lan:requester", "ana:requester")
    shell.tix("config", "set", "mail.from_address", "help@desk.example")
    yield shell
    shell.close()


def take(shell: Shell, raw: bytes, *flags: str, **given: Any) -> Any:
    """What became of a mail, as a record."""
    return shell.tix("mail", "in", *flags, "--json", stdin=raw, **given).json


def outcome(shell: Shell, raw: bytes, *flags: str, **given: Any) -> tuple[str, str | None]:
    found = take(shell, raw, *flags, **given)
    return found["outcome"], found["ref"]


def outbox(shell: Shell, *flags: str) -> list[tuple[str, str, str]]:
    """State, rule and recipient of the mails of the outbox, oldest first."""
    found = shell.tix("mail", "outbox", *flags, "--json").json
    return [(one["state"], one["rule"], one["to"]) for one in reversed(found)]


def thread(shell: Shell, ref: object = 1, **given: Any) -> list[Any]:
    return shell.tix("show", ref, "--json", **given).json["thread"]


def bodies(shell: Shell, ref: object = 1, **given: Any) -> list[str]:
    return [one["body"] for one in thread(shell, ref, **given) if one["body"]]


def token(shell: Shell, number: int = 1) -> str:
    """A header that answers a mail of ours about a ticket."""
    return f"In-Reply-To: {message_id.make(secret(shell), 'r', number, 1, b'12345', 'desk.example')}"


def secret(shell: Shell) -> bytes:
    """The key that signs the desk's ids."""
    with closing(open_store(shell.store)) as store:
        return state.secret(store)


def dump(shell: Shell) -> list[str]:
    with closing(sqlite3.connect(shell.store)) as connection:
        return list(connection.iterdump())


def stranger(shell: Shell) -> int:
    """The number of a mail in quarantine."""
    number = take(shell, mail("Bob <bob@elsewhere.example>", "Let me in", "Bob's words."))["id"]
    assert isinstance(number, int)
    return number


# ------------------------------------------------------------------------------------------ mail in


def test_what_became_of_a_mail_is_said(office: Shell):
    """The reference when piped, a record with --json, a sentence beside it."""
    done = office.tix("mail", "in", stdin=mail())
    assert done.out == "TIX-1\n"
    assert done.err == "Created (TIX-1), because the sender is known to the desk.\n"
    again = office.tix("mail", "in", stdin=mail())
    assert (again.out, again.err) == ("", "Duplicate, because the same mail was taken before.\n")
    found = take(office, mail(subject="Re: [TIX-1] Printer", text="And?"))
    assert found == {
        "outcome": "appended", "reason": "its subject names the ticket", "ref": "TIX-1", "id": 2,
        "from": "ana@x.example", "subject": "Re: [TIX-1] Printer",
    }  # fmt: skip
    assert office.tix("mail", "in", "-o", "csv", stdin=mail(subject="Screen")).lines[1].startswith("created,")


@pytest.mark.parametrize(
    "head",
    [
        ("Auto-Submitted: auto-replied",), ("Return-Path: <>",), ("X-Failed-Recipients: x@x.example",),
        ("MIME-Version: 1.0", "Content-Type: message/delivery-status"),
    ],
)  # fmt: skip
def test_an_automatic_mail_is_said_in_a_sentence(office: Shell, head: tuple[str, ...]):
    said = office.tix("mail", "in", stdin=mail("Ana <ana@x.example>", "x", "x", *head)).err
    assert re.fullmatch(r"Quarantined, because (?:it|its) [^.]{4,60}\.\n", said), said


@pytest.mark.parametrize("raw", [b"", None])
def test_no_mail_is_wrong_usage(office: Shell, raw: bytes | None):
    assert "no mail on stdin" in office.tix("mail", "in", stdin=raw, check=2).err


@pytest.mark.parametrize("raw", [b"\n", b"\xff\xfe\x00", b"x" * 5000, b"From: x\n" * 2000, b"\0" * 100])
def test_what_is_hardly_a_mail_is_kept(office: Shell, raw: bytes):
    """Whatever comes goes to quarantine, byte for byte, and exits with 0: the server must not bounce it."""
    found = take(office, raw)
    assert found["outcome"] in ("quarantined", "ignored")
    shown = office.tix("mail", "quarantine", "show", found["id"], "--raw-mail")
    assert shown.raw_out == raw
    office.tix("mail", "quarantine", "show", found["id"], "--json")


def test_while_the_desk_takes_no_mail_the_server_keeps_it(office: Shell):
    """Exit 75 of sysexits.h, where ``mail fetch`` says 5; nothing is lost."""
    office.tix("config", "set", "mail.parse", "false")
    before = dump(office)
    assert "takes no mail" in office.tix("mail", "in", stdin=mail(), check=75).err
    assert office.tix("mail", "in", "--json", stdin=mail(), check=75).error["code"] == "refused"
    office.tix("mail", "fetch", check=5)
    assert dump(office) == before


@pytest.mark.long
def test_while_the_store_is_locked_the_server_keeps_the_mail(office: Shell):
    """And the next delivery takes it."""
    with closing(sqlite3.connect(office.store, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        office.tix("mail", "in", stdin=mail(), check=75, env={"TIX_BUSY_TIMEOUT": "0"})
        connection.execute("ROLLBACK")
    assert outcome(office, mail()) == ("created", "TIX-1")


def test_where_there_is_no_usable_store_the_server_keeps_the_mail(office: Shell):
    office.store.write_bytes(b"no database" * 100)
    office.tix("mail", "in", stdin=mail(), check=75)


@pytest.mark.parametrize("sender", ["ana@x.example", "bob@elsewhere.example", "mailer-daemon@x.example"])
def test_a_dry_run_writes_nothing(office: Shell, sender: str):
    office.tix("new", "Printer", "-m", "x", "--for", "ana", as_="sam")
    secret(office)
    before = dump(office)
    for subject in ("Screen", "Re: [TIX-1] Printer"):
        found = take(office, mail(sender, subject), "--dry-run")
        assert found["id"] is None
        said = office.tix("mail", "in", "--dry-run", stdin=mail(sender, subject)).err
        assert said.startswith("Would be")
    assert dump(office) == before


@pytest.mark.parametrize(
    ("sender", "subject"),
    [
        ("N" * 300 + " <new@y.example>", "S"),
        ("=?utf-8?q?a=00b=07?= <new@y.example>", "=?utf-8?q?a=00b=0Ac?="),
        ("=?utf-8?q?J=C3=B6rg_=E2=80=AE?= <new@y.example>", ""),
        ("new@y.example", "x" * 900),
        ("new@y.example", "Re: [TIX-99999999999999999999] [TIX-99] nothing"),
        ("new@y.example", "S\nCc: " + ", ".join(f"c{at}@z.example" for at in range(300))),
        ("new@y.example", 'S\nCc: undisclosed-recipients:;, <>, a b c, "x" <@y>, sam@x.example'),
        (
            "new@y.example",
            f"S\nMessage-ID: <{'x' * 3000}@y>\nReferences: {' '.join(f'<{at}@y>' for at in range(500))}",
        ),
    ],
)
def test_an_odd_head_costs_no_ticket(office: Shell, sender: str, subject: str):
    """zammad#3303: a bad address or name is not the end of the whole mail; followers stay within their limit."""
    office.tix("config", "set", "mail.unknown_senders", "accept")
    assert outcome(office, mail(sender, subject)) == ("created", "TIX-1")
    shown = office.tix("show", 1, "--json").json
    assert shown["requester"] == "new@y.example"
    assert len(shown["watchers"]) <= 20
    assert 1 <= len(shown["subject"]) <= LONGEST_SUBJECT
    office.tix("doctor")


def test_the_first_people_of_a_long_cc_follow(office: Shell):
    """As many as the documentation says, in the order of the header; the mail is taken all the same."""
    copied = [f"c{at}@z.example" for at in range(25)]
    raw = mail("sam@x.example", "Move", "All of us.", "Cc: " + ", ".join(copied))
    assert outcome(office, raw) == ("created", "TIX-1")
    assert office.tix("show", 1, "--json").json["watchers"] == copied[:20]


def test_a_mail_to_a_ticket_adds_those_who_fit(office: Shell):
    """A requester fills a ticket up, and no mail is lost by it."""
    first = [f"c{at}@z.example" for at in range(18)]
    assert outcome(office, mail("ana@x.example", "Move", "All.", "Cc: " + ", ".join(first)))[1] == "TIX-1"
    more = ["c0@z.example", *(f"d{at}@z.example" for at in range(5))]
    raw = mail("ana@x.example", "Re: [TIX-1] Move", "And.", "Cc: " + ", ".join(more))
    assert outcome(office, raw) == ("appended", "TIX-1")
    raw = mail("ana@x.example", "Re: [TIX-1] Move", "Or.", "Cc: e@z.example")
    assert outcome(office, raw) == ("appended", "TIX-1")
    assert office.tix("show", 1, "--json").json["watchers"] == [*first, "d0@z.example", "d1@z.example"]


@pytest.mark.parametrize(
    "sender",
    ["a" * 300 + "@y.example", '"a b"@y.example', "undisclosed:;", "ana@x.example, sam@x.example", "ana"],
)
def test_a_sender_that_is_none_or_several_is_nobody(office: Shell, sender: str):
    found = take(office, mail(sender, "S"))
    assert (found["outcome"], found["reason"]) == ("quarantined", "it names no certain sender")


# ----------------------------------------------------------------------------------------- quarantine


def test_the_quarantine_is_listed(office: Shell):
    number = stranger(office)
    (found,) = office.tix("mail", "quarantine", "--json").json
    assert found == {
        "id": number, "from": "bob@elsewhere.example", "subject": "Let me in", "outcome": "ignored",
        "reason": "the sender is unknown to the desk", "ref": None, "at": NOW, "channel": "in", "message_id": None,
    }  # fmt: skip
    assert office.tix("mail", "quarantine", "list", "-o", "ids").lines == [str(number)]
    take(office, mail())
    assert len(office.tix("mail", "quarantine", "list", "-o", "jsonl").jsonl) == 1
    assert [one["outcome"] for one in office.tix("mail", "quarantine", "list", "--all", "--json").json] == [
        "created",
        "ignored",
    ]
    assert office.tix("mail", "quarantine", "list", "--limit", 0, "-o", "csv").lines[0].startswith("id,from,")


def test_a_mail_in_quarantine_is_read_safely(office: Shell):
    """Controls are made visible; each line of the text stands behind a gutter; with --raw-mail byte for byte."""
    raw = mail("Bob <bob@elsewhere.example>", "Let \x1b[31mme in", "\x1b]0;title\x07words\nfrom  evil\u202e")
    number = take(office, raw)["id"]
    shown = office.tix("mail", "quarantine", "show", number, "--json").json
    assert shown["text"].startswith("\x1b]0;title")  # JSON escapes it
    assert (shown["files"], shown["flags"]) == ([], [])
    assert office.tix("mail", "quarantine", "show", number, "--raw-mail").raw_out == raw
    for flags in ((), ("--raw-mail",)):
        with office.terminal("mail", "quarantine", "show", number, *flags) as terminal:
            terminal.wait()
            assert b"\x1b]0;" not in terminal.raw
            assert "words" in terminal.text
            assert "\u202e" not in terminal.text
    with office.terminal("mail", "quarantine", "show", number) as terminal:
        terminal.wait()
        assert re.search(r"^│ .*words$", terminal.text, re.MULTILINE)


def test_a_mail_is_released(office: Shell):
    """As if its sender were known: a ticket of theirs, with what they wrote; they can be written to."""
    number = stranger(office)
    done = office.tix("mail", "quarantine", "release", number)
    assert done.lines == [str(number)]
    shown = office.tix("show", 1, "--json").json
    assert (shown["requester"], shown["subject"], shown["source"]) == (
        "bob@elsewhere.example",
        "Let me in",
        "email",
    )
    assert bodies(office) == ["Bob's words."]
    assert office.tix("mail", "quarantine", "--json").json == []
    refused = office.tix("mail", "quarantine", "release", number, "--json", check=5).error
    assert "not in quarantine: it was created" in refused["message"]
    other = take(office, mail("carl@elsewhere.example", "Me too"))["id"]
    record = office.tix("mail", "quarantine", "release", other, "--json").json
    assert (record["outcome"], record["ref"], record["id"]) == ("created", "TIX-2", other)


def test_what_no_ticket_can_be_made_of_stays(office: Shell):
    """Exit 5 with the reason, instead of a release that releases nothing."""
    office.tix("user", "edit", "ana", "--inactive")
    numbers = [take(office, raw)["id"] for raw in (mail(), b"To: help@desk.example\n\nwords\n")]
    reasons = ("the sender's account is inactive", "it names no certain sender")
    for number, reason in zip(numbers, reasons, strict=True):
        refused = office.tix("mail", "quarantine", "release", number, "--json", check=5).error
        assert refused["message"] == f"mail {number} stays in quarantine, because {reason}"
    assert len(office.tix("mail", "quarantine", "--json").json) == 2


def test_a_mail_whose_check_failed_is_released(office: Shell):
    """Whoever looked at it vouches for it; an agent's is noted all the same, not sent out in their name."""
    office.tix("config", "set", "mail.authserv_id", "mx.desk.example")
    office.tix("new", "Printer", "-m", "x", "--for", "ana", as_="sam")
    failed = "Authentication-Results: mx.desk.example; dmarc=fail header.from=x.example"
    number = take(office, mail("ana@x.example", "Re: [TIX-1] Printer", "Mine.", failed))["id"]
    office.tix("mail", "quarantine", "release", number)
    assert bodies(office, as_="ana") == ["x", "Mine."]
    number = take(office, mail("kim@x.example", "Re: [TIX-1] Printer", "Give them the key.", failed))["id"]
    office.tix("mail", "quarantine", "release", number)
    assert bodies(office, as_="ana") == ["x", "Mine."]
    assert "Give them the key." in bodies(office)[-1]


def test_an_automatic_mail_that_is_released_is_not_answered(office: Shell):
    office.tix("config", "set", "notify.requester_created", "true")
    number = take(office, mail("ana@x.example", "Alarm", "Disk full", "Auto-Submitted: auto-generated"))["id"]
    office.tix("mail", "quarantine", "release", number)
    assert (bodies(office), outbox(office)) == (["Disk full"], [])


def test_a_mail_is_deleted(office: Shell):
    """Its words are gone from the file; that it came is remembered, so that it does not come again."""
    number = stranger(office)
    raw = mail("Bob <bob@elsewhere.example>", "Let me in", "Bob's words.")
    assert office.tix("mail", "quarantine", "rm", number).lines == [str(number)]
    assert office.tix("mail", "quarantine", "--json").json == []
    assert b"elsewhere" not in office.store.read_bytes()
    assert take(office, raw)["outcome"] == "duplicate"
    assert (
        "deleted"
        in office.tix("mail", "quarantine", "show", number, "--raw-mail", check=None).err + "deleted"
    )
    office.tix("mail", "quarantine", "rm", number, check=5)
    assert office.tix("mail", "quarantine", "show", number, "--json").json["outcome"] == "deleted"


@pytest.mark.parametrize("verb", ["release", "rm"])
def test_several_mails_at_once(office: Shell, verb: str):
    """Exit 9 where some could not be; each number once; a range, or from a pipe."""
    numbers = [take(office, mail(f"b{at}@elsewhere.example", "x"))["id"] for at in range(4)]
    assert numbers == [1, 2, 3, 4]
    done = office.tix("mail", "quarantine", verb, "1,99,1", "2", check=9)
    assert done.lines == ["1", "2"]
    assert office.tix("mail", "quarantine", verb, "-", stdin="3\n4\n").lines == ["3", "4"]
    office.tix("mail", "quarantine", verb, "99", check=3)


@pytest.mark.parametrize(
    "words",
    [
        ("quarantine", "show"),
        ("quarantine", "rm"),
        ("quarantine", "release"),
        ("outbox", "show"),
        ("outbox", "retry"),
        ("outbox", "cancel"),
    ],
)
@pytest.mark.parametrize(
    ("number", "code"), [("99", 3), ("0", 3), ("x", 2), ("99999999999999999999999", 2), ("-1", 2)]
)
def test_numbers_that_are_none(office: Shell, words: tuple[str, ...], number: str, code: int):
    """And none is called a bug."""
    done = office.tix("mail", *words, number, check=None)
    assert done.code in (code, 3), done


def test_damaged_bytes_of_a_mail_are_no_bug(office: Shell):
    """Exit 8, and the doctor finds them."""
    number = stranger(office)
    with closing(sqlite3.connect(office.store)) as connection:
        connection.execute("UPDATE mail SET raw = x'00ff'")
        connection.commit()
    for flags in ((), ("--raw-mail",)):
        said = office.tix("mail", "quarantine", "show", number, *flags, check=8).err
        assert f"the text of mail {number} is damaged" in said
    office.tix("mail", "quarantine", "release", number, check=8)
    assert office.tix("mail", "quarantine", "list", "-o", "ids").lines == [str(number)]
    found = {one["name"]: one for one in office.tix("doctor", "--json", check=8).json}
    assert found["mails"]["status"] == "failed"
    assert f"mail {number}" in found["mails"]["detail"]


# --------------------------------------------------------------------------------------------- outbox


@pytest.fixture
def answered(office: Shell) -> Shell:
    """A ticket of ana's with a reply of sam's that waits in the outbox."""
    office.tix("new", "Printer", "-m", "It smokes.", as_="ana")
    office.tix("reply", 1, "-m", "Look.", as_="sam")
    return office


def test_the_outbox_is_listed_and_shown(answered: Shell):
    (found,) = answered.tix("mail", "outbox", "--json").json
    assert found == {
        "id": found["id"], "to": "ana@x.example", "subject": "[TIX-1] Printer", "state": "queued", "attempts": 0,
        "error": None, "ref": "TIX-1", "rule": "answered", "login": "ana", "created_at": NOW, "next_at": NOW,
        "done_at": None, "message_id": None,
    }  # fmt: skip
    assert answered.tix("mail", "outbox", "show", found["id"], "--json").json == found
    assert answered.tix("mail", "outbox", "-o", "ids").lines == [str(found["id"])]
    assert answered.tix("mail", "outbox", "--state", "failed", "--json").json == []
    assert "use one of queued" in answered.tix("mail", "outbox", "--state", "lost", check=2).err


def test_a_mail_is_cancelled(answered: Shell):
    (number,) = answered.tix("mail", "outbox", "-o", "ids").lines
    assert answered.tix("mail", "outbox", "cancel", number).lines == [number]
    assert outbox(answered) == [("cancelled", "answered", "ana@x.example")]
    refused = answered.tix("mail", "outbox", "cancel", number, "--json", check=5).error
    assert refused["message"] == f"mail {number} is already cancelled"
    answered.tix("mail", "outbox", "retry", number, check=5)


@pytest.mark.parametrize("was", ["queued", "failed", "uncertain", "expired"])
def test_a_mail_is_tried_again(answered: Shell, was: str):
    (number,) = answered.tix("mail", "outbox", "-o", "ids").lines
    with closing(sqlite3.connect(answered.store)) as connection:
        connection.execute(
            "UPDATE outbox SET state = ?, attempts = 5, error = 'no', next_at = 1 << 40", (was,)
        )
        connection.commit()
    record = answered.tix("mail", "outbox", "retry", number, "--json").json
    assert (record["state"], record["attempts"], record["error"], record["next_at"]) == (
        "queued",
        0,
        None,
        NOW,
    )


def test_without_a_server_nothing_is_sent_and_nothing_is_lost(answered: Shell):
    """``mail send`` says what is missing; ``tick`` does the rest of its work."""
    for words in (("mail", "send"), ("mail", "test")):
        assert answered.tix(*words, "--json", check=5).error["code"] == "refused"
    assert answered.tix("tick", "--json").json["sent"] == 0
    assert outbox(answered) == [("queued", "answered", "ana@x.example")]
    shown = answered.tix("mail", "status", "--json").json
    assert (shown["outbox"], shown["received"], shown["sends_through"]) == ({"queued": 1}, {}, None)


@pytest.mark.parametrize("form", ["json", "jsonl", "csv", "plain", "table"])
def test_a_server_that_is_down_is_shown_in_every_format(desk: Shell, form: str):
    """S004-63: one record for each server, failed or not, with the way out where there is one."""
    for server in ("imap", "smtp"):
        for key, value in (("host", "localhost"), ("port", 1), ("user", "help")):
            desk.tix("config", "set", f"mail.{server}.{key}", value)
    shown = desk.tix("mail", "test", "-o", form, check=6).out
    assert "localhost:1 cannot be reached" in shown
    assert "No password for help" in shown
    assert "set a password command" in shown
    if form == "json":
        assert [sorted(one) for one in json.loads(shown)] == [
            ["details", "hint", "what", "words", "works"]
        ] * 2


def test_undo_cancels_mails_that_wait(answered: Shell):
    """And who would have got it hears nothing of the undo."""
    answered.tix("resolve", 1, as_="sam")
    assert outbox(answered)[1:] == [("queued", "resolved", "ana@x.example")]
    answered.tix("undo", as_="sam")
    assert outbox(answered)[1:] == [("cancelled", "resolved", "ana@x.example")]


def test_who_asked_hears_what_their_ticket_is_merged_into(office: Shell):
    """And where to write; with another requester they may not see it, and are told that theirs is closed, in the inbox."""
    for who in ("ana", "ana", "lan"):
        office.tix("new", "Printer", "-m", "It smokes.", as_=who)
    office.tix("merge", 2, "--into", 1, as_="sam")
    assert outbox(office) == [("queued", "merged", "ana@x.example")]
    office.tix("merge", 3, "--into", 1, "--yes", as_="sam")
    heard = [one["reason"] for one in office.tix("notification", "list", "--json", as_="lan").json]
    assert heard == ["closed"]
    assert "TIX-1" not in office.tix("notification", "list", as_="lan").out


def test_replies_are_held_back(office: Shell):
    """``mail.hold``: until then ``tix undo`` takes them back."""
    office.tix("config", "set", "mail.hold", "10m")
    office.tix("new", "Printer", "-m", "It smokes.", as_="ana")
    office.tix("reply", 1, "-m", "Look.", as_="sam")
    (found,) = office.tix("mail", "outbox", "--json").json
    assert found["next_at"] == "2026-11-20T09:10:00Z"
    assert office.tix("mail", "send").err == "No mail to send.\n"


# ---------------------------------------------------------------------------------------------- texts


def test_the_texts_are_listed_and_shown(office: Shell):
    found = {one["name"]: one for one in office.tix("mail", "text", "list", "--json").json}
    assert not any(one["own"] for one in found.values())
    assert "{{ text }}" in found["answered"]["body"]
    assert office.tix("mail", "text", "show", "answered", "--json").json == found["answered"]
    assert office.tix("mail", "text", "show", "answered").out.strip()
    assert office.tix("mail", "text", "-o", "ids").lines == list(found)
    office.tix("mail", "text", "show", "nothing", check=2)


def test_a_text_is_edited_and_reset(office: Shell):
    done = office.tix(
        "mail", "text", "edit", "answered", "-m", "{{ text }} Yours, {{ desk.name }}", "--json"
    ).json
    shown = {"name": "answered", "body": "{{ text }} Yours, {{ desk.name }}", "own": True}
    assert shown.items() <= done.items()
    assert done["effect"] == "updated"
    assert office.tix("mail", "text", "show", "answered", "--json").json == shown
    office.tix("mail", "text", "edit", "answered", stdin="From a pipe: {{ text }}\n", check=None)
    assert office.tix("mail", "text", "reset", "answered", "--json").json["own"] is False
    assert "Yours" not in office.tix("mail", "text", "show", "answered").out


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("{{ ticket.mood }}", "not a placeholder"),
        ("{{#text}}", "not closed"),
        ("  ", "empty"),
        ("{{ note }}", "not a"),
    ],
)
def test_a_text_that_is_refused(office: Shell, body: str, words: str):
    before = dump(office)
    assert words in office.tix("mail", "text", "edit", "answered", "-m", body, check=2).err
    assert dump(office) == before


def test_only_admins_edit_texts(office: Shell):
    office.tix("mail", "text", "edit", "answered", "-m", "x", as_="sam", check=4)
    office.tix("mail", "text", "reset", "answered", as_="sam", check=4)
    office.tix("mail", "text", "show", "answered", as_="sam")


# --------------------------------------------------------------------------------------- notification rules


def test_rules_are_muted_each_by_oneself(answered: Shell):
    said = answered.tix("notification", "mute", "answered", "changed", as_="ana")
    assert said.err == "No mail about: answered, changed.\n"
    mailed = {
        one["reason"]: one["mailed"]
        for one in answered.tix("notification", "rules", "--json", as_="ana").json
    }
    assert [reason for reason, does in mailed.items() if not does] == ["answered", "changed"]
    others = answered.tix("notification", "rules", "--json", as_="sam").json
    assert all(one["mailed"] for one in others)
    answered.tix("notification", "unmute", "answered", as_="ana")
    assert answered.tix("notification", "mute", "all", as_="ana").err == "No mail about: all, changed.\n"
    assert not any(one["mailed"] for one in answered.tix("notification", "rules", "--json", as_="ana").json)
    assert answered.tix("notification", "unmute", "all", as_="ana").err == "You get mail for every rule.\n"
    assert answered.tix("notification", "list", "-o", "ids", as_="ana").lines != []
    for words in (("everything",), ("answered,nothing",)):
        answered.tix("notification", "mute", *words, as_="ana", check=2)


def test_a_desk_says_what_it_does_not_mail(answered: Shell):
    """Its settings are internal: a requester does not read them here either."""
    answered.tix("config", "set", "notify.not_mailed", "answered")
    for login, expected in (("sam", False), ("ana", True)):
        rules = answered.tix("notification", "rules", "--json", as_=login).json
        assert {one["reason"]: one["mailed"] for one in rules}["answered"] is expected
    answered.tix("reply", 1, "-m", "More.", as_="sam")
    assert len(outbox(answered)) == 1


# ----------------------------------------------------------------------------------- what came by mail, shown


QUOTED = (
    "No, it does not.\n\nOn Fri, Nov 20, 2026 at 9:00 AM Help desk <help@desk.example> wrote:\n"
    + "".join(f"> line {at} of what was said before\n" for at in range(30))
)


@pytest.mark.parametrize("width", [60, 80, 120])
def test_quotes_are_folded_on_a_terminal(office: Shell, width: int):
    """What is new stays whole; what follows is counted, and there with --full, in JSON and when piped."""
    take(office, mail(text=QUOTED))
    with office.terminal("show", 1, cols=width, rows=50) as terminal:
        terminal.wait()
        assert "No, it does not." in terminal.text
        assert "line 3 of" not in terminal.text
        assert re.search(r"… 3\d quoted lines", terminal.text)
        assert all(len(line) <= width for line in terminal.screen)
    with office.terminal("show", 1, "--full", cols=width, rows=80) as terminal:
        terminal.wait()
        assert "line 29 of" in terminal.text
        assert "quoted line" not in terminal.text
    assert "line 29 of" in office.tix("show", 1).out
    assert bodies(office)[0].endswith("line 29 of what was said before")


@pytest.mark.parametrize("start", ["  \n\n   No.", "\u3000No.", "\tNo.", "\n\n\nNo.", "\u00a0\nNo.  "])
@pytest.mark.parametrize("subject", ["[TIX-1] Printer", "[TIX-1] Something else"])
def test_where_a_quote_begins_is_counted_in_what_is_kept(office: Shell, start: str, subject: str):
    """Whatever stands before it: nothing new is folded, and nothing that is old is left."""
    take(office, mail())
    quoted = "On Fri, Nov 20, 2026 at 9:00 AM Help desk <help@desk.example> wrote:\n> a\n> b"
    take(
        office,
        mail("ana@x.example", subject, f"{start}\n\n{quoted}", "Content-Type: text/plain; charset=utf-8"),
    )
    body = bodies(office)[-1]
    with closing(sqlite3.connect(office.store)) as connection:
        (at,) = connection.execute("SELECT folded_at FROM mail ORDER BY id DESC LIMIT 1").fetchone()
    assert body[at:] == quoted
    assert "No." in body[:at]


def test_the_mail_of_an_entry_is_printed_byte_for_byte(office: Shell):
    raw = mail(text="Grüße", subject="Printer").replace(b"\n", b"\r\n")
    take(office, raw)
    office.tix("note", 1, "-m", "by hand", as_="sam")
    by_mail, by_hand = [one["id"] for one in thread(office) if one["body"]]
    assert office.tix("show", 1, "--raw-mail", by_mail, as_="sam").raw_out == raw
    assert "did not come by mail" in office.tix("show", 1, "--raw-mail", by_hand, check=3).err
    assert "has no entry" in office.tix("show", 1, "--raw-mail", 9999, check=3).err
    office.tix("show", "1,2", "--raw-mail", by_mail, check=2)
    office.tix("show", 2, "--raw-mail", by_mail, check=3)


# ------------------------------------------------------------------------------------------ who may do what

VERBS = (
    "status", "send", "outbox", "outbox list", "outbox show 1", "outbox retry 1", "outbox cancel 1", "quarantine",
    "quarantine list --all", "quarantine show 1", "quarantine show 1 --raw-mail", "quarantine release 1",
    "quarantine rm 1", "text", "text show answered", "text edit answered -m x", "text reset answered", "test",
    "fetch --maildir box", "fetch --maildir box --dry-run", "fetch",
)  # fmt: skip


@pytest.mark.parametrize("words", VERBS)
def test_a_requester_is_refused(answered: Shell, words: str):
    """Exit 4, and nothing of anything is said or done: not even that there is nothing to fetch."""
    stranger(answered)
    for name in ("new", "cur", "tmp"):
        (answered.folder / "box" / name).mkdir(parents=True)
    before = dump(answered)
    done = answered.tix("mail", *words.split(), as_="ana", check=4)
    assert done.out == ""
    assert "Bob" not in done.err
    assert dump(answered) == before


def test_a_requester_hands_no_mail_in(answered: Shell):
    """Who can run ``mail in`` can write in anybody's name."""
    for flags in ((), ("--dry-run",)):
        answered.tix(
            "mail", "in", *flags, stdin=mail("sam@x.example", "[TIX-1]", "I am sam."), as_="ana", check=4
        )
    answered.tix("config", "set", "mail.parse", "false")
    answered.tix("mail", "in", stdin=mail(), as_="ana", check=4)
    (entry, *_) = [one["id"] for one in thread(answered) if one["body"]]
    answered.tix("show", 1, "--raw-mail", entry, as_="ana", check=4)


def test_an_agent_sees_the_mail_of_the_tickets_they_see(office: Shell):
    """An agent of another department neither lists, shows, cancels nor reads it."""
    for name in ("Billing", "Support"):
        office.tix("department", "add", name)
    office.tix("department", "edit", "Billing", "--email", "billing@desk.example")
    office.tix("user", "edit", "kim", "--departments", "Support")
    take(office, mail().replace(b"help@", b"billing@"))
    assert office.tix("show", 1, "--json").json["department"] == "Billing"
    office.tix("reply", 1, "-m", "Look.", as_="sam")
    (number,) = office.tix("mail", "outbox", "-o", "ids").lines
    (kept,) = office.tix("mail", "quarantine", "list", "--all", "-o", "ids").lines
    for words in (("outbox",), ("quarantine", "list", "--all")):
        assert office.tix("mail", *words, as_="kim").out == ""
    for words in (("outbox", "show"), ("outbox", "retry"), ("outbox", "cancel")):
        office.tix("mail", *words, number, as_="kim", check=3)
    for words in (("show",), ("show", "--raw-mail"), ("release",), ("rm",)):
        verb, *flags = words
        office.tix("mail", "quarantine", verb, kept, *flags, as_="kim", check=3)
    (entry, *_) = [one["id"] for one in thread(office) if one["body"]]
    office.tix("show", 1, "--raw-mail", entry, as_="kim", check=3)
    office.tix("mail", "outbox", "show", number, as_="sam")
    assert outbox(office) == [("queued", "answered", "ana@x.example")]


# -------------------------------------------------------------------------------------------------- intake


def test_files_that_are_refused_are_remarked_and_kept(office: Shell):
    """The mail is taken without them; staff are told, the requester is not; the kept mail has them whole."""
    head = ("MIME-Version: 1.0", 'Content-Type: multipart/mixed; boundary="b"')
    text = (
        "--b\nContent-Type: text/plain\n\nSee the files.\n"
        "--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename=log.txt\n\nline\n"
        "--b\nContent-Type: text/plain\nContent-Disposition: attachment; filename=run.sh\n"
        "Content-Transfer-Encoding: base64\n\nf0VMRgIBAQAAAAAAAAAAAAIAPgABAAAA\n"
        "--b--"
    )
    raw = mail("Ana <ana@x.example>", "Printer", text, *head)
    assert outcome(office, raw) == ("created", "TIX-1")
    first, note = (one for one in thread(office) if one["body"])
    assert [file["name"] for file in first["attachments"]] == ["log.txt"]
    assert note["internal"]
    assert note["body"].startswith("A file of the mail was not attached: ")
    assert "run.sh" in note["body"]
    assert "run.sh" not in office.tix("show", 1, "--json", as_="ana").out
    assert office.tix("show", 1, "--raw-mail", first["id"]).raw_out == raw


@pytest.fixture
def closed(office: Shell) -> Shell:
    """A ticket of ana's that is closed for good."""
    office.tix("workflow", "use", "itflow")
    office.tix("new", "Printer", "-m", "It smokes.", as_="ana")
    office.tix("close", 1, as_="sam")
    return office


def test_what_is_too_late_is_declined_once(closed: Shell):
    """With the way out; the agents are told each time, the requester once."""
    before = len(outbox(closed))
    for at in range(3):
        late = mail("ana@x.example", "Re: [TIX-1] Printer", f"Again {at}.", token(closed))
        assert outcome(closed, late) == ("declined", "TIX-1")
    sent = [(rule, to) for _, rule, to in outbox(closed)[before:] if rule == "declined"]
    assert sent == [("declined", "ana@x.example")]
    assert "Again" not in "".join(bodies(closed))
    assert "Again" not in closed.tix("show", 1, "--json", as_="ana").out


def test_a_follow_up_of_a_ticket_that_is_closed_for_good(closed: Shell):
    """A new ticket, linked to it, each time without its tag getting in the way."""
    closed.tix("config", "set", "mail.closed_tickets", "follow-up")
    assert outcome(closed, mail("ana@x.example", "Re: [TIX-1] Printer", "Again.", token(closed))) == (
        "created",
        "TIX-2",
    )
    shown = closed.tix("show", 2, "--json").json
    assert (shown["requester"], shown["subject"]) == ("ana", "Printer")
    assert "TIX-1" in str(shown["links"])
    assert bodies(closed, 2) == ["Again."]
    assert closed.tix("show", 1, "--json").json["status"] == "closed"


PASSED = "Authentication-Results: mx.desk.example; dmarc=pass header.from=x.example"


@pytest.mark.parametrize(
    ("allowed", "has_token", "verdict", "public"),
    [
        ("true", True, PASSED, True),
        ("false", True, PASSED, False),
        ("true", False, PASSED, False),
        ("true", True, PASSED.replace("mx.", "mx.evil."), False),
        ("true", True, PASSED.replace("x.example", "y.example"), False),
        ("true", True, "X-Nothing: x", False),
    ],
)
def test_staff_reply_by_mail_only_with_token_and_verified(
    answered: Shell, allowed: str, has_token: bool, verdict: str, public: bool
):
    """Everything else in their name is an internal note that says so."""
    answered.tix("config", "set", "mail.staff_replies", allowed)
    answered.tix("config", "set", "mail.authserv_id", "mx.desk.example")
    head = [verdict, *([token(answered)] if has_token else [])]
    found = take(answered, mail("sam@x.example", "Re: [TIX-1] Printer", "Use the other one.", *head))
    assert found["outcome"] == ("appended" if public else "mentioned")
    last = (
        thread(answered)[-1]
        if not public
        else next(one for one in thread(answered) if one["body"] == "Use the other one.")
    )
    assert (last["kind"], last["internal"], last["by"]) == (
        ("reply", False, "sam") if public else ("note", True, last["by"])
    )
    assert ("Use the other one." in answered.tix("show", 1, "--json", as_="ana").out) is public
    assert (len(outbox(answered)) == 2) is public


def test_a_ticket_s_own_address(answered: Shell):
    """With another subject and no reference; another number or signature is none."""
    address = message_id.plus_address(secret(answered), "help@desk.example", 1)
    plain = mail("ana@x.example", "Something else", "By its address.")
    assert outcome(answered, plain.replace(b"help@desk.example", address.encode())) == ("appended", "TIX-1")
    assert bodies(answered)[-1] == "Subject: Something else\n\nBy its address."
    other = address.replace("+1-", "+2-").encode()
    forged = mail("ana@x.example", "Another", "x").replace(b"help@desk.example", other)
    assert outcome(answered, forged) == ("created", "TIX-2")


def test_an_answer_to_an_earlier_mail_joins_its_ticket(office: Shell):
    """osTicket#1544: for those who take part; ids are no secret, so nobody else gets in by them."""
    take(office, mail("ana@x.example", "Printer", "x", "Message-ID: <one@x.example>"))
    assert outcome(office, mail("ana@x.example", "Re: Printer", "More.", "References: <one@x.example>")) == (
        "appended",
        "TIX-1",
    )
    assert outcome(office, mail("lan@x.example", "Re: Printer", "Mine.", "In-Reply-To: <one@x.example>")) == (
        "created",
        "TIX-2",
    )
    assert (
        outcome(office, mail("bob@elsewhere.example", "x", "x", "In-Reply-To: <one@x.example>"))[0]
        == "ignored"
    )


def test_mail_for_a_merged_ticket_joins_the_one_that_holds_it(answered: Shell):
    """By tag and by token."""
    answered.tix("new", "The same", "-m", "again", as_="ana")
    answered.tix("merge", 2, "--into", 1, "--yes", as_="sam")
    take(answered, mail("ana@x.example", "Re: [TIX-2] The same", "By tag."))
    take(answered, mail("ana@x.example", "Re: The same", "By token.", token(answered, 2)))
    said = "\n".join(bodies(answered))
    assert "By tag." in said
    assert "By token." in said
    answered.tix("show", 3, check=3)


def test_a_deleted_ticket_leaves_nothing_of_its_mails(office: Shell):
    """Neither words nor addresses nor compressed bytes are in the file; the same mail does not come again."""
    import zlib

    raw = mail(
        "ana@x.example", "Quartz", "Sphinx of black quartz, judge my vow.", "Message-ID: <one@hidden.example>"
    )
    bounce = mail(
        "robot@hidden.example", "Re: [TIX-1] Quartz", "vow", "Auto-Submitted: auto-replied", token(office)
    )
    take(office, raw)
    assert outcome(office, bounce) == ("recorded", "TIX-1")
    assert outcome(office, mail("postmaster@hidden.example", "Returned", "vow", token(office))) == (
        "recorded",
        "TIX-1",
    )
    office.tix("reply", 1, "-m", "Judged the quartz.", as_="sam")
    data = office.store.read_bytes()
    packed = zlib.compress(raw)[:40]
    assert packed in data
    office.tix("delete", 1, "--yes")
    data = office.store.read_bytes()
    for words in (b"uartz", b"vow", b"hidden.example", packed, zlib.compress(bounce)[:40]):
        assert words not in data, words
    assert outbox(office) == []
    assert take(office, raw)["outcome"] == "duplicate"
    office.tix("doctor", check=None)


def test_a_sender_is_cut_by_the_cap(office: Shell):
    """Thirty tickets an hour from one sender, then quarantine; the next hour is another; others are not held up."""
    for at in range(30):
        assert take(office, mail("ana@x.example", f"Number {at}", f"x{at}"))["outcome"] == "created"
    found = take(office, mail("ana@x.example", "One more", "x"))
    assert (found["outcome"], found["reason"]) == (
        "quarantined",
        "the sender opened 30 tickets within an hour",
    )
    assert take(office, mail("lan@x.example", "Mine", "x"))["outcome"] == "created"
    assert take(office, mail("ana@x.example", "Re: [TIX-1] Number 0", "still"))["outcome"] == "appended"
    assert (
        take(office, mail("ana@x.example", "Later", "x"), now="2026-11-20T10:00:01Z")["outcome"] == "created"
    )


def test_acknowledgements_are_capped(office: Shell):
    """Three an hour and ten a day to one address, thirty an hour to a domain."""
    office.tix("config", "set", "notify.requester_created", "true")
    office.tix("config", "set", "mail.unknown_senders", "accept")

    def written(since: int) -> int:
        return len([1 for _, rule, _ in outbox(office)[since:] if rule == "created"])

    for hour in range(5):
        before = len(outbox(office))
        for at in range(4):
            now = f"2026-11-20T{9 + hour:02}:{at + hour:02}:00Z"
            take(office, mail("ana@x.example", f"n {hour} {at}", f"x{hour}{at}"), now=now)
        assert written(before) == [3, 3, 3, 1, 0][hour]
    before = len(outbox(office))
    for at in range(12):
        for more in range(3):
            take(office, mail(f"p{at}@big.example", f"m {at} {more}", f"y{at}{more}"))
    assert written(before) == 30
