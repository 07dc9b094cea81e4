"""The environment of a command: colours, questions, people who listen, locales; and the heads of tables."""

from pathlib import Path

import pytest

from tests.harness import Shell


@pytest.fixture
def desk(tmp_path: Path) -> Shell:
    shell = Shell(tmp_path)
    shell.now = "2026-11-30T09:00:00Z"
    shell.tix("new", "Printer", "-m", "It hums.", "--due", "2026-11-29", "--priority", "urgent")
    shell.tix("new", "Screen", "-m", "Dark.")
    yield shell
    shell.close()


# In the order in which they decide; each row has what stands before it against it.
COLOR = [
    (("--color", "always"), {"NO_COLOR": "1", "TERM": "dumb"}, True),
    (("--color", "never"), {"FORCE_COLOR": "1"}, False),
    ((), {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
    (("--color", "auto"), {"NO_COLOR": "1", "CLICOLOR_FORCE": "1"}, False),
    ((), {"NO_COLOR": "", "FORCE_COLOR": "1"}, True),
    ((), {"FORCE_COLOR": "0", "CLICOLOR_FORCE": "1"}, False),
    ((), {"FORCE_COLOR": "3", "CLICOLOR": "0"}, True),
    ((), {"CLICOLOR_FORCE": "1", "CLICOLOR": "0"}, True),
    ((), {"CLICOLOR_FORCE": "0"}, None),
    ((), {"CLICOLOR": "0"}, False),
    ((), {"CLICOLOR": "1"}, None),
    ((), {"TERM": "dumb"}, False),
    ((), {}, None),
]


@pytest.mark.parametrize(("flags", "env", "wanted"), COLOR, ids=str)
@pytest.mark.parametrize("on_terminal", [True, False], ids=["terminal", "pipe"])
def test_what_decides_about_colour(
    desk: Shell, flags: tuple[str, ...], env: dict[str, str], wanted: bool | None, on_terminal: bool
) -> None:
    """None: a terminal has colours, and a pipe has none."""
    if on_terminal:
        terminal = desk.terminal("list", *flags, env=env)
        terminal.wait()
        has_color = b"\x1b[" in terminal.raw
    else:
        has_color = "\x1b[" in desk.tix("list", "-o", "table", *flags, env=env).out
    assert has_color == (on_terminal if wanted is None else wanted)


@pytest.mark.parametrize(
    ("setting", "env", "in_pipe", "on_terminal"),
    [("always", {}, True, True), ("never", {}, False, False), ("never", {"FORCE_COLOR": "1"}, True, True)],
)
def test_the_setting_comes_after_the_variables(
    desk: Shell, setting: str, env: dict[str, str], in_pipe: bool, on_terminal: bool
) -> None:
    desk.tix("config", "set", "color", setting)
    assert ("\x1b[" in desk.tix("list", "-o", "table", env=env).out) == in_pipe
    terminal = desk.terminal("list", env=env)
    terminal.wait()
    assert (b"\x1b[" in terminal.raw) == on_terminal
    assert "\x1b" not in desk.tix("list", env=env).out  # plain is for programs


@pytest.mark.parametrize(
    ("theme", "style"), [("default", "1;31"), ("dark", "1;91"), ("light", "1;31"), ("plain", "1")]
)
def test_a_theme_says_what_overdue_looks_like(desk: Shell, theme: str, style: str) -> None:
    desk.tix("config", "set", "theme", theme)
    assert f"\x1b[{style}m!\x1b[0m" in desk.tix("list", "-o", "table", "--color", "always").out


def test_a_colour_of_one_s_own(desk: Shell) -> None:
    desk.tix("config", "set", "colors.overdue", "bold #ff8000")
    desk.tix("config", "set", "colors.unanswered", "208")
    shown = desk.tix("list", "-o", "table", "--color", "always").out
    assert "\x1b[1;38;2;255;128;0m!\x1b[0m" in shown
    assert "\x1b[38;5;208m●\x1b[0m" in shown


@pytest.mark.parametrize(
    ("flags", "env", "colored"),
    [
        ((), {}, True),
        (("--color", "never"), {}, False),
        ((), {"NO_COLOR": "1"}, False),
        ((), {"TERM": "dumb"}, False),
    ],
)
def test_an_error_begins_in_its_colour(
    desk: Shell, flags: tuple[str, ...], env: dict[str, str], colored: bool
) -> None:
    terminal = desk.terminal("show", "99", *flags, env=env)
    terminal.wait(3)
    assert (b"\x1b[1;31mtix:\x1b[0m no ticket TIX-99" in terminal.raw) == colored
    assert "\x1b" not in desk.tix("show", "99", env={**env, "FORCE_COLOR": "1"}, check=3).err


# ------------------------------------------------------------------------------------------------ questions


@pytest.mark.parametrize("env", [{"TIX_NO_INPUT": "1"}, {"CI": "true"}], ids=str)
def test_nobody_is_asked(desk: Shell, env: dict[str, str]) -> None:
    """On a terminal as without one: what is missing is named, what has no way back needs --yes."""
    for words, said in ((("new", "X"), "message"), (("delete", "1"), "--yes"), (("reply", "1"), "-m")):
        terminal = desk.terminal(*words, env=env)
        terminal.wait(2)
        assert said in terminal.text
        assert "?" not in terminal.text


@pytest.mark.parametrize("env", [{"TIX_NO_INPUT": "0"}, {"TIX_NO_INPUT": ""}, {"CI": "false"}], ids=str)
def test_a_variable_that_is_off_changes_nothing(desk: Shell, env: dict[str, str]) -> None:
    terminal = desk.terminal("delete", "1", env=env)
    terminal.expect("[y/N]")
    terminal.send("\r")
    terminal.wait(0)


@pytest.mark.parametrize("how", ["variable", "setting"])
def test_choices_have_numbers_and_nothing_moves(desk: Shell, how: str) -> None:
    """A form from beginning to end, without one escape sequence."""
    if how == "setting":
        desk.tix("config", "set", "accessible", "true")
    desk.tix("topic", "add", "Hardware")
    desk.tix("topic", "add", "Software")
    env = {"ACCESSIBLE": "1"} if how == "variable" else {}
    terminal = desk.terminal("new", env={**env, "NO_COLOR": "1"})
    number = terminal.expect(__import__("re").compile(r"(\d)  Software"))[0]
    terminal.expect("Help topic")
    terminal.send(f"{number}\n")
    terminal.expect("Subject")
    terminal.send("Slow\n")
    terminal.expect("Message")
    terminal.send("It is slow.\n")
    terminal.expect("1  ")
    terminal.expect("Priority")
    terminal.send("1\n")
    terminal.expect("Attach files")
    terminal.send("\n")
    terminal.wait(0)
    assert b"\x1b" not in terminal.raw
    made = desk.tix("show", 3, "--json").json
    assert (made["topic"], made["subject"]) == ("Software", "Slow")


def test_signs_have_words_for_people_who_listen(desk: Shell) -> None:
    env = {"ACCESSIBLE": "1", "COLUMNS": "80"}
    shown = desk.tix("list", "-o", "table", env=env).out
    assert "overdue unanswered" in shown
    told = (
        shown
        + desk.tix("show", 1, "-o", "table", env=env).out
        + desk.tix("stats", "-o", "table", env=env).out
    )
    assert not any("\u2500" <= char <= "\u259f" for char in told)
    assert "It hums." in told
    assert any("\u2500" <= char <= "\u259f" for char in desk.tix("stats", "-o", "table").out)


def test_watching_goes_down_the_page_where_nothing_may_move(desk: Shell) -> None:
    terminal = desk.terminal("list", "--watch", "0.2", env={"ACCESSIBLE": "1", "NO_COLOR": "1"})
    terminal.expect("ctrl-c stops")
    terminal.expect("ctrl-c stops")
    terminal.send("\x03")
    terminal.wait(None)
    assert b"\x1b" not in terminal.raw


@pytest.mark.parametrize(
    ("wanted", "words", "asks"),
    [
        (None, ("close", "1"), False),
        ("always", ("close", "1"), False),
        (None, ("close", "1,2"), False),
        ("always", ("close", "1,2"), True),
        ("never", ("delete", "1"), True),
        ("never", ("workflow", "use", "dphish"), False),
        (None, ("workflow", "use", "dphish"), True),
    ],
)
def test_how_often_one_is_asked(desk: Shell, wanted: str | None, words: tuple[str, ...], asks: bool) -> None:
    """What has no way back always asks."""
    if wanted:
        desk.tix("config", "set", "confirm", wanted)
    terminal = desk.terminal(*words)
    if asks:
        terminal.expect("[y/N]")
        terminal.send("\r")
    terminal.wait(0)
    assert ("[y/N]" in terminal.text) == asks


# ------------------------------------------------------------------------------------- locales, heads of tables


@pytest.mark.parametrize("locale", ["xx_YY.UTF-8", "nonsense", "C", "de_DE.ISO-8859-1", "ä", ""])
@pytest.mark.parametrize("words", ["list", "show 1", "new Ü -m ä", "--help", "date 12/24/2026"])
def test_a_locale_that_does_not_exist_changes_nothing(desk: Shell, locale: str, words: str) -> None:
    for name in ("LC_ALL", "LANG"):
        env = {"LC_ALL": "", "LANG": "", "LC_TIME": "", name: locale}
        done = desk.tix(*words.split(), env=env, check=None, process=True)
        assert done.code == (2 if words.startswith("date") else 0), done
        assert "Traceback" not in done.err
        assert "locale" not in done.err.replace("your locale", "")


def test_a_form_works_in_a_locale_that_does_not_exist(desk: Shell) -> None:
    terminal = desk.terminal("new", "Größe", env={"LC_ALL": "xx_YY"})
    terminal.expect("Message")
    terminal.send("zu klein ✓\r")
    terminal.wait(0)
    assert desk.tix("show", 3, "--json").json["thread"][0]["body"] == "zu klein ✓"


@pytest.mark.parametrize("words", ["list", "user list", "list --group-by status"])
def test_the_heads_of_a_table_can_be_left_out(desk: Shell, words: str) -> None:
    whole = desk.tix(*words.split(), "-o", "table").lines
    head = next(at for at, line in enumerate(whole) if line.split()[0] in ("REF", "LOGIN"))
    without = [line for at, line in enumerate(whole) if at != head]
    assert desk.tix(*words.split(), "-o", "table", "--no-header").lines == without
    assert desk.tix(*words.split(), "-o", "table", "--header").lines == whole


@pytest.mark.parametrize("shape", ["csv", "tsv", "md", "plain"])
def test_the_heads_of_rows_can_be_left_out(desk: Shell, shape: str) -> None:
    whole = desk.tix("list", "-c", "ref,subject", "-o", shape, "--header").out
    without = desk.tix("list", "-c", "ref,subject", "-o", shape, "--no-header").out
    assert whole.endswith(without)
    assert "subject" in whole
    assert "subject" not in without


@pytest.mark.parametrize("shape", ["json", "jsonl", "ids"])
def test_what_has_no_heads_says_so(desk: Shell, shape: str) -> None:
    assert "does not apply" in desk.tix("list", "-o", shape, "--no-header", check=2).err
