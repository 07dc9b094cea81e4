"""Completion against a server: what a file would complete, and nothing at all where there is no server."""

import json
import shlex
import threading

import pytest

from tests.harness import Shell
from tests.remote.test_hostile import http, pretender, says
from tests.remote.twins import Twins

# Lines that something is typed at the end of.
LINES = [
    "show ''", "show TIX-", "show 1", "show '#'", "close ''", "reopen ''", "claim ''", "rate ''", "show 1 2,", "show 1 ''",
    "assign 1 ''", "assign 1 team:", "assign ''", "list --assignee ''", "list --assignee s", "list --requester l",
    "list --user ''", "list --status o", "list --status open,", "list --priority ''", "list --type i", "list --tag ''",
    "list --client ''", "list --client u", "list --department ''", "list --team ''", "list --topic ''", "list --asset P",
    "list --view ''", "list --sort ''", "list --sort -f", "list -c ''", "list -c ref,s", "new --topic ''", "new --sla ''",
    "new --topic Repair --field ''", "new --topic Repair --field colour=", "edit 4 --field ''", "edit 4 --remove-tag ''", "new --for ''",
    "client show ''", "topic show ''", "topic field edit Repair ''", "workflow show ''", "init --workflow ''", "view show ''",
    "schedule show ''", "token rm ''", "notification read ''", "time rm ''", "invoice show ''", "invoice void ''",
    "config set default_sla ''", "config set default_department ''", "config set claim_on_reply ''", "config get c",
    "reply 1 --canned ''", "user show ''", "''", "sh", "time ''", "list --", "1", "show 99999999999999999999", "nothing ''",
]  # fmt: skip


@pytest.mark.parametrize("who", ["ada", "tim", "lan"])
def test_a_line_is_completed_as_on_a_file(office: Twins, who: str):
    told = 0
    for line in LINES:
        done = office.same("__complete", "--", *shlex.split(line), as_=who)
        assert (done.code, done.err) == (0, "")
        told += len(done.out)
    assert told > 2000
    assert office.there("__complete", "--", "list", "--client", "a", as_=who).out == (
        "" if who == "lan" else "acme\tacme.example\n"
    )


def test_values_that_a_terminal_obeys_are_left_out(desk: Shell):
    found = [
        {"value": "\x1b[31mred", "about": ""},
        {"value": ":files", "about": ""},
        {"value": "bob", "about": "\x07B"},
    ]
    with pretender(says(http(json.dumps(found).encode()))) as port:
        env = {"TIX_STORE": f"http://127.0.0.1:{port}", "TIX_TOKEN": "k"}
        assert desk.inside("__complete", "--", "user", "show", "", env=env).out == "bob\t\\x07B\n"


@pytest.mark.parametrize(
    "lie", [b"{}", b"[7]", b'[{"value": 1, "about": ""}]', b'[{"value": "a"}]', b"<html>"]
)
@pytest.mark.parametrize("words", ["show ''", "list -c ''", "list --requester b", "assign 1 ''"])
def test_who_lies_completes_nothing_of_theirs(desk: Shell, lie: bytes, words: str):
    with pretender(says(http(lie))) as port:
        env = {"TIX_STORE": f"http://127.0.0.1:{port}", "TIX_TOKEN": "k"}
        done = desk.inside("__complete", "--", *shlex.split(words), env=env)
        assert (done.err, done.out) == ("", ""), done


@pytest.mark.parametrize("env", [{"TIX_TOKEN": "k"}, {}, {"TIX_TOKEN": "k", "TIX_USER": "sam"}])
def test_without_a_server_or_a_key_nothing_is_said(desk: Shell, env: dict[str, str]):
    for words in (["show", ""], ["list", "--client", "a"], ["user", "show", ""]):
        done = desk.inside("__complete", "--", *words, env={"TIX_STORE": "http://127.0.0.1:9", **env})
        assert (done.out, done.err) == ("", "")
    # What the program knows by itself does not need it.
    done = desk.inside("__complete", "--", "client", "sh", env={"TIX_STORE": "http://127.0.0.1:9", **env})
    assert done.out.startswith("show\t")


def test_a_silent_server_holds_nobody_up(desk: Shell):
    """A process of its own: patience is over after two seconds, and what waits ends with the process."""
    over = threading.Event()
    with pretender(lambda client, _request: over.wait(30) and None) as port:
        env = {"TIX_STORE": f"http://127.0.0.1:{port}", "TIX_TOKEN": "k"}
        done = desk.tix("__complete", "--", "show", "", env=env, process=True)
        over.set()
    assert (done.out, done.err) == ("", "")
