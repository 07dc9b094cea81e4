"""The personal config file: one key is changed, the rest stays as it was, or nothing is written."""

import os
from pathlib import Path

import platformdirs
import pytest

from tests.harness import Shell
from tests.laws.inprocess import Desk
from tix.cli import user_config
from tix.cli.personal import settings

RICH = """\
# My settings.
"a key" = 1  # quoted
born = 2026-11-29
ratio = nan
far = inf
list = [
  1, # one
  2,
]

[table]
store = "not this one"
deep.er = { x = 1 }

[[many]]
at = 07:32:00
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path)
    made.tix("init")
    return made


def config(desk: Desk) -> Path:
    path = Path(desk.tix("config", "path").out.strip())
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def test_only_the_key_changes(desk: Desk) -> None:
    """Set, set again and unset; every other byte, and the mode, is as somebody wrote it."""
    path = config(desk)
    path.write_text(RICH)
    path.chmod(0o640)
    for value in (desk.store, desk.folder / "other.db"):
        desk.tix("config", "set", "store", value)
        lines = path.read_text().splitlines()
        mine = [line for line in lines if line.startswith("store = ") and "not this" not in line]
        assert mine == [f'store = "{value}"']
        assert [line for line in lines if line not in mine and line] == [
            line for line in RICH.splitlines() if line
        ]
        assert desk.tix("config", "get", "store").out.strip() == str(value)
        assert path.stat().st_mode & 0o777 == 0o640
    desk.tix("config", "unset", "store")
    assert [line for line in path.read_text().splitlines() if line] == [
        line for line in RICH.splitlines() if line
    ]


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "[" * 10_000 + "]" * 10_000, "x = " + "9" * 10_000, "x = ", "\x00",
        "x = 0000-99-99",
    ],
    ids=["nested", "huge number", "cut short", "NUL", "no date"],
)  # fmt: skip
@pytest.mark.parametrize("verb", [("get", "store"), ("set", "store", "desk.db"), ("list",)], ids=str)
def test_a_file_that_is_no_toml_is_named_and_left_alone(desk: Desk, verb: tuple[str, ...], text: str) -> None:
    path = config(desk)
    path.write_text(text)
    said = desk.tix("config", *verb, check=2)
    assert str(path) in said.err
    assert path.read_text() == text


def test_a_symlink_is_written_through(desk: Desk) -> None:
    path, target = config(desk), desk.folder / "dotfiles" / "tix.toml"
    target.parent.mkdir()
    target.write_text("# mine\n")
    path.symlink_to(os.path.relpath(target, path.parent))
    desk.tix("config", "set", "store", desk.store)
    assert path.is_symlink()
    assert target.read_text() == f'# mine\nstore = "{desk.store}"\n'
    assert sorted(one.name for one in (*path.parent.iterdir(), *target.parent.iterdir())) == [
        "config.toml",
        "tix.toml",
    ]


def test_nothing_stays_where_it_cannot_be_written(desk: Desk) -> None:
    """The file's name is taken by a folder."""
    path = config(desk)
    path.mkdir()
    (path / "x").touch()
    assert desk.tix("config", "set", "store", desk.store, check=None).code == 7
    assert [one.name for one in path.parent.iterdir()] == ["config.toml"]


@pytest.mark.parametrize("zone", ["AAA-25", "AAA+167", "<+03>-3"])
def test_any_time_zone_of_the_c_library_can_be_read_in(tmp_path: Path, zone: str) -> None:
    """As the C library reads it; a day or more from UTC no clock can be shown, and a line says so."""
    shell = Shell(tmp_path)
    shell.tix("new", "T", "-m", "x", now="2026-11-29T09:00:00Z")
    shell.env["TZ"] = zone
    said = shell.tix("show", 1, "-o", "table", "--full")
    assert ("TZ is a day or more" in said.err) == zone.startswith("AAA")
    assert ("12:00" if zone == "<+03>-3" else "09:00") in said.out
    assert shell.tix("list", "--all", "--since", "2026-11-29", "--count").out == "1\n"
    shell.close()


@pytest.mark.parametrize("words", ["list", "new S -m x", "inbox", "db check", "log"])
@pytest.mark.parametrize("named", ["in the personal one", "nowhere"])
def test_each_config_file_is_read_once_a_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str, named: str
) -> None:
    """Whether the store is a server, and where its file is, is one question."""
    shell = Shell(tmp_path)
    shell.env["TIX_STORE"] = ""
    if named != "nowhere":
        path = Path(shell.tix("config", "path").out.strip())
        path.parent.mkdir(parents=True)
        path.write_text(f'store = "{shell.store}"')
    shell.tix("init")
    asked: list[str] = []
    load = settings.load
    monkeypatch.setattr(settings, "load", lambda path: asked.append(path) or load(path))
    shell.inside(*words.split())
    assert len(asked) == len(set(asked)) == (2 if named == "nowhere" else 1)
    shell.close()


@pytest.mark.parametrize("home", ["/home/lan", "/root", ""])
@pytest.mark.parametrize("given", [None, "", " ", "/srv/x", "relative", "/srv/ä b/"])
@pytest.mark.parametrize("kind", ["config", "data", "state"])
def test_the_folders_are_those_of_platformdirs(kind, given, home, monkeypatch):
    """On Linux they are found without it, which is as fast as a query."""
    monkeypatch.setenv("HOME", home)
    monkeypatch.delenv(f"XDG_{kind.upper()}_HOME", raising=False)
    if given is not None:
        monkeypatch.setenv(f"XDG_{kind.upper()}_HOME", given)
    expected = getattr(platformdirs, f"user_{kind}_dir")("tix", appauthor=False)
    assert user_config._folder(kind) == expected
