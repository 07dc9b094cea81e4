"""Search on a real index: what counts as found, and in which order. Brute force is in tests/laws."""

import pytest

from tests.factories import file, ref, world
from tix.desk.tickets import reply, status
from tix.domain.search import parse_query
from tix.store.search import fulltext
from tix.store.search.queue import Selection


@pytest.fixture
def desk(tmp_path):
    """An empty desk."""
    with world(tmp_path) as made:
        yield made


def found(desk, *typed, login="ann", column=None, without=(), **selection):
    """The numbers, best first."""
    me = desk.desk(login)
    chosen = Selection(selection.pop("filters", {}), **selection)
    hits = fulltext.search(desk.store, me.scope, parse_query(typed, without), chosen, desk.now, column)
    return [hit.row.ticket.number for hit in hits]


def test_each_word_may_stand_in_another_entry(desk):
    """The unit is the ticket: subject, messages, file names, people and notes together."""
    number = desk.new(subject="Printer", body="It smokes.", uploads=(file("toner.log"),))
    reply.reply(desk.desk("ann"), ref(number), "Cartridge replaced.")
    reply.note(desk.desk("ann"), ref(number), "Warranty is over.")
    desk.new(subject="Printer", body="Cartridge")
    assert found(desk, "printer", "smokes", "cartridge", "toner", "warranty", "rita") == [number]
    assert found(desk, "printer", "smokes", "cartridge", "toner", "rita", login="rita") == [number]
    assert found(desk, "warranty", login="rita") == []


def test_a_subject_weighs_more(desk):
    """Best first: the word in the subject before the word in a long text."""
    long = desk.new(subject="Something", body="printer " + "and much else " * 50)
    short = desk.new(subject="Printer", body="x")
    for _ in range(5):
        desk.new(subject="Other", body="Nothing of it.")
    assert found(desk, "printer") == [short, long]
    assert found(desk, "printer", column="subject") == [short]


def test_what_is_not_wanted(desk):
    """-word inside an argument, or --not."""
    one, two = desk.new(body="red blue"), desk.new(body="red green")
    assert found(desk, "red -blue") == [two]
    assert found(desk, "red", without=("green",)) == [one]
    assert found(desk, "-red") == []


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Straße", "STRASSE"), ("école", "E\u0301COLE"), ("Łódź", "lodz"), ("东京打印机坏了", "打印"), ("ﬁle", "file"),
        ("プリンター", "リン"), ("error-42", '"error 42"'), ("v2.0", "v2.0"), ("İstanbul", "istanbul"),
    ],
)  # fmt: skip
def test_folding(desk, written, typed):
    """Case, accents, ß, ligatures fold; CJK is found inside longer words."""
    number = desk.new(body=f"before {written} after")
    desk.new(body="before after")
    assert found(desk, typed) == [number]


@pytest.mark.parametrize(
    "typed", ['"', "*", "NEAR(a b)", "a OR b", "subject:zq", "^zq", "(", "-", "''", "{zq}", "\\", "%"]
)
def test_any_input_is_safe(desk, typed):
    """No operator of the engine, and no error."""
    desk.new(body="plain words")
    assert found(desk, typed) == []


@pytest.mark.parametrize("cap", [1, 2, 5, 20_000])
def test_a_common_word_is_never_cut_off(desk, cap):
    """Beyond the bound on ranking no ticket is lost: to a filter, a scope, another word, or a limit."""
    numbers = [
        desk.new("rita" if place % 3 else "rolf", body=f"common {'rare' if place == 2 else ''}")
        for place in range(12)
    ]
    status.pull(desk.desk("ann"), ref(numbers[0]), "close")

    def hits(*typed, login="ann", **chosen):
        me = desk.desk(login)
        selection = Selection(chosen.pop("filters", {}), **chosen)
        rows = fulltext.search(desk.store, me.scope, parse_query(typed), selection, desk.now, cap=cap)
        return [hit.row.ticket.number for hit in rows]

    assert sorted(hits("common")) == numbers
    assert hits("common", "rare") == [numbers[2]]
    assert hits("common", filters={"closed": None}) == [numbers[0]]
    assert hits("common", filters={"closed": None}, limit=5) == [numbers[0]]
    assert sorted(hits("common", login="rolf")) == numbers[::3]
    assert len(hits("common", limit=3)) == 3
    assert len(set(hits("common", limit=11))) == 11
