"""Workflows: the statuses of tickets, and how tickets move between them."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tix.cli import app
from tix.cli import app as cli_app
from tix.cli.options import Output
from tix.cli.output import Printer
from tix.cli.resource_commands import wrote
from tix.cli.session import Session
from tix.errors import InvalidValue, UsageError
from tix.render.records.formats import Kind

if TYPE_CHECKING:
    from tix.domain.workflows.workflow import Workflow

KIND = Kind(("name", "current", "title", "statuses"))
SHOWN = Kind(
    ("name", "current", "title", "statuses", "rules", "rated_in", "auto_close_after_seconds", "claims")
)
Name = Annotated[str, typer.Argument(metavar="NAME")]


def _row(workflow: "Workflow", current: str) -> dict[str, Any]:
    return {
        "name": workflow.name,
        "current": workflow.name == current,
        "title": workflow.title,
        "statuses": [status.name for status in workflow.statuses],
    }


def _whole(workflow: "Workflow", current: str) -> dict[str, Any]:
    waits = any(rule.trigger == "elapsed" for rule in workflow.rules)
    return {
        **_row(workflow, current),
        "statuses": [
            {
                "name": status.name,
                "phase": status.phase,
                "label": status.label,
                "aliases": list(status.aliases),
                "pauses": status.pauses,
                "final": status.final,
            }
            for status in workflow.statuses
        ],
        "rules": [
            {"on": rule.trigger, "from": list(rule.sources), "to": rule.target, "by": rule.by}
            for rule in workflow.rules
        ],
        "rated_in": list(workflow.rated_in),
        "auto_close_after_seconds": workflow.window_seconds if waits else None,
        "claims": workflow.claims,
    }


@cli_app.reading
def list_(session: Session, output: Output = Output()) -> None:  # noqa: B008  # an immutable value
    """List the workflows."""
    from tix.domain.permissions import require
    from tix.domain.workflows.shipped import SHIPPED
    from tix.store.setup import workflows

    printer = Printer(session, output, KIND)
    desk = session.reader()
    require(desk.actor, "workflow list")
    current = desk.rules.workflow.name
    found = [*SHIPPED.values(), *workflows.SHELF.all(desk.store)]
    printer.records(_row(workflow, current) for workflow in found)


@cli_app.reading
def show(
    session: Session,
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME]", help="Name of the workflow (default: the workflow in use)."),
    ] = None,
    toml: Annotated[bool, typer.Option("--toml", help="Print TOML, ready for tix workflow add.")] = False,
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Show the statuses and rules of a workflow."""
    from tix.desk import workflows
    from tix.domain.permissions import require

    printer = Printer(session, output, SHOWN)
    desk = session.reader()
    require(desk.actor, "workflow list")
    workflow = desk.rules.workflow if name is None else workflows.workflow(desk, name)
    if toml:
        from tix.domain.workflows import toml as workflow_toml

        sys.stdout.write(workflow_toml.write(workflow))
        return
    record = _whole(workflow, desk.rules.workflow.name)
    printer.one(record, lambda record: _draw(printer, record))


def _draw(printer: Printer, record: dict[str, Any]) -> None:
    from tix.render.terminal import tables

    console = printer.console()
    console.print(f"{record['name']}: {record['title']}")
    console.print()
    statuses = [
        {
            "status": status["name"],
            "phase": status["phase"],
            "also": ", ".join(status["aliases"]),
            "clock": "paused" if status["pauses"] else "",
            "final": "for good" if status["final"] else "",
        }
        for status in record["statuses"]
    ]
    tables.draw_records(statuses, tuple(statuses[0]), console=console)
    console.print()
    rules = [
        {"on": rule["on"], "from": ", ".join(rule["from"]), "to": rule["to"], "by": rule["by"]}
        for rule in record["rules"]
    ]
    tables.draw_records(rules, tuple(rules[0]), console=console)


@app.command
def use(
    session: Session,
    name: Name,
    map_: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="OLD=NEW",
            help="Move tickets from an old status to a new status, e.g. in-progress=working; repeatable.",
        ),
    ] = None,
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Switch the whole desk to another workflow."""
    from tix.desk import workflows

    printer = Printer(session, output, SHOWN)
    mapping = {}
    for pair in map_ or ():
        old, equals, new = pair.partition("=")
        if not equals or not old.strip() or not new.strip():
            raise InvalidValue(f"'{pair}' is not OLD=NEW", hint="for example --map in-progress=working")
        mapping[old.strip().lower()] = new.strip().lower()
    desk = session.writer()
    changed = workflows.use_workflow(desk, workflows.workflow(desk, name).name, mapping)
    record = _whole(desk.rules.workflow, desk.rules.workflow.name)
    wrote(session, printer, record, "is the desk's workflow", changed)


File = Annotated[Path, typer.Argument(metavar="FILE", help="Workflow file in TOML (-: stdin).")]


def _read(file: Path) -> "Workflow":
    """The workflow of a file. Raises InvalidValue, UsageError."""
    from tix.domain.workflows import toml

    try:
        data = sys.stdin.buffer.read(_LARGEST + 1) if str(file) == "-" else _bytes(file)
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror or error}") from error
    if len(data) > _LARGEST:
        raise InvalidValue(f"{file} is too large for a workflow")
    try:
        return toml.parse(data.decode())
    except UnicodeDecodeError as error:
        raise InvalidValue(f"{file} is not UTF-8 text") from error


_LARGEST = 1_000_000


def _bytes(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(_LARGEST + 1)


@cli_app.reading
def check(session: Session, file: File, output: Output = Output()) -> None:  # noqa: B008  # as above
    """Check a workflow file and print its statuses and rules."""
    from tix.domain.workflows.validation import problems

    printer = Printer(session, output, SHOWN)
    workflow = _read(file)
    found = problems(workflow)
    for problem in found:
        session.say(problem)
    if found:
        raise InvalidValue(f"the workflow {workflow.name} has {len(found)} problem{'s' * (len(found) > 1)}")
    record = _whole(workflow, "")
    printer.one(record, lambda record: _draw(printer, record))


@app.command
def add(session: Session, file: File, output: Output = Output()) -> None:  # noqa: B008  # as above
    """Add a custom workflow."""
    from tix.desk import workflows

    printer = Printer(session, output, SHOWN)
    workflow = _read(file)
    desk = session.writer()
    record = _whole(workflows.add_workflow(desk, workflow), desk.rules.workflow.name)
    wrote(session, printer, record, "is a workflow now")


@app.command
def rm(session: Session, name: Name, output: Output = Output()) -> None:  # noqa: B008  # as above
    """Remove a custom workflow that is not in use."""
    from tix.desk import workflows

    printer = Printer(session, output, SHOWN)
    desk = session.writer()
    record = _whole(workflows.remove_workflow(desk, name), desk.rules.workflow.name)
    wrote(session, printer, record, "is gone")


COMMANDS = {"list": list_, "show": show, "use": use, "add": add, "check": check, "rm": rm}
