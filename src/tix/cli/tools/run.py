"""Run a tool as the shell would: the same command line, parsed, run and printed in this process."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from tix.cli.app import Command
from tix.cli.main import run
from tix.cli.schema import arguments
from tix.cli.session import Invocation
from tix.cli.terminal.captured import captured
from tix.cli.tools import offered
from tix.mcp.tool import Answer
from tix.typing import Any, NamedTuple


class Ran(NamedTuple):
    """What a command line left: its exit status, and what it printed."""

    status: int
    out: str
    err: str


def answer(
    everywhere: Sequence[str], path: tuple[str, ...], command: Command, given: Mapping[str, Any]
) -> Answer:
    """Run a command with these arguments; ``everywhere`` are options such as ``--as=sam``."""
    values = {**given, "json": True, "no_input": True}
    limit = None
    if "limit" in offered.tool(path, command).takes["properties"]:
        limit = values.setdefault("limit", offered.ROWS)
    ran = inside([*everywhere, *arguments.line(path, command, values)])
    return _answered(ran, limit)


def _answered(ran: Ran, limit: int | None) -> Answer:
    said = [json.loads(line) for line in ran.err.splitlines() if line.startswith("{")]
    content: dict[str, Any] = {}
    if ran.out.strip():
        content["result"] = result = json.loads(ran.out)
        if limit and isinstance(result, list) and len(result) >= limit:
            content["truncated"] = True
        if words := offered.untrusted(result):
            content["untrusted"] = words
    errors = [one["error"] for one in said if "error" in one]
    if ran.status and errors:
        content |= {"error": errors[0]} if len(errors) == 1 else {"error": errors[0], "errors": errors}
    for key, kind in (("warnings", "warning"), ("notices", "notice")):
        found = [one[kind] for one in said if kind in one]
        if found:
            content[key] = found if kind == "warning" else [one["message"] for one in found]
    if "error" not in content:
        content.setdefault("result", None)
    return Answer(content, failed=ran.status != 0)


def inside(words: list[str]) -> Ran:
    """Run a command line with streams of its own: nothing to read, and text that is kept."""
    with captured() as printed:
        status = run(Invocation(words))
    return Ran(status, printed.out, printed.err)
