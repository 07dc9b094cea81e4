"""Tables of other programs: encodings, columns, words, comments, groups of rows, and mapping files."""

import io

import pytest

from tests.unit.told import apart_from_gaps
from tix.errors import InvalidValue
from tix.importers.record import Fault, ImportedTicket, Notice
from tix.importers.tables import reader
from tix.importers.tables.encoding import encoding, guessed
from tix.importers.tables.inspection import inspected
from tix.importers.tables.layout import Layout, layout_text, parse_layout

NOW = 1_767_607_200


def read(text: str | bytes, **layout) -> list[ImportedTicket | Fault | Notice]:
    data = text.encode() if isinstance(text, str) else text
    return apart_from_gaps(reader.stories(io.BytesIO(data), Layout(**layout), NOW))


def gaps(text: str, **layout) -> list[str]:
    told = reader.stories(io.BytesIO(text.encode()), Layout(**layout), NOW)
    return [one.one for one in told if isinstance(one, Notice)]


def test_what_no_column_says_is_told_with_what_is_taken_instead():
    """Once a table, not once a row; and not of a table without rows."""
    now = "no column says when tickets were created; the time of the import is taken: name one with --map 'COLUMN=created_at'"
    who = "no column says who asked; the tickets are those of 'ghost': name one with --map 'COLUMN=requester'"
    assert gaps("subject\na\nb\n") == [now, who]
    assert gaps("subject\n") == []
    assert gaps("subject,requester\na,ann\n") == [now]
    assert gaps("subject,created_at\na,2026-01-05\n") == [who]
    assert gaps("subject,requester_email,created_at\na,ann@acme.example,2026-01-05\n") == []
    (earliest,) = gaps("subject,requester,closed_at\na,ann,2026-01-05\n")
    assert "the earliest date in each row is taken" in earliest


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("cp1252", "Jörgen"),
        ("cp1252", "l’été — “quoted”, café déjà vu"),
        ("cp1252", "10 € für Müller"),
        ("cp1250", "Łódź się nie drukuje"),
        ("cp1250", "Žluťoučký kůň příliš"),
        ("cp1251", "Печать снова не работает"),
        ("koi8_r", "Печать снова не работает"),
        ("cp866", "Печать снова не работает"),
        ("cp1252", "Hélène España não Øyvind Çelik ¿Qué? 1º piso"),
        ("cp1253", "Ο εκτυπωτής"),
        ("cp1254", "Yazıcı çalışmıyor, lütfen"),
        ("iso8859_2", "Zażółć gęślą jaźń"),
        ("mac_roman", "café"),
        ("gb18030", "打印机坏了"),
        ("big5", "印表機壞了"),
        ("cp949", "프린터가 고장났습니다. 사용자가 로그인하지 못하는 문제가 있습니다"),
        ("euc_jp", "印刷できません。プリンタの電源を入れても動きません"),
        ("shift_jis", "プリンタが壊れた"),
        ("utf-16", "Žluťoučký 打印机坏了"),
        ("utf-16-le", "Jörgen"),
        ("utf-8-sig", "Jörgen 打印机"),
    ],
)
def test_an_encoding_is_found_by_its_letters(name: str, text: str) -> None:
    data = f"subject,requester\n{text},a@x.example\n".encode(name)
    assert (
        data.decode(encoding(io.BytesIO(data))).removeprefix("\ufeff").split("\n")[1].split(",a@")[0] == text
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [("cp1254", "Şifre"), ("cp1254", "Yazıcı"), ("gb18030", "中文"), ("cp1251", "тест"), ("cp949", "한국어")],
)
def test_a_short_text_that_can_be_several_things_is_not_guessed(name: str, text: str) -> None:
    data = f"subject\n{text}\n".encode(name)
    guess = guessed(io.BytesIO(data))
    assert text in [word for _, word in guess.readings]
    assert len(guess.readings) in (2, 3)
    with pytest.raises(InvalidValue, match="its encoding is not certain") as refused:
        read(data)
    assert text in refused.value.message
    assert "--encoding" in str(refused.value.hint)
    [one, _] = read(data, encoding=name)
    assert one.subject == text


@pytest.mark.parametrize("data", [b"\xc3", b"\xff", b"subject\n\xe4\xb8", b"subject\n\x81\n"])
def test_bytes_that_are_no_text_in_any_encoding_are_refused_or_asked_about(data: bytes) -> None:
    try:
        assert guessed(io.BytesIO(data)).name
    except InvalidValue as refused:
        assert "not UTF-8" in refused.message  # noqa: PT017  # either is right


def test_utf_8_with_a_few_other_bytes_is_not_another_encoding() -> None:
    data = "subject\nŽluťoučký kůň\n".encode() + b"J\xf6rgen\n"
    with pytest.raises(InvalidValue, match="not UTF-8: invalid byte"):
        read(data)


def test_a_later_byte_that_is_not_utf_8_counts_too() -> None:
    data = b"subject\n" + b"a\n" * 100_000 + "Jörgen\n".encode("cp1252")
    assert encoding(io.BytesIO(data)) == "cp1252"


def test_repeated_columns_become_comments_and_tags() -> None:
    [one] = read("subject,Labels,Labels,Comment,Comment\na,x,y,first,second\n", columns={"Labels": "tags"})
    assert one.tags == ("x", "y")
    assert [said.body for said in one.remarks] == ["first", "second"]


def test_columns_that_nobody_knows_are_listed_at_once_and_can_be_kept_or_left_out() -> None:
    table = "subject,Mood,Colour\na,good,\n"
    with pytest.raises(InvalidValue, match="'Mood', 'Colour' are not ticket fields"):
        read(table)
    [one] = read(table, columns={"*": "note"})
    assert [(said.body, said.internal) for said in one.remarks] == [("Mood: good", True)]
    [one] = read(table, columns={"*": "none"})
    assert one.remarks == ()


def test_words_are_mapped_by_their_column() -> None:
    [one] = read(
        "subject,State\na,Waiting on Customer\n",
        columns={"State": "status", "State:Waiting on Customer": "on-hold"},
    )
    assert one.status_word == "on-hold"


def test_dates_are_read_in_the_zone_and_a_due_day_ends_the_day() -> None:
    [one] = read("subject,created_at,due_at\na,24.12.2026 15:04,24.12.2026\n", zone="Europe/Berlin")
    assert (one.created_at, one.due_at) == (1_798_121_040, 1_798_153_199)


@pytest.mark.parametrize(
    "cell", ["?", "--", "N/A", "null", "NaT", "0000-00-00 00:00:00", "0001-01-01T00:00:00Z"]
)
def test_a_cell_that_says_there_is_no_date_is_empty(cell: str) -> None:
    [one] = read(f"subject,closed_at\na,{cell}\n")
    assert one.status is None


def test_rows_of_one_ticket_are_one_with_comments_and_changes_in_order() -> None:
    rows = (
        "number,subject,status,updated_at,comment,comment_by\n"
        "7,Jam,New,2026-01-01T10:00:00Z,,\n"
        "8,Ink,New,2026-01-01T10:30:00Z,,\n"
        "7,Jam,In Progress,2026-01-01T11:00:00Z,Looking,amy\n"
        "7,Jam,Resolved,2026-01-01T12:00:00Z,Done,amy\n"
        "7,Jam,New,2026-01-01T13:00:00Z,Still,lan\n"
        "7,Jam,Closed,2026-01-01T14:00:00Z,Now,amy\n"
    )  # fmt: skip
    first, second = read(rows, group_by="Number")
    assert (first.number, second.number) == (8, 7)
    assert [said.body for said in second.remarks] == ["Looking", "Done", "Still", "Now"]
    assert [said.by.login for said in second.remarks] == ["amy", "amy", "lan", "amy"]
    assert [(turn.closed, turn.resolved) for turn in second.turns] == [
        (True, True),
        (False, False),
        (True, False),
    ]
    assert second.status == "closed"


def test_rows_that_contradict_each_other_are_a_fault() -> None:
    rows = "number,subject,created_at\n7,a,2026-01-01T00:00:00Z\n7,a,2026-01-02T00:00:00Z\n"
    [fault] = read(rows, group_by="number")
    assert isinstance(fault, Fault)
    assert "another created_at" in fault.message


def test_a_mapping_file_says_what_the_options_say() -> None:
    layout = Layout(
        {"Issue key": "ref", "*": "note", 'a "quoted" name': "tags"},
        {"status": {"Waiting on Customer": "on-hold"}, "Kind of": {"Bug": "issue"}},
        ("%d.%m.%Y",), True, "Europe/Berlin", ";", "cp1252", "Issue key",
    )  # fmt: skip
    assert parse_layout(layout_text(layout), "a.toml") == layout


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("columns = 1", "'columns' in the mapping file a.toml is not a table"),
        ("[columns]\nA = 1", "'columns.A' in the mapping file a.toml is not a text"),
        ("[words]\nstatus = 1", "'status' in the mapping file a.toml is not a table"),
        ("colums = 1", "unknown key 'colums'"),
        ("zone = 'Mars/Base'", "'Mars/Base' is not a time zone"),
        ("encoding = 'rot13'", "'rot13' is not an encoding"),
        ("encoding = 'nope'", "'nope' is not an encoding"),
        ("delimiter = 'ab'", "'ab' is not a delimiter"),
        ("date-formats = ['%Q']", "'%Q' is not the form of a date"),
        ("date-formats = ['%H:%M']", "is not the form of a date"),
        ("date-formats = 'x'", "is not a list"),
        ("day-first = 'x'", "neither true nor false"),
        ("a = ", "cannot be read"),
    ],
)
def test_a_mapping_file_that_is_wrong_is_one_sentence(text: str, words: str) -> None:
    with pytest.raises(InvalidValue, match=words):
        parse_layout(text, "a.toml")


def test_what_a_table_looks_like() -> None:
    found = inspected(io.BytesIO(b"Summary;Status;Labels;Labels;Mood\nJam;New;a;b;good\nInk;;;;\n"), Layout())
    assert (found.encoding, found.delimiter, found.rows) == ("utf-8", ";", 2)
    assert [(one.name, one.field, one.guess, one.filled, one.sample) for one in found.columns] == [
        ("Summary", "?", "subject", 2, "Jam"),
        ("Status", "status", None, 1, "New"),
        ("Labels", "?", "tags", 1, "a"),
        ("Labels", "?", "tags", 1, "b"),
        ("Mood", "?", None, 1, "good"),
    ]
    assert found.layout(Layout()).columns == {"Summary": "subject", "Labels": "tags", "Mood": "note"}
