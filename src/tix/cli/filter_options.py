"""The options by which tickets are chosen, for the commands that list them.

Annotations here are objects, not strings, as in ``cli.arguments``.
"""

from typing import Annotated

import typer

from tix.desk.queue.filters import Filters


class FilterOptions(Filters):
    """The options of ``Filters``: names, defaults and meaning are those of ``desk.queue.filters``."""

    open: Annotated[bool, typer.Option("--open", help="Those still open, snoozed ones too.")]
    closed: Annotated[bool, typer.Option("--closed", help="Those no longer open.")]
    all: Annotated[bool, typer.Option("--all", help="Open and closed.")]
    status: Annotated[
        list[str] | None, typer.Option("-s", "--status", metavar="S,…", help="By status, in every phase.")
    ]
    mine: Annotated[bool, typer.Option("--mine", help="Assigned to me; for a requester, all they may see.")]
    unassigned: Annotated[bool, typer.Option("--unassigned", help="Nobody's.")]
    assignee: Annotated[list[str] | None, typer.Option("-a", "--assignee", metavar="WHO,…", help="Held by.")]
    requester: Annotated[
        list[str] | None, typer.Option("--requester", metavar="WHO", help="Whose ticket it is.")
    ]
    creator: Annotated[list[str] | None, typer.Option("--creator", metavar="WHO", help="Who typed it in.")]
    user: Annotated[list[str] | None, typer.Option("--user", metavar="WHO", help="Requester or assignee.")]
    department: Annotated[
        list[str] | None, typer.Option("--department", metavar="NAME", help="By department; none.")
    ]
    client: Annotated[list[str] | None, typer.Option("--client", metavar="NAME", help="By client.")]
    team: Annotated[list[str] | None, typer.Option("--team", metavar="NAME", help="By team.")]
    topic: Annotated[list[str] | None, typer.Option("--topic", metavar="NAME", help="By help topic.")]
    asset: Annotated[list[str] | None, typer.Option("--asset", metavar="NAME", help="About an asset.")]
    field: Annotated[
        list[str] | None, typer.Option("--field", metavar="K=V", help="By an answer to a topic's question.")
    ]
    type: Annotated[list[str] | None, typer.Option("--type", metavar="T,…", help="By type.")]
    priority: Annotated[
        list[str] | None, typer.Option("-p", "--priority", metavar="P,…", help="By priority.")
    ]
    tag: Annotated[list[str] | None, typer.Option("--tag", metavar="T,…", help="Bearing a tag.")]
    about: Annotated[list[str] | None, typer.Option("--about", metavar="KIND:REF", help="About one thing.")]
    title: Annotated[str | None, typer.Option("--title", metavar="WORDS", help="Words of the subject.")]
    overdue: Annotated[bool, typer.Option("--overdue", help="Open and past their due date.")]
    answered: Annotated[
        bool | None, typer.Option("--answered/--unanswered", help="Whether staff spoke last.")
    ]
    since: Annotated[str | None, typer.Option("--since", metavar="WHEN", help="Last active at or after.")]
    until: Annotated[str | None, typer.Option("--until", metavar="WHEN", help="Last active at or before.")]
    sort: Annotated[str | None, typer.Option("--sort", metavar="KEY", help="A column; -KEY descending.")]
    limit: Annotated[int | None, typer.Option("--limit", metavar="N", help="At most so many; 0 is all.")]
    only_count: Annotated[bool, typer.Option("--count", help="Only how many.")]
