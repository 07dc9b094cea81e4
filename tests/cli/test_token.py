"""`tix token`: keys of the HTTP API, as a person and a script meet them."""

import re

import pytest

from tests.harness import Shell
from tix.domain.tokens import is_whole

KEY = re.compile(r"tix_[0-9A-Za-z]{49}")


@pytest.fixture
def desk(peopled: Shell) -> Shell:
    """Two keys: ci of sam's, made by the admin, and backup of lan's own."""
    peopled.tix("token", "add", "ci", "--user", "sam", "--scope", "write", "--expires", "+30d")
    peopled.tix("token", "add", "backup", as_="lan")
    return peopled


def admin(desk: Shell) -> str:
    """Whoever runs the tests."""
    return str(desk.tix("whoami", "--json").json["login"])


def names(desk: Shell, **how: str) -> list[str]:
    return desk.tix("token", "-o", "ids", **how).refs


# ------------------------------------------------------------------------------------------------------ adding


def test_a_pipe_gets_the_key_alone(peopled: Shell):
    result = peopled.tix("token", "add")
    assert re.fullmatch(rf"{KEY.pattern}\n", result.out)
    assert is_whole(result.out.strip())
    assert result.err == ""


def test_json_has_the_key_once(peopled: Shell):
    told = peopled.tix("token", "add", "ci", "--user", "lan", "--expires", "2026-12-31", "--json").json
    key = told.pop("key")
    assert is_whole(key)
    did = [told.pop(name) for name in ("effect", "changes", "undo")]
    assert did == ["created", [], ["tix", "token", "rm", "ci", "--yes"]]
    assert told == {
        "name": "ci", "user": "lan", "scope": "read", "created_at": "2026-11-20T09:00:00Z", "created_by": admin(peopled),
        "expires_at": "2026-12-31T23:59:59Z", "used_at": None, "rate": None,
    }  # fmt: skip
    assert peopled.tix("token", "list", "--json").json == [told]
    assert peopled.tix("token", "show", "CI", "--json").json == told


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["-o", "ids"], r"ci\n"),
        (["-c", "name,key"], rf"name\tci\nkey\t{KEY.pattern}\n"),
        (["-o", "csv", "-c", "key,user"], rf"key,user\n{KEY.pattern},lan\n"),
        (["-o", "jsonl", "-c", "key"], rf'{{"key": "{KEY.pattern}"}}\n'),
        (["-o", "plain"], rf"{KEY.pattern}\n"),
    ],
)
def test_every_format(peopled: Shell, words: list[str], wanted: str):
    assert re.fullmatch(wanted, peopled.tix("token", "add", "ci", "--user", "lan", *words).out)


def test_a_terminal_is_told_that_it_is_shown_only_now(peopled: Shell):
    terminal = peopled.terminal("token", "add", "ci", "--user", "lan")
    terminal.wait()
    lines = [line.strip() for line in terminal.text.splitlines() if line.strip()]
    assert lines[0] == "Added API key ci for lan (read). It is shown only now:"
    assert is_whole(lines[1])
    assert len(lines) == 2


@pytest.mark.parametrize("expires", ["none", "NONE"])
def test_no_expiry(peopled: Shell, expires: str):
    assert peopled.tix("token", "add", "--expires", expires, "--json").json["expires_at"] is None


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--expires", "2026-11-19"], 2, "invalid-value"),
        (["--expires", "now"], 2, "invalid-value"),
        (["--expires", "-1h"], 2, "invalid-value"),
        (["--expires", "someday"], 2, "invalid-value"),
        (["--user", "nobody"], 2, "unknown-name"),
        (["--user", ""], 2, "invalid-value"),
        (["--scope", "all"], 2, "invalid-value"),
        (["--scope", ""], 2, "invalid-value"),
        (["a,b"], 2, "invalid-value"),
        ([""], 2, "invalid-value"),
        (["x" * 500], 2, "invalid-value"),
        (["CI"], 5, "already-exists"),
        (["-c", "digest"], 2, "invalid-value"),
    ],
)
def test_what_is_refused_adds_nothing(desk: Shell, words: list[str], code: int, said: str):
    assert desk.tix("token", "add", *words, "--json", check=code).error["code"] == said
    assert names(desk) == ["backup", "ci"]


def test_an_inactive_person_gets_no_key(desk: Shell):
    desk.tix("user", "edit", "ana", "--inactive")
    assert desk.tix("token", "add", "--user", "ana", "--json", check=2).error["code"] == "unknown-name"


@pytest.mark.parametrize("login", ["sam", "lan"])
def test_only_admins_add_keys_for_others(desk: Shell, login: str):
    assert (
        desk.tix("token", "add", "--user", "ana", "--json", as_=login, check=4).error["code"] == "not-allowed"
    )
    assert desk.tix("token", "add", "mine", "--user", "@me", "-o", "ids", as_=login).refs == ["mine"]


# --------------------------------------------------------------------------------------------------- listing


def test_an_admin_lists_all_and_others_their_own(desk: Shell):
    assert names(desk) == ["backup", "ci"]
    assert names(desk, as_="sam") == ["ci"]
    assert names(desk, as_="lan") == ["backup"]
    assert names(desk, as_="ana") == []
    assert desk.tix("token", "list").rows[1] == [
        "ci", "sam", "write", "2026-11-20T09:00:00Z", admin(desk), "2026-12-20T09:00:00Z", "", "",
    ]  # fmt: skip


def test_somebody_elses_key_is_one_that_never_was(desk: Shell):
    for words in (["show", "NAME"], ["rm", "NAME", "--yes"]):
        said = [
            desk.tix("token", *(name if one == "NAME" else one for one in words), as_="lan", check=3).err
            for name in ("ci", "no")
        ]
        assert said[0].replace("'ci'", "'no'") == said[1]
    assert names(desk) == ["backup", "ci"]


# ------------------------------------------------------------------------------------------------ removing


def test_several_are_removed(desk: Shell):
    assert desk.tix("token", "rm", "CI", "ci", "backup", "--yes").lines == ["ci", "backup"]
    assert names(desk) == []


def test_one_that_is_not_there_stops_no_other(desk: Shell):
    result = desk.tix("token", "rm", "ci", "no", "backup", "--yes", "--json", check=9)
    assert [one["name"] for one in result.json] == ["ci", "backup"]
    assert [(one["code"], one["ref"]) for one in result.errors] == [("not-found", "no")]


def test_a_script_has_to_confirm(desk: Shell):
    assert desk.tix("token", "rm", "ci", "--json", check=2).error["code"] == "unconfirmed"
    assert "ci" in names(desk)


@pytest.mark.parametrize(
    ("answer", "left"), [("y", ["backup"]), ("n", ["backup", "ci"]), ("", ["backup", "ci"])]
)
def test_a_person_is_asked(desk: Shell, answer: str, left: list[str]):
    terminal = desk.terminal("token", "rm", "ci")
    terminal.expect("Remove API key ci of sam? [y/N]:")
    terminal.send(f"{answer}\r")
    terminal.wait()
    assert ("Removed API key ci of sam." if answer == "y" else "Nothing was removed.") in terminal.text
    assert names(desk) == left


# ------------------------------------------------------------------------------------------ where it is not


def test_the_key_is_nowhere_but_in_what_was_printed(desk: Shell):
    """In no byte of the store or beside it, of an export, a backup, stderr, or any other command."""
    desk.tix("new", "Printer", "-m", "It smokes.", as_="lan")
    result = desk.tix("token", "add", "secret", "--debug", "--user", "lan")
    key = result.out.strip()
    assert is_whole(key)
    secrets = [part.encode() for part in (key, key[4:47], key[4:30])]
    desk.tix("db", "backup", "copy.db")
    told = [
        desk.tix(*words, check=None)
        for words in (
            ("token", "list", "--json"), ("token", "show", "secret", "--debug"), ("export",), ("export", "-o", "csv"),
            ("log",), ("doctor",), ("db", "info"), ("whoami", "--json"), ("__complete", "--", "token", "rm", ""),
        )
    ]  # fmt: skip
    files = [path.read_bytes() for path in desk.folder.rglob("*") if path.is_file()]
    assert len(files) >= 2
    places = [*files, result.raw_err, *(part for one in told for part in (one.raw_out, one.raw_err))]
    assert [place for place in places if any(secret in place for secret in secrets)] == []
    desk.tix("new", "A key", "-m", key)  # control: what is in the store is found
    assert any(secrets[0] in path.read_bytes() for path in desk.folder.glob("desk.db*"))


def test_no_export_names_a_key(desk: Shell):
    """Neither its name nor its digest: a key belongs to this desk alone."""
    desk.tix("new", "Printer", "-m", "It smokes.")
    desk.tix("token", "add", "canaryname")
    for words in (("export",), ("export", "-o", "csv"), ("export", "-o", "json")):
        out = desk.tix(*words).out
        assert "Printer" in out
        assert "canaryname" not in out
        assert "digest" not in out


def test_a_restored_backup_has_its_keys(desk: Shell):
    desk.tix("db", "backup", "copy.db")
    desk.tix("token", "rm", "ci", "--yes")
    desk.tix("db", "restore", "copy.db")
    assert names(desk) == ["backup", "ci"]


def test_a_person_with_keys_stays(desk: Shell):
    error = desk.tix("user", "rm", "lan", "--json", check=5).error
    assert (error["code"], error["message"]) == ("in-use", "lan is in use: 1 API keys")
    desk.tix("token", "rm", "backup", "--yes")
    desk.tix("user", "rm", "lan")


# ------------------------------------------------------------------------------------------------ completion


def test_completion(desk: Shell):
    def offered(*words: str, **how: str) -> list[str]:
        return [line.split("\t")[0] for line in desk.tix("__complete", "--", *words, **how).lines]

    assert offered("token", "rm", "") == ["backup", "ci"]
    assert offered("token", "show", "c") == ["ci"]
    assert offered("token", "rm", "", as_="lan") == ["backup"]
    assert offered("token", "add", "--scope", "") == ["read", "write"]
    assert "sam" in offered("token", "add", "--user", "s")
