"""Filters of a list: what is not, what is empty, due and creation dates, topics below a topic, several sort keys."""

import pytest

from tests.harness import Shell


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """Six tickets on a Tuesday, each different from the others in every field that is filtered by."""
    shell = Shell(tmp_path_factory.mktemp("filters"))
    shell.now = "2026-11-24T09:00:00Z"
    shell.tix("init")
    shell.people("sam:agent", "kim:agent", "lan:requester", "bo:requester")
    for noun, name in (
        ("client", "Acme"),
        ("client", "Globex"),
        ("team", "Night"),
        ("asset", "PC 1"),
        ("asset", "PC 2"),
    ):
        shell.tix(noun, "add", name)
    for topic in ("Hardware", "Hardware/Printers", "Hardware/Printers/Ink", "Hardware store", "Software"):
        shell.tix("topic", "add", topic)
    shell.tix("topic", "field", "add", "Hardware/Printers", "brand", "--kind", "text")
    new = ["new", "-m", "some words", "--for"]
    shell.tix(
        *new,
        "lan",
        "One",
        "--client",
        "Acme",
        "--topic",
        "Hardware",
        "--tag",
        "vip",
        "--due",
        "today",
        now="2026-11-20T09:00:00Z",
    )
    shell.tix(
        *new,
        "lan",
        "Two",
        "--topic",
        "Hardware/Printers",
        "--field",
        "brand=North",
        "--due",
        "friday",
        "--asset",
        "PC 1",
    )
    shell.tix(
        *new,
        "bo",
        "Three",
        "--topic",
        "Hardware/Printers",
        "--field",
        "brand=South",
        "--tag",
        "vip,eu",
        "--assign",
        "sam",
    )
    shell.tix(
        *new,
        "bo",
        "Four",
        "--client",
        "Globex",
        "--type",
        "request",
        "--about",
        "order:1",
        "--assign",
        "team:Night",
        "-p",
        "high",
    )
    shell.tix(
        *new,
        "lan",
        "Five",
        "--topic",
        "Hardware store",
        "-p",
        "urgent",
        "--assign",
        "kim",
        "--due",
        "in 3 weeks",
    )
    shell.tix(*new, "lan", "Six", "--asset", "PC 2", "-p", "low")
    shell.tix("close", 6, "-m", "bye")
    yield shell
    shell.close()


def found(desk: Shell, *words: object, **how: str) -> list[int]:
    return sorted(int(ref.removeprefix("TIX-")) for ref in desk.tix("list", *words, "-o", "ids", **how).refs)


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("-s !closed", [1, 2, 3, 4, 5]), ("-s !open", [6]), ("-s open,!closed", [1, 2, 3, 4, 5]), ("-s !open,!closed", []),
        ("--all -p !urgent", [1, 2, 3, 4, 6]), ("--all -p !urgent,!low", [1, 2, 3, 4]), ("--all -p high,!low", [4]),
        ("--all --tag !vip", [2, 4, 5, 6]), ("--all --tag vip,!eu", [1]), ("--all --tag none", [2, 4, 5, 6]),
        ("--all --tag !none", [1, 3]), ("--all --tag eu,none", [2, 3, 4, 5, 6]),
        ("--all --client !Acme", [2, 3, 4, 5, 6]), ("--all --client none", [2, 3, 5, 6]), ("--all --client !none", [1, 4]),
        ("--all --client acme --client none", [1, 2, 3, 5, 6]), ("--all --client acme --client globex", [1, 4]),
        ("--all -a !sam", [1, 2, 4, 5, 6]), ("--all -a none", [1, 2, 4, 6]), ("--all -a sam,none", [1, 2, 3, 4, 6]),
        ("--all -a !none", [3, 5]), ("--all -a !none,!kim", [3]), ("--all --team none", [1, 2, 3, 5, 6]),
        ("--all --team !Night", [1, 2, 3, 5, 6]), ("--all --team !none", [4]), ("--all --type none", [1, 2, 3, 5, 6]),
        ("--all --type !request", [1, 2, 3, 5, 6]), ("--all --type !none", [4]), ("--all --about none", [1, 2, 3, 5, 6]),
        ("--all --about !order:1", [1, 2, 3, 5, 6]), ("--all --about !none", [4]), ("--all --asset none", [1, 3, 4, 5]),
        ("--all --about order:*", [4]), ("--all --about order:2*", []), ("--all --about !order:*", [1, 2, 3, 5, 6]),
        ("--all --asset !none", [2, 6]), ("--all --requester !lan", [3, 4]), ("--all --creator !@me", []),
        ("--all --user !sam", [1, 2, 4, 5, 6]), ("--all --user !sam,!bo", [1, 2, 5, 6]), ("--all --department !none", []),
        ("--all --topic hardware", [1, 2, 3]), ("--all --topic Hardware/", [1]), ("--all --topic Hardware/Printers", [2, 3]),
        ("--all --topic !Hardware", [4, 5, 6]), ("--all --topic !Hardware/", [2, 3, 4, 5, 6]), ("--all --topic none", [4, 6]),
        ("--all --topic !none", [1, 2, 3, 5]), ("--all --topic Software --topic none", [4, 6]),
        ("--all --field brand=North", [2]), ("--all --field brand=!North", [1, 3, 4, 5, 6]), ("--all --field brand!=North", [1, 3, 4, 5, 6]),
        ("--all --field brand!=North --field brand=South", [3]),
        ("--due friday", [2]), ("--due !friday", [1, 3, 4, 5]), ("--due overdue", [1]), ("--due none", [3, 4]),
        ("--due !none", [1, 2, 5]), ("--due !overdue", [2, 3, 4, 5]), ("--due overdue --due none", [1, 3, 4]),
        ("--due this-week", [2]), ("--due eow", [1, 2]), ("--due 4d", [1, 2]), ("--due today", []), ("--due 2026-11-20", [1]),
        ("--due 2026-12", [5]), ("--due !none --due !this-week", [1, 5]), ("--due 4bd", []), ("--due 3bd", [2]),
        ("--all --created-since yesterday", [2, 3, 4, 5, 6]), ("--all --created-until yesterday", [1]),
        ("--all --created-since 2026-11-20 --created-until 2026-11-20", [1]),
        ("4", [4]), ("TIX-6", [6]), ("3 4 6", [3, 4, 6]), ("@sam", [3]), ("kim", [5]), ("acme", [1]), ("Globex acme", [1, 4]),
        ("bo", [3, 4]), ("99", []), ("acme some", [1]), ("acme -p high", []), ("lan !closed", []),
    ],
)  # fmt: skip
def test_what_a_filter_finds(desk: Shell, words: str, numbers: list[int]):
    given = words.replace("--asset PC", "--asset=PC").split()
    assert found(desk, *given) == numbers
    # The same through a saved view, and over all of it once more.
    options = [one for one in given if one.startswith("-") or given[given.index(one) - 1].startswith("-")]
    if options == given:
        desk.tix("view", "add", "v", *given)
        assert found(desk, "--view", "v") == numbers
        assert found(desk, "--view", "v", *given) == numbers
        desk.tix("view", "rm", "v")
    assert desk.tix("list", *given, "--count").out == f"{len(numbers)}\n"
    if options == given and not {"-s", "--due"} & set(given):
        assert desk.tix("search", "words", *given, "--count").out == f"{len(numbers)}\n"


@pytest.mark.parametrize(
    ("keys", "numbers"),
    [
        ("-priority,number", [5, 4, 1, 2, 3, 6]), ("-priority,-number", [5, 4, 3, 2, 1, 6]), ("due_at,-priority", [1, 2, 5, 4, 3, 6]),
        ("requester,-number", [4, 3, 6, 5, 2, 1]), ("field.brand,-number", [2, 3, 6, 5, 4, 1]), ("assignee, priority", [5, 3, 6, 1, 2, 4]),
    ],
)  # fmt: skip
def test_several_sort_keys(desk: Shell, keys: str, numbers: list[int]):
    refs = desk.tix("list", "--all", "--sort", keys, "-o", "ids").refs
    assert refs == [f"TIX-{number}" for number in numbers]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("--client !Nope", 2, "no client named 'Nope'"), ("--tag !", 2, "'!' is not a value"), ("-a !nobody", 2, "no person named"),
        ("--requester none", 2, "every ticket has a requester"), ("-s none", 2, "every ticket has a status"),
        ("--due soon", 2, "is not a date"), ("--due 9", 2, "could be 9:00, 9d or 9th"), ("--created-since x", 2, "is not a date"),
        ("--sort priority,nope", 2, "cannot sort by 'nope'"), ("--sort ,", 2, "cannot sort by ''"), ("--group-by nope", 2, "no column named"),
        ("--topic !Nope/", 2, "no help topic named 'Nope'"), ("--field !=x", 2, "is not KEY=VALUE"), ("-p !worst", 2, "is not a priority"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(desk: Shell, words: str, code: int, said: str):
    assert said in desk.tix("list", *words.split(), check=code).err


def test_a_requester_learns_nothing_from_a_negation(desk: Shell):
    """They see no tags and no teams: leaving one out leaves out nothing, whether or not it is there."""
    every = found(desk, "--all", as_="bo")
    for words in (["--tag", "!vip"], ["--tag", "none"], ["--team", "!Night"], ["--team", "none"]):
        assert found(desk, "--all", *words, as_="bo") == every
    for words in (["--tag", "!none"], ["--team", "!none"], ["--tag", "vip"]):
        assert found(desk, "--all", *words, as_="bo") == []
    assert found(desk, "--all", "sam", as_="bo") == found(desk, "--all", '"sam"', as_="bo")
    assert found(desk, "2", as_="bo") == []


def test_search_finds_a_reference(desk: Shell):
    assert desk.tix("search", "TIX-4", "-o", "ids").refs == ["TIX-4"]
    assert desk.tix("search", "4", "--count").out == "1\n"
    assert desk.tix("search", "4", "-p", "low", "-o", "ids").refs == []
    assert desk.tix("search", "2", "-o", "ids", as_="bo").refs == []
    assert desk.tix("search", "four", "-o", "ids").refs == ["TIX-4"]


def test_a_heading_for_each_value(desk: Shell):
    out = desk.tix("list", "--group-by", "requester", "-o", "table", "-c", "ref").out
    assert out.splitlines() == [
        "REF",
        "requester lan (3)",
        "TIX-5",
        "TIX-1",
        "TIX-2",
        "requester bo (2)",
        "TIX-4",
        "TIX-3",
    ]
    plain = desk.tix("list", "--json").out
    assert desk.tix("list", "--group-by", "requester", "--json").out == plain


def test_a_match_that_ranks_low_is_ranked(tmp_path):
    """A word that most tickets have ranks almost nothing: that is not unranked."""
    shell = Shell(tmp_path)
    shell.tix("init")
    shell.tix("new", "Printer", "-m", "driver")
    assert all(one["score"] > 0 for one in shell.tix("search", "driver", "--json").json)
    terminal = shell.terminal("search", "driver")
    terminal.wait()
    assert "not ranked" not in terminal.text
    shell.close()
