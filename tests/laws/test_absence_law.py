"""Not yours is not there: same words, same bytes, same exit code, for every verb that takes a reference."""

import re
import sys

import pytest

from tests import engines
from tests.laws.office import ROLES, Office
from tests.laws.surface import arguments, leaves, longest, options, word_of
from tests.laws.test_canary_law import base, value_of
from tix.desk.tickets import read
from tix.errors import NotFound
from tix.store.tickets import tickets as repository

pytestmark = pytest.mark.long

# otto's in Billing, one that was deleted, and none at all; no other number in an answer looks like them.
HIDDEN, DELETED, ABSENT = 4711, 4712, 4797
# Who sees neither.
BLIND = ("requester", "manager", "primary contact", "agent of Support", "agent of none")
SPELLINGS = ("N", "TIX-N", "tix-N", "#N", "OTHER-N", "N-N", "N,M", "M,N")


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """Everybody's desk, and the three numbers."""
    made = Office(tmp_path_factory.mktemp("absence"))
    tix = made.desk.tix
    (made.desk.folder / "saved").mkdir()
    tix("config", "set", "next_number", HIDDEN)
    for _ in (HIDDEN, DELETED):
        tix("new", "Printer", "-m", "It smokes.", "--for", "otto", "--department", "Billing")
    tix("delete", DELETED, "--yes")
    return made


def lines():
    """Every verb that takes a reference, alone, with each of its options, and each spelling of a number."""
    for path, command in leaves():
        if path[0] == "notification" or not any(word_of(one) == "ID" for one in arguments(command)):
            continue
        line = base(path, command)
        if path == ("assign",):
            line += ["ann"]
        yield line
        yield [*line, "--json"]
        for one in options(command):
            yield [*line, longest(one)] if one.is_flag else [*line, longest(one), value_of(one)]
        for spelling in SPELLINGS[1:]:
            yield [spelling if word == "N" else word for word in line]
    yield ["N"]
    yield ["new", "words", "-m", "text", "--about", "ticket:N"]
    # Beside one's own, each its own word; and with a version, which is looked at before anything is refused.
    for words in (("show",), ("close",), ("reply", "-m", "text"), ("edit", "--subject", "x")):
        yield [words[0], "M", "N", *words[1:]]
        yield [words[0], "M", "N", *words[1:], "--json"]
    yield ["edit", "N", "--if-version", "7", "--subject", "x"]
    yield ["__complete", "--", "show", "N"]
    yield ["__complete", "--", "close", "TIX-N"]


def answer(office, line, role, number):
    """What a command says of a ticket, with its number taken out; on a copy, because it may write."""
    desk = office.desk
    copy = desk.folder / "answer.db"
    engines.copy(desk.store, copy)
    own = str(office.numbers[role, "own"])
    words = [_named(word, str(number), own) for word in line]
    result = desk.tix(*words, as_=ROLES[role], store=copy, check=None)
    assert result.code != 1, f"a bug in tix\n{result}"
    texts = [re.sub(rf"(?<!\d){number}(?!\d)", "N", _plain(text)) for text in (result.out, result.err)]
    return (*texts, result.code)


def _named(word, number, own):
    if word not in (*SPELLINGS, "M", "ticket:N"):
        return word
    return word.replace("N", number).replace("M", own)


def _plain(text):
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "UUID", text)
    return re.sub(r'your text is saved: .*|"draft": "[^"]*"', "saved", text)


def check(office, role):
    """The three get the same answer; how many commands were asked, and what they exited with."""
    codes = []
    for line in lines():
        answers = {number: answer(office, line, role, number) for number in (HIDDEN, DELETED, ABSENT)}
        assert answers[HIDDEN] == answers[ABSENT], line
        assert answers[DELETED] == answers[ABSENT], line
        codes.append(answers[ABSENT][2])
    return codes


@pytest.mark.parametrize("role", BLIND)
def test_not_yours_is_not_there(office, role):
    """Whatever the verb, the option, the spelling and the role."""
    codes = check(office, role)
    assert len(codes) > 200
    assert codes.count(3) > len(codes) / 2
    assert set(codes) <= {
        0,
        2,
        3,
        4,
        5,
        9,
    }  # 5: --read-only refuses every write, to a hidden ticket or another


def test_a_telling_refusal_is_seen(office, monkeypatch):
    """Control: a desk that says "not yours" where it means "not there"."""
    where = sys.modules[read.find.__module__]
    real = where.not_found

    def telling(desk, reference):
        hidden = repository.get(desk.store, reference.number, desk.scope._replace(kind="all")) is not None
        found = real(desk, reference)
        return NotFound(f"{found.message}{' of yours' if hidden else ''}", hint=found.hint)

    monkeypatch.setattr(where, "not_found", telling)
    with pytest.raises(AssertionError):
        check(office, "requester")
