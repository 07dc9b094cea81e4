"""Tables with the names of our fields as heads."""

import io
from collections.abc import Mapping

import pytest

from tests.unit.told import apart_from_gaps
from tix.errors import InvalidValue
from tix.importers.record import Ending, Fault, ImportedAuthor, ImportedChange, ImportedTicket
from tix.importers.tables import reader
from tix.importers.tables.layout import Layout

TEN = 1767607200  # 2026-01-05T10:00:00Z
NOW = TEN + 10**6


def read(text: str | bytes, mapping: Mapping[str, str] | None = None) -> list[ImportedTicket | Fault]:
    data = text.encode() if isinstance(text, str) else text
    return apart_from_gaps(reader.stories(io.BytesIO(data), Layout(mapping or {}), NOW))


def one(text: str | bytes, mapping: Mapping[str, str] | None = None) -> ImportedTicket:
    [told] = read(text, mapping)
    assert isinstance(told, ImportedTicket), told
    return told


def test_a_whole_row_becomes_a_story() -> None:
    head = (
        "ref,number,subject,message,status,priority,type,category,about,tags,assignee,requester,requester_name,"
        "requester_email,creator,email,phone,due_at,created_at,updated_at,closed_at,closed_by,version,topic"
    )
    row = (
        'TIX-7,7,No toner,"Empty,\nreally",closed,urgent,issue,print,asset:4,"a, b",bob,lan,Lan,lan@x.example,amy,'
        "l@x.example,555,2026-01-06T10:00:00Z,2026-01-05T10:00:00Z,2026-01-05T12:00:00Z,2026-01-05T11:00:00Z,bob,3,HW"
    )
    assert one(f"{head}\r\n{row}\r\n") == ImportedTicket(
        key="csv/TIX-7/2026-01-05T10:00:00Z",
        about="asset:4",
        subject="No toner",
        body="Empty,\nreally",
        author=ImportedAuthor("amy"),
        created_at=TEN,
        turns=(ImportedChange(TEN + 3600, ImportedAuthor("bob"), closed=True),),
        status="closed",
        priority="urgent",
        type="issue",
        assignee=ImportedAuthor("bob"),
        tags=("a", "b"),
        category="print",
        requester=ImportedAuthor("lan", "Lan", "lan@x.example"),
        due_at=TEN + 86400,
        email="l@x.example",
        phone="555",
        updated_at=TEN + 7200,
        number=7,
        places={"topic": "HW"},
        status_word="closed",
        ending=Ending(None, TEN + 3600, TEN + 7200, ImportedAuthor("bob")),
        must_know=True,
        is_unmistakable=False,
        line=2,
    )


def test_a_subject_is_enough_and_began_now() -> None:
    told = one("subject\nNo toner\n")
    assert (told.subject, told.body, told.created_at, told.status) == ("No toner", "", NOW, None)


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_the_delimiter_is_found_and_a_byte_order_mark_is_no_text(mark: str, bom: str) -> None:
    told = one(f'{bom}subject{mark}body\n"a{mark}b"{mark}c\n')
    assert (told.subject, told.body) == (f"a{mark}b", "c")


def test_a_mapping_names_what_is_called_otherwise_or_is_left_out() -> None:
    told = one("Title;Due At;Mood\nNo toner;2026-01-05;😀\n", {"title": "subject", "Mood": "none"})
    assert (told.subject, told.due_at) == ("No toner", TEN - 36000 + 86399)  # a due day is over at its end


@pytest.mark.parametrize(
    ("words", "head", "mapping"),
    [
        ("'Mood' is not a ticket field", "subject,Mood", {}),
        ("'feeling' is not a ticket field", "subject,Mood", {"Mood": "feeling"}),
        ("no column 'Moo'", "subject", {"Moo": "none"}),
        ("two columns hold the field 'body'", "subject,body,message", {}),
        ("no column holds the subject", "body", {}),
        ("cannot be read", '"subject', {}),
    ],
)
def test_heads_that_do_not_say_what_is_what_stop_the_import(
    words: str, head: str, mapping: dict[str, str]
) -> None:
    with pytest.raises(InvalidValue, match=words):
        read(f"{head}\na,b,c\n", mapping)


def test_an_unknown_head_is_answered_with_the_valid_ones() -> None:
    with pytest.raises(InvalidValue) as caught:
        read("subject,Mood\n")
    assert "due_at" in (caught.value.hint or "")


def test_an_empty_file_has_no_heads() -> None:
    with pytest.raises(InvalidValue, match="no header line"):
        read("")


@pytest.mark.parametrize(
    ("cell", "text"), [("'=1+1", "=1+1"), ("'@x", "@x"), ("'tis", "'tis"), ("x'=", "x'=")]
)
def test_the_quote_our_export_puts_before_a_formula_is_taken_off(cell: str, text: str) -> None:
    assert one(f"subject,body\ns,{cell}\n").body == text


def test_a_uid_is_the_key_and_rows_without_identity_are_told_apart() -> None:
    uid = "0d3f9a52-7f6e-4a51-9a43-8a0a3f9f1c11"
    keys = [
        told.key
        for told in read(f"subject,uid\na,{uid.upper()}\nb,\nb,\nc,\n")
        if isinstance(told, ImportedTicket)
    ]
    assert keys[0] == uid
    assert len(set(keys)) == 4


def test_the_key_of_a_row_without_identity_does_not_depend_on_the_order_of_columns() -> None:
    assert one("subject,body\na,b\n").key == one("body,subject\nb,a\n").key


def test_refs_of_two_desks_are_two_keys() -> None:
    assert one("ref,subject\n1,a\n").key != one("ref,subject\n1,b\n").key


def test_a_number_is_remembered_as_what_it_is_about() -> None:
    assert one("number,subject\n12,a\n").about == "csv:12"


@pytest.mark.parametrize(
    ("status", "head", "cells"),
    [
        ("closed", "closed_at", "2026-01-05T10:00:00Z"),
        ("resolved", "resolved_at", "2026-01-05T10:00:00Z"),
        ("closed", "status,phase", "archived,closed"),
        ("in-progress", "status,phase", "working,open"),
        ("on-hold", "status", "Pending"),
    ],
)
def test_the_status_is_told_by_word_phase_or_date(status: str, head: str, cells: str) -> None:
    told = one(f"subject,{head}\na,{cells}\n")
    assert told.status == status
    assert bool(told.turns) == (status in {"resolved", "closed"})


@pytest.mark.parametrize("cells", ["a,,,soon", 'a,,,"open', 'a,"b"c,,', "a,,,2026-01-05,surplus"])
def test_a_broken_row_is_a_fault_with_the_line_it_begins_at(cells: str) -> None:
    """A row of two lines stands before it, so that counting rows would give another number."""
    told = read(f'subject,status,priority,due_at\n"a\nb",,,\n{cells}\n')
    assert [type(t) for t in told] == [ImportedTicket, Fault]
    assert isinstance(told[1], Fault)
    assert told[1].line == 4


def test_an_edge_column_without_head_is_ignored_until_a_cell_stands_in_it() -> None:
    assert [type(told) for told in read("subject,\na,\nb,lost\n")] == [ImportedTicket, Fault]


def test_empty_rows_are_no_rows() -> None:
    assert len(read("subject,body\n\n,\na,b\n")) == 1


def test_a_long_message_is_read_whole() -> None:
    assert len(one("subject,body\na," + "x" * 10**6 + "\n").body) == 10**6


def test_places_things_and_answers_are_told_and_judged_by_the_desk():
    """Names stay words here; ``fields`` is an object, and a column of one answer stands over it."""
    head = "subject,department,team,client,sla,assets,fields,field.brand,Field.Size\n"
    row = 'S,Front desk,night,ACME,sev-a,"PC 1,PC; 2","{""brand"": ""North"", ""urgent"": true, ""n"": 3}",South,12\n'
    story = one(head + row)
    assert story.places == {"department": "Front desk", "team": "night", "client": "ACME", "sla": "sev-a"}
    assert story.assets == ("PC 1", "PC; 2")
    assert story.answers == {"brand": "South", "urgent": "true", "n": "3", "size": "12"}
    assert story.remarks == ()


@pytest.mark.parametrize("fields", ["x", "[]", '"{""a"": [1]}"', '"{""a"": {}}"'])
def test_fields_that_are_no_object_of_values_are_a_fault(fields: str):
    assert isinstance(*read(f"subject,fields\nS,{fields}\n"), Fault)


def test_empty_cells_at_the_end_may_be_missing() -> None:
    assert one("subject,body,tags\nA,text\n").body == "text"


def test_resolved_and_closed_are_two_times() -> None:
    told = one("subject,status,created_at,resolved_at,closed_at\na,closed,2026-01-01,2026-01-02,2026-01-09\n")
    assert [(turn.at - told.created_at, turn.resolved) for turn in told.turns] == [
        (86400, True),
        (8 * 86400, False),
    ]


def test_the_source_is_read() -> None:
    assert one("subject,source\na,phone\n").source == "phone"


def test_a_number_that_repeats_is_an_error_that_names_the_way_out() -> None:
    with pytest.raises(InvalidValue, match="lines 2 and 4 have the same number, 7") as caught:
        read("Number,subject,status\n7,Jam,open\n8,Ink,open\n7,Jam,on-hold\n7,Jam,closed\n")
    assert "--group-by 'Number'" in (caught.value.hint or "")


def test_a_quote_inside_a_cell_is_taken_off_only_in_tables_of_our_own() -> None:
    assert one("ref,subject,body\nTIX-1,a,x;'=1\n").body == "x;=1"
    assert one("subject,body\na,\"['a','-b']\"\n").body == "['a','-b']"
