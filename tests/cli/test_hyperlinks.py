"""Links in the terminal (OSC 8): tickets, files and addresses, where the terminal knows them; never in a pipe."""

from pathlib import Path

import pytest

from tests.harness import Shell

LINK = "\x1b]8;;"
ADDRESS = "https://wiki.example/departments/it/howto/docking-stations.html"


@pytest.fixture
def desk(tmp_path: Path) -> Shell:
    shell = Shell(tmp_path)
    shell.now = "2026-11-30T09:00:00Z"
    (tmp_path / "a.log").write_text("x\n")
    shell.tix("new", "Printer", "-m", f"See {ADDRESS}, please.", "--attach", "a.log")
    yield shell
    shell.close()


def linked(desk: Shell, *words: object, env: dict[str, str] | None = None) -> str:
    """What a terminal gets."""
    return desk.tix(*words, env={"TIX_FORCE_TTY": "80", **(env or {})}).out


def to(address: str, text: str) -> str:
    return f"{LINK}{address}\x1b\\{text}{LINK}\x1b\\"


# In the order in which they decide.
WANTED = [
    (("--hyperlinks", "always"), {"FORCE_HYPERLINK": "0"}, None, True),
    (("--hyperlinks", "never"), {"FORCE_HYPERLINK": "1"}, "always", False),
    (("--hyperlinks", "auto"), {"FORCE_HYPERLINK": "1"}, "always", False),
    ((), {"FORCE_HYPERLINK": "1"}, "never", True),
    ((), {"FORCE_HYPERLINK": "0"}, "always", False),
    ((), {}, "always", True),
    ((), {"TERM_PROGRAM": "WezTerm"}, "never", False),
    ((), {"TERM_PROGRAM": "WezTerm"}, None, True),
    ((), {"TERM_PROGRAM": "WezTerm", "NO_COLOR": "1"}, None, False),
    ((), {"TERM_PROGRAM": "WezTerm", "TMUX": "1"}, None, False),
    ((), {"VTE_VERSION": "7000"}, None, True),
    ((), {}, None, False),
]


@pytest.mark.parametrize(("flags", "env", "setting", "wanted"), WANTED, ids=str)
def test_what_decides_about_links(
    desk: Shell, flags: tuple[str, ...], env: dict[str, str], setting: str | None, wanted: bool
):
    if setting is not None:
        desk.tix("config", "set", "hyperlinks", setting)
    assert (LINK in linked(desk, "show", 1, *flags, env=env)) == wanted
    assert LINK not in desk.tix("show", 1, "-o", "table", *flags, env=env).out


def test_a_terminal_of_the_user_s_own_has_them(desk: Shell):
    """On a pseudo-terminal, and through the pager as well."""
    for more in ({}, {"TIX_PAGER": "tail -n +1", "LINES": "5"}):
        terminal = desk.terminal("show", 1, env={"TERM_PROGRAM": "WezTerm", **more})
        terminal.wait()
        assert LINK.encode() in terminal.raw


def test_a_ticket_leads_to_where_the_settings_say(desk: Shell):
    """Without a setting nowhere; then to the desk's web page; then where the person says."""
    always = ("--hyperlinks", "always", "--color", "never")
    assert LINK not in linked(desk, "list", *always)
    desk.tix("config", "set", "web.url", "https://desk.example/it")
    desk.tix("edit", 1, "--tag", "vip")
    page = "https://desk.example/it/tickets/1"
    for words in (
        ("list",),
        ("list", "-c", "subject,ref"),
        ("show", 1),
        ("log",),
        ("search", "printer"),
        ("list", "--wide"),
    ):
        assert to(page, "TIX-1") in linked(desk, *words, *always), words
    desk.tix("user", "add", "sam", "--role", "agent")
    desk.tix("assign", 1, "sam")
    assert to(page, "TIX-1") in linked(desk, "inbox", *always, env={"TIX_USER": "sam"})
    assert to(f"{page}/files/1", "a.log") in linked(desk, "show", 1, *always)
    assert to(f"{page}/files/1", "a.log") in linked(desk, "attach", "list", 1, *always)
    desk.tix("config", "set", "url_template", "https://t.example/{ref}?n={number}")
    assert to("https://t.example/TIX-1?n=1", "TIX-1") in linked(desk, "list", *always)
    assert "/files/" not in linked(desk, "show", 1, *always)


def test_links_change_no_column(desk: Shell):
    desk.tix("new", "Screen", "-m", "x")
    desk.tix("config", "set", "url_template", "https://t.example/{number}")
    plain = linked(desk, "list", "--color", "never")
    told = linked(desk, "list", "--color", "never", "--hyperlinks", "always")
    for number in (1, 2):
        told = told.replace(to(f"https://t.example/{number}", f"TIX-{number}"), f"TIX-{number}")
    assert told == plain


def test_a_long_address_is_short_where_it_can_be_opened(desk: Shell):
    assert to(ADDRESS, "wiki.example/departments/it…tations.html") in linked(
        desk, "show", 1, "--hyperlinks", "always", "--color", "never"
    )
    assert ADDRESS in linked(desk, "show", 1)


@pytest.mark.parametrize("shape", ["json", "jsonl", "csv", "plain", "ids", "md"])
def test_programs_get_none(desk: Shell, shape: str):
    desk.tix("config", "set", "web.url", "https://desk.example")
    assert "\x1b" not in linked(desk, "list", "-o", shape, "--hyperlinks", "always")


@pytest.mark.parametrize(
    "value",
    [
        "desk.example/{number}",
        "https://desk.example/",
        "https://desk.example/{number}\x1b\\",
        "https://x/{id}",
    ],
)
def test_an_address_that_is_none_is_refused(desk: Shell, value: str):
    assert "url_template" in desk.tix("config", "set", "url_template", value, check=2).err
    assert "hyperlinks" in desk.tix("list", "--hyperlinks", "often", check=2).err
