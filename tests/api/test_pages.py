"""Pages with cursors, chosen fields, and lists as JSON Lines."""

import json
import re
from base64 import urlsafe_b64encode
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.api.site import NEEDED, Site, copied, served
from tests.harness import Shell
from tix.api.routes import ROUTES
from tix.desk.queue import pages

# Sort keys with ties, with nothing, of every type; and the orders of their own.
SORTS = (
    None,
    "number",
    "-number",
    "due_at",
    "-due_at",
    "subject",
    "-assignee",
    "-last_activity_at",
    "rating",
    "phase",
)


@pytest.fixture
def many(site: Site) -> Site:
    """Twelve tickets, some of them bob's, with ties and gaps in their values."""
    for number in range(2, 13):
        body = {
            "subject": f"Screen {number % 4}",
            "message": "sound",
            "requester": ("lan", "bob")[number % 2],
        }
        body |= {"priority": "high"} if number % 3 == 0 else {}
        body |= {"due_at": f"+{number % 5}d"} if number % 4 else {}
        body |= {"assignee": "sam"} if number % 2 else {}
        site.ask("POST", "tickets", body)
    for number in (3, 7):
        site.ask("POST", f"tickets/{number}/resolve", {})
    return site


def following(link: str | None) -> str | None:
    return None if link is None else re.fullmatch(r'<([^>]+)>; rel="next"', link)[1]


def paged(site: Site, path: str, by: str = "ada") -> list:
    """All pages of a list, one after the other."""
    found, url = [], f"/api/v1/{path}"
    while url is not None:
        reply = site.ask("GET", url, by=by)
        assert reply.status == 200, reply
        found.append(reply.body)
        url = following(reply.headers.get("link"))
    return found


@pytest.mark.parametrize("by", ["ada", "lan"])
def test_the_pages_of_a_list_are_the_list(many: Site, by: str):
    """In every order, for who sees all and who sees a part."""
    for sort in SORTS:
        for filters in ("all=true", "open=true", "all=true&q=sound", "status=resolved&status=open"):
            path = f"tickets?{filters}" + ("" if sort is None else f"&sort={sort}")
            whole = many.record(f"{path}&limit=1000", by=by)
            pages = paged(many, f"{path}&limit=2", by)
            assert [one for page in pages for one in page] == whole, path
            assert all(len(page) == 2 for page in pages[:-1])


def test_the_pages_of_a_search_are_the_search(many: Site):
    for more in ("", "&sort=-number", "&priority=high"):
        whole = many.record(f"search?q=sound&limit=1000{more}")
        pages = paged(many, f"search?q=sound&limit=3{more}")
        assert [one for page in pages for one in page] == whole


def test_short_lists_are_whole_unless_there_is_a_limit(many: Site):
    for number in range(5):
        many.ask("POST", "tickets/1/notes", {"message": f"note {number}"})
    for path in ("tickets/1/thread", "priorities", "people", "log", "notifications", "tickets/3/events"):
        mark = "&" if "?" in path else "?"
        pages = paged(many, f"{path}{mark}limit=2")
        whole = many.record(f"{path}{mark}limit=1000")
        assert [one for page in pages for one in page] == whole, path
        assert len(pages) == max(1, -(-len(whole) // 2)), path
    assert many.record("tickets/1/thread") == many.record("tickets/1/thread?limit=1000")


def test_writes_between_two_pages_repeat_and_skip_nothing(many: Site):
    first = many.ask("GET", "tickets?all=true&sort=number&limit=4")
    many.ask("POST", "tickets", {"subject": "Later", "message": "m"})
    many.ask("POST", "tickets/2/notes", {"message": "x"})
    etag = many.ask("GET", "tickets/4").headers["etag"]
    assert many.ask("DELETE", "tickets/4", If_Match=etag).status == 204  # the last one of the page
    second = many.ask("GET", following(first.headers["link"]))
    assert [one["number"] for one in second.body] == [5, 6, 7, 8]
    newest = many.ask("GET", "log?limit=3")
    many.ask("POST", "tickets/2/notes", {"message": "new"})
    older = many.ask("GET", following(newest.headers["link"])).body
    assert not {one["id"] for one in newest.body} & {one["id"] for one in older}
    assert older == many.record("log?limit=7")[-3:]


def test_a_cursor_is_of_one_query_and_one_person(many: Site):
    url = following(many.ask("GET", "tickets?all=true&limit=2").headers["link"])
    cursor = url.rpartition("cursor=")[2]
    assert many.ask("GET", f"tickets?all=true&limit=5&cursor={cursor}&fields=ref").status == 200
    for path in (
        f"tickets?open=true&cursor={cursor}", f"tickets?all=true&sort=number&cursor={cursor}",
        f"search?q=sound&cursor={cursor}", f"priorities?cursor={cursor}", f"log?cursor={cursor}",
    ):  # fmt: skip
        assert many.problem("GET", path) == (400, "invalid-cursor"), path
    assert many.problem("GET", f"tickets?all=true&cursor={cursor}", by="lan") == (400, "invalid-cursor")
    for wrong in ("", "x", "é", "=" * 9, cursor[:-3], "A" + cursor, urlsafe_b64encode(b"[1,2]").decode()):
        assert many.problem("GET", f"tickets?all=true&cursor={quote(wrong)}") == (400, "invalid-cursor"), (
            wrong
        )


def test_a_cursor_that_somebody_makes_is_no_bug(many: Site):
    """Its check is no signature: what it holds is looked at."""
    from tix.desk.queue import pages

    real = pages._check
    texts = []
    try:
        pages._check = lambda text, query: texts.append(query) or real(text, query)
        many.ask("GET", "tickets?all=true&limit=2")
        query = texts[-1]
    finally:
        pages._check = real
    for forged in ([], [1], [1, 2, 3, 4], [{}, 1], [[1], 2], [2**70, 1], ["x", None], [1.5, "1"]):
        text = json.dumps(forged).encode()
        cursor = urlsafe_b64encode(real(text, query) + text).decode().rstrip("=")
        assert many.ask("GET", f"tickets?all=true&cursor={cursor}").status in (200, 400), forged


# ----------------------------------------------------------------------------------------------- fields


def test_fields_choose_what_is_sent(many: Site):
    assert many.record("tickets/1?fields=subject,ref") == {"subject": "No sound", "ref": "TIX-1"}
    assert many.record("tickets?fields=ref&limit=1&sort=-number") == [{"ref": "TIX-12"}]
    assert many.record("search?q=update&fields=ref,score,ref")[0].keys() == {"ref", "score"}
    assert many.record("whoami?fields=login") == {"login": "ada"}
    made = many.ask("POST", "tickets?fields=number", {"subject": "A", "message": "m"})
    assert (made.body, made.headers["etag"]) == ({"number": 13}, '"1"')
    reply = many.ask("POST", "tickets?fields=colour", {"subject": "A", "message": "m"})
    assert (reply.status, reply.body["code"]) == (422, "invalid-value")
    assert "colour" not in json.dumps(reply.body)
    assert "requester_name" in reply.body["hint"]
    assert many.problem("GET", "tickets/14") == (404, "not-found")  # nothing was written


def test_every_list_takes_fields(many: Site):
    for route in ROUTES:
        if route.method != "GET" or not route.shapes:
            continue
        path = route.path.removeprefix("/").replace("{id}", "1") + "?fields=nothing-like-it"
        path += "".join(f"&{query}" for name, query in NEEDED.items() if name in route.path)
        reply = many.ask("GET", path)
        known = (422, "invalid-value") if reply.status != 200 else (200, [])
        assert (reply.status, reply.body if reply.status == 200 else reply.body["code"]) == known, path


# -------------------------------------------------------------------------------------------- JSON Lines


def test_a_list_is_sent_as_json_lines(many: Site):
    """As ``list -o jsonl``: all of it, unless there is a limit."""
    ask = {"Accept": "application/x-ndjson"}
    for by in ("ada", "lan"):
        whole = many.ask("GET", "tickets?all=true", by=by, **ask)
        assert whole.headers["content-type"].startswith("application/x-ndjson")
        lines = [json.loads(line) for line in whole.body.splitlines()]
        assert lines == many.record("tickets?all=true&limit=1000", by=by)
    some = many.ask("GET", "tickets?all=true&limit=2&fields=ref,number", **ask).body
    assert [json.loads(line).keys() for line in some.splitlines()] == [{"ref", "number"}] * 2
    assert many.ask("GET", "tickets?tag=none-has-it", **ask).body == ""
    assert many.problem("GET", "tickets?limit=0", **ask) == (422, "invalid-value")
    assert many.problem("GET", "tickets?status=no-such", **ask)[0] == 422


def test_an_export_is_that_of_the_command_line(many: Site):
    many.shell.now = "2030-01-01T00:00:00Z"
    for by in ("ada", "sam", "lan"):
        mine = many.ask("GET", "export?all=true", by=by)
        assert mine.status == 200, mine
        assert mine.body == many.shell.tix("export", "--no-files", "--all", as_=by).out, by
    assert "canary-note" not in many.ask("GET", "export", by="lan").body
    assert many.problem("GET", "export", by=None) == (401, "unauthorized")


@pytest.mark.parametrize("path", ["tickets", "tickets?sort=-due_at", "search?q=sound&sort=subject"])
@pytest.mark.parametrize("forged", [("\ud800", 1, 1), (1, "\udfff", 1), (2**70, 1, 1), ([], 1, 1), (1,)])
def test_a_forged_cursor_is_refused(many: Site, monkeypatch: pytest.MonkeyPatch, path: str, forged: tuple):
    """Its check is no signature: a place that is no place has to do no harm."""
    written = pages.write
    monkeypatch.setattr(pages, "write", lambda _place, query: written(forged, query))
    path += f"{'&' if '?' in path else '?'}limit=2"
    link = following(many.ask("GET", path).headers["link"])
    assert many.problem("GET", link) == (400, "invalid-cursor")


def test_the_address_of_the_next_page_has_the_path_of_the_proxy(
    desk: Shell, furnished: tuple[Path, dict[str, str]]
):
    copied(furnished[0], desk)
    desk.tix("new", "Screen", "-m", "m")
    with served(desk, furnished[1], "/desk") as site:
        link = following(site.ask("GET", "tickets?limit=1").headers["link"])
        assert link.startswith("/desk/api/v1/tickets?")
        rest = site.ask("GET", link.removeprefix("/desk"))
        assert (rest.status, len(rest.body)) == (200, 1)
