"""Fields, filters and templates: what `--json=…`, `--jq`, `--template` and the formats with rows print."""

import csv
import io
import json
import sys

import pytest

from tests.harness import Shell
from tix.cli import app, compiled_fields, declared
from tix.cli.output import FORMATS, ROWS
from tix.cli.shapes import shape

pytest.importorskip("jq")


@pytest.fixture
def desk(peopled):
    peopled.tix("new", "Printer | jams", "-m", "x", "--for", "lan", "-p", "high")
    peopled.tix("new", "Screen\u202e dark", "-m", "y", "--tag", "a,b")
    return peopled


def test_json_chooses_fields_in_both_spellings(desk: Shell):
    wanted = [{"ref": "TIX-1", "priority": "high"}, {"ref": "TIX-2", "priority": "medium"}]
    assert desk.tix("list", "--json=ref,priority").json == wanted
    assert desk.tix("list", "--json", "ref,priority").json == wanted
    assert desk.tix("list", "--json", "ref,priority", "--mine", "-a", "none").json == []
    assert desk.tix("show", "--json", "ref", "1").json == {"ref": "TIX-1"}
    assert desk.tix("1", "--json=ref").json == {"ref": "TIX-1"}
    assert desk.tix("note", "1", "-m", "x", "--json", "ref").json == {"ref": "TIX-1"}
    assert desk.tix("user", "--json", "login,role").json[0].keys() == {"login", "role"}
    assert desk.tix("user", "show", "sam", "--json", "login").json == {"login": "sam"}
    assert desk.tix("config", "list", "--json", "name").json[0].keys() == {"name"}
    assert desk.tix("inbox", "--json", "tickets").json.keys() == {"tickets"}


def test_a_word_after_json_stays_a_word(desk: Shell):
    """A name that is no field of the record belongs to the command; so does what stands elsewhere."""
    assert [one["ref"] for one in desk.tix("search", "--json", "printer").json] == ["TIX-1"]
    assert desk.tix("list", "--json", "nope").json == []
    assert desk.tix("user", "show", "--json", "sam").json["login"] == "sam"
    assert desk.tix("note", "1", "-m", "--json", "--json").json["thread"][-1]["body"] == "--json"
    assert desk.tix("list", "ref", "--json").json == []
    # `role` is a field of people and not of tickets.
    assert desk.tix("list", "--json", "role").json == []


@pytest.mark.parametrize(
    "words",
    [
        ("list", "--json=nope"),
        ("list", "--json=ref,nope"),
        ("list", "--json", "ref,nope"),
        ("list", "--json="),
        ("edit", "1", "-p", "low", "--json=nope"),
        ("user", "list", "--json", "login,nope"),
    ],
)
def test_an_unknown_field_lists_the_known_ones(desk: Shell, words):
    done = desk.tix(*words, check=2)
    assert done.error["code"] == "invalid-value"
    assert ("login, " if words[0] == "user" else "ref, number, subject") in done.error["hint"]
    assert done.out == ""
    assert desk.tix("show", "1", "--json=priority").json == {"priority": "high"}


def test_every_command_that_prints_records_declares_them():
    """With the fields that it prints: `--json FIELDS` is read by this table."""
    printing = {
        " ".join(path): node.kind
        for path, node in declared.everything()
        if isinstance(node, app.Command)
        and any("--json" in getattr(one.declared, "names", ()) for one in declared.parameters(node))
    }
    assert {name for name, kind in printing.items() if kind is None} == {"report", "schema"}
    assert {name for name, kind in printing.items() if kind is not None} == set(compiled_fields.COMMANDS)


@pytest.mark.parametrize(
    ("words", "out"),
    [
        (("list", "--jq", ".[].ref"), "TIX-1\nTIX-2\n"),
        (("list", "--jq", "map(.number)"), "[1, 2]\n"),
        (("list", "--jq", ".[0] | keys", "--json=ref"), '["ref"]\n'),
        (("list", "--jq", "empty"), ""),
        (("show", "1", "--jq", ".thread[0].body"), "x\n"),
        (("show", "1-2", "--jq", "length"), "2\n"),
        (("edit", "1", "-p", "low", "--jq", ".priority"), "low\n"),
        (("user", "list", "--jq", 'map(select(.role == "requester").login) | sort'), '["ana", "lan"]\n'),
        (("list", "--template", "{{ ref }}: {{ priority|upper }}"), "TIX-1: HIGH\nTIX-2: MEDIUM\n"),
        (("list", "--template", "{{ record|length }}", "--json=ref"), "1\n1\n"),
        (("show", "1", "--template", "{% for item in thread %}{{ item.body }}\n{% endfor %}"), "x\n"),
        (("show", "1", "--template", "@t.txt"), "TIX-1 by file\n"),
        (("note", "1", "-m", "x", "--template", "{{ ref }}"), "TIX-1\n"),
        (("inbox", "--template", "{{ tickets|length }}"), "0\n"),
    ],
)
def test_filters_and_templates(desk: Shell, words, out):
    (desk.folder / "t.txt").write_text("{{ ref }} by file\n")
    assert desk.tix(*words).out == out


WRONG = [
    ("--jq", ".["),
    ("--jq", "nope"),
    ("--jq", ".[].ref.x"),
    ("--jq", 'error("no")'),
    ("--template", "{{ ref"),
    ("--template", "{{ nope }}"),
    ("--template", "{% include 'x' %}"),
    ("--template", "{{ ''.__class__.__mro__ }}"),
    ("--template", "{{ 'x'.format.__globals__ }}"),
    ("--template", "{{ range(10**9)|list }}"),
    ("--template", "@missing.txt"),
    ("--jq", ".", "--template", "x"),
    ("--jq", ".", "-o", "csv"),
    ("--template", "x", "-o", "ids"),
    ("--json=ref", "-c", "ref"),
    ("--json", "-o", "csv"),
]


@pytest.mark.parametrize("words", WRONG, ids=" ".join)
def test_what_cannot_be_done_is_a_sentence(desk: Shell, words):
    done = desk.tix("list", *words, check=2)
    assert done.out == ""
    said = done.errors[0]["message"] if done.errors else done.err
    assert said
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    "words", [one for one in WRONG if one[1] in (".[", "{{ ref", "@missing.txt")], ids=" ".join
)
def test_nothing_is_written_where_it_cannot_be_read(desk: Shell, words):
    before = desk.tix("show", "1", "--json").out
    desk.tix("edit", "1", "-p", "low", *words, check=2)
    assert desk.tix("show", "1", "--json").out == before


def test_what_loops_or_prints_too_much_ends(desk: Shell, monkeypatch):
    monkeypatch.setattr(shape, "SECONDS", 0.8)
    loop = "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}"
    for words in (("--jq", "[repeat(1)]|1"), ("--jq", "def f: f; f"), ("--template", loop)):
        done = desk.tix("list", *words, check=2)
        assert "longer than" in done.err
        assert done.out == ""
    monkeypatch.setattr(shape, "SECONDS", 60)
    monkeypatch.setattr(shape, "MOST_BYTES", 1000)
    assert "larger than 1,000 bytes" in desk.tix("list", "--jq", "range(9999)", check=2).err


def test_a_write_that_is_done_says_so_where_its_output_fails(desk: Shell):
    done = desk.tix("edit", "1", "-p", "low", "--jq", ".ref.nope")
    assert done.json["priority"] == "low"
    assert json.loads(done.err)["warning"]["code"] == "output"


def test_a_missing_package_is_named(desk: Shell, monkeypatch):
    monkeypatch.setitem(sys.modules, "jq", None)
    error = desk.inside("list", "--jq", ".", check=2).error
    assert error["hint"] == "pip install 'tix-desk[jq]'"
    monkeypatch.setitem(sys.modules, "jinja2", None)
    assert "tix-desk[template]" in desk.inside("list", "--template", "{{ ref }}", check=2).err


def test_formats_with_rows(desk: Shell):
    columns = ("-c", "ref,subject,tags")
    assert desk.tix("list", "-o", "md", *columns).lines == [
        "| ref | subject | tags |",
        "| --- | --- | --- |",
        "| TIX-1 | Printer \\| jams |  |",
        "| TIX-2 | Screen\\\\u202e dark | a,b |",
    ]
    assert desk.tix("list", "-o", "tsv", *columns).rows == [
        ["ref", "subject", "tags"],
        ["TIX-1", "Printer | jams", ""],
        ["TIX-2", "Screen\\u202e dark", "a,b"],
    ]
    assert desk.tix("list", "-o", "tsv").lines[0].split("\t")[:2] == ["ref", "number"]
    for name in ROWS:
        bare = desk.tix("list", "-o", name, "--no-header", *columns).lines
        headed = desk.tix("list", "-o", name, "--header", *columns).lines
        assert headed[-len(bare) :] == bare
        assert "ref" in headed[0]
        assert len(bare) == 2
    assert len(list(csv.reader(io.StringIO(desk.tix("list", "-o", "csv", "--no-header").out)))) == 2
    for name in set(FORMATS) - set(ROWS) - {"table"}:
        assert "--header" in desk.tix("list", "-o", name, "--header", check=2).err


def test_text_of_people_is_neutralised_on_a_terminal(desk: Shell):
    terminal = desk.terminal("list", "--jq", ".[1].subject")
    terminal.wait()
    assert "Screen\\u202e dark" in terminal.text


def test_templates_say_when_and_cut_what_is_long(desk: Shell):
    """By the clock of the person; what is not there is nothing."""
    how = {"env": {"TZ": "Asia/Tokyo"}, "now": "2026-11-22T09:00:00Z"}
    desk.tix("new", "A rather long subject", "-m", "x", now="2026-11-20T09:00:00Z")
    ref = desk.tix("list", "-o", "ids", "--sort", "-number", "--limit", 1).ref
    template = "{{ created_at|ago }}, {{ created_at|date }}, {{ created_at|date('%d.%m.') }}, {{ subject|trunc(8) }}, {{ closed_at|ago }}."
    said = desk.tix("show", ref, "--template", template, **how).out  # type: ignore[arg-type]
    assert said == "2d ago, 2026-11-20 18:00, 20.11., A rathe…, .\n"
    assert "template" in desk.tix("show", ref, "--template", "{{ subject|ago }}", check=2).err


def test_a_field_that_is_nearly_one_is_named(desk: Shell):
    assert "did you mean subject?" in desk.tix("list", "--json=subjct", check=2).error["hint"]


def test_json_help_explains_every_field(desk: Shell):
    """Name, type and meaning, of what each command prints; of a ticket none is left out."""
    for words in (
        ("list",),
        ("show", 1),
        ("close", 1),
        ("search", "x"),
        ("user", "list"),
        ("log",),
        ("config", "list"),
    ):
        rows = [line.split("\t") for line in desk.tix(*words, "--json", "help").lines]
        assert [row[0] for row in rows] == desk.tix(*words, "-c", "help").lines
        assert {len(row) for row in rows} == {3}
        assert all(row[1] for row in rows)
        if words[0] in ("list", "show", "close", "search"):
            assert [row[0] for row in rows if not row[2]] == []
    assert "due_at\ttime or null\tDue date.\n" in desk.tix("list", "--json", "help").out
    assert "tags\tlist of text\tTags.\n" in desk.tix("list", "--json=help").out
    assert "\t" not in desk.tix("list", "--json=help", env=READ).out


def test_every_kind_of_record_is_explained():
    from tix.cli import declared
    from tix.cli.app import Command
    from tix.render.records import meanings

    for path, node in declared.everything():
        if isinstance(node, Command) and node.kind is not None:
            assert [row[0] for row in meanings.rows(node.kind.fields)] == list(node.kind.fields), path


def test_a_pipe_can_be_read_as_a_terminal(desk: Shell):
    """Of so many columns; stderr is decided apart, and nobody is asked."""
    wide = desk.tix("list", env={"TIX_FORCE_TTY": "60", "NO_COLOR": "1"}).out
    assert wide.lstrip().startswith("REF")
    assert max(map(len, wide.split("\n"))) <= 60
    assert desk.tix("list", env={"TIX_FORCE_TTY": "0"}).out == desk.tix("list").out
    assert "no subject given" in desk.tix("new", env={"TIX_FORCE_TTY": "1"}, check=2).err


# --------------------------------------------------------------------------------------- templates on a terminal

READ = {"TIX_FORCE_TTY": "80"}


def test_templates_write_tables(desk: Shell):
    """Rows stand under each other whatever is in them; a text of its own ends the table before it."""
    row = "{{ table(ref, subject|trunc(20), closed_at) }}"
    desk.tix("new", "日本", "-m", "x")
    desk.tix("new", "a\tb\nc"[:3], "-m", "x", check=None)
    lines = desk.tix("list", "--template", row, "--sort", "number").lines
    assert len({line.index("  ") for line in lines}) == 1
    assert lines[0].startswith("TIX-1  ")
    assert [line for line in lines if "日本" in line] == ["TIX-3  日本"]
    (desk.folder / "row.txt").write_text(f"{row}\n")
    assert desk.tix("list", "--template", "@row.txt", "--sort", "number").lines == lines
    mixed = "{% if number == 2 %}second{% else %}" + row + "{% endif %}"
    found = desk.tix("list", "--template", mixed, "--sort", "number").lines
    assert [line.split()[0] for line in found[:3]] == ["TIX-1", "second", "TIX-3"]


def test_templates_have_colors_and_links(desk: Shell):
    desk.tix("config", "set", "url_template", "https://desk.example/{number}")
    text = "{{ ref|link }} {{ priority|color('bold red') }} {{ ref|link('https://x.example')|color('overdue') }} {{ 'x'|link('no') }}"
    plain = "TIX-1 high TIX-1 x\n"
    words = ("show", 1, "--template", text)
    assert desk.tix(*words).out == plain
    assert desk.tix(*words, "--hyperlinks", "always").out == plain
    assert desk.tix(*words, env={**READ, "NO_COLOR": "1"}).out == plain
    assert "\x1b[1;31mhigh\x1b[0m" in desk.tix(*words, "--color", "always").out
    drawn = desk.tix(*words, "--hyperlinks", "always", env=READ).out
    assert drawn.startswith("\x1b]8;;https://desk.example/1\x1b\\TIX-1\x1b]8;;\x1b\\ \x1b[1;31mhigh\x1b[0m ")
    assert "\x1b]8;;no" not in drawn
    assert "'rot' is not a color" in desk.tix("show", 1, "--template", "{{ ref|color('rot') }}", check=2).err
    table = "{{ table(priority|color('red'), ref) }}"
    colored = desk.tix("list", "--template", table, "--color", "always", "--sort", "number").lines
    assert colored == ["\x1b[31mhigh\x1b[0m    TIX-1", "\x1b[31mmedium\x1b[0m  TIX-2"]


@pytest.mark.parametrize(
    "text",
    [
        "{{ subject }}",
        "{{ subject|color('red') }}",
        "{{ table(subject, ref) }}",
        "{{ subject|link('https://x.example') }}",
        "{{ ref|link(subject) }}",
        "{{ ref|link('https://x.example/' ~ subject) }}",
        "{{ subject ~ ref|color('red') }}",
        "{% set x %}{{ subject }}{% endset %}{{ x }}",
        "{{ [subject, record] }}",
        "\x1b[2J{{ ref }}",
        "{{ '\\x1b[2J' }}",
        "{{ thread[0].body }}",
    ],
)
def test_nothing_of_the_data_reaches_the_terminal(desk: Shell, text: str):
    """Only the sequences that ``color`` and ``link`` make."""
    hostile = "\x1b]8;;https://evil.example\x1b\\\x1b[2J\u202e"
    desk.tix("new", f"A{hostile}B", "-m", hostile)
    how = ("--color", "always", "--hyperlinks", "always")
    said = desk.tix("show", 3, "--template", text, *how, env=READ).out
    for ours in ("\x1b[31m", "\x1b[0m", "\x1b]8;;https://x.example\x1b\\", "\x1b]8;;\x1b\\"):
        said = said.replace(ours, "")
    assert "\x1b" not in said
    assert "\u202e" not in said
