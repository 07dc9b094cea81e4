"""Writes over HTTP: every verb of a ticket, once for a key, and to many tickets at once."""

import json
import socket
import threading
from typing import Any

import msgspec
import pytest

from tests.api.site import Site
from tix.api import verbs
from tix.api.description.codes import EXAMPLES
from tix.api.requests import Body
from tix.api.routes import ROUTES
from tix.api.verbs import BULK
from tix.api.writes import bulk as bulk_routes
from tix.cli.session import os_login
from tix.desk import idempotency

REPLY = {"message": "We look."}


def ticket(site: Site, subject: str = "Screen", **more: object) -> int:
    made = site.ask("POST", "tickets", {"subject": subject, "message": "m", "requester": "lan", **more})
    assert made.status == 201, made
    return made.body["number"]


def written(site: Site, path: str, body: object, status: int = 200, **more: str):
    reply = site.ask("POST", path, body, **more)
    assert reply.status == status, reply
    return reply.body


# ------------------------------------------------------------------------------------------------ verbs


def test_a_ticket_is_snoozed_followed_linked_and_timed(site: Site):
    other = ticket(site)
    assert written(site, "tickets/1/snooze", {"until": "+3d"})["snoozed_until"] is not None
    assert written(site, "tickets/1/snooze", {"until": "none"})["snoozed_until"] is None
    assert site.problem("POST", "tickets/1/snooze", {"until": "-3d"}) == (422, "invalid-value")
    assert written(site, "tickets/1/follow", {"who": "bob"})["watchers"] == ["bob"]
    assert site.ask("GET", "tickets/1", by="bob").status == 200
    assert written(site, "tickets/1/follow", {"who": "bob", "stop": True})["watchers"] == []
    assert written(site, "tickets/1/follow", {}, by="sam")["watchers"] == ["sam"]
    assert site.problem("POST", "tickets/1/follow", {"who": "bob"}, by="lan") == (403, "not-allowed")
    linked = written(site, "tickets/1/link", {"relation": "blocks", "ticket": str(other)})
    assert linked["links"] == [{"relation": "blocks", "ref": f"TIX-{other}"}]
    assert written(site, "tickets/1/unlink", {"relation": "blocks", "ticket": str(other)})["links"] == []
    written(site, "tickets/1/time/start", {})
    written(site, "tickets/1/time/stop", {"discard": True})
    assert site.problem("POST", "tickets/1/time/stop", {}) == (409, "refused")
    assert site.record("tickets/1/why")["ref"] == "TIX-1"


def test_tickets_are_merged_split_and_taken_back(site: Site):
    source, target = ticket(site, "One"), ticket(site, "Two", requester="bob")
    merge = f"tickets/{source}/merge"
    assert site.problem("POST", merge, {"into": f"{target}"}) == (422, "unconfirmed")
    merged = written(site, merge, {"into": f"{target}", "note": "the same", "yes": True})
    assert merged["merged_into"] == f"TIX-{target}"
    assert written(site, f"tickets/{source}/unmerge", {})["merged_into"] is None
    thread = written(site, f"tickets/{source}/replies", REPLY, 201)["thread"]
    (entry,) = [one["id"] for one in thread if one["kind"] == "reply"]
    split = written(site, f"tickets/{source}/split", {"entries": [entry], "subject": "Three"}, 201)
    assert (split["subject"], split["number"]) == ("Three", target + 1)


def bare(value: Any) -> Any:
    """An answer without what its write did: a repeated write has done nothing."""
    if isinstance(value, list):
        return [bare(one) for one in value]
    if isinstance(value, dict):
        return {name: bare(one) for name, one in value.items() if name not in ("effect", "changes", "undo")}
    return value


def effects(value: Any) -> list[str]:
    """The effects that an answer names."""
    if isinstance(value, list):
        return [found for one in value for found in effects(one)]
    if not isinstance(value, dict):
        return []
    own = [value["effect"]] if "effect" in value else []
    return own + [found for one in value.values() for found in effects(one)]


def test_the_last_command_is_undone(site: Site):
    written(site, "tickets/1/assign", {"assignee": "sam"})
    would = written(site, "undo", {"dry_run": True})
    assert (would["verb"], would["results"][0]["state"]) == ("assign", "rehearsed")
    assert would["results"][0]["ticket"]["assignee"] is None
    assert site.record("tickets/1")["assignee"] == "sam"
    assert site.problem("POST", "undo", {"dry_run": True}, Idempotency_Key="d") == (422, "invalid-value")
    undone = written(site, "undo", {}, Idempotency_Key="u")
    (result,) = undone["results"]
    assert (result["ref"], result["state"], result["ticket"]["assignee"]) == ("TIX-1", "done", None)
    assert [one["event"]["reason"] for one in result["items"]] == ["undone"]
    again = site.ask("POST", "undo", {}, Idempotency_Key="u")
    assert (again.status, again.headers["idempotency-replayed"]) == (200, "true")
    assert bare(again.body) == bare(undone)
    assert (result["ticket"]["effect"], again.body["results"][0]["ticket"]["effect"]) == (
        "updated",
        "unchanged",
    )
    assert (would["results"][0]["ticket"]["effect"], result["ticket"]["undo"]) == ("would_update", None)
    assert site.problem("POST", "undo", {}, by="lan") == (403, "not-allowed")


def test_what_was_undone_is_redone(site: Site):
    """Below a reply too, which stays."""
    written(site, "tickets/1/assign", {"assignee": "sam"})
    written(site, "tickets/1/replies", {"message": "We look."}, 201)
    undone = written(site, "undo", {})
    assert undone["passed"] == ["your reply on TIX-1 stays: a sent reply cannot be undone"]
    assert (undone["verb"], undone["results"][0]["ticket"]["assignee"]) == ("assign", None)
    assert written(site, "redo", {"dry_run": True})["results"][0]["state"] == "rehearsed"
    redone = written(site, "redo", {}, Idempotency_Key="r")
    assert (redone["verb"], redone["results"][0]["ticket"]["assignee"]) == ("assign", "sam")
    assert [one["event"]["reason"] for one in redone["results"][0]["items"]] == ["redone"]
    assert site.ask("POST", "redo", {}, Idempotency_Key="r").headers["idempotency-replayed"] == "true"
    assert site.problem("POST", "redo", {}) == (409, "refused")
    assert site.problem("POST", "redo", {}, by="lan") == (403, "not-allowed")


def test_what_came_another_way_is_undone_and_only_what_was_meant(site: Site):
    """The last command is the person's own, at the shell or over HTTP; somebody may say which it has to be."""
    site.shell.tix("edit", 1, "-p", "high", as_=None)
    me = os_login()
    added = site.shell.tix("token", "add", "mine", "--user", me, "--scope", "write", "--json", as_=None)
    mine = {"by": None, "Authorization": f"Bearer {added.json['key']}"}
    deed = written(site, "undo", {"dry_run": True}, **mine)
    assert deed["verb"] == "edit"
    for other in ({"ticket": "2", "at": deed["at"]}, {"ticket": "1", "at": "2026-01-01T00:00:00Z"}):
        assert site.problem("POST", "undo", other, **mine) == (409, "refused")
    for half in (
        {"ticket": "1"},
        {"at": deed["at"]},
        {"ticket": "x", "at": deed["at"]},
        {"ticket": "1", "at": "x"},
    ):
        assert site.problem("POST", "undo", half, **mine) == (422, "invalid-value")
    assert site.record("tickets/1")["priority"] == "high"
    written(site, "undo", {"ticket": "TIX-1", "at": deed["at"]}, **mine)
    assert site.record("tickets/1")["priority"] != "high"


def test_notifications_are_read(site: Site):
    written(site, "tickets/1/replies", REPLY, 201)
    (notice,) = site.record("notifications", by="lan")
    assert (notice["ref"], notice["read"]) == ("TIX-1", False)
    assert site.problem("POST", "notifications/read", {}, by="lan") == (422, "invalid-value")
    assert site.problem("POST", "notifications/read", {"ids": [notice["id"]]}, by="bob") == (404, "not-found")
    for nobodys in (-5, 2**63):  # SQLite has no larger number than 2**63 - 1
        assert site.problem("POST", "notifications/read", {"ids": [nobodys]}, by="lan") == (404, "not-found")
    assert written(site, "notifications/read", {"all": True}, by="lan")[0]["read"]
    assert site.record("notifications", by="lan") == []
    assert len(site.record("notifications?all=true", by="lan")) == 1


def test_notifications_are_read_one_by_one_with_a_result_each(site: Site):
    for _ in range(2):
        written(site, "tickets/1/replies", REPLY, 201)
    second, first = (one["id"] for one in site.record("notifications", by="lan"))
    written(site, "notifications/read", {"ids": [first]}, by="lan")
    for replayed in (None, "true"):
        asked = {"ids": [first, second, 999, second]}
        reply = site.ask("POST", "notifications/bulk", asked, by="lan", Idempotency_Key="n")
        assert (reply.status, reply.headers.get("idempotency-replayed")) == (207, replayed)
        told = [(one["id"], one["state"]) for one in reply.body]
        assert told == [(first, "already"), (second, "done"), (999, "failed")]
        assert [one["notification"]["read"] for one in reply.body[:2]] == [True, True]
        assert reply.body[2]["error"]["code"] == "not-found"
    assert site.problem("POST", "notifications/bulk", {"ids": []}, by="lan") == (422, "invalid-value")
    (other,) = site.ask("POST", "notifications/bulk", {"ids": [first]}, by="bob").body
    assert other["error"]["code"] == "not-found"


def test_mail_about_rules_is_stopped_by_each_for_themselves(site: Site):
    assert written(site, "notifications/mute", {"rules": ["changed", "rated"]}, by="lan") == {
        "muted": ["changed", "rated"]
    }
    assert written(site, "notifications/unmute", {"rules": ["rated"]}, by="lan") == {"muted": ["changed"]}
    mailed = {one["reason"]: one["mailed"] for one in site.record("notifications/rules", by="lan")}
    assert not mailed["changed"]
    assert mailed["rated"]
    assert all(one["mailed"] for one in site.record("notifications/rules", by="bob"))
    assert site.problem("POST", "notifications/mute", {"rules": ["colour"]}, by="lan") == (
        422,
        "invalid-value",
    )


def test_time_is_logged_for_another_moment_corrected_and_deleted(site: Site):
    asked = {"time": "25m", "note": "on\n site", "at": "-1d", "billable": False}
    once = written(site, "tickets/1/time", asked, 201)
    (entry,) = [one for one in once["thread"] if one["event"] and one["event"]["type"] == "time-added"]
    assert (once["time_seconds"], once["unbilled_seconds"], entry["event"]["reason"]) == (1500, 0, "on site")
    assert site.problem("POST", "tickets/1/time", {**asked, "at": "+1d"}) == (422, "invalid-value")
    less = written(site, "tickets/1/time", {"time": "10m", "minus": True, "billable": False}, 201)
    assert less["time_seconds"] == 900
    assert site.problem("DELETE", f"time/{entry['id']}", If_Match='"1"') == (422, "invalid-value")
    assert site.problem("DELETE", f"time/{entry['id']}", by="lan") == (403, "not-allowed")
    assert site.problem("DELETE", f"time/{entry['id']}") == (
        409,
        "refused",
    )  # less would be there than was taken off
    written(site, "tickets/1/time", {"time": "10m", "billable": False}, 201)
    for replayed in (None, "true"):
        gone = site.ask("DELETE", f"time/{entry['id']}", Idempotency_Key="k")
        assert (gone.status, gone.headers.get("idempotency-replayed")) == (200, replayed)
        assert gone.body["time_seconds"] == 0
    assert site.problem("DELETE", f"time/{entry['id']}") == (404, "not-found")


# ------------------------------------------------------------------------------------------------ once


def counted(site: Site) -> tuple[int, ...]:
    """How many rows there are of what a write leaves."""
    tables = ("item", "ticket", "notice", "deed")
    found = [site.rows(f"SELECT count(*) FROM {table}") for table in tables]
    return tuple(rows[0][0] for rows in found)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "tickets", {"subject": "A", "message": "m"}),
        ("POST", "tickets/1/replies", REPLY),
        ("POST", "tickets/1/notes", REPLY),
        ("POST", "tickets/1/time", {"time": "5m"}),
        ("POST", "tickets/1/assign", {"assignee": "sam"}),
        ("POST", "tickets/1/close", {}),
        ("PATCH", "tickets/1", {"priority": "low"}),
        ("POST", "tickets/bulk", {"verb": "notes", "body": REPLY, "tickets": [1]}),
        ("POST", "tickets/bulk", {"verb": "notes", "body": REPLY, "filters": {"all": True}, "atomic": True}),
        ("DELETE", "tickets/1", None),
    ],
)
def test_a_repeated_request_writes_nothing_more(site: Site, method: str, path: str, body: object):
    etag = {} if method == "POST" else {"If_Match": site.ask("GET", "tickets/1").headers["etag"]}
    first = site.ask(method, path, body, Idempotency_Key="k", **etag)
    assert first.status in (200, 201, 204), first
    assert "idempotency-replayed" not in first.headers
    after = counted(site)
    again = site.ask(method, path, body, Idempotency_Key="k", **etag)
    assert again.headers["idempotency-replayed"] == "true"
    assert again.status == (200 if first.status == 201 else first.status)
    assert bare(again.body) == bare(first.body)
    assert effects(again.body) == ["unchanged"] * len(effects(first.body))
    assert "unchanged" not in effects(first.body)
    assert counted(site) == after
    if body is not None:
        other = {**body, "subject" if "subject" in body else "note": "other"}
        if path in ("tickets", "tickets/1/close"):
            assert site.problem(method, path, other, Idempotency_Key="k") == (409, "key-reused")
    assert site.problem("POST", "tickets/1/claim", {}, Idempotency_Key="k")[1] in ("key-reused", "not-found")
    assert counted(site) == after


def test_a_key_belongs_to_whoever_writes(site: Site):
    first = written(site, "tickets/1/replies", REPLY, 201, Idempotency_Key="k")
    theirs = written(site, "tickets/1/replies", REPLY, 201, by="lan", Idempotency_Key="k")
    said = [[one["kind"] for one in record["thread"] if one["body"]] for record in (first, theirs)]
    assert said == [["message", "note", "reply"], ["message", "reply", "message"]]
    for key in ("", "k" * 256, "\xa0"):
        assert site.problem("POST", "tickets/1/replies", REPLY, Idempotency_Key=key) == (422, "invalid-value")


def test_what_failed_can_be_tried_again_with_its_key(site: Site):
    """Only a write that has happened keeps its key."""
    assert site.problem("POST", "tickets/2/replies", REPLY, Idempotency_Key="k") == (404, "not-found")
    ticket(site)
    written(site, "tickets/2/replies", REPLY, 201, Idempotency_Key="k")


def test_an_answer_again_holds_only_what_its_reader_may_see_now(site: Site):
    written(site, "tickets/1/follow", {"who": "bob"})
    written(site, "tickets/1/replies", REPLY, 201, by="bob", Idempotency_Key="k")
    written(site, "tickets/1/follow", {"who": "bob", "stop": True})
    again = site.ask("POST", "tickets/1/replies", REPLY, by="bob", Idempotency_Key="k")
    assert again.body == site.ask("GET", "tickets/1", by="bob").body
    assert again.status == 404
    assert site.rows("SELECT group_concat(coalesce(result, '')) FROM keyed_write") == [("[1]",)]


def test_racing_requests_with_one_key_write_once(site: Site):
    answers = []
    crowd = [
        threading.Thread(
            target=lambda: answers.append(site.ask("POST", "tickets/1/notes", REPLY, Idempotency_Key="k"))
        )
        for _ in range(8)
    ]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert sorted(one.status for one in answers) == [200] * 7 + [201]
    assert [one["body"] for one in site.record("tickets/1/thread")].count("We look.") == 1


def test_every_write_takes_a_key():
    assert [route.name for route in ROUTES if route.writes and not route.is_keyed] == []


# ------------------------------------------------------------------------------------------------ bulk


def test_a_bulk_write_has_a_result_for_each_ticket(site: Site):
    for _ in range(3):
        ticket(site)
    asked = {"verb": "assign", "body": {"assignee": "sam"}, "tickets": ["1-3", 99]}
    reply = site.ask("POST", "tickets/bulk", asked)
    assert reply.status == 207
    assert [(one["ref"], one["state"]) for one in reply.body] == [
        ("TIX-1", "done"), ("TIX-2", "done"), ("TIX-3", "done"), ("TIX-99", "failed"),
    ]  # fmt: skip
    assert reply.body[3]["error"]["code"] == "not-found"
    assert bare(reply.body[0]["ticket"]) == site.record("tickets/1")
    assert reply.body[0]["ticket"]["changes"] == [{"field": "assignee", "old": None, "new": "sam"}]
    assert reply.body[0]["ticket"]["undo"] == ["tix", "undo"]
    found = written(
        site, "tickets/bulk?fields=ref,state", {**asked, "tickets": [], "filters": {"assignee": ["sam"]}}
    )
    assert found == [{"ref": f"TIX-{number}", "state": "already"} for number in (1, 2, 3)]


def test_a_bulk_write_is_atomic_or_only_tried(site: Site):
    asked = {"verb": "close", "tickets": [1, 99], "atomic": True}
    reply = site.ask("POST", "tickets/bulk", asked, Idempotency_Key="k")
    assert (reply.status, [one["state"] for one in reply.body]) == (207, ["taken-back", "failed"])
    tried = written(site, "tickets/bulk", {"verb": "close", "tickets": [1], "dry_run": True})
    assert [(one["state"], one["ticket"]["phase"]) for one in tried] == [("rehearsed", "closed")]
    assert site.record("tickets/1")["phase"] == "open"
    ticket(site)
    done = written(site, "tickets/bulk", {**asked, "tickets": [1, 2]}, Idempotency_Key="k")  # it was free
    assert [one["state"] for one in done] == ["done", "done"]


@pytest.mark.parametrize(
    "body",
    [
        {"verb": "assign", "body": {"assignee": "sam"}},
        {"verb": "assign", "body": {"assignee": "sam"}, "tickets": [1], "filters": {"mine": True}},
        {"verb": "assign", "body": {"nobody": "sam"}, "tickets": [1]},
        {"verb": "assign", "body": {"assignee": "sam"}, "filters": {"colour": "red"}},
        {"verb": "shred", "body": {}, "tickets": [1]},
        {"verb": "snooze", "body": {"until": "canary-4711"}, "tickets": [1]},
        {"verb": "edit", "body": {}, "tickets": [1]},
        {"verb": "notes", "body": REPLY, "tickets": ["1-5000"], "dry_run": 1},
        {"verb": "notes", "body": REPLY, "tickets": ["x"]},
    ],
)
def test_a_malformed_bulk_write_writes_nothing(site: Site, body: dict):
    before = counted(site)
    assert site.problem("POST", "tickets/bulk", body) == (422, "invalid-value")
    assert counted(site) == before


def test_a_bulk_write_reaches_only_what_its_reader_sees(site: Site):
    ticket(site, "Other", requester="bob")
    asked = {"verb": "replies", "body": REPLY, "tickets": ["1", "2", "77"]}
    reply = site.ask("POST", "tickets/bulk", asked, by="lan")
    assert [one["state"] for one in reply.body] == ["done", "failed", "failed"]
    hidden, absent = (json.dumps(one["error"]) for one in reply.body[1:])
    assert hidden.replace("TIX-2", "TIX-77") == absent
    by_filter = written(site, "tickets/bulk", {**asked, "tickets": [], "filters": {"all": True}}, by="lan")
    assert [one["ref"] for one in by_filter] == ["TIX-1"]


def test_a_bulk_write_that_was_cut_short_goes_on_where_it_stopped(
    site: Site, monkeypatch: pytest.MonkeyPatch
):
    """A kill between two transactions: what was done is not done again, also where filters find others by now."""
    from tix.desk.tickets import bulk

    monkeypatch.setattr(bulk, "TOGETHER", 2)
    for _ in range(4):
        ticket(site)
    calls, keep = [], idempotency.keep

    def dying(*given):
        calls.append(given)
        if len(calls) == 2:
            raise ZeroDivisionError
        keep(*given)

    monkeypatch.setattr(idempotency, "keep", dying)
    asked = {"verb": "close", "filters": {"q": "screen"}}
    assert site.ask("POST", "tickets/bulk", asked, Idempotency_Key="k").status == 500
    assert [one["phase"] for one in site.record("tickets?all=true&q=screen&sort=number")] == [
        "closed", "closed", "open", "open",
    ]  # fmt: skip
    done = written(site, "tickets/bulk", asked, Idempotency_Key="k")
    assert [(one["ref"], one["state"]) for one in done] == [(f"TIX-{n}", "done") for n in (2, 3, 4, 5)]
    closings = [
        one for one in site.record("log?limit=100") if one["event"] and one["event"]["new"] == "closed"
    ]
    assert len(closings) == 4


def test_each_body_has_an_example_that_is_one():
    taking = {route.name: route.body for route in ROUTES if route.body not in (None, Body)}
    assert taking.keys() <= EXAMPLES.keys()
    for name, body in taking.items():
        msgspec.convert(EXAMPLES[name], body)
    bulk = EXAMPLES["bulk"]
    msgspec.convert(bulk["body"], BULK[bulk["verb"]].body)


def begun(site: Site, path: str, body: bytes, **headers: str) -> int:
    """The status that is answered to a request of which only ``body`` came, of 10 MB."""
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    with socket.create_connection(("127.0.0.1", site.port), timeout=60) as client:
        client.sendall(
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            f"Content-Length: 10000000\r\n{head}\r\n".encode()
        )
        client.sendall(body)
        return int(client.recv(100).split()[1])


@pytest.mark.parametrize("path", ["tickets", "tickets/1/notes"])
def test_a_long_body_is_not_received_from_nobody(site: Site, path: str):
    wrong = {"Authorization": "Bearer " + site.key("ada")[:-1] + "!"}
    assert begun(site, f"/api/v1/{path}", b" " * 100_000, **wrong) == 401
    reading = {"Authorization": "Bearer " + site.key("ada", "read")}
    assert begun(site, f"/api/v1/{path}", b" " * 100_000, **reading) == 403
    assert site.ask("POST", path, b" " * 100_000 + b'{"message": "m", "subject": "s"}').status in (201, 422)


def test_a_body_for_itflow_is_short_until_a_key_is_known(site: Site):
    path = "/api/v1/tickets/create.php"
    assert begun(site, path, b" " * 1_100_000) == 413
    assert begun(site, f"{path}?api_key=wrong", b"") == 401
    key = site.key("ada")
    long = b'{"ticket_subject": "s", "ticket_details": "%b"}' % (b"x" * 2_000_000)
    assert site.ask("POST", f"{path}?api_key={key}", long, by=None).body["success"] == "True"


@pytest.mark.parametrize(
    "filters",
    [
        {"open": False},
        {"status": None},
        {"q": ""},
        {"q": ' "" '},
        {"status": []},
        {"title": ""},
        {"sort": "number"},
    ],
)
def test_empty_filters_are_not_all_tickets(site: Site, filters: dict):
    before = site.record("tickets/1")
    asked = {"verb": "close", "filters": filters}
    for more in ({}, {"dry_run": True}, {"atomic": True}):
        assert site.problem("POST", "tickets/bulk", {**asked, **more}) == (422, "invalid-value")
    assert site.record("tickets/1") == before
    assert [one["state"] for one in written(site, "tickets/bulk", {**asked, "filters": {"open": True}})] == [
        "done"
    ]
    assert written(site, "tickets/bulk", {**asked, "filters": {"answered": True}}) == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("tickets/bulk", {"verb": "close", "tickets": [",".join(["1"] * 300)] * 4}),
        ("tickets/bulk", {"verb": "close", "tickets": [1] * 1001}),
        ("tickets/bulk", {"verb": "close", "tickets": ["1" * 1001]}),
        ("tickets/bulk", {"verb": "close", "filters": {"tag": ["x"] * 1001}}),
        ("tickets/1/split", {"entries": [",".join(["2"] * 300)] * 4}),
        ("tickets/1/split", {"entries": ["2"] * 1001}),
    ],
)
def test_what_is_too_much_is_refused_before_any_of_it_is_looked_for(
    site: Site, monkeypatch: pytest.MonkeyPatch, path: str, body: dict
):
    for module, name in ((bulk_routes, "parse_references"), (verbs, "parse_entries")):
        monkeypatch.setattr(module, name, None)
    assert site.problem("POST", path, body) == (422, "invalid-value")


@pytest.mark.parametrize("digits", [300, 4000, 5000])
def test_a_long_number_is_no_ticket_and_no_entry(site: Site, digits: int):
    number = b"2" * digits
    for path, body in (
        ("tickets/1/split", b'{"entries": [%b]}'),
        ("tickets/bulk", b'{"verb": "close", "tickets": [%b]}'),
    ):
        assert site.problem("POST", path, body % number) == (422, "invalid-value")


def test_every_short_text_is_bounded():
    """Nobody stores a telephone number of nine megabytes."""
    asked = [route.body for route in ROUTES if route.body] + [route.query for route in ROUTES]
    _, schemas = msgspec.json.schema_components(asked)

    def unbounded(schema: object) -> list:
        if isinstance(schema, list):
            return [one for part in schema for one in unbounded(part)]
        if not isinstance(schema, dict):
            return []
        found = [one for part in schema.values() for one in unbounded(part)]
        is_free = schema.get("type") == "string" and "maxLength" not in schema
        is_free |= schema.get("type") == "array" and "maxItems" not in schema
        return [*found, schema] if is_free else found

    assert {name: found for name, schema in schemas.items() if (found := unbounded(schema))} == {}


def test_a_short_text_that_is_long_is_refused(site: Site):
    for name in ("phone", "about", "category"):
        asked = {"subject": "s", "message": "m", name: "x" * 1001}
        assert site.problem("POST", "tickets", asked) == (422, "invalid-value")


def test_a_ticket_with_a_newer_entry_than_was_seen_is_left_alone(site: Site):
    """Also a note, which does not raise the version; for a requester as far as they see."""
    seen = max(one["id"] for one in site.record("tickets/1")["thread"])
    asked = {"verb": "assign", "tickets": [1], "body": {"assignee": "sam"}, "seen": seen}
    written(site, "tickets/1/notes", {"message": "hidden"}, 201)
    (refused,) = site.ask("POST", "tickets/bulk", asked).body
    assert (refused["state"], refused["error"]["code"]) == ("failed", "stale-version")
    theirs = {"verb": "replies", "tickets": [1], "body": REPLY, "seen": seen}
    (done,) = site.ask("POST", "tickets/bulk", theirs, by="lan").body
    assert done["state"] == "done"
    (refused,) = site.ask("POST", "tickets/bulk", theirs, by="lan").body
    assert refused["error"]["code"] == "stale-version"
    newest = max(one["id"] for one in site.record("tickets/1")["thread"])
    (done,) = site.ask("POST", "tickets/bulk", {**asked, "seen": newest}).body
    assert done["ticket"]["assignee"] == "sam"


@pytest.mark.parametrize("key", [None, "k"])
def test_tickets_that_were_taken_back_are_told_as_they_are(site: Site, key: str | None):
    before = site.record("tickets/1")
    asked = {"verb": "edit", "tickets": [1, 99], "body": {"priority": "urgent"}, "atomic": True}
    reply = site.ask("POST", "tickets/bulk", asked, **({} if key is None else {"Idempotency_Key": key}))
    assert [(one["state"], bare(one["ticket"])) for one in reply.body] == [
        ("taken-back", before),
        ("failed", None),
    ]
    assert reply.body[0]["ticket"]["effect"] == "unchanged"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("tickets", {"subject": "s", "message": "m"}),
        ("tickets/bulk", {"verb": "close", "tickets": [1]}),
        ("undo", {}),
        ("notifications/read", {"all": True}),
    ],
)
def test_a_version_is_refused_where_none_is_heeded(site: Site, path: str, body: dict):
    before = counted(site)
    assert site.problem("POST", path, body, If_Match='"1"') == (422, "invalid-value")
    assert counted(site) == before


def test_a_proxy_may_have_made_an_etag_weak(site: Site):
    version = site.ask("GET", "tickets/1").headers["etag"]
    assert site.ask("PATCH", "tickets/1", {"priority": "high"}, If_Match=f"W/{version}").status == 200
    assert site.problem("PATCH", "tickets/1", {"priority": "low"}, If_Match=f"W/{version}") == (
        412,
        "stale-version",
    )


# ---------------------------------------------------------------------------------------------- canned replies


def test_a_canned_reply_is_filled_in_for_each_ticket(site: Site):
    """The text of a reply is the message, the canned reply, or both."""
    assert site.problem("POST", "tickets/1/replies", {"canned": "nothing"}) == (422, "unknown-name")
    assert site.problem("POST", "tickets/1/replies", {}) == (422, "invalid-value")


def test_a_bulk_write_tells_what_it_added(site: Site):
    other = ticket(site)
    asked = {"verb": "replies", "tickets": [1, other], "body": {**REPLY, "status": "on-hold"}}
    added = [[one["kind"] for one in result["items"]] for result in written(site, "tickets/bulk", asked)]
    assert added == [["reply", "event"], ["reply", "event"]]
    written(site, f"tickets/{other}/merge", {"into": "1"})
    (result,) = written(site, "tickets/bulk", {"verb": "notes", "tickets": [other], "body": REPLY})
    assert (result["merged"], result["written_to"]) == (f"TIX-{other}", "TIX-1")
    stale = {"verb": "edit", "tickets": [1], "body": {"priority": "low"}, "version": 1}
    (result,) = written(site, "tickets/bulk", stale, 207)
    assert result["error"]["code"] == "stale-version"
    third = ticket(site)
    ends = [
        written(site, "tickets/bulk", {"verb": verb, "tickets": [third], "body": {}})[0]["ended"]
        for verb in ("hold", "resolve", "close")
    ]
    assert ends == [False, True, False]
    (result,) = written(site, "tickets/bulk", {"verb": "delete", "tickets": [third]})
    assert result["ticket"]["ref"] == f"TIX-{third}"


def test_counts_and_the_inbox(site: Site):
    assert site.record("tickets/count") == {"tickets": 1, "overdue": 0}
    assert site.record("tickets/count?q=nothing") == {"tickets": 0, "overdue": 0}
    assert site.record("search/count?q=sound") == {"tickets": 1}
    assert site.record("search/count?q=canary", by="lan") == {"tickets": 0}
    assert site.record("inbox", by="bob")["counts"] == {"tickets": 0, "overdue": 0, "unread": 0}
    assert [one["ref"] for one in site.record("inbox", by="lan")["tickets"]] == ["TIX-1"]
    assert "tix reply 1" in site.record("tickets/1/aside")["next_commands"]
    assert site.problem("GET", "tickets/1/aside", by="bob") == (404, "not-found")
    assert [one["ref"] for one in site.record("log?ticket=1", by="lan")] == ["TIX-1"]
    assert site.problem("GET", "log?ticket=1", by="bob") == (404, "not-found")
    assert site.record("tickets/1?as_requester=true")["version"] is None


def test_a_requester_adds_so_many_followers_and_no_more_are_looked_up(site: Site):
    many = [f"c{number}@y.example" for number in range(21)]
    for path, body in (
        ("tickets", {"subject": "S", "message": "m"}),
        ("tickets/1/replies", {"message": "m"}),
    ):
        asked = site.ask("POST", path, body | {"watchers": many}, by="lan")
        assert (asked.status, asked.body["code"]) == (409, "refused")
        assert site.ask("POST", path, body | {"watchers": many[1:]}, by="lan").status == 201
    assert site.ask("POST", "tickets/1/replies", {"message": "m", "watchers": many}, by="sam").status == 201
    assert len(site.record("tickets/1")["watchers"]) == 21


# ------------------------------------------------------------------------------------------------------ views


def test_a_view_is_saved_changed_and_removed_once_for_a_key(site: Site):
    asked = {"name": "hot", "priority": ["high"], "sort": "due_at", "columns": ["ref", "subject"], "limit": 3}
    for status, replayed in ((201, None), (200, "true")):
        made = site.ask("POST", "views", asked, by="sam", Idempotency_Key="a")
        assert (made.status, made.headers.get("idempotency-replayed")) == (status, replayed)
        assert (made.body["filters"], made.body["limit"]) == ("--priority high", 3)
    assert site.problem("POST", "views", asked, by="sam") == (409, "already-exists")
    assert site.problem("PATCH", "views/hot", {"sort": "none"}, by="ada") == (404, "not-found")
    for wrong in (
        {"columns": ["colour"]},
        {"columns": ["field.x"]},
        {"sort": "colour"},
        {"limit": -1},
        {"since": "x"},
    ):
        assert site.problem("PATCH", "views/hot", wrong, by="sam") == (422, "invalid-value")
    assert site.problem("PATCH", "views/hot", {"priority": ["colour"]}, by="sam")[0] == 422
    assert site.problem("PATCH", "views/hot", {}, by="sam", If_Match='"1"') == (422, "invalid-value")
    changed = site.ask(
        "PATCH", "views/hot", {"sort": "none", "columns": ["none"], "mine": True}, by="sam"
    ).body
    assert (changed["sort"], changed["columns"], changed["filters"]) == (None, None, "--priority high --mine")
    assert site.ask("PATCH", "views/hot", {"clear": True}, by="sam").body["filters"] == ""
    assert site.problem("POST", "views", {**asked, "shared": True}, by="sam") == (403, "not-allowed")
    assert site.ask("POST", "views", {**asked, "shared": True}).status == 201
    assert site.problem("DELETE", "views/hot?shared=true", by="sam") == (403, "not-allowed")
    for replayed in (None, "true"):
        gone = site.ask("DELETE", "views/hot", by="sam", Idempotency_Key="r")
        assert (gone.status, gone.headers.get("idempotency-replayed")) == (204, replayed)
    assert [one["shared"] for one in site.record("views", by="sam")] == [True]
