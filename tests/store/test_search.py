"""Search on a real index: what counts as found, and in which order. Brute force is in tests/laws."""

import itertools

import pytest

from tests.factories import file, ref, world
from tix.desk.tickets import merge, reply, status
from tix.domain.search import parse_query
from tix.store.search import fulltext, queue
from tix.store.search.queue import Selection


@pytest.fixture
def desk(tmp_path):
    """An empty desk."""
    with world(tmp_path) as made:
        yield made


def found(desk, *typed, login="ann", column=None, without=(), cap=fulltext.CAP, **selection):
    """The numbers, best first."""
    me = desk.desk(login)
    chosen = Selection(selection.pop("filters", {}), **selection)
    hits = fulltext.search(desk.store, me.scope, parse_query(typed, without), chosen, desk.now, column, cap)
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


@pytest.fixture
def merged(desk):
    """Tickets 2 and 3 are merged into 1: 1 and 2 are rita's, 3 is rolf's."""
    for who, subject, body in (
        ("rita", "One", "apple"),
        ("rita", "Two", "banana"),
        ("rolf", "Three", "cherry"),
    ):
        desk.new(who, subject, body, uploads=(file(f"{body}.log"),))
    reply.note(desk.desk("ann"), ref(2), "quince")
    for number in (2, 3):
        merge.merge(desk.desk("ann"), ref(number), ref(1), agreed=True)
    return desk


rare_or_common = pytest.mark.parametrize("cap", [fulltext.CAP, 0], ids=["rare", "common"])


@rare_or_common
def test_the_words_of_a_merged_ticket_are_found_where_they_hang(merged, cap):
    """On the target, also together with its own words; and still on the ticket they were written on."""
    assert sorted(found(merged, "banana", cap=cap)) == [1, 2]
    assert found(merged, "apple", "banana", "cherry", "quince", cap=cap) == [1]
    assert found(merged, "banana.log", "apple", cap=cap) == [1]
    assert found(merged, "apple", without=("banana",), cap=cap) == []
    assert found(merged, "one", "two", cap=cap) == []  # the subject of the other stays its own
    reply.reply(merged.desk("ann"), ref(1), "damson")
    assert found(merged, "cherry", "damson", cap=cap) == [1]
    merge.unmerge(merged.desk("ann"), ref(2))
    assert found(merged, "apple", "banana", cap=cap) == []
    assert found(merged, "banana", cap=cap) == [2]


@rare_or_common
def test_merged_words_are_found_by_who_may_read_them_there(merged, cap):
    """Rita reads her own two on one ticket, of rolf's nothing; rolf reads his on his own."""
    assert found(merged, "apple", "banana", login="rita", cap=cap) == [1]
    assert sorted(found(merged, "banana", login="rita", cap=cap)) == [1, 2]
    assert found(merged, "cherry", login="rita", cap=cap) == []
    assert found(merged, "quince", login="rita", cap=cap) == []
    assert found(merged, "apple", without=("cherry",), login="rita", cap=cap) == [1]
    assert found(merged, "cherry", login="rolf", cap=cap) == [3]
    assert found(merged, "apple", "cherry", login="rolf", cap=cap) == []


@rare_or_common
def test_the_snippet_of_merged_words(merged, cap):
    """It is cut from the entry, on the target too."""
    for login in ("ann", "rita"):
        me = merged.desk(login)
        query = parse_query(["banana"])
        hits = fulltext.search(merged.store, me.scope, query, Selection({}), merged.now, cap=cap)
        hits = fulltext.located(merged.store, me.scope, query, hits)
        texts = {
            hit.row.ticket.number: fulltext.document(merged.store, me.scope, hit.row.ticket, hit.document)
            for hit in hits
        }
        assert texts == {1: "banana", 2: "banana"}


# --------------------------------------------------------------------------------------------- list WORDS


def ran(desk, act):
    """The statements that are run."""
    seen = []
    desk.store.connection.set_trace_callback(seen.append)
    try:
        return act(), seen
    finally:
        desk.store.connection.set_trace_callback(None)


@pytest.mark.parametrize("cap", [fulltext.CAP, 2, 0])
def test_a_page_of_a_list_by_words_is_its_beginning(desk, cap, monkeypatch):
    """The same tickets in the same order as of the whole list, rare words or common, for whoever asks."""
    monkeypatch.setattr(fulltext, "CAP", cap)
    for place in range(12):
        body = f"common {'rare' if place % 5 == 2 else 'other'} {'red' if place % 2 else 'blue'}"
        desk.new("rita" if place % 3 else "rolf", f"Printer {place % 4}", body)
    shown = 0
    for login, filters, sort in itertools.product(
        ("ann", "rita"),
        ({}, {"unassigned": None}, {"ids": [2, 3, 9]}),
        (None, "-last_activity_at", "subject"),
    ):
        scope = desk.desk(login).scope
        for asked in (
            (["common"], None),
            (["common -red"], None),
            (["rare"], None),
            (["printer"], "subject"),
        ):
            words = [(parse_query(asked[0]), asked[1]), (parse_query(["common"]), None)]
            chosen = Selection(filters, sort, -1, fulltext.having(*words))
            whole = [row.ticket.number for row in queue.page(desk.store, scope, chosen, desk.now)]
            hits = {
                id
                for query, column in words[:1]
                for id in fulltext.matching(desk.store, scope, query, 0, column)
            }
            every = queue.page(desk.store, scope, Selection(filters, sort), desk.now)
            assert whole == [row.ticket.number for row in every if row.ticket.id in hits]
            assert queue.count(desk.store, scope, chosen, desk.now) == len(whole)
            for limit in (1, 3, 20):
                page = queue.page(desk.store, scope, chosen._replace(limit=limit), desk.now)
                assert [row.ticket.number for row in page] == whole[:limit]
            shown += len(whole)
    assert shown > 100


@pytest.mark.sqlite
def test_a_page_of_a_list_by_a_common_word_does_not_read_all_its_matches(desk, monkeypatch):
    """The index is asked about tickets one by one, until there are enough."""
    monkeypatch.setattr(fulltext, "CAP", 2)
    for _ in range(10):
        desk.new(body="common")
    scope = desk.desk("ann").scope
    chosen = Selection({}, None, 3, fulltext.having((parse_query(["common"]), None)))
    page, statements = ran(desk, lambda: list(queue.page(desk.store, scope, chosen, desk.now)))
    assert len(page) == 3
    asked = [sql for sql in statements if "MATCH" in sql and "LIMIT 3)" not in sql]
    assert len(asked) == 3, asked
    assert all("rowid >= " in sql for sql in asked)
