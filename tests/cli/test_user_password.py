"""`tix user password`, `sessions` and `sign-out`, and `tix user add --password-stdin`, as people type them."""

import pytest

from tests.harness import Shell, Terminal
from tix.desk.accounts import sign_in
from tix.errors import WrongCredentials
from tix.store.open import open_store

GOOD, OTHER = "correct horse battery", "staple of a lighthouse"
NOW = 1_795_165_200  # 2026-11-20T09:00:00Z


def enters(desk: Shell, login: str, password: str, agent: str = "Browser/1") -> bool:
    """Whether the web page would let them in; then they stay signed in."""
    store = open_store(desk.store)
    try:
        sign_in.sign_in(store, login, password, source="192.0.2.7", agent=agent, now=NOW)
    except WrongCredentials:
        return False
    finally:
        store.close()
    return True


def test_a_person_is_added_with_a_password(peopled: Shell):
    result = peopled.tix("user", "add", "eva", "--password-stdin", stdin=f"{GOOD}\n")
    assert (result.lines, GOOD in result.out + result.err) == (["eva"], False)
    assert enters(peopled, "eva", GOOD)


@pytest.mark.parametrize(
    ("stdin", "says"),
    [
        ("", "no password on stdin"),
        ("\n", "no password on stdin"),
        ("short\n", "too short"),
        (f"{GOOD}\n{GOOD}\n", "more than one line"),
        ("football123\n", "most common"),
        ("aaaaa bbbbb\n", "repeats too few"),
        ("x" * 1_000_000, "longer than"),
        ("correct\x00horse\x00battery\n", "control characters"),
        (b"correct \xff battery\n", "not valid UTF-8"),
    ],
)
def test_a_password_that_is_refused_adds_nobody(peopled: Shell, stdin: str | bytes, says: str):
    result = peopled.tix("user", "add", "eva", "--password-stdin", "--json", stdin=stdin, check=2)
    assert says in result.error["message"]
    peopled.tix("user", "show", "eva", check=3)


def test_the_line_may_end_as_windows_ends_it(peopled: Shell):
    peopled.tix("user", "password", "lan", "--stdin", stdin=f"\ufeff{GOOD}\r\n")
    assert enters(peopled, "lan", GOOD)


def test_people_set_their_own_and_admins_everybodys(peopled: Shell):
    peopled.tix("user", "password", "--stdin", stdin=GOOD, as_="lan")
    assert enters(peopled, "lan", GOOD)
    peopled.tix("user", "password", "lan", "--stdin", stdin=OTHER)
    assert (enters(peopled, "lan", GOOD), enters(peopled, "lan", OTHER)) == (False, True)
    for who in ("lan", "sam"):
        peopled.tix("user", "password", "kim", "--stdin", stdin=OTHER, as_=who, check=4)
    peopled.tix("user", "password", "nobody", "--stdin", stdin=OTHER, check=3)
    peopled.tix("user", "password", "lan", "--stdin", "--clear", stdin=OTHER, check=2)


def test_without_a_terminal_nobody_is_asked(peopled: Shell):
    result = peopled.tix("user", "password", "lan", "--json", stdin=None, check=2)
    assert result.error["hint"] == "tix user password lan --stdin < FILE"


def test_removing_it_says_whether_there_was_one(peopled: Shell):
    peopled.tix("user", "password", "lan", "--stdin", stdin=GOOD)
    assert peopled.tix("user", "password", "lan", "--clear").err == ""
    assert not enters(peopled, "lan", GOOD)
    assert "nothing to change" in peopled.tix("user", "password", "lan", "--clear").err


def test_who_is_signed_in_and_no_longer(peopled: Shell):
    assert peopled.tix("user", "sessions", "--json").json == []
    for login in ("lan", "sam"):
        peopled.tix("user", "password", login, "--stdin", stdin=GOOD)
        assert enters(peopled, login, GOOD, f"Browser of {login}\x1b[31m")
    (mine,) = peopled.tix("user", "sessions", "--json", as_="lan").json
    assert mine == {
        "login": "lan", "created_at": "2026-11-20T09:00:00Z", "seen_at": "2026-11-20T09:00:00Z",
        "ends_at": "2026-11-23T09:00:00Z", "source": "192.0.2.7", "agent": "Browser of lan[31m",
    }  # fmt: skip
    assert sorted(one["login"] for one in peopled.tix("user", "sessions", "--json").json) == ["lan", "sam"]
    assert "Signed lan out (1 session)" in peopled.tix("user", "sign-out", "lan", "-o", "table").err
    assert "nothing to change" in peopled.tix("user", "sign-out", "lan").err
    assert [one["login"] for one in peopled.tix("user", "sessions", "--json").json] == ["sam"]
    peopled.tix("user", "sign-out", as_="sam")
    assert peopled.tix("user", "sessions", "--json").json == []


def test_no_output_and_no_export_has_any_of_it(peopled: Shell):
    """Nor does undo bring an old password back: it is none of the things that are undone."""
    peopled.tix("new", "Printer", "-m", "smoke", as_="lan")
    peopled.tix("user", "password", "lan", "--stdin", stdin=GOOD)
    assert enters(peopled, "lan", GOOD)
    said = "".join(
        peopled.tix(*words).out
        for words in (
            ("export",), ("user", "show", "lan", "--json"), ("user", "list", "--json"), ("log", "--json"),
            ("config", "list", "--json"), ("user", "sessions", "--json"),
        )
    )  # fmt: skip
    assert GOOD not in said
    assert "argon2" not in said
    assert not [one for one in ('"digest"', '"hash"', '"password":') if one in said]


# ---------------------------------------------------------------------------------------------- on a terminal


def typed(terminal: Terminal, *answers: str) -> None:
    for question, answer in zip(("New password for lan:", "The same again:") * 3, answers, strict=False):
        terminal.expect(question)
        terminal.send(f"{answer}\r")


def test_it_is_asked_for_twice_and_never_shown(peopled: Shell):
    terminal = peopled.terminal("user", "password", "lan")
    typed(terminal, GOOD, OTHER)
    terminal.expect("The two passwords differ.")
    terminal.expect("New password for lan:")
    terminal.send(f"{GOOD}\r")
    terminal.expect("The same again:")
    terminal.send(f"{GOOD}\r")
    terminal.expect("Set the password of lan.")
    terminal.wait()
    assert GOOD not in terminal.text
    assert OTHER not in terminal.text
    assert enters(peopled, "lan", GOOD)


@pytest.mark.parametrize("key", ["\x03", "\x04"])
def test_ctrl_c_and_ctrl_d_leave_it_as_it_was(peopled: Shell, key: str):
    terminal = peopled.terminal("user", "password", "lan")
    terminal.expect("New password for lan:")
    terminal.send(key)
    terminal.wait(130)
    assert "Traceback" not in terminal.text
