"""Other forms of a word: those of the words that the index has which are inflections of the same word.

A search for ``printing`` finds ``print`` and ``prints``. The forms are looked up when somebody searches, in the index as it
is, so no store has to be indexed anew for another language. English is stemmed by SQLite (the porter tokenizer of FTS5),
other languages by Snowball, whose modules take 40 ms to load (measured) and are loaded for them alone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing

from tix.domain.search import LANGUAGES, Query, Term
from tix.store.connection import Store

# Of the words with the same beginning so many are examined, and so many forms are searched for.
_MOST_EXAMINED = 300
_MOST_FORMS = 20
_SHORTEST = 3  # letters of a word that has forms
_SHORTEST_BEGINNING = 2
_LONGEST_ENDING = 8


def widened(store: Store, query: Query, languages: Iterable[str], *, staff: bool) -> Query:
    """Return the query with the other forms of its whole words; phrases, prefixes and excluded words stay.

    ``languages`` are codes of ``LANGUAGES``; without ``staff`` words of notes and tags are not looked at.
    """
    known = [code for code in languages if code in LANGUAGES]
    if not known:
        return query
    wanted = []
    for term in query.wanted:
        forms = _forms(store, term, known, staff) if _is_word(term) else []
        wanted.append(_any(term, forms) if forms else term)
    return query._replace(wanted=tuple(wanted))


def _is_word(term: Term) -> bool:
    """Return whether a term is one word that was not typed as a phrase or a prefix; a number has no forms."""
    return (
        not (term.prefix or term.literal)
        and len(term.words) == 1
        and len(term.words[0]) >= _SHORTEST
        and term.words[0].isalpha()
    )


def _any(term: Term, forms: list[str]) -> Term:
    expression = " OR ".join([term.text, *(f'"{form}"' for form in forms)])
    return Term(expression, (*term.words, *forms))


def _forms(store: Store, term: Term, languages: list[str], staff: bool) -> list[str]:
    """Return other words of the index with the same stem, in alphabetical order."""
    (word,) = term.words
    found: set[str] = set()
    for code in languages:
        if code != "en":
            found |= _with_stem(store, word, _stemmer(code), staff)
        elif word.isascii():
            found |= _with_stem(store, word, _english, staff)
    found.discard(word)
    return sorted(found)[:_MOST_FORMS]


def _with_stem(store: Store, word: str, stems: Callable[[list[str]], list[str]], staff: bool) -> set[str]:
    (stem,) = stems([word])
    size = 0
    while size < min(len(stem), len(word)) and stem[size] == word[size]:
        size += 1
    # A stem may end in another letter than the words do: carri, carry; file, filing.
    beginning = stem[:size] if size < len(stem) else stem[:-1] if stem[-1:] in ("i", "e") else stem
    if len(beginning) < _SHORTEST_BEGINNING:
        return set()
    some = [
        one
        for one in _beginning_with(store, beginning, staff)
        if one.isalpha() and len(one) <= len(stem) + _LONGEST_ENDING
    ]
    return {one for one, its in zip(some, stems(some), strict=True) if its == stem} if some else set()


def _beginning_with(store: Store, beginning: str, staff: bool) -> list[str]:
    found: set[str] = set()
    for table in ("public_text", "internal_text")[: 1 + staff]:
        found.update(store.words_between(table, beginning, beginning + "\U0010ffff", _MOST_EXAMINED))
    return sorted(found)


def _english(words: list[str]) -> list[str]:
    """Return the stems of words of ASCII letters, others as they are."""
    with closing(sqlite3.connect(":memory:")) as memory:
        memory.execute("CREATE VIRTUAL TABLE stems USING fts5(word, tokenize='porter ascii', content='')")
        memory.execute("CREATE VIRTUAL TABLE stem_words USING fts5vocab(stems, instance)")
        memory.executemany("INSERT INTO stems (rowid, word) VALUES (?, ?)", enumerate(words))
        found = dict(memory.execute("SELECT doc, term FROM stem_words"))
    return [found.get(place, word) for place, word in enumerate(words)]


def _stemmer(code: str) -> Callable[[list[str]], list[str]]:
    import snowballstemmer

    stem: Callable[[list[str]], list[str]] = snowballstemmer.stemmer(LANGUAGES[code]).stemWords
    return stem
