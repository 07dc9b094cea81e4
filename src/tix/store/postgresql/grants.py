"""People's own accounts on the server: what is run to let one read what a person sees, and to take that back.

Everything is plain SQL, made here and run by ``run``, so that it can be shown before. The views and their rules are compiled:
``store/statements/reader_views.py``. The first account switches row-level security on for every table, the last one switches it off.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from tix.domain.accounts.readers import Account
from tix.errors import NotAllowed, StorageFailure
from tix.store.compiled import postgresql, reader_views
from tix.store.connection import Store
from tix.store.postgresql.failures import is_forbidden
from tix.typing import Any

SCHEMA = reader_views.SCHEMA
# The schema's comment: which tix made the views. Others are made anew with the next grant.
MARK = (
    "what people's own accounts read of a desk of tix: "
    + hashlib.sha256(repr((reader_views.MADE, postgresql.TABLES)).encode()).hexdigest()[:16]
)

_ACCOUNTS = (
    f'CREATE TABLE {SCHEMA}.account (account TEXT COLLATE "C" PRIMARY KEY, login TEXT COLLATE "C" NOT NULL '
    'REFERENCES person (login) ON UPDATE CASCADE ON DELETE CASCADE, granted_at BIGINT NOT NULL, granted_by TEXT COLLATE "C" NOT NULL)'
)
_OWNERS = "SELECT DISTINCT relowner FROM pg_class WHERE relnamespace = CAST(current_schema() AS regnamespace) AND relname = 'ticket'"
# What makes an account see more than its views, and in which words. Who may create roles can become a member of the owner
# (PostgreSQL 15 and older); who may replicate copies the whole server.
_PASSES = (
    ("one.rolsuper", "it is a superuser"),
    ("one.rolbypassrls", "it bypasses row-level security"),
    ("one.rolcreaterole", "it may create roles, and so become any other"),
    ("one.rolreplication", "it may copy the whole server"),
    (
        f"EXISTS (SELECT 1 FROM ({_OWNERS}) AS owner WHERE pg_has_role(one.oid, owner.relowner, 'MEMBER'))",
        "it owns the tables",
    ),
    (
        (
            "EXISTS (SELECT 1 FROM pg_roles AS strong WHERE strong.rolname IN ('pg_read_all_data', 'pg_write_all_data', "
            "'pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program') AND pg_has_role(one.oid, strong.oid, 'MEMBER'))"
        ),
        "it is a member of a role that reads everything",
    ),
)


def are_on(store: Store) -> bool:
    """Return whether any account reads this desk."""
    return _first(store, f"SELECT to_regclass('{SCHEMA}.account')") is not None


def is_current(store: Store) -> bool:
    """Return whether the views are those of this tix."""
    return are_on(store) and _mark(store) == MARK


def everybody(store: Store) -> list[Account]:
    """Return the accounts that read this desk, by name."""
    if not are_on(store):
        return []
    rows = store.execute(
        "SELECT one.account, one.login, person.name, person.active = 1 AND person.merged_into IS NULL AND role.rolname IS NOT NULL, "
        f"one.granted_at, one.granted_by FROM {SCHEMA}.account AS one JOIN person ON person.login = one.login "
        "LEFT JOIN pg_roles AS role ON role.rolname = one.account ORDER BY one.account"
    ).fetchall()
    return [Account(*row) for row in rows]


def is_there(store: Store, account: str) -> bool:
    """Return whether the server has an account."""
    return _first(store, "SELECT 1 FROM pg_roles WHERE rolname = :name", name=account) is not None


def passes(store: Store, account: str) -> str | None:
    """Return why an account would see past its views; None where it would not."""
    columns = ", ".join(clause for clause, _ in _PASSES)
    row = store.execute(
        f"SELECT {columns} FROM pg_roles AS one WHERE one.rolname = :name", {"name": account}
    ).fetchone()
    if row is None:
        return None
    return next((words for (_, words), is_so in zip(_PASSES, row, strict=True) if is_so), None)


# ------------------------------------------------------------------------------------- what is run


def granting(store: Store, account: str, login: str, at: int, by: str) -> list[str]:
    """Return the statements that let ``account`` read as ``login``; it is created where the server has none of that name."""
    database = name(str(_first(store, "SELECT current_database()")))
    made = []
    if not is_there(store, account):
        made = [
            f"CREATE ROLE {name(account)} LOGIN",
            f"ALTER ROLE {name(account)} IN DATABASE {database} SET jit = off",
        ]
    others: list[str] = []
    if not are_on(store):
        made += [
            f"CREATE SCHEMA {SCHEMA}",
            _ACCOUNTS,
            f"ALTER TABLE {SCHEMA}.account ENABLE ROW LEVEL SECURITY",
        ]
        made += _closed(store)
        made += _views(store)
    elif _mark(store) != MARK:
        made += _forgotten(store)
        made += _closed(store)
        made += _views(store)
        others = [
            one.account for one in everybody(store) if one.account != account and is_there(store, one.account)
        ]
    made.append(
        f"INSERT INTO {SCHEMA}.account (account, login, granted_at, granted_by) VALUES ({text(account)}, {text(login)}, {at:d}, {text(by)}) "
        "ON CONFLICT (account) DO UPDATE SET login = excluded.login, granted_at = excluded.granted_at, granted_by = excluded.granted_by"
    )
    made.append(f"GRANT CONNECT ON DATABASE {database} TO {name(account)}")
    for one in (account, *others):
        made += _grants("GRANT", "TO", one)
    return made


def revoking(store: Store, account: str) -> list[str]:
    """Return the statements that take away what an account reads; with the last one the views go. The account stays."""
    made = [f"DELETE FROM {SCHEMA}.account WHERE account = {text(account)}"]
    if is_there(store, account):
        made += _grants("REVOKE", "FROM", account)
    if [one.account for one in everybody(store)] == [account]:
        made.append(f"DROP SCHEMA {SCHEMA} CASCADE")
        made += [f"ALTER TABLE {_table(store, one)} DISABLE ROW LEVEL SECURITY" for one in postgresql.TABLES]
    return made


def run(store: Store, statements: Sequence[str]) -> None:
    """Run the statements. Call it inside a transaction. Raises NotAllowed for what the desk's own account may not do."""
    for one in statements:
        try:
            store.execute(one)
        except StorageFailure as error:
            if not is_forbidden(error):
                raise
            raise NotAllowed(
                f"the account of {store.place} may not do that: {str(error.__cause__).splitlines()[0]}",
                hint="let the server's administrator run what tix db grant prints with --dry-run",
            ) from error


def _grants(verb: str, to: str, account: str) -> list[str]:
    views = ", ".join(f"{SCHEMA}.{one}" for one in reader_views.VIEWS)
    functions = ", ".join(f"{SCHEMA}.{one}" for one in reader_views.FUNCTIONS)
    return [
        f"{verb} USAGE ON SCHEMA {SCHEMA} {to} {name(account)}",
        f"{verb} SELECT ON {views} {to} {name(account)}",
        f"{verb} EXECUTE ON FUNCTION {functions} {to} {name(account)}",
    ]


def _closed(store: Store) -> list[str]:
    """Close the tables: without a policy nobody but the owner reads a row, whatever they are granted."""
    return [f"ALTER TABLE {_table(store, one)} ENABLE ROW LEVEL SECURITY" for one in postgresql.TABLES]


def _views(store: Store) -> list[str]:
    schema = name(_schema(store))
    made = [one.replace("{schema}", schema) for one in reader_views.MADE]
    functions = ", ".join(f"{SCHEMA}.{one}" for one in reader_views.FUNCTIONS)
    return [
        *made,
        f"REVOKE ALL ON FUNCTION {functions} FROM PUBLIC",
        f"COMMENT ON SCHEMA {SCHEMA} IS {text(MARK)}",
    ]


def _forgotten(store: Store) -> list[str]:
    """Drop the views and functions of another tix, in one go: they need each other."""
    views = [row[0] for row in store.execute(_FOUND, {"schema": SCHEMA}).fetchall()]
    functions = [row[0] for row in store.execute(_FUNCTIONS, {"schema": SCHEMA}).fetchall()]
    made = [f"DROP VIEW {', '.join(f'{SCHEMA}.{name(one)}' for one in views)}"] if views else []
    return [*made, *(f"DROP FUNCTION {one}" for one in functions)]


_FOUND = "SELECT relname FROM pg_class WHERE relnamespace = CAST(:schema AS regnamespace) AND relkind = 'v' ORDER BY relname"
_FUNCTIONS = "SELECT CAST(CAST(oid AS regprocedure) AS TEXT) FROM pg_proc WHERE pronamespace = CAST(:schema AS regnamespace) ORDER BY 1"


# ------------------------------------------------------------------------------------------- proofs


def problems(store: Store) -> Iterator[str]:
    """Yield what is wrong: tables that are open, views that are missing, accounts that see too much or nothing."""
    if _mark(store) != MARK:
        yield "the views of people's accounts are of another version of tix; to make them anew: tix db grant, for one of them"
    there = {row[0] for row in store.execute(_FOUND, {"schema": SCHEMA}).fetchall()}
    yield from (f"the view {SCHEMA}.{one} is missing" for one in reader_views.VIEWS if one not in there)
    rows = store.execute(
        "SELECT relname, relrowsecurity, EXISTS (SELECT 1 FROM pg_policy WHERE polrelid = one.oid) FROM pg_class AS one "
        "WHERE relnamespace = CAST(current_schema() AS regnamespace) AND relkind IN ('r', 'p') ORDER BY relname"
    ).fetchall()
    for table, is_closed, has_policy in rows:
        if table in postgresql.TABLES and not is_closed:
            yield f"the table {table} is open: its row-level security was switched off"
        if has_policy:
            yield f"the table {table} has a policy, which tix has not made, and which may show more than the views"
    yield from _of_accounts(store)


def _of_accounts(store: Store) -> Iterator[str]:
    for one in everybody(store):
        if not is_there(store, one.account):
            yield f"the account {one.account} of {one.user} is not on the server any more; to forget it: tix db revoke {one.account}"
        elif not one.reads:
            yield f"the account {one.account} sees nothing, because {one.user} is inactive; to take it away: tix db revoke {one.account}"
        elif why := passes(store, one.account):
            yield f"the account {one.account} of {one.user} sees past its views: {why}"
    known = {one.account for one in everybody(store)}
    rows = store.execute(
        "SELECT CAST(CAST(held.grantee AS regrole) AS TEXT) FROM pg_namespace, aclexplode(nspacl) AS held "
        "WHERE nspname = :schema AND held.grantee NOT IN (nspowner, 0)",
        {"schema": SCHEMA},
    ).fetchall()
    for (account,) in rows:
        if account.strip('"') not in known:
            yield f"the account {account} is nobody's: its person was removed, and it sees nothing"


def _mark(store: Store) -> str | None:
    found: str | None = _first(
        store, "SELECT obj_description(CAST(:schema AS regnamespace), 'pg_namespace')", schema=SCHEMA
    )
    return found


def _schema(store: Store) -> str:
    return str(_first(store, "SELECT current_schema()"))


def _table(store: Store, table: str) -> str:
    return f"{name(_schema(store))}.{name(table)}"


def _first(store: Store, sql: str, **values: Any) -> Any:
    row = store.execute(sql, values).fetchone()
    return None if row is None else row[0]


def name(word: str) -> str:
    """Return an identifier as SQL has it, always quoted."""
    return '"' + word.replace('"', '""') + '"'


def text(word: str) -> str:
    """Return a text as SQL has it."""
    plain = "'" + word.replace("'", "''") + "'"
    return f"E{plain}".replace("\\", "\\\\") if "\\" in word else plain
