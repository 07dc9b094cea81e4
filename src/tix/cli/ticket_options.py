"""What a ticket that is to be raised can be told by options: now, or by a schedule again and again."""

from typing import Annotated, Any, NamedTuple

import typer


def _option(*names: str, metavar: str, help: str) -> Any:
    return typer.Option(*names, metavar=metavar, help=help)


class Flags(NamedTuple):
    """The options that ``new`` and ``schedule`` share."""

    topic: Annotated[str | None, _option("--topic", metavar="NAME", help="The help topic.")] = None
    type_: Annotated[str | None, _option("--type", metavar="T", help="issue, request, …")] = None
    category: Annotated[str | None, _option("--category", metavar="C", help="A word of your own.")] = None
    priority: Annotated[
        str | None, _option("-p", "--priority", metavar="P", help="low, medium, high, urgent.")
    ] = None
    for_: Annotated[
        str | None, _option("--for", metavar="WHO", help="Whose it is: login, address, Name <address>.")
    ] = None
    email: Annotated[str | None, _option("--email", metavar="ADDR", help="Contact address.")] = None
    phone: Annotated[str | None, _option("--phone", metavar="NUMBER", help="Contact number.")] = None
    client: Annotated[str | None, _option("--client", metavar="NAME", help="Whose people it is of.")] = None
    department: Annotated[
        str | None, _option("--department", metavar="NAME", help="Where it goes; none.")
    ] = None
    assign: Annotated[
        str | None, _option("-a", "--assign", metavar="WHO", help="Who holds it; team:NAME.")
    ] = None
    notify_email: Annotated[
        str | None, _option("--notify-email", metavar="ADDR", help="Address of a holder without account.")
    ] = None
    sla: Annotated[str | None, _option("--sla", metavar="PLAN", help="Its plan; none.")] = None
    due: Annotated[str | None, _option("--due", metavar="WHEN", help="+3d, fri 14:00, …")] = None
    about: Annotated[str | None, _option("--about", metavar="KIND:REF", help="campaign:42, …")] = None
    asset: Annotated[list[str] | None, _option("--asset", metavar="NAME", help="A thing it is about.")] = None
    tag: Annotated[list[str] | None, _option("--tag", metavar="T,…", help="A tag.")] = None
    field: Annotated[list[str] | None, _option("--field", metavar="K=V", help="What the topic asks.")] = None


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
