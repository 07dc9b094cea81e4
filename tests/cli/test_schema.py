"""`tix schema`: the contract for programs. That it is true is looked at in every test (`tests/contract.py`)."""

import json

import pytest
from jsonschema import Draft202012Validator

from tests import contract
from tests.harness import Shell
from tix.cli import parser
from tix.cli.commands import COMMANDS
from tix.cli.pages.topics import EXITS
from tix.cli.schema import arguments, document, failures, output
from tix.render.records import shapes


def test_the_catalogue_has_every_command(desk: Shell):
    """With an index, and it is JSON Schema as far as a validator can tell."""
    whole = desk.tix("schema").json
    names = {" ".join(path) for path, _ in contract.commands()}
    assert whole["index"].keys() == whole["commands"].keys() == names
    assert {name.split()[0] for name in names} == COMMANDS.keys() - {"triage"} | {"triage"}
    assert whole["$schema"] == document.DIALECT
    Draft202012Validator.check_schema(whole)
    references = set(_references(whole))
    assert len(references) > 100
    assert [one for one in references if one.removeprefix(output.PREFIX) not in whole["$defs"]] == []
    index = desk.tix("schema", "--index").json
    assert (index["etag"], index["index"]) == (whole["etag"], whole["index"])


def _references(value: object) -> list[str]:
    if isinstance(value, list):
        return [one for inner in value for one in _references(inner)]
    if not isinstance(value, dict):
        return []
    found = [one for inner in value.values() for one in _references(inner)]
    return [*found, value["$ref"]] if isinstance(value.get("$ref"), str) else found


def test_every_schema_of_a_command_stands_alone():
    """Its references lead into itself, its records have shapes, and each exit code is one that the help explains."""
    for path, command in contract.commands():
        one = document.of_command(path, command)
        assert [ref for ref in _references(one) if ref.removeprefix(output.PREFIX) not in one["$defs"]] == []
        assert set(one["properties"]["exit"]["enum"]) <= {0, *EXITS, 75, 143}, path
        assert command.kind is None or "output" in one["properties"], path


def test_the_etag_is_of_the_content(desk: Shell):
    """The same twice, another one for another command, and for another word of the content."""
    first, second = desk.tix("schema", "list").json, desk.tix("schema", "list").json
    assert first == second
    assert first["etag"] != desk.tix("schema", "show").json["etag"]
    assert document._sealed("x", {"a": 1})["etag"] != document._sealed("x", {"a": 2})["etag"]


def test_the_schema_of_a_command_says_what_it_takes(desk: Shell):
    edit = desk.tix("schema", "edit").json["properties"]["arguments"]
    assert edit.get("required", []) == []  # --where stands in for the references
    assert edit["properties"]["references"]["type"] == "array"
    assert edit["properties"]["references"]["x-position"] == 1
    assert edit["properties"]["tag"]["items"] == {"type": "string"}
    assert edit["properties"]["dry_run"]["default"] is False
    assert edit["properties"]["if_version"]["type"] == "integer"
    assert edit["properties"]["priority"]["x-names"] == ["-p", "--priority"]
    add = desk.tix("schema", "user", "add", "--jq", ".properties.arguments.properties.role.enum").json
    assert add == ["requester", "agent", "admin"]
    assert desk.tix("schema", "ls").json["title"] == "tix list"
    assert desk.tix("schema", "user").json["title"] == "tix user list"


@pytest.mark.parametrize(
    "words", [("nothing",), ("user", "nothing"), ("list", "more"), ("user", "list", "x")]
)
def test_what_has_no_schema_is_refused(desk: Shell, words: tuple[str, ...]):
    assert desk.tix("schema", *words, "--json", check=2).error["code"] == "unknown-name"
    assert desk.tix("schema", "--index", "list", check=2).err.startswith("tix: --index is about all commands")


def test_a_line_of_the_schema_is_read_as_what_it_was_made_of():
    """Arguments to words, and back by the parser: whatever the values look like."""
    for words in (
        ["list", "-s", "open,answered", "--json=ref", "--limit", "3", "a", "b"],
        ["edit", "1", "2", "--tag", "-x", "--tag", "--y", "--priority=high", "--if-version", "4", "--atomic"],
        ["user", "edit", "sam", "--active", "--name", "--help"],
        ["user", "edit", "sam", "--inactive"],
        ["new", "--", "--subject"],
        ["assign", "1", "sam"],
        ["link", "1", "blocks", "2"],
    ):
        call = parser.read(words)
        assert call is not None
        found = document.find(call.name.split())
        assert found is not None
        path, command = found
        assert command is not None
        given = arguments.values(arguments.names(command), call.given)
        Draft202012Validator(arguments.schema(path, command)).validate(given)
        again = parser.read(arguments.line(path, command, given))
        assert again is not None
        assert (again.name, again.given) == (call.name, call.given)


def test_every_error_is_of_some_command_or_of_the_server_alone():
    """A code that no command can end with is one that only HTTP, the web page or mail in a queue has."""
    known = {code for path, command in contract.commands() for code in failures.codes(path, command)}
    assert failures.statuses_by_code().keys() - known == {
        "link-expired", "partial-failure", "signed-out", "version-required", "wrong-credentials",
    }  # fmt: skip


PLANTED: dict[str, tuple[list[str], int, str, str]] = {
    "another type": (["type", "list", "--json"], 0, '[{"name": "a", "active": "yes"}]', ""),
    "a key is missing": (["type", "list", "--json"], 0, '[{"name": "a"}]', ""),
    "a key too much": (["type", "list", "--json"], 0, '[{"name": "a", "active": true, "x": 1}]', ""),
    "the second record": (
        ["type", "list", "-o", "jsonl"], 0, '{"name": "a", "active": true}\n{"name": null, "active": true}', ""
    ),
    "an object for an array": (["type", "list", "--json"], 0, '{"name": "a", "active": true}', ""),
    "an array for an object": (["user", "add", "x", "--json"], 0, "[]", ""),
    "a key that was not asked for": (["type", "list", "--json=name"], 0, '[{"name": "a", "active": true}]', ""),
    "no JSON": (["type", "list", "--json"], 0, "a", ""),
    "JSON of a command that prints none": (["completion", "bash", "--quiet"], 77, "", ""),
    "an exit code": (["type", "list"], 42, "", ""),
    "a word that is no choice": (["list", "--color", "pink"], 0, "", ""),
    "an error with another exit code": (
        ["list", "--json"], 3, "", '{"error": {"code": "not-found", "message": "x", "hint": null, "exit": 4, "retryable": false, "fix": null}}',
    ),
    "an error of another command": (
        ["list", "--json"], 5, "", '{"error": {"code": "mail-relay", "message": "x", "hint": null, "exit": 5, "retryable": false, "fix": null}}',
    ),
    "an error without a key": (
        ["list", "--json"], 3, "", '{"error": {"code": "not-found", "message": "x", "exit": 3, "retryable": false, "fix": null}}',
    ),
    "a warning without a code": (["list", "--json"], 0, "[]", '{"warning": {"message": "x"}}'),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_seen(name: str):
    words, code, out, err = PLANTED[name]
    with pytest.raises(contract.Broken):
        contract.check(words, code, out.encode(), err.encode())


def test_without_the_fault_it_passes():
    fine = '[{"name": "a", "active": true}]'
    contract.check(["type", "list", "--json"], 0, fine.encode(), b"")
    failed = '{"error": {"code": "not-found", "message": "x", "hint": null, "exit": 3, "retryable": false, "fix": null}}'
    contract.check(["list", "--json"], 3, b"", failed.encode())


def test_a_field_without_a_shape_is_seen():
    """Whoever adds a field to a record has to say what it holds."""
    with pytest.raises(KeyError):
        shapes.name_of(("name", "active", "something-new"))
    assert shapes.name_of(("name", "active")) == "Type"
    assert shapes.name_of(("name", "active", "effect", "changes", "undo")) == "WrittenType"
    assert json.loads(json.dumps(shapes.RECORDS)) == shapes.RECORDS
