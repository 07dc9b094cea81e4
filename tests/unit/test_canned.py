"""Canned replies: every placeholder, what is put in, and what is never evaluated."""

import pytest

from tests.factories import T0, person, ticket
from tix.domain import canned
from tix.domain.canned import LONGEST, PLACEHOLDERS, Canned, Facts, checked, filled, rendered
from tix.errors import InvalidValue

FULL = Facts(
    ticket(
        number=12, subject="Out of {paper}", type="issue", topic="Printer", department="IT", client="Acme",
        assignee="ben", about="campaign:42", due_at=T0 + 3600,
    ),
    person("rita", "requester", name="Rita Rossi", email="rita@x.example"),
    person("ann", name="Ann Berg"),
    T0,
)  # fmt: skip
BARE = Facts(ticket(), None, person("ann"), T0)

# Of each placeholder what stands for it where everything is known, and where hardly anything is.
TABLE = {
    "ticket.ref": ("TIX-12", "TIX-1"),
    "ticket.subject": ("Out of {paper}", "Printer"),
    "ticket.status": ("open", "open"),
    "ticket.priority": ("medium", "medium"),
    "ticket.type": ("issue", ""),
    "ticket.topic": ("Printer", ""),
    "ticket.department": ("IT", ""),
    "ticket.client": ("Acme", ""),
    "ticket.assignee": ("ben", ""),
    "ticket.about": ("campaign:42", ""),
    "ticket.created_at": ("2026-11-20T09:00:00Z", "2026-11-20T09:00:00Z"),
    "ticket.due_at": ("2026-11-20T10:00:00Z", ""),
    "requester.name": ("Rita Rossi", ""),
    "requester.first_name": ("Rita", ""),
    "requester.login": ("rita", "rita"),
    "requester.email": ("rita@x.example", ""),
    "agent.name": ("Ann Berg", "Ann"),
    "agent.login": ("ann", "ann"),
    "today": ("2026-11-20", "2026-11-20"),
}


@pytest.mark.parametrize("name", TABLE)
def test_what_stands_for_a_placeholder(name):
    full, bare = TABLE[name]
    assert rendered(f"<{{{{ {name} }}}}>", FULL) == f"<{full}>"
    assert rendered(f"<{{{{{name}}}}}>", BARE) == f"<{bare}>"


def test_there_are_no_other_placeholders():
    """Only what a requester may read has a name."""
    assert set(PLACEHOLDERS) == set(TABLE)


@pytest.mark.parametrize(("name", "first"), [("Rita", "Rita"), ("", ""), ("  Rita  Maria Rossi", "Rita")])
def test_the_first_name(name, first):
    facts = FULL._replace(requester=person("rita", "requester", name=name))
    assert rendered("{{requester.first_name}}", facts) == first


def test_somebody_without_an_address():
    facts = FULL._replace(requester=person("rita", "requester", email=None))
    assert rendered("{{requester.email}}", facts) == ""


def test_texts_with_several_placeholders():
    text = "Dear {{requester.first_name}},\n{{ ticket.ref }} {ticket.ref} {{\nticket.status\n}}{{ today}}"
    assert checked(text) == text
    assert rendered(text, FULL) == "Dear Rita,\nTIX-12 {ticket.ref} open2026-11-20"


def test_what_is_put_in_is_no_text_to_fill_in():
    facts = FULL._replace(ticket=ticket(subject="{{agent.login}}"))
    assert rendered("{{ticket.subject}}", facts) == "{{agent.login}}"


def test_a_placeholder_of_another_version_stays_as_it_stands():
    assert rendered("{{ ticket.mood }}, {{}}", FULL) == "{{ ticket.mood }}, {{}}"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("{{ ticket.mood }}", "'{{ ticket.mood }}'"),
        ("{{today}} {{}}", "'{{  }}'"),
        ("{{ a\n b }}", "'{{ a b }}'"),
        ("{{" + "x" * 41 + "}}", "'{{ " + "x" * 40 + " }}'"),
        ("{{ Today }}", "'{{ Today }}'"),
    ],
)
def test_an_unknown_placeholder_is_refused(text, named):
    with pytest.raises(InvalidValue) as refused:
        checked(text)
    assert named in refused.value.message
    assert all(name in refused.value.hint for name in TABLE)


@pytest.mark.parametrize("text", ["", "no braces", "{ today }", "{{ today", "today }}"])
def test_what_has_no_placeholder(text):
    assert checked(text) == rendered(text, FULL) == text


def test_a_canned_reply_is_offered_unless_somebody_says_otherwise():
    assert Canned("hello", "Hello.").active is True


# --------------------------------------------------------------------------------------------- sections

VALUES = {"full": "words", "other": "more", "empty": "", "blank": " \n"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{#full}}yes{{/full}}", "yes"),
        ("{{#empty}}yes{{/empty}}", ""),
        ("{{#blank}}yes{{/blank}}", ""),
        ("{{^full}}no{{/full}}", ""),
        ("{{^empty}}no{{/empty}}", "no"),
        ("{{^blank}}no{{/blank}}", "no"),
        ("{{ # full }}{{full}}{{ / full }}", "words"),
        ("a{{#full}}b{{/full}}c{{#empty}}d{{/empty}}e", "abce"),
        ("{{#full}}a{{#other}}b{{/other}}c{{/full}}", "abc"),
        ("{{#full}}a{{#empty}}b{{/empty}}c{{/full}}", "ac"),
        ("{{#empty}}a{{#full}}b{{/full}}{{full}}c{{/empty}}", ""),
        ("{{^empty}}a{{^full}}b{{/full}}c{{/empty}}", "ac"),
        ("{{#full}}a{{#full}}b{{/full}}c{{/full}}", "abc"),
        # The line of a mark that stands alone goes with it.
        ("a\n{{#full}}\nb\n{{/full}}\nc\n", "a\nb\nc\n"),
        ("a\n{{#empty}}\nb\n{{/empty}}\nc\n", "a\nc\n"),
        ("{{#full}}\nb\n{{/full}}", "b\n"),
        ("a {{#full}}\nb{{/full}}\nc", "a \nb\nc"),
        ("a\n{{full}}\nb", "a\nwords\nb"),
        ("a\n{{empty}}\nb", "a\n\nb"),
    ],
)
def test_a_section_stays_where_its_value_is(text, expected):
    """As in Mustache, over a flat table of strings."""
    assert checked(text, VALUES) == text
    assert filled(text, VALUES) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{{#full}}a", "the section '{{#full}}' is not closed"),
        ("{{^full}}a", "the section '{{#full}}' is not closed"),
        ("{{#full}}a{{#other}}b{{/other}}", "the section '{{#full}}' is not closed"),
        ("a{{/full}}", "'{{/full}}' closes nothing"),
        ("{{#full}}a{{/other}}", "'{{/other}}' closes nothing"),
        ("{{#full}}{{#other}}{{/full}}{{/other}}", "'{{/full}}' closes nothing"),
        ("{{#full}}a{{/full}}{{/full}}", "'{{/full}}' closes nothing"),
        ("{{#}}a{{/}}", "'{{ # }}' is not a placeholder"),
        ("{{#mood}}a{{/mood}}", "'{{ #mood }}' is not a placeholder"),
        ("{{> full}}", "'{{ > full }}' is not a placeholder"),
        ("{{{full}}}", "'{{ {full }}' is not a placeholder"),
        ("{{! full}}", "'{{ ! full }}' is not a placeholder"),
    ],
)
def test_a_section_that_is_not_well_formed_is_refused(text, words):
    with pytest.raises(InvalidValue) as refused:
        checked(text, VALUES)
    assert words in refused.value.message
    assert refused.value.hint


def test_an_ill_formed_section_of_another_version_still_makes_a_text():
    """What is stored is not checked again: whatever it is, the rest of it is sent."""
    for text in ("a{{/full}}b", "{{#full}}ab", "a{{#full}}b{{/other}}", "{{#full}}{{#other}}ab{{/full}}"):
        assert "a" in filled(text, VALUES)
    assert filled("{{#mood}}a{{/mood}}", VALUES) == "{{#mood}}a{{/mood}}"


def test_what_is_put_in_opens_and_closes_no_section():
    values = {"a": "{{#b}}{{b}}{{/b}}{{/a}}", "b": ""}
    assert filled("{{#a}}{{a}}!{{/a}}", values) == values["a"] + "!"


def test_a_text_too_long_is_refused():
    assert checked("x" * LONGEST) == "x" * LONGEST
    with pytest.raises(InvalidValue, match="the limit is 20,000"):
        checked("x" * (LONGEST + 1))


@pytest.mark.parametrize(
    "piece",
    [
        "{{",
        "}}",
        "{{#full}}",
        "{{^empty}}",
        "{{/full}}",
        "{{full}}",
        "{{#full}}{{/full}}",
        "{{ mood }}",
        "{{\n",
        "{",
    ],
)
def test_a_text_is_read_in_one_pass(piece, monkeypatch):
    """Counted: each mark is looked at once, and twice the text is twice the work, whatever it is made of."""
    seen = 0

    def counted(written, real=canned._mark):
        nonlocal seen
        seen += 1
        return real(written)

    monkeypatch.setattr(canned, "_mark", counted)
    counts = []
    for times in (500, 1000):
        seen = 0
        text = piece * times
        filled(text, VALUES)
        counts.append(seen)
        assert seen <= text.count("{{")
    assert counts[1] <= 2 * counts[0] + 1
