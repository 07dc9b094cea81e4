"""One SMTP transaction against a relay that fails at every step: each recipient's answer, and what a break means."""

import dataclasses
import socket
import ssl
import threading
from base64 import b64decode, b64encode

import pytest
from aiosmtpd.smtp import SMTP, AuthResult

from tests.mail.outgoing import a_mail
from tests.mail.relays import (
    LIMITS,
    Script,
    certificate,
    lines,
    one_login,
    scripted,
    server_context,
    speaking,
)
from tix.domain.mail.received import Address
from tix.errors import RelayUnusable
from tix.mail.compose import render
from tix.mail.smtp import relay as relays
from tix.mail.smtp.relay import Connection, Relay
from tix.mail.smtp.transaction import relay_id, send, stuffed

__all__ = ["certificate"]  # a fixture

RAW = render(a_mail())
ANN, BEN, CARA = "ann@x.example", "ben@x.example", "cara@x.example"


class Desk:
    """Sends, and counts what was recorded before the dot."""

    def __init__(self) -> None:
        self.dots = 0

    def dot(self) -> None:
        self.dots += 1

    def send(self, relay, *recipients, raw=RAW, sender="desk@desk.example"):
        with Connection(relay) as connection:
            return send(connection, sender, recipients or (ANN,), raw, before_dot=self.dot)


@pytest.fixture
def desk():
    return Desk()


def outcomes(result):
    return {one.address.partition("@")[0]: (one.outcome, one.code) for one in result.recipients}


# --------------------------------------------------------------------------------------------- what is taken


def test_a_mail_is_taken_as_it_was_rendered(desk):
    script = Script()
    with scripted(script) as relay:
        result = desk.send(relay, ANN, BEN)
    assert script.taken == [("desk@desk.example", (ANN, BEN), RAW)]
    assert outcomes(result) == {"ann": ("accepted", 250), "ben": ("accepted", 250)}
    assert (result.phase, result.relay_id, desk.dots) == ("answered", "4F2A7", 1)
    assert [one.text for one in result.recipients] == ["2.0.0 Ok: queued as 4F2A7"] * 2


def test_an_acknowledgement_has_no_envelope_sender(desk):
    script = Script()
    with scripted(script) as relay:
        desk.send(relay, sender="")
    assert script.taken[0][0] == "<>"


def test_one_connection_takes_many_mails(desk):
    script = Script(**{f"rcpt {BEN}": "550 5.1.1 no such user"})
    with scripted(script) as relay, Connection(relay) as connection:
        for recipients in ((ANN,), (BEN,), (ANN, BEN), (CARA,)):
            send(connection, "desk@desk.example", recipients, RAW, before_dot=desk.dot)
            assert connection.is_open
    assert [recipients for _, recipients, _ in script.taken] == [(ANN,), (ANN,), (CARA,)]
    assert desk.dots == 3


@pytest.mark.parametrize(
    "text", [".\r\n", "..\r\n.\r\n", "a\r\n.\r\nb", "a\n.\nQUIT\n", "a\r.\rQUIT\r", "\r\n.\r\n\r\n", "."]
)
def test_no_text_ends_the_mail_early(desk, text):
    """Neither a dot alone nor bare line ends are the end of the mail for any server."""
    raw = b"Subject: x\r\n\r\n" + text.encode()
    script = Script()
    with scripted(script) as relay:
        result = desk.send(relay, raw=raw)
    assert outcomes(result) == {"ann": ("accepted", 250)}
    whole = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
    assert script.taken[0][2] == whole + (b"" if whole.endswith(b"\r\n") else b"\r\n")
    assert script.said == ["mail", f"rcpt {ANN}", "data"]


def test_dots_are_doubled_in_front_of_lines_only():
    assert stuffed(b".a\n.\r\nb.c\r..") == b"..a\r\n..\r\nb.c\r\n...\r\n"
    assert stuffed(b"") == b""


# -------------------------------------------------------------------------------------- refused before the dot


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("550 5.1.1 no such user", "permanent"),
        ("553 5.1.3 bad address", "permanent"),
        ("451 4.7.1 greylisted", "temporary"),
        ("452 4.5.3 too many recipients", "temporary"),
        ("552 5.5.3 too many recipients", "temporary"),
        ("354 what", "temporary"),
    ],
)
def test_a_refused_recipient_is_alone_in_it(desk, status, outcome):
    script = Script(**{f"rcpt {BEN}": status})
    with scripted(script) as relay:
        result = desk.send(relay, ANN, BEN, CARA)
    code = int(status[:3])
    assert outcomes(result) == {"ann": ("accepted", 250), "ben": (outcome, code), "cara": ("accepted", 250)}
    assert [one.address for one in result.recipients] == [ANN, BEN, CARA]
    assert result.recipients[1].text == status[4:]
    assert script.taken[0][1] == (ANN, CARA)


def test_if_all_are_refused_no_text_is_sent(desk):
    script = Script(**{f"rcpt {ANN}": "550 no", f"rcpt {BEN}": "450 later"})
    with scripted(script) as relay:
        result = desk.send(relay, ANN, BEN)
    assert outcomes(result) == {"ann": ("permanent", 550), "ben": ("temporary", 450)}
    assert (result.phase, desk.dots, script.taken) == ("rcpt", 0, [])


@pytest.mark.parametrize(
    ("status", "outcome"),
    [("550 5.7.1 not your address", "permanent"), ("451 later", "temporary"), ("421 bye", "temporary")],
)
def test_a_refused_sender_is_everybodys_answer(desk, status, outcome):
    with scripted(Script(mail=status)) as relay:
        result = desk.send(relay, ANN, BEN)
    assert outcomes(result) == dict.fromkeys(("ann", "ben"), (outcome, int(status[:3])))
    assert (result.phase, desk.dots) == ("mail", 0)


@pytest.mark.parametrize("status", ["530 5.7.0 Authentication required", "538 encryption needed"])
def test_a_log_in_that_is_missing_is_no_mails_fault(desk, status):
    with (
        scripted(Script(mail=status)) as relay,
        pytest.raises(RelayUnusable, match="wants a log-in or TLS first"),
    ):
        desk.send(relay)


def test_an_interrupt_in_the_middle_closes_without_a_word(desk):
    """``QUIT`` inside the text would be text."""
    script = Script()

    def interrupted():
        raise KeyboardInterrupt

    with scripted(script) as relay, Connection(relay) as connection:
        with pytest.raises(KeyboardInterrupt):
            send(connection, "", (ANN,), RAW, before_dot=interrupted)
        assert not connection.is_open
    assert script.taken == []


def test_a_recipient_is_named_once(desk):
    script = Script()
    with scripted(script) as relay:
        assert outcomes(desk.send(relay, ANN, ANN)) == {"ann": ("accepted", 250)}
        with Connection(relay) as connection:
            assert send(connection, "", (), RAW, before_dot=desk.dot).recipients == ()
    assert script.said == ["mail", f"rcpt {ANN}", "data"]


def test_small_writes_do_not_wait_for_each_other(desk):
    """The text and its dot are two writes; without this option 20 mails go in a second, with it hundreds."""
    with scripted(Script()) as relay, Connection(relay) as connection:
        assert connection._client.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_421_at_a_recipient_ends_it_for_all(desk):
    """A server that closes takes nothing: those it had accepted wait, too."""
    script = Script(**{f"rcpt {BEN}": "421 4.3.2 shutting down", f"rcpt {ANN}": "250 ok"})
    with scripted(script) as relay, Connection(relay) as connection:
        result = send(connection, "", (ANN, BEN, CARA), RAW, before_dot=desk.dot)
        assert not connection.is_open
    assert outcomes(result) == dict.fromkeys(("ann", "ben", "cara"), ("temporary", 421))


@pytest.mark.parametrize(
    ("step", "phase"), [("mail", "mail"), (f"rcpt {ANN}", "rcpt"), (f"rcpt {BEN}", "rcpt")]
)
def test_a_break_before_the_dot_is_temporary(desk, step, phase):
    with scripted(Script(**{step: "drop"})) as relay:
        result = desk.send(relay, ANN, BEN)
    assert outcomes(result) == dict.fromkeys(("ann", "ben"), ("temporary", 0))
    assert (result.phase, desk.dots) == (phase, 0)
    assert result.recipients[0].text in {
        "it closed the connection",
        "the connection broke (Connection reset by peer)",
    }


def test_a_recipient_refused_before_the_break_stays_refused(desk):
    with scripted(Script(**{f"rcpt {ANN}": "550 no", f"rcpt {BEN}": "drop"})) as relay:
        result = desk.send(relay, ANN, BEN, CARA)
    assert outcomes(result) == {"ann": ("permanent", 550), "ben": ("temporary", 0), "cara": ("temporary", 0)}


@pytest.mark.parametrize(
    ("answer", "outcome", "code"),
    [(b"451 later\r\n", "temporary", 451), (b"554 no\r\n", "permanent", 554), (b"250 what\r\n", "temporary", 250),
     (b"421 bye\r\n", "temporary", 421)],
)  # fmt: skip
def test_a_refused_data_is_everybodys_answer(desk, answer, outcome, code):
    with speaking(
        lines(b"250 hello\r\n", b"250 ok\r\n", b"250 ok\r\n", answer, b"250 ok\r\n", b"221 bye\r\n")
    ) as relay:
        result = desk.send(relay)
    assert outcomes(result) == {"ann": (outcome, code)}
    assert (result.phase, desk.dots) == ("data", 0)


def test_a_break_in_the_text_is_temporary(desk):
    """Whatever the server read: without the dot it takes nothing (RFC 5321, 4.1.1.4)."""

    def closes(peer):
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    answers = (b"250 hello\r\n", b"250 ok\r\n", b"250 ok\r\n")

    def talk(peer):
        lines(*answers)(peer)
        peer.recv(100)
        peer.sendall(b"354 go\r\n")
        peer.recv(100)
        closes(peer)

    with speaking(talk) as relay:
        result = desk.send(relay, raw=RAW + b"x" * 30_000_000)
    assert outcomes(result) == {"ann": ("temporary", 0)}
    assert (result.phase, desk.dots) == ("body", 0)


def test_a_relay_that_reads_no_text_is_left_in_time(desk):
    def talk(peer):
        lines(b"250 hello\r\n", b"250 ok\r\n", b"250 ok\r\n")(peer)
        peer.recv(100)
        peer.sendall(b"354 go\r\n")
        gone.wait(10)

    gone = threading.Event()
    with speaking(talk) as relay:
        hasty = relay._replace(limits=LIMITS._replace(transaction=3.0))
        result = desk.send(hasty, raw=RAW + b"x" * 30_000_000)
        gone.set()
    assert outcomes(result) == {"ann": ("temporary", 0)}
    assert (result.phase, result.recipients[0].text) == ("body", "it did not answer in time")


# ------------------------------------------------------------------------------------------------- at the dot


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("451 4.3.0 later", "temporary"),
        ("421 4.3.2 shutting down", "temporary"),
        ("552 5.3.4 too large", "permanent"),
        ("554 5.7.1 spam", "permanent"),
        ("354 what", "uncertain"),
    ],
)
def test_the_answer_to_the_dot_is_for_all_who_were_accepted(desk, status, outcome):
    with scripted(Script(data=status, **{f"rcpt {BEN}": "550 no"})) as relay:
        result = desk.send(relay, ANN, BEN)
    assert outcomes(result) == {"ann": (outcome, int(status[:3])), "ben": ("permanent", 550)}
    assert desk.dots == 1


def test_a_break_at_the_dot_is_uncertain(desk):
    """Trap 11: the relay has the mail, and we do not know it."""
    script = Script(data="drop", **{f"rcpt {BEN}": "550 no"})
    with scripted(script) as relay:
        result = desk.send(relay, ANN, BEN)
    assert len(script.taken) == 1
    assert outcomes(result) == {"ann": ("uncertain", 0), "ben": ("permanent", 550)}
    assert (result.phase, desk.dots) == ("dot", 1)


def test_the_dot_has_patience_of_its_own(desk):
    """Filters look at a mail before they answer; an answer in that time is no break."""

    def talk(peer):
        lines(b"250 hello\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n", after=late)(peer)

    def late(peer):
        peer.settimeout(2.3)
        with pytest.raises(TimeoutError):
            peer.recv(100)
        peer.sendall(b"250 ok\r\n")

    with speaking(talk) as relay:
        slow = relay._replace(limits=LIMITS._replace(command=2.0))
        assert outcomes(desk.send(slow)) == {"ann": ("accepted", 250)}


def test_no_answer_to_the_dot_is_uncertain(desk):
    def silent(peer):
        peer.recv(100)

    with speaking(
        lines(b"250 hello\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n", after=silent)
    ) as relay:
        result = desk.send(relay._replace(limits=LIMITS._replace(dot=0.5)))
    assert outcomes(result) == {"ann": ("uncertain", 0)}
    assert result.recipients[0].text == "it did not answer in time"


def test_what_is_recorded_before_the_dot_stops_it(desk):
    """If the record fails, or the lease is another's, nothing is delivered and the exception goes on."""
    script = Script()

    def fails():
        raise RuntimeError("the lease is lost")

    with scripted(script) as relay, Connection(relay) as connection:
        with pytest.raises(RuntimeError, match="the lease is lost"):
            send(connection, "", (ANN,), RAW, before_dot=fails)
        assert not connection.is_open
    assert script.taken == []


def test_an_error_at_quit_changes_nothing(desk):
    """Trap 49: the result is known before."""
    answers = (b"250 hello\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n")
    for goodbye in (b"", b"nonsense\r\n", b"500 no\r\n"):

        def after(peer, goodbye=goodbye):
            peer.sendall(b"250 ok\r\n")
            peer.recv(100)
            peer.sendall(goodbye)

        with speaking(lines(*answers, after=after)) as relay:
            assert outcomes(desk.send(relay)) == {"ann": ("accepted", 250)}


# ----------------------------------------------------------------------------------------- what relays offer


def test_a_mail_larger_than_the_relay_says_is_not_sent(desk):
    script = Script()
    with scripted(script, data_size_limit=100) as relay:
        result = desk.send(relay)
    assert outcomes(result) == {"ann": ("permanent", 552)}
    assert result.recipients[0].text == f"the relay takes at most 100 bytes; this is {len(RAW):,}"
    assert script.said == []


def test_the_size_is_announced(desk):
    script = Script()
    with scripted(script) as relay:
        desk.send(relay)
    assert script.options == [f"SIZE={len(RAW)}"]


def test_addresses_outside_ascii_need_a_relay_that_takes_them(desk):
    raw = render(a_mail(to=(Address("Jörg", "jörg@x.example"),)))
    for offered in (True, False):
        script = Script()
        with scripted(script, enable_SMTPUTF8=offered) as relay:
            result = desk.send(relay, "jörg@x.example", raw=raw)
        if offered:
            assert script.taken == [("desk@desk.example", ("jörg@x.example",), raw)]
            assert script.options == [f"SIZE={len(raw)}", "BODY=8BITMIME", "SMTPUTF8"]
        else:
            assert outcomes(result) == {"jörg": ("permanent", 0)}
            assert "SMTPUTF8" in result.recipients[0].text
            assert script.said == []


def test_one_address_outside_ascii_does_not_keep_the_others(desk):
    script = Script()
    with scripted(script, enable_SMTPUTF8=False) as relay:
        result = desk.send(relay, "jörg@x.example", ANN)
    assert outcomes(result) == {"jörg": ("permanent", 0), "ann": ("accepted", 250)}


def test_a_domain_outside_ascii_needs_nothing_of_the_relay(desk):
    script = Script()
    with scripted(script, enable_SMTPUTF8=False) as relay:
        result = desk.send(relay, "ann@bücher.example", sender="desk@straße.example")
    assert outcomes(result) == {"ann": ("accepted", 250)}
    assert result.recipients[0].address == "ann@bücher.example"
    assert script.taken[0][:2] == ("desk@xn--strae-oqa.example", ("ann@xn--bcher-kva.example",))


@pytest.mark.parametrize("address", ["", "ann", "a b@x.example", "ann@x.example>\r\nDATA", "<ann@x.example>"])
def test_an_address_that_smtp_cannot_carry_is_never_sent(desk, address):
    script = Script()
    with scripted(script) as relay:
        result = desk.send(relay, address, ANN)
    assert [one.outcome for one in result.recipients] == ["permanent", "accepted"]
    assert script.said == ["mail", f"rcpt {ANN}", "data"]
    with scripted(Script()) as relay:
        assert outcomes(desk.send(relay, sender=address or "x")) == {"ann": ("permanent", 0)}


@pytest.mark.parametrize(
    ("text", "host", "id"),
    [
        ("2.0.0 Ok: queued as 4F2A7", "mx.example", "4F2A7"),
        ("OK id=1rXyZ-0001aB-2C", "mx.example", "1rXyZ-0001aB-2C"),
        ("2.0.0 OK 1699999999 a12-20020a170 - gsmtp", "mx.example", "1699999999"),
        ("2.6.0 <AM0PR@x.prod.outlook.com> [InternalId=123] Queued mail for delivery", "mx", "<AM0PR@x.prod.outlook.com>"),
        ("Ok 0102018f0a1b2c3d-4e5f6071-000000", "email-smtp.eu-west-1.amazonaws.com", "<0102018f0a1b2c3d-4e5f6071-000000@eu-west-1.amazonses.com>"),
        ("Ok 0102018f0a1b2c3d-4e5f6071-000000", "email-smtp.us-east-1.amazonaws.com", "<0102018f0a1b2c3d-4e5f6071-000000@email.amazonses.com>"),
        ("Ok", "mx.example", None),
        ("2.0.0 Message accepted", "mx.example", None),
        ("", "mx.example", None),
    ],
)  # fmt: skip
def test_the_relays_own_id_is_kept(text, host, id):
    """Trap 30: relays such as SES replace Message-ID, and answers name theirs."""
    assert relay_id(text, host) == id


# --------------------------------------------------------------------------------------------------- log-in


@pytest.mark.parametrize("hidden", [(), ("PLAIN",)])
def test_a_log_in_by_either_way_in_utf8(desk, hidden):
    """Python's own log-in raises for a password with an umlaut."""
    script = Script()
    login = one_login("Müller", "geheim ßü\u20ac")
    with scripted(script, auth_exclude_mechanism=hidden, **login) as relay:
        desk.send(relay._replace(user="Müller", password="geheim ßü\u20ac"))
    assert (len(script.taken), script.known) == (1, [True])


@pytest.mark.parametrize("hidden", [(), ("PLAIN",)])
def test_a_wrong_password_is_one_sentence_without_it(desk, hidden):
    with (
        scripted(Script(), auth_exclude_mechanism=hidden, **one_login("desk", "right")) as relay,
        pytest.raises(RelayUnusable, match="refused the password of 'desk': 535") as caught,
    ):
        desk.send(relay._replace(user="desk", password="wrong-one"))
    assert "wrong-one" not in caught.value.message
    assert caught.value.hint == "check mail.smtp.user and mail.smtp.password_command"


@pytest.mark.parametrize("password", ["wrong-one", "wrong-on", "wrong-o"])
def test_a_relay_that_repeats_the_password_is_not_quoted(desk, password):
    blob = b64encode(f"\0desk\0{password}".encode())
    talk = lines(
        b"250-hello\r\n250 AUTH PLAIN\r\n", b"535 no %s or %s\r\n" % (blob, password.encode()), b"221 bye\r\n"
    )
    with speaking(talk) as relay, pytest.raises(RelayUnusable, match=r"535 no … or …$"):
        desk.send(relay._replace(user="desk", password=password))


def test_an_empty_password_is_refused_like_another(desk):
    with (
        scripted(Script(), **one_login("desk", "right")) as relay,
        pytest.raises(RelayUnusable, match=r"refused the password of 'desk': 535 [^…]*$"),
    ):
        desk.send(relay._replace(user="desk"))


def test_a_traceback_shows_no_password():
    relay = Relay("x.example", 587, user="desk", password="geheim", token="t0ken")
    assert repr(relay) == f"{relay}" == "Relay('x.example', 587, 'starttls', user='desk')"


def test_no_known_way_to_log_in(desk):
    talk = lines(b"250-hello\r\n250 AUTH CRAM-MD5 NTLM\r\n", b"221 bye\r\n")
    with (
        speaking(talk) as relay,
        pytest.raises(RelayUnusable, match="offers no log-in by PLAIN or LOGIN; most"),
    ):
        desk.send(relay._replace(user="desk", password="x"))


def test_a_busy_log_in_is_no_wrong_password(desk):
    talk = lines(b"250-hello\r\n250 AUTH PLAIN\r\n", b"454 4.7.0 try later\r\n", b"221 bye\r\n")
    with speaking(talk) as relay, pytest.raises(RelayUnusable, match="cannot check the log-in now: 454"):
        desk.send(relay._replace(user="desk", password="x"))


class Tokens(Script):
    """A relay that takes the token ``good``; it asks a question before it refuses, as Gmail does."""

    def __init__(self) -> None:
        super().__init__()
        self.second: list[bytes] = []

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802
        if b64decode(args[1]) == b"user=desk\x01auth=Bearer good\x01\x01":
            return AuthResult(success=True, auth_data=b"desk")
        self.second.append(await server.challenge_auth('{"status":"401"}'))
        return AuthResult(success=False, handled=False)


def test_a_token_logs_in(desk):
    script = Tokens()
    with scripted(script, auth_require_tls=False) as relay:
        desk.send(relay._replace(user="desk", token="good"))
        assert (len(script.taken), script.known) == (1, [True])
        with pytest.raises(RelayUnusable, match="refused the token of 'desk': 535") as caught:
            desk.send(relay._replace(user="desk", token="expired-one"))
    assert script.second == [b""]  # the empty answer that lets it say no
    assert caught.value.hint == "check mail.smtp.user and mail.smtp.token_command"


@pytest.mark.parametrize("what", ["user", "password", "token", "host", "hello"])
def test_a_control_character_in_a_credential_is_never_sent(what):
    """A line end in a password would reach the server as a command."""
    for value in ("a\r\nRSET", "a\0b", "a\x01b", "a\x85b", "a\udce4"):
        with pytest.raises(RelayUnusable, match=f"the {what} for sending mail contains a control character"):
            Connection(Relay("127.0.0.1", 1, "none")._replace(**{what: value}))


# ------------------------------------------------------------------------------------------------------ TLS


def trusting(relay, certificate, **values):
    context = ssl.create_default_context(cafile=certificate)
    return relay._replace(host="localhost", encryption="starttls", context=context, **values)


def test_starttls_before_anything_is_sent(desk, certificate):
    script = Script()
    options = {"tls_context": server_context(certificate), "require_starttls": True}
    with scripted(script, **options, **one_login("desk", "right")) as relay:
        desk.send(trusting(relay, certificate, user="desk", password="right"))
    assert (len(script.taken), script.known) == (1, [True])


def test_tls_from_the_first_byte(desk, certificate):
    script = Script()
    with scripted(script, ssl_context=server_context(certificate)) as relay:
        desk.send(trusting(relay, certificate)._replace(encryption="tls"))
    assert len(script.taken) == 1


def test_a_stripped_starttls_is_refused(desk):
    """Somebody between us may take the offer away; the password would go in the clear."""
    script = Script()
    with (
        scripted(script, **one_login("desk", "right")) as relay,
        pytest.raises(RelayUnusable, match="does not offer STARTTLS"),
    ):
        desk.send(relay._replace(encryption="starttls", user="desk", password="right"))
    assert script.said == []


def test_what_follows_the_answer_to_starttls_is_refused(desk):
    """CVE-2011-0411: lines put in before the handshake would count as answers under TLS."""
    talk = lines(b"250-hello\r\n250 STARTTLS\r\n", b"220 go\r\n250-evil\r\n250 AUTH PLAIN\r\n")
    with speaking(talk) as relay, pytest.raises(RelayUnusable, match="sent more than its answer to STARTTLS"):
        desk.send(relay._replace(encryption="starttls"))


@pytest.mark.parametrize("encryption", ["starttls", "tls"])
def test_a_certificate_is_verified(desk, certificate, encryption):
    """As delivered, ``smtplib`` verifies nothing."""
    context = server_context(certificate)
    options = {"ssl_context": context} if encryption == "tls" else {"tls_context": context}
    with scripted(Script(), **options) as relay:
        own = relay._replace(encryption=encryption)
        with pytest.raises(RelayUnusable, match="is not trusted: self-signed certificate"):
            desk.send(own._replace(host="localhost"))
        known = ssl.create_default_context(cafile=certificate)
        with pytest.raises(
            RelayUnusable, match=r"the certificate of 127\.0\.0\.1:[0-9]+ is for another host"
        ):
            desk.send(own._replace(context=known))


def test_tls_with_a_relay_that_speaks_none(desk):
    with scripted(Script()) as relay, pytest.raises(RelayUnusable, match="does not speak TLS as expected"):
        desk.send(relay._replace(encryption="tls"))


def test_starttls_that_is_refused(desk):
    with (
        speaking(lines(b"250-hello\r\n250 STARTTLS\r\n", b"454 not now\r\n", b"221 bye\r\n")) as relay,
        pytest.raises(RelayUnusable, match="cannot encrypt now: 454 not now"),
    ):
        desk.send(relay._replace(encryption="starttls"))


# -------------------------------------------------------------------------------------------------- connecting


def test_nobody_listens(desk):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(RelayUnusable, match=f"127.0.0.1:{port} refused the connection"):
        desk.send(Relay("127.0.0.1", port, "none", limits=LIMITS))


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a" * 70 + ".invalid", ".", "a..b"])
def test_there_is_no_such_host(desk, host):
    with pytest.raises(RelayUnusable, match=r"there is no host|is not a place to send mail to"):
        desk.send(Relay(host, 25, "none", limits=LIMITS))


@pytest.mark.parametrize("port", [0, -1, 65_536, 10**12])
def test_a_port_out_of_range(desk, port):
    with pytest.raises(RelayUnusable, match=f"{port} is not a port"):
        desk.send(Relay("127.0.0.1", port, "none", limits=LIMITS))


@pytest.mark.parametrize("greeting", [b"554 no\r\n", b"421 too many connections\r\n"])
def test_a_relay_that_takes_no_mail(desk, greeting):
    with (
        speaking(lambda peer: peer.sendall(greeting)) as relay,
        pytest.raises(RelayUnusable, match=r"takes no mail now: (554 no|421 too many connections)"),
    ):
        desk.send(relay)


def test_a_relay_of_long_ago_is_greeted_with_helo(desk):
    answers = (b"502 what\r\n", b"250 hello\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n")
    with speaking(lines(*answers, after=lambda peer: peer.sendall(b"250 ok\r\n"))) as relay:
        assert outcomes(desk.send(relay)) == {"ann": ("accepted", 250)}


def test_the_limits_fit_into_a_lease():
    limits = relays.Limits()
    assert limits.transaction + limits.command + limits.dot < 15 * 60
    assert dataclasses.is_dataclass(limits) is False
