"""Names and logins: one key for all spellings of a name, a legal login for everybody, nobody becomes another."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tix.desk.transfer.people import PeopleMap
from tix.domain.names import name_key
from tix.domain.people import Person, free_login, is_login, kept_login, login_for, numbered, parse_email
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
    taken = {"zoe", "zoe.2", "zoe-klein"}
    assert free_login("Zoë", taken.__contains__) == "zoe.3", "zoe-3 could be a ticket"
    assert free_login("Zoë Klein", taken.__contains__) == "zoe-klein-2"


@given(st.text(), st.integers(2, 4))
def test_a_login_with_a_number_is_legal(word: str, number: int):
    assert is_login(numbered(login_for(word), number))


def test_who_has_a_login_of_an_older_tix_is_found():
    zoe, other = _person("zoe", "Zoé", "requester"), _person("zoe-2", "Zoë", "requester")
    known = {one.login: one for one in (zoe, other)}
    cast = PeopleMap(known.get, lambda email: None, lambda person: True)
    assert cast.member(ImportedAuthor(None, "Zoë")).login == "zoe-2"


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
    assert cast.member(ImportedAuthor(None, "Ann Lee")).is_staff is False
    assert cast.member(ImportedAuthor("ann-lee")).is_staff


def test_a_name_is_that_of_an_account_only_where_an_import_made_it():
    ann = _person("ann-lee", "Ann Lee", "requester")
    ours = PeopleMap({"ann-lee": ann}.get, lambda email: None, lambda person: True)
    assert ours.member(ImportedAuthor(None, "ann  lee")).login == "ann-lee"
    assert ours.member(ImportedAuthor(None, "Ann-Lee")).login == "ann-lee-2"
    others = PeopleMap({"ann-lee": ann}.get, lambda email: None)
    assert others.member(ImportedAuthor(None, "Ann Lee")).login == "ann-lee-2"


@pytest.mark.parametrize(("one", "other"), [("Strauß", "Strauss"), ("Jürgen", "Jurgen"), ("ﬁn", "fin")])
def test_letters_that_only_look_alike_are_two_people(one: str, other: str):
    cast = _cast()
    first, second = (cast.member(ImportedAuthor(None, f"{name} Klein")) for name in (one, other))
    assert first.login != second.login


def test_the_importer_says_who_somebody_is():
    sam = _person("sam", "Sam Vimes")
    cast = _cast(sam)
    cast.know([("S. Vimes", "sam"), ("Anna Müller", "Anna M. <anna@x.example>"), ("nobody", "sam")])
    assert cast.member(ImportedAuthor(None, "s. vimes")).login == "sam"
    anna = cast.member(ImportedAuthor("amueller", "Anna Müller"))
    assert (anna.name, anna.email) == ("Anna M.", "anna@x.example")
    assert cast.unneeded == ["nobody"]
    with pytest.raises(InvalidValue, match="'sma', 'ann a'"):
        cast.know([("S", "sma"), ("A", "ann a"), ("B", "sam")])


@given(st.lists(st.text(min_size=1), unique_by=lambda name: " ".join(name.split()).lower()))
def test_as_many_names_as_people(names: list[str]):
    """Whatever they are called; a second import of the same names finds the same people."""
    voices = [ImportedAuthor(None, name) for name in names if name.strip()]
    cast = _cast()
    found = [cast.member(voice) for voice in voices]
    identities = {unicodedata.normalize("NFC", " ".join(voice.name.split())).lower() for voice in voices}
    assert len({one.login for one in found}) == len(identities)
    assert all(is_login(one.login) for one in found)
    stored = {one.login: _person(one.login, one.name, "requester") for one in cast.newcomers.values()}
    again = PeopleMap(stored.get, lambda email: None, lambda person: True)
    assert [again.member(voice).login for voice in voices] == [one.login for one in found]
    assert again.newcomers == {}


def test_a_later_better_name_wins():
    cast = _cast()
    login = cast.member(ImportedAuthor(None, None, "chris@x.example")).login
    cast.member(ImportedAuthor(None, "Christopher Robbins", "chris@x.example"))
    assert cast.newcomers[login].name == "Christopher Robbins"
