"""Names that are looked up by a value, and so stand nowhere as a sentence: of statuses, columns, labels, months.

For each kind, what is translated in that context. A name that is not here is a desk's own, and stays as it was written.
"""

from __future__ import annotations

from collections.abc import Mapping

NAMES: Mapping[str, tuple[str, ...]] = {
    "status": (
        "open", "opened", "answered", "in-progress", "inprocess", "working", "on-hold", "hold", "resolved", "closed",
    ),
    "phase": ("open", "resolved", "closed"),
    "priority": ("low", "medium", "high", "urgent"),
    "type": ("issue", "request", "campaign", "emulation", "analyzed-email", "leaked-credentials"),
    "side": ("requester", "staff", "system"),
    "entry": ("message", "reply", "note", "internal note", "internal reply", "internal message"),
    "answer": ("y yes",),
    "count": ("open", "overdue", "unassigned", "mine", "unread"),
    "relation": (
        "blocks", "is blocked by", "is the parent of", "is a child of", "duplicates", "is duplicated by", "relates to",
    ),
    # What an event, a heading or a message calls a field.
    "field": (
        "about", "asset", "assignee", "category", "client", "department", "due date", "e-mail", "notification address",
        "phone", "phase", "priority", "related object", "requester", "SLA plan", "snooze", "status", "subject", "tags",
        "team", "ticket", "time spent", "topic", "type",
    ),
    "month": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "weekday": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    # The heads of tables: those of tickets, and those that several tables have.
    "head": (
        "ACTIVE", "ANSWERED", "ASSETS", "ASSIGNEE", "AT", "BY", "CATEGORY", "CLIENT", "CLOSED", "COLOR", "CREATED", "CREATOR",
        "DEPARTMENT", "DESCRIPTION", "DUE", "EMAIL", "FIRST RESPONSE", "HOURS", "ID", "KEY", "LAPSES", "LOGIN", "NAME", "NOTE",
        "NUMBER", "OVERDUE", "PHASE", "PHONE", "PRIORITY", "RATING", "REF", "REOPENED", "REQUESTER", "RESOLVED", "ROLE",
        "SIZE", "SNOOZED UNTIL", "SOURCE", "STATE", "STATUS", "SUBJECT", "TAGS", "TEAM", "TICKET", "TICKETS", "TITLE",
        "TOPIC", "TYPE", "UNREAD", "UPDATED", "USER", "VALUE", "VERB", "WHEN", "WORKFLOW",
    ),
    # The labels beside values, in a ticket and in a card.
    "label": (
        "About", "Active", "Assets", "Assignee", "Category", "Client", "Closed", "Closes automatically", "Created",
        "Department", "Description", "Due", "E-mail", "Email", "First response", "Followers", "Hours", "Links", "Login",
        "Members", "Merged into", "Name", "Not yet billed", "Notifies", "Phone", "Priority", "Rating", "Reopened",
        "Requester", "Resolution", "Resolved", "Role", "SLA plan", "Snoozed until", "Status", "Tags", "Team", "Time spent",
        "Topic", "Type",
    ),
    # What a key of triage does.
    "key": (
        "reply", "canned reply", "note", "assign to me", "assign to", "priority", "status", "resolve", "close",
        "tag", "merge", "snooze", "skip", "back", "whole thread", "undo", "help", "quit",
    ),
    # What a step of triage has done, in its summary.
    "done": (
        "answered", "noted", "closed", "merged", "assigned", "snoozed", "changed", "skipped", "undone",
    ),
    # What a failure calls a kind of resource; the same after a number.
    "noun": (
        "ticket type", "priority", "department", "help topic", "asset", "client", "team", "SLA plan",
        "calendar", "schedule", "canned reply",
    ),
    "nouns": (
        "ticket type", "ticket types", "priority", "priorities", "department", "departments", "help topic",
        "help topics", "asset", "assets", "client", "clients", "team", "teams", "SLA plan", "SLA plans",
        "calendar", "calendars", "schedule", "schedules", "canned reply", "canned replies",
    ),
    # What only staff may set on a new ticket.
    "object": (
        "the category", "the requester", "the assignee", "the team", "the client", "the notification address",
        "the SLA plan", "the due date", "tags", "the source", "who is notified",
    ),
    # What a permission is for.
    "act": (
        "act as somebody else", "serve the desk over HTTP", "write notes", "assign tickets", "claim tickets",
        "snooze tickets", "edit tickets", "merge tickets", "undo merges", "split tickets", "link tickets",
        "unlink tickets", "start tickets", "put tickets on hold", "resolve tickets", "close tickets",
        "reopen tickets", "delete tickets", "import tickets", "handle the mail of the desk",
        "change the texts of mail", "apply what is due", "check the desk", "repair the desk",
        "remove attachments", "back up the database", "check the database", "see database details",
        "restore the database", "migrate the database", "handle accounts of the database server", "change people", "change ticket types",
        "change priorities", "change workflows", "change departments", "change help topics", "change assets",
        "change clients", "change teams", "change SLA plans", "change calendars", "change schedules",
        "change shared views", "undo commands", "see statistics", "use canned replies",
        "change canned replies", "triage tickets", "add other followers", "list clients", "list teams",
        "list SLA plans", "list calendars", "list schedules", "see why a ticket is due", "log time",
        "see invoices", "create or void invoices", "change the desk's settings", "list people",
        "see that setting", "list API keys", "change API keys", "set passwords", "see who is signed in",
        "sign people out",
    ),
    # The frame of the help: headings, what a line begins with, the sentences about commands.
    "help": (
        "Usage", "Examples", "Options", "Arguments", "Safety", "Commands", "Text", "Fields", "Filters", "More",
        "Also", "Without a command", "Options of a command", "General options, such as --store and --no-input",
        "Output and general options, such as --json, -c, --store and --no-input: tix help output",
        "Work on tickets", "Find and read", "Organise", "Set up the desk", "Data, mail and server", "tix itself",
        "A help desk in the terminal.", "Create a ticket.", "Reply to the requester.", "Write an internal note.",
        "Assign unassigned tickets to me.", "Assign tickets to a person or a team, or unassign them.",
        "Change fields of tickets.", "Mark tickets as in progress.", "Put tickets on hold.",
        "Mark tickets as resolved.", "Close tickets.", "Reopen tickets.",
        "Hide tickets from the queue until a time or until the requester writes.",
        "Follow the public updates of tickets.", "Rate the help you got, 1 to 5.",
        "Time entries: list, add, start, stop, timers, rm.",
        "Work through tickets one by one, a key for each action.", "Undo my last command that changed tickets.",
        "Redo my last undone command.", "Texts that could not be sent: list, show, send, rm.",
        "List open tickets, most urgent first.", "Show tickets with their threads.",
        "Search the text of all tickets you may see.", "Show my open tickets and unread notifications.",
        "Show the activity of a ticket or of the whole desk.", "Explain a ticket's due date.",
        "Show how tix understands a time or a duration.", "Show key figures: counts, times, ratings.",
        "Print a report: weeks, summary, sla, agents, aging, ratings or time.", "Merge tickets into one.",
        "Undo a merge.", "Split entries of a ticket into a new ticket.", "Link two tickets.",
        "Remove a link between two tickets.", "Files: add, list, save, open, rm.",
        "Saved views: list, show, add, edit, rm.", "Canned replies: list, show, add, edit, rm.",
        "Recurring tickets: list, show, add, edit, rm, pause, resume, run, next.",
        "Invoices: list, show, create, export, void.", "Delete tickets permanently.",
        "People: list, show, add, edit, rm, merge.", "Clients: list, show, add, edit, rm.",
        "Departments: list, show, add, edit, rm.", "Teams: list, show, add, edit, rm.",
        "Help topics and custom fields: list, show, add, edit, rm, field.",
        "Ticket types: list, show, add, edit, rm.", "Priorities: list, show, add, edit, rm.",
        "SLA plans: list, show, add, edit, rm.", "Business hours: list, show, add, edit, rm.",
        "Assets: list, show, add, edit, rm.", "Workflows: list, show, use, add, check, rm.",
        "Run commands given as lines of JSON.", "Export tickets without loss, as JSON lines by default.",
        "Import tickets from a file.", "Mail: status, in, fetch, send, outbox, quarantine, text, test, setup.",
        "Serve the desk over HTTP.", "Serve tickets as tools to an AI agent, over MCP.",
        "API keys: list, show, add, rm.", "Store the API key of a server.", "Forget the API key of a server.",
        "Apply everything that is due (for cron).", "The store: path, backup, restore, check, migrate, info.",
        "Explain a command or a topic, or open a guide.", "Show my login, role and permissions.",
        "My notifications: list, read, rules, mute, unmute.", "Settings: list, get, set, unset, edit, path.",
        "Aliases, short names of your own for commands: list, set, rm.", "Create a desk.",
        "Make a demo desk with made-up tickets.",
        "Check the health of the desk and what tix needs on this machine.", "Print what an AI agent has to know.",
        "Print a JSON Schema of arguments, output, errors and exit codes.",
        "Print a completion script for bash, zsh or fish.", "Usage, examples and options of a command.",
        "Short for tix show 12.", "Print the version of tix.",
    ),
}  # fmt: skip
