"""`--cursor` with `--limit`: lists page by page, and the envelope that says where the next page begins."""

import json

import pytest

from tests.harness import Shell


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Shell:
    shell = Shell(tmp_path_factory.mktemp("pages"))
    shell.now = "2026-11-20T09:00:00Z"
    shell.tix("init")
    for place in range(7):
        shell.tix("new", f"Printer {place}", "-m", "smoke", "-p", ("low", "high")[place % 2])
    shell.tix("note", 1, "-m", "psst")
    return shell


def following(done) -> str | None:
    """The cursor in the notice on stderr."""
    notices = [json.loads(line)["notice"] for line in done.err.splitlines()]
    (found,) = [one["next"] for one in notices if one.get("code") == "more"] or [None]
    return found


def paged(desk: Shell, *words: object) -> list[list]:
    pages, cursor = [], "first"
    while cursor is not None:
        done = desk.tix(*words, "--json", "--limit", 2, "--cursor", cursor)
        pages.append(done.json)
        cursor = following(done)
    return pages


LISTS = [
    ("list",),
    ("list", "-p", "high"),
    ("list", "--all", "--sort", "-created_at"),
    ("search", "printer"),
    ("search", "smoke", "--sort", "ref"),
    ("log",),
]


@pytest.mark.parametrize("words", LISTS, ids=" ".join)
def test_pages_add_up_to_the_list(desk: Shell, words):
    whole = desk.tix(*words, "--json", "--limit", 0).json
    pages = paged(desk, *words)
    assert [one for page in pages for one in page] == whole
    assert {len(page) for page in pages[:-1]} == {2}


def test_the_log_of_a_ticket_begins_with_its_last_entries(desk: Shell):
    whole = desk.tix("log", 1, "--json").json
    assert desk.tix("log", 1, "--json", "--limit", 1).json == whole[-1:]
    pages = paged(desk, "log", 1)
    assert [one for page in reversed(pages) for one in page] == whole


def test_a_limit_in_json_names_the_cursor_without_one(desk: Shell):
    first = desk.tix("list", "--json=ref", "--limit", 3)
    second = desk.tix("list", "--json=ref", "--limit", 3, "--cursor", following(first))
    assert first.json + second.json == desk.tix("list", "--json=ref").json[:6]
    assert following(desk.tix("list", "--json", "--limit", 7)) is None
    assert desk.tix("list", "--json").err == ""
    lines = desk.tix("list", "-o", "ids", "--limit", 2, "--cursor", "first")
    assert len(lines.lines) == 2
    assert lines.err.startswith("There is more: --cursor ")


def test_the_envelope_has_the_records_and_the_cursor(desk: Shell):
    done = desk.tix("list", "--envelope", "-c", "ref", "--limit", 5)
    assert done.err == ""
    assert (done.json["ok"], done.json["error"]) == (True, None)
    assert len(done.json["data"]) == 5
    meta = done.json["meta"]
    assert (meta["returned"], meta["truncated"]) == (5, True)
    rest = desk.tix("list", "--envelope", "-c", "ref", "--limit", 5, "--cursor", meta["next_cursor"]).json
    assert (len(rest["data"]), rest["meta"]["truncated"], rest["meta"]["next_cursor"]) == (2, False, None)
    shown = desk.tix("show", 1, "--json=ref", "--envelope").json
    assert shown["data"] == {"ref": "TIX-1"}
    assert desk.tix("list", "-o", "ids", "--limit", 1, env={"TIX_ENVELOPE": "1"}).out == "TIX-2\n"
    written = desk.tix("edit", 1, "-p", "low", "--envelope").json
    assert written["data"]["effect"] == "unchanged"


WRONG = [
    (("list", "--cursor", "first"), "--cursor needs --limit"),
    (("list", "--cursor", "first", "--limit", 0), "--cursor needs --limit"),
    (("list", "--cursor", "nonsense", "--limit", 2), "the cursor is not one of this query"),
    (("log", "--cursor", "first", "--limit", 2, "--follow"), "--follow and --cursor cannot be combined"),
    (("search", "printer", "--cursor", "AAAA", "--limit", 2), "the cursor is not one of this query"),
    (("list", "--envelope", "-o", "csv"), "--envelope and -o csv cannot be combined"),
]


@pytest.mark.parametrize(("words", "message"), WRONG, ids=lambda one: " ".join(map(str, one))[:40])
def test_what_does_not_fit_is_refused(desk: Shell, words, message):
    assert message in desk.tix(*words, check=2).err


def test_a_cursor_belongs_to_its_query_and_to_who_asked(desk: Shell):
    cursor = following(desk.tix("list", "--json", "--limit", 2))
    for words, who in ((("-p", "high"), None), (("printer",), None)):
        refused = desk.tix("list", *words, "--json", "--limit", 2, "--cursor", cursor, check=2, as_=who)
        assert json.loads(refused.err)["error"]["code"] == "invalid-cursor"
    desk.tix("user", "add", "kim", "--role", "agent")
    desk.tix("list", "--json", "--limit", 2, "--cursor", cursor, as_="kim", check=2)
    assert len(desk.tix("list", "--json", "--limit", 3, "--cursor", cursor).json) == 3
