"""The search index: many documents at once are as many one by one."""

from pathlib import Path

import pytest

from tests.postgresql.cluster import Cluster
from tix.store import open as opening
from tix.store.postgresql.open import create_store

# No word, only words that are no letters, two that fold to one, one longer than a vector takes, more than a vector takes.
TEXTS = [
    "",
    "?! …",
    "Straße STRASSE strasse",
    "x" * 5000,
    " ".join(f"word{number:06}" for number in range(80_000)),
]
DOCUMENTS = [(number, text[:40], text) for number, text in enumerate([*TEXTS, *map(str, range(150))], 1)]
CONTENT = (
    "SELECT rowid, subject, body, size, wide, CAST(words AS TEXT) FROM public_text ORDER BY rowid",
    "SELECT name, word FROM search_word ORDER BY name, word",
    "SELECT sum(documents), sum(words) FROM search_total",
)


def test_documents_that_are_added_together_are_as_those_added_by_themselves(server: Cluster) -> None:
    told = []
    for together in (True, False):
        store = create_store(server.database())
        with store.writing():
            if together:
                store.add_rows("public_text_add", DOCUMENTS)
            else:
                for rowid, subject, body in DOCUMENTS:
                    store.run("public_text_add", rowid=rowid, subject=subject, body=body)
        told.append([store.execute(sql).fetchall() for sql in CONTENT])
        store.close()
    assert told[0] == told[1]
    assert len(told[0][0]) == len(DOCUMENTS)
    assert [row[0] for row in told[0][0] if row[4]] == [5]


REPEATED = [
    (1, "to and to and to", "ab abc ab ab abc abd"),
    (2, "to", "and to and to to to to"),
    (3, "so it is", "abc abc abc x abc abc ab"),
]


@pytest.mark.parametrize(
    "expression",
    ['"to and to"', '"to to"', '"ab ab"', '"abc abc"', '"ab ab" *', '"abc a" *', '"ab abc a" *', '"and to"', 'body : "to to to"'],
)  # fmt: skip
def test_occurrences_that_overlap_count_as_they_do_on_a_file(
    server: Cluster, tmp_path: Path, expression: str
) -> None:
    """FTS5 counts "to and to" twice in "to and to and to"."""
    ranks = []
    for store in (create_store(server.database()), opening.create_store(tmp_path / "desk.db")):
        with store.writing():
            store.add_rows("public_text_add", REPEATED)
        found = store.run("public_text_ranked", expression=expression)
        ranks.append(sorted((row[0], round(row[1], 9)) for row in found))
        store.close()
    assert ranks[0] == ranks[1]
    assert ranks[0]
