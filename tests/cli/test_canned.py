"""Canned replies, through real processes; what is put into them, in memory."""

import pytest

from tests.factories import person
from tests.harness import Shell
from tix.domain.canned import LONGEST, PLACEHOLDERS, Facts, checked, first_name, rendered
from tix.domain.tickets.ticket import Ticket
from tix.errors import InvalidValue

NOW = 1_763_629_200


@pytest.fixture
def desk(tmp_path):
    """Two tickets, lan's and ana's."""
    shell = Shell(tmp_path)
    shell.now = "2026-11-20T09:00:00Z"
    shell.tix("init")
    shell.people("sam:agent", "lan:requester", "ana:requester")
    shell.tix("new", "Printer {{ agent.login }}", "-m", "x", as_="lan")
    shell.tix("new", "Screen", "-m", "x", as_="ana")
    shell.tix("canned", "add", "hi", "-m", "Dear {{ requester.name }}, of {{ticket.ref}}", as_="sam")
    yield shell
    shell.close()


def said(desk: Shell, ref: int) -> str:
    thread = desk.tix("show", ref, "--json").json["thread"]
    return [item["body"] for item in thread if item["kind"] == "reply"][-1]


def facts(**ticket: object) -> Facts:
    row = dict.fromkeys(Ticket._fields)
    row |= {"prefix": "T-", "number": 7, "subject": "Ink", "status": "open", "priority": "low"}
    row |= {
        "requester": "lan",
        "created_at": NOW,
        "tags": "secret",
        "team": "secret",
        "notify_email": "secret",
    }
    row |= {"sla": "secret", "internal_fields": "secret", "idempotency_key": "secret", "links": "secret"}
    return Facts(Ticket(**(row | ticket)), person("lan"), person("sam"), NOW)


def test_nothing_that_only_staff_read_has_a_placeholder():
    """Every placeholder, on a ticket whose internal columns all say so."""
    whole = rendered(" ".join(f"{{{{ {name} }}}}" for name in PLACEHOLDERS), facts())
    assert [word for word in ("secret", "{{", "None") if word in whole] == []


def test_what_is_put_in_is_not_read_again():
    assert rendered("{{ticket.subject}}", facts(subject="{{ ticket.ref }} {{x")) == "{{ ticket.ref }} {{x"


@pytest.mark.parametrize(
    "body",
    [
        "{{ ticket.team }}",
        "{{}}",
        "{{ ticket.ref.__class__ }}",
        "{{ 1+1 }}",
        "{{ ticket\n.ref }}",
        "{{ {{ticket.ref}} }}",
    ],
)
def test_an_unknown_placeholder_is_refused(body: str):
    with pytest.raises(InvalidValue) as refused:
        checked(body)
    assert "requester.name" in refused.value.hint


@pytest.mark.parametrize("body", ["{{", "}}", "{ticket.ref}", "{% if %}", "${x}", "%s", "{{ticket.ref}}"])
def test_other_braces_are_text(body: str):
    assert checked(body) == body


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Pat Doe", "Pat"), ("Doe, Pat", "Pat"), ("Dr. Pat Doe", "Pat"), ("Prof. Dr. Pat Doe", "Pat"),
        ("Doe, Dr. Pat", "Pat"), ("Pat Doe, PhD", "Pat"), ("Doe, Pat M., M.D.", "Pat"), ("mr pat doe", "pat"),
        ("van der Berg, Anna", "Anna"), ("Pat", "Pat"), ("  Pat  ", "Pat"), ("Doe,", "Doe"), ("Ba Nguyen", "Ba"),
        ("Ms. Ма Ли", "Ма"), ("Dr.", "Dr."), ("PhD", "PhD"), (",", ","), ("", ""),
    ],
)  # fmt: skip
def test_a_first_name_is_what_a_letter_begins_with(name: str, first: str):
    assert first_name(name) == first


def test_a_text_of_braces_is_read_once():
    """Looked through again from each brace this would take two hours."""
    body = "{{" * 200_000
    assert rendered(body, facts()) == body


def test_a_canned_reply_has_a_limit():
    assert checked("x" * LONGEST)
    with pytest.raises(InvalidValue, match="20,001"):
        checked("x" * (LONGEST + 1))


def test_it_is_filled_in_for_each_ticket(desk: Shell):
    assert desk.tix("reply", "1-2", "--canned", "hi", as_="sam").refs == ["TIX-1", "TIX-2"]
    assert said(desk, 1) == "Dear Lan, of TIX-1"
    assert said(desk, 2) == "Dear Ana, of TIX-2"


def test_a_text_stands_below_it(desk: Shell):
    desk.tix("reply", 1, "--canned", "hi", "-m", "And {{ this }} stays.", "--status", "resolved", as_="sam")
    assert said(desk, 1) == "Dear Lan, of TIX-1\n\nAnd {{ this }} stays."
    desk.tix("reply", 1, "--canned", "hi", "-F", "-", stdin="piped", as_="sam")
    assert said(desk, 1) == "Dear Lan, of TIX-1\n\npiped"


def test_the_editor_begins_with_it(desk: Shell):
    editor = desk.folder / "editor"
    editor.write_text('#!/bin/sh\ncp "$1" seen.md\nsed -i "1s/$/, edited/" "$1"\n')
    editor.chmod(0o755)
    desk.tix("reply", 1, "--canned", "hi", "-e", as_="sam", env={"TIX_EDITOR": str(editor)})
    assert (desk.folder / "seen.md").read_text().startswith("Dear Lan, of TIX-1\n")
    assert said(desk, 1) == "Dear Lan, of TIX-1, edited"


def test_a_preview(desk: Shell):
    assert desk.tix("canned", "show", "hi", "--for", "2", "--json").json["body"] == "Dear Ana, of TIX-2"
    assert (
        desk.tix("canned", "show", "hi", "--json").json["body"]
        == "Dear {{ requester.name }}, of {{ticket.ref}}"
    )
    assert "{{ agent.login }}" in desk.tix("list", "--title", "printer").out
    desk.tix("canned", "show", "hi", "--for", "99", check=3)


def test_changing_them(desk: Shell):
    desk.tix("canned", "edit", "hi", "-m", "Hello {{ requester.first_name }}", as_="sam")
    desk.tix("reply", 1, "--canned", "HI", as_="sam")
    assert said(desk, 1) == "Hello Lan"
    desk.tix("canned", "edit", "hi", "--inactive")
    desk.tix("reply", 1, "--canned", "hi", check=2)
    assert desk.tix("canned", "rm", "hi", as_="sam").refs == ["hi"]


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["canned", "add", "x", "-m", "{{ ticket.notes }}"], 2),
        (["canned", "add", "x", "-m", " "], 2),
        (["canned", "add", "x"], 2),
        (["canned", "add", "hi", "-m", "x"], 5),
        (["canned", "edit", "hi", "-m", "{{ x }}"], 2),
        (["canned", "edit", "hi"], 2),
        (["canned", "edit", "x", "-m", "y"], 3),
        (["canned", "show", "x"], 3),
        (["canned", "rm", "x"], 3),
        (["reply", "1", "--canned", "x"], 2),
        (["reply", "9", "--canned", "hi"], 3),
    ],
)
def test_bad_input_writes_nothing(desk: Shell, words: list[str], status: int):
    desk.tix(*words, "--json", check=status, as_="sam")
    assert desk.tix("canned", "list", "-o", "ids").refs == ["hi"]
    assert len(desk.tix("show", 1, "--json").json["thread"]) == 1


@pytest.mark.parametrize("words", [["canned"], ["canned", "show", "hi"], ["canned", "add", "x", "-m", "y"], ["canned", "rm", "hi"], ["reply", "1", "--canned", "hi"], ["reply", "1", "--canned", "nothing"]])  # fmt: skip
def test_requesters_have_none(desk: Shell, words: list[str]):
    """Whether or not there is one of that name."""
    assert desk.tix(*words, "--json", as_="lan", check=4).error["code"] == "not-allowed"
