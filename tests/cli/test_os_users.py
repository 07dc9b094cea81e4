"""Who an OS user is: a name that had to be changed to be a login is nobody else's."""

import sys

import pytest

from tests.harness import Shell
from tix.domain.people import may_act_as, parse_os_users
from tix.errors import InvalidValue


def acting(name: str, uid: int) -> tuple[str, ...]:
    """tix, run by an OS user of that name and number."""
    return (
        sys.executable,
        "-c",
        (
            "import os, pwd, types\n"
            f"os.geteuid = lambda: {uid}\n"
            f"pwd.getpwuid = lambda uid: types.SimpleNamespace(pw_name={name!r}, pw_gecos='')\n"
            "from tix.cli.main import program\nprogram()"
        ),
    )


def test_a_changed_name_is_no_match_until_an_admin_binds_it(desk: Shell) -> None:
    """Neither for a command nor for --as; the hint is what makes it work."""
    desk.tix("init")
    desk.people("secann:admin", "bob:agent")
    stranger = acting("SecAnn", 54321)
    said = desk.run(*stranger, "list", "--json", check=4).error
    assert "SecAnn" in said["message"]
    desk.run(*stranger, "list", "--as", "bob", check=4)
    assert desk.run(*acting("secann", 54321), "whoami", "--json").json["login"] == "secann"
    name, value = said["hint"].partition("config set ")[2].split(" ", 1)
    desk.tix("config", "set", name, value.strip("'"))
    assert desk.run(*stranger, "whoami", "--json").json["login"] == "secann"
    desk.tix("config", "set", "os_users", "SecAnn=bob")
    assert desk.run(*stranger, "whoami", "--json").json["login"] == "bob"
    desk.tix("config", "unset", "os_users")
    desk.run(*stranger, "list", check=4)


def test_whoever_made_the_desk_is_its_admin_whatever_their_name(desk: Shell) -> None:
    owner = acting("SecAnn", desk.folder.stat().st_uid)
    desk.run(*owner, "init")
    assert desk.run(*owner, "whoami", "--json").json["role"] == "admin"


@pytest.mark.parametrize(
    ("name", "login", "owner", "may"),
    [("ann", "ann", False, True), ("Ann", "ann", False, False), ("a b", "a-b", False, False), ("Ann", "ann", True, True)],
)  # fmt: skip
def test_the_rule(name: str, login: str, owner: bool, may: bool) -> None:
    assert may_act_as(name, login, owns_store=owner) is may


def test_the_setting_is_pairs() -> None:
    assert parse_os_users("SecAnn=ann, CORP\\bob = bob") == {"SecAnn": "ann", "CORP\\bob": "bob"}
    assert parse_os_users("none") == {}
    for wrong in ("SecAnn", "=ann", "SecAnn=", "SecAnn=a b", ""):
        with pytest.raises(InvalidValue):
            parse_os_users(wrong)
