"""Update tickets when the rules for them change: a workflow, an SLA plan, a calendar or a department."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tix.desk import notifications
from tix.desk.context import Desk
from tix.desk.settle import settle_desk
from tix.domain.json_columns import dumps
from tix.domain.organisation import Department
from tix.domain.sla.plans import Plan
from tix.domain.tickets import edit, workflow_change
from tix.domain.tickets.ticket import Ticket, play
from tix.domain.tickets.timeline import SET_UP, Item
from tix.domain.workflows.workflow import Status, Workflow
from tix.errors import Refused
from tix.store.setup import repository
from tix.store.tickets import tickets


def place_in(
    workflow: Workflow,
    status: str,
    mapping: Mapping[str, str],
    where: str | None,
    wanted: Status | None = None,
) -> Status:
    """Return a ticket's status in another workflow: ``wanted``, else by name, alias or mapping.

    ``where`` is the department with that workflow, None for the desk. Raises Refused naming the unmapped status.
    """
    found = wanted or workflow_change.target(workflow, status, dict(mapping))
    if found is None:
        raise Refused(
            f"workflow {workflow.name} of {where or 'the desk'} has no status for '{status}'",
            hint="add --status, one of " + ", ".join(one.name for one in workflow.statuses)
            if where is None
            else f"add --status, or tix department edit {where} --map {status}={workflow.first.name}",
        )
    return found


def homes(workflow: Workflow, statuses: Iterable[str], mapping: Mapping[str, str]) -> dict[str, Status]:
    """Return the status in ``workflow`` for each status. Raises Refused listing the unmapped ones."""
    found = {status: workflow_change.target(workflow, status, dict(mapping)) for status in statuses}
    homeless = [status for status, place in found.items() if place is None]
    if homeless:
        raise Refused(
            f"workflow {workflow.name} has no status for: {', '.join(homeless)}",
            hint="for example: " + " ".join(f"--map {status}={workflow.first.name}" for status in homeless),
        )
    return {status: place for status, place in found.items() if place is not None}


def elsewhere(desk: Desk) -> str:
    """Return the departments with their own workflow, as a JSON array."""
    return dumps([one.name for one in repository.DEPARTMENTS.all(desk.store) if one.workflow]) or "[]"


def department_changed(desk: Desk, old: Department, new: Department) -> None:
    """Move a department's tickets to its new workflow or calendar. Call it inside the transaction of the change."""
    settle_desk(desk)
    desk.deed(SET_UP)
    desk.forget_settings()
    if _workflow(desk, old).name != _workflow(desk, new).name:
        workflow = _workflow(desk, new)
        store = desk.store
        rows = store.run("statuses_of_department", department=new.name).fetchall()
        places = homes(workflow, [status for status, _ in rows], dict(new.mapping))
        for status, place in places.items():
            found = tickets.many(store, "tickets_of_department_in", department=new.name, status=status)
            for ticket in found:
                desk.after(ticket)
                _keep(
                    desk, ticket, workflow_change.adopt(ticket, desk.rules_of(ticket), place, desk.author())
                )
    if old.calendar != new.calendar:
        _redate(desk, "open_tickets_of_department", "calendar-changed", department=new.name)


def _workflow(desk: Desk, department: Department) -> Workflow:
    return desk.workflow(department.workflow) if department.workflow else desk.rules.workflow


def plan_changed(desk: Desk, old: Plan, new: Plan) -> None:
    """Recompute the due dates of open tickets with the plan."""
    if old._replace(active=new.active) == new:
        return
    settle_desk(desk)
    desk.deed(SET_UP)
    desk.forget_settings()
    _redate(desk, "open_tickets_of_plan", "plan-changed", plan=new.name)


def calendar_changed(desk: Desk, name: str) -> None:
    """Recompute the due dates of open tickets that count the calendar's hours."""
    from tix.store.setup import sla

    settle_desk(desk)
    desk.deed(SET_UP)
    desk.forget_settings()
    for department in repository.DEPARTMENTS.all(desk.store):
        if department.calendar == name:
            _redate(desk, "open_tickets_of_department", "calendar-changed", department=department.name)
    for plan in sla.PLANS.all(desk.store):
        if plan.calendar == name:
            _redate(desk, "open_tickets_of_plan", "calendar-changed", plan=plan.name)


def _redate(desk: Desk, statement: str, reason: str, **values: str) -> None:
    for ticket in tickets.many(desk.store, statement, **values):
        rules = desk.rules_of(ticket)
        desk.after(ticket)
        _keep(desk, ticket, edit.redated(ticket, rules, desk.author(), reason))


def _keep(desk: Desk, ticket: Ticket, items: list[Item]) -> None:
    """Store what a reconfiguration does to a ticket; people are notified only where it becomes overdue."""
    if items:
        new = play(ticket, items)
        kept = tickets.save(desk.store, ticket, new, items, desk.deed(SET_UP))
        notifications.of_change(desk, ticket, new, [item for item in kept if item.type == "overdue"])
