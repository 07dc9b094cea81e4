"""Every command either knows a server, or says that it does not and has done nothing."""

import pytest

from tests.harness import Shell
from tests.laws import surface
from tix.cli.commands import COMMANDS
from tix.cli.remote.offered import OFFERED, WITHOUT_DESK

LEAVES = {" ".join(path): command for path, command in surface.leaves()}
NOT_OFFERED = sorted(LEAVES.keys() - OFFERED - WITHOUT_DESK)
# Nobody listens there: what is offered fails with that, and only that.
NOBODY = "http://127.0.0.1:9"


def test_the_table_names_commands_that_are_there():
    assert LEAVES.keys() >= OFFERED
    assert {one for one in WITHOUT_DESK if not one.startswith("_")} <= LEAVES.keys()
    assert {one.split()[0] for one in OFFERED} <= COMMANDS.keys()


def needed(name: str) -> list[str]:
    """A word for each argument and option that a command cannot do without."""
    words = []
    for one in LEAVES[name].params:
        if one.required or one.name == "references":  # or --where in their place
            value = {"STARS": "3", "WHEN": "+1d", "DURATION": "5m"}.get(surface.word_of(one), "1")
            words += [value] if one.param_type_name == "argument" else [surface.longest(one), value]
    return words


@pytest.mark.parametrize("name", NOT_OFFERED)
def test_what_a_server_does_not_offer_says_so_and_does_nothing(desk: Shell, name: str):
    env = {"TIX_STORE": NOBODY, "TIX_TOKEN": "k"}
    result = desk.inside(*name.split(), *needed(name), check=None, env=env, stdin="")
    assert (result.code, result.out) == (5, ""), result
    assert result.err.startswith(f"tix: a server does not offer tix {name} ({NOBODY} is one)\n  hint: ")
    assert [one for one in desk.folder.rglob("*") if one.is_file()] == []


@pytest.mark.parametrize("name", sorted(OFFERED - {"triage"}))  # asks for a terminal before anything else
def test_what_a_server_offers_asks_the_server_alone(desk: Shell, name: str):
    (desk.folder / "1").write_text("a file to attach")
    text = ["-m", "x"] if name in ("new", "reply", "note") else ["--entry", "1"] if name == "split" else []
    words = [*needed(name), *(["s"] if name in ("new", "assign") else []), *text]
    words += {
        "delete": ["--yes"],
        "edit": ["-p", "low"],
        "link": [],
        "merge": [],
        "notification read": ["1"],
        "view edit": ["--mine"],
    }.get(name, [])
    if name in ("link", "unlink"):
        words = ["1", "blocks", "2"]
    env = {"TIX_STORE": NOBODY, "TIX_TOKEN": "k"}
    result = desk.inside(*name.split(), *words, check=None, env=env, stdin="")
    assert (result.code, result.out) == (6, ""), result
    assert not desk.store.exists()
    assert [one.name for one in desk.folder.rglob("*.db*")] == []


@pytest.mark.parametrize(
    "words",
    [
        "reply 1 --canned hi --editor",
        "log --follow --by sam",
        "show 1 --raw-mail 3",
        "workflow show --toml",
        "export -o mbox",
    ],
)
def test_an_option_that_a_server_does_not_offer(desk: Shell, words: str):
    result = desk.inside(*words.split(), check=5, env={"TIX_STORE": NOBODY, "TIX_TOKEN": "k"})
    assert result.err.startswith("tix: a server does not offer -"), result


@pytest.mark.parametrize("how", [{"env": {"TIX_USER": "sam"}}, {"words": ["--as", "sam"]}])
def test_nobody_acts_as_somebody_else(desk: Shell, how: dict):
    env = {"TIX_STORE": NOBODY, "TIX_TOKEN": "k", **how.get("env", {})}
    result = desk.inside("list", *how.get("words", []), check=5, env=env)
    assert "act as somebody else" in result.err


def test_a_server_in_the_configuration(desk: Shell):
    env = {"TIX_STORE": ""}
    desk.inside("config", "set", "store", NOBODY, check=None, env=env)
    (file,) = desk.home.rglob("config.toml")
    assert NOBODY in file.read_text()
    assert desk.inside("list", check=6, env={**env, "TIX_TOKEN": "k"}).out == ""
    assert desk.inside("db", "check", check=5, env=env).out == ""
    desk.inside("config", "unset", "store", check=None, env=env)
    assert NOBODY not in file.read_text()
