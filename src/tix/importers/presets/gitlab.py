"""GitLab, the CSV export of issues that arrives by mail."""

from __future__ import annotations

from tix.importers.assembly.origin import Origin, host_of
from tix.importers.record import ImportedTicket
from tix.importers.tables.preset import Preset, folded_all, named
from tix.typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def _finished(ticket: ImportedTicket, cells: Mapping[str, str]) -> ImportedTicket:
    """Return the ticket with its project, which only the address of the issue names."""
    address = cells.get("about", "").strip()
    host, path = host_of(address), address.partition("://")[2].partition("/-/")[0].partition("/")[2]
    if host is None or not path:
        return ticket
    origin, number = Origin("gitlab", f"{host}/{path.lower()}"), address.rpartition("/")[2]
    return ticket._replace(key=origin.key(number), about=origin.about(number), is_unmistakable=True)


PRESET = Preset(
    "gitlab-csv",
    "GitLab, CSV export",
    named(
        {
            "subject": "Title",
            "body": "Description",
            "ref": "Issue ID|Issue IID",
            "about": "URL",
            "status": "State",
            "requester": "Author Username",
            "requester_name": "Author",
            "assignee": "Assignee Username",
            "due_at": "Due Date",
            "created_at": "Created At (UTC)|Created At",
            "updated_at": "Updated At (UTC)|Updated At",
            "closed_at": "Closed At (UTC)|Closed At",
            "tags": "Labels",
        }
    ),
    folded_all("Author Username|Created At (UTC)|Assignee Username"),
    "gitlab",
    finish=_finished,
    without=folded_all("Assignee|Locked"),
)
