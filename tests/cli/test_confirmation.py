"""What asks before it is done, and says how much is at stake."""

import json

import pytest

from tests.harness import Shell


@pytest.fixture
def desk(tmp_path):
    shell = Shell(tmp_path)
    shell.tix("init")
    shell.people("sam:agent", "lan:requester", "lanny:requester")
    for who in ("lan", "lanny", "lan"):
        shell.tix("new", "Printer", "-m", "smoke", as_=who)
    shell.tix("close", 3)
    yield shell
    shell.close()


def many(desk: Shell, count: int) -> str:
    """A file of that many tickets."""
    file = desk.folder / "many.csv"
    rows = "".join(f"Ticket {number},smoke\n" for number in range(count))
    file.write_text(f"subject,body\n{rows}")
    return str(file)


USE = ("workflow", "use", "itflow", "--map", "answered=open")


@pytest.mark.parametrize(
    ("words", "told", "question"),
    [
        (USE, "3 tickets, 0 to another status; 1 closed one becomes final", "Switch the desk to workflow itflow?"),
        (("user", "merge", "lanny", "--into", "lan"), "moves 1 ticket from lanny to lan", "Merge lanny into lan?"),
        (("delete", 1), "", "Delete TIX-1 (Printer) permanently"),
        (("db", "restore", "{backup}"), "has 3 tickets", "Replace the desk at"),
    ],
)  # fmt: skip
def test_it_asks_on_a_terminal(desk: Shell, words: tuple[object, ...], told: str, question: str):
    """No changes nothing, yes does it, and --yes does not ask."""
    desk.tix("db", "backup", "backup.db")
    argv = [str(word).replace("{backup}", "backup.db") for word in words]
    before = desk.tix("export", "-o", "jsonl").out
    terminal = desk.terminal(*argv)
    terminal.expect(told)
    terminal.expect(question)
    terminal.send("n\r")
    terminal.expect("Nothing was" if argv[0] != "user" else "Nobody was merged")
    terminal.wait()
    assert desk.tix("export", "-o", "jsonl").out == before
    desk.tix("edit", 2, "--tag", "later")
    terminal = desk.terminal(*argv)
    terminal.expect(question)
    terminal.send({"user": "lanny", "db": desk.store.name}.get(argv[0], "y") + "\r")
    terminal.wait()
    after = desk.tix("export", "-o", "jsonl").out
    assert after != before or argv[0] == "db"
    assert "later" not in after or argv[0] != "db"


def test_without_a_terminal_only_what_has_a_way_back_goes_on(desk: Shell):
    desk.tix("db", "backup", "backup.db")
    for words in (("delete", 1), ("user", "merge", "lanny", "--into", "lan")):
        refused = desk.tix(*words, "--json", check=2).error
        assert (refused["code"], refused["hint"]) == ("unconfirmed", "confirm it with --yes")
        desk.tix(*words, "--dry-run")
        desk.tix(*words, "--yes")
    desk.tix(*USE)
    desk.tix("db", "restore", "backup.db")
    assert desk.tix("list", "--all", "--count").out == "3\n"


def test_an_import_of_more_than_a_thousand_records(desk: Shell):
    file = many(desk, 1001)
    terminal = desk.terminal("import", file)
    terminal.expect("Import 1,001 records")
    terminal.send("\r")
    terminal.expect("Nothing was imported")
    terminal.wait()
    assert desk.tix("list", "--all", "--count").out == "3\n"
    terminal = desk.terminal("import", many(desk, 1000))
    terminal.expect("Imported 1,000 tickets")
    terminal.wait()


def test_a_write_to_more_than_a_hundred_tickets(desk: Shell):
    desk.tix("import", many(desk, 100))
    terminal = desk.terminal("edit", "1-200", "--tag", "vip")
    terminal.expect("tix undo takes it back.")
    terminal.expect("Change 103 tickets?")
    terminal.send("n\r")
    terminal.expect("Nothing was changed")
    terminal.wait()
    assert desk.tix("list", "--all", "--tag", "vip", "--count").out == "0\n"
    for words, count in ((["1-100"], "100\n"), (["1-200", "--yes"], "103\n")):
        terminal = desk.terminal("edit", *words, "--tag", "vip")
        terminal.wait()
        assert desk.tix("list", "--all", "--tag", "vip", "--count").out == count


def test_rehearsals_say_what_would_happen(desk: Shell):
    desk.tix("db", "backup", "backup.db")
    before = desk.tix("export", "-o", "jsonl").out
    told = desk.tix(*USE, "--dry-run", "-o", "table").err
    assert "Would switch the desk to workflow itflow" in told
    assert "1 closed one becomes final" in told
    assert json.loads(desk.tix(*USE, "--dry-run", "--json").out)["name"] == "itflow"
    assert "Would replace" in desk.tix("db", "restore", "backup.db", "--dry-run", "-o", "table").err
    assert "would become lan" in desk.tix("user", "merge", "lanny", "--into", "lan", "--dry-run", "-o", "table").err  # fmt: skip
    assert desk.tix("export", "-o", "jsonl").out == before


@pytest.mark.parametrize(
    ("words", "name", "other"),
    [
        (USE, "itflow", "osticket"),
        (("user", "merge", "lanny", "--into", "lan"), "lanny", "lan"),
        (("delete", 1), "TIX-1", "TIX-2"),
        (("delete", "1,2"), "2", "3"),
        (("close", "1,2"), "2", "20"),
        (("db", "restore", "backup.db"), "desk.db", "backup.db"),
    ],
)
def test_a_name_confirms_only_what_has_it(desk: Shell, words: tuple[object, ...], name: str, other: str):
    """Another name is refused even with --yes, and the error suggests no command: somebody has to look."""
    desk.tix("db", "backup", "backup.db")
    before = desk.tix("export", "-o", "jsonl").out
    for more in ((), ("--yes",)):
        refused = desk.tix(*words, "--confirm", other, *more, "--json", check=2).error
        assert (refused["code"], refused["fix"]) == ("unconfirmed", None)
        assert refused["message"] == f"--confirm {other}: this concerns {name}"
    assert desk.tix("export", "-o", "jsonl").out == before
    desk.tix(*words, "--confirm", name)
    assert desk.tix("export", "-o", "jsonl").out != before or words[0] == "db"


def test_the_gravest_are_confirmed_by_their_name(desk: Shell):
    """A yes out of habit does nothing."""
    terminal = desk.terminal("user", "merge", "lanny", "--into", "lan")
    terminal.expect("Merge lanny into lan? Type lanny to confirm:")
    terminal.send("y\r")
    terminal.expect("Nobody was merged")
    terminal.wait()
