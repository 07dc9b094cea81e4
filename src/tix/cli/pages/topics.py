"""The topics of ``tix help``: what is the same for many commands. Tables are those of the program.

A line that begins with four blanks and ``tix`` is an example, which a test runs.
"""

from __future__ import annotations

from collections.abc import Iterator

from tix.cli.filter_options import FilterOptions
from tix.cli.options import Globals, Output
from tix.cli.pages.rows import lines, option_rows
from tix.cli.variables import VARIABLES
from tix.domain.permissions import NO, OWN, PERMISSIONS, THEIRS, WORKFLOW, YES
from tix.domain.workflows.shipped import SHIPPED
from tix.errors import TixError

TOPICS = (
    "output",
    "filters",
    "dates",
    "search",
    "exit-codes",
    "formatting",
    "environment",
    "scripting",
    "permissions",
    "workflows",
)
# The meaning of each exit status; the error classes explain each code.
EXITS = {
    1: "Internal error in tix; the message names the file with the traceback.",
    2: "Wrong usage or an invalid value; nothing was written.",
    3: "Not found, or not visible to you.",
    4: "Your role does not allow it.",
    5: "Refused by a rule or by the current state.",
    6: "Busy, or a mail server does not answer; try again.",
    7: "Storage failure: disk full, read-only, I/O error.",
    8: "The store is damaged, not a tix store, or from a newer tix.",
    9: "Some items of a bulk command failed; the others succeeded.",
    130: "Interrupted (143: terminated); no change is half-written.",
}

_OUTPUT = """\
Choose the format and the columns of what a command prints, and what is the same for every command.

On a terminal, commands print tables and sentences. In a pipe, they print one line per record, with tabs between the values; a write prints the reference only. Data goes to stdout, messages go to stderr.

# Examples
    tix list --json
    tix list -c ref,subject,due_at -o csv
    tix list -o ids
    tix show 12 -c status,due_at
    tix list -c help                                     # the columns there are

# Options of commands that print records
{output}
# Formats
table	For people: columns that fit the terminal.
plain	One line per record, with tabs between the values.
json	One array, or one object where a command is about one thing.
jsonl	One object per line.
csv	With a header line, for spreadsheets.
ids	References only, one per line.

# General options
{general}
General options stand before or after the command.

See also: tix help formatting, tix help scripting, tix help scripts\
"""

_FILTERS = """\
Choose tickets by their values: in tix list, search, triage, export and saved views.

Different filters narrow the result: each must match. Several values of one filter widen it: one of them is enough, with a comma or with the option repeated. Without --all, --closed or --status, only open tickets are shown. In each filter, '!x' leaves out what has the value x, none finds what has none, and '!none' what has any. Words without an option are searched for, but the number of a ticket, a person or the name of a client is a filter.

# Examples
    tix list --priority high,urgent --unassigned
    tix list -s on-hold -a sam,kim --sort due_at
    tix list --topic Printing --since 2026-11-01 jam
    tix list --assignee none --count
    tix view add hot --priority urgent --unassigned

# Filters
{filters}
See also: tix help dates, tix help search\
"""

_DATES = """\
Write points in time and durations. Times are read and shown in your time zone.

# Points in time (WHEN)
2026-12-24	That day.
2026-12-24 14:00	That minute; also 2pm, 2:30pm.
2026-12-24T14:00:00Z	That instant; also with an offset, e.g. +02:00.
today, tomorrow, yesterday	With or without a time, e.g. "tomorrow 9am".
friday, fri 14:00	The next one; in --since the last one.
next friday	The Friday of next week; weeks begin on Monday.
this week, next month, 2026-12	All days of it.
dec 24, 24.12.2026, 9th	That day; 12/24/2026 if your locale says which comes first.
noon, tonight, tomorrow morning	12:00, 20:00, 9:00.
eod, eow, eom, eoq, eoy	The end of the day, week, month, quarter, year.
2bd	The second business day after today, by the calendar.
9am, 14:00	The next time the clock shows it.
3d, +2h, in 3 days	From now; in --since 7d is seven days ago.
-7d, 1 week ago	Before now.
now	This moment.
none	Clears the value, where that is possible.

# Durations (DURATION)
25m, 2h, 3d, 1w	Minutes, hours, days, weeks.
1h30m	Units together, from large to small.
0.5h, 1:30, 0:45:00	Half an hour; hours and minutes; with seconds.
25	Minutes, where you log time.

# Examples
    tix edit 12 --due "friday 17:00"
    tix snooze 12 --until +2h
    tix list --since yesterday
    tix date next friday                                 # what tix understands
    tix time add 12 1h30m --on 2026-11-20

Programs get UTC: 2026-11-22T09:00:00Z. TIX_NOW sets the clock of a command, TZ your time zone.\
"""

_SEARCH = """\
Search the subjects, messages, notes, people, tags and file names of all tickets you may see, open or not.

All words have to occur in a ticket, in any order and in any of its entries. Case and accents make no difference, nor does the form of a word: printing finds print, in the languages of the setting search.languages. The best match comes first. Notes are searched for staff only.

# Words
vpn driver	Both words.
'"paper jam"'	The two words next to each other.
'"printing"'	This word, no other form of it.
'print*'	Words that begin with print.
--not laptop	Tickets without this word.
--in subject	Subjects only.
--status open --mine	Every filter of tix list narrows the search.

# Examples
    tix search paper jam
    tix search '"paper jam"' --mine
    tix search 'print*' --not laptop
    tix search printer --in subject --since 2026-11-01

See also: tix search --help, tix help filters\
"""

_FORMATTING = """\
How values are written, for people and for programs.

# Values
Time	Relative or local for people; UTC such as 2026-11-22T09:00:00Z for programs.
Duration	1h30m for people; seconds for programs, in keys that end in _seconds.
Money	Two decimals and a currency, e.g. 90.00 EUR.
Nothing	– in a table, an empty field in plain and CSV, null in JSON.
List	Words with commas; an array in JSON.
Ticket	Its reference, e.g. TIX-12. 12, TIX-12 and #12 are read alike, and so are 12-18 and 12,15.

# Color
Color is used on a terminal only, and never carries meaning alone. --color always forces it; --color never, NO_COLOR and TERM=dumb turn it off; tix help environment has all that decides. Themes are default, light, dark and plain: tix config set theme light.

# Text
Control characters and escape sequences in tickets are shown, never sent to a terminal. CSV cells that a spreadsheet would run as a formula get an apostrophe; --raw leaves them as they are.

# Templates
--template writes each record by a Jinja template, in which the fields are names; @FILE reads it from a file, and a name is one of your settings.

{{ created_at|ago }}	How long ago, e.g. 2d ago, or in 3h.
{{ due_at|date }}	By your clock; date('%d.%m.') in a form of strftime.
{{ subject|trunc(20) }}	In at most 20 columns of the terminal.
{{ priority|color('red') }}	In a color, e.g. 'bold red' or '#ff8000', or as a theme colors overdue.
{{ ref|link }}	A link to the ticket (web.url or url_template); link('https://…') anywhere.
{{ table(ref, subject) }}	A row of a table: columns are aligned, rows stand together.

Colors and links are for a terminal; color and link come last in their {{ }}.

# Links
Where the terminal knows links, references and attachments lead to the web, and long addresses are shown short: --hyperlinks always or never, and the settings hyperlinks and url_template, decide.

# Examples
    tix list --color never
    tix list -o csv --raw
    tix list --template "{{ table(ref, priority|color('red'), subject|trunc(30), created_at|ago) }}"
    tix config set templates.short '{{ ref|link }}: {{ subject }} ({{ due_at|date }})'
    tix show 12 --template short                         # a template of your settings
    tix config set url_template 'https://desk.example/tickets/{number}'

See also: tix help output, tix help dates, tix help terminal\
"""

_ENVIRONMENT = """\
The variables that tix reads. An option comes before a variable, a variable before the settings: first those of the profile, then those of the file.

{variables}
# Examples
    tix config list                                      # the settings, and where each comes from
    tix config set timezone Europe/Berlin
    tix config path

See also: tix help terminal, tix help administrator\
"""

_SCRIPTING = """\
Use tix from scripts and other programs.

# Rules
Data	stdout has records only; messages and errors go to stderr.
Formats	--json, -o jsonl and the keys in them are stable; new keys may be added.
Errors	With --json, an error is one line on stderr: {"error": {"code", "message", "hint", "exit"}}.
Exit codes	Test the exit code, not the text: tix help exit-codes.
Prompts	Without a terminal nothing is asked. --no-input, TIX_NO_INPUT and CI are for scripts that have one.
Input	- reads references or a text from stdin.
Repeats	--idempotency-key makes it safe to run tix new again.
Conflicts	--if-version N refuses to overwrite what somebody changed meanwhile.
Dry run	--dry-run shows what bulk commands would do; --atomic does all or nothing.

# Examples
    tix new "Alert: disk is full" -m "See db1." --idempotency-key db1-disk --json
    tix list --unassigned -o ids | tix assign - sam
    tix edit 12 --priority low --if-version 1 --json
    tix export --all -o jsonl

See also: tix help output, tix help scripts\
"""

_PERMISSIONS = """\
What each role may do. A ticket that you may not see does not exist for you. tix whoami --permissions shows what you may do.

# Roles
requester	Creates tickets, and sees their own.
contact	A manager or a primary or technical contact: a requester who also sees the tickets of their people or client.
agent	Works on the tickets of their departments; sees all if they have none.
admin	Sees all tickets and sets up the desk.

{table}
# Examples
    tix whoami --permissions
    tix --as lan list

See also: tix help administrator\
"""

_WORKFLOWS = """\
A workflow has the statuses of a desk or department, and what moves a ticket from one to another.

Each status belongs to a phase: open, resolved or closed. Filters, reports and due dates depend on phases, so they work with every workflow.

# Workflows that tix has
{table}
# Examples
    tix workflow list
    tix workflow show                                    # the one in use
    tix workflow show dphish --toml                      # a start for your own
    tix workflow check workflow.toml

See also: tix workflow --help, tix help own-workflows\
"""


def topics() -> dict[str, str]:
    """Return the page of each topic, by its name."""
    pages = {
        "output": _OUTPUT.format(output=option_rows(Output), general=option_rows(Globals)),
        "filters": _FILTERS.format(filters=option_rows(FilterOptions)),
        "dates": _DATES,
        "search": _SEARCH,
        "exit-codes": _exit_codes(),
        "formatting": _FORMATTING,
        "environment": _ENVIRONMENT.format(variables=_variables()),
        "scripting": _SCRIPTING,
        "permissions": _PERMISSIONS.format(table=_permissions()),
        "workflows": _WORKFLOWS.format(table=lines((name, one.title) for name, one in SHIPPED.items())),
    }
    return {name: pages[name] for name in TOPICS}


def _variables() -> str:
    """The table of environment variables."""
    return "\n".join(f"# {title}\n{lines(rows)}" for title, rows in VARIABLES.items())


def _exit_codes() -> str:
    """The table of exit statuses, with the codes of the errors that have them."""
    codes: dict[int, set[str]] = {}
    for error in error_classes():
        codes.setdefault(error.exit_status, set()).add(error.code)
    rows = [("0", "Success, also if nothing matched or there was nothing to change.")]
    rows += [(str(status), f"{text} ({', '.join(sorted(codes[status]))})") for status, text in EXITS.items()]
    return (
        "The exit code of every command, with the error codes that --json prints for it.\n\n# Exit codes\n"
        f"{lines(rows)}\n# Examples\n    tix list --mine -o ids || echo failed\n\n"
        "Checks are made in this order: values (2), visible (3), role (4), state (5).\n\nSee also: tix help scripting"
    )


def error_classes(error: type[TixError] = TixError) -> Iterator[type[TixError]]:
    """Every class of ``tix.errors`` that people see, whatever other modules are loaded."""
    yield error
    for one in error.__subclasses__():
        if one.__module__ == TixError.__module__:
            yield from error_classes(one)


_CELLS = {
    YES: "all they see",
    OWN: "their own",
    THEIRS: "their people's too",
    WORKFLOW: "if the workflow allows it",
}


def _permissions() -> str:
    """For each role what it may do: of the later ones, what the one before may not."""
    parts, before = [], ""
    for role in ("requester", "contact", "agent", "admin"):
        kinds: dict[str, list[str]] = {}
        for name, permission in PERMISSIONS.items():
            cell = getattr(permission, role)
            if cell != NO and (not before or cell != getattr(permission, before)):
                kinds.setdefault(_CELLS[cell], []).append(name)
        title = f"{role.capitalize()}, as {before}, and" if before else role.capitalize()
        parts.append(f"# {title}\n" + lines((cell, ", ".join(names)) for cell, names in kinds.items()))
        before = role
    return "\n".join(parts)
