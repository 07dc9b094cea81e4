"""`tix doctor`: the verdict in words, what it repairs, and what it sees around a person."""

import shutil
from pathlib import Path

import pytest

from tests.factories import world
from tests.harness import Shell
from tix.desk import doctor
from tix.desk.doctor import Finding
from tix.store import rebuild

BREAKS = {
    "tallies": "UPDATE tally SET count = count + 1",
    "facets": "INSERT INTO facet (name, value, ticket_id) VALUES ('asset', 'gone', 1)",
    "search": "INSERT INTO public_text (public_text) VALUES ('delete-all')",
}


@pytest.fixture
def desk(tmp_path):
    shell = Shell(tmp_path)
    shell.now = "2026-11-20T09:00:00Z"
    shell.tix("init")
    shell.people("sam:agent", "lan:requester")
    shell.tix("new", "Printer", "-m", "smoke", as_="lan")
    shell.tix("note", 1, "-m", "toner")
    yield shell
    shell.close()


def found(desk: Shell, *words: object, check: int | None = 0, **how: object) -> dict[str, dict[str, object]]:
    """The findings by their names."""
    return {one["name"]: one for one in desk.tix("doctor", "--json", *words, check=check, **how).json}  # type: ignore[arg-type]


def damage(desk: Shell, sql: str) -> None:
    """Change the file behind the back of tix."""
    import sqlite3

    connection = sqlite3.connect(desk.store)
    connection.execute(sql)
    connection.commit()
    connection.close()


def test_the_verdict_comes_first_and_what_to_do_last(desk: Shell):
    terminal = desk.terminal("doctor", env={"EDITOR": "no-such-editor"})
    terminal.wait()
    lines = terminal.text.strip().split("\n")
    assert lines[0] == "The desk is sound."
    assert lines[-1].startswith("Could be better (editor): EDITOR names no program")
    damage(desk, BREAKS["tallies"])
    terminal = desk.terminal("doctor")
    terminal.wait(8)
    lines = terminal.text.strip().split("\n")
    assert lines[0] == "The desk is not sound: 1 check failed."
    assert lines[2].startswith("wrong")
    assert lines[-1] == "Do first (tallies): tix doctor --fix"


@pytest.mark.parametrize("name", BREAKS)
def test_what_is_computed_is_repaired(desk: Shell, name: str):
    """A dry run changes nothing; then it is as it was, and tickets are found again."""
    damage(desk, BREAKS[name])
    before = desk.store.read_bytes()
    assert found(desk, check=8)[name]["hint"] == "tix doctor --fix"
    assert "Would " in desk.tix("doctor", "--fix", "--dry-run", check=8).err
    assert desk.store.read_bytes() == before
    desk.tix("doctor", "--fix", as_="sam", check=4)
    desk.tix("doctor", "--fix", "--read-only", check=5)
    assert desk.store.read_bytes() == before
    said = desk.tix("doctor", "--fix")
    assert "again." in said.err or "Rebuilt" in said.err
    assert found(desk)[name]["status"] == "ok"
    assert desk.tix("search", "toner", "-o", "ids").ref == "TIX-1"
    assert desk.tix("search", "toner", "-o", "ids", as_="lan").out == ""
    assert "nothing to repair" in desk.tix("doctor", "--fix").err


def test_a_person_is_asked_before_the_desk_is_written(desk: Shell):
    damage(desk, BREAKS["tallies"])
    terminal = desk.terminal("doctor", "--fix")
    terminal.expect("Count the tickets again?")
    terminal.send("n\r")
    terminal.wait(8)
    assert "Nothing was changed." in terminal.text


def test_a_damaged_file_is_not_written(tmp_path: Path):
    with world(tmp_path) as made:
        from tix.desk import repair

        desk = made.desk("root")
        wrong = [Finding("rows", "failed", "x"), Finding("tallies", "failed", "x")]
        assert repair.needed(desk, wrong) == []
        (hint,) = {one.hint for one in [doctor._found("rows", ["x"], "")]}
        assert hint is not None
        assert hint.startswith("tix db restore")


def test_the_file_is_closed_to_others_and_leftovers_go(desk: Shell):
    desk.store.chmod(0o644)
    left = desk.folder / ".desk.db.99999.tix-part"
    left.write_bytes(b"")
    assert found(desk, check=8)["mode"]["status"] == "failed"
    said = desk.tix("doctor", "--fix").err
    assert "Closed the file to other users." in said
    assert desk.store.stat().st_mode & 0o777 == 0o640
    assert not left.exists()


def test_the_completion_is_installed_where_a_file_is_enough(desk: Shell):
    bash = {"SHELL": "/bin/bash"}
    assert found(desk, env=bash)["completion"]["hint"] == "tix doctor --fix"
    assert "Would install" in desk.tix("doctor", "--fix", "--dry-run", env=bash).err
    desk.tix("doctor", "--fix", env=bash)
    (script,) = desk.home.rglob("bash-completion/completions/tix")
    assert script.read_text() == desk.tix("completion", "bash").out
    assert found(desk, env=bash)["completion"]["hint"] is None
    zsh = {"SHELL": "/usr/bin/zsh"}
    assert "~/.zshrc" in str(found(desk, env=zsh)["completion"]["hint"])
    (desk.home / ".zshrc").write_text("source <(tix completion zsh)\n")
    assert found(desk, env=zsh)["completion"]["hint"] is None


@pytest.mark.parametrize(
    ("env", "name", "hint"),
    [
        ({"TZ": "Mars/Olympus"}, "time zone", "TZ names no zone"),
        ({"LC_ALL": "de_DE.ISO-8859-1"}, "encoding", "UTF-8 locale"),
        ({"TIX_EDITOR": "no-such-editor -w"}, "editor", "TIX_EDITOR names no program"),
        ({"TIX_PAGER": "no-such-pager"}, "pager", "TIX_PAGER names no program"),
        ({"TIX_NOW": "2026-11-01T00:00:00Z"}, "clock", "set the clock"),
    ],
)
def test_surroundings_have_hints_and_make_no_desk_unsound(
    desk: Shell, env: dict[str, str], name: str, hint: str
):
    desk.now = None
    one = found(desk, env=env)[name]
    assert one["status"] == "info"
    assert hint in str(one["hint"])


def test_little_space_is_told(desk: Shell, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 9, 1))  # type: ignore[attr-defined]
    assert "free some space" in str({one["name"]: one for one in inside(desk)}["space"]["hint"])


def inside(desk: Shell) -> list[dict[str, object]]:
    """The findings of a command in this process."""
    return list(desk.inside("doctor", "--json").json)


def test_nothing_is_there_yet(tmp_path: Path):
    shell = Shell(tmp_path)
    assert "No desk at" in shell.tix("doctor").err
    terminal = shell.terminal("doctor")
    terminal.wait()
    assert terminal.text.startswith("There is no desk yet.")
    shell.close()


def test_a_text_of_no_ticket_is_seen(tmp_path: Path):
    with world(tmp_path) as made:
        made.store.execute("INSERT INTO public_text (rowid, subject, body) VALUES (9, 'a', 'b')")
        assert list(rebuild.missing_documents(made.store)) == ["the search index has 1 more than it should"]
