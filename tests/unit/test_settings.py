"""The settings of a desk: what each takes, its default, and what is in force."""

import pytest

from tix.domain.settings import BOOLEANS, SETTINGS, Settings, find
from tix.domain.workflows.shipped import ITFLOW, OSTICKET, STANDARD
from tix.errors import InvalidValue, UnknownName

# Of each key the default (interface page, section 7), something it takes, and what that is kept as.
TAKES = {
    "prefix": ("TIX-", "TCK2-", "TCK2-"),
    "next_number": ("1", "007", "7"),
    "workflow": ("standard", " ITFlow ", "itflow"),
    "auto_close_after": ("72h", " 24H ", "24h"),
    "claim_on_reply": ("auto", "TRUE", "true"),
    "default_priority": ("medium", "High", "high"),
    "default_topic": ("none", " Report  a Problem ", "Report a Problem"),
    "default_department": ("none", "NONE", "none"),
    "default_sla": ("none", "Gold", "Gold"),
    "message_required": ("true", "False", "false"),
    "attachments.max_total": ("30MB", " 1 MB ", "1 MB"),
    "attachments.types": ("*", "JPEG, png", "jpg,png"),
    "attachments.denied": ("elf,exe,macho", " None ", "none"),
    "billing.rate": ("none", "90", "90.00"),
    "billing.currency": ("EUR", "chf", "CHF"),
    "billing.round_to": ("15m", "0", "0"),
    "billing.tax": ("0", "8.1%", "8.1"),
    "billing.tax_name": ("VAT", " GST  10 ", "GST 10"),
    "billing.issuer": ("none", "Acme", "Acme"),
    "billing.note": ("none", "none", "none"),
    "notify.requester_created": ("false", "TRUE", "true"),
    "notify.requester_closed": ("true", "False", "false"),
    "notify.new_ticket_to": ("none", " Team@X.example ", "team@x.example"),
    "notify.not_mailed": ("none", "Rated, changed,rated", "rated, changed"),
    "mail.from_address": ("none", "Help@Desk.example", "help@desk.example"),
    "mail.from_name": ("none", " Help desk ", "Help desk"),
    "mail.addresses": ("none", "Support@X.example,it@x.example", "support@x.example, it@x.example"),
    "mail.hold": ("0", " 2M ", "2m"),
    "mail.parse": ("true", "False", "false"),
    "mail.unknown_senders": ("ignore", " Accept ", "accept"),
    "mail.staff_replies": ("false", "True", "true"),
    "mail.closed_tickets": ("decline", "Follow-up", "follow-up"),
    "mail.watch_cc": ("true", "false", "false"),
    "mail.human_senders": ("none", "Robot@X.example, service.example", "robot@x.example, service.example"),
    "mail.authserv_id": ("none", " mx.x.example ", "mx.x.example"),
    "mail.plus_address": ("false", "true", "true"),
    "mail.message_id_domain": ("auto", "Desk.example", "desk.example"),
    "mail.imap.host": ("none", " IMAP.x.example ", "imap.x.example"),
    "mail.imap.port": ("auto", "0993", "993"),
    "mail.imap.encryption": ("tls", " StartTLS ", "starttls"),
    "mail.imap.folder": ("INBOX", "Help/In", "Help/In"),
    "mail.imap.done": ("folder", "Keyword", "keyword"),
    "mail.smtp.encryption": ("starttls", "none", "none"),
}
# What requesters do not read.
INTERNAL = {
    "default_sla", "billing.rate", "billing.currency", "billing.round_to", "billing.tax", "billing.tax_name",
    "billing.issuer", "billing.note", *(key for key in TAKES if key.startswith(("mail.", "notify."))),
}  # fmt: skip


@pytest.mark.parametrize("key", TAKES)
def test_what_a_setting_is_and_takes(key):
    default, text, kept = TAKES[key]
    setting = find(key)
    assert (setting.key, setting.default) == (key, default)
    assert setting.parse(text) == kept
    assert setting.parse(default) == default
    assert setting.internal is (key in INTERNAL)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("prefix", "1-"),
        ("prefix", "tck-"),
        *[("next_number", text) for text in ("0", "-1", "x", "", "1.5", "٣", str(2**53), "0" * 16 + "1")],
        ("auto_close_after", "soon"),
        ("claim_on_reply", "yes"),
        ("message_required", "auto"),
        ("attachments.max_total", "much"),
        ("attachments.types", "nonsense"),
        ("attachments.denied", "nonsense"),
        ("billing.rate", "-1"),
        ("billing.currency", "EURO"),
        ("billing.round_to", "-5m"),
        ("billing.tax", "101"),
        ("notify.new_ticket_to", "nobody"),
        ("notify.not_mailed", "changed, everything"),
        ("mail.from_address", "help@desk.example\nBcc: eve@x.example"),
        ("mail.from_name", "Help\ndesk"),
        ("mail.addresses", "a b@x.example"),
        ("mail.human_senders", "robot"),
        ("mail.hold", "soon"),
        ("mail.message_id_domain", "a-domain-that-is-too-long.example"),
        ("mail.imap.host", "imap.x.example:993"),
        ("mail.imap.port", "65536"),
        ("mail.imap.encryption", "ssl"),
    ],
)
def test_what_a_setting_does_not_take(key, text):
    with pytest.raises(InvalidValue):
        find(key).parse(text)


@pytest.mark.parametrize(
    ("text", "kept"), [("1", "1"), (str(2**53 - 1), "9007199254740991"), ("0" * 15 + "1", "1")]
)
def test_numbers_of_tickets(text, kept):
    assert find("next_number").parse(text) == kept


def test_a_rate_may_be_none():
    assert find("billing.rate").parse(" NONE ") == "none"


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("prefx", "did you mean prefix?"),
        ("autoclose_after", "did you mean auto_close_after?"),
        ("zzz", "see all settings: tix config list"),
        ("mail.imap.password", "use a password command or an environment variable"),
        ("password", "use a password command or an environment variable"),
    ],
)
def test_a_setting_there_is_not(key, hint):
    with pytest.raises(UnknownName) as refused:
        find(key)
    assert refused.value.hint == hint


def test_what_is_given_counts_else_the_default():
    held = Settings({"prefix": "TCK-", "message_required": "false", "default_topic": "Printer"})
    assert (held.text("prefix"), held.text("default_priority")) == ("TCK-", "medium")
    assert (held.flag("message_required"), Settings({}).flag("message_required")) == (False, True)
    assert (held.name("default_topic"), held.name("default_department")) == ("Printer", None)


def test_the_window_is_the_desks_else_the_workflows():
    table = STANDARD._replace(window_seconds=9)
    assert Settings({}).window_seconds(table) == 9
    assert Settings({"auto_close_after": "24h"}).window_seconds(table) == 86_400
    assert Settings({"auto_close_after": "0"}).window_seconds(table) == 0


@pytest.mark.parametrize(
    ("given", "workflow", "claims"),
    [
        ({}, OSTICKET, True),
        ({}, ITFLOW, False),
        ({"claim_on_reply": "auto"}, OSTICKET, True),
        ({"claim_on_reply": "true"}, ITFLOW, True),
        ({"claim_on_reply": "false"}, OSTICKET, False),
    ],
)
def test_whether_a_reply_claims(given, workflow, claims):
    assert Settings(given).claims(workflow) is claims


def test_words_that_are_true_or_false():
    assert BOOLEANS == {"true": True, "false": False}
    assert set(TAKES) <= set(SETTINGS)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "starttls"),
        ({"mail.smtp.host": "smtp.example.org"}, "starttls"),
        ({"mail.smtp.host": "127.0.0.1"}, "none"),
        ({"mail.smtp.host": "localhost"}, "none"),
        ({"mail.smtp.host": "::1"}, "none"),
        ({"mail.smtp.host": "localhost.example.org"}, "starttls"),
        ({"mail.smtp.host": "127.0.0.1", "mail.smtp.encryption": "tls"}, "tls"),
    ],
)
def test_a_mail_server_on_this_machine_is_spoken_to_in_the_clear(given, expected):
    assert Settings(given).encryption("smtp") == expected
