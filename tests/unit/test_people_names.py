"""Names and logins: one key for all spellings of a name, a legal login for everybody, nobody becomes another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tix.desk.transfer.people import PeopleMap
from tix.domain.names import name_key
from tix.domain.people import Person, free_login, is_login, kept_login, login_for, parse_email
from tix.errors import InvalidValue
from tix.importers.fields import parse_voice
from tix.importers.record import ImportedAuthor


def _person(login: str, name: str, role: str = "agent") -> Person:
    return Person(1, login, name, None, None, role, True)  # type: ignore[arg-type]


def _cast(*people: Person) -> PeopleMap:
    known = {person.login: person for person in people}
    return PeopleMap(known.get, lambda email: None)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Übung", "übung"), ("café", "cafe\u0301"), ("ＡＢ", "ab"), ("Straße", "STRASSE"), ("a  b", "A b")],
)
def test_spellings_of_one_name(one: str, other: str):
    assert name_key(one) == name_key(other)


def test_letters_with_and_without_marks_are_two_names():
    assert name_key("Jürgen") != name_key("Jurgen")


@given(st.text())
def test_everybody_has_a_legal_login(word: str):
    assert is_login(login_for(word))


@pytest.mark.parametrize(
    ("word", "login"),
    [
        ("ob'rien@x.example", "ob-rien@x.example"),
        ("Łódź", "lodz"),
        ("Jürgen Klein", "jurgen-klein"),
        ("Дмитрий", "dmitriy"),
    ],
)
def test_letters_are_transliterated(word: str, login: str):
    assert login_for(word) == login


def test_a_taken_login_gets_a_number():
    taken = {"zoe", "zoe-2"}
    assert free_login("Zoë", taken.__contains__) == "zoe-3"


def test_a_login_that_an_older_tix_stored_stays_one_persons():
    assert kept_login("lan") == "lan"
    one, other = kept_login("ob'rien@x.example"), kept_login("ob!rien@x.example")
    assert is_login(one)
    assert is_login(other)
    assert one != other
    for word in ("", "a b", "all", "12"):
        with pytest.raises(InvalidValue):
            kept_login(word)


def test_an_address_of_any_alphabet_is_one():
    assert parse_email("Jörg@Exämple.de") == "jörg@exämple.de"
    for word in ("jö rg@x.de", "jörg@", "jörg@x..de", "jörg\u202e@x.de"):
        with pytest.raises(InvalidValue):
            parse_email(word)


NAMES = [
    "Jürgen Klein",
    "Jörgen Klein",
    "Jürgen",
    "Jörgen",
    "Zoë",
    "Zoé",
    "Ann-Lee",
    "Ann Lee",
    "O'Brien",
    "O Brien",
    "zoe",
]


@pytest.mark.parametrize("names", [NAMES, NAMES[::-1]])
def test_different_names_are_different_people(names: list[str]):
    cast = _cast()
    logins = [cast.member(parse_voice(name)).login for name in names]
    assert len(set(logins)) == len(names)
    assert [cast.member(parse_voice(name)).login for name in names] == logins


def test_nobody_becomes_an_account_that_only_looks_alike():
    cast = _cast(_person("jurgen", "Jürgen"), _person("j-rgen", "Jürgen"), _person("ann-lee", "Ann Lee"))
    assert cast.member(parse_voice("Jörgen")).is_staff is False
    assert cast.member(ImportedAuthor(None, "Ann-Lee")).is_staff is False
    assert cast.member(ImportedAuthor(None, "Ann Lee")).login == "ann-lee"
    assert cast.member(ImportedAuthor("ann-lee")).is_staff


def test_a_later_better_name_wins():
    cast = _cast()
    login = cast.member(ImportedAuthor(None, None, "chris@x.example")).login
    cast.member(ImportedAuthor(None, "Christopher Robbins", "chris@x.example"))
    assert cast.newcomers[login].name == "Christopher Robbins"
