"""What requesters do on the page, in the words of the two manuals: submit, list, read, write, close, rate."""

import re
from urllib.parse import urlencode

import pytest

from tests.web.browser import File
from tix.web import lists

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
PDF = b"%PDF-1.4\n%%EOF\n"


def test_the_main_page_has_the_two_things_a_requester_comes_for(web):
    page = web.browser("ana").get("/")
    assert page.status == 200
    assert {"Submit a ticket", "My tickets"} <= page.links.keys()
    assert "1 opened, 0 resolved" in page.text


def test_my_tickets_has_the_columns_of_the_manual_and_two_filters(web):
    ana = web.browser("ana")
    page = ana.get("/tickets")
    for column in "Subject,Ticket ID,Priority,Help topic,Last replier,Last activity,Status,From".split(","):
        assert column in page.text
    assert "Ana Duarte" in page.text
    assert ana.follow("Resolved").text.count("Printer is on fire") == 0
    assert "You have no resolved tickets." in ana.page.text
    assert ana.follow("Opened").links["Printer is on fire"] == "/tickets/1"


def test_the_default_topic_is_chosen_and_another_shows_its_own_fields(web):
    ana = web.browser("ana")
    form = ana.get("/tickets/new").form("/tickets/new")
    assert form.values["topic"] == "IT support"
    assert "f-issue" not in form.names
    assert form.required == {"subject", "message", "f-brand"}
    page = ana.submit(
        "/tickets/new", press="choose=1", topic="CRM support", subject="Kept", files={"files": []}
    )
    form = page.form("/tickets/new")
    assert (page.status, form.values["subject"], form.values["topic"]) == (200, "Kept", "CRM support")
    assert {"f-brand", "f-issue"} <= form.required
    assert web.shell.tix("list", "--all", "--count").out.strip() == "1"


def test_a_ticket_is_submitted_with_its_fields_and_files(web):
    ana = web.browser("ana")
    ana.get("/tickets/new?topic=CRM+support")
    page = ana.submit(
        "/tickets/new",
        subject="Cannot log in",
        message="Since nine.\nOn the tablet.",
        **{"f-brand": "North", "f-issue": "Login", "phone": "+84 90 1", "email": "ana@home.example"},
        files={"files": [File("a.png", PNG), File("b.pdf", PDF)]},
    )
    assert (page.status, page.path) == (200, "/tickets/2?said=created")
    assert "We have your ticket." in page.text
    found = web.shell.tix("show", 2, "--json").json
    assert {name: found[name] for name in ("subject", "topic", "department", "requester", "creator", "source")} == {
        "subject": "Cannot log in", "topic": "CRM support", "department": "crm", "requester": "ana", "creator": "ana",
        "source": "web",
    }  # fmt: skip
    assert (found["phone"], found["email"]) == ("+84 90 1", "ana@home.example")
    assert found["fields"] == {"brand": "North", "issue": "Login"}
    assert found["thread"][0]["body"] == "Since nine.\nOn the tablet."
    assert [one["name"] for one in found["thread"][0]["attachments"]] == ["a.png", "b.pdf"]


def test_every_wrong_field_is_named_at_once_and_what_was_typed_stays(web):
    ana = web.browser("ana")
    ana.get("/tickets/new")
    page = ana.submit(
        "/tickets/new",
        subject="  ",
        message=" ",
        email="nonsense",
        phone="+49 1",
        **{"f-brand": ""},
        files={"files": [File("film.png", b"\x7fELF" + b"\0" * 60)]},
    )
    assert page.status == 422
    form = page.form("/tickets/new")
    assert (form.values["email"], form.values["phone"]) == ("nonsense", "+49 1")
    linked = [
        given["href"] for tag, given in page.elements if tag == "a" and given.get("href", "").startswith("#")
    ]
    assert linked == ["#main", "#subject", "#message", "#f-brand", "#files", "#email"]
    assert {one.removeprefix("#") for one in linked} <= page.ids()
    wrong = {given["id"]: given for _, given in page.elements if "aria-invalid" in given}
    assert set(wrong) == {"subject", "message", "f-brand", "files", "email"}
    assert all(set(given["aria-describedby"].split()) <= page.ids() for given in wrong.values())
    assert web.shell.tix("list", "--all", "--count").out.strip() == "1"


def test_the_limits_are_said_before_anything_is_sent_and_hold(web):
    ana = web.browser("ana")
    assert "Up to 30MB for all files together. Allowed: JPG, PDF, PNG, ZIP." in ana.get("/tickets/new").text
    web.shell.tix("config", "set", "attachments.max_total", "1KB")
    assert "Up to 1KB" in ana.get("/tickets/1").text
    page = ana.submit("/replies", message="See.", files={"files": [File("a.png", PNG * 40)]})
    assert (page.status, page.form("/replies").values["message"]) == (422, "See.")
    assert "limit" in page.text
    assert len(web.shell.tix("show", 1, "--json", as_="ana").json["thread"]) == 1


def test_sending_a_form_twice_makes_one_ticket(web):
    ana = web.browser("ana")
    ana.get("/tickets/new")
    form = ana.page.form("/tickets/new")
    values = {**form.values, "subject": "Once", "message": "m", "f-brand": "South"}
    pages = [ana.post("/tickets/new", values, {"files": []}) for _ in range(2)]
    assert [page.headers["location"] for page in pages] == ["/tickets/2?said=created"] * 2
    assert web.shell.tix("list", "--all", "--count").out.strip() == "2"


@pytest.mark.parametrize(
    ("ending", "press", "fields"),
    [
        ("/replies", None, {"message": "Twice."}),
        ("/replies", "close", {"message": "Twice."}),
        ("/notes", None, {"note": "Twice."}),
        ("/rating", None, {"stars": "4"}),
    ],
)
def test_a_form_that_is_sent_twice_is_written_once(web, ending, press, fields):
    web.shell.tix("workflow", "use", "backoffice", "--map", "opened=open", "--map", "resolved=closed")
    if ending == "/rating":
        web.shell.tix("close", 1, as_="sam")
    somebody = web.browser("sam" if ending == "/notes" else "ana")
    form = somebody.get("/tickets/1").form(ending)
    values = {**form.values, **fields, **({} if press is None else {"then": press})}
    files = {"files": [File("a.png", PNG)]} if form.encoding.startswith("multipart") else None
    pages = [somebody.post(f"/tickets/1{ending}", values, files) for _ in range(2)]
    assert [page.status for page in pages] == [303, 303]
    assert pages[0].headers["location"] == pages[1].headers["location"]
    thread = web.shell.tix("show", 1, "--json").json["thread"]
    assert len([one for one in thread if one["body"] == "Twice."]) == ("stars" not in fields)
    assert len([one for one in thread if (one["event"] or {}).get("type") == "rated"]) == ("stars" in fields)
    assert sum(len(one["attachments"]) for one in thread) == (files is not None)
    if ending == "/replies" and press is None:  # who goes back writes something else
        values["message"] = "Another."
        assert somebody.post("/tickets/1/replies", values, files).status == 303
        assert web.shell.tix("show", 1, "--json").json["thread"][-1]["body"] == "Another."


def test_writing_on_a_resolved_ticket_opens_it_again_and_it_can_be_rated_once(web):
    web.shell.tix("reply", 1, "-m", "Restart it, please.", as_="sam")
    web.shell.tix("resolve", 1, as_="sam")
    ana = web.browser("ana")
    page = ana.get("/tickets/1")
    assert "If you write, the ticket is opened again" in page.text
    page = ana.submit("/replies", message="Still on fire.", files={"files": [File("shot.png", PNG)]})
    assert "Your message is on the ticket." in page.text
    assert "Status: resolved → opened (the solution was not accepted)" in page.text
    found = web.shell.tix("show", 1, "--json").json
    assert (found["status"], found["reopened"]) == ("opened", 1)
    web.shell.tix("resolve", 1, as_="sam")
    page = ana.get("/tickets/1")
    page = ana.submit("/rating", stars="4", comment="Quick in the end.")
    assert "Thank you for rating." in page.text
    assert not any(one.action.endswith("/rating") for one in page.forms)
    found = web.shell.tix("show", 1, "--json").json
    assert (found["rating"], found["rating_comment"]) == (4, "Quick in the end.")
    again = ana.post("/tickets/1/rating", {"token": ana.token, "stars": "1"})
    assert (again.status, "already has a rating" in again.text) == (409, True)


@pytest.mark.parametrize("files", [{"files": []}, {"files": [File("a.png", PNG)]}])
def test_a_requester_closes_with_and_without_a_message(web, files):
    web.shell.tix("workflow", "use", "backoffice", "--map", "opened=open", "--map", "resolved=closed")
    ana = web.browser("ana")
    ana.get("/tickets/1")
    page = ana.submit("/replies", press="then=close", message="Found it myself.", files=files)
    assert "Changed the status." in page.text
    found = web.shell.tix("show", 1, "--json").json
    assert (found["status"], found["closed_by"]) == ("closed", "ana")
    assert [one["body"] for one in found["thread"] if one["kind"] == "message"][1:] == ["Found it myself."]
    # One command, so that all of it is there, or nothing.
    assert web.rows("SELECT verb FROM deed WHERE login = 'ana'") == [("close",)]
    page = ana.submit("/replies", press="then=reopen", files={"files": []})
    assert web.shell.tix("show", 1, "--json").json["status"] == "open"


def test_documents_can_be_sent_without_a_message_but_not_nothing(web):
    ana = web.browser("ana")
    ana.get("/tickets/1")
    assert ana.submit("/replies", message=" ", files={"files": []}).status == 422
    page = ana.submit("/replies", message="", files={"files": [File("x.pdf", PDF)]})
    assert page.links["x.pdf"].startswith("/tickets/1/files/")
    assert web.shell.tix("show", 1, "--json").json["thread"][-1]["kind"] == "message"


def test_a_manager_sees_and_answers_the_tickets_of_their_people_and_nobody_else_does(web):
    bob, ben = web.browser("bob"), web.browser("ben")
    assert "Ana Duarte" in bob.get("/tickets").text
    bob.get("/tickets/1")
    bob.submit("/replies", message="I need this, too.", files={"files": [File("a.pdf", PDF)]})
    assert web.shell.tix("show", 1, "--json").json["thread"][-1]["by"] == "bob"
    assert "Printer" not in ben.get("/tickets").text
    hidden, absent = ben.get("/tickets/1"), ben.get("/tickets/77")
    assert hidden.status == absent.status == 404
    assert hidden.raw == absent.raw
    for path in ("replies", "rating"):
        form = {"token": ben.token, "message": "x", "stars": "5"}
        sent = [
            ben.post(f"/tickets/{number}/{path}", form, {})
            if path == "replies"
            else ben.post(f"/tickets/{number}/{path}", form)
            for number in (1, 77)
        ]
        assert [one.status for one in sent] == [404, 404]
        assert sent[0].raw == sent[1].raw


def test_a_manager_creates_a_ticket_for_their_people_and_others_cannot(web):
    bob, ben = web.browser("bob"), web.browser("ben")
    for browser, who, status in ((bob, "ana", 200), (bob, "ben", 403)):
        browser.get("/tickets/new")
        page = browser.submit(
            "/tickets/new",
            subject="For her",
            message="m",
            requester=who,
            **{"f-brand": "North"},
            files={"files": []},
        )
        assert page.status in (status, 422), page.text
        assert (status == 200) == ("We have your ticket." in page.text)
    assert "requester" not in ben.get("/tickets/new").form("/tickets/new").names
    assert web.shell.tix("show", 2, "--json").json["requester"] == "ana"


def test_lists_are_searched_filtered_and_paged(web):
    for number in range(2, 31):
        web.shell.now = f"2030-01-01T00:00:{number:02}Z"
        web.shell.tix(
            "new", f"Screen {number}", "-m", "m", "--for", "ana", "--topic", "none", "--department", "crm"
        )
    ana = web.browser("ana")
    assert "Screen 30" in ana.get("/tickets").text
    assert "Printer is on fire" not in ana.page.text
    page = ana.follow("Next →")
    assert ("Printer is on fire" in page.text, "Page 2" in page.text) == (True, True)
    assert "Screen 30" in ana.follow("← Previous").text
    page = ana.get("/tickets?q=printer")
    assert list(page.links).count("Printer is on fire") == 1
    assert "Screen" not in page.text
    assert "No ticket matches" in ana.get("/tickets?q=zebra").text
    assert "Printer" not in ana.get("/tickets?department=crm").text
    assert ana.get("/tickets?status=resolved&show=closed").status == 200
    assert ana.get("/tickets?department=nothing").status == 422
    assert ana.get("/tickets?page=999999999").status == 200


def test_a_list_is_paged_to_its_end_by_cursors(web, monkeypatch):
    """Past the last page that is found by number; what is created meanwhile repeats and skips nothing."""
    monkeypatch.setattr(lists, "PAGE_SIZE", 2)
    monkeypatch.setattr(lists, "LAST_PAGE", 2)

    def create(number: int) -> None:
        web.shell.now = f"2030-01-01T00:00:{number:02}Z"
        web.shell.tix("new", f"Screen {number}", "-m", "m", "--for", "ana", "--topic", "none")

    for number in range(10, 20):
        create(number)
    ana = web.browser("ana")
    for start in ("/tickets", "/tickets?q=screen"):
        page, seen = ana.get(start), []
        while True:
            seen += [title for title in page.links if title.startswith("Screen")]
            if "Next →" not in page.links:
                break
            if len(seen) == 4:
                create(30 + len(start))
            page = ana.follow("Next →")
        assert len(seen) == len(set(seen))
        assert set(seen) >= {f"Screen {number}" for number in range(10, 20)}
        assert "Page 6" in page.text
    assert "Page 2" in ana.follow("← Previous").text  # the last one that is found by its number
    wrong = (urlencode({"page": 2, "after": after}) for after in ("x", "ü", "", "W10", "x" * 3000))
    for query in ("page=2", *wrong, ana.page.links["Next →"].partition("?")[2].replace("q=screen&", "")):
        found = ana.get(f"/tickets?{query}")
        assert (found.status, "Page 2" in found.text) == (200, True), query
    assert ana.get("/tickets?page=7").text.count("Page 2") == 1


def test_no_note_and_no_internal_value_reaches_a_requester(web, tmp_path):
    web.shell.tix("edit", 1, "--tag", "canary-tag")
    (tmp_path / "canary.png").write_bytes(PNG)
    web.shell.tix("note", 1, "-m", "canary-two", "--attach", tmp_path / "canary.png")
    for path in ("/", "/tickets", "/tickets/1", "/tickets?q=canary", "/tickets/new"):
        html = web.browser("ana").get(path).html
        assert re.findall(r"canary-\w+|canary\.png", html) == [], path
    assert "canary-note" in web.browser("sam").get("/tickets/1").text
    number = web.shell.tix("attach", "list", 1, "--json").json[0]["id"]
    assert web.browser("ana").get(f"/tickets/1/files/{number}").status == 404
    assert web.browser("sam").get(f"/tickets/1/files/{number}").status == 200
