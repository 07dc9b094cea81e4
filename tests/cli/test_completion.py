"""What `tix __complete` offers: one kind of value after the other, to whom, and that it never makes a fuss."""

import shutil
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.harness import Shell
from tix.cli.commands import COMMANDS

WORKFLOWS = {"standard", "dphish", "backoffice", "helpdesk", "osticket", "itflow"}


def offered(
    desk: Shell, *words: str, as_: str | None = None, env: dict[str, str] | None = None
) -> dict[str, str]:
    """The suggestions for the last of `words`, in order: value and description. Nothing on stderr, exit 0."""
    done = desk.tix("__complete", "--", *words, as_=as_, env=env)
    assert done.err == ""
    return dict(line.split("\t") for line in done.out.splitlines())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three people, and five tickets of which the third is lan's and the fourth is over."""
    desk = Shell(tmp_path_factory.mktemp("made"))
    desk.people("sam:agent", "lan:requester", "tom:requester")
    desk.tix("new", "Printer", "-m", "smoke", "--priority", "low")
    desk.tix("new", "Screen", "-m", "dark", "--priority", "urgent", "--tag", "vip", as_="sam")
    desk.tix("new", "Cable", "-m", "loose", as_="lan")
    desk.tix("new", "Mouse", "-m", "stuck", "--for", "lan", "--assign", "sam")
    desk.tix("close", "4")
    desk.tix("new", "Keyboard", "-m", "sticky", "--for", "tom")
    desk.close()
    return desk.store


@pytest.fixture
def full(made: Path, desk: Shell) -> Shell:
    """A copy of that desk, to change at will."""
    shutil.copy(made, desk.store)
    return desk


# -------------------------------------------------------------------------------- commands and their options


def test_commands_come_with_their_summaries(desk: Shell):
    assert {name: line for name, (_, line) in COMMANDS.items() if line} == offered(desk, "")


def test_a_hidden_command_is_not_offered(desk: Shell):
    assert offered(desk, "__") == {}


def test_the_verbs_of_a_noun(desk: Shell):
    verbs = ["list", "show", "add", "edit", "rm", "merge", "password", "sessions", "sign-out"]
    assert list(offered(desk, "user", "")) == verbs
    assert offered(desk, "user", "sh") == {"show": "Show one person and the number of their tickets."}


def test_options_of_the_command_with_their_help(desk: Shell):
    assert offered(desk, "list", "--una") == {
        "--unassigned": "Only unassigned tickets.",
        "--unanswered": "Whether staff wrote the last message.",
    }
    assert "--unassigned" not in offered(desk, "show", "1", "--")
    assert "--no-events" in offered(desk, "show", "1", "--")
    assert "--help" in offered(desk, "show", "1", "--")


def test_a_noun_alone_takes_the_options_of_its_list(desk: Shell):
    assert "--json" in offered(desk, "user", "--")
    assert "table" in offered(desk, "user", "-o", "")


def test_global_options_stand_before_the_verb_too(desk: Shell):
    assert {"--store", "--as", "--color", "--no-input", "--debug", "--quiet"} <= set(offered(desk, "--"))


def test_an_option_that_cannot_be_repeated_is_offered_once(desk: Shell):
    assert "--json" not in offered(desk, "list", "--json", "--j")
    assert "--tag" in offered(desk, "list", "--tag", "x", "--t")


def test_after_two_dashes_there_are_no_options(desk: Shell):
    assert offered(desk, "search", "--", "--j") == {}


def test_an_alias_is_its_command(desk: Shell):
    assert offered(desk, "ls", "--cou") == offered(desk, "list", "--cou") != {}


# ------------------------------------------------------------------------------------------------- tickets


def test_tickets_come_as_the_queue_has_them_then_the_others(full: Shell):
    assert list(offered(full, "show", "").items()) == [
        ("TIX-2", "Screen"),
        ("TIX-3", "Cable"),
        ("TIX-5", "Keyboard"),
        ("TIX-1", "Printer"),
        ("TIX-4", "Mouse"),
    ]


@pytest.mark.parametrize(
    ("typed", "value"), [("3", "3"), ("#3", "#3"), ("TIX-3", "TIX-3"), ("tix-3", "tix-3"), ("Tix-3", "Tix-3")]
)
def test_a_reference_goes_on_as_it_was_begun(full: Shell, typed: str, value: str):
    assert offered(full, "show", typed) == {value: "Cable"}


def test_a_number_is_found_by_how_it_begins(desk: Shell):
    desk.tix("new", "first", "-m", "x")
    for start in (12, 121, 1200, 130):
        if start != 130:
            desk.tix("config", "set", "next_number", str(start))
        desk.tix("new", f"from {start}", "-m", "x")
    assert list(offered(desk, "show", "12")) == ["12", "121", "1200", "1201"]
    assert list(offered(desk, "show", "TIX-12")) == ["TIX-12", "TIX-121", "TIX-1200", "TIX-1201"]
    assert offered(desk, "show", "13") == offered(desk, "show", "0") == {}


def test_no_number_is_missed_in_a_long_range(desk: Shell):
    """They are read a thousand at first, then more at a time."""
    for number in range(10_999, 11_002):
        desk.tix("config", "set", "next_number", str(number))
        desk.tix("new", f"number {number}", "-m", "x")
    assert list(offered(desk, "show", "1")) == ["10999", "11000", "11001"]


def test_fifty_are_enough(desk: Shell):
    for number in range(52):
        desk.tix("new", f"s{number}", "-m", "x")
    assert len(offered(desk, "show", "")) == 50


def test_a_verb_is_offered_what_it_can_do_something_for(full: Shell):
    assert set(offered(full, "close", "")) == {"TIX-1", "TIX-2", "TIX-3", "TIX-5"}
    assert set(offered(full, "resolve", "")) == {"TIX-1", "TIX-2", "TIX-3", "TIX-5"}
    assert offered(full, "resolve", "4") == {}
    assert set(offered(full, "reopen", "")) == {"TIX-4"}
    full.tix("assign", "3", "sam")
    assert set(offered(full, "claim", "")) == {"TIX-1", "TIX-2", "TIX-5"}
    assert [set(offered(full, "claim", number)) for number in "1345"] == [{"1"}, set(), set(), {"5"}]
    assert offered(full, "reopen", "1") == {}
    assert offered(full, "rate", "", as_="lan") == {"TIX-4": "Mouse"}
    assert offered(full, "rate", "", as_="tom") == {}
    assert list(offered(full, "rate", "4", "", as_="lan")) == ["5", "4", "3", "2", "1"]


def test_a_bulk_verb_offers_each_ticket_once(full: Shell):
    assert set(offered(full, "close", "tix-2", "3", "")) == {"TIX-1", "TIX-5"}
    assert set(offered(full, "close", "TIX-2,")) == {"TIX-2,TIX-1", "TIX-2,TIX-3", "TIX-2,TIX-5"}


def test_a_ticket_alone_is_shown(full: Shell):
    assert offered(full, "3") == {"3": "Cable"}
    assert "TIX-3" in offered(full, "TIX-")
    assert offered(full, "3", "--no-e").keys() == {"--no-events"}


# ----------------------------------------------------------------------------------------- people and names


def test_who_is_the_last_word_of_assign(full: Shell):
    assert set(offered(full, "assign", "")) == {"TIX-1", "TIX-2", "TIX-3", "TIX-5"}
    who = offered(full, "assign", "1", "")
    assert who["sam"] == "Sam"
    assert {"@me", "none"} < set(who)
    assert "lan" not in who
    assert offered(full, "assign", "1", "2") == {"2": "Screen"}


@pytest.mark.parametrize("flag", ["--requester", "--creator", "--user"])
def test_people_are_offered_by_login_with_their_names(full: Shell, flag: str):
    assert offered(full, "list", flag, "la") == {"lan": "Lan"}
    assert offered(full, "list", f"{flag}=la") == {f"{flag}=lan": "Lan"}


def test_people_of_other_options(full: Shell):
    assert offered(full, "new", "--for", "to") == {"tom": "Tom"}
    assert offered(full, "new", "-a", "s") == {"sam": "Sam"}
    assert offered(full, "--as", "to") == {"tom": "Tom"}
    assert offered(full, "log", "--by", "to") == {"tom": "Tom"}
    assert offered(full, "user", "show", "to") == {"tom": "Tom"}
    assert offered(full, "user", "add", "to") == {}


def test_inactive_people_are_not_offered(full: Shell):
    full.tix("user", "edit", "tom", "--inactive")
    assert offered(full, "list", "--user", "to") == {}


def test_values_of_the_desk(full: Shell):
    assert offered(full, "list", "-s", "on") == {"on-hold": "On hold"}
    assert list(offered(full, "new", "-p", "")) == ["urgent", "high", "medium", "low"]
    assert offered(full, "new", "-p", "me") == {"medium": "normal, med"}
    assert "campaign" in offered(full, "list", "--type", "")
    assert offered(full, "list", "--tag", "v") == {"vip": ""}
    full.tix("workflow", "use", "itflow")
    assert offered(full, "list", "-s", "wo") == {"working": "Working"}


def test_a_list_goes_on_after_its_last_comma(full: Shell):
    assert offered(full, "list", "--status", "open,ans") == {"open,answered": "Answered"}
    assert offered(full, "list", "--status=open,op") == {}
    assert offered(full, "list", "-c", "ref,sub") == {"ref,subject": ""}
    assert offered(full, "list", "-cref,sub") == {"-cref,subject": ""}


def test_what_takes_one_value_does_not_go_on_after_a_comma(full: Shell):
    assert offered(full, "edit", "1", "--status", "open,ans") == {}


COLUMNS = [
    ["list"], ["search", "x"], ["show", "1"], ["log"], ["close", "1"], ["user", "list"], ["user", "show", "sam"],
    ["type", "show", "issue"], ["workflow", "list"], ["workflow", "show"], ["config", "list"], ["doctor"],
    ["whoami"], ["attach", "list", "1"], ["db", "info"],
]  # fmt: skip


@pytest.mark.parametrize("words", COLUMNS, ids=" ".join)
def test_the_columns_offered_are_those_the_command_has(full: Shell, words: list[str]):
    listed = full.tix(*words, "--columns", "help").lines
    assert len(listed) > 1
    assert list(offered(full, *words, "-c", "")) == listed


def test_sort_keys_either_way(desk: Shell):
    assert "created_at" in offered(desk, "list", "--sort", "")
    assert offered(desk, "list", "--sort", "-created") == {"-created_at": "descending"}


def test_fixed_words(desk: Shell):
    assert set(offered(desk, "list", "-o", "")) == {
        "table",
        "plain",
        "json",
        "jsonl",
        "csv",
        "tsv",
        "md",
        "ids",
    }
    assert set(offered(desk, "list", "--color", "")) == {"auto", "always", "never"}
    assert list(offered(desk, "completion", "")) == ["bash", "zsh", "fish"]


def test_settings_and_their_values(desk: Shell):
    for verb in ("get", "set", "unset"):
        assert "message_required" in offered(desk, "config", verb, "mess")
    assert set(offered(desk, "config", "set", "message_required", "")) == {"true", "false"}
    assert set(offered(desk, "config", "set", "claim_on_reply", "")) == {"auto", "true", "false"}
    assert set(offered(desk, "config", "set", "workflow", "")) == WORKFLOWS
    assert "urgent" in offered(desk, "config", "set", "default_priority", "")
    assert offered(desk, "config", "set", "prefix", "") == {}


def test_workflows(desk: Shell):
    assert set(offered(desk, "workflow", "use", "")) == WORKFLOWS
    assert set(offered(desk, "workflow", "show", "")) == WORKFLOWS
    assert set(offered(desk, "init", "--workflow", "")) == WORKFLOWS


@pytest.mark.parametrize(
    "words",
    [
        ("new", "--attach", ""), ("reply", "1", "-F", "x"), ("reply", "1", "--file=x"), ("import", ""),
        ("export", ""), ("db", "backup", ""), ("db", "restore", ""), ("--store", ""), ("list", "--store=x"),
        ("attach", "add", "1", ""), ("attach", "save", "1", "--dir", ""), ("config", "set", "store", ""),
    ],
    ids=" ".join,
)  # fmt: skip
def test_paths_are_left_to_the_shell(desk: Shell, words: tuple[str, ...]):
    assert desk.tix("__complete", "--", *words).out == ":files\n"


# ------------------------------------------------------------------------------------------------- nouns


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk with nouns of every kind; lan is of Acme, ``secret`` is the staff's, and Gone is out of use."""
    desk = Shell(tmp_path_factory.mktemp("furnished"))
    desk.tix("init")
    for name in ("Acme", "Gone"):
        desk.tix("client", "add", name, "--domain", f"{name.lower()}.example")
    desk.tix("client", "edit", "Gone", "--inactive")
    desk.tix("calendar", "add", "Days", "--hours", "mon-fri 9-17")
    desk.tix("sla", "add", "gold", "--grace", "4h", "--calendar", "Days")
    desk.tix("department", "add", "Front desk")
    desk.tix("department", "add", "Back")
    desk.tix("team", "add", "night")
    desk.tix("asset", "add", "PC 1", "--client", "Acme", "--kind", "laptop")
    desk.tix("asset", "add", "PC 2")
    desk.people("sam:agent")
    desk.tix("user", "add", "lan", "--client", "Acme")
    desk.tix("topic", "add", "Report/Outage")
    desk.tix("topic", "field", "add", "Report", "brand", "--kind", "choice", "--choices", "North,South")
    desk.tix("topic", "field", "add", "Report/Outage", "urgent", "--kind", "boolean", "--label", "Urgent?")
    desk.tix("topic", "field", "add", "Report", "secret", "--staff-only")
    desk.tix("topic", "add", "Other")
    desk.tix("topic", "field", "add", "Other", "room")
    desk.tix("new", "Broken", "-m", "x", "--for", "lan", "--topic", "Report/Outage")
    toml = desk.tix("workflow", "show", "standard", "--toml").out.replace('name = "standard"', 'name = "own"')
    desk.tix("workflow", "add", "-", stdin=toml)
    desk.close()
    return desk.store


@pytest.fixture
def nouns(furnished: Path, desk: Shell) -> Shell:
    """A copy of that desk."""
    shutil.copy(furnished, desk.store)
    return desk


NOUNS = {"client": "Acme", "calendar": "Days", "sla": "gold", "department": "Back", "team": "night", "asset": "PC 1", "topic": "Other"}  # fmt: skip


@pytest.mark.parametrize("noun", NOUNS)
def test_a_noun_is_named_by_the_verbs_that_are_about_it(nouns: Shell, noun: str):
    for verb in ("show", "edit", "rm"):
        assert NOUNS[noun] in offered(nouns, noun, verb, NOUNS[noun][:2])
    assert offered(nouns, noun, "add", "") == {}
    nouns.tix(noun, "edit", NOUNS[noun], "--inactive")
    assert NOUNS[noun] in offered(nouns, noun, "show", "")


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["new", "--topic", ""], ["Report", "Report/Outage", "Other"]),
        (["new", "--topic", "Report/"], ["Report/Outage"]),
        (["new", "--department", ""], ["Back", "Front desk", "none"]),
        (["list", "--department", "F"], ["Front desk"]),
        (["list", "--client", ""], ["Acme", "Gone"]),
        (["list", "--team", ""], ["night"]),
        (["edit", "1", "--asset", ""], ["PC 1", "PC 2"]),
        (["edit", "1", "--remove-asset", "PC"], ["PC 1", "PC 2"]),
        (["edit", "1", "--sla", "go"], ["gold"]),
        (["sla", "edit", "gold", "--calendar", ""], ["Days"]),
        (["department", "add", "x", "--workflow", "ow"], ["own"]),
        (["department", "edit", "Back", "--member", "s"], ["sam"]),
        (["workflow", "use", "ow"], ["own"]),
        (["workflow", "show", "ow"], ["own"]),
        (["init", "--workflow", "ow"], []),
        (["user", "edit", "sam", "--departments", ""], ["Back", "Front desk", "all", "none"]),
        (["user", "edit", "sam", "--departments", "Back,F"], ["Back,Front desk"]),
        (["user", "edit", "sam", "--teams", "n"], ["night", "none"]),
        (["user", "edit", "lan", "--contact", ""], ["primary", "technical", "billing"]),
        (["user", "edit", "lan", "--contact", "primary,b"], ["primary,billing"]),
        (["user", "edit", "lan", "--manager", "s"], ["sam"]),
        (["user", "edit", "lan", "--client", ""], ["Acme", "Gone"]),
        (["config", "set", "default_topic", "R"], ["Report", "Report/Outage"]),
        (["config", "set", "default_department", ""], ["Back", "Front desk", "none"]),
        (["config", "set", "default_sla", "go"], ["gold"]),
        (["config", "set", "workflow", "ow"], ["own"]),
        (["assign", "1", "team:"], ["team:night"]),
        (["assign", "1", "te"], ["team:night"]),
        (["new", "-a", "team:n"], ["team:night"]),
        (["topic", "add", "x", "--assignee", "sa"], ["sam"]),
        (["topic", ""], ["list", "show", "add", "edit", "rm", "field"]),
        (["topic", "field", ""], ["list", "add", "edit", "rm"]),
        (["topic", "field", "add", ""], ["Report", "Report/Outage", "Other"]),
        (["topic", "field", "add", "Report", ""], []),
        (["topic", "field", "rm", "Report", ""], ["brand", "secret"]),
        (["topic", "field", "add", "Report", "x", "--kind", "b"], ["boolean"]),
        (["list", "--client", "Acme,"], []),
    ],
    ids=" ".join,
)
def test_names_stand_where_they_can(nouns: Shell, words: list[str], names: list[str]):
    assert list(offered(nouns, *words)) == names


def test_a_field_is_offered_with_its_sign_then_its_answers(nouns: Shell):
    """What the topic asks, of a new ticket and of one that is there; in a filter what any topic asks."""
    new = ("new", "--topic", "Report/Outage", "--field")
    assert list(offered(nouns, *new, "")) == ["brand=", "secret=", "urgent="]
    assert offered(nouns, *new, "ur") == {"urgent=": "Urgent?"}
    assert list(offered(nouns, *new, "brand=")) == ["brand=North", "brand=South"]
    assert list(offered(nouns, *new, "urgent=")) == ["urgent=yes", "urgent=no"]
    assert list(offered(nouns, "edit", "1", "--field", "")) == ["brand=", "secret=", "urgent="]
    assert list(offered(nouns, "edit", "1", "--field=brand=S")) == ["--field=brand=South"]
    assert list(offered(nouns, "edit", "1", "--topic", "Other", "--field", "")) == ["room="]
    assert set(offered(nouns, "list", "--field", "")) == {"brand=", "secret=", "urgent=", "room="}
    assert list(offered(nouns, "search", "x", "--field", "brand=N")) == ["brand=North"]
    assert offered(nouns, "new", "--topic", "Nowhere", "--field", "") == {}


def test_a_requester_is_offered_of_nouns_what_they_may_list(nouns: Shell):
    """Their own client's assets; no client, team, plan or calendar; no question that is the staff's."""
    for noun in ("client", "team", "sla", "calendar"):
        assert offered(nouns, noun, "show", "", as_="lan") == {}
        assert offered(nouns, "new", f"--{noun}", "", as_="lan").keys() <= {"none"}
    assert list(offered(nouns, "asset", "show", "", as_="lan")) == ["PC 1"]
    assert list(offered(nouns, "new", "--asset", "", as_="lan")) == ["PC 1"]
    assert offered(nouns, "assign", "1", "team:", as_="lan") == {}
    for words in (
        ("new", "--topic", "Report", "--field", "s"),
        ("list", "--field", "s"),
        ("topic", "field", "edit", "Report", "s"),
    ):
        assert offered(nouns, *words, as_="lan") == {}
    assert offered(nouns, "list", "--field", "secret=", as_="lan") == {}
    assert "brand=" in offered(nouns, "list", "--field", "", as_="lan")


def test_names_that_a_terminal_would_obey_are_left_out(nouns: Shell):
    with closing(sqlite3.connect(nouns.store)) as store, store:
        for table in ("client", "topic", "team", "asset", "department", "calendar", "sla_plan"):
            store.execute(f"UPDATE {table} SET name = ? WHERE rowid = 1", ("\x1b[31mred\u202e",))
        store.execute("UPDATE topic_field SET label = ?", ("\x1b[2J\nboo\t",))
        store.execute("UPDATE client SET domains = ?", ('["\x1b[2J"]',))
    for words in (
        ("list", "--client", ""),
        ("new", "--topic", ""),
        ("assign", "1", "team:"),
        ("list", "--field", ""),
    ):
        done = nouns.tix("__complete", "--", *words)
        assert done.err == ""
        assert "\x1b" not in done.out
        assert "\u202e" not in done.out
        assert all(line.count("\t") == 1 for line in done.out.splitlines())


def test_people_are_read_as_far_as_they_are_offered(nouns: Shell):
    """Many requesters do not hide the staff, nor do more than fifty come."""
    with closing(sqlite3.connect(nouns.store)) as store, store:
        store.executemany(
            "INSERT INTO person (login, name, role, created_at) VALUES (?, ?, 'requester', 0)",
            [(f"p{number:05}", "P") for number in range(2000)],
        )
    assert len(offered(nouns, "list", "--user", "p")) == 50
    assert list(offered(nouns, "list", "--user", "p0199")) == [f"p0199{n}" for n in range(10)]
    assert "sam" in offered(nouns, "assign", "1", "s")


# ---------------------------------------------------------------------------------- which desk, and for whom


def test_store_and_as_are_honoured_wherever_they_stand(full: Shell, tmp_path: Path):
    other = str(tmp_path / "other.db")
    full.tix("new", "Elsewhere", "-m", "x", "--store", other)
    assert offered(full, "--store", other, "show", "") == {"TIX-1": "Elsewhere"}
    assert offered(full, "show", f"--store={other}", "") == {"TIX-1": "Elsewhere"}
    assert set(offered(full, "--as", "lan", "show", "")) == {"TIX-3", "TIX-4"}
    assert set(offered(full, "show", "--as", "lan", "")) == {"TIX-3", "TIX-4"}
    assert full.tix("--as", "lan", "__complete", "--", "show", "3").out == "3\tCable\n"


def test_a_requester_is_offered_only_what_they_may_see(full: Shell):
    full.tix("note", "3", "-m", "canary")
    assert set(offered(full, "show", "", as_="lan")) == {"TIX-3", "TIX-4"}
    assert offered(full, "show", "2", as_="lan") == offered(full, "show", "TIX-1", as_="lan") == {}
    assert set(offered(full, "list", "--user", "", as_="lan")) == {"@me", "lan", "sam"}
    assert set(offered(full, "list", "--user", "", as_="tom")) == {"@me", "tom"}
    assert offered(full, "list", "--tag", "", as_="lan") == {}
    assert offered(full, "list", "--as", "s", "--user", "", as_="tom") == {}


def test_without_a_desk_nothing_is_made_and_names_are_still_offered(desk: Shell):
    assert offered(desk, "show", "") == {}
    assert "open" in offered(desk, "list", "--status", "")
    assert not desk.store.exists()


@pytest.mark.parametrize(
    "words",
    [
        (), ("",), ("nonsense", ""), ("list", "--nonsense", ""), ("list", "--nonsense=", "x"), ("show", "\x1b["),
        ("user", "nonsense", ""), ("--", "--"), ("-",), ("--help",), ("show", "9" * 400), ("show", "%s"),
        ("assign", "1", "\n"), ("config", "set", "nonsense", ""), ("list", "--as", "nobody", "--user", ""),
        ("--store", "/nowhere/at/all", "show", ""), ("--store", "postgresql://x", "show", ""),
        ("--store", "/dev/null", "show", ""), ("completion", "bash", ""), ("show", "1-99999", "2,x,,-,", ""),
    ],
    ids=repr,
)  # fmt: skip
def test_it_never_fails(full: Shell, words: tuple[str, ...]):
    for dashes in ((), ("--",)):
        done = full.tix("__complete", *dashes, *words)
        assert done.err == ""


def test_a_damaged_desk_is_no_desk(desk: Shell):
    desk.store.write_bytes(b"nonsense" * 100)
    assert offered(desk, "show", "") == {}
    assert "--no-events" in offered(desk, "show", "--no-e")


def test_a_locked_desk_does_not_hold_the_keyboard(full: Shell):
    with closing(sqlite3.connect(full.store)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        started = time.monotonic()
        done = full.tix("__complete", "--", "show", "", process=True)
        waited = time.monotonic() - started
    assert (done.out, done.err) == ("", "")
    assert waited < 20  # SQLite alone would wait for thirty seconds


# ------------------------------------------------------------------------------------------ what is printed


def test_descriptions_are_neutralised_and_on_one_line(full: Shell):
    with closing(sqlite3.connect(full.store)) as store, store:
        store.execute("UPDATE ticket SET subject = ? WHERE number = 3", ("a\n\x1b[31mb\tc\u202e",))
    assert full.tix("__complete", "--", "show", "3").out == "3\ta\\n\\x1b[31mb\\tc\\u202e\n"


def test_a_value_that_a_terminal_would_obey_is_left_out(full: Shell):
    with closing(sqlite3.connect(full.store)) as store, store:
        store.execute("UPDATE ticket SET tags = ? WHERE number = 3", (" :files \x1b[31m fine $(x) ",))
    assert set(offered(full, "list", "--tag", "")) == {"$(x)", "fine", "vip"}


def test_completing_loads_nothing_heavy(full: Shell):
    tell = (
        "import sys\nfrom tix.cli.main import main\nsys.argv[1:1] = ['__complete', '--']\ncode = main()\n"
        "heavy = {'sqlmodel', 'sqlalchemy', 'pydantic', 'rich', 'questionary', 'platformdirs', 'alembic'}\n"
        "sys.stderr.write(','.join(heavy & set(sys.modules)))"
    )
    for words in (["show", ""], ["user", "add", "--"], ["new", "--for", ""], ["list", "-c", ""], [""]):
        done = full.run(sys.executable, "-c", tell, *words)
        assert (done.err, done.out != "") == ("", True)


# -------------------------------------------------------------------------------------- the scripts themselves


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_evaluates_nothing(desk: Shell, shell: str):
    script = desk.tix("completion", shell).out
    assert "__complete" in script
    code = "\n".join(line for line in script.splitlines() if not line.lstrip().startswith("#"))
    for word in ("eval", "_describe", "complete -C", "compgen -W", "${(e)"):
        assert word not in code
    assert not desk.store.exists()


def test_another_shell_has_no_script(desk: Shell):
    done = desk.tix("completion", "tcsh", check=2)
    assert done.err == "tix: no completion script for 'tcsh'\n  hint: use one of bash, zsh, fish\n"


def test_reports_times_and_fields_of_json(full: Shell):
    """Every report there is; words for times, ahead or back; the fields behind --json=, also after a comma."""
    from tix.cli.commands.report import COLUMNS

    def offered(*words: str) -> list[str]:
        return [line.partition("\t")[0] for line in full.tix("__complete", "--", *words).lines]

    assert offered("report", "") == list(COLUMNS)
    assert offered("edit", "1", "--due", "to") == ["today", "tomorrow", "tonight"]
    assert offered("list", "--since", "y") == ["yesterday"]
    assert "eow" in offered("snooze", "1", "--until", "e")
    assert offered("list", "--json=ref,subj") == ["--json=ref,subject"]
    assert offered("user", "list", "--json=logi") == ["--json=login"]
    assert offered("list", "--color", "al") == ["always"]
