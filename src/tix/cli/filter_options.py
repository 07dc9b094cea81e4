"""The options by which tickets are chosen, for the commands that list them.

Annotations here are objects, not strings, as in ``cli.arguments``.
"""

from typing import Annotated, NamedTuple

import typer


class Filters(NamedTuple):
    """Which tickets: filters combine by AND, the values of one by OR."""

    open: Annotated[bool, typer.Option("--open", help="Those still open, snoozed ones too.")] = False
    closed: Annotated[bool, typer.Option("--closed", help="Those no longer open.")] = False
    all: Annotated[bool, typer.Option("--all", help="Open and closed.")] = False
    status: Annotated[
        list[str] | None, typer.Option("-s", "--status", metavar="S,…", help="By status, in every phase.")
    ] = None
    mine: Annotated[
        bool, typer.Option("--mine", help="Assigned to me; for a requester, all they may see.")
    ] = False
    unassigned: Annotated[bool, typer.Option("--unassigned", help="Nobody's.")] = False
    assignee: Annotated[
        list[str] | None, typer.Option("-a", "--assignee", metavar="WHO,…", help="Held by.")
    ] = None
    requester: Annotated[
        list[str] | None, typer.Option("--requester", metavar="WHO", help="Whose ticket it is.")
    ] = None
    creator: Annotated[
        list[str] | None, typer.Option("--creator", metavar="WHO", help="Who typed it in.")
    ] = None
    user: Annotated[
        list[str] | None, typer.Option("--user", metavar="WHO", help="Requester or assignee.")
    ] = None
    department: Annotated[
        list[str] | None, typer.Option("--department", metavar="NAME", help="By department; none.")
    ] = None
    client: Annotated[list[str] | None, typer.Option("--client", metavar="NAME", help="By client.")] = None
    team: Annotated[list[str] | None, typer.Option("--team", metavar="NAME", help="By team.")] = None
    topic: Annotated[list[str] | None, typer.Option("--topic", metavar="NAME", help="By help topic.")] = None
    asset: Annotated[list[str] | None, typer.Option("--asset", metavar="NAME", help="About an asset.")] = None
    field: Annotated[
        list[str] | None, typer.Option("--field", metavar="K=V", help="By an answer to a topic's question.")
    ] = None
    type: Annotated[list[str] | None, typer.Option("--type", metavar="T,…", help="By type.")] = None
    priority: Annotated[
        list[str] | None, typer.Option("-p", "--priority", metavar="P,…", help="By priority.")
    ] = None
    tag: Annotated[list[str] | None, typer.Option("--tag", metavar="T,…", help="Bearing a tag.")] = None
    about: Annotated[
        list[str] | None, typer.Option("--about", metavar="KIND:REF", help="About one thing.")
    ] = None
    title: Annotated[str | None, typer.Option("--title", metavar="WORDS", help="Words of the subject.")] = (
        None
    )
    overdue: Annotated[bool, typer.Option("--overdue", help="Open and past their due date.")] = False
    answered: Annotated[
        bool | None, typer.Option("--answered/--unanswered", help="Whether staff spoke last.")
    ] = None
    since: Annotated[str | None, typer.Option("--since", metavar="WHEN", help="Last active at or after.")] = (
        None
    )
    until: Annotated[
        str | None, typer.Option("--until", metavar="WHEN", help="Last active at or before.")
    ] = None
    sort: Annotated[str | None, typer.Option("--sort", metavar="KEY", help="A column; -KEY descending.")] = (
        None
    )
    limit: Annotated[int | None, typer.Option("--limit", metavar="N", help="At most so many; 0 is all.")] = (
        None
    )
    only_count: Annotated[bool, typer.Option("--count", help="Only how many.")] = False
