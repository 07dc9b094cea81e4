"""Paths of stores that people and config files name, what is printed of them, and who may copy a whole desk."""

import io
import os
from pathlib import Path

import pytest

from tests.harness import Shell
from tests.laws.inprocess import Desk
from tix.cli.commands.import_ import copy_within
from tix.cli.main import _rescued
from tix.cli.session import Invocation
from tix.errors import InvalidValue


@pytest.fixture
def tix(tmp_path: Path) -> Desk:
    """A desk with a ticket, in this process."""
    desk = Desk(tmp_path)
    desk.tix("new", "One", "-m", "x")
    return desk


def _config(desk: Shell, text: str) -> Path:
    desk.env["TIX_STORE"] = ""
    path = desk.home / ".config" / "tix" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    "words",
    [
        ("--store", "~nosuchuser/x.db", "list"),
        ("--store", "~nosuchuser/x.db", "new", "x", "-m", "x"),
        ("db", "backup", "~nosuchuser/x.db"),
        ("db", "restore", "~nosuchuser/x.db"),
        ("config", "set", "store", "~nosuchuser/x.db"),
    ],
)
def test_the_home_of_nobody_is_a_wrong_value(tix: Desk, words: tuple[str, ...]) -> None:
    assert "~nosuchuser" in tix.tix(*words, check=2).err


def test_a_relative_store_counts_from_the_config_file(desk: Shell) -> None:
    """One desk, from whatever folder tix is run."""
    path = _config(desk, 'store = "team.db"\n')
    assert desk.tix("db", "path").out == f"{path.parent / 'team.db'}\n"


@pytest.mark.parametrize(
    "text", ["store = 5", "store = ''", "store = ['a']", "store = 'nowhere/x.db'", "store = '.'"]
)
def test_a_config_file_that_names_no_store_is_refused(desk: Shell, text: str) -> None:
    path = _config(desk, f"{text}\n")
    assert str(path.parent) in desk.tix("list", check=2).err


def test_a_store_is_set_absolute(tix: Desk) -> None:
    tix.tix("config", "set", "store", "team.db")
    assert tix.tix("config", "get", "store").out == f"{tix.folder / 'team.db'}\n"


def test_a_database_is_set_as_it_is_written(tix: Desk) -> None:
    """Its slashes are no folders."""
    tix.tix("config", "set", "store", "postgresql://ann:secret@db.example/desk")
    file = Path(tix.tix("config", "path").out.strip())
    assert 'store = "postgresql://ann:secret@db.example/desk"' in file.read_text()


def test_the_address_of_a_database_is_shown_without_its_password(desk: Shell) -> None:
    _config(desk, 'store = "postgresql://ann:secret@db.example/desk?sslmode=require"\n')
    assert desk.tix("db", "path").out == "postgresql://ann@db.example/desk?sslmode=require\n"


@pytest.mark.parametrize("value", ["nodir/x.db", "", ".", "a\0b", "mysql://x"])
def test_what_is_no_store_is_not_set(tix: Desk, value: str) -> None:
    tix.tix("config", "set", "store", value, check=2)
    assert not (tix.folder / "config" / "tix" / "config.toml").exists()


def test_a_backup_takes_sight_of_everything(tix: Desk) -> None:
    tix.people("ann:agent", "kim:agent")
    tix.tix("department", "add", "it")
    tix.tix("user", "edit", "kim", "--departments", "it")
    tix.tix("db", "backup", "ann.db", as_="ann")
    assert "every ticket" in tix.tix("db", "backup", "kim.db", as_="kim", check=4).err
    assert not (tix.folder / "kim.db").exists()


class _Endless(io.RawIOBase):
    """A pipe whose writer never stops."""

    def read(self, size: int = -1, /) -> bytes:
        return b"y\n" * (size // 2)


def test_an_endless_pipe_is_refused_while_it_is_read() -> None:
    copy = io.BytesIO()
    with pytest.raises(InvalidValue, match="stdin has more than"):
        copy_within(_Endless(), copy, 3 << 20, "stdin")  # type: ignore[arg-type]  # all that is read of it
    assert len(copy.getvalue()) <= 3 << 20


def test_control_characters_in_a_path_reach_no_terminal(desk: Shell) -> None:
    """A program gets the path as it is; a person gets what can be seen."""
    odd = desk.folder / "a\x1b]0;x\x07b"
    odd.mkdir()
    store = odd / "desk.db"
    env = {"TIX_STORE": str(store), "XDG_CONFIG_HOME": str(odd), "XDG_STATE_HOME": str(odd)}
    desk.env |= env
    assert desk.tix("db", "path").raw_out == os.fsencode(store) + b"\n"
    for words in (("db", "path"), ("config", "path"), ("init",)):
        terminal = desk.terminal(*words)
        terminal.wait(check=None)
        assert b"\x1b]0;" not in terminal.raw, words


def test_control_characters_in_the_place_of_a_saved_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "a\x1b]0;x\x07b"))
    early = Invocation(["reply", "1"])
    early.typed = ("reply", "many words", True)
    assert _rescued(early, 6) == 6
    said = capsys.readouterr().err
    assert "your text is saved" in said
    assert "\x1b" not in said
