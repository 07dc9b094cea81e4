"""The filter options of commands that list tickets.

Annotations here are objects, not strings, as in ``cli.options``.
"""

from __future__ import annotations

from tix.cli.parameters import Option
from tix.desk.queue.filters import Filters
from tix.typing import Annotated


class FilterOptions(Filters):
    """The options of ``Filters``: names, defaults and meaning are those of ``desk.queue.filters``."""

    open: Annotated[bool, Option("--open", help="Only open tickets, including snoozed tickets.")]
    closed: Annotated[bool, Option("--closed", help="Only tickets that are no longer open.")]
    all: Annotated[bool, Option("--all", help="Open and closed tickets.")]
    status: Annotated[
        list[str] | None,
        Option(
            "-s",
            "--status",
            metavar="S,…",
            help="Tickets with one of these statuses, e.g. on-hold or '!closed'.",
        ),
    ]
    mine: Annotated[
        bool, Option("--mine", help="Tickets assigned to me (for a requester: all visible tickets).")
    ]
    unassigned: Annotated[bool, Option("--unassigned", help="Only unassigned tickets.")]
    assignee: Annotated[
        list[str] | None,
        Option(
            "-a",
            "--assignee",
            metavar="WHO,…",
            help='Assigned to WHO ("none" for unassigned, "!sam" for all but sam).',
        ),
    ]
    requester: Annotated[
        list[str] | None,
        Option("--requester", metavar="WHO", help="Tickets of this requester: login or e-mail address."),
    ]
    creator: Annotated[
        list[str] | None, Option("--creator", metavar="WHO", help="Tickets created by this person.")
    ]
    user: Annotated[
        list[str] | None,
        Option("--user", metavar="WHO", help="Tickets this person requested or is assigned to."),
    ]
    department: Annotated[
        list[str] | None,
        Option(
            "--department",
            metavar="NAME",
            help='Tickets of a department ("none" for tickets without a department).',
        ),
    ]
    client: Annotated[list[str] | None, Option("--client", metavar="NAME", help="Tickets of a client.")]
    team: Annotated[list[str] | None, Option("--team", metavar="NAME", help="Tickets of a team.")]
    topic: Annotated[
        list[str] | None,
        Option(
            "--topic",
            metavar="NAME",
            help="Tickets with a help topic or one below it (Hardware/ for the topic alone).",
        ),
    ]
    asset: Annotated[list[str] | None, Option("--asset", metavar="NAME", help="Tickets about an asset.")]
    field: Annotated[
        list[str] | None,
        Option(
            "--field",
            metavar="K=V",
            help="Tickets with a custom field value, e.g. serial=A17 or serial!=A17.",
        ),
    ]
    type: Annotated[
        list[str] | None, Option("--type", metavar="T,…", help="Tickets of a type, e.g. issue,request.")
    ]
    priority: Annotated[
        list[str] | None,
        Option("-p", "--priority", metavar="P,…", help="Tickets with a priority, e.g. high,urgent."),
    ]
    tag: Annotated[
        list[str] | None,
        Option("--tag", metavar="T,…", help="Tickets with a tag, e.g. vip; '!vip' for tickets without it."),
    ]
    about: Annotated[
        list[str] | None,
        Option(
            "--about",
            metavar="KIND:REF",
            help="Tickets about a related object, e.g. order:4711, github:acme/shop*.",
        ),
    ]
    title: Annotated[str | None, Option("--title", metavar="WORDS", help="Words in the subject.")]
    due: Annotated[
        list[str] | None,
        Option(
            "--due",
            metavar="WHEN",
            help="Due on a day or up to a time: today, this-week, friday, 3d, overdue, none.",
        ),
    ]
    overdue: Annotated[bool, Option("--overdue", help="Only open tickets past their due date.")]
    answered: Annotated[
        bool | None, Option("--answered/--unanswered", help="Whether staff wrote the last message.")
    ]
    since: Annotated[
        str | None,
        Option("--since", metavar="WHEN", help="Last activity on or after, e.g. 2026-12-01, 7d, monday."),
    ]
    until: Annotated[
        str | None,
        Option("--until", metavar="WHEN", help="Last activity on or before, e.g. 2026-12-31."),
    ]
    created_since: Annotated[
        str | None,
        Option("--created-since", metavar="WHEN", help="Created on or after, e.g. 2026-12-01, 7d."),
    ]
    created_until: Annotated[
        str | None,
        Option("--created-until", metavar="WHEN", help="Created on or before, e.g. yesterday."),
    ]
    sort: Annotated[
        str | None,
        Option("--sort", metavar="KEY,…", help="Sort by columns, e.g. -priority,due_at (- for descending)."),
    ]
    limit: Annotated[
        int | None, Option("--limit", metavar="N", help="Maximum number of tickets (0: no limit).")
    ]
    only_count: Annotated[bool, Option("--count", help="Print the number of tickets only.")]
