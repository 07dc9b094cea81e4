"""What staff do on the page: read the queue, answer, note, assign, move tickets."""

import pytest


def test_the_queue_has_its_tabs_filters_and_views(web):
    sam = web.browser("sam")
    page = sam.get("/")
    assert {"Queue", "Assigned to me", "Unassigned"} <= set(page.links)
    assert "Printer is on fire" in sam.get("/queue").links
    assert "No tickets here." in sam.get("/queue?show=mine").text
    assert "Printer is on fire" in sam.get("/queue?show=unassigned").links
    for query, found in (("requester=ana", True), ("requester=ben", False), ("creator=sam", False), ("assignee=none", True),
                         ("department=crm", False), ("priority=medium", True), ("topic=IT+support", True), ("q=fire", True),
                         ("q=canary", True), ("status=resolved", False)):  # fmt: skip
        assert ("Printer is on fire" in sam.get(f"/queue?{query}").links) == found, query
    web.shell.tix("view", "add", "Crm only", "--department", "crm", as_="sam")
    assert "Printer is on fire" not in sam.get("/queue?view=Crm+only").links
    assert sam.get("/queue?view=none-such").status == 422
    assert sam.get("/queue?assignee=none-such").status == 422


def test_staff_answer_note_assign_and_move_a_ticket(web):
    sam = web.browser("sam")
    sam.get("/tickets/1")
    assert "internal note" in sam.page.text
    sam.submit("/replies", message="Is it plugged in?\n\nSam", files={"files": []})
    sam.submit("/notes", note="Ask Kim.", files={"files": []})
    sam.submit("/assign", assignee="kim")
    assert "Assigned the ticket." in sam.page.text
    sam.submit("/assign", assignee="")
    sam.submit("/assign", press="claim=1")
    page = sam.submit("/status", press="then=resolve")
    assert "Changed the status." in page.text
    page = sam.submit("/status", press="then=reopen")
    page = sam.submit("/replies", message="Done.", status="resolved", files={"files": []})
    found = web.shell.tix("show", 1, "--json").json
    assert (found["status"], found["assignee"]) == ("resolved", "sam")
    written = [(one["kind"], one["body"]) for one in found["thread"] if one["kind"] != "event"][2:]
    assert written == [("reply", "Is it plugged in?\n\nSam"), ("note", "Ask Kim."), ("reply", "Done.")]
    events = [
        (one["event"]["type"], one["event"]["new"]) for one in found["thread"] if one["kind"] == "event"
    ]
    assert [new for kind, new in events if kind == "assigned"] == ["kim", None, "sam"]


def test_what_fails_goes_back_to_its_form_with_what_was_typed(web):
    sam = web.browser("sam")
    sam.get("/tickets/1")
    web.shell.tix("claim", 1, as_="kim")
    page = sam.submit("/assign", press="claim=1")
    assert (page.status, "assigned to kim" in page.text) == (409, True)
    page = sam.submit("/notes", note=" ", files={"files": []})
    assert page.status == 422
    assert ("details", {"class": "card act", "open": ""}) in page.elements
    page = sam.post("/tickets/1/assign", {"token": sam.token, "assignee": "none-such"})
    assert page.status == 422


def test_staff_see_their_own_tickets_apart_from_the_queue(web):
    sam = web.browser("sam")
    assert "Printer" not in sam.get("/tickets").text
    sam.get("/tickets/new?topic=")
    sam.submit("/tickets/new", subject="My chair", message="m", topic="", files={"files": []})
    assert "My chair" in sam.get("/tickets").links
    sam.get("/tickets/new")
    sam.submit(
        "/tickets/new", subject="Called in", message="m", topic="", requester="ben", files={"files": []}
    )
    found = web.shell.tix("show", 3, "--json").json
    assert (found["requester"], found["creator"]) == ("ben", "sam")


def test_notifications_are_read_on_the_first_page(web):
    web.shell.tix("assign", 1, "sam")
    sam = web.browser("sam")
    assert "assigned to you" in sam.get("/").text
    page = sam.submit("/notifications")
    assert "assigned to you" not in page.text


@pytest.mark.parametrize(
    ("asked", "own", "language", "words"),
    [
        ("de-AT,en;q=0.5", None, "de", "Meine Tickets"),
        ("fr, vi;q=0.8, en;q=0.2", None, "vi", "Phiếu của tôi"),
        ("en", "de", "de", "Ticket einreichen"),
        ("xx, *;q=zz", None, "en", "My tickets"),
    ],
)
def test_the_reader_reads_their_language(web, asked, own, language, words):
    ana = web.browser("ana", Accept_Language=asked)
    if own:
        ana.get("/preferences")
        ana.submit("/preferences", language=own)
    page = ana.get("/tickets")
    assert ("html", {"lang": language}) in page.elements
    assert words in page.text


def test_times_are_those_of_the_reader_and_of_no_impossible_place(web):
    web.shell.now = "2030-06-01T12:00:00Z"
    web.shell.tix("reply", 1, "-m", "In summer.", as_="sam")
    web.shell.now = "2030-06-03T12:00:00Z"
    ana = web.browser("ana")
    assert "1 Jun, 12:00" in ana.get("/tickets/1").text
    ana.get("/preferences")
    ana.submit("/preferences", zone="Asia/Ho_Chi_Minh")
    assert "1 Jun, 19:00" in ana.get("/tickets/1").text
    for zone in ("../../etc/passwd", "Mars/Base", "UTC\0"):
        page = ana.get("/preferences")
        values = {**page.form("/preferences").values, "zone": zone}
        assert ana.post("/preferences", values).status == 422
        ana.jar["tix-zone"] = "Mars/Base"
        assert ana.get("/tickets").status == 200
