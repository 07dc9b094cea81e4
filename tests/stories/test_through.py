"""The second driver itself: what goes through a server, who acts there, and that a difference is seen."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness import Result, Shell
from tests.remote.twins import expect_same
from tests.stories import through
from tests.stories.conftest import MORNING
from tests.stories.through import DECLINED, OF_THE_FILE, ServerShell, command_of
from tix.cli.remote.offered import OFFERED


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[ServerShell]:
    made = ServerShell(tmp_path)
    made.now = MORNING
    yield made
    made.close()


@pytest.mark.sqlite
def test_where_the_lines_go(shell: ServerShell):
    before = ServerShell.lines
    shell.tix("list")  # there is no desk to serve yet
    shell.tix("init")
    shell.people("lan:requester", "sam:agent")
    shell.tix("new", "VPN down", "-m", "x", as_="lan")
    shell.now = "2026-04-01T10:00:00Z"
    shell.tix("reply", 1, "-m", "y", as_="sam")
    shell.tix("reply", 1, "-m", "z", as_="sam@x.example", now="2026-04-01T11:00:00Z")
    shell.tix("whoami", "--as", "sam")
    shell.tix("whoami", as_="nobody", check=2)
    thread = shell.tix("show", 1, "--json").json["thread"]
    said = [(one["by"], one["at"]) for one in thread if one["kind"] != "event"]
    assert said == [
        ("lan", "2026-04-01T09:00:00Z"),
        ("sam", "2026-04-01T10:00:00Z"),
        ("sam", "2026-04-01T11:00:00Z"),
    ]
    assert shell.tix("show", 1, "--json").json["source"] == "api"
    counted = [now - then for now, then in zip(ServerShell.lines, before, strict=True)]
    # Three for the desk and its people; of those that a server offers: no desk, and nobody's key.
    assert counted == [6, 2, 3]


def test_a_difference_is_seen():
    here = Result(("tix", "list"), b"TIX-1\topen\n", b"", 0)
    expect_same(here, here)
    for other in (here._replace(raw_out=b"TIX-1\tnew\n"), here._replace(raw_err=b"!"), here._replace(code=1)):
        with pytest.raises(AssertionError, match="tix list"):
            expect_same(here, other)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("ls --all", "list"),
        ("12", "show"),
        ("TIX-1 --json", "show"),
        ("user --json", "user list"),
        ("topic field add crm x", "topic field add"),
        ("attach save 1", "attach save"),
        ("--quiet new T -m x", "new"),
        ("new --help", None),
        ("list --store other.db", None),
        ("--version", None),
        ("colour", None),
    ],
)
def test_the_name_of_a_command(line: str, name: str | None):
    assert command_of(line.split()) == name


def test_the_tables_are_of_things_that_are_there():
    """What a server has learnt to offer is taken out of them."""
    assert {command for command, _ in DECLINED} <= OFFERED
    assert through.NOT_REPEATED.keys() <= OFFERED
    stories = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    assert all(f"def {name}(" in stories for name in OF_THE_FILE)


@pytest.mark.parametrize(("command", "option"), DECLINED)
def test_what_the_table_says_is_declined_is_declined(desk: Shell, command: str, option: str):
    words = {"show": ["1", option, "1"], "reply": ["1", option, "--canned", "x"]}.get(command, [option, "x"])
    env = {"TIX_STORE": "http://127.0.0.1:9", "TIX_TOKEN": "k"}
    result = desk.inside(*command.split(), *words, check=None, env=env)
    assert (result.code, result.err.startswith("tix: a server does not offer --")) == (5, True), result
