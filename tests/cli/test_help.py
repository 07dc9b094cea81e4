"""The help: of the program, of every command and group, of topics, and the guides."""

import tomllib
from pathlib import Path

import pytest

from tests.harness import Shell
from tix.cli import declared, parser
from tix.cli.app import Command
from tix.cli.commands import ALIASES, HIDDEN
from tix.cli.compiled_pages import PAGES
from tix.cli.help import guides, layout
from tix.cli.options import Globals, Output
from tix.cli.pages import topics
from tix.cli.parameters import Option

ROOT = Path(__file__).parents[2]
COMMANDS = [name for name in PAGES if name and not name.startswith(":")]
NODES = {" ".join(path): node for path, node in declared.everything() if path[0] not in HIDDEN}


def test_every_command_and_group_has_a_page():
    assert sorted(COMMANDS) == sorted(NODES)
    assert {name[1:] for name in PAGES if name.startswith(":")} == set(topics.TOPICS)


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_is_asked_for_everywhere(flag: str):
    """Without Typer: of the program, of a group, of a command; arguments that are missing do not matter."""
    for name in ("", *COMMANDS):
        call = parser.read([*name.split(), flag])
        assert call is not None
        assert (call.name, call.given.get("words", [])) == ("help", name.split())


@pytest.mark.parametrize("name", ["", "list", "user", "topic field add", "help"])
def test_each_way_to_ask_gives_the_same(name: str, desk: Shell):
    words = name.split()
    told = desk.tix(*words, "--help").out
    assert told == desk.tix(*words, "-h").out == desk.tix("help", *words).out
    assert told


def test_typer_prints_the_same_page(desk: Shell):
    """Where the small parser is not sure, before a value that it does not read."""
    assert desk.tix("list", "--limit", "x", "--help").out == desk.tix("list", "--help").out


@pytest.mark.parametrize("alias", ALIASES)
def test_an_alias_has_the_page_of_its_command(alias: str, desk: Shell):
    assert desk.tix(alias, "-h").out == desk.tix("help", alias).out == desk.tix(ALIASES[alias], "-h").out


def test_the_usage_has_every_argument():
    assert "Usage: tix assign [OPTION…] ID… WHO\n" in PAGES["assign"]
    assert "Usage: tix link [OPTION…] ID RELATION ID\n" in PAGES["link"]
    assert "Usage: tix topic field add [OPTION…] NAME KEY\n" in PAGES["topic field add"]


def test_a_page_has_every_option_of_its_own():
    """Those that many commands have are told once, in topics to which it points."""
    for name in COMMANDS:
        node, page = NODES[name], PAGES[name]
        if not isinstance(node, Command):
            continue
        kinds = {of: type(value).__name__ for of, value in node.option_sets().items()}
        shared = {"Output"} if name == "list" else {"Output", "FilterOptions"}
        for one in declared.own_parameters(node):
            if isinstance(one.declared, Option):
                kind = kinds.get(one.name.partition(".")[0])
                told = max(one.declared.names, key=len).partition("/")[0]
                terms = [line.partition("\t")[0] for line in page.splitlines() if "\t" in line]
                shown = any(told in term.replace(",", " ").split() for term in terms)
                assert shown != (kind in shared and "." in one.name), (name, told)
        assert "tix help output" in page
        assert ("tix help filters" in page) == ("FilterOptions" in kinds.values())


def test_the_topics_have_the_options_that_pages_leave_out():
    for one in (*declared.parameters_of(Output), *declared.parameters_of(Globals)):
        assert one.declared.help
        assert f"\t{one.declared.help}" in PAGES[":output"]
    for line in PAGES["list"].partition("# Filters\n")[2].partition("\n\n")[0].splitlines():
        assert line in PAGES[":filters"]


@pytest.mark.parametrize("width", [40, 60, 80, 100])
def test_every_page_fits_its_terminal(width: int):
    """Only an example or a single word may be longer than a line."""
    for line in (line for page in PAGES.values() for line in layout.draw(page, width).splitlines()):
        whole = line.startswith("  ") and (
            "tix " in line or len(line.split(maxsplit=1)) == 1 or line[2] == "-"
        )
        assert len(line) <= width or whole, line
        assert line == line.rstrip()


def test_lines_are_never_too_long_to_read():
    page = layout.draw("word " * 100, 200)
    assert max(map(len, page.splitlines())) <= layout.WIDEST


def test_rows_are_aligned():
    page = "# Options\n-e\tUse the editor.\n--a-very-long-option-of-this WORD\tOne two three four five.\n"
    assert layout.draw(page, 40) == (
        "Options:\n  -e  Use the editor.\n  --a-very-long-option-of-this WORD\n      One two three four five.\n\n"
    )


def test_a_pipe_gets_no_escape_codes(desk: Shell):
    assert "\x1b" not in desk.tix("list", "--help").out
    assert "\x1b[1m" in desk.tix("--color", "always", "list", "--help").out


def test_headings_are_bold_on_a_terminal(desk: Shell):
    terminal = desk.terminal("list", "-h", rows=80, env={"TIX_PAGER": "cat"})
    terminal.wait()
    assert b"\x1b[1mFilters:" in terminal.raw
    plain = desk.terminal("list", "-h", rows=80, env={"TIX_PAGER": "cat", "NO_COLOR": "1"})
    plain.wait()
    assert b"\x1b[1m" not in plain.raw


def test_long_help_is_paged_on_a_terminal(desk: Shell):
    terminal = desk.terminal("help", "agent", rows=24, env={"TIX_PAGER": "head -1"})
    terminal.wait()
    assert "# For agents" in terminal.text
    assert "Search" not in terminal.text


def test_columns_are_those_of_the_terminal(desk: Shell):
    wide, narrow = (desk.tix("user", "-h", env={"COLUMNS": str(width)}).lines for width in (100, 56))
    assert max(map(len, narrow)) <= 56 < max(map(len, wide)) <= 100


def test_tix_alone_in_a_pipe_prints_the_help(desk: Shell):
    assert desk.tix().out == desk.tix("--help").out


def test_a_broken_configuration_does_not_matter(desk: Shell):
    """What is wrong with the settings or the desk can be looked up."""
    folder = desk.folder / "none" / "desk.db"
    assert desk.tix("help", "list", env={"TIX_STORE": str(folder)}).out == desk.tix("help", "list").out
    assert desk.tix("-h", env={"TIX_STORE": "https://desk.invalid"}).out == desk.tix("-h").out


@pytest.mark.parametrize("name", topics.TOPICS)
def test_every_topic_opens(name: str, desk: Shell):
    told = desk.tix("help", name).out
    assert layout.draw(PAGES[f":{name}"], 80) in told


def test_a_name_of_a_command_and_a_topic_has_both(desk: Shell):
    told = desk.tix("help", "search").out
    assert "Usage: tix search" in told
    assert "The two words next to each other." in told


@pytest.mark.parametrize("name", guides.GUIDES)
def test_every_guide_opens(name: str, desk: Shell):
    assert desk.tix("help", name).out == guides.path(guides.GUIDES[name]).read_text(encoding="utf-8")


def test_the_wheel_has_the_guides():
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["force-include"] == {f"docs/{file}": f"tix/guides/{file}" for file in guides.GUIDES.values()}


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("formating", "did you mean tix help formatting?"),
        ("comment", "did you mean tix help reply or tix help note?"),
        ("wake", "did you mean tix help snooze?"),
        ("agnet", "did you mean tix help agent?"),
        ("qqq", "for the list of commands and topics: tix --help"),
    ],
)
def test_an_unknown_topic_gets_the_nearest(name: str, hint: str, desk: Shell):
    told = desk.tix("help", name, check=3)
    assert told.err == f"tix: there is no help about '{name}'\n  hint: {hint}\n"
    assert told.out == ""


def test_names_of_pages_are_completed(desk: Shell):
    offered = [line.partition("\t")[0] for line in desk.tix("__complete", "--", "help", "s").lines]
    assert {"show", "snooze", "search", "scripting", "server"} <= set(offered)
    assert len(offered) == len(set(offered))
