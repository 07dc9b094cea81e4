"""The statements as PostgreSQL reads them: each is prepared by a server, with each clause that may stand in it."""

import re

import psycopg
import pytest

from tix.store.compiled import postgresql, sqlite

_NAME = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|::|:([A-Za-z_]\w*)")
MONTH = "CASE WHEN 1 < 2 THEN 1 ELSE 0 END"


def everything():
    """Every text with its name: whole statements with every scope, and the parts that queries are assembled from."""
    for name, sql in postgresql.SQL.items():
        scopes = postgresql.SCOPES if "<<visible>>" in sql else {"": ""}
        for scope, clause in scopes.items():
            yield f"{name} {scope}", sql.replace("<<visible>>", clause).replace("<<month>>", MONTH)
    for part in (postgresql.SCOPES, postgresql.ARMS, postgresql.FILTERS):
        for name, clause in part.items():
            yield name, f"SELECT 1 FROM ticket WHERE {clause}"
    for part in (postgresql.SORT_KEYS, postgresql.STAFF_SORT_KEYS):
        for name, key in part.items():
            yield name, f"SELECT 1 FROM ticket ORDER BY ({key}) IS NULL, {key}"
    for name, sql in postgresql.HEADS.items():
        yield name, sql.replace("<<month>>", MONTH)
    in_range = postgresql.EXPRESSIONS["in_range"]
    yield "in_range", f"SELECT 1 FROM {postgresql.SPELLINGS['raised']} WHERE {in_range}"


def numbered(sql: str) -> str:
    """A statement with the parameters that PREPARE knows: numbers in place of names."""
    known: dict[str, int] = {}

    def number(match: re.Match[str]) -> str:
        return f"${known.setdefault(match[1], len(known) + 1)}" if match[1] else match[0]

    return _NAME.sub(number, sql)


@pytest.fixture(scope="module")
def database(server):
    address = server.database()
    with psycopg.connect(address, autocommit=True) as made:
        for statement in postgresql.SCHEMA:
            made.execute(statement)
        yield made


def test_every_statement_is_prepared(database):
    """More than six hundred, without one that the server does not take."""
    refused, count = {}, 0
    for name, sql in everything():
        count += 1
        try:
            database.execute(f"PREPARE one AS {numbered(sql)}")
            database.execute("DEALLOCATE one")
        except psycopg.Error as error:
            refused[name] = str(error).splitlines()[0]
    assert refused == {}
    assert count > 600


def test_a_statement_that_only_sqlite_reads_is_found(database):
    """Control: the other engine's spelling is refused."""
    with pytest.raises(psycopg.errors.UndefinedFunction):
        database.execute(f"PREPARE one AS {numbered('SELECT 1 FROM ticket WHERE ' + sqlite.FILTERS['user'])}")


def test_both_engines_have_the_same_statements():
    """By name; what FTS5 is asked, and the row of a file, PostgreSQL has other means for."""
    only_there = sqlite.SQL.keys() - postgresql.SQL.keys()
    assert {name for name in only_there if not re.match(r"(public|internal)_text_", name)} == {"blob_row"}
    assert postgresql.SQL.keys() - sqlite.SQL.keys() == {"blob_size", "blob_piece"}
    for part in (
        "SCOPES",
        "ARMS",
        "FILTERS",
        "SORT_KEYS",
        "STAFF_SORT_KEYS",
        "HEADS",
        "TALLIES",
        "EXPRESSIONS",
        "SPELLINGS",
    ):
        assert getattr(sqlite, part).keys() == getattr(postgresql, part).keys()


def test_texts_sort_by_their_bytes_and_integers_have_64_bits():
    """Whatever the database's own collation is, and beyond the year 2038."""
    for statement in postgresql.SCHEMA:
        assert not re.search(r"\bINTEGER\b|\bVARCHAR\b", statement)
        assert re.findall(r"\bTEXT\b(?! COLLATE \"C\")", statement) == [], statement
