"""Help topics: what they inherit, what their questions take, and what may be left out."""

import pytest

from tix.domain import topics
from tix.domain.topics import Field, Topic
from tix.errors import InvalidValue, Refused

# ------------------------------------------------------------------------------------------- inheritance


def test_the_topics_one_lies_in():
    assert Topic("A/B/C").parents == ("A/B", "A")
    assert Topic("A").parents == ()


def test_a_topic_of_which_nothing_is_said():
    one = Topic("A")
    assert (one.department, one.assignee, one.team, one.priority, one.sla, one.status) == (None,) * 6
    assert (one.position, one.active) == (0, True)


PARENTS = [
    Topic("A", department="IT", priority="low", sla="gold", status="open", assignee="ann"),
    Topic("A/B", priority="high", team="net"),
    Topic("Other", department="HR"),
]


@pytest.mark.parametrize(
    ("topic", "filled"),
    [
        (
            Topic("A/B/C"),
            {"department": "IT", "priority": "high", "sla": "gold", "status": "open", "team": "net"},
        ),
        (Topic("a/b/c", priority="urgent"), {"department": "IT", "priority": "urgent", "team": "net"}),
        (Topic("A/C"), {"department": "IT", "priority": "low", "assignee": "ann", "team": None}),
        (Topic("A/C", team="web"), {"team": "web", "assignee": None}),  # who it goes to is one answer
        (Topic("A/C", assignee="ben"), {"assignee": "ben", "team": None}),
        (Topic("X/C", sla="iron"), {"department": None, "sla": "iron", "assignee": None}),
        (Topic("Other"), {"department": None}),  # not of itself
    ],
)
def test_what_is_left_open_the_parents_say(topic, filled):
    found = topics.inherited(topic, PARENTS)
    assert {part: getattr(found, part) for part in filled} == filled
    assert found.name == topic.name


# ------------------------------------------------------------------------------------------------ one value


def field(kind="text", key="room", **given):
    return Field("A", key, key.capitalize(), kind, **given)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("text", "  two words ", "two words"),
        ("text", "a\0b", "ab"),
        ("text", "x" * 10_000, "x" * 10_000),
        ("choice", "RED", "Red"),
        ("choice", "green", "green"),
        ("number", "12", 12),
        ("number", "-7", -7),
        ("number", "+7", 7),
        ("number", "007", 7),
        ("number", "1.50", 1.5),
        ("number", "9" * 15, 999_999_999_999_999),
        ("date", "2026-12-31", "2026-12-31"),
        ("date", "2028-02-29", "2028-02-29"),
        *[("boolean", word, True) for word in ("true", "YES", "y", "on", "1")],
        *[("boolean", word, False) for word in ("false", "No", "n", "off", "0")],
        ("email", "Lan@x.example", "lan@x.example"),
        ("url", "https://x.example/a?b#c", "https://x.example/a?b#c"),
        ("url", "HTTP://localhost", "HTTP://localhost"),
    ],
)
def test_what_a_field_takes(kind, text, value):
    found = topics.parse_value(field(kind, choices=("Red", "green")), text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("text", " "), ("text", "x" * 10_001),
        ("choice", "blue"), ("choice", "Re"),
        ("number", "x"), ("number", "1,5"), ("number", "1e3"), ("number", "9" * 16), ("number", "1."), ("number", "٣"),
        ("number", "1.5.1"), ("number", "0x1"),
        ("date", "2026-13-01"), ("date", "2026-02-29"), ("date", "20261231"), ("date", "2026-W01-1x"), ("date", "today"),
        ("date", "2026-12-31T00:00"),
        ("boolean", "maybe"), ("boolean", "2"),
        ("email", "lan"),
        ("url", "x.example"), ("url", "ftp://x.example"), ("url", "https://"), ("url", "https:///a"),
        ("url", "https://x.example/a b"), ("url", "javascript://x"),
    ],
)  # fmt: skip
def test_what_a_field_does_not_take(kind, text):
    """The refusal names the field and says what it takes."""
    with pytest.raises(InvalidValue, match="room") as refused:
        topics.parse_value(field(kind, choices=("Red", "green")), text)
    assert refused.value.hint or "characters" in refused.value.message


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("choice", "one of Red, green"),
        ("number", "a number"),
        ("date", "a date, e.g. 2026-12-31"),
        ("boolean", "yes or no"),
        ("email", "an e-mail address, e.g. name@example.org"),
        ("url", "a web address that begins with http:// or https://"),
        ("text", "text"),
    ],
)
def test_what_a_field_takes_in_words(kind, words):
    assert topics.expects(field(kind, choices=("Red", "green"))) == words


@pytest.mark.parametrize(
    ("value", "text"), [(True, "true"), (False, "false"), (1, "1"), (1.5, "1.5"), ("red", "red"), (0, "0")]
)
def test_a_value_as_text(value, text):
    assert topics.text_of(value) == text


# ------------------------------------------------------------------------------------------------ all of them

ROOM = field()
SEATS = field("number", "seats", default="4")
COST = field("number", "cost", staff_only=True, required=True)
FIELDS = (ROOM._replace(required=True), SEATS, COST)


def test_what_somebody_gave():
    assert topics.parse_values(FIELDS, {"seats": "5", "room": " 12 "}) == {"seats": 5, "room": "12"}
    assert topics.parse_values(FIELDS, {}) == {}


@pytest.mark.parametrize(
    ("fields", "hint"), [(FIELDS, "its fields: room, seats, cost"), ((), "the topic has no custom fields")]
)
def test_what_a_topic_does_not_ask(fields, hint):
    with pytest.raises(InvalidValue, match="no custom field 'colour'") as refused:
        topics.parse_values(fields, {"colour": "red"})
    assert refused.value.hint == hint


@pytest.mark.parametrize(
    ("values", "staff", "whole"),
    [
        ({"room": "12", "cost": 7}, True, {"room": "12", "cost": 7, "seats": 4}),
        ({"room": "12", "cost": 7, "seats": 9}, True, {"room": "12", "cost": 7, "seats": 9}),
        ({"room": "12"}, False, {"room": "12", "seats": 4}),  # what is the staff's nobody else is asked
    ],
)
def test_what_is_missing_has_its_default(values, staff, whole):
    before = dict(values)
    assert topics.completed(FIELDS, values, staff=staff) == whole
    assert values == before


@pytest.mark.parametrize(
    ("values", "staff", "words"),
    [
        ({}, True, "room, cost are missing"),
        ({}, False, "room is missing"),
        ({"room": "12"}, True, "cost is missing"),
    ],
)
def test_what_is_required(values, staff, words):
    with pytest.raises(InvalidValue, match=words):
        topics.completed(FIELDS, values, staff=staff)


def test_a_default_is_read_like_an_answer():
    with pytest.raises(InvalidValue, match="seats"):
        topics.completed([SEATS._replace(default="some")], {}, staff=True)


def test_what_still_means_something_under_other_questions():
    values = {"room": "12", "seats": 4, "vip": True, "gone": "x"}
    other = [field("number"), field("text", "seats"), field("boolean", "vip")]
    assert topics.fitting(other, values) == {"room": 12, "seats": "4", "vip": True}
    assert topics.fitting([field("number")], {"room": "attic"}) == {}
    assert topics.fitting([], values) == {}


def test_what_has_to_be_answered_before_the_end():
    asked = [ROOM, field("number", "cost", required_to_close=True), field(key="why", required_to_close=True)]
    topics.refuse_unfinished(asked, {"cost": 1, "why": "x"}, "TIX-1")
    topics.refuse_unfinished([ROOM], {}, "TIX-1")
    with pytest.raises(Refused, match="TIX-1 cannot be resolved or closed without cost, why") as refused:
        topics.refuse_unfinished(asked, {"room": "12"}, "TIX-1")
    assert "tix edit TIX-1 --field cost=" in refused.value.hint
    with pytest.raises(Refused, match=r"without why$"):
        topics.refuse_unfinished(asked, {"cost": 1}, "TIX-1")


def test_what_everybody_reads_and_what_is_the_staffs():
    assert topics.split(FIELDS, {"room": "12", "cost": 7, "old": 1}) == (
        {"room": "12", "old": 1},
        {"cost": 7},
    )


def test_a_field_of_which_nothing_is_said():
    one = Field("A", "k", "K")
    assert (one.kind, one.choices, one.required, one.required_to_close, one.staff_only) == (
        "text", (), False, False, False,
    )  # fmt: skip
    assert (one.default, one.position) == (None, 0)
