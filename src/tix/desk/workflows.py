"""Add and remove workflows, and move the desk to another."""

from __future__ import annotations

from collections.abc import Mapping

from tix.desk import reconfigure
from tix.desk.context import Desk
from tix.desk.settle import settle_desk
from tix.domain.permissions import require
from tix.domain.tickets import undo, workflow_change
from tix.domain.tickets.ticket import play
from tix.domain.workflows.workflow import Workflow
from tix.errors import AlreadyExists, InUse, InvalidValue, NotFound, Refused, UnknownName
from tix.store.setup import settings, workflows
from tix.store.tickets import tickets
from tix.typing import NamedTuple


def workflow(desk: Desk, name: str) -> Workflow:
    """Return the workflow a command is about. Raises NotFound with the known ones."""
    try:
        return desk.workflow(name)
    except UnknownName as error:
        raise NotFound(error.message, hint=error.hint) from error


def listed(desk: Desk) -> list[Workflow]:
    """Return the shipped workflows, then the desk's own. Raises NotAllowed."""
    from tix.domain.workflows.shipped import SHIPPED

    require(desk.actor, "workflow list")
    return [*SHIPPED.values(), *workflows.WORKFLOWS.all(desk.store)]


def shown(desk: Desk, name: str | None = None) -> Workflow:
    """Return a workflow to show, by default the desk's. Raises NotAllowed, NotFound."""
    require(desk.actor, "workflow list")
    return desk.rules.workflow if name is None else workflow(desk, name)


class Switch(NamedTuple):
    """What a change to another workflow does: how many tickets follow it from then on, and what becomes of them.

    ``moved`` get another status; ``final`` get one that they cannot leave.
    """

    tickets: int
    moved: int
    final: int


def use_workflow(
    desk: Desk, name: str, mapping: Mapping[str, str], *, dry_run: bool = False
) -> Switch | None:
    """Move the whole desk to another workflow in one transaction; return what that did, None where it is in use.

    Departments with their own workflow keep it. With ``dry_run`` nothing is saved. Raises InvalidValue for an unknown
    status in ``mapping``, Refused listing statuses in use that the new workflow does not have.
    """
    wanted = desk.workflow(name)
    for old, new in mapping.items():
        desk.rules.workflow.find_status(old)
        wanted.find_status(new)
    places = {desk.rules.workflow.find_status(old).name: new.strip().lower() for old, new in mapping.items()}
    require(desk.actor, "workflow change")
    try:
        with desk.store.together() as whole:
            desk.forget_settings()
            before = desk.rules.workflow
            if before.name == wanted.name:
                return None
            done = _switched(desk, before, wanted, places)
            if dry_run:
                whole.take_back()
    finally:
        desk.forget_settings()
    return done


def _switched(desk: Desk, before: Workflow, wanted: Workflow, places: Mapping[str, str]) -> Switch:
    settle_desk(desk)
    verb = undo.switching(before.name)
    desk.deed(verb)
    elsewhere = reconfigure.elsewhere(desk)
    counts = dict(desk.store.run("statuses_in_use", elsewhere=elsewhere).fetchall())
    targets = reconfigure.homes(wanted, counts, places)
    settings.put_setting(desk.store, "workflow", wanted.name)
    desk.forget_settings()
    for status, place in targets.items():
        found = tickets.many(desk.store, "tickets_in_status", status=status, elsewhere=elsewhere)
        for ticket in found:
            desk.after(ticket)
            items = workflow_change.adopt(ticket, desk.rules_of(ticket), place, desk.author())
            if items:
                tickets.save(desk.store, ticket, play(ticket, items), items, desk.deed(verb))
    were_final = {one.name for one in before.statuses if one.final}
    return Switch(
        sum(counts.values()),
        sum(count for status, count in counts.items() if targets[status].name != status),
        sum(count for status, count in counts.items() if targets[status].final and status not in were_final),
    )


def add_workflow(desk: Desk, wanted: Workflow) -> Workflow:
    """Add a custom workflow. Raises InvalidValue for an invalid one, NotAllowed, AlreadyExists."""
    from tix.domain.workflows.shipped import SHIPPED
    from tix.domain.workflows.validation import problems

    found = problems(wanted)
    if found:
        raise InvalidValue(f"workflow {wanted.name} is not valid: {found[0]}", hint="tix workflow check FILE")
    require(desk.actor, "workflow change")
    if wanted.name in SHIPPED:
        raise AlreadyExists(f"a workflow named {wanted.name} comes with tix", hint="choose another name")
    with desk.store.writing():
        if workflows.get(desk.store, wanted.name) is not None:
            raise AlreadyExists(
                f"workflow {wanted.name} already exists",
                hint=f"choose another name, or remove it first: tix workflow rm {wanted.name}",
            )
        workflows.WORKFLOWS.add(desk.store, wanted)
    return wanted


def remove_workflow(desk: Desk, word: str) -> Workflow:
    """Remove a workflow that nothing uses. Raises NotFound, NotAllowed, InUse; Refused for a shipped one."""
    from tix.domain.workflows.shipped import SHIPPED

    workflow(desk, word)
    require(desk.actor, "workflow change")
    with desk.store.writing():
        found = workflow(desk, word)
        if found.name in SHIPPED:
            raise Refused(
                f"workflow {found.name} comes with tix and cannot be removed",
                hint="to use another: tix workflow use NAME",
            )
        uses = workflows.WORKFLOWS.uses(desk.store, found.name)
        if uses:
            said = ", ".join(
                f"{use.many} {'department' if use.many == 1 else 'departments'}"
                if use.what == "department"
                else "the desk"
                for use in uses
            )
            raise InUse(
                f"workflow {found.name} is in use: {said}", hint="use another first: tix workflow use NAME"
            )
        workflows.WORKFLOWS.drop(desk.store, found.name)
    return found
