"""The table "What an agent can rely on" in docs/agents.md: each command does what its row says, on a demo desk."""

import json
import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.harness import Result, Shell

ROOT = Path(__file__).parents[2]
HOSTILE = "\x1b[2Jclear \u202egnp.exe"


def rows() -> list[tuple[str, str, int]]:
    """The point, its command and the exit code that the page gives."""
    table = re.findall(r"^\| (?!point|---)(.+?) \| .+? \| `(.+?)`(?: \(exit (\d)\))? \|$", PAGE, re.MULTILINE)
    return [(point, line, int(code or 0)) for point, line, code in table]


PAGE = (ROOT / "docs/agents.md").read_text().partition("## What an agent can rely on")[2]


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo desk whose ticket 12 begins with what steers a terminal."""
    folder = tmp_path_factory.mktemp("points")
    desk = Shell(folder)
    (folder / "tmp").mkdir()
    desk.tix("demo", env={"TMPDIR": str(folder / "tmp")})
    [made] = folder.glob("tmp/*/desk.db")
    shutil.move(made, desk.store)
    for _ in range(5):
        desk.tix("new", "Dock", "-m", HOSTILE, "--for", "lan", "--topic", "Hardware")
    return folder


def failure(result: Result) -> dict:
    """The one error object of a command that failed; its stdout is empty."""
    assert result.out == ""
    [line] = [one for one in result.err.splitlines() if '"error"' in one]
    return json.loads(line)["error"]


def one_table_of_codes(result: Result) -> None:
    codes = re.findall(r"^ +(\d+) ", result.out, re.MULTILINE)
    assert codes == ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "130"]
    assert "(143: terminated); no change is half-written" in result.out


def errors_have_finer_codes(result: Result) -> None:
    assert {"not-found", "not-allowed", "refused", "store-busy"} <= set(
        re.findall(r'error\.([a-z-]+)"', result.out)
    )


def an_array(result: Result) -> None:
    assert isinstance(result.json, list)


def an_etag(result: Result) -> None:
    assert re.fullmatch(r"sha256:[0-9a-f]{64}\n", result.out)


def messages_apart(result: Result) -> None:
    assert failure(result)["exit"] == 2
    assert all(json.loads(line) for line in result.err.splitlines())


def no_colour(result: Result) -> None:
    assert result.json
    assert "\x1b" not in result.out


def says_effect(result: Result) -> None:
    assert result.out.strip() == "updated"


def would(result: Result) -> None:
    assert result.json["effect"].startswith("would_")


def created(result: Result) -> None:
    assert result.json["effect"] == "created"


def conflict(result: Result) -> None:
    assert failure(result)["code"]


def partly(result: Result) -> None:
    assert '"ref"' in result.err
    assert "999" in result.err


def with_a_fix(result: Result) -> None:
    told = failure(result)
    assert told["code"] == "unconfirmed"
    assert "--yes" in told["fix"]
    assert told["hint"]
    assert told["retryable"] is False


def an_index(result: Result) -> None:
    assert result.json["index"]["new"]["effect"] == "write"


def untrusted(result: Result) -> None:
    first = result.json["thread"][0]
    assert first["untrusted"] is True
    assert "\x1b" not in result.raw_out.decode()


CHECKS: dict[str, Callable[[Result], None]] = {
    "tix help exit-codes": one_table_of_codes,
    "tix schema show --jq .properties.error": errors_have_finer_codes,
    "tix list -s closed --json": an_array,
    "tix schema --index --jq .etag": an_etag,
    "tix edit 12 -p nothing --json": messages_apart,
    "tix list --json --no-input": no_colour,
    "tix note 12 -m x --json --jq .effect": says_effect,
    "tix close 12 --dry-run --json": would,
    "tix new Alert -m x --idempotency-key k1 --json": created,
    "tix edit 12 -p low --if-version 1 --json": created,
    "tix close 12 999 --json": partly,
    "tix list --timeout 10 --json": an_array,
    "tix delete 12 --json": with_a_fix,
    "tix schema --index": an_index,
    "tix show 12 --json": untrusted,
}


@pytest.mark.parametrize(("point", "line", "code"), rows(), ids=[point for point, _, _ in rows()])
def test_the_point_holds(point: str, line: str, code: int, furnished: Path, tmp_path: Path):
    """Its command ends with the code that the page gives, and answers as the row says."""
    folder = tmp_path / "desk"
    shutil.copytree(furnished, folder, ignore=shutil.ignore_patterns("home"))
    desk = Shell(folder)
    result = desk.tix(*shlex.split(line)[1:], check=code)
    if "--if-version" in line:
        assert result.json["effect"] == "updated"
        again = desk.tix(*shlex.split(line)[1:], check=5)
        assert failure(again)["code"]
        return
    CHECKS[line](result)
    if "--idempotency-key" in line:
        again = desk.tix(*shlex.split(line)[1:]).json
        assert (again["effect"], again["ref"]) == ("unchanged", result.json["ref"])


def test_every_row_is_read():
    """Seventeen points; no row is passed over because it is written another way."""
    table = [line for line in PAGE.splitlines() if line.startswith("|")][2:]
    assert len(rows()) == len(table) == 17
    assert {line for _, line, _ in rows()} == CHECKS.keys()
