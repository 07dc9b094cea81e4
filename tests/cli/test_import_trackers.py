"""Files of other trackers through the command line: what is on the desk afterwards."""

import json

from tests.harness import Shell
from tests.unit.trackers.samples import JIRA, as_json


def test_status_changes_of_a_source_are_made_at_their_time_by_whom_it_says(desk: Shell) -> None:
    desk.tix("init")
    other = {**JIRA, "key": "SUP-8", "changelog": {}, "fields": {**JIRA["fields"], "issuelinks": []}}
    (desk.folder / "jira.json").write_bytes(as_json({"issues": [JIRA, other]}))
    done = desk.tix("import", "jira.json", "--json")
    assert done.json["imported"] == 2
    log = [one for one in desk.tix("log", "1", "-o", "jsonl").jsonl if one["kind"] == "event"]
    assert [
        (one["event"]["new"], one["at"], one["by"]) for one in log if one["event"]["field"] == "status"
    ] == [
        ("in-progress", "2026-01-05T11:30:00Z", "bob-ray"),
        ("closed", "2026-01-05T15:00:00Z", "bob-ray"),
    ]
    shown = desk.tix("show", "1", "--json").json
    assert (shown["status"], shown["about"], shown["priority"]) == (
        "closed",
        "jira:acme.atlassian.net#SUP-7",
        "urgent",
    )
    assert json.dumps(shown["links"]).count("TIX-2") == 1
    assert desk.tix("import", "jira.json", "--json").json["skipped"] == 2
