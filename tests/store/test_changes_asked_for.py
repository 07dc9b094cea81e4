"""A change somebody asks for, by whatever way: words by field, parsed below every channel."""

import pytest

from tests.factories import world
from tix.desk.tickets import edit
from tix.domain.tickets.edit import Edit
from tix.errors import InvalidValue


@pytest.fixture
def desk(tmp_path):
    """A new desk, as an agent sees it."""
    with world(tmp_path) as made:
        yield made.desk("ann")


def test_words_become_values(desk):
    words = {"subject": " Printer ", "type": "Issue", "phone": "none", "priority": "HIGH", "due_at": "+1h"}
    asked = edit.parse(desk, {**words, "tags": ["VIP,office"], "remove_tags": ["old"]})
    assert asked.fields == {"subject": "Printer", "type": "issue", "phone": None}
    assert asked.priority is not None
    assert asked.priority.name == "high"
    assert asked.due_at == (desk.now + 3600,)
    assert (asked.tags, asked.remove_tags) == (("vip", "office"), ("old",))


def test_what_is_not_mentioned_stays(desk):
    assert edit.parse(desk, {}) == Edit({})
    assert edit.parse(desk, {"subject": None, "tags": None}) == Edit({})


@pytest.mark.parametrize("word", ["none", "NONE"])
def test_none_returns_a_due_date_to_the_plan(desk, word):
    assert edit.parse(desk, {"due_at": word}).due_at == (None,)


@pytest.mark.parametrize(
    ("name", "word"),
    [("subject", "\u200b"), ("type", "x"), ("email", "x"), ("due_at", "soon"), ("priority", "none")],
)
def test_a_wrong_word_is_refused(desk, name, word):
    with pytest.raises(InvalidValue):
        edit.parse(desk, {name: word})
