"""The HTTP API: the same refusals, records and rules as on the command line."""

import http.client
import json
import re
import signal
import socket
import time
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest

from tests.api.site import NEEDED, Site, furnish
from tests.harness import Shell
from tix.api.routes import ROUTES


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def test_a_ticket_is_the_record_of_the_command_line(site: Site):
    for who in ("ada", "sam"):
        assert site.record("tickets/1", by=who) == json.loads(
            site.shell.tix("show", 1, "--json", as_=who).out
        )
    listed = json.loads(site.shell.tix("list", "--json").out)
    assert site.record("tickets") == listed
    found = json.loads(site.shell.tix("search", "sound", "--json").out)
    assert site.record("search?q=sound") == found


def test_a_requester_sees_their_own_tickets_and_no_note(site: Site):
    mine = site.ask("GET", "tickets/1", by="lan")
    assert "canary-note" not in json.dumps(mine.body)
    assert "etag" not in mine.headers
    hidden, absent = site.ask("GET", "tickets/1", by="bob"), site.ask("GET", "tickets/77", by="bob")
    assert hidden.status == absent.status == 404
    assert json.dumps(hidden.body).replace("TIX-1", "TIX-77") == json.dumps(absent.body)
    assert site.record("tickets", by="bob") == []
    assert site.record("search?q=canary", by="lan") == []
    assert site.problem("POST", "tickets/1/notes", {"message": "x"}, by="lan") == (403, "not-allowed")
    assert site.problem("POST", "tickets/1/replies", {"message": "x"}, by="bob") == (404, "not-found")
    assert site.problem("GET", "clients", by="lan") == (403, "not-allowed")


def test_every_verb_of_a_ticket_writes_as_its_command_does(site: Site):
    made = site.ask(
        "POST", "tickets", {"subject": "Screen", "message": "Black.", "tags": ["vip"], "requester": "lan"}
    )
    assert (made.status, made.body["ref"], made.body["source"]) == (201, "TIX-2", "api")
    assert made.headers["etag"] == '"1"'
    for verb, body, field, value in (
        ("claim", None, "assignee", "ada"),
        ("assign", {"assignee": "sam"}, "assignee", "sam"),
        ("start", {}, "phase", "open"),
        ("hold", {"note": "Waits for a part."}, "phase", "open"),
        ("replies", {"message": "We look.", "watchers": ["lan"]}, "answered", True),
        ("notes", {"message": "Cable?", "time": "10m"}, "phase", "open"),
        ("time", {"time": "5m"}, "time_seconds", 900),
        ("resolve", {"message": "Done."}, "phase", "resolved"),
        ("reopen", {}, "phase", "open"),
        ("close", {}, "phase", "closed"),
    ):
        reply = site.ask("POST", f"tickets/2/{verb}", body)
        assert reply.status in (200, 201), (verb, reply)
        assert reply.body[field] == value, verb
    thread = site.record("tickets/TIX-2/thread")
    assert [one["body"] for one in thread if one["kind"] == "reply"] == ["We look.", "Done."]
    assert site.record("tickets/2/events") == [one for one in thread if one["kind"] == "event"]


def test_a_rating_comes_from_the_requester_and_once(site: Site):
    site.ask("POST", "tickets/1/close", {})
    assert site.problem("POST", "tickets/1/rating", {"stars": 5}) == (403, "not-allowed")
    assert site.ask("POST", "tickets/1/rating", {"stars": 5}, by="lan").body["rating"] == 5
    assert site.problem("POST", "tickets/1/rating", {"stars": 4}, by="lan") == (409, "already-rated")
    assert site.problem("POST", "tickets/1/rating", {"stars": 6}, by="lan") == (422, "invalid-value")


def test_a_change_needs_the_version_it_is_based_on(site: Site):
    etag = site.ask("GET", "tickets/1").headers["etag"]
    low = {"priority": "low"}
    assert site.problem("PATCH", "tickets/1", low) == (428, "version-required")
    assert site.problem("DELETE", "tickets/1") == (428, "version-required")
    assert site.problem("PATCH", "tickets/1", low, If_Match='"99"') == (412, "stale-version")
    assert site.problem("PATCH", "tickets/1", low, If_Match='"x"') == (422, "invalid-value")
    changed = site.ask("PATCH", "tickets/1", {**low, "add_tags": ["vip"]}, If_Match=etag)
    assert (changed.status, changed.body["priority"], changed.body["tags"]) == (200, "low", ["vip"])
    assert changed.headers["etag"] != etag
    assert site.problem("PATCH", "tickets/1", {}, If_Match=changed.headers["etag"]) == (422, "invalid-value")
    assert site.problem("POST", "tickets/1/claim", If_Match=etag) == (412, "stale-version")
    assert site.problem("DELETE", "tickets/1", by="sam", If_Match=changed.headers["etag"])[0] == 403
    gone = site.ask("DELETE", "tickets/1", If_Match=changed.headers["etag"])
    assert (gone.status, gone.body) == (204, "")
    assert site.problem("GET", "tickets/1") == (404, "not-found")


def test_a_requester_cannot_find_out_the_version(site: Site):
    """It counts internal changes, too."""
    for version in range(1, 5):
        for verb, body in (("replies", {"message": "x"}), ("close", {}), ("rating", {"stars": 5})):
            refused = site.problem("POST", f"tickets/1/{verb}", body, by="lan", If_Match=f'"{version}"')
            assert refused == (403, "not-allowed")


def test_a_phrase_is_searched_for_as_one(site: Site):
    site.ask("POST", "tickets", {"subject": "Sound is loud, no end", "message": "m"})
    for path in ("search", "tickets"):
        assert [one["ref"] for one in site.record(f"{path}?q=%22no+sound%22")] == ["TIX-1"]
        assert len(site.record(f"{path}?q=no+sound")) == 2
        assert [one["ref"] for one in site.record(f"{path}?q=sound+-loud")] == ["TIX-1"]


def test_a_repeated_key_returns_the_first_ticket(site: Site):
    first = site.ask("POST", "tickets", {"subject": "A", "message": "m"}, Idempotency_Key="k")
    again = site.ask("POST", "tickets", {"subject": "A", "message": "m"}, Idempotency_Key="k")
    assert (first.status, again.status) == (201, 200)
    assert again.body["ref"] == first.body["ref"]
    reply = {"message": "m"}
    assert site.problem("POST", "tickets/1/replies", reply, Idempotency_Key="k") == (409, "key-reused")
    other = {"subject": "B", "message": "m"}
    assert site.problem("POST", "tickets", other, Idempotency_Key="k") == (409, "key-reused")


@pytest.mark.parametrize(
    ("key", "words"), [(None, "missing"), ("Basic x", "missing"), ("Bearer tix_nothing", "missing")]
)
def test_without_a_valid_key_nothing_is_told(site: Site, key: str | None, words: str):
    more = {} if key is None else {"Authorization": key}
    for path in ("tickets", "tickets/1", "tickets/77", "clients", "whoami"):
        reply = site.ask("GET", path, by=None, **more)
        assert (reply.status, reply.body["code"]) == (401, "unauthorized")
        assert reply.headers["www-authenticate"] == "Bearer"
        assert words in reply.body["detail"]


def test_a_key_ends_with_its_removal_and_its_owner(site: Site):
    reading = site.key("lan", "read")
    as_reader = {"by": None, "Authorization": f"Bearer {reading}"}
    assert site.ask("GET", "whoami", **as_reader).body["login"] == "lan"
    assert site.problem("POST", "tickets/1/replies", {"message": "x"}, **as_reader) == (403, "not-allowed")
    site.key("sam")
    site.shell.tix("user", "edit", "sam", "--inactive")
    site.shell.tix("token", "rm", "lan-read", "--yes")
    assert site.problem("GET", "whoami", by="sam") == (401, "unauthorized")
    assert site.problem("GET", "whoami", **as_reader) == (401, "unauthorized")


def test_a_malformed_request_is_a_problem_and_writes_nothing(site: Site):
    before = site.shell.tix("show", 1, "--json").out
    replies = "tickets/1/replies"
    assert site.problem("POST", replies, b"{") == (422, "invalid-value")
    assert site.problem("POST", replies, {"message": "x", "extra": 1}) == (422, "invalid-value")
    assert site.problem("POST", replies, {"message": "a\0b"}) == (422, "invalid-value")
    assert site.problem("POST", replies, {"message": " "}) == (422, "invalid-value")
    assert site.problem("POST", replies, b"[" * 100_000) == (422, "invalid-value")
    assert site.problem("POST", replies, b"x", Content_Type="text/plain")[0] == 415
    assert site.problem("POST", replies, {"message": "x" * 10_600_000})[0] == 413
    assert site.problem("GET", "tickets?limit=0") == (422, "invalid-value")
    assert site.problem("GET", "tickets?nothing=1") == (422, "invalid-value")
    assert site.problem("GET", "tickets?limit=1&limit=2") == (422, "invalid-value")
    assert site.problem("GET", "tickets?assignee=nobody-here") == (422, "unknown-name")
    assert site.problem("GET", "tickets/12-18") == (404, "not-found")
    assert site.problem("GET", "tickets/..%2f..%2fetc") == (404, "not-found")
    assert site.problem("GET", "/nothing") == (404, "not-found")
    put = site.ask("PUT", "tickets/1", {})
    assert (put.status, sorted(put.headers["allow"].split(", "))) == (405, ["DELETE", "GET", "HEAD", "PATCH"])
    assert site.shell.tix("show", 1, "--json").out == before


def test_a_refusal_does_not_repeat_what_was_sent(site: Site):
    secret = "canary-4711"
    for body in ({"message": 5, "status": secret}, {"message": [secret]}, {"time": secret, "message": {}}):
        reply = site.ask("POST", "tickets/1/replies", body)
        assert reply.status == 422
        assert secret not in json.dumps(reply.body)
    site.ask("GET", f"search?q={secret}")
    site.ask("GET", f"/{secret}")
    log = "".join(site.log)
    assert secret not in log
    assert all(key not in log for key in site.keys.values())
    assert '"path":"/api/v1/search"' in log


def test_only_known_hosts_are_answered(site: Site):
    assert site.problem("GET", "whoami", Host="evil.example")[0] == 421
    assert site.ask("GET", "whoami", Host=f"LOCALHOST:{site.port}").status == 200


def test_a_restored_desk_is_read_at_once(site: Site, tmp_path: Path):
    site.key("ada")
    site.shell.tix("db", "backup", tmp_path / "old.db")
    site.ask("POST", "tickets/1/replies", {"message": "later"})
    assert site.record("tickets/1")["answered"]
    site.shell.tix("db", "restore", tmp_path / "old.db")
    assert not site.record("tickets/1")["answered"]


def test_the_description_names_every_route_and_its_schemas(site: Site):
    described = site.ask("GET", "/openapi.json", by=None).body
    assert described["openapi"] == "3.1.0"
    text = json.dumps(described)
    schemas = described["components"]["schemas"]
    assert set(re.findall(r"#/components/schemas/(\w+)", text)) <= schemas.keys()
    ticket = site.record("tickets/1")
    assert list(schemas["Ticket"]["properties"]) == list(ticket)
    assert list(schemas["ListedTicket"]["properties"]) == list(site.record("tickets")[0])
    assert list(schemas["Item"]["properties"]) == list(ticket["thread"][0])
    named = [one["operationId"] for path in described["paths"].values() for one in path.values()]
    assert len(named) == len(set(named))
    lists = [
        path
        for path, one in described["paths"].items()
        if "get" in one and "{" not in path and not path.endswith("/events")
    ]
    for path in lists:
        needed = next((query for name, query in NEEDED.items() if name in path), "")
        found = site.ask("GET", f"{path}?{needed}").status
        assert found == (404 if "topic=" in needed else 200), path


def test_each_write_to_a_ticket_is_a_verb_of_the_command_line():
    """What follows from a message, such as the trigger of a reply, is no request of its own."""
    written = {
        route.path.rpartition("/")[2] for route in ROUTES if route.method == "POST" and "{id}" in route.path
    }
    assert written == set(
        "replies notes attachments time rating assign claim start hold resolve close reopen stop snooze merge unmerge "
        "split link unlink follow".split()
    )


def test_the_server_needs_an_admin_and_a_desk(desk: Shell):
    assert "no desk" in desk.tix("serve", check=8).err
    desk.tix("init")
    desk.tix("user", "add", "sam", "--role", "agent")
    assert "only admins can serve" in desk.tix("serve", as_="sam", check=4).err
    with socket.create_server(("127.0.0.1", 0)) as taken:
        busy = desk.tix("serve", "--port", taken.getsockname()[1], check=5).err
    assert "cannot listen on 127.0.0.1" in busy
    assert "hint: name another with --port or --host" in busy
    assert "cannot listen on ::zz" in desk.tix("serve", "--host", "::zz", check=5).err
    assert "70000 is not a port" in desk.tix("serve", "--port", "70000", check=2).err


def test_the_server_as_a_process(desk: Shell):
    """It answers, writes a line a request on stderr, and ends with 0 by SIGTERM."""
    key = furnish(desk)["ada-write"]
    port = free_port()
    server = desk.start("serve", "--port", port)
    while server.poll() is None:
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        with suppress(ConnectionRefusedError):
            client.request("GET", "/api/v1/whoami", headers={"Authorization": f"Bearer {key}"})
            assert json.loads(client.getresponse().read())["login"] == "ada"
            client.close()
            break
        time.sleep(0.1)
    server.send_signal(signal.SIGTERM)
    _, told = server.communicate(timeout=60)
    assert server.returncode == 0, told
    assert b"interrupted" not in told
    assert b'"path":"/api/v1/whoami","status":200' in told
    assert key.encode() not in told


def test_a_key_with_a_rate_is_refused_what_is_more(site: Site):
    added = site.shell.tix("token", "add", "slow", "--rate", 2, "--json").json
    assert added["rate"] == 2
    header = {"Authorization": f"Bearer {added['key']}"}
    assert [site.ask("GET", "whoami", by=None, **header).status for _ in range(2)] == [200, 200]
    refused = site.ask("GET", "whoami", by=None, **header)
    assert (refused.status, refused.body["code"]) == (429, "throttled")
    assert 1 <= int(refused.headers["retry-after"]) <= 30
    # Other keys of the same person are counted by themselves.
    assert site.ask("GET", "whoami", by="ada").status == 200


def test_the_words_of_a_malformed_body_keep_their_capitals(site: Site):
    reply = site.ask("POST", "tickets", b"{")
    assert "not valid: input data was truncated" in reply.body["detail"]
    assert "not valid: JSON is malformed" in site.ask("POST", "tickets", b"{]").body["detail"]


def test_a_request_costs_no_look_at_annotations(site: Site, monkeypatch: pytest.MonkeyPatch):
    """They are evaluated anew each time that msgspec is asked for them: a fifth of the time of a list of 50."""
    site.record("tickets?status=open&status=on-hold")

    def fail(kind: type) -> None:
        raise AssertionError(kind)

    monkeypatch.setattr(msgspec.structs, "fields", fail)
    site.record("tickets?status=open&status=on-hold")


def test_completion_is_asked_for_within_bounds(site: Site):
    assert site.record("completion?kind=ticket&typed=TIX-") == [{"value": "TIX-1", "about": "No sound"}]
    assert site.record("completion?kind=ticket&without=1") == []
    assert site.record("completion?kind=tag", by="lan") == []
    for query in (
        "", "kind=colour", "kind=__class__", "kind=ticket&without=-1", "kind=question&ticket=99999999999999999999",
        "kind=ticket&which=mine", "kind=ticket&typed=" + "x" * 1001, "kind=ticket&" + "without=1&" * 1001,
    ):  # fmt: skip
        assert site.problem("GET", f"completion?{query}") == (422, "invalid-value"), query[:80]
    assert site.record("completion?kind=ticket&typed=%FF%00'%22;--") == []
    assert site.record("completion?kind=question&topic=%00&key=%00") == []
