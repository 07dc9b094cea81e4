"""Compile the schema and the statements to ``store/compiled.py``.

Run as ``python -m tix.store.statements.compile [--check]``. Named parameters stay; constants are written into the
text by one traversal; any other bind is an error. (SQLAlchemy's ``literal_binds`` silently turns our named parameters
into NULL.)
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from sqlalchemy import literal_column
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import BindParameter
from sqlmodel import SQLModel

from tix.store.schema import tickets
from tix.store.statements import accounts, billing, desk, idempotency, mail, queue
from tix.store.statements import counts as tallies
from tix.store.statements import merge as moving
from tix.store.statements import setup as nouns
from tix.store.statements import timeline as timelines

TARGET = Path(__file__).parents[1] / "compiled.py"


class _Compiler(SQLiteCompiler):
    """SQLAlchemy's compiler, without the OFFSET it adds to every LIMIT."""

    def limit_clause(self, select: Any, **options: Any) -> str:
        return f" LIMIT {self.process(select._limit_clause, **options)}"  # noqa: SLF001  # as SQLAlchemy's own compilers do


class _Dialect(SQLiteDialect_pysqlite):
    statement_compiler = _Compiler
    supports_statement_cache = False


_DIALECT = _Dialect(paramstyle="named")
# SQLite supports TRUE and FALSE; otherwise every boolean is compared with 1, which hides it from the planner.
_DIALECT.supports_native_boolean = True


def _spelled(element: Any, **_: Any) -> Any:
    """Return a constant as text; None leaves the element as it is."""
    if not isinstance(element, BindParameter) or not element.unique:
        return None
    value = element.value
    if value is None:
        return literal_column("NULL")
    if isinstance(value, bool | int):
        return literal_column(str(int(value)))
    if isinstance(value, str):
        return literal_column("'" + value.replace("'", "''") + "'")
    raise ValueError(f"no spelling for the constant {value!r}")


def text_of(name: str, statement: Any) -> str:
    """Return the SQL of one statement, on one line. Raises ValueError for a bind that is not one of our names."""
    spelled = visitors.replacement_traverse(statement, {}, _spelled)
    compiled = spelled.compile(dialect=_DIALECT)
    text = " ".join(str(compiled).split())
    if "POSTCOMPILE" in text:
        raise ValueError(f"{name}: an expanding bind")
    for key, bind in getattr(compiled, "binds", {}).items():
        if bind.unique or bind.value is not None:
            raise ValueError(f"{name}: the bind {key} is not one of the statement's names")
    return text


def _schema() -> list[str]:
    made = []
    for table in SQLModel.metadata.sorted_tables:
        made.append(" ".join(str(CreateTable(table).compile(dialect=_DIALECT)).split()))
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        made += [" ".join(str(CreateIndex(index).compile(dialect=_DIALECT)).split()) for index in indexes]
    return [*made, *tickets.FULL_TEXT]


def _tables() -> list[str]:
    """Return the names of all tables, with those in which FTS5 keeps an index without contents."""
    indexes = [statement.split()[3] for statement in tickets.FULL_TEXT]
    kept = [f"{index}_{part}" for index in indexes for part in ("config", "data", "docsize", "idx")]
    return sorted([*SQLModel.metadata.tables, *indexes, *kept])


def _dictionary(name: str, values: dict[str, str]) -> list[str]:
    rows = [f"    {key!r}: {value!r}," for key, value in sorted(values.items())]
    return [f"{name}: dict[str, str] = {{", *rows, "}"]


def _parenthesised(clauses: dict[str, Any]) -> dict[str, str]:
    """Return clauses that are joined by AND later: without parentheses of their own an OR in one leaks (tried)."""
    return {name: f"({text_of(name, clause)})" for name, clause in clauses.items()}


def generate() -> str:
    """Return the whole text of ``compiled.py``."""
    statements = {
        **desk.STATEMENTS,
        **idempotency.STATEMENTS,
        **timelines.STATEMENTS,
        **tallies.STATEMENTS,
        **nouns.STATEMENTS,
        **billing.STATEMENTS,
        **mail.STATEMENTS,
        **accounts.STATEMENTS,
        **moving.STATEMENTS,
        **queue.STATEMENTS,
    }
    whole = {name: text_of(name, s) for name, s in statements.items()} | timelines.TEXTS
    parts = {
        "SQL": whole,
        "SCOPES": _parenthesised(queue.SCOPES),
        "ARMS": _parenthesised(queue.ARMS),
        "FILTERS": _parenthesised(queue.FILTERS),
        "SORT_KEYS": {name: text_of(name, s) for name, s in queue.SORT_KEYS.items()},
        "STAFF_SORT_KEYS": {name: text_of(name, s) for name, s in queue.STAFF_SORT_KEYS.items()},
        "HEADS": {name: text_of(name, s) for name, s in queue.HEADS.items()}
        | {"seen": text_of("seen", tallies.SEEN)},
        "TALLIES": {name: text_of(name, s) for name, s in tallies.TALLIES.items()},
        "EXPRESSIONS": _parenthesised(queue.EXPRESSIONS | tallies.EXPRESSIONS),
    }
    lines = [
        '"""Generated by ``make sql`` from the schema and the statements. Do not edit."""',
        "",
        "# fmt: off",
        f"SCHEMA_VERSION = {tickets.SCHEMA_VERSION}",
        f"APPLICATION_ID = {tickets.APPLICATION_ID}",
        "SCHEMA: tuple[str, ...] = (",
        *(f"    {statement!r}," for statement in _schema()),
        ")",
        "TABLES: tuple[str, ...] = (",
        *(f"    {name!r}," for name in _tables()),
        ")",
    ]
    for name, values in parts.items():
        lines += _dictionary(name, values)
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Write ``compiled.py``, or with ``--check`` report whether it is up to date; return the exit status."""
    text = generate()
    if "--check" in arguments:
        if TARGET.read_text(encoding="utf-8") == text:
            return 0
        print("store/compiled.py is out of date; run: make sql", file=sys.stderr)
        return 1
    TARGET.write_text(text, encoding="utf-8")
    print(f"{TARGET.name}: {len(text)} bytes", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
