"""The one table of routes: the endpoints and their description (``openapi``) are made from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from msgspec import Struct

from tix.api import files, requests, resources, tickets
from tix.api.tickets import Answer, Call
from tix.domain.workflows.workflow import VERBS

ROOT = "/api/v1"
# In place of the name of a schema: the bytes of a file.
DOWNLOAD = "download"
# In place of the name of a schema: events without an end.
STREAM = "stream"


class Route(NamedTuple):
    """One route: what it is called, what it may be asked, what does it, and what it answers.

    ``answers`` names a schema of ``openapi``, with ``[]`` for a list of it; None is no content. ``versioned``: it
    answers an ETag and heeds If-Match; ``needs_version``: it refuses without one. ``keyed``: it heeds
    Idempotency-Key; ``is_long``: it is answered where it delays no other;
    ``takes_files``: files may come with it.
    """

    method: str
    path: str
    name: str
    summary: str
    run: Callable[[Call], Answer]
    answers: str | None
    query: type[Struct] = requests.Query
    body: type[Struct] | None = None
    status: int = 200
    versioned: bool = False
    needs_version: bool = False
    keyed: bool = False
    is_long: bool = False
    takes_files: bool = False

    @property
    def writes(self) -> bool:
        """Whether it changes the desk."""
        return self.method != "GET"


def _about(
    verb: str,
    summary: str,
    run: Callable[[Call], Answer],
    body: type | None,
    status: int = 200,
    *,
    files: bool = False,
) -> Route:
    """A route that writes to one ticket."""
    return Route("POST", f"/tickets/{{id}}/{verb}", verb, summary, run, "Ticket", body=body, status=status,
                 versioned=True, takes_files=files)  # fmt: skip


_ONE = "/tickets/{id}"

ROUTES = (
    Route("GET", "/tickets", "list", "List tickets; open ones, most urgent first, unless filters differ.",
          tickets.list_, "ListedTicket[]", requests.ListQuery),
    Route("POST", "/tickets", "new", "Create a ticket.", tickets.create, "Ticket", body=requests.NewTicket,
          status=201, versioned=True, keyed=True, takes_files=True),
    Route("GET", _ONE, "show", "Get a ticket with its thread.", tickets.show_, "Ticket", versioned=True),
    Route("PATCH", _ONE, "edit", "Change fields of a ticket.", tickets.change, "Ticket",
          body=requests.TicketChange, versioned=True, needs_version=True),
    Route("DELETE", _ONE, "delete", "Delete a ticket permanently.", tickets.delete_, None, status=204,
          versioned=True, needs_version=True),
    Route("GET", f"{_ONE}/thread", "thread", "Get the thread of a ticket.", tickets.thread, "Item[]"),
    Route("GET", f"{_ONE}/events", "events", "Get the changes of a ticket.", tickets.events, "Item[]"),
    Route("GET", f"{_ONE}/attachments", "attachments", "List the files of a ticket.", files.listed, "Attachment[]"),
    Route("GET", f"{_ONE}/attachments/{{file:int}}", "attachment", "Download a file of a ticket.", files.download,
          DOWNLOAD, is_long=True),
    _about("replies", "Write a public reply, or a message.", tickets.reply_, requests.Reply, 201, files=True),
    _about("notes", "Write an internal note.", tickets.note, requests.Note, 201, files=True),
    _about("attachments", "Attach files to a ticket.", tickets.attach, None, 201, files=True)._replace(name="attach"),
    _about("time", "Record time spent.", tickets.time, requests.TimeSpent, 201),
    _about("rating", "Rate a ticket.", tickets.rate, requests.Rating, 201),
    _about("assign", "Assign a ticket.", tickets.assign_, requests.Assignment),
    _about("claim", "Take a ticket that nobody has.", tickets.claim, requests.Body),
    *(
        _about(one, f"{one.capitalize()} a ticket.", tickets.transition(one), requests.Transition)
        for one in VERBS
    ),
    Route("GET", "/search", "search", "Search tickets.", tickets.search_, "FoundTicket[]",
          requests.SearchQuery),
    Route("GET", "/events", "stream", "Follow what happens, as server-sent events.", resources.whoami, STREAM),
    Route("GET", "/whoami", "whoami", "Get who the key acts as.", resources.whoami, "Record"),
    Route("GET", "/people", "people", "List people.", resources.persons, "Record[]"),
    *(
        Route("GET", f"/{name}", name, f"List {name}.", resources.listed(noun), "Record[]")
        for name, noun in resources.RESOURCES.items()
    ),
)  # fmt: skip


def schema_of(answers: str) -> dict[str, Any]:
    """Return the JSON Schema that ``answers`` of a route names."""
    one = {"$ref": f"#/components/schemas/{answers.removesuffix('[]')}"}
    return {"type": "array", "items": one} if answers.endswith("[]") else one
