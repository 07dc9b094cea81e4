"""What the page refuses: forms of other sites, hostile text and files, other people's tickets, what staff alone may do."""

import json
import time

import pytest

from tests.web.browser import File

HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)>\u202elive\u202c{{ 7*7 }}'
POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"


def test_hostile_text_is_text(web):
    web.shell.tix("user", "edit", "ana", "--name", 'Ana <b onclick="x">Duarte</b>')
    ana = web.browser("ana")
    ana.get("/tickets/new")
    named = File('../../x<script>"\u202egnp.svg', b"%PDF-1.4 <svg onload='alert(1)'/>")
    page = ana.submit(
        "/tickets/new",
        subject=HOSTILE,
        message=HOSTILE + "\n</textarea>",
        **{"f-brand": "North"},
        files={"files": [named]},
    )
    assert page.status == 200, page.text
    for path in ("/tickets/2", "/tickets", "/tickets?q=live"):
        page = ana.get(path)
        assert {tag for tag, _ in page.elements} & {"script", "img", "b", "svg"} == set()
        assert not any(
            name.startswith("on") or name == "style" for _, given in page.elements for name in given
        )
        assert "\u202e" not in page.html
        assert "\\u202elive" in page.text
        assert "{{ 7*7 }}" in page.text
        assert page.open == []
    assert web.browser("sam").get("/queue?q=live").status == 200
    wrong = ana.get("/tickets/2") and ana.submit(
        "/replies", message="</textarea><script>", files={"files": [File("x.exe", b"MZ" + b"\0" * 90)]}
    )
    assert wrong.form("/replies").values["message"] == "</textarea><script>"


def test_a_file_is_always_a_download(web):
    web.shell.tix("config", "set", "attachments.types", "*")
    ana, ben = web.browser("ana"), web.browser("ben")
    ana.get("/tickets/1")
    sent = {
        "x.svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        "x.html": b"<script>alert(1)</script>",
    }
    page = ana.submit(
        "/replies", message="", files={"files": [File(name, data) for name, data in sent.items()]}
    )
    for name, data in sent.items():
        file = ana.send("GET", page.links[name])
        assert (file.status, file.raw) == (200, data)
        assert file.headers["content-type"] == "application/octet-stream"
        assert file.headers["content-disposition"].startswith("attachment")
        assert file.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in file.headers["content-security-policy"]
        hidden, absent = ben.send("GET", page.links[name]), ben.send("GET", "/tickets/77/files/1")
        assert (hidden.status, hidden.raw) == (404, absent.raw)
    assert ana.send("GET", "/tickets/1/files/999999999999999999999").status == 404


def test_every_answer_has_the_headers_that_wall_it_in(web):
    browsers = [web.browser(), web.browser("ana"), web.browser("sam")]
    for browser in browsers:
        for path in (
            "/",
            "/tickets",
            "/queue",
            "/tickets/1",
            "/tickets/77",
            "/nowhere",
            "/preferences",
            "/style.css",
        ):
            page = browser.send("GET", path)
            assert page.status < 500, (path, page.text)
            assert page.headers["content-security-policy"] == POLICY
            assert page.headers["x-content-type-options"] == "nosniff"
            assert page.headers["referrer-policy"] == "same-origin"
            assert path == "/style.css" or page.headers["cache-control"] == "no-store"


FORMS = (
    ("/notifications", {}),
    ("/tickets/new", {"subject": "S", "message": "m", "topic": "", "choose": ""}),
    ("/tickets/1/replies", {"message": "forged"}),
    ("/tickets/1/notes", {"note": "forged"}),
    ("/tickets/1/assign", {"assignee": "kim"}),
    ("/tickets/1/status", {"then": "resolve"}),
    ("/tickets/1/rating", {"stars": "5"}),
)


def test_forms_of_other_sites_and_without_token_write_nothing(web):
    before = web.shell.tix("export", "-o", "jsonl").out
    sam = web.browser("sam")
    here, elsewhere = f"http://127.0.0.1:{web.port}", "https://evil.example"
    token = {"token": sam.token}
    for path, values in FORMS:
        for headers in (
            {"Sec_Fetch_Site": "cross-site", "Origin": here},
            {"Sec_Fetch_Site": "same-site", "Origin": here},
            {"Sec_Fetch_Site": None, "Origin": elsewhere},
            {"Sec_Fetch_Site": None, "Origin": "null"},
            {"Sec_Fetch_Site": None, "Origin": None},
            {"Sec_Fetch_Site": None, "Origin": None, "Referer": f"{elsewhere}/{here}"},
        ):
            given = {"Content_Type": "application/x-www-form-urlencoded", **headers}
            body = "&".join(f"{name}={value}" for name, value in {**values, **token}.items()).encode()
            assert sam.send("POST", path, body, **given).status == 403, (path, headers)
        for wrong in ("", web.browser("ana").token, sam.token + "\0"):
            assert sam.post(path, {**values, "token": wrong}).status == 403, path
        assert sam.send("GET", path).status in (200, 404, 405)
    assert web.shell.tix("export", "-o", "jsonl").out == before


def test_without_a_session_every_page_leads_to_the_sign_in_form(web):
    stranger = web.browser()
    for path in (
        "/",
        "/tickets",
        "/queue",
        "/tickets/1",
        "/tickets/77",
        "/tickets/new",
        "/tickets/1/files/1",
    ):
        page = stranger.send("GET", path)
        assert (page.status, page.headers["location"].partition("?")[0]) == (303, "/sign-in")
        assert page.raw == b""
    for path, values in FORMS:
        assert stranger.post(path, values).headers["location"] == "/sign-in"


@pytest.mark.parametrize("who", ["ana", "bob"])
def test_a_requester_can_do_nothing_that_is_for_staff(web, who):
    """Whatever forms they make up; the forms they see are only their own."""
    before = web.shell.tix("show", 1, "--json").out
    browser = web.browser(who)
    page = browser.get("/tickets/1")
    assert {one.action.rpartition("/")[2] for one in page.forms} == {"sign-out", "replies"}
    assert browser.get("/queue").status == 403
    for path, values in (
        ("notes", {"note": "x"}),
        ("assign", {"assignee": "kim"}),
        ("assign", {"claim": "1"}),
        ("status", {"then": "resolve"}),
        ("status", {"status": "resolved"}),
        ("rating", {"stars": "5"}),
    ):
        sent = browser.post(f"/tickets/1/{path}", {**values, "token": browser.token})
        assert sent.status in (403, 409), (path, values, sent.text)
    sent = browser.post("/tickets/1/replies", {"message": "x", "status": "resolved", "token": browser.token})
    assert sent.status == 403
    assert web.shell.tix("show", 1, "--json").out == before


def test_malformed_requests_are_refused_in_words(web):
    ana = web.browser("ana")
    token = ana.token
    assert ana.get("/tickets/12-18").status == 404
    assert ana.get("/tickets/..%2f..%2fetc").status == 404
    assert ana.get("/nowhere").text.count("There is no such page") == 1
    assert ana.send("PUT", "/tickets").status == 405
    assert "allow" in ana.send("PUT", "/tickets").headers
    same = {"Origin": f"http://127.0.0.1:{web.port}"}
    for kind in ("text/plain", "application/json", "multipart/form-data", "multipart/form-data; boundary="):
        sent = ana.send(
            "POST", "/tickets/1/replies", f"token={ana.token}&message=x".encode(), Content_Type=kind, **same
        )
        assert sent.status in (400, 415), kind
    assert ana.post("/tickets/1/rating", {"token": token, "stars": "x" * 1_100_000}).status == 413
    assert ana.post("/tickets/1/rating", {f"a{n}": "" for n in range(300)}).status == 413
    assert ana.post("/tickets/1/replies", {"token": token, "message": "a\0b"}).status == 422
    assert ana.post("/tickets/1/rating", {"token": token, "stars": "6"}).status in (403, 409, 422)
    for query in (
        "page=-1",
        "page=x",
        "show=x",
        "q=%ff%fe",
        "q=%22",
        "q=" + "x" * 3000,
        "status=&status=x",
        "said=evil",
    ):
        assert ana.get(f"/tickets?{query}").status in (200, 422), query
    assert web.shell.tix("show", 1, "--json", as_="ana").json["thread"][-1]["body"] == "Since nine."


def test_the_log_has_the_page_and_the_person_and_nothing_they_wrote(web):
    ana = web.browser("ana")
    ana.get("/tickets?q=canary-4711")
    ana.get("/canary-4711")
    ana.get("/tickets/1?said=canary-4711")
    # A line is written after its answer has been sent.
    told = {"method": "GET", "path": "/tickets/{id}", "status": 200, "login": "ana"}
    for _ in range(1000):
        lines = [json.loads(line) for line in web.log]
        if any(told.items() <= line.items() for line in lines):
            break
        time.sleep(0.01)
    else:
        pytest.fail(f"no such line: {told}")
    assert any(line["path"] == "/tickets" and line["login"] == "ana" for line in lines)
    assert not any("canary" in line or ana.jar["tix"] in line or ana.token in line for line in web.log)
