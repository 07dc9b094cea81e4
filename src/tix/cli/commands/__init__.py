"""The table of commands: the module of each, and its line in `tix --help`."""

from __future__ import annotations

import sys

from tix.typing import Any

# Name, module, summary. A noun's module has COMMANDS, a verb's module a function `command`.
COMMANDS: dict[str, tuple[str, str]] = {
    "new": ("tix.cli.commands.new", "Create a ticket."),
    "list": ("tix.cli.commands.list_", "List open tickets, most urgent first."),
    "show": ("tix.cli.commands.show", "Show tickets with their threads."),
    "reply": ("tix.cli.commands.reply", "Reply to the requester."),
    "note": ("tix.cli.commands.note", "Write an internal note."),
    "assign": ("tix.cli.commands.assign", "Assign tickets to a person or a team, or unassign them."),
    "claim": ("tix.cli.commands.claim", "Assign unassigned tickets to me."),
    "edit": ("tix.cli.commands.edit", "Change fields of tickets."),
    "snooze": (
        "tix.cli.commands.snooze",
        "Hide tickets from the queue until a time or until the requester writes.",
    ),
    "start": ("tix.cli.commands.start", "Mark tickets as in progress."),
    "hold": ("tix.cli.commands.hold", "Put tickets on hold."),
    "resolve": ("tix.cli.commands.resolve", "Mark tickets as resolved."),
    "close": ("tix.cli.commands.close", "Close tickets."),
    "reopen": ("tix.cli.commands.reopen", "Reopen tickets."),
    "undo": ("tix.cli.commands.undo", "Undo my last command that changed tickets."),
    "redo": ("tix.cli.commands.redo", "Redo my last undone command."),
    "rate": ("tix.cli.commands.rate", "Rate the help you got, 1 to 5."),
    "merge": ("tix.cli.commands.merge", "Merge tickets into one."),
    "unmerge": ("tix.cli.commands.unmerge", "Undo a merge."),
    "split": ("tix.cli.commands.split", "Split entries of a ticket into a new ticket."),
    "link": ("tix.cli.commands.link", "Link two tickets."),
    "unlink": ("tix.cli.commands.unlink", "Remove a link between two tickets."),
    "follow": ("tix.cli.commands.follow", "Follow the public updates of tickets."),
    "draft": ("tix.cli.commands.draft", "Texts that could not be sent: list, show, send, rm."),
    "search": ("tix.cli.commands.search", "Search the text of all tickets you may see."),
    "delete": ("tix.cli.commands.delete", "Delete tickets permanently."),
    "attach": ("tix.cli.commands.attach", "Files: add, list, save, open, rm."),
    "time": ("tix.cli.commands.time_", "Time entries: list, add, start, stop, timers, rm."),
    "invoice": ("tix.cli.commands.invoice", "Invoices: list, show, create, export, void."),
    "inbox": ("tix.cli.commands.inbox", "Show my open tickets and unread notifications."),
    "triage": ("tix.cli.commands.triage", "Work through tickets one by one, a key for each action."),
    "log": ("tix.cli.commands.log", "Show the activity of a ticket or of the whole desk."),
    "stats": ("tix.cli.commands.stats", "Show key figures: counts, times, ratings."),
    "report": (
        "tix.cli.commands.report",
        "Print a report: weeks, summary, sla, agents, aging, ratings or time.",
    ),
    "why": ("tix.cli.commands.why", "Explain a ticket's due date."),
    "date": ("tix.cli.commands.date", "Show how tix understands a time or a duration."),
    "export": ("tix.cli.commands.export", "Export tickets without loss, as JSON lines by default."),
    "import": ("tix.cli.commands.import_", "Import tickets from a file."),
    "tick": ("tix.cli.commands.tick", "Apply everything that is due (for cron)."),
    "whoami": ("tix.cli.commands.whoami", "Show my login, role and permissions."),
    "init": ("tix.cli.commands.init", "Create a desk."),
    "demo": ("tix.cli.commands.demo", "Make a demo desk with made-up tickets."),
    "doctor": ("tix.cli.commands.doctor", "Check the health of the desk and what tix needs on this machine."),
    "user": ("tix.cli.commands.user", "People: list, show, add, edit, rm, merge."),
    "client": ("tix.cli.commands.client", "Clients: list, show, add, edit, rm."),
    "department": ("tix.cli.commands.department", "Departments: list, show, add, edit, rm."),
    "team": ("tix.cli.commands.team", "Teams: list, show, add, edit, rm."),
    "canned": ("tix.cli.commands.canned", "Canned replies: list, show, add, edit, rm."),
    "view": ("tix.cli.commands.view", "Saved views: list, show, add, edit, rm."),
    "topic": ("tix.cli.commands.topic", "Help topics and custom fields: list, show, add, edit, rm, field."),
    "sla": ("tix.cli.commands.sla", "SLA plans: list, show, add, edit, rm."),
    "calendar": ("tix.cli.commands.calendar", "Business hours: list, show, add, edit, rm."),
    "asset": ("tix.cli.commands.asset", "Assets: list, show, add, edit, rm."),
    "type": ("tix.cli.commands.type_", "Ticket types: list, show, add, edit, rm."),
    "priority": ("tix.cli.commands.priority", "Priorities: list, show, add, edit, rm."),
    "schedule": (
        "tix.cli.commands.schedule",
        "Recurring tickets: list, show, add, edit, rm, pause, resume, run, next.",
    ),
    "workflow": ("tix.cli.commands.workflow", "Workflows: list, show, use, add, check, rm."),
    "apply": ("tix.cli.commands.apply", "Run commands given as lines of JSON."),
    "serve": ("tix.cli.commands.serve", "Serve the desk over HTTP."),
    "login": ("tix.cli.commands.login", "Store the API key of a server."),
    "logout": ("tix.cli.commands.logout", "Forget the API key of a server."),
    "token": ("tix.cli.commands.token", "API keys: list, show, add, rm."),
    "notification": ("tix.cli.commands.notification", "My notifications: list, read, rules, mute, unmute."),
    "mail": (
        "tix.cli.commands.mail",
        "Mail: status, in, fetch, send, outbox, quarantine, text, test, setup.",
    ),
    "config": ("tix.cli.commands.config", "Settings: list, get, set, unset, edit, path."),
    "alias": ("tix.cli.commands.alias", "Aliases, short names of your own for commands: list, set, rm."),
    "db": ("tix.cli.commands.db", "The store: path, backup, restore, check, migrate, info."),
    "mcp": ("tix.cli.commands.mcp", "Serve tickets as tools to an AI agent, over MCP."),
    "prime": ("tix.cli.commands.prime", "Print what an AI agent has to know."),
    "schema": (
        "tix.cli.commands.schema",
        "Print a JSON Schema of arguments, output, errors and exit codes.",
    ),
    "help": ("tix.cli.commands.help", "Explain a command or a topic, or open a guide."),
    "completion": ("tix.cli.commands.completion", "Print a completion script for bash, zsh or fish."),
}
HIDDEN: dict[str, tuple[str, str]] = {"__complete": ("tix.cli.commands.complete", "Complete a command line.")}
ALIASES = {"ls": "list"}


def command_of(name: str) -> Any:
    """Return the command of a whole name: ``user list``. Raises KeyError."""
    first, *rest = name.split()
    place = (COMMANDS.get(first) or HIDDEN[first])[0]
    __import__(place)  # importlib would load warnings as well
    module = sys.modules[place]
    if not rest:
        return module.command
    found = module.COMMANDS
    for word in rest:
        found = found[word]
    return found
