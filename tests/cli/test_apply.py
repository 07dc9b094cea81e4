"""`tix apply`: commands as lines of JSON, in one process, each answered by a line."""

import json
import resource
import sys

import pytest

from tests.harness import Shell


@pytest.fixture
def desk(peopled: Shell) -> Shell:
    for subject in ("Printer", "Screen"):
        peopled.tix("new", subject, "-m", "x", "--for", "lan")
    return peopled


def apply(desk: Shell, *lines, words=(), check: int | None = 0, **how):
    """The answers to lines, which are objects, or texts as they are."""
    text = "".join((one if isinstance(one, str) else json.dumps(one)) + "\n" for one in lines)
    done = desk.tix("apply", "-", *words, stdin=text, check=check, **how)
    return [json.loads(line) for line in done.lines]


def test_each_line_is_a_command_and_has_an_answer(desk: Shell):
    found = apply(
        desk,
        {"do": "new", "subject": "Mouse", "message": "It squeaks.\nLoudly.", "tag": ["a", "b"], "for": "lan"},
        {"do": "reply", "id": "TIX-1", "message": "-- Fixed."},
        {"do": "edit", "ids": [1, 2], "priority": "high", "columns": ["ref", "effect"]},
        {"do": "assign", "ids": ["2", 3], "who": "sam", "columns": "ref,assignee"},
        {"do": "client add", "name": "Acme", "domain": "acme.example"},
        {"do": "link", "id": 1, "relation": "relates", "other": 2, "columns": "links"},
        {"do": "time add", "id": 1, "duration": "25m", "billable": False, "columns": "unbilled_seconds"},
        {"do": "time add", "id": 1, "duration": "25m", "no-billable": True, "columns": "unbilled_seconds"},
        {"argv": ["close", "3", "-m", "Bye."]},
        {"do": "list", "status": "closed", "columns": "ref"},
    )
    assert [one["line"] for one in found] == list(range(1, 11))
    assert all(one["ok"] for one in found)
    results = [one["result"] for one in found]
    assert (results[0]["ref"], results[0]["tags"], results[0]["effect"]) == ("TIX-3", ["a", "b"], "created")
    assert results[0]["thread"][0]["body"] == "It squeaks.\nLoudly."
    assert "-- Fixed." in [one["body"] for one in results[1]["thread"]]
    assert results[2] == [{"ref": "TIX-1", "effect": "updated"}, {"ref": "TIX-2", "effect": "updated"}]
    assert results[3] == [{"ref": "TIX-2", "assignee": "sam"}, {"ref": "TIX-3", "assignee": "sam"}]
    assert results[4]["undo"] == ["tix", "client", "rm", "Acme"]
    assert results[5] == {"links": [{"relation": "relates", "ref": "TIX-2"}]}
    assert results[6] == results[7] == {"unbilled_seconds": 0}
    assert results[8]["status"] == "closed"
    assert results[9] == [{"ref": "TIX-3"}]


WRONG = [
    ("nonsense", 2, "the line is not JSON"),
    ("[1]", 2, "a line is an object with do, or with argv"),
    ({"id": 1}, 2, "a line is an object with do, or with argv"),
    ({"do": 7}, 2, "do is not a text"),
    ({"do": "clos", "id": 1}, 2, "No such command 'clos'"),
    ({"do": "client ad", "name": "x"}, 2, "No such command 'client ad'"),
    ({"do": "close 1"}, 2, "'close 1' is not a command"),
    ({"do": "close", "id": 1, "mesage": "x"}, 2, "tix close takes no mesage"),
    ({"do": "close", "id": None}, 2, "id cannot be null"),
    ({"do": "close", "id": 1, "message": {"a": 1}}, 2, "message cannot be a value of that kind"),
    ({"do": "close"}, 2, "no tickets given"),
    ({"do": "close", "id": 99}, 3, "no ticket TIX-99"),
    ({"do": "link", "relation": "relates", "other": 2}, 2, "tix link needs reference as well"),
    ({"do": "list", "watch": 1}, 2, "tix list takes no watch"),
    ({"do": "reply", "id": 1}, 2, "no message given"),
    ({"do": "reply", "id": "-", "message": "x"}, 0, None),
    ({"argv": "close 1"}, 2, "argv is a list of texts"),
    ({"argv": ["list", "--as", "sam"]}, 2, "a line takes no general options"),
    ({"argv": ["list", "-o", "csv"]}, 2, "a line takes no --output"),
    ({"argv": ["log", "--follow"]}, 2, "a line takes no --follow"),
    ({"argv": ["list", "--bogus"]}, 2, "No such option: --bogus"),
    ({"argv": []}, 2, "no command given"),
    ({"argv": ["close", "1\0"]}, 2, None),
    (
        {"do": "config set", "key": "store", "value": "/tmp/nowhere.db"},
        2,
        "tix apply does not change the personal",
    ),
    *(
        ({"do": name}, 2, f"tix apply does not run tix {name}")
        for name in (
            "serve",
            "triage",
            "apply",
            "db restore",
            "import",
            "login",
            "config edit",
            "init",
            "tick",
        )
    ),
]


@pytest.mark.parametrize(("line", "status", "message"), WRONG, ids=lambda one: str(one)[:40])
def test_a_line_that_is_wrong_is_told_and_the_others_go_on(desk: Shell, line, status, message):
    found = apply(desk, line, {"do": "close", "id": 2, "columns": "ref"}, check=9 if status else 0)
    assert found[1] == {"line": 2, "ok": True, "result": {"ref": "TIX-2"}}
    if status:
        error = found[0]["error"]
        assert (found[0]["ok"], error["exit"]) == (False, status)
        assert message is None or error["message"].startswith(message)
    assert [one["ok"] for one in apply(desk, line, check=status)] == [not status]


def test_one_transaction_or_nothing(desk: Shell):
    good = {"do": "close", "id": 1, "columns": "ref"}
    assert apply(desk, good, {"do": "close", "id": 99}, good, words=["--atomic"], check=3) == [
        {"line": 2, "ok": False, "error": apply(desk, {"do": "close", "id": 99}, check=3)[0]["error"]}
    ]
    assert desk.tix("show", 1, "-c", "status").out.strip() == "open"
    done = desk.tix("apply", "-", "--atomic", stdin=json.dumps({"do": "close", "ids": [1, 99]}), check=9)
    assert "Line 1 failed; nothing was written" in done.err
    assert [one["ok"] for one in apply(desk, good, words=["--atomic"])] == [True]
    assert desk.tix("show", 1, "-c", "status").out.strip() == "closed"


def test_a_trial_writes_nothing_and_later_lines_see_earlier_ones(desk: Shell):
    before = desk.tix("export").out
    found = apply(
        desk,
        {"do": "new", "subject": "Mouse", "message": "x", "columns": "ref,effect,undo"},
        {"do": "close", "id": 3, "columns": "ref,effect"},
        {"do": "client add", "name": "Acme", "columns": "name,effect"},
        {"do": "client rm", "name": "Acme", "columns": "effect"},
        words=["--dry-run"],
    )
    assert [one["result"] for one in found] == [
        {"ref": "TIX-3", "effect": "would_create", "undo": None},
        {"ref": "TIX-3", "effect": "would_update"},
        {"name": "Acme", "effect": "would_create"},
        {"effect": "would_delete"},
    ]
    assert desk.tix("export").out == before


def test_a_batch_goes_on_where_it_stopped(desk: Shell):
    lines = [
        {"do": "new", "subject": f"S{place}", "message": "x", "columns": "ref,effect"} for place in range(4)
    ]
    lines.append({"do": "client add", "name": "Acme", "columns": "effect"})
    first = apply(desk, *lines[:2], words=["--idempotency-key", "k"])
    whole = apply(desk, *lines, words=["--idempotency-key", "k"])
    assert [one["result"]["effect"] for one in first] == ["created", "created"]
    assert [one["result"]["effect"] for one in whole] == ["unchanged"] * 2 + ["created"] * 3
    assert [one["result"]["ref"] for one in whole[:2]] == [one["result"]["ref"] for one in first]
    other = apply(
        desk, {"do": "new", "subject": "Z", "message": "x"}, words=["--idempotency-key", "k"], check=5
    )
    assert other[0]["error"]["code"] == "key-reused"


def test_the_lines_have_the_permissions_of_who_acts(desk: Shell):
    found = apply(
        desk,
        {"do": "client add", "name": "Acme"},
        {"do": "note", "id": 1, "message": "x"},
        as_="lan",
        check=4,
    )
    assert [one["error"]["code"] for one in found] == ["not-allowed", "not-allowed"]
    assert desk.tix("client", "list").out == ""


def test_what_cannot_be_read_and_a_key_that_is_too_long(desk: Shell):
    assert desk.tix("apply", "absent.jsonl", check=2).err.startswith(
        "tix: cannot read the file 'absent.jsonl'"
    )
    desk.tix("apply", "-", "--idempotency-key", "k" * 250, stdin="", check=2)
    assert desk.tix("apply", "-", stdin="\n\n").out == ""


def test_many_lines_need_no_more_memory(desk: Shell):
    """Ten times the lines: the process grows by less than the lines are long."""
    line = {"do": "show", "id": 1, "columns": "ref"}
    apply(desk, *[line] * 100)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert len(apply(desk, *[line] * 1000)) == 1000
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * (
        1 if sys.platform == "darwin" else 1024
    )
    assert grown < 8_000_000
