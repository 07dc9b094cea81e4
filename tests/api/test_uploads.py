"""Files that come with a request: judged while they are received, and all of it kept or nothing."""

import errno
import json
import socket
from tempfile import SpooledTemporaryFile

import pytest

from tests.api.site import Site
from tix.api import uploads
from tix.api.app import MOST_UPLOADS_OF_LOGIN
from tix.api.server.rates import Shares
from tix.errors import Overloaded, Throttled

ELF = b"\x7fELF" + bytes(100)
BOUNDARY = "a-line"


def part(content: bytes, name: str = "file", file: str | None = "a.txt", kind: str = "text/plain") -> bytes:
    named = "" if file is None else f'; filename="{file}"'
    head = f'Content-Disposition: form-data; name="{name}"{named}\r\nContent-Type: {kind}\r\n\r\n'
    return f"--{BOUNDARY}\r\n{head}".encode() + content + b"\r\n"


def form(*parts: bytes, end: bytes = f"--{BOUNDARY}--\r\n".encode()) -> bytes:
    return b"".join(parts) + end


def data(**body: object) -> bytes:
    return part(json.dumps(body).encode(), "data", None, "application/json")


def send(site: Site, path: str, body: bytes, by: str = "lan", **headers: str):
    headers.setdefault("Content_Type", f"multipart/form-data; boundary={BOUNDARY}")
    return site.ask("POST", path, body, by=by, **headers)


def files(site: Site, ticket: int = 1) -> list[tuple[str, int, str, bool]]:
    found = site.record(f"tickets/{ticket}/attachments")
    return [(one["name"], one["size"], one["mime"], one["internal"]) for one in found]


@pytest.fixture
def state(site: Site):
    """Everything of TIX-1 and all tickets there are."""
    return lambda: (site.record("tickets/1"), len(site.record("tickets?all=true")))


def test_a_message_comes_with_its_files(site: Site):
    made = send(
        site, "tickets", form(data(subject="Screen", message="See."), part(b"1"), part(b"", file="b.csv"))
    )
    assert (made.status, made.body["attachments"]) == (201, 2)
    assert files(site, 2) == [("a.txt", 1, "text/plain", False), ("b.csv", 0, "text/csv", False)]
    assert send(site, "tickets/1/replies", form(part(b"2"), data(message="And this."))).status == 201
    assert (
        send(site, "tickets/1/notes", form(data(message="Hm."), part(b"3", file="n.txt")), by="sam").status
        == 201
    )
    assert files(site) == [("a.txt", 1, "text/plain", False), ("n.txt", 1, "text/plain", True)]


def test_a_file_is_attached_alone(site: Site):
    assert send(site, "tickets/1/attachments", form(part(b"1"))).status == 201
    raw = {"Content_Type": "image/png", "Content_Disposition": "attachment; filename*=UTF-8''%C3%BCber.txt"}
    assert send(site, "tickets/1/attachments", b"hello", by="sam", **raw).status == 201
    assert files(site) == [("a.txt", 1, "text/plain", False), ("über.txt", 5, "text/plain", True)]


def test_a_name_is_read_once_however_many_pieces_come(site: Site, monkeypatch: pytest.MonkeyPatch):
    read: list[int] = []

    def cleaned(name: str) -> str:
        read.append(len(name))
        return name[:9]

    monkeypatch.setattr(uploads, "clean_name", cleaned)
    parts = [part(b"1", file="d/" * 1500 + f"{number}.txt") for number in range(20)]
    assert send(site, "tickets/1/attachments", form(*parts)).status == 201
    assert read == [uploads.NAME_CHARACTERS] * 20
    monkeypatch.undo()
    assert [name for name, *_ in files(site)] == [f"{number}.txt" for number in range(20)]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\x.txt", "x.txt"),
        ("é.txt", "é.txt"),
        ("a%22b.txt", 'a"b.txt'),
        ("a\u202egnp.txt", "agnp.txt"),
    ],
)
def test_a_name_is_a_label(site: Site, name: str, kept: str):
    assert send(site, "tickets/1/attachments", form(part(b"1", file=name))).status == 201
    assert [one[0] for one in files(site)] == [kept]


def test_a_field_for_files_that_was_left_empty_is_no_file(site: Site):
    sent = send(site, "tickets/1/replies", form(data(message="m"), part(b"", file="")))
    assert (sent.status, sent.body["attachments"]) == (201, 0)


@pytest.mark.parametrize(
    "body",
    [
        form(data(message="m")),
        form(data(message="m"), data(message="m"), part(b"1")),
        form(part(b"1"), part(b"x", "other", None)),
        form(part(b"1"), end=b""),
        form(part(b"1"), end=b"--a-line"),
        b"no form",
        form(*[part(b"1")] * 201),
        b"--a-line\r\nContent-Type: text/plain\r\n\r\nx\r\n--a-line--\r\n",
        b"--a-line\r\n" + b"X-A: b\r\n" * 100 + b"\r\nx\r\n--a-line--\r\n",
        b"--a-line\r\nX-A: " + b"b" * 10_000 + b"\r\n\r\nx\r\n--a-line--\r\n",
    ],
)
def test_a_malformed_form_is_refused_and_nothing_kept(site: Site, state, body: bytes):
    before = state()
    refused = send(site, "tickets/1/attachments", body)
    assert (refused.status, refused.body["code"]) == (422, "invalid-value")
    assert state() == before


def test_a_form_without_a_boundary_or_a_file_without_a_name_is_refused(site: Site):
    for headers in (
        {"Content_Type": "multipart/form-data"},
        {"Content_Type": "text/plain"},
        {"Content_Type": "text/plain", "Content_Disposition": "attachment"},
    ):
        assert send(site, "tickets/1/attachments", b"x", **headers).status == 422
    assert send(site, "tickets/1/claim", form(part(b"1")), by="sam").status == 415


@pytest.mark.parametrize("kind", ["image/png", "application/x-executable"])
def test_a_type_is_decided_by_the_content(site: Site, state, kind: str):
    """By the same rule as at the shell and for mail: the name and the type that are sent decide nothing."""
    before = state()
    for path, body in (
        ("tickets", form(data(subject="s", message="m"), part(b"1"), part(ELF, file="x.png", kind=kind))),
        ("tickets/1/replies", form(data(message="m"), part(ELF, file="x.png", kind=kind))),
        ("tickets/1/attachments", form(part(ELF, file="x.png", kind=kind))),
        ("tickets/1/attachments", form(part(b"MZ\x90" + bytes(100), file="x.png", kind=kind))),
    ):
        refused = send(site, path, body)
        assert (refused.status, "is a program" in refused.body["detail"]) == (422, True), refused
    assert state() == before
    site.shell.tix("config", "set", "attachments.types", "pdf")
    assert send(site, "tickets/1/attachments", form(part(b"text"))).status == 422
    assert state() == before


def test_too_much_is_refused_while_it_is_received(site: Site, state, monkeypatch: pytest.MonkeyPatch):
    """Of two megabytes no more is written than the limit and what came with its last byte."""
    site.shell.tix("config", "set", "attachments.max_total", "100KB")
    before = state()
    written = []

    class Watched(SpooledTemporaryFile):
        def write(self, piece):
            written.append(len(piece))
            return super().write(piece)

    monkeypatch.setattr(uploads, "SpooledTemporaryFile", Watched)
    for body in (form(part(bytes(2_000_000))), form(part(bytes(60_000)), part(bytes(60_000), file="b"))):
        written.clear()
        refused = send(site, "tickets/1/attachments", body)
        assert (refused.status, "more than 100KB" in refused.body["detail"]) == (422, True)
        assert sum(written) <= 100_000
    assert state() == before


def test_a_program_is_refused_at_its_first_bytes(site: Site, monkeypatch: pytest.MonkeyPatch):
    written = []
    monkeypatch.setattr(uploads.Form, "rewind", written.append)
    assert send(site, "tickets/1/attachments", form(part(b"\x7fELF" + bytes(1_000_000)))).status == 422
    assert not written


def test_who_may_not_write_is_refused_before_the_files_are_read(site: Site, monkeypatch: pytest.MonkeyPatch):
    async def fail(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(uploads, "received", fail)
    body = form(part(b"1"))
    assert send(site, "tickets/1/attachments", body, by="bob").status == 404
    assert send(site, "tickets/99/attachments", body).status == 404
    assert send(site, "tickets/1/attachments", body, Authorization="Bearer tix_x").status == 401
    reading = site.key("lan", "read")
    assert send(site, "tickets/1/attachments", body, Authorization=f"Bearer {reading}").status == 403


def test_a_body_that_ends_early_keeps_nothing(site: Site, state):
    before = state()
    body = form(part(bytes(200_000)))
    head = (
        f"POST /api/v1/tickets/1/attachments HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
        f"Authorization: Bearer {site.key('lan')}\r\nContent-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", site.port)) as client:
        client.sendall(head.encode() + body[:150_000])
    assert state() == before
    assert send(site, "tickets/1/attachments", form(part(b"1"))).status == 201


@pytest.mark.parametrize("calls", [("write",), ("write", "close"), ("seek",), ("seek", "close")])
def test_a_disk_that_is_full_is_said(site: Site, state, monkeypatch: pytest.MonkeyPatch, calls: tuple[str]):
    """What is written in pieces is on the disk when it is rewound, and may be so when it is closed."""

    class Full(SpooledTemporaryFile):
        def write(self, piece):
            return self._fail("write") or super().write(piece)

        def seek(self, *args):
            return self._fail("seek") or super().seek(*args)

        def close(self):
            super().close()
            self._fail("close")

        def _fail(self, call):
            if call in calls:
                raise OSError(errno.ENOSPC, "No space left on device")

    before = state()
    monkeypatch.setattr(uploads, "SpooledTemporaryFile", Full)
    refused = send(site, "tickets/1/attachments", form(part(b"1")))
    assert (refused.status, refused.body["exit"]) == (507, 7)
    assert state() == before


def test_nobody_takes_all_uploads(site: Site):
    body = form(part(b"1"))
    head = (
        f"POST /api/v1/tickets/1/attachments HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
        f"Authorization: Bearer {site.key('lan')}\r\nContent-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n"
    ).encode()
    held = []
    for _ in range(MOST_UPLOADS_OF_LOGIN):
        client = socket.create_connection(("127.0.0.1", site.port))
        client.sendall(head + body[:10])
        held.append(client)
    try:
        for _ in range(100):
            sent = send(site, "tickets/1/attachments", body)
            if sent.status == 429:
                break
        assert (sent.status, sent.headers["retry-after"]) == (429, "60")
        assert send(site, "tickets/1/attachments", body, by="sam").status == 201
    finally:
        for client in held:
            client.close()


def test_uploads_at_once_are_bounded():
    shares = Shares(3, 2, "uploads")
    for login in ("lan", "lan", "sam"):
        shares.take(login)
    with pytest.raises(Overloaded):
        shares.take("sam")
    shares.free("sam")
    with pytest.raises(Throttled), shares.one("lan"):
        pass
    for _ in range(3):
        with shares.one("sam"):
            assert len(shares) == 3
    assert len(shares) == 2


def test_files_are_not_received_where_a_key_has_sent_enough(site: Site, monkeypatch: pytest.MonkeyPatch):
    """A request with files counts once, and before they come."""
    made = site.shell.tix("token", "add", "slow", "--scope", "write", "--rate", 2, "--json").json["key"]
    held = {"Authorization": f"Bearer {made}"}
    body = form(part(b"1"))
    assert [send(site, "tickets/1/attachments", body, **held).status for _ in range(2)] == [201, 201]
    monkeypatch.setattr(uploads, "received", None)
    refused = send(site, "tickets/1/attachments", body, **held)
    assert (refused.status, refused.headers["retry-after"]) == (429, "30")


def test_a_repeated_key_counts_the_files_and_not_how_they_were_sent(site: Site):
    body = form(data(message="m"), part(b"1"))
    first = send(site, "tickets/1/replies", body, Idempotency_Key="k")
    other = body.replace(BOUNDARY.encode(), b"another")
    again = send(
        site,
        "tickets/1/replies",
        other,
        Idempotency_Key="k",
        Content_Type="multipart/form-data; boundary=another",
    )
    assert (first.status, again.headers.get("idempotency-replayed")) == (201, "true")
    assert len(files(site)) == 1
    changed = form(data(message="m"), part(b"2"))
    refused = send(site, "tickets/1/replies", changed, Idempotency_Key="k")
    assert (refused.status, refused.body["code"]) == (409, "key-reused")
    assert len(files(site)) == 1


def test_files_go_with_a_change_of_status(site: Site):
    """With the message, in one write; those of the requester also without one, those of staff not."""
    closed = send(site, "tickets/1/close", form(data(message="Fixed."), part(b"alpha")), by="sam")
    assert closed.status == 200
    (reply,) = [one for one in closed.body["thread"] if one["body"] == "Fixed."]
    assert [one["name"] for one in reply["attachments"]] == ["a.txt"]
    refused = send(site, "tickets/1/reopen", form(data(), part(b"beta")), by="sam")
    assert (refused.status, refused.body["code"]) == (422, "invalid-value")
    assert site.record("tickets/1")["phase"] != "open"
    opened = send(site, "tickets/1/reopen", form(data(), part(b"beta")))
    assert (opened.body["phase"], opened.body["attachments"]) == ("open", 2)
