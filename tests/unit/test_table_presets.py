"""Tables of trackers, as they export them: recognised by their columns, and read whole."""

import io
from datetime import UTC, datetime

import pytest

from tests.unit.told import apart_from_gaps
from tix.importers import detect
from tix.importers.presets.registry import PRESETS
from tix.importers.record import ImportedTicket
from tix.importers.tables import reader
from tix.importers.tables.layout import Layout
from tix.importers.trackers.registry import TRACKERS

NOW = 1_800_000_000

JIRA = """\
Summary,Issue key,Issue id,Parent id,Issue Type,Status,Project key,Project name,Priority,Resolution,Assignee,Reporter,Creator,Created,Updated,Last Viewed,Resolved,Component/s,Due Date,Votes,Labels,Labels,Description,Environment,Log Work,Outward issue link (Blocks),Attachment,Comment,Comment,Custom field (Epic Link)
Printer smokes,SHOP-7,10007,,Bug,Waiting for customer,SHOP,Web shop,Highest,,amy,lan,lan,12/Jan/26 3:04 PM,13/Jan/26 9:00 AM,14/Jan/26 9:00 AM,,Hardware,20/Jan/26 12:00 AM,3,fire,urgent-one,"It smokes,
really.",Floor 2,,SHOP-8,12/Jan/26 3:05 PM;lan;smoke.jpg;https://x.example/1,12/Jan/26 4:00 PM;amy;Switch it off; now.,"13/Jan/26 9:00 AM;lan;Done.
Thanks.",SHOP-1
Ink,SHOP-8,10008,,Task,Done,SHOP,Web shop,Lowest,Fixed,,lan,lan,12/Jan/26 3:04 PM,15/Jan/26 9:00 AM,,15/Jan/26 9:00 AM,,,0,,,,,,,,,,
"""
JIRA_DE = """\
Zusammenfassung,Vorgangsschlüssel,Vorgangs-ID,Vorgangstyp,Status,Projektschlüssel,Priorität,Zugewiesene Person,Autor,Ersteller,Erstellt,Aktualisiert,Erledigt,Beschreibung,Kommentar
Drucker raucht,SHOP-7,10007,Fehler,In Arbeit,SHOP,Hoch,Amy A,Lan N,Lan N,12/Jan./26 15:04,13.01.2026 09:00,,Raucht.,13.01.2026 09:00;amy;Aus damit.
"""
ZENDESK = """\
Summation column,Id,Requester,Requester id,Requester email,Submitter,Assignee,Group,Subject,Tags,Status,Priority,Via,Ticket type,Created at,Updated at,Organization,Solved at,Satisfaction Score,Reopens
1,35436,Lan Nguyen,20978392,lan@x.example,Lan Nguyen,Amy A,Support,Printer smokes,fire urgent-one,Hold,High,Mail,Incident,2026-01-12 15:04:05 +0000,2026-01-13 09:00:00 +0000,Acme,,Not Offered,0
"""
FRESHDESK = """\
Ticket ID,Subject,Status,Priority,Source,Type,Agent,Group,Created time,Due by Time,Resolved time,Closed time,Last update time,Initial response time,Agent interactions,Customer interactions,Resolution status,Tags,Full name,Email,Company name
12,Printer smokes,Waiting on Customer,Urgent,Email,Incident,Amy A,No Group,2026-01-12 15:04:05,2026-01-15 15:04:05,,,2026-01-13 09:00:00,,2,1,SLA Violated,"fire,ink",Lan Nguyen,lan@x.example,Acme
"""
SERVICENOW = """\
"Number","Opened","Short description","Caller","Priority","State","Category","Assignment group","Assigned to","Updated","Updated by"
"INC0010007","2026-01-12 15:04:05","Printer smokes","Lan Nguyen","1 - Critical","On Hold","Hardware","Service Desk","Amy A","2026-01-13 09:00:00","amy"
"""
SERVICENOW_LOG = """\
number,incident_state,active,reassignment_count,reopen_count,sys_mod_count,made_sla,caller_id,opened_at,sys_updated_by,sys_updated_at,category,u_symptom,priority,assignment_group,assigned_to,resolved_at,closed_at
INC0000045,New,true,0,0,0,true,Caller 2403,29/2/2016 01:16,Updated by 21,29/2/2016 01:23,Category 55,Symptom 72,3 - Moderate,Group 56,?,29/2/2016 11:29,5/3/2016 12:00
INC0000045,Resolved,true,0,0,2,true,Caller 2403,29/2/2016 01:16,Updated by 908,29/2/2016 08:53,Category 55,Symptom 72,3 - Moderate,Group 56,?,29/2/2016 11:29,5/3/2016 12:00
INC0000045,Closed,false,0,0,4,true,Caller 2403,29/2/2016 01:16,Updated by 908,5/3/2016 12:00,Category 55,Symptom 72,3 - Moderate,Group 56,?,29/2/2016 11:29,5/3/2016 12:00
"""
GITLAB = """\
Title,Description,Issue ID,URL,State,Author,Author Username,Assignee,Assignee Username,Confidential,Locked,Due Date,Created At (UTC),Updated At (UTC),Closed At (UTC),Milestone,Weight,Labels,Time Estimate,Time Spent
Printer smokes,It smokes.,7,https://gitlab.example/acme/shop/-/issues/7,Closed,Lan Nguyen,lan,Amy A,amy,No,No,2026-01-20,2026-01-12 15:04:05,2026-01-13 09:00:00,2026-01-13 09:00:00,v1,,"fire,ink",0,0
"""
REDMINE = """\
#,Project,Tracker,Parent task,Status,Priority,Subject,Author,Assignee,Updated,Category,Target version,Start date,Due date,Estimated time,% Done,Created,Closed,Related issues,Private,Description
7,Shop,Bug,5,Feedback,Immediate,Printer smokes,Lan Nguyen,Amy A,2026-01-13 09:00,Hardware,,2026-01-12,2026-01-20,,10,2026-01-12 15:04,,,No,It smokes.
"""
LINEAR = """\
ID,Team,Title,Description,Status,Estimate,Priority,Project ID,Project,Creator,Assignee,Labels,Cycle Number,Cycle Name,Created,Updated,Started,Triaged,Completed,Canceled,Archived,Due Date,Parent issue
SHO-7,Shop,Printer smokes,It smokes.,In Review,,Urgent,,,lan@x.example,amy@x.example,"fire, ink",,,Mon Jan 12 2026 15:04:05 GMT+0000 (GMT),Tue Jan 13 2026 09:00:00 GMT+0000 (GMT),,,,,,2026-01-20,SHO-5
"""
PLANE = """\
ID,Project,Name,Description,State,Start Date,Target Date,Priority,Created By,Assignee,Labels,Cycle Name,Module Name,Created At,Updated At,Completed At,Archived At
SHOP-7,Shop,Printer smokes,It smokes.,In Progress,,2026-01-20,urgent,Lan Nguyen,Amy A,"fire, ink",,,"Mon, 12 Jan 2026 15:04:05 UTC+0000","Tue, 13 Jan 2026 09:00:00 UTC+0000",,
"""
BUGZILLA = """\
bug_id,product,component,assigned_to,bug_status,resolution,short_desc,changeddate,opendate,priority,bug_severity,reporter,keywords
7,Shop,Hardware,amy@x.example,ASSIGNED,---,Printer smokes,2026-01-13 09:00:00,2026-01-12 15:04:05,P1,critical,lan@x.example,"fire, ink"
"""
TRAC = """\
id,Summary,Status,Type,Owner,Reporter,Priority,Component,Milestone,Keywords,time,changetime,Description
7,Printer smokes,accepted,defect,amy,lan,critical,Hardware,v1,"fire, ink",2026-01-12T15:04:05Z,2026-01-13T09:00:00Z,It smokes.
"""
OSTICKET = """\
Ticket Number,Date Created,Subject,From,From Email,Priority,Department,Help Topic,Source,Current Status,Last Updated,Due Date,Overdue,Answered,Agent Assigned,Team Assigned,Thread Count,Reopen Count,Attachment Count
100007,2026-01-12 15:04:05,Printer smokes,Lan Nguyen,lan@x.example,Emergency,Support,Hardware,Email,Open,2026-01-13 09:00:00,,0,1,Amy A,,3,0,0
"""

SAMPLES = {
    "jira": JIRA, "zendesk-csv": ZENDESK, "freshdesk-csv": FRESHDESK, "servicenow": SERVICENOW,
    "servicenow-log": SERVICENOW_LOG, "gitlab-csv": GITLAB, "redmine-csv": REDMINE, "linear": LINEAR, "plane": PLANE,
    "bugzilla-csv": BUGZILLA, "trac": TRAC, "osticket-csv": OSTICKET,
}  # fmt: skip


def read(text: str, name: str | None = None) -> list[ImportedTicket]:
    data = text.encode()
    preset = detect.preset(name or detect.detect(data, "a.csv"))
    told = apart_from_gaps(reader.stories(io.BytesIO(data), Layout(), NOW, preset))
    assert all(isinstance(one, ImportedTicket) for one in told), told
    return told  # type: ignore[return-value]


def utc(seconds: int | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize("name", SAMPLES)
def test_a_table_is_recognised_as_one_tracker_s_and_by_a_margin(name: str) -> None:
    data = SAMPLES[name].encode()
    assert detect.detect(data, "a.csv") == name
    sure = {one.name: detect.likeness(data, "a.csv", one.name) or 0 for one in TRACKERS}
    first, second = sorted(sure.values(), reverse=True)[:2]
    assert first - second >= 5, sure


def test_every_preset_has_a_sample() -> None:
    assert {preset.name for preset in PRESETS} == set(SAMPLES)


def test_our_own_table_is_no_tracker_s() -> None:
    head = b"ref,number,subject,status,priority,assignee,requester,created_at,updated_at,tags\n"
    assert detect.detect(head, "a.csv") == "csv"


@pytest.mark.parametrize(
    ("name", "about", "status", "priority", "requester", "assignee", "created"),
    [
        ("zendesk-csv", "zendesk:35436", "on-hold", "High", "lan@x.example", "Amy A", "2026-01-12 15:04"),
        ("freshdesk-csv", "freshdesk:12", "on-hold", "Urgent", "lan@x.example", "Amy A", "2026-01-12 15:04"),
        ("servicenow", "servicenow:INC0010007", "on-hold", "1 - Critical", None, "Amy A", "2026-01-12 15:04"),
        ("gitlab-csv", "gitlab:gitlab.example/acme/shop#7", "closed", None, None, "amy", "2026-01-12 15:04"),
        ("redmine-csv", "redmine:7", "on-hold", "Immediate", None, "Amy A", "2026-01-12 15:04"),
        ("linear", "linear:SHO-7", "in-progress", "Urgent", None, "amy@x.example", "2026-01-12 15:04"),
        ("plane", "plane:SHOP-7", "in-progress", "urgent", None, "Amy A", "2026-01-12 15:04"),
        ("bugzilla-csv", "bugzilla:7", "in-progress", "P1", "lan@x.example", "amy@x.example", "2026-01-12 15:04"),
        ("trac", "trac:7", "in-progress", "critical", None, "amy", "2026-01-12 15:04"),
        ("osticket-csv", "osticket:100007", "open", "urgent", "lan@x.example", "Amy A", "2026-01-12 15:04"),
    ],
)  # fmt: skip
def test_a_row_is_read(
    name: str, about: str, status: str, priority: str, requester: str | None, assignee: str, created: str
) -> None:
    [one] = read(SAMPLES[name])
    assert (one.subject, one.about, one.status, one.priority) == ("Printer smokes", about, status, priority)
    who = one.assignee
    assert who is not None
    assert assignee in (who.login, who.name, who.email)
    assert utc(one.created_at) == created
    if requester is not None:
        assert one.requester is not None
        assert one.requester.email == requester


def test_jira_comes_whole() -> None:
    first, second = read(JIRA)
    assert (first.about, first.status_word, first.priority, first.type) == (
        "jira:SHOP-7",
        "on-hold",
        "Highest",
        "bug",
    )
    assert first.tags == ("fire", "urgent-one")
    assert first.body == "It smokes,\nreally."
    assert [(utc(one.at), one.by and one.by.login, one.body, one.internal) for one in first.remarks[1:]] == [
        ("2026-01-12 16:00", "amy", "Switch it off; now.", False),
        ("2026-01-13 09:00", "lan", "Done.\nThanks.", False),
    ]
    kept = first.remarks[0]
    assert kept.internal
    for line in (
        "Environment: Floor 2",
        "Custom field (Epic Link): SHOP-1",
        "smoke.jpg",
        "Project name: Web shop",
    ):
        assert line in kept.body
    assert first.links == (("blocks", "jira/SHOP-8"),)
    assert (second.key, second.status, utc(second.turns[0].at)) == (
        "jira/SHOP-8",
        "closed",
        "2026-01-15 09:00",
    )


def test_jira_in_german() -> None:
    [one] = read(JIRA_DE, "jira")
    assert (one.subject, one.status_word, utc(one.created_at)) == (
        "Drucker raucht",
        "in-progress",
        "2026-01-12 15:04",
    )
    assert one.remarks[-1].body == "Aus damit."
    for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16"):
        assert detect.detect(JIRA_DE.encode(encoding), "a.csv") == "jira"


def test_an_event_log_is_one_ticket_with_its_changes() -> None:
    [one] = read(SERVICENOW_LOG)
    assert (one.about, one.subject, one.status, utc(one.created_at)) == (
        "servicenow:INC0000045", "Symptom 72", "closed", "2016-02-29 01:16",
    )  # fmt: skip
    assert [(utc(turn.at), turn.closed, turn.resolved) for turn in one.turns] == [
        ("2016-02-29 08:53", True, True),
        ("2016-03-05 12:00", True, False),
    ]
    assert one.assignee is None


def test_a_cancelled_issue_of_linear_was_closed_when_it_was_cancelled() -> None:
    table = (
        "ID,Team,Title,Status,Priority,Creator,Cycle Number,Created,Completed,Canceled\n"
        "SHO-7,Shop,Printer smokes,Canceled,Low,Ann,4,2026-01-03T10:00:00Z,,2026-02-02T10:00:00Z\n"
    )
    [one] = read(table)
    assert [(utc(turn.at), turn.closed) for turn in one.turns] == [("2026-02-02 10:00", True)]


def test_a_ticket_of_trac_with_fields_of_its_own() -> None:
    table = (
        "id,summary,reporter,owner,description,type,status,component,version,severity,resolution,keywords,stage\n"
        "7,Printer smokes,lan,,It smokes.,Bug,new,core,5.0,Normal,,fire,Accepted\n"
    )
    [one] = read(table)
    assert (one.about, one.subject, one.body, one.tags) == (
        "trac:7",
        "Printer smokes",
        "It smokes.",
        ("fire",),
    )
    assert "severity: Normal" in one.remarks[0].body
