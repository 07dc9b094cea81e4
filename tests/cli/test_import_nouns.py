"""What a file says of a desk's set-up is judged before it is believed: nouns, people, and what tickets hold."""

import copy
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.harness import Shell

WORKFLOW = {
    "name": "own",
    "title": "Own",
    "statuses": [
        {"name": "new", "phase": "open", "label": "New", "colour": "", "aliases": [], "pauses": False, "final": False},
        {"name": "over", "phase": "closed", "label": "Over", "colour": "", "aliases": [], "pauses": False, "final": False},
    ],
    "rules": [
        {"on": "close", "from": ["new"], "to": "over", "by": "anyone"},
        {"on": "reopen", "from": ["over"], "to": "new", "by": "anyone"},
    ],
    "rated_in": ["closed"],
    "window_seconds": 0,
    "claims": False,
    "hints": {},
}  # fmt: skip


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The lines of an export of a small desk that has every kind of noun."""
    desk = Shell(tmp_path_factory.mktemp("told"))
    desk.now = "2026-11-20T09:00:00Z"
    desk.tix("init")
    desk.tix("client", "add", "Acme", "--domain", "acme.example", "--rate", "90", "--currency", "eur")
    desk.tix(
        "calendar",
        "add",
        "Days",
        "--hours",
        "mon-fri 9-17",
        "--zone",
        "Europe/Berlin",
        "--holiday",
        "2026-12-24",
    )
    desk.tix(
        "sla",
        "add",
        "gold",
        "--grace",
        "4h",
        "--response",
        "30m",
        "--calendar",
        "Days",
        "--override",
        "high=1h",
    )
    desk.tix("department", "add", "Front", "--sla", "gold", "--map", "on-hold=open", "--email", "f@x.example")
    desk.tix("team", "add", "night")
    desk.tix("topic", "add", "Help/Printer", "--department", "Front", "--team", "night")
    desk.tix("topic", "field", "add", "Help/Printer", "brand", "--kind", "choice", "--choices", "North,South")
    desk.tix("asset", "add", "PC 1", "--client", "Acme")
    desk.tix("user", "add", "ann", "--role", "agent", "--departments", "Front", "--teams", "night")
    desk.tix("user", "add", "bob", "--client", "Acme", "--contact", "primary")
    desk.tix("user", "add", "lan", "--client", "Acme", "--manager", "bob")
    desk.tix(
        "schedule", "add", "rounds", "--subject", "Walk", "-m", "x", "--every", "weekly", "--for", "lan", "-a", "ann",
        "--topic", "Help/Printer", "--field", "brand=north", "--asset", "PC 1", "--tag", "ops", "--due", "+3d",
    )  # fmt: skip
    new = ("new", "Jam", "-m", "x", "--for", "lan", "--topic", "Help/Printer", "--field", "brand=north")
    desk.tix(*new, "--asset", "PC 1")
    desk.tix("hold", "1")
    desk.now = "2026-11-23T09:00:00Z"
    desk.tix("start", "1")
    return [json.loads(line) for line in desk.tix("export").raw_out.splitlines()]


def _text(lines: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(line) + "\n" for line in lines)


def _at(value: Any, path: str) -> tuple[Any, str | int]:
    """What holds the last part of a path, and that part: ``nouns.client.0.name``."""
    *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    for part in way:
        value = value[part]
    return value, last


def test_the_file_itself_is_taken(told: list[dict[str, Any]], desk: Shell):
    desk.tix("import", "-", stdin=_text(told))
    assert desk.tix("doctor").code == 0


HOSTILE: list[tuple[str, Any]] = [
    ("nouns", []), ("nouns", "x"), ("nouns.client", {}), ("nouns.client.0", 7), ("nouns.spaceship", []),
    ("nouns.client.0.name", None), ("nouns.client.0.name", 7), ("nouns.client.0.name", ""), ("nouns.client.0.name", "a,b"),
    ("nouns.client.0.name", "none"), ("nouns.client.0.name", "x" * 200), ("nouns.client.0.name", "a\nb"),
    ("nouns.client.0.domains", "[1]"), ("nouns.client.0.domains", "["), ("nouns.client.0.domains", '{"a": 1}'),
    ("nouns.client.0.domains", ["acme.example"]), ("nouns.client.0.domains", '["not a domain"]'),
    ("nouns.client.0.domains", "[" * 100_000), ("nouns.client.0.rate", "1e999999999"), ("nouns.client.0.rate", 90),
    ("nouns.client.0.currency", "euro"), ("nouns.client.0.active", 2), ("nouns.client.0.active", "yes"),
    ("nouns.client.0.active", None), ("nouns.client.0.extra", 1), ("nouns.client.0.notes", "a\x00b"),
    ("nouns.client.0.notes", "\ud800"), ("nouns.client.0.notes", 2**70),
    ("nouns.department.0.sla", "no such plan"), ("nouns.department.0.sla", 5), ("nouns.department.0.workflow", "nope"),
    ("nouns.department.0.calendar", "nope"), ("nouns.department.0.mapping", "[[1]]"),
    ("nouns.department.0.mapping", '{"a": 1}'), ("nouns.department.0.mapping", '{"a": "\\u001b[2J"}'),
    ("nouns.department.0.email", "nobody"),
    ("nouns.sla.0.grace_seconds", 0), ("nouns.sla.0.grace_seconds", -1), ("nouns.sla.0.grace_seconds", 2**53),
    ("nouns.sla.0.grace_seconds", 2**52), ("nouns.sla.0.grace_seconds", "4h"), ("nouns.sla.0.grace_seconds", 4.5),
    ("nouns.sla.0.grace_seconds", None), ("nouns.sla.0.response_seconds", 10**9), ("nouns.sla.0.overrides", "[[1,2,3]]"),
    ("nouns.sla.0.overrides", '[["high"]]'), ("nouns.sla.0.overrides", '[["high", "x", null]]'),
    ("nouns.sla.0.overrides", '[["high", 1, 2, 3]]'), ("nouns.sla.0.overrides", "7"),
    ("nouns.calendar.0.hours", "whenever"), ("nouns.calendar.0.hours", ""), ("nouns.calendar.0.hours", "mon 9-99"),
    ("nouns.calendar.0.zone", "Mars/Olympus"), ("nouns.calendar.0.zone", "../../etc/passwd"),
    ("nouns.calendar.0.country", "XX"), ("nouns.holiday.0.day", 0), ("nouns.holiday.0.day", 10**12),
    ("nouns.holiday.0.day", "2026-12-24"), ("nouns.holiday.0.calendar", "nope"), ("nouns.holiday.0.by_hand", 7),
    ("nouns.holiday.0.name", "\x1b[2J"),
    ("nouns.topic.0.name", "Help/"), ("nouns.topic.0.name", "Other/Printer"), ("nouns.topic.0.assignee", "nobody"),
    ("nouns.topic.0.team", "nope"), ("nouns.topic.0.status", "no such\nstatus"), ("nouns.topic.0.position", -1),
    ("nouns.topic_field.0.kind", "spaceship"), ("nouns.topic_field.0.key", "NO KEY"), ("nouns.topic_field.0.topic", "nope"),
    ("nouns.topic_field.0.choices", "[1, 2]"), ("nouns.topic_field.0.choices", None), ("nouns.topic_field.0.label", ""),
    ("nouns.topic_field.0.default", "West"), ("nouns.topic_field.0.required", "no"), ("nouns.asset.0.client", "nope"),
    ("nouns.workflow", [{"name": "own", "definition": "nonsense"}]), ("nouns.workflow", [{"name": "own", "definition": None}]),
    ("nouns.workflow", [{"name": "own", "definition": "[]"}]), ("nouns.workflow", [{"name": "own", "definition": "{}"}]),
    ("nouns.workflow", [{"name": "other", "definition": json.dumps(WORKFLOW)}]),
    ("nouns.workflow", [{"name": "standard", "definition": json.dumps({**WORKFLOW, "name": "standard"})}]),
    ("nouns.workflow", [{"name": "own", "definition": json.dumps({**WORKFLOW, "rules": []})}]),
    ("nouns.workflow", [{"name": "own", "definition": json.dumps({**WORKFLOW, "statuses": []})}]),
    ("nouns.workflow", [{"name": "own", "definition": json.dumps({**WORKFLOW, "window_seconds": "x"})}]),
    ("nouns.workflow", [{"name": "own", "definition": json.dumps({**WORKFLOW, "window_seconds": 10**30})}]),
    ("nouns.workflow", [{"name": "own", "definition": json.dumps({**WORKFLOW, "title": ["x"]})}]),
    ("nouns.workflow", [{"name": "own", "definition": json.dumps({**WORKFLOW, "claims": "maybe"})}]),
    ("nouns.workflow", [{"name": "own", "definition": json.dumps({**WORKFLOW, "rated_in": [{}]})}]),
    ("nouns.schedule.0.name", "a,b"), ("nouns.schedule.0.owner", "nobody"), ("nouns.schedule.0.owner", None),
    ("nouns.schedule.0.requester", "nobody"), ("nouns.schedule.0.requester", None), ("nouns.schedule.0.assignee", "nobody"),
    ("nouns.schedule.0.every", "sometimes"), ("nouns.schedule.0.every", "Weekly"), ("nouns.schedule.0.every", None),
    ("nouns.schedule.0.every", "FREQ=DAILY;INTERVAL=0"), ("nouns.schedule.0.every", "FREQ=HOURLY"),
    ("nouns.schedule.0.every", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"), ("nouns.schedule.0.every", "FREQ=DAILY=;X"),
    ("nouns.schedule.0.zone", "Mars/Olympus"), ("nouns.schedule.0.zone", "../../etc/passwd"), ("nouns.schedule.0.zone", None),
    ("nouns.schedule.0.start_at", None), ("nouns.schedule.0.start_at", 2**52), ("nouns.schedule.0.start_at", "now"),
    ("nouns.schedule.0.next_at", 2**52), ("nouns.schedule.0.paused", 1), ("nouns.schedule.0.paused", 7),
    ("nouns.schedule.0.subject", ""), ("nouns.schedule.0.subject", None), ("nouns.schedule.0.subject", "a\nb"),
    ("nouns.schedule.0.body", None), ("nouns.schedule.0.body", 7), ("nouns.schedule.0.topic", "nope"),
    ("nouns.schedule.0.type", "no such\ntype"), ("nouns.schedule.0.priority", "\x1b[2J"), ("nouns.schedule.0.due", "2027-01-01"),
    ("nouns.schedule.0.assets", '["nope"]'), ("nouns.schedule.0.assets", "[1]"), ("nouns.schedule.0.tags", '["a b"]'),
    ("nouns.schedule.0.tags", "[1]"), ("nouns.schedule.0.fields", '[["a"]]'), ("nouns.schedule.0.fields", "7"),
    ("nouns.schedule.0.fields", '{"a": 1}'), ("nouns.schedule.0.fields", '[["", "x"]]'), ("nouns.schedule.0.email", "nobody"),
    ("nouns.schedule.0.about", "x"), ("nouns.schedule.0.spaceship", 1),
    ("people.0.role", "king"), ("people.0.client", "nope"), ("people.0.client", "Acme"), ("people.0.teams", ["nope"]),
    ("people.0.departments", ["nope"]), ("people.0.departments", "all"), ("people.0.teams", [7]), ("people.0.contact", ["x"]),
    ("people.0.manager", "nobody"), ("people.0.merged_into", "nobody"), ("people.0.merged_into", "ann"),
    ("people.0.away_until", 2**60), ("people.0.away_until", "soon"), ("people.1.manager", "lan"), ("people.1.manager", "bob"),
    ("people.1.teams", ["night"]), ("people.1.client", None), ("people.1.active", "no"),
    ("settings.default_sla", "nope"), ("settings.default_topic", "nope"), ("settings.default_department", "nope"),
    ("settings.workflow", "nope"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "value"), HOSTILE, ids=[f"{n}-{path}" for n, (path, _) in enumerate(HOSTILE)]
)
def test_facts_that_cannot_be_so_are_refused(told: list[dict[str, Any]], desk: Shell, path: str, value: Any):
    """One sentence, exit 2, and no desk is made."""
    lines = copy.deepcopy(told)
    facts = lines[0]["desk"]
    facts["people"] = [one for one in facts["people"] if one["login"] in ("ann", "bob", "lan")]
    facts["nouns"]["topic"].sort(key=lambda one: -len(one["name"]))
    holder, last = _at(facts, path)
    holder[last] = value
    done = desk.tix("import", "-", stdin=_text(lines), check=2)
    assert done.out == ""
    assert done.err.startswith("tix: ")
    assert "Traceback" not in done.err
    assert not desk.store.exists()


@pytest.mark.parametrize("value", ["a\x00b", "\ud800"])
def test_an_archive_that_is_one_array_is_refused_for_the_same(
    told: list[dict[str, Any]], desk: Shell, value: str
):
    lines = copy.deepcopy(told)
    lines[0]["desk"]["nouns"]["client"][0]["notes"] = value
    desk.tix("import", "-", stdin=json.dumps(lines), check=2)
    assert not desk.store.exists()


def test_two_names_that_are_one_are_refused(told: list[dict[str, Any]], desk: Shell):
    lines = copy.deepcopy(told)
    clients = lines[0]["desk"]["nouns"]["client"]
    clients.append({**clients[0], "name": "ACME"})
    assert "twice" in desk.tix("import", "-", stdin=_text(lines), check=2).err
    assert not desk.store.exists()


HOSTILE_COLUMNS: list[tuple[str, Any]] = [
    ("fields", "nonsense"), ("fields", "[]"), ("fields", "7"), ("fields", '{"brand": [1]}'), ("fields", '{"brand": NaN}'),
    ("fields", '{"brand": 1e400}'), ("fields", '{"A B": "x"}'), ("fields", '{"brand": null}'), ("fields", {"brand": "x"}),
    ("fields", '{"brand": ' + "9" * 5000 + "}"), ("fields", '{"brand": "\\ud800"}'), ("fields", "[" * 50_000),
    ("internal_fields", '{"n": 1e16}'), ("internal_fields", '{"": 1}'), ("assets", '{"a": 1}'), ("assets", "[1]"),
    ("assets", '["a\\nb"]'), ("assets", '[""]'), ("pauses", "[1]"), ("pauses", '[["a", "b"]]'),
    ("pauses", "[[1, 99999999999999]]"), ("pauses", "[[1, 2, 3]]"), ("clock_at", 2**50), ("response_due_at", 10**14),
    ("response_due_at", "soon"), ("sla_by_hand", None), ("sla", 5),
]  # fmt: skip


@pytest.mark.parametrize(
    ("column", "value"), HOSTILE_COLUMNS, ids=[f"{n}-{one[0]}" for n, one in enumerate(HOSTILE_COLUMNS)]
)
@pytest.mark.parametrize("where", ["row", "sets"])
def test_columns_that_hold_something_else_are_refused(
    told: list[dict[str, Any]], desk: Shell, column: str, value: Any, where: str
):
    lines = copy.deepcopy(told)
    (lines[0]["row"] if where == "row" else lines[0]["thread"][0]["sets"])[column] = value
    done = desk.tix("import", "-", stdin=_text(lines), check=2)
    assert "line 1: TIX-1: " in done.err
    assert "Traceback" not in done.err
    assert not desk.store.exists()


def test_people_bring_no_rights_from_an_agent(told: list[dict[str, Any]], desk: Shell):
    """No staff, manager, contact, client, department or team; not even somebody who answers to another's name."""
    desk.tix("init")
    desk.people("zoe:agent", "eve:requester")
    desk.tix("client", "add", "Acme")
    desk.tix("department", "add", "Front")
    desk.tix("team", "add", "night")
    lines = copy.deepcopy(told)
    people = lines[0]["desk"]["people"]
    people.append({**people[0], "login": "boss", "merged_into": "eve", "role": "admin", "email": None})
    done = desk.tix("import", "-", stdin=_text(lines), as_="zoe")
    assert "only an admin can import settings" in done.err
    assert (
        "left out, because they do not exist on this desk: asset PC 1, sla gold, topic Help/Printer"
        in done.err
    )
    for login in ("ann", "bob", "lan", "boss"):
        (one,) = desk.tix("user", "list", "-o", "jsonl").jsonl and [
            person for person in desk.tix("user", "list", "-o", "jsonl").jsonl if person["login"] == login
        ]
        rights = [one[name] for name in ("client", "manager", "merged_into", "away_until")]
        assert (one["role"], rights, one["contact"], one["teams"]) == ("requester", [None] * 4, [], []), login
    shown = desk.tix("show", "1", "--json").json
    assert (shown["department"], shown["client"], shown["team"]) == ("Front", "Acme", "night")
    assert (shown["topic"], shown["sla"], shown["assets"]) == (None, None, [])
    assert desk.tix("doctor").code == 0


def test_who_imports_stays_an_admin(told: list[dict[str, Any]], desk: Shell):
    """Whatever the file says of them."""
    lines = copy.deepcopy(told)
    me = next(one for one in lines[0]["desk"]["people"] if one["role"] == "admin")
    me |= {"role": "requester", "active": 0, "client": "Acme", "contact": ["primary"], "merged_into": "bob"}
    desk.tix("import", "-", stdin=_text(lines))
    found = desk.tix("user", "show", me["login"], "--json").json
    assert (found["role"], found["active"], found["client"], found["merged_into"]) == (
        "admin",
        True,
        None,
        None,
    )


def test_a_known_noun_keeps_its_spelling(told: list[dict[str, Any]], desk: Shell):
    """Tickets and people of the file are found under the desk's own name."""
    desk.tix("new", "Here", "-m", "x")
    desk.tix("client", "add", "ACME")
    desk.tix("asset", "add", "pc 1")
    desk.tix("import", "-", stdin=_text(told))
    assert desk.tix("list", "--client", "acme", "--asset", "PC 1", "--count").out == "1\n"
    assert desk.tix("user", "show", "bob", "--json").json["client"] == "ACME"
    assert desk.tix("doctor").code == 0


# ------------------------------------------------------------------------------------------------- tables

TABLE = "subject,department,client,team,topic,sla,assets,field.brand,field.colour\nJam,Front,Acme,night,Help,gold,PC 1,north,red\n"


def test_a_table_brings_bare_nouns_for_an_admin_and_says_so(desk: Shell):
    done = desk.tix("import", "-", "--from", "csv", stdin=TABLE)
    assert (
        "added with nothing but a name: topic Help, department Front, team night, client Acme, asset PC 1"
        in done.err
    )
    shown = desk.tix("show", done.ref, "--json").json
    assert [shown[name] for name in ("topic", "department", "team", "client", "sla")] == [
        "Help", "Front", "night", "Acme", None,
    ]  # fmt: skip
    (note,) = [item for item in shown["thread"] if item["kind"] == "note"]
    assert note["body"] == "sla: gold\nfield.brand: north\nfield.colour: red"
    assert desk.tix("import", "-", "--from", "csv", "--json", stdin=TABLE).json["imported"] == 0
    assert desk.tix("doctor").code == 0


def test_a_table_uses_what_the_desk_knows(desk: Shell, told: list[dict[str, Any]]):
    """The plan gives dates, the topic reads its answers; what it does not ask stays a remark."""
    desk.tix("import", "-", stdin=_text([{"desk": told[0]["desk"]}]))
    text = TABLE.replace("Help,", "help/printer,").replace("Front", "FRONT")
    done = desk.tix("import", "-", "--from", "csv", stdin=text, as_="ann")
    assert "nothing but a name" not in done.err
    shown = desk.tix("show", done.ref, "--json").json
    assert (shown["topic"], shown["department"], shown["sla"]) == ("Help/Printer", "Front", "gold")
    assert (shown["fields"], shown["assets"]) == ({"brand": "North"}, ["PC 1"])
    assert shown["due_at"] is not None
    (note,) = [item for item in shown["thread"] if item["kind"] == "note"]
    assert note["body"] == "field.colour: red"
    assert desk.tix("list", "--all", "--field", "brand=north", "-o", "ids").refs == [done.ref]


def test_an_agent_s_table_leaves_what_is_unknown_in_a_note(desk: Shell):
    desk.tix("init")
    desk.people("zoe:agent")
    done = desk.tix("import", "-", "--from", "csv", stdin=TABLE, as_="zoe")
    shown = desk.tix("show", done.ref, "--json").json
    assert [shown[name] for name in ("topic", "department", "team", "client")] == [None] * 4
    (note,) = [item for item in shown["thread"] if item["kind"] == "note"]
    assert "department: Front" in note["body"]
    assert desk.tix("department", "list").out == ""


@pytest.mark.parametrize("name", ["a" * 101, "-x", "none, really"])
def test_what_cannot_name_a_noun_stays_a_word(desk: Shell, name: str):
    done = desk.tix("import", "-", "--from", "csv", stdin=f'subject,client\nS,"{name}"\n')
    shown = desk.tix("show", done.ref, "--json").json
    assert shown["client"] is None
    assert f"client: {name}" in [item["body"] for item in shown["thread"]]


# ------------------------------------------------------------------------------------- the first schema


def test_an_export_of_the_first_schema_is_read_as_the_store_is_migrated(desk: Shell):
    """The same desk by either road, byte for byte."""
    stores = Path(__file__).parents[1] / "stores"
    for name in ("schema-1", "schema-1-clocks"):
        folder = desk.folder / name
        folder.mkdir()
        shutil.copy(stores / f"{name}.db", folder / "desk.db")
        migrated, imported = Shell(folder), Shell(folder)
        imported.store = folder / "imported.db"
        imported.env["TIX_STORE"] = str(imported.store)
        imported.tix("import", "-", stdin=(stores / f"{name}.jsonl").read_bytes())
        assert imported.tix("export").raw_out == migrated.tix("export").raw_out
        assert imported.tix("doctor").code == 0
