"""``tix log --follow`` and ``tix list --watch`` on a server: what other people do, without a key pressed."""

import json
import signal

import pytest

from tests.remote.twins import Twins


@pytest.mark.parametrize(("words", "seen"), [([], ["public", "other", "last"]), (["1"], ["public", "last"])])
def test_what_happens_is_told_once(twins: Twins, words: list[str], seen: list[str]):
    site = twins.site
    site.ask("POST", "tickets", {"subject": "Other", "message": "m", "requester": "lan"})
    env = {"TIX_STORE": twins.url, "TIX_TOKEN": site.key("lan")}
    process = twins.far.start("log", *words, "--follow", "--json", "--limit", "1", env=env)
    assert process.stdout is not None
    first = json.loads(process.stdout.readline())
    assert first["body"] == ("m" if not words else "Since the update.")
    site.ask("POST", "tickets/1/notes", {"message": "hidden"})
    site.ask("POST", "tickets/1/replies", {"message": "public"})
    site.ask("POST", "tickets/2/replies", {"message": "other"})
    site.ask("POST", "tickets/1/replies", {"message": "last"})
    told: list[str] = []
    while "last" not in told:
        record = json.loads(process.stdout.readline())
        told += [record["body"]] if record["body"] else []
    assert told == seen
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 143


def test_a_list_is_looked_at_again(twins: Twins):
    env = {"TIX_STORE": twins.url, "TIX_TOKEN": twins.site.key("sam")}
    terminal = twins.far.terminal("list", "--watch", "0.3", env=env)
    terminal.expect("No sound")
    twins.site.ask("POST", "tickets", {"subject": "Screen", "message": "m", "requester": "bob"})
    terminal.expect("Screen")
    terminal.close()
