"""Aliases: what one stands for, what is refused, and where they are shown."""

from pathlib import Path

import pytest

from tests.harness import Shell


@pytest.fixture
def desk(tmp_path: Path) -> Shell:
    made = Shell(tmp_path)
    made.tix("user", "add", "lan", "--role", "requester", "--name", "Lan")
    made.tix("new", "Printer", "-m", "It hums.")
    made.tix("new", "Screen", "-m", "Dark.", "--for", "lan")
    return made


def write(desk: Shell, text: str) -> None:
    path = Path(desk.tix("config", "path").out.strip())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"[alias]\n{text}\n")


@pytest.mark.parametrize(
    ("text", "typed", "meant"),
    [
        ("list --all", "x", "list --all"),
        ("list --all", "x --json", "list --all --json"),
        ("list --all", "--quiet x -o ids", "--quiet list --all -o ids"),
        ("list --requester $1", "x lan -o ids", "list --requester lan -o ids"),
        ("search '$2 hums' --requester $1", "x root it", "search 'it hums' --requester root"),
        ("show $1 -c subject", "x 2", "show 2 -c subject"),
        ("1", "x -c subject", "show 1 -c subject"),
        ("ls --all -o ids", "x", "list --all -o ids"),
        ("edit 1 --subject '$100'", "x 7", "edit 1 --subject 700"),
    ],
)  # fmt: skip
def test_an_alias_is_the_command_it_stands_for(desk: Shell, text: str, typed: str, meant: str) -> None:
    import shlex

    desk.tix("alias", "set", "x", text)
    ours, theirs = desk.tix(*typed.split()), desk.tix(*shlex.split(meant))
    assert (ours.out, ours.code) == (theirs.out, theirs.code)
    assert ours.out


def test_words_behind_one_another_are_one_command_line(desk: Shell) -> None:
    desk.tix("alias", "set", "x", "--", "search", "it hums", "-o", "ids")
    assert desk.tix("alias", "list", "-c", "command").out == "search 'it hums' -o ids\n"
    assert desk.tix("x").out == "TIX-1\n"


def test_an_alias_may_use_another(desk: Shell) -> None:
    desk.tix("alias", "set", "all", "list --all")
    desk.tix("alias", "set", "of", "all --requester $1")
    assert desk.tix("of", "lan", "-o", "ids").out == "TIX-2\n"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("list", "show 1", "'list' is a command, and an alias cannot replace it"),
        ("ls", "show 1", "'ls' is a command"),
        ("__complete", "show 1", "'__complete' is a command"),
        ("alias", "show 1", "'alias' is a command"),
        ("12", "show 1", "'12' reads as a ticket"),
        ("tix-3", "show 1", "'tix-3' reads as a ticket"),
        ("-x", "show 1", "-x"),
        ("a b", "show 1", "'a b' is not a name for an alias"),
        ("a.b", "show 1", "a.b"),
        ("x", "", "the alias x is empty"),
        ("x", "!", "the alias x is empty"),
        ("x", "list 'open", "the alias x is not a command line: No closing quotation"),
        ("x", "nope 1", "'nope' is not a command"),
        ("x", "x --all", "the alias x calls itself"),
        ("c", "a", "the alias c calls itself: c → a → b → c"),
    ],
)
def test_what_cannot_be_an_alias_is_refused(desk: Shell, name: str, text: str, said: str) -> None:
    write(desk, 'b = "c"\na = "b"' if name == "c" else "")
    before = Path(desk.tix("config", "path").out.strip()).read_text()
    failed = desk.tix("alias", "set", name, text, check=2)
    assert said in failed.err
    assert Path(desk.tix("config", "path").out.strip()).read_text() == before


@pytest.mark.parametrize(
    ("text", "typed", "said"),
    [
        ('a = "a --all"', "a", "the alias a calls itself"),
        ('a = "b"\nb = "c"\nc = "a"', "b", "the alias b calls itself: b → c → a → b"),
        ('a = "list --requester $2"', "a lan", "the alias a takes 2 arguments, and there is 1"),
        ('a = "nope"', "a", "'nope' is not a command"),
        ('a = "!true"', "--json a", "a"),
    ],
)
def test_a_file_that_was_changed_by_hand_leads_into_no_circle(
    desk: Shell, text: str, typed: str, said: str
) -> None:
    write(desk, text)
    failed = desk.tix(*typed.split(), check=2)
    assert said in failed.err


def test_an_alias_of_a_command_s_name_changes_nothing(desk: Shell) -> None:
    """Written by hand: commands come first, and a line says that it is ignored."""
    write(desk, 'list = "delete 1 --yes"')
    assert desk.tix("list", "-o", "ids").refs == ["TIX-1", "TIX-2"]
    assert "it is ignored" in desk.tix("list", "-o", "table").err


def test_the_shell_runs_what_begins_with_a_mark(tmp_path: Path) -> None:
    """Its arguments, its standard streams and its exit status are those of the shell."""
    shell = Shell(tmp_path)
    shell.tix("init")
    shell.tix("alias", "set", "say", '!echo "[$1]" "$#" "$@"; exit 7')
    assert shell.tix("say", "a b", "c", check=7, process=True).out == "[a b] 2 a b c\n"
    shell.tix("alias", "set", "--shell", "echoed", "cat")
    assert shell.tix("echoed", stdin="hello\n", process=True).out == "hello\n"
    shell.tix("alias", "set", "loop", f"!{__import__('sys').executable} -m tix loop")
    assert "the alias loop calls itself" in shell.tix("loop", check=2, process=True).err
    shell.close()


def test_aliases_are_listed_removed_completed_and_explained(desk: Shell) -> None:
    desk.tix("alias", "set", "mine", "list --mine")
    desk.tix("alias", "set", "up", "!uptime")
    assert desk.tix("alias").rows == [["mine", "list --mine"], ["up", "!uptime"]]
    assert desk.tix("alias", "list", "--json").json[0] == {"name": "mine", "command": "list --mine"}
    assert "mine\ttix list --mine\n" in desk.tix("__complete", "--", "mi").out
    assert "--unassigned" in desk.tix("__complete", "--", "mine", "--una").out
    assert "mine" in desk.tix("--help").out
    assert "mine is short for: tix list --mine" in desk.tix("help", "mine").out
    assert desk.tix("mine", "--help").out == desk.tix("list", "--help").out
    desk.tix("alias", "rm", "mine")
    assert "'mine' is not a command" in desk.tix("mine", check=2).err
    assert desk.tix("alias", "rm", "mine", check=3).code == 3


def test_settings_and_what_they_can_be_are_completed(desk: Shell) -> None:
    desk.tix("config", "set", "profiles.work.alias.w", "whoami")
    desk.tix("alias", "set", "mine", "list --mine")
    for words, value in (
        (("config", "set", "them"), "theme"),
        (("config", "set", "theme", "d"), "dark"),
        (("config", "set", "colors.over"), "colors.overdue"),
        (("config", "set", "timezone", "Europe/Berl"), "Europe/Berlin"),
        (("config", "set", "confirm", "al"), "always"),
        (("list", "--tz", "Asia/Tok"), "Asia/Tokyo"),
        (("list", "--profile", ""), "work"),
        (("alias", "rm", "m"), "mine"),
    ):
        assert value in [line.partition("\t")[0] for line in desk.tix("__complete", "--", *words).lines], (
            words
        )
    assert desk.tix("__complete", "--", "alias", "set", "m").out == ""


def test_aliases_need_no_desk(desk: Shell) -> None:
    """They are the person's: against a server as well, and nowhere written where only reading is allowed."""
    elsewhere = {"TIX_STORE": "https://desk.invalid"}
    desk.tix("alias", "set", "mine", "list --mine", env=elsewhere)
    assert desk.tix("alias", "list", env=elsewhere).rows == [["mine", "list --mine"]]
    assert desk.tix("alias", "rm", "mine", check=5, env={"TIX_READ_ONLY": "1"}).code == 5
