"""Dumps of osTicket, lists of todo.txt, tickets of RT, issues of Linear."""

from pathlib import Path

import pytest

from tests.unit.trackers.samples import HOUR, TEN, as_json, as_lines, said, ticket, tickets, told, turned
from tests.unit.trackers.texts import LINEAR, OSTICKET, RT, RT_JSON, RT_PAST, TODO
from tix.errors import InvalidValue
from tix.importers.record import ImportedAuthor, ImportedTicket

ANN = ImportedAuthor(None, "Ann Lee", "ann@acme.example")
BOB = ImportedAuthor("bob", "Bob Ray", "bob@help.example")


@pytest.mark.parametrize("prefix", ["ost_", "help_", ""])
def test_a_dump_of_osticket(tmp_path: Path, prefix: str) -> None:
    data = OSTICKET.replace(b"`ost_", f"`{prefix}".encode())
    found = ticket(tmp_path, data, "dump.sql")
    assert (found.key, found.about) == ("osticket/31", "osticket:847367")
    assert (found.subject, found.body) == ("Printer on fire", "It burns; it's hot.")
    assert (found.author, found.requester, found.assignee) == (ANN, ANN, BOB)
    assert (found.created_at, found.due_at, found.priority) == (TEN, TEN + 14 * HOUR, "emergency")
    assert dict(found.places) == {"department": "Front desk", "topic": "Printers", "client": "Acme"}
    assert (found.status, found.status_word) == ("resolved", "Resolved")
    assert turned(found) == [(3, "Bob Ray", "closed"), (4, None, "open"), (5, "Bob Ray", "closed")]
    assert said(found) == [
        (0, None, "Source: Web\nSerial: A17", True),
        (1, "Bob Ray", "Water?\r\nNow (or never), 'please'\n\nAttached: fire.jpg (1,234 bytes)", False),
        (2, "Bob Ray", "Between us\n\nPsst", True),
    ]


def test_a_dump_without_the_table_of_answers_has_its_subject_from_the_form(tmp_path: Path) -> None:
    lines = OSTICKET.splitlines(keepends=True)
    data = b"".join(line for line in lines if b"__cdata" not in line)
    data += b"INSERT INTO `ost_form_entry` (`id`, `object_id`, `object_type`) VALUES (1, 31, 'T');\n"
    data += b"INSERT INTO `ost_form_field` (`id`, `name`) VALUES (20, 'subject');\n"
    data += (
        b"INSERT INTO `ost_form_entry_values` (`entry_id`, `field_id`, `value`) VALUES (1, 20, 'Fire!');\n"
    )
    assert ticket(tmp_path, data, "dump.sql").subject == "Fire!"


def test_a_dump_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match="ends in the middle of table ost_thread_entry"):
        told(tmp_path, OSTICKET[: OSTICKET.index(b"Water?")], "dump.sql")


def test_a_list_of_todo_txt(tmp_path: Path) -> None:
    call, buy, look, plain, notice = told(tmp_path, TODO, "todo.txt")
    assert "1 record has no creation date" in notice.one
    assert (call.subject, call.body) == ("Call Ann", "Call Ann +office @phone due:2026-01-06")
    assert (call.priority, call.category, call.tags) == ("urgent", "office", ("phone",))
    assert (call.created_at, call.due_at, call.status) == (TEN - 10 * HOUR, TEN + 38 * HOUR - 1, "open")
    assert (buy.status, buy.created_at, buy.priority) == ("closed", TEN - 34 * HOUR, "high")
    assert turned(buy) == [(-10, None, "closed")]
    assert said(buy) == [(-34, None, "Projects: home", True)]
    assert (look.subject, said(look)[0][2]) == ("Read https://x.example/a:b", "size: big")
    assert (plain.subject, plain.line) == ("plain task", 5)
    assert told(tmp_path, TODO, "list.txt")[0] == call


def test_the_same_task_twice_is_two(tmp_path: Path) -> None:
    first, second = tickets(tmp_path, b"2026-01-05 a +b\n2026-01-05 a +b\n", "todo.txt")
    assert first.key != second.key


@pytest.mark.parametrize("head", [b"", b"RT/4.4.3 200 Ok\n\n# 1/1 (ticket/7)\n\n"])
def test_what_rt_shows(tmp_path: Path, head: bytes) -> None:
    found = ticket(tmp_path, head + RT, "tickets.txt")
    assert (found.key, found.about) == ("rt/7", "rt:7")
    assert (found.subject, found.body) == ("Printer on fire", "It burns.\nAnd smells.")
    assert (found.author, found.assignee) == (
        ImportedAuthor(None, None, "ann@acme.example"),
        ImportedAuthor("bob"),
    )
    assert (found.created_at, found.due_at, found.status) == (TEN, TEN + 14 * HOUR, "resolved")
    assert dict(found.places) == {"department": "Printers"}
    assert turned(found) == [(5, "bob", "resolved")]
    note = "Further requesters: cy@acme.example\nPriority: 50\nTime worked: 20 minutes\nLevel: Gold"
    assert said(found) == [(0, None, note, True), (1, "bob", "Water?", False), (2, "bob", "Between us", True)]
    assert found.links == (("blocked-by", "rt/8"),)


@pytest.mark.parametrize("data", [as_json(RT_JSON), as_json({"items": [RT_JSON]}), as_lines(RT_JSON)])
def test_a_ticket_of_rt_over_rest(tmp_path: Path, data: bytes) -> None:
    past = [{**one, "Object": {"type": "ticket", "id": "7"}} for one in RT_PAST]
    (tmp_path / "transactions.json").write_bytes(as_json({"items": past}))
    notice, found = told(tmp_path, data, "tickets.json")
    assert notice.one == "also read transactions.json"
    assert isinstance(found, ImportedTicket)
    assert (found.key, found.about) == ("rt.example/rt/7", "rt:rt.example#7")
    assert (found.subject, found.body, found.status) == ("Printer on fire", "It burns.", "resolved")
    assert (found.created_at, turned(found)) == (TEN, [(5, "bob", "resolved")])
    assert said(found) == [(0, None, "Priority: 50\nLevel: Gold", True), (1, "bob", "Water?", False)]
    assert found.links == (("blocked-by", "rt.example/rt/8"),)


@pytest.mark.parametrize(
    "data",
    [as_json([LINEAR]), as_lines(LINEAR), as_json({"data": {"team": {"issues": {"nodes": [LINEAR]}}}})],
)
def test_an_issue_of_linear(tmp_path: Path, data: bytes) -> None:
    found = ticket(tmp_path, data)
    assert (found.key, found.about) == ("linear.app/acme/linear/SUP-7", "linear:linear.app/acme#SUP-7")
    assert (found.subject, found.body, found.tags) == ("Printer on fire", "It burns.", ("hot",))
    assert (found.author, found.assignee) == (ANN, ImportedAuthor(None, "Bob Ray", "bob@help.example"))
    assert (found.created_at, found.due_at, found.priority) == (TEN, TEN + 38 * HOUR - 1, "urgent")
    assert (found.status, found.status_word) == ("closed", "Shipped")
    assert turned(found) == [(2, "Bob Ray", "in-progress"), (5, None, "closed")]
    assert said(found) == [(0, None, "Team: Support\nEstimate: 3", True), (1, "Ann Lee", "Water?", False)]
    assert found.links == (
        ("child", "linear.app/acme/linear/SUP-1"),
        ("blocks", "linear.app/acme/linear/SUP-8"),
    )


def test_tickets_that_a_search_of_rt_lists(tmp_path: Path) -> None:
    listed = {
        "type": "ticket",
        "InitialPriority": "0",
        "CustomFields": "",
        "TimeEstimated": "0",
        "Status": "new",
        "Created": "2026-01-05T10:00:00Z",
        "Queue": {"Name": "General", "type": "queue", "id": "1"},
        "Subject": "Printer on fire",
        "LastUpdated": "2026-01-05T11:00:00Z",
        "TimeLeft": "0",
        "Owner": {"id": "Nobody", "type": "user"},
        "Started": "1970-01-01T00:00:00Z",
        "Requestor": [],
        "AdminCc": [],
        "id": "7",
        "_url": "https://rt.example/REST/2.0/ticket/7",
    }
    found = ticket(tmp_path, as_json([listed]))
    assert (found.key, found.about, found.subject) == (
        "rt.example/rt/7",
        "rt:rt.example#7",
        "Printer on fire",
    )


def test_answers_of_rt_one_after_another(tmp_path: Path) -> None:
    answers = [
        f"RT/4.4.2 200 Ok\n\nid: ticket/{one}\nSubject: Printer {one}\nStatus: open\n\n" for one in (7, 8)
    ]
    entry = "RT/4.4.2 200 Ok\n\n# 1/1 (id/80/total)\n\nid: 80\nTicket: 8\nType: Create\nContent: It burns.\nCreator: ann\n"
    found = [
        one for one in told(tmp_path, "".join([*answers, entry]).encode()) if isinstance(one, ImportedTicket)
    ]
    assert [(one.subject, one.body) for one in found] == [("Printer 7", ""), ("Printer 8", "It burns.")]
