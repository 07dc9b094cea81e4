"""Files of other systems, moved in: what they say is kept, and what is not there or otherwise is said."""

import json

from tests.harness import Shell


def test_statuses_and_priorities_of_this_desk_come_first(desk: Shell):
    desk.tix("import", "-", stdin="subject,status,priority\na,answered,P1\nb,In Progress,lowest\n")
    found = desk.tix("list", "--all", "--json").json
    assert {(one["subject"], one["status"], one["priority"]) for one in found} == {
        ("a", "answered", "urgent"),
        ("b", "in-progress", "low"),
    }


def test_a_word_nobody_knows_is_refused_until_it_is_mapped(desk: Shell):
    rows = "subject,status,priority\na,parked,enhancement\n"
    assert "line 2" in desk.tix("import", "-", stdin=rows, check=2).err
    said = desk.tix(
        "import", "-", "--map-status", "Parked=on-hold", "--map-priority", "*=low", stdin=rows
    ).err
    assert "status parked → on-hold (1)" in said
    [found] = desk.tix("list", "--all", "--json").json
    assert (found["status"], found["priority"]) == ("on-hold", "low")


def test_a_word_nobody_knows_is_said_once_with_how_often_and_the_option_that_decides_it(desk: Shell):
    rows = "subject,status,priority\n" + "".join(f"t{place},Parked Car,wish\n" for place in range(30))
    refused = desk.tix("import", "-", "--json", stdin=rows, check=2)
    words = [json.loads(line)["error"] for line in refused.err.splitlines()]
    assert [one["message"] for one in words] == [
        "unknown status 'Parked Car' (30 records: line 2, line 3, line 4, line 5, line 6 and 25 more)",
        "unknown priority 'wish' (30 records: line 2, line 3, line 4, line 5, line 6 and 25 more)",
        "30 of 30 records cannot be read; nothing was written",
    ]
    assert words[0]["hint"].startswith("--map-status 'Parked Car=STATUS', one of open, answered,")
    report = desk.folder / "report.json"
    desk.tix("import", "-", "--report", str(report), stdin=rows, check=2)
    found = json.loads(report.read_text())
    assert found["failed"] == 30
    assert [(one["word"], one["records"], one["used"], one["flag"]) for one in found["unknown_words"]] == [
        ("Parked Car", 30, None, "--map-status 'Parked Car=STATUS'"),
        ("wish", 30, None, "--map-priority wish=PRIORITY"),
    ]


def test_a_word_of_another_system_that_nobody_knows_is_said_once_and_counted(desk: Shell):
    kinds = {"status": {"name": "Geparkt"}, "priority": {"name": "Wunsch"}, "issuetype": {"name": "Story"}}
    issues = [{"key": f"A-{place}", "fields": {"summary": "x", **kinds}} for place in range(3)]
    done = desk.tix("import", "-", "--json", stdin=json.dumps({"issues": issues}))
    assert [
        (one["field"], one["word"], one["records"], one["used"]) for one in done.json["unknown_words"]
    ] == [
        ("status", "Geparkt", 3, "open"),
        ("priority", "Wunsch", 3, "medium"),
        ("type", "story", 3, "story"),
    ]
    assert "unknown status 'Geparkt' became open (3 records): --map-status Geparkt=STATUS" in done.err
    mapped = desk.tix(
        "import", "-", "--source", "b", "--map-status", "Geparkt=on-hold", "--map-priority", "*=low", "--map-type",
        "Story=none", "--json", stdin=json.dumps({"issues": issues}),
    )  # fmt: skip
    assert mapped.json["unknown_words"] == []
    found = desk.tix("list", "--all", "--about", "jira:b*", "--json").json
    assert {(one["status"], one["priority"], one["type"]) for one in found} == {("on-hold", "low", None)}


def test_an_option_for_a_word_names_what_the_desk_has(desk: Shell):
    for option, word in (("--map-status", "status"), ("--map-priority", "priority"), ("--map-type", "type")):
        refused = desk.tix("import", "-", option, "Parked=nosuch", stdin="subject\na\n", check=2).err
        assert f"'nosuch' is not a {'ticket ' if word == 'type' else ''}{word}" in refused
        assert "line 2" not in refused


JIRA_TABLE = (
    "Summary,Issue key,Issue id,Status,Reporter,Created\n"
    "Printer smokes,SHOP-7,1007,Done,ann,12/Jan/26 3:04 PM\nDoor,SHOP-8,1008,Open,ann,12/Jan/26 4:04 PM\n"
)
JIRA_ISSUES = json.dumps(
    {
        "issues": [
            {
                "self": f"https://jira.example/rest/api/2/issue/{number}",
                "key": f"SHOP-{number}",
                "fields": {"summary": subject, "created": f"2026-01-12T1{hour}:04:31.000+0000"},
            }
            for number, subject, hour in ((7, "Printer smokes", 4), (8, "Door", 5))
        ]
    }
)


def test_an_issue_from_a_table_and_from_json_of_one_tracker_is_one_ticket(desk: Shell):
    other = Shell(desk.folder / "other")
    for there, files in ((desk, (JIRA_TABLE, JIRA_ISSUES)), (other, (JIRA_ISSUES, JIRA_TABLE))):
        first, second = files
        there.tix("import", "-", stdin=first)
        said = there.tix("import", "-", stdin=second)
        assert (said.out, "Imported 0 tickets" in said.err) == ("", True)
        assert "left unchanged: imported before from another file of this tracker (TIX-1, TIX-2)" in said.err
        assert len(there.tix("list", "--all", "--json").json) == 2
        assert there.tix("doctor").code == 0
    # A host that is named is the same as one in the file; another is another system, whose tickets may be doubles.
    desk.tix("import", "-", "--source", "jira.other.example", stdin=JIRA_TABLE)
    said = desk.tix("import", "-", "--source", "jira.other.example", stdin=JIRA_TABLE).err
    assert "skipped 2 tickets imported before" in said
    found = desk.tix("list", "--all", "--json").json
    assert {one["about"] for one in found} == {
        "jira:SHOP-7", "jira:SHOP-8", "jira:jira.other.example#SHOP-7", "jira:jira.other.example#SHOP-8",
    }  # fmt: skip


def test_a_named_source_that_may_be_the_same_is_said(desk: Shell):
    desk.tix("import", "-", stdin=JIRA_TABLE)
    said = desk.tix("import", "-", "--source", "jira.example", stdin=JIRA_TABLE).err
    assert "possible doubles, with the same number and subject: TIX-3 and TIX-1, TIX-4 and TIX-2" in said
    # The host that was named is that of the file now.
    again = desk.tix("import", "-", stdin=JIRA_ISSUES).err
    assert "skipped 2 tickets imported before" in again


def test_a_number_with_another_subject_or_time_is_another_issue(desk: Shell):
    desk.tix("import", "-", stdin=JIRA_TABLE)
    later = JIRA_ISSUES.replace("2026-01-12", "2026-03-12").replace('"Door"', '"Window"')
    said = desk.tix("import", "-", stdin=later)
    assert said.out.split() == ["TIX-3", "TIX-4"]
    assert "possible doubles, with the same number and subject: TIX-3 and TIX-1" in said.err


def test_both_dates_and_the_source_come_back_from_our_own_table(desk: Shell):
    head = "subject,status,created_at,resolved_at,closed_at,source"
    row = "Both,closed,2026-01-01T00:00:00Z,2026-01-02T00:00:00Z,2026-01-09T00:00:00Z,phone"
    desk.tix("import", "-", stdin=f"{head}\n{row}\n")
    table = desk.tix("export", "-o", "csv").out
    other = desk.folder / "other"
    other.mkdir()
    there = Shell(other)
    there.tix("import", "-", stdin=table)
    [found] = there.tix("list", "--all", "--json").json
    assert (found["resolved_at"], found["closed_at"], found["source"]) == (
        "2026-01-02T00:00:00Z",
        "2026-01-09T00:00:00Z",
        "phone",
    )


def test_what_list_prints_is_read(desk: Shell):
    desk.tix("new", "Jam", "-m", "x")
    printed = desk.tix("list", "--all", "--json").out
    other = desk.folder / "other"
    other.mkdir()
    assert Shell(other).tix("import", "-", stdin=printed).out.split() == ["TIX-1"]


def test_dependencies_become_links(desk: Shell):
    one = {"id": "a-1", "title": "T", "created_at": "2026-01-01T00:00:00Z", "issue_type": "task"}
    lines = [
        {
            **one,
            "dependencies": [
                {"depends_on_id": "a-2", "type": "blocks"},
                {"depends_on_id": "a-9", "type": "blocks"},
            ],
        },
        {**one, "id": "a-2"},
        {"_type": "memory", "key": "k"},
    ]
    said = desk.tix("import", "-", stdin="".join(json.dumps(line) + "\n" for line in lines)).err
    assert "left out 1 link:" in said
    assert "skipped 1 line that is not an issue" in said
    assert desk.tix("show", "1", "--json").json["links"] == [{"relation": "blocked-by", "ref": "TIX-2"}]
    assert desk.tix("show", "2", "--json").json["links"] == [{"relation": "blocks", "ref": "TIX-1"}]
    assert desk.tix("doctor").code == 0


def test_a_newer_file_says_which_records_differ(desk: Shell):
    line = {
        "id": "a-1",
        "title": "T",
        "status": "open",
        "created_at": "2026-01-01T00:00:00Z",
        "issue_type": "task",
    }
    desk.tix("import", "-", stdin=json.dumps(line))
    assert "TIX-1" not in desk.tix("import", "-", stdin=json.dumps(line)).err
    assert "TIX-1" in desk.tix("import", "-", stdin=json.dumps({**line, "status": "closed"})).err


def test_another_repository_is_asked_for(desk: Shell):
    issue = {"number": 1, "title": "A", "body": "b", "state": "OPEN", "createdAt": "2026-01-01T00:00:00Z"}
    desk.tix("import", "-", stdin=json.dumps([issue]))
    other = json.dumps([{**issue, "title": "Another"}])
    assert "--source" in desk.tix("import", "-", stdin=other, check=2).err
    desk.tix("import", "-", "--source", "acme/shop", stdin=other)
    assert {one["about"] for one in desk.tix("list", "--json").json} == {"github:1", "github:acme/shop#1"}


def test_what_an_agent_brings_names_them_and_rates_nobody(desk: Shell):
    desk.people("sam:agent", "lan:requester")
    desk.tix("new", "Jam", "-m", "x", as_="lan")
    desk.tix("resolve", "1", "-m", "done", as_="sam")
    desk.tix("rate", "1", "5", as_="lan")
    archive = desk.tix("export").out
    other = desk.folder / "other"
    other.mkdir()
    there = Shell(other)
    there.people("kim:agent")
    there.tix("import", "-", stdin=archive, as_="kim")
    found = there.tix("show", "1", "--json").json
    assert found["rating"] is None
    assert [item["via"] for item in found["thread"] if item["kind"] != "event"] == ["kim", "kim"]
    last = found["thread"][-1]
    assert (last["event"]["type"], last["by"]) == ("imported", "kim")
    assert there.tix("doctor").code == 0


def github(**fields: object) -> str:
    told = {"number": 1, "title": "A", "body": "b", "state": "OPEN", "createdAt": "2026-01-05T00:00:00Z"}
    told["url"] = "https://github.com/o/r/issues/1"
    return json.dumps([{**told, **fields}])


def test_a_newer_file_may_say_that_a_ticket_was_created_before(desk: Shell):
    desk.tix("import", "-", stdin=github())
    earlier = github(
        createdAt="2026-01-01T00:00:00Z",
        comments=[{"author": {"login": "bo"}, "body": "Same.", "createdAt": "2026-01-02T00:00:00Z"}],
    )
    desk.tix("import", "-", "--update", stdin=earlier)
    assert desk.tix("import", "-", "--update", "--json", stdin=earlier).json["updated"] == 0
    shown = desk.tix("show", "1", "--json").json
    assert [item["body"] for item in shown["thread"] if item["kind"] == "message"] == ["b", "Same."]
    assert desk.tix("doctor").code == 0


def test_a_ticket_that_is_open_again_in_a_newer_file_keeps_when_it_is_due(desk: Shell):
    fields = {"summary": "A", "created": "2026-01-05T10:00:00.000+0000", "duedate": "2027-01-06"}
    over = {**fields, "status": {"name": "Done"}, "resolutiondate": "2026-01-05T15:00:00.000+0000"}
    again = {**fields, "status": {"name": "Open"}, "updated": "2026-01-05T16:00:00.000+0000"}
    for told in (over, again):
        desk.tix("import", "-", "--update", stdin=json.dumps({"issues": [{"key": "A-1", "fields": told}]}))
    shown = desk.tix("show", "1", "--json").json
    assert (shown["phase"], shown["due_at"]) == ("open", "2027-01-06T23:59:59Z")
    same = desk.tix(
        "import", "-", "--update", "--json", stdin=json.dumps({"issues": [{"key": "A-1", "fields": again}]})
    )
    assert same.json["updated"] == 0
