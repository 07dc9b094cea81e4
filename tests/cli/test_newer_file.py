"""A newer file of the same source: what it changes, what stays because people here changed it, and what is said."""

import json
from copy import deepcopy
from typing import Any

import pytest

from tests.harness import Shell

ISSUE: dict[str, Any] = {
    "number": 7,
    "title": "Printer jams",
    "body": "Every second page.",
    "state": "OPEN",
    "createdAt": "2026-01-01T00:00:00Z",
    "updatedAt": "2026-01-02T00:00:00Z",
    "author": {"login": "lan"},
    "labels": [{"name": "paper"}],
    "url": "https://github.com/acme/shop/issues/7",
    "comments": [{"author": {"login": "bo"}, "body": "Same here.", "createdAt": "2026-01-02T00:00:00Z"}],
}
LATER = {"author": {"login": "bo"}, "body": "Still.", "createdAt": "2026-01-03T00:00:00Z"}


def _changed(**given: Any) -> dict[str, Any]:
    return deepcopy(ISSUE) | given


def _take(desk: Shell, *issues: dict[str, Any], options: tuple[str, ...] = ("--update",)) -> Any:
    return desk.tix("import", "-", "--json", *options, stdin=json.dumps(issues))


@pytest.fixture
def moved(desk: Shell) -> Shell:
    """A desk with one imported ticket, TIX-1."""
    desk.people("sam:agent")
    _take(desk, ISSUE, options=())
    return desk


def _ticket(desk: Shell, ref: str = "1") -> dict[str, Any]:
    found: dict[str, Any] = desk.tix("show", ref, "--json").json
    return found


def _texts(ticket: dict[str, Any]) -> list[str]:
    return [item["body"] for item in ticket["thread"] if item["kind"] != "event"]


def test_a_newer_file_is_followed(moved: Shell):
    newer = _changed(
        title="Printer jams often",
        body="Every page.",
        state="CLOSED",
        closedAt="2026-01-04T00:00:00Z",
        closedBy={"login": "bo"},
        labels=[{"name": "urgent"}],
        comments=[*ISSUE["comments"], LATER],
    )
    done = _take(moved, newer)
    assert {name: done.json[name] for name in ("imported", "updated", "skipped", "entries")} == {
        "imported": 0,
        "updated": 1,
        "skipped": 0,
        "entries": 1,
    }
    assert "updated 1 ticket: TIX-1" in done.err
    found = _ticket(moved)
    assert (found["subject"], found["status"], found["tags"]) == ("Printer jams often", "closed", ["urgent"])
    assert (found["closed_at"], found["closed_by"]) == ("2026-01-04T00:00:00Z", "bo")
    assert _texts(found) == ["Every page.", "Same here.", "Still."]
    assert found["thread"][-1]["at"] >= "2026-01-04T00:00:00Z"
    assert moved.tix("doctor").code == 0


def test_the_same_file_again_changes_nothing(moved: Shell):
    newer = _changed(title="Other", state="CLOSED", closedAt="2026-01-04T00:00:00Z", comments=[LATER])
    _take(moved, newer)
    before = moved.tix("export").raw_out
    for _ in range(2):
        done = _take(moved, newer)
        assert (done.json["updated"], done.json["skipped"], done.json["entries"]) == (0, 1, 0)
    assert moved.tix("export").raw_out == before


def test_without_the_flag_it_says_how_many_differ_and_which_flag_takes_them(moved: Shell):
    before = moved.tix("export").raw_out
    done = _take(moved, _changed(comments=[LATER]), options=())
    assert (done.json["differing"], done.json["differing_tickets"]) == (1, ["TIX-1"])
    assert "1 ticket imported before and different in the file" in done.err
    assert "--update" in done.err
    assert moved.tix("export").raw_out == before
    assert "different" not in _take(moved, ISSUE, options=()).err


def test_what_people_here_changed_stays(moved: Shell):
    moved.tix("edit", "1", "--subject", "Ours", "--tag", "ours", "--priority", "high", as_="sam")
    moved.tix("reply", "1", "-m", "We look.", as_="sam")
    moved.tix("note", "1", "-m", "Old model.", as_="sam")
    newer = _changed(title="Theirs", labels=[{"name": "urgent"}], comments=[*ISSUE["comments"], LATER])
    done = _take(moved, newer)
    assert "kept what was changed here: TIX-1 (subject)" in done.err
    found = _ticket(moved)
    assert (found["subject"], found["priority"]) == ("Ours", "high")
    assert found["tags"] == ["ours", "urgent"]
    assert sorted(_texts(found)) == sorted(
        ["Every second page.", "Same here.", "Still.", "We look.", "Old model."]
    )
    assert moved.tix("doctor").code == 0


@pytest.mark.parametrize("who", ["sam", "time"])
def test_a_status_that_was_set_here_stays(moved: Shell, who: str):
    moved.tix("resolve", "1", "-m", "Cleaned.", as_="sam")
    if who == "time":
        moved.tix("tick")
    done = _take(moved, _changed(state="CLOSED", closedAt="2026-01-04T00:00:00Z"))
    assert "TIX-1 (status)" in done.err
    assert _ticket(moved)["status"] == "resolved"


def test_a_source_that_reopened_it_is_followed(moved: Shell):
    _take(moved, _changed(state="CLOSED", closedAt="2026-01-04T00:00:00Z"))
    assert _ticket(moved)["status"] == "closed"
    _take(moved, _changed(state="OPEN", updatedAt="2026-01-05T00:00:00Z"))
    found = _ticket(moved)
    assert (found["status"], found["closed_at"]) == ("open", None)
    assert moved.tix("doctor").code == 0


def test_a_text_that_was_changed_in_the_source_keeps_the_old_one_for_admins(moved: Shell):
    comment = {**ISSUE["comments"][0], "body": "Same here, on two floors."}
    _take(moved, _changed(comments=[comment]))
    found = _ticket(moved)
    assert _texts(found)[1] == "Same here, on two floors."
    assert [item["event"]["old"] for item in found["thread"] if item["event"]] == ["Same here."]
    assert len(moved.tix("search", "floors", "--json").json) == 1


def test_tickets_that_ended_here_are_left_and_named(moved: Shell):
    moved.tix("workflow", "use", "itflow")
    moved.tix("new", "Other", "-m", "x")
    _take(
        moved,
        *(
            {**ISSUE, "number": number, "url": f"https://github.com/acme/shop/issues/{number}"}
            for number in (8, 9)
        ),
    )
    moved.tix("merge", "1", "--into", "2", "--yes")
    moved.tix("close", "3", as_="sam")
    moved.tix("delete", "4", "--yes")
    before = moved.tix("export").raw_out
    newer = [
        {
            **_changed(comments=[LATER]),
            "number": number,
            "url": f"https://github.com/acme/shop/issues/{number}",
        }
        for number in (7, 8, 9)
    ]
    done = _take(moved, *newer)
    said = {one["reason"]: one["examples"] for one in done.json["left_out"]}
    assert said == {
        "left unchanged: merged into another ticket here": ["TIX-1"],
        "left unchanged: closed for good here": ["TIX-3"],
        "left unchanged: deleted here": ["github:acme/shop#9"],
    }
    assert "left unchanged: closed for good here (TIX-3)" in done.err
    assert moved.tix("export").raw_out == before


def test_an_export_and_import_keep_what_identifies_entries(moved: Shell):
    moved.tix("reply", "1", "-m", "We look.", as_="sam")
    newer = _changed(title="Other", comments=[*ISSUE["comments"], LATER])
    _take(moved, newer)
    folder = moved.folder / "other"
    folder.mkdir()
    there = Shell(folder)
    there.tix("import", "-", stdin=moved.tix("export").raw_out)
    before = there.tix("export").raw_out
    assert _take(there, newer).json["updated"] == 0
    assert there.tix("export").raw_out == before
    done = _take(there, _changed(title="Third", comments=[*ISSUE["comments"], LATER]))
    assert (done.json["updated"], done.json["entries"]) == (1, 0)
    assert _ticket(there)["subject"] == "Third"


def test_a_newer_export_of_ours_is_followed(moved: Shell):
    folder = moved.folder / "other"
    folder.mkdir()
    there = Shell(folder)
    there.people("kim:agent")
    there.tix("import", "-", stdin=moved.tix("export").raw_out)
    moved.tix("reply", "1", "-m", "We look.", "--status", "on-hold", as_="sam")
    moved.tix("edit", "1", "--priority", "urgent", as_="sam")
    newer = moved.tix("export").raw_out
    assert there.tix("import", "-", "--update", "--json", stdin=newer).json["updated"] == 1
    found = _ticket(there)
    assert (found["status"], found["priority"]) == ("on-hold", "urgent")
    assert [item["by"] for item in found["thread"] if item["body"] == "We look."] == ["sam"]
    before = there.tix("export").raw_out
    assert there.tix("import", "-", "--update", "--json", stdin=newer).json["updated"] == 0
    assert there.tix("export").raw_out == before
    assert there.tix("doctor").code == 0


def test_a_rehearsal_of_an_update_writes_nothing(moved: Shell):
    before = moved.tix("export").raw_out
    assert _take(moved, _changed(comments=[LATER]), options=("--update", "--dry-run")).json["updated"] == 1
    assert moved.tix("export").raw_out == before


def test_an_update_cannot_be_undone_and_says_so(moved: Shell):
    _take(moved, _changed(title="Other"))
    assert "an import cannot be undone" in moved.tix("undo", check=5).err


def test_an_agent_updates_what_they_see(moved: Shell):
    moved.tix("department", "add", "Hidden")
    moved.tix("department", "add", "Seen")
    moved.tix("user", "add", "kim", "--role", "agent", "--departments", "Seen")
    moved.tix("edit", "1", "--department", "Hidden")
    before = moved.tix("export").raw_out
    done = moved.tix(
        "import", "-", "--update", "--json", stdin=json.dumps([_changed(title="Other")]), as_="kim"
    )
    assert (done.json["updated"], "TIX-1" in done.err) == (0, False)
    assert moved.tix("export").raw_out == before


# ------------------------------------------------------------------------------------------------ people


TABLE = "subject,requester,number\n"


def test_a_name_is_the_same_person_in_a_later_file_even_if_they_got_an_address(desk: Shell):
    desk.tix("import", "-", stdin=f"{TABLE}One,Anna Müller,1\n")
    desk.tix("user", "edit", "anna-muller", "--email", "anna@x.example")
    done = desk.tix("import", "-", "--json", stdin=f"{TABLE}Two,Anna Müller,2\n")
    assert done.json["new_people"] == []
    assert {one["requester"] for one in desk.tix("list", "--json").json} == {"anna-muller"}


def test_a_person_who_was_merged_is_whom_they_were_merged_into(desk: Shell):
    desk.tix("user", "add", "am", "--name", "A. Müller", "--email", "am@x.example")
    desk.tix("import", "-", stdin=f"{TABLE}One,Anna Müller,1\n")
    desk.tix("user", "merge", "anna-muller", "--into", "am", "--yes")
    desk.tix("import", "-", stdin=f"{TABLE}Two,Anna Müller,2\n")
    assert {one["requester"] for one in desk.tix("list", "--json").json} == {"am"}


def test_an_account_is_never_taken_for_a_name(desk: Shell):
    """Neither one that is called the same, nor one whose login the name would get."""
    desk.tix("user", "add", "anna-muller", "--name", "Anna Müller", "--email", "anna@x.example")
    done = desk.tix("import", "-", "--json", stdin=f"{TABLE}One,Anna Müller,1\n")
    assert done.json["new_people"] == [{"login": "anna-muller-2", "name": "Anna Müller", "email": None}]
    assert "new people: anna-muller-2" in done.err


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("who.csv", "name,login\nAnna Müller,sam\nB. Old,Bo <bo@x.example>\n"),
        ("who.csv", "Anna Müller;sam\n\nB. Old;Bo <bo@x.example>\n"),
        ("who.toml", '"Anna Müller" = "sam"\n"B. Old" = "Bo <bo@x.example>"\n'),
        ("who.toml", '[people]\n"Anna Müller" = "sam"\n"B. Old" = "Bo <bo@x.example>"\n'),
    ],
)
def test_a_file_says_who_is_who(desk: Shell, name: str, text: str):
    desk.people("sam:agent")
    (desk.folder / name).write_text(text)
    rows = f"{TABLE}One,anna  müller,1\nTwo,B. Old,2\n"
    done = desk.tix("import", "-", "--people", name, "--json", stdin=rows)
    assert done.json["new_people"] == [{"login": "bo@x.example", "name": "Bo", "email": "bo@x.example"}]
    assert {one["requester"] for one in desk.tix("list", "--json").json} == {"sam", "bo@x.example"}


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("who.csv", "Anna,sma\nBo,nobody\n", "no person on this desk is called 'sma', 'nobody'"),
        ("who.csv", "Anna\n", "line 1 of 'who.csv' is not a name and a person"),
        ("who.csv", "Anna,a,b\n", "line 1 of 'who.csv' is not a name and a person"),
        ("who.csv", "Anna,sam\nAnna,bo\n", "'Anna' is 'sam' in another line"),
        ("who.csv", 'Anna,"sam\n', "is not valid CSV"),
        ("who.toml", "Anna = 1\n", "'Anna' in 'who.toml' is not a text"),
        ("who.toml", "Anna\n", "is not valid TOML"),
        ("none.csv", None, "cannot read the file 'none.csv'"),
    ],
)
def test_a_file_of_people_that_is_wrong_is_one_sentence(desk: Shell, name: str, text: str | None, said: str):
    desk.people("sam:agent")
    if text is not None:
        (desk.folder / name).write_text(text)
    failed = desk.tix("import", "-", "--people", name, stdin=f"{TABLE}One,Anna,1\n", check=2)
    assert said in failed.err
    assert desk.tix("list", "--all", "--json").json == []


# ------------------------------------------------------------------------------------------- the report


def test_a_file_that_comes_to_an_issue_of_redmine_does_not_make_it_another(desk: Shell):
    """Only the addresses of files name the server: an issue that gets its first one is the same issue."""
    issue = {
        "id": 7, "subject": "Printer", "description": "It jams.", "tracker": {"id": 1, "name": "Bug"},
        "project": {"id": 1, "name": "Shop"}, "status": {"id": 1, "name": "New"}, "author": {"id": 5, "name": "Ann"},
        "created_on": "2026-01-02T10:00:00Z", "updated_on": "2026-01-02T10:00:00Z", "journals": [],
    }  # fmt: skip
    said = {
        "id": 3,
        "user": {"id": 6, "name": "Bo"},
        "notes": "Try now.",
        "created_on": "2026-01-03T10:00:00Z",
        "details": [],
    }
    file = {
        "id": 9,
        "filename": "log.txt",
        "filesize": 3,
        "content_url": "https://redmine.example/attachments/9/log.txt",
    }
    later = {**issue, "updated_on": "2026-01-03T10:00:00Z", "journals": [said], "attachments": [file]}
    desk.tix("import", "-", stdin=json.dumps({"issues": [issue]}))
    desk.tix("import", "-", "--update", stdin=json.dumps({"issues": [later]}))
    [ticket] = desk.tix("list", "--all", "--json").json
    assert "Try now." in [
        entry.get("body") for entry in desk.tix("show", ticket["ref"], "--json").json["thread"]
    ]


def test_the_report_is_written_as_it_is_printed(desk: Shell):
    rows = f"{TABLE}One,Anna,1\nTwo,Bo,x\nThree,Cy,y\n"
    for name in ("report.json", "report.md"):
        options = ("--keep-going", "--dry-run", "--report", name, "--json")
        done = desk.tix("import", "-", *options, stdin=rows, check=9)
        if name.endswith("json"):
            assert json.loads((desk.folder / name).read_text()) == done.json
    left = done.json["left_out"][0]
    assert (left["reason"], left["records"], left["examples"][0]) == (
        "broken records",
        2,
        "line 3: 'x' is not a ticket number",
    )
    page = (desk.folder / "report.md").read_text()
    assert "| Tickets imported | 1 |" in page
    assert "- broken records (2)\n  - line 3: 'x' is not a ticket number" in page
    assert "- anna: Anna" in page


def test_a_refused_import_has_a_report_too(desk: Shell):
    desk.tix("import", "-", "--report", "r.json", stdin=f"{TABLE}One,Anna,x\n", check=2)
    assert json.loads((desk.folder / "r.json").read_text())["failed"] == 1


def test_a_report_that_cannot_be_written_is_refused_first(desk: Shell):
    (desk.folder / "there.md").write_text("mine")
    rows = f"{TABLE}One,Anna,1\n"
    assert "already exists" in desk.tix("import", "-", "--report", "there.md", stdin=rows, check=None).err
    assert "does not exist" in desk.tix("import", "-", "--report", "no/r.md", stdin=rows, check=2).err
    assert (desk.folder / "there.md").read_text() == "mine"
    assert desk.tix("list", "--all", "--json").json == []


# ------------------------------------------------------------------------------------------------ tables


def _jira(*rows: str) -> str:
    head = "Summary,Issue key,Issue id,Issue Type,Status,Priority,Reporter,Created,Updated,Comment,Comment"
    return "\n".join([head, *rows, ""])


JIRA = (
    "Printer,SHOP-1,1,Bug,Open,High,Anna Müller,2026-01-01 09:00,2026-01-02 09:00,2026-01-02 09:00;bo;Same,"
)
LATER_IN_JIRA = JIRA.replace("High", "Low").replace("bo;Same,", "bo;Same,2026-01-03 10:00;bo;Still")


def test_a_newer_table_of_a_tracker_is_followed(desk: Shell):
    desk.tix("import", "-", stdin=_jira(JIRA))
    assert _ticket(desk)["about"] == "jira:SHOP-1"
    done = desk.tix("import", "-", "--update", "--json", stdin=_jira(LATER_IN_JIRA))
    assert (done.json["updated"], done.json["entries"], done.json["people"]) == (1, 1, 0)
    found = _ticket(desk)
    assert found["priority"] == "low"
    assert _texts(found)[-1] == "Still"
    assert desk.tix("import", "-", "--update", "--json", stdin=_jira(LATER_IN_JIRA)).json["updated"] == 0


def test_a_table_of_another_system_is_not_taken_for_a_newer_one(desk: Shell):
    desk.tix("import", "-", stdin=_jira(JIRA))
    other = _jira(JIRA.replace("Printer", "Door").replace("2026-01-01", "2025-05-05"))
    before = desk.tix("export").raw_out
    for options in ((), ("--update",)):
        assert "--source" in desk.tix("import", "-", *options, stdin=other, check=2).err
    assert desk.tix("export").raw_out == before
    desk.tix("import", "-", "--source", "old.example", stdin=other)
    shown = desk.tix("list", "--all", "--about", "jira:old.example#*", "--json").json
    assert [one["about"] for one in shown] == ["jira:old.example#SHOP-1"]
