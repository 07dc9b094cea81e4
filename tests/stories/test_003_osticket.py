"""Seed 003, the life of a ticket in osTicket.

"This tutorial outlines the lifecycle of a ticket from intake to resolution". Each test names the rows of the
features page it proves and quotes the tutorial.
"""

import re

import pytest

from tests.harness import Shell
from tests.stories.reading import (
    ITEM_KEYS,
    LIST_KEYS,
    MORE_ITEM_KEYS,
    MORE_KEYS,
    SHOW_KEYS,
    bodies,
    changes,
    entries,
    events,
    files_with,
    heard,
    refs,
    screen,
    shell,
    show,
    untouched,
)

OUTAGE = "Report a Problem/Business Critical Outage"


def outages(desk: Shell) -> None:
    """The departments and the topic the page begins with."""
    for name in ("support", "online-banking", "billing"):
        desk.tix("department", "add", name)
    desk.tix("topic", "add", OUTAGE)


def test_intake_through_resolution(osticket: Shell, me: str):
    """S003-1.

    “This tutorial outlines the lifecycle of a ticket from intake to resolution”
    """
    outages(osticket)
    osticket.people("john:agent")
    # “Operating as an end user, we will create a ticket within the support center”
    osticket.tix(
        *("new", "Entire mobile online banking is down", "-m", "Nobody can log in.", "--phone", "555 0100"),
        as_="lan",
        now="2026-04-01T09:00:00Z",
    )
    # “while logged in as the adminuser, select the ticket created and observe the ticket information”
    assert "Entire mobile online banking is down" in osticket.tix("show", 1).out
    # “Now we will set the priority to high, assign the ticket to online banking, set the SLA plan to sev-A,
    # and change the help topic to Report a Problem/Business Critical Outage, optionally adding a note in each
    # of the changes”
    osticket.now = "2026-04-01T09:10:00Z"
    osticket.tix("edit", 1, "--priority", "high", "--note", "everybody is hit")
    osticket.tix("edit", 1, "--department", "online-banking")
    osticket.tix("edit", 1, "--sla", "sev-a")
    osticket.tix("edit", 1, "--topic", OUTAGE, "--note", "as the list says")
    # “login as a support user, assign the ticket to ourself, add a note and observe the ticket thread change”
    osticket.now = "2026-04-01T09:20:00Z"
    osticket.tix("claim", 1, as_="sam")
    osticket.tix("note", 1, "-m", "the certificate has run out", as_="sam")
    assert "the certificate has run out" in osticket.tix("show", 1, as_="sam").out
    # “post a reply at the bottom of the ticket page to update the customer on what you believe the problem
    # may be”
    osticket.tix("reply", 1, "-m", "It may be the certificate.", as_="sam", now="2026-04-01T09:30:00Z")
    assert "It may be the certificate." in osticket.tix("show", 1, as_="lan").out
    # “post a reply in the notes referring to the fix”
    osticket.tix("note", 1, "-m", "renewed it", as_="sam", now="2026-04-01T10:00:00Z")
    # “select the status and change it from open to resolved to close out the ticket”
    osticket.tix("edit", 1, "--status", "resolved", as_="sam", now="2026-04-01T10:10:00Z")
    # “Once the ticket is closed you will observe an empty ticket page”
    osticket.now = "2026-04-01T11:00:00Z"
    assert osticket.tix("list").out == ""
    # “view any tickets no longer in the open queue”
    assert refs(osticket, "list", "--closed") == ["TIX-1"]
    ticket = show(osticket)
    assert (ticket["status"], ticket["phase"], ticket["assignee"]) == ("resolved", "resolved", "sam")
    assert ticket["resolved_at"] == "2026-04-01T10:10:00Z"
    told = [
        (item["at"][11:16], item["by"], item["body"] or (item["event"]["field"], item["event"]["new"]))
        for item in ticket["thread"]
    ]
    assert told == [
        ("09:00", "lan", "Nobody can log in."),
        ("09:10", me, ("priority", "high")),
        ("09:10", me, "everybody is hit"),
        ("09:10", me, ("department", "online-banking")),
        ("09:10", me, ("sla", "sev-a")),
        ("09:10", me, ("topic", OUTAGE)),
        ("09:10", me, "as the list says"),
        ("09:20", "sam", ("assignee", "sam")),
        ("09:20", "sam", "the certificate has run out"),
        ("09:30", "sam", "It may be the certificate."),
        ("10:00", "sam", "renewed it"),
        ("10:10", "sam", ("status", "resolved")),
    ]


# ------------------------------------------------------------------------------------------ intake


def test_contact_information(desk: Shell):
    """S003-2, S003-3.

    “copy the above information and add your end users support contact info, once finished click "create
    ticket" at the bottom of the page”
    """
    # S003-3: contact information that is none
    with untouched(desk):
        desk.tix("new", "T", "-m", "x", "--for", "Pat <not-an-address>", check=2)
        desk.tix("new", "T", "-m", "x", "--for", "pat@x.example", "--email", "nonsense", check=2)
    desk.tix("new", "T", "-m", "x", "--for", "Pat Doe <pat@x.example>", "--phone", "555")
    ticket = show(desk)
    assert ticket["requester"] == "pat@x.example"
    assert ticket["requester_email"] == "pat@x.example"
    assert ticket["requester_name"] == "Pat Doe"
    assert ticket["phone"] == "555"
    (pat,) = [person for person in desk.tix("user", "list", "--json").json if person["name"] == "Pat Doe"]
    assert pat["role"] == "requester"


def test_observe_the_ticket_information(osticket: Shell):
    """S003-4.

    “while logged in as the adminuser, select the ticket created and observe the ticket information”
    """
    osticket.tix("new", "Online banking is down", "-m", "x", as_="lan")
    ticket = show(osticket)
    assert set(ticket) == set(LIST_KEYS) | set(SHOW_KEYS) | set(MORE_KEYS)
    assert {"sla", "due_at", "department", "source", "topic"} <= set(ticket)
    assert [set(item) for item in ticket["thread"]] == [{*ITEM_KEYS, *MORE_ITEM_KEYS}]
    (listed,) = osticket.tix("list", "--json").json
    assert listed == {key: ticket[key] for key in LIST_KEYS}


# -------------------------------------------------------------------- assignment and communication


def test_set_the_priority(osticket: Shell):
    """S003-5, S003-10, S003-11.

    “Now we will set the priority to high … optionally adding a note in each of the changes as to observe in
    the ticket thread updates”
    """
    osticket.tix("new", "Online banking is down", "-m", "x", as_="lan")
    osticket.tix("edit", 1, "--priority", "high")
    ticket = show(osticket)
    assert ticket["priority"] == "high"
    # without the flag there is no note
    assert entries(ticket, "note") == []
    # “optionally adding a note in each of the changes”
    osticket.tix("edit", 1, "--type", "issue", "--subject", "Down", "--about", "leak:9", "--note", "why so")
    osticket.tix("assign", 1, "kim", "--note", "yours")
    ticket = show(osticket)
    assert [(item["body"], item["internal"]) for item in entries(ticket, "note")] == [
        ("why so", True),
        ("yours", True),
    ]
    # “as to observe in the ticket thread updates”: each changed field exactly once
    told = [item["event"] for item in events(ticket)]
    assert sorted((event["field"], event["old"], event["new"]) for event in told[:-1]) == [
        ("about", None, "leak:9"),
        ("priority", "medium", "high"),
        ("subject", "Online banking is down", "Down"),
        ("type", None, "issue"),
    ]
    assert {event["type"] for event in told[:-1]} == {"field-changed"}
    assert (told[-1]["type"], told[-1]["old"], told[-1]["new"]) == ("assigned", None, "kim")


def test_assign_it_to_a_department(osticket: Shell):
    """S003-6.

    “assign the ticket to online banking”
    """
    outages(osticket)
    osticket.tix("new", "Online banking is down", "-m", "x", as_="lan")
    osticket.tix("edit", 1, "--department", "online-banking")
    assert show(osticket)["department"] == "online-banking"
    with untouched(osticket):
        osticket.tix("edit", 1, "--department", "online-banking")
        unknown = osticket.tix("edit", 1, "--department", "offline-banking", check=2)
    assert "online-banking" in unknown.err.replace("offline-banking", "")
    assert changes(show(osticket), "field-changed") == [(None, "online-banking")]


def test_set_the_plan(desk: Shell):
    """S003-7, S003-8.

    “set the SLA plan to sev-A”
    """
    for _ in range(3):
        desk.tix("new", "Online banking is down", "-m", "x", as_="lan", now="2026-04-01T09:00:00Z")
    assert [show(desk)[key] for key in ("sla", "due_at")] == [None, None]
    desk.tix("edit", 1, "--sla", "sev-a", now="2026-04-01T09:30:00Z")
    assert [show(desk)[key] for key in ("sla", "due_at")] == ["sev-a", "2026-04-01T13:00:00Z"]
    # S003-8: several plans
    hour, day = 3600, 86400
    plans = {plan["name"]: plan["grace_seconds"] for plan in desk.tix("sla", "list", "--json").json}
    assert plans == {"sev-a": 4 * hour, "sev-b": 8 * hour, "sev-c": 3 * day, "default": 2 * day}
    desk.tix("sla", "add", "gold", "--grace", "5h")
    desk.tix("edit", 2, "--sla", "gold", now="2026-04-01T10:00:00Z")
    assert [show(desk, 2)[key] for key in ("sla", "due_at")] == ["gold", "2026-04-01T14:00:00Z"]
    made = desk.tix("new", "T", "-m", "x", "--sla", "gold", "--json", now="2026-04-01T10:00:00Z").json
    assert (made["sla"], made["due_at"]) == ("gold", "2026-04-01T15:00:00Z")
    assert [show(desk, 3)[key] for key in ("sla", "due_at")] == [None, None]


def test_change_the_help_topic(osticket: Shell):
    """S003-9.

    “change the help topic to Report a Problem/Business Critical Outage”
    """
    outages(osticket)
    osticket.tix("new", "Online banking is down", "-m", "x", as_="lan")
    osticket.tix("edit", 1, "--topic", OUTAGE)
    assert show(osticket)["topic"] == OUTAGE
    assert changes(show(osticket), "field-changed") == [(None, OUTAGE)]


@pytest.mark.parametrize("ticked", [True, False], ids=["with tick", "without"])
def test_the_plan_is_missed(desk: Shell, ticked: bool):
    """S003-12.

    “set the SLA plan to sev-A”, and nobody keeps it
    """
    desk.tix("new", "Online banking is down", "-m", "x", "--sla", "sev-a", now="2026-04-01T09:00:00Z")
    desk.tix("new", "No hurry", "-m", "x", "--sla", "sev-c", now="2026-04-01T09:00:00Z")
    before, then, after = "2026-04-01T12:59:59Z", "2026-04-01T13:00:00Z", "2026-04-01T15:00:00Z"
    if ticked:
        desk.tix("tick", now=before)
    assert show(desk, now=before)["overdue"] is False
    assert refs(desk, "list", "--overdue", now=before) == []
    if ticked:
        desk.tix("tick", now=then)
        desk.tix("tick", now=then)
        desk.tix("tick", now=after)
    for now in (then, after):
        ticket = show(desk, now=now)
        assert ticket["overdue"] is True
        assert refs(desk, "list", "--overdue", now=now) == ["TIX-1"]
        told = [(item["at"], item["by"], item["side"]) for item in events(ticket, "overdue")]
        assert told == [(then, None, "system")]
    desk.tix("tick", now=after)
    desk.tix("tick", now=after)
    assert len(events(show(desk, now=after), "overdue")) == 1


def test_all_changes_in_one_go(osticket: Shell):
    """S003-37.

    “Now we will set the priority to high, assign the ticket to online banking, set the SLA plan to sev-A, and
    change the help topic to Report a Problem/Business Critical Outage”
    """
    outages(osticket)
    osticket.tix("new", "Online banking is down", "-m", "x", as_="lan", now="2026-04-01T09:00:00Z")
    given = {
        "--priority": "high",
        "--department": "online-banking",
        "--sla": "sev-a",
        "--topic": OUTAGE,
    }
    for flag in given:
        bad = [word for pair in (given | {flag: "no-such-thing"}).items() for word in pair]
        with untouched(osticket):
            osticket.tix("edit", 1, *bad, "--note", "why", check=2)
    good = [word for pair in given.items() for word in pair]
    with untouched(osticket):
        osticket.tix("edit", 1, *good, "--note", "", check=2)
    osticket.tix("edit", 1, *good, "--note", "why", now="2026-04-01T09:10:00Z")
    ticket = show(osticket)
    told = [item["event"] for item in events(ticket)]
    assert {(event["type"], event["field"], event["old"], event["new"]) for event in told} == {
        ("field-changed", "priority", "medium", "high"),
        ("field-changed", "department", None, "online-banking"),
        ("field-changed", "sla", None, "sev-a"),
        ("field-changed", "topic", None, OUTAGE),
    }
    assert len(told) == 4
    assert bodies(ticket, "note") == ["why"]
    assert len(ticket["thread"]) == 1 + 4 + 1
    assert (ticket["sla"], ticket["due_at"]) == ("sev-a", "2026-04-01T13:00:00Z")


def test_a_second_ticket(osticket: Shell):
    """S003-39.

    “Let's create another ticket … I will set this to sev-c priority and assign the ticket to John … make some
    notes with your changes and observe all changes”
    """
    outages(osticket)
    osticket.people("john:agent")
    osticket.tix("new", "Online banking is down", "-m", "x", "--sla", "sev-a", "--for", "lan", as_="sam")
    before = show(osticket)
    osticket.tix(
        *("new", "My device hangs", "-m", "since the update", "--sla", "sev-c", "-a", "john"),
        *("--for", "Pat Doe <pat@x.example>"),
        as_="sam",
    )
    osticket.tix("note", 2, "-m", "an old one", as_="john", now="2026-04-01T09:10:00Z")
    osticket.tix("edit", 2, "--priority", "low", "--note", "can wait", as_="john", now="2026-04-01T09:20:00Z")
    # “we went through the process of having the customer restart their device and it fixed the issue”
    osticket.tix("reply", 2, "-m", "Please restart it.", as_="john", now="2026-04-01T09:30:00Z")
    osticket.tix("reply", 2, "-m", "It works.", as_="pat@x.example", now="2026-04-01T09:40:00Z")
    # “insert some internal notes”
    osticket.tix("note", 2, "-m", "again the update", as_="john", now="2026-04-01T09:50:00Z")
    # “close out the ticket and observe it in the closed ticket section”
    osticket.now = "2026-04-01T10:00:00Z"
    osticket.tix("close", 2, as_="john")
    assert refs(osticket, "list", "--closed") == ["TIX-2"]
    ticket = show(osticket, 2)
    assert (ticket["sla"], ticket["assignee"], ticket["requester_name"]) == ("sev-c", "john", "Pat Doe")
    assert [(item["by"], item["body"] or item["event"]["type"]) for item in ticket["thread"]] == [
        ("sam", "since the update"),
        ("john", "an old one"),
        ("john", "field-changed"),
        ("john", "can wait"),
        ("john", "Please restart it."),
        ("pat@x.example", "It works."),
        ("john", "again the update"),
        ("john", "status-changed"),
    ]
    shown = osticket.tix("show", 2).out
    for body in bodies(ticket):
        assert body in shown
    # the first is as it was, and due sooner
    assert show(osticket, 1) == before
    assert ticket["due_at"] == "2026-04-04T09:00:00Z"
    assert before["due_at"] == "2026-04-01T13:00:00Z"


def test_assign_it_to_ourself(desk: Shell):
    """S003-13.

    “Now we want to login as a support user, assign the ticket to ourself”
    """
    desk.tix("new", "T", "-m", "x", as_="lan")
    desk.tix("claim", 1, as_="sam")
    assert show(desk)["assignee"] == "sam"
    with untouched(desk):
        desk.tix("claim", 1, as_="sam")
        assert "sam" in desk.tix("claim", 1, as_="kim", check=5).err


def test_add_a_note(desk: Shell):
    """S003-14, S003-28.

    “add a note and observe the ticket thread change”; “we can do this to communicate with other tech support
    users”
    """
    desk.tix("new", "T", "-m", "x", as_="lan")
    desk.tix("assign", 1, "kim")
    before = heard(desk, "kim")
    desk.tix("note", 1, "-m", "a loose cable?", as_="sam")
    assert heard(desk, "kim") == [*before, ("TIX-1", "sam")]
    assert heard(desk, "sam") == []
    last = show(desk)["thread"][-1]
    assert (last["kind"], last["by"], last["body"]) == ("note", "sam", "a loose cable?")
    assert last["internal"] is True
    assert bodies(show(desk, as_="kim"), "note") == ["a loose cable?"]
    assert "a loose cable?" in desk.tix("show", 1, as_="kim").out


def test_post_a_reply(desk: Shell):
    """S003-15, S003-40.

    “post a reply at the bottom of the ticket page to update the customer”; “I would highly recommend only
    sharing neccesary information with the customer in documentation.”
    """
    desk.tix("new", "T", "-m", "x", as_="lan")
    desk.tix("reply", 1, "-m", "It may be the cable.", as_="sam")
    assert "It may be the cable." in desk.tix("show", 1, as_="lan").out
    assert bodies(show(desk, as_="lan")) == ["x", "It may be the cable."]
    # S003-40: a note in the same command as a reply or a status change
    desk.tix("hold", 1, "-m", "A new one is on its way.", "--note", "the wombat forgot it", as_="sam")
    desk.tix("resolve", 1, "--note", "a wombat has eaten it", as_="sam")
    pages = (("show", 1), ("show", 1, "--json"), ("notification", "list", "--json"), ("inbox",))
    read = "".join(desk.tix(*page, as_="lan").out for page in pages)
    assert "A new one is on its way." in read
    assert "wombat" not in read
    assert heard(desk, "lan")
    assert bodies(show(desk), "note") == ["the wombat forgot it", "a wombat has eaten it"]


def test_the_first_reply_claims(osticket: Shell):
    """S003-16.

    “post a reply at the bottom of the ticket page”: whoever answers first has it.
    """
    osticket.tix("new", "T", "-m", "x", as_="lan")
    osticket.tix("new", "T", "-m", "x", as_="lan")
    osticket.tix("reply", 1, "-m", "y", as_="sam")
    assert show(osticket)["assignee"] == "sam"
    osticket.tix("reply", 1, "-m", "z", as_="kim")
    assert show(osticket)["assignee"] == "sam"
    assert changes(show(osticket), "assigned") == [(None, "sam")]
    osticket.tix("config", "set", "claim_on_reply", "false")
    osticket.tix("reply", 2, "-m", "y", as_="sam")
    assert show(osticket, 2)["assignee"] is None


def test_assign_to_a_named_agent(desk: Shell, me: str):
    """S003-24, S003-25.

    “assign the ticket to John, but feel free to assign this to whichever user that is desired, make some
    notes with your changes and observe all changes”
    """
    desk.people("john:agent")
    desk.tix("user", "add", "gone", "--role", "agent", "--inactive")
    desk.tix("new", "T", "-m", "x", as_="lan")
    desk.tix("assign", 1, "john", "--note", "yours")
    assert heard(desk, "john") == [("TIX-1", me)]
    assert show(desk)["assignee"] == "john"
    assert bodies(show(desk), "note") == ["yours"]
    with untouched(desk):
        desk.tix("assign", 1, "gone", check=5)
    # S003-25: to whichever user is desired
    desk.tix("assign", 1, "kim")
    desk.tix("assign", 1, "none")
    assert show(desk)["assignee"] is None
    assert changes(show(desk), "assigned") == [(None, "john"), ("john", "kim"), ("kim", None)]


# --------------------------------------------------------------------------------------- resolution


def test_from_open_to_resolved(osticket: Shell):
    """S003-17, S003-18.

    “select the status and change it from open to resolved to close out the ticket”
    """
    for _ in range(2):
        osticket.tix("new", "T", "-m", "x", as_="lan")
    with untouched(osticket):
        osticket.tix("reply", 1, "-m", "fixed", "--status", "no-such-status", as_="sam", check=2)
    # S003-17: “post a reply … referring to the fix”, and the status with it
    osticket.tix("reply", 1, "-m", "fixed", "--status", "resolved", as_="sam")
    assert bodies(show(osticket), "reply") == ["fixed"]
    assert changes(show(osticket)) == [("open", "resolved")]
    # S003-18: the status by itself
    osticket.tix("edit", 2, "--status", "resolved", as_="sam")
    assert changes(show(osticket, 2)) == [("open", "resolved")]
    assert len(entries(show(osticket, 2))) == 1


def test_an_empty_page(desk: Shell):
    """S003-19.

    “Once the ticket is closed you will observe an empty ticket page”
    """
    desk.tix("new", "T", "-m", "x")
    assert refs(desk, "list") == ["TIX-1"]
    desk.tix("close", 1)
    assert desk.tix("list").out == ""
    assert desk.tix("list", "--json").json == []


def test_closing_from_the_list(desk: Shell, me: str):
    """S003-20, S003-21, S003-23, S003-29.

    “tickets may also be closed from this page as well by selecting the ticket and setting the status to
    resolved or closed”
    """

    def statuses(*numbers: int) -> list[str]:
        return [ticket["status"] for ticket in desk.tix("show", *numbers, "--json").json]

    for number in range(1, 12):
        desk.tix("new", f"T{number}", "-m", "x")
    # S003-20: several at once, one of which is not there
    desk.tix("close", 3, 5, 7)
    failed = desk.tix("close", 1, 99, 2, check=9)
    assert failed.refs == ["TIX-1", "TIX-2"]
    assert "99" in failed.err
    assert statuses(1, 2, 3, 5, 7) == ["closed"] * 5
    # S003-21: “setting the status to resolved or closed”
    desk.tix("edit", 4, 6, "--status", "resolved")
    desk.tix("edit", 8, 9, "--status", "closed", now="2026-04-01T10:00:00Z")
    desk.tix("resolve", 10, 11)
    assert statuses(4, 6, 10, 11) == ["resolved"] * 4
    assert statuses(8, 9) == ["closed"] * 2
    # S003-23: “you can select tickets -> closed and view any tickets no longer in the open queue”
    assert refs(desk, "list") == []
    closed = {ticket["number"]: ticket for ticket in desk.tix("list", "--closed", "--json").json}
    assert set(closed) == set(range(1, 12))
    assert (closed[8]["closed_at"], closed[8]["closed_by"]) == ("2026-04-01T10:00:00Z", me)
    assert (closed[4]["closed_at"], closed[4]["closed_by"]) == (None, None)
    # S003-29: “close out the ticket and observe it in the closed ticket section”
    assert desk.tix("new", "T12", "-m", "x").ref == "TIX-12"
    assert refs(desk, "list") == ["TIX-12"]
    # S003-20: from the list
    assert shell(desk, "tix list -o ids | tix close -").refs == ["TIX-12"]
    assert "TIX-12" in refs(desk, "list", "--closed")
    assert refs(desk, "list") == []


def test_closed_ones_as_permitted(osticket: Shell):
    """S003-22.

    “Depending on how your permissions are set up, you may see closed tickets as well.”
    """
    outages(osticket)
    for number, department in enumerate(("online-banking", "billing") * 2, start=1):
        osticket.tix("new", f"T{number}", "-m", "x", "--department", department, as_="lan")
    osticket.tix("close", 1, 2)
    osticket.tix("user", "edit", "kim", "--departments", "billing")
    assert refs(osticket, "list", "--open", as_="kim") == ["TIX-4"]
    assert refs(osticket, "list", "--closed", as_="kim") == ["TIX-2"]
    for hidden in (1, 3):
        osticket.tix("show", hidden, as_="kim", check=3)
    assert set(refs(osticket, "list", "--all", as_="sam")) == {"TIX-1", "TIX-2", "TIX-3", "TIX-4"}
    assert set(refs(osticket, "list", "--closed")) == {"TIX-1", "TIX-2"}
    assert set(refs(osticket, "list", "--all")) == {"TIX-1", "TIX-2", "TIX-3", "TIX-4"}


def test_resolved_and_closed(osticket: Shell):
    """S003-38.

    “setting the status to resolved or closed”, each from open, each open again
    """
    osticket.tix("new", "T", "-m", "x", as_="lan")
    osticket.tix("new", "T", "-m", "x", as_="lan")
    osticket.tix("resolve", 1, as_="sam")
    osticket.tix("close", 2, as_="sam")
    assert changes(show(osticket, 1)) == [("open", "resolved")]
    assert changes(show(osticket, 2)) == [("open", "closed")]
    osticket.tix("reopen", 1, 2, as_="sam")
    for number in (1, 2):
        ticket = show(osticket, number)
        assert (ticket["status"], ticket["answered"]) == ("open", False)
    osticket.tix("reply", 1, "-m", "y", as_="sam")
    assert (show(osticket)["status"], show(osticket)["answered"]) == ("open", True)


def test_the_fix_in_a_note(desk: Shell):
    """S003-35.

    “pretend we resolved the issue on the back end, post a reply in the notes referring to the fix”
    """
    desk.tix("new", "T", "-m", "x", as_="lan")
    desk.tix("resolve", 1, "--note", "replaced the cable", as_="sam")
    told = [(item["kind"], item["internal"]) for item in show(desk)["thread"][1:]]
    assert sorted(told) == [("event", False), ("note", True)]
    assert bodies(show(desk), "note") == ["replaced the cable"]
    assert changes(show(desk)) == [("open", "resolved")]


def test_back_and_forth(desk: Shell):
    """S003-36.

    “we went through the process of having the customer restart their device and it fixed the issue”
    """
    desk.tix("new", "T", "-m", "it hangs", as_="lan")
    desk.tix("reply", 1, "-m", "please restart it", as_="sam")
    desk.tix("reply", 1, "-m", "that worked", as_="lan")
    desk.tix("reply", 1, "-m", "good", as_="sam")
    assert [(item["side"], item["kind"], item["body"]) for item in entries(show(desk))] == [
        ("requester", "message", "it hangs"),
        ("staff", "reply", "please restart it"),
        ("requester", "message", "that worked"),
        ("staff", "reply", "good"),
    ]


# ----------------------------------------------------------------------------------- internal notes


@pytest.mark.sqlite
def test_notes_stay_inside(desk: Shell):
    """S003-26.

    “communicate with other tech support users about issues pertaining to the issue that we do not wish to
    involve the end user”
    """
    (desk.folder / "capybara.txt").write_text("a capybara in a file")
    desk.tix("new", "T", "-m", "x", as_="lan")
    desk.tix("reply", 1, "-m", "y", as_="sam")

    def seen() -> dict[str, bytes]:
        commands = {
            "show": ("show", 1),
            "show --json": ("show", 1, "--json"),
            "show --as-requester": ("show", 1, "--as-requester", "--json"),
            "list": ("list", "--json"),
            "list --all": ("list", "--all"),
            "search": ("search", "capybara", "--json"),
            "search for what is there": ("search", "x", "--json"),
            "log": ("log", 1, "--json"),
            "log of all": ("log", "--json"),
            "export": ("export",),
            "attach list": ("attach", "list", 1, "--json"),
        }
        how = {"now": "2026-04-03T09:00:00Z"}
        told = {name: desk.tix(*words, as_="lan", **how).raw_out for name, words in commands.items()}
        glasses = desk.tix("show", 1, "--as-requester", "--json", as_="sam", **how)
        return told | {"as-requester by staff": glasses.raw_out}

    before = seen()
    assert before["search"] == b"[]\n"
    assert all(b"TIX-1" in before[name] for name in ("show", "list", "search for what is there", "export"))
    desk.tix("note", 1, "-m", "the capybara note", "--attach", "capybara.txt", as_="sam")
    after = seen()
    assert after == before
    for told in after.values():
        assert b"capybara" not in told
    assert files_with(desk.folder, b"capybara note")
    assert bodies(show(desk), "note") == ["the capybara note"]


def test_the_difference_in_color(desk: Shell):
    """S003-27.

    “insert some internal notes by selecting "Post internal Note" and observe the difference in color in the
    thread”
    """
    desk.tix("new", "T", "-m", "x", as_="lan")
    desk.tix("reply", 1, "-m", "said aloud", as_="sam")
    desk.tix("note", 1, "-m", "whispered", as_="sam")

    def colours(raw: bytes, words: bytes) -> set[bytes]:
        """The colours in the line where these words stand."""
        (line,) = [line for line in raw.split(b"\n") if words in line]
        return set(re.findall(rb"\x1b\[[0-9;]*[1-9][0-9;]*m", line))

    coloured = desk.terminal("show", 1)
    shown = screen(coloured)
    assert "internal note" in shown
    assert colours(coloured.raw, b"whispered") != colours(coloured.raw, b"said aloud")
    assert colours(coloured.raw, b"whispered")
    plain = desk.terminal("show", 1, env={"NO_COLOR": "1"})
    assert "internal note" in screen(plain)
    assert colours(plain.raw, b"whispered") == set()
    assert "internal note" in desk.tix("show", 1).out


# ------------------------------------------------------------------------- who may, and who may not


def test_the_tech_raises_it(desk: Shell):
    """S003-30, S003-31.

    “osTicket also allows the tech to create tickets when a problem is discovered or on the behalf of an end
    user if needed.”
    """
    desk.tix("new", "T", "-m", "x", "--for", "user@x.example", "--source", "phone", as_="sam")
    ticket = show(desk, 1)
    assert ticket["requester_email"] == "user@x.example"
    assert (ticket["creator"], ticket["source"]) == ("sam", "phone")
    # “when a problem is discovered”
    desk.tix("new", "T", "-m", "x", as_="sam")
    ticket = show(desk, 2)
    assert (ticket["requester"], ticket["creator"]) == ("sam", "sam")


def test_log_in_as(desk: Shell, me: str):
    """S003-32.

    “Operating as an end user …”, “login as a support user”, “log back in as the adminuser”
    """
    before_the_verb = desk.tix("--as", "sam", "whoami", "--json").json
    after_the_verb = desk.tix("whoami", "--as", "sam", "--json").json
    by_environment = desk.tix("whoami", "--json", as_="sam").json
    assert before_the_verb == after_the_verb == by_environment
    assert (by_environment["login"], by_environment["role"]) == ("sam", "agent")
    assert desk.tix("whoami", "--json").json["login"] == me
    desk.tix("new", "T", "-m", "x", as_="lan")
    desk.tix("reply", 1, "-m", "y", as_="sam")
    desk.tix("reply", 1, "-m", "z", as_=me)
    assert [(item["by"], item["via"]) for item in entries(show(desk))] == [
        ("lan", me),
        ("sam", me),
        (me, None),
    ]
    with untouched(desk):
        desk.tix("whoami", "--as", "nobody-known", check=2)
        desk.tix("new", "T", "-m", "x", "--as", "nobody-known", check=2)
    # an OS user who is no admin
    desk.people("other:admin")
    desk.tix("user", "edit", me, "--role", "agent", as_="other")
    desk.tix("whoami", "--as", "sam", check=4)
    desk.tix("whoami", check=4, as_="nobody-known")
    desk.tix("show", 99, as_="lan", check=4)


def test_explore_the_permissions(desk: Shell):
    """S003-33.

    “Use google or Chatgpt to create prompts and explore permissions of osTicket”
    """
    told = {row["verb"]: row for row in desk.tix("whoami", "--permissions", "--json", as_="sam").json}
    roles = ("requester", "agent", "admin")
    assert [told["delete"][role] for role in roles] == ["no", "no", "yes"]
    assert [told["note"][role] for role in roles] == ["no", "yes", "yes"]
    plain = desk.tix("whoami", "--permissions", as_="sam").rows
    assert [row[:5] for row in plain if row[0] == "delete"] == [["delete", "no", "no", "no", "yes"]]
    desk.tix("new", "T", "-m", "x", as_="lan")
    with untouched(desk):
        desk.tix("delete", 1, "--yes", as_="sam", check=4)
        desk.tix("user", "add", "x", as_="sam", check=4)
        desk.tix("note", 1, "-m", "x", as_="lan", check=4)


@pytest.mark.sqlite
def test_start_anew(desk: Shell):
    """S003-34.

    “if you break it, you can also fix it by reinstalling it and starting from new.”
    """
    desk.tix("new", "T", "-m", "x", as_="lan")
    desk.tix("reply", 1, "-m", "y", as_="sam")
    before = show(desk)
    with untouched(desk):
        desk.tix("init", check=5)
    desk.tix("db", "backup", "copy.db")
    for file in desk.folder.glob("desk.db*"):
        file.unlink()
    desk.store.write_bytes(b"this is no desk at all" * 400)
    desk.tix("show", 1, check=8)
    desk.tix("db", "restore", "copy.db")
    assert show(desk) == before
    # “starting from new”
    elsewhere = {"TIX_STORE": str(desk.folder / "new.db")}
    assert desk.tix("list", "--all", "--json", env=elsewhere).json == []
    assert desk.tix("new", "T", "-m", "x", env=elsewhere).ref == "TIX-1"
    assert desk.tix("list", "--all", "--count").out == "1\n"
