"""Tables of other programs at the command line: looked at first, mapped by options and files, asked about."""

from pathlib import Path

import pytest

from tests.harness import Shell

TABLE = (
    "Title;Key;Reporter;State;Opened;Comment;Comment;Mood\n"
    "Drucker;7;Jörgen Ö;Geparkt;24.12.2026 15:04;eins;zwei;gut\n"
)
MAPPED = (
    "--map", "Title=subject", "--map", "Key=ref", "--map", "Reporter=requester", "--map", "State=status", "--map",
    "State:Geparkt=on-hold", "--map", "Opened=created_at", "--map", "*=note", "--zone", "Europe/Berlin",
)  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path):
    shell = Shell(tmp_path)
    shell.now = "2026-12-30T09:00:00Z"
    shell.tix("init")
    (tmp_path / "t.csv").write_bytes(TABLE.encode("cp1252"))
    yield shell
    shell.close()


def test_a_file_is_looked_at_and_nothing_is_written(desk: Shell):
    before = Path(desk.store).read_bytes()
    seen = desk.tix("import", "t.csv", "--inspect", "--json").json
    assert (seen["format"], seen["encoding"], seen["delimiter"], seen["rows"]) == ("csv", "cp1252", ";", 1)
    assert [(one["column"], one["field"], one["guess"]) for one in seen["columns"]][:3] == [
        ("Title", None, "subject"),
        ("Key", None, "number"),
        ("Reporter", None, "requester"),
    ]
    assert '"Title" = "subject"' in seen["mapping"]
    assert {"field": "status", "word": "Geparkt", "count": 1, "here": None} in seen["words"]
    assert Path(desk.store).read_bytes() == before


def test_a_table_is_mapped_by_options(desk: Shell):
    done = desk.tix("import", "t.csv", *MAPPED)
    assert "read as cp1252" in done.err
    shown = desk.tix("show", done.ref, "--json").json
    assert (shown["subject"], shown["requester_name"], shown["status"]) == ("Drucker", "Jörgen Ö", "on-hold")
    assert shown["created_at"] == "2026-12-24T14:04:00Z"
    said = [(one["kind"], one["body"]) for one in shown["thread"] if one["kind"] != "event"]
    assert said == [("message", ""), ("note", "Mood: gut"), ("message", "eins"), ("message", "zwei")]


def test_a_mapping_is_kept_and_used_again(desk: Shell, tmp_path: Path):
    desk.tix("import", "t.csv", "--inspect", "--save-mapping", "ours", *MAPPED)
    desk.tix("import", "t.csv", "--inspect", "--save-mapping", str(tmp_path / "m.toml"), *MAPPED)
    for name in ("ours", str(tmp_path / "m.toml")):
        tried = desk.tix("import", "t.csv", "--mapping", name, "--dry-run")
        assert "Would import 1 ticket" in tried.err + tried.out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "are not ticket fields"),
        (("--map", "Nope=subject"), "the file has no column 'Nope'"),
        (("--map", "Title=subject", "--map", "Key=subject", "--map", "*=none"), "two columns hold the field 'subject'"),
        (("--map", "*=none",), "no column holds the subject"),
        (("--zone", "Mars"), "'Mars' is not a time zone"),
        (("--encoding", "nope"), "'nope' is not an encoding"),
        (("--encoding", "utf-8"), "the file is not UTF-8"),
        (("--date-format", "%Q"), "is not the form of a date"),
        (("--delimiter", "ab"), "is not a delimiter"),
        (("--group-by", "Nope", "--map", "Title=subject", "--map", "*=none"), "the file has no column 'Nope'"),
        (("--map", "Title"), "'Title' is not COLUMN=FIELD"),
        (("--from", "github", "--map", "a=subject"), "is no JSON, and so not issues of GitHub"),
    ],
)  # fmt: skip
def test_a_mapping_that_does_not_fit_is_one_sentence_and_nothing_is_written(desk: Shell, options, words):
    before = Path(desk.store).read_bytes()
    refused = desk.tix("import", "t.csv", *options, check=2)
    assert words in refused.err
    assert Path(desk.store).read_bytes() == before


def test_a_mapping_that_nobody_saved_is_not_found(desk: Shell):
    assert "no mapping file 'nope'" in desk.tix("import", "t.csv", "--mapping", "nope", check=3).err


def test_a_date_with_two_readings_is_refused_with_both(desk: Shell, tmp_path: Path):
    (tmp_path / "t.csv").write_text("subject,created_at\na,03/04/2026\n")
    refused = desk.tix("import", "t.csv", check=2)
    assert "2026-04-03 (--day-first) or 2026-03-04 (--month-first)" in refused.err
    done = desk.tix("import", "t.csv", "--month-first")
    assert desk.tix("show", done.ref, "--json").json["created_at"] == "2026-03-04T00:00:00Z"


@pytest.mark.parametrize(
    ("text", "shape", "words", "like"),
    [
        ("subject\na\n", "zendesk", "is no JSON, and so not Zendesk", "--from csv"),
        ("subject\na\n", "github", "is no JSON, and so not issues of GitHub", "--from csv"),
        ('[{"number": 1, "title": "a"}]', "todo.txt", "is JSON, and not todo.txt", "--from github"),
        ('[{"number": 1, "title": "a"}]', "jira", "is JSON, and not Jira", "--from github"),
        ('[{"a": 1}]', "csv", "is JSON, and not a table", "name the format with --from"),
    ],
)
def test_a_format_that_cannot_be_that_of_the_file_is_refused(
    desk: Shell, tmp_path: Path, text: str, shape: str, words: str, like: str
):
    (tmp_path / "t.csv").write_text(text)
    before = Path(desk.store).read_bytes()
    refused = desk.tix("import", "t.csv", "--from", shape, check=2).err
    assert words in refused
    assert like in refused
    assert Path(desk.store).read_bytes() == before


def test_a_number_that_repeats_is_refused_and_a_group_that_contradicts_itself(desk: Shell, tmp_path: Path):
    (tmp_path / "t.csv").write_text("number,subject,requester\n1,a,bo\n1,b,cy\n2,c,bo\n")
    before = Path(desk.store).read_bytes()
    assert "lines 2 and 3 have the same number, 1" in desk.tix("import", "t.csv", check=2).err
    refused = desk.tix("import", "t.csv", "--group-by", "number", check=2).err
    assert "lines 2 and 3 have the same number and another requester: 'bo' and 'cy'" in refused
    assert Path(desk.store).read_bytes() == before


TURKISH = "subject\nŞifre sıfırlama\n".encode("cp1254")


def test_an_encoding_that_is_not_certain_is_refused_with_what_a_word_can_be(desk: Shell, tmp_path: Path):
    (tmp_path / "t.csv").write_bytes(TURKISH)
    before = Path(desk.store).read_bytes()
    for more in ((), ("--dry-run",), ("--yes",)):
        refused = desk.tix("import", "t.csv", *more, check=2).err
        assert "'Þifre' (cp1252) or 'Şifre' (cp1254)" in refused
        assert "--encoding" in refused
    assert Path(desk.store).read_bytes() == before
    seen = desk.tix("import", "t.csv", "--inspect", "--json").json
    assert {"encoding": "cp1254", "word": "Şifre"} in seen["readings"]
    assert "encoding" not in (seen["mapping"] or "")
    done = desk.tix("import", "t.csv", "--encoding", "cp1254")
    assert desk.tix("show", done.ref, "--json").json["subject"] == "Şifre sıfırlama"


def test_an_encoding_that_is_not_certain_is_asked_on_a_terminal(desk: Shell, tmp_path: Path):
    (tmp_path / "t.csv").write_bytes(TURKISH)
    terminal = desk.terminal("import", "t.csv")
    terminal.expect("cp1254: Şifre")
    terminal.expect("Encoding (cp1252, cp1254, or another)")
    terminal.send("nope\r")
    terminal.expect("'nope' is not an encoding")
    terminal.send("cp1254\r")
    terminal.expect("Imported 1 ticket")
    terminal.wait(0)
    [found] = desk.tix("list", "--json").json
    assert found["subject"] == "Şifre sıfırlama"


def test_a_look_says_why_a_table_cannot_be_imported_as_it_is(desk: Shell):
    (desk.folder / "t.csv").write_text("status,requester\nopen,ann\n")
    seen = desk.tix("import", "t.csv", "--inspect", "--json").json
    assert (seen["reason"], seen["tickets"]) == ("no column holds the subject", None)
    (desk.folder / "t.csv").write_text("subject,requester\nPrinter,ann\n")
    assert desk.tix("import", "t.csv", "--inspect", "--json").json["reason"] is None
