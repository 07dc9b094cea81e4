"""Reading what is beside tickets: one of each noun, views, figures, time and money; within bounds, and as whom."""

import json
from urllib.parse import quote

import pytest

from tests.api.site import Site
from tix.api.routes import ROUTES

ODD = (
    "",
    " ",
    "x" * 5000,
    "..",
    "../people",
    "a/b/c",
    "%00",
    "%ff%fe",
    "%F0%9F%92%A9",
    "'--",
    "{name}",
    "\u202e".encode().hex(),
    "1e999",
)


def test_every_record_has_the_fields_that_are_described(site: Site):
    """Those of lists with nothing in them are tried against a fuller desk, in tests/remote/test_nouns.py."""
    tried = 0
    for route in ROUTES:
        if route.method == "GET" and route.columns:
            path = route.path.removeprefix("/").replace("{name:path}", FIRST.get(route.name, "none"))
            reply = site.ask("GET", path)
            records = reply.body if isinstance(reply.body, list) else [reply.body]
            if reply.status == 200 and records:
                assert tuple(records[0]) == route.columns, path
                tried += 1
    assert tried >= 11


FIRST = {
    "person": "lan",
    "workflow": "standard",
    "types-one": "issue",
    "priorities-one": "low",
    "slas-one": "sev-a",
}


@pytest.mark.parametrize("path", sorted({route.path for route in ROUTES if "{name:path}" in route.path}))
def test_an_odd_name_is_not_there(site: Site, path: str):
    for name in ODD:
        word = name if name.startswith("%") else quote(name, safe="/")
        status, code = site.problem("GET", path.removeprefix("/").replace("{name:path}", word))
        assert (status, code) in ((404, "not-found"), (422, "invalid-value"), (422, "unknown-name")), (
            name,
            status,
            code,
        )


def test_figures_are_asked_for_within_bounds(site: Site):
    for query in (
        "zone=Nowhere", "zone=../../etc/passwd", "zone=/etc/localtime", "zone=%00", "zone=Europe", "zone=" + "x" * 1001, "zone=%2B99:99",
        "since=colour", "until=99999999999999999999", "since=" + "9" * 1001, "by=ada",
    ):  # fmt: skip
        for path in ("stats", "reports/aging"):
            assert site.problem("GET", f"{path}?{query}") == (422, "invalid-value"), query[:60]
    assert site.problem("GET", "reports/colour") == (422, "invalid-value")
    assert site.problem("GET", "stats", by="lan") == (403, "not-allowed")
    assert site.problem("GET", "reports/time", by="lan") == (403, "not-allowed")
    there = site.record("stats?zone=Pacific/Auckland&since=2026-01-01")
    assert there["since"] == "2025-12-31T11:00:00Z"
    assert site.record("stats?zone=-03:30&since=2026-01-01")["since"] == "2026-01-01T03:30:00Z"


def test_a_view_is_seen_through_page_by_page(site: Site):
    site.shell.tix("view", "add", "back", "--sort", "-number", "--limit", 1, "--tag", "odd", as_="ada")
    site.shell.tix("view", "add", "whole", "--shared", "--all")
    for number in range(2, 8):
        site.ask(
            "POST",
            "tickets",
            {"subject": f"T{number}", "message": "m", "tags": ["odd"] if number % 2 else []},
        )
    seen, path = [], "tickets?view=back&limit=2&fields=number"
    while path:
        page = site.ask("GET", path)
        assert page.status == 200, page
        seen += [one["number"] for one in page.body]
        path = page.headers.get("link", "").partition("<")[2].partition(">")[0]
    assert seen == [7, 5, 3]
    assert site.record("tickets/count?view=back")["tickets"] == 3
    assert [one["number"] for one in site.record("tickets?view=back&sort=number&q=T5")] == [5]
    for path in ("tickets?view=nothing", "tickets/count?view=", "tickets?view=" + quote("ada/back", safe="")):
        assert site.problem("GET", path) == (422, "unknown-name")
    # Other people's views are not there, and what staff share is not a requester's.
    assert site.problem("GET", "tickets?view=back", by="sam") == (422, "unknown-name")
    assert site.problem("GET", "tickets?view=whole", by="lan") == (422, "unknown-name")
    assert site.record("views", by="lan") == []
    assert [one["name"] for one in site.record("views", by="sam")] == ["whole"]


def test_time_is_read_page_by_page_and_as_lines(site: Site):
    for minutes in range(1, 8):
        site.ask("POST", "tickets/1/time", {"time": f"{minutes}m"}, by="sam" if minutes % 2 else "ada")
    whole = [
        json.loads(line) for line in site.ask("GET", "time", Accept="application/x-ndjson").body.splitlines()
    ]
    assert [one["worked_seconds"] for one in whole] == [60 * minutes for minutes in range(7, 0, -1)]
    seen, path = [], "time?limit=3"
    while path:
        page = site.ask("GET", path)
        seen += page.body
        path = page.headers.get("link", "").partition("<")[2].partition(">")[0]
        # What is logged meanwhile comes before, and moves nothing.
        site.ask("POST", "tickets/1/time", {"time": "1h"})
    assert seen == whole
    assert len(site.record("time?ticket=TIX-1&by=sam")) == 4
    assert site.record("time?unbilled=true&until=2020-01-01") == []
    assert site.problem("GET", "time?ticket=99") == (404, "not-found")
    assert site.problem("GET", "time?by=nobody") == (422, "unknown-name")
    for path in (
        "time",
        "time?ticket=1",
        "timers",
        "invoices",
        "invoices/1",
        "schedules",
        "settings/billing.rate",
    ):
        assert site.problem("GET", path, by="lan") == (403, "not-allowed"), path
    for query in ("limit=0", "limit=1001", "since=colour", "until=" + "9" * 400, "ticket=x", "nothing=1"):
        assert site.problem("GET", f"time?{query}") == (422, "invalid-value"), query
    assert site.problem("GET", "time?cursor=x") == (400, "invalid-cursor")
    assert site.problem("GET", "time?cursor=x", Accept="application/x-ndjson") == (400, "invalid-cursor")
    assert site.problem("GET", "settings/colour") == (422, "unknown-name")
    for number in ("0", "99", "1e3", "-1", "9" * 15, "9" * 16, "\u0661"):
        assert site.problem("GET", f"invoices/{quote(number)}") == (404, "not-found"), number


def test_the_log_misses_nothing_that_is_written_between_two_pages(site: Site):
    for number in range(8):
        site.ask("POST", "tickets/1/replies", {"message": f"m{number}"})
    whole = [one["id"] for one in site.record("log?limit=1000")]
    seen, path = [], "log?limit=3"
    while path:
        page = site.ask("GET", path)
        seen += [one["id"] for one in page.body]
        path = page.headers.get("link", "").partition("<")[2].partition(">")[0]
        for _ in range(4):
            site.ask("POST", "tickets/1/notes", {"message": "meanwhile"})
    assert seen == whole
