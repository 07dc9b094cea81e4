"""``tix doctor``: is the desk healthy, what is in force, and what tix finds on this machine."""

from __future__ import annotations

from tix.cli import app
from tix.cli.options import DryRun, Output, Yes
from tix.cli.output import Printer, zone
from tix.cli.parameters import Option
from tix.cli.session import Session
from tix.cli.terminal.progress import Progress
from tix.errors import DamagedStore
from tix.render.records.formats import Kind
from tix.typing import TYPE_CHECKING, Annotated

if TYPE_CHECKING:
    from tix.desk.doctor import Finding
    from tix.desk.repair import Repair

KIND = Kind(("name", "status", "detail", "hint"), ("name", "status", "detail"), "name")


@app.prints(KIND)
@app.unpaged
def command(
    session: Session,
    fix: Annotated[bool, Option("--fix", help="Repair what is safe to repair (admins).")] = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> int:
    """Check the health of the desk and what tix needs on this machine.

    --fix rebuilds the search index and the statistics if they are wrong, removes unfinished copies, closes the file to
    other users, and installs the completion for bash and fish. Tickets are never changed.
    """
    printer = Printer(session, output, KIND)
    found = _findings(session)
    if fix and _repaired(session, found, dry_run=dry_run, yes=yes):
        found = _findings(session)
    records = [one._asdict() for one in found]
    failed = [one.name for one in found if one.status == "failed"]
    if printer.is_table and printer.columns is None:
        from tix.render.terminal import checkup

        checkup.draw(records, printer.console(), zone())
    else:
        printer.records(records)
        if failed:
            session.say(f"Failed checks: {', '.join(failed)}.")
    return DamagedStore.exit_status if failed else 0


def _findings(session: Session) -> list[Finding]:
    from tix.cli.checkup import personal
    from tix.desk import doctor

    with Progress(session, "Checking the desk"):
        desk = session.reader()
        return [*doctor.findings(desk), *personal.findings(session, desk)]


def _repaired(session: Session, found: list[Finding], *, dry_run: bool, yes: bool) -> bool:
    """Repair what was found, or say what would be repaired; whether anything was."""
    from tix.cli.checkup import installed
    from tix.desk import repair

    if not dry_run:
        session.refuse_read_only("doctor --fix")
    repairs = repair.needed(session.reader(), found)
    shell = installed.to_install()
    if not repairs and shell is None:
        session.say("There is nothing to repair.")
    if dry_run:
        for one in repairs:
            session.say(f"Would {one.to_do}.")
        if shell is not None:
            session.say(f"Would install the completion for {shell}: {installed.place(shell)}")
        return False
    repairs = _agreed(session, repairs, yes=yes)
    if repairs:
        repair.repair(session.writer(), repairs)
        for one in repairs:
            session.say(f"{one.done}.")
    if shell is not None:
        session.say(f"Installed the completion for {shell}: {installed.install(shell)}")
    return bool(repairs or shell)


def _agreed(session: Session, repairs: list[Repair], *, yes: bool) -> list[Repair]:
    """Return the repairs a person agrees to; only what writes to the desk is asked about."""
    from tix.cli.input.confirmation import confirmed

    writes = [one for one in repairs if one.writes]
    question = f"{', '.join(one.to_do for one in writes).capitalize()}?"
    if writes and not confirmed(session, "doctor", len(writes), question, agreed=yes):
        return [one for one in repairs if not one.writes]
    return repairs
