"""A person's own settings: set, refused, read from a broken file, in a profile; and what each of them changes."""

import re
import shlex
import sys
from pathlib import Path

import pytest

from tests.harness import Shell
from tix.cli import user_config
from tix.cli.help.guides import path
from tix.cli.personal import settings
from tix.render.terminal.theme import PALETTE
from tix.render.terminal.themes import THEMES


@pytest.fixture
def desk(tmp_path: Path) -> Shell:
    made = Shell(tmp_path)
    made.tix("new", "Printer", "-m", "It hums.", "--priority", "urgent", "--due", "2026-11-20T10:00:00Z")
    return made


def config(desk: Shell) -> Path:
    path = Path(desk.tix("config", "path").out.strip())
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


GOOD = {
    "editor": "code --wait", "pager": "less -R", "color": "never", "timezone": "Asia/Tokyo", "list.columns": "ref,subject",
    "theme": "dark", "accessible": "true", "confirm": "always", "colors.overdue": "bold #ff0000", "alias.mine": "list --mine",
    "templates.short": "{{ ref }}", "profiles.work.timezone": "Europe/Berlin", "profiles.work.alias.w": "whoami",
}  # fmt: skip


@pytest.mark.parametrize(("key", "value"), GOOD.items())
def test_what_is_set_is_what_is_got_and_nothing_else_changes(desk: Shell, key: str, value: str) -> None:
    path = config(desk)
    path.write_text("# mine\nunknown = 1\n\n[table]\nx = 2\n")
    desk.tix("config", "set", key, value)
    assert desk.tix("config", "get", key).out.strip() == value
    assert {"# mine", "unknown = 1", "[table]", "x = 2"} <= set(path.read_text().splitlines())
    (row,) = [one for one in desk.tix("config", "list", "--json").json if one["name"] == key]
    assert (row["value"], row["source"]) == (value, str(path))
    assert "already" in desk.tix("config", "set", key, value).err
    desk.tix("config", "unset", key)
    assert desk.tix("config", "get", key).out.strip() == ""


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("editor", "", "editor is empty"),
        ("editor", "'", "editor is not a command"),
        ("color", "loud", "'loud' is not a value of color"),
        ("timezone", "Mars/Base", "'Mars/Base' is not a time zone"),
        ("list.columns", "ref,nope", "no column named 'nope'"),
        ("list.columns", ",", "no columns given"),
        ("theme", "neon", "'neon' is not a theme"),
        ("colors.overdue", "blurple", "'blurple' is not a color"),
        ("colors.overdue", "256", "'256' is not a color"),
        ("colors.overdue", "#zzzzzz", "'#zzzzzz' is not a color"),
        ("colors.weather", "red", "colors.weather is not something with a color"),
        ("accessible", "maybe", "'maybe' is not a value of accessible"),
        ("confirm", "yes", "'yes' is not a value of confirm"),
        ("templates.x", "", "templates.x is empty"),
        ("alias.list", "show", "'list' is a command"),
        ("profiles.a b.theme", "dark", "'a b' is not a name of a profile"),
        ("profiles.work.theme", "neon", "'neon' is not a theme"),
        ("profiles.work.nonsense", "x", "profiles.work.nonsense"),
        ("alias.a.b", "list", "alias.a.b"),
    ],
)
def test_a_wrong_value_is_refused_with_a_sentence(desk: Shell, key: str, value: str, said: str) -> None:
    path = config(desk)
    failed = desk.tix("config", "set", key, value, check=2)
    assert said in failed.err
    assert not path.exists()


def test_a_broken_file_says_where_and_does_not_stop_what_knows_its_desk(desk: Shell) -> None:
    """With TIX_STORE everything works; without, nobody can know which desk is meant."""
    config(desk).write_text('pager = "less"\ncolor = \n')
    shown = desk.tix("list", "-o", "table")
    assert "Printer" in shown.out
    assert "line 2" in shown.err
    assert shown.err.count("not valid TOML") == 1
    assert "line 2" in desk.tix("list", check=2, env={"TIX_STORE": ""}).err


def test_a_wrong_value_in_the_file_is_told_with_its_line_and_ignored(desk: Shell) -> None:
    path = config(desk)
    path.write_text('# mine\ncolor = "loud"\n\n[list]\ncolumns = ["nope"]\n[profiles.work]\nconfirm = 1\n')
    shown = desk.tix("list", "-o", "table")
    assert "Printer" in shown.out
    assert f"{path}, line 2: 'loud' is not a value of color; it is ignored" in shown.err
    assert "line 5: no column named 'nope'" in shown.err
    assert "line 7: '1' is not a value of confirm" in shown.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('theme = "neon"', "'neon' is not a theme"),
        ("theme = 3", "'3' is not a theme"),
        ('[colors]\nhigh = "blurple"', "'blurple' is not a color (colors.high)"),
        ("[colors]\nhigh = 7", "'7' is not a color (colors.high)"),
    ],
)
def test_a_theme_that_names_no_color_is_refused_before_anything_is_written(
    desk: Shell, text: str, said: str
) -> None:
    config(desk).write_text(text)
    for words in (("list", "-o", "table"), ("note", "1", "-m", "x", "-o", "table")):
        failed = desk.tix(*words, "--color", "always", check=2)
        assert said in failed.err
        assert failed.out == ""
    assert "note" not in [one["kind"] for one in desk.tix("show", "1", "--json").json["thread"]]
    desk.tix("list")  # a pipe has no colours


def test_a_profile_has_a_desk_and_settings_of_its_own(desk: Shell) -> None:
    other = desk.folder / "other.db"
    desk.tix("init", "--store", other, "--prefix", "CLUB-")
    desk.tix("config", "set", "profiles.club.store", other)
    desk.tix("config", "set", "timezone", "Asia/Tokyo")
    desk.tix("config", "set", "profiles.club.timezone", "America/New_York")
    bare = {"TIX_STORE": "", "TZ": ""}
    assert desk.tix("--profile", "club", "config", "get", "prefix", env=bare).out == "CLUB-\n"
    assert desk.tix("config", "get", "prefix", env={**bare, "TIX_PROFILE": "club"}).out == "CLUB-\n"
    shown = ("show", "1", "-o", "table", "--store", desk.store)
    assert "19:00" in desk.tix(*shown, env=bare).out  # 10:00 UTC
    assert "05:00" in desk.tix(*shown, "--profile", "club", env=bare).out
    failed = desk.tix("list", "--profile", "nope", check=2)
    assert "no profile named 'nope'" in failed.err
    assert "profiles: club" in failed.err


@pytest.mark.parametrize(
    ("flags", "env", "setting", "shown"),
    [
        ((), {"TZ": "UTC"}, "Asia/Tokyo", "10:00"),
        ((), {"TZ": ""}, "Asia/Tokyo", "19:00"),
        (("--tz", "america/new_york"), {"TZ": "UTC"}, "Asia/Tokyo", "05:00"),
        (("--utc",), {"TZ": "Asia/Tokyo"}, "Asia/Tokyo", "10:00"),
    ],
)
def test_times_are_those_of_the_zone_that_was_asked_for(
    desk: Shell, flags: tuple[str, ...], env: dict[str, str], setting: str, shown: str
) -> None:
    """Shown in it, and read in it; machines get UTC whatever it is."""
    desk.tix("config", "set", "timezone", setting)
    assert shown in desk.tix("show", "1", "-o", "table", *flags, env=env).out
    assert desk.tix("list", "-c", "due_at", *flags, env=env).out == "2026-11-20T10:00:00Z\n"
    said = desk.tix("date", "2026-11-20 " + shown, "--json", *flags, env=env).out
    assert "2026-11-20T10:00:00Z" in said


def test_tz_and_utc_are_refused_where_they_say_nothing(desk: Shell) -> None:
    assert "did you mean Asia/Tokyo?" in desk.tix("list", "--tz", "Asia/Tokio", check=2).err
    assert "cannot be combined" in desk.tix("list", "--tz", "UTC", "--utc", check=2).err


def test_the_columns_of_the_list_are_for_people(desk: Shell) -> None:
    desk.tix("config", "set", "list.columns", "ref,priority")
    assert desk.tix("list", "-o", "table").out.splitlines()[0].split() == ["REF", "PRIORITY"]
    assert desk.tix("list", "-o", "table", "-c", "subject").out.splitlines()[0] == "SUBJECT"
    assert len(desk.tix("list").rows[0]) == 7
    assert len(desk.tix("list", "--json").json[0]) > 20


def test_a_template_has_a_name(desk: Shell) -> None:
    desk.tix("config", "set", "templates.short", "{{ ref }}: {{ subject }}")
    assert desk.tix("list", "--template", "short").out == "TIX-1: Printer\n"
    refused = desk.tix("list", "--template", "shrt", check=2).err  # and no template that prints its name
    assert "no template named 'shrt'" in refused
    assert "templates: short" in refused


def test_the_editor_of_the_settings_comes_after_its_variable(desk: Shell) -> None:
    for name in ("mine", "theirs", "last"):
        script = desk.folder / name
        script.write_text(f'#!/bin/sh\nsleep 1.2\nprintf {name} > "$1"\n')
        script.chmod(0o755)
    desk.tix("config", "set", "editor", str(desk.folder / "mine"))
    desk.tix("note", "1", "-e", env={"EDITOR": str(desk.folder / "last")})
    assert _last(desk) == "mine"
    desk.tix("note", "1", "-e", env={"TIX_EDITOR": str(desk.folder / "theirs"), "EDITOR": "false"})
    assert _last(desk) == "theirs"


def _last(desk: Shell) -> str:
    return str(desk.tix("show", "1", "--json").json["thread"][-1]["body"])


def test_the_lines_of_the_page_can_be_typed(tmp_path: Path) -> None:
    """``tix help terminal``, in its order; and what it says of settings and colours is all there is."""
    shell = Shell(tmp_path)
    shell.tix("new", "Printer", "-m", "It hums.")
    shell.people("lan:requester")
    page = path("terminal.md").read_text(encoding="utf-8")
    lines = [
        line
        for block in re.findall(r"^```sh\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
        for line in block.splitlines()
    ]
    assert len(lines) > 12
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "tix").symlink_to(Path(sys.executable).with_name("tix"))
    shell.env["PATH"] = f"{tmp_path}/bin:{shell.env['PATH']}"
    for line in lines:
        words = shlex.split(line)
        assert words[0] == "tix"
        shell.tix(*words[1:], process=words[1] == "late")
    told = set(re.findall(r"`([\w.-]+)`", page))
    assert {*user_config.KEYS, *PALETTE, *THEMES} <= told
    shell.close()


# ------------------------------------------------------------------------------------------ how it is read


def test_toml_is_read_once_and_again_when_the_file_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for kind in ("CONFIG", "CACHE"):
        monkeypatch.delenv(f"XDG_{kind}_HOME", raising=False)
    path = Path(user_config.config_place())
    path.parent.mkdir(parents=True)
    read: list[object] = []
    original = user_config.read
    monkeypatch.setattr(user_config, "read", lambda one: read.append(one) or original(one))
    assert settings.load(str(path)) == ({}, [])
    path.write_text('pager = "a"\ncolor = "loud"')
    first = settings.load(str(path))
    assert first.values == {"pager": "a"}
    assert settings.load(str(path)) == first
    assert len(read) == 1
    path.write_text('pager = "b"\ncolor = "loud"')
    assert settings.load(str(path)).values == {"pager": "b"}
    assert len(read) == 2
    (kept,) = (tmp_path / ".cache" / "tix").iterdir()
    kept.write_bytes(b"nonsense")
    assert settings.load(str(path)).values == {"pager": "b"}
    kept.unlink()
    kept.parent.chmod(0o500)
    assert settings.load(str(path)).values == {"pager": "b"}
    kept.parent.chmod(0o700)


# ------------------------------------------------------------------------------------- what sets a setting


def test_the_origin_of_each_setting_is_told(desk: Shell) -> None:
    """An option before a variable, a variable before a profile, a profile before the file; defaults are left out."""

    def origins(*words: str, env: dict[str, str] | None = None) -> dict[str, list[str]]:
        rows = desk.tix(
            "config", "list", "--origin", *words, env={"TZ": "", "EDITOR": "vi", **(env or {})}
        ).rows
        return {name: rest for name, *rest in rows if name != "next_number"}

    file = desk.tix("config", "path").out.strip()
    assert origins() == {"store": [str(desk.store), "TIX_STORE"], "editor": ["vi", "EDITOR"]}
    desk.tix("config", "set", "prefix", "AB-")
    desk.tix("config", "set", "timezone", "Europe/Berlin")
    desk.tix("config", "set", "editor", "nano")
    desk.tix("config", "set", "profiles.work.timezone", "Asia/Tokyo")
    desk.tix("alias", "set", "mine", "list --mine")
    found = origins()
    assert found["timezone"] == ["Europe/Berlin", file]
    assert found["editor"] == ["nano", file]
    assert found["alias.mine"] == ["list --mine", file]
    assert found["prefix"][0] == "AB-"
    assert not any(name.startswith("profiles.") for name in found)
    assert origins("--profile", "work")["timezone"] == ["Asia/Tokyo", f"profile work in {file}"]
    assert origins("--profile", "work", env={"TZ": "UTC"})["timezone"] == ["UTC", "TZ"]
    assert origins("--tz", "Asia/Seoul", env={"TZ": "UTC"})["timezone"] == ["Asia/Seoul", "--tz"]
    assert origins("--utc")["timezone"] == ["UTC", "--utc"]
    assert origins("--color", "never", env={"NO_COLOR": "1"})["color"] == ["never", "--color"]
    assert origins(env={"NO_COLOR": "1", "TIX_EDITOR": "ed"})["editor"] == ["ed", "TIX_EDITOR"]
    assert origins(env={"NO_COLOR": "1"})["color"] == ["1", "NO_COLOR"]
