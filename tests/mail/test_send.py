"""``tix mail send`` and ``tix tick`` against relays that fail: what is sent, to whom, how often, and what is kept of it."""

import random
import signal
import subprocess
import time
from collections.abc import Iterator
from email import message_from_bytes

import pytest

from tests.harness import TIX, Shell
from tests.mail.relays import Script, scripted
from tests.mail.test_delivery_trial import Moody
from tix.domain.times import instant, parse_instant
from tix.mail.smtp.relay import Relay

MORNING = "2026-11-30T09:00:00Z"


@pytest.fixture
def office(desk: Shell) -> Shell:
    """A desk that can send, an agent, and a requester with an address."""
    desk.now = MORNING
    desk.people("sam:agent")
    desk.tix("user", "add", "lan", "--name", "Lan", "--email", "lan@acme.example")
    desk.tix("config", "set", "mail.from_address", "help@desk.example")
    desk.tix("config", "set", "mail.from_name", "The help desk")
    return desk


def through(desk: Shell, relay: Relay) -> None:
    """Send mail through this relay from now on."""
    for key, value in (("host", relay.host), ("port", relay.port)):
        desk.tix("config", "set", f"mail.smtp.{key}", value)


def states(desk: Shell) -> list[tuple[str, str, int]]:
    """Recipient, state and attempts of the mails in the outbox, oldest first."""
    found = desk.tix("mail", "outbox", "--json").json
    return [(one["to"], one["state"], one["attempts"]) for one in reversed(found)]


def later(desk: Shell, minutes: int) -> None:
    """Let time pass."""
    assert desk.now is not None
    desk.now = instant(parse_instant(desk.now) + minutes * 60)


def replied(desk: Shell) -> None:
    desk.tix("new", "Printer", "-m", "It smokes.", "--for", "lan", as_="sam")
    desk.tix("reply", 1, "-m", "Look at it now.", as_="sam")


def test_a_reply_goes_out(office: Shell):
    """S004-39: sender name and address are those of the settings."""
    replied(office)
    script = Script()
    with scripted(script) as relay:
        through(office, relay)
        assert office.tix("mail", "send", "--json").json["sent"] == 1
        assert office.tix("mail", "send", "--json").json["sent"] == 0
    (taken,) = script.taken
    mail = message_from_bytes(taken[2])
    assert taken[:2] == ("help@desk.example", ("lan@acme.example",))
    assert (str(mail["From"]).split(), mail["Subject"]) == (
        ["The", "help", "desk", "<help@desk.example>"],
        "[TIX-1] Printer",
    )
    plain, page = mail.get_payload()
    assert plain.get_payload(decode=True).decode().startswith("Sam replied to TIX-1:\r\n\r\nLook at it now.")
    assert page.get_content_type() == "text/html"
    assert states(office) == [("lan@acme.example", "sent", 0)]


def test_tick_sends_too(office: Shell):
    replied(office)
    script = Script()
    with scripted(script) as relay:
        through(office, relay)
        assert office.tix("tick", "--json").json["sent"] == 1
    assert len(script.taken) == 1


def test_mail_that_is_held_waits(office: Shell):
    office.tix("config", "set", "mail.hold", "5m")
    replied(office)
    with scripted(Script()) as relay:
        through(office, relay)
        assert office.tix("mail", "send", "--json").json["sent"] == 0
        later(office, 5)
        assert office.tix("mail", "send", "--json").json["sent"] == 1


def test_undo_says_how_to_take_back_a_mail_that_waits(office: Shell):
    """A reply that is not held back stays; its mail can be cancelled while it waits, and not once it is sent."""
    through(office, Relay("127.0.0.1", 1))
    replied(office)
    told = office.tix("undo", as_="sam", check=5).err
    assert "a reply stays in its ticket, but its mail is not sent yet" in told
    assert "tix mail outbox cancel 1" in told
    office.tix("mail", "outbox", "cancel", 1, as_="sam")
    assert states(office) == [("lan@acme.example", "cancelled", 0)]
    assert "a sent reply cannot be undone" in office.tix("undo", as_="sam", check=5).err


def test_undo_takes_back_a_reply_that_is_held(office: Shell):
    """Its mail is cancelled with it, so the relay never sees it."""
    office.tix("config", "set", "mail.hold", "5m")
    replied(office)
    office.tix("undo", as_="sam")
    assert states(office) == [("lan@acme.example", "cancelled", 0)]
    script = Script()
    with scripted(script) as relay:
        through(office, relay)
        office.tix("mail", "send")
    assert script.taken == []


def test_the_next_mail_of_a_ticket_refers_to_the_last(office: Shell):
    replied(office)
    office.tix("reply", 1, "-m", "Well?", as_="sam")
    script = Script()
    with scripted(script) as relay:
        through(office, relay)
        office.tix("mail", "send")
    first, second = (message_from_bytes(raw) for _, _, raw in script.taken)
    assert second["In-Reply-To"].strip() == first["Message-ID"].strip()
    assert second["References"].split() == [first["References"].strip(), first["Message-ID"].strip()]


def test_a_temporary_refusal_is_tried_again_and_a_permanent_one_is_not(office: Shell):
    replied(office)
    with scripted(Script(data="451 4.3.0 later")) as relay:
        through(office, relay)
        office.tix("mail", "send")
        assert states(office) == [("lan@acme.example", "queued", 1)]
        later(office, 3)
        office.tix("mail", "send")
        assert states(office) == [("lan@acme.example", "queued", 2)]
    refused = {"rcpt lan@acme.example": "550 5.1.1 no such user"}
    with scripted(Script(**refused)) as relay:
        through(office, relay)
        later(office, 60)
        assert office.tix("mail", "send", check=9).err.strip() == "1 failed."
    assert states(office) == [("lan@acme.example", "failed", 2)]
    assert "550 5.1.1 no such user" in office.tix("mail", "outbox", "--json").json[0]["error"]


def test_a_break_at_the_dot_is_uncertain(office: Shell):
    """Three repeats a quarter of an hour apart with the same bytes, then "may have arrived"."""
    replied(office)
    script = Script(data="drop")
    with scripted(script) as relay:
        through(office, relay)
        for _ in range(4):
            office.tix("mail", "send", check=None)
            office.tix("mail", "send", check=None)
            later(office, 16)
    assert len(script.taken) == 4
    assert len({raw for _, _, raw in script.taken}) == 1
    (one,) = office.tix("mail", "outbox", "--json").json
    assert (one["state"], one["attempts"]) == ("uncertain", 4)
    assert "may have arrived" in one["error"]


def test_a_relay_that_cannot_be_used_costs_no_attempt(office: Shell):
    replied(office)
    with scripted(Script()) as relay:
        through(office, relay)
    assert "refused the connection" in office.tix("mail", "send", check=6).err
    assert states(office) == [("lan@acme.example", "queued", 0)]


def test_a_desk_without_an_address_keeps_its_mail_free(office: Shell):
    """Refused, and once the address is set the mail goes out at once: nobody holds it."""
    replied(office)
    office.tix("config", "unset", "mail.from_address")
    with scripted(Script()) as relay:
        through(office, relay)
        assert "no address" in office.tix("mail", "send", check=5).err
        assert states(office) == [("lan@acme.example", "queued", 0)]
        office.tix("config", "set", "mail.from_address", "help@desk.example")
        assert office.tix("mail", "send", "--json").json["sent"] == 1


def test_what_waited_for_two_days_is_not_sent(office: Shell):
    """Mail was set up long after it was written: nobody wants to hear of it now."""
    replied(office)
    later(office, 48 * 60)
    script = Script()
    with scripted(script) as relay:
        through(office, relay)
        office.tix("mail", "send")
    assert (script.taken, states(office)) == ([], [("lan@acme.example", "expired", 0)])


def test_who_may_no_longer_see_the_ticket_gets_no_mail(office: Shell):
    replied(office)
    office.tix("user", "add", "ana", "--email", "ana@acme.example")
    office.tix("edit", 1, "--for", "ana", "--no-input", as_="sam")
    script = Script()
    with scripted(script) as relay:
        through(office, relay)
        office.tix("mail", "send")
    assert "lan@acme.example" not in [to for _, recipients, _ in script.taken for to in recipients]


@pytest.fixture
def moody() -> Iterator[tuple[Moody, Relay]]:
    script = Moody(random.Random(7), stall=1.0)
    with scripted(script) as relay:
        yield script, relay


@pytest.mark.real
@pytest.mark.long
def test_every_recipient_is_reached_however_senders_end(office: Shell, moody: tuple[Moody, Relay]):
    """A hundred mails, two senders, one of them killed at any instant, a relay that refuses, defers, stalls and breaks at the dot.

    Whoever is killed while the relay stalls does not know whether the mail was taken.
    """
    script, relay = moody
    through(office, relay)
    people = [f"{'no' if n % 10 == 0 else 'grey' if n % 5 == 0 else 'u'}{n}" for n in range(100)]
    for name in people:
        office.tix("new", f"Of {name}", "-m", "x", "--for", f"{name}@x.example", as_="sam")
    office.tix("reply", f"1-{len(people)}", "-m", "Look at it now.", as_="sam")
    chance = random.Random(11)
    for _ in range(80):
        later(office, 21)
        senders = [
            subprocess.Popen(
                [*TIX, "mail", "send"],
                env=office.environment(),
                cwd=office.folder,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for _ in range(2)
        ]
        time.sleep(chance.uniform(0.1, 0.9))
        senders[0].send_signal(signal.SIGKILL)
        for sender in senders:
            sender.wait()
        if not any(state in ("queued", "sending") for _, state, _ in states(office)):
            break
    ended = {to: state for to, state, _ in states(office)}
    reached = {address for _, address in script.got}
    assert {to for to, state in ended.items() if state in ("queued", "sending", "cancelled")} == set()
    assert {f"{name}@x.example" for name in people if not name.startswith("no")} <= reached
    assert not {to for to in reached if to.startswith("no")}
    assert len({id for id, _ in script.got}) == len({to for _, to in script.got}) == len(script.ids)
    assert {state for to, state in ended.items() if to.startswith("no")} == {"failed"}


def test_certificates_that_cannot_be_read_are_told(office: Shell):
    replied(office)
    through(office, Relay("127.0.0.1", 1))
    office.tix("config", "set", "mail.smtp.encryption", "tls")
    office.tix("config", "set", "mail.smtp.ca_file", office.folder / "none.pem")
    assert "cannot be read" in office.tix("mail", "send", check=5).err
    assert states(office) == [("lan@acme.example", "queued", 0)]
