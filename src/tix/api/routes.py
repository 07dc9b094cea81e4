"""The one table of routes: the endpoints and their description (``openapi``) are made from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from msgspec import Struct

from tix.api import (
    books,
    completion,
    exports,
    files,
    lists,
    reports,
    requests,
    resources,
    screens,
    tickets,
    verbs,
    views,
)
from tix.api.tickets import Answer, Call
from tix.api.verbs import Verb
from tix.api.writes import bulk, undo

ROOT = "/api/v1"
# In place of the name of a schema: JSON Lines of whole tickets.
EXPORT = "export"
# In place of the name of a schema: the bytes of a file.
DOWNLOAD = "download"
# In place of the name of a schema: events without an end.
STREAM = "stream"


class Route(NamedTuple):
    """One route: what it is called, what it may be asked, what does it, and what it answers.

    ``answers`` names a schema of ``openapi``, with ``[]`` for a list of it; None is no content. ``versioned``: it
    answers an ETag, and heeds If-Match where it writes to one; ``needs_version``: it refuses without one. ``is_long``: it is answered where
    it delays no other; ``takes_files``: files may come with it. ``lines`` answers the same as JSON Lines. ``columns``
    are the fields of a ``Record``.

    ``again`` answers a write that its Idempotency-Key has done before, from what was kept of its answer; a route that
    answers a ``Ticket`` or nothing needs none. ``is_key_its_own``: ``run`` heeds the key.
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
    is_long: bool = False
    takes_files: bool = False
    lines: Callable[[Call], Answer] | None = None
    columns: tuple[str, ...] = ()
    again: Callable[[Call, Any], Answer] | None = None
    is_key_its_own: bool = False

    @property
    def writes(self) -> bool:
        """Whether it changes the desk."""
        return self.method != "GET"

    @property
    def is_keyed(self) -> bool:
        """Whether it heeds Idempotency-Key."""
        return self.writes and (
            self.is_key_its_own or self.again is not None or self.answers in (None, "Ticket")
        )

    @property
    def heeds_version(self) -> bool:
        """Whether it heeds If-Match: it writes to a ticket that is there."""
        return self.versioned and self.writes and "{id}" in self.path

    @property
    def has_pages(self) -> bool:
        """Whether its list has pages, with cursors."""
        return "cursor" in self.query.__struct_fields__

    @property
    def shapes(self) -> bool:
        """Whether it answers records, of which ``fields`` chooses some."""
        return self.answers not in (None, DOWNLOAD, EXPORT, STREAM)


def _about(verb: Verb) -> Route:
    """The route of a verb that writes to one ticket."""
    return Route("POST", f"{_ONE}/{verb.name}", verb.name.replace("/", "-"), verb.summary,
                 tickets.written(verb), "Ticket", body=verb.body, status=verb.status, versioned=True,
                 takes_files=verb.takes_files)  # fmt: skip


_ONE = "/tickets/{id}"
_NAME = "{name:path}"

ROUTES = (
    Route("GET", "/tickets", "list", "List tickets; open ones, most urgent first, unless filters differ.",
          tickets.list_, "ListedTicket[]", requests.ListQuery, lines=tickets.lines),
    Route("POST", "/tickets", "new", "Create a ticket.", tickets.create, "Ticket", body=requests.NewTicket,
          status=201, versioned=True, takes_files=True),
    Route("GET", "/tickets/count", "count", "Count tickets, with the filters of the list.", screens.count, "Record",
          requests.CountQuery),
    Route("GET", _ONE, "show", "Get a ticket with its thread.", tickets.show_, "Ticket", requests.TicketQuery,
          versioned=True),
    Route("GET", f"{_ONE}/aside", "aside", "Get what a screen shows beside a ticket.", screens.aside, "Record",
          requests.TicketQuery),
    Route("PATCH", _ONE, "edit", "Change fields of a ticket.", tickets.written(verbs.EDIT),
          "Ticket", body=requests.TicketChange, versioned=True, needs_version=True),
    Route("DELETE", _ONE, "delete", "Delete a ticket permanently.", tickets.written(verbs.DELETE), None, status=204,
          versioned=True, needs_version=True),
    Route("GET", f"{_ONE}/thread", "thread", "Get the thread of a ticket.", tickets.thread, "Item[]",
          requests.PageQuery),
    Route("GET", f"{_ONE}/events", "events", "Get the changes of a ticket.", tickets.events, "Item[]",
          requests.PageQuery),
    Route("GET", f"{_ONE}/attachments", "attachments", "List the files of a ticket.", files.listed, "Attachment[]"),
    Route("GET", f"{_ONE}/attachments/{{file:file}}", "attachment", "Download a file of a ticket.", files.download,
          DOWNLOAD, is_long=True),
    Route("DELETE", f"{_ONE}/attachments/{{file:file}}", "attachment-remove", "Remove a file of a ticket permanently.",
          tickets.remove_file, "Ticket", versioned=True),
    Route("GET", f"{_ONE}/why", "why", "Explain the due date of a ticket.", tickets.why_, "Record"),
    Route("GET", f"{_ONE}/split", "splittable", "List the entries of a ticket that can be split off.",
          tickets.splittable, "Item[]", requests.PageQuery),
    *(_about(verb) for verb in verbs.POSTED),
    _about(verbs.ATTACH)._replace(name="attach", body=None),
    Route("POST", "/tickets/bulk", "bulk", "Write to many tickets.", bulk.write, "Result[]",
          body=requests.Bulk, takes_files=True, is_key_its_own=True),
    Route("DELETE", "/time/{entry:entry}", "time-remove", "Delete a time entry that is not on an invoice.",
          tickets.remove_time, "Ticket"),
    Route("POST", "/undo", "undo", "Undo my last command that changed tickets.", undo.write, "Undone",
          body=requests.Undo, again=undo.again),
    Route("POST", "/redo", "redo", "Redo my last undone command.", undo.rewrite, "Undone",
          body=requests.Redo, again=undo.again),
    Route("GET", "/search", "search", "Search tickets.", tickets.search_, "FoundTicket[]",
          requests.SearchQuery),
    Route("GET", "/search/count", "search-count", "Count what a search finds.", screens.found, "Record",
          requests.SearchQuery),
    Route("GET", "/inbox", "inbox", "Get my open tickets and unread notifications.", screens.inbox, "Record",
          requests.InboxQuery),
    Route("GET", "/form", "form", "Get what to ask for a new ticket.", screens.form, "Record", requests.FormQuery),
    Route("GET", "/triage", "triage", "Get what may be chosen for a ticket in triage.", screens.triage, "Record",
          requests.TriageQuery, columns=("priorities", "assignees", "canned", "statuses")),
    Route("GET", "/questions", "questions", "List the keys of custom fields.", screens.questions, "Record[]",
          columns=("key",)),
    Route("GET", "/completion", "completion", "List what a shell completes.", completion.complete, "Record[]",
          completion.CompletionQuery, columns=completion.FIELDS),
    Route("GET", "/events", "stream", "Follow what happens, as server-sent events.", screens.whoami, STREAM),
    Route("GET", "/log", "log", "List what happened on the desk, newest first.", lists.log, "LoggedItem[]",
          requests.LogQuery),
    Route("GET", "/notifications", "notifications", "List my notifications.", lists.notifications, "Record[]",
          requests.NotificationsQuery, columns=lists.NOTIFICATION),
    Route("POST", "/notifications/read", "notifications-read", "Mark notifications as read.", lists.read,
          "Record[]", body=requests.ReadNotifications, columns=lists.NOTIFICATION, again=lists.read_again),
    Route("POST", "/notifications/bulk", "notifications-bulk", "Mark notifications as read, with a result for each.",
          lists.read_each, "Record[]", body=requests.NotificationIds, columns=lists.MARKED, again=lists.each_again),
    Route("GET", "/notifications/rules", "notification-rules", "List who is notified of what.", lists.rules,
          "Record[]", columns=lists.RULE),
    Route("POST", "/notifications/mute", "notifications-mute", "Stop mail to me about rules.", lists.mute,
          "Record", body=requests.MutedRules, columns=("muted",), again=lists.muted_now),
    Route("POST", "/notifications/unmute", "notifications-unmute", "Send me mail about rules again.", lists.unmute,
          "Record", body=requests.MutedRules, columns=("muted",), again=lists.muted_now),
    Route("GET", "/export", "export", "Export whole tickets as JSON Lines.", exports.export, EXPORT,
          requests.ExportQuery, is_long=True),
    Route("GET", "/time", "time-entries", "List time entries, latest work first.", books.times, "Record[]",
          books.TimeQuery, lines=books.time_lines, columns=books.ENTRY),
    Route("GET", "/timers", "timers", "List running timers.", books.timers, "Record[]", requests.PageQuery,
          columns=books.TIMER),
    Route("GET", "/invoices", "invoices", "List invoices, newest first.", books.invoices, "Record[]",
          books.InvoicesQuery, columns=books.INVOICE),
    Route("GET", f"/invoices/{_NAME}", "invoice", "Get an invoice with its lines.", books.invoice, "Record",
          columns=books.INVOICE),
    Route("GET", "/schedules", "schedules", "List schedules of recurring tickets.", books.schedules, "Record[]",
          requests.PageQuery, columns=books.SCHEDULE),
    Route("GET", f"/schedules/{_NAME}", "schedule", "Get a schedule with its next dates.", books.schedule, "Record",
          books.ScheduleQuery, columns=books.WHOLE_SCHEDULE),
    Route("GET", "/settings", "settings", "List the desk's settings.", books.settings, "Record[]", requests.PageQuery,
          columns=books.SETTING),
    Route("GET", f"/settings/{_NAME}", "setting", "Get a setting.", books.setting, "Record", columns=books.SETTING),
    Route("GET", "/views", "views", "List my views and those that staff share.", views.listed, "Record[]",
          requests.PageQuery, columns=views.VIEW),
    Route("GET", f"/views/{_NAME}", "view", "Get a view.", views.view, "Record", views.ViewQuery, columns=views.VIEW),
    Route("POST", "/views", "view-add", "Save filters, columns and order of a list as a view.", views.add, "Record",
          body=requests.NewView, status=201, columns=views.VIEW, again=views.again),
    Route("PATCH", f"/views/{_NAME}", "view-edit", "Change options of a view.", views.edit, "Record",
          body=requests.ViewChange, columns=views.VIEW, again=views.again),
    Route("DELETE", f"/views/{_NAME}", "view-remove", "Remove a view.", views.remove, None, views.ViewQuery, status=204),
    Route("GET", "/stats", "stats", "Get counts, times and ratings.", reports.stats, "Record", reports.ReportQuery,
          is_long=True, columns=reports.STATS),
    Route("GET", f"/reports/{_NAME}", "report", "Get a report: summary, sla, agents, aging, ratings or time.",
          reports.report, "Record[]", reports.ReportQuery, is_long=True),
    Route("GET", "/whoami", "whoami", "Get who the key acts as.", screens.whoami, "Record"),
    Route("GET", "/people", "people", "List people.", resources.persons, "Record[]", resources.PeopleQuery,
          columns=resources.PERSON),
    Route("GET", f"/people/{_NAME}", "person", "Get one person.", resources.person, "Record",
          columns=resources.WHOLE_PERSON),
    Route("GET", "/topic-fields", "topic-fields", "List the custom fields of a topic.", resources.topic_fields,
          "Record[]", resources.TopicFieldsQuery, columns=resources.TOPIC_FIELD),
    Route("GET", "/workflows", "workflows", "List workflows.", resources.flows, "Record[]", requests.PageQuery,
          columns=resources.WORKFLOW),
    Route("GET", f"/workflows/{_NAME}", "workflow", "Get a workflow with its statuses and rules.", resources.flow,
          "Record", columns=resources.WHOLE_WORKFLOW),
    *(
        Route("GET", f"/{name}", name, f"List {name}.", resources.listed(noun), "Record[]", requests.PageQuery,
              columns=tuple(noun.fields))
        for name, noun in resources.RESOURCES.items()
    ),
    *(
        Route("GET", f"/{name}/{_NAME}", f"{name}-one", f"Get one of the {name}.", resources.shown(noun), "Record",
              resources.query(noun), columns=resources.columns(noun))
        for name, noun in resources.RESOURCES.items()
    ),
)  # fmt: skip


def schema_of(answers: str) -> dict[str, Any]:
    """Return the JSON Schema that ``answers`` of a route names."""
    one = {"$ref": f"#/components/schemas/{answers.removesuffix('[]')}"}
    return {"type": "array", "items": one} if answers.endswith("[]") else one
