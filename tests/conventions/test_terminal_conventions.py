"""The 49 habits of terminal users: one test for each runs the command that shows it, and the page about them is true.

A test begins with its number. `shown_by` names tests that go further; they have to be there.
"""

import json
import os
import re
import shlex
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.harness import TIX, Shell
from tix.cli import parser

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "conventions.md"
COUNT = 49
SEEN = {"TIX_FORCE_TTY": "100", "NO_COLOR": "1"}
_POINTERS: dict[str, tuple[str, ...]] = {}


def shown_by(*places: str) -> Callable[[Any], Any]:
    """Name tests that go further, each `FILE::NAME`."""

    def decorate(function: Any) -> Any:
        _POINTERS[function.__name__] = places
        return function

    return decorate


@pytest.fixture
def desk(tmp_path: Path) -> Shell:
    """Three open tickets and a closed one; sam is an agent, lan a requester."""
    shell = Shell(tmp_path)
    shell.now = "2026-11-30T09:00:00Z"
    shell.people("sam:agent", "lan:requester")
    shell.tix("new", "Printer jams", "-m", "Smoke.", "--for", "lan", "-p", "high", "--due", "2026-11-29")
    shell.tix("new", "Screen dark", "-m", "Black.", "--tag", "spam")
    shell.tix("new", "Cable", "-m", "Loose.")
    shell.tix("new", "Dock", "-m", "Old.")
    shell.tix("close", 4)
    yield shell
    shell.close()


# ------------------------------------------------------------------------------------------ for programs


@shown_by("cli/test_shapes.py::test_json_help_explains_every_field")
def test_c01(desk: Shell):
    """C1: JSON has the fields that are named; a wrong one is exit 2 with the nearest, and all can be listed."""
    assert desk.tix("list", "--json=ref,status", "--limit", 1).json == [{"ref": "TIX-1", "status": "open"}]
    assert desk.tix("list", "--json", "ref", "--limit", 1).json == [{"ref": "TIX-1"}]
    assert len(desk.tix("list", "--json", "--limit", 1).json[0]) > 20
    assert "did you mean subject?" in desk.tix("list", "--json=subjct", check=2).error["hint"]
    assert "due_at\ttime or null\tDue date." in desk.tix("list", "--json", "help").out


@shown_by("cli/test_effects.py::test_a_write_names_what_it_changed_and_how_it_is_undone")
def test_c02(desk: Shell):
    """C2: a write answers with the object of show, and with effect, changes and undo."""
    done = desk.tix("edit", 1, "-p", "low", "--json").json
    assert done["effect"] == "updated"
    assert done["changes"] == [{"field": "priority", "old": "high", "new": "low"}]
    assert done["undo"] == ["tix", "undo"]
    assert desk.tix("show", 1, "--json").json.items() <= done.items()


@shown_by("cli/test_pages.py::test_the_envelope_has_the_records_and_the_cursor")
def test_c03(desk: Shell):
    """C3: an object or an array, and around it an envelope where somebody asks."""
    bare = desk.tix("list", "--json=ref").json
    how = desk.tix("list", "--json=ref", "--envelope")
    assert how.json.keys() == {"ok", "data", "error", "warnings", "meta"}
    assert how.json["data"] == bare
    assert " ".join(how.json["meta"]) == "schema_version tool_version total returned truncated next_cursor"
    by_variable = desk.run("sh", "-c", f"{shlex.join(TIX)} list --json=ref", env={"TIX_ENVELOPE": "1"})
    assert by_variable.json == how.json
    assert how.json["meta"]["total"] == 3
    assert desk.tix("list", "--limit", 1, "--envelope").json["meta"]["truncated"]


@shown_by("cli/test_watching.py::test_nothing_is_missed_and_nothing_told_twice")
def test_c04(desk: Shell):
    """C4: one object a line, flushed; a log that is followed has no end."""
    assert [one["ref"] for one in desk.tix("list", "-o", "jsonl").jsonl] == ["TIX-1", "TIX-2", "TIX-3"]
    following = desk.start("log", "--follow", "-o", "jsonl")
    assert following.stdout is not None
    desk.tix("note", 2, "-m", "Seen.")
    while json.loads(following.stdout.readline())["body"] != "Seen.":
        pass
    assert following.poll() is None


@shown_by("cli/test_habits.py::test_wide_shortens_nothing")
def test_c05(desk: Shell):
    """C5: every format, chosen columns, with a header or without, as wide as it takes."""
    for shape in ("table", "plain", "json", "jsonl", "csv", "tsv", "md", "ids"):
        assert "TIX-1" in desk.tix("list", "-o", shape, "--columns", "ref,subject").out
    assert desk.tix("list", "-o", "csv", "-c", "ref", "--no-header", "--limit", 1).out == "TIX-1\n"
    assert desk.tix("list", "-c", "ref", "--header", "--limit", 1).lines == ["ref", "TIX-1"]
    assert "REQUESTER" in desk.tix("list", "-o", "table", "--wide", env={"COLUMNS": "40"}).out


@shown_by("cli/test_habits.py::test_jq_prints_texts_as_they_are_or_as_json")
def test_c06(desk: Shell):
    """C6: jq implies JSON; texts as they are, in quotes where somebody asks."""
    pytest.importorskip("jq")
    assert desk.tix("list", "--jq", ".[0].ref").out == "TIX-1\n"
    assert desk.tix("list", "--jq", ".[0].ref", "--jq-json").out == '"TIX-1"\n'


@shown_by(
    "cli/test_shapes.py::test_templates_write_tables", "cli/test_shapes.py::test_nothing_of_the_data_reaches_the_terminal"
)  # fmt: skip
def test_c07(desk: Shell):
    """C7: templates with ago, date, trunc, color, link and table; of a text, a file or a name."""
    text = "{{ table(ref|link, subject|trunc(7), created_at|ago, due_at|date, priority|color('red')) }}"
    assert desk.tix("list", "--template", text).lines[0] == "TIX-1  Printe…  now  2026-11-29 23:59  high"
    (desk.folder / "t.txt").write_text("{{ ref }}")
    desk.tix("config", "set", "templates.short", "{{ ref }}")
    for how in ("@t.txt", "short"):
        assert desk.tix("show", 1, "--template", how).out == "TIX-1\n"
    assert "--template" in desk.tix("list", "--template", "{{ ''.__class__ }}", check=2).err


@shown_by("cli/test_shapes.py::test_a_pipe_can_be_read_as_a_terminal")
def test_c08(desk: Shell):
    """C8: stdout decides about itself; TIX_FORCE_TTY is a terminal of so many columns."""
    assert "\t" in desk.tix("list").out
    shown = desk.tix("list", env={"TIX_FORCE_TTY": "60", "NO_COLOR": "1"}).out
    assert "SUBJECT" in shown
    assert max(map(len, shown.splitlines())) <= 60


@shown_by("e2e/test_output.py::test_an_odd_environment_changes_no_byte_of_data")
def test_c09(desk: Shell):
    """C9: data on stdout, words on stderr."""
    made = desk.tix("new", "A", "-m", "x", "--due", "2026-11-01")
    assert made.out == "TIX-5\n"
    assert "in the past" in made.err
    assert desk.tix("show", 99, check=3).out == ""


# ---------------------------------------------------------------------------------------- on a terminal


@shown_by(
    "cli/test_pager.py::test_every_long_read_is_paged", "cli/test_pager.py::test_which_pager",
    "cli/test_pager.py::test_a_pager_that_fails_loses_nothing",
)  # fmt: skip
def test_c10(desk: Shell):
    """C10: what is longer than the screen goes through the pager that is chosen, or through none."""
    for how, env, paged in (
        ((), {"TIX_PAGER": "sed s/^/paged:/"}, True),
        (("--no-pager",), {"TIX_PAGER": "sed s/^/paged:/"}, False),
        ((), {"TIX_PAGER": "sed s/^/paged:/", "CI": "1"}, False),
    ):
        terminal = desk.terminal("log", *how, rows=4, env=env)
        terminal.wait()
        assert ("paged:" in terminal.text) == paged


@shown_by("cli/test_surroundings.py::test_what_decides_about_colour")
def test_c11(desk: Shell):
    """C11: the option, then NO_COLOR, FORCE_COLOR, CLICOLOR, then the terminal."""
    for how, env, has in (
        (("--color", "always"), {"NO_COLOR": "1"}, True),
        ((), {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ((), {"FORCE_COLOR": "1", "CLICOLOR": "0"}, True),
        ((), {"CLICOLOR_FORCE": "1"}, True),
        ((), {}, False),
    ):
        assert ("\x1b[" in desk.tix("list", "-o", "table", *how, env=env).out) == has


@shown_by("cli/test_surroundings.py::test_a_theme_says_what_overdue_looks_like")
def test_c12(desk: Shell):
    """C12: a colour has a word or a sign beside it; themes are by meaning, of the terminal's own colours."""
    plain = desk.tix("list", "-o", "table").out
    assert "!" in plain
    assert "! overdue" in plain
    colored = desk.tix("list", "-o", "table", "--color", "always").out
    assert set(re.findall(r"\x1b\[([0-9;]+)m", colored)) <= {"0", "1;31", "2", "31", "32", "33", "36", "1;36"}
    desk.tix("config", "set", "colors.overdue", "magenta")
    assert "\x1b[35m!" in desk.tix("list", "-o", "table", "--color", "always").out


@shown_by("unit/test_render_tables.py::test_no_line_is_wider_than_the_terminal")
def test_c13(desk: Shell):
    """C13: columns give way by rank, and what is cut says so, by the width that is seen."""
    desk.tix("edit", 1, "--subject", "日本語" * 30)
    for cells in (40, 60, 100):
        lines = desk.tix("list", "-o", "table", env={"COLUMNS": str(cells)}).lines
        assert "…" in "".join(lines)
        assert all(
            len(line) + line.count("日") + line.count("本") + line.count("語") <= cells for line in lines
        )


@shown_by("cli/test_pages.py::test_the_envelope_has_the_records_and_the_cursor")
def test_c14(desk: Shell):
    """C14: tables show 50 and say so; formats for programs have no limit of their own."""
    desk.tix(
        "apply", "-", stdin="".join('{"do": "new", "subject": "A", "message": "x"}\n' for _ in range(50))
    )
    assert "50 of 53 tickets" in desk.tix("list", "-o", "table").out
    assert "of 53" not in desk.tix("list", "-o", "table", "--limit", 0).out
    assert len(desk.tix("list").lines) == len(desk.tix("list", "--json").json) == 53


@shown_by(
    "cli/test_edit_form.py::test_what_is_changed_is_edited_and_nothing_else",
    "cli/test_editor.py::test_an_editor_that_returns_at_once_keeps_its_file",
    "cli/test_drafts.py::test_a_draft_is_sent_as_who_wrote_it_and_is_gone",
)
def test_c15(desk: Shell):
    """C15: TIX_EDITOR, the setting, VISUAL, EDITOR; edit -e opens a form, and a text that fails is a draft."""
    for name in ("mine", "set", "visual"):
        editor = desk.folder / name
        editor.write_text(
            f"#!/bin/sh\necho {name} >> {desk.folder}/ran\nsed -i 's/^priority: .*/priority: low/' \"$1\"\n"
        )
        editor.chmod(0o755)
    env = {"VISUAL": str(desk.folder / "visual"), "EDITOR": "false"}
    desk.tix("edit", 1, "-e", env=env)
    desk.tix("config", "set", "editor", str(desk.folder / "set"))
    desk.tix("edit", 2, "-e", env=env)
    desk.tix("edit", 3, "-e", env={**env, "TIX_EDITOR": str(desk.folder / "mine")})
    assert (desk.folder / "ran").read_text().split() == ["visual", "set", "mine"]
    assert {one["priority"] for one in desk.tix("list", "--json").json} == {"low"}
    desk.tix("reply", 99, "-F", "-", stdin="Please restart.", check=3)
    assert "Please restart." in desk.tix("draft", "show").out


@shown_by("cli/test_surroundings.py::test_nobody_is_asked")
def test_c16(desk: Shell):
    """C16: nothing is asked without a terminal, nor with --no-input, TIX_NO_INPUT or CI."""
    assert "subject" in desk.tix("new", check=2).err
    for how, env in ((("--no-input",), {}), ((), {"TIX_NO_INPUT": "1"}), ((), {"CI": "1"})):
        terminal = desk.terminal("delete", 1, *how, env=env)
        terminal.wait(2)
        assert "--yes" in terminal.text


@shown_by(
    "cli/test_confirmation.py::test_it_asks_on_a_terminal", "cli/test_confirmation.py::test_the_gravest_are_confirmed_by_their_name"
)  # fmt: skip
def test_c17(desk: Shell):
    """C17: by weight: nothing, a question with what is at stake, the name; --yes and --confirm answer."""
    desk.tix("close", 3)
    assert "--yes" in desk.tix("delete", 3, check=2).err
    desk.tix("delete", 3, "--confirm", "TIX-2", check=2)
    desk.tix("delete", 3, "--confirm", "TIX-3")
    asked = desk.terminal("delete", 2)
    asked.expect("[y/N]")
    asked.send("\r")
    asked.wait(0)
    desk.tix("show", 2)
    desk.tix("delete", 2, "--yes")


@shown_by(
    "cli/test_stdin.py::test_a_file_comes_from_a_pipe", "cli/test_stdin.py::test_stdin_supplies_one_thing",
    "cli/test_stdin.py::test_a_silent_pipe_is_told_after_a_second",
)  # fmt: skip
def test_c18(desk: Shell):
    """C18: `-` is stdin, for references, a text or a file, and for one of them."""
    assert desk.tix("edit", "-", "-p", "low", stdin="1\nTIX-2 3\n").refs == ["TIX-1", "TIX-2", "TIX-3"]
    assert desk.tix("note", 1, "-F", "-", stdin="Seen.\n").ref == "TIX-1"
    desk.tix("note", 1, "-m", "Its log.", "--attach", "-", "--name", "x.log", stdin="one\n")
    assert desk.tix("attach", "list", 1, "-c", "name").out == "x.log\n"
    assert (
        "stdin cannot supply both"
        in desk.tix("note", 1, "--attach", "-", "--name", "x", stdin="x", check=2).err
    )


BULK = (
    "reply note assign claim edit start hold resolve close reopen snooze follow delete merge unmerge".split()
)


@shown_by(
    "cli/test_habits.py::test_the_tickets_of_my_last_command",
    "cli/test_habits.py::test_the_tickets_of_a_view",
)
def test_c19(desk: Shell):
    """C19: ranges, lists, -, @last, @view:NAME; and on each bulk verb --where."""
    assert desk.tix("note", "1-2,3", "-m", "Seen.").refs == ["TIX-1", "TIX-2", "TIX-3"]
    assert desk.tix("edit", "@last", "-p", "low").refs == ["TIX-1", "TIX-2", "TIX-3"]
    desk.tix("view", "add", "spam", "--tag", "spam")
    assert desk.tix("note", "@view:spam", "-m", "Spam.").refs == ["TIX-2"]
    more = {"assign": ["sam"], "edit": ["-p", "high"], "snooze": ["--until", "+1d"], "merge": ["--into", "1"]}
    for verb in BULK:
        words = ["-m", "x"] if verb in ("reply", "note") else more.get(verb, [])
        done = desk.tix(verb, "--where", "--tag spam", *words, "--dry-run", "--yes", check=None)
        assert done.code in (0, 5), done  # whatever the state of a ticket allows
        assert "TIX-2" in done.out + done.err, done
        assert "no filters of tix list" in desk.tix(verb, "--where", "--nope", *words, check=2).err


@shown_by("cli/test_merging.py::test_what_is_written_to_a_merged_ticket")
def test_c20(desk: Shell):
    """C20: short names of tickets; a merged one leads on."""
    for name in ("1", "TIX-1", "tix-1", "#1"):
        assert desk.tix("show", name, "-o", "ids").out == "TIX-1\n"
    assert desk.tix("1", "-o", "ids").out == "TIX-1\n"
    desk.tix("merge", 2, "--into", 3, "--yes")
    assert desk.tix("show", "@last", "-o", "ids", check=None).refs
    assert "Merged into" in desk.tix("show", 2, env=SEEN).out
    assert "TIX-2 is merged into TIX-3; written to TIX-3 instead." in desk.tix("reply", 2, "-m", "x").err


# ------------------------------------------------------------------------------------------ without fear


@shown_by(
    "cli/test_effects.py::test_a_rehearsal_says_would",
    "laws/test_effects_law.py::test_each_write_is_tried_done_once_and_taken_back",
)
def test_c21(desk: Shell):
    """C21: every write can be tried: the same shape, in the conditional."""
    before = desk.tix("export", "--all").out
    tried = desk.tix("close", 1, "--dry-run", "--json").json
    assert tried["effect"] == "would_update"
    assert desk.tix("client", "add", "Acme", "--dry-run", "--json").json["effect"] == "would_create"
    assert desk.tix("export", "--all").out == before
    assert tried.keys() == desk.tix("close", 1, "--json").json.keys()


@shown_by("cli/test_undo.py::test_what_was_undone_is_redone", "cli/test_own_words.py::test_a_text_is_changed")
def test_c22(desk: Shell):
    """C22: undo with its list, redo, own words; what cannot be taken back is named."""
    desk.tix("edit", "1-2", "-p", "low")
    assert "edit" in desk.tix("undo", "--list").out
    assert desk.tix("undo").refs == ["TIX-1", "TIX-2"]
    assert desk.tix("redo").refs == ["TIX-1", "TIX-2"]
    desk.tix("note", 1, "-m", "Sene.")
    desk.tix("note", 1, "--edit-last", "-m", "Seen.")
    assert "Seen." in desk.tix("show", 1).out
    desk.tix("new", "A", "-m", "x")
    assert "cannot be undone" in desk.tix("undo", "--list").out


@shown_by("cli/test_apply.py::test_one_transaction_or_nothing")
def test_c23(desk: Shell):
    """C23: lines of JSON, every verb, a result a line; all or none where somebody asks."""
    lines = '{"do": "note", "id": 1, "message": "Seen."}\n{"argv": ["close", "99"]}\n'
    done = desk.tix("apply", "-", stdin=lines, check=None)
    assert [one["ok"] for one in done.jsonl] == [True, False]
    before = desk.tix("show", 1).out
    desk.tix("apply", "-", "--atomic", stdin=lines, check=None)
    assert desk.tix("show", 1).out == before


# ---------------------------------------------------------------------------------------------- my own


@shown_by(
    "cli/test_aliases.py::test_the_shell_runs_what_begins_with_a_mark",
    "cli/test_extensions.py::test_commands_and_aliases_come_first",
)
def test_c24(desk: Shell):
    """C24: aliases with arguments, for the shell too; no shadowing, no loops; programs on the path."""
    desk.tix("alias", "set", "of", "list --requester $1 -o ids")
    assert desk.tix("of", "lan").out == "TIX-1\n"
    desk.tix("alias", "set", "list", "show 1", check=2)
    desk.tix("alias", "set", "of", "of x", check=2)
    program = desk.folder / "tix-greet"
    program.write_text('#!/bin/sh\necho "$1 $TIX_STORE"; exit 3\n')
    program.chmod(0o755)
    path = {"PATH": f"{desk.folder}:{os.environ['PATH']}"}
    assert desk.tix("greet", "hi", env=path, check=3, process=True).out == f"hi {desk.store}\n"


@shown_by(
    "cli/test_completion.py::test_a_list_goes_on_after_its_last_comma",
    "e2e/test_shells.py::test_commands_options_and_files",
)
def test_c25(desk: Shell):
    """C25: completion of columns, JSON fields, reports, words for times, and after commas."""
    for words, wanted in (
        (("list", "--columns", "ref,sub"), "ref,subject"),
        (("list", "--json=ref,sub"), "ref,subject"),
        (("report", "wee"), "weeks"),
        (("edit", "1", "--due", "tom"), "tomorrow"),
        (("list", "-s", "open,clo"), "open,closed"),
    ):
        assert wanted in desk.tix("__complete", "--", *words).out, words
    for shell in ("bash", "zsh", "fish"):
        assert "__complete" in desk.tix("completion", shell).out


@shown_by(
    "cli/test_personal.py::test_the_origin_of_each_setting_is_told", "cli/test_user_config.py::test_only_the_key_changes",
    "cli/test_user_config.py::test_a_symlink_is_written_through",
)  # fmt: skip
def test_c26(desk: Shell):
    """C26: an option, a variable, a profile, a file; the origin is told, and what else is in the file stays."""
    file = Path(desk.tix("config", "path").out.strip())
    file.parent.mkdir(parents=True)
    file.write_text('# mine\ntheme = "dark"  # at night\n')
    desk.tix("config", "set", "timezone", "Asia/Tokyo")
    assert file.read_text().startswith('# mine\ntheme = "dark"  # at night\n')
    desk.tix("config", "set", "profiles.work.theme", "light")
    for how, source in (((), str(file)), (("--profile", "work"), f"profile work in {file}")):
        rows = {name: source for name, _, source in desk.tix("config", "list", "--origin", *how).rows}
        assert rows["theme"] == source


@shown_by("cli/test_habits.py::test_a_view_stands_for_people_until_another_is_used")
def test_c27(desk: Shell):
    """C27: a view that is used stands for people and is named below the table; programs are not affected."""
    desk.tix("view", "add", "hot", "-p", "high")
    desk.tix("view", "use", "hot")
    shown = desk.tix("list", env=SEEN).out
    assert "Screen" not in shown
    assert "view hot (tix view use none ends it)" in shown
    assert len(desk.tix("list", "--json").json) == 3


@shown_by(
    "cli/test_help.py::test_lines_are_never_too_long_to_read",
    "cli/test_help_examples.py::test_the_examples_run",
)
def test_c28(desk: Shell):
    """C28: groups, usage with its arguments, examples, own options first, topics; -h and help."""
    first = desk.tix("--help").out
    assert "Work on tickets" in first
    page = desk.tix("assign", "-h").out
    assert page == desk.tix("help", "assign").out == desk.tix("assign", "--help").out
    assert "Usage: tix assign [OPTION…] ID… WHO" in page
    assert page.index("Examples") < page.index("Options") < page.index("--store")
    for topic in (
        "output",
        "filters",
        "dates",
        "search",
        "exit-codes",
        "formatting",
        "environment",
        "scripting",
    ):
        assert "tix" in desk.tix("help", topic).out


@shown_by("cli/test_did_you_mean.py::test_the_hint_names_it")
def test_c29(desk: Shell):
    """C29: the nearest by meaning and by spelling, and nothing is run."""
    for word, near in (("lits", "tix list"), ("comment", "tix reply or tix note"), ("take", "tix claim")):
        refused = desk.tix(word, 1, check=2)
        assert f"did you mean {near}?" in refused.err
        assert refused.out == ""
    assert "--limit" in desk.tix("list", "--limti", 5, check=2).err


@shown_by("cli/test_schema.py::test_every_error_is_of_some_command_or_of_the_server_alone")
def test_c30(desk: Shell):
    """C30: a sentence and a hint; in JSON code, exit, hint, fix and retryable."""
    told = desk.tix("show", 99, check=3).err
    assert told.startswith("tix: no ticket TIX-99\n  hint: ")
    error = desk.tix("lits", "--json", check=2).error
    assert {"code", "message", "exit", "hint", "fix", "retryable"} <= error.keys()
    assert error["fix"] == ["tix", "list", "--json"]


@shown_by("conventions/test_docs.py::test_every_error_code_is_listed_beside_its_exit_status")
def test_c31(desk: Shell):
    """C31: one table of exit statuses, and they are what it says."""
    table = desk.tix("help", "exit-codes").out
    for code, words in (
        (2, ("list", "--nope")),
        (3, ("show", 99)),
        (5, ("close", 4, "--strict")),
        (9, ("close", "1,4", "--strict")),
    ):
        assert re.search(rf"^ +{code}\b", table, re.MULTILINE)
        desk.tix(*words, check=code)
    desk.tix("config", "set", "prefix", "AB-", as_="lan", check=4)


@shown_by("cli/test_habits.py::test_nothing_found_is_no_failure_unless_somebody_says_so")
def test_c32(desk: Shell):
    """C32: nothing found is exit 0 and `[]`, a word on a terminal; with --fail-empty exit 3."""
    nothing = ("list", "--tag", "none-such")
    assert desk.tix(*nothing, "--json").out == "[]\n"
    assert desk.tix(*nothing, env=SEEN).err
    desk.tix(*nothing, "--fail-empty", check=3)


@shown_by("cli/test_habits.py::test_strict_fails_where_there_is_nothing_to_change")
def test_c33(desk: Shell):
    """C33: already so is exit 0 and unchanged; with --strict exit 5."""
    assert desk.tix("close", 4, "--json").json["effect"] == "unchanged"
    assert "already closed" in desk.tix("close", 4, "--strict", check=5).err


@shown_by(
    "conventions/test_man.py::test_the_wheel_installs_the_manual_pages",
    "conventions/test_man.py::test_the_manual_pages_are_fresh",
)
def test_c34():
    """C34: a manual page for every command."""
    assert {"tix.1", "tix-list.1", "tix-new.1"} <= {page.name for page in (ROOT / "man").iterdir()}


@shown_by("e2e/test_migrations.py::test_the_line_is_for_people")
def test_c35(desk: Shell):
    """C35: no network and no nagging: a read says nothing beside its data."""
    for words in (("list",), ("show", 1), ("--version",), ("stats",), ("search", "printer"), ("--help",)):
        assert desk.tix(*words).err == ""


@shown_by(
    "cli/test_watching.py::test_it_shows_what_another_process_has_made",
    "cli/test_watching.py::test_figures_are_watched_as_well",
)
def test_c36(desk: Shell):
    """C36: list and stats are watched, the log is followed."""
    for words in (("list", "--watch", "0.2"), ("stats", "--watch", "0.2"), ("log", "--follow")):
        terminal = desk.terminal(*words)
        if words[0] != "log":
            terminal.expect("ctrl-c")
        else:
            time.sleep(0.5)
            desk.tix("note", 1, "-m", "Seen.")
            terminal.expect("Seen.")
        terminal.send("\x03")
        terminal.wait(None)


@shown_by(
    "cli/test_hyperlinks.py::test_what_decides_about_links",
    "cli/test_hyperlinks.py::test_a_ticket_leads_to_where_the_settings_say",
)
def test_c37(desk: Shell):
    """C37: references lead to where the settings say; never in a pipe."""
    desk.tix("config", "set", "url_template", "https://desk.example/{number}")
    link = "\x1b]8;;https://desk.example/1\x1b\\TIX-1\x1b]8;;\x1b\\"
    assert link in desk.tix("list", "--hyperlinks", "always", env=SEEN).out
    assert "\x1b]8" not in desk.tix("list", "--hyperlinks", "never", env={**SEEN, "FORCE_HYPERLINK": "1"}).out
    assert "\x1b]8" not in desk.tix("list", "-o", "table", "--hyperlinks", "always").out


@shown_by(
    "cli/test_watching.py::test_what_others_do_rings_and_is_told",
    "cli/test_watching.py::test_without_a_terminal_the_desktop_tells",
)
def test_c38(desk: Shell):
    """C38: what others do rings the bell, and is told to the terminal."""
    terminal = desk.terminal("log", "--follow", "--notify", as_="sam")
    terminal.expect("Smoke.")
    time.sleep(0.3)
    desk.tix("reply", 1, "-m", "Seen.", as_="lan")
    terminal.expect("\a")
    terminal.send("\x03")
    terminal.wait(None)
    assert re.search(rb"\x1b\](9|777);", terminal.raw)


@shown_by("cli/test_schema.py::test_the_catalogue_has_every_command")
def test_c39(desk: Shell):
    """C39: the program describes itself as JSON Schema."""
    schema = desk.tix("schema", "list").json
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert {"arguments", "output", "error", "exit"} == schema["properties"].keys()


@shown_by(
    "cli/test_mcp.py::test_a_client_reads_and_writes_as_the_shell_does",
    "cli/test_prime.py::test_the_skill_is_installed_with_the_program",
)
def test_c40(desk: Shell):
    """C40: what an AI agent has to know, in sixty lines; AGENTS.md, a skill and tools."""
    assert len(desk.tix("prime").lines) <= 60
    assert (ROOT / "AGENTS.md").exists()
    assert "tix" in desk.tix("prime", "--skill").out


@shown_by(
    "laws/test_effects_law.py::test_every_write_can_be_read_tried_and_repeated",
    "store/test_idempotency.py::test_a_key_writes_once",
)
def test_c41(desk: Shell):
    """C41: a key on every write: the first result again, and a failure for other words."""
    first = desk.tix("note", 1, "-m", "Seen.", "--idempotency-key", "k", "--json").json
    again = desk.tix("note", 1, "-m", "Seen.", "--idempotency-key", "k", "--json").json
    assert (first["effect"], again["effect"]) == ("updated", "unchanged")
    assert (
        desk.tix("note", 1, "-m", "Other.", "--idempotency-key", "k", "--json", check=5).error["code"]
        == "key-reused"
    )


@shown_by(
    "cli/test_days.py::test_a_day_is_the_same_in_every_command",
    "unit/test_drawn_zone.py::test_the_clock_is_that_of_the_zone",
)
def test_c42(desk: Shell):
    """C42: the person's zone in every sentence, that of the option, UTC, or a rule of POSIX."""
    for how, env, wanted in (
        ((), {"TZ": "Asia/Tokyo"}, "18:00"),
        (("--tz", "Europe/Berlin"), {"TZ": "Asia/Tokyo"}, "10:00"),
        (("--utc",), {"TZ": "Asia/Tokyo"}, "09:00"),
        ((), {"TZ": "CET-1CEST,M3.5.0,M10.5.0/3"}, "10:00"),
        ((), {"TZ": "XYZ+3:30"}, "05:30"),
    ):
        assert f"2026-11-30 {wanted}" in desk.tix("show", 1, *how, env={**SEEN, **env}).out
        assert (
            desk.tix("list", *how, "-c", "created_at", "--limit", 1, env=env).out == "2026-11-30T09:00:00Z\n"
        )


@shown_by(
    "unit/test_moment_words.py::test_what_is_ambiguous_is_refused_with_its_readings",
    "cli/test_dates.py::test_date_shows_each_use",
)
def test_c43(desk: Shell):
    """C43: dates as people say them, and how they are read."""
    read = {use: at for use, at, *_ in desk.tix("--utc", "date", "next fri 9am").rows}
    assert read["due"] == "2026-12-11T09:00:00Z"
    for words in ("tomorrow 9am", "eow", "2bd", "dec 24", "24.12.2026", "in 3 days"):
        assert desk.tix("date", words).out
    assert "next fri 9am is 2026-12-11T09:00:00Z" in desk.tix(
        "--utc", "date", "next fri 9", check=None
    ).err + "".join(desk.tix("--utc", "date", "next fri 9", check=None).out)


@shown_by("unit/test_render_words.py::test_relative")
def test_c44(desk: Shell):
    """C44: short in tables, both forms in show."""
    later = {"now": "2026-11-30T12:00:00Z"}
    assert " 3h ago" in desk.tix("list", "-o", "table", "-c", "ref,created_at", **later).out
    assert "2026-11-30 09:00, 3h ago" in desk.tix("show", 1, env={**SEEN, "TZ": "UTC"}, **later).out


@shown_by(
    "e2e/test_output.py::test_an_odd_environment_changes_no_byte_of_data",
    "cli/test_surroundings.py::test_a_locale_that_does_not_exist_changes_nothing",
)
def test_c45(desk: Shell):
    """C45: codes and JSON are never translated; text that runs from right to left cannot reach beyond its place."""
    for language in ("de_DE.UTF-8", "vi_VN.UTF-8", "C"):
        env = {"LC_ALL": language, "LANGUAGE": language}
        assert desk.tix("list", "--json", env=env).out == desk.tix("list", "--json").out
        assert desk.tix("show", 99, "--json", env=env, check=3).error["code"] == "not-found"
    desk.tix("edit", 1, "--subject", "\u202eevil")
    assert "\u202e" not in desk.tix("list", "-o", "table").out


@shown_by(
    "cli/test_surroundings.py::test_choices_have_numbers_and_nothing_moves",
    "cli/test_surroundings.py::test_signs_have_words_for_people_who_listen",
)
def test_c46(desk: Shell):
    """C46: words beside signs, no boxes, no redrawing; by the variable or the setting."""
    assert "overdue unanswered" in desk.tix("list", env={**SEEN, "ACCESSIBLE": "1"}).out
    desk.tix("config", "set", "accessible", "true")
    shown = desk.tix("show", 1, env=SEEN).out
    assert not any("\u2500" <= char <= "\u259f" for char in shown)


@shown_by(
    "cli/test_doctor.py::test_the_verdict_comes_first_and_what_to_do_last",
    "cli/test_doctor.py::test_what_is_computed_is_repaired",
)
def test_c47(desk: Shell):
    """C47: a verdict first, in words; --fix and --json."""
    first = desk.tix("doctor", env=SEEN).out.splitlines()[0]
    assert "desk" in first
    assert {"name", "status", "detail", "hint"} == desk.tix("doctor", "--json").json[0].keys()
    desk.tix("doctor", "--fix", "--dry-run")


@shown_by("cli/test_guards.py::test_nothing_is_written_where_only_reading_is_allowed")
def test_c48(desk: Shell):
    """C48: looking only, by the option or the variable."""
    desk.tix("list", "--read-only")
    for how, env in ((("--read-only",), {}), ((), {"TIX_READ_ONLY": "1"})):
        assert "allows only reading" in desk.tix("close", 1, *how, env=env, check=5).err


@shown_by(
    "e2e/test_output.py::test_an_interrupted_command_is_130", "e2e/test_output.py::test_a_terminated_command_is_143_and_keeps_its_text",
    "cli/test_signals.py::test_what_it_says_of_a_command_on_many_is_true",
)  # fmt: skip
def test_c49(desk: Shell):
    """C49: 130 and 143, nothing half-written and the text saved; a prompt that was stopped goes on."""
    asked = desk.terminal("delete", 1)
    asked.expect("[y/N]")
    asked.process.send_signal(signal.SIGTSTP)
    time.sleep(0.3)
    asked.resize(30, 60)
    asked.process.send_signal(signal.SIGCONT)
    asked.send("\x03")
    asked.wait(130)
    waiting = desk.start("note", 1, stdin=-1)
    time.sleep(0.7)
    waiting.terminate()
    assert waiting.wait(30) == 143
    assert {one["kind"] for one in desk.tix("show", 1, "--json").json["thread"]} == {"message", "event"}


# ---------------------------------------------------------------------------------------------- the page


def _numbers(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"^\| C(\d+) \|", text, re.MULTILINE)]


def test_every_convention_has_a_test_and_a_row():
    tests = {name: function for name, function in globals().items() if re.fullmatch(r"test_c\d\d", name)}
    assert sorted(tests) == [f"test_c{number:02}" for number in range(1, COUNT + 1)]
    for name, function in tests.items():
        assert function.__doc__.startswith(f"C{int(name[-2:])}: ")
    assert sorted(_numbers(PAGE.read_text(encoding="utf-8"))) == list(range(1, COUNT + 1))


@pytest.mark.parametrize("place", sorted({place for places in _POINTERS.values() for place in places}))
def test_what_a_test_points_to_is_there(place: str):
    file, _, name = place.partition("::")
    assert re.search(rf"^def {name}\(", (ROOT / "tests" / file).read_text(encoding="utf-8"), re.MULTILINE)


# What a command of the page needs to be run; and what it exits with, where that is not 0.
UNRUN = {
    "tix list --watch 5": "never ends",
    "tix log --follow": "never ends",
    "tix log --follow --notify": "never ends",
    "tix mcp --read-only": "a client",
    "tix edit 12 -e": "an editor",
    "man tix-list": "the manual",
}
EXITS = {"tix show 999 --json": 3, "tix list --limti 5": 2, "tix date 'next fri 9'": 2}


def _commands() -> list[str]:
    """The lines of the page that can be typed."""
    rows = re.findall(r"^\| C\d+ \|.*$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    codes = [code.replace("\\|", "|") for row in rows for code in re.findall(r"`([^`]+)`", row)]
    return [code for code in codes if re.match(r"(?:[A-Z_]+=\S+ )?(?:tix|man) ", code)]


def test_every_row_has_a_command_that_is_read():
    rows = re.findall(r"^\| C\d+ \|.*$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert [row for row in rows if not re.search(r"`(?:[A-Z_]+=\S+ )?(?:tix|man) ", row)] == []
    words = [shlex.split(re.sub(r"^[A-Z_]+=\S+ ", "", line)) for line in _commands()]
    unread = [one[1:] for one in words if one[0] == "tix" and parser.read(one[1:]) is None]
    assert unread == [["list", "--limti", "5"], ["--version"]]  # the second is read before


# What the page takes for granted, before the command that does.
BEFORE = {"tix undo": ("edit", 1, "-p", "low")}


def test_the_commands_of_the_page_run(desk: Shell):
    """In its order, on one desk."""
    pytest.importorskip("jq")
    for number in range(5, 13):
        desk.tix("new", f"Dock {number}", "-m", "Loose.")
    desk.tix("close", 3)
    desk.tix("view", "add", "night", "--unassigned")
    (desk.folder / "night.jsonl").write_text('{"do": "note", "id": 1, "message": "Night."}\n')
    lines = _commands()
    assert UNRUN.keys() | EXITS.keys() | BEFORE.keys() <= set(lines)
    for line in lines:
        if line in UNRUN:
            continue
        if line in BEFORE:
            desk.tix(*BEFORE[line])
        words = shlex.split(line)
        env = dict([words.pop(0).split("=", 1)]) if "=" in words[0] else {}
        desk.tix(*words[1:], env=env, stdin="full\n" if "-" in words else None, check=EXITS.get(line, 0))
