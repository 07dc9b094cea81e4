"""Files over HTTP: what may be seen, as a download, in parts, and never as a page of this server."""

import hashlib
import http.client
import json
import socket
import time
from contextlib import ExitStack

import pytest

from tests.api.site import Site
from tix.api import app
from tix.api.downloads import Range, disposition, parse_range

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 10


def attach(site: Site, who: str, name: str, content: bytes) -> int:
    """Attach a file to TIX-1 at the shell; return its id."""
    path = site.shell.folder / name
    path.write_bytes(content)
    site.shell.tix("attach", "add", 1, path, as_=who)
    return max(one["id"] for one in json.loads(site.shell.tix("attach", "list", 1, "--json").out))


def fetch(site: Site, path: str, by: str = "ada", **headers: str):
    """The status, headers and bytes of a download."""
    client = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    client.request("GET", f"/api/v1/{path}", headers={"Authorization": f"Bearer {site.key(by)}", **given})
    answer = client.getresponse()
    body = answer.read()
    client.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body


def test_files_are_listed_and_downloaded_as_on_the_command_line(site: Site):
    for content in (b"", PNG, bytes(3_000_000)):
        number = attach(site, "lan", "über uns.png", content)
        status, headers, body = fetch(site, f"tickets/1/attachments/{number}")
        assert (status, body) == (200, content)
        assert headers["content-length"] == str(len(content))
        assert headers["etag"] == f'"{hashlib.sha256(content).hexdigest()}"'
    for who in ("ada", "lan"):
        shown = json.loads(site.shell.tix("attach", "list", 1, "--json", as_=who).out)
        assert site.record("tickets/1/attachments", by=who) == shown


def test_a_file_is_as_visible_as_its_entry(site: Site):
    theirs, internal = attach(site, "lan", "a.txt", b"a"), attach(site, "sam", "b.txt", b"canary-file")
    assert fetch(site, f"tickets/1/attachments/{theirs}", "lan")[0] == 200
    assert fetch(site, f"tickets/1/attachments/{internal}", "sam")[0] == 200
    site.ask("POST", "tickets", {"subject": "Other", "message": "m"})
    for path, by in (
        (f"tickets/1/attachments/{internal}", "lan"),
        (f"tickets/1/attachments/{theirs}", "bob"),
        (f"tickets/2/attachments/{theirs}", "ada"),
    ):
        refused = site.ask("GET", path, by=by)
        assert (refused.status, refused.body["code"]) == (404, "not-found")
        absent = site.ask("GET", path.rpartition("/")[0] + "/999", by=by)
        number = path.rpartition("/")[2]
        assert json.dumps(absent.body).replace("999", number) == json.dumps(refused.body)
    assert [one["name"] for one in site.record("tickets/1/attachments", by="lan")] == ["a.txt"]
    assert site.problem("GET", "tickets/1/attachments/x")[0] == 404
    assert site.problem("GET", f"tickets/1/attachments/{10**30}")[0] == 404


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("x.png", PNG, "image/png"),
        ("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", None),
        ("x.html", b"<script>1</script>", None),
        ("x.pdf", b"%PDF-1.7\n", None),
    ],
)
def test_a_browser_saves_it_and_runs_nothing(site: Site, name: str, content: bytes, kind: str | None):
    number = attach(site, "lan", name, content)
    _, headers, _ = fetch(site, f"tickets/1/attachments/{number}")
    assert headers["content-disposition"] == f'attachment; filename="{name}"'
    assert headers["content-type"] == (kind or "application/octet-stream")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "sandbox; default-src 'none'"


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("a b.txt", 'attachment; filename="a b.txt"'),
        ("é.txt", "attachment; filename=\"_.txt\"; filename*=UTF-8''%C3%A9.txt"),
        ('"x"; y.txt', "attachment; filename=\"_x_; y.txt\"; filename*=UTF-8''%22x%22%3B%20y.txt"),
        ("100%.txt", "attachment; filename=\"100_.txt\"; filename*=UTF-8''100%25.txt"),
        ("../../a\r\nSet-Cookie: b", 'attachment; filename="aSet-Cookie: b"'),
        ("--help", 'attachment; filename="help"'),
    ],
)
def test_a_name_cannot_leave_its_header(name: str, header: str):
    assert disposition(name) == header


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-0", Range(0, 1)),
        ("bytes=2-", Range(2, 10)),
        ("bytes=2-99", Range(2, 10)),
        ("bytes=-3", Range(7, 10)),
        ("bytes=-99", Range(0, 10)),
        ("bytes=5-4", None),
        ("bytes=-", None),
        ("bytes=0-1,2-3", None),
        ("lines=0-1", None),
        ("bytes=" + "1" * 100 + "-", None),
    ],
)
def test_at_most_one_range_is_sent(header: str, part: Range | None):
    assert parse_range(header, 10) == part


def test_a_download_goes_on_where_it_broke_off(site: Site):
    content = bytes(range(256)) * 8_000
    path = f"tickets/1/attachments/{attach(site, 'lan', 'a.bin', content)}"
    etag = fetch(site, path)[1]["etag"]
    status, headers, body = fetch(site, path, Range="bytes=1500000-", If_Range=etag)
    assert (status, body) == (206, content[1_500_000:])
    assert headers["content-range"] == f"bytes 1500000-{len(content) - 1}/{len(content)}"
    assert fetch(site, path, Range="bytes=5-", If_Range='"another"')[2] == content
    assert fetch(site, path, Range="bytes=-1")[2] == content[-1:]
    status, headers, body = fetch(site, path, Range=f"bytes={len(content)}-")
    assert (status, headers["content-range"], body) == (416, f"bytes */{len(content)}", b"")
    assert fetch(site, path, If_None_Match=etag)[::2] == (304, b"")


@pytest.mark.parametrize("digits", [15, 16, 5000])
def test_a_file_with_a_long_number_is_not_found(site: Site, digits: int):
    assert site.problem("GET", "tickets/1/attachments/" + "9" * digits) == (404, "not-found")


@pytest.fixture
def two_downloads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "MOST_DOWNLOADS_OF_LOGIN", 2)


def test_a_person_has_so_many_long_downloads_at_a_time(two_downloads: None, site: Site):
    """Each is a copy on the disk until its client has read it. Meanwhile, nothing else waits."""
    number, small = attach(site, "lan", "a.bin", bytes(9_000_000)), attach(site, "lan", "b.txt", b"b")
    path = f"/api/v1/tickets/1/attachments/{number}"
    authorized = f"Authorization: Bearer {site.key('lan')}"
    with ExitStack() as held:
        for _ in range(2):
            client = held.enter_context(socket.socket())
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect(("127.0.0.1", site.port))
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{authorized}\r\n\r\n".encode())
            assert client.recv(12) == b"HTTP/1.1 200"
        assert site.problem("GET", path, by="lan") == (429, "throttled")
        assert site.ask("GET", path, by="lan").headers["retry-after"]
        for other in ("sam", "lan"):
            assert fetch(site, f"tickets/1/attachments/{small}", other)[0] == 200
        assert fetch(site, path.removeprefix("/api/v1/"), "sam")[0] == 200
        assert site.ask("POST", "tickets/1/replies", {"message": "m"}, by="lan").status == 201
    # Their connections are closed, so the server gives them back.
    for _ in range(1000):
        if fetch(site, path.removeprefix("/api/v1/"), "lan")[0] == 200:
            return
        time.sleep(0.01)
    pytest.fail("a download that was left is still counted")


def test_a_file_is_removed_by_its_id_alone(site: Site):
    first = attach(site, "lan", "a.txt", b"a")
    other = attach(site, "sam", str(first + 2), b"b")
    assert site.problem("DELETE", f"tickets/1/attachments/{first + 2}") == (404, "not-found")
    for by, refusal in (("lan", (403, "not-allowed")), ("bob", (404, "not-found"))):
        assert site.problem("DELETE", f"tickets/1/attachments/{first}", by=by) == refusal
    stale = {"If_Match": '"999"'}
    assert site.problem("DELETE", f"tickets/1/attachments/{first}", **stale) == (412, "stale-version")
    for replayed in (None, "true"):
        gone = site.ask("DELETE", f"tickets/1/attachments/{first}", Idempotency_Key="k")
        assert (gone.status, gone.headers.get("idempotency-replayed")) == (200, replayed)
        assert gone.body["attachments"] == 1
    assert [one["id"] for one in site.record("tickets/1/attachments")] == [other]
    named = {"verb": "attachments/remove", "tickets": ["1"], "body": {"files": [str(first + 2)]}}
    (result,) = site.ask("POST", "tickets/bulk", named).body
    assert (result["state"], result["ticket"]["attachments"]) == ("done", 0)
