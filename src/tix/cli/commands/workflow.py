"""Workflows: the statuses of tickets, and how tickets move between them."""

from __future__ import annotations

import sys
from pathlib import Path

from tix.cli import app
from tix.cli.options import Confirm, DryRun, Output, Yes
from tix.cli.output import Printer
from tix.cli.parameters import Argument, Option
from tix.cli.session import Session
from tix.cli.writes import written
from tix.cli.writes.command import writing
from tix.errors import InvalidValue, UsageError
from tix.render.records import workflows as records
from tix.render.records.formats import Kind
from tix.typing import TYPE_CHECKING, Annotated, Any

if TYPE_CHECKING:
    from tix.desk.workflows import Switch
    from tix.domain.workflows.workflow import Workflow

KIND = Kind(("name", "current", "title", "statuses"))
SHOWN = Kind(
    ("name", "current", "title", "statuses", "rules", "rated_in", "auto_close_after_seconds", "claims")
)
Name = Annotated[str, Argument(metavar="NAME")]


@app.prints(KIND)
@app.reading
def list_(session: Session, output: Output = Output()) -> None:  # noqa: B008  # an immutable value
    """List the workflows."""
    printer = Printer(session, output, KIND)
    printer.records(session.records.workflows())


@app.prints(SHOWN)
@app.reading
def show(
    session: Session,
    name: Annotated[
        str | None,
        Argument(metavar="[NAME]", help="Name of the workflow (default: the workflow in use)."),
    ] = None,
    toml: Annotated[bool, Option("--toml", help="Print TOML, ready for tix workflow add.")] = False,
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Show the statuses and rules of a workflow."""
    printer = Printer(session, output, SHOWN)
    if toml:
        from tix.desk import workflows
        from tix.domain.workflows import toml as workflow_toml

        if session.remote is not None:
            session.remote.refuse("--toml", toml)
        sys.stdout.write(workflow_toml.write(workflows.shown(session.reader(), name)))
        return
    printer.one(session.records.workflow(name), lambda found: _draw(printer, found))


def _draw(printer: Printer, record: dict[str, Any]) -> None:
    from tix.render.safe import safe_line
    from tix.render.terminal import tables
    from tix.render.terminal.theme import line, write

    console = printer.console()
    write(console, [line(safe_line(f"{record['name']}: {record['title']}")), line()])
    statuses = [
        {
            "status": status["name"],
            "phase": status["phase"],
            "also": ", ".join(status["aliases"]),
            "clock": "paused" if status["pauses"] else "",
            "final": "yes" if status["final"] else "",
        }
        for status in record["statuses"]
    ]
    tables.draw_records(statuses, tuple(statuses[0]), console=console)
    write(console, [line()])
    rules = [
        {"on": rule["on"], "from": ", ".join(rule["from"]), "to": rule["to"], "by": rule["by"]}
        for rule in record["rules"]
    ]
    tables.draw_records(rules, tuple(rules[0]), console=console)


@writing(SHOWN)
def use(
    session: Session,
    name: Name,
    map_: Annotated[
        list[str] | None,
        Option(
            "--map",
            metavar="OLD=NEW",
            help="Move tickets from an old status to a new status, e.g. in-progress=working; repeatable.",
        ),
    ] = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    confirm: Confirm = None,
    output: Output = Output(),  # noqa: B008  # as above
) -> None:
    """Switch the whole desk to another workflow."""
    from tix.cli.input.confirmation import confirmed
    from tix.desk import workflows

    printer = Printer(session, output, SHOWN)
    mapping = {}
    for pair in map_ or ():
        old, equals, new = pair.partition("=")
        if not equals or not old.strip() or not new.strip():
            raise InvalidValue(f"'{pair}' is not OLD=NEW", hint="for example --map in-progress=working")
        mapping[old.strip().lower()] = new.strip().lower()
    desk = session.writer()
    wanted = workflows.workflow(desk, name).name
    before = records.whole_record(desk.workflow(wanted), desk.rules.workflow.name)

    def told() -> list[str]:
        switch = workflows.use_workflow(desk, wanted, mapping, dry_run=True)
        return [] if switch is None else [_at_stake(switch)]

    if not confirmed(
        session,
        "workflow use",
        1,
        f"Switch the desk to workflow {wanted}?",
        agreed=yes or dry_run or desk.rules.workflow.name == wanted,
        told=told,
        name=wanted,
        given=confirm,
    ):
        return
    switch = workflows.use_workflow(desk, wanted, mapping, dry_run=dry_run)
    record = records.whole_record(desk.workflow(wanted), desk.rules.workflow.name)
    done = f"Switched the desk to workflow {wanted}."
    if dry_run and switch is not None:
        done = f"Would switch the desk to workflow {wanted}; {_at_stake(switch)[3:]}"
    changed = switch is not None
    undo = ["tix", "undo"] if changed else None
    written.updated(session, printer, before, record, wanted, said=done, undo=undo, changed=changed)


def _at_stake(switch: Switch) -> str:
    """What changing the workflow does, in a sentence."""
    from tix.render.words import counted

    ones = "one becomes" if switch.final == 1 else "ones become"
    final = f"; {switch.final:,} closed {ones} final" if switch.final else ""
    return f"It moves {counted(switch.tickets, 'ticket')}, {switch.moved:,} to another status{final}."


File = Annotated[str, Argument(metavar="FILE", help="Workflow file in TOML (-: stdin).")]


def _read(file: str) -> Workflow:
    """The workflow of a file. Raises InvalidValue, UsageError."""
    from tix.cli.repeats import stdin
    from tix.domain.workflows import toml

    try:
        data = stdin.read(_LARGEST + 1) if file == "-" else _bytes(file)
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror or error}") from error
    if len(data) > _LARGEST:
        raise InvalidValue(f"{file} is too large for a workflow")
    try:
        return toml.parse(data.decode())
    except UnicodeDecodeError as error:
        raise InvalidValue(f"{file} is not UTF-8 text") from error


_LARGEST = 1_000_000


def _bytes(file: str) -> bytes:
    with Path(file).open("rb") as stream:
        return stream.read(_LARGEST + 1)


@app.prints(SHOWN)
@app.reading
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
    record = records.whole_record(workflow, "")
    printer.one(record, lambda record: _draw(printer, record))


@writing(SHOWN)
def add(session: Session, file: File, output: Output = Output()) -> None:  # noqa: B008  # as above
    """Add a custom workflow."""
    from tix.desk import workflows

    printer = Printer(session, output, SHOWN)
    workflow = _read(file)
    session.read.append(repr(workflow))
    desk = session.writer()
    record = records.whole_record(workflows.add_workflow(desk, workflow), desk.rules.workflow.name)
    undo = ["tix", "workflow", "rm", record["name"]]
    written.created(session, printer, record, f"Added workflow {record['name']}.", undo)


@writing(SHOWN)
def rm(session: Session, name: Name, output: Output = Output()) -> None:  # noqa: B008  # as above
    """Remove a custom workflow that is not in use."""
    from tix.desk import workflows

    printer = Printer(session, output, SHOWN)
    desk = session.writer()
    record = records.whole_record(workflows.remove_workflow(desk, name), desk.rules.workflow.name)
    written.deleted(session, printer, record, f"Removed workflow {record['name']}.")


COMMANDS = {"list": list_, "show": show, "use": use, "add": add, "check": check, "rm": rm}
