"""``tix edit``: fields, each one event."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tix.cli import app
from tix.cli.options import Bulk, Note, Output, References
from tix.cli.session import Session
from tix.cli.tickets.bulk import write
from tix.domain import values as domain_values
from tix.domain.names import is_none
from tix.errors import UsageError

if TYPE_CHECKING:
    from tix.desk.context import Desk
    from tix.domain.times import Day


def _option(*names: str, metavar: str, help: str) -> Any:
    return typer.Option(*names, metavar=metavar, help=help)


def _due(desk: "Desk", text: str) -> "int | Day | None":
    return None if is_none(text) else desk.due(text)


@app.command
def command(
    session: Session,
    references: References,
    subject: Annotated[str | None, _option("--subject", metavar="TEXT", help="The subject.")] = None,
    priority: Annotated[str | None, _option("-p", "--priority", metavar="P", help="How urgent.")] = None,
    type_: Annotated[str | None, _option("--type", metavar="T", help="The type; none clears.")] = None,
    category: Annotated[str | None, _option("--category", metavar="C", help="none clears.")] = None,
    topic: Annotated[str | None, _option("--topic", metavar="NAME", help="The help topic; none.")] = None,
    department: Annotated[
        str | None, _option("--department", metavar="NAME", help="Where it goes; none.")
    ] = None,
    client: Annotated[str | None, _option("--client", metavar="NAME", help="Whose it is; none.")] = None,
    for_: Annotated[str | None, _option("--for", metavar="WHO", help="Whose ticket it is.")] = None,
    sla: Annotated[str | None, _option("--sla", metavar="PLAN", help="Its plan; none.")] = None,
    due: Annotated[
        str | None, _option("--due", metavar="WHEN", help="+3d, fri 14:00; none is the plan's.")
    ] = None,
    status: Annotated[str | None, _option("-s", "--status", metavar="S", help="The status.")] = None,
    about: Annotated[str | None, _option("--about", metavar="KIND:REF", help="none clears.")] = None,
    email: Annotated[str | None, _option("--email", metavar="ADDR", help="Contact address.")] = None,
    phone: Annotated[str | None, _option("--phone", metavar="NUMBER", help="Contact number.")] = None,
    notify_email: Annotated[
        str | None, _option("--notify-email", metavar="ADDR", help="Address of a holder without account.")
    ] = None,
    asset: Annotated[list[str] | None, _option("--asset", metavar="NAME", help="Add a thing.")] = None,
    remove_asset: Annotated[
        list[str] | None, _option("--remove-asset", metavar="NAME", help="Take one away.")
    ] = None,
    field: Annotated[
        list[str] | None, _option("--field", metavar="K=V", help="Answer what the topic asks; K= clears.")
    ] = None,
    tag: Annotated[list[str] | None, _option("--tag", metavar="T,…", help="Add a tag.")] = None,
    remove_tag: Annotated[
        list[str] | None, _option("--remove-tag", metavar="T,…", help="Take a tag away.")
    ] = None,
    note: Note = None,
    if_version: Annotated[
        int | None, _option("--if-version", metavar="N", help="Only if nobody changed it since.")
    ] = None,
    bulk: Bulk = Bulk(),  # noqa: B008  # an immutable value
    output: Output = Output(),  # noqa: B008  # an immutable value
) -> int:
    """Change fields of tickets."""
    from tix.cli.input.content import checked
    from tix.desk.tickets import edit
    from tix.desk.tickets.request import pairs
    from tix.domain import values
    from tix.domain.people import parse_email
    from tix.domain.tickets.edit import Edit

    desk = session.reader()
    fields: dict[str, str | None] = {}
    if subject is not None:
        fields["subject"] = values.parse_subject(subject)
    for name, value, parse in (
        ("type", type_, desk.ticket_type),
        ("category", category, values.parse_line),
        ("about", about, values.parse_about),
        ("email", email, parse_email),
        ("phone", phone, values.parse_line),
        ("notify_email", notify_email, parse_email),
    ):
        if value is not None:
            fields[name] = None if is_none(value) else parse(value)
    due_at = None if due is None else (_due(desk, due),)
    if status is not None:
        desk.find_statuses(status)
    urgency = None if priority is None else desk.priority(priority)
    tags = tuple(values.parse_tag(one) for one in domain_values.split(tag))
    tags_off = tuple(values.parse_tag(one) for one in domain_values.split(remove_tag))
    wanted = Edit(fields, urgency, None, due_at, tags, tags_off)
    names = edit.Names(topic, department, client, sla, for_, tuple(asset or ()), tuple(remove_asset or ()))
    if wanted == Edit({}) and names == edit.Names() and not field and status is None:
        if note is None:
            raise UsageError("nothing to change", hint="for example: tix edit 12 --priority high")
        raise UsageError("a note alone changes no field", hint="tix note 12 -m TEXT writes one")
    internal = None if note is None else checked(note)
    return write(
        session,
        references,
        output,
        bulk,
        edit.prepared(desk, names, wanted, pairs(field), status, internal, if_version, said=session.say),
        lambda ticket: "is changed",
        lambda ticket: "is so already",
    )
