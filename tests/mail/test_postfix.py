"""Our mail through a real relay: what arrives is what was rendered, and its refusals are read as meant."""

import email
import email.policy
import ssl

import pytest

from tests.mail.outgoing import a_mail
from tests.mail.postfix import running
from tests.mail.relays import LIMITS, certificate
from tix.domain.mail.received import Address, Attachment
from tix.errors import RelayUnusable
from tix.mail.compose import render
from tix.mail.smtp.relay import Connection, Relay
from tix.mail.smtp.transaction import send

__all__ = ["certificate"]  # a fixture

ANN, BEN = "ann@x.example", "ben@x.example"


@pytest.fixture(scope="module")
def postfix(certificate):
    with running(f"smtpd_tls_security_level = may\nsmtpd_tls_chain_files = {certificate}") as found:
        yield found


@pytest.fixture
def connection(postfix, certificate):
    context = ssl.create_default_context(cafile=certificate)
    relay = Relay("localhost", postfix.port, "starttls", context=context, limits=LIMITS)
    with Connection(relay) as found:
        yield found


def deliver(connection, *recipients, **values):
    raw = render(a_mail(**values))
    result = send(connection, "desk@desk.example", recipients, raw, before_dot=lambda: None)
    return raw, result


def outcomes(result):
    return [(one.outcome, one.code) for one in result.recipients]


def newest(postfix, box, subject):
    """The mail with this subject, without what the relay put in front."""
    for count in range(1, 20):
        for raw in postfix.mail(box, count):
            if subject.encode() in raw:
                return raw.replace(b"\n", b"\r\n")
    raise AssertionError(postfix.log)


def test_what_arrives_is_what_was_rendered(postfix, connection):
    text = "Grüße\n.\n..\nFrom me\n" + "x" * 3_000 + "\n\n> quoted\n.\n"
    raw, result = deliver(
        connection, ANN, subject="bytes", text=text, attachments=(Attachment("ü.bin", "", bytes(range(256))),)
    )
    assert outcomes(result) == [("accepted", 250)]
    arrived = newest(postfix, "ann", "bytes")
    assert arrived.endswith(raw)
    assert result.relay_id is not None
    assert f"id {result.relay_id}".encode() in arrived


def test_an_unknown_recipient_is_refused_alone(postfix, connection):
    _, result = deliver(connection, ANN, "nobody@x.example", subject="unknown")
    assert outcomes(result) == [("accepted", 250), ("permanent", 550)]
    assert result.recipients[1].text.startswith("5.1.1 <nobody@x.example>")
    assert newest(postfix, "ann", "unknown")


def test_too_many_recipients_wait_for_the_next_attempt(postfix, connection):
    """Each gets it in the end: those beyond the limit are temporary, and alone the next time."""
    recipients = (ANN, BEN, *(f"a{number}@elsewhere.example" for number in range(6)))
    _, result = deliver(connection, *recipients, subject="many")
    assert outcomes(result) == [("accepted", 250)] * 5 + [("temporary", 452)] * 3
    later = tuple(one.address for one in result.recipients if one.outcome == "temporary")
    assert outcomes(deliver(connection, *later, subject="many")[1]) == [("accepted", 250)] * 3


def test_a_mail_over_its_limit_is_refused_before_it_is_sent(connection):
    assert connection.largest == 1_000_000
    _, result = deliver(connection, ANN, attachments=(Attachment("a", "", b"x" * 1_000_000),))
    assert (result.phase, outcomes(result)) == ("mail", [("permanent", 552)])


def test_an_acknowledgement_arrives_without_a_return_path(postfix, connection):
    raw = render(a_mail(kind="acknowledgement", envelope_sender="", subject="acknowledged"))
    assert outcomes(send(connection, "", (BEN,), raw, before_dot=lambda: None)) == [("accepted", 250)]
    assert b"Return-Path: <>" in newest(postfix, "ben", "acknowledged")


def test_an_address_outside_ascii_arrives(postfix, connection):
    address = "jörg@x.example"
    raw, result = deliver(connection, address, to=(Address("Jörg", address),), subject="utf8")
    assert outcomes(result) == [("accepted", 250)]
    arrived = newest(postfix, "joerg", "utf8")
    assert arrived.endswith(raw)
    parsed = email.message_from_bytes(arrived, policy=email.policy.SMTPUTF8)
    assert f"<{address}>" in str(parsed["to"])


def test_a_dot_that_was_never_sent_delivers_nothing(postfix, connection):
    def lost():
        raise RuntimeError("the lease is lost")

    raw = render(a_mail(subject="never"))
    with pytest.raises(RuntimeError, match="the lease is lost"):
        send(connection, "", (BEN,), raw, before_dot=lost)
    with Connection(connection.relay) as second:
        deliver(second, BEN, subject="after it")
    assert newest(postfix, "ben", "after it")
    assert not [raw for raw in postfix.mail("ben", 1) if b"Subject: never" in raw]


def test_its_certificate_is_verified(postfix):
    with pytest.raises(RelayUnusable, match="is not trusted"):
        Connection(Relay("localhost", postfix.port, "starttls", limits=LIMITS))


def test_log_in_where_it_offers_none(postfix, certificate):
    context = ssl.create_default_context(cafile=certificate)
    relay = Relay("localhost", postfix.port, "starttls", user="desk", password="x", context=context)
    with pytest.raises(RelayUnusable, match="offers no log-in by PLAIN or LOGIN"):
        Connection(relay)
