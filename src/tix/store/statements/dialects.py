"""How SQLAlchemy spells a statement for each engine. Never imported by a running tix.

What the engines call by other names is an element of ``expressions``; here is what only their compilers differ in.
"""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy.dialects.postgresql.base import PGDDLCompiler, PGTypeCompiler
from sqlalchemy.dialects.postgresql.psycopg import PGCompiler_psycopg, PGDialect_psycopg
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlmodel import SQLModel


class _SqliteCompiler(SQLiteCompiler):
    """SQLAlchemy's compiler, without the OFFSET it adds to every LIMIT."""

    def limit_clause(self, select: Any, **options: Any) -> str:
        return f" LIMIT {self.process(select._limit_clause, **options)}"  # noqa: SLF001  # as SQLAlchemy's own compilers do


class _Sqlite(SQLiteDialect_pysqlite):
    statement_compiler = _SqliteCompiler
    supports_statement_cache = False


class _PostgresqlTypes(PGTypeCompiler):
    """Every integer has 64 bits, as in SQLite; every text sorts by its bytes, whatever the database's collation."""

    def visit_INTEGER(self, type_: Any, **_: Any) -> str:  # noqa: N802  # SQLAlchemy's name
        return "BIGINT"

    def visit_VARCHAR(self, type_: Any, **_: Any) -> str:  # noqa: N802  # as above
        return "TEXT"


class _PostgresqlTables(PGDDLCompiler):
    def get_column_specification(self, column: Any, **options: Any) -> str:
        text = str(super().get_column_specification(column, **options))  # type: ignore[no-untyped-call]  # SQLAlchemy's gap
        text = re.sub(r"\b(BIG)?SERIAL\b", "BIGINT", text)
        return re.sub(r"\bTEXT\b", 'TEXT COLLATE "C"', text, count=1)


_NEXT_TICKET = (
    "INSERT INTO highest_id (name, id) VALUES ('ticket', coalesce(:id::BIGINT, 1)) ON CONFLICT (name) DO UPDATE "
    "SET id = greatest(highest_id.id, coalesce(:id::BIGINT, highest_id.id + 1)) RETURNING coalesce(:id::BIGINT, highest_id.id) AS id"
)


class _PostgresqlCompiler(PGCompiler_psycopg):
    """Spells what PostgreSQL would read, or answer, otherwise than SQLite."""

    def limit_clause(self, select: Any, **options: Any) -> str:
        # -1 is no limit; here it would be an error, and NULL is none.
        return f" LIMIT nullif({self.process(select._limit_clause, **options)}, -1)"  # noqa: SLF001  # as above

    def visit_lower_func(self, element: Any, **options: Any) -> str:
        # SQLite's lower() knows only the letters of ASCII.
        return f'lower({self.process(element.clauses, **options)} COLLATE "C")'

    def visit_sum_func(self, element: Any, **options: Any) -> str:
        # The sum of BIGINT is NUMERIC, which Python reads as a Decimal.
        return f"CAST(sum({self.process(element.clauses, **options)}) AS BIGINT)"

    def visit_insert(self, insert_stmt: Any, *more: Any, **options: Any) -> str:
        """Give a new row its id as SQLite does, and return it: SQLite has it in the cursor's ``lastrowid``.

        The next after the highest that is there; of tickets after the highest that ever was. Writers take turns, so no other
        gives the same; and no number is lost with what is rolled back, as one of a sequence would be.
        """
        text = str(super().visit_insert(insert_stmt, *more, **options))  # type: ignore[no-untyped-call]  # as above
        name = insert_stmt.table.name
        text = text.removesuffix(f" RETURNING {name}.id")
        made = getattr(insert_stmt.table, "autoincrement_column", None)
        if made is None or made.name != "id":
            return text
        if name == "ticket":
            text = text.replace("VALUES (:id::BIGINT,", "VALUES ((SELECT id FROM given),", 1)
            return f"WITH given AS ({_NEXT_TICKET}) {text} RETURNING id"
        if re.match(rf"INSERT INTO {name} \((?:[^)]*, )?id[,)]", text):
            return text
        text = text.replace(f"INSERT INTO {name} (", f"INSERT INTO {name} (id, ", 1)
        return (
            text.replace("VALUES (", f"VALUES ((SELECT coalesce(max(id), 0) + 1 FROM {name}), ", 1)
            + " RETURNING id"
        )


class _Postgresql(PGDialect_psycopg):
    statement_compiler = _PostgresqlCompiler
    type_compiler_cls = _PostgresqlTypes
    ddl_compiler = _PostgresqlTables
    supports_statement_cache = False


SQLITE = _Sqlite(paramstyle="named")
# SQLite supports TRUE and FALSE; otherwise every boolean is compared with 1, which hides it from the planner.
SQLITE.supports_native_boolean = True
POSTGRESQL = _Postgresql(paramstyle="named")  # type: ignore[no-untyped-call]  # as above


def tables(dialect: Any) -> list[str]:
    """Return the statements that create the tables and their indexes, in an order that works."""
    made = []
    for table in SQLModel.metadata.sorted_tables:
        made.append(" ".join(str(CreateTable(table).compile(dialect=dialect)).split()))
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        made += [" ".join(str(CreateIndex(index).compile(dialect=dialect)).split()) for index in indexes]
    return made
