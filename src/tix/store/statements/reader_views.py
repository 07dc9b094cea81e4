"""What people's own accounts read in a PostgreSQL database: a view for each table, with the rows and values they may see.

The tables themselves are closed: row-level security is on and has no policy, so that nobody but their owner reads a row,
whatever is granted. The views stand in a schema of their own under the names of the tables, and belong to the same owner.
Which tickets somebody sees is the clause of ``queue.SCOPES``, compiled here; who asks is the account of the connection.

``{schema}`` is the schema of the tables. Compiled to ``store/compiled/reader_views.py``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sqlmodel import SQLModel

from tix.domain.settings import SETTINGS
from tix.domain.tickets.fields import FIELDS
from tix.store.schema.tickets import TicketRow
from tix.store.search.index import SHIFT
from tix.store.statements import postgresql, queue
from tix.store.statements.expressions import readable_here, readable_item

SCHEMA = "tix_read"

# Tables that nobody's account reads: secrets, what mail and undo keep for themselves. What is searched goes
# through functions.
CLOSED = frozenset(
    "attempt commit_key highest_id internal_text keyed_write mail_seen mail_state one_time_link password public_text search_word "
    "session token".split()
)

Text = Callable[[str, Any], str]
ME, VISIBLE = f"{SCHEMA}.me()", f"{SCHEMA}.visible"
# A function that runs as its owner finds nothing of the caller's: neither tables nor functions of another schema.
_SECURED = "STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp"


def of(column: str) -> str:
    """Return a fact about who asks, worked out once a statement."""
    return f"(SELECT me.{column} FROM {ME} AS me)"


STAFF, LOGIN = of("staff"), of("login")
ALL = f"{of('kind')} = 'all'"


def _bound(text: str) -> str:
    """Return a compiled clause with what it asks of the reader in the place of its parameters."""
    names = {"me": "login", "my_client": "client_seen", "departments": "departments", "teams": "teams"}
    found = re.sub(r":(me|my_client|departments|teams)\b", lambda one: of(names[one[1]]), text)
    return re.sub(r":staff\b", f"CAST(CAST({STAFF} AS INTEGER) AS BIGINT)", found)


def _sees(id: str) -> str:
    """Return a clause: the reader sees the ticket with an id."""
    return f"({ALL} OR EXISTS (SELECT 1 FROM {VISIBLE} AS seen WHERE seen.id = {id}))"


def _sees_ref(ref: str) -> str:
    """Return a clause: the reader sees the ticket with a reference."""
    return f"{SCHEMA}.sees({ref})"


# ------------------------------------------------------------------------------------------ who asks


def _identity() -> str:
    """Return the function that says whose account it is: nobody's once they are inactive, merged or gone.

    The account is that of the session, which only a superuser can change.
    """
    return (
        f"CREATE FUNCTION {ME} RETURNS TABLE (login text, role text, staff boolean, admin boolean, client text, client_seen text, kind text, "
        f"departments text, teams text) LANGUAGE plpgsql ROWS 1 {_SECURED} AS $$ #variable_conflict use_column\n"
        "BEGIN RETURN QUERY SELECT one.login, one.role, one.role != 'requester', one.role = 'admin', "
        "one.client, one.client_seen, "
        "CASE WHEN one.role = 'admin' OR one.role = 'agent' AND one.departments IS NULL THEN 'all' WHEN one.role = 'agent' "
        "THEN 'desk' WHEN one.role != 'requester' THEN 'none' WHEN one.client_seen IS NOT NULL OR EXISTS (SELECT 1 FROM {schema}.person AS report "
        "WHERE report.manager = one.login) THEN 'theirs' ELSE 'own' END, "
        "coalesce(one.departments, '[]'), coalesce(one.teams, '[]') FROM (SELECT person.*, "
        "CASE WHEN person.role = 'requester' AND (strpos(person.contact, ' primary ') > 0 OR strpos(person.contact, ' technical ') > 0) "
        f"THEN person.client END AS client_seen FROM {{schema}}.person AS person JOIN {SCHEMA}.account AS account ON account.login = person.login "
        "WHERE account.account = session_user AND person.active = 1 AND person.merged_into IS NULL) AS one; END $$"
    )


def _sight() -> str:
    """Return the function that says whether the reader sees the ticket with a reference."""
    number = "CAST(substring(ref FROM '([0-9]{1,18})$') AS BIGINT)"
    return (
        f"CREATE FUNCTION {SCHEMA}.sees(ref text) RETURNS boolean LANGUAGE plpgsql {_SECURED} AS $$ BEGIN RETURN {ALL} OR "
        f"EXISTS (SELECT 1 FROM {VISIBLE} AS seen WHERE seen.number = {number} AND seen.prefix || seen.number = ref); END $$"
    )


def _visible(scopes: dict[str, str]) -> str:
    return f"CREATE VIEW {VISIBLE} AS SELECT ticket.id, ticket.prefix, ticket.number FROM ticket WHERE {_clause(scopes)}"


def _clause(scopes: dict[str, str]) -> str:
    choices = " ".join(f"WHEN '{kind}' THEN {_bound(text)}" for kind, text in scopes.items())
    return f"CASE {of('kind')} {choices} ELSE FALSE END"


def _of_requester(text: Text) -> str:
    """Return the view of what a requester sees, each arm of their clause by an index: for who else is in it."""
    arms = [_bound(f"({text('arm', clause)})") for clause in queue.SCOPES["theirs"].clauses]
    selects = [
        f"SELECT ticket.id, ticket.requester FROM ticket WHERE {STAFF} IS FALSE AND {arm}" for arm in arms
    ]
    return f"CREATE VIEW {SCHEMA}.of_requester AS {' UNION ALL '.join(selects)}"


# -------------------------------------------------------------------------------- the rows of each table

_AUTHORS = (
    f"SELECT item.by FROM {SCHEMA}.of_requester AS mine JOIN item ON item.ticket_id = mine.id WHERE item.internal = 0 AND item.apart IS NULL "
    f"UNION ALL SELECT item.by FROM {SCHEMA}.of_requester AS mine JOIN item ON item.origin_id = mine.id AND item.origin_id != item.ticket_id "
    "WHERE item.internal = 0"
)
_THEIRS = f"(person.manager = {LOGIN} OR person.client = {of('client_seen')})"
_KNOWN = f"({STAFF} OR person.login = {LOGIN} OR {_THEIRS})"
_REQUESTERS = f"person.login IN (SELECT mine.requester FROM {SCHEMA}.of_requester AS mine)"
_IS_PUBLIC_FIELD = (
    "EXISTS (SELECT 1 FROM ticket WHERE ticket.id = facet.ticket_id AND "
    "jsonb_exists(CAST(ticket.fields AS jsonb), substr(facet.name, 7)))"
)
_PUBLIC_SETTINGS = ", ".join(f"'{key}'" for key, one in SETTINGS.items() if not one.internal)
_STAFF_OR_ACTIVE = "({staff} OR {staff} IS FALSE AND {table}.active = 1)"


def _rows(text: Text) -> dict[str, str]:
    """Return the clause of each view: which rows somebody reads."""
    readable, here = _bound(text("readable", readable_item)), _bound(text("here", readable_here))
    item_seen = f"EXISTS (SELECT 1 FROM {SCHEMA}.item AS seen_item WHERE seen_item.id = "
    return {
        "asset": f"({STAFF} OR asset.active = 1 AND asset.client = {of('client')})",
        "attachment": f"{item_seen}attachment.item_id)",
        "blob": f"EXISTS (SELECT 1 FROM {SCHEMA}.attachment AS file WHERE file.sha256 = blob.sha256)",
        "calendar": STAFF,
        "canned": STAFF,
        "client": STAFF,
        # The number of the next ticket is on the list of settings.
        "counter": f"({STAFF} OR {STAFF} IS FALSE AND counter.name = 'number')",
        "deed": f"({STAFF} AND (deed.login = {LOGIN} OR deed.via = {LOGIN}))",
        # An inactive one still says which workflow its tickets have.
        "department": f"{LOGIN} IS NOT NULL",
        "facet": (
            f"{_sees('facet.ticket_id')} AND ({STAFF} OR facet.name = 'watcher' AND facet.value = {LOGIN} OR facet.name = 'asset' "
            f"OR {_IS_PUBLIC_FIELD})"
        ),
        "holiday": STAFF,
        "invoice": (
            f"{STAFF} AND ({ALL} OR NOT EXISTS (SELECT 1 FROM invoice_line AS line WHERE line.invoice = invoice.number "
            f"AND NOT EXISTS (SELECT 1 FROM {VISIBLE} AS seen WHERE seen.id = line.ticket_id)))"
        ),
        "invoice_line": f"EXISTS (SELECT 1 FROM {SCHEMA}.invoice AS whole WHERE whole.number = invoice_line.invoice)",
        "item": (
            f"({readable}) AND ({ALL} OR ({here}) AND {_sees('item.ticket_id')} OR "
            f"item.origin_id != item.ticket_id AND {_sees('item.origin_id')})"
        ),
        # A requester gets what folds the quoted rest of an entry, and nothing else of a mail.
        "mail": (
            f"({STAFF} AND (mail.ticket_id IS NULL OR {_sees('mail.ticket_id')}) "
            f"OR {STAFF} IS FALSE AND mail.folded_at IS NOT NULL AND {item_seen}mail.item_id))"
        ),
        "mail_muted": f"mail_muted.login = {LOGIN}",
        "mail_text": STAFF,
        "notice": f"notice.login = {LOGIN} AND {_sees('notice.ticket_id')} AND {item_seen}notice.item_id)",
        "outbox": f"{STAFF} AND (outbox.ticket_id IS NULL OR {_sees('outbox.ticket_id')})",
        "person": f"({_KNOWN} OR {STAFF} IS FALSE AND ({_REQUESTERS} OR person.login IN ({_AUTHORS})))",
        "priority": _STAFF_OR_ACTIVE.format(staff=STAFF, table="priority"),
        "schedule": STAFF,
        "search_total": ALL,
        "setting": f"({STAFF} OR {STAFF} IS FALSE AND setting.key IN ({_PUBLIC_SETTINGS}))",
        "sla_plan": STAFF,
        "tally": ALL,
        "team": STAFF,
        "ticket_type": _STAFF_OR_ACTIVE.format(staff=STAFF, table="ticket_type"),
        "timer": f"{STAFF} AND {_sees('timer.ticket_id')}",
        "tix_format": "TRUE",
        "tombstone": ALL,
        "topic": f"({STAFF} OR {STAFF} IS FALSE AND topic.active = 1)",
        "topic_field": f"({STAFF} OR {STAFF} IS FALSE AND topic_field.staff_only = 0)",
        "view": f"(starts_with(view.name, {LOGIN} || '/') OR {LOGIN} IS NOT NULL AND starts_with(view.name, '/'))",
        "work": f"{STAFF} AND EXISTS (SELECT 1 FROM item WHERE item.id = work.id AND {_sees('item.ticket_id')})",
        "workflow": f"{LOGIN} IS NOT NULL",
    }


# -------------------------------------------------------------------------- what is not shown of a row


def _staffs(table: str, *names: str) -> dict[str, str]:
    """Return the columns that only staff read."""
    return {name: f"CASE WHEN {STAFF} THEN {table}.{name} ELSE {_nothing(table, name)} END" for name in names}


def _nothing(table: str, name: str) -> str:
    column = SQLModel.metadata.tables[table].c[name]
    kind = "BIGINT" if str(column.type) == "INTEGER" else "BYTEA" if "BLOB" in str(column.type) else "TEXT"
    value = "NULL" if column.nullable else "0" if kind == "BIGINT" else "''"
    return f"CAST({value} AS {kind})"


def _ticket() -> dict[str, str]:
    columns = set(TicketRow.model_fields)
    hidden = {field.name for field in FIELDS if field.requester == "nothing"} & columns
    hidden |= {field.internal for field in FIELDS if field.internal} & columns
    # Notes are counted among the documents; how the clock of an SLA plan runs is the desk's.
    hidden |= {"documents", "sla_by_hand", "clock_at"}
    masks = _staffs("ticket", *sorted(hidden))
    for field in FIELDS:
        if field.requester not in ("same", "public", "nothing") and field.name in columns:
            masks[field.name] = (
                f"CASE WHEN {STAFF} THEN ticket.{field.name} ELSE ticket.{field.requester} END"
            )
    masks["merged_into"] = f"CASE WHEN {_sees_ref('ticket.merged_into')} THEN ticket.merged_into END"
    masks["links"] = (
        f"CASE WHEN {ALL} THEN ticket.links WHEN {STAFF} THEN (SELECT CAST(jsonb_agg(link.one ORDER BY link.place) AS TEXT) FROM "
        "jsonb_array_elements(CAST(ticket.links AS jsonb)) WITH ORDINALITY AS link(one, place) "
        f"WHERE {_sees_ref('(link.one ->> 1)')}) END"
    )
    return masks


def _item() -> dict[str, str]:
    """Texts that were taken back, references to hidden tickets, and the columns that an entry has set."""
    names = "item.type IN ('merged', 'unmerged', 'split', 'linked', 'unlinked') OR item.field = 'entries'"
    taken_back = f"item.type IN ('edited', 'retracted') AND NOT {of('admin')}"
    return {
        "old": f"CASE WHEN {taken_back} THEN NULL WHEN NOT ({names}) IS TRUE OR {_sees_ref('item.old')} THEN item.old END",
        "new": f"CASE WHEN NOT ({names}) IS TRUE OR {_sees_ref('item.new')} THEN item.new END",
        "sets": (
            f"CASE WHEN {ALL} THEN item.sets WHEN item.kind = 'event' AND strpos(item.sets, '\"due_at\"') > 0 THEN "
            "CAST(jsonb_build_object('due_at', CAST(item.sets AS jsonb) -> 'due_at') AS TEXT) END"
        ),
    }


def _person() -> dict[str, str]:
    """Of those whom a requester does not act for, the name; and the address where a ticket is theirs."""
    known = {
        name: f"CASE WHEN {_KNOWN} THEN person.{name} ELSE {_nothing('person', name)} END"
        for name in "id phone role client manager created_at contact departments teams away_until merged_into".split()
    }
    known["email"] = f"CASE WHEN {_KNOWN} OR {_REQUESTERS} THEN person.email END"
    known["active"] = f"CASE WHEN {_KNOWN} THEN person.active ELSE 1 END"
    for name in ("contact", "departments", "teams", "phone", "away_until"):
        known[name] = f"CASE WHEN {STAFF} OR person.login = {LOGIN} THEN person.{name} END"
    return known


def _masks() -> dict[str, dict[str, str]]:
    mail = [
        column.name
        for column in SQLModel.metadata.tables["mail"].c
        if column.name not in ("item_id", "folded_at")
    ]
    return {
        "asset": _staffs("asset", "notes"),
        "department": _staffs("department", "sla", "calendar", "mapping"),
        "item": _item(),
        "mail": _staffs("mail", *mail),
        # The bytes of a mail that goes out may hold a link that signs somebody in.
        "outbox": {"raw": "CAST(NULL AS BYTEA)"},
        "person": _person(),
        "ticket": _ticket(),
        "topic": _staffs("topic", "assignee", "team", "sla"),
    }


_OTHER_COLUMNS = {"search_total": ("name", "documents", "words"), "tix_format": ("version", "tableoid")}
# Each after those that its clause reads.
_FIRST = ("ticket", "item", "attachment", "invoice")


def _view(name: str, clause: str, masks: dict[str, str]) -> str:
    names = _OTHER_COLUMNS.get(name) or tuple(SQLModel.metadata.tables[name].c.keys())
    columns = ", ".join(f'{masks[one]} AS "{one}"' if one in masks else f'{name}."{one}"' for one in names)
    return (
        f"CREATE VIEW {SCHEMA}.{name} WITH (security_barrier) AS SELECT {columns} FROM {name} WHERE {clause}"
    )


# ------------------------------------------------------------------------------------------- search

_CHOICES = (
    "EXISTS (SELECT 1 FROM unnest(queries, needles, looked) AS choice(query, needle, is_looked) WHERE "
    "CASE WHEN choice.is_looked THEN (document.words @@ choice.query OR document.wide) AND ({in_text}) "
    "ELSE document.words @@ choice.query OR document.wide AND ({in_text}) END)"
).format(
    in_text="subjects AND strpos(document.subject, choice.needle) > 0 OR bodies AND strpos(document.body, choice.needle) > 0"
)


def _document_seen(name: str) -> str:
    """Return a clause: the caller reads the document, on the ticket it was written on or the one it belongs to now."""
    origin, staff = f"document.rowid >> {SHIFT}", of("staff")
    moved = (
        f"EXISTS (SELECT 1 FROM {{schema}}.item AS item JOIN {VISIBLE} AS seen ON seen.id = item.ticket_id "
        f"WHERE item.origin_id = {origin} AND item.origin_id != item.ticket_id AND item.ordinal = document.rowid & {(1 << SHIFT) - 1} "
        f"AND ({staff} OR item.apart IS NULL))"
    )
    internal = f"{staff} AND " if name == "internal_text" else ""
    return f"{internal}({_sees(origin)} OR {moved})"


def _search(name: str) -> list[str]:
    seen = _document_seen(name)
    return [
        (
            f"CREATE FUNCTION {SCHEMA}.{name}_documents(wanted tsquery, queries tsquery[], needles text[], looked boolean[], "
            "subjects boolean, bodies boolean, first bigint, last bigint, most bigint) "
            f"RETURNS TABLE (rowid bigint, subject text, body text, size bigint) LANGUAGE sql {_SECURED} AS $$ "
            f"SELECT document.rowid, document.subject, document.body, document.size FROM {{schema}}.{name} AS document "
            f"WHERE (document.words @@ wanted OR document.wide) AND document.rowid >= first AND document.rowid <= last AND {_CHOICES} "
            f"AND {seen} ORDER BY document.rowid DESC LIMIT nullif(most, -1) $$"
        ),
        (
            f"CREATE FUNCTION {SCHEMA}.{name}_words(beginning tsquery, low text, high text, most bigint) RETURNS TABLE (word text) LANGUAGE sql {_SECURED} AS $$ "
            f'SELECT DISTINCT one.lexeme COLLATE "C" FROM {{schema}}.{name} AS document CROSS JOIN LATERAL unnest(document.words) AS one '
            f'WHERE document.words @@ beginning AND {seen} AND one.lexeme COLLATE "C" >= low AND one.lexeme COLLATE "C" < high '
            "ORDER BY 1 LIMIT most $$"
        ),
    ]


# ---------------------------------------------------------------------------------------- all of it


def statements(text: Text) -> tuple[list[str], list[str], list[str]]:
    """Return what makes the views, the names of the views that accounts read, and of the functions they call.

    ``text`` compiles a statement for PostgreSQL.
    """
    scopes = {kind: f"({text(kind, clause)})" for kind, clause in queue.SCOPES.items()}
    rows, masks = _rows(text), _masks()
    rows["ticket"] = _clause(scopes)
    names = [*_FIRST, *sorted(rows.keys() - set(_FIRST))]
    made = [
        _identity(),
        _visible(scopes),
        _sight(),
        _of_requester(text),
        *[_view(name, rows[name], masks.get(name, {})) for name in names],
    ]
    for name in postgresql.INDEXES:
        made += _search(name)
    functions = ["me", "sees"]
    functions += [f"{name}_{what}" for name in postgresql.INDEXES for what in ("documents", "words")]
    return made, sorted(names), functions


def module(text: Text) -> str:
    """Return the text of ``store/compiled/reader_views.py``. Raises ValueError where a table has no rule."""
    made, views, functions = statements(text)
    tables = {*SQLModel.metadata.tables, *postgresql.other_tables()}
    if unruled := tables ^ {*views, *CLOSED}:
        raise ValueError(f"no rule says who reads {', '.join(sorted(unruled))}")
    lines = [
        '"""Generated by ``make sql`` from ``store/statements/reader_views.py``. Do not edit."""',
        "",
        "# fmt: off",
        f"SCHEMA = {SCHEMA!r}",
    ]
    for name, values in (
        ("MADE", made),
        ("VIEWS", views),
        ("FUNCTIONS", functions),
        ("CLOSED", sorted(CLOSED)),
    ):
        lines += [f"{name}: tuple[str, ...] = (", *(f"    {one!r}," for one in values), ")"]
    return "\n".join(lines) + "\n"
