"""The endpoints for scripts written against ITFlow: their requests, their envelope, their two forms of a status."""

import http.client
import json
import shutil
import subprocess
from urllib.parse import urlencode

import pytest

from tests.api.site import Site

KEYS = """ticket_id ticket_prefix ticket_number ticket_category ticket_subject ticket_details ticket_priority ticket_status
ticket_created_at ticket_updated_at ticket_closed_at ticket_created_by ticket_assigned_to ticket_client_id
ticket_contact_id ticket_asset_id""".split()
READ = "/api/v1/tickets/read.php"


def read(site: Site, by: str = "ada", path: str = READ, **query: object):
    return site.ask("GET", f"{path}?{urlencode({'api_key': site.key(by), **query})}", by=None)


def post(site: Site, path: str, body: object = None, by: str = "ada", **headers: str):
    given = {"api_key": site.key(by), **(body or {})}
    return site.ask("POST", f"/api/v1/tickets/{path}", given, by=None, **headers)


@pytest.mark.parametrize("end", ["", ".php"])
def test_all_tickets_and_one_are_read_in_the_envelope(site: Site, end: str):
    made = post(site, f"create{end}", {"ticket_subject": "Computer broken", "ticket_priority": "High"})
    assert (made.status, made.body["success"], made.body["count"]) == (200, "True", 1)
    every = read(site, path=f"/api/v1/tickets/read{end}")
    assert every.status == 200
    assert every.headers["content-type"] == "application/json"
    assert list(every.body) == ["success", "count", "data"]
    assert (every.body["success"], every.body["count"], len(every.body["data"])) == ("True", 2, 2)
    one = read(site, path=f"/api/v1/tickets/read{end}", ticket_id=made.body["data"][0]["insert_id"]).body
    assert one == {"success": "True", "count": 1, "data": every.body["data"][1:]}
    row = one["data"][0]
    assert list(row)[: len(KEYS)] == KEYS
    assert all(value is None or isinstance(value, str) for value in row.values())
    assert (row["ticket_subject"], row["ticket_priority"]) == ("Computer broken", "High")
    assert (row["ticket_number"], row["ticket_prefix"], row["ticket_created_by"]) == ("2", "TIX-", "ada")
    assert site.record("tickets/2")["source"] == "api"


def test_indexed_rows_have_the_places_as_keys_too(site: Site):
    plain, indexed = (read(site, **more).body["data"][0] for more in ({}, {"indexed": 1}))
    assert {name: value for name, value in indexed.items() if not name.isdigit()} == plain
    assert [indexed[str(place)] for place in range(5)] == list(plain.values())[:5]
    assert list(indexed)[:4] == ["0", "ticket_id", "1", "ticket_prefix"]
    assert "0" not in plain


def test_no_such_ticket_is_told_in_the_envelope(site: Site):
    for query in ({"ticket_id": 99}, {"ticket_id": "x"}, {"ticket_id": ""}, {"offset": 99}, {"limit": 0}):
        answer = read(site, **query)
        assert (answer.status, sorted(answer.body), answer.body["success"]) == (
            200,
            ["message", "success"],
            "False",
        )


@pytest.mark.parametrize("key", [None, "", "wrong", "tix_" + "0" * 49])
def test_without_a_valid_key_it_is_401(site: Site, key: str | None):
    query = "" if key is None else f"?api_key={key}"
    for method, path in (("GET", "read.php"), ("GET", "read"), ("POST", "create.php"), ("POST", "resolve")):
        answer = site.ask(method, f"/api/v1/tickets/{path}{query}", by=None)
        assert (answer.status, answer.body["success"]) == (401, "False")
        assert "data" not in answer.body


def test_an_expired_key_is_401(site: Site):
    added = site.shell.tix("token", "add", "old", "--expires", "+1s", "--json")
    site.shell.now = "2030-01-01T00:00:00Z"
    assert site.ask("GET", f"{READ}?api_key={json.loads(added.out)['key']}", by=None).status == 401


def test_a_key_reads_what_its_owner_sees(site: Site):
    mine = post(site, "create", {"ticket_subject": "Bob's", "ticket_contact_id": "bob"}).body["data"][0][
        "insert_id"
    ]
    assert [row["ticket_subject"] for row in read(site, "bob").body["data"]] == ["Bob's"]
    hidden, absent = read(site, "lan", ticket_id=mine), read(site, "lan", ticket_id=99)
    assert json.dumps(hidden.body).replace(str(mine), "99") == json.dumps(absent.body)
    assert "canary" not in json.dumps(read(site, "lan").body)


def test_pages_are_in_the_order_of_ids(site: Site):
    for subject in "BCDE":
        post(site, "create", {"ticket_subject": subject})
    found = read(site, limit=2, offset=2).body
    assert (found["count"], [row["ticket_subject"] for row in found["data"]]) == (2, ["C", "D"])


def test_an_id_is_not_the_number(site: Site):
    site.shell.tix("config", "set", "next_number", "100")
    site.shell.tix("config", "set", "prefix", "TCK-")
    made = post(site, "create.php", {"ticket_subject": "Later"}).body["data"][0]["insert_id"]
    row = read(site, ticket_id=made).body["data"][0]
    assert (row["ticket_id"], row["ticket_number"], row["ticket_prefix"]) == (str(made), "100", "TCK-")
    assert made != 100
    assert read(site, ticket_id=100).body["success"] == "False"


def test_a_status_is_a_number_and_a_name(site: Site):
    def state(verb: str | None = None) -> tuple[str, str]:
        if verb is not None:
            site.shell.tix(verb, 1)
        row = read(site, ticket_id=1).body["data"][0]
        return row["ticket_status"], row["ticket_status_name"]

    assert state() == ("1", "New")
    assert state("start") == ("2", "Open")
    assert state("hold") == ("3", "On Hold")
    assert state("resolve") == ("4", "Resolved")
    assert state("close") == ("5", "Closed")
    assert read(site, ticket_id=1).body["data"][0]["ticket_closed_at"][4:5] == "-"


def test_resolving_twice_is_a_failure(site: Site):
    first, second, other = (post(site, "resolve.php", {"ticket_id": id}) for id in ("1", 1, 99))
    assert (first.status, first.body) == (200, {"success": "True", "count": 1})
    assert (second.status, second.body["success"]) == (200, "False")
    assert (other.status, other.body["success"]) == (200, "False")
    assert site.record("tickets/1")["phase"] == "resolved"


def test_what_cannot_be_created_is_a_failure_and_writes_nothing(site: Site):
    for body in ({}, {"ticket_subject": ""}, {"ticket_subject": "x", "ticket_priority": "nothing"}):
        answer = post(site, "create.php", body)
        assert (answer.status, answer.body["success"], "data" in answer.body) == (200, "False", False)
    url = f"/api/v1/tickets/create.php?api_key={site.key('ada')}"
    for raw in (b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000):
        assert site.ask("POST", url, raw, by=None).body["success"] == "False"
    assert read(site).body["count"] == 1


def test_only_the_method_of_an_endpoint_is_answered(site: Site):
    for method, path in (("POST", "read.php"), ("GET", "create.php"), ("PUT", "resolve"), ("DELETE", "read")):
        answer = site.ask(method, f"/api/v1/tickets/{path}?api_key={site.key('ada')}", by=None)
        assert (answer.status, answer.body["success"]) == (405, "False")
        assert answer.headers["allow"] in ("GET, HEAD", "POST")


def test_a_key_for_reading_cannot_write(site: Site):
    site.key("ada", "read")
    body = {"api_key": site.keys["ada-read"], "ticket_subject": "x"}
    answer = site.ask("POST", "/api/v1/tickets/create.php", body, by=None)
    assert (answer.status, answer.body["success"]) == (403, "False")


def test_the_key_is_not_logged(site: Site):
    read(site)
    post(site, "create.php", {"ticket_subject": "canary"})
    log = "\n".join(site.log)
    assert '"path":"/api/v1/tickets/read.php"' in log
    assert "api_key" not in log
    assert site.key("ada") not in log
    assert "canary" not in log


def test_the_request_of_the_manual_is_answered_as_it_prints_it(site: Site):
    """Invoke-RestMethod -Uri "…/read.php?api_key=…&ticket_id=…", with the head it sends, and by curl."""
    url = f"http://127.0.0.1:{site.port}{READ}?api_key={site.key('ada')}&ticket_id=1&indexed=1"
    if shutil.which("curl"):
        agent = "Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.22621.2506"
        text = subprocess.run(
            ["curl", "-sS", "-A", agent, url], capture_output=True, check=True, timeout=60
        ).stdout
    else:
        client = http.client.HTTPConnection("127.0.0.1", site.port)
        client.request("GET", url)
        text = client.getresponse().read()
        client.close()
    shown = json.loads(text)
    assert (shown["success"], shown["count"]) == ("True", 1)
    row = shown["data"][0]
    assert (row["0"], row["1"], row["2"], row["3"], row["4"]) == ("1", "TIX-", "1", None, "No sound")


def test_a_body_of_windows_powershell_is_latin_1_and_called_a_form(site: Site):
    body = f'{{"api_key": "{site.key("ada")}", "ticket_subject": "Über"}}'.encode("latin-1")
    sent = site.ask(
        "POST", "/api/v1/tickets/create.php", body, by=None, Content_Type="application/x-www-form-urlencoded"
    )
    assert sent.body["success"] == "True"
    assert read(site).body["data"][1]["ticket_subject"] == "Über"


def test_a_write_happens_once_under_a_key(site: Site):
    asked = {"ticket_subject": "Computer broken"}
    first = post(site, "create.php", asked, Idempotency_Key="k")
    again = post(site, "create.php", asked, Idempotency_Key="k")
    assert (again.body, again.headers["idempotency-replayed"]) == (first.body, "true")
    assert len(site.record("tickets?all=true")) == 2
    other = post(site, "create.php", {"ticket_subject": "Other"}, Idempotency_Key="k")
    assert (other.status, other.body["success"]) == (200, "False")
    number = first.body["data"][0]["insert_id"]
    for _ in range(2):
        resolved = post(site, "resolve.php", {"ticket_id": number}, Idempotency_Key="r")
        assert resolved.body == {"success": "True", "count": 1}
    # A refusal leaves its key free.
    refused = post(site, "resolve.php", {"ticket_id": number}, Idempotency_Key="s")
    assert refused.body == {"success": "False", "message": "TIX-2 is resolved already."}
    assert post(site, "create.php", asked, Idempotency_Key="s").body["success"] == "True"
    assert post(site, "create.php", asked, Idempotency_Key="x" * 256).body["success"] == "False"


def test_a_key_that_has_sent_enough_is_told_when_to_go_on(site: Site):
    key = site.shell.tix("token", "add", "slow", "--rate", 2, "--json").json["key"]
    assert [site.ask("GET", f"{READ}?api_key={key}", by=None).status for _ in range(2)] == [200, 200]
    refused = site.ask("GET", f"{READ}?api_key={key}", by=None)
    assert (refused.status, refused.headers["retry-after"]) == (429, "30")
    assert refused.body["success"] == "False"
