"""The texts of outgoing mail: each is valid, makes a mail for every rule, and evaluates nothing."""

import pytest

from tests.factories import T0, person, ticket
from tix.domain import canned
from tix.domain.mail import texts
from tix.domain.mail.letter import Earlier, Letter
from tix.domain.mail.outbox import CREATED, DECLINED, NEW_TICKET
from tix.domain.mail.quotes import MARKER
from tix.domain.mail.received import Address
from tix.domain.notifications import MAILED, RULES
from tix.domain.tickets.timeline import Item
from tix.errors import InvalidValue, UnknownName
from tix.mail import letters
from tix.mail.mime.message import read

EVERY = (*MAILED, DECLINED)
SECRET_ID = "tix.r.1.2.aaaaaaaa.bbbbbbbbbbbbbbbb@desk.example"


def values(**given):
    """What a text is filled in with."""
    facts = canned.Facts(ticket(number=12), None, person("ann"), T0)
    own = {
        "text": "It prints again.", "change": "", "author.name": "Ann", "desk.name": "Help desk",
        "recipient.name": "Rita", "target.ref": "TIX-9", "rating.url": "", "link.url": "",
    }  # fmt: skip
    return canned.values_of(facts) | own | given


def letter(rule, body=None, **given):
    """A mail of a rule, as the desk makes it ready."""
    return Letter(
        kind="acknowledgement" if rule in (CREATED, DECLINED) else "notice",
        sender=Address("Help desk", "help@desk.example"),
        envelope_sender="",
        recipient=Address("Rita", "rita@acme.example"),
        reply_to=None,
        subject="[TIX-12] Printer",
        text=texts.find(rule) if body is None else body,
        values=values(**given.pop("values", {})),
        item=given.pop("item", None),
        by_name="Ann",
        message_id=f"<{SECRET_ID}>",
        in_reply_to=f"<{SECRET_ID}>",
        references=(f"<{SECRET_ID}>",),
        **given,
    )


def test_every_rule_has_a_text_and_no_other():
    """Of notifications, the two settings, the answer to what came too late, and the links that people ask for."""
    assert set(texts.TEXTS) == {*EVERY, *texts.SUBJECTS}
    assert {CREATED, NEW_TICKET} <= set(MAILED)
    assert {rule.reason for rule in RULES} < set(MAILED)


@pytest.mark.parametrize("name", EVERY)
def test_a_shipped_text_is_valid(name):
    text = texts.find(name)
    assert texts.checked(text) == text
    assert text.isascii()
    assert not text.startswith((" ", "\n"))


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("text", ["It prints again.", ""])
def test_a_shipped_text_makes_a_mail(name, text):
    """It says which ticket it is about, and nothing in braces is left; also where there are no words."""
    mail = read(letters.raw(letter(name, values={"text": text}), T0))
    assert "TIX-12" in mail.text
    assert "{{" not in mail.text
    assert "}}" not in mail.text
    assert mail.text.strip()
    assert mail.subject == "[TIX-12] Printer"
    if "{{ text }}" in texts.find(name):
        assert text in mail.text
    else:
        assert "prints again" not in mail.text


@pytest.mark.parametrize("name", [CREATED, DECLINED])
def test_an_automatic_answer_carries_no_words_of_its_sender(name):
    """Nobody is sent a stranger's text by naming their address."""
    assert "{{ text }}" not in texts.find(name)
    assert "change" not in texts.find(name)
    assert "{{ ticket.subject }}" not in texts.find(DECLINED)


def test_an_assignment_shows_what_was_written_with_it():
    """And no empty lines where nothing was."""
    with_words = texts.filled(texts.find("assigned"), values())
    without = texts.filled(texts.find("assigned"), values(text=""))
    assert with_words == "TIX-12 is assigned to you: Printer\n\nAnn wrote:\n\nIt prints again.\n"
    assert without == "TIX-12 is assigned to you: Printer\n"


def test_a_change_is_told_in_words():
    item = Item(
        "event",
        T0,
        "ann",
        None,
        "staff",
        False,
        type="field-changed",
        field="priority",
        old="low",
        new="high",
    )
    mail = read(letters.raw(letter("changed", item=item), T0))
    assert "Ann changed TIX-12: " in mail.text
    assert "low" in mail.text
    assert "high" in mail.text


@pytest.mark.parametrize("name", ["", "Answered", "nothing", "answered "])
def test_a_text_there_is_not(name):
    with pytest.raises(UnknownName) as refused:
        texts.find(name)
    assert "answered" in refused.value.hint


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        (" \n\t", "empty"),
        ("{{ ticket.secret }}", "not a placeholder"),
        ("{{#text}}x", "not closed"),
        ("{{ ticket.delete() }}", "not a placeholder"),
        ("x" * 20_001, "20,000"),
    ],
)
def test_a_text_that_is_refused(text, words):
    with pytest.raises(InvalidValue, match=words):
        texts.checked(text)


def test_a_text_of_the_desk_s_own():
    own = "Dear {{ recipient.name }},\n{{#text}}\n{{ author.name }} of {{ desk.name }}: {{ text }}\n{{/text}}\n-- \nus\n"
    assert texts.checked(own) == own
    assert texts.filled(own, values()) == "Dear Rita,\nAnn of Help desk: It prints again.\n-- \nus\n"
    assert texts.filled(own, values(text="")) == "Dear Rita,\n-- \nus\n"
    assert "Ann of Help desk: It prints again." in read(letters.raw(letter("answered", own), T0)).text


@pytest.mark.parametrize(
    "hostile",
    [
        "{{ ticket.ref }}",
        "{{#text}}",
        "{{/text}}",
        "{% for a in b %}",
        "${HOME}",
        "$HOME",
        "%(a)s",
        "{0.__class__}",
        "`id`",
        "\\1",
    ],
)
def test_nothing_of_a_value_is_evaluated(hostile):
    """A subject, a name or words that look like a text to fill in are put in as they are."""
    given = {"text": hostile, "author.name": hostile, "ticket.subject": hostile}
    found = texts.filled(
        "<{{ author.name }}|{{ text }}|{{#text}}{{ ticket.subject }}{{/text}}>", values(**given)
    )
    assert found == f"<{hostile}|{hostile}|{hostile}>\n"


def test_what_it_answers_stands_below_the_marker():
    """Quoted, with who wrote it and when, so that an answer to it can be folded."""
    earlier = (Earlier("Rita", T0 - 3600, "It smokes.\n\n> and burns\n"),)
    text = read(letters.raw(letter("answered", earlier=earlier), T0)).text
    above, _, below = text.partition(MARKER)
    assert "It prints again." in above
    assert "It smokes" not in above
    assert "Rita wrote on 2026-11-20 08:00 UTC:\n> It smokes.\n>\n> > and burns" in below
