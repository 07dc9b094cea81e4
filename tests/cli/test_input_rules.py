"""What is taken from people: no invisible text, no file name that is an option, a role with what it decides."""

from pathlib import Path

import pytest

from tests.laws.inprocess import Desk
from tix.domain.files.attachments import file_name
from tix.domain.texts import is_blank

INVISIBLE = [
    "\u200b",
    "\u200d",
    "\ufeff",
    "\u00ad",
    " \u2060\u180e\n",
    "\u3164",
    "\u2800",
    "\ufe0f",
    "\u00a0\t",
]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path)
    made.people("sam:agent", "lan:requester")
    made.tix("new", "Printer", "-m", "It smokes.", "--for", "lan")
    return made


@pytest.mark.parametrize("text", ["", " ", "\n", *INVISIBLE])
def test_what_shows_nothing_is_blank(text: str) -> None:
    assert is_blank(text)
    assert not is_blank(f"{text}x")


@pytest.mark.parametrize("text", ["x", "你", "🙂", "é", ".", "\u0301e", "क्", "❤\ufe0f", "\u00a0\u00a3"])
def test_what_shows_something_is_not(text: str) -> None:
    assert not is_blank(text)


@pytest.mark.parametrize(
    "words",
    [
        ("new", "subj", "-m"), ("new", "subj", "--phone", "1", "--category", "c", "-m"), ("reply", 1, "-m"),
        ("note", 1, "-m"), ("edit", 1, "--subject"), ("edit", 1, "--category"), ("edit", 1, "--phone"),
        ("edit", 1, "-p", "low", "--note"), ("time", "add", 1, "5m", "-m"), ("canned", "add", "hi", "-m"),
        ("user", "edit", "lan", "--name"), ("user", "add"), ("client", "add"), ("edit", 1, "--tag"),
        ("close", 1, "-m"), ("search",),
    ],
    ids=str,
)  # fmt: skip
def test_text_that_shows_nothing_is_refused_everywhere(desk: Desk, words: tuple[object, ...]) -> None:
    """Also where it comes through the pipe; nothing is written."""
    before = desk.tix("export").raw_out
    for text in INVISIBLE:
        desk.tix(*words, text, check=2)
    if words[-1] == "-m" and words[0] in ("new", "reply", "note"):
        desk.tix(*words[:-1], "-F", "-", stdin=INVISIBLE[0], check=2)
    assert desk.tix("export").raw_out == before


def test_a_name_that_shows_nothing_is_none(desk: Desk) -> None:
    desk.tix("new", "T", "-m", "x", "--for", "\u200b <bo@x.example>")
    assert desk.tix("show", 2, "--json").json["requester_name"] == "bo@x.example"


# ----------------------------------------------------------------------------------------------- file names


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("-rf", "rf"), ("--help", "help"), ("-", "file"), ("---", "file"), ("- -.bashrc", "bashrc"),
        ("a-b.txt", "a-b.txt"), ("-.txt", "txt"), ("x/-rf", "rf"), ("–rf", "–rf"),
    ],
)  # fmt: skip
def test_a_file_is_saved_without_leading_dashes(name: str, saved: str) -> None:
    assert file_name(name) == saved


def test_it_is_shown_as_it_was_named(desk: Desk) -> None:
    (desk.folder / "-rf").write_text("one")
    desk.tix("attach", "add", 1, "./-rf")
    assert [one["name"] for one in desk.tix("attach", "list", 1, "--json").json] == ["-rf"]
    out = desk.folder / "out"
    out.mkdir()
    saved = desk.tix("attach", "save", 1, "--dir", out, "--json").json
    assert [(one["name"], Path(one["path"]).name) for one in saved] == [("-rf", "rf")]
    assert [path.name for path in out.iterdir()] == ["rf"]


# ---------------------------------------------------------------------------------------------------- roles


def test_an_agent_who_becomes_a_requester_gives_up_departments_and_teams(desk: Desk) -> None:
    """The message says what is in the way, and its hint is the command that works."""
    desk.tix("department", "add", "Desk")
    desk.tix("team", "add", "Night")
    desk.tix("user", "edit", "sam", "--departments", "Desk", "--teams", "Night")
    said = desk.tix("user", "edit", "sam", "--role", "requester", "--json", check=2).error
    assert "departments: Desk; teams: Night" in said["message"]
    command = said["hint"].partition("tix ")[2].split()
    assert command == "user edit sam --role requester --departments none --teams none".split()
    desk.tix(*command)
    assert desk.tix("user", "show", "sam", "--json").json["role"] == "requester"


def test_an_agent_of_whom_no_department_is_named_just_becomes_one(desk: Desk) -> None:
    desk.tix("user", "edit", "sam", "--role", "requester")


def test_a_client_s_contact_who_becomes_staff_gives_up_the_client(desk: Desk) -> None:
    desk.tix("client", "add", "Acme")
    desk.tix("user", "edit", "lan", "--client", "Acme", "--contact", "primary")
    said = desk.tix("user", "edit", "lan", "--role", "agent", "--json", check=2).error
    assert "client: Acme; contact: primary" in said["message"]
    desk.tix(*said["hint"].partition("tix ")[2].split())
    assert desk.tix("user", "show", "lan", "--json").json["client"] is None


LISTS = [
    "list",
    "search printer",
    "log",
    "time list",
    "notification list",
    "mail outbox list",
    "mail quarantine list",
]


@pytest.mark.parametrize("command", LISTS)
def test_a_limit_that_no_number_of_the_store_holds_is_refused(desk: Desk, command: str) -> None:
    limit = 2**63
    refused = desk.tix(*command.split(), "--limit", limit, check=2)
    assert f"{limit} is not a valid limit" in refused.err


@pytest.mark.parametrize("option", ["--about", "--phone", "--tag", "--category"])
def test_a_value_on_one_line_is_short(desk: Desk, option: str) -> None:
    """Every list of tickets carries them."""
    said = "order:" + "9" * 1000
    refused = desk.tix("new", "Fat", "-m", "x", option, said, check=2)
    assert "a value has 1,006 characters; the limit is 1,000" in refused.err
    desk.tix("new", "Fat", "-m", "x", option, said[:1000])
