"""The options that describe a new ticket, shared by ``new`` and ``schedule``."""

from __future__ import annotations

from tix.cli.parameters import Option
from tix.typing import Annotated, Any, NamedTuple


class Flags(NamedTuple):
    """The options that ``new`` and ``schedule`` share."""

    topic: Annotated[str | None, Option("--topic", metavar="NAME", help="Help topic.")] = None
    type_: Annotated[str | None, Option("--type", metavar="T", help="Ticket type, e.g. issue, request.")] = (
        None
    )
    category: Annotated[
        str | None, Option("--category", metavar="C", help="Free-form category, e.g. billing.")
    ] = None
    priority: Annotated[
        str | None, Option("-p", "--priority", metavar="P", help="Priority, e.g. low, medium, high, urgent.")
    ] = None
    for_: Annotated[
        str | None, Option("--for", metavar="WHO", help="Requester: login, address or Name <address>.")
    ] = None
    email: Annotated[str | None, Option("--email", metavar="ADDR", help="Contact e-mail address.")] = None
    phone: Annotated[str | None, Option("--phone", metavar="NUMBER", help="Contact phone number.")] = None
    client: Annotated[
        str | None, Option("--client", metavar="NAME", help="Client the ticket belongs to.")
    ] = None
    department: Annotated[
        str | None, Option("--department", metavar="NAME", help='Department ("none" to leave it empty).')
    ] = None
    assign: Annotated[
        str | None, Option("-a", "--assign", metavar="WHO", help="Assignee: a login or team:NAME.")
    ] = None
    notify_email: Annotated[
        str | None,
        Option(
            "--notify-email",
            metavar="ADDR",
            help="E-mail address to notify, for an assignee without an account.",
        ),
    ] = None
    sla: Annotated[str | None, Option("--sla", metavar="PLAN", help='SLA plan ("none" for no plan).')] = None
    due: Annotated[
        str | None, Option("--due", metavar="WHEN", help="Due date, e.g. 2026-12-24, friday, +3d.")
    ] = None
    about: Annotated[
        str | None, Option("--about", metavar="KIND:REF", help="Related object, e.g. order:4711.")
    ] = None
    asset: Annotated[
        list[str] | None, Option("--asset", metavar="NAME", help="Asset the ticket is about; repeatable.")
    ] = None
    tag: Annotated[list[str] | None, Option("--tag", metavar="T,…", help="Tags, e.g. vip,printer.")] = None
    field: Annotated[
        list[str] | None, Option("--field", metavar="K=V", help="Custom field, e.g. serial=A17; repeatable.")
    ] = None


def words(flags: Flags, **more: Any) -> dict[str, Any]:
    """What the flags say, by the names ``desk.tickets.request`` has for it; None where one was not given.

    Raises InvalidValue for a ``--field`` that is no KEY=VALUE.
    """
    from tix.desk.tickets.request import pairs

    said = {_NAMES.get(name, name): value for name, value in flags._asdict().items()}
    return {**said, "answers": None if flags.field is None else pairs(flags.field), **more}


# What is called otherwise than its flag.
_NAMES = {
    "type_": "type",
    "for_": "requester",
    "assign": "assignee",
    "due": "due_at",
    "asset": "assets",
    "tag": "tags",
    "field": "answers",
}
